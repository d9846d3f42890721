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
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "lib/engine/glance_rfm.h"
#include "lib/engine/packed_decision.h"
#include "lib/engine/settle_pass.h"
#include "lib/engine/settle_plan.h"

namespace patron::internal {

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
  /// Where scores are all that classes ask of RFM: its measures, and the orders they are made of.
  std::unique_ptr<GlanceRfm> rfm;
  std::unique_ptr<LogGlance> rfm_orders;
  std::string rfm_name;
  TierCalendar calendar;
  std::vector<uint8_t> simple;  ///< of each machine: it has neither a cap nor cool-downs
  bool all_simple = true;
  std::vector<MachineBefore> before;  ///< of each machine, as the last pass found it
  std::vector<uint8_t> asked;         ///< `enter` and `keep` of each class: a Truth, or kNotAsked
  std::vector<uint8_t> read;          ///< of each stream: whether its glance is of this customer
  std::vector<Cell> seen;

 private:
  void look_at_rfm(SettleParts& parts);
};

class QuickPass {
 public:
  QuickPass(SettleParts& parts, QuickParts& quick, uint32_t customer, CustomerState& state,
            Micros t);
  /// Whether she can be settled in this way.
  static bool can(const SettleParts& parts, const QuickParts& quick, uint32_t customer,
                  const CustomerState& state);
  /// The outcome is in SettleParts::out.
  void run();

 private:
  struct Asked;

  void keep_before();
  void measure_rfm();
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
  Anchors anchors_;
  std::optional<SettlePass> pass_;  ///< made where something is to be done in the plain way
};

}  // namespace patron::internal
