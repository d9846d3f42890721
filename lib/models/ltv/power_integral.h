// Integrals of powers of a time, as the Pareto/NBD model is made of:
//
//   integral over (0, h) of t^c (1 + t/A)^-P (1 + t/B)^-Q e^(-D t) dt/t
//
//   // P(next purchase within h | alive) = R/A times that with c = 1, P = R + 1, Q = s:
//   const PowerIntegrand f{
//       .c = 1, .P = R + 1, .A = A, .Q = s, .B = B, .past = R, .end = R + s};
//   const PowerIntegral next = power_integral(f, h);
//   R / A * exp(log_power(f, next.at)) * next.area;
//
// In y = ln t the integrand has one peak, and its singularities lie a distance pi from the real
// line, whatever the parameters: panels outward from the peak (outward_integral.h) are right
// everywhere, and every term is positive. The closed forms, of Gauss's and Kummer's functions,
// cancel where alpha and beta differ much, and have holes where s is whole.
//
// The value is given as the integrand at a point times what remains, because for large exponents
// the first is a probability that the caller knows better than its powers.
//
// Thread class of everything here: pure.
#pragma once

#include "lib/base/simd.h"
#include "lib/models/ltv/math/elementary.h"
#include "lib/models/ltv/math/lanes.h"

namespace patron::internal::ltv {

struct PowerIntegrand {
  double c = 1;         ///< above 0
  double P = 0, A = 1;  ///< any where D is 0, else at least 0; above 0
  double Q = 0, B = 1;  ///< at least 0; above 0, where P is negative at most A
  double D = 0;         ///< at least 0
  /// P - c to full precision, as the caller knows it: a c of 1e17 has swallowed what P adds. With
  /// this power t^c (1 + t/A)^-P falls in the end.
  double past = -1;
  /// P + Q - c likewise: the power with which all ends. Above 0 where D is 0.
  double end = 0;
};

/// f(at) x area, with f(t) = t^c (1 + t/A)^-P (1 + t/B)^-Q e^(-D t).
struct PowerIntegral {
  double at = 0;    ///< near the peak of f in (0, h]
  double area = 0;  ///< above 0
};

/// h is above 0; infinite where D or `end` is above 0. Relative error 1e-14. Cost: some
/// microseconds.
PowerIntegral power_integral(const PowerIntegrand& integrand, double h);

/// ln f(t), where nothing better is known.
double log_power(const PowerIntegrand& integrand, double t);

/// ln f(t e^d) - ln f(t), by differences that do not cancel: beyond A, where the two large powers
/// of t make a small one, (A + t e^d) / (A + t) is taken for e^d (1 + A/(A + t) (e^-d - 1)); B
/// alike.
struct PowerDrop {
  double P, Q, D;
  double linear;  ///< c, less the P and Q that are taken so
  bool from_A, from_B;
  double u, v;  ///< t/(A + t), or A/(A + t) where taken so; of B

  PowerDrop(const PowerIntegrand& f, double t);

  template <typename V>
  PATRON_SIMD_INLINE V operator()(V d) const {
    const V more = expm1(d), back = from_A || from_B ? expm1(-d) : more;
    const V by_A = log1p(u * (from_A ? back : more));
    const V by_B = log1p(v * (from_B ? back : more));
    return linear * d - (P * by_A + (Q * by_B + D * more));
  }
};

}  // namespace patron::internal::ltv
