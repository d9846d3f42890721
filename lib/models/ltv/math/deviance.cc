#include "lib/models/ltv/math/deviance.h"

#include <cmath>

#include "lib/models/ltv/math/elementary.h"
#include "lib/models/ltv/math/gamma.h"

namespace patron::internal::ltv {
namespace {

constexpr double kLogRootTwoPi = 0x1.d67f1c864beb5p-1;
constexpr double kLarge = 10;  // where Stirling's formula is the better one

/// ln z where 1 - z is known as well.
double log_of_share(double z, double complement) { return z > 0.5 ? log1p(-complement) : log(z); }

/// excess - ln(1 + excess) where 1 + excess = ratio, from the better of the two.
double deficit_of(double excess, double ratio) {
  return std::fabs(excess) < 0.4 ? log1p_deficit(excess) : excess - log(ratio);
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

double log_beta_kernel(double a, double b, double z, double complement) {
  if (!(a > 0) || !(b > 0) || !(z >= 0) || !(complement >= 0)) return kNaN;
  if (z == 0 || complement == 0) return -kInfinity;
  if (a < kLarge || b < kLarge)
    return (a * log_of_share(z, complement) + b * log_of_share(complement, z)) - log_beta(a, b);
  // z = mean (1 - d / a) and complement = (1 - mean) (1 + d / b).
  const Exact<double> left = product_of(a, complement), right = product_of(b, z);
  const double d = (left.value - right.value) + (left.rest - right.rest);
  const double deficit =
      a * deficit_of(-d / a, z * (1 + b / a)) + b * deficit_of(d / b, complement * (1 + a / b));
  const double rests = stirling_rest(a) + (stirling_rest(b) - stirling_rest(a + b));
  return (0.5 * log(a / (1 + a / b)) - kLogRootTwoPi) - rests - deficit;
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

double log_negative_binomial(double n, double r, double p, double q) {
  if (!(n >= 0) || !(r > 0)) return kNaN;
  if (n == 0) return r * log_of_share(p, q);
  if (q == 0) return -kInfinity;
  return log_beta_kernel(r, n, p, q) - log(n);
}

double log_binomial(double n, double trials, double p, double q) {
  if (!(n >= 0) || !(n <= trials)) return kNaN;
  const double rest = trials - n;
  if (n == 0) return rest == 0 ? 0.0 : rest * log_of_share(q, p);
  if (rest == 0) return n * log_of_share(p, q);
  // n choose `trials` is 1 / (n rest B(n, rest) / trials).
  return log_beta_kernel(n, rest, p, q) - log(n * (rest / trials));
}

}  // namespace patron::internal::ltv
