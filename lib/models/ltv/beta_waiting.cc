#include "lib/models/ltv/beta_waiting.h"

#include <algorithm>
#include <cmath>

#include "lib/base/simd.h"
#include "lib/models/ltv/growing_integral.h"
#include "lib/models/ltv/math/elementary.h"
#include "lib/models/ltv/math/lanes.h"
#include "lib/models/ltv/negative_binomial.h"
#include "lib/models/ltv/outward_integral.h"
#include "lib/models/ltv/power_integral.h"
#include "lib/models/ltv/run_sums.h"

namespace patron::internal::ltv {
namespace {

/// (1 - (1 + p k)^-R) / (p k R): what is left of R k purchases, at odds t of leaving.
struct Bought {
  double R, k;

  template <typename V>
  PATRON_SIMD_INLINE V share(V t) const {
    const V grown = k * (t / (1.0 + t));
    const V result = expm1(-R * log1p(grown)) / (-R * grown);
    return select(grown * (R + 1) < 1e-17, all_lanes<V>(1), result);
  }
};

/// ln of the beta density times Bought::share, on the logit scale, from its value at t.
struct PurchaseDrop {
  PowerDrop density;
  double t, log_share;
  Bought bought;

  template <typename V>
  PATRON_SIMD_INLINE V operator()(V d) const {
    return density(d) + (log(bought.share(t * exp(d))) - log_share);
  }
};

/// The peak: a = b t + (the elasticity of share at t), of which the right side increases.
double purchase_mode(double a, double b, const Bought& bought) {
  const auto excess = [&](double t) {
    const double grown = bought.k * (t / (1 + t));
    const double left = bought.R * log1p(grown);
    // -d ln share / d ln p, from 0 to 1.
    const double elasticity =
        1 - (left < 1e-8 ? 1 - left / 2
                         : bought.R * (grown / (1 + grown)) * exp(-left) / -expm1(-left));
    return a - elasticity - b * t;
  };
  double low = log(1e-280), high = log(a / b);
  if (excess(exp(low)) < 0) return exp(low);
  // The peak is at least 1 / sqrt(1 + min(a, b)) wide.
  const double near = 0.05 / std::sqrt(1 + std::min(a, b));
  while (high - low > near) {
    const double middle = low + (high - low) / 2;
    (excess(exp(middle)) > 0 ? low : high) = middle;
  }
  return exp(low);
}

PATRON_SIMD_INLINE double integrate_purchases(const BetaWaiting& w, double h) {
  const Bought bought{w.R, h / w.A};
  const double t = purchase_mode(w.a, w.b, bought);
  const double n = w.a + w.b;
  const double share = bought.share(t);
  const PurchaseDrop drop{{{.c = w.a, .P = n, .A = 1, .end = w.b}, t}, t, log(share), bought};
  // Beyond these t and 1/t do not count.
  const double below = log(1e-17 / ((1 + n) + (w.R + 1) * bought.k) / t);
  const double above = log(1e17 * (1 + n + w.R) / t);
  const double area = outward_integral(drop, -kInfinity, std::min(below, -1.0), w.a) +
                      outward_integral(drop, kInfinity, std::max(above, 1.0), w.b);
  return w.R * bought.k * share * exp(log_beta_power(w.a, w.b, t, 1)) * area;
}

}  // namespace

double BetaWaiting::log_survival(double h) const {
  if (h == 0) return 0;
  if (h == kInfinity) return -kInfinity;
  // In the odds t of leaving: t^a (1 + t)^-(a + b - R) (1 + t (1 + h/A))^-R.
  const double k = h / A;
  const PowerIntegral stay = power_integral(
      {.c = a, .P = (a - R) + b, .A = 1, .Q = R, .B = 1 / (1 + k), .end = b}, kInfinity);
  const double left = R * log1p(k * (stay.at / (1 + stay.at)));
  return std::min(log_beta_power(a, b, stay.at, 1) - left + log(stay.area), 0.0);
}

double BetaWaiting::purchases(double h) const {
  if (h == 0) return 0;
  if (h == kInfinity) return a > 1 ? 1 + b / (a - 1) : kNaN;
  return run_with_best_simd([&]() PATRON_SIMD_LAMBDA { return integrate_purchases(*this, h); });
}

double BetaWaiting::discounted(double h, double discount) const {
  if (h == 0) return 0;
  if (discount == 0) return purchases(h);
  if (discount < 0 && h == kInfinity) return kNaN;
  // The rate of purchases at t is R/A times the survival of who had bought once more.
  const BetaWaiting later{R + 1, A, a, b};
  const auto rate = [&](double t) { return exp(later.log_survival(t)); };
  return R / A * growing_integral(-discount, A, R + 1, h, rate);
}

}  // namespace patron::internal::ltv
