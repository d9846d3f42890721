// ScoresPass: quick settling of who has new orders at most, where classes depend on scores of RFM.
//
//   const std::unique_ptr<ScoresPass> scores = ScoresPass::of(parts, quick);   // null: on more
//   if (scores->run(customer, state, t, changed)) ... parts.out.moves, parts.out.next ...
//   else QuickPass(parts, quick, customer, state, t, changed).run();
//
// It is QuickPass for what nearly all settlings of such policies are: an order has come, or a score
// of recency has fallen. Values of other streams are then what they were, and stand where they
// stood; orders are read once for sums and scores; formulas decide nothing
// (QuickPass::decides_nothing). Where nothing but recency has fallen orders are read only for a sum
// that has some in its window and has to stay in a range, or has lost one: the other scores are
// remembered, and a sum whose window the newest order has left is 0. Both share what is remembered
// of a customer, so that either goes on where the other has been. What is not of this kind is left
// to QuickPass, which says the same of all it takes, to the next instant.
//
// Thread class: serial, as the parts are.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "lib/engine/quick/quick_parts.h"

namespace patron::internal {

class ScoresPass {
 public:
  /// All is kept by reference. Throws std::bad_alloc.
  static std::unique_ptr<ScoresPass> of(SettleParts& parts, QuickParts& quick);

  /// Settles somebody whom QuickPass::can() settle; the outcome is in SettleParts::out. False, and
  /// her state is as it was, where QuickPass has to do it. Where memory runs out
  /// QuickParts::take_back() undoes it.
  bool run(uint32_t customer, CustomerState& state, Micros t, ChangedFacts changed);
  /// Whether it has scores to go by.
  bool calibrated() const { return rfm_.calibrated(); }
  /// Brings what run() will look at of her facts into the cache.
  void fetch(uint32_t customer) const { orders_.sums.fetch(customer); }

 private:
  static constexpr int kMostScore = 10;
  // A value of the policy.
  struct Item {
    enum class Kind : uint8_t {
      kOther,  // of other facts than orders: what it was
      kSum,    // of orders
      kScore,
      kFormula,  // it decides nothing
      kMachines,
      kGrid,
      kCondition,  // its clauses say it
    } kind = Kind::kOther;
    const QuickParts::Step* step = nullptr;
    QuickRfm::Part part = QuickRfm::Part::kNone;
    bool still = false;                // PlanValue::still
    bool adds_up = false;              // a count or a sum, which may change and stay in a range
    uint32_t first = 0, machines = 0;  // kMachines: of machines_; kGrid: of grids_
    bool read = false;                 // kSum: of the rows of this pass
  };
  // Where values stand and the classes of machines make a key: the sum of each place times its
  // weight, so that no two have the same.
  struct Placed {
    uint32_t table;
    uint64_t weight;
  };
  struct PlacedScore : Placed {
    QuickRfm::Part part;
    // Where each score stands, up to the best that policies know.
    std::array<uint16_t, kMostScore + 1> place_of{};
  };
  struct PlacedSum : Placed {
    uint32_t item;
    Micros length;  // of its window; 0: all time
  };
  struct Machine {
    const SettleParts::Machine* of;
    const std::vector<QuickParts::Standing>* standings;  // of each class, and of none
    size_t state;                                        // which it is of a customer's
    uint64_t weight = 0;
  };
  struct Grid {
    uint32_t classification;
    size_t state;
  };
  static constexpr size_t kMostItems = 64;
  // What there is to know of whoever has values that stand at these places and machines in these
  // classes. Whether a machine waits for something is not in it.
  struct Known {
    static constexpr size_t kMost = 6;
    uint64_t key = ~uint64_t{0};
    uint64_t holds = 0, fails = 0;
    bool plain = false;                    // no formula decides anything
    bool fits = false;                     // what follows is all that has to stay as it is
    bool stay = false;                     // and no machine moves
    bool measures = false, falls = false;  // the scores of frequency or money; recency, in a range
    ValueRange recency;
    uint8_t count = 0;  // of other values, each in its range
    std::array<uint8_t, kMost> items;
    std::array<ValueRange, kMost> wanted;
  };

  ScoresPass(SettleParts& parts, QuickParts& quick)
      : parts_(parts), quick_(quick), rfm_(*quick.rfm), orders_(*quick.rfm_window) {}
  bool take(const QuickParts::Step& step);
  bool take_classes(Item& item);
  void place_score(const Item& item, const Placed& at);
  bool weigh_places();
  uint16_t* places() { return reinterpret_cast<uint16_t*>(memory_ + quick_.rows_at); }
  int64_t* slot(const Item& item) { return memory_ + 1 + 2 * item.step->slot; }
  bool has_value(const Item& item) const { return (flags_ >> item.step->slot & 1) != 0; }
  void sooner(Micros t) { next_ = std::min(next_, std::max(t, t_ + 1)); }
  bool settle(CustomerState& state);
  bool find_scores();
  bool measure(const Item& item, WindowSum& out);
  bool find_sum(const PlacedSum& placed, uint16_t& place);
  bool find_places(uint64_t& key);
  bool waits(const CustomerState& state) const;
  uint64_t key_of_classes(const CustomerState& state) const;
  const Known& known(const CustomerState& state, uint64_t key) {
    const Known& there = known_[slot_of(key)];
    return there.key == key ? there : find_known(state, key);
  }
  static size_t slot_of(uint64_t key) { return place_of_key(key, kKnownBits); }
  const Known& find_known(const CustomerState& state, uint64_t key);
  bool stand();
  bool stays(const Machine& machine, int current) const;
  void grid(const Grid& grid, CustomerState& state);
  void move_in_grid(const Grid& grid, int to, CustomerState& state);
  void ask(Known& out, size_t item) const;
  bool step_all(CustomerState& state, uint64_t places);
  bool look_ahead(const Known& found);
  bool look_ahead_anew(const CustomerState& state);
  bool move(const Machine& machine, CustomerState& state);
  bool show_change(size_t machine, CustomerState& state);
  bool show(uint32_t value);
  void note(const SettledMove& move, CustomerState& state, size_t machine);
  void hold_on(const QuickParts::Standing& standing);
  void hold_on(const Machine& machine, int current);
  void want(uint32_t value, const ValueRange& range);
  void want_ranges();
  bool look_ahead(const Item& item, const ValueRange& range);
  bool leaves_range(const Item& item, const ValueRange& range);

  SettleParts& parts_;
  QuickParts& quick_;
  QuickRfm& rfm_;
  QuickParts::SumWindow& orders_;
  std::vector<Item> items_;       // in the order of the plan
  std::vector<uint32_t> placed_;  // of them, those that stand in a table
  // Of these those that are found anew, and those that stand where they stood; of formulas the
  // tables.
  std::vector<PlacedScore> scores_;
  std::vector<PlacedSum> sums_;
  std::vector<Placed> standing_;
  std::vector<uint32_t> aside_;
  std::vector<uint32_t> classes_;  // and classifications
  std::vector<Grid> grids_;        // of these
  std::vector<Machine> machines_;
  std::vector<uint32_t> slots_;    // of kOther
  std::vector<uint32_t> unread_;   // slots of sums that nothing but formulas reads
  std::vector<uint32_t> item_of_;  // of each value
  ChangedFacts others_ = 0;        // facts that kOther are made of

  static constexpr int kKnownBits = 9;
  std::vector<Known> known_;  // by slot_of(); made when a pass is first run

  // Of the pass; clauses as in QuickPass.
  uint32_t customer_ = 0;
  Micros t_ = 0, next_ = 0;
  int64_t* memory_ = nullptr;
  uint64_t flags_ = 0;
  bool same_orders_ = false;
  uint64_t holds_ = 0, fails_ = 0, holding_ = 0, avoided_ = 0;
  uint64_t asked_ = 0;                           // bits of items
  std::array<ValueRange, kMostItems> wanted_{};  // of those
};

}  // namespace patron::internal
