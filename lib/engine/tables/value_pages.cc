#include "lib/engine/tables/value_pages.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "lib/engine/book_spec.h"
#include "lib/engine/settle/default_value.h"
#include "lib/engine/settle/held_classes.h"
#include "lib/engine/settle/scorecard.h"
#include "lib/engine/tables/nps_pages.h"
#include "lib/engine/tables/rfm_pages.h"
#include "lib/expr/compiled.h"
#include "lib/expr/texts.h"
#include "patron/money.h"

namespace patron::internal {
namespace {

constexpr size_t kNowhere = SIZE_MAX;

bool in_range(Kind kind, int64_t value) {
  switch (kind) {
    case Kind::kDate:
      return value >= kFirstDay && value <= kLastDay;
    case Kind::kTimestamp:
      return value >= kMinTime && value < kEndTime;
    case Kind::kDuration:
      return value >= -kMaxDuration && value <= kMaxDuration;
    default:
      return true;
  }
}

// A number in the unit people read: money in major units.
std::optional<double> number_at(const ValueBlock& block, const PolicyValue& value, uint32_t k) {
  if (block.known()[k] == 0 || block.shape() == Shape::kSet) return std::nullopt;
  if (block.shape() == Shape::kNumber) return number_of(Cell::of_double(block.numbers()[k]), value);
  return number_of(Cell::of(block.integers()[k]), value);
}

}  // namespace

std::string joined_members(std::span<const std::string> set) {
  std::string out;
  for (const std::string& member : set) {
    if (!out.empty()) out += ',';
    out += member;
  }
  return out;
}

// An expression over blocks.
struct ValuePages::Formula {
  explicit Formula(const Expression& of, const std::unordered_map<std::string_view, size_t>& places)
      : expression(&of), frame(*of.compiled().program) {
    for (const FieldSlot& slot : of.compiled().program->fields()) {
      const FieldSpec& field = of.schema().fields()[static_cast<size_t>(slot.field)];
      const auto place = places.find(field.name);
      reads.push_back(place == places.end() ? kNowhere : place->second);
      scratch.push_back(Buffer(kPageCustomers * sizeof(std::string_view)));
      known.push_back(Buffer(kPageCustomers));
    }
    blocks.resize(reads.size());
  }
  const Expression* expression;
  Frame frame;
  std::vector<size_t> reads;  // of each field of the program the value
  std::vector<Buffer> scratch, known;
  std::vector<FieldBlock> blocks;
};

// What is made once for a policy and a book.
struct ValuePages::Parts {
  Parts(const PolicyData& of, const BookState& in);
  // Every attribute, in the order of the policy, whether somebody asks for it or not.
  void add_attribute(const PolicyValue& value);
  // What computes a value that is asked for.
  void add_value(size_t i);
  void add_models(std::shared_ptr<const CalibrationData> constants);
  // Puts the output of a model that the value is, of all customers of a page at once; false where
  // it is to be had one by one only.
  bool put_columns(size_t i, uint32_t customers, ValueBlock& out);
  // Whether these columns have the k-th customer.
  bool has(uint32_t k) const {
    return (rfm == nullptr || rfm->has(k)) && (nps == nullptr || nps->has(k));
  }
  bool has_everybody() const {
    return (rfm == nullptr || rfm->has_everybody()) && (nps == nullptr || nps->has_everybody());
  }

  const PolicyData& policy;
  const BookState& book;
  std::unordered_map<std::string_view, size_t> places;
  std::vector<PageMetricStream> streams;  // then attributes
  std::deque<MetricSpec> attribute_specs;
  std::vector<const MetricSpec*> specs;
  std::vector<size_t> metric_of;  // of each value
  std::optional<PageMetrics> metrics;
  std::vector<std::unique_ptr<Formula>> formulas;                 // of each value
  std::vector<std::vector<std::unique_ptr<Formula>>> conditions;  // of scorecards
  std::vector<std::optional<MetricValue>> defaults;
  HeldClasses held;
  std::vector<size_t> classification_of;  // of each value
  std::vector<NameTable> class_names;     // of each classification
  std::vector<LogReader> readers;         // of streams, then of attributes
  std::vector<MetricStream> plain;
  std::unique_ptr<ModelValues> models;
  std::unique_ptr<RfmPages> rfm;  // where an output of RFM is needed
  std::unique_ptr<NpsPages> nps;  // where one of NPS is
  std::vector<NpsOutput> nps_of;  // of each value
  int joined_reader = -1;         // of the attribute of joining
  bool joined_date = false;
  ValueBlock answer;  // of a condition of a scorecard
  std::unique_ptr<Formula> where;
  ValueBlock holds;  // of `where`
};

namespace {

// The values that are asked for and everything that they read, marked.
std::vector<bool> closure(const PolicyData& policy, std::span<const size_t> wanted,
                          const std::unordered_map<std::string_view, size_t>& places) {
  std::vector<bool> out(policy.values.size(), wanted.empty());
  for (const size_t i : wanted) out[i] = true;
  for (size_t i = policy.values.size(); i-- > 0;) {
    if (!out[i]) continue;
    for (const std::string& name : policy.values[i].tag.reads) {
      const auto place = places.find(name);
      if (place != places.end()) out[place->second] = true;
    }
  }
  return out;
}

}  // namespace

ValuePages::Parts::Parts(const PolicyData& of, const BookState& in)
    : policy(of), book(in), held(of) {
  const size_t count = policy.values.size();
  for (size_t i = 0; i < count; ++i) places.emplace(policy.values[i].tag.name, i);
  for (const PolicyValue& value : policy.values) nps_of.push_back(nps_output(policy, value));
  for (size_t i = 0; i < policy.streams.size(); ++i) {
    const PolicyStream& from = policy.streams[i];
    PageMetricStream& made = streams.emplace_back();
    made.log = {static_cast<int>(i), false};
    made.name = from.name;
    made.schema = from.schema;
    for (const PolicyColumn& column : from.columns) made.columns.push_back(column.field.name);
    made.rules = stream_rules(from);
    readers.emplace_back(book, static_cast<int>(i));
  }
  metric_of.assign(count, kNowhere);
  formulas.resize(count);
  conditions.resize(count);
  defaults.resize(count);
  classification_of.assign(count, kNowhere);
  for (size_t c = 0; c < policy.classifications.size(); ++c) {
    std::vector<std::string_view> names;
    for (const PolicyClass& one : held.what(c).classes) names.push_back(one.name);
    class_names.emplace_back(std::move(names));
    const auto place = places.find(policy.classifications[c].seen.name);
    if (place != places.end()) classification_of[place->second] = c;
  }
}

void ValuePages::Parts::add_attribute(const PolicyValue& value) {
  const auto attribute = static_cast<int>(attribute_specs.size());
  PageMetricStream& made = streams.emplace_back();
  made.log = {attribute, true};
  made.name = value.tag.name;
  made.columns = {value.tag.name};
  if (is_open_set(value.tag.kind, value.tag.values)) made.rules.open_sets = made.columns;
  MetricSpec& spec = attribute_specs.emplace_back();
  spec.verb = Verb::kLast;
  spec.stream = static_cast<int>(streams.size()) - 1;
  spec.column = 0;
  readers.push_back(LogReader::of_attribute(book, attribute));
  if (value.tag.name == policy.joined) {
    joined_reader = spec.stream;
    joined_date = value.tag.kind == Kind::kDate;
  }
}

void ValuePages::Parts::add_value(size_t i) {
  const PolicyValue& value = policy.values[i];
  if (value.tag.source == TagSource::kAttribute) {
    metric_of[i] = specs.size();
    specs.push_back(&attribute_specs.back());  // it was added last
  } else if (value.metric && value.metric->verb != Verb::kRatio) {
    metric_of[i] = specs.size();
    specs.push_back(&*value.metric);
  } else if (value.expression) {
    formulas[i] = std::make_unique<Formula>(*value.expression, places);
  }
  for (const PolicyScorecardRow& row : value.scorecard) {
    conditions[i].push_back(row.when ? std::make_unique<Formula>(*row.when, places) : nullptr);
  }
  if (value.on_null == OnNull::kDefault) defaults[i] = default_value(value, policy.zone);
}

void ValuePages::Parts::add_models(std::shared_ptr<const CalibrationData> constants) {
  for (size_t s = 0; s < policy.streams.size(); ++s) {
    const PageMetricStream& from = streams[s];
    plain.push_back({from.name, from.schema, from.columns, from.rules, &readers[s]});
  }
  models = std::make_unique<ModelValues>(policy, plain, book);
  models->use(std::move(constants));
}

bool ValuePages::Parts::put_columns(size_t i, uint32_t customers, ValueBlock& out) {
  if (rfm != nullptr && models->is_rfm(i)) {
    models->rfm_outputs(i, *rfm, customers, out);
    return true;
  }
  if (nps == nullptr || nps_of[i] == NpsOutput::kNone) return false;
  nps_of[i] == NpsOutput::kScore ? nps->put_scores(customers, out)
                                 : nps->put_classes(customers, out);
  return true;
}

ValuePages::ValuePages(const PolicyData& policy, const BookState& book,
                       std::shared_ptr<const CalibrationData> constants,
                       std::span<const size_t> wanted, const Expression* where)
    : parts_(std::make_unique<Parts>(policy, book)), blocks_(policy.values.size()) {
  Parts& parts = *parts_;
  const std::vector<bool> needed = closure(policy, wanted, parts.places);
  for (size_t i = 0; i < blocks_.size(); ++i) {
    if (policy.values[i].tag.source == TagSource::kAttribute) parts.add_attribute(policy.values[i]);
    if (!needed[i]) continue;
    blocks_[i] = std::make_unique<ValueBlock>();
    parts.add_value(i);
  }
  if (where != nullptr) parts.where = std::make_unique<Formula>(*where, parts.places);
  parts.add_models(std::move(constants));
  for (size_t i = 0; i < blocks_.size(); ++i) {
    if (blocks_[i] != nullptr && parts.rfm == nullptr && parts.models->is_rfm(i)) {
      parts.rfm = make_rfm_pages(policy, parts.plain, book);
    }
    if (blocks_[i] != nullptr && parts.nps == nullptr && parts.nps_of[i] != NpsOutput::kNone) {
      parts.nps = make_nps_pages(policy, parts.plain, book);
    }
  }
  parts.metrics.emplace(parts.specs, parts.streams, book, policy.zone);
  anchors_.joined = [this](uint32_t row) { return joined(row); };
  anchors_.entered = [this](uint32_t row, const std::string& name) -> std::optional<Micros> {
    const auto place = parts_->places.find(name);
    if (place == parts_->places.end()) return std::nullopt;
    const size_t c = parts_->classification_of[place->second];
    return c == kNowhere ? std::nullopt : parts_->held.since(c, (*states_)(row));
  };
}

ValuePages::~ValuePages() = default;

void ValuePages::use(const RfmMeasures* measured) {
  if (parts_->rfm != nullptr) parts_->rfm->use(measured);
}

uint32_t ValuePages::pages() const { return parts_->metrics->pages(); }

void ValuePages::read(uint32_t page, Micros now, const StateOf& states) {
  states_ = &states;
  now_ = now;
  parts_->metrics->read(page, now, anchors_);
  first_ = page * kPageCustomers;
  customers_ = parts_->metrics->customers();
  if (parts_->rfm != nullptr) parts_->rfm->read(page, now);
  if (parts_->nps != nullptr) parts_->nps->read(page, now);
  for (size_t i = 0; i < blocks_.size(); ++i) {
    if (is_model(i)) {
      const size_t begin = i;
      while (i + 1 < blocks_.size() && is_model(i + 1)) ++i;
      models(begin, i + 1);
    } else if (blocks_[i] != nullptr) {
      compute(i);
    }
  }
  if (parts_->where != nullptr) evaluate(*parts_->where, parts_->holds);
}

bool ValuePages::holds(uint32_t k) const {
  return parts_->holds.known()[k] != 0 && parts_->holds.integers()[k] != 0;
}

bool ValuePages::is_model(size_t i) const {
  return blocks_[i] != nullptr && parts_->policy.values[i].tag.source == TagSource::kModel;
}

// Outputs of models that stand side by side: what is read of a customer is read once for all.
void ValuePages::models(size_t begin, size_t end) {
  std::vector<size_t> all, others;  // others: that are no columns
  for (size_t i = begin; i < end; ++i) {
    all.push_back(i);
    blocks_[i]->reset(shape_of(parts_->policy.values[i].tag.kind));
    if (!parts_->put_columns(i, customers_, *blocks_[i])) others.push_back(i);
  }
  if (others.empty() && parts_->has_everybody()) return;
  uint32_t k = 0;
  const NumberOf number = [&](std::string_view name) {
    const size_t i = parts_->places.at(name);
    return number_at(*blocks_[i], parts_->policy.values[i], k);
  };
  for (; k < customers_; ++k) {
    // In the order of the policy: one may read another.
    const bool apart = others.size() < all.size() && !parts_->has(k);
    const std::vector<size_t>& mine = apart ? all : others;
    if (mine.empty()) continue;
    parts_->models->begin(first_ + k, parts_->book.ids->id(first_ + k), now_);
    for (const size_t i : mine) blocks_[i]->put(k, parts_->models->value(i, number));
  }
}

void ValuePages::compute(size_t i) {
  const PolicyValue& value = parts_->policy.values[i];
  ValueBlock& out = *blocks_[i];
  if (value.tag.source == TagSource::kClassification) return classify(i, out);
  if (value.history) return history(i, out);
  if (parts_->metric_of[i] != kNowhere) {
    parts_->metrics->evaluate(parts_->metric_of[i], out);
  } else if (value.metric) {
    ratio(*value.metric, out);
  } else if (parts_->formulas[i] != nullptr) {
    evaluate(*parts_->formulas[i], out);
  } else if (value.tag.source == TagSource::kScorecard) {
    scorecard(i, out);
  } else if (value.plain_ltv) {
    plain_ltv(*value.plain_ltv, out);
  } else {
    out.reset(shape_of(value.tag.kind));
  }
  heed_null(i, out);
}

namespace {

// What is known of a block, as an expression sees it.
uint8_t* known_of(const ValueBlock& from, Kind kind, uint32_t n, Buffer& buffer) {
  uint8_t* known = buffer.data();
  std::memcpy(known, from.known(), n);
  if (kind != Kind::kDate && kind != Kind::kTimestamp && kind != Kind::kDuration) return known;
  for (uint32_t k = 0; k < n; ++k) known[k] &= in_range(kind, from.integers()[k]) ? 1 : 0;
  return known;
}

// Texts; what is none of the values that the field lists becomes unknown.
const std::string_view* texts_of(const ValueBlock& from, const FieldSlot& slot, uint32_t n,
                                 uint8_t* known, Buffer& buffer) {
  auto* out = buffer.as<std::string_view>();
  for (uint32_t k = 0; k < n; ++k) {
    const std::string_view text = from.text(k);
    known[k] = known[k] != 0 && (slot.closed.empty() || is_value(slot, text)) ? 1 : 0;
    out[k] = known[k] != 0 ? text : std::string_view();
  }
  return out;
}

// Sets as the bits of their members among those that the schema knows.
void fill_sets(const ValueBlock& from, const std::vector<std::string>& values, uint32_t n,
               int64_t* out) {
  for (uint32_t k = 0; k < n; ++k) {
    out[k] = 0;
    for (size_t bit = 0; bit < values.size() && bit < 64; ++bit) {
      const std::span<const std::string_view> set = from.set_at(k);
      if (std::find(set.begin(), set.end(), values[bit]) != set.end()) {
        out[k] |= static_cast<int64_t>(uint64_t{1} << bit);
      }
    }
  }
}

// Truths as bits.
void fill_bits(const ValueBlock& from, uint32_t n, uint8_t* bits) {
  std::memset(bits, 0, kPageCustomers / 8);
  for (uint32_t k = 0; k < n; ++k) {
    if (from.integers()[k] != 0) bits[k / 8] |= static_cast<uint8_t>(1U << k % 8);
  }
}

// A value of n customers as a field of a program. What is made for it stands in `known` and
// `scratch`; `members`: of a set, those that the schema knows.
FieldBlock field_of(const ValueBlock& from, const FieldSlot& slot,
                    const std::vector<std::string>& members, uint32_t n, Buffer& known,
                    Buffer& scratch) {
  FieldBlock block;
  uint8_t* const is_known = known_of(from, slot.kind, n, known);
  block.known = is_known;
  if (from.shape() == Shape::kSet) {
    fill_sets(from, members, n, scratch.as<int64_t>());
    block.values = scratch.data();
  } else if (slot.kind == Kind::kBool) {
    fill_bits(from, n, scratch.data());
    block.width = Width::kBits;
    block.values = scratch.data();
  } else if (slot.kind == Kind::kDouble) {
    block.width = Width::kF64;
    block.values = from.numbers();
  } else if (slot.kind == Kind::kString || slot.kind == Kind::kEnum) {
    block.width = Width::kText;
    block.values = texts_of(from, slot, n, is_known, scratch);
  } else {
    block.values = from.integers();
  }
  const auto* whole = static_cast<const int64_t*>(block.values);
  for (uint32_t k = 0; slot.outside != 0 && k < n; ++k) {
    if ((whole[k] & slot.outside) != 0) is_known[k] = 0;
  }
  return block;
}

// What a program made of n customers, as a value of that kind.
void take_lane(const Lane& lane, Kind kind, uint32_t n, ValueBlock& out) {
  out.reset(shape_of(kind));
  const auto known = [&lane](uint32_t k) { return lane.known == nullptr || lane.known[k] != 0; };
  for (uint32_t k = 0; k < n; ++k) {
    if (kind == Kind::kBool) {
      const bool is_true = lane.as<uint8_t>()[k] != 0;
      if (is_true || known(k)) out.set(k, int64_t{is_true});
    } else if (known(k)) {
      switch (out.shape()) {
        case Shape::kNumber:
          out.set(k, lane.as<double>()[k]);
          break;
        case Shape::kText:
          out.set_text(k, lane.as<std::string_view>()[k]);
          break;
        default:
          out.set(k, lane.as<int64_t>()[k]);
      }
    }
  }
}

}  // namespace

void ValuePages::evaluate(Formula& formula, ValueBlock& out) {
  const Program& program = *formula.expression->compiled().program;
  for (size_t f = 0; f < formula.reads.size(); ++f) {
    const size_t read = formula.reads[f];
    formula.blocks[f] =
        field_of(*blocks_[read], program.fields()[f], parts_->policy.values[read].tag.values,
                 customers_, formula.known[f], formula.scratch[f]);
  }
  formula.frame.set_now(now_);
  formula.frame.run(formula.blocks, customers_, best_simd());
  take_lane(formula.frame.result(0), formula.expression->kind(), customers_, out);
}

void ValuePages::ratio(const MetricSpec& metric, ValueBlock& out) {
  out.reset(Shape::kNumber);
  const size_t a = parts_->places.at(metric.parts[0]), b = parts_->places.at(metric.parts[1]);
  for (uint32_t k = 0; k < customers_; ++k) {
    const std::optional<double> x = number_at(*blocks_[a], parts_->policy.values[a], k);
    const std::optional<double> y = number_at(*blocks_[b], parts_->policy.values[b], k);
    if (x && y && std::isfinite(*x / *y)) out.set(k, *x / *y);
  }
}

void ValuePages::plain_ltv(const PolicyPlainLtv& plain, ValueBlock& out) {
  out.reset(Shape::kInteger);
  const ValueBlock& annual = *blocks_[parts_->places.at(plain.annual_spend)];
  for (uint32_t k = 0; k < customers_; ++k) {
    if (annual.known()[k] == 0) continue;
    const Result<int64_t> value = money_scale_by(annual.integers()[k], plain.years * plain.margin);
    if (value.ok()) out.set(k, *value);
  }
}

void ValuePages::scorecard(size_t i, ValueBlock& out) {
  const PolicyValue& value = parts_->policy.values[i];
  out.reset(Shape::kNumber);
  for (uint32_t k = 0; k < customers_; ++k) out.set(k, 0.0);
  for (size_t r = 0; r < value.scorecard.size(); ++r) {
    const PolicyScorecardRow& row = value.scorecard[r];
    if (row.when) {
      evaluate(*parts_->conditions[i][r], parts_->answer);
      for (uint32_t k = 0; k < customers_; ++k) {
        const bool holds = parts_->answer.known()[k] != 0 && parts_->answer.integers()[k] != 0;
        if (holds) out.numbers()[k] += row.points;
      }
      continue;
    }
    const auto s = static_cast<size_t>(row.stream);
    EventSource source(parts_->streams[s].schema, parts_->readers[s], parts_->streams[s].rules);
    for (uint32_t k = 0; k < customers_; ++k) {
      out.numbers()[k] += scorecard_sum(row, source, first_ + k, now_, parts_->policy.zone).points;
    }
  }
}

void ValuePages::classify(size_t i, ValueBlock& out) {
  const size_t c = parts_->classification_of[i];
  const HeldClasses& held = parts_->held;
  out.reset(held.is_flags(c) ? Shape::kSet : Shape::kText);
  uint32_t* const codes = held.is_flags(c) ? nullptr : out.name(parts_->class_names[c]);
  for (uint32_t k = 0; k < customers_; ++k) {
    const CustomerState& state = (*states_)(first_ + k);
    if (held.is_flags(c)) {
      const std::vector<PolicyClass>& classes = held.what(c).classes;
      out.begin_set(k);
      for (size_t flag = 0; flag < classes.size(); ++flag) {
        if (held.has_flag(c, flag, state)) out.add_member(k, classes[flag].name);
      }
    } else if (const int now = held.of(c, state); now != kNoClass) {
      codes[k] = static_cast<uint32_t>(now);
      out.known()[k] = 1;
    }
  }
}

void ValuePages::history(size_t i, ValueBlock& out) {
  const PolicyValue& value = parts_->policy.values[i];
  out.reset(shape_of(value.tag.kind));
  for (uint32_t k = 0; k < customers_; ++k) {
    out.put(k, parts_->held.history(*value.history, (*states_)(first_ + k), now_));
  }
}

void ValuePages::heed_null(size_t i, ValueBlock& out) {
  const PolicyValue& value = parts_->policy.values[i];
  if (value.on_null == OnNull::kClear) return;
  for (uint32_t k = 0; k < customers_; ++k) {
    if (out.known()[k] != 0) continue;
    if (value.on_null == OnNull::kDefault) {
      out.put(k, *parts_->defaults[i]);
    } else if (const CustomerState& state = (*states_)(first_ + k); i < state.kept.size()) {
      out.put(k, state.kept[i]);
    }
  }
}

// As Settler has it: the attribute of joining, else her earliest fact.
std::optional<Micros> ValuePages::joined(uint32_t row) {
  const auto first = [&](LogReader& reader) {
    const LogView log = reader.read(row);
    return log.empty() ? TimeRange::kNever : log.begin()->times()[0];
  };
  if (parts_->joined_reader >= 0) {
    const auto at = static_cast<size_t>(parts_->joined_reader);
    EventSource source(parts_->streams[at].schema, parts_->readers[at], {});
    const std::vector<EventRef> values = source.read(row, now_);
    if (values.empty()) return std::nullopt;
    const Cell cell = source.cell(values.back(), 0);
    if (!cell.known) return std::nullopt;
    return parts_->joined_date ? parts_->policy.zone.start_of_day(cell.integer) : cell.integer;
  }
  Micros earliest = TimeRange::kNever;
  for (LogReader& reader : parts_->readers) earliest = std::min(earliest, first(reader));
  return earliest <= now_ ? std::optional(earliest) : std::nullopt;
}

}  // namespace patron::internal
