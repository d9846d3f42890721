#include "lib/expr/masks.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace patron::internal {
namespace {

/// The conditions of one byte.
constexpr size_t kGroup = 8;
constexpr auto kRows = static_cast<size_t>(kChunkRows);

/// Up to eight lanes.
struct Group {
  std::array<const uint8_t*, kGroup> is_true{};
  std::array<const uint8_t*, kGroup> is_false{};
  std::array<uint8_t, kGroup> bit{};
  size_t size = 0;

  void add(const Lane& lane, size_t place) {
    is_true[size] = lane.as<uint8_t>();
    is_false[size] = lane.known;
    bit[size] = static_cast<uint8_t>(1u << place);
    ++size;
  }
};

size_t groups_of(size_t lanes) { return (lanes + kGroup - 1) / kGroup; }

Group group_of(std::span<const Lane> lanes, size_t group) {
  Group out;
  const size_t first = group * kGroup;
  for (size_t k = first; k < std::min(first + kGroup, lanes.size()); ++k) {
    out.add(lanes[k], k - first);
  }
  return out;
}

// Those that can be unknown.
Group doubtful_of(std::span<const Lane> lanes, size_t group) {
  Group out;
  const size_t first = group * kGroup;
  for (size_t k = first; k < std::min(first + kGroup, lanes.size()); ++k) {
    if (lanes[k].known != nullptr) out.add(lanes[k], k - first);
  }
  return out;
}

// The planes of a group are read together, so that each byte of the result is written once. The
// pointers are copied, `out` is nobody else's, and what is done for each lane is written out by a
// fold, or the loops would not be vectorised.

template <size_t kSize>
PATRON_SIMD_INLINE void held_bytes(const Group& group, int64_t n, uint8_t* __restrict out) {
  const auto p = group.is_true;
  for (int64_t i = 0; i < n; ++i) {
    uint8_t mask = 0;
    [&]<size_t... k>(std::index_sequence<k...>) __attribute__((always_inline)) {
      ((mask = static_cast<uint8_t>(mask + mask + p[kSize - 1 - k][i])), ...);
    }
    (std::make_index_sequence<kSize>());
    out[i] = mask;
  }
}

template <size_t kSize>
PATRON_SIMD_INLINE void unknown_bytes(const Group& group, int64_t n, uint8_t* __restrict out) {
  const auto t = group.is_true;
  const auto f = group.is_false;
  const auto bit = group.bit;
  for (int64_t i = 0; i < n; ++i) {
    uint8_t mask = 0;
    [&]<size_t... k>(std::index_sequence<k...>) __attribute__((always_inline)) {
      // What is unknown is 0 in both planes: less one, that is all ones.
      ((mask = static_cast<uint8_t>(mask | (((t[k][i] | f[k][i]) - 1) & bit[k]))), ...);
    }
    (std::make_index_sequence<kSize>());
    out[i] = mask;
  }
}

// The last lane first, so that the first has the last word.
template <size_t kSize, typename T>
PATRON_SIMD_INLINE void first_of(const Group& group, int64_t n, T first, T* __restrict out) {
  const auto p = group.is_true;
  for (int64_t i = 0; i < n; ++i) {
    T chosen = out[i];
    [&]<size_t... k>(std::index_sequence<k...>) __attribute__((always_inline)) {
      ((chosen = p[kSize - 1 - k][i] != 0 ? static_cast<T>(first + static_cast<T>(kSize - 1 - k))
                                          : chosen),
       ...);
    }
    (std::make_index_sequence<kSize>());
    out[i] = chosen;
  }
}

// In bytes first, of which each counts one row in 32: at most 64 of a chunk.
PATRON_SIMD_INLINE int64_t count_set(const uint8_t* bytes, int64_t n) {
  constexpr int64_t kSide = 32;
  static_assert(kChunkRows / kSide <= UINT8_MAX);
  std::array<uint8_t, kSide> counts{};
  int64_t i = 0;
  for (; i + kSide <= n; i += kSide) {
    for (int64_t j = 0; j < kSide; ++j) {
      counts[static_cast<size_t>(j)] =
          static_cast<uint8_t>(counts[static_cast<size_t>(j)] + (bytes[i + j] != 0 ? 1 : 0));
    }
  }
  int64_t count = 0;
  for (; i < n; ++i) count += bytes[i] != 0;
  for (const uint8_t side : counts) count += side;
  return count;
}
PATRON_SIMD_INLINE void join_bytes(const uint8_t* bytes, int64_t n, uint8_t* __restrict out) {
  for (int64_t i = 0; i < n; ++i) out[i] |= bytes[i];
}

// Bytes of groups, kRows apart, side by side.
template <typename T>
PATRON_SIMD_INLINE void join_groups(const uint8_t* groups, size_t count, int64_t n,
                                    T* __restrict out) {
  for (int64_t i = 0; i < n; ++i) out[i] = groups[i];
  for (size_t g = 1; g < count; ++g) {
    const uint8_t* bytes = groups + g * kRows;
    for (int64_t i = 0; i < n; ++i) {
      out[i] = static_cast<T>(out[i] | static_cast<T>(T{bytes[i]} << (8 * g)));
    }
  }
}

template <typename Body>
void run_at(SimdLevel level, const Body& body) {
#ifdef PATRON_HAS_AVX2
  if (level != SimdLevel::kBaseline) {
    run_with_avx2(body);
    return;
  }
#endif
  body();
}

// body() of the size of a group as a constant, 1 to 8.
template <typename Body>
void with_size(size_t size, const Body& body) {
  [&]<size_t... k>(std::index_sequence<k...>) {
    (void)((size == k + 1 && (body(std::integral_constant<size_t, k + 1>()), true)) || ...);
  }
  (std::make_index_sequence<kGroup>());
}

void held_at(const Group& group, int64_t n, SimdLevel level, uint8_t* out) {
  with_size(group.size, [&](auto size) {
    run_at(
        level, [&]() __attribute__((always_inline)) { held_bytes<size()>(group, n, out); });
  });
}

void unknown_at(const Group& group, int64_t n, SimdLevel level, uint8_t* out) {
  if (group.size == 0) std::memset(out, 0, static_cast<size_t>(n));
  with_size(group.size, [&](auto size) {
    run_at(
        level, [&]() __attribute__((always_inline)) { unknown_bytes<size()>(group, n, out); });
  });
}

void join_at(const uint8_t* groups, size_t count, int64_t n, SimdLevel level, uint8_t* out) {
  run_at(
      level, [&]() __attribute__((always_inline)) {
        switch (mask_bytes(count * kGroup)) {
          case 2:
            return join_groups(groups, count, n, reinterpret_cast<uint16_t*>(out));
          case 4:
            return join_groups(groups, count, n, reinterpret_cast<uint32_t*>(out));
          default:
            return join_groups(groups, count, n, reinterpret_cast<uint64_t*>(out));
        }
      });
}

template <typename T>
void first_at(std::span<const Lane> lanes, int64_t n, SimdLevel level, T* out) {
  std::fill_n(out, n, static_cast<T>(lanes.size()));
  for (size_t g = groups_of(lanes.size()); g-- > 0;) {
    const Group group = group_of(lanes, g);
    with_size(group.size, [&](auto size) {
      run_at(
          level, [&]() __attribute__((always_inline)) {
            first_of<size(), T>(group, n, static_cast<T>(g * kGroup), out);
          });
    });
  }
}

}  // namespace

int mask_bytes(size_t conditions) {
  if (conditions > kMostMasked) return 0;
  return conditions <= 8 ? 1 : conditions <= 16 ? 2 : conditions <= 32 ? 4 : 8;
}

void pack_held(std::span<const Lane> lanes, int64_t n, SimdLevel level, uint8_t* out) {
  const size_t groups = groups_of(lanes.size());
  if (groups <= 1) {
    if (groups == 0) std::memset(out, 0, static_cast<size_t>(n));
    return held_at(group_of(lanes, 0), n, level, out);
  }
  std::array<uint8_t, kMostMasked / kGroup * kRows> bytes;
  for (size_t g = 0; g < groups; ++g) {
    held_at(group_of(lanes, g), n, level, bytes.data() + g * kRows);
  }
  join_at(bytes.data(), groups, n, level, out);
}

int64_t pack_unknown(std::span<const Lane> lanes, int64_t n, SimdLevel level, uint8_t* out) {
  const size_t groups = groups_of(lanes.size());
  std::array<uint8_t, kMostMasked / kGroup * kRows> bytes;
  std::array<uint8_t, kRows> any;
  const bool alone = groups <= 1;
  const bool masks = mask_bytes(lanes.size()) != 0;
  uint8_t* some = alone ? out : any.data();
  std::memset(some, 0, static_cast<size_t>(n));
  for (size_t g = 0; g < groups; ++g) {
    uint8_t* own = alone ? out : bytes.data() + (masks ? g * kRows : 0);
    unknown_at(doubtful_of(lanes, g), n, level, own);
    if (alone) continue;
    run_at(
        level, [&]() __attribute__((always_inline)) { join_bytes(own, n, some); });
  }
  if (!alone && masks) join_at(bytes.data(), groups, n, level, out);
  int64_t rows = 0;
  run_at(
      level, [&]() __attribute__((always_inline)) { rows = count_set(some, n); });
  return rows;
}

void first_held(std::span<const Lane> lanes, int64_t n, SimdLevel level, int8_t* out) {
  first_at(lanes, n, level, out);
}
void first_held(std::span<const Lane> lanes, int64_t n, SimdLevel level, int16_t* out) {
  first_at(lanes, n, level, out);
}

}  // namespace patron::internal
