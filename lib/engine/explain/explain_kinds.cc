// Kinds of classifications: why she is in her class, which classes are better, and what holds her.
#include <algorithm>
#include <utility>

#include "lib/engine/calibration/rank_keys.h"
#include "lib/engine/explain/explain.h"
#include "lib/engine/settle/decision.h"
#include "lib/engine/settle/settle_pass.h"
#include "lib/engine/settle/tier_rules.h"
#include "lib/engine/settle/tier_steps.h"

namespace patron::internal {

// Why she has a class: the leaves of a condition that make it what it is; or, where it is not
// wanted, why the condition does not hold.
void ClassExplainer::note_class(int tree, bool wanted) {
  const std::vector<Kleene> truths = truths_now();
  if ((whole(tree, truths) == Kleene::kTrue) != wanted) return;
  stays_ = wanted;
  std::vector<size_t> leaves;
  collect_deciding(tree, truths, leaves);
  for (const size_t leaf : leaves) out_.reasons.push_back(leaves_[leaf].reason);
}

// -- Kinds ---------------------------------------------------------------------------------------

void ClassExplainer::explain_tiers() {
  const SettleParts::Machine& machine = parts_.machines[index_].front();
  const TierState& own = state_.machines[machine.state];
  const int shown = document_class(what_, state_.shown[machine.state].current);
  const auto classes = static_cast<int>(what_.classes.size());
  if (shown != kNoClass) out_.classes = {what_.classes[static_cast<size_t>(shown)].name};
  if (own.current != state_.shown[machine.state].current && own.current != kNoClass) {
    out_.own = what_.classes[static_cast<size_t>(document_class(what_, own.current))].name;
  }
  const bool bands = what_.seen.kind == ClassificationKind::kBands;
  std::vector<int> trees;  // of each class of the machine
  trees.reserve(what_.classes.size());
  trees_.reserve(what_.classes.size() + 2);  // and the conditions under which she stays
  for (int c = 0; c < classes; ++c) {
    const auto place = static_cast<size_t>(document_class(what_, c));
    const PolicyClass& one = what_.classes[place];
    const bool matters = own.current == kNoClass || c <= own.current;
    int tree = -1;
    if (matters && bands && place > 0) {
      tree = cut_tree(parts_.value_index(what_.of), what_.cuts[place - 1], one.name);
    } else if (matters && !bands && one.enter) {
      tree = tree_of(*one.enter, one.name, "enter", 0);
    }
    trees.push_back(tree);
  }
  if (own.current != kNoClass) {
    const auto here = static_cast<size_t>(own.current);
    if (trees[here] >= 0) note_class(trees[here], true);
    if (!bands && out_.reasons.empty() && what_.classes[here].keep) {
      const int keep = tree_of(*what_.classes[here].keep, what_.classes[here].name, "keep", 0);
      note_class(keep, true);
      if (out_.reasons.empty()) {
        if (trees[here] >= 0) note_class(trees[here], false);
        note_class(keep, false);
      }
    } else if (out_.reasons.empty() && trees[here] >= 0) {
      note_class(trees[here], false);
    }
  }
  if (parts_.joining_matters) {
    CustomerState copy = state_;
    calendar_.joined = SettlePass(parts_, row_, copy, now_, false, SettleExtent::kClasses).joined();
  }
  note_holds(machine);
  note_overrides();
  follow_time();
  out_.better.reserve(trees.size());
  for (int c = 0; c < classes && (own.current == kNoClass || c < own.current); ++c) {
    BetterClass& better = out_.better.emplace_back();
    const PolicyClass& one = what_.classes[static_cast<size_t>(document_class(what_, c))];
    better.name = one.name;
    better.label = one.label;
    if (trees[static_cast<size_t>(c)] >= 0) {
      bring(machine, c, trees[static_cast<size_t>(c)], better);
    } else {
      better.how = Attainable::kNotAttainable;  // nobody enters it by a condition
    }
  }
  name_stay();
}

void ClassExplainer::explain_flags() {
  std::vector<int> trees;
  for (size_t flag = 0; flag < what_.classes.size(); ++flag) {
    const PolicyClass& one = what_.classes[flag];
    const size_t machine = parts_.machines[index_][flag].state;
    const bool has = state_.shown[machine].current == kFlagIn;
    trees.push_back(one.enter ? tree_of(*one.enter, one.name, "enter", 0) : -1);
    if (!has) continue;
    out_.classes.push_back(one.name);
    const size_t before = out_.reasons.size();
    if (trees.back() >= 0) note_class(trees.back(), true);
    if (out_.reasons.size() == before && one.keep) {
      note_class(tree_of(*one.keep, one.name, "keep", 0), true);
    }
  }
  for (const SettleParts::Machine& machine : parts_.machines[index_]) note_holds(machine);
  note_overrides();
  follow_time();
  for (size_t flag = 0; flag < what_.classes.size(); ++flag) {
    const SettleParts::Machine& machine = parts_.machines[index_][flag];
    if (state_.shown[machine.state].current == kFlagIn || trees[flag] < 0) continue;
    BetterClass& better = out_.better.emplace_back();
    better.name = what_.classes[flag].name;
    better.label = what_.classes[flag].label;
    bring(machine, kFlagIn, trees[flag], better);
  }
  name_stay();
}

void ClassExplainer::explain_rank() {
  const SettleParts::Machine& machine = parts_.machines[index_].front();
  const int own = state_.machines[machine.state].current;
  const int shown = state_.shown[machine.state].current;
  if (shown != kNoClass) out_.classes = {what_.classes[static_cast<size_t>(shown)].name};
  if (own != shown && own != kNoClass) out_.own = what_.classes[static_cast<size_t>(own)].name;
  const auto* frozen = parts_.models->constants().find<RankConstants>(what_.seen.name);
  const size_t by = parts_.value_index(what_.by);
  const bool plain = by < policy_.values.size() && policy_.values[by].tag.kind != Kind::kDouble;
  const int where = what_.where ? tree_of(*what_.where, "", "where", 0) : -1;
  std::vector<int> trees;
  for (size_t c = 0; c < what_.classes.size(); ++c) {
    const std::optional<int64_t> cut =
        frozen != nullptr && c < frozen->classes.size() ? frozen->classes[c].cut : std::nullopt;
    int tree = -1;
    if (cut && plain && !is_rest(what_.classes[c]) && !what_.classes[c].top) {
      Tree all;
      const std::optional<double> number = number_of(Cell::of(*cut), policy_.values[by]);
      all.trees = {cut_tree(by, *number, what_.classes[c].name)};
      if (where >= 0) all.trees.push_back(where);
      trees_.push_back(std::move(all));
      tree = static_cast<int>(trees_.size()) - 1;
    }
    trees.push_back(tree);
  }
  if (where >= 0 && own == kNoClass) note_class(where, false);
  if (own != kNoClass && trees[static_cast<size_t>(own)] >= 0) {
    note_class(trees[static_cast<size_t>(own)], true);
  }
  if (own != kNoClass && what_.classes[static_cast<size_t>(own)].top) {
    out_.holds.push_back({"seat", what_.classes[static_cast<size_t>(own)].name, std::nullopt});
    if (data_.calibration_due() < kEndTime) out_.holds.back().until = data_.calibration_due();
  }
  note_overrides();
  follow_time();
  for (size_t c = 0; c < what_.classes.size(); ++c) {
    if (own != kNoClass && static_cast<int>(c) >= own) break;
    if (is_rest(what_.classes[c])) break;
    BetterClass& better = out_.better.emplace_back();
    better.name = what_.classes[c].name;
    better.label = what_.classes[c].label;
    if (trees[c] >= 0) {
      bring(machine, static_cast<int>(c), trees[c], better);
    } else {
      name_unmet(c, where, better);
    }
  }
}

// Of a class of a rank that is not worked backwards: what it asks for, and that she takes part.
// Seats are given at calibrations alone; a cut may not be known, or be no number.
void ClassExplainer::name_unmet(size_t c, int where, BetterClass& out) const {
  if (what_.classes[c].top) {
    name_seat(c, where, out);
  } else {
    name_cut(c, out);
  }
  if (where >= 0) name_failing(where, out);
}

void ClassExplainer::name_seat(size_t c, int where, BetterClass& out) const {
  const int64_t seats = *what_.classes[c].top, taken = seats_taken(c);
  MissingCondition& missing = out.missing.emplace_back();
  Reason& condition = missing.condition;
  condition.of = what_.classes[c].name;
  condition.part = "seat";
  condition.text = "a seat in " + condition.of;
  condition.holds = false;
  condition.left = std::to_string(taken);
  condition.op = "of";
  condition.right = std::to_string(seats);
  condition.distance = static_cast<double>(seats - taken);
  const bool known = parts_.cells[parts_.value_index(what_.by)].known;
  if (data_.calibration_due() < kEndTime) {
    out.how = Attainable::kNotBefore;
    out.at = missing.not_before = data_.calibration_due();
  } else if (known && (where < 0 || whole(where, truths_now()) == Kleene::kTrue)) {
    out.how = Attainable::kNoSeat;
  }
  if (known) return;
  Reason& value = out.missing.emplace_back().condition;
  value.of = what_.classes[c].name;
  value.part = "where";
  value.text = "has(" + what_.by + ")";
  value.holds = false;
}

// Who has a seat by the last calibration and has not lost it.
int64_t ClassExplainer::seats_taken(size_t c) const {
  const auto* frozen = parts_.models->constants().find<RankConstants>(what_.seen.name);
  if (frozen == nullptr || c >= frozen->classes.size()) return 0;
  const size_t machine = parts_.machines[index_].front().state;
  std::vector<uint32_t> rows;
  for (const CalibrationId& id : frozen->classes[c].seats)
    rows.push_back(data_.find({id.number, id.text}));
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  return std::count_if(rows.begin(), rows.end(), [&](uint32_t row) {
    if (row == kNoCustomer) return false;
    const CustomerState& state = data_.members[row].state;
    return state.seen && machine < state.machines.size() &&
           state.machines[machine].current == static_cast<int>(c);
  });
}

void ClassExplainer::name_cut(size_t c, BetterClass& out) const {
  Reason& condition = out.missing.emplace_back().condition;
  condition.of = what_.classes[c].name;
  condition.part = "cut";
  condition.text = what_.by + " >= the cut of " + condition.of;
  const PolicyValue& by = policy_.values[parts_.value_index(what_.by)];
  const std::optional<double> number = number_of(parts_.cells[parts_.value_index(what_.by)], by);
  const auto* frozen = parts_.models->constants().find<RankConstants>(what_.seen.name);
  if (!number || frozen == nullptr) return;
  condition.holds = false;
  condition.left = by.personal ? "(personal)" : words_of(*number, by);
}

// The leaves for which a condition does not hold, if it does not.
void ClassExplainer::name_failing(int tree, BetterClass& out) const {
  const std::vector<Kleene> truths = truths_now();
  if (whole(tree, truths) == Kleene::kTrue) return;
  std::vector<size_t> leaves;
  collect_deciding(tree, truths, leaves);
  for (const size_t leaf : leaves) out.missing.push_back(missing_of({leaf, true}, {}));
}

std::vector<Kleene> ClassExplainer::truths_now() const {
  std::vector<Kleene> out;
  out.reserve(leaves_.size());
  for (const Leaf& leaf : leaves_) out.push_back(leaf.now);
  return out;
}

// Segments have no order: what says why are her scores.
void ClassExplainer::explain_grid() {
  const SettleParts::Machine& machine = parts_.machines[index_].front();
  const int shown = state_.shown[machine.state].current;
  if (shown != kNoClass) out_.classes = {what_.classes[static_cast<size_t>(shown)].name};
  const std::string model = what_.table.substr(0, what_.table.find('.'));
  const Settled all = data_.settler.look(row_, state_, now_);
  for (const char* score : {".r", ".f", ".m"}) {
    const size_t i = parts_.value_index(model + score);
    if (i == policy_.values.size()) continue;
    Reason reason;
    reason.part = "score";
    reason.text = model + score;
    reason.left =
        policy_.values[i].personal ? "(personal)" : words_of(all.values[i].cell, policy_.values[i]);
    if (!all.values[i].cell.known) out_.unknown.push_back(reason.text);
    out_.reasons.push_back(std::move(reason));
  }
  note_overrides();
  follow_time();
}

// -- What holds her ------------------------------------------------------------------------------

void ClassExplainer::note_holds(const SettleParts::Machine& machine) {
  const TierState& own = state_.machines[machine.state];
  if (own.current == kNoClass) return;
  const bool flags = what_.seen.kind == ClassificationKind::kFlags;
  const auto name = [&](int c) -> const std::string& {
    const int flag = parts_.names[machine.state].flag;
    return what_.classes[static_cast<size_t>(flags ? flag : document_class(what_, c))].name;
  };
  const TierRules::Class& current = machine.rules.classes[static_cast<size_t>(own.current)];
  const auto hold = [&](const char* what, int c, Micros until) {
    if (until > now_) {
      out_.holds.push_back({what, name(c), until < kEndTime ? std::optional(until) : std::nullopt});
    }
  };
  const bool out_of_flag = flags && own.current == kFlagOut;
  if (own.false_since && !out_of_flag) {
    const Micros dwell = calendar_.zone.add(own.since, current.min_dwell);
    const Micros grace = calendar_.zone.add(*own.false_since, current.grace);
    if (current.min_dwell != Period()) hold("min_dwell", own.current, dwell);
    if (current.grace != Period()) hold("grace", own.current, grace);
    const Micros leaves = tier_steps::leaves_at(machine.rules, own, calendar_);
    if (current.at != LeaveAt::kNow) hold("leave_at", own.current, leaves);
  }
  for (int c = 0; c < own.current; ++c) hold("cool_down", c, tier_steps::cooled(own, c));
  hold("cap", own.current, tier_steps::cap_ends(machine.rules, own, calendar_));
}

void ClassExplainer::note_overrides() {
  for (const StandingOverride& one : state_.overrides) {
    if (one.classification != static_cast<int>(index_) || !one.in_force(now_)) continue;
    Hold hold;
    hold.what = override_kind_name(one.kind);
    if (one.kind != OverrideKind::kHold) hold.of = what_.classes[static_cast<size_t>(one.to)].name;
    if (one.until < kEndTime) hold.until = one.until;
    hold.reason = one.reason, hold.author = one.author;
    out_.holds.push_back(std::move(hold));
  }
}

}  // namespace patron::internal
