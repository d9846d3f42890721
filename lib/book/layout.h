// A checked BookSpec in the form that the book works with: what each column's cells look like in
// memory.
//
//   const StreamLayout& orders = layout.data().streams[0];
//   const int amount = orders.find("amount");      // -1: there is none
//   orders.columns[amount].cell;                   // CellType::kInt: minor units
//
// Thread class: a const one is shared.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "patron/book.h"

namespace patron::internal {

/// How a cell lies in memory. Each type has one value that is null.
enum class CellType : uint8_t {
  kByte,      ///< uint8_t 0, 1; kNullByte           bool
  kDay,       ///< int32_t; kNullDay                 date
  kCode,      ///< uint32_t; kNullEnum               enum: see EnumTexts
  kCustomer,  ///< uint32_t, a row; kNoCustomer      ids of customers
  kInt,       ///< int64_t; kNullInt                 int64, timestamp, duration, money
  kDouble,    ///< double; NaN                       double
  kBits,      ///< uint64_t; kNullBits               enum_set
  kText,      ///< TextCell                          string
};

inline constexpr uint8_t kNullByte = 2;
inline constexpr int32_t kNullDay = std::numeric_limits<int32_t>::min();
inline constexpr uint32_t kNullEnum = 0xFFFFFFFF;
inline constexpr int64_t kNullInt = std::numeric_limits<int64_t>::min();
inline constexpr uint64_t kNullBits = ~uint64_t{0};

size_t cell_width(CellType type);
CellType cell_type(const BookColumn& column);

struct CellColumn {
  std::string name;
  Kind kind = Kind::kBool;
  CellType cell = CellType::kByte;
  uint8_t width = 1;
  bool nullable = true;
  bool personal = false;
  int sum = -1;                     ///< its index among the columns of StreamLayout::summed, or -1
  int whole = -1;                   ///< its index among the columns of CellType::kInt, or -1
  MoneyUnit unit;                   ///< kMoney
  std::vector<std::string> values;  ///< kEnum, kEnumSet
};

/// A stream, or an attribute: a stream of one column, `value`, with one value at a time.
struct StreamLayout {
  std::string name;
  std::vector<CellColumn> columns;
  std::vector<int> summed;           ///< the columns of which sums stay within int64
  int whole = 0;                     ///< how many columns are of CellType::kInt
  int key = -1;                      ///< the column of event keys
  int referrer = -1, referred = -1;  ///< of `referrals`: a fact of both
  bool attribute = false;
  int find(std::string_view column) const;
};

struct LayoutData {
  BookSpec spec;
  std::vector<StreamLayout> streams;
  std::vector<StreamLayout> attributes;
  StreamLayout claims;  ///< a column of text for each identity key
  bool text_customers = true;
};

}  // namespace patron::internal
