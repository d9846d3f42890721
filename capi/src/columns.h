// Between patron_column, a struct of plain memory, and the Field and Chunk of a Table.
//
// Thread class of everything here: pure.
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <vector>

#include "capi/src/input.h"
#include "patron/patron.h"
#include "patron/table.h"

namespace patron::capi {

/// Reads the columns of a caller, whatever version of the header they were built with.
class ColumnReader {
 public:
  /// Code::kUnsupported, kUtf8, kArgument, kType. What lies in the buffers is make_table's to
  /// check.
  Status read(const patron_column* columns, uint64_t count);
  std::span<const ColumnView> views() const { return views_; }

 private:
  Status one(const patron_column& column, const std::string& name, ColumnView& out);
  Status dictionary(const patron_column& column, const std::string& name, ColumnView& out);

  std::vector<ColumnView> views_;
  std::deque<Chunk> dictionaries_;
};

/// What a caller sees of a column. The texts borrow from field and type_name.
patron_field field_view(const Field& field, const std::string& type_name);
/// A chunk as plain memory; the dictionary is left out.
patron_column column_view(const Field& field, const Chunk& chunk);
/// The dictionary of a chunk as plain memory.
patron_column dictionary_view(const Field& field, const Chunk& chunk);

}  // namespace patron::capi
