// Masks: which of many conditions hold, and which are unknown, as the bits of one number a row.
//
//   pack_held(lanes, n, level, held);         // bit k of held[i]: lane k is true in row i
//   pack_unknown(lanes, n, level, unknown);   // bit k: it is neither true nor false
//   first_held(lanes, n, level, first);       // the first lane that is true, or their number
//
// Lanes are of kind bool, n <= kChunkRows. Thread class of everything here: pure.
#pragma once

#include <cstdint>
#include <span>

#include "lib/base/simd.h"
#include "lib/expr/kernel.h"

namespace patron::internal {

/// The conditions that the widest mask has room for.
inline constexpr size_t kMostMasked = 64;

/// Bytes of the masks of so many conditions: 1, 2, 4 or 8; 0 where there are more than kMostMasked.
int mask_bytes(size_t conditions);

/// Masks of mask_bytes(lanes.size()) bytes each.
void pack_held(std::span<const Lane> lanes, int64_t n, SimdLevel level, uint8_t* out);

/// The same of what is unknown; gives the rows in which something is. Where there are too many for
/// masks it only counts.
int64_t pack_unknown(std::span<const Lane> lanes, int64_t n, SimdLevel level, uint8_t* out);

/// At most 127 lanes, or 32,767.
void first_held(std::span<const Lane> lanes, int64_t n, SimdLevel level, int8_t* out);
void first_held(std::span<const Lane> lanes, int64_t n, SimdLevel level, int16_t* out);

}  // namespace patron::internal
