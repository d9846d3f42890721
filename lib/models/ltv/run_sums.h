// Sums over rows, four at a time, one run of equal frequency after the other.
//
//   each_run(rows.first.data(), begin, end, [&](double x, int64_t i, int64_t n) { ... });
//   PackSums<3> sums;                      // inside run_with_best_simd()
//   sums.add(0, weight), sums.add(1, weight * load(rows.third.data() + i));
//   double total = sums.total(1);
//
// Thread class of everything here: pure.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "lib/models/ltv/math/lanes.h"

/// Marks a lambda that is part of a loop compiled twice.
#define PATRON_SIMD_LAMBDA __attribute__((always_inline))

namespace patron::internal::ltv {

/// Calls visit(x, i, n) for each maximal run of n rows from i on whose `first` is x.
template <typename Visit>
PATRON_SIMD_INLINE void each_run(const double* first, int64_t begin, int64_t end,
                                 const Visit& visit) {
  while (begin < end) {
    int64_t i = begin + 1;
    while (i < end && first[i] == first[begin]) ++i;
    visit(first[begin], begin, i - begin);
    begin = i;
  }
}

/// Calls visit(load) for the rows of a run, four at a time; load(column) gives a Pack of them, with
/// 0 in the lanes beyond the last row.
template <typename Visit>
PATRON_SIMD_INLINE void each_pack(int64_t begin, int64_t n, const Visit& visit) {
  int64_t i = 0;
  for (; i + kPackLanes <= n; i += kPackLanes) {
    visit([&](const double* column) PATRON_SIMD_LAMBDA { return load(column + begin + i); });
  }
  if (i < n) {
    visit([&](const double* column)
              PATRON_SIMD_LAMBDA { return load_part(column + begin + i, n - i, 0); });
  }
}

template <size_t N>
class PackSums {
 public:
  PATRON_SIMD_INLINE void add(size_t k, Pack value) { sums_[k] += value; }
  PATRON_SIMD_INLINE double total(size_t k) const {
    const Pack& s = sums_[k];
    return (s[0] + s[1]) + (s[2] + s[3]);
  }

 private:
  Pack sums_[N] = {};
};

}  // namespace patron::internal::ltv
