// How long, and how often, a customer of a beta-geometric model goes on buying who is alive: her
// rate lambda is Gamma(R, A), after each purchase she leaves with chance p, which is Beta(a, b).
//
//   BetaWaiting stay{.R = 2.243, .A = 43.27, .a = 0.793, .b = 4.426};
//   stay.purchases(39)                    // E[(1 - (1 + 39 p / A)^-R) / p]
//
// All are expectations over p of positive functions: of (1 + p h/A)^-R, the chance to be alive at
// h. Integrals over the logit of p with everything known about their tails, they are right to 1e-13
// for any parameters: a or b of 1e-6, whose beta distribution has all its mass beyond the range of
// doubles, or of 1e6. Gauss's function (Fader, Hardie and Lee 2005, equation 10) is the same and
// cancels near a = 1.
//
// Thread class of everything here: pure. Cost: some 15 microseconds by integrals.
#pragma once

namespace patron::internal::ltv {

struct BetaWaiting {
  double R = 1, A = 1;
  double a = 1, b = 1;

  /// ln P(alive at h).
  double log_survival(double h) const;
  /// Expected purchases within h; for an infinite h E[1/p], NaN where a <= 1.
  double purchases(double h) const;
  /// The same for a finite h by the integral, whether its series is short or long.
  double purchases_by_integral(double h) const;
  /// The same, those at t counted e^(-discount t); NaN where it is infinite. 2 microseconds for an
  /// ordinary customer and a horizon of some years, 20 for ever, milliseconds for a discount < 0.
  double discounted(double h, double discount) const;
  /// ln of it for a discount < 0: it may exceed the largest double.
  double log_discounted(double h, double discount) const;
};

}  // namespace patron::internal::ltv
