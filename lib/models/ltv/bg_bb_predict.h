// What a customer of the BG/BB model will do, from what she did: Fader, Hardie and Shang (2010),
// "Customer-base analysis in a discrete-time noncontractual setting", Marketing Science 29(6).
//
//   const BgBbParameters donors{1.204, 0.750, 0.657, 2.783};
//   const BgBbHistory history{.frequency = 3, .recency = 4, .opportunities = 6};
//   const double alive = 1 / (1 + exp(-bg_bb_log_odds_alive(donors, history)));        // 0.44
//   const BgBbAlive state = bg_bb_alive(donors, history);
//   alive * bg_bb_purchases(state, 10);                                                // 1.84
//
// At each opportunity a customer who is alive first stays with chance 1 - theta, then buys with
// chance p; theta is Beta(gamma, delta), p is Beta(alpha, beta). Given that she is alive after n
// opportunities both are Beta again, with other parameters (BgBbAlive), and all that she will do is
// a function of these. Whoever has left buys nothing, so an expectation is P(alive) times one that
// supposes she is alive.
//
// Frequencies, opportunities, counts and horizons are whole numbers up to 2^53; horizons may be
// infinite where a function says so. All terms of all sums are positive; relative errors stay near
// 1e-13. Thread class of everything here: pure.
#pragma once

#include <cstdint>

#include "patron/ltv.h"

namespace patron::internal::ltv {

struct BgBbParameters {
  double alpha = 1, beta = 1;   ///< of the chance to buy
  double gamma = 1, delta = 1;  ///< of the chance to leave
};

/// x purchases, the last of them at opportunity t_x, in n opportunities. A new customer: zeros.
struct BgBbHistory {
  double frequency = 0;      ///< x
  double recency = 0;        ///< t_x, 0 where x = 0
  double opportunities = 0;  ///< n
};

/// What is known of a customer who is alive after n opportunities: p is Beta(buy, pass), theta
/// Beta(leave, stay). buy = alpha + x, pass = beta + n - x, leave = gamma, stay = delta + n.
struct BgBbAlive {
  double buy = 1, pass = 1, leave = 1, stay = 1;
};

BgBbAlive bg_bb_alive(const BgBbParameters& parameters, const BgBbHistory& history);

/// ln P(alive at n) / P(not) (equation 7), +infinity for a customer whose last purchase was at n.
/// Cost: linear in n - t_x up to some thousand, then logarithmic.
double bg_bb_log_odds_alive(const BgBbParameters& parameters, const BgBbHistory& history);

// What follows supposes that the customer is alive at n.

/// ln P(alive at n + horizon); the horizon is finite.
double bg_bb_log_survival(const BgBbAlive& state, double horizon);

/// Expected purchases in the next `horizon` opportunities (equation 12 without P(alive)), in closed
/// form; for an infinite horizon NaN where they are infinite, leave <= 1.
double bg_bb_purchases(const BgBbAlive& state, double horizon);

/// Expected purchases, the one at n + k counted e^(-discount k); with an infinite horizon DERT
/// (equation 14 without P(alive)). discount = ln(1 + rate per opportunity), of any sign. NaN where
/// infinite: discount < 0, or discount = 0 and leave <= 1. Cost: at most some 1,000 steps and 1,000
/// evaluations.
double bg_bb_discounted(const BgBbAlive& state, double horizon, double discount);
/// ln of it for a discount < 0: it may exceed the largest double.
double bg_bb_log_discounted(const BgBbAlive& state, double horizon, double discount);

/// ln P(exactly `count` purchases in the next `horizon` opportunities) (equation 9, for a customer
/// who is alive at n); -infinity where count > horizon. The horizon is finite.
double bg_bb_log_probability(const BgBbAlive& state, double count, double horizon);

/// ln P(at least `count` >= 1 purchases in the next `horizon` opportunities): the chance that the
/// count-th comes within them. The horizon may be infinite.
double bg_bb_log_at_least(const BgBbAlive& state, double count, double horizon);

/// The smallest whole k with P(the next purchase comes at n + k or before) >= probability, infinite
/// where that is never reached.
double bg_bb_next_purchase(const BgBbAlive& state, double probability);

}  // namespace patron::internal::ltv
