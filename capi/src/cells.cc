#include "capi/src/cells.h"

#include <new>
#include <string>

#include "lib/base/utf8.h"

namespace patron::capi {
namespace {

bool is_text(Kind kind) { return kind == Kind::kString || kind == Kind::kEnum; }

std::string cell_name(int field) { return "cells[" + std::to_string(field) + "]"; }

Status bad_known(const patron_cell* in, int field) {
  return Status(
      Code::kArgument,
      cell_name(field) + ".known is " + std::to_string(in->known) + "; want 1, or 0 for null",
      field);
}

Status read_cell_text(const patron_cell* in, int field, Cell& out) {
  if (in->text.size == 0) {
    out.text = std::string_view("");
    return {};
  }
  if (in->text.data == nullptr) {
    return Status(Code::kArgument,
                  cell_name(field) + ".text.data is NULL; " + std::to_string(in->text.size) +
                      " bytes are announced",
                  field);
  }
  const std::string_view text(in->text.data, in->text.size);
  const size_t bad =
      internal::find_invalid_utf8(reinterpret_cast<const uint8_t*>(text.data()), text.size());
  if (bad != internal::kValidUtf8) {
    return Status(Code::kUtf8,
                  cell_name(field) + ".text: no UTF-8 at byte " + std::to_string(bad) + " of " +
                      internal::quoted(text),
                  field, static_cast<int64_t>(bad));
  }
  out.text = text;
  return {};
}

}  // namespace

Status RowCells::read(const Expression& expression, const patron_cell* cells, uint64_t count) {
  const auto fields = expression.schema().fields();
  if (count != fields.size()) {
    return {Code::kLength, "a row of " + std::to_string(count) + " cells; the schema has " +
                               std::to_string(fields.size()) + " fields"};
  }
  count_ = fields.size();
  if (count_ > kOnStack) heap_.reset(new std::byte[count_ * sizeof(Cell)]);
  cells_ = reinterpret_cast<Cell*>(count_ > kOnStack ? heap_.get() : stack_);
  if (count_ == 0) return {};
  if (cells == nullptr) {
    return {Code::kArgument, "cells is NULL; " + std::to_string(count) + " elements are announced"};
  }
  const uint32_t stride = cells->struct_size;
  if (stride < kFirstSize<patron_cell> || stride > kLargestStruct) {
    return check_size(cells, sizeof(patron_cell), kFirstSize<patron_cell>, "cells");
  }
  for (const int field : expression.fields()) {
    const auto at = static_cast<size_t>(field);
    const auto* cell =
        reinterpret_cast<const patron_cell*>(reinterpret_cast<const char*>(cells) + at * stride);
    Cell* out = new (cells_ + at) Cell{cell->known != 0, cell->integer, cell->number, {}};
    if ((cell->known & ~1) != 0) return bad_known(cell, field);
    if (out->known && is_text(fields[at].kind)) {
      Status status = read_cell_text(cell, field, *out);
      if (!status.ok()) return status;
    }
    const uint32_t unknown = find_unknown(cell, sizeof(patron_cell), stride);
    if (unknown != stride) {
      return unknown_field("cells", sizeof(patron_cell), stride, unknown, field);
    }
  }
  return {};
}

patron_cell cell_view(const Cell& cell) {
  patron_cell out = PATRON_CELL_INIT;
  out.known = cell.known ? 1 : 0;
  out.integer = cell.integer;
  out.number = cell.number;
  out.text = {cell.text.data(), cell.text.size()};
  return out;
}

}  // namespace patron::capi
