// How long a contract lasts: the shifted beta-geometric model (Fader and Hardie 2007, "How to
// project customer retention", Journal of Interactive Marketing 21(1)) and the
// beta-discrete-Weibull model (Fader, Hardie, Liu, Davin and Steenburgh 2018, same journal 43), of
// which the first is the case c = 1.
//
//   const Contract regular{.alpha = 0.704, .beta = 1.182};
//   exp(contract_log_survival(regular, 0, 7));          // 0.24 keep it for 7 renewals
//   contract_lifetime(regular, 3, 12);                  // renewals expected, of the next 12
//
// At the t-th renewal a contract that is left goes on; it has survived t renewals with chance
// S(t) = B(alpha, beta + t^c) / B(alpha, beta). T is how many were survived. "Now" is right after
// the T-th renewal, so that the next one is a whole period away and is discounted by one.
//
// T and horizons are whole numbers up to 2^53; horizons may be infinite where a function says so.
// Thread class of everything here: pure.
#pragma once

#include "patron/ltv.h"

namespace patron::internal::ltv {

struct Contract {
  double alpha = 1, beta = 1;
  double c = 1;  ///< above 1: the longer held, the sooner given up; below 1: the longer kept
};

/// ln S(T + horizon) / S(T), below 0: the chance that the next `horizon` renewals happen. Of the
/// next one (horizon = 1) it is the retention rate r(T + 1). The horizon is finite.
double contract_log_survival(const Contract& contract, double T, double horizon);

/// Expected renewals among the next `horizon`: the sum over k from 1 of S(T + k) / S(T). For an
/// infinite horizon NaN where they are infinite: c alpha <= 1.
double contract_lifetime(const Contract& contract, double T, double horizon);

/// The same, the k-th renewal from now counted e^(-discount k); discount = ln(1 + rate per period),
/// of any sign. Fader and Hardie (2010), "Customer-base valuation in a contractual setting",
/// Marketing Science 29(1), take the next renewal to be due at once: their DERL (equation 6) is
/// e^discount times this for an infinite horizon. NaN where infinite: discount < 0, or discount = 0
/// and c alpha <= 1. Cost: at most some 1,000 steps and 1,000 evaluations.
double contract_discounted_lifetime(const Contract& contract, double T, double horizon,
                                    double discount);

/// ln of it for a discount < 0: it may exceed the largest double.
double contract_log_discounted_lifetime(const Contract& contract, double T, double horizon,
                                        double discount);

/// The smallest whole number of further renewals K with P(further renewals <= K) >= probability,
/// where at most `horizon`, which may be infinite, are counted.
double contract_lifetime_quantile(const Contract& contract, double T, double horizon,
                                  double probability);

}  // namespace patron::internal::ltv
