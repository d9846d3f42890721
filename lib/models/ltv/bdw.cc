// The likelihood of the beta-discrete-Weibull model of contracts: Fader, Hardie, Liu, Davin and
// Steenburgh (2018), "'How to project customer retention' revisited: the role of duration
// dependence", Journal of Interactive Marketing 43.
//
//   alive after T renewals:  ln S(T),  S(t) = B(alpha, beta + t^c) / B(alpha, beta)
//   ended at the T-th:       ln(S(T - 1) - S(T)) = ln S(T - 1) + ln(1 - S(T) / S(T - 1))
//
// c = 1 is the shifted beta-geometric model.
#include "lib/models/ltv/beta_survival.h"
#include "lib/models/ltv/duration.h"
#include "lib/models/ltv/likelihoods.h"
#include "lib/models/ltv/math/elementary.h"
#include "lib/models/ltv/weighted_row.h"

namespace patron::internal::ltv {
namespace {

/// The clock t^c at one time and at a later one, with derivatives with respect to ln c (_c, _cc).
struct Step {
  double from, from_c, from_cc;        // t0^c
  double length, length_c, length_cc;  // t1^c - t0^c
  double excess, excess_c;             // ln of growth beyond what Duration holds; excess_cc = _c

  /// 0 <= t0 < t1.
  Step(double c, double t0, double t1) {
    const Duration duration(c, t0);
    const double growth = duration.growth(log(t1 - t0));
    const Duration::Span span = duration.span(growth);
    from = duration.start();
    length = span.length;
    excess = span.excess;

    const double log_from = t0 > 0 ? c * log(t0) : 0;
    const double log_end = t0 > 0 ? log_from + c * growth : c * growth;
    const bool from_moves = log_from < Duration::kLargest;
    from_c = from_moves ? from * log_from : 0;
    from_cc = from_moves ? from_c * (1 + log_from) : 0;
    if (excess > 0) {
      length_c = -from_c;
      length_cc = -from_cc;
      excess_c = from_moves ? log_end : c * growth;
    } else {
      const double change = t0 > 0 ? c * growth : 0;
      length_c = length * log_end + from * change;
      length_cc = length * log_end * (1 + log_end) + from * change * (1 + log_end + log_from);
      excess_c = 0;
    }
  }
};

class Bdw final : public LogLikelihood {
 public:
  explicit Bdw(const UniqueRows& rows) : rows_(rows) {}

  int parameters() const override { return 3; }

  void set_parameters(const LtvParameters& log_parameters) override {
    alpha_ = exp(log_parameters[0]);
    beta_ = exp(log_parameters[1]);
    c_ = exp(log_parameters[2]);
  }

  Derivatives block(int64_t begin, int64_t end) const override {
    Derivatives sum;
    for (int64_t i = begin; i < end; i++) {
      const auto row = static_cast<size_t>(i);
      const double T = rows_.first[row];
      const double weight = rows_.weight[row];
      if (rows_.second[row] == 0) {
        if (T > 0) add_weighted(log_survival(0, T), weight, 3, &sum);
        continue;
      }
      if (T > 1) add_weighted(log_survival(0, T - 1), weight, 3, &sum);
      add_weighted(log_end(log_survival(T - 1, T)), weight, 3, &sum);
    }
    return sum;
  }

 private:
  /// ln S(t1) / S(t0).
  Derivatives log_survival(double t0, double t1) const {
    const Step step(c_, t0, t1);
    const BetaSurvival s = beta_survival(alpha_, beta_ + step.from, step.length);
    Derivatives d;
    d.value = s.value - alpha_ * step.excess;
    d.gradient[0] = alpha_ * (s.a - step.excess);
    d.gradient[1] = beta_ * s.b;
    d.gradient[2] = s.b * step.from_c + s.h * step.length_c - alpha_ * step.excess_c;
    d.at(0, 0) = alpha_ * (alpha_ * s.aa + s.a - step.excess);
    d.at(1, 0) = alpha_ * beta_ * s.aa;
    d.at(1, 1) = beta_ * (beta_ * s.bb + s.b);
    d.at(2, 0) = alpha_ * (s.aa * step.from_c + s.ah * step.length_c - step.excess_c);
    d.at(2, 1) = beta_ * (s.bb * step.from_c + s.hh * step.length_c);
    d.at(2, 2) = s.bb * step.from_c * step.from_c + 2 * s.hh * step.from_c * step.length_c +
                 s.hh * step.length_c * step.length_c + s.b * step.from_cc + s.h * step.length_cc -
                 alpha_ * step.excess_c;
    return d;
  }

  /// ln(1 - e^g).
  static Derivatives log_end(const Derivatives& g) {
    const double ratio = 1 / expm1(-g.value);  // e^g / (1 - e^g)
    Derivatives d;
    d.value = log1m_exp(g.value);
    for (int i = 0; i < 3; i++) {
      const double of_i = ratio * g.gradient[static_cast<size_t>(i)];
      d.gradient[static_cast<size_t>(i)] = -of_i;
      for (int j = 0; j <= i; j++)
        d.at(i, j) =
            -ratio * g.at(i, j) - of_i * ((1 + ratio) * g.gradient[static_cast<size_t>(j)]);
    }
    return d;
  }

  const UniqueRows& rows_;
  double alpha_ = 1, beta_ = 1, c_ = 1;
};

}  // namespace

std::unique_ptr<LogLikelihood> make_bdw(const UniqueRows& rows) {
  return std::make_unique<Bdw>(rows);
}

}  // namespace patron::internal::ltv
