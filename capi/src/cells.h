// Rows of cells: the caller's patron_cell structs as the cells of an expression, and back.
//
//   RowCells row;
//   Status status = row.read(expression, cells, cell_count);
//   if (status.ok()) result = expression.evaluate_row(row.cells(), now);
//
// Only the cells of fields that the expression reads are looked at, so a row of a wide schema costs
// what the expression reads. Thread class: serial.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "capi/src/input.h"
#include "patron/expression.h"
#include "patron/patron.h"

namespace patron::capi {

class RowCells {
 public:
  RowCells() {}  // NOLINT: the memory stays as it is until it is read into
  RowCells(const RowCells&) = delete;
  RowCells& operator=(const RowCells&) = delete;

  /// Code::kLength, kArgument, kUtf8, kUnsupported, with the cell's number as the row.
  Status read(const Expression& expression, const patron_cell* cells, uint64_t count);
  /// As many as were read; the cells of fields that the expression does not read are no values.
  std::span<const Cell> cells() const { return {cells_, count_}; }

 private:
  static constexpr size_t kOnStack = 256;

  alignas(Cell) std::byte stack_[kOnStack * sizeof(Cell)];
  std::unique_ptr<std::byte[]> heap_;
  Cell* cells_ = nullptr;
  size_t count_ = 0;
};

/// A cell for the caller.
patron_cell cell_view(const Cell& cell);

}  // namespace patron::capi
