#include "lib/models/ltv/beta_waiting.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "lib/base/simd.h"
#include "lib/models/ltv/gauss_legendre.h"
#include "lib/models/ltv/growing_integral.h"
#include "lib/models/ltv/math/deviance.h"
#include "lib/models/ltv/math/elementary.h"
#include "lib/models/ltv/math/exponential_integral.h"
#include "lib/models/ltv/math/lanes.h"
#include "lib/models/ltv/outward_integral.h"
#include "lib/models/ltv/power_integral.h"
#include "lib/models/ltv/purchase_series.h"
#include "lib/models/ltv/run_sums.h"

namespace patron::internal::ltv {
namespace {

// Functions f of p whose expectations are wanted, positive and falling: log_value() is ln f, and
// elasticity(), of which near enough is good enough, -d ln f / d ln p. From flat() down f is f(0)
// to the last bit.

/// (1 + p k)^-R: she is still there.
struct Stays {
  double R, k;

  template <typename V>
  PATRON_SIMD_INLINE V log_value(V p) const {
    return -R * log1p(k * p);
  }
  double elasticity(double p) const { return R * (k * p / (1 + k * p)); }
  double flat() const { return 1e-17 / (R * k); }
};

/// (1 - (1 + p k)^-R) / (p k R): what is left of R k purchases.
struct Buys {
  double R, k;

  template <typename V>
  PATRON_SIMD_INLINE V log_value(V p) const {
    const V grown = k * p;
    const V share = expm1(-R * log1p(grown)) / (-R * grown);
    return log(select(grown * (R + 1) < 1e-17, all_lanes<V>(1), share));
  }
  double elasticity(double p) const {
    const double grown = k * p, left = R * log1p(grown);
    if (left < 1e-8) return left / 2;
    return 1 - R * (grown / (1 + grown)) * exp(-left) / -expm1(-left);
  }
  double flat() const { return 1e-17 / ((R + 1) * k); }
};

/// The integral over 0 .. h of e^(-discount t) (1 + p t / A)^-(R + 1), times the discount.
class Discounted {
 public:
  Discounted(double R, double A, double h, double discount)
      : R_(R), A_(A), h_(h), discount_(discount), integral_(R) {}

  template <typename V>
  PATRON_SIMD_INLINE V log_value(V p) const {
    const V s = (discount_ * A_) / p;
    V value = integral_(s);
    if (h_ < kInfinity) {
      const double later = discount_ * h_;
      value = value - exp(-later - R_ * log1p(p * (h_ / A_))) * integral_(s + later);
    }
    return log(s * value);
  }
  double elasticity(double p) const {
    const double left = (R_ + 1) * p;
    return left / (left + A_ * (discount_ + 1 / h_));
  }
  double flat() const { return 1e-17 * discount_ * A_ / (R_ + 2); }

 private:
  double R_, A_, h_, discount_;
  ScaledExponentialIntegral integral_;
};

/// The peak on the logit scale, as odds t: a = b t + elasticity, of which the right side increases.
template <typename F>
double mode_of(const F& f, double a, double b) {
  const auto excess = [&](double t) { return a - f.elasticity(t / (1 + t)) - b * t; };
  double low = log(1e-280), high = log(a / b);
  if (excess(exp(low)) < 0) return exp(low);
  // There the right side grows by at most itself, a, in a unit of ln t: the peak is at least
  // 1 / sqrt(a) wide.
  const double near = 0.05 / std::sqrt(1 + a);
  while (high - low > near) {
    const double middle = low + (high - low) / 2;
    (excess(exp(middle)) > 0 ? low : high) = middle;
  }
  return exp(low);
}

/// On the logit scale, in the odds of the rarer of p and 1 - p: t e^d, which leaves digits to both.
template <typename F>
struct LogitDrop {
  const F& f;
  PowerDrop density;
  double t;
  bool turned;  ///< t is the odds of 1 - p
  double log_value;

  template <typename V>
  PATRON_SIMD_INLINE V p_at(V odds) const {
    return turned ? 1.0 / (1.0 + odds) : odds / (1.0 + odds);
  }
  template <typename V>
  PATRON_SIMD_INLINE V operator()(V d) const {
    return density(d) + (f.log_value(p_at(t * exp(d))) - log_value);
  }
};

/// ln E[f(p)], p ~ Beta(a, b).
template <typename F>
PATRON_SIMD_INLINE double log_mean_over_beta(const F& f, double a, double b) {
  const bool turned = a > b;
  const double n = a + b, left = turned ? b : a, right = turned ? a : b;
  const double mode = mode_of(f, a, b), t = turned ? 1 / mode : mode;
  const double log_value = f.log_value(mode / (1 + mode));
  const LogitDrop<F> drop{
      f, {{.c = left, .P = n, .A = 1, .past = right, .end = right}, t}, t, turned, log_value};
  // Beyond these t and 1/t do not count.
  const double nothing = 1e-17 / (1 + n), flat = std::min(nothing, f.flat());
  const double below = log((turned ? nothing : flat) / t),
               above = -log((turned ? flat : nothing) * t);
  const double area = outward_integral(drop, -kInfinity, std::min(below, -1.0), left) +
                      outward_integral(drop, kInfinity, std::max(above, 1.0), right);
  return log_beta_kernel(left, right, t, 1) + log_value + log(area);
}

/// The same, for whichever processor.
template <typename F>
double log_mean(const F& f, double a, double b) {
  return run_with_best_simd([&]() PATRON_SIMD_LAMBDA { return log_mean_over_beta(f, a, b); });
}

/// By parts: what she buys, counted as if at h, and what sooner is worth, which is less.
double discounted_by_parts(const BetaWaiting& w, double h, double discount) {
  constexpr size_t kNodes = std::tuple_size_v<decltype(kGauss20.node)>;
  constexpr double kFirst = 5, kGrowth = 2, kWidest = 3, kMostDiscount = 5;
  const PurchaseSeries series(w.R, w.a, w.b, h / w.A);
  const double range = log1p(h / w.A);
  double sooner = 0, begin = 0;
  // In ln(1 + t / A), in which those who leave at once have bought by 1 / R, and others later.
  while (begin < range) {
    double width = begin == 0 ? kFirst / (w.R + 1) : kGrowth * begin;
    const double cheaper = log1p(kMostDiscount / (discount * w.A) * exp(-begin));
    width = std::min({width, kWidest, cheaper, range - begin});
    std::array<double, kNodes> time, A, bought;
    for (size_t k = 0; k < kNodes; ++k) {
      const double grown = expm1(begin + width * kGauss20.node[k]);
      time[k] = w.A * grown;
      A[k] = 1 / grown;
    }
    const bool all_short = series.purchases(A, 1, bought);
    for (size_t k = 0; k < kNodes; ++k) {
      if (!all_short && std::isnan(bought[k])) bought[k] = w.purchases(time[k]);
      sooner += width * kGauss20.weight[k] * (w.A + time[k]) * exp(-discount * time[k]) * bought[k];
    }
    begin += width;
  }
  return exp(-discount * h) * w.purchases(h) + discount * sooner;
}

}  // namespace

double BetaWaiting::log_survival(double h) const {
  if (h == 0) return 0;
  if (h == kInfinity) return -kInfinity;
  return std::min(log_mean(Stays{R, h / A}, a, b), 0.0);
}

double BetaWaiting::purchases(double h) const {
  if (h == 0) return 0;
  if (h == kInfinity) return a > 1 ? 1 + b / (a - 1) : kNaN;
  const double by_series = purchases_by_series(R, A, a, b, h);
  return std::isnan(by_series) ? purchases_by_integral(h) : by_series;
}

double BetaWaiting::purchases_by_integral(double h) const {
  const double k = h / A;
  return R * k * exp(log_mean(Buys{R, k}, a, b));
}

double BetaWaiting::discounted(double h, double discount) const {
  // The integral over p is a difference of all times and those after h, which is at most 2 / 3
  // where h is heavily discounted. Parts are quicker where the series of purchases are short.
  constexpr double kLightly = 0.5, kHeavily = 12, kLongest = 20;
  if (h == 0) return 0;
  if (discount == 0) return purchases(h);
  if (discount > 0) {
    const double fall = discount * h;
    const bool by_parts = fall < kLightly || (fall < kHeavily && h < kLongest * A);
    return by_parts ? discounted_by_parts(*this, h, discount)
                    : R / A / discount * exp(log_mean(Discounted(R, A, h, discount), a, b));
  }
  return exp(log_discounted(h, discount));
}

double BetaWaiting::log_discounted(double h, double discount) const {
  if (h == 0) return -kInfinity;
  if (h == kInfinity) return kNaN;
  // The rate of purchases at t is R/A times the survival of who had bought once more, and falls
  // with that of who had bought twice more and left once.
  const BetaWaiting later{R + 1, A, a, b}, latest{R + 2, A, a + 1, b};
  const double first = (R + 1) / A * (a / (a + b));
  const auto log_rate = [&](double t) { return later.log_survival(t); };
  const auto fall = [&](double t) {
    return first * exp(latest.log_survival(t) - later.log_survival(t));
  };
  return log(R / A) + log_growing_integral(-discount, A, h, log_rate, fall);
}

}  // namespace patron::internal::ltv
