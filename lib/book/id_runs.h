// The ids of a large table become rows, on several threads.
//
//   IdRuns ids{runs, bounds};                             // where they stand, piece by piece
//   Status status = number_first(ids, rows, threads, map);   // of a book without customers
//   if (!find_runs(ids, rows, threads, map)) status = add_missing(ids, rows, map);
//
// Ids that lie close together, as numbers that a shop has counted up do, are looked up in a table
// of their range; others in the map, and the first of a book in a map of each thread, which are
// merged.
//
// Thread class: a const map is shared; changing one is serial.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "lib/base/id_map.h"
#include "lib/base/int_bounds.h"
#include "patron/status.h"

namespace patron::internal {

/// Runs of ids, one behind the other.
struct IdRuns {
  std::span<const std::span<const int64_t>> runs;
  IntBounds bounds;  ///< of all
};

/// A map that is wiped when it goes.
struct PassingMap {
  ~PassingMap() { map.wipe_all(); }
  IntIdMap map;
};

// `rows` is as long as all runs together, and fewer than kMaxRows.

/// Rows in the order of the ids. The map has to be empty, and is so after an error. Code::kLimit.
Status number_first(const IdRuns& ids, std::span<uint32_t> rows, int threads, IntIdMap& map);
/// The rows of ids that the map knows, kNoRow of others; whether it knows all.
bool find_runs(const IdRuns& ids, std::span<uint32_t> rows, int threads, const IntIdMap& map);
/// After find_runs() adds those that are missing, in the order of arrival. All or nothing, as
/// IntIdMap::resolve.
Status add_missing(const IdRuns& ids, std::span<uint32_t> rows, IntIdMap& map);

}  // namespace patron::internal
