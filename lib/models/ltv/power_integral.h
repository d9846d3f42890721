// Integrals of powers of a time, as the Pareto/NBD model is made of:
//
//   integral over (0, h) of t^c (1 + t/A)^-P (1 + t/B)^-Q e^(-D t) dt/t
//
//   // P(next purchase within h | alive) = R/A times that with c = 1, P = R + 1, Q = s:
//   const PowerIntegrand f{.c = 1, .P = R + 1, .A = A, .Q = s, .B = B, .end = R + s};
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
  /// P + Q - c to full precision, as the caller knows it: the power with which all ends. Above 0
  /// where D is 0.
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

/// ln f(t e^d) - ln f(t), by differences that do not cancel.
struct PowerDrop {
  double c, P, Q, D, end;
  double u, u_rest, v, v_rest;  ///< t/(A + t) and A/(A + t); of B

  PowerDrop(const PowerIntegrand& f, double t);

  template <typename V>
  PATRON_SIMD_INLINE V operator()(V d) const {
    const auto before = d < 0.0;
    if (all(before)) return backward(d);
    if (!any(before)) return forward(d);
    return select(before, backward(d), forward(d));
  }

 private:
  template <typename V>
  PATRON_SIMD_INLINE V backward(V d) const {
    return c * d - (P * grown(u, u_rest, d) + (Q * grown(v, v_rest, d) + D * expm1(d)));
  }
  /// With c d the large terms are small where c is; else (A + t e^d) / (A + t) is taken for
  /// e^d (1 + A/(A + t) (e^-d - 1)).
  template <typename V>
  PATRON_SIMD_INLINE V forward(V d) const {
    if (end >= c) {
      const V more = expm1(d);
      return c * d - (P * log1p(u * more) + (Q * log1p(v * more) + D * more));
    }
    const V back = expm1(-d);
    return -end * d - (P * log1p(u_rest * back) + (Q * log1p(v_rest * back) + D * expm1(d)));
  }
  /// ln((A + t e^d) / (A + t)) for d < 0.
  template <typename V>
  PATRON_SIMD_INLINE static V grown(double share, double rest, V d) {
    // The second form is for shares near 1 only: it rounds the first.
    if (share < 0.5) return log1p(share * expm1(d));
    const auto near = d > -0.5;
    if (all(near)) return log1p(share * expm1(d));
    if (!any(near)) return log(rest + share * exp(d));
    return select(near, log1p(share * expm1(d)), log(rest + share * exp(d)));
  }
};

}  // namespace patron::internal::ltv
