// The classifications of a settling: machines are stepped, grids and ranks looked up.
#include <algorithm>

#include "lib/engine/calibration/rank_keys.h"
#include "lib/engine/settle/settle_pass.h"
#include "lib/engine/settle/tier_rules.h"

namespace patron::internal {

void SettlePass::classify(size_t i) {
  const auto index = static_cast<int>(parts_.classification_of[i]);
  const PolicyClassificationData& what = parts_.policy.classifications[static_cast<size_t>(index)];
  MetricValue& out = out_.values[i];
  if (all_ && !timed_) return hold(static_cast<size_t>(index), out);
  switch (what.seen.kind) {
    case ClassificationKind::kFlags:
      flags(index, out);
      break;
    case ClassificationKind::kRank:
      take(index, rank_class(static_cast<size_t>(index)), out);
      break;
    case ClassificationKind::kGrid: {
      Micros next = TimeRange::kNever;
      take(index, parts_.models->grid_class(what, next), out);
      sooner(next);
      break;
    }
    case ClassificationKind::kLadder:
    case ClassificationKind::kFirstMatch:
    case ClassificationKind::kBands:
      tiers(index, out);
      break;
  }
}

// The class that she holds.
void SettlePass::hold(size_t classification, MetricValue& out) const {
  const HeldClasses& held = parts_.held;
  out.is_set = held.is_flags(classification);
  if (out.is_set) {
    out.set = held.flags(classification, state_);
    return;
  }
  const int now = held.of(classification, state_);
  out.cell.known = now != kNoClass;
  if (out.cell.known) out.text = held.what(classification).classes[static_cast<size_t>(now)].name;
}

// The class that a grid or a rank gives her; without moving, the one she holds.
void SettlePass::take(int index, int to, MetricValue& out) {
  const size_t machine = parts_.machines[static_cast<size_t>(index)].front().state;
  TierState& state = state_.machines[machine];
  if (moving_ && state.current != to) {
    state.current = to;
    state.since = t_;
  }
  const int now = announce(machine);
  out.cell.known = now != kNoClass;
  if (!out.cell.known) return;
  const PolicyClassificationData& what = parts_.policy.classifications[static_cast<size_t>(index)];
  out.text = what.classes[static_cast<size_t>(now)].name;
  out_.since[static_cast<size_t>(index)] = state_.shown[machine].since;
}

// The first class whose cut she reaches or in which she has a seat; else that of the rest.
int SettlePass::rank_class(size_t index) {
  const PolicyClassificationData& what = parts_.policy.classifications[index];
  const auto* found = parts_.models->constants().find<RankConstants>(what.seen.name);
  const int last = static_cast<int>(what.classes.size()) - 1;
  const Truth eligible = what.where ? truth_of(evaluate(*what.where)) : Truth::kTrue;
  out_.eligible[index] = eligible == Truth::kTrue;
  if (found == nullptr || found->classes.size() != what.classes.size()) {
    return what.classes.back().top ? kNoClass : last;  // nobody has a seat yet
  }
  const size_t by = parts_.value_index(what.by);
  const std::optional<int64_t> key = rank_key(cells_[by], parts_.policy.values[by].tag.kind);
  const int64_t from = parts_.models->constants().models.find(what.seen.name)->second.from;
  const size_t machine = parts_.machines[index].front().state;
  const CustomerId id = parts_.book.ids->id(customer_);
  if (eligible != Truth::kTrue) {
    for (const RankConstants::Class& one : found->classes) {
      if (has_seat(one, id)) lose_seat(machine, from);
    }
    return is_rest(what.classes.back()) ? last : kNoClass;
  }
  const bool lost = !state_.seats_lost.empty() && state_.seats_lost[machine] == from;
  for (size_t c = 0; c < what.classes.size(); ++c) {
    if (is_rest(what.classes[c])) return static_cast<int>(c);
    const RankConstants::Class& frozen = found->classes[c];
    const bool in = what.classes[c].top ? !lost && has_seat(frozen, id)
                                        : key && frozen.cut && *key >= *frozen.cut;
    if (in) return static_cast<int>(c);
  }
  return kNoClass;
}

// A seat is lost until the next calibration gives it anew.
void SettlePass::lose_seat(size_t machine, int64_t calibration) {
  if (!moving_) return;
  state_.seats_lost.resize(parts_.names.size());
  state_.seats_lost[machine] = calibration;
}

// The answer to a condition, asked once: steps ask again and again.
Truth SettlePass::answer(size_t condition, const Expression& expression) {
  if (!parts_.asked[condition]) {
    parts_.answers[condition] = truth_of(evaluate(expression));
    parts_.asked[condition] = true;
  }
  return parts_.answers[condition];
}

void SettlePass::forget_answers(size_t classes) {
  parts_.asked.assign(2 * classes, false);
  parts_.answers.resize(2 * classes);
}

// Steps one machine; what she is by it, in classes of the machine.
int SettlePass::move(const SettleParts::Machine& machine, const TierConditions& conditions) {
  TierState& state = state_.machines[machine.state];
  if (moving_) step(machine.rules, state, conditions, t_, calendar_);
  if (timed_) sooner(next_due(machine.rules, state, conditions, t_, calendar_));
  return announce(machine.state);
}

// What is kept of her way through a classification.
void SettlePass::note_move(ShownClass& shown, int to) {
  if (!shown.unseated) {
    shown.previous = static_cast<int16_t>(shown.current);
    ++shown.moves;
  }
  shown.unseated = false;
  if (to != kNoClass && (shown.highest == kNoClass || to < shown.highest)) {
    shown.highest = static_cast<int16_t>(to);
  }
}

// Her class is that of her machine under the overrides in force; where it differs from what was
// said last, that is a move.
int SettlePass::announce(size_t machine) {
  ShownClass& shown = state_.shown[machine];
  if (!moving_) return shown.current;
  const TierState& own = state_.machines[machine];
  const MachineName& name = parts_.names[machine];
  const auto& what = parts_.policy.classifications[static_cast<size_t>(name.classification)];
  const int to = overridden(state_.overrides, what, machine, name, own.current, t_);
  if (to == shown.current && shown.said == kAsShown) return to;
  if (const int said = shown.last_said(); to != said) {
    SettledMove move;
    move.classification = name.classification;
    move.by_override =
        overridden_before(state_.overrides, what, machine, name, own.current) == said;
    if (name.flag < 0) {
      move.from = document_class(what, said);
      move.to = document_class(what, to);
    } else {
      (to == kFlagIn ? move.to : move.from) = name.flag;
    }
    if (name.flag < 0 || to == kFlagIn || said == kFlagIn) {
      out_.moves.push_back(move);
      const bool told = told_ || parts_.told_of == name.classification;
      const bool own_way = told && !move.by_override && to == own.current;
      out_.because.add(own_way ? decided(machine, said, to) : std::string());
    }
  }
  shown.said = kAsShown;
  if (to == shown.current && !shown.unseated) return to;  // what an unlink gave back is hers again
  note_move(shown, to);
  shown.current = to;
  // She came into a class when it was seen; one that a link gave her has its own timers.
  shown.since = state_.linked && to == own.current ? own.since : t_;
  return to;
}

void SettlePass::tiers(int index, MetricValue& out) {
  const PolicyClassificationData& what = parts_.policy.classifications[static_cast<size_t>(index)];
  TierConditions conditions;
  if (what.seen.kind == ClassificationKind::kBands) {
    const std::optional<double> value = number(what.of);
    conditions.enter = [&what, value](int c) { return enters_band(what.cuts, c, value); };
    conditions.keep = [&what, value](int c) {
      return keeps_band(what.cuts, what.hysteresis, c, value);
    };
  } else {
    forget_answers(what.classes.size());
    conditions.enter = [this, &what](int c) {
      const auto at = static_cast<size_t>(c);
      return answer(2 * at, *what.classes[at].enter);
    };
    conditions.keep = [this, &what](int c) {
      const auto at = static_cast<size_t>(c);
      return answer(2 * at + 1, *what.classes[at].keep);
    };
  }
  const SettleParts::Machine& machine = parts_.machines[static_cast<size_t>(index)].front();
  const int now = document_class(what, move(machine, conditions));
  out.cell.known = now != kNoClass;
  if (!out.cell.known) return;
  out.text = what.classes[static_cast<size_t>(now)].name;
  out_.since[static_cast<size_t>(index)] = state_.shown[machine.state].since;
}

void SettlePass::flags(int index, MetricValue& out) {
  const PolicyClassificationData& what = parts_.policy.classifications[static_cast<size_t>(index)];
  out.is_set = true;
  for (size_t flag = 0; flag < what.classes.size(); ++flag) {
    forget_answers(1);
    const PolicyClass& one = what.classes[flag];
    const TierConditions conditions{[this, &one](int) { return answer(0, *one.enter); },
                                    [this, &one](int) { return answer(1, *one.keep); }};
    const SettleParts::Machine& machine = parts_.machines[static_cast<size_t>(index)][flag];
    if (move(machine, conditions) == kFlagIn) out.set.push_back(what.classes[flag].name);
  }
}

}  // namespace patron::internal
