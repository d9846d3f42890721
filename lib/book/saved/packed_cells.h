// Packed cells: a column of whole numbers in as few bytes each as their spread needs.
//
// Numbers are written as steps above the smallest one (frame of reference), where the step is the
// greatest common divisor of all distances: a day's sales at whole seconds take three bytes a time.
//
//   width and flags   uint8    bits 0-3 the bytes of a code, 0 to 8; bit 4: code 0 is null
//   base, step        uint64   only where the width is below 8
//   codes             width bytes each
//
// A code c is base + step * c, or where code 0 is null base + step * (c - 1), modulo 2^64. Eight
// bytes wide, numbers stand as they are.
//
//   pack_cells<int64_t>(amounts, kNullInt, 0, out);
//   unpack_cells<int64_t>(in, kNullInt, 0, amounts);   // false: the bytes are none of a column
//
// Thread class: pure.
#pragma once

#include <cstdint>
#include <span>

#include "lib/book/saved/bytes.h"

namespace patron::internal {

/// Rows that a section of ids or keys packs together.
inline constexpr uint32_t kSavedRun = 65'536;
/// A value that no mark has.
inline constexpr uint8_t kNoFlag = 0xFF;

/// T: uint8_t, int32_t, uint32_t, int64_t, uint64_t. Codes have at least `least` bytes: then the
/// bytes of a column say how many cells it can have.
template <typename T>
void pack_cells(std::span<const T> cells, T null, unsigned least, BookByteWriter& out);
/// Fills all of `cells`.
template <typename T>
bool unpack_cells(BookByteReader& in, T null, unsigned least, std::span<T> cells);

}  // namespace patron::internal
