// Number reader: any numeric column as doubles, a block of rows at a time.
//
//   Result<NumberReader> numbers = NumberReader::open(table, column);
//   bool clean = numbers->read(chunk, begin, n, values, states);  // false: look at states
//
// Integers of any width (rounded to the nearest double beyond 2^53), dictionaries of integers,
// decimals (correctly rounded), float and double; a column of type null has nulls only. Thread
// class: a const reader is shared.
#pragma once

#include <cstdint>

#include "lib/base/column_reader.h"
#include "patron/status.h"
#include "patron/table.h"

namespace patron::internal {

class NumberReader {
 public:
  /// Code::kType for a column that is no number.
  static Result<NumberReader> open(const Table& table, int column);
  /// The chunk's own doubles where they can be used as they are, NaN and infinities among them.
  const double* direct(int chunk) const;
  /// Fills n values, 0 where null; false where some state is kNull or kNotFinite, the only bad
  /// states there are.
  bool read(int chunk, int64_t begin, int64_t n, double* out, CellState* states) const;

 private:
  void read_values(int chunk, int64_t begin, int64_t n, double* out, CellState* states) const;
  void read_dictionary(int chunk, int64_t begin, int64_t n, double* out, CellState* states) const;

  DataType type_;
  std::span<const Chunk> chunks_;
  IntReader ints_;  ///< of a dictionary of integers
};

}  // namespace patron::internal
