#include "lib/engine/quick/quick_parts.h"

#include <algorithm>
#include <string>
#include <utility>

#include "lib/engine/quick/scores_pass.h"
#include "lib/engine/quick/sums_pass.h"

namespace patron::internal {

const ClauseRow QuickParts::kNoRow;

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
  windows.resize(policy.streams.size());
  look_at_machines(parts);
  rfm = QuickRfm::of(parts);
  for (size_t i = 0; rfm != nullptr && i < policy.values.size(); ++i) {
    const QuickRfm::Part part = rfm->part(i);
    // Days go by, and orders leave the window.
    if (part != QuickRfm::Part::kNone) plan.values[i].falls = part != QuickRfm::Part::kM;
  }
  make_steps(parts);
  assign_slots(parts);
  if (rfm != nullptr && WindowSums::takes(rfm->spend(), parts.streams)) {
    rfm_window = &window_of(parts, static_cast<size_t>(rfm->spend().stream));
    rfm_sum = rfm_window->sums.add(rfm->spend(), parts.streams);
  }
  for (uint32_t t = 0; t < plan.table.tables().size(); ++t) {
    const PlanValue& value = plan.values[plan.table.tables()[t].value()];
    (value.still ? still : value.falls ? falling : moving).push_back(t);
  }
  until.resize(policy.values.size(), TimeRange::kNever);
  found.resize(policy.values.size(), Found::kNot);
  wanted.resize(policy.values.size());
  rows.resize(plan.table.tables().size());
  asked_for.resize((steps.size() + 63) / 64);
  always.resize(asked_for.size());
  for (size_t k = 0; k < steps.size(); ++k) {
    if (!plan.values[steps[k].value].cuts.empty()) sided.push_back(steps[k].value);
    if (plan.values[steps[k].value].always) always[k / 64] |= uint64_t{1} << k % 64;
  }
  parts.cells.resize(policy.values.size());
  exchange(parts.models->constants());
  sums = SumsPass::of(parts, *this);
  if (sums != nullptr) memory = QuickMemory();
  scores = ScoresPass::of(parts, *this);
}

QuickParts::~QuickParts() = default;

void QuickParts::make_steps(SettleParts& parts) {
  place_of.resize(parts.policy.values.size(), 0);
  inputs.resize(parts.policy.values.size());
  for (const uint32_t i : plan.order) {
    Step step;
    step.value = i;
    step.table = plan.table.place_of(i);
    if (step.table >= 0) {
      step.places = &plan.table.tables()[static_cast<size_t>(step.table)];
      // The last row is that of a value that is not known, with which no comparison is true: of
      // the clauses that hold there none compares it.
      step.part = ~step.places->at(step.places->rows() - 1).holds;
    }
    place_of[i] = static_cast<uint32_t>(steps.size());
    const PlanValue& value = plan.values[i];
    switch (value.way) {
      case PlanValue::Way::kTiers:
      case PlanValue::Way::kFlags:
        step.kind = Step::Kind::kMachines;
        break;
      case PlanValue::Way::kCondition:
        if (value.condition.clauses != 0) step.kind = Step::Kind::kCondition;
        break;
      case PlanValue::Way::kFormula:
        step.kind = Step::Kind::kFormula;
        break;
      default:
        if (rfm != nullptr && rfm->part(i) != QuickRfm::Part::kNone) step.kind = Step::Kind::kScore;
        break;
    }
    steps.push_back(step);
  }
}

void QuickParts::look_at_machines(const SettleParts& parts) {
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
  standings.resize(parts.names.size());
  for (size_t c = 0; c < parts.machines.size(); ++c) {
    const ClassificationKind kind = parts.policy.classifications[c].seen.kind;
    all_simple = all_simple && kind != ClassificationKind::kRank;  // seats are lost
    const bool flags = kind == ClassificationKind::kFlags;
    tabled.push_back(kind == ClassificationKind::kBands ? 0 : 1);
    for (size_t k = 0; k < plan.conditions[c].size(); ++k) {
      const SettlePlan::ClassConditions& of = plan.conditions[c][k];
      for (const PlanCondition* one : {&of.enter, &of.keep}) {
        if (one->expression != nullptr && one->clauses == 0) tabled.back() = 0;
      }
      auto& standing = standings[parts.machines[c][flags ? k : 0].state];
      if (standing.empty()) standing.emplace_back();
      standing.back().enter = of.enter.clauses;
      standing.back().stay = of.enter.clauses | of.keep.clauses;
      standing.back().keep = of.keep.clauses;
      standing.back().rests = of.enter.expression == nullptr && of.keep.expression == nullptr;
      const uint64_t before_next = standing.back().before | of.enter.clauses;
      standing.emplace_back().before = before_next;
      if (flags) standing.back().rests = true;  // who has it not
    }
  }
  before.reserve(parts.names.size());
}

// What depends on her own facts and the clock alone, and says when it changes.
void QuickParts::assign_slots(const SettleParts& parts) {
  const PolicyData& policy = parts.policy;
  slots.resize(policy.values.size());
  size_t count = 0;
  for (Step& step : steps) {
    const size_t i = step.value;
    const PolicyValue& value = policy.values[i];
    const PlanValue::Way way = plan.values[i].way;
    if (way != PlanValue::Way::kGlance && way != PlanValue::Way::kPlain) continue;
    if (step.kind == Step::Kind::kScore) continue;
    if (value.on_null != OnNull::kClear || value.tag.kind == Kind::kString ||
        value.tag.kind == Kind::kEnumSet) {
      continue;
    }
    if (value.tag.kind == Kind::kEnum && value.tag.values.empty()) continue;
    bool own = parts.metrics[i] != nullptr || value.tag.source == TagSource::kAttribute;
    for (const PolicyModel& model : policy.models) {
      if (value.tag.source != TagSource::kModel || !value.tag.name.starts_with(model.name + "."))
        continue;
      const bool ltv = model.kind == PolicyModel::Kind::kLtv;
      own = own || ltv || model.kind == PolicyModel::Kind::kNps;
      keeps_of_constants_ = keeps_of_constants_ || ltv;
    }
    if (!own || count == QuickMemory::kMostSlots) continue;
    step.kind = Step::Kind::kSlot;
    step.made_of = facts_of(parts, i);
    slots[i].at = step.slot = static_cast<uint8_t>(count++);
    slots[i].as = value.tag.kind == Kind::kDouble ? Slot::As::kDouble
                  : value.tag.kind == Kind::kEnum ? Slot::As::kWord
                                                  : Slot::As::kWhole;
    if (way != PlanValue::Way::kGlance || !WindowSums::takes(*value.metric, parts.streams))
      continue;
    step.window = &window_of(parts, static_cast<size_t>(value.metric->stream));
    step.sum = static_cast<uint8_t>(step.window->sums.add(*value.metric, parts.streams));
    step.falls = plan.values[i].falls;
  }
  for (const Step& step : steps) {
    if (step.kind != Step::Kind::kFormula) continue;
    const Expression& expression = *policy.values[step.value].expression;
    std::vector<uint32_t>& of = inputs[step.value];
    for (const int field : expression.fields()) {
      const size_t i = plan.reads(expression)[static_cast<size_t>(field)];
      if (slots[i].as == Slot::As::kNone) {
        of.clear();
        break;
      }
      of.push_back(static_cast<uint32_t>(i));
    }
  }
  rows_at = 1 + 2 * count;
  rfm_at = rows_at + (plan.table.tables().size() + 3) / 4;
  memory = QuickMemory(count, rfm_at - rows_at + (rfm == nullptr ? 0 : QuickRfm::kWords));
}

QuickParts::SumWindow& QuickParts::window_of(const SettleParts& parts, size_t stream) {
  if (windows[stream] == nullptr) {
    windows[stream] = std::make_unique<SumWindow>(parts.book, static_cast<int>(stream));
  }
  return *windows[stream];
}

QuickParts::Excuses* QuickParts::excuses_of(std::span<const int64_t> places, uint64_t open) {
  if (places.size() > Excuses::kMostWords) return nullptr;
  if (excuses_.empty()) excuses_.resize(size_t{1} << kExcusesBits);
  constexpr uint64_t kMix = 0x9E3779B97F4A7C15;
  uint64_t hash = open * kMix;
  for (const int64_t word : places) hash = (hash ^ static_cast<uint64_t>(word) ^ hash >> 29) * kMix;
  return &excuses_[hash >> (64 - kExcusesBits)];
}

void QuickParts::forget_asked() {
  std::fill(asked_for.begin(), asked_for.end(), uint64_t{0});
  std::fill(wanted.begin(), wanted.end(), ValueRange());
}

void QuickParts::exchange(const CalibrationData& constants) {
  keeps_of_constants_ ? memory.forget_all() : memory.clear(kRfmKept);
  if (rfm != nullptr) rfm->use(constants.find<RfmConstants>(rfm->name()));
}

// The facts that a value with a slot is made of.
ChangedFacts QuickParts::facts_of(const SettleParts& parts, size_t i) const {
  const PolicyValue& value = parts.policy.values[i];
  if (value.tag.source == TagSource::kAttribute) return kAttributeFacts;
  const auto of_stream = [](size_t stream) {
    return ChangedFacts{1} << std::min(stream, size_t{kBitStreams});
  };
  if (value.metric) {
    const MetricSpec& metric = *value.metric;
    const bool more = metric.followed_by || !metric.steps.empty() ||
                      metric.window.kind == Window::Kind::kSinceJoin;
    return more || metric.stream < 0 ? kAnyFacts : of_stream(static_cast<size_t>(metric.stream));
  }
  for (const PolicyModel& model : parts.policy.models) {
    if (!value.tag.name.starts_with(model.name + ".")) continue;
    const bool nps = model.kind == PolicyModel::Kind::kNps;
    const char* const name = nps ? "surveys" : "orders";
    for (size_t s = 0; s < parts.streams.size(); ++s) {
      if (parts.streams[s].name == name) return of_stream(s);
    }
  }
  return kAnyFacts;
}

void QuickParts::take_back(CustomerState& state) const {
  if (was_new) {
    state.machines.clear();
    state.shown.clear();
    return;
  }
  for (const MachineBefore& one : before) {
    TierState& machine = state.machines[one.machine];
    machine.current = one.current;
    machine.since = one.since;
    machine.false_since = one.false_since;
    state.shown[one.machine] = one.shown;
  }
}

void QuickParts::let_go() {
  for (const auto& glance : glances) {
    if (glance != nullptr) glance->let_go();
  }
  for (const auto& metric : metrics) {
    if (metric != nullptr) metric->let_go();
  }
  for (const auto& window : windows) {
    if (window != nullptr) window->sums.let_go();
  }
  if (rfm != nullptr) rfm->let_go();
  if (sums != nullptr) sums->let_go();
  std::fill(seen.begin(), seen.end(), Cell());
  std::fill(asked.begin(), asked.end(), uint8_t{0});
  before.assign(before.capacity(), MachineBefore());  // there is room
  before.clear();
}

}  // namespace patron::internal
