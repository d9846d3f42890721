// The logarithm of an integral of exp(f), f smooth, wherever its mass lies and however narrow or
// wide.
//
//   // ln of the integral of p^(a-1) (1-p)^(b-1) over [0, 1], which is ln B(a, b):
//   Integral beta = log_integral_between(0, 1, [&](Between u) {
//     return (a - 1) * u.log_above + (b - 1) * u.log_below;
//   });
//
// The always-right plain path that the fast ones of lib/models/ltv are compared with. The variable
// is the logarithm of the distance to the ends (so singularities there, and mass at 1e-300 or
// 1e300, are nothing special), mapped by sinh, after which the integrand falls off doubly
// exponentially to both sides. Its peak and width are searched for, and the trapezoid rule is
// applied around it, whose error falls like exp(-c / step): Takahasi and Mori 1974, "Double
// exponential formulas for numerical integration". The step is halved until the estimate of the
// error is below 2e-15 of the value (Bailey, Jeyabalan and Li 2005, Experimental Mathematics 14:3,
// section 5). The nodes follow from the integrand alone, so the same integral has the same bits
// everywhere.
//
// The integrand must have one peak in the transformed variable, and be analytic; a step or a kink
// costs accuracy, and `error` says so.
//
// Thread class of everything here: pure. Cost: 150 to 500 calls of f.
#pragma once

#include <algorithm>
#include <cmath>

#include "lib/models/ltv/math/elementary.h"

namespace patron::internal::ltv {

struct Integral {
  double log_value = -kInfinity;
  double error = 0;  ///< an estimate of the relative error of the integral (not of its logarithm)
  int calls = 0;     ///< of f
};

namespace integral_detail {

struct Peak {
  double x, value, width;
};

/// The peak of f by doubling steps from `start` and golden sections, to a part of its width.
template <typename F>
class PeakFinder {
 public:
  PeakFinder(const F& f, double start) : f_(f), start_(start) {}

  Peak find() {
    double x = first_finite();
    double value = f_(x);
    double step = 1;
    const bool right = f_(x + step) > value;
    if (!right) step = -1;
    double low = x - step;
    // Uphill with doubled steps until it goes down: low, x, next bracket the peak.
    double next = x + step;
    double next_value = f_(next);
    while (next_value > value && std::fabs(next) < 1e300) {
      low = x;
      x = next;
      value = next_value;
      step *= 2;
      next = x + step;
      next_value = f_(next);
    }
    narrow(std::min(low, next), std::max(low, next), &x, &value);
    return {x, value, std::min(fall(x, value, 1), fall(x, value, -1))};
  }

 private:
  double first_finite() const {
    if (f_(start_) > -kInfinity) return start_;
    double distance = 0.5;
    for (int i = 0; i < 1000; i++, distance *= 2) {
      if (f_(start_ + distance) > -kInfinity) return start_ + distance;
      if (f_(start_ - distance) > -kInfinity) return start_ - distance;
    }
    return start_;
  }

  /// Golden sections of [low, high], which holds x, until the peak is flat.
  void narrow(double low, double high, double* x, double* value) const {
    constexpr double kGolden = 0.381966011250105;
    for (int i = 0; i < 200; i++) {
      const bool larger_right = high - *x > *x - low;
      const double trial = larger_right ? *x + kGolden * (high - *x) : *x - kGolden * (*x - low);
      if (trial == *x || trial <= low || trial >= high) return;
      const double at_trial = f_(trial);
      if (std::fabs(at_trial - *value) < 1e-2 && f_(low) > *value - 1 && f_(high) > *value - 1) {
        if (at_trial > *value) {
          *x = trial;
          *value = at_trial;
        }
        return;
      }
      if (at_trial > *value) {
        (larger_right ? low : high) = *x;
        *x = trial;
        *value = at_trial;
      } else {
        (larger_right ? high : low) = trial;
      }
    }
  }

  /// How far from x the function has fallen by about 1, within a factor of 2.
  double fall(double x, double value, int side) const {
    double distance = 1;
    const auto fallen = [&](double d) { return !(f_(x + side * d) > value - 1); };
    if (fallen(distance)) {
      while (distance > 1e-300 && fallen(distance / 2) && x + distance / 2 != x) distance /= 2;
    } else {
      while (distance < 1e300 && !fallen(distance)) distance *= 2;
    }
    return distance;
  }

  const F& f_;
  double start_;
};

/// The trapezoid rule for exp(f - peak) on the line, from the peak to where nothing is left.
template <typename F>
class Trapezoid {
 public:
  Trapezoid(const F& f, const Peak& peak)
      : f_(f), peak_(peak), step_(std::min(kLargestStep, 0.7 * peak.width)) {
    sum_ = term(0);
    for (const int side : {1, -1}) {
      double& end = side > 0 ? right_ : left_;
      int small = 0;  // three small terms in a row end a side
      for (int i = 1; i < kMostTerms && small < 3; i++) {
        const double t = term(side * i * step_);
        sum_ += t;
        end = i * step_;
        small = t < 1e-19 * sum_ ? small + 1 : 0;
      }
    }
  }

  double value() const { return sum_ * step_; }
  void halve_step() {
    const double half = step_ / 2;
    double added = 0;
    for (int i = 0; half + i * step_ < right_; i++) added += term(half + i * step_);
    for (int i = 0; half + i * step_ < left_; i++) added += term(-(half + i * step_));
    sum_ += added;
    step_ = half;
  }

 private:
  static constexpr double kLargestStep = 0.5;
  static constexpr int kMostTerms = 2000;

  double term(double distance) const { return exp(f_(peak_.x + distance) - peak_.value); }

  const F& f_;
  Peak peak_;
  double step_, sum_ = 0, left_ = 0, right_ = 0;
};

}  // namespace integral_detail

/// ln of the integral of exp(f(x)) over the whole line. f may be -infinity far out. `bend` is where
/// f changes its course over a length of about 1, if there is such a place; else one near the peak.
template <typename F>
Integral log_integral_of_line(const F& f, double bend = 0) {
  Integral result;
  const auto mapped = [&](double v) {
    if (std::fabs(v) > 700) return -kInfinity;
    result.calls++;
    const double e = exp(v), inverse = 1 / e;
    const double value = f(bend + 0.5 * (e - inverse)) + log(0.5 * (e + inverse));
    return value == value ? value : -kInfinity;
  };
  const integral_detail::Peak peak =
      integral_detail::PeakFinder<decltype(mapped)>(mapped, 0.0).find();
  if (!(peak.value > -kInfinity)) return result;
  if (peak.value == kInfinity) return {kInfinity, 0, result.calls};
  integral_detail::Trapezoid<decltype(mapped)> rule(mapped, peak);
  double value = rule.value();
  double last = 1;  // the relative change by the halving before
  for (int halving = 0; halving < 9; halving++) {
    const double before = value;
    rule.halve_step();
    value = rule.value();
    const double change = std::max(std::fabs(value - before) / value, 1e-17);
    // Each halving gains at least as much as the one before.
    result.error = std::max(change * (change / last), 1e-16);
    if (last < 1e-3 && result.error < 2e-15) break;
    if (change < 1e-10 && change > 0.25 * last) {  // the rounding of f, which no step mends
      result.error = change;
      break;
    }
    last = change;
  }
  result.log_value = peak.value + log(value);
  return result;
}

/// Where the integrand of an interval is asked: how far above its lower end and below its upper
/// one, with full relative accuracy, and the logarithms, which go on where the distance itself is
/// too small for a double: mass at a singular end may lie there.
struct Between {
  double above, below;
  double log_above, log_below;
};

/// ln of the integral of exp(f(u)) over u in [low, high], f being given a Between.
template <typename F>
Integral log_integral_between(double low, double high, const F& f) {
  const double length = high - low;
  if (!(length > 0)) return {};
  const double log_length = log(length);
  const auto on_line = [&](double x) {
    // above = length / (1 + e^-x), below = length / (1 + e^x); du / dx = above below / length.
    const double e = exp(-std::fabs(x));
    const double log_far = log_length - log1p(e), log_near = log_far - std::fabs(x);
    const double near = length * (e / (1 + e)), far = length / (1 + e);
    const Between u =
        x < 0 ? Between{near, far, log_near, log_far} : Between{far, near, log_far, log_near};
    return f(u) + (log_near + log_far - log_length);
  };
  return log_integral_of_line(on_line);
}

/// The distance to the end of a half-line, and its logarithm.
struct Above {
  double value, log_value;
};

/// ln of the integral of exp(f(u)) over u in [0, infinity), f being given an Above. `log_start`
/// is the logarithm of a place near the mass.
template <typename F>
Integral log_integral_above(const F& f, double log_start = 0) {
  return log_integral_of_line([&](double x) { return f(Above{exp(x), x}) + x; }, log_start);
}

}  // namespace patron::internal::ltv
