// Write combining: eight rows at a time go to memory past the cache.
#pragma once

#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace patron::internal {

inline constexpr uint64_t kGroupRows = 8;

/// Copies kGroupRows rows from an aligned buffer to a 64-byte aligned place that will not be read
/// soon. stream_fence() must follow before another thread reads.
template <typename Row>
void stream_group(Row* to, const Row* from) {
  static_assert(sizeof(Row) * kGroupRows % 64 == 0);
#if defined(__SSE2__)
  auto* out = reinterpret_cast<__m128i*>(to);
  const auto* in = reinterpret_cast<const __m128i*>(from);
  for (size_t i = 0; i < sizeof(Row) * kGroupRows / sizeof(__m128i); i++)
    _mm_stream_si128(out + i, _mm_load_si128(in + i));
#else
  std::memcpy(to, from, sizeof(Row) * kGroupRows);
#endif
}

inline void stream_fence() {
#if defined(__SSE2__)
  _mm_sfence();
#endif
}

}  // namespace patron::internal
