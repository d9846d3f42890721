#include "lib/metrics/row_bits.h"

#include <algorithm>

#include "lib/base/simd.h"
#ifdef PATRON_HAS_AVX2
#include <immintrin.h>
#endif

namespace patron::internal {
namespace {

// Of n <= 64 values.
uint64_t not_less(const int64_t* values, size_t n, int64_t least) {
  uint64_t word = 0;
  for (size_t k = 0; k < n; ++k) word |= uint64_t{values[k] >= least} << k;
  return word;
}

// Of n <= 64 codes.
uint64_t equal(const uint32_t* codes, size_t n, uint32_t code) {
  uint64_t word = 0;
  for (size_t k = 0; k < n; ++k) word |= uint64_t{codes[k] == code} << k;
  return word;
}

// Of n <= 64 values, with one before them.
uint64_t changes(const int64_t* values, size_t n) {
  uint64_t word = 0;
  for (size_t k = 0; k < n; ++k) word |= uint64_t{values[k] != (values - 1)[k]} << k;
  return word;
}

#ifdef PATRON_HAS_AVX2
[[gnu::target("avx2")]] inline __m256i four_at(const int64_t* values) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(values));
}

[[gnu::target("avx2")]] inline uint64_t set_of_32(const uint8_t* bytes) {
  const __m256i all = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes));
  const __m256i set = _mm256_cmpgt_epi8(all, _mm256_setzero_si256());
  return static_cast<uint32_t>(_mm256_movemask_epi8(set));
}

[[gnu::target("avx2")]] void pack_avx2(const uint8_t* bytes, size_t words, uint64_t* out) {
  for (size_t w = 0; w < words; ++w, bytes += 64) {
    out[w] = set_of_32(bytes) | set_of_32(bytes + 32) << 32;
  }
}

// Of `words` x 64 values, with one before them.
[[gnu::target("avx2")]] void changes_avx2(const int64_t* values, size_t words, uint64_t* out) {
  for (size_t w = 0; w < words; ++w, values += 64) {
    uint64_t same = 0;
    for (size_t k = 0; k < 64; k += 4) {
      const __m256i equal = _mm256_cmpeq_epi64(four_at(values + k), four_at(values + k - 1));
      const int mask = _mm256_movemask_pd(_mm256_castsi256_pd(equal));
      same |= static_cast<uint64_t>(static_cast<uint32_t>(mask)) << k;
    }
    out[w] = ~same;
  }
}

// Of `words` x 64 values.
[[gnu::target("avx2")]] void not_less_avx2(const int64_t* values, size_t words, int64_t least,
                                           uint64_t* out) {
  const __m256i limit = _mm256_set1_epi64x(least);
  for (size_t w = 0; w < words; ++w, values += 64) {
    uint64_t less = 0;
    for (size_t k = 0; k < 64; k += 4) {
      const __m256i below = _mm256_cmpgt_epi64(limit, four_at(values + k));
      const int mask = _mm256_movemask_pd(_mm256_castsi256_pd(below));
      less |= static_cast<uint64_t>(static_cast<uint32_t>(mask)) << k;
    }
    out[w] = ~less;
  }
}

// Of `words` x 64 codes.
[[gnu::target("avx2")]] void equal_avx2(const uint32_t* codes, size_t words, uint32_t code,
                                        uint64_t* out) {
  const __m256i wanted = _mm256_set1_epi32(static_cast<int>(code));
  for (size_t w = 0; w < words; ++w, codes += 64) {
    uint64_t same = 0;
    for (size_t k = 0; k < 64; k += 8) {
      const __m256i all = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(codes + k));
      const int mask = _mm256_movemask_ps(_mm256_castsi256_ps(_mm256_cmpeq_epi32(all, wanted)));
      same |= static_cast<uint64_t>(static_cast<uint32_t>(mask)) << k;
    }
    out[w] = same;
  }
}
#endif

}  // namespace

void pack_words(const uint8_t* bytes, size_t words, uint64_t* out) {
#ifdef PATRON_HAS_AVX2
  if (best_simd() >= SimdLevel::kAvx2) return pack_avx2(bytes, words, out);
#endif
  for (size_t w = 0; w < words; ++w, bytes += 64) {
    out[w] = 0;
    for (size_t k = 0; k < 64; k += 8) out[w] |= eight_bits(bytes + k) << k;
  }
}

void RowBits::pack(const uint8_t* bytes, size_t rows) {
  words_.resize(rows / 64 + 2);
  const size_t words = rows / 64;
  pack_words(bytes, words, words_.data());
  uint64_t last = 0;
  for (size_t k = 64 * words; k < rows; ++k) last |= uint64_t{bytes[k]} << k % 64;
  words_[words] = last;
  words_[words + 1] = 0;
}

void RowBits::pack_not_less(const int64_t* values, size_t rows, int64_t least) {
  words_.resize(rows / 64 + 2);
  const size_t words = rows / 64;
  size_t done = 0;
#ifdef PATRON_HAS_AVX2
  if (best_simd() >= SimdLevel::kAvx2) {
    not_less_avx2(values, words, least, words_.data());
    done = words;
  }
#endif
  for (; done < words; ++done) words_[done] = not_less(values + done * 64, 64, least);
  words_[words] = not_less(values + words * 64, rows % 64, least);
  words_[words + 1] = 0;
}

void RowBits::pack_equal(const uint32_t* codes, size_t rows, uint32_t code) {
  words_.resize(rows / 64 + 2);
  const size_t words = rows / 64;
  size_t done = 0;
#ifdef PATRON_HAS_AVX2
  if (best_simd() >= SimdLevel::kAvx2) {
    equal_avx2(codes, words, code, words_.data());
    done = words;
  }
#endif
  for (; done < words; ++done) words_[done] = equal(codes + done * 64, 64, code);
  words_[words] = equal(codes + words * 64, rows % 64, code);
  words_[words + 1] = 0;
}

void RowBits::pack_changes(const int64_t* values, size_t rows) {
  words_.resize(rows / 64 + 2);
  const size_t words = rows / 64;
  // Word by word, but for the first, before which there is nothing.
  size_t done = 0;
  const auto first = [&](size_t n) { return n == 0 ? 0 : changes(values + 1, n - 1) << 1 | 1; };
  if (words > 0) words_[done++] = first(64);
#ifdef PATRON_HAS_AVX2
  if (words > 1 && best_simd() >= SimdLevel::kAvx2) {
    changes_avx2(values + 64, words - 1, words_.data() + 1);
    done = words;
  }
#endif
  for (; done < words; ++done) words_[done] = changes(values + done * 64, 64);
  words_[words] = words == 0 ? first(rows) : changes(values + words * 64, rows % 64);
  words_[words + 1] = 0;
}

void RowBits::fill(size_t rows) { words_.assign(rows / 64 + 2, ~uint64_t{0}); }

void RowBits::keep(const RowBits& other) {
  for (size_t w = 0; w < words_.size(); ++w) words_[w] &= other.words_[w];
}

}  // namespace patron::internal
