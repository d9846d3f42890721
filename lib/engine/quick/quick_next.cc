// When quick settling has to look at a customer again: what conditions have to stay as they are,
// which ranges of values keep them so, and the first instant at which one is left.
#include <algorithm>
#include <bit>
#include <utility>

#include "lib/engine/quick/quick_pass.h"

namespace patron::internal {

// Where nothing takes her up or lets her go: as the machine would step.
bool QuickPass::stays(size_t machine) {
  const TierState& state = state_.machines[machine];
  if (state.current == kNoClass || state.false_since) return false;
  if (state_.shown[machine].current != state.current) return false;
  const QuickParts::Standing& standing =
      quick_.standings[machine][static_cast<size_t>(state.current)];
  if ((standing.before & holds_) != 0) return false;
  if (!standing.rests && (standing.stay & holds_) == 0) return false;
  hold_on(standing);
  return true;
}

void QuickPass::hold_on(const QuickParts::Standing& standing) {
  avoided_ |= standing.before;
  holding_ |= standing.held_by(holds_);
}

// What conditions have to stay as they are for a machine to stay where it has come to: none that is
// not true takes her up, and she stays, or does not, as now.
void QuickPass::hold_on(const SettleParts::Machine& machine) {
  const int current = state_.machines[machine.state].current;
  const std::vector<QuickParts::Standing>& standings = quick_.standings[machine.state];
  if (current == kNoClass) {
    avoided_ |= standings.back().before;
    return;
  }
  const auto c = static_cast<size_t>(current);
  hold_on(standings[c]);
  if (standings[c].rests || (standings[c].stay & holds_) != 0) return;
  avoided_ |= standings[c].stay;
  // What is unknown is another thing than what is false.
  if (!machine.rules.hold_unknown) return;
  for (uint64_t left = standings[c].stay; left != 0; left &= left - 1) {
    for (const auto& need : quick_.plan.table.needs(std::countr_zero(left))) {
      want(need.value, ValueRange::none());
    }
  }
}

void QuickPass::want(size_t value, const ValueRange& range) {
  quick_.asking = true;
  const uint32_t place = quick_.place_of[value];
  quick_.asked_for[place / 64] |= uint64_t{1} << place % 64;
  quick_.wanted[value].cut(range);
}

// The values on the same side of every number that a value is compared with outside of the table.
ValueRange QuickPass::side_of(size_t i) {
  need(i);
  const Cell& cell = parts_.cells[i];
  if (!cell.known) return ValueRange::none();
  ValueRange out;
  for (const int64_t cut : quick_.plan.values[i].cuts) {
    if (cut == cell.integer) return {cut, cut};
    cut < cell.integer ? out.cut({cut + 1, out.high}) : out.cut({out.low, cut - 1});
  }
  return out;
}

// Where values have to stay, so that clauses hold and do not hold as they have to.
void QuickPass::want_ranges() {
  const ConditionTable& table = quick_.plan.table;
  for (const uint32_t i : quick_.sided) want(i, side_of(i));
  for (uint64_t left = holding_; left != 0; left &= left - 1) {
    for (const auto& need : table.needs(std::countr_zero(left))) want(need.value, need.range);
  }
  if (const uint64_t open = avoided_ & ~holds_; open != 0) keep_failing(open);
}

// Asks values to stay where they keep these clauses, none of which holds, from coming true. Which
// ranges these are follows from where the tables stand, and is kept for the next who stands there.
void QuickPass::keep_failing(uint64_t open) {
  QuickParts::Excuses* known = nullptr;
  if (memory_ != nullptr) {
    const size_t words = quick_.rfm_at - quick_.rows_at;
    const std::span<const int64_t> stand(memory_ + quick_.rows_at, words);
    known = quick_.excuses_of(stand, open);
    if (known != nullptr) {
      const bool same =
          known->open == open && std::equal(stand.begin(), stand.end(), known->places.begin());
      for (size_t k = 0; same && k < known->count; ++k) {
        want(known->all[k].value, known->all[k].range);
      }
      if (same) return;
      *known = QuickParts::Excuses();
      std::copy(stand.begin(), stand.end(), known->places.begin());
    }
  }
  size_t count = 0;
  quick_.find_excuses(open, [&](uint32_t value, const ValueRange& range) {
    want(value, range);
    if (known != nullptr && count < known->all.size()) known->all[count] = {value, range};
    ++count;
  });
  if (known == nullptr || count > known->all.size()) return;
  known->count = count;
  known->open = open;
}

// The first instant at which a value is not where it has to be; values stand behind what they read.
void QuickPass::find_next() {
  want_ranges();
  for (size_t w = quick_.asked_for.size(); w-- > 0;) {
    uint64_t& left = quick_.asked_for[w];
    left |= quick_.always[w];
    while (left != 0) {
      const auto bit = static_cast<size_t>(63 - std::countl_zero(left));
      left &= ~(uint64_t{1} << bit);
      const QuickParts::Step& step = quick_.steps[w * 64 + bit];
      const size_t i = step.value;
      ValueRange range = std::exchange(quick_.wanted[i], ValueRange());
      if (quick_.plan.values[i].always) range = ValueRange::none();
      if (step.window != nullptr) {
        sooner(next_of_sum(step, range));
      } else if (!quick_.plan.values[i].still) {
        look_ahead(i, range);
      }
    }
  }
  quick_.asking = false;
}

void QuickPass::look_ahead(size_t i, const ValueRange& range) {
  switch (quick_.plan.values[i].way) {
    case PlanValue::Way::kGlance:
      sooner(next_of_glance(i, range));
      break;
    case PlanValue::Way::kCondition:
    case PlanValue::Way::kFormula: {
      const Expression& expression = *parts_.policy.values[i].expression;
      const std::vector<size_t>& reads = quick_.plan.reads(expression);
      for (const int field : expression.fields()) {
        want(reads[static_cast<size_t>(field)], ValueRange::none());
      }
      break;
    }
    case PlanValue::Way::kPlain:
      sooner(next_of_plain(i, range));
      break;
    default:
      break;
  }
}

// As next_of_glance().
Micros QuickPass::next_of_sum(const QuickParts::Step& step, const ValueRange& range) {
  if (step.falls && range.low <= 0) return TimeRange::kNever;
  const size_t i = step.value;
  need(i);
  const QuickParts::Found found = quick_.found[i];
  const Cell& cell = parts_.cells[i];
  const Micros until = quick_.until[i];
  if (until >= kEndTime || !cell.known || !range.has(cell.integer)) return until;
  WindowSum again;
  const bool summed =
      found == QuickParts::Found::kSummed ||
      (found == QuickParts::Found::kRemembered && quick_.read_window(*step.window, customer_, t_) &&
       step.window->sums.measure(step.sum, again));
  return summed ? step.window->sums.leaves_range(step.sum, range) : next_of_glance(i, range);
}

Micros QuickPass::next_of_glance(size_t i, const ValueRange& range) {
  if (quick_.plan.values[i].falls && range.low <= 0) return TimeRange::kNever;
  need(i);
  const Micros until = quick_.until[i];
  const Cell& cell = parts_.cells[i];
  const GlanceMetric& metric = *quick_.metrics[i];
  const bool in_range = cell.known && range.has(cell.integer) && metric.adds_up();
  if (until >= kEndTime || !in_range || quick_.found[i] == QuickParts::Found::kPlainly)
    return until;
  GlanceValue again;
  if (quick_.found[i] == QuickParts::Found::kRemembered && !measure(i, again)) return until;
  return metric.leaves_range(cell.integer, range, anchors_);
}

// Of what has no slot the plain way has said when it changes.
Micros QuickPass::next_of_plain(size_t i, const ValueRange& range) {
  if (quick_.rfm != nullptr && quick_.rfm->part(i) != QuickRfm::Part::kNone) {
    return scores() ? quick_.rfm->leaves(quick_.rfm->part(i), range) : TimeRange::kNever;
  }
  if (quick_.slots[i].as == QuickParts::Slot::As::kNone) return TimeRange::kNever;
  need(i);
  return quick_.until[i];
}

}  // namespace patron::internal
