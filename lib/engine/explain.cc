#include "lib/engine/explain.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "lib/base/nearest.h"
#include "lib/base/utf8.h"
#include "lib/engine/decision.h"
#include "lib/engine/rank_keys.h"
#include "lib/engine/settle_pass.h"
#include "lib/engine/tier_rules.h"
#include "lib/engine/tier_steps.h"

namespace patron {
namespace internal {
namespace {

constexpr int kMostDepth = 8;       // of tags that are conditions over such tags
constexpr size_t kMostStops = 400;  // instants at which time is followed

// The first fact of hers that waits after t.
Micros first_waiting(SettleParts& parts, uint32_t row, Micros t) {
  Micros next = kEndTime;
  for (LogReader& reader : parts.readers) next = std::min(next, first_after(reader, row, t));
  for (LogReader& reader : parts.attributes) next = std::min(next, first_after(reader, row, t));
  return next;
}

}  // namespace

ClassExplainer::ClassExplainer(EngineData& data, uint32_t row, size_t classification)
    : data_(data),
      parts_(data.settler.parts()),
      policy_(data.policy.data()),
      what_(policy_.classifications[classification]),
      row_(row),
      index_(classification),
      now_(data.clock),
      state_(state_of(row)) {
  calendar_.zone = policy_.zone;
  parts_.scope = &parts_.scope_of(classification);
}

// Who was never settled and stands for somebody who was has machines, and is shown nowhere.
const CustomerState& ClassExplainer::state_of(uint32_t row) {
  const CustomerState& state = data_.members[row].state;
  if (state.shown.size() >= state.machines.size()) return state;
  padded_ = state;
  padded_.shown.resize(state.machines.size());
  return padded_;
}

ClassExplanation ClassExplainer::run() {
  out_.customer = data_.book.id(row_);
  out_.classification = what_.seen.name;
  out_.label = what_.seen.label;
  out_.kind = what_.seen.kind;
  out_.at = now_;
  if (!state_.seen) {  // her first fact waits; one that was deleted leaves nothing behind
    first_stop_ = std::max(now_, first_waiting(parts_, row_, kMinTime - 1));
    follow_time();
    return std::move(out_);
  }
  const Settled& seen = data_.settler.glimpse(row_, state_, now_);
  first_stop_ = std::min(seen.next, data_.next_stop(row_));
  const HeldClasses held(policy_);
  if (!held.is_flags(index_)) out_.since = held.since(index_, state_);
  switch (what_.seen.kind) {
    case ClassificationKind::kFlags:
      explain_flags();
      break;
    case ClassificationKind::kRank:
      explain_rank();
      break;
    case ClassificationKind::kGrid:
      explain_grid();
      break;
    case ClassificationKind::kLadder:
    case ClassificationKind::kFirstMatch:
    case ClassificationKind::kBands:
      explain_tiers();
      break;
  }
  for (const Leaf& leaf : leaves_) {
    for (const std::string& name : leaf.reason.unknown) {
      if (std::find(out_.unknown.begin(), out_.unknown.end(), name) == out_.unknown.end()) {
        out_.unknown.push_back(name);
      }
    }
  }
  return std::move(out_);
}

// -- Conditions ----------------------------------------------------------------------------------

int ClassExplainer::tree_of(const Expression& expression, const std::string& of,
                            const std::string& part, int depth) {
  const Atoms& atoms = parts_.atoms.of(expression);
  const std::vector<size_t>& reads = parts_.reads(expression);
  std::vector<Cell> row(reads.size());
  for (const int field : expression.fields()) {
    const auto f = static_cast<size_t>(field);
    row[f] = parts_.cells[reads[f]];
  }
  AtomValues values;
  Tree tree;
  tree.atoms = &atoms;
  const bool sound = atoms.evaluate(row, now_, values).ok();
  for (size_t i = 0; sound && i < atoms.atoms().size(); ++i) {
    const int field = atoms.field(i);
    const size_t value = field < 0 ? SIZE_MAX : reads[static_cast<size_t>(field)];
    const bool tag = value < policy_.values.size() && policy_.values[value].expression &&
                     policy_.values[value].on_null == OnNull::kClear && depth < kMostDepth;
    tree.trees.push_back(tag ? tree_of(*policy_.values[value].expression,
                                       policy_.values[value].tag.name, "tag", depth + 1)
                             : -1);
    tree.leaves.push_back(-1);
    if (tag) continue;
    Leaf leaf = leaf_of(expression, atoms, values, row, i);
    leaf.reason.of = of;
    leaf.reason.part = part;
    find_lever(atoms, values, reads, leaf);
    tree.leaves.back() = static_cast<int>(leaves_.size());
    leaves_.push_back(std::move(leaf));
  }
  trees_.push_back(std::move(tree));
  return static_cast<int>(trees_.size()) - 1;
}

ClassExplainer::Leaf ClassExplainer::leaf_of(const Expression& expression, const Atoms& atoms,
                                             const AtomValues& values, std::span<const Cell> row,
                                             size_t atom) {
  Leaf leaf;
  leaf.expression = &expression;
  leaf.atom = atom;
  leaf.now = kleene_of(atoms.value(values, atom));
  const AtomShape& shape = atoms.atoms()[atom];
  if (atoms.graph().at(shape.node).uses_now) {
    CheckedExpression alone = Expression::check(atoms.text(atom), atoms.schema());
    leaf.alone = std::move(alone.expression);
  }
  leaf.reason = reason_of("", "", atoms, values, row, atom, reads_personal(atoms, atom, policy_));
  return leaf;
}

// `value >= cut` of bands and ranks.
int ClassExplainer::cut_tree(size_t value, double cut, const std::string& of) {
  const PolicyValue& what = policy_.values[value];
  const Cell& cell = parts_.cells[value];
  const std::optional<double> number = number_of(cell, what);
  Leaf leaf;
  leaf.now = !number ? Kleene::kUnknown : *number >= cut ? Kleene::kTrue : Kleene::kFalse;
  leaf.reason.of = of;
  leaf.reason.part = "cut";
  leaf.reason.text = what.tag.name + " >= " + words_of(cut, what);
  if (number) leaf.reason.holds = *number >= cut;
  leaf.reason.left = what.personal ? "(personal)" : number ? words_of(*number, what) : "unknown";
  leaf.reason.op = ">=";
  leaf.reason.right = words_of(cut, what);
  if (number && !what.personal) leaf.reason.distance = cut - *number;
  if (!number) leaf.reason.unknown = {what.tag.name};
  leaf.value = value;
  leaf.cmp = Cmp::kGe;
  leaf.have = cell;
  if (what.tag.kind == Kind::kDouble) {
    leaf.threshold = Cell::of_double(cut);
  } else {
    double scale = 1;
    for (int i = 0; what.tag.kind == Kind::kMoney && i < what.unit.scale; ++i) scale *= 10;
    leaf.threshold = Cell::of(static_cast<int64_t>(std::ceil(cut * scale - 1e-9)));
  }
  judge_lever(leaf);
  Tree tree;
  tree.leaves = {static_cast<int>(leaves_.size())};
  leaves_.push_back(std::move(leaf));
  trees_.push_back(std::move(tree));
  return static_cast<int>(trees_.size()) - 1;
}

Kleene ClassExplainer::whole(int tree, std::span<const Kleene> truths) const {
  const Tree& what = trees_[static_cast<size_t>(tree)];
  std::vector<Kleene> of;
  for (size_t i = 0; i < std::max(what.leaves.size(), what.trees.size()); ++i) {
    const int leaf = i < what.leaves.size() ? what.leaves[i] : -1;
    of.push_back(leaf >= 0 ? truths[static_cast<size_t>(leaf)] : whole(what.trees[i], truths));
  }
  if (what.atoms != nullptr) return what.atoms->whole_with(of);
  Kleene all = Kleene::kTrue;
  for (const Kleene one : of) {
    if (one == Kleene::kFalse) return one;
    if (one == Kleene::kUnknown) all = one;
  }
  return all;
}

void ClassExplainer::collect_leaves(int tree, std::vector<size_t>& out) const {
  const Tree& what = trees_[static_cast<size_t>(tree)];
  for (size_t i = 0; i < std::max(what.leaves.size(), what.trees.size()); ++i) {
    const int leaf = i < what.leaves.size() ? what.leaves[i] : -1;
    if (leaf >= 0) {
      out.push_back(static_cast<size_t>(leaf));
    } else {
      collect_leaves(what.trees[i], out);
    }
  }
}

// Those that make the whole what it is.
void ClassExplainer::collect_deciding(int tree, std::span<const Kleene> truths,
                                      std::vector<size_t>& out) const {
  const Tree& what = trees_[static_cast<size_t>(tree)];
  const size_t parts = std::max(what.leaves.size(), what.trees.size());
  const auto truth = [&](size_t i) {
    const int leaf = i < what.leaves.size() ? what.leaves[i] : -1;
    return leaf >= 0 ? truths[static_cast<size_t>(leaf)] : whole(what.trees[i], truths);
  };
  std::vector<size_t> deciding;
  if (what.atoms != nullptr) {
    std::vector<Kleene> of;
    for (size_t i = 0; i < parts; ++i) of.push_back(truth(i));
    deciding = what.atoms->deciding(of);
  } else {
    const bool all = whole(tree, truths) == Kleene::kTrue;
    for (size_t i = 0; i < parts; ++i) {
      if (all || truth(i) != Kleene::kTrue) deciding.push_back(i);
    }
  }
  for (const size_t i : deciding) {
    const int leaf = i < what.leaves.size() ? what.leaves[i] : -1;
    if (leaf >= 0) {
      out.push_back(static_cast<size_t>(leaf));
    } else {
      collect_deciding(what.trees[i], truths, out);
    }
  }
}

// Why she has a class: the leaves of a condition that make it what it is; or, where it is not
// wanted, why the condition does not hold.
void ClassExplainer::note_class(int tree, bool wanted) {
  std::vector<Kleene> truths;
  for (const Leaf& leaf : leaves_) truths.push_back(leaf.now);
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
  const PolicyClass& wanted = what_.classes[c];
  MissingCondition missing;
  Reason& condition = missing.condition;
  condition.of = wanted.name;
  if (wanted.top) {
    condition.part = "seat";
    condition.text = "a seat in " + wanted.name;
    condition.holds = false;
    if (data_.calibration_due() < kEndTime) {
      out.how = Attainable::kNotBefore;
      out.at = missing.not_before = data_.calibration_due();
    }
  } else {
    condition.part = "cut";
    condition.text = what_.by + " >= the cut of " + wanted.name;
    const PolicyValue& by = policy_.values[parts_.value_index(what_.by)];
    const std::optional<double> number = number_of(parts_.cells[parts_.value_index(what_.by)], by);
    const auto* frozen = parts_.models->constants().find<RankConstants>(what_.seen.name);
    if (number && frozen != nullptr) {
      condition.holds = false;
      condition.left = by.personal ? "(personal)" : words_of(*number, by);
    }
  }
  out.missing.push_back(std::move(missing));
  if (where < 0) return;
  std::vector<Kleene> truths;
  for (const Leaf& leaf : leaves_) truths.push_back(leaf.now);
  if (whole(where, truths) == Kleene::kTrue) return;
  std::vector<size_t> leaves;
  collect_deciding(where, truths, leaves);
  for (const size_t leaf : leaves) out.missing.push_back(missing_of({leaf, true}, {}));
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
    out_.holds.push_back(std::move(hold));
  }
}

// -- Time ----------------------------------------------------------------------------------------

// When the clock alone changes a condition, which need not change the whole that it is a part of.
Micros ClassExplainer::next_flip(Micros t) const {
  Micros next = kEndTime;
  for (const Leaf& leaf : leaves_) {
    // From the end of its window on no event counts any more.
    if (leaf.value < policy_.values.size() && policy_.values[leaf.value].metric) {
      const Window& window = policy_.values[leaf.value].metric->window;
      const Micros end = window.to ? policy_.zone.start_of_day(*window.to) : t;
      if (end > t) next = std::min(next, end);
    }
    if (!leaf.alone) continue;
    const std::vector<size_t>& reads = parts_.reads(*leaf.expression);
    std::vector<Cell> row(reads.size());
    for (const int field : leaf.expression->fields()) {
      row[static_cast<size_t>(field)] = parts_.cells[reads[static_cast<size_t>(field)]];
    }
    const Result<Breakpoints> points = leaf.alone->breakpoints(row, t);
    if (!points.ok() || !points->solved) {
      next = std::min(next, policy_.zone.start_of_day(policy_.zone.local_day(t) + 1));
    } else if (!points->instants.empty()) {
      next = std::min(next, points->instants.front());
    } else {
      next = std::min(next, std::max(points->until, t + 1));
    }
  }
  return next;
}

// Along the instants at which anything changes by itself, facts that wait included.
void ClassExplainer::follow_time() {
  CustomerState state = state_;
  Micros t = std::min(first_stop_, first_waiting(parts_, row_, now_));
  if (state_.seen) t = std::min(t, next_flip(now_));
  bool asks_more = false;
  for (const Leaf& leaf : leaves_) asks_more = asks_more || leaf.now != Kleene::kTrue;
  while (t < kEndTime && stops_.size() < kMostStops && (!out_.next || asks_more)) {
    Stop& stop = stops_.emplace_back();
    stop.at = t;
    stop.before = state;
    const Settled& settled = data_.settler.move(row_, state, t);
    for (size_t i = 0; i < settled.moves.size() && !out_.next; ++i) {
      const SettledMove& move = settled.moves[i];
      if (move.classification != static_cast<int>(index_)) continue;
      ComingChange next;
      if (move.from != kNoClass) next.from = what_.classes[static_cast<size_t>(move.from)].name;
      if (move.to != kNoClass) next.to = what_.classes[static_cast<size_t>(move.to)].name;
      next.at = t;
      next.because =
          decision_reasons(settled.because[i], policy_, move.classification, parts_.atoms);
      out_.next = std::move(next);
    }
    for (const TierState& machine : state.machines) stop.classes.push_back(machine.current);
    for (const Leaf& leaf : leaves_) {
      if (leaf.expression == nullptr) {
        const std::optional<double> number =
            number_of(parts_.cells[leaf.value], policy_.values[leaf.value]);
        const std::optional<double> cut = number_of(leaf.threshold, policy_.values[leaf.value]);
        stop.leaves.push_back(!number           ? Kleene::kUnknown
                              : *number >= *cut ? Kleene::kTrue
                                                : Kleene::kFalse);
        continue;
      }
      const std::vector<size_t>& reads = parts_.reads(*leaf.expression);
      std::vector<Cell> row(reads.size());
      for (const int field : leaf.expression->fields()) {
        row[static_cast<size_t>(field)] = parts_.cells[reads[static_cast<size_t>(field)]];
      }
      const Atoms& atoms = parts_.atoms.of(*leaf.expression);
      AtomValues values;
      const bool sound = atoms.evaluate(row, t, values).ok();
      stop.leaves.push_back(sound ? kleene_of(atoms.value(values, leaf.atom)) : Kleene::kUnknown);
    }
    t = std::min({settled.next, first_waiting(parts_, row_, t), next_flip(t)});
  }
  out_.looked_until = t;
  last_ = std::move(state);
}

}  // namespace internal

inline namespace v0 {

std::string_view attainable_name(Attainable how) {
  switch (how) {
    case Attainable::kByFacts:
      return "by_facts";
    case Attainable::kNotBefore:
      return "not_before";
    case Attainable::kByTime:
      return "by_time";
    case Attainable::kNotAttainable:
      return "not_attainable";
    case Attainable::kNotDecided:
      break;
  }
  return "not_decided";
}

Result<ClassExplanation> Engine::explain(CustomerId customer, std::string_view classification,
                                         std::string_view language) const {
  const internal::PolicyData& policy = data_->policy.data();
  if (language != "en" && language != "zh") {
    return Status(Code::kArgument, "there is no text in " + internal::quoted(language) +
                                       "; want \"en\" (English) or \"zh\" (Chinese)");
  }
  std::vector<std::string_view> known;
  for (const auto& one : policy.classifications) known.push_back(one.seen.name);
  const auto found = std::find(known.begin(), known.end(), classification);
  if (found == known.end()) {
    return Status(Code::kColumn, "there is no classification " + internal::quoted(classification) +
                                     internal::did_you_mean(classification, known));
  }
  data_->drain();
  const uint32_t row = data_->find(customer);
  if (row == kNoCustomer) {
    const std::string id = policy.customer == Kind::kInt64 ? std::to_string(customer.number)
                                                           : internal::quoted(customer.text);
    return Status(Code::kArgument, "there is no customer " + id);
  }
  const auto which = static_cast<size_t>(found - known.begin());
  ClassExplanation out;
  bool stays = true;
  {
    internal::ClassExplainer explainer(*data_, row, which);
    out = explainer.run();
    stays = explainer.stays();
  }
  if (data_->meets_somebody(row)) {
    Result<std::optional<ComingChange>> next = data_->next_on_copy(customer, which);
    if (!next.ok()) return std::move(next).status();
    out.next = *std::move(next);
  }
  out.text = internal::explanation_text(
      out, policy,
      language == "zh" ? internal::ExplainLanguage::kChinese : internal::ExplainLanguage::kEnglish,
      stays);
  return out;
}

}  // namespace v0
}  // namespace patron
