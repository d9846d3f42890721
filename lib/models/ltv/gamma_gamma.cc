// Gamma-Gamma: the money of each of x orders ~ Gamma(p, nu), nu ~ Gamma(q, v); m is their mean.
//
//   f(m | x) = 1 / (m B(px, q)) (mx / (v + mx))^px (v / (v + mx))^q
//
// Fader and Hardie 2013, "The gamma-gamma model of monetary value", equation 1a.
#include "lib/models/ltv/math/gamma.h"

#include <array>
#include <cmath>

#include "lib/models/ltv/likelihoods.h"
#include "lib/models/ltv/math/elementary.h"
#include "lib/models/ltv/run_sums.h"

namespace patron::internal::ltv {
namespace {

class GammaGammaLikelihood final : public LogLikelihood {
 public:
  explicit GammaGammaLikelihood(const UniqueRows& rows) : rows_(rows) {}
  int parameters() const override { return 3; }
  void set_parameters(const LtvParameters& log_parameters) override {
    p_ = exp(log_parameters[0]);
    q_ = exp(log_parameters[1]);
    v_ = exp(log_parameters[2]);
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
  // Sums of w times: 1; ln m; ln((v + mx) / mx); ln((v + mx) / v); the shares v / (v + mx) and
  // mx / (v + mx), and their product.
  enum : size_t { kW, kLogM, kFirst, kSecond, kShare, kRest, kBoth, kSums };

  PATRON_SIMD_INLINE void add_run(double x, int64_t begin, int64_t n, Derivatives* sum) const {
    PackSums<kSums> sums;
    each_pack(begin, n, [&](const auto& at) PATRON_SIMD_LAMBDA {
      const Pack given = at(rows_.second.data()), w = at(rows_.weight.data());
      const Pack m = select(given > 0.0, given, all_lanes<Pack>(1));  // lanes beyond the last row
      const Pack total = m * x, ratio = v_ / total, share = v_ / (v_ + total);
      const Pack rest = total / (v_ + total);
      sums.add(kW, w);
      sums.add(kLogM, w * log(m));
      sums.add(kFirst, w * log1p(ratio));
      sums.add(kSecond, w * log1p(total * (1 / v_)));
      sums.add(kShare, w * share);
      sums.add(kRest, w * rest);
      sums.add(kBoth, w * (share * rest));
    });
    const double k = p_ * x, w = sums.total(kW);
    const double first = sums.total(kFirst), second = sums.total(kSecond);
    sum->value += -w * log_beta(k, q_) - sums.total(kLogM) - k * first - q_ * second;
    const double g_p = k * (w * log_rising_first(k, q_) - first);
    const double g_q = q_ * (w * log_rising_first(q_, k) - second);
    sum->gradient[0] += g_p;
    sum->gradient[1] += g_q;
    sum->gradient[2] += q_ * sums.total(kRest) - k * sums.total(kShare);
    sum->at(0, 0) += g_p + k * k * w * log_rising_second(k, q_);
    sum->at(1, 0) += k * q_ * w * trigamma(k + q_);
    sum->at(1, 1) += g_q + q_ * q_ * w * log_rising_second(q_, k);
    sum->at(2, 0) -= k * sums.total(kShare);
    sum->at(2, 1) += q_ * sums.total(kRest);
    sum->at(2, 2) -= (k + q_) * sums.total(kBoth);
  }

  const UniqueRows& rows_;
  double p_ = 1, q_ = 1, v_ = 1;
};

}  // namespace

std::unique_ptr<LogLikelihood> make_gamma_gamma(const UniqueRows& rows) {
  return std::make_unique<GammaGammaLikelihood>(rows);
}

}  // namespace patron::internal::ltv
