#include "lib/models/ltv/purchase_series.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "lib/base/simd.h"
#include "lib/models/ltv/math/elementary.h"
#include "lib/models/ltv/math/lanes.h"
#include "lib/models/ltv/run_sums.h"

namespace patron::internal::ltv {
namespace {

// Terms are added four at a time, and looked at after eight. From where four come to less than half
// an ulp of the sum, whose terms rise to one peak and fall, nothing changes it: it is the same
// however many more are added, so that rows need not stop together.
constexpr int kFour = 4, kCheck = 8;
constexpr int kMostTerms = 1536;
constexpr double kTolerance = 0x1p-55;

// Coefficients begin far below 1 and powers of z as far above, so that neither leaves the range of
// doubles before the other has brought it back.
constexpr double kFirstCoefficient = 0x1p-500, kFirstPower = 0x1p500;
constexpr double kLargestCoefficient = 0x1p800, kMostPurchases = 1e4, kMostFall = 700;

/// The coefficients of z^(n - 1), n = 1, 2, ..., of the sum over R z.
template <typename V>
class SeriesCoefficients {
 public:
  PATRON_SIMD_INLINE SeriesCoefficients(V R, V b, V c)
      : R_(R),
        b_(b),
        c_(c),
        count_(all_lanes<V>(kFirstCoefficient)),
        there_(all_lanes<V>(1)),
        weight_(all_lanes<V>(1)) {}

  /// That of n; called for 1, 2, ... in turn.
  PATRON_SIMD_INLINE V next(double n) {
    const V coefficient = count_ * weight_;
    const double before = n - 1, after = n + 1;
    const V inverse = 1.0 / (after * (c_ + before));
    count_ = count_ * ((R_ + n) * ((c_ + before) * inverse));
    there_ = there_ * ((b_ + before) * (after * inverse));
    weight_ = weight_ + there_;
    return coefficient;
  }

 private:
  V R_, b_, c_;
  V count_;   ///< (R + 1)_(n-1) / n!
  V there_;   ///< (b)_(n-1) / (a + b)_(n-1)
  V weight_;  ///< W(n)
};

/// The powers of z that a row needs, and its sum so far.
template <typename V>
class Row {
 public:
  Row() = default;
  PATRON_SIMD_INLINE explicit Row(V z)
      : z_(z),
        z2_(z * z),
        z4_(z2_ * z2_),
        power_(all_lanes<V>(kFirstPower)),
        sum_(all_lanes<V>(0)),
        term_(all_lanes<V>(kInfinity)) {}

  /// Four more coefficients, doubles or V.
  template <typename C>
  PATRON_SIMD_INLINE void add(C c0, C c1, C c2, C c3) {
    term_ = power_ * ((c0 + c1 * z_) + z2_ * (c2 + c3 * z_));
    sum_ = sum_ + term_;
    power_ = power_ * z4_;
  }
  PATRON_SIMD_INLINE V sum() const { return sum_; }
  PATRON_SIMD_INLINE auto unfinished() const { return term_ > kTolerance * sum_; }

 private:
  V z_, z2_, z4_, power_, sum_, term_;
};

/// What does not depend on the coefficients.
template <typename V>
struct Start {
  V R, z, fall;

  Start() = default;
  PATRON_SIMD_INLINE Start(V R_of, V A, double h)
      : R(R_of), z(h / (A + h)), fall(R_of * log1p(h / A)) {}
  /// Not for NaN, either.
  PATRON_SIMD_INLINE auto in_range() const { return (R < kMostPurchases) & (fall < kMostFall); }
  PATRON_SIMD_INLINE V purchases(V sum) const { return R * z * sum * exp(-fall); }
};

/// Every row with coefficients of its own.
template <typename V>
PATRON_SIMD_INLINE V by_series(V R, V A, double a, V b, double h) {
  const V zero = all_lanes<V>(0), one = all_lanes<V>(1);
  const Start<V> start(R, A, h);
  const auto in_range = start.in_range();
  // Rows out of range take a short series, and are thrown away.
  SeriesCoefficients<V> coefficients(select(in_range, R, one), b, a + b);
  Row<V> row(select(in_range, start.z, zero));
  V sum = all_lanes<V>(kNaN);
  V active = select(in_range, one, zero);
  for (int n = 1; n < kMostTerms; n += kCheck) {
    V last = zero;
    for (int i = n; i < n + kCheck; i += kFour) {
      const V c0 = coefficients.next(i), c1 = coefficients.next(i + 1);
      const V c2 = coefficients.next(i + 2), c3 = coefficients.next(i + 3);
      row.add(c0, c1, c2, c3);
      last = c3;
    }
    const auto going_on = row.unfinished() & (last < kLargestCoefficient);
    sum = select((active != 0.0) & !row.unfinished(), row.sum(), sum);
    active = select(going_on, active, zero);
    if (!any(active != 0.0)) break;
  }
  return start.purchases(sum);
}

/// Lanes beyond the end hold what the first does, so that none takes longer for them.
PATRON_SIMD_INLINE Pack part_of(std::span<const double> column, int64_t i, int64_t lanes) {
  return load_part(column.data() + i, lanes, column[static_cast<size_t>(i)]);
}

/// Packs of rows that share their coefficients, side by side so that one does not wait for the
/// other.
template <size_t kPacks>
PATRON_SIMD_INLINE void by_shared_series(double R, std::span<const double> coefficients,
                                         const std::array<Pack, kPacks>& A, double h,
                                         std::array<Pack, kPacks>* out) {
  std::array<Start<Pack>, kPacks> start;
  std::array<Row<Pack>, kPacks> row;
  for (size_t k = 0; k < kPacks; ++k) {
    start[k] = Start<Pack>(all_lanes<Pack>(R), A[k], h);
    row[k] = Row<Pack>(select(start[k].in_range(), start[k].z, all_lanes<Pack>(0)));
  }
  PackMask unfinished{};
  for (size_t i = 0; i < coefficients.size(); i += kCheck) {
    unfinished = PackMask{};
    for (size_t k = 0; k < kPacks; ++k) {
      for (size_t n = i; n < i + kCheck; n += kFour)
        row[k].add(coefficients[n], coefficients[n + 1], coefficients[n + 2], coefficients[n + 3]);
      unfinished |= row[k].unfinished();
    }
    if (!any(unfinished)) break;
  }
  for (size_t k = 0; k < kPacks; ++k) {
    const PackMask good = start[k].in_range() & ~row[k].unfinished();
    (*out)[k] = select(good, start[k].purchases(row[k].sum()), all_lanes<Pack>(kNaN));
  }
}

}  // namespace

double purchases_by_series(double R, double A, double a, double b, double h) {
  return by_series(R, A, a, b, h);
}

bool purchases_by_series(std::span<const double> R, std::span<const double> A, double a,
                         std::span<const double> b, double h, std::span<double> out) {
  const auto n = static_cast<int64_t>(out.size());
  return run_with_best_simd([&]() PATRON_SIMD_LAMBDA {
    bool good = true;
    for (int64_t i = 0; i < n; i += kPackLanes) {
      const int64_t lanes = std::min<int64_t>(kPackLanes, n - i);
      const Pack result =
          by_series<Pack>(part_of(R, i, lanes), part_of(A, i, lanes), a, part_of(b, i, lanes), h);
      store_part(result, lanes, out.data() + i);
      good &= all(result < kInfinity);
    }
    return good;
  });
}

PurchaseSeries::PurchaseSeries(double R, double a, double b, double odds) : R_(R), a_(a), b_(b) {
  if (!(R < kMostPurchases)) {
    all_ = true;
    return;
  }
  // What comes before the geometric tail, then the tail.
  const double mean = R * odds, deviation = std::sqrt(mean * (1 + odds));
  const double terms = std::min(mean + 10 * deviation + 40 * (1 + odds), kMostTerms - 1.0);
  coefficients_.reserve(static_cast<size_t>(terms) + kCheck);
  SeriesCoefficients<double> coefficients(R, b, a + b);
  for (int n = 1; n <= terms; n += kCheck) {
    for (int i = n; i < n + kCheck; ++i) coefficients_.push_back(coefficients.next(i));
    all_ = coefficients_.size() == kMostTerms || !(coefficients_.back() < kLargestCoefficient);
    if (all_) break;
  }
}

bool PurchaseSeries::purchases(std::span<const double> A, double h, std::span<double> out) const {
  const auto n = static_cast<int64_t>(out.size());
  const bool good = run_with_best_simd([&]() PATRON_SIMD_LAMBDA {
    constexpr int64_t kPacks = 2;
    PackMask known = ~PackMask{};
    int64_t i = 0;
    for (; i + kPacks * kPackLanes <= n; i += kPacks * kPackLanes) {
      std::array<Pack, kPacks> result;
      by_shared_series<kPacks>(R_, coefficients_,
                               {load(A.data() + i), load(A.data() + i + kPackLanes)}, h, &result);
      store(result[0], out.data() + i);
      store(result[1], out.data() + i + kPackLanes);
      known &= (result[0] < kInfinity) & (result[1] < kInfinity);
    }
    for (; i < n; i += kPackLanes) {
      const int64_t lanes = std::min<int64_t>(kPackLanes, n - i);
      std::array<Pack, 1> result;
      by_shared_series<1>(R_, coefficients_, {part_of(A, i, lanes)}, h, &result);
      store_part(result[0], lanes, out.data() + i);
      known &= result[0] < kInfinity;
    }
    return all(known);
  });
  if (good || all_) return good;
  bool all_short = true;
  for (size_t i = 0; i < out.size(); ++i) {
    if (std::isnan(out[i])) out[i] = purchases_by_series(R_, A[i], a_, b_, h);
    all_short &= !std::isnan(out[i]);
  }
  return all_short;
}

}  // namespace patron::internal::ltv
