#include "lib/models/ltv/beta_geometric_predict.h"

#include <array>
#include <cmath>
#include <cstddef>

#include "lib/base/simd.h"
#include "lib/models/ltv/beta_waiting.h"
#include "lib/models/ltv/customers.h"
#include "lib/models/ltv/frequency_order.h"
#include "lib/models/ltv/gamma_waiting.h"
#include "lib/models/ltv/math/elementary.h"
#include "lib/models/ltv/math/gamma.h"
#include "lib/models/ltv/math/lanes.h"
#include "lib/models/ltv/negative_binomial.h"
#include "lib/models/ltv/purchase_series.h"
#include "lib/models/ltv/run_sums.h"

namespace patron::internal::ltv {
namespace {

/// ln((b + x - 1 + asked) / a) - (r + x) ln((alpha + T) / (alpha + t)); Fader, Hardie and Lee
/// (2005), the ratio of the two terms of equation 3. Who was never asked is alive.
class Odds {
 public:
  PATRON_SIMD_INLINE Odds(double r, double alpha, double a, double b, double asked)
      : r_(r), alpha_(alpha), b_(b), asked_(asked), log_a_(log(a)) {}

  /// Customers who mostly bought as often as those before them.
  PATRON_SIMD_INLINE Pack operator()(Pack x, Pack t, Pack T) {
    if (any(x != last_x_)) {
      const Pack times = (x - 1.0) + asked_;
      last_x_ = x;
      stays_ = select(times < 0.0, all_lanes<Pack>(kInfinity), log(b_ + times) - log_a_);
      all_stay_ = all(times < 0.0);
    }
    if (all_stay_) return stays_;
    return stays_ - (r_ + x) * log1p((T - t) / (alpha_ + t));
  }

 private:
  Pack last_x_ = {-1, -1, -1, -1}, stays_{};
  double r_, alpha_, b_, asked_, log_a_;
  bool all_stay_ = false;
};

}  // namespace

void BetaGeometricModel::log_odds_alive(const CustomerSpan& customers, double* out) const {
  const double *x = customers.frequency, *t = customers.recency, *T = customers.T;
  run_with_best_simd([&]() PATRON_SIMD_LAMBDA {
    Odds odds(r_, alpha_, a_, b_, asked_);
    int64_t i = 0;
    for (; i + kPackLanes <= customers.size; i += kPackLanes)
      store(odds(load(x + i), load(t + i), load(T + i)), out + i);
    const int64_t rest = customers.size - i;
    const Pack last =
        odds(load_part(x + i, rest, 1), load_part(t + i, rest, 0), load_part(T + i, rest, 0));
    store_part(last, rest, out + i);
  });
}

void BetaGeometricModel::prepare_purchases(double horizon) {
  if (horizon == kInfinity) return;
  series_.reserve(kOrderedFrequencies - 1);
  for (int x = 0; x < kOrderedFrequencies - 1; ++x)
    series_.emplace_back(r_ + x, a_, b_ + (x + asked_), horizon / alpha_);
}

void BetaGeometricModel::log_survival(const CustomerSpan& customers, double horizon,
                                      double* out) const {
  for (int64_t i = 0; i < customers.size; ++i) {
    const double x = customers.frequency[i];
    const BetaWaiting stay{r_ + x, alpha_ + customers.T[i], a_, b_ + (x + asked_)};
    out[i] = stay.log_survival(horizon);
  }
}

void BetaGeometricModel::purchases(const CustomerSpan& customers, double horizon,
                                   double* out) const {
  const auto n = static_cast<size_t>(customers.size);
  const double* x = customers.frequency;
  if (horizon == kInfinity) {
    for (size_t i = 0; i < n; ++i) out[i] = a_ > 1 ? 1 + (b_ + (x[i] + asked_)) / (a_ - 1) : kNaN;
    return;
  }
  std::array<double, kCustomerRows> A;
  for (size_t i = 0; i < n; ++i) A[i] = alpha_ + customers.T[i];
  const auto prepared = static_cast<double>(series_.size());
  bool all_short = true;
  for (size_t i = 0, end = 0; i < n; i = end) {
    const bool together = x[i] < prepared;
    while (end < n && (together ? x[end] == x[i] : x[end] >= prepared)) ++end;
    const std::span<const double> times{A.data() + i, end - i};
    const std::span<double> values{out + i, end - i};
    all_short &= together ? series_[static_cast<size_t>(x[i])].purchases(times, horizon, values)
                          : purchases_of_each(x + i, times, horizon, values);
  }
  if (all_short) return;
  for (size_t i = 0; i < n; ++i) {
    if (!std::isnan(out[i])) continue;
    out[i] = BetaWaiting{r_ + x[i], A[i], a_, b_ + (x[i] + asked_)}.purchases_by_integral(horizon);
  }
}

bool BetaGeometricModel::purchases_of_each(const double* x, std::span<const double> A,
                                           double horizon, std::span<double> out) const {
  std::array<double, kCustomerRows> R, b;
  const size_t n = out.size();
  for (size_t i = 0; i < n; ++i) {
    R[i] = r_ + x[i];
    b[i] = b_ + (x[i] + asked_);
  }
  return purchases_by_series({R.data(), n}, A, a_, {b.data(), n}, horizon, out);
}

void BetaGeometricModel::discounted(const CustomerSpan& customers, double horizon, double discount,
                                    double* out) const {
  if (discount == 0) return purchases(customers, horizon, out);
  for (int64_t i = 0; i < customers.size; ++i) {
    const double x = customers.frequency[i];
    const double R = r_ + x, A = alpha_ + customers.T[i], b = b_ + (x + asked_);
    out[i] = BetaWaiting{R, A, a_, b}.discounted(horizon, discount);
  }
}

void BetaGeometricModel::log_discounted(const CustomerSpan& customers, double horizon,
                                        double discount, double* out) const {
  for (int64_t i = 0; i < customers.size; ++i) {
    const double x = customers.frequency[i];
    const BetaWaiting stay{r_ + x, alpha_ + customers.T[i], a_, b_ + (x + asked_)};
    out[i] = stay.log_discounted(horizon, discount);
  }
}

/// Either she stayed after all `count` purchases and did not buy again, or she left after the last.
void BetaGeometricModel::log_probability(const CustomerSpan& customers, double count,
                                         double horizon, double* out) const {
  for (int64_t i = 0; i < customers.size; ++i) {
    const double x = customers.frequency[i], b = b_ + (x + asked_);
    const NegativeBinomial bought{r_ + x, alpha_ + customers.T[i]};
    const double none_more = bought.log_probability(count, horizon);
    if (count == 0) {
      out[i] = none_more;
      continue;
    }
    const double stayed = log_beta_ratio(b, a_, count, 0);
    const double left = log(a_ / (b + (count - 1))) + bought.log_at_least(count, horizon);
    out[i] = stayed + log_add_exp(none_more, left);
  }
}

/// She would buy so often, and stays after each purchase before the last.
double BetaGeometricModel::log_at_least(const LtvCustomer& customer, double count,
                                        double horizon) const {
  const double x = customer.frequency;
  const NegativeBinomial bought{r_ + x, alpha_ + customer.T};
  const double stays = log_beta_ratio(b_ + (x + asked_), a_, count - 1, 0);
  return stays + bought.log_at_least(count, horizon);
}

double BetaGeometricModel::next_purchase(const LtvCustomer& customer, double probability) const {
  return gamma_waiting_quantile(r_ + customer.frequency, alpha_ + customer.T, probability);
}

double BetaGeometricModel::next_purchase_slope(const LtvCustomer& customer, double t) const {
  return gamma_waiting_slope(r_ + customer.frequency, alpha_ + customer.T, t);
}

/// E[1 / p] exists for a > 1.
double BetaGeometricModel::room() const {
  const double room = log(a_);
  return room > 0 ? room : kInfinity;
}

}  // namespace patron::internal::ltv
