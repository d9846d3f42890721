#include "lib/models/ltv/bg_bb_predict.h"

#include <algorithm>
#include <cmath>

#include "lib/models/ltv/beta_survival.h"
#include "lib/models/ltv/contract_predict.h"
#include "lib/models/ltv/math/elementary.h"
#include "lib/models/ltv/math/gamma.h"
#include "lib/models/ltv/smooth_sum.h"
#include "lib/models/ltv/whole_search.h"

namespace patron::internal::ltv {
namespace {

/// The terms of every sum over opportunities that this model has,
///
///   t(m) = C(y + m, y)  B(buy, pass + m) / B(buy, pass)  B(leave, stay + m) / B(leave, stay):
///
/// y purchases somewhere among y + m opportunities, m others passed by, all survived. t(0) = 1;
/// buy = y + excess, excess > 0, is what makes them fall in the end.
struct Passes {
  double y;
  double buy, excess, pass;
  double leave, stay;
  double fall;  ///< excess + leave - 1: t(m) goes like m^(-1 - fall)

  double log_term_at(double m) const {
    const double chance = log_beta_survival(buy, pass, m) + log_beta_survival(leave, stay, m);
    return y == 0 ? chance : chance - log_beta_survival(y, 1, m);
  }
  /// t(m + 1) / t(m).
  double ratio(double m) const {
    const double passed = pass + m;
    const double stayed = stay + m;
    const double chance = passed / (buy + passed) * (stayed / (leave + stayed));
    return y == 0 ? chance : chance * ((y + 1 + m) / (1 + m));
  }
  /// From here on the terms fall.
  double falling_from() const { return (y * pass - buy) / excess; }
};

/// Passes as smooth_sum reads them, with k = m + 1; divided by e^offset.
struct SmoothPasses {
  Passes passes;
  double offset;
  double shift;
  double power_from;
  double fall;

  SmoothPasses(const Passes& of, double log_scale)
      : passes(of), offset(log_scale), shift(1 + of.pass + of.stay), fall(of.fall) {
    const double large = 1 + of.buy + of.leave + of.y;
    power_from = log(1e17 * large * (large + 2 * shift));
  }

  static double frequency(double /*v*/) { return 1; }
  static double steps(double v) { return std::max(exp(v) - 1, 0.0); }
  double log_term(double v) const { return passes.log_term_at(steps(v)) - offset; }
  double slope(double v) const {
    const double m = std::min(steps(v), 1e250);
    const double falls = log_rising_first(passes.pass + m, passes.buy) +
                         log_rising_first(passes.stay + m, passes.leave) -
                         (passes.y == 0 ? 0 : log_rising_first(1 + m, passes.y));
    return -falls * (m + 1);
  }
  /// A bound of |d ln t / dm|, each part by itself.
  double steepness(double m) const {
    return passes.buy / (passes.pass + m) + passes.leave / (passes.stay + m) + passes.y / (1 + m);
  }
};

/// ln of the sum of t(m) over m = 0..last, last whole or infinite.
double log_sum_of_passes(const Passes& passes, double last) {
  constexpr double kLarge = 0x1p660;
  constexpr int kCheckEvery = 100;
  const double falling = passes.falling_from();
  double sum = 1, term = 1, log_scale = 0;
  for (double m = 0; m < last;) {
    for (int i = 0; i < kCheckEvery && m < last; i++, m += 1) {
      term *= passes.ratio(m);
      sum += term;
      if (term > kLarge) {
        term /= kLarge;
        sum /= kLarge;
        log_scale += 660 * kLn2;
      }
      if (term <= 1e-40 * sum && m >= falling) return log(sum) + log_scale;
    }
    if (m >= last || m + 1 < kSmoothFirst) continue;
    const SmoothPasses smooth(passes, log_scale);
    if (smooth.steepness(m) <= kSmoothSlope)
      return log(smooth_sum(smooth, m + 2, last + 1, sum)) + log_scale;
    if (passes.leave > 1 && m >= falling &&
        term * (passes.stay + m) <= 1e-17 * sum * (passes.leave - 1))
      break;
  }
  return log(sum) + log_scale;
}

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

double bg_bb_count_quantile(const BgBbAlive& state, double alive, double horizon,
                            double probability) {
  return smallest_whole([&](double count) {
    if (count >= horizon) return true;
    return alive * exp(bg_bb_log_at_least(state, count + 1, horizon)) <= 1 - probability;
  });
}

}  // namespace patron::internal::ltv
