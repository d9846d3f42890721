#include "lib/models/ltv/contract_predict.h"

#include <algorithm>
#include <cmath>

#include "lib/models/ltv/beta_survival.h"
#include "lib/models/ltv/duration.h"
#include "lib/models/ltv/math/elementary.h"
#include "lib/models/ltv/math/gamma.h"
#include "lib/models/ltv/smooth_sum.h"
#include "lib/models/ltv/whole_search.h"

namespace patron::internal::ltv {
namespace {

/// ln of S(T + k) / S(T), k = e^v.
class Survival {
 public:
  Survival(const Contract& contract, double T)
      : contract_(contract), T_(T), duration_(contract.c, T) {}

  double log_at(double k, double v) const {
    if (contract_.c == 1) return log_beta_survival(contract_.alpha, contract_.beta + T_, k);
    const Duration::Span span = duration_.span(duration_.growth(v));
    return log_beta_survival(contract_.alpha, contract_.beta + duration_.start(), span.length) -
           contract_.alpha * span.excess;
  }

  /// d / dv: -k times the hazard at T + k, where t moves continuously.
  double slope(double v) const {
    const double share = T_ == 0 ? 1 : 1 / (1 + T_ * exp(-v));  // k / (T + k)
    const double end = contract_.c == 1
                           ? T_ + exp(v)
                           : duration_.start() + duration_.span(duration_.growth(v)).length;
    // psi(b + alpha) - psi(b) is alpha / b to the last bit where b is as large as that.
    const double b = std::min(contract_.beta + end, 1e250);
    return -log_rising_first(b, contract_.alpha) * std::min(end, 1e250) * contract_.c * share;
  }

 private:
  Contract contract_;
  double T_;
  Duration duration_;
};

/// e^(-discount k) S(T + k) / S(T) as smooth_sum reads it; divided by e^offset.
struct DiscountedTerms {
  Survival survival;
  double discount;
  double c;
  double shift;
  double log_power;  // of u = t^c: from here on S is a power of it to the last bit
  double falls_from;
  double power_from;
  double fall;
  double offset = 0;

  DiscountedTerms(const Contract& contract, double T, double per_period)
      : survival(contract, T),
        discount(per_period),
        c(contract.c),
        shift(std::max(1.0, T + (contract.c == 1 ? contract.beta : 0))),
        falls_from(discount < 0 ? kInfinity : 0),
        fall(contract.c * contract.alpha - 1) {
    // Then the next term of the expansion in 1 / u, and in T / t, is below the last bit.
    constexpr double kBits = 1e17;
    log_power = log(kBits * (1 + contract.alpha) * (1 + contract.alpha + 2 * contract.beta));
    power_from =
        discount != 0 ? kInfinity : std::max(log_power / c, log(kBits * (2 + fall) * (1 + T)));
  }

  double frequency(double v) const { return c * v < log_power ? c : 1; }
  double log_term(double v) const {
    const double k = exp(v);
    return survival.log_at(k, v) - (discount == 0 ? 0 : discount * k) - offset;
  }
  double slope(double v) const {
    return survival.slope(v) - (discount == 0 ? 0 : discount * exp(v));
  }
};

/// S(T + k) / S(T) for k = 1, 2, ...
class Renewals {
 public:
  Renewals(const Contract& contract, double T)
      : contract_(contract), survival_(contract, T), b_(contract.beta + T) {}
  double next() {
    if (contract_.c == 1) {
      value_ *= b_ / (contract_.alpha + b_);
      b_ += 1;
    } else {
      k_ += 1;
      value_ = exp(survival_.log_at(k_, log(k_)));
    }
    return value_;
  }

 private:
  Contract contract_;
  Survival survival_;
  double b_;
  double value_ = 1;
  double k_ = 0;
};

/// Of a discount of at least 0.
double discounted_sum(const Contract& contract, double T, double horizon, double discount) {
  constexpr int kCheckEvery = 100;
  const double left = discount > 0 ? -expm1(-discount) : 0;  // the tail is below term / left
  const DiscountedTerms terms(contract, T, discount);
  Renewals renewals(contract, T);
  double sum = 0;
  for (double k = 1; k <= horizon;) {
    for (int i = 0; i < kCheckEvery && k <= horizon; i++, k += 1) {
      const double term = renewals.next() * exp(-discount * k);
      sum += term;
      if (term <= 1e-17 * left * sum || term <= 1e-40 * sum) return sum;
    }
    if (k < kSmoothFirst || k > horizon) continue;
    if (std::fabs(terms.slope(log(k))) <= kSmoothSlope * k)
      return smooth_sum(terms, k, horizon, sum);
  }
  return sum;
}

/// Where terms that are nothing at v, but not at `end`, first cease to rise: at a peak before the
/// fall that only a Weibull's c > 1 makes, or at the end.
double first_peak(const DiscountedTerms& terms, double v, double end) {
  constexpr int kSteps = 200;
  if (terms.c <= 1 || terms.slope(v) < 0) return end;
  double peak = v;
  for (int i = 1; i <= kSteps; ++i) {
    const double at = v + (end - v) * i / kSteps;
    if (terms.slope(at) < 0) return peak + terms.log_term(peak) > -60 ? peak : end;
    peak = at;
  }
  return end;
}

/// ln of the sum for a discount below 0 and a finite horizon. Terms that fall rise again in the
/// end, so that what is between two of them is below the larger one: they are added from both ends.
/// (Those of a Weibull's c > 1 may rise at first.)
double log_growing_sum(const Contract& contract, double T, double horizon, double discount) {
  constexpr int kCheckEvery = 100;
  DiscountedTerms terms(contract, T, discount);
  const double first = terms.log_term(0), last = terms.log_term(log(horizon));
  terms.offset = std::max(first, last);
  const auto slope = [&](double k) { return terms.slope(log(k)) / k; };
  const auto negligible = [&](double term) { return term * horizon < 1e-20; };
  double sum = 0, term = exp(first - terms.offset), k = 1;
  while (k <= horizon) {
    const double now = slope(k);
    if (k >= kSmoothFirst && std::fabs(now) <= kSmoothSlope) break;
    if (now < 0 ? negligible(term) : now > kSmoothSlope && contract.c <= 1) break;
    if (now > 0 && negligible(term)) {
      const double peak = first_peak(terms, log(k), log(horizon));
      if (peak >= log(horizon)) break;
      k = std::max(k, std::floor(exp(smooth::rises_from(terms, log(k), peak, 0))));
    }
    for (int i = 0; i < kCheckEvery && k <= horizon; i++, k += 1) {
      term = exp(terms.log_term(log(k)));
      sum += term;
    }
    if (std::isinf(sum)) return kInfinity;
  }
  double end = horizon;
  term = 1;
  while (end >= k && (end < kSmoothFirst || slope(end) > kSmoothSlope)) {
    for (int i = 0; i < kCheckEvery && end >= k; i++, end -= 1) {
      term = exp(terms.log_term(log(end)));
      sum += term;
    }
    if (negligible(term)) return log(sum) + terms.offset;
  }
  if (end < k) return log(sum) + terms.offset;
  if (negligible(exp(terms.log_term(log(k))))) {
    const double peak = first_peak(terms, log(k), log(end));
    k = std::max(k, std::floor(exp(smooth::rises_from(terms, log(k), peak, 0))));
  }
  return log(smooth_sum(terms, k, end, sum)) + terms.offset;
}

}  // namespace

double contract_log_survival(const Contract& contract, double T, double horizon) {
  if (horizon == 0) return 0;
  return Survival(contract, T).log_at(horizon, log(horizon));
}

double contract_lifetime(const Contract& contract, double T, double horizon) {
  return contract_discounted_lifetime(contract, T, horizon, 0);
}

double contract_discounted_lifetime(const Contract& contract, double T, double horizon,
                                    double discount) {
  if (discount < 0) return exp(contract_log_discounted_lifetime(contract, T, horizon, discount));
  if (std::isinf(horizon) && discount == 0 && !(contract.c * contract.alpha > 1)) return kNaN;
  if (contract.c == 1 && discount == 0)
    return beta_expected_survivals(contract.alpha, contract.beta + T, horizon);
  return discounted_sum(contract, T, horizon, discount);
}

double contract_log_discounted_lifetime(const Contract& contract, double T, double horizon,
                                        double discount) {
  if (horizon == 0) return -kInfinity;
  return std::isinf(horizon) ? kNaN : log_growing_sum(contract, T, horizon, discount);
}

double contract_lifetime_quantile(const Contract& contract, double T, double horizon,
                                  double probability) {
  const Survival survival(contract, T);
  return smallest_whole([&](double k) {
    if (k >= horizon) return true;
    return -expm1(survival.log_at(k + 1, log(k + 1))) >= probability;
  });
}

}  // namespace patron::internal::ltv
