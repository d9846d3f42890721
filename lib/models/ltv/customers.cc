#include "lib/models/ltv/customers.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "lib/base/bitmap.h"
#include "lib/base/simd.h"
#include "lib/base/utf8.h"

namespace patron::internal::ltv {
namespace {

constexpr double kMaxCount = 9007199254740992;  // 2^53: whole numbers up to here are all doubles
constexpr double kMaxTime = 1e100;              // products with parameters stay finite

constexpr std::array<std::string_view, kCustomerParts> kPartNames{
    "frequency", "recency", "T", "monetary", "weight", "churned"};

const std::string& column_of(const LtvColumns& columns, CustomerPart part) {
  switch (part) {
    case CustomerPart::kFrequency:
      return columns.frequency;
    case CustomerPart::kRecency:
      return columns.recency;
    case CustomerPart::kT:
      return columns.T;
    case CustomerPart::kMonetary:
      return columns.monetary;
    case CustomerPart::kWeight:
      return columns.weight;
    default:
      return columns.churned;
  }
}

std::vector<CustomerPart> parts_of(LtvModel model, CustomerUse use) {
  switch (model) {
    case LtvModel::kNbd:
      return {CustomerPart::kFrequency, CustomerPart::kT};
    case LtvModel::kSbg:
    case LtvModel::kBdw:
      if (use == CustomerUse::kFit) return {CustomerPart::kT, CustomerPart::kChurned};
      return {CustomerPart::kT};
    case LtvModel::kGammaGamma:
      return {CustomerPart::kFrequency, CustomerPart::kMonetary};
    default:
      return {CustomerPart::kFrequency, CustomerPart::kRecency, CustomerPart::kT};
  }
}

bool whole(double value) { return std::floor(value) == value; }

Fault count_fault(double value, CustomerPart part) {
  if (!std::isfinite(value)) return {FaultKind::kNotFinite, part};
  if (value < 0) return {FaultKind::kNegative, part};
  if (value > kMaxCount) return {FaultKind::kTooLarge, part};
  if (!whole(value)) return {FaultKind::kNotWhole, part};
  return {};
}

Fault time_fault(double value, CustomerPart part) {
  if (!std::isfinite(value)) return {FaultKind::kNotFinite, part};
  if (value < 0) return {FaultKind::kNegative, part};
  if (value > kMaxTime) return {FaultKind::kTooLarge, part};
  return {};
}

Fault history_fault(const LtvCustomer& c, bool whole_times) {
  const auto check = whole_times ? count_fault : time_fault;
  if (Fault fault = count_fault(c.frequency, CustomerPart::kFrequency); fault != Fault())
    return fault;
  if (Fault fault = check(c.recency, CustomerPart::kRecency); fault != Fault()) return fault;
  if (Fault fault = check(c.T, CustomerPart::kT); fault != Fault()) return fault;
  if (c.frequency == 0 && c.recency > 0)
    return {FaultKind::kWithoutPurchase, CustomerPart::kRecency};
  if (c.recency > c.T) return {FaultKind::kAboveT, CustomerPart::kRecency};
  if (c.frequency > 0 && c.T == 0) return {FaultKind::kNoTime, CustomerPart::kT};
  if (whole_times && c.recency < c.frequency)
    return {FaultKind::kBelowFrequency, CustomerPart::kRecency};
  return {};
}

Fault spend_fault(const LtvCustomer& c) {
  if (Fault fault = count_fault(c.frequency, CustomerPart::kFrequency); fault != Fault())
    return fault;
  if (c.frequency == 0) return {FaultKind::kNoPurchase, CustomerPart::kFrequency};
  if (!std::isfinite(c.monetary)) return {FaultKind::kNotFinite, CustomerPart::kMonetary};
  if (!(c.monetary > 0)) return {FaultKind::kNotAboveZero, CustomerPart::kMonetary};
  if (c.monetary > kMaxTime) return {FaultKind::kTooLarge, CustomerPart::kMonetary};
  return {};
}

/// Whether all rows of a purchase history are sound, without a branch; NaN fails each comparison.
PATRON_SIMD_INLINE bool sound_histories(const double* x, const double* t, const double* T,
                                        int64_t n) {
  int64_t bad = 0;
  for (int64_t i = 0; i < n; i++) {
    // Adding and taking away 2^52 rounds to a whole number; from 2^52 on the slow check decides.
    const double rounded = (x[i] + 4503599627370496.0) - 4503599627370496.0;
    bad |= static_cast<int64_t>(!(x[i] >= 0)) | static_cast<int64_t>(!(x[i] < 4503599627370496.0));
    bad |= static_cast<int64_t>(rounded != x[i]);
    bad |= static_cast<int64_t>(!(t[i] >= 0)) | static_cast<int64_t>(!(t[i] <= T[i]));
    bad |= static_cast<int64_t>(!(T[i] <= kMaxTime));
    bad |= static_cast<int64_t>(x[i] == 0) & static_cast<int64_t>(t[i] != 0);
    bad |= static_cast<int64_t>(x[i] != 0) & static_cast<int64_t>(T[i] == 0);
  }
  return bad == 0;
}

PATRON_SIMD_INLINE bool all_above_zero(const double* values, int64_t n) {
  int64_t bad = 0;
  for (int64_t i = 0; i < n; i++) {
    bad |= static_cast<int64_t>(!(values[i] > 0)) | static_cast<int64_t>(!(values[i] <= kMaxCount));
  }
  return bad == 0;
}

}  // namespace

std::string_view fault_reason(Fault fault) {
  const bool money = fault.part == CustomerPart::kMonetary;
  switch (fault.kind) {
    case FaultKind::kNull:
      return "is null; fill it or leave the row out";
    case FaultKind::kNotFinite:
      return "is not finite; fill it or leave the row out";
    case FaultKind::kNegative:
      return "is negative; it must be 0 or more";
    case FaultKind::kNotWhole:
      return "is no whole number; it counts purchases or periods";
    case FaultKind::kTooLarge:
      return "is too large; counts and weights go up to 2^53, times and money up to 1e100";
    case FaultKind::kAboveT:
      return "is above T; the last purchase cannot be later than now";
    case FaultKind::kWithoutPurchase:
      return "is above 0 where frequency is 0; it runs from the first to the last purchase";
    case FaultKind::kBelowFrequency:
      return "is below frequency; at most one purchase falls on each opportunity";
    case FaultKind::kNoTime:
      return "is 0 where there are repeat purchases; they take time";
    case FaultKind::kNoPurchase:
      return "is 0; the model of spend is about repeat purchases";
    case FaultKind::kNotAboveZero:
      return money ? "is not above 0; a gamma distribution has no such money: leave the row out, "
                     "or let "
                     "bad rows be null (on_bad_row)"
                   : "is not above 0; leave the row out instead";
    case FaultKind::kNotBool:
      return "is neither 0 nor 1";
    case FaultKind::kChurnedAtStart:
      return "is 0 where the contract ended; it ends in period 1 at the earliest";
    default:
      return "is sound";
  }
}

Code fault_code(Fault fault) {
  if (fault.kind == FaultKind::kNull) return Code::kNull;
  return fault.kind == FaultKind::kNotFinite ? Code::kNumber : Code::kArgument;
}

Result<Table> faults_table(const std::vector<FaultyRow>& faults, const LtvColumns& columns) {
  std::vector<int64_t> rows;
  std::vector<std::string> names, reasons;
  rows.reserve(faults.size());
  for (const FaultyRow& faulty : faults) {
    rows.push_back(faulty.row);
    names.push_back(column_of(columns, faulty.fault.part));
    reasons.emplace_back(fault_reason(faulty.fault));
  }
  return TableBuilder()
      .int64("row", std::move(rows))
      .strings("column", names)
      .strings("reason", reasons)
      .finish();
}

Status fault_status(const FaultyRow& faulty, const LtvColumns& columns) {
  return {fault_code(faulty.fault),
          "column " + quoted(column_of(columns, faulty.fault.part)) + ", row " +
              std::to_string(faulty.row) + " " + std::string(fault_reason(faulty.fault)),
          faulty.row};
}

Fault customer_fault(LtvModel model, const LtvCustomer& customer) {
  switch (model) {
    case LtvModel::kNbd:
      return history_fault({customer.frequency, 0, customer.T, 0}, false);
    case LtvModel::kSbg:
    case LtvModel::kBdw:
      return count_fault(customer.T, CustomerPart::kT);
    case LtvModel::kGammaGamma:
      return spend_fault(customer);
    default:
      return history_fault(customer, model == LtvModel::kBgBb);
  }
}

Result<CustomerReader> CustomerReader::open(const Table& table, LtvModel model,
                                            const LtvColumns& columns, CustomerUse use) {
  CustomerReader reader;
  reader.model_ = model;
  std::vector<CustomerPart> parts = parts_of(model, use);
  if (use == CustomerUse::kFit && !columns.weight.empty()) parts.push_back(CustomerPart::kWeight);
  for (const CustomerPart part : parts) {
    const std::string& name = column_of(columns, part);
    if (name.empty()) {
      return Status(Code::kArgument,
                    "columns." + std::string(kPartNames[static_cast<size_t>(part)]) + ": " +
                        std::string(ltv_model_name(model)) + " reads it; name the column");
    }
    const Result<int> column = table.require(name);
    if (!column.ok()) return column.status();
    Source source;
    source.part = part;
    source.chunks = table.chunks(*column);
    source.bits = part == CustomerPart::kChurned && table.field(*column).type.type == Type::kBool;
    if (!source.bits) {
      Result<NumberReader> numbers = NumberReader::open(table, *column);
      if (!numbers.ok()) return numbers.status();
      source.numbers = *numbers;
    }
    reader.sources_.push_back(std::move(source));
  }
  return reader;
}

bool CustomerReader::read_source(const Source& source, int chunk, int64_t begin, int64_t n,
                                 double* out, CellState* states) const {
  if (!source.bits) return source.numbers.read(chunk, begin, n, out, states);
  const Chunk& c = source.chunks[static_cast<size_t>(chunk)];
  bool clean = true;
  for (int64_t i = 0; i < n; i++) {
    const bool there = c.valid(begin + i);
    const auto* bits = static_cast<const uint8_t*>(c.values);
    out[i] = there && get_bit(bits, c.offset + begin + i) ? 1 : 0;
    states[i] = there ? CellState::kOk : CellState::kNull;
    clean &= there;
  }
  return clean;
}

void CustomerReader::read(int chunk, int64_t begin, int64_t n, CustomerBlock* block) const {
  std::array<std::array<CellState, kCustomerRows>, kCustomerParts> states;
  std::array<bool, kCustomerParts> given{};
  bool clean = true;
  for (const Source& source : sources_) {
    const auto p = static_cast<size_t>(source.part);
    given[p] = true;
    clean &= read_source(source, chunk, begin, n, block->values[p].data(), states[p].data());
  }
  for (size_t p = 0; p < kCustomerParts; ++p) {
    if (!given[p]) {
      const double value = p == static_cast<size_t>(CustomerPart::kWeight) ? 1 : 0;
      std::fill_n(block->values[p].data(), n, value);
    }
  }
  const auto values = [block](CustomerPart part) { return block->of(part).data(); };
  const bool history =
      model_ == LtvModel::kBgNbd || model_ == LtvModel::kMbgNbd || model_ == LtvModel::kParetoNbd;
  if (clean && history && run_with_best_simd([&] {
        return sound_histories(values(CustomerPart::kFrequency), values(CustomerPart::kRecency),
                               values(CustomerPart::kT), n) &&
               all_above_zero(values(CustomerPart::kWeight), n);
      })) {
    block->clean = true;
    return;
  }
  block->clean = true;
  for (int64_t i = 0; i < n; i++) {
    const auto at = static_cast<size_t>(i);
    Fault fault;
    for (const Source& source : sources_) {
      const CellState state = states[static_cast<size_t>(source.part)][at];
      if (state == CellState::kOk || fault != Fault()) continue;
      // Who never came back has no money to be missed.
      if (source.part == CustomerPart::kMonetary && values(CustomerPart::kFrequency)[i] == 0)
        continue;
      const bool null = state == CellState::kNull;
      fault = {null ? FaultKind::kNull : FaultKind::kNotFinite, source.part};
    }
    const LtvCustomer customer{values(CustomerPart::kFrequency)[i],
                               values(CustomerPart::kRecency)[i], values(CustomerPart::kT)[i],
                               values(CustomerPart::kMonetary)[i]};
    if (fault == Fault()) fault = customer_fault(model_, customer);
    const double weight = values(CustomerPart::kWeight)[i],
                 churned = values(CustomerPart::kChurned)[i];
    if (fault == Fault() && !(weight > 0))
      fault = {FaultKind::kNotAboveZero, CustomerPart::kWeight};
    if (fault == Fault() && weight > kMaxCount)
      fault = {FaultKind::kTooLarge, CustomerPart::kWeight};
    if (fault == Fault() && churned != 0 && churned != 1)
      fault = {FaultKind::kNotBool, CustomerPart::kChurned};
    if (fault == Fault() && churned == 1 && customer.T == 0)
      fault = {FaultKind::kChurnedAtStart, CustomerPart::kT};
    block->fault[at] = fault;
    block->clean &= fault == Fault();
  }
}

}  // namespace patron::internal::ltv
