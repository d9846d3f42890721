// One chunk of somebody else's memory, checked before it is believed.
//
// What comes in through Arrow or a ColumnView has passed here: afterwards a reader may follow every
// offset, view and dictionary index of a row that is not null without looking twice. What cannot be
// checked is how large the producer's buffers are: Arrow does not say (docs/tables.md).
//
// Thread class of everything here: pure.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "patron/table.h"

namespace patron::internal {

/// Where a chunk stands, for messages.
struct ChunkPlace {
  std::string_view column;
  int64_t first_row = 0;    ///< of the chunk, in the table
  bool dictionary = false;  ///< the chunk is the column's dictionary: its rows are no table rows
};

/// Bits that say which rows there are at all: row i is bit offset + i; no bits, all are.
struct RowMask {
  const uint8_t* bits = nullptr;
  int64_t offset = 0;
};

/// The largest offset + length: every byte count of it fits an int64.
inline constexpr int64_t kMaxChunkEnd = int64_t{1} << 55;

/// Checks a chunk of a supported type and brings it to the form that readers rely on:
///  - offset is 0 to 7 (the pointers move instead), null_count exact, validity left out where
///    nothing is null;
///  - rows outside `mask`, and rows whose dictionary value is null, are null;
///  - the values are aligned to their width (at most 8 bytes), copied where they were not;
///  - string offsets do not decrease, views and indices are within bounds, text is UTF-8.
/// The dictionary, where there is one, has been through this itself. New memory goes to `owners`.
/// Code::kArrow or kUtf8, with the row where it is one row's fault.
/// Cost: fixed-width types one count over the validity bits; text one pass over the bytes.
Status check_chunk(const DataType& type, const ChunkPlace& place, const RowMask& mask,
                   std::vector<std::shared_ptr<const void>>& owners, Chunk& chunk);

}  // namespace patron::internal
