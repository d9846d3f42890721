// What an order of a customer is worth: the Gamma-Gamma model (Fader and Hardie 2013, "The
// Gamma-Gamma model of monetary value", note 025).
//
//   GammaGamma spend({6.25, 3.74, 15.44});
//   spend.expected(2, 40)                          // 39.13: between her mean and everybody's
//
// An order of a customer is Gamma(p, nu), nu is Gamma(q, v) over customers, both by shape and rate;
// after x orders with mean m nu is Gamma(q + p x, v + x m). Thread class of everything here: pure.
#pragma once

#include "lib/models/ltv/predictor.h"
#include "patron/ltv.h"

namespace patron::internal::ltv {

class GammaGamma {
 public:
  explicit GammaGamma(const LtvParameters& parameters)
      : p_(parameters[0]), q_(parameters[1]), v_(parameters[2]) {}

  /// E(M | x, m) = p (v + x m) / (p x + q - 1) (note 025, equation 5); for x = 0 that of the
  /// population, whatever m is. NaN where it is infinite, p x + q <= 1.
  double expected(double x, double m) const;
  /// d ln expected / d (ln p, ln q, ln v).
  LtvParameters log_gradient(double x, double m) const;

  /// The money z of her next order with P(Z <= z) = probability. Z / (v + x m) is beta prime(p,
  /// p x + q), the compound of two gammas (note 025, equation 1a with x = 1).
  double order_quantile(double x, double m, double probability) const;
  /// The z with P(Z > z) = probability.
  double order_upper_quantile(double x, double m, double probability) const;

 private:
  double p_, q_, v_;
};

/// kExpectedSpend.
class SpendPredictor : public Predictor {
 public:
  explicit SpendPredictor(const LtvParameters& parameters) : spend_(parameters) {}

  void values(const CustomerSpan& customers, double* out) const override;
  ValueKind kind() const override { return ValueKind::kPositive; }
  void terms(const CustomerSpan& customers, const double* at, double* log_odds,
             double* log_given) const override;
  void interval(const CustomerSpan& customers, double tail, double* low,
                double* high) const override;
  Cost cost() const override { return Cost::kLittle; }
  bool gradients(const CustomerSpan& customers, LtvParameters* out) const override;

 private:
  GammaGamma spend_;
};

}  // namespace patron::internal::ltv
