#include "lib/engine/explain/explain.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "lib/base/nearest.h"
#include "lib/base/utf8.h"
#include "lib/engine/calibration/rank_keys.h"
#include "lib/engine/settle/decision.h"
#include "lib/engine/settle/settle_pass.h"
#include "lib/engine/settle/tier_rules.h"
#include "lib/engine/settle/tier_steps.h"

namespace patron {
namespace internal {
namespace {

constexpr size_t kUsualLeaves = 32;
constexpr int kMostDepth = 8;          // of tags that are conditions over such tags
constexpr size_t kMostStops = 400;     // instants at which all conditions are followed
constexpr size_t kMostLooks = 20'000;  // further ones at which only her class is

}  // namespace

ClassExplainer::ClassExplainer(EngineData& data, uint32_t row, size_t classification)
    : data_(data),
      parts_(data.settler.parts()),
      policy_(data.policy.data()),
      what_(policy_.classifications[classification]),
      row_(row),
      index_(classification),
      now_(data.clock),
      state_(state_of(row)),
      supposed_(parts_) {
  calendar_.zone = policy_.zone;
  leaves_.reserve(kUsualLeaves);
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
    first_stop_ = std::max(now_, waiting_after(kMinTime - 1));
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
  Look look{expression, atoms, reads, {}, std::vector<Cell>(reads.size()), of, part};
  for (const int field : expression.fields()) {
    const auto f = static_cast<size_t>(field);
    look.row[f] = parts_.cells[reads[f]];
  }
  Tree tree;
  tree.atoms = &atoms;
  const bool sound = atoms.evaluate(look.row, now_, look.values).ok();
  tree.trees.reserve(atoms.atoms().size());
  tree.leaves.reserve(atoms.atoms().size());
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
    tree.leaves.back() = static_cast<int>(leaves_.size());
    Leaf& leaf = leaves_.emplace_back();
    fill_leaf(look, i, leaf);
    find_lever(atoms, look.values, reads, leaf);
  }
  trees_.push_back(std::move(tree));
  return static_cast<int>(trees_.size()) - 1;
}

void ClassExplainer::fill_leaf(const Look& look, size_t atom, Leaf& leaf) {
  const Atoms& atoms = look.atoms;
  leaf.expression = &look.expression;
  leaf.atom = atom;
  leaf.now = kleene_of(atoms.value(look.values, atom));
  const AtomShape& shape = atoms.atoms()[atom];
  if (atoms.graph().at(shape.node).uses_now) {
    CheckedExpression alone = Expression::check(atoms.text(atom), atoms.schema());
    leaf.alone = std::move(alone.expression);
  }
  const bool personal = reads_personal(policy_, atoms.fields(atom), look.reads);
  leaf.reason = reason_of(look.of, look.part, atoms, look.values, look.row, atom, personal);
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
  constexpr size_t kOnStack = 32;
  const size_t parts = std::max(what.leaves.size(), what.trees.size());
  std::array<Kleene, kOnStack> few;
  std::vector<Kleene> many(parts > kOnStack ? parts : 0);
  const std::span<Kleene> of(parts > kOnStack ? many.data() : few.data(), parts);
  for (size_t i = 0; i < parts; ++i) {
    const int leaf = i < what.leaves.size() ? what.leaves[i] : -1;
    of[i] = leaf >= 0 ? truths[static_cast<size_t>(leaf)] : whole(what.trees[i], truths);
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

// -- Time ----------------------------------------------------------------------------------------

// The first fact of hers that waits after t.
Micros ClassExplainer::waiting_after(Micros t) const {
  Micros next = kEndTime;
  for (LogReader& reader : parts_.readers) next = std::min(next, first_after(reader, row_, t));
  for (LogReader& reader : parts_.attributes) next = std::min(next, first_after(reader, row_, t));
  return next;
}

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

// Of the moves at an instant the first in this classification, where there was none before.
void ClassExplainer::note_next(const Settled& settled, Micros t) {
  for (size_t i = 0; i < settled.moves.size() && !out_.next; ++i) {
    const SettledMove& move = settled.moves[i];
    if (move.classification != static_cast<int>(index_)) continue;
    ComingChange next;
    if (move.from != kNoClass) next.from = what_.classes[static_cast<size_t>(move.from)].name;
    if (move.to != kNoClass) next.to = what_.classes[static_cast<size_t>(move.to)].name;
    next.at = t;
    next.because = decision_reasons(settled.because[i], policy_, move.classification, parts_.atoms);
    out_.next = std::move(next);
  }
}

// Under the values of the last settle, which was at t.
Kleene ClassExplainer::truth_of(const Leaf& leaf, Micros t) const {
  if (leaf.expression == nullptr) {
    const PolicyValue& value = policy_.values[leaf.value];
    const std::optional<double> number = number_of(parts_.cells[leaf.value], value);
    const std::optional<double> cut = number_of(leaf.threshold, value);
    if (!number) return Kleene::kUnknown;
    return *number >= *cut ? Kleene::kTrue : Kleene::kFalse;
  }
  const std::vector<size_t>& reads = parts_.reads(*leaf.expression);
  std::vector<Cell> row(reads.size());
  for (const int field : leaf.expression->fields()) {
    row[static_cast<size_t>(field)] = parts_.cells[reads[static_cast<size_t>(field)]];
  }
  const Atoms& atoms = parts_.atoms.of(*leaf.expression);
  AtomValues values;
  if (!atoms.evaluate(row, t, values).ok()) return Kleene::kUnknown;
  return kleene_of(atoms.value(values, leaf.atom));
}

// What conditions say at each stop, found when it is first asked for: few classes wait for time.
void ClassExplainer::follow_leaves() {
  if (std::exchange(followed_, true)) return;
  std::vector<Cell> cells = parts_.cells;
  for (Cell& cell : cells) cell.text = {};
  for (Stop& stop : stops_) {
    trial_ = stop.before;
    data_.settler.try_move(row_, trial_, stop.at);
    for (const Leaf& leaf : leaves_) stop.leaves.push_back(truth_of(leaf, stop.at));
  }
  parts_.cells = std::move(cells);
}

// Along the instants at which anything changes by itself, facts that wait included; then, where her
// class has not changed yet, along those at which it may.
void ClassExplainer::follow_time() {
  CustomerState state = state_;
  Micros waits = waiting_after(now_);
  Micros t = std::min(first_stop_, waits);
  bool same = false;  // as follow() means it
  if (state_.seen) t = std::min(t, next_flip(now_));
  bool asks_more = false;
  for (const Leaf& leaf : leaves_) asks_more = asks_more || leaf.now != Kleene::kTrue;
  parts_.told_of = static_cast<int>(index_);
  while (t < kEndTime && stops_.size() < kMostStops && (!out_.next || asks_more)) {
    Stop& stop = stops_.emplace_back();
    stop.at = t;
    stop.before = state;
    const Micros next = step_on(state, t, same);
    for (const TierState& machine : state.machines) stop.classes.push_back(machine.current);
    if (t >= waits) waits = waiting_after(t);
    t = std::min({next, waits, next_flip(t)});
    same = t < waits;
  }
  out_.looked_until = unchanged_until_ = t;
  last_ = state;
  for (size_t i = 0; t < kEndTime && i < kMostLooks && !out_.next; ++i) {
    const Micros next = step_on(state, t, same);
    if (t >= waits) waits = waiting_after(t);
    unchanged_until_ = t = std::min(next, waits);
    same = t < waits;
  }
  parts_.told_of.reset();
}

// Settles her at t, and gives the next instant at which time alone may change a value. What decided
// a move is said until there is one that the explanation names.
Micros ClassExplainer::step_on(CustomerState& state, Micros t, bool same) {
  const Settled& settled = data_.settler.follow(row_, state, t, same);
  const Micros next = settled.next;
  note_next(settled, t);
  if (out_.next) parts_.told_of.reset();
  return next;
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
    case Attainable::kNoSeat:
      return "no_seat";
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
    return Status(Code::kColumn,
                  "there is no classification " + internal::quoted(classification) +
                      internal::known_names(classification, "classifications", known));
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
  internal::ExplanationFrame frame;
  {
    internal::ClassExplainer explainer(*data_, row, which);
    out = explainer.run();
    frame = explainer.frame();
  }
  if (data_->meets_somebody(row)) {
    Result<std::optional<ComingChange>> next = data_->next_on_copy(customer, which);
    if (!next.ok()) return std::move(next).status();
    out.next = *std::move(next);
    out.to_stay.reset();
    frame.unchanged_until = kEndTime;  // it was found without whom she meets
  }
  internal::label_explanation(policy.classifications[which], language, out);
  out.text = internal::explanation_text(
      out, policy,
      language == "zh" ? internal::ExplainLanguage::kChinese : internal::ExplainLanguage::kEnglish,
      frame);
  return out;
}

}  // namespace v0
}  // namespace patron
