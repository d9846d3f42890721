// What a Table shares: the fields, their chunks, and whoever owns the memory.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lib/base/buffer.h"
#include "patron/table.h"

namespace patron::internal {

/// The columns of a Table. Chunk k has the same length in every column, and none is empty.
struct TableData {
  int64_t rows = 0;
  std::vector<Field> fields;
  std::vector<std::vector<Chunk>> chunks;           ///< of each column
  std::vector<std::shared_ptr<const void>> owners;  ///< keep alive what the chunks point to
};

/// A column that patron computed, in one chunk that points into its own buffers.
struct OwnedColumn {
  Field field;
  int64_t length = 0;
  int64_t null_count = 0;
  Buffer validity;  ///< empty where nothing is null
  Buffer values;    ///< fixed-width values, bool bits, or dictionary indices; strings: their bytes
  Buffer offsets;   ///< kString, kLargeString: length + 1 of them
  std::vector<std::string> dictionary;  ///< kDictionary with value kString
};

/// A table that owns its columns. All columns have the same length, and the values are trusted.
Table make_owned_table(std::vector<OwnedColumn> columns);

/// Code::kUtf8 for a column name that is no UTF-8, Code::kArgument for one with a NUL in it
/// (Arrow's names end at the first). `column` is its zero-based place.
Status check_name(std::string_view name, size_t column);

/// Bytes of one value or dictionary index; 0 for the types whose values have no width in bytes.
int byte_width(Type type);
inline bool is_integer(Type type) { return type >= Type::kInt8 && type <= Type::kUint64; }
inline bool is_text(Type type) {
  return type == Type::kString || type == Type::kLargeString || type == Type::kStringView;
}

}  // namespace patron::internal
