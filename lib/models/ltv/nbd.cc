// NBD: purchases at rate lambda for ever, lambda ~ Gamma(r, alpha).
//
//   P(X(T) = x) = (r)_x / x!  (alpha / (alpha + T))^r  (T / (alpha + T))^x
//
// A. S. C. Ehrenberg 1959, "The pattern of consumer purchases", Applied Statistics 8. Where r and x
// are large, terms of their size cancel to a logarithm; there it is computed by deviances, as
// Loader 2000, "Fast and accurate computation of binomial probabilities", does.
#include <array>
#include <cmath>

#include "lib/models/ltv/likelihoods.h"
#include "lib/models/ltv/math/elementary.h"
#include "lib/models/ltv/math/gamma.h"
#include "lib/models/ltv/run_sums.h"

namespace patron::internal::ltv {
namespace {

class Nbd final : public LogLikelihood {
 public:
  explicit Nbd(const UniqueRows& rows) : rows_(rows) {}
  int parameters() const override { return 2; }
  void set_parameters(const LtvParameters& log_parameters) override {
    r_ = exp(log_parameters[0]);
    alpha_ = exp(log_parameters[1]);
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
  // Sums of w times: 1; ln((alpha + T) / alpha); ln((alpha + T) / T), or the deviances; the shares
  // alpha / (alpha + T) and T / (alpha + T), and their product.
  enum : size_t { kWeight, kStay, kMove, kFar, kShare, kRest, kBoth, kSums };

  /// k ln(k / m) + m - k = m ((1 + f) ln(1 + f) - f) with f = (k - m) / m: how far k lies from m.
  /// `excess` is k - m.
  PATRON_SIMD_INLINE static Pack deviance(double k, Pack m, Pack excess) {
    const Pack f = excess / m;
    const auto near = (f > -0.5) & (f < 1.0);
    const Pack small = select(near, f, Pack{});
    return select(near, m * ((1.0 + small) * log1p(small) - small), k * log(k / m) - excess);
  }

  PATRON_SIMD_INLINE void add_run(double x, int64_t begin, int64_t n, Derivatives* sum) const {
    constexpr double kLargeShape = 10, kTwoPi = 6.283185307179586;
    const double both = r_ + x;
    const bool large = x > kLargeShape && r_ > kLargeShape;
    PackSums<kSums> sums;
    each_pack(begin, n, [&](const auto& at) PATRON_SIMD_LAMBDA {
      const Pack T = at(rows_.second.data()), w = at(rows_.weight.data());
      const Pack end = alpha_ + T, share = alpha_ / end, rest = T / end;
      sums.add(kWeight, w);
      sums.add(kStay, w * log1p(T * (1 / alpha_)));  // ln((alpha + T) / alpha)
      // A T of 0 comes with an x of 0, and in lanes beyond the last row.
      const Pack some_T = select(T > 0.0, T, all_lanes<Pack>(1));
      if (large) {
        const Pack some_end = alpha_ + some_T, some_share = alpha_ / some_end;
        const Pack some_rest = some_T / some_end, excess = r_ * some_rest - x * some_share;
        sums.add(kFar, w * (deviance(r_, both * some_share, excess) +
                            deviance(x, both * some_rest, -excess)));
      } else if (x > 0) {
        sums.add(kMove, w * log1p(alpha_ / some_T));  // ln((alpha + T) / T)
      }
      sums.add(kShare, w * share);
      sums.add(kRest, w * rest);
      sums.add(kBoth, w * (share * rest));
    });
    const double w = sums.total(kWeight), stay = sums.total(kStay);
    if (large) {
      const double at_mode = stirling_rest(both) - stirling_rest(r_) - stirling_rest(x) +
                             0.5 * log(both / (kTwoPi * x * r_)) + log(r_ / both);
      sum->value += w * at_mode - sums.total(kFar);
    } else {
      // (r)_x / x! = 1 / (x B(r, x))
      const double ways = x > 0 ? -log_beta(r_, x) - log(x) : 0;
      sum->value += w * ways - r_ * stay - x * sums.total(kMove);
    }
    const double by_r = r_ * (w * log_rising_first(r_, x) - stay);
    sum->gradient[0] += by_r;
    sum->gradient[1] += r_ * sums.total(kRest) - x * sums.total(kShare);
    sum->at(0, 0) += by_r + r_ * r_ * w * log_rising_second(r_, x);
    sum->at(1, 0) += r_ * sums.total(kRest);
    sum->at(1, 1) -= (r_ + x) * sums.total(kBoth);
  }

  const UniqueRows& rows_;
  double r_ = 1, alpha_ = 1;
};

}  // namespace

std::unique_ptr<LogLikelihood> make_nbd(const UniqueRows& rows) {
  return std::make_unique<Nbd>(rows);
}

}  // namespace patron::internal::ltv
