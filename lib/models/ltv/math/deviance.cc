#include "lib/models/ltv/math/deviance.h"

#include <cmath>

#include "lib/models/ltv/math/elementary.h"
#include "lib/models/ltv/math/gamma.h"

namespace patron::internal::ltv {
namespace {

constexpr double kLarge = 10;  // where Stirling's formula is the better one

/// excess - ln(1 + excess) where 1 + excess = ratio, from the better of the two.
double deficit_of(double excess, double ratio) {
  return std::fabs(excess) < 0.4 ? log1p_deficit(excess) : excess - log(ratio);
}

/// ln(have / want), where have - want = difference is known better than have.
double log_ratio(double have, double want, double difference) {
  const double share = difference / want;
  return std::fabs(share) < 0.5 ? log1p(share) : log(have / want);
}

}  // namespace

double log1p_deficit(double x) {
  if (x < -0.34 || x > 0.5) return x - log1p(x);
  // With s = x / (2 + x): ln(1 + x) = 2 (s + s^3/3 + ...) and x - 2 s = s x.
  const double s = x / (2 + x), z = s * s;
  double sum = 0;
  for (int power = 25; power >= 3; power -= 2) sum = sum * z + 1.0 / power;
  return s * (x - 2 * z * sum);
}

double expm1_excess(double x) {
  if (std::fabs(x) > 0.5) return expm1(x) - x;
  double sum = 0;
  for (int n = 16; n >= 3; n--) sum = (1 + sum) * x / n;
  return 0.5 * x * x * (1 + sum);
}

double log_beta_kernel(double a, double b, double s, double t) {
  if (!(a > 0) || !(b > 0) || !(s >= 0) || !(t >= 0)) return kNaN;
  if (s == 0 || t == 0) return -kInfinity;
  // (a t - b s) / (s + t) is how far the shares of a + b are from a and b.
  const double n = a + b, share = s / (s + t), other = t / (s + t);
  const double difference = (b * s - a * t) / (s + t);
  const double deviance =
      a * log_ratio(n * share, a, difference) + b * log_ratio(n * other, b, -difference);
  const double rests = stirling_rest(n) - (stirling_rest(a) + stirling_rest(b));
  return deviance + (rests + 0.5 * log(a / n * b) - kLogRootTwoPi);
}

double log_gamma_kernel(double a, double x) {
  if (!(a > 0) || !(x >= 0)) return kNaN;
  if (x == 0) return -kInfinity;
  if (x == kInfinity) return -kInfinity;
  if (a < kLarge) return (a * log(x) - x) - log_gamma(a);
  const double deficit = a * deficit_of((x - a) / a, x / a);
  return (0.5 * log(a) - kLogRootTwoPi) - stirling_rest(a) - deficit;
}

double log_poisson(double n, double mean) {
  if (!(n >= 0) || !(mean >= 0)) return kNaN;
  if (n == 0) return -mean;
  return log_gamma_kernel(n, mean) - log(n);
}

}  // namespace patron::internal::ltv
