// SIMD by run-time choice: one plain loop, compiled twice.
//
//   PATRON_SIMD_INLINE int64_t sum(const int64_t* x, int64_t n) { ... a plain loop ... }
//   int64_t total = run_with_best_simd([&] { return sum(x, n); });
//
// On x86-64 the loop is compiled for the baseline and for AVX2, and the processor's own is run.
// Both compile the same source without fused arithmetic, so both give the same bytes;
// PATRON_SIMD=OFF at configure time leaves the baseline alone, which the tests compare with.
#pragma once

#if defined(__x86_64__) && !defined(PATRON_NO_SIMD)
#define PATRON_HAS_AVX2 1
#endif

/// Marks the function that holds the loop: it must be inlined into both variants.
#define PATRON_SIMD_INLINE [[gnu::always_inline]] inline

#include <cstdint>

namespace patron::internal {

/// What a processor has; each level has all that the one before it has.
enum class SimdLevel : uint8_t { kBaseline = 0, kAvx2 = 1, kAvx512 = 2 };

/// The best level of this processor for which patron was built.
inline SimdLevel best_simd() {
#ifdef PATRON_HAS_AVX2
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
    return SimdLevel::kAvx512;
  }
  if (__builtin_cpu_supports("avx2")) return SimdLevel::kAvx2;
#endif
  return SimdLevel::kBaseline;
}

#ifdef PATRON_HAS_AVX2
template <typename Body>
[[gnu::target("avx2"), gnu::noinline]] auto run_with_avx2(const Body& body) {
  return body();
}
#endif

/// Runs body() compiled for the best instruction set of this processor.
template <typename Body>
auto run_with_best_simd(const Body& body) {
#ifdef PATRON_HAS_AVX2
  if (__builtin_cpu_supports("avx2")) return run_with_avx2(body);
#endif
  return body();
}

}  // namespace patron::internal
