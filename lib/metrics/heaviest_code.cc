#include "lib/metrics/heaviest_code.h"

#include <array>
#include <bit>
#include <vector>

#include "lib/base/simd.h"
#include "lib/book/layout.h"
#ifdef PATRON_HAS_AVX2
#include <immintrin.h>
#endif

namespace patron::internal {
namespace {

// Some customers of a page.
struct Customers {
  void add(uint32_t i, bool there) { of[count] = i, count += there ? 1 : 0; }
  std::array<uint32_t, kPageCustomers + 1> of;
  uint32_t count = 0;
};

void add_up(const Walk& walk, const uint32_t* codes, const int64_t* by, const CodeWeights& texts,
            const Customers& customers, uint32_t* out) {
  const uint32_t* const ranks = texts.ranks();
  std::vector<int64_t> weights(texts.codes());
  std::vector<uint32_t> added(texts.codes()), which(texts.codes() + 1);
  run_with_best_simd([&]() __attribute__((always_inline)) {
    const Walk mine = walk;
    const uint32_t* const code_of = codes;
    const int64_t* const weigh = by;
    int64_t* const weight = weights.data();
    uint32_t* const there = added.data();
    uint32_t* const touched = which.data();
    for (uint32_t c = 0; c < customers.count; ++c) {
      const uint32_t i = customers.of[c];
      size_t n = 0;
      each_row(
          mine, i, [&](uint32_t row) __attribute__((always_inline)) {
            const uint32_t code = code_of[row];
            const int64_t one = weigh == nullptr ? 1 : weigh[row];
            if (code == kNullEnum || one == kNullInt) return;
            touched[n] = code;
            n += 1 - there[code];
            there[code] = 1;
            weight[code] += one;
          });
      out[i] = kNullEnum;
      if (n == 0) continue;
      uint32_t best = touched[0];
      int64_t most = weight[best];
      for (size_t k = 0; k < n; ++k) {
        const uint32_t code = touched[k];
        const int64_t sum = weight[code];
        there[code] = 0, weight[code] = 0;
        const bool heavier = sum > most || (sum == most && ranks[code] < ranks[best]);
        best = heavier ? code : best;
        most = heavier ? sum : most;
      }
      out[i] = best;
    }
    return 0;
  });
}

#ifdef PATRON_HAS_AVX2
constexpr uint32_t kFour = 4, kEight = 8;

// Four rows side by side.
struct Rows {
  __m256i code, weight;
  __m256i counts;  // all bits where the row counts; where not, the weight is 0
};

// Rows first .. first + 3, of which the lowest four bits of `selected` say which are hers; the
// others are not looked at.
template <bool kWeighs>
[[gnu::target("avx2")]] inline Rows four_rows(const uint32_t* codes, const int64_t* by,
                                              uint32_t first, uint64_t selected) {
  const __m256i bit = _mm256_setr_epi64x(1, 2, 4, 8);
  const __m256i bits = _mm256_set1_epi64x(static_cast<int64_t>(selected));
  const __m256i hers = _mm256_cmpeq_epi64(_mm256_and_si256(bits, bit), bit);
  // The lower half of each lane.
  const __m128i narrow = _mm256_castsi256_si128(
      _mm256_permutevar8x32_epi32(hers, _mm256_setr_epi32(0, 2, 4, 6, 0, 0, 0, 0)));
  const __m128i code = _mm_maskload_epi32(reinterpret_cast<const int*>(codes + first), narrow);
  Rows out;
  out.code = _mm256_cvtepu32_epi64(code);
  const __m256i null_code = _mm256_set1_epi64x(int64_t{kNullEnum});
  out.counts = _mm256_andnot_si256(_mm256_cmpeq_epi64(out.code, null_code), hers);
  if constexpr (kWeighs) {
    const __m256i weight =
        _mm256_maskload_epi64(reinterpret_cast<const long long*>(by + first), hers);
    const __m256i null_weight = _mm256_cmpeq_epi64(weight, _mm256_set1_epi64x(kNullInt));
    out.counts = _mm256_andnot_si256(null_weight, out.counts);
    out.weight = _mm256_and_si256(weight, out.counts);
  } else {
    out.weight = _mm256_and_si256(_mm256_set1_epi64x(1), out.counts);
  }
  return out;
}

// One row in all lanes.
template <int kLane>
[[gnu::target("avx2")]] inline __m256i lane_of(__m256i rows) {
  return _mm256_permute4x64_epi64(rows, kLane * 0x55);
}

// To the sum of each of `to` the weight of one row of `from`, if that has its code.
template <int kLane>
[[gnu::target("avx2")]] inline __m256i add_one(const Rows& to, const Rows& from, __m256i sums) {
  const __m256i same = _mm256_cmpeq_epi64(to.code, lane_of<kLane>(from.code));
  return _mm256_add_epi64(sums, _mm256_and_si256(same, lane_of<kLane>(from.weight)));
}

// The same of all four.
[[gnu::target("avx2")]] inline __m256i add_four(const Rows& to, const Rows& from, __m256i sums) {
  sums = add_one<0>(to, from, sums);
  sums = add_one<1>(to, from, sums);
  sums = add_one<2>(to, from, sums);
  return add_one<3>(to, from, sums);
}

[[gnu::target("avx2")]] inline __m256i greater(__m256i a, __m256i b) {
  return _mm256_blendv_epi8(b, a, _mm256_cmpgt_epi64(a, b));
}

// Which of the rows that count have the greatest sum, as four bits.
[[gnu::target("avx2")]] inline uint32_t heaviest(__m256i sums, __m256i counts, __m256i most) {
  most = greater(most, _mm256_permute4x64_epi64(most, 0x4E));
  most = greater(most, _mm256_shuffle_epi32(most, 0x4E));
  const __m256i best = _mm256_and_si256(_mm256_cmpeq_epi64(sums, most), counts);
  return static_cast<uint32_t>(_mm256_movemask_pd(_mm256_castsi256_pd(best)));
}

// The code of the rows `best` from `first` on, of several the one whose text is less.
inline uint32_t code_of_best(uint32_t best, const uint32_t* codes, uint32_t first,
                             const uint32_t* ranks) {
  if (best == 0) return kNullEnum;
  uint32_t out = codes[first + static_cast<uint32_t>(std::countr_zero(best))];
  for (best &= best - 1; best != 0; best &= best - 1) {
    const uint32_t code = codes[first + static_cast<uint32_t>(std::countr_zero(best))];
    if (ranks[code] < ranks[out]) out = code;
  }
  return out;
}

// Sums of rows that do not count are less than all others, or as little as they.
[[gnu::target("avx2")]] inline __m256i of_those_that_count(__m256i sums, __m256i counts) {
  return _mm256_blendv_epi8(_mm256_set1_epi64x(INT64_MIN), sums, counts);
}

// The rows of a customer who has at most 64.
struct FewRows {
  uint32_t customer, begin;
  uint64_t selected;  ///< from `begin` on
};
PATRON_SIMD_INLINE FewRows few_rows(const Walk& walk, uint32_t customer) {
  const uint32_t begin = walk.rows.begin[customer];
  return {customer, begin, walk.selected.at(begin, walk.rows.end[customer] - begin)};
}

template <bool kWeighs>
[[gnu::target("avx2")]] void of_four_rows(const Walk& walk, const uint32_t* codes,
                                          const int64_t* by, const uint32_t* ranks,
                                          const Customers& customers, uint32_t* out) {
  for (uint32_t c = 0; c < customers.count; ++c) {
    const auto [i, begin, selected] = few_rows(walk, customers.of[c]);
    const Rows rows = four_rows<kWeighs>(codes, by, begin, selected);
    const __m256i sums = add_four(rows, rows, _mm256_setzero_si256());
    const __m256i most = of_those_that_count(sums, rows.counts);
    out[i] = code_of_best(heaviest(sums, rows.counts, most), codes, begin, ranks);
  }
}

template <bool kWeighs>
[[gnu::target("avx2")]] void of_eight_rows(const Walk& walk, const uint32_t* codes,
                                           const int64_t* by, const uint32_t* ranks,
                                           const Customers& customers, uint32_t* out) {
  for (uint32_t c = 0; c < customers.count; ++c) {
    const auto [i, begin, selected] = few_rows(walk, customers.of[c]);
    const Rows a = four_rows<kWeighs>(codes, by, begin, selected);
    const Rows b = four_rows<kWeighs>(codes, by, begin + kFour, selected >> kFour);
    const __m256i none = _mm256_setzero_si256();
    const __m256i of_a = add_four(a, b, add_four(a, a, none));
    const __m256i of_b = add_four(b, b, add_four(b, a, none));
    const __m256i most =
        greater(of_those_that_count(of_a, a.counts), of_those_that_count(of_b, b.counts));
    const uint32_t best = heaviest(of_a, a.counts, most) | heaviest(of_b, b.counts, most) << kFour;
    out[i] = code_of_best(best, codes, begin, ranks);
  }
}

template <bool kWeighs>
void of_few_rows(const Walk& walk, const uint32_t* codes, const int64_t* by,
                 const CodeWeights& texts, uint32_t* out) {
  Customers four, eight, many;
  for (uint32_t i = 0; i < walk.customers; ++i) {
    const uint32_t n = walk.rows.end[i] - walk.rows.begin[i];
    four.add(i, n <= kFour);
    eight.add(i, n > kFour && n <= kEight);
    many.add(i, n > kEight);
  }
  of_four_rows<kWeighs>(walk, codes, by, texts.ranks(), four, out);
  of_eight_rows<kWeighs>(walk, codes, by, texts.ranks(), eight, out);
  if (many.count > 0) add_up(walk, codes, by, texts, many, out);
}
#endif

}  // namespace

void heaviest_codes(const Walk& walk, const uint32_t* codes, const int64_t* by,
                    const CodeWeights& texts, uint32_t* out) {
#ifdef PATRON_HAS_AVX2
  if (best_simd() >= SimdLevel::kAvx2) {
    return by != nullptr ? of_few_rows<true>(walk, codes, by, texts, out)
                         : of_few_rows<false>(walk, codes, by, texts, out);
  }
#endif
  heaviest_codes_one_by_one(walk, codes, by, texts, out);
}

void heaviest_codes_one_by_one(const Walk& walk, const uint32_t* codes, const int64_t* by,
                               const CodeWeights& texts, uint32_t* out) {
  Customers all;
  for (uint32_t i = 0; i < walk.customers; ++i) all.add(i, true);
  add_up(walk, codes, by, texts, all, out);
}

}  // namespace patron::internal
