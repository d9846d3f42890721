// The likelihood of the shifted beta-geometric model of contracts: at each renewal a contract ends
// with chance theta, theta ~ Beta(alpha, beta) (Fader and Hardie 2007, "How to project customer
// retention", Journal of Interactive Marketing 21(1)).
//
//   alive after T renewals:  ln S(T) = ln B(alpha, beta + T) / B(alpha, beta)         (equation 6)
//   ended at the T-th:       ln S(T - 1) + ln alpha / (alpha + beta + T - 1)          (equation 5)
#include "lib/models/ltv/beta_survival.h"
#include "lib/models/ltv/likelihoods.h"
#include "lib/models/ltv/math/elementary.h"
#include "lib/models/ltv/weighted_row.h"

namespace patron::internal::ltv {
namespace {

class Sbg final : public LogLikelihood {
 public:
  explicit Sbg(const UniqueRows& rows) : rows_(rows) {}

  int parameters() const override { return 2; }

  void set_parameters(const LtvParameters& log_parameters) override {
    alpha_ = exp(log_parameters[0]);
    beta_ = exp(log_parameters[1]);
  }

  Derivatives block(int64_t begin, int64_t end) const override {
    Derivatives sum;
    for (int64_t i = begin; i < end; i++) {
      const auto row = static_cast<size_t>(i);
      const bool churned = rows_.second[row] != 0;
      Derivatives d = survival(rows_.first[row] - (churned ? 1 : 0));
      if (churned) add_end(rows_.first[row] - 1, &d);
      add_weighted(d, rows_.weight[row], 2, &sum);
    }
    return sum;
  }

 private:
  /// ln S(T).
  Derivatives survival(double T) const {
    const BetaSurvival s = beta_survival(alpha_, beta_, T);
    Derivatives d;
    d.value = s.value;
    d.gradient[0] = alpha_ * s.a;
    d.gradient[1] = beta_ * s.b;
    d.at(0, 0) = alpha_ * (alpha_ * s.aa + s.a);
    d.at(1, 0) = alpha_ * beta_ * s.aa;
    d.at(1, 1) = beta_ * (beta_ * s.bb + s.b);
    return d;
  }

  /// Adds ln of the chance to end at the next renewal after T.
  void add_end(double T, Derivatives* d) const {
    const double total = alpha_ + beta_ + T;
    const double ends = alpha_ / total;
    const double stays = (beta_ + T) / total;
    const double of_beta = beta_ / total;
    d->value -= log1p((beta_ + T) / alpha_);
    d->gradient[0] += stays;
    d->gradient[1] -= of_beta;
    d->at(0, 0) -= stays * ends;
    d->at(1, 0) += of_beta * ends;
    d->at(1, 1) -= of_beta * ((alpha_ + T) / total);
  }

  const UniqueRows& rows_;
  double alpha_ = 1, beta_ = 1;
};

}  // namespace

std::unique_ptr<LogLikelihood> make_sbg(const UniqueRows& rows) {
  return std::make_unique<Sbg>(rows);
}

}  // namespace patron::internal::ltv
