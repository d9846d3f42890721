#include "lib/models/ltv/opportunity_sum.h"

#include <algorithm>
#include <cmath>

#include "lib/models/ltv/beta_survival.h"
#include "lib/models/ltv/math/elementary.h"
#include "lib/models/ltv/math/gamma.h"
#include "lib/models/ltv/smooth_sum.h"

namespace patron::internal::ltv {
namespace {

/// From here on no part of ln t bends by more than 1 / kSmoothFrom in a step: t is smooth wherever
/// its slope is small, however large its parts.
constexpr double kSmoothFrom = 30000;
/// A term so far below the largest, as a logarithm, plays no part, nor do a million million more.
constexpr double kNothing = 80;

/// (from)_m / (to)_m of rising factorials, more = to - from.
struct RisingRatio {
  double from, to, more;

  double log_at(double m) const {
    if (more == 0) return 0;
    return more > 0 ? log_beta_survival(more, from, m) : -log_beta_survival(-more, to, m);
  }
  double slope(double m) const {
    if (more == 0) return 0;
    return more > 0 ? -log_rising_first(from + m, more) : log_rising_first(to + m, -more);
  }
};

/// ln t(m) as the logarithms of three ratios, of which none is large where t is not: three rising
/// factorials stand above the line and three below, and those pair that differ least.
class LogTerm {
 public:
  explicit LogTerm(const Passes& p)
      : ratios_{{{p.stay, p.leave + p.stay, p.leave}, {p.pass, p.buy + p.pass, p.buy}, {}}} {
    if (p.y == 0) return;
    if (p.pass + p.excess < p.y) {
      ratios_[1] = {p.pass, 1, 1 - p.pass};
      ratios_[2] = {p.y + 1, p.buy + p.pass, p.excess + (p.pass - 1)};
    } else {
      ratios_[2] = {p.y + 1, 1, -p.y};
    }
  }
  double operator()(double m) const {
    return ratios_[0].log_at(m) + (ratios_[1].log_at(m) + ratios_[2].log_at(m));
  }
  double slope(double m) const {
    return ratios_[0].slope(m) + (ratios_[1].slope(m) + ratios_[2].slope(m));
  }

 private:
  std::array<RisingRatio, 3> ratios_;
};

/// t(m + 1) / t(m).
double ratio(const Passes& p, double m) {
  const double passed = p.pass + m;
  const double stayed = p.stay + m;
  const double chance = passed / (p.buy + passed) * (stayed / (p.leave + stayed));
  return p.y == 0 ? chance : chance * ((p.y + 1 + m) / (1 + m));
}

/// From here on the terms fall: the larger zero of (ratio - 1) times its denominators, a quadratic
/// in m; 0 where they always fall.
double falling_from(const Passes& p) {
  const double square = p.excess + p.leave;
  const double linear =
      p.pass * p.y - p.stay * p.excess - p.buy * (p.leave + 1) - p.leave * (p.pass + 1);
  const double none = p.pass * p.stay * p.y - p.buy * p.leave - p.buy * p.stay - p.pass * p.leave;
  const double inside = linear * linear + 4 * square * none;
  if (inside < 0) return 0;
  const double root = std::sqrt(inside);
  return std::max(linear > 0 ? (linear + root) / (2 * square) : 2 * none / (root - linear), 0.0);
}

/// t as smooth_sum reads it, with k = m + 1; divided by e^offset.
struct SmoothPasses {
  LogTerm log_t;
  double offset;
  double shift;
  double falls_from;
  double power_from;
  double fall;

  SmoothPasses(const Passes& p, double log_scale)
      : log_t(p),
        offset(log_scale),
        shift(1 + p.pass + p.stay),
        falls_from(log1p(falling_from(p))),
        fall(p.fall) {
    const double large = 1 + p.buy + p.leave + p.y;
    power_from = log(1e17 * large * (large + 2 * shift));
  }

  static double frequency(double /*v*/) { return 1; }
  static double steps(double v) { return std::max(exp(v) - 1, 0.0); }
  double log_term(double v) const { return log_t(steps(v)) - offset; }
  double slope(double v) const {
    const double m = std::min(steps(v), 1e250);
    return log_t.slope(m) * (m + 1);
  }
};

/// A bound of |d ln t / dm|, each part by itself.
double steepness(const Passes& p, double m) {
  return p.buy / (p.pass + m) + p.leave / (p.stay + m) + p.y / (1 + m);
}

/// A sum as it grows: sum e^log_scale.
struct Sum {
  double sum = 1, log_scale = 0;

  double logarithm() const { return log(sum) + log_scale; }
};

/// Where the terms before the one at `peak`, itself after m, cease to be nothing beside it.
double rises_from(const LogTerm& log_t, double m, double peak, double top) {
  double low = m, high = peak;
  while (high - low > 1) {
    const double middle = std::floor(low + (high - low) / 2);
    if (middle <= low || middle >= high) break;
    (log_t(middle) < top - kNothing ? low : high) = middle;
  }
  return low;
}

/// The rest from `first` on, where t is smooth or so far before a peak that it plays no part. What
/// still rises steeply at the end is taken from there one by one.
double log_with_smooth_rest(const Passes& p, double first, double last, Sum before) {
  const LogTerm log_t(p);
  const double peak = std::max(first, std::min(std::floor(falling_from(p)), last));
  const double top = log_t(peak);
  if (log_t(first) < top - kNothing) first = rises_from(log_t, first, peak, top);
  if (top > before.log_scale) before = {exp(before.logarithm() - top), top};
  if (std::isfinite(last) && log_t.slope(last) > kSmoothSlope) {
    Sum rest{0, log_t(last)};
    double term = 1;
    while (last >= first && term > 1e-20 * rest.sum && log_t.slope(last) > kSmoothSlope) {
      for (int i = 0; i < 100 && last >= first; ++i, last -= 1) {
        rest.sum += term;
        term /= ratio(p, last - 1);
      }
    }
    before = {1, log_add_exp(before.logarithm(), rest.logarithm())};
    if (last < first || term <= 1e-20 * rest.sum) return before.log_scale;
  }
  const SmoothPasses smooth(p, before.log_scale);
  return log(smooth_sum(smooth, first + 1, last + 1, before.sum)) + before.log_scale;
}

}  // namespace

double log_sum_of_passes(const Passes& passes, double last) {
  constexpr double kLarge = 0x1p660;
  constexpr int kCheckEvery = 100;
  const LogTerm log_t(passes);
  const double falling = falling_from(passes);
  const double peak = std::min(std::floor(falling), last);
  Sum sum;
  double term = 1;
  for (double m = 0; m < last;) {
    for (int i = 0; i < kCheckEvery && m < last; i++, m += 1) {
      term *= ratio(passes, m);
      sum.sum += term;
      if (term > kLarge) {
        term /= kLarge;
        sum.sum /= kLarge;
        sum.log_scale += 660 * kLn2;
      }
      if (term <= 1e-40 * sum.sum && m >= falling) return sum.logarithm();
    }
    if (m >= last || m + 1 < kSmoothFirst) continue;
    if (steepness(passes, m) <= kSmoothSlope ||
        (m >= kSmoothFrom && std::fabs(log_t.slope(m)) <= kSmoothSlope))
      return log_with_smooth_rest(passes, m + 1, last, sum);
    if (passes.leave > 1 && m >= falling &&
        term * (passes.stay + m) <= 1e-17 * sum.sum * (passes.leave - 1))
      break;
    if (m < kSmoothFrom || m >= peak) continue;
    const double top = log_t(peak);
    if (log(term) + sum.log_scale > top - kNothing) continue;
    // What is between here and the peak is nothing beside it; the peak may be nothing as well.
    if (top + log(peak / std::min(passes.fall, 1.0)) < sum.logarithm() - kNothing)
      return sum.logarithm();
    return log_with_smooth_rest(passes, m + 1, last, sum);
  }
  return sum.logarithm();
}

}  // namespace patron::internal::ltv
