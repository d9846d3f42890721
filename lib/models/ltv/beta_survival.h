// The chance to survive h trials where the chance to end at each is itself Beta(a, b):
//
//   S(h) = E[(1 - theta)^h] = B(a, b + h) / B(a, b)
//        = Gamma(b + h) Gamma(a + b) / (Gamma(b) Gamma(a + b + h)).
//
//   log_beta_survival(0.704, 1.182, 7);      // ln 0.241: the seven-year survival of a contract
//
// BG/BB, sBG and BdW are made of it. h need not be whole. ln S is a second difference of ln Gamma,
// symmetric in a and h, always below 0, and often tiny beside ln Gamma; so are its derivatives.
// Here each has relative errors of some 10 ulp for all a, b, h from 1e-20 to 1e140.
//
// Method of the derivatives: sums of differences of 1 / z and 1 / z^2, all of one sign, until b is
// 12, then the asymptotic series of psi and psi' (Abramowitz and Stegun 6.3.18, 6.4.12), of which
// differences are taken term by term: logarithms as log1p, powers of 1 / z by divided differences.
//
// Thread class of everything here: pure.
#pragma once

#include "lib/models/ltv/math/gamma.h"

namespace patron::internal::ltv {

/// ln S(h); a, b > 0, h >= 0, all finite.
inline double log_beta_survival(double a, double b, double h) { return log_beta_ratio(a, b, 0, h); }

/// ln S(h) and its derivatives; d^2/(da db) is `aa`, d^2/(db dh) is `hh`.
struct BetaSurvival {
  double value = 0;
  double a = 0, b = 0, h = 0;
  double aa = 0, ah = 0, bb = 0, hh = 0;
};
BetaSurvival beta_survival(double a, double b, double h);

/// The sum over k = 1..h of S(k), h whole or infinite: the expected number of trials survived, of
/// the next h. Infinite where h is and a <= 1. With rising factorials (z)_h it telescopes to
/// (b - (b + h) S(h)) / (a - 1), which is computed as b (1 - (b + 1)_h / (a + b)_h) / (a - 1).
double beta_expected_survivals(double a, double b, double h);

}  // namespace patron::internal::ltv
