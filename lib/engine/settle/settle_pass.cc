#include "lib/engine/settle/settle_pass.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "lib/book/log_view.h"
#include "lib/engine/settle/default_value.h"
#include "lib/engine/settle/scorecard.h"
#include "lib/expr/compiled.h"
#include "patron/money.h"

namespace patron::internal {

SettlePass::SettlePass(SettleParts& parts, uint32_t customer, CustomerState& state, Micros t,
                       bool moving, SettleExtent extent)
    : parts_(parts),
      customer_(customer),
      state_(state),
      t_(t),
      moving_(moving),
      all_(extent == SettleExtent::kAll || extent == SettleExtent::kValues),
      timed_(extent != SettleExtent::kValues && extent != SettleExtent::kOutcome),
      told_(extent == SettleExtent::kAll || extent == SettleExtent::kClasses),
      later_(extent == SettleExtent::kLater),
      calendar_(parts.calendar),
      cells_(parts.cells),
      seen_(parts.seen),
      out_(parts.out) {
  const PolicyData& policy = parts.policy;
  state.machines.resize(parts.names.size());
  state.shown.resize(parts.names.size());
  if (parts.keeps) state.kept.resize(policy.values.size());
  if (all_) out_.values.clear();
  out_.values.resize(policy.values.size());
  out_.moves.clear();
  out_.because.clear();
  out_.since.assign(policy.classifications.size(), std::nullopt);
  out_.eligible.assign(policy.classifications.size(), false);
  out_.next = kEndTime;
  cells_.resize(policy.values.size());
  parts.before = state.shown;
  if (moving) begin_holds(state.overrides, state.shown, parts.names, t);
  if (all_ || parts.models_matter) parts.models->begin(customer, parts.book.ids->id(customer), t);
}

void SettlePass::run() {
  const PolicyData& policy = parts_.policy;
  calendar_.joined.reset();
  const bool unasked = all_ && !timed_ && !parts_.joining_is_read;
  if ((all_ || parts_.joining_matters) && !unasked) calendar_.joined = joined();
  if (!all_ && parts_.scope != nullptr) {
    for (const size_t i : *parts_.scope) look_at(i);
  } else {
    for (size_t i = 0; i < policy.values.size(); ++i) {
      if (all_ || parts_.matters[i]) look_at(i);
    }
  }
  sooner(next_override(state_.overrides, t_));
  if (moving_) {
    // Who had no class when a hold began is held in the first that she gets.
    begin_holds(state_.overrides, state_.shown, parts_.names, t_);
    end_overrides(state_.overrides, t_);
    state_.linked = state_.parted = false;
  }
  // What is counted since she came into a class is counted anew from the next instant on.
  for (const size_t machine : parts_.entries_matter) {
    if (!(state_.shown[machine] == parts_.before[machine])) sooner(t_ + 1);
  }
  if (!all_ || !timed_) return;
  for (LogReader& reader : parts_.readers) sooner(first_after(reader, customer_, t_));
  for (LogReader& reader : parts_.attributes) sooner(first_after(reader, customer_, t_));
}

void SettlePass::look_at(size_t i) {
  if (later_ && stands(i)) return sooner(out_.values[i].next_change);
  out_.values[i] = MetricValue();
  if (parts_.policy.values[i].tag.source == TagSource::kClassification) {
    classify(i);
  } else {
    compute(i);
    heed_null(i);
  }
  show(i);
}

// Whether the value that the pass before found is that of now: that of a metric or of RFM, which
// say when they change by themselves. What is counted since she came into a class is not: she may
// have moved since; nor is what `on_null` replaces, whose instants are not those of the metric.
bool SettlePass::stands(size_t i) const {
  const PolicyValue& value = parts_.policy.values[i];
  if (out_.values[i].next_change <= t_ || value.on_null != OnNull::kClear) return false;
  if (parts_.metrics[i] != nullptr) return value.metric->window.kind != Window::Kind::kSinceClass;
  return value.tag.source == TagSource::kModel && parts_.matters[i] && parts_.models->is_rfm(i);
}

// The value as the expressions that read it see it.
void SettlePass::show(size_t i) {
  Cell& cell = cells_[i];
  cell = out_.values[i].cell;
  if (!out_.values[i].text.empty()) cell.text = out_.values[i].text;
  if (!out_.values[i].is_set) return;
  const std::vector<std::string>& known = parts_.policy.values[i].tag.values;
  cell = Cell::of(0);
  for (size_t bit = 0; bit < known.size() && bit < 64; ++bit) {
    const auto& set = out_.values[i].set;
    if (std::find(set.begin(), set.end(), known[bit]) != set.end()) {
      cell.integer |= static_cast<int64_t>(uint64_t{1} << bit);
    }
  }
}

// The cells that an expression reads, by its own schema: that of the values before it.
std::span<const Cell> SettlePass::cells_of(const Expression& expression) {
  const std::vector<size_t>& read = parts_.reads(expression);
  seen_.resize(read.size());  // only what it reads is looked at
  for (const int field : expression.fields()) {
    const auto f = static_cast<size_t>(field);
    seen_[f] = cells_[read[f]];
  }
  return seen_;
}

// The value of an expression, and when it changes by itself.
Cell SettlePass::evaluate(const Expression& expression) {
  Cell condition;  // where it is one, it reads no clock
  const Program& program = *expression.compiled().program;
  if (program.run_condition(cells_, parts_.reads(expression), condition)) return condition;
  const std::span<const Cell> cells = cells_of(expression);
  const Result<Cell> value = expression.evaluate_row(cells, t_);
  if (timed_ && expression.uses_now()) {
    const Result<Breakpoints> points = expression.breakpoints(cells, t_);
    if (!points.ok() || !points->solved) {
      sooner(next_midnight());
    } else if (!points->instants.empty()) {
      sooner(points->instants.front());
    } else if (points->until < kEndTime) {
      sooner(points->until);
    }
  }
  return value.ok() ? *value : Cell();
}

Micros SettlePass::next_midnight() const {
  const TimeZone& zone = parts_.policy.zone;
  return zone.start_of_day(zone.local_day(t_) + 1);
}

// Her newest value of an attribute that is not later than t.
MetricValue SettlePass::attribute(int index) {
  LogReader& reader = parts_.attributes[static_cast<size_t>(index)];
  StreamRules rules;
  if (parts_.attribute_is_open_set[static_cast<size_t>(index)]) {
    rules.open_sets = {reader.layout().columns[0].name};
  }
  EventSource source(parts_.no_fields, reader, rules);
  const std::vector<EventRef> values = source.read(customer_, t_);
  MetricValue out = last_of(source, values, 0);
  if (!values.empty()) out.as_of = values.back().time();
  return out;
}

// The attribute of joining, else her earliest fact.
std::optional<Micros> SettlePass::joined() {
  const PolicyData& policy = parts_.policy;
  if (!policy.joined.empty()) {
    const size_t i = parts_.value_index(policy.joined);
    const MetricValue value = attribute(parts_.attribute_of[i]);
    if (!value.cell.known) return std::nullopt;
    const bool date = policy.values[i].tag.kind == Kind::kDate;
    return date ? policy.zone.start_of_day(value.cell.integer) : value.cell.integer;
  }
  Micros first = TimeRange::kNever;
  for (LogReader& reader : parts_.readers)
    first = std::min(first, first_after(reader, customer_, kMinTime - 1));
  for (LogReader& reader : parts_.attributes) {
    first = std::min(first, first_after(reader, customer_, kMinTime - 1));
  }
  return first <= t_ ? std::optional(first) : std::nullopt;
}

Anchors SettlePass::anchors_of(const MetricSpec& metric) const {
  Anchors anchors;
  anchors.joined = calendar_.joined;
  if (metric.window.kind != Window::Kind::kSinceClass) return anchors;
  for (size_t c = 0; c < parts_.policy.classifications.size(); ++c) {
    if (parts_.policy.classifications[c].seen.name != metric.window.class_name) continue;
    if (parts_.machines[c].empty()) continue;
    const ShownClass& held = parts_.before[parts_.machines[c].front().state];
    if (held.current != kNoClass) anchors.entered = held.since;
  }
  return anchors;
}

void SettlePass::compute(size_t i) {
  const PolicyValue& value = parts_.policy.values[i];
  MetricValue& out = out_.values[i];
  if (parts_.metrics[i] != nullptr) {
    const Anchors anchors = anchors_of(*value.metric);
    const bool every_event = (all_ && timed_) || parts_.window_metrics[i] == nullptr;
    out = every_event ? parts_.metrics[i]->evaluate(customer_, t_, anchors, timed_)
                      : parts_.window_metrics[i]->evaluate(customer_, t_, anchors, timed_);
    sooner(out.next_change);
  } else if (value.metric) {
    out = ratio(*value.metric);
  } else if (value.expression) {
    out.cell = evaluate(*value.expression);
    out.text = std::string(out.cell.text);
  } else if (value.tag.source == TagSource::kScorecard) {
    out = scorecard(value);
  } else if (value.plain_ltv) {
    out = plain_ltv(*value.plain_ltv);
  } else if (value.history) {
    out = parts_.held.history(*value.history, state_, t_);
    if (parts_.daily[i] && out.known()) sooner(next_midnight());
  } else if (value.tag.source == TagSource::kAttribute) {
    out = attribute(parts_.attribute_of[i]);
  } else if (value.tag.source == TagSource::kModel && (parts_.matters[i] || !moving_)) {
    out = parts_.models->value(i, [this](std::string_view name) { return number(name); });
    if (parts_.matters[i]) sooner(out.next_change);
  }
}

// A number of the profile in the unit people read: money in major units.
std::optional<double> SettlePass::number(std::string_view name) const {
  const size_t i = parts_.value_index(name);
  return number_of(cells_[i], parts_.policy.values[i]);
}

MetricValue SettlePass::ratio(const MetricSpec& metric) const {
  MetricValue out;
  const std::optional<double> a = number(metric.parts[0]), b = number(metric.parts[1]);
  if (a && b && std::isfinite(*a / *b)) out.cell = Cell::of_double(*a / *b);
  return out;
}

MetricValue SettlePass::plain_ltv(const PolicyPlainLtv& plain) const {
  MetricValue out;
  const Cell& annual = cells_[parts_.value_index(plain.annual_spend)];
  if (!annual.known) return out;
  const Result<int64_t> value = money_scale_by(annual.integer, plain.years * plain.margin);
  out.overflow = !value.ok();
  if (value.ok()) out.cell = Cell::of(*value);
  return out;
}

MetricValue SettlePass::scorecard(const PolicyValue& value) {
  MetricValue out;
  double points = 0;
  for (const PolicyScorecardRow& row : value.scorecard) {
    if (row.when) {
      if (truth_of(evaluate(*row.when)) == Truth::kTrue) points += row.points;
      continue;
    }
    const MetricStream& stream = parts_.streams[static_cast<size_t>(row.stream)];
    EventSource source(stream.schema, *stream.reader, stream.rules);
    const ScorecardSum sum = scorecard_sum(row, source, customer_, t_, parts_.policy.zone);
    points += sum.points;
    sooner(sum.next_change);
    if (sum.as_of) out.as_of = std::max(*sum.as_of, out.as_of.value_or(*sum.as_of));
  }
  out.cell = Cell::of_double(points);
  return out;
}

// What a tag is when nothing is known of it.
void SettlePass::heed_null(size_t i) {
  const PolicyValue& value = parts_.policy.values[i];
  MetricValue& out = out_.values[i];
  if (value.on_null == OnNull::kKeep) {
    if (out.known()) {
      if (moving_) state_.kept[i] = out;
    } else {
      out = state_.kept[i];
    }
  } else if (value.on_null == OnNull::kDefault && !out.known()) {
    out = default_value(value, parts_.policy.zone);
  }
}

}  // namespace patron::internal
