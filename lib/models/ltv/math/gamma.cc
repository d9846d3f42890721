#include "lib/models/ltv/math/gamma.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "lib/models/ltv/math/elementary.h"

namespace patron::internal::ltv {
namespace {

// From here Stirling's series has double precision with kTerms terms, and its differences too.
constexpr double kFar = 10;
constexpr size_t kTerms = 11;

/// B(2k) / (2k (2k - 1)), k = 1 ...: the series of ln Gamma in odd powers of 1 / x.
constexpr std::array<double, kTerms> kOfLogGamma = {
    0x1.5555555555555p-4,  -0x1.6c16c16c16c17p-9,  0x1.a01a01a01a01ap-11, -0x1.3813813813814p-11,
    0x1.b951e2b18ff23p-11, -0x1.f6ab0d9993c7dp-10, 0x1.a41a41a41a41ap-8,  -0x1.e4286cb0f5398p-6,
    0x1.6fe96381e0680p-3,  -0x1.6476701181f3ap+0,  0x1.ace44322ce006p+3};

/// The series differentiated: B(2k) / (2k) for digamma, B(2k) for trigamma.
constexpr std::array<double, kTerms> times_powers(std::array<double, kTerms> series, int less) {
  for (size_t k = 0; k < kTerms; k++) series[k] *= 2 * static_cast<double>(k + 1) - less;
  return series;
}
constexpr std::array<double, kTerms> kOfDigamma = times_powers(kOfLogGamma, 1);
constexpr std::array<double, kTerms> kOfTrigamma = times_powers(kOfDigamma, 0);

double polynomial(const std::array<double, kTerms>& series, double x) {
  double value = 0;
  for (size_t k = kTerms; k-- > 0;) value = value * x + series[k];
  return value;
}

/// A polynomial at y, and (p(y) - p(x)) / (y - x) without the difference.
struct Divided {
  double at_y = 0, slope = 0;
};
Divided divided(const std::array<double, kTerms>& series, double x, double y) {
  Divided p;
  for (size_t k = kTerms; k-- > 0;) {
    p.slope = p.slope * x + p.at_y;
    p.at_y = p.at_y * y + series[k];
  }
  return p;
}

/// The series of ln Gamma at x + n less that at x; x, x + n >= kFar.
double rest_difference(double x, double n) {
  const double u = 1 / x, v = 1 / (x + n);
  const Divided p = divided(kOfLogGamma, u * u, v * v);
  return -(n * u * v) * (p.at_y + u * (u + v) * p.slope);
}

double rest_far(double x) {
  const double u = 1 / x;
  return u * polynomial(kOfLogGamma, u * u);
}

/// How many steps of 1 take a to kFar or beyond.
int steps_to_far(double a) { return a < kFar ? static_cast<int>(kFar - a) + 1 : 0; }

/// ln of the product of terms 1 + t, t >= 0, as they come; with the relative accuracy of a sum of
/// positive numbers however small they are.
class LogOfProduct {
 public:
  void multiply(double t) {
    over_one_ += t + t * over_one_;
    if (over_one_ > 1e150) {
      log_ += log(over_one_);  // 1 is nothing beside it
      over_one_ = 0;
    }
  }
  double log_of() const { return log_ + log1p(over_one_); }

 private:
  double over_one_ = 0, log_ = 0;
};

/// ln a (a + 1) ... (a + n - 1) with the product in twice the precision.
double log_of_whole_rising(double a, int n) {
  double product = 1, rest = 0;
  for (int k = 0; k < n; k++) {
    const Exact<double> factor = sum_of(static_cast<double>(k), a);
    const Exact<double> next = product_of(product, factor.value);
    const Exact<double> sum =
        sum_of_ordered(next.value, next.rest + (product * factor.rest + rest * factor.value));
    product = sum.value;
    rest = sum.rest;
  }
  return log(product) + rest / product;
}

/// log_rising by the shifted series; n may be negative as long as a + n > 0 and no step shrinks.
double log_rising_by_series(double a, double n) {
  const int steps = steps_to_far(a);
  LogOfProduct shift;
  for (int k = 0; k < steps; k++) shift.multiply(n / (a + k));
  const double x = a + steps;
  const double far = (n * (log(x + n) - 1) + (x - 0.5) * log1p(n / x)) + rest_difference(x, n);
  return far - shift.log_of();
}

/// ln Gamma(zero + e) where zero is 1 or 2.
double log_gamma_near(double zero, double e) {
  if (e >= 0) return log_rising_by_series(zero, e);
  // The same ratio from the lower end, where every step grows.
  return -log_rising_by_series(zero + e, -e);
}

/// ln Gamma(a + i) Gamma(a + b) / (Gamma(a) Gamma(a + b + i)) <= 0 for a >= kFar: the second
/// difference of Stirling's formula.
double log_cross_ratio_far(double a, double b, double i) {
  const double low = std::min(b, i), high = std::max(b, i);
  const double end = a + high + low;
  const double leading =
      (a - 0.5) * log1p((low / a) * (high / end)) - i * log1p(b / (a + i)) - b * log1p(i / (a + b));
  double rest;
  if (high > 0.02) {
    rest = rest_difference(a, low) - rest_difference(a + high, low);
  } else {
    // From the second and fourth derivatives in the middle; the next term is below 1e-11 of it.
    const double u = 1 / (a + 0.5 * (high + low));
    const double w = u * u;
    const double second = w * u * polynomial(kOfTrigamma, w);
    const double fourth = w * w * u * (2 - w * (1 - w * (4.0 / 3)));
    rest = -low * high * (second + (low * low + high * high) * fourth / 24);
  }
  return leading + rest;
}

/// The same for every a > 0.
double log_cross_ratio(double a, double b, double i) {
  if (b == 0 || i == 0) return 0;
  const int steps = steps_to_far(a);
  LogOfProduct shift;
  for (int k = 0; k < steps; k++) {
    const double x = a + k;
    shift.multiply((b / x) * (i / (x + b + i)));
  }
  return log_cross_ratio_far(a + steps, b, i) - shift.log_of();
}

}  // namespace

double stirling_rest(double x) {
  if (x >= kFar) return rest_far(x);
  if (!(x > 0)) return x == 0 ? kInfinity : kNaN;
  // One step is (x + 1/2) ln(1 + 1/x) - 1, positive.
  double rest = 0;
  const int steps = steps_to_far(x);
  for (int k = 0; k < steps; k++) {
    const double at = x + k;
    // With s = 1 / (2 x + 1) it is s^2/3 + s^4/5 + ... (Abramowitz and Stegun 4.1.27 and 6.1.40).
    const double s = 1 / (2 * at + 1), z = s * s;
    if (z < 0.04) {
      double sum = 0;
      for (int power = 27; power > 1; power -= 2) sum = (sum + 1.0 / power) * z;
      rest += sum;
    } else {
      rest += (at + 0.5) * log1p(1 / at) - 1;
    }
  }
  return rest + rest_far(x + steps);
}

double log_gamma(double a) {
  if (!(a > 0)) return a == 0 ? kInfinity : kNaN;
  if (a == kInfinity) return a;
  if (a >= kFar) return ((a - 0.5) * log(a) - a) + kLogRootTwoPi + rest_far(a);
  if (a >= 0.5 && a < 1.5) return log_gamma_near(1, a - 1);
  if (a >= 1.5 && a < 2.5) return log_gamma_near(2, a - 2);
  if (a < 0.5) return log_gamma_near(1, a) - log(a);
  double product = 1, at = a;
  while (at >= 2.5) {
    at -= 1;
    product *= at;
  }
  return log_gamma_near(2, at - 2) + log(product);
}

double digamma(double a) {
  if (!(a > 0)) return a == 0 ? -kInfinity : kNaN;
  constexpr double kZero = 0x1.762d86356be3fp+0, kZeroRest = 0x1.b86a722197829p-54;
  if (a >= kZero && a < 1.8) return log_rising_first(kZero, (a - kZero) - kZeroRest);
  if (a >= 1.2 && a < kZero) return -log_rising_first(a, (kZero - a) + kZeroRest);
  double sum = 0;
  const int steps = steps_to_far(a);
  for (int k = steps - 1; k >= 0; k--) sum += 1 / (a + k);
  const double x = a + steps;
  const double u = 1 / x, w = u * u;
  return log(x) - (0.5 * u + w * polynomial(kOfDigamma, w)) - sum;
}

double trigamma(double a) {
  if (!(a > 0)) return a == 0 ? kInfinity : kNaN;
  double sum = 0;
  const int steps = steps_to_far(a);
  for (int k = steps - 1; k >= 0; k--) sum += 1 / ((a + k) * (a + k));
  const double u = 1 / (a + steps), w = u * u;
  return (u + (0.5 * w + u * w * polynomial(kOfTrigamma, w))) + sum;
}

double log_rising(double a, double n) {
  if (!(a > 0) || !(n >= 0)) return kNaN;
  if (n == 0) return 0;
  if (n == 1) return log(a);
  constexpr int kFewFactors = 12;
  if (n <= kFewFactors && n == std::floor(n) && a < 1e20) {
    return log_of_whole_rising(a, static_cast<int>(n));
  }
  return log_rising_by_series(a, n);
}

double log_rising_first(double a, double n) {
  if (!(a > 0) || !(n >= -1)) return kNaN;
  const int steps = steps_to_far(a);
  double sum = 0;
  for (int k = steps - 1; k >= 0; k--) sum += (n / (a + k)) / (a + k + n);
  const double x = a + steps;
  const double u = 1 / x, v = 1 / (x + n);
  const Divided q = divided(kOfDigamma, u * u, v * v);
  const double step = n * u * v;  // u - v
  return log1p(n * u) + (step * (0.5 + (u + v) * (q.at_y + u * u * q.slope)) + sum);
}

double log_rising_second(double a, double n) {
  if (!(a > 0) || !(n >= 0)) return kNaN;
  const int steps = steps_to_far(a);
  double sum = 0;
  for (int k = steps - 1; k >= 0; k--) {
    const double u = 1 / (a + k), v = 1 / (a + k + n);
    sum += n * u * v * (u + v);
  }
  const double x = a + steps;
  const double u = 1 / x, v = 1 / (x + n);
  const Divided r = divided(kOfTrigamma, u * u, v * v);
  const double rest = r.at_y * (u * u + u * v + v * v) + u * u * u * (u + v) * r.slope;
  return -(n * u * v * (1 + (0.5 * (u + v) + rest)) + sum);
}

double log_beta(double a, double b) {
  if (!(a > 0) || !(b > 0)) return kNaN;
  if (a > b) std::swap(a, b);
  if (a < kFar) return log_gamma(a) - log_rising(b, a);
  const double ends = rest_far(a) - rest_difference(b, a);
  return (kLogRootTwoPi - 0.5 * log(b) + ends) - (a - 0.5) * log1p(b / a) - b * log1p(a / b);
}

double log_beta_ratio(double a, double b, double i, double j) {
  if (!(a > 0) || !(b > 0) || !(i >= 0) || !(j >= 0)) return kNaN;
  // B(a + i, b) / B(a, b), then B(a + i, b + j) / B(a + i, b): both at most 1.
  return log_cross_ratio(a, b, i) + log_cross_ratio(b, a + i, j);
}

double log_choose(double n, double k) {
  if (!(k >= 0) || !(k <= n)) return kNaN;
  if (k == 0 || k == n) return 0;
  return -(log1p(n) + log_beta(n - k + 1, k + 1));
}

}  // namespace patron::internal::ltv
