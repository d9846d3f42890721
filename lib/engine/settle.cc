#include "lib/engine/settle.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <utility>

#include "lib/book/log_view.h"
#include "lib/engine/book_spec.h"
#include "lib/engine/rank_keys.h"
#include "lib/engine/scorecard.h"
#include "lib/engine/tier_rules.h"
#include "lib/metrics/evaluator.h"
#include "lib/metrics/quick_metric.h"
#include "patron/money.h"

namespace patron::internal {
namespace {

constexpr Micros kNever = TimeRange::kNever;

Truth truth_of(const Cell& cell) {
  if (!cell.known) return Truth::kUnknown;
  return cell.integer != 0 ? Truth::kTrue : Truth::kFalse;
}

TierRules rules_of(const PolicyClassificationData& classification) {
  return classification.seen.kind == ClassificationKind::kBands ? band_rules(classification)
                                                                : ladder_rules(classification);
}

std::vector<std::string> open_sets(const PolicyStream& stream) {
  std::vector<std::string> names;
  for (const PolicyColumn& column : stream.columns) {
    if (is_open_set(column.field.kind, column.field.values)) names.push_back(column.field.name);
  }
  return names;
}

// The first fact of a log that is later than t.
Micros first_after(LogReader& reader, uint32_t customer, Micros t) {
  LogView log = reader.read(customer);
  const LogView waiting = log.from(t + 1);
  return waiting.size() == 0 ? kNever : waiting.begin()->times()[0];
}

}  // namespace

std::optional<double> number_of(const Cell& cell, const PolicyValue& value) {
  if (!cell.known) return std::nullopt;
  if (value.tag.kind == Kind::kDouble) return cell.number;
  if (value.tag.kind == Kind::kMoney) return money_to_double(cell.integer, value.unit.scale);
  return static_cast<double>(cell.integer);
}

int document_class(const PolicyClassificationData& classification, int machine_class) {
  if (machine_class == kNoClass || classification.seen.kind != ClassificationKind::kBands) {
    return machine_class;
  }
  return static_cast<int>(classification.classes.size()) - 1 - machine_class;
}

// What is made once for a policy and a book.
struct Settler::Parts {
  struct Machine {
    TierRules rules;
    size_t state = 0;  // in CustomerState::machines
  };

  Parts(const PolicyData& of, const BookState& in) : policy(of), book(in) {
    for (size_t i = 0; i < policy.values.size(); ++i) places.emplace(policy.values[i].tag.name, i);
    for (size_t i = 0; i < policy.streams.size(); ++i) {
      readers.emplace_back(book, static_cast<int>(i));
    }
    for (size_t i = 0; i < policy.streams.size(); ++i) {
      const PolicyStream& from = policy.streams[i];
      MetricStream stream;
      stream.name = from.name;
      stream.schema = from.schema;
      for (const PolicyColumn& column : from.columns) stream.columns.push_back(column.field.name);
      stream.rules = {from.name == "orders", from.count_zero_amounts, open_sets(from)};
      stream.reader = &readers[i];
      streams.push_back(std::move(stream));
    }
    size_t attribute = 0;
    for (const PolicyValue& value : policy.values) {
      metrics.emplace_back();
      attribute_of.push_back(-1);
      if (value.metric && value.metric->verb != Verb::kRatio) {
        metrics.back() = std::make_unique<MetricEvaluator>(*value.metric, streams, policy.zone);
      }
      quick.emplace_back();
      if (metrics.back() != nullptr && QuickMetric::takes(*value.metric, streams)) {
        quick.back() = std::make_unique<QuickMetric>(*value.metric, streams, policy.zone);
      }
      if (value.tag.source == TagSource::kAttribute) {
        attribute_of.back() = static_cast<int>(attribute++);
        attribute_is_open_set.push_back(is_open_set(value.tag.kind, value.tag.values));
        attributes.push_back(LogReader::of_attribute(book, attribute_of.back()));
      }
    }
    classification_of.assign(policy.values.size(), 0);
    for (const PolicyClassificationData& classification : policy.classifications) {
      value_of.push_back(value_index(classification.seen.name));
      if (value_of.back() < classification_of.size()) {
        classification_of[value_of.back()] = value_of.size() - 1;
      }
      std::vector<Machine> of_this;
      switch (classification.seen.kind) {
        case ClassificationKind::kFlags:
          for (const PolicyClass& flag : classification.classes) {
            of_this.push_back({flag_rules(flag), machine(static_cast<int>(of_this.size()))});
          }
          break;
        case ClassificationKind::kLadder:
        case ClassificationKind::kFirstMatch:
        case ClassificationKind::kBands:
          of_this.push_back({rules_of(classification), machine(-1)});
          break;
        case ClassificationKind::kGrid:
        case ClassificationKind::kRank:
          of_this.push_back({TierRules(), machine(-1)});
          break;
      }
      machines.push_back(std::move(of_this));
    }
    models = std::make_unique<ModelValues>(policy, streams, book);
    find_what_matters();
  }

  // What classes are decided by: whether time alone changes any other value needs no settling.
  void find_what_matters() {
    matters.assign(policy.values.size(), false);
    std::vector<size_t> open;
    const auto reach = [&](std::string_view name) {
      const size_t i = value_index(name);
      if (i == policy.values.size() || matters[i]) return;
      matters[i] = true;
      open.push_back(i);
    };
    for (const PolicyValue& value : policy.values) {
      if (value.tag.source == TagSource::kClassification || value.on_null == OnNull::kKeep) {
        reach(value.tag.name);
      }
    }
    while (!open.empty()) {
      const PolicyValue& value = policy.values[open.back()];
      open.pop_back();
      for (const std::string& name : value.tag.reads) reach(name);
      for (const PolicyModel& model : policy.models) {
        if (value.tag.name != model.name && value.tag.name != model.name + ".coverage") continue;
        for (const std::string& name : model.of) reach(name);
      }
    }
    for (size_t i = 0; i < policy.values.size(); ++i) {
      const PolicyValue& value = policy.values[i];
      keeps = keeps || value.on_null == OnNull::kKeep;
      if (!matters[i]) continue;
      models_matter = models_matter || value.tag.source == TagSource::kModel;
      joining_matters = joining_matters ||
                        (value.metric && value.metric->window.kind == Window::Kind::kSinceJoin);
    }
    for (size_t c = 0; c < policy.classifications.size(); ++c) {
      const ClassificationKind kind = policy.classifications[c].seen.kind;
      models_matter =
          models_matter || kind == ClassificationKind::kGrid || kind == ClassificationKind::kRank;
      for (const Machine& machine : machines[c]) {
        for (const TierRules::Class& one : machine.rules.classes) {
          joining_matters = joining_matters || one.at == LeaveAt::kAnniversary;
        }
      }
    }
  }

  // A new machine of the classification that comes next.
  size_t machine(int flag) {
    names.push_back({static_cast<int>(machines.size()), flag});
    return names.size() - 1;
  }

  size_t value_index(std::string_view name) const {
    const auto place = places.find(name);
    return place == places.end() ? policy.values.size() : place->second;
  }

  // Of each field of the schema of an expression the value of that name.
  const std::vector<size_t>& reads(const Expression& expression) {
    std::vector<size_t>& read = reads_of[&expression.compiled()];
    if (read.empty()) {
      std::vector<size_t> found;
      for (const FieldSpec& field : expression.schema().fields()) {
        found.push_back(value_index(field.name));
      }
      read = std::move(found);
    }
    return read;
  }

  const PolicyData& policy;
  const BookState& book;
  const Schema no_fields;  // attributes have no conditions
  std::vector<LogReader> readers, attributes;
  std::vector<MetricStream> streams;
  std::vector<int> attribute_of;  // of each value
  std::vector<bool> attribute_is_open_set;
  std::unordered_map<std::string_view, size_t> places;  // of values by their names
  std::vector<std::unique_ptr<MetricEvaluator>> metrics;
  std::vector<std::unique_ptr<QuickMetric>> quick;  // of those that it takes
  std::vector<std::vector<Machine>> machines;       // of each classification
  std::vector<size_t> value_of;                     // of each classification
  std::vector<size_t> classification_of;            // of each value that is one
  std::vector<MachineName> names;                   // of each machine
  std::unique_ptr<ModelValues> models;
  std::vector<bool> matters;  // of each value: whether a class depends on it
  bool models_matter = false, joining_matters = false;
  bool keeps = false;  // whether `on_null` keeps a value
  std::unordered_map<const CompiledExpression*, std::vector<size_t>> reads_of;

  // The memory of a pass, kept from one to the next.
  std::vector<ShownClass> before;  // of each machine
  std::vector<Cell> cells;         // of each value
  std::vector<Cell> seen;          // by the schema of an expression
  std::vector<Truth> answers;  // of the conditions of a machine, `enter` then `keep` of each class
  std::vector<bool> asked;
  Settled out;
};

// How much of a customer is looked at.
enum class Settler::Extent : uint8_t {
  kAll,      // every value
  kClasses,  // what her classes depend on
};

// One customer at one instant.
class Settler::Pass {
 public:
  Pass(Parts& parts, uint32_t customer, CustomerState& state, Micros t, bool moving, Extent extent)
      : parts_(parts),
        customer_(customer),
        state_(state),
        t_(t),
        moving_(moving),
        all_(extent == Extent::kAll),
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
    out_.since.assign(policy.classifications.size(), std::nullopt);
    out_.eligible.assign(policy.classifications.size(), false);
    out_.next = kEndTime;
    cells_.resize(policy.values.size());
    parts.before = state.shown;
    if (moving) begin_holds(state.overrides, state.shown, parts.names, t);
    if (all_ || parts.models_matter) parts.models->begin(customer, parts.book.ids->id(customer), t);
  }

  // In Parts::out.
  void run() {
    const PolicyData& policy = parts_.policy;
    calendar_.zone = policy.zone;
    if (all_ || parts_.joining_matters) calendar_.joined = joined();
    for (size_t i = 0; i < policy.values.size(); ++i) {
      if (!all_ && !parts_.matters[i]) continue;
      out_.values[i] = MetricValue();
      if (policy.values[i].tag.source == TagSource::kClassification) {
        classify(i);
      } else {
        compute(i);
        heed_null(i);
      }
      show(i);
    }
    sooner(next_override(state_.overrides, t_));
    if (moving_) end_overrides(state_.overrides, t_);
    if (!all_) return;
    for (LogReader& reader : parts_.readers) sooner(first_after(reader, customer_, t_));
    for (LogReader& reader : parts_.attributes) sooner(first_after(reader, customer_, t_));
  }

 private:
  void sooner(Micros t) { out_.next = std::min(out_.next, std::max(t, t_ + 1)); }

  // The value as the expressions that read it see it.
  void show(size_t i) {
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
  std::span<const Cell> cells_of(const Expression& expression) {
    const std::vector<size_t>& read = parts_.reads(expression);
    seen_.resize(read.size());  // only what it reads is looked at
    for (const int field : expression.fields()) {
      const auto f = static_cast<size_t>(field);
      seen_[f] = cells_[read[f]];
    }
    return seen_;
  }

  // The value of an expression, and when it changes by itself.
  Cell evaluate(const Expression& expression) {
    const std::span<const Cell> cells = cells_of(expression);
    const Result<Cell> value = expression.evaluate_row(cells, t_);
    if (expression.uses_now()) {
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
  Micros next_midnight() const {
    const TimeZone& zone = parts_.policy.zone;
    return zone.start_of_day(zone.local_day(t_) + 1);
  }

  // Her newest value of an attribute that is not later than t.
  MetricValue attribute(int index) {
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
  std::optional<Micros> joined() {
    const PolicyData& policy = parts_.policy;
    if (!policy.joined.empty()) {
      const size_t i = parts_.value_index(policy.joined);
      const MetricValue value = attribute(parts_.attribute_of[i]);
      if (!value.cell.known) return std::nullopt;
      const bool date = policy.values[i].tag.kind == Kind::kDate;
      return date ? policy.zone.start_of_day(value.cell.integer) : value.cell.integer;
    }
    Micros first = kNever;
    for (LogReader& reader : parts_.readers)
      first = std::min(first, first_after(reader, customer_, kMinTime - 1));
    for (LogReader& reader : parts_.attributes) {
      first = std::min(first, first_after(reader, customer_, kMinTime - 1));
    }
    return first <= t_ ? std::optional(first) : std::nullopt;
  }

  Anchors anchors_of(const MetricSpec& metric) const {
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

  void compute(size_t i) {
    const PolicyValue& value = parts_.policy.values[i];
    MetricValue& out = out_.values[i];
    if (parts_.metrics[i] != nullptr) {
      const Anchors anchors = anchors_of(*value.metric);
      out = !all_ && parts_.quick[i] != nullptr
                ? parts_.quick[i]->evaluate(customer_, t_, anchors)
                : parts_.metrics[i]->evaluate(customer_, t_, anchors);
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
    } else if (value.tag.source == TagSource::kAttribute) {
      out = attribute(parts_.attribute_of[i]);
    } else if (value.tag.source == TagSource::kModel && (parts_.matters[i] || !moving_)) {
      out = parts_.models->value(i, [this](std::string_view name) { return number(name); });
      if (parts_.matters[i]) sooner(out.next_change);
    }
  }

  // A number of the profile in the unit people read: money in major units.
  std::optional<double> number(std::string_view name) const {
    const size_t i = parts_.value_index(name);
    return number_of(out_.values[i].cell, parts_.policy.values[i]);
  }

  MetricValue ratio(const MetricSpec& metric) const {
    MetricValue out;
    const std::optional<double> a = number(metric.parts[0]), b = number(metric.parts[1]);
    if (a && b && std::isfinite(*a / *b)) out.cell = Cell::of_double(*a / *b);
    return out;
  }

  MetricValue plain_ltv(const PolicyPlainLtv& plain) const {
    MetricValue out;
    const Cell& annual = out_.values[parts_.value_index(plain.annual_spend)].cell;
    if (!annual.known) return out;
    const Result<int64_t> value = money_scale_by(annual.integer, plain.years * plain.margin);
    out.overflow = !value.ok();
    if (value.ok()) out.cell = Cell::of(*value);
    return out;
  }

  MetricValue scorecard(const PolicyValue& value) {
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
  void heed_null(size_t i) {
    const PolicyValue& value = parts_.policy.values[i];
    MetricValue& out = out_.values[i];
    if (value.on_null == OnNull::kKeep) {
      if (out.known()) {
        state_.kept[i] = out;
      } else {
        out = state_.kept[i];
      }
    } else if (value.on_null == OnNull::kDefault && !out.known()) {
      out = default_value(value, parts_.policy.zone);
    }
  }

  void classify(size_t i) {
    const auto index = static_cast<int>(parts_.classification_of[i]);
    const PolicyClassificationData& what =
        parts_.policy.classifications[static_cast<size_t>(index)];
    MetricValue& out = out_.values[i];
    switch (what.seen.kind) {
      case ClassificationKind::kFlags:
        flags(index, out);
        break;
      case ClassificationKind::kRank:
        take(index, rank_class(static_cast<size_t>(index)), out);
        break;
      case ClassificationKind::kGrid: {
        Micros next = kNever;
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

  // The class that a grid or a rank gives her; without moving, the one she holds.
  void take(int index, int to, MetricValue& out) {
    const size_t machine = parts_.machines[static_cast<size_t>(index)].front().state;
    TierState& state = state_.machines[machine];
    if (moving_ && state.current != to) {
      state.current = to;
      state.since = t_;
    }
    const int now = announce(machine);
    out.cell.known = now != kNoClass;
    if (!out.cell.known) return;
    const PolicyClassificationData& what =
        parts_.policy.classifications[static_cast<size_t>(index)];
    out.text = what.classes[static_cast<size_t>(now)].name;
    out_.since[static_cast<size_t>(index)] = state_.shown[machine].since;
  }

  // The first class whose cut she reaches or in which she has a seat; else that of the rest.
  int rank_class(size_t index) {
    const PolicyClassificationData& what = parts_.policy.classifications[index];
    const auto* found = parts_.models->constants().find<RankConstants>(what.seen.name);
    const int last = static_cast<int>(what.classes.size()) - 1;
    const Truth eligible = what.where ? truth_of(evaluate(*what.where)) : Truth::kTrue;
    out_.eligible[index] = eligible == Truth::kTrue;
    if (found == nullptr || found->classes.size() != what.classes.size()) return last;
    const size_t by = parts_.value_index(what.by);
    const std::optional<int64_t> key =
        rank_key(out_.values[by].cell, parts_.policy.values[by].tag.kind);
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
  void lose_seat(size_t machine, int64_t calibration) {
    if (!moving_) return;
    state_.seats_lost.resize(parts_.names.size());
    state_.seats_lost[machine] = calibration;
  }

  // The answer to a condition, asked once: steps ask again and again.
  Truth answer(size_t condition, const Expression& expression) {
    if (!parts_.asked[condition]) {
      parts_.answers[condition] = truth_of(evaluate(expression));
      parts_.asked[condition] = true;
    }
    return parts_.answers[condition];
  }
  void forget_answers(size_t classes) {
    parts_.asked.assign(2 * classes, false);
    parts_.answers.resize(2 * classes);
  }

  // Steps one machine; what she is by it, in classes of the machine.
  int move(const Parts::Machine& machine, const TierConditions& conditions) {
    TierState& state = state_.machines[machine.state];
    if (moving_) step(machine.rules, state, conditions, t_, calendar_);
    sooner(next_due(machine.rules, state, conditions, t_, calendar_));
    return announce(machine.state);
  }

  // Her class is that of her machine under the overrides in force; where it differs from what was
  // said last, that is a move.
  int announce(size_t machine) {
    ShownClass& shown = state_.shown[machine];
    if (!moving_) return shown.current;
    const TierState& own = state_.machines[machine];
    const MachineName& name = parts_.names[machine];
    const auto& what = parts_.policy.classifications[static_cast<size_t>(name.classification)];
    const int to = overridden(state_.overrides, what, machine, name, own.current, t_);
    if (to == shown.current) return to;
    SettledMove move;
    move.classification = name.classification;
    move.by_override =
        overridden_before(state_.overrides, what, machine, name, own.current) == shown.current;
    if (name.flag < 0) {
      move.from = document_class(what, shown.current);
      move.to = document_class(what, to);
    } else {
      (to == kFlagIn ? move.to : move.from) = name.flag;
    }
    if (name.flag < 0 || to == kFlagIn || shown.current == kFlagIn) out_.moves.push_back(move);
    shown = {to, to == own.current ? own.since : t_};
    return to;
  }

  void tiers(int index, MetricValue& out) {
    const PolicyClassificationData& what =
        parts_.policy.classifications[static_cast<size_t>(index)];
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
    const Parts::Machine& machine = parts_.machines[static_cast<size_t>(index)].front();
    const int now = document_class(what, move(machine, conditions));
    out.cell.known = now != kNoClass;
    if (!out.cell.known) return;
    out.text = what.classes[static_cast<size_t>(now)].name;
    out_.since[static_cast<size_t>(index)] = state_.shown[machine.state].since;
  }

  void flags(int index, MetricValue& out) {
    const PolicyClassificationData& what =
        parts_.policy.classifications[static_cast<size_t>(index)];
    out.is_set = true;
    for (size_t flag = 0; flag < what.classes.size(); ++flag) {
      forget_answers(1);
      const PolicyClass& one = what.classes[flag];
      const TierConditions conditions{[this, &one](int) { return answer(0, *one.enter); },
                                      [this, &one](int) { return answer(1, *one.keep); }};
      const Parts::Machine& machine = parts_.machines[static_cast<size_t>(index)][flag];
      if (move(machine, conditions) == kFlagIn) out.set.push_back(what.classes[flag].name);
    }
  }

  Parts& parts_;
  uint32_t customer_;
  CustomerState& state_;
  Micros t_;
  bool moving_;
  bool all_;
  TierCalendar calendar_;
  std::vector<Cell>& cells_;  // of each value
  std::vector<Cell>& seen_;   // by the schema of an expression
  Settled& out_;
};

Settler::Settler(const PolicyData& policy, const BookState& book)
    : parts_(std::make_unique<Parts>(policy, book)) {}
Settler::~Settler() = default;

std::span<const MachineName> Settler::machines() const { return parts_->names; }
size_t Settler::value_of(size_t classification) const { return parts_->value_of[classification]; }

CustomerId Settler::id_of(uint32_t row) const { return parts_->book.ids->id(row); }

size_t Settler::machine_of(size_t classification) const {
  return parts_->machines[classification].front().state;
}

void Settler::use(std::shared_ptr<const CalibrationData> constants) {
  parts_->models->use(std::move(constants));
}

void Settler::exchange(ModelValues::InForce& constants) { parts_->models->exchange(constants); }

const std::shared_ptr<const CalibrationData>& Settler::constants() const {
  return parts_->models->shared();
}

void Settler::hide_after(Micros last) {
  for (LogReader& reader : parts_->readers) reader.hide_after(last);
  for (LogReader& reader : parts_->attributes) reader.hide_after(last);
}

ModelValues& Settler::models() { return *parts_->models; }

Settled Settler::settle(uint32_t customer, CustomerState& state, Micros t) {
  Pass(*parts_, customer, state, t, true, Extent::kAll).run();
  return std::move(parts_->out);
}

const Settled& Settler::move(uint32_t customer, CustomerState& state, Micros t) {
  Pass(*parts_, customer, state, t, true, Extent::kClasses).run();
  return parts_->out;
}

Settled Settler::look(uint32_t customer, const CustomerState& state, Micros t) {
  CustomerState copy = state;
  Pass(*parts_, customer, copy, t, false, Extent::kAll).run();
  return std::move(parts_->out);
}

}  // namespace patron::internal
