// Column readers: any accepted column type as one canonical type, a block of rows at a time.
//
// A reader is opened once on a column (the type is checked there) and then fills arrays for a run
// of rows of one chunk, with a CellState for each cell. Where a column's own memory already is the
// canonical form, direct() hands it out and nothing is copied.
//
//   Result<TimeReader> times = TimeReader::open(table, column, zone);
//   bool clean = times->read(chunk, begin, n, micros, states);   // false: look at states
//
// Thread class: a const reader is shared.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "lib/base/day_clock.h"
#include "patron/status.h"
#include "patron/table.h"
#include "patron/time.h"

namespace patron::internal {

/// Whether a cell could be read. Zero is good.
enum class CellState : uint8_t {
  kOk = 0,
  kNull = 1,
  kNotFinite = 2,
  kOverflow = 3,  ///< outside int64 once in the canonical unit
  kRange = 4,     ///< a time outside [kMinTime, kEndTime)
  kText = 5,      ///< text that is no time
  kRounded = 6,   ///< good, but the value was rounded
  kTooLong = 7,   ///< text beyond kMaxIdBytes
};

/// Whether a column has no value: no row, or nulls alone; among floats NaN, which stands for null
/// where a table library knows no other, is none either. Such a column's type says nothing.
bool is_blank(const Table& table, int column);

/// One text of a chunk of utf8, large_utf8 or utf8_view; the cell must not be null.
std::string_view text_of_chunk(const Chunk& chunk, Type type, int64_t row);

/// Text cells: utf8, large_utf8, utf8_view, or a dictionary of one of these.
class TextReader {
 public:
  static bool reads(const DataType& type);
  static Result<TextReader> open(const Table& table, int column);
  /// The cell's text; the cell must not be null.
  std::string_view at(const Chunk& chunk, int64_t row) const;
  /// The text of a row of the table, empty where it is null; slow.
  std::string_view of_row(int64_t row) const;
  /// Fills n texts, empty where null; false where some state is not kOk.
  bool read(int chunk, int64_t begin, int64_t n, std::string_view* out, CellState* states) const;
  /// Whether the cell is null (in the chunk, or in the dictionary it points to).
  bool null(const Chunk& chunk, int64_t row) const;
  std::span<const Chunk> chunks() const { return chunks_; }

 private:
  DataType type_;
  std::span<const Chunk> chunks_;
};

/// Integer cells of any width, or a dictionary of them, as int64.
class IntReader {
 public:
  static bool reads(const DataType& type);
  static Result<IntReader> open(const Table& table, int column);
  /// The chunk's own int64 values where they can be used as they are, else null.
  const int64_t* direct(int chunk) const;
  /// Fills n values; false where some state is not kOk.
  bool read(int chunk, int64_t begin, int64_t n, int64_t* out, CellState* states) const;

 private:
  DataType type_;
  std::span<const Chunk> chunks_;
};

/// Dates, time stamps and ISO 8601 text as instants. A time stamp without a zone is a wall clock of
/// `zone`, a date its local midnight.
class TimeReader {
 public:
  static Result<TimeReader> open(const Table& table, int column, const TimeZone& zone);
  const int64_t* direct(int chunk) const;
  bool read(int chunk, int64_t begin, int64_t n, Micros* out, CellState* states) const;

 private:
  bool read_text(int chunk, int64_t begin, int64_t n, Micros* out, CellState* states) const;
  /// Microseconds, of the wall clock where wall_.
  bool read_micros(int chunk, int64_t begin, int64_t n, int64_t* out, CellState* states) const;
  std::shared_ptr<const WallClock> make_wall_clock() const;
  bool to_instants(int64_t n, Micros* out, CellState* states) const;

  DataType type_;
  TimeZone zone_;
  bool wall_ = false;                       ///< values are wall clocks of zone_
  std::shared_ptr<const WallClock> clock_;  ///< where wall_: over all values of the column
  std::span<const Chunk> chunks_;
  TextReader text_;
};

/// Integers, decimals and floating point numbers in major units as minor units of a scale.
class AmountReader {
 public:
  static Result<AmountReader> open(const Table& table, int column, int scale);
  /// kRounded cells are good; the return value is false for them too.
  bool read(int chunk, int64_t begin, int64_t n, int64_t* out, CellState* states) const;

 private:
  DataType type_;
  int scale_ = 0;
  std::span<const Chunk> chunks_;
};

}  // namespace patron::internal
