// QuickPass: one customer at one instant, by the plan of her policy.
//
//   if (QuickPass::can(parts, quick, customer, state)) QuickPass(parts, quick, ...).run();
//   parts.out.moves;                                   // as those of SettlePass
//   parts.out.next;                                    // no sooner than there
//
// Only moves and `next` are given. It says when a class may change and stops nowhere in between, so
// that what time alone does costs no more than what comes of it.
//
// Thread class: serial, as the parts are.
#pragma once

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "lib/engine/glance_rfm.h"
#include "lib/engine/packed_decision.h"
#include "lib/engine/quick_memory.h"
#include "lib/engine/settle_pass.h"
#include "lib/engine/settle_plan.h"
#include "patron/segments.h"

namespace patron::internal {

/// Where scores are all that classes ask of RFM: its measures, and what is made of them.
struct QuickRfm {
  enum class Part : uint8_t { kNone, kR, kF, kM };
  QuickRfm(GlanceRfm of, LogGlance from, std::string model)
      : measures(std::move(of)), orders(std::move(from)), name(std::move(model)) {}

  GlanceRfm measures;
  LogGlance orders;
  std::string name;                                 ///< of the model
  std::vector<Part> parts;                          ///< of each value: which score it is
  std::vector<std::optional<SegmentTable>> tables;  ///< of each classification: of grids over it
  std::array<bool, 3>
      shown{};  ///< whether the scores are values of the policy: then moves say them

  // Of the customer.
  const RfmConstants* constants = nullptr;
  RfmMeasured measured;
  bool known = false;  ///< whether there are scores
  Scores scores;
  Micros next_r = TimeRange::kNever;  ///< when the score of recency may change
};

/// What is made once for quick settling, and its memory.
struct QuickParts {
  explicit QuickParts(SettleParts& parts);
  /// Whether a pass changes nothing of a customer but what `before` keeps.
  bool keeps_before(const CustomerState& state) const;
  /// Puts what a pass has changed back. Does not fail.
  void take_back(CustomerState& state) const;
  /// Zeroes what is left of the last customer. Does not fail.
  void let_go();

  struct MachineBefore {
    int current;
    Micros since;
    std::optional<Micros> false_since;
    ShownClass shown;
  };

  SettlePlan plan;
  PackedDecisions decisions;
  std::vector<std::unique_ptr<LogGlance>> glances;  ///< of each stream that metrics are read from
  std::vector<std::unique_ptr<GlanceMetric>> metrics;  ///< of each value, where its way is that
  std::vector<std::vector<uint32_t>> read_together;    ///< of each stream the values read from it
  /// Of each value the slot of `memory` that keeps it; kNoSlot: none does.
  std::vector<uint8_t> slots;
  static constexpr uint8_t kNoSlot = 0xFF;
  QuickMemory memory;
  std::unique_ptr<QuickRfm> rfm;  ///< null where more than scores is asked of RFM
  TierCalendar calendar;
  std::vector<uint8_t> simple;  ///< of each machine: it has neither a cap nor cool-downs
  bool all_simple = true;
  std::vector<MachineBefore> before;  ///< of each machine, as the last pass found it
  std::vector<uint8_t> asked;         ///< `enter` and `keep` of each class: a Truth, or kNotAsked
  std::vector<uint8_t> read;          ///< of each stream: whether its glance is of this customer
  std::vector<Cell> seen;

 private:
  void look_at_rfm(SettleParts& parts);
  void assign_slots(const SettleParts& parts);
};

class QuickPass {
 public:
  QuickPass(SettleParts& parts, QuickParts& quick, uint32_t customer, CustomerState& state,
            Micros t, QuickUse use);
  /// Whether she can be settled in this way.
  static bool can(const SettleParts& parts, const QuickParts& quick, uint32_t customer,
                  const CustomerState& state);
  /// The outcome is in SettleParts::out.
  void run();

 private:
  struct Asked;

  void keep_before();
  bool remembers(size_t i);
  void remember(size_t i, const Cell& cell, Micros next);
  void renew(const SettledMove& move);
  void value(size_t i);
  void score(size_t i, QuickRfm::Part part);
  bool scores();
  void grid(size_t i);
  std::string because_of_scores() const;
  void glance(size_t i);
  bool read_stream(size_t stream);
  Truth truth(int32_t term);
  Truth compare(const PlanTerm& term) const;
  SettlePass& plain_pass();
  void sooner(Micros t) { next_ = std::min(next_, std::max(t, t_ + 1)); }
  void show_change(size_t machine);
  Cell run_program(const SettlePlan::SubProgram& sub);
  Truth answer(const PlanCondition& condition);
  void plain(size_t i);
  void tiers(size_t i);
  void flags(size_t i);
  template <typename Conditions>
  int move(const SettleParts::Machine& machine, const Conditions& conditions);

  SettleParts& parts_;
  QuickParts& quick_;
  uint32_t customer_;
  CustomerState& state_;
  Micros t_;
  Micros next_ = kEndTime;
  QuickUse use_;
  int64_t* memory_ = nullptr;  ///< hers: flags, then the slots, then RFM; null: none
  // Its flags as they were and as they will be: which slots have a value, and what RFM has.
  static constexpr uint64_t kSound = uint64_t{1} << 63, kRfmKept = uint64_t{1} << 62,
                            kRfmBought = uint64_t{1} << 61, kRfmMoney = uint64_t{1} << 60;
  static_assert(QuickMemory::kMostSlots < 60);
  uint64_t flags_ = 0, kept_ = 0;
  uint64_t sides_ = 0;  ///< slots of which only the side of each level is known to be as of now
  enum : uint8_t { kNotLooked, kScored, kNotScored } scored_ = kNotLooked;
  Anchors anchors_;
  std::optional<SettlePass> pass_;  ///< made where something is to be done in the plain way
};

}  // namespace patron::internal
