// What a Table shares: the fields, their chunks, and whoever owns the memory.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lib/base/buffer.h"
#include "patron/table.h"

namespace patron::internal {

/// A column that patron computed, in one chunk that points into its own buffers.
struct OwnedColumn {
  Field field;
  int64_t length = 0;
  int64_t null_count = 0;
  Buffer validity;  ///< empty where nothing is null
  Buffer values;    ///< fixed-width values, indices, or string bytes' offsets' companion (see offsets)
  Buffer offsets;   ///< kString, kLargeString
  std::vector<std::string> dictionary;  ///< kDictionary with value kString
};

/// A table that owns its columns. All columns have the same length.
Table make_owned_table(std::vector<OwnedColumn> columns);

}  // namespace patron::internal
