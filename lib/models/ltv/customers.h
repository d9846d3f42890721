// The customers of a table: the columns that a model reads, opened once, then checked and handed
// out a block of rows at a time.
//
//   Result<CustomerReader> reader = CustomerReader::open(table, LtvModel::kBgNbd, columns,
//                                                        CustomerUse::kFit);
//   CustomerBlock block;
//   reader->read(chunk, begin, n, &block);    // block.frequency[i], ..., block.fault[i]
//
// A row with a fault is left out by everybody, with its number and the reason. Thread class: a
// const reader is shared.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/number_reader.h"
#include "patron/ltv.h"

namespace patron::internal::ltv {

/// The parts of a customer; the names of kCustomerParts in messages.
enum class CustomerPart : uint8_t { kFrequency, kRecency, kT, kMonetary, kWeight, kChurned };
inline constexpr int kCustomerParts = 6;

/// What is wrong with a row.
enum class FaultKind : uint8_t {
  kNone,
  kNull,
  kNotFinite,
  kNegative,
  kNotWhole,
  kTooLarge,         ///< above 2^53
  kAboveT,           ///< recency after T
  kWithoutPurchase,  ///< recency above 0 where frequency is 0
  kBelowFrequency,   ///< BG/BB: more purchases than opportunities until the last of them
  kNoTime,           ///< purchases where T is 0
  kNoPurchase,       ///< Gamma-Gamma: no repeat purchase; a stated exclusion, not a bad row
  kNotAboveZero,     ///< money and weights
  kNotBool,          ///< churned: neither 0 nor 1
  kChurnedAtStart,   ///< churned in a period before the first
};

struct Fault {
  FaultKind kind = FaultKind::kNone;
  CustomerPart part = CustomerPart::kFrequency;
  bool operator==(const Fault&) const = default;
};

/// "is negative", ...: why a row is left out, with what would be right.
std::string_view fault_reason(Fault fault);
/// Code::kNull, kNumber or kArgument.
Code fault_code(Fault fault);

struct FaultyRow {
  int64_t row = 0;
  Fault fault;
};
/// row int64, column utf8 (as the caller named it), reason utf8.
Result<Table> faults_table(const std::vector<FaultyRow>& faults, const LtvColumns& columns);
/// For a caller who wants no bad rows: Code, message and row of the first.
Status fault_status(const FaultyRow& faulty, const LtvColumns& columns);

inline constexpr int64_t kCustomerRows = 1024;

/// Columns that are not read hold 0, weights that are not given 1. What stands in a row with a
/// fault is anything at all.
struct CustomerBlock {
  std::array<std::array<double, kCustomerRows>, kCustomerParts> values;
  std::array<Fault, kCustomerRows> fault;  ///< set where not `clean`
  bool clean = false;                      ///< no row has a fault

  const std::array<double, kCustomerRows>& of(CustomerPart part) const {
    return values[static_cast<size_t>(part)];
  }
};

enum class CustomerUse : uint8_t {
  kFit,      ///< weights and, for contracts, churned
  kPredict,  ///< neither
};

/// What is wrong with one customer, by itself. Weights and churned are not looked at.
Fault customer_fault(LtvModel model, const LtvCustomer& customer);

class CustomerReader {
 public:
  /// Code::kArgument where a column that the model reads is not named; Code::kColumn, kType.
  static Result<CustomerReader> open(const Table& table, LtvModel model, const LtvColumns& columns,
                                     CustomerUse use);
  /// Rows [begin, begin + n) of a chunk, n up to kCustomerRows.
  void read(int chunk, int64_t begin, int64_t n, CustomerBlock* block) const;

 private:
  struct Source {
    CustomerPart part = CustomerPart::kFrequency;
    NumberReader numbers;
    bool bits = false;  ///< a bool column
    std::span<const Chunk> chunks;
  };
  bool read_source(const Source& source, int chunk, int64_t begin, int64_t n, double* out,
                   CellState* states) const;

  LtvModel model_ = LtvModel::kBgNbd;
  std::vector<Source> sources_;
};

}  // namespace patron::internal::ltv
