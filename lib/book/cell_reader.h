// CellReader: a column of a table as cells of a book's column, with a reason for each that is none.
//
//   Result<CellReader> reader = CellReader::open(table, index, column, spec);
//   reader->read(chunk, begin, n, block);   // block.cells or block.texts, block.reasons
//
// Thread class: a const reader is shared.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/column_reader.h"
#include "lib/base/int_bounds.h"
#include "lib/base/number_reader.h"
#include "lib/base/wiped.h"
#include "lib/book/layout.h"

namespace patron::internal {

/// The most bytes of a text, an id or a key.
inline constexpr size_t kMaxTextBytes = 65'535;

/// Why a cell is refused; null: it is good. Static texts.
using CellReason = const char*;

/// Cells of up to kMost rows. Texts, enums and ids that are text are in `texts` (data() null where
/// they are null), ids that are int64 in `cells` as int64, all else there as CellType says.
struct CellBlock {
  static constexpr int64_t kMost = 1024;
  /// Memory for a block; without it there is none.
  void make_room() {
    const auto most = static_cast<size_t>(kMost);
    cells.resize(most);
    texts.resize(most);
    states.resize(most);
    reasons.resize(most);
  }
  WipedVector<uint64_t> cells;  ///< the bytes of up to kMost cells of any width but that of text
  std::vector<std::string_view> texts;
  std::vector<CellState> states;
  std::vector<CellReason> reasons;
  bool any_reason = false;
  bool any_cell = false;  ///< one is not null

  void refuse(int64_t i, CellReason reason) {
    reasons[static_cast<size_t>(i)] = reason;
    any_reason = true;
  }
};

/// Whether cells of the column are read as text.
bool reads_text(const CellColumn& column, bool text_customers);

/// Why a value cannot be a cell of the column, or null. Doubles: finite; int64 and the like: not
/// the one that stands for null; dates, durations, instants in their range; sets of the values
/// there are.
CellReason check_int_cell(const CellColumn& column, int64_t value);
/// Whether it can.
inline bool is_int_cell(const CellColumn& column, int64_t value) {
  const bool any = column.kind == Kind::kMoney || column.kind == Kind::kInt64;
  return any ? value != kNullInt : check_int_cell(column, value) == nullptr;
}

class CellReader {
 public:
  /// Code::kType where the type of the table's column does not go with the book's. What has no
  /// value goes with every column, as nulls.
  static Result<CellReader> open(const Table& table, int index, const CellColumn& column,
                                 const LayoutData& layout);
  void read(int chunk, int64_t begin, int64_t n, CellBlock& block) const;
  /// The cells of a run where they stand in the table, of CellColumn::width or int64 ids, where
  /// they can be used as they are: none is null or refused. Else null: read() has them. `bounds`
  /// gets those of the numbers, if it is not null.
  const uint8_t* direct(int chunk, int64_t begin, int64_t n, IntBounds* bounds = nullptr) const;
  /// The chunk where its texts stand one behind the other, with 32 bit offsets, and none is null;
  /// else null.
  const Chunk* plain_texts(int chunk) const {
    const Chunk& c = chunks_[static_cast<size_t>(chunk)];
    return type_.type == Type::kString && c.null_count == 0 && c.bytes != nullptr ? &c : nullptr;
  }
  /// Whether read() may give a cell that is null, without looking at them.
  bool may_be_null(int chunk) const;
  /// Why a cell is refused and what would be right instead, with its text, shortened, where that is
  /// not personal: `text that is no date: "31.12.2026"; want ISO 8601, such as 2026-10-01`.
  std::string message(CellReason reason, int chunk, int64_t row) const;

 private:
  static Result<CellReader> open_typed(const Table& table, int index, const CellColumn& column,
                                       const LayoutData& layout);
  std::optional<std::string_view> shown(int chunk, int64_t row) const;
  void read_ints(int chunk, int64_t begin, int64_t n, CellBlock& block) const;
  void read_doubles(int chunk, int64_t begin, int64_t n, CellBlock& block) const;
  void read_bools(const Chunk& chunk, int64_t begin, int64_t n, CellBlock& block) const;
  void read_days(const Chunk& chunk, int64_t begin, int64_t n, CellBlock& block) const;
  int64_t day_of_wall(int64_t value) const;
  void read_durations(const Chunk& chunk, int64_t begin, int64_t n, CellBlock& block) const;
  void read_texts(int chunk, int64_t begin, int64_t n, CellBlock& block) const;

  const CellColumn* column_ = nullptr;
  DataType type_;
  std::span<const Chunk> chunks_;
  bool text_ = false;
  std::optional<IntReader> ints_;
  std::optional<NumberReader> numbers_;
  std::optional<TimeReader> times_;
  std::optional<AmountReader> amounts_;
  std::optional<TextReader> texts_;
};

}  // namespace patron::internal
