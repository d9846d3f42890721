#include "lib/models/ltv/bg_bb_predict.h"

#include <algorithm>
#include <cmath>

#include "lib/models/ltv/beta_survival.h"
#include "lib/models/ltv/contract_predict.h"
#include "lib/models/ltv/math/elementary.h"
#include "lib/models/ltv/opportunity_sum.h"
#include "lib/models/ltv/whole_search.h"

namespace patron::internal::ltv {
namespace {

/// ln P(no purchase and gone within the next h >= 1 opportunities).
double log_silently_gone(const BgBbAlive& s, double h) {
  return -log1p(s.stay / s.leave) + log_sum_of_passes({.y = 0,
                                                       .buy = s.buy,
                                                       .excess = s.buy,
                                                       .pass = s.pass,
                                                       .leave = s.leave + 1,
                                                       .stay = s.stay,
                                                       .fall = s.buy + s.leave},
                                                      h - 1);
}

/// ln P(no purchase and alive after the next h opportunities).
double log_silently_alive(const BgBbAlive& s, double h) {
  if (std::isinf(h)) return -kInfinity;
  return log_beta_survival(s.buy, s.pass, h) + log_beta_survival(s.leave, s.stay, h);
}

/// ln P(no purchase within the next h >= 1 opportunities), exact where it is not close to 0.
double log_silent(const BgBbAlive& s, double h) {
  return log_add_exp(log_silently_alive(s, h), log_silently_gone(s, h));
}

/// ln P(count purchases or more within the next h), exact where it is not close to 0: the chance
/// that the count-th comes while she is alive, at each opportunity.
double log_reached(const BgBbAlive& s, double count, double h) {
  return log_beta_survival(s.pass, s.buy, count) + log_beta_survival(s.leave, s.stay, count) +
         log_sum_of_passes({.y = count - 1,
                            .buy = s.buy + count,
                            .excess = s.buy + 1,
                            .pass = s.pass,
                            .leave = s.leave,
                            .stay = s.stay + count,
                            .fall = s.buy + s.leave},
                           h - count);
}

constexpr double kPowerFrom = 1e100;
constexpr double kCloseToOne = -0.5;  // ln of a chance above this: take its complement

}  // namespace

BgBbAlive bg_bb_alive(const BgBbParameters& parameters, const BgBbHistory& history) {
  return {.buy = parameters.alpha + history.frequency,
          .pass = parameters.beta + (history.opportunities - history.frequency),
          .leave = parameters.gamma,
          .stay = parameters.delta + history.opportunities};
}

double bg_bb_log_odds_alive(const BgBbParameters& parameters, const BgBbHistory& history) {
  const double silent = history.opportunities - history.recency;
  if (silent == 0) return kInfinity;
  const BgBbAlive at_last = bg_bb_alive(parameters, {.frequency = history.frequency,
                                                     .recency = history.recency,
                                                     .opportunities = history.recency});
  return log_silently_alive(at_last, silent) - log_silently_gone(at_last, silent);
}

double bg_bb_log_survival(const BgBbAlive& state, double horizon) {
  return log_beta_survival(state.leave, state.stay, horizon);
}

double bg_bb_purchases(const BgBbAlive& state, double horizon) {
  return bg_bb_discounted(state, horizon, 0);
}

double bg_bb_discounted(const BgBbAlive& state, double horizon, double discount) {
  const Contract stays{.alpha = state.leave, .beta = state.stay};
  return state.buy / (state.buy + state.pass) *
         contract_discounted_lifetime(stays, 0, horizon, discount);
}

double bg_bb_log_discounted(const BgBbAlive& state, double horizon, double discount) {
  const Contract stays{.alpha = state.leave, .beta = state.stay};
  return log(state.buy / (state.buy + state.pass)) +
         contract_log_discounted_lifetime(stays, 0, horizon, discount);
}

double bg_bb_log_probability(const BgBbAlive& state, double count, double horizon) {
  if (count > horizon) return -kInfinity;
  if (horizon == 0) return 0;
  if (count == 0) {
    const double silent = log_silent(state, horizon);
    return silent < kCloseToOne ? silent : log1m_exp(log_reached(state, 1, horizon));
  }
  const double buys = log_beta_survival(state.pass, state.buy, count);
  const double others = horizon - count;
  const double alive = buys + log_beta_survival(state.buy + count, state.pass, others) +
                       log_beta_survival(state.leave, state.stay, horizon) -
                       log_beta_survival(count, 1, others);
  if (others == 0) return alive;
  const double gone = buys - log1p(state.stay / state.leave) +
                      log_beta_survival(state.leave + 1, state.stay, count) +
                      log_sum_of_passes({.y = count,
                                         .buy = state.buy + count,
                                         .excess = state.buy,
                                         .pass = state.pass,
                                         .leave = state.leave + 1,
                                         .stay = state.stay + count,
                                         .fall = state.buy + state.leave},
                                        others - 1);
  return log_add_exp(alive, gone);
}

double bg_bb_log_at_least(const BgBbAlive& state, double count, double horizon) {
  if (count > horizon) return -kInfinity;
  if (count > kPowerFrom) {
    // Of who comes for ever: E[p^leave] count^-leave, p being her chance to buy, to the last bit.
    return bg_bb_log_at_least(state, kPowerFrom, horizon) - state.leave * log(count / kPowerFrom);
  }
  const double reached = log_reached(state, count, horizon);
  if (count > 1 || reached < kCloseToOne) return std::min(reached, 0.0);
  return log1m_exp(log_silent(state, horizon));
}

double bg_bb_next_purchase(const BgBbAlive& state, double probability) {
  const double wanted = log(probability);
  if (bg_bb_log_at_least(state, 1, kInfinity) < wanted) return kInfinity;
  return smallest_whole(
      [&](double k) { return k > 0 && bg_bb_log_at_least(state, 1, k) >= wanted; });
}

}  // namespace patron::internal::ltv
