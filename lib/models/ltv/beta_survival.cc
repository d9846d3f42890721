#include "lib/models/ltv/beta_survival.h"

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

#include "lib/models/ltv/math/elementary.h"
#include "lib/models/ltv/math/gamma.h"

namespace patron::internal::ltv {
namespace {

constexpr double kAsymptotic = 12;  // from here on Stirling's series

/// What the asymptotic series of psi and psi' have beside logarithms: polynomials in w = 1 / z,
/// coefficients from w^1 on.
constexpr std::array<double, 14> kDigamma{-1.0 / 2, -1.0 / 12, 0, 1.0 / 120,  0, -1.0 / 252,
                                          0,        1.0 / 240, 0, -1.0 / 132, 0, 691.0 / 32760,
                                          0,        -1.0 / 12};
constexpr std::array<double, 15> kTrigamma{
    1,         1.0 / 2, 1.0 / 6,  0, -1.0 / 30,     0, 1.0 / 42, 0,
    -1.0 / 30, 0,       5.0 / 66, 0, -691.0 / 2730, 0, 7.0 / 6};

/// Q[x, y] = (Q(x) - Q(y)) / (x - y), by Horner's scheme for Newton's form.
template <size_t N>
double divided_difference(const std::array<double, N>& q, double x, double y) {
  double value = 0, first = 0;
  for (size_t i = N; i-- > 0;) {
    first = first * y + value;
    value = value * x + q[i];
  }
  return first * y + value;  // Q has no constant term
}

/// Q[x, y, z].
template <size_t N>
double divided_difference(const std::array<double, N>& q, double x, double y, double z) {
  double value = 0, first = 0, second = 0;
  for (size_t i = N; i-- > 0;) {
    second = second * z + first;
    first = first * y + value;
    value = value * x + q[i];
  }
  return second * z + first;
}

/// The four arguments b, b + h, b + a, a + b + h, their reciprocals, and the differences of these.
struct Corners {
  double w0, w1, w2, w3;
  double along_h0, along_h2;  // w0 - w1, w2 - w3
  double along_a0, along_a1;  // w0 - w2, w1 - w3
  double twist;               // (w0 - w1) - (w2 - w3)

  Corners(double a, double b, double h)
      : w0(1 / b), w1(1 / (b + h)), w2(1 / (b + a)), w3(1 / (a + b + h)) {
    const double h1 = h * w1;
    const double a2 = a * w2;
    along_h0 = h1 * w0;
    along_h2 = h * w3 * w2;
    along_a0 = a2 * w0;
    along_a1 = a * w3 * w1;
    twist = h1 * a2 * (w0 + w3);
  }

  /// Q(w0) - Q(w1) - Q(w2) + Q(w3).
  template <size_t N>
  double second_difference(const std::array<double, N>& q) const {
    const double first = divided_difference(q, w0, w1);
    const double second =
        along_a0 * divided_difference(q, w0, w1, w2) + along_a1 * divided_difference(q, w1, w2, w3);
    return twist * first + along_h2 * second;
  }
};

/// a h / (b (a + b + h)) = (b + a) (b + h) / (b (a + b + h)) - 1.
double cross_ratio(double a, double b, double h) {
  const double low = a < h ? a : h;
  const double high = a < h ? h : a;
  return (low / b) * (high / (low + b + high));
}

}  // namespace

BetaSurvival beta_survival(double a, double b, double h) {
  BetaSurvival s;
  s.value = log_beta_survival(a, b, h);
  while (b < kAsymptotic) {
    const Corners at(a, b, h);
    s.a -= at.along_h2;
    s.h -= at.along_a1;
    s.b += at.twist;
    s.aa += at.along_h2 * (at.w2 + at.w3);
    s.hh += at.along_a1 * (at.w1 + at.w3);
    s.ah -= at.w3 * at.w3;
    s.bb -= at.twist * (at.w0 + at.w1) + at.along_h2 * (at.along_a0 + at.along_a1);
    b += 1;
  }
  const Corners at(a, b, h);
  const double end = a + b + h;
  s.a -= log1p(h / (a + b)) - at.along_h2 * divided_difference(kDigamma, at.w2, at.w3);
  s.h -= log1p(a / (b + h)) - at.along_a1 * divided_difference(kDigamma, at.w1, at.w3);
  s.b += log1p(cross_ratio(a, b, h)) - at.second_difference(kDigamma);
  s.aa += at.along_h2 * divided_difference(kTrigamma, at.w2, at.w3);
  s.hh += at.along_a1 * divided_difference(kTrigamma, at.w1, at.w3);
  s.ah -= divided_difference(kTrigamma, 1 / end, 0) / end;
  s.bb -= at.second_difference(kTrigamma);
  return s;
}

double beta_expected_survivals(double a, double b, double h) {
  if (std::isinf(h)) return a > 1 ? b / (a - 1) : std::numeric_limits<double>::infinity();
  if (a > 1) return b * -expm1(log_beta_survival(a - 1, b + 1, h)) / (a - 1);
  if (a < 1) return b * expm1(-log_beta_survival(1 - a, a + b, h)) / (1 - a);
  return b * log_rising_first(b + 1, h);
}

}  // namespace patron::internal::ltv
