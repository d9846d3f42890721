// BG/NBD and MBG/NBD: purchases at rate lambda ~ Gamma(r, alpha); after each of them the customer
// leaves with probability p ~ Beta(a, b). In the MBG/NBD after the very first one too.
//
// With n = x (BG) or x + 1 (MBG) chances to leave that were not taken, d = b + n - 1, c = r + x:
//
//   L = (r)_x alpha^r (b)_n / (a + b)_n (alpha + T)^-c [1 + a/d ((alpha + T) / (alpha + t_x))^c]
//
// where the second term, of those who left at t_x, is missing for x = 0 of the BG/NBD. That is
// equation 6 of Fader, Hardie and Lee 2005, "Counting your customers the easy way", Marketing
// Science 24, with its beta functions written as rising factorials; and Batislam, Denizel and
// Filiztekin 2007, "Empirical validation and comparison of models for customer base analysis",
// International Journal of Research in Marketing 24. The bracket is 1 + e^z, whose logarithm and
// derivatives are those of the logistic function.
#include <array>
#include <cmath>

#include "lib/models/ltv/likelihoods.h"
#include "lib/models/ltv/math/elementary.h"
#include "lib/models/ltv/math/gamma.h"
#include "lib/models/ltv/run_sums.h"

namespace patron::internal::ltv {
namespace {

class BetaGeometric final : public LogLikelihood {
 public:
  BetaGeometric(const UniqueRows& rows, bool modified) : rows_(rows), modified_(modified) {}
  int parameters() const override { return 4; }
  void set_parameters(const LtvParameters& log_parameters) override {
    r_ = exp(log_parameters[0]);
    alpha_ = exp(log_parameters[1]);
    a_ = exp(log_parameters[2]);
    b_ = exp(log_parameters[3]);
    log_alpha_ = log_parameters[1];
    log_a_ = log_parameters[2];
  }
  Derivatives block(int64_t begin, int64_t end) const override {
    Derivatives natural;  // by r, ln alpha, ln a, b
    run_with_best_simd([&]() PATRON_SIMD_LAMBDA {
      each_run(rows_.first.data(), begin, end,
               [&](double x, int64_t i, int64_t n) PATRON_SIMD_LAMBDA {
                 if (x > 0) {
                   add_repeats(x, i, n, &natural);
                 } else if (modified_) {
                   add_once_modified(i, n, &natural);
                 } else {
                   add_once(i, n, &natural);
                 }
               });
    });
    return by_logarithms(natural);
  }

 private:
  // With L = ln((alpha + T) / alpha), v = alpha / (alpha + T) and 1 - v, of one row:
  struct Ending {
    Pack L, v, rest;
  };
  PATRON_SIMD_INLINE Ending ending(Pack T) const {
    const Pack one = 1.0 / (alpha_ + T);
    return {log1p(T * (1 / alpha_)), alpha_ * one, T * one};
  }

  /// x = 0 of the BG/NBD: ln L = -r L.
  PATRON_SIMD_INLINE void add_once(int64_t begin, int64_t n, Derivatives* sum) const {
    enum : size_t { kL, kRest, kVRest, kSums };
    PackSums<kSums> sums;
    each_pack(begin, n, [&](const auto& at) PATRON_SIMD_LAMBDA {
      const Pack w = at(rows_.weight.data());
      const Ending e = ending(at(rows_.third.data()));
      sums.add(kL, w * e.L);
      sums.add(kRest, w * e.rest);
      sums.add(kVRest, w * (e.v * e.rest));
    });
    sum->value -= r_ * sums.total(kL);
    sum->gradient[0] -= sums.total(kL);
    sum->gradient[1] += r_ * sums.total(kRest);
    sum->at(1, 0) += sums.total(kRest);
    sum->at(1, 1) -= r_ * sums.total(kVRest);
  }

  /// x = 0 of the MBG/NBD: L = a / (a + b) + b / (a + b) e^(-r L). Everything is a multiple of what
  /// keeps it from 1, so that nothing cancels where that is small.
  PATRON_SIMD_INLINE void add_once_modified(int64_t begin, int64_t n, Derivatives* sum) const {
    enum : size_t {
      kValue,
      kL,
      kRest,
      kVRest,
      kQLL,
      kQLRest,
      kQRestRest,
      kQL,
      kQRest,
      kMore,
      kMoreSquared,
      kSums
    };
    const double leaves = a_ / (a_ + b_), stays = b_ / (a_ + b_);
    const double log_leaves = log(leaves), log_stays = log(stays);
    PackSums<kSums> sums;
    each_pack(begin, n, [&](const auto& at) PATRON_SIMD_LAMBDA {
      const Pack w = at(rows_.weight.data());
      const Ending e = ending(at(rows_.third.data()));
      const Pack rL = r_ * e.L, fell = expm1(-rL), kept = exp(-rL);
      const Pack z = (log_leaves - log_stays) + rL, small = exp(-absolute(z));
      const Pack far = select(z > 0.0, all_lanes<Pack>(log_leaves), log_stays - rL) + log1p(small);
      sums.add(kValue, w * select(stays * fell > -0.5, log1p(stays * fell), far));
      const Pack total = leaves + stays * kept;
      const Pack alive = stays * kept / total;             // bought nothing by chance
      const Pack more = -(leaves * stays) * fell / total;  // 1 - alive - leaves
      const Pack wq = w * (alive * (leaves / total));
      sums.add(kL, w * alive * e.L);
      sums.add(kRest, w * alive * e.rest);
      sums.add(kVRest, w * alive * (e.v * e.rest));
      sums.add(kQLL, wq * e.L * e.L);
      sums.add(kQLRest, wq * e.L * e.rest);
      sums.add(kQRestRest, wq * e.rest * e.rest);
      sums.add(kQL, wq * e.L);
      sums.add(kQRest, wq * e.rest);
      sums.add(kMore, w * more);
      sums.add(kMoreSquared, w * (more * (alive - leaves)));
    });
    const double more = sums.total(kMore), squared = sums.total(kMoreSquared);
    sum->value += sums.total(kValue);
    sum->gradient[0] -= sums.total(kL);
    sum->gradient[1] += r_ * sums.total(kRest);
    sum->gradient[2] += more;
    sum->gradient[3] -= more / b_;
    sum->at(0, 0) += sums.total(kQLL);
    sum->at(1, 0) += sums.total(kRest) - r_ * sums.total(kQLRest);
    sum->at(1, 1) += r_ * (r_ * sums.total(kQRestRest) - sums.total(kVRest));
    sum->at(2, 0) += sums.total(kQL);
    sum->at(2, 1) -= r_ * sums.total(kQRest);
    sum->at(2, 2) += squared;
    sum->at(3, 0) -= sums.total(kQL) / b_;
    sum->at(3, 1) += r_ * sums.total(kQRest) / b_;
    sum->at(3, 2) -= squared / b_;
    sum->at(3, 3) += (squared + more) / (b_ * b_);
  }

  /// x > 0. p is the chance to have left, q = p (1 - p); D = ln((alpha + T) / (alpha + t)), and S
  /// and B its derivatives by ln alpha.
  PATRON_SIMD_INLINE void add_repeats(double x, int64_t begin, int64_t n, Derivatives* sum) const {
    enum : size_t {
      kW,
      kL,
      kV,
      kRest,
      kVRest,
      kSoft,
      kP,
      kPD,
      kPS,
      kPB,
      kQ,
      kQD,
      kQDD,
      kQS,
      kQDS,
      kQSS,
      kSums
    };
    const double chances = modified_ ? x + 1 : x, d = b_ + (chances - 1), c = r_ + x;
    const double log_odds = log_a_ - log(d);
    PackSums<kSums> sums;
    each_pack(begin, n, [&](const auto& at) PATRON_SIMD_LAMBDA {
      const Pack t = at(rows_.second.data()), T = at(rows_.third.data());
      const Pack w = at(rows_.weight.data());
      const Ending end = ending(T);
      sums.add(kW, w);
      sums.add(kL, w * end.L);
      sums.add(kV, w * end.v);
      sums.add(kRest, w * end.rest);
      sums.add(kVRest, w * (end.v * end.rest));
      const Pack ratio = (T - t) / (alpha_ + t);
      const Pack D = log1p(ratio), S = -end.v * ratio;
      const Pack B = S * (1.0 - end.v - (end.v - S));
      const Pack z = log_odds + c * D;
      const Pack e = exp(-absolute(z)), one = 1.0 / (1.0 + e);
      sums.add(kSoft, w * (select(z > 0.0, z, Pack{}) + log1p(e)));
      const Pack wp = w * select(z > 0.0, one, e * one), wq = w * (e * one * one);
      sums.add(kP, wp);
      sums.add(kPD, wp * D);
      sums.add(kPS, wp * S);
      sums.add(kPB, wp * B);
      sums.add(kQ, wq);
      sums.add(kQD, wq * D);
      sums.add(kQDD, wq * D * D);
      sums.add(kQS, wq * S);
      sums.add(kQDS, wq * D * S);
      sums.add(kQSS, wq * S * S);
    });
    const double w = sums.total(kW), L = sums.total(kL), rest = sums.total(kRest);
    const double p = sums.total(kP), q = sums.total(kQ), qs = sums.total(kQS);
    const double by_ab = log_rising_first(a_ + b_, chances);
    const double by_ab_twice = log_rising_second(a_ + b_, chances);
    const double by_b = log_rising_first(b_, chances), by_b_twice = log_rising_second(b_, chances);
    const double first = log_rising(r_, x) + log_beta_ratio(a_, b_, 0, chances);
    // x ln(alpha + T) = x (ln alpha + L)
    sum->value += w * first - r_ * L - x * (w * log_alpha_ + L) + sums.total(kSoft);
    sum->gradient[0] += w * log_rising_first(r_, x) - L + sums.total(kPD);
    sum->gradient[1] += r_ * rest - x * sums.total(kV) + c * sums.total(kPS);
    sum->gradient[2] += p - a_ * w * by_ab;
    sum->gradient[3] += w * (by_b - by_ab) - p / d;
    sum->at(0, 0) += w * log_rising_second(r_, x) + sums.total(kQDD);
    sum->at(1, 0) += rest + sums.total(kPS) + c * sums.total(kQDS);
    sum->at(1, 1) += c * (sums.total(kPB) + c * sums.total(kQSS) - sums.total(kVRest));
    sum->at(2, 0) += sums.total(kQD);
    sum->at(2, 1) += c * qs;
    sum->at(2, 2) += q - a_ * w * (by_ab + a_ * by_ab_twice);
    sum->at(3, 0) -= sums.total(kQD) / d;
    sum->at(3, 1) -= c * qs / d;
    sum->at(3, 2) -= a_ * w * by_ab_twice + q / d;
    sum->at(3, 3) += w * (by_b_twice - by_ab_twice) + (p + q) / (d * d);
  }

  /// From r and b to their logarithms.
  Derivatives by_logarithms(const Derivatives& natural) const {
    Derivatives result = natural;
    result.gradient[0] *= r_;
    result.gradient[3] *= b_;
    result.at(0, 0) = r_ * r_ * natural.at(0, 0) + result.gradient[0];
    result.at(1, 0) *= r_;
    result.at(2, 0) *= r_;
    result.at(3, 0) *= r_ * b_;
    result.at(3, 1) *= b_;
    result.at(3, 2) *= b_;
    result.at(3, 3) = b_ * b_ * natural.at(3, 3) + result.gradient[3];
    return result;
  }

  const UniqueRows& rows_;
  const bool modified_;
  double r_ = 1, alpha_ = 1, a_ = 1, b_ = 1, log_alpha_ = 0, log_a_ = 0;
};

}  // namespace

std::unique_ptr<LogLikelihood> make_beta_geometric(const UniqueRows& rows, bool modified) {
  return std::make_unique<BetaGeometric>(rows, modified);
}

}  // namespace patron::internal::ltv
