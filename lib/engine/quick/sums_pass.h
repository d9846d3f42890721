// SumsPass: quick settling where all that classes depend on are counts and sums of plain windows.
//
//   const std::unique_ptr<SumsPass> sums = SumsPass::of(parts, quick);   // null: they ask for more
//   if (sums->run(customer, state, t)) ... parts.out.moves, parts.out.next ...
//   else QuickPass(parts, quick, customer, state, t, changed).run();
//
// What there is to know of a customer at an instant is little then, and is made anew each time: her
// rows of the longest window, in the order of time, of which each sum has those from somewhere on.
// Nothing changes now, and nothing before `next`, because
//
// 1. where each sum stands among the numbers that it is compared with says which clauses hold; a
//    machine moves nobody while no clause holds that takes her up and one that she stays for does;
// 2. rows leave a window at its beginning, the oldest first, and each at a known instant. So each
//    clause stays what it is until the first row leaves after which a sum is outside of the range
//    that keeps the clause; which ranges these are is known from 1 (quick_next.cc);
// 3. all else that comes by itself are the timers of machines that have begun to let her go.
//
// So `next` is the least of the instants of 2 and 3. What is not plain (facts out of their order,
// nulls, long logs, sums beyond 64 bits) is left to QuickPass, which says the same of all it takes.
//
// Thread class: serial, as the parts are.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "lib/engine/quick/quick_parts.h"

namespace patron::internal {

class SumsPass {
 public:
  /// All is kept by reference. Throws std::bad_alloc.
  static std::unique_ptr<SumsPass> of(SettleParts& parts, QuickParts& quick);

  /// Settles somebody whom QuickPass::can() settle; the outcome is in SettleParts::out. False, and
  /// nothing is done, where her facts are to be read in another way. Where memory runs out
  /// QuickParts::take_back() undoes it.
  bool run(uint32_t customer, CustomerState& state, Micros t);
  /// All that time alone will move her from `due` on, where she is to be settled next, until then,
  /// as run() would on a copy of her state: moves, reasons and instants are in SettleParts::out.
  /// False where that is to be found out in another way.
  bool foresee(uint32_t customer, const CustomerState& state, Micros due, Micros until);
  /// Brings what run() will look at of her facts into the cache.
  void fetch_log(uint32_t customer) const {
    for (const auto* window : windows_) window->sums.fetch_log(customer);
  }
  /// Zeroes what is left of the last customer. Does not fail.
  void let_go();

 private:
  struct Sum {
    QuickParts::SumWindow* window = nullptr;
    const ConditionTable::OfValue* places = nullptr;
    uint32_t value = 0;  // of the policy
    uint8_t which = 0;   // of the window's
    bool falls = false;  // PlanValue::falls
    uint64_t rows = 0;   // of its table
    // Of the customer.
    WindowSum now{};
    size_t place = 0;
    const ClauseRow* row = nullptr;
  };
  struct Need {
    uint32_t sum;
    ValueRange range;
  };
  // What a move keeps of who leaves a class, and of who enters it: bits of shown_.
  struct Decided {
    uint32_t left = 0, entered = 0;
  };
  // A value that moves may keep: a sum, or a condition, which is some of its clauses.
  struct Shown {
    uint32_t value = 0;  // of the policy
    int sum = -1;        // -1: a condition
    uint64_t clauses = 0;
  };
  struct Machine {
    const SettleParts::Machine* of;
    const QuickParts::Standing* standings;  // of each class, and of none
    size_t classes;
    size_t classification;
    int flag;                          // MachineName::flag
    const Decided* decided = nullptr;  // of each class of its classification
  };
  struct Conditions;
  static constexpr size_t kMostSums = 4, kMostShown = 32;
  /// Where sums have to stay while they stand at some places, and machines in some classes.
  struct Wanted {
    uint64_t key = ~uint64_t{0};
    uint32_t asked = 0;  // a bit for each sum; the others may be anything
    std::array<ValueRange, kMostSums> ranges;
  };

  SumsPass(SettleParts& parts, QuickParts& quick) : parts_(parts), quick_(quick) {}
  bool take(const QuickParts::Step& step);
  bool take_machines(size_t value);
  // Which values decide each move. False where something else does.
  bool find_deciders();
  uint32_t shown_bits(const PackedDecisions::Reads* reads) const;
  bool measure(uint32_t customer, Micros t);
  void settle(CustomerState& state, Micros t);
  void sooner(Micros t) { next_ = std::min(next_, std::max(t, t_ + 1)); }
  bool stays(const Machine& machine, const TierState& own, const ShownClass& shown) const;
  void move(const Machine& machine, CustomerState& state);
  void write_because(const Machine& machine, const SettledMove& move);
  void show_change(const Machine& machine, CustomerState& state);
  int64_t shown_value(size_t which) const;
  const Wanted& wanted(const CustomerState& state);
  [[gnu::noinline]] void find_wanted(const CustomerState& state, uint64_t key, Wanted& out);
  void hold_on(const QuickParts::Standing& standing);
  void hold_on(const Machine& machine, int current, Wanted& out);
  static void want(Wanted& out, size_t sum, const ValueRange& range);
  void want_ranges(Wanted& out) const;
  Micros leaves(const Sum& sum, const ValueRange& range) const;

  SettleParts& parts_;
  QuickParts& quick_;
  std::vector<QuickParts::SumWindow*> windows_;
  std::vector<Sum> sums_;
  std::vector<uint32_t> falling_, moving_;     // of them, as QuickParts has tables
  std::vector<std::vector<Need>> needs_;       // of each clause
  std::vector<Shown> shown_;                   // by value
  std::vector<std::vector<Decided>> decided_;  // of each classification and class
  std::vector<Machine> machines_;
  size_t machine_count_ = 0;  // of the policy
  // What was worked out before, by a hash of its key; made when it is first used.
  static constexpr int kKnownBits = 8;
  std::vector<Wanted> known_;

  // Of the pass; clauses as in QuickPass.
  Micros t_ = 0, next_ = 0;
  Micros change_ = 0;        // the first instant at which a sum may change by itself
  Micros until_ = kEndTime;  // what comes later need not be known
  CustomerState ahead_;      // of foresee(), with nothing but machines and what is shown
  uint64_t holds_ = 0, holding_ = 0, avoided_ = 0;
};

}  // namespace patron::internal
