#include "lib/models/nps/distribution.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace patron::internal {
namespace {

constexpr double kManyDegrees = 1e5;  // above it the expansions in 1 / degrees are exact enough

/// Gamma(x + 1/2) / Gamma(x), x > 0: the recurrence up to 40, then the asymptotic series.
double gamma_ratio(double x) {
  double shift = 1;
  for (; x < 40; x += 1) shift *= x / (x + 0.5);
  const double y = 1 / x;
  const double series =
      1 + y * (-1.0 / 8 +
               y * (1.0 / 128 + y * (5.0 / 1024 + y * (-21.0 / 32768 + y * (-399.0 / 262144)))));
  return shift * std::sqrt(x) * series;
}

/// The continued fraction of the incomplete beta function, by Lentz's method.
double beta_fraction(double a, double b, double x) {
  constexpr double kTiny = 1e-300;
  const auto nonzero = [](double v) { return std::fabs(v) < kTiny ? kTiny : v; };
  double c = 1;
  double d = 1 / nonzero(1 - (a + b) * x / (a + 1));
  double fraction = d;
  for (int m = 1; m < 10'000; m++) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonzero(1 + even * d);
    c = nonzero(1 + even / c);
    fraction *= d * c;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonzero(1 + odd * d);
    c = nonzero(1 + odd / c);
    fraction *= d * c;
    if (std::fabs(d * c - 1) < 1e-15) break;
  }
  return fraction;
}

/// The density of |T|.
double student_density(double t, double degrees) {
  return 2 * gamma_ratio(degrees / 2) / std::sqrt(degrees * std::numbers::pi) *
         std::exp(-(degrees + 1) / 2 * std::log1p(t * t / degrees));
}

}  // namespace

double normal_tail(double z) { return std::erfc(std::fabs(z) / std::numbers::sqrt2); }

double normal_quantile(double confidence) {
  const double tail = 1 - confidence;
  // The tail is convex, so Newton's steps from the left stay on the left and only ever rise.
  double z = 0;
  for (int i = 0; i < 200; i++) {
    const double density = std::exp(-z * z / 2) * std::sqrt(2 / std::numbers::pi);
    const double next = z + (normal_tail(z) - tail) / density;
    if (!(next > z)) break;
    z = next;
  }
  return z;
}

double student_tail(double t, double degrees) {
  t = std::fabs(t);
  if (degrees > kManyDegrees)
    return normal_tail(t * (1 - 1 / (4 * degrees)) / std::sqrt(1 + t * t / (2 * degrees)));
  if (t == 0) return 1;
  if (std::isinf(t)) return 0;
  // I_x(a, 1/2) with a = degrees / 2 and x = degrees / (degrees + t^2).
  const double a = degrees / 2;
  const double x = degrees / (degrees + t * t);
  const double y = t * t / (degrees + t * t);
  const double front = gamma_ratio(a) / std::sqrt(std::numbers::pi) *
                       std::exp(-a * std::log1p(t * t / degrees)) * std::sqrt(y);
  if (x < (a + 1) / (a + 2.5)) return front * beta_fraction(a, 0.5, x) / a;
  return std::max(0.0, 1 - front * beta_fraction(0.5, a, y) / 0.5);
}

double student_quantile(double confidence, double degrees) {
  const double z = normal_quantile(confidence);
  if (degrees > kManyDegrees) {  // Abramowitz and Stegun 26.7.5
    const double z2 = z * z;
    return z + z * ((z2 + 1) / 4 + ((5 * z2 + 16) * z2 + 3) / (96 * degrees)) / degrees;
  }
  const double tail = 1 - confidence;
  double t = z;  // never above the quantile of a finite number of degrees
  for (int i = 0; i < 200; i++) {
    const double next = t + (student_tail(t, degrees) - tail) / student_density(t, degrees);
    if (!(next > t * (1 + 1e-15))) break;
    t = next;
  }
  return t;
}

}  // namespace patron::internal
