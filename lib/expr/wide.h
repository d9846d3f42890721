// Written-out AVX2 and AVX-512 for what compilers make slow code of: comparisons of doubles whose
// answers are bytes, and bits as bytes. The plain loops beside which they stand say what they mean,
// and the tests hold them against one another on every level.
//
// Each takes whole blocks from the front and says how many rows that were; the caller does the
// rest. Thread class of everything here: pure.
#pragma once

#include <cstdint>
#include <cstring>

#include "lib/base/simd.h"
#include "lib/expr/graph.h"

#ifdef PATRON_HAS_AVX2
#include <immintrin.h>

// Clang takes no width in the attribute, and warns.
#ifdef __clang__
#define PATRON_TARGET_AVX512 "avx2,avx512f,avx512bw,avx512dq,avx512vl"
#else
#define PATRON_TARGET_AVX512 "avx2,avx512f,avx512bw,avx512dq,avx512vl,prefer-vector-width=512"
#endif

namespace patron::internal {

/// The predicate of the instructions that is C++'s: only != is true beside a NaN.
constexpr int predicate_of(Cmp cmp) {
  switch (cmp) {
    case Cmp::kEq:
      return _CMP_EQ_OQ;
    case Cmp::kNe:
      return _CMP_NEQ_UQ;
    case Cmp::kLt:
      return _CMP_LT_OQ;
    case Cmp::kLe:
      return _CMP_LE_OQ;
    case Cmp::kGt:
      return _CMP_GT_OQ;
    case Cmp::kGe:
      break;
  }
  return _CMP_GE_OQ;
}

/// out[i] = a[i] cmp c, as bytes 0 and 1. An answer is all ones or zeros in 64 bits, so it may be
/// packed as if it were two of 32: after each packing the rows stand in the order that the next
/// needs, and two interleavings at the end bring them into their own.
template <Cmp kCmp>
[[gnu::target("avx2"), gnu::always_inline]] inline int64_t compare_doubles_avx2(const double* a,
                                                                                double c, int64_t n,
                                                                                uint8_t* out) {
  constexpr int kPredicate = predicate_of(kCmp);
  const __m256d limit = _mm256_set1_pd(c);
  const __m256i one = _mm256_set1_epi8(1);
  int64_t i = 0;
  for (; i + 32 <= n; i += 32) {
    const double* p = a + i;
    const auto m0 = _mm256_castpd_si256(_mm256_cmp_pd(_mm256_loadu_pd(p), limit, kPredicate));
    const auto m1 = _mm256_castpd_si256(_mm256_cmp_pd(_mm256_loadu_pd(p + 4), limit, kPredicate));
    const auto m2 = _mm256_castpd_si256(_mm256_cmp_pd(_mm256_loadu_pd(p + 8), limit, kPredicate));
    const auto m3 = _mm256_castpd_si256(_mm256_cmp_pd(_mm256_loadu_pd(p + 12), limit, kPredicate));
    const auto m4 = _mm256_castpd_si256(_mm256_cmp_pd(_mm256_loadu_pd(p + 16), limit, kPredicate));
    const auto m5 = _mm256_castpd_si256(_mm256_cmp_pd(_mm256_loadu_pd(p + 20), limit, kPredicate));
    const auto m6 = _mm256_castpd_si256(_mm256_cmp_pd(_mm256_loadu_pd(p + 24), limit, kPredicate));
    const auto m7 = _mm256_castpd_si256(_mm256_cmp_pd(_mm256_loadu_pd(p + 28), limit, kPredicate));
    // Low half: rows 0 1 4 5, 8 9 12 13, ...; high half: 2 3 6 7, 10 11 14 15, ...
    const __m256i low16 =
        _mm256_packs_epi32(_mm256_packs_epi32(m0, m1), _mm256_packs_epi32(m2, m3));
    const __m256i high16 =
        _mm256_packs_epi32(_mm256_packs_epi32(m4, m5), _mm256_packs_epi32(m6, m7));
    const __m256i bytes = _mm256_and_si256(_mm256_packs_epi16(low16, high16), one);
    const __m128i low = _mm256_castsi256_si128(bytes), high = _mm256_extracti128_si256(bytes, 1);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + i), _mm_unpacklo_epi16(low, high));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + i + 16), _mm_unpackhi_epi16(low, high));
  }
  return i;
}

template <Cmp kCmp>
[[gnu::target(PATRON_TARGET_AVX512), gnu::always_inline]] inline int64_t compare_doubles_avx512(
    const double* a, double c, int64_t n, uint8_t* out) {
  constexpr int kPredicate = predicate_of(kCmp);
  const __m512d limit = _mm512_set1_pd(c);
  int64_t i = 0;
  for (; i + 64 <= n; i += 64) {
    const double* p = a + i;
    const __mmask8 m0 = _mm512_cmp_pd_mask(_mm512_loadu_pd(p), limit, kPredicate);
    const __mmask8 m1 = _mm512_cmp_pd_mask(_mm512_loadu_pd(p + 8), limit, kPredicate);
    const __mmask8 m2 = _mm512_cmp_pd_mask(_mm512_loadu_pd(p + 16), limit, kPredicate);
    const __mmask8 m3 = _mm512_cmp_pd_mask(_mm512_loadu_pd(p + 24), limit, kPredicate);
    const __mmask8 m4 = _mm512_cmp_pd_mask(_mm512_loadu_pd(p + 32), limit, kPredicate);
    const __mmask8 m5 = _mm512_cmp_pd_mask(_mm512_loadu_pd(p + 40), limit, kPredicate);
    const __mmask8 m6 = _mm512_cmp_pd_mask(_mm512_loadu_pd(p + 48), limit, kPredicate);
    const __mmask8 m7 = _mm512_cmp_pd_mask(_mm512_loadu_pd(p + 56), limit, kPredicate);
    const __mmask32 low = _mm512_kunpackw(_mm512_kunpackb(m3, m2), _mm512_kunpackb(m1, m0));
    const __mmask32 high = _mm512_kunpackw(_mm512_kunpackb(m7, m6), _mm512_kunpackb(m5, m4));
    const __m512i bytes = _mm512_maskz_set1_epi8(_mm512_kunpackd(high, low), 1);
    _mm512_storeu_si512(out + i, bytes);
  }
  return i;
}

/// Bits from the front of a byte as bytes 0 and 1.
[[gnu::target("avx2"), gnu::always_inline]] inline int64_t bits_to_bytes_avx2(const uint8_t* bits,
                                                                              int64_t n,
                                                                              uint8_t* out) {
  // Byte i of a row of 32 reads byte i / 8 of the four, and of it bit i % 8.
  const __m256i which =
      _mm256_setr_epi64x(0, 0x0101010101010101, 0x0202020202020202, 0x0303030303030303);
  const __m256i bit = _mm256_set1_epi64x(static_cast<int64_t>(0x8040201008040201));
  const __m256i one = _mm256_set1_epi8(1);
  int64_t i = 0;
  for (; i + 32 <= n; i += 32) {
    int32_t four = 0;
    std::memcpy(&four, bits + i / 8, sizeof four);
    const __m256i spread = _mm256_shuffle_epi8(_mm256_set1_epi32(four), which);
    const __m256i set = _mm256_cmpeq_epi8(_mm256_and_si256(spread, bit), bit);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + i), _mm256_and_si256(set, one));
  }
  return i;
}

}  // namespace patron::internal
#endif
