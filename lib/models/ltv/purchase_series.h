// Expected purchases of customers who may leave after every purchase, by a series: the quick way of
// BetaWaiting::purchases() (beta_waiting.h).
//
// A customer buys at a rate ~ Gamma(R, A) and after every purchase leaves for good with a
// probability p ~ Beta(a, b). From now over a time h she makes
//
//   E_p[(1 - (1 + p h / A)^-R) / p]
//
// purchases; after x purchases, the last at t_x, in a time T, R = r + x, A = alpha + T, and b = b +
// x (BG/NBD, where the first factor of equation 10 in Fader, Hardie and Lee 2005, "Counting your
// customers the easy way", is her probability to be alive). The papers write it as (a + b - 1) / (a
// - 1) [1 - (A / (A + h))^R 2F1(R, b; a + b - 1; h / (A + h))], where it is 0 / 0 at a = 1 and
// cancels near it. Here nothing is special about a = 1 and nothing cancels: with z = h / (A + h),
//
//   purchases = (1 - z)^R sum over n >= 1 of (R)_n / n! W(n) z^n,
//   W(n) = sum over k < n of (b)_k / (a + b)_k:
//
// the chance that n purchases would come if nobody left, which is negative binomial, times how many
// of them she is there for. Every term is positive. What stands before z^n is the same for all who
// bought as often, however long ago they came:
//
//   const PurchaseSeries twice(r + 2, a, b + 2, 39 / alpha);
//   twice.purchases(A, 39, out);                  // 3 ns each, 100 without the coefficients
//
// Errors against mpmath (tests/models/ltv/reference/beta_mixture.py): below 1e-13 of the result.
// A row has the bits that it has alone, whichever of the functions is asked.
//
// Thread class of everything here: pure; a const PurchaseSeries is shared.
#pragma once

#include <span>
#include <vector>

namespace patron::internal::ltv {

/// Expected purchases in the time h >= 0 (in the unit of A) by a customer who is there now; R, A,
/// a, b > 0. NaN where the series would be long, or its terms out of range: where it needs more
/// than 1,536 of them, R ln(1 + h / A) is above 700 or R above 10,000, and for an infinite h.
double purchases_by_series(double R, double A, double a, double b, double h);

/// The same for every row of columns of equal length, in Packs; false where some are NaN.
bool purchases_by_series(std::span<const double> R, std::span<const double> A, double a,
                         std::span<const double> b, double h, std::span<double> out);

/// Those customers of a model who bought equally often.
class PurchaseSeries {
 public:
  /// Works out as many coefficients as h / A up to `odds` needs, some 40 (1 + odds), 3 ns each.
  PurchaseSeries(double R, double a, double b, double odds);

  /// What purchases_by_series() gives for each A; false where some are NaN. Beyond `odds` it takes
  /// longer.
  bool purchases(std::span<const double> A, double h, std::span<double> out) const;

 private:
  double R_, a_, b_;
  bool all_ = false;  ///< no series goes further
  std::vector<double> coefficients_;
};

}  // namespace patron::internal::ltv
