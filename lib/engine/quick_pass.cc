#include "lib/engine/quick_pass.h"

#include <algorithm>
#include <bit>
#include <string>
#include <utility>

#include "lib/engine/tier_rules.h"
#include "lib/engine/tier_steps.h"

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

QuickParts::QuickParts(SettleParts& parts)
    : plan(parts.policy, parts.streams, parts.matters,
           [&parts](const Expression& e) -> const std::vector<size_t>& { return parts.reads(e); }),
      decisions(parts.policy) {
  const PolicyData& policy = parts.policy;
  calendar.zone = policy.zone;
  read_together.resize(policy.streams.size());
  read.resize(policy.streams.size());
  metrics.resize(policy.values.size());
  std::vector<std::vector<int>> columns(policy.streams.size());
  for (const uint32_t i : plan.order) {
    if (plan.values[i].way != PlanValue::Way::kGlance) continue;
    metrics[i] =
        std::make_unique<GlanceMetric>(*policy.values[i].metric, parts.streams, policy.zone);
    const auto stream = static_cast<size_t>(metrics[i]->stream());
    read_together[stream].push_back(i);
    for (const int column : metrics[i]->columns()) {
      auto& of = columns[stream];
      if (std::find(of.begin(), of.end(), column) == of.end()) of.push_back(column);
    }
  }
  for (size_t s = 0; s < policy.streams.size(); ++s) {
    glances.emplace_back();
    if (read_together[s].empty()) continue;
    glances[s] = std::make_unique<LogGlance>(parts.book, static_cast<int>(s), columns[s]);
    for (const uint32_t i : read_together[s]) metrics[i]->look_among(columns[s]);
  }
  simple.resize(parts.names.size(), 1);
  for (const std::vector<SettleParts::Machine>& machines : parts.machines) {
    for (const SettleParts::Machine& machine : machines) {
      bool free = machine.rules.cap_moves == 0;
      for (const TierRules::Class& one : machine.rules.classes) {
        free = free && one.cool_down == Period();
      }
      simple[machine.state] = free ? 1 : 0;
      all_simple = all_simple && free;
    }
  }
  for (const PolicyClassificationData& one : policy.classifications) {
    all_simple = all_simple && one.seen.kind != ClassificationKind::kRank;  // seats are lost
  }
  before.reserve(parts.names.size());
  look_at_rfm(parts);
  assign_slots(parts);
}

void QuickParts::look_at_rfm(SettleParts& parts) {
  const PolicyData& policy = parts.policy;
  const auto model =
      std::find_if(policy.models.begin(), policy.models.end(),
                   [](const PolicyModel& one) { return one.kind == PolicyModel::Kind::kRfm; });
  const auto orders = std::find_if(parts.streams.begin(), parts.streams.end(),
                                   [](const MetricStream& one) { return one.name == "orders"; });
  if (!parts.models_matter || model == policy.models.end() || orders == parts.streams.end()) return;
  const int amount = orders->reader->layout().find("amount");
  if (amount < 0) return;
  const std::string& name = model->name;
  for (const char* raw : {".frequency", ".monetary"}) {
    const size_t i = parts.value_index(name + raw);
    if (i < parts.matters.size() && parts.matters[i]) return;
  }
  rfm = std::make_unique<QuickRfm>(
      GlanceRfm(model->window, orders->rules, 0, policy.zone),
      LogGlance(parts.book, static_cast<int>(orders - parts.streams.begin()), {amount}), name);
  rfm->parts.resize(policy.values.size(), QuickRfm::Part::kNone);
  static constexpr std::pair<const char*, QuickRfm::Part> kScores[3]{
      {".r", QuickRfm::Part::kR}, {".f", QuickRfm::Part::kF}, {".m", QuickRfm::Part::kM}};
  for (size_t k = 0; k < 3; ++k) {
    const size_t i = parts.value_index(name + kScores[k].first);
    rfm->shown[k] = i < policy.values.size();
    if (rfm->shown[k] && policy.values[i].on_null == OnNull::kClear) {
      rfm->parts[i] = kScores[k].second;
    }
  }
  for (const PolicyClassificationData& one : policy.classifications) {
    std::optional<SegmentTable>& table = rfm->tables.emplace_back();
    const size_t point = one.table.find('.');
    if (one.seen.kind != ClassificationKind::kGrid || one.table.substr(0, point) != name) continue;
    Result<SegmentTable> named = SegmentTable::named(one.table.substr(point + 1));
    if (named.ok()) table = *std::move(named);
  }
}

// What depends on her own facts and the clock alone, and says when it changes.
void QuickParts::assign_slots(const SettleParts& parts) {
  const PolicyData& policy = parts.policy;
  slots.assign(policy.values.size(), kNoSlot);
  size_t count = 0;
  for (const uint32_t i : plan.order) {
    const PolicyValue& value = policy.values[i];
    const PlanValue::Way way = plan.values[i].way;
    if (way != PlanValue::Way::kGlance && way != PlanValue::Way::kPlain) continue;
    if (value.on_null != OnNull::kClear || value.tag.kind == Kind::kString ||
        value.tag.kind == Kind::kEnumSet) {
      continue;
    }
    if (value.tag.kind == Kind::kEnum && value.tag.values.empty()) continue;
    bool own = parts.metrics[i] != nullptr || value.tag.source == TagSource::kAttribute;
    for (const PolicyModel& model : policy.models) {
      const bool of_one =
          model.kind == PolicyModel::Kind::kNps || model.kind == PolicyModel::Kind::kLtv;
      own = own || (of_one && value.tag.source == TagSource::kModel &&
                    value.tag.name.starts_with(model.name + "."));
    }
    if (own && count < QuickMemory::kMostSlots) slots[i] = static_cast<uint8_t>(count++);
  }
  memory = QuickMemory(count, rfm == nullptr ? 0 : 4);
}

bool QuickParts::keeps_before(const CustomerState& state) const {
  return all_simple && state.seats_lost.empty();
}

void QuickParts::take_back(CustomerState& state) const {
  if (before.empty()) {  // she had never been settled
    state.machines.clear();
    state.shown.clear();
    return;
  }
  for (size_t m = 0; m < before.size(); ++m) {
    state.machines[m].current = before[m].current;
    state.machines[m].since = before[m].since;
    state.machines[m].false_since = before[m].false_since;
    state.shown[m] = before[m].shown;
  }
}

void QuickParts::let_go() {
  for (const auto& glance : glances) {
    if (glance != nullptr) glance->let_go();
  }
  for (const auto& metric : metrics) {
    if (metric != nullptr) metric->let_go();
  }
  if (rfm != nullptr) {
    rfm->measures.let_go();
    rfm->orders.let_go();
    rfm->measured = RfmMeasured();
    rfm->scores = Scores();
  }
  std::fill(seen.begin(), seen.end(), Cell());
  std::fill(asked.begin(), asked.end(), kNotAsked);
  std::fill(before.begin(), before.end(), MachineBefore());
}

// Conditions of the classes of one machine, each asked once.
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
    if (memory[place] == kNotAsked) memory[place] = static_cast<uint8_t>(pass.answer(condition));
    return static_cast<Truth>(memory[place]);
  }
};

QuickPass::QuickPass(SettleParts& parts, QuickParts& quick, uint32_t customer, CustomerState& state,
                     Micros t, QuickUse use)
    : parts_(parts), quick_(quick), customer_(customer), state_(state), t_(t), use_(use) {
  if (use != QuickUse::kAside) memory_ = quick.memory.of(customer, parts.book.customers);
  const size_t machines = parts.names.size();
  keep_before();
  if (state.machines.size() != machines) state.machines.resize(machines);
  if (state.shown.size() != machines) state.shown.resize(machines);
  parts.out.moves.clear();
  parts.out.because.clear();
  if (parts.cells.size() != parts.policy.values.size()) {
    parts.cells.resize(parts.policy.values.size());
  }
  for (uint8_t& read : quick.read) read = 0;
}

void QuickPass::keep_before() {
  std::vector<QuickParts::MachineBefore>& before = quick_.before;
  before.clear();
  if (state_.machines.size() != state_.shown.size()) return;
  for (size_t m = 0; m < state_.machines.size(); ++m) {
    const TierState& machine = state_.machines[m];
    before.push_back({machine.current, machine.since, machine.false_since, state_.shown[m]});
  }
}

// What it finds of the customer goes where the quick way looks for it.
SettlePass& QuickPass::plain_pass() {
  if (!pass_) {
    std::vector<SettledMove> moves = std::move(parts_.out.moves);
    std::vector<std::string> because = std::move(parts_.out.because);
    pass_.emplace(parts_, customer_, state_, t_, true, SettleExtent::kClasses);
    pass_->calendar_ = quick_.calendar;
    parts_.out.moves = std::move(moves);
    parts_.out.because = std::move(because);
    if (quick_.rfm != nullptr && scored_ != kNotScored) {
      if (scores()) parts_.models->take_rfm(quick_.rfm->measured);
    }
  }
  return *pass_;
}

// Her measures and scores. False where they are to be had in the plain way.
bool QuickPass::scores() {
  if (scored_ != kNotLooked) return scored_ == kScored;
  QuickRfm& rfm = *quick_.rfm;
  rfm.constants = parts_.models->constants().find<RfmConstants>(rfm.name);
  const RfmCuts* cuts = rfm.constants == nullptr ? nullptr : &rfm.constants->cuts;
  // Last day, frequency, money, and when any of it counts.
  int64_t* kept = memory_ == nullptr ? nullptr : memory_ + 1 + 2 * quick_.memory.slots();
  RfmMeasured& measured = rfm.measured;
  if (kept != nullptr && use_ == QuickUse::kTime && (flags_ & kRfmKept) != 0 && kept[3] > t_) {
    measured = RfmMeasured();
    if ((flags_ & kRfmBought) != 0) measured.last_day = kept[0];
    measured.frequency = kept[1];
    if ((flags_ & kRfmMoney) != 0) measured.monetary = kept[2];
    measured.next_change = kept[3];
  } else if (!rfm.measures.measure(rfm.orders, customer_, t_, cuts, measured)) {
    scored_ = kNotScored;
    return false;
  }
  scored_ = kScored;
  if (kept != nullptr) {
    kept[0] = measured.last_day.value_or(0), kept[1] = measured.frequency;
    kept[2] = measured.monetary.value_or(0), kept[3] = measured.next_change;
    kept_ |= kRfmKept | (measured.last_day ? kRfmBought : 0) | (measured.monetary ? kRfmMoney : 0);
  }
  rfm.known = cuts != nullptr && measured.monetary.has_value();
  rfm.scores = Scores();
  rfm.next_r = measured.next_change;
  if (!rfm.known || !measured.last_day) return true;
  const TimeZone& zone = parts_.policy.zone;
  rfm.scores = rfm_score(zone.local_day(t_) - *measured.last_day, measured.frequency,
                         *measured.monetary, *cuts);
  rfm.next_r = std::min(rfm.next_r, next_recency(measured, *cuts, zone, t_));
  return true;
}

void QuickPass::score(size_t i, QuickRfm::Part part) {
  if (!scores()) return plain(i);
  const QuickRfm& rfm = *quick_.rfm;
  const int score = part == QuickRfm::Part::kR   ? rfm.scores.r
                    : part == QuickRfm::Part::kF ? rfm.scores.f
                                                 : rfm.scores.m;
  parts_.cells[i] = rfm.known ? Cell::of(score) : Cell();
  sooner(part == QuickRfm::Part::kR ? rfm.next_r : rfm.measured.next_change);
}

// The class of a grid over the scores of RFM, as ModelValues::grid_class().
void QuickPass::grid(size_t i) {
  const size_t c = parts_.classification_of[i];
  if (!scores()) return plain(i);
  const QuickRfm& rfm = *quick_.rfm;
  const PolicyClassificationData& what = parts_.policy.classifications[c];
  int to = kNoClass;
  if (rfm.constants != nullptr) {
    if (!rfm.measured.last_day) {
      to = static_cast<int>(what.classes.size()) - 1;
    } else {
      sooner(rfm.next_r);
      if (rfm.known) to = rfm.tables[c]->segment_of(rfm.scores);
    }
  }
  const size_t machine = parts_.machines[c].front().state;
  TierState& state = state_.machines[machine];
  if (state.current != to) {
    state.current = to;
    state.since = t_;
  }
  if (to != state_.shown[machine].current) show_change(machine);
  parts_.cells[i] =
      to == kNoClass ? Cell() : Cell::of_text(what.classes[static_cast<size_t>(to)].name);
}

// As SettlePass::decided() writes it.
std::string QuickPass::because_of_scores() const {
  const QuickRfm& rfm = *quick_.rfm;
  std::string out;
  const int scores[3] = {rfm.scores.r, rfm.scores.f, rfm.scores.m};
  for (size_t k = 0; k < 3; ++k) {
    if (!rfm.shown[k]) continue;
    out += 'g';
    out += static_cast<char>('0' + k);
    out += 'T';
    if (rfm.known) out += "=i" + std::to_string(scores[k]);
    out += '\n';
  }
  return out;
}

// Whether the slot of a value has what is still so.
bool QuickPass::remembers(size_t i) {
  const uint8_t slot = quick_.slots[i];
  if (memory_ == nullptr || slot == QuickParts::kNoSlot || use_ != QuickUse::kTime) return false;
  if ((flags_ & kSound) == 0 || memory_[2 + 2 * slot] <= t_) return false;
  const bool known = (flags_ >> slot & 1) != 0;
  const int64_t kept = memory_[1 + 2 * slot];
  Cell& cell = parts_.cells[i];
  cell = Cell();
  if (known) {
    const PolicyTag& tag = parts_.policy.values[i].tag;
    if (tag.kind == Kind::kDouble) {
      cell = Cell::of_double(std::bit_cast<double>(kept));
    } else if (tag.kind == Kind::kEnum) {
      cell.known = true;
      cell.text = tag.values[static_cast<size_t>(kept)];
    } else {
      cell = Cell::of(kept);
    }
    kept_ |= uint64_t{1} << slot;
  }
  sooner(memory_[2 + 2 * slot]);
  const PlanValue& value = quick_.plan.values[i];
  // It is on the same side of every level, and need not be the same.
  if (value.way == PlanValue::Way::kGlance && !value.levels.every) sides_ |= uint64_t{1} << slot;
  return true;
}

// What decides a move is as it is now.
void QuickPass::renew(const SettledMove& move) {
  for (const uint32_t i : quick_.plan.order) {
    const uint8_t slot = quick_.slots[i];
    if (slot == QuickParts::kNoSlot || (sides_ >> slot & 1) == 0) continue;
    if (!quick_.decisions.reads(move, i)) continue;
    sides_ &= ~(uint64_t{1} << slot);
    glance(i);
  }
}

void QuickPass::remember(size_t i, const Cell& cell, Micros next) {
  const uint8_t slot = quick_.slots[i];
  if (memory_ == nullptr || slot == QuickParts::kNoSlot) return;
  int64_t kept = cell.integer;
  const PolicyTag& tag = parts_.policy.values[i].tag;
  if (tag.kind == Kind::kDouble) kept = std::bit_cast<int64_t>(cell.number);
  if (tag.kind == Kind::kEnum && cell.known) {
    const auto word = std::find(tag.values.begin(), tag.values.end(), cell.text);
    if (word == tag.values.end()) next = kMinTime;  // not kept
    kept = word - tag.values.begin();
  }
  memory_[1 + 2 * slot] = kept;
  memory_[2 + 2 * slot] = next;
  if (cell.known) kept_ |= uint64_t{1} << slot;
}

bool QuickPass::can(const SettleParts& parts, const QuickParts& quick, uint32_t customer,
                    const CustomerState& state) {
  return quick.plan.whole && state.overrides.empty() && !state.linked && !state.parted &&
         !parts.book.linked(customer);
}

void QuickPass::run() {
  if (parts_.joining_matters) {
    quick_.calendar.joined = plain_pass().joined();
    pass_->calendar_.joined = anchors_.joined = quick_.calendar.joined;
  }
  if (memory_ != nullptr) flags_ = static_cast<uint64_t>(std::exchange(memory_[0], 0));
  for (const uint32_t i : quick_.plan.order) {
    if (remembers(i)) continue;
    switch (quick_.plan.values[i].way) {
      case PlanValue::Way::kGlance:
        glance(i);
        break;
      case PlanValue::Way::kCondition: {
        const Truth now = answer(quick_.plan.values[i].condition);
        parts_.cells[i] = now == Truth::kUnknown ? Cell() : Cell::of(now == Truth::kTrue ? 1 : 0);
        break;
      }
      case PlanValue::Way::kFormula:
        parts_.cells[i] = run_program(quick_.plan.programs[quick_.plan.values[i].program]);
        break;
      case PlanValue::Way::kTiers:
        tiers(i);
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
  if (pass_) sooner(parts_.out.next);
  parts_.out.next = next_;
  if (memory_ != nullptr) memory_[0] = static_cast<int64_t>(kept_ | kSound);
}

// What the plan has no way for, but for scores of RFM.
void QuickPass::value(size_t i) {
  if (quick_.rfm != nullptr) {
    if (quick_.rfm->parts[i] != QuickRfm::Part::kNone) return score(i, quick_.rfm->parts[i]);
    const bool of_class = parts_.policy.values[i].tag.source == TagSource::kClassification;
    if (of_class && quick_.rfm->tables[parts_.classification_of[i]]) return grid(i);
  }
  plain(i);
}

void QuickPass::plain(size_t i) {
  SettlePass& pass = plain_pass();
  parts_.out.values[i] = MetricValue();
  if (parts_.policy.values[i].tag.source == TagSource::kClassification) {
    pass.classify(i);
  } else {
    pass.compute(i);
    pass.heed_null(i);
  }
  pass.show(i);
  remember(i, parts_.cells[i], parts_.out.values[i].next_change);
}

// A glance at all that the metrics of a stream look at.
bool QuickPass::read_stream(size_t stream) {
  enum : uint8_t { kUnread, kRead, kNot };
  uint8_t& read = quick_.read[stream];
  if (read != kUnread) return read == kRead;
  Micros from = t_;
  for (const uint32_t i : quick_.read_together[stream]) {
    from = std::min(from, quick_.metrics[i]->reads_from(t_, anchors_));
  }
  read = quick_.glances[stream]->read(customer_, from, t_) ? kRead : kNot;
  return read == kRead;
}

void QuickPass::glance(size_t i) {
  GlanceMetric& metric = *quick_.metrics[i];
  const auto stream = static_cast<size_t>(metric.stream());
  GlanceValue value;
  if (!read_stream(stream) || !metric.evaluate(*quick_.glances[stream], t_, anchors_,
                                               quick_.plan.values[i].levels, value)) {
    return plain(i);
  }
  parts_.cells[i] = value.cell;
  sooner(value.next_change);
  remember(i, value.cell, value.next_change);
}

Truth QuickPass::answer(const PlanCondition& condition) {
  if (condition.term < 0) return truth_of(plain_pass().evaluate(*condition.expression));
  if (condition.begin == condition.end) return truth(condition.term);
  Truth all = Truth::kTrue;
  for (uint32_t i = condition.begin; i < condition.end; ++i) {
    const Truth one = compare(quick_.plan.compares[i]);
    if (one == Truth::kFalse) return one;
    if (one == Truth::kUnknown) all = one;
  }
  return all;
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
    seen[f] = parts_.cells[(*sub.reads)[f]];
  }
  Cell out;
  const Status status = sub.program->run_row(std::span(seen).first(sub.fields), t_, {&out, 1});
  return status.ok() ? out : Cell();
}

template <typename Conditions>
int QuickPass::move(const SettleParts::Machine& machine, const Conditions& conditions) {
  TierState& state = state_.machines[machine.state];
  const bool moved =
      tier_steps::step(machine.rules, state, conditions, t_, quick_.calendar).has_value();
  sooner(!moved && quick_.simple[machine.state] != 0
             ? tier_steps::next_leaving(machine.rules, state, conditions, t_, quick_.calendar)
             : tier_steps::next_due(machine.rules, state, conditions, t_, quick_.calendar));
  if (state.current != state_.shown[machine.state].current) show_change(machine.state);
  return state.current;
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
    if (sides_ != 0) renew(move);
    std::string because;
    if (!quick_.decisions.pack(move, parts_.cells, because)) {
      const bool of_scores = what.seen.kind == ClassificationKind::kGrid && scored_ == kScored;
      because = of_scores ? because_of_scores()
                          : plain_pass().decided(machine, shown.current, own.current);
    }
    parts_.out.because.push_back(std::move(because));
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
  int now = kNoClass;
  if (what.seen.kind == ClassificationKind::kBands) {
    struct Bands {
      const PolicyClassificationData& what;
      std::optional<double> value;
      Truth enter(int b) const { return enters_band(what.cuts, b, value); }
      Truth keep(int b) const { return keeps_band(what.cuts, what.hysteresis, b, value); }
    };
    const size_t of = parts_.value_index(what.of);
    now = document_class(
        what, move(machine, Bands{what, number_of(parts_.cells[of], parts_.policy.values[of])}));
  } else {
    now = move(machine, Asked(*this, quick_.plan.conditions[c]));
  }
  parts_.cells[i] =
      now == kNoClass ? Cell() : Cell::of_text(what.classes[static_cast<size_t>(now)].name);
}

void QuickPass::flags(size_t i) {
  const size_t c = parts_.classification_of[i];
  const PolicyClassificationData& what = parts_.policy.classifications[c];
  const std::vector<std::string>& known = parts_.policy.values[i].tag.values;
  uint64_t bits = 0;
  for (size_t flag = 0; flag < what.classes.size(); ++flag) {
    const std::span<const SettlePlan::ClassConditions> one(&quick_.plan.conditions[c][flag], 1);
    if (move(parts_.machines[c][flag], Asked(*this, one)) != kFlagIn) continue;
    const auto bit = static_cast<size_t>(
        std::find(known.begin(), known.end(), what.classes[flag].name) - known.begin());
    if (bit < std::min<size_t>(known.size(), 64)) bits |= uint64_t{1} << bit;
  }
  parts_.cells[i] = Cell::of(static_cast<int64_t>(bits));
}

}  // namespace patron::internal
