#include "lib/models/ltv/pareto_predict.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <tuple>

#include "lib/base/simd.h"
#include "lib/models/ltv/gamma_waiting.h"
#include "lib/models/ltv/gauss_legendre.h"
#include "lib/models/ltv/growing_integral.h"
#include "lib/models/ltv/math/elementary.h"
#include "lib/models/ltv/math/lanes.h"
#include "lib/models/ltv/monotone_root.h"
#include "lib/models/ltv/negative_binomial.h"
#include "lib/models/ltv/pareto_moments.h"
#include "lib/models/ltv/power_integral.h"
#include "lib/models/ltv/run_sums.h"

namespace patron::internal::ltv {
namespace {

double log_value(const PowerIntegrand& f, const PowerIntegral& integral) {
  return log_power(f, integral.at) + log(integral.area);
}

/// The integral over u of e^-L / (beta + t + u), where L = near_power ln(1 + u/near) + far_power
/// ln(1 + u/far), up to the u with ln(1 + u/near) = width. `near` is alpha + t or beta + t.
template <typename Rule>
PATRON_SIMD_INLINE double left_by_rule(const Rule& rule, double width, double near,
                                       double near_power, double far, double far_power,
                                       bool near_is_alpha) {
  constexpr auto kNodes = static_cast<int64_t>(std::tuple_size_v<decltype(rule.node)>);
  Pack sum{};
  for (int64_t k = 0; k < kNodes; k += kPackLanes) {
    const int64_t lanes = std::min<int64_t>(kPackLanes, kNodes - k);
    const Pack y = width * load_part(rule.node.data() + k, lanes, 0);
    const Pack grown = near * expm1(y), other = log1p(grown / far);
    const Pack length = width * (near + grown) * load_part(rule.weight.data() + k, lanes, 0);
    const Pack from_beta = near_is_alpha ? far + grown : near + grown;
    sum += length * exp(-(near_power * y + far_power * other)) / from_beta;
  }
  return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

/// The integral of (1 + t/B)^-s over (0, h), NaN where it is infinite.
double mean_stay(double s, double B, double h) {
  if (h == kInfinity) return s > 1 ? B / (s - 1) : kNaN;
  const double grown = log1p(h / B);
  const double power = (1 - s) * grown;
  // At s = 1, and where all of it is near 1, (e^power - 1) / (1 - s) is ln(1 + h/B).
  return std::abs(power) < 1e-300 ? B * grown : B * grown * (expm1(power) / power);
}

}  // namespace

/// Over the time of leaving, e^y (min(alpha, beta) + t) being where it is measured from the nearer
/// singularity: one rule where the integrand is tame (pareto_moments.h has its bounds), a peak with
/// two sides elsewhere.
double ParetoModel::log_odds(double x, double t, double T) const {
  if (t == T) return kInfinity;
  const double R = r_ + x, A = alpha_ + t, B = beta_ + t;
  const double by_A = log1p((T - t) / A), by_B = log1p((T - t) / B);
  const double stayed = R * by_A + s_ * by_B;
  const double width = A <= B ? by_A : by_B;
  if (width > kWidestRange || stayed > kLargestGrowth) {
    const PowerIntegrand left{
        .c = 1, .P = R, .A = A, .Q = s_ + 1, .B = B, .past = R - 1, .end = R + s_};
    return -stayed - log(s_ / B) - log_value(left, power_integral(left, T - t));
  }
  const double sum = run_with_best_simd([&]() PATRON_SIMD_LAMBDA {
    double result = 0;
    with_gauss_rule(nodes_for(width, stayed), [&](const auto& rule) PATRON_SIMD_LAMBDA {
      result = A <= B ? left_by_rule(rule, width, A, R, B, s_, true)
                      : left_by_rule(rule, width, B, s_, A, R, false);
    });
    return result;
  });
  return -stayed - log(s_ * sum);
}

void ParetoModel::log_odds_alive(const CustomerSpan& customers, double* out) const {
  for (int64_t i = 0; i < customers.size; ++i)
    out[i] = log_odds(customers.frequency[i], customers.recency[i], customers.T[i]);
}

void ParetoModel::log_survival(const CustomerSpan& customers, double horizon, double* out) const {
  for (int64_t i = 0; i < customers.size; ++i)
    out[i] = -s_ * log1p(horizon / (beta_ + customers.T[i]));
}

void ParetoModel::purchases(const CustomerSpan& customers, double horizon, double* out) const {
  for (int64_t i = 0; i < customers.size; ++i) {
    const double T = customers.T[i];
    out[i] = (r_ + customers.frequency[i]) / (alpha_ + T) * mean_stay(s_, beta_ + T, horizon);
  }
}

void ParetoModel::discounted(const CustomerSpan& customers, double horizon, double discount,
                             double* out) const {
  if (discount == 0) return purchases(customers, horizon, out);
  for (int64_t i = 0; i < customers.size; ++i) {
    const double T = customers.T[i];
    const double rate = (r_ + customers.frequency[i]) / (alpha_ + T);
    const PowerIntegrand stay{.c = 1, .Q = s_, .B = beta_ + T, .D = discount};
    if (horizon == 0) {
      out[i] = 0;
    } else {
      const PowerIntegral integral = power_integral(stay, horizon);
      out[i] = rate * exp(log_value(stay, integral));
    }
  }
}

void ParetoModel::log_discounted(const CustomerSpan& customers, double horizon, double discount,
                                 double* out) const {
  for (int64_t i = 0; i < customers.size; ++i) {
    const double T = customers.T[i], B = beta_ + T;
    const auto log_stays = [&](double t) { return -s_ * log1p(t / B); };
    const auto fall = [&](double t) { return s_ / (B + t); };
    out[i] = log((r_ + customers.frequency[i]) / (alpha_ + T));
    if (horizon == 0 || horizon == kInfinity)
      out[i] = horizon == 0 ? -kInfinity : kNaN;
    else
      out[i] += log_growing_integral(-discount, B, horizon, log_stays, fall);
  }
}

/// ln of the chance that she leaves within the horizon, after exactly `count` purchases: over the
/// time t of leaving P(N(t) = count) s / (B + t) (1 + t/B)^-s dt.
double ParetoModel::log_left_after(const LtvCustomer& customer, double count,
                                   double horizon) const {
  const double R = r_ + customer.frequency, A = alpha_ + customer.T, B = beta_ + customer.T;
  const PowerIntegrand left{
      .c = count + 1, .P = R + count, .A = A, .Q = s_ + 1, .B = B, .past = R - 1, .end = R + s_};
  const PowerIntegral integral = power_integral(left, horizon);
  const double bought = NegativeBinomial{R, A}.log_probability(count, integral.at);
  return bought + log(s_ * (integral.at / B)) - (s_ + 1) * log1p(integral.at / B) +
         log(integral.area);
}

void ParetoModel::log_probability(const CustomerSpan& customers, double count, double horizon,
                                  double* out) const {
  for (int64_t i = 0; i < customers.size; ++i) {
    const LtvCustomer customer{customers.frequency[i], 0, customers.T[i], 0};
    const NegativeBinomial bought{r_ + customer.frequency, alpha_ + customer.T};
    const double stayed =
        bought.log_probability(count, horizon) - s_ * log1p(horizon / (beta_ + customer.T));
    out[i] = horizon == 0 ? stayed : log_add_exp(stayed, log_left_after(customer, count, horizon));
  }
}

/// Over the time t of the count-th purchase: the chance that she is still there.
double ParetoModel::log_at_least(const LtvCustomer& customer, double count, double horizon) const {
  if (horizon == 0) return -kInfinity;
  const double R = r_ + customer.frequency, A = alpha_ + customer.T, B = beta_ + customer.T;
  const PowerIntegrand bought{
      .c = count, .P = R + count, .A = A, .Q = s_, .B = B, .past = R, .end = R + s_};
  const PowerIntegral integral = power_integral(bought, horizon);
  const double before = NegativeBinomial{R, A}.log_probability(count - 1, integral.at);
  const double rate = (R + count - 1) * (integral.at / (A + integral.at));
  return before + log(rate) - s_ * log1p(integral.at / B) + log(integral.area);
}

double ParetoModel::next_purchase(const LtvCustomer& customer, double probability) const {
  const double wanted = log(probability);
  if (log_at_least(customer, 1, kInfinity) <= wanted) return kInfinity;
  // Would she never leave, the time would be `soonest`; d is ln of how much longer it is.
  const double soonest =
      gamma_waiting_quantile(r_ + customer.frequency, alpha_ + customer.T, probability);
  const auto excess = [&](double d) {
    return log_at_least(customer, 1, soonest * exp(d)) - wanted;
  };
  double low = 0, high = 1;
  while (excess(high) < 0) {
    if (soonest * exp(high) == kInfinity) return kInfinity;
    low = high;
    high *= 2;
  }
  return soonest * exp(monotone_root(excess, low, high));
}

double ParetoModel::next_purchase_slope(const LtvCustomer& customer, double t) const {
  const double R = r_ + customer.frequency, A = alpha_ + customer.T, B = beta_ + customer.T;
  const PowerIntegrand bought{
      .c = 1, .P = R + 1, .A = A, .Q = s_, .B = B, .past = R, .end = R + s_};
  const PowerIntegral integral = power_integral(bought, t);
  return exp(log_power(bought, t) - log_value(bought, integral));
}

double ParetoModel::room() const {
  const double room = log(s_);
  return room > 0 ? room : kInfinity;
}

}  // namespace patron::internal::ltv
