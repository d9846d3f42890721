#include "lib/models/weights/divergence.h"

#include <algorithm>
#include <cmath>

#include "lib/base/exact_sum.h"
#include "lib/models/ltv/math/elementary.h"

namespace patron::internal {
namespace {

using DoubleSum = ExactSum<36>;

// r ln r - r + 1 for r = 1 + x, which is never negative; by its series where the terms would
// cancel: x^2 / 2 - x^3 / 6 + x^4 / 12 - ...
double excess(double x) {
  if (x == -1) return 1;
  if (std::fabs(x) > 0.05) return (1 + x) * ltv::log(1 + x) - x;
  double sum = 0;
  double power = x * x;
  for (int k = 2; k <= 14; ++k) {
    sum += power / (k * (k - 1));
    power *= -x;
  }
  return sum;
}

// A double as often as it is counted.
void add(DoubleSum& sum, double value, uint64_t times) {
  const Magnitude one = magnitude_of(value);
  sum.add(one.digits * times, one.shift);  // 53 bits and 64
}

}  // namespace

double divergence(std::span<const double> values, std::span<const int64_t> counts) {
  const auto times = [&](size_t i) {
    return counts.empty() ? uint64_t{1} : static_cast<uint64_t>(counts[i]);
  };
  DoubleSum sum;
  uint64_t all = 0;
  for (size_t i = 0; i < values.size(); ++i) add(sum, values[i], times(i)), all += times(i);
  const auto count = static_cast<double>(all);
  // Everything times a power of two that makes the mean an ordinary number, however small it is.
  const double mean = sum.rounded().fraction / count;
  const int stretch = 1074 - sum.rounded().exponent;
  DoubleSum excesses;
  for (size_t i = 0; i < values.size(); ++i) {
    const double stretched = std::ldexp(values[i], stretch);
    add(excesses, excess((stretched - mean) / mean), times(i));
  }
  const ScaledDouble total = excesses.rounded();
  return std::min(1.0,
                  std::ldexp(total.fraction, total.exponent - 1074) / (count * ltv::log(count)));
}

}  // namespace patron::internal
