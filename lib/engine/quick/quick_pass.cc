#include "lib/engine/quick/quick_pass.h"

#include <algorithm>
#include <bit>
#include <string>
#include <utility>

#include "lib/engine/settle/tier_rules.h"
#include "lib/engine/settle/tier_steps.h"

namespace patron::internal {
namespace {

constexpr uint8_t kNotAsked = 3;
static_assert(static_cast<uint8_t>(Truth::kUnknown) < kNotAsked);

Truth negated(Truth a) {
  return a == Truth::kUnknown ? a : a == Truth::kTrue ? Truth::kFalse : Truth::kTrue;
}

Truth is(bool holds) { return holds ? Truth::kTrue : Truth::kFalse; }

template <typename T>
Truth compared(T a, Cmp cmp, T b) {
  switch (cmp) {
    case Cmp::kEq:
      return is(a == b);
    case Cmp::kNe:
      return is(a != b);
    case Cmp::kLt:
      return is(a < b);
    case Cmp::kLe:
      return is(a <= b);
    case Cmp::kGt:
      return is(a > b);
    case Cmp::kGe:
      break;
  }
  return is(a >= b);
}

}  // namespace

// Conditions of the classes of one machine. What is in no table is asked once.
struct QuickPass::Asked {
  QuickPass& pass;
  std::span<const SettlePlan::ClassConditions> of;
  std::vector<uint8_t>& memory;

  Asked(QuickPass& in, std::span<const SettlePlan::ClassConditions> classes)
      : pass(in), of(classes), memory(in.quick_.asked) {
    memory.assign(2 * classes.size(), kNotAsked);
  }
  Truth enter(int c) const {
    return once(2 * static_cast<size_t>(c), of[static_cast<size_t>(c)].enter);
  }
  Truth keep(int c) const {
    return once(2 * static_cast<size_t>(c) + 1, of[static_cast<size_t>(c)].keep);
  }
  Truth once(size_t place, const PlanCondition& condition) const {
    if (condition.clauses != 0) return pass.stands(condition.clauses);
    if (memory[place] == kNotAsked) memory[place] = static_cast<uint8_t>(pass.answer(condition));
    return static_cast<Truth>(memory[place]);
  }
  static bool nothing_above(int) { return false; }
};

QuickPass::QuickPass(SettleParts& parts, QuickParts& quick, uint32_t customer, CustomerState& state,
                     Micros t, std::optional<ChangedFacts> changed)
    : parts_(parts), quick_(quick), customer_(customer), state_(state), t_(t) {
  quick.begin(state);
  if (changed) memory_ = quick.memory.of(customer, parts.book.customers);
  if (memory_ != nullptr) {
    flags_ = static_cast<uint64_t>(std::exchange(memory_[0], 0));
    if ((flags_ & kSound) != 0) same_ = ~*changed;
    flags_ = same_ == 0 ? 0 : flags_ & ~kSound;
  }
  const size_t machines = parts.names.size();
  if (state.machines.size() != machines) state.machines.resize(machines);
  if (state.shown.size() != machines) state.shown.resize(machines);
  parts.out.moves.clear();
  parts.out.because.clear();
  if (std::exchange(quick.any_read, false)) {
    std::fill(quick.read.begin(), quick.read.end(), uint8_t{0});
  }
  quick.forget_wanted();
}

// What it finds of the customer goes where the quick way looks for it.
SettlePass& QuickPass::plain_pass() {
  if (!pass_) {
    std::vector<SettledMove> moves = std::move(parts_.out.moves);
    TextList because = std::move(parts_.out.because);
    pass_.emplace(parts_, customer_, state_, t_, true, SettleExtent::kClasses);
    pass_->calendar_ = quick_.calendar;
    parts_.out.moves = std::move(moves);
    parts_.out.because = std::move(because);
    if (quick_.rfm != nullptr && scored_ != kNotScored) {
      if (scores()) parts_.models->take_rfm(quick_.rfm->measured());
    }
  }
  return *pass_;
}

void QuickPass::show_class(size_t i, int document_class) {
  const size_t c = parts_.classification_of[i];
  const auto& classes = parts_.policy.classifications[c].classes;
  parts_.cells[i] = document_class == kNoClass
                        ? Cell()
                        : Cell::of_text(classes[static_cast<size_t>(document_class)].name);
  quick_.found[i] = QuickParts::Found::kMade;
}

// Whether the slot of a value has what is still so.
bool QuickPass::remembers(const QuickParts::Step& step) const {
  return (step.made_of & ~same_) == 0 && memory_[2 + 2 * quick_.slots[step.value].at] > t_;
}

void QuickPass::recall(size_t i) {
  using As = QuickParts::Slot::As;
  const auto [as, slot] = quick_.slots[i];
  Cell& cell = parts_.cells[i];
  cell = Cell();
  quick_.until[i] = memory_[2 + 2 * slot];
  quick_.found[i] = QuickParts::Found::kRemembered;
  if ((flags_ & uint64_t{1} << slot) == 0) return;
  const int64_t kept = memory_[1 + 2 * slot];
  if (as == As::kWhole) cell = Cell::of(kept);
  if (as == As::kDouble) cell = Cell::of_double(std::bit_cast<double>(kept));
  if (as == As::kWord) {
    cell.known = true;
    cell.text = parts_.policy.values[i].tag.values[static_cast<size_t>(kept)];
  }
}

void QuickPass::remember(size_t i, const Cell& cell, Micros next) {
  using As = QuickParts::Slot::As;
  const auto [as, slot] = quick_.slots[i];
  quick_.until[i] = next;
  if (memory_ == nullptr || as == As::kNone) return;
  int64_t kept = as == As::kDouble ? std::bit_cast<int64_t>(cell.number) : cell.integer;
  if (as == As::kWord && cell.known) {
    const std::vector<std::string>& words = parts_.policy.values[i].tag.values;
    const auto word = std::find(words.begin(), words.end(), cell.text);
    if (word == words.end()) next = kMinTime;  // it is not kept
    kept = word - words.begin();
  }
  memory_[1 + 2 * slot] = kept;
  memory_[2 + 2 * slot] = next;
  const uint64_t bit = uint64_t{1} << slot;
  flags_ = cell.known ? flags_ | bit : flags_ & ~bit;
}

void QuickPass::run() {
  if (parts_.joining_matters) {
    quick_.calendar.joined = plain_pass().joined();
    pass_->calendar_.joined = anchors_.joined = quick_.calendar.joined;
  }
  for (const QuickParts::Step& step : quick_.steps) {
    quick_.found[step.value] = QuickParts::Found::kNot;
    if (decides_nothing(step)) {
      stand_aside(step);
    } else if (same_ != 0 && stands_as_before(step) && was_placed(step)) {
      stand_as_before(step);
    } else if (step.window != nullptr && add_up(step)) {
      continue;
    } else if (step.kind != QuickParts::Step::Kind::kCondition) {
      find(step);
      stand(step);
    }
  }
  find_next();
  if (pass_) sooner(parts_.out.next);
  parts_.out.next = next_;
  if (memory_ != nullptr) memory_[0] = static_cast<int64_t>(flags_ | kSound);
}

// Whether a value is what the settling before has found.
bool QuickPass::stands_as_before(const QuickParts::Step& step) const {
  switch (step.kind) {
    case QuickParts::Step::Kind::kSlot:
      return remembers(step);
    case QuickParts::Step::Kind::kScore:
      return scores_stand();
    case QuickParts::Step::Kind::kFormula: {
      const std::vector<uint32_t>& inputs = quick_.inputs[step.value];
      for (const uint32_t i : inputs) {
        const QuickParts::Found found = quick_.found[i];
        if (found != QuickParts::Found::kNot && found != QuickParts::Found::kRemembered)
          return false;
      }
      return !inputs.empty();
    }
    default:
      return false;
  }
}

void QuickPass::find(const QuickParts::Step& step) {
  const size_t i = step.value;
  const PlanValue& plan = quick_.plan.values[i];
  switch (plan.way) {
    case PlanValue::Way::kGlance:
      glance(i);
      break;
    case PlanValue::Way::kCondition: {
      const Truth now = answer(plan.condition);
      parts_.cells[i] = now == Truth::kUnknown ? Cell() : Cell::of(now == Truth::kTrue ? 1 : 0);
      quick_.found[i] = QuickParts::Found::kMade;
      break;
    }
    case PlanValue::Way::kFormula:
      parts_.cells[i] = run_program(quick_.plan.programs[plan.program]);
      quick_.found[i] = QuickParts::Found::kMade;
      break;
    case PlanValue::Way::kTiers:
      tiers(i);
      if (step.table >= 0) need(i);
      break;
    case PlanValue::Way::kFlags:
      flags(i);
      break;
    case PlanValue::Way::kPlain:
      value(i);
      break;
    case PlanValue::Way::kIdle:
      break;
  }
}

// The cell of a value that is remembered, or follows from others.
void QuickPass::fetch_value(size_t i) {
  const QuickParts::Step& step = quick_.steps[quick_.place_of[i]];
  switch (step.kind) {
    case QuickParts::Step::Kind::kSlot:
      recall(i);
      break;
    case QuickParts::Step::Kind::kScore:
    case QuickParts::Step::Kind::kFormula:
    case QuickParts::Step::Kind::kCondition:
      find(step);
      break;
    case QuickParts::Step::Kind::kMachines: {
      const size_t c = parts_.classification_of[i];
      if (quick_.plan.values[i].way == PlanValue::Way::kFlags) {
        show_flags(i);
      } else {
        const int now = state_.machines[parts_.machines[c].front().state].current;
        show_class(i, document_class(parts_.policy.classifications[c], now));
      }
      break;
    }
    case QuickParts::Step::Kind::kAnew:
      break;
  }
}

void QuickPass::need(const Expression& expression) {
  const std::vector<size_t>& reads = quick_.plan.reads(expression);
  for (const int field : expression.fields()) need(reads[static_cast<size_t>(field)]);
}

// Of all values before one.
void QuickPass::need_before(size_t i) {
  for (const QuickParts::Step& step : quick_.steps) {
    if (step.value < i) need(step.value);
  }
}

// What the plan has no way for, but for scores of RFM.
void QuickPass::value(size_t i) {
  if (quick_.rfm != nullptr) {
    if (quick_.rfm->part(i) != QuickRfm::Part::kNone) return score(i, quick_.rfm->part(i));
    const bool of_class = parts_.policy.values[i].tag.source == TagSource::kClassification;
    if (of_class && quick_.rfm->has_grid(parts_.classification_of[i])) return grid(i);
  }
  plain(i);
}

void QuickPass::plain(size_t i) {
  SettlePass& pass = plain_pass();
  if (quick_.slots[i].as == QuickParts::Slot::As::kNone) need_before(i);
  MetricValue& found = parts_.out.values[i];
  found = MetricValue();
  if (parts_.policy.values[i].tag.source == TagSource::kClassification) {
    for (const SettleParts::Machine& one : parts_.machines[parts_.classification_of[i]]) {
      quick_.keep_before(one.state, state_);
    }
    pass.classify(i);
    pass.show(i);
    quick_.found[i] = QuickParts::Found::kPlainly;
    return;
  }
  const Micros next = parts_.out.next;
  pass.compute(i);
  pass.heed_null(i);
  pass.show(i);
  quick_.found[i] = QuickParts::Found::kPlainly;
  // Whether its next change counts is seen later.
  const bool asked_later = quick_.slots[i].as != QuickParts::Slot::As::kNone ||
                           quick_.plan.values[i].way == PlanValue::Way::kGlance;
  if (asked_later) parts_.out.next = next;
  remember(i, parts_.cells[i], found.next_change);
}

// A glance at all that the metrics of a stream look at.
bool QuickPass::read_stream(size_t stream) {
  enum : uint8_t { kUnread, kRead, kNot };
  uint8_t& read = quick_.read[stream];
  if (read != kUnread) return read == kRead;
  quick_.any_read = true;
  Micros from = t_;
  for (const uint32_t i : quick_.read_together[stream]) {
    from = std::min(from, quick_.metrics[i]->reads_from(t_, anchors_));
  }
  read = quick_.glances[stream]->read(customer_, from, t_) ? kRead : kNot;
  return read == kRead;
}

bool QuickPass::measure(size_t i, GlanceValue& out) {
  GlanceMetric& metric = *quick_.metrics[i];
  const auto stream = static_cast<size_t>(metric.stream());
  return read_stream(stream) && metric.measure(*quick_.glances[stream], t_, anchors_, out);
}

// A sum of a plain window: it is known, and a whole number. False where it is to be had in another
// way.
bool QuickPass::add_up(const QuickParts::Step& step) {
  WindowSum sum;
  if (!quick_.read_window(*step.window, customer_, t_) || !step.window->sums.measure(step.sum, sum))
    return false;
  const size_t i = step.value;
  parts_.cells[i] = Cell::of(sum.value);
  quick_.found[i] = QuickParts::Found::kSummed;
  quick_.until[i] = sum.next_change;
  if (memory_ != nullptr) {
    memory_[1 + 2 * step.slot] = sum.value;
    memory_[2 + 2 * step.slot] = sum.next_change;
    flags_ |= uint64_t{1} << step.slot;
  }
  if (step.places == nullptr) return true;
  const auto table = static_cast<size_t>(step.table);
  const size_t place = step.places->place_of(sum.value);
  if (memory_ != nullptr) places()[table] = static_cast<uint16_t>(place);
  stand_at(table, step.places->at(place));
  return true;
}

void QuickPass::glance(size_t i) {
  GlanceValue value;
  if (!measure(i, value)) return plain(i);
  parts_.cells[i] = value.cell;
  quick_.found[i] = QuickParts::Found::kMeasured;
  remember(i, value.cell, value.next_change);
}

// Whether every clause that reads a formula already fails by a value before it. Then it is not
// worked out, unless somebody asks for it by need().
bool QuickPass::decides_nothing(const QuickParts::Step& step) const {
  return step.kind == QuickParts::Step::Kind::kFormula && (step.part & ~fails_) == 0;
}

// Stands in its table where no clause is decided.
void QuickPass::stand_aside(const QuickParts::Step& step) {
  if (step.table < 0) return;
  const auto t = static_cast<size_t>(step.table);
  quick_.rows[t] = &QuickParts::kNoRow;
  if (memory_ != nullptr) places()[t] = QuickParts::kNowhere;
}

// Whether the settling before looked up where a value stands in its table: it may have left it
// aside.
bool QuickPass::was_placed(const QuickParts::Step& step) {
  return step.table < 0 || places()[static_cast<size_t>(step.table)] != QuickParts::kNowhere;
}

// What the clauses are, as far as a value has a part in them.
void QuickPass::stand(const QuickParts::Step& step) {
  if (step.table < 0) return;
  const auto t = static_cast<size_t>(step.table);
  const size_t place = step.places->place(parts_.cells[step.value]);
  if (memory_ != nullptr) places()[t] = static_cast<uint16_t>(place);
  stand_at(t, step.places->at(place));
}

void QuickPass::stand_as_before(const QuickParts::Step& step) {
  if (step.table < 0) return;
  const auto t = static_cast<size_t>(step.table);
  stand_at(t, step.places->at(places()[t]));
}

void QuickPass::stand_at(size_t table, const ClauseRow& row) {
  quick_.rows[table] = &row;
  holds_ &= row.holds;
  fails_ |= row.fails;
}

Truth QuickPass::stands(uint64_t clauses) const {
  if ((holds_ & clauses) != 0) return Truth::kTrue;
  return (fails_ & clauses) == clauses ? Truth::kFalse : Truth::kUnknown;
}

Truth QuickPass::answer(const PlanCondition& condition) {
  if (condition.clauses != 0) return stands(condition.clauses);
  need(*condition.expression);
  if (condition.term < 0) return truth_of(plain_pass().evaluate(*condition.expression));
  return truth(condition.term);
}

Truth QuickPass::compare(const PlanTerm& term) const {
  const Cell& cell = parts_.cells[term.value];
  if (!cell.known) return Truth::kUnknown;
  if (term.kind == PlanTerm::Kind::kCompare) return compared(cell.integer, term.cmp, term.number);
  if (term.kind == PlanTerm::Kind::kDouble) return compared(cell.number, term.cmp, term.real);
  return is((cell.text == term.text) == (term.cmp == Cmp::kEq));
}

Truth QuickPass::truth(int32_t index) {
  const PlanTerm& term = quick_.plan.terms[static_cast<size_t>(index)];
  switch (term.kind) {
    case PlanTerm::Kind::kAnd: {
      const Truth a = truth(term.a);
      if (a == Truth::kFalse) return a;
      const Truth b = truth(term.b);
      return b == Truth::kFalse || a == Truth::kTrue ? b : a;
    }
    case PlanTerm::Kind::kOr: {
      const Truth a = truth(term.a);
      if (a == Truth::kTrue) return a;
      const Truth b = truth(term.b);
      return b == Truth::kTrue || a == Truth::kFalse ? b : a;
    }
    case PlanTerm::Kind::kNot:
      return negated(truth(term.a));
    case PlanTerm::Kind::kCompare:
    case PlanTerm::Kind::kDouble:
    case PlanTerm::Kind::kText:
      return compare(term);
    case PlanTerm::Kind::kTruth:
      return truth_of(parts_.cells[term.value]);
    case PlanTerm::Kind::kProgram:
      break;
  }
  return truth_of(run_program(quick_.plan.programs[static_cast<size_t>(term.a)]));
}

Cell QuickPass::run_program(const SettlePlan::SubProgram& sub) {
  std::vector<Cell>& seen = quick_.seen;
  seen.resize(std::max(seen.size(), sub.fields));
  for (const FieldSlot& slot : sub.program->fields()) {
    const auto f = static_cast<size_t>(slot.field);
    need((*sub.reads)[f]);
    seen[f] = parts_.cells[(*sub.reads)[f]];
  }
  Cell out;
  const Status status = sub.program->run_row(std::span(seen).first(sub.fields), t_, {&out, 1});
  return status.ok() ? out : Cell();
}

template <typename Conditions>
void QuickPass::move(const SettleParts::Machine& machine, const Conditions& conditions) {
  quick_.keep_before(machine.state, state_);
  TierState& state = state_.machines[machine.state];
  const bool moved =
      tier_steps::step(machine.rules, state, conditions, t_, quick_.calendar).has_value();
  const TierRules& rules = machine.rules;
  sooner(quick_.simple[machine.state] != 0
             ? tier_steps::next_of_simple(rules, state, conditions, moved, t_, quick_.calendar)
             : tier_steps::next_due(rules, state, conditions, t_, quick_.calendar));
  if (state.current != state_.shown[machine.state].current) show_change(machine.state);
}

// All of whose conditions are in the plan's table.
void QuickPass::move_by_table(const SettleParts::Machine& machine) {
  if (stays(machine.state)) return;
  move(machine, TabledConditions{quick_.standings[machine.state].data(), holds_, fails_});
  hold_on(machine);
}

// Nobody has put another class in the place of the machine's.
void QuickPass::show_change(size_t machine) {
  const MachineName& name = parts_.names[machine];
  const auto& what = parts_.policy.classifications[static_cast<size_t>(name.classification)];
  const TierState& own = state_.machines[machine];
  ShownClass& shown = state_.shown[machine];
  SettledMove move;
  move.classification = name.classification;
  if (name.flag < 0) {
    move.from = document_class(what, shown.current);
    move.to = document_class(what, own.current);
  } else {
    (own.current == kFlagIn ? move.to : move.from) = name.flag;
  }
  const bool seen = name.flag < 0 || own.current == kFlagIn || shown.current == kFlagIn;
  if (seen) {
    TextList& because = parts_.out.because;
    const PackedDecisions::Parts decided = quick_.decisions.parts_of(move);
    if (what.seen.kind == ClassificationKind::kGrid && scored_ == kScored) {
      const QuickRfm& rfm = *quick_.rfm;
      because.add(PackedDecisions::pack_scores(rfm.scores(), rfm.shown(), rfm.known()));
    } else if (decided.packs()) {
      decided.for_each_value([this](uint32_t i) { need(i); });
      quick_.decisions.pack(decided, parts_.cells, because.open());
      because.close();
    } else {
      need_before(parts_.value_of[static_cast<size_t>(name.classification)]);
      because.add(plain_pass().decided(machine, shown.current, own.current));
    }
    parts_.out.moves.push_back(move);
  }
  SettlePass::note_move(shown, own.current);
  shown.current = own.current;
  shown.since = t_;
}

void QuickPass::tiers(size_t i) {
  const size_t c = parts_.classification_of[i];
  const PolicyClassificationData& what = parts_.policy.classifications[c];
  const SettleParts::Machine& machine = parts_.machines[c].front();
  if (what.seen.kind == ClassificationKind::kBands) {
    struct Bands {
      const PolicyClassificationData& what;
      std::optional<double> value;
      Truth enter(int b) const { return enters_band(what.cuts, b, value); }
      Truth keep(int b) const { return keeps_band(what.cuts, what.hysteresis, b, value); }
      bool nothing_above(int) const { return false; }
    };
    const size_t of = parts_.value_index(what.of);
    need(of);
    move(machine, Bands{what, number_of(parts_.cells[of], parts_.policy.values[of])});
    return;
  }
  if (quick_.tabled[c] != 0) return move_by_table(machine);
  move(machine, Asked(*this, quick_.plan.conditions[c]));
  hold_on(machine);
}

void QuickPass::flags(size_t i) {
  const size_t c = parts_.classification_of[i];
  for (size_t flag = 0; flag < parts_.machines[c].size(); ++flag) {
    const SettleParts::Machine& machine = parts_.machines[c][flag];
    if (quick_.tabled[c] != 0) {
      move_by_table(machine);
      continue;
    }
    const std::span<const SettlePlan::ClassConditions> one(&quick_.plan.conditions[c][flag], 1);
    move(machine, Asked(*this, one));
    hold_on(machine);
  }
}

void QuickPass::show_flags(size_t i) {
  const size_t c = parts_.classification_of[i];
  const PolicyClassificationData& what = parts_.policy.classifications[c];
  const std::vector<std::string>& known = parts_.policy.values[i].tag.values;
  uint64_t bits = 0;
  for (size_t flag = 0; flag < what.classes.size(); ++flag) {
    if (state_.machines[parts_.machines[c][flag].state].current != kFlagIn) continue;
    const auto bit = static_cast<size_t>(
        std::find(known.begin(), known.end(), what.classes[flag].name) - known.begin());
    if (bit < std::min<size_t>(known.size(), 64)) bits |= uint64_t{1} << bit;
  }
  parts_.cells[i] = Cell::of(static_cast<int64_t>(bits));
  quick_.found[i] = QuickParts::Found::kMade;
}

}  // namespace patron::internal
