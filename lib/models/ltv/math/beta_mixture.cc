#include "lib/models/ltv/math/beta_mixture.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "lib/models/ltv/math/deviance.h"
#include "lib/models/ltv/math/elementary.h"
#include "lib/models/ltv/math/gamma.h"
#include "lib/models/ltv/math/integral.h"

namespace patron::internal::ltv {
namespace {

// Beyond about this many terms the integral is cheaper.
constexpr double kLongSeries = 1500;
constexpr int kMostTerms = 4096;

/// How many terms the sums over n of a negative binomial (R, h / (A + h)) need, from its mean,
/// deviation and geometric tail.
template <typename V>
PATRON_SIMD_INLINE V terms_needed(V R, V odds) {
  const V mean = R * odds;
  return mean + 10.0 * sqrt_of(mean * (1.0 + odds)) + 45.0 * (1.0 + odds);
}

enum class Sum { kPurchases, kRate };

template <typename V>
struct Mean {
  V value;
  V unfinished;  ///< not 0 where the series has not converged
};

/// E[W(N)] (kPurchases) or E[(b)_N / (a + b)_N] (kRate) over a negative binomial N (R, z), c = a +
/// b. Every lane stops by itself, after a multiple of kCheck terms.
template <Sum kSum, typename V>
PATRON_SIMD_INLINE Mean<V> mean_over_counts(V R, V z, V b, V c) {
  constexpr int kCheck = 4;
  constexpr double kTolerance = 1e-17;
  const V zero = all_lanes<V>(0), one = all_lanes<V>(1);
  // From far below 1, so that the largest term of any series of kLongSeries terms is in range.
  V probability = all_lanes<V>(0x1p-900), all = probability;
  V there = one;  // (b)_n / (c)_n
  V weight = kSum == Sum::kPurchases ? zero : one;
  V sum = probability * weight;
  V active = one;
  for (int n = 0; n < kMostTerms; n += kCheck) {
    V ratio = zero, term = zero;
    for (int i = n; i < n + kCheck; i++) {
      const double m = i, next = i + 1;
      const V inverse = 1.0 / (next * (c + m));
      ratio = z * (R + m) * ((c + m) * inverse);
      probability = probability * ratio;
      const V went = there;
      there = there * ((b + m) * (next * inverse));
      weight = kSum == Sum::kPurchases ? weight + went : there;
      term = probability * weight;
      sum = sum + active * term;
      all = all + active * probability;
    }
    // Ratios of probabilities stay below `bound`, those of terms a little more.
    const V bound = larger(ratio, z);
    const V growth = kSum == Sum::kPurchases ? bound * (1.0 + there / weight) : bound;
    const auto done = (term * growth < (1.0 - growth) * kTolerance * sum) &
                      (probability * bound < (1.0 - bound) * kTolerance * all);
    active = select(done, zero, active);
    if (!any(active != 0.0)) break;
  }
  return {sum / all, active};
}

/// purchases() by the series; 0 in `value` and not 0 in `unfinished` where it would be long.
template <typename V>
PATRON_SIMD_INLINE Mean<V> purchases_by_series(V R, V A, double a, V b, V h) {
  const V odds = h / A;
  const auto is_short = terms_needed(R, odds) < kLongSeries;
  const V z = h / (A + h);
  // Lanes whose series would be long take a short one, and are thrown away.
  Mean<V> mean = mean_over_counts<Sum::kPurchases>(select(is_short, R, all_lanes<V>(1)),
                                                   select(is_short, z, all_lanes<V>(0)), b, a + b);
  mean.unfinished = select(is_short, mean.unfinished, all_lanes<V>(1));
  return mean;
}

template <typename V>
PATRON_SIMD_INLINE Mean<V> rate_by_series(V R, V A, double a, V b, V tau) {
  const V odds = tau / A;
  const auto is_short = terms_needed(R + 1.0, odds) < kLongSeries;
  const V z = tau / (A + tau);
  Mean<V> mean = mean_over_counts<Sum::kRate>(select(is_short, R + 1.0, all_lanes<V>(1)),
                                              select(is_short, z, all_lanes<V>(0)), b, a + b);
  mean.value = mean.value * (R / A);
  mean.unfinished = select(is_short, mean.unfinished, all_lanes<V>(1));
  return mean;
}

bool in_domain(double R, double A, double a, double b, double h) {
  return R > 0 && A > 0 && a > 0 && b > 0 && h >= 0;
}

/// p in [0, 1] on the line of u = logit p.
struct Logit {
  double p, q, log_p, log_q;
  explicit Logit(double u) {
    const double e = exp(-std::fabs(u)), log_far = -log1p(e), log_near = log_far - std::fabs(u);
    const double near = e / (1 + e), far = 1 / (1 + e);
    p = u < 0 ? near : far;
    q = u < 0 ? far : near;
    log_p = u < 0 ? log_near : log_far;
    log_q = u < 0 ? log_far : log_near;
  }
};

/// ln E_p[exp(f(p))], p ~ Beta(a, b).
template <typename F>
double log_mean_over_beta(double a, double b, const F& f) {
  const bool large = a >= 10 && b >= 10;
  const double constant = large ? 0.0 : log_beta(a, b);
  const auto integrand = [&](double u) {
    const Logit at(u);
    const double kernel =
        large ? log_beta_kernel(a, b, at.p, at.q) : a * at.log_p + b * at.log_q - constant;
    return kernel + f(at);
  };
  return log_integral_of_line(integrand, log((1 + a) / (1 + b))).log_value;
}

/// ln(log1p(x) / x) and ln((1 - e^-x) / x), x >= 0, without 0 / 0.
double log_log1p_share(double x) { return x < 1e-17 ? 0.0 : log(log1p(x) / x); }
double log_expm1_share(double x) { return x < 1e-17 ? 0.0 : log(-expm1(-x) / x); }

/// ln of the rate at tau by the quicker way that is right.
double log_rate(double R, double A, double a, double b, double tau) {
  const Mean<double> mean = rate_by_series(R, A, a, b, tau);
  if (mean.unfinished == 0 && mean.value > 1e-290) return log(mean.value);
  return log_purchase_rate_by_integral(R, A, a, b, tau);
}

}  // namespace

double log_purchases_by_integral(double R, double A, double a, double b, double h) {
  if (!in_domain(R, A, a, b, h)) return kNaN;
  if (h == 0) return -kInfinity;
  const double odds = h / A;
  return log(R * odds) + log_mean_over_beta(a, b, [&](const Logit& at) {
           const double x = at.p * odds;
           return log_log1p_share(x) + log_expm1_share(R * log1p(x));
         });
}

double log_purchase_rate_by_integral(double R, double A, double a, double b, double tau) {
  if (!in_domain(R, A, a, b, tau)) return kNaN;
  const double odds = tau / A;
  return log(R / A) +
         log_mean_over_beta(a, b, [&](const Logit& at) { return -(R + 1) * log1p(at.p * odds); });
}

double purchases(double R, double A, double a, double b, double h) {
  if (!in_domain(R, A, a, b, h)) return kNaN;
  const Mean<double> mean = purchases_by_series(R, A, a, b, h);
  return mean.unfinished == 0 ? mean.value : exp(log_purchases_by_integral(R, A, a, b, h));
}

void purchases(std::span<const double> R, std::span<const double> A, double a,
               std::span<const double> b, double h, std::span<double> out) {
  const auto n = static_cast<int64_t>(out.size());
  const auto body = [&]() __attribute__((always_inline)) {
    for (int64_t i = 0; i < n; i += kPackLanes) {
      const int64_t lanes = std::min<int64_t>(kPackLanes, n - i);
      const Mean<Pack> mean = purchases_by_series<Pack>(
          load_part(R.data() + i, lanes, 1), load_part(A.data() + i, lanes, 1), a,
          load_part(b.data() + i, lanes, 1), all_lanes<Pack>(h));
      for (int64_t lane = 0; lane < lanes; lane++) {
        const size_t row = static_cast<size_t>(i + lane);
        if (!in_domain(R[row], A[row], a, b[row], h)) {
          out[row] = kNaN;
        } else if (mean.unfinished[lane] == 0) {
          out[row] = mean.value[lane];
        } else {
          out[row] = exp(log_purchases_by_integral(R[row], A[row], a, b[row], h));
        }
      }
    }
  };
  run_with_best_simd(body);
}

double purchase_rate(double R, double A, double a, double b, double tau) {
  if (!in_domain(R, A, a, b, tau)) return kNaN;
  const Mean<double> mean = rate_by_series(R, A, a, b, tau);
  return mean.unfinished == 0 ? mean.value : exp(log_purchase_rate_by_integral(R, A, a, b, tau));
}

double discounted_purchases(double R, double A, double a, double b, double delta, double h) {
  if (!in_domain(R, A, a, b, h) || !(delta >= 0)) return kNaN;
  if (h == 0) return 0;
  if (delta == 0 && h < kInfinity) return purchases(R, A, a, b, h);
  if (delta == 0 && a <= 1) return kInfinity;
  // The rate changes its course where tau is about A / R and A, the discount at 1 / delta.
  const auto discounted = [&](double tau) { return log_rate(R, A, a, b, tau) - delta * tau; };
  if (h == kInfinity)
    return exp(
        log_integral_above([&](Above tau) { return discounted(tau.value); }, log(A)).log_value);
  return exp(
      log_integral_between(0, h, [&](Between tau) { return discounted(tau.above); }).log_value);
}

}  // namespace patron::internal::ltv
