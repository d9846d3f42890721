#include "lib/engine/settle/model_values.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <string>
#include <utility>

#include "lib/base/simd.h"
#include "lib/engine/tables/rfm_pages.h"

namespace patron::internal {
namespace {

// The outputs of models, by what stands behind the point of their names.
enum class Output : uint8_t {
  kNone,
  kR,
  kF,
  kM,
  kRecencyDays,
  kFrequency,
  kMonetary,
  kSegment,
  kOctant,
  kPAlive,
  kExpectedPurchases,
  kNextOrder,
  kExpectedSpend,
  kValue,
  kScore,
  kClass,
  kCombined,
  kCoverage,
  kReferred,
  kConverted,
  kRepeated,
  kRetained,
  kConversion,
  kChainValue,
  kGenerations,
};

constexpr std::array<std::pair<std::string_view, Output>, 23> kOutputs{{
    {"r", Output::kR},
    {"f", Output::kF},
    {"m", Output::kM},
    {"recency_days", Output::kRecencyDays},
    {"frequency", Output::kFrequency},
    {"monetary", Output::kMonetary},
    {"segment", Output::kSegment},
    {"octant", Output::kOctant},
    {"p_alive", Output::kPAlive},
    {"expected_purchases", Output::kExpectedPurchases},
    {"next_order", Output::kNextOrder},
    {"expected_spend", Output::kExpectedSpend},
    {"value", Output::kValue},
    {"score", Output::kScore},
    {"class", Output::kClass},
    {"coverage", Output::kCoverage},
    {"referred", Output::kReferred},
    {"converted", Output::kConverted},
    {"repeated", Output::kRepeated},
    {"retained", Output::kRetained},
    {"conversion", Output::kConversion},
    {"chain_value", Output::kChainValue},
    {"generations", Output::kGenerations},
}};

Output output_of(std::string_view name) {
  for (const auto& [word, output] : kOutputs) {
    if (word == name) return output;
  }
  return Output::kNone;
}

void put_text(MetricValue& out, std::string_view text) {
  out.cell.known = true;
  out.text = text;
}

template <typename T>
void put_whole(MetricValue& out, const std::optional<T>& value) {
  if (value) out.cell = Cell::of(*value);
}

}  // namespace

struct ModelValues::Slot {
  int model = -1;
  Output output = Output::kNone;
};

// What is looked up again and again: tables of segments, and days.
struct ModelValues::Tables {
  std::map<std::string, SegmentTable, std::less<>> by_name;
  NameTable octants = names_of_octants();
  std::optional<NameTable> segments;  // "prospect", then those of the table
  std::vector<int16_t> codes;         // of scores: which of them; -1: none

  const SegmentTable* find(std::string_view name) {
    const auto known = by_name.find(name);
    if (known != by_name.end()) return &known->second;
    Result<SegmentTable> table = SegmentTable::named(name);
    if (!table.ok()) return nullptr;
    return &by_name.emplace(std::string(name), *std::move(table)).first->second;
  }
  // As zone.local_day(t) and zone.start_of_day(day): of nearly everybody it is the same few.
  Day day_of(const TimeZone& zone, Micros t) {
    if (t != last.first) last = {t, zone.local_day(t)};
    return last.second;
  }
  Micros begin_of(const TimeZone& zone, Day day) {
    auto& known = begins[static_cast<uint64_t>(day) % begins.size()];
    if (known.first != day) known = {day, zone.start_of_day(day)};
    return known.second;
  }
  std::pair<Micros, Day> last{kEndTime, 0};  // no instant is kEndTime
  std::array<std::pair<Day, Micros>, 8> begins = [] {
    std::array<std::pair<Day, Micros>, 8> none;
    none.fill({kNoDay, 0});
    return none;
  }();
  static constexpr Day kNoDay = std::numeric_limits<Day>::min();

  static NameTable names_of_octants() {
    std::vector<std::string_view> names;
    names.reserve(8);
    for (int octant = 0; octant < 8; ++octant) {
      names.push_back(octant_name(OctantNames::kClassic, octant).en);
    }
    return NameTable(std::move(names));
  }
  // Makes the names and codes of segments, of scores r, f and m, each 0 to 10, at 121 r + 11 f + m.
  // Of the one model of RFM that a policy has.
  void name_segments(std::string_view name) {
    constexpr int kSide = 11;
    if (segments) return;
    const SegmentTable* table = find(name);
    std::vector<std::string_view> names{"prospect"};
    for (size_t row = 0; table != nullptr && row < table->rows().size(); ++row) {
      names.push_back(table->rows()[row].name);
    }
    codes.assign(kSide * kSide * kSide, -1);
    for (int code = 0; table != nullptr && code < kSide * kSide * kSide; ++code) {
      const int row = table->segment_of({code / kSide / kSide, code / kSide % kSide, code % kSide});
      if (row >= 0) codes[static_cast<size_t>(code)] = static_cast<int16_t>(row + 1);
    }
    segments.emplace(std::move(names));
  }
};

ModelValues::ModelValues(const PolicyData& policy, std::span<const MetricStream> streams,
                         const BookState& book)
    : policy_(policy),
      constants_(std::make_shared<CalibrationData>()),
      tables_(std::make_unique<Tables>()),
      book_(book) {
  for (const MetricStream& stream : streams) {
    if (stream.name == "orders") orders_.emplace(stream.schema, *stream.reader, stream.rules);
    if (stream.name == "surveys") surveys_.emplace(stream.schema, *stream.reader, stream.rules);
    if (stream.name == "referrals") referrals_.emplace(stream.schema, *stream.reader, stream.rules);
  }
  if (orders_) amount_ = orders_->column("amount");
  if (surveys_) kind_ = surveys_->column("kind"), score_ = surveys_->column("score");
  if (referrals_) {
    referrer_ = referrals_->column("referrer"), referred_ = referrals_->column("referred");
  }
  for (const PolicyValue& value : policy.values) {
    Slot slot;
    for (size_t m = 0; m < policy.models.size() && value.tag.source == TagSource::kModel; ++m) {
      const std::string& name = policy.models[m].name;
      if (!value.tag.name.starts_with(name)) continue;
      const std::string_view rest = std::string_view(value.tag.name).substr(name.size());
      if (!rest.empty() && rest[0] != '.') continue;
      slot.model = static_cast<int>(m);
      slot.output = rest.empty() ? Output::kCombined : output_of(rest.substr(1));
    }
    slots_.push_back(slot);
  }
  scorers_.resize(policy.models.size());
}

ModelValues::~ModelValues() = default;

void ModelValues::use(std::shared_ptr<const CalibrationData> constants) {
  InForce next = ready(std::move(constants));
  exchange(next);
}

void ModelValues::exchange(InForce& other) {
  std::swap(constants_, other.constants);
  std::swap(scorers_, other.scorers);
}

ModelValues::InForce ModelValues::ready(std::shared_ptr<const CalibrationData> constants) const {
  if (constants == nullptr) constants = std::make_shared<CalibrationData>();
  std::vector<std::unique_ptr<LtvScorer>> scorers(policy_.models.size());
  for (size_t m = 0; m < policy_.models.size(); ++m) {
    const PolicyModel& model = policy_.models[m];
    if (model.kind != PolicyModel::Kind::kLtv) continue;
    if (const auto* found = constants->find<LtvConstants>(model.name)) {
      scorers[m] = std::make_unique<LtvScorer>(model, *found, policy_.zone, policy_.money.scale);
    }
  }
  return {std::move(constants), std::move(scorers)};
}

void ModelValues::begin(uint32_t customer, CustomerId id, Micros now) {
  customer_ = customer;
  id_ = id;
  now_ = now;
  rfm_.reset();
  ltv_.reset();
  nps_.reset();
}

void ModelValues::let_go() {
  rfm_.emplace();
  ltv_.emplace(std::in_place);
  nps_.emplace();
  begin(0, CustomerId(), 0);
}

const RfmMeasured& ModelValues::rfm(const PolicyModel& model) {
  if (!rfm_) {
    if (orders_) {
      rfm_ = rfm_measured(*orders_, amount_, customer_, now_, model.window, policy_.zone);
    } else {
      rfm_.emplace().monetary = 0;
    }
  }
  return *rfm_;
}

const std::optional<LtvMeasured>& ModelValues::ltv(const PolicyModel& model) {
  if (!ltv_) {
    ltv_.emplace();
    if (orders_) {
      *ltv_ = ltv_measured(*orders_, amount_, customer_, now_, ltv_grid(model, policy_.zone),
                           ltv_whole_periods(model));
    }
  }
  return *ltv_;
}

const NpsMeasured& ModelValues::nps(const PolicyModel& model) {
  if (!nps_) {
    nps_ = surveys_
               ? nps_measured(*surveys_, kind_, score_, customer_, now_, model.window, policy_.zone)
               : NpsMeasured();
  }
  return *nps_;
}

ReferralMeasured ModelValues::referral(const PolicyModel& model) {
  static constexpr Period kYear{0, 365 * kMicrosPerDay};
  return referral_measured(orders_ ? &*orders_ : nullptr, amount_,
                           referrals_ ? &*referrals_ : nullptr, referrer_, referred_, book_,
                           customer_, now_, model.window.value_or(kYear), policy_.zone);
}

Micros ModelValues::next_midnight() const {
  return tables_->begin_of(policy_.zone, tables_->day_of(policy_.zone, now_) + 1);
}

std::optional<Day> next_recency_day(const RfmMeasured& measured, const RfmCuts& cuts, Day today) {
  if (!measured.last_day) return std::nullopt;
  const int64_t recency = today - *measured.last_day;
  int64_t next = std::numeric_limits<int64_t>::max();
  const auto take = [&](int64_t cut) {
    if (cut >= recency) next = std::min(next, cut);
  };
  for (const int64_t cut : cuts.recency.cuts) take(cut);
  take(cuts.recency.octant_split);
  constexpr int64_t kDays = 4'000'000;  // beyond every instant
  if (next > kDays) return std::nullopt;
  return *measured.last_day + next + 1;
}

Micros next_recency(const RfmMeasured& measured, const RfmCuts& cuts, const TimeZone& zone,
                    Micros now) {
  const std::optional<Day> day = next_recency_day(measured, cuts, zone.local_day(now));
  return day ? zone.start_of_day(*day) : TimeRange::kNever;
}

MetricValue ModelValues::rfm_value(const Slot& slot) {
  const PolicyModel& model = policy_.models[static_cast<size_t>(slot.model)];
  const RfmMeasured& measured = rfm(model);
  MetricValue out;
  out.next_change = measured.next_change;
  const Day today = tables_->day_of(policy_.zone, now_);
  const int64_t recency = measured.last_day ? today - *measured.last_day : 0;
  if (slot.output == Output::kRecencyDays) {
    if (measured.last_day) out.cell = Cell::of(recency);
    out.next_change = measured.last_day ? next_midnight() : TimeRange::kNever;
    return out;
  }
  if (slot.output == Output::kFrequency) return out.cell = Cell::of(measured.frequency), out;
  if (slot.output == Output::kMonetary) {
    put_whole(out, measured.monetary);
    out.overflow = !measured.monetary;
    return out;
  }
  const auto* found = constants_->find<RfmConstants>(model.name);
  if (found == nullptr || !measured.monetary) return out;
  if (slot.output != Output::kF && slot.output != Output::kM) {
    const std::optional<Day> next = next_recency_day(measured, found->cuts, today);
    if (next) out.next_change = std::min(out.next_change, tables_->begin_of(policy_.zone, *next));
  }
  const bool bought = measured.last_day.has_value();
  const Scores scores =
      bought ? rfm_score(recency, measured.frequency, *measured.monetary, found->cuts) : Scores();
  switch (slot.output) {
    case Output::kR:
      out.cell = Cell::of(scores.r);
      break;
    case Output::kF:
      out.cell = Cell::of(scores.f);
      break;
    case Output::kM:
      out.cell = Cell::of(scores.m);
      break;
    case Output::kSegment: {
      if (!bought) return put_text(out, "prospect"), out;
      const SegmentTable* table = tables_->find(model.table);
      const int row = table == nullptr ? -1 : table->segment_of(scores);
      if (row >= 0) put_text(out, table->rows()[static_cast<size_t>(row)].name);
      break;
    }
    default:
      if (!bought) break;
      put_text(out, octant_name(OctantNames::kClassic, rfm_octant(recency, measured.frequency,
                                                                  *measured.monetary, found->cuts))
                        .en);
  }
  return out;
}

bool ModelValues::is_rfm(size_t index) const {
  const int model = slots_[index].model;
  return model >= 0 && policy_.models[static_cast<size_t>(model)].kind == PolicyModel::Kind::kRfm;
}

namespace {

// Values where they are known, and 0 where not.
template <typename T>
void put_known(const T* values, const uint8_t* known, uint32_t customers, ValueBlock& out) {
  run_with_best_simd([&]() __attribute__((always_inline)) {
    const T* const from = values;
    const uint8_t* const there = known;
    int64_t* const to = out.integers();
    uint8_t* const marks = out.known();
    const uint32_t n = customers;
    for (uint32_t k = 0; k < n; ++k) marks[k] = there[k];
    for (uint32_t k = 0; k < n; ++k) to[k] = int64_t{from[k]} & -int64_t{there[k]};
    return 0;
  });
}

}  // namespace

void ModelValues::rfm_outputs(size_t index, RfmPages& page, uint32_t customers, ValueBlock& out) {
  const Slot& slot = slots_[index];
  const PolicyModel& model = policy_.models[static_cast<size_t>(slot.model)];
  switch (slot.output) {
    case Output::kRecencyDays:
      return put_known(page.recency(), page.buyers(), customers, out);
    case Output::kFrequency:
      return put_known(page.frequency(), page.there(), customers, out);
    case Output::kMonetary:
      return put_known(page.monetary(), page.with_money(), customers, out);
    default:
      break;
  }
  const auto* found = constants_->find<RfmConstants>(model.name);
  if (found == nullptr) return;
  page.score(found->cuts);
  switch (slot.output) {
    case Output::kR:
      return put_known(page.r(), page.with_money(), customers, out);
    case Output::kF:
      return put_known(page.f(), page.with_money(), customers, out);
    case Output::kM:
      return put_known(page.m(), page.with_money(), customers, out);
    case Output::kSegment: {
      tables_->name_segments(model.table);
      const int16_t* const code_of = tables_->codes.data();
      const int8_t *r = page.r(), *f = page.f(), *m = page.m();
      uint32_t* const codes = out.name(*tables_->segments);
      for (uint32_t k = 0; k < customers; ++k) {
        // Of who never bought it is the first name.
        const int code = code_of[r[k] * 121 + f[k] * 11 + m[k]] & -int{page.buyers()[k]};
        out.known()[k] = static_cast<uint8_t>(page.with_money()[k] & (code >= 0 ? 1 : 0));
        codes[k] = static_cast<uint32_t>(code & -int{out.known()[k]});
      }
      return;
    }
    default: {
      uint32_t* const codes = out.name(tables_->octants);
      for (uint32_t k = 0; k < customers; ++k) {
        const int octant =
            rfm_octant(page.recency()[k], page.frequency()[k], page.monetary()[k], found->cuts);
        out.known()[k] = page.with_money()[k] & page.buyers()[k];
        codes[k] = static_cast<uint32_t>(octant & -int{out.known()[k]});
      }
    }
  }
}

int ModelValues::grid_class(const PolicyClassificationData& grid, Micros& next_change) {
  const size_t point = grid.table.find('.');
  const std::string_view name = std::string_view(grid.table).substr(0, point);
  const auto model = std::find_if(policy_.models.begin(), policy_.models.end(),
                                  [&](const PolicyModel& one) { return one.name == name; });
  next_change = TimeRange::kNever;
  const auto* found = constants_->find<RfmConstants>(name);
  if (found == nullptr || model == policy_.models.end()) return -1;
  const RfmMeasured& measured = rfm(*model);
  const auto prospect = static_cast<int>(grid.classes.size()) - 1;
  if (!measured.last_day) return prospect;
  next_change = std::min(measured.next_change, next_score(measured, found->cuts));
  const SegmentTable* table = tables_->find(grid.table.substr(point + 1));
  if (table == nullptr || !measured.monetary) return -1;
  return table->segment_of(rfm_score(policy_.zone.local_day(now_) - *measured.last_day,
                                     measured.frequency, *measured.monetary, found->cuts));
}

MetricValue ModelValues::ltv_value(const Slot& slot) {
  MetricValue out;
  const LtvScorer* scorer = scorers_[static_cast<size_t>(slot.model)].get();
  if (scorer == nullptr) return out;
  const std::optional<LtvMeasured>& measured = ltv(policy_.models[static_cast<size_t>(slot.model)]);
  // BG/BB lets the orders of the running period wait, so that who has none yet may have one later.
  const bool waits = ltv_whole_periods(policy_.models[static_cast<size_t>(slot.model)]);
  if (measured || waits) out.next_change = next_midnight();
  if (!measured) return out;
  const int64_t period = scorer->period_at(now_);
  switch (slot.output) {
    case Output::kPAlive:
    case Output::kExpectedPurchases: {
      const std::optional<double> found = slot.output == Output::kPAlive
                                              ? scorer->p_alive(*measured, period)
                                              : scorer->expected_purchases(*measured, period);
      if (found) out.cell = Cell::of_double(*found);
      break;
    }
    case Output::kNextOrder:
      put_whole(out, scorer->next_order(*measured, period, now_));
      break;
    case Output::kExpectedSpend:
      put_whole(out, scorer->expected_spend(*measured, period));
      if (!waits) out.next_change = TimeRange::kNever;  // it knows her orders alone
      break;
    default:
      put_whole(out, scorer->value(*measured, period));
  }
  return out;
}

MetricValue ModelValues::nps_value(const Slot& slot) {
  const NpsMeasured& measured = nps(policy_.models[static_cast<size_t>(slot.model)]);
  MetricValue out;
  out.next_change = measured.next_change;
  if (!measured.score) return out;
  const int64_t score = *measured.score;
  if (slot.output == Output::kScore) return out.cell = Cell::of(score), out;
  put_text(out, nps_class(score));
  return out;
}

// Frozen, for they are made of other customers' facts; who brought nobody has none of it.
MetricValue ModelValues::referral_value(const Slot& slot) const {
  MetricValue out;
  const std::string& name = policy_.models[static_cast<size_t>(slot.model)].name;
  const auto* found = constants_->find<ReferralConstants>(name);
  if (found == nullptr) return out;
  const ReferrerValue* known = found->find(id_);
  const ReferrerValue value = known == nullptr ? ReferrerValue() : *known;
  switch (slot.output) {
    case Output::kReferred:
      return out.cell = Cell::of(value.referred), out;
    case Output::kConverted:
      return out.cell = Cell::of(value.converted), out;
    case Output::kRepeated:
      return out.cell = Cell::of(value.repeated), out;
    case Output::kRetained:
      return out.cell = Cell::of(value.retained), out;
    case Output::kValue:
      return out.cell = Cell::of(value.value), out;
    case Output::kChainValue:
      return out.cell = Cell::of(value.chain_value), out;
    case Output::kGenerations:
      return out.cell = Cell::of(value.generations), out;
    default:
      if (value.referred == 0) return out;
  }
  out.cell =
      Cell::of_double(static_cast<double>(value.converted) / static_cast<double>(value.referred));
  return out;
}

MetricValue ModelValues::combined(const Slot& slot, const NumberOf& number) const {
  MetricValue out;
  const PolicyModel& model = policy_.models[static_cast<size_t>(slot.model)];
  const auto* found = constants_->find<WeightConstants>(model.name);
  if (found == nullptr || found->weights.size() != model.of.size()) return out;
  double sum = 0, known = 0;
  for (size_t i = 0; i < model.of.size(); ++i) {
    const double low = found->low[i], high = found->high[i];
    const std::optional<double> value = number(model.of[i]);
    if (!value || !(low < high) || found->weights[i] == 0) continue;
    // The range of the greatest doubles is no double, so they are halved.
    const double scaled = (*value / 2 - low / 2) / (high / 2 - low / 2);
    sum += found->weights[i] * std::clamp(scaled, 0.0, 1.0);
    known += found->weights[i];
  }
  if (slot.output == Output::kCoverage) return out.cell = Cell::of_double(known), out;
  if (known > 0) out.cell = Cell::of_double(sum / known);
  return out;
}

MetricValue ModelValues::value(size_t index, const NumberOf& number) {
  const Slot& slot = slots_[index];
  if (slot.model < 0) return {};
  switch (policy_.models[static_cast<size_t>(slot.model)].kind) {
    case PolicyModel::Kind::kRfm:
      return rfm_value(slot);
    case PolicyModel::Kind::kLtv:
      return ltv_value(slot);
    case PolicyModel::Kind::kNps:
      return nps_value(slot);
    case PolicyModel::Kind::kReferral:
      return referral_value(slot);
    case PolicyModel::Kind::kWeights:
      break;
  }
  return combined(slot, number);
}

}  // namespace patron::internal
