// Pareto/NBD: purchases at rate lambda ~ Gamma(r, alpha) until the customer leaves, at rate
// mu ~ Gamma(s, beta).
//
//   L = (r)_x alpha^r beta^s [ (alpha + T)^-c (beta + T)^-s
//                              + integral over (t_x, T) of s (beta + u)^-(s+1) (alpha + u)^-c du ]
//
// with c = r + x: Schmittlein, Morrison and Colombo 1987; equation 13 of Fader and Hardie 2005, "A
// note on deriving the Pareto/NBD model". All terms are positive, so that no difference of
// hypergeometric functions appears, and alpha = beta or x = 0 is nothing special. The customer's
// time of leaving has a posterior: an atom, "after T", and the integrand. The gradient of ln L is
// the mean of the gradient of the logarithm of the terms, the Hessian the mean of theirs plus the
// covariance of the gradients (Louis 1982), and all of them come from moments over the same nodes.
//
// The nodes are Gauss-Legendre's in ln(min(alpha, beta) + u), where the other singularity of the
// integrand stays pi away from the real line; what needs too many goes by panels, of which each
// holds little.
#include <array>
#include <cmath>

#include "lib/models/ltv/gauss_legendre.h"
#include "lib/models/ltv/likelihoods.h"
#include "lib/models/ltv/math/elementary.h"
#include "lib/models/ltv/math/gamma.h"
#include "lib/models/ltv/pareto_moments.h"
#include "lib/models/ltv/run_sums.h"

namespace patron::internal::ltv {
namespace {

class ParetoNbd final : public LogLikelihood {
 public:
  explicit ParetoNbd(const UniqueRows& rows) : rows_(rows) {}
  int parameters() const override { return 4; }
  void set_parameters(const LtvParameters& log_parameters) override {
    r_ = exp(log_parameters[0]);
    alpha_ = exp(log_parameters[1]);
    s_ = exp(log_parameters[2]);
    beta_ = exp(log_parameters[3]);
    log_alpha_ = log_parameters[1];
  }
  Derivatives block(int64_t begin, int64_t end) const override {
    Derivatives sum;
    run_with_best_simd([&]() PATRON_SIMD_LAMBDA {
      each_run(rows_.first.data(), begin, end,
               [&](double x, int64_t i, int64_t n) PATRON_SIMD_LAMBDA { add_run(x, i, n, &sum); });
    });
    return sum;
  }

 private:
  // Sums of w times: 1; the value and the derivatives of a row beyond those of (r)_x.
  enum : size_t { kW, kValue, kGradient, kHessian = kGradient + 4, kSums = kHessian + 10 };

  PATRON_SIMD_INLINE void add_run(double x, int64_t begin, int64_t n, Derivatives* sum) const {
    PackSums<kSums> sums;
    each_pack(begin, n, [&](const auto& at) PATRON_SIMD_LAMBDA {
      const Pack t = at(rows_.second.data()), T = at(rows_.third.data());
      const Pack w = at(rows_.weight.data());
      sums.add(kW, w);
      add_pack(x, t, T, w, &sums);
    });
    const double w = sums.total(kW);
    const double by_r = r_ * log_rising_first(r_, x);
    sum->value += sums.total(kValue) + w * log_rising(r_, x);
    for (size_t i = 0; i < 4; ++i) sum->gradient[i] += sums.total(kGradient + i);
    for (size_t i = 0; i < 10; ++i) sum->hessian[i] += sums.total(kHessian + i);
    sum->gradient[0] += w * by_r;
    sum->at(0, 0) += w * (by_r + r_ * r_ * log_rising_second(r_, x));
  }

  PATRON_SIMD_INLINE void add_pack(double x, Pack t, Pack T, Pack w, PackSums<kSums>* sums) const {
    const double c = r_ + x;
    const LeavingMoments<Pack> m = leaving_moments({c, alpha_, s_, beta_}, t, T);
    const Pack left = m.probability, stayed = 1.0 - left;
    const Pack va = alpha_ / (alpha_ + t), vb = beta_ / (beta_ + t);
    const Pack before_a = log1p(t * (1 / alpha_)), before_b = log1p(t * (1 / beta_));
    // Means over both parts of the posterior.
    const Pack mean_la = left * m.la + stayed * m.end_la, mean_lb = left * m.lb + stayed * m.end_lb;
    const Pack mean_wa = left * m.wa + stayed * m.end_wa;
    const Pack share_a = va * (1.0 - mean_wa);           // of alpha / (alpha + u)
    const Pack left_share_b = left * vb * (1.0 - m.wb);  // of beta / (beta + u), where she left
    const Pack share_b = left_share_b + stayed * vb * (1.0 - m.end_wb);
    Pack value = m.log_sum - r_ * before_a - s_ * before_b;
    if (x > 0) value = value - x * log(alpha_ + t);
    sums->add(kValue, w * value);
    const Pack g0 = -r_ * (before_a + mean_la);
    const Pack g1 = r_ * (t / (alpha_ + t)) - x * va + c * (va * mean_wa);
    const Pack gs = -s_ * (before_b + mean_lb);
    const Pack mean_wb = left * m.wb + stayed * m.end_wb;
    const Pack g3 = s_ * (t / (beta_ + t) + vb * mean_wb) - left_share_b;
    sums->add(kGradient + 0, w * g0);
    sums->add(kGradient + 1, w * g1);
    sums->add(kGradient + 2, w * (left + gs));
    sums->add(kGradient + 3, w * g3);
    // Means of the second derivatives. v (1 - v) at u: v = va (1 - w).
    const auto curve = [](Pack v, Pack rest, Pack mean, Pack square) PATRON_SIMD_LAMBDA {
      return v * (rest * (1.0 - mean) + v * (mean - square));
    };
    const Pack rest_a = t / (alpha_ + t), rest_b = t / (beta_ + t);
    const Pack curve_a = left * curve(va, rest_a, m.wa, m.wa_wa) +
                         stayed * curve(va, rest_a, m.end_wa, m.end_wa * m.end_wa);
    const Pack curve_b_left = left * curve(vb, rest_b, m.wb, m.wb_wb);
    const Pack curve_b = curve_b_left + stayed * curve(vb, rest_b, m.end_wb, m.end_wb * m.end_wb);
    // Gradients where she left are (-r la, c va wa, 1 - s lb, (s+1) vb wb) and constants; where she
    // stayed without the 1, at the end. Within and between the parts:
    const Pack ca = c * va, cb = (s_ + 1) * vb;
    const Pack d0 = -r_ * (m.la - m.end_la), d1 = ca * (m.wa - m.end_wa);
    const Pack d2 = 1.0 - s_ * (m.lb - m.end_lb);
    const Pack d3 = s_ * vb * (m.wb - m.end_wb) - vb * (1.0 - m.wb);
    const Pack between = left * stayed;
    const auto covariance =
        [&](double a, double b, Pack ab, Pack mean_a, Pack mean_b)
            PATRON_SIMD_LAMBDA { return left * (a * b) * (ab - mean_a * mean_b); };
    sums->add(kHessian + 0, w * (g0 + covariance(r_, r_, m.la_la, m.la, m.la) + between * d0 * d0));
    sums->add(kHessian + 1, w * (r_ * (1.0 - share_a) -
                                 ca * covariance(r_, 1, m.la_wa, m.la, m.wa) + between * d0 * d1));
    sums->add(kHessian + 2, w * (ca * ca * covariance(1, 1, m.wa_wa, m.wa, m.wa) - c * curve_a +
                                 between * d1 * d1));
    sums->add(kHessian + 3, w * (covariance(r_, s_, m.la_lb, m.la, m.lb) + between * d0 * d2));
    sums->add(kHessian + 4, w * (between * d1 * d2 - ca * covariance(s_, 1, m.lb_wa, m.lb, m.wa)));
    sums->add(kHessian + 5, w * (gs + covariance(s_, s_, m.lb_lb, m.lb, m.lb) + between * d2 * d2));
    sums->add(kHessian + 6, w * (between * d0 * d3 - cb * covariance(r_, 1, m.la_wb, m.la, m.wb)));
    sums->add(kHessian + 7,
              w * (ca * cb * covariance(1, 1, m.wa_wb, m.wa, m.wb) + between * d1 * d3));
    sums->add(kHessian + 8, w * (s_ * (1.0 - share_b) -
                                 cb * covariance(s_, 1, m.lb_wb, m.lb, m.wb) + between * d2 * d3));
    sums->add(kHessian + 9, w * (cb * cb * covariance(1, 1, m.wb_wb, m.wb, m.wb) - s_ * curve_b -
                                 curve_b_left + between * d3 * d3));
  }

  const UniqueRows& rows_;
  double r_ = 1, alpha_ = 1, s_ = 1, beta_ = 1, log_alpha_ = 0;
};

}  // namespace

std::unique_ptr<LogLikelihood> make_pareto_nbd(const UniqueRows& rows) {
  return std::make_unique<ParetoNbd>(rows);
}

}  // namespace patron::internal::ltv
