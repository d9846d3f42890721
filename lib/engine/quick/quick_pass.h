// QuickPass: one customer at one instant, by the plan of her policy.
//
//   if (QuickPass::can(parts, quick, customer, state)) QuickPass(parts, quick, ...).run();
//   parts.out.moves;                                   // as those of SettlePass
//   parts.out.next;                                    // no sooner than there
//
// Only moves and `next` are given. It says when a class may change and stops nowhere in between, so
// that what time alone does costs no more than what comes of it:
//
// 1. Values are computed in order, or remembered of the settling before; each says until when it is
//    what it is, and which clauses hold (condition_table.h).
// 2. Machines step over what the clauses say. Where each of them stands then, only some conditions
//    can move it while time passes: those that would take her up have to stay as they are, not
//    true, and of what she stays for one clause that holds.
// 3. For each clause a comparison is chosen that keeps it so, if possible one that time cannot
//    change; what is left are ranges in which some values have to stay. The first instant at which
//    one leaves its range is the next.
//
// Thread class: serial, as the parts are.
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <string>

#include "lib/engine/quick/quick_parts.h"
#include "lib/engine/settle/settle_pass.h"

namespace patron::internal {

class QuickPass {
 public:
  QuickPass(SettleParts& parts, QuickParts& quick, uint32_t customer, CustomerState& state,
            Micros t, std::optional<ChangedFacts> changed);
  /// Whether she can be settled in this way.
  static bool can(const SettleParts& parts, const QuickParts& quick, uint32_t customer,
                  const CustomerState& state) {
    return quick.plan.whole && state.overrides.empty() && !state.linked && !state.parted &&
           !parts.book.linked(customer);
  }
  /// The outcome is in SettleParts::out.
  void run();

 private:
  struct Asked;

  // quick_pass.cc: values and machines.
  bool stands_as_before(const QuickParts::Step& step) const;
  bool remembers(const QuickParts::Step& step) const;
  void recall(size_t i);
  void remember(size_t i, const Cell& cell, Micros next);
  void find(const QuickParts::Step& step);
  void need(size_t i) {
    if (quick_.found[i] == QuickParts::Found::kNot) fetch_value(i);
  }
  void fetch_value(size_t i);
  void need(const Expression& expression);
  void need_before(size_t i);
  void value(size_t i);
  void glance(size_t i);
  bool add_up(const QuickParts::Step& step);
  bool measure(size_t i, GlanceValue& out);
  bool read_stream(size_t stream);
  void plain(size_t i);
  SettlePass& plain_pass();
  bool decides_nothing(const QuickParts::Step& step) const;
  void stand_aside(const QuickParts::Step& step);
  bool was_placed(const QuickParts::Step& step);
  void stand(const QuickParts::Step& step);
  void stand_as_before(const QuickParts::Step& step);
  void stand_at(size_t table, const ClauseRow& row);
  /// Where each table stands, in her memory.
  uint16_t* places() { return reinterpret_cast<uint16_t*>(memory_ + quick_.rows_at); }
  Truth stands(uint64_t clauses) const;
  Truth truth(int32_t term);
  Truth compare(const PlanTerm& term) const;
  Truth answer(const PlanCondition& condition);
  Cell run_program(const SettlePlan::SubProgram& sub);
  void tiers(size_t i);
  void flags(size_t i);
  template <typename Conditions>
  void move(const SettleParts::Machine& machine, const Conditions& conditions);
  void move_by_table(const SettleParts::Machine& machine);
  void show_change(size_t machine);
  void show_class(size_t i, int document_class);
  void show_flags(size_t i);
  // quick_scores.cc: scores of RFM.
  bool orders_stand() const;
  bool scores_stand() const;
  bool scores();
  bool find_scores(int64_t* kept);
  void score(size_t i, QuickRfm::Part part);
  void grid(size_t i);
  // quick_next.cc: what comes next.
  void sooner(Micros t) { next_ = std::min(next_, std::max(t, t_ + 1)); }
  bool stays(size_t machine);
  void hold_on(const QuickParts::Standing& standing);
  void hold_on(const SettleParts::Machine& machine);
  void want(size_t value, const ValueRange& range);
  ValueRange side_of(size_t i);
  void want_ranges();
  void keep_failing(uint64_t open);
  void find_next();
  void look_ahead(size_t i, const ValueRange& range);
  Micros next_of_sum(const QuickParts::Step& step, const ValueRange& range);
  Micros next_of_glance(size_t i, const ValueRange& range);
  Micros next_of_plain(size_t i, const ValueRange& range);

  SettleParts& parts_;
  QuickParts& quick_;
  uint32_t customer_;
  CustomerState& state_;
  Micros t_;
  Micros next_ = kEndTime;
  /// Facts that are the same as when the memory was made; none where it says nothing.
  ChangedFacts same_ = 0;
  int64_t* memory_ = nullptr;  ///< hers; null: none
  static constexpr uint64_t kSound = QuickParts::kSound, kRfmKept = QuickParts::kRfmKept;
  uint64_t flags_ = 0;  ///< of her memory
  // Clauses that hold and that fail, as far as values are known; that have to hold; and not to.
  uint64_t holds_ = ~uint64_t{0}, fails_ = 0, holding_ = 0, avoided_ = 0;
  enum : uint8_t { kNotLooked, kScored, kNotScored } scored_ = kNotLooked;
  Anchors anchors_;
  std::optional<SettlePass> pass_;  ///< made where something is to be done in the plain way
};

}  // namespace patron::internal
