// The likelihood of the BG/BB model: Fader, Hardie and Shang (2010), "Customer-base analysis in a
// discrete-time noncontractual setting", Marketing Science 29(6), equation 5.
//
// Before each opportunity a customer leaves for good with chance theta ~ Beta(gamma, delta); if
// still there she buys with chance p ~ Beta(alpha, beta). Of x purchases, the last at opportunity
// t_x of n,
//
//   L = B(alpha + x, beta + t_x - x) / B(alpha, beta)  B(gamma, delta + t_x) / B(gamma, delta)
//   V(t_x)
//
// where V(j) is the chance of no purchase from opportunity j + 1 to n, given the history to j and
// that she was alive then. With theta_j = gamma / (gamma + delta + j), the chance to leave before
// the next one, and q_j = (beta + j - x) / (alpha + beta + j), that to let it pass,
//
//   V(n) = 1,   V(j) = theta_j + (1 - theta_j) q_j V(j + 1):
//
// equation 5 by Horner's scheme, all terms positive; where many opportunities were passed it begins
// at one beyond which nothing shows. 1 - V is carried along, so that ln L is exact
// where L is close to 1. One pass from n down serves every t_x of the same x and n.
//
// It is the likelihood of the sequence, without the binomial coefficient of the probability mass.
// Cost of a block: its rows plus, for each pair of x and n in it, n less the smallest t_x steps of
// some 60 operations.
#include <algorithm>
#include <cstddef>
#include <vector>

#include "lib/models/ltv/beta_survival.h"
#include "lib/models/ltv/likelihoods.h"
#include "lib/models/ltv/math/elementary.h"
#include "lib/models/ltv/weighted_row.h"

namespace patron::internal::ltv {
namespace {

struct Parameters {
  double alpha = 1, beta = 1, gamma = 1, delta = 1;
};

/// V(j) of one x and n, from j = n down: `some` is 1 - V with its derivatives, `none` is V.
class Silence {
 public:
  Silence(const Parameters& parameters, double x, double n) : p_(parameters), x_(x), j_(n) {}

  double at() const { return j_; }

  /// To the opportunity before.
  void step_back() {
    j_ -= 1;
    const Chance passes = chance_to_pass();
    const Chance stays = chance_to_stay();
    const double none = none_;

    // X = 1 - q V(j + 1): a purchase, now or later, if she stays; 1 - V(j) is (1 - theta_j) X.
    const double x = passes.rest + passes.value * some_.value;
    double x_i[4];
    for (int i = 0; i < 2; i++) x_i[i] = passes.value * gradient(i) - passes.first[i] * none;
    for (int i = 2; i < 4; i++) x_i[i] = passes.value * gradient(i);

    for (int i = 0; i < 4; i++) {
      for (int j = 0; j <= i; j++) {
        double x_ij = passes.value * some_.at(i, j);
        if (j < 2) x_ij += passes.first[j] * gradient(i);
        if (i < 2) x_ij += passes.first[i] * gradient(j) - passes.second[i + j] * none;
        double w_ij = stays.value * x_ij;
        if (j >= 2) w_ij += stays.first[j - 2] * x_i[i] + stays.second[i + j - 4] * x;
        if (i >= 2) w_ij += stays.first[i - 2] * x_i[j];
        some_.at(i, j) = w_ij;
      }
    }
    for (int i = 0; i < 4; i++) {
      some_.gradient[static_cast<size_t>(i)] =
          stays.value * x_i[i] + (i >= 2 ? stays.first[i - 2] * x : 0);
    }
    some_.value = stays.value * x;
    none_ = stays.rest + stays.value * passes.value * none;
  }

  /// ln V(j) and its derivatives.
  Derivatives log_none() const {
    Derivatives d;
    d.value = some_.value < 0.5 ? log1p(-some_.value) : log(none_);
    for (int i = 0; i < 4; i++) {
      d.gradient[static_cast<size_t>(i)] = -gradient(i) / none_;
      for (int j = 0; j <= i; j++)
        d.at(i, j) = -some_.at(i, j) / none_ -
                     d.gradient[static_cast<size_t>(i)] * d.gradient[static_cast<size_t>(j)];
    }
    return d;
  }

 private:
  /// A chance, what is left to 1, and derivatives with respect to the logarithms of its two
  /// parameters; second: by the first twice, by both, by the second twice.
  struct Chance {
    double value, rest;
    double first[2], second[3];
  };

  /// q = (beta + j - x) / (alpha + beta + j).
  Chance chance_to_pass() const {
    const double scale = 1 / (p_.alpha + p_.beta + j_);
    const double q = (p_.beta + (j_ - x_)) * scale;
    const double p = (p_.alpha + x_) * scale;
    const double a = p_.alpha * scale;
    const double b = p_.beta * scale;
    return {q, p, {-q * a, b * p}, {q * a * (2 * a - 1), a * b * (q - p), b * p * (1 - 2 * b)}};
  }
  /// 1 - theta = (delta + j) / (gamma + delta + j).
  Chance chance_to_stay() const {
    const double scale = 1 / (p_.gamma + p_.delta + j_);
    const double stay = (p_.delta + j_) * scale;
    const double leave = p_.gamma * scale;
    const double d = p_.delta * scale;
    return {stay,
            leave,
            {-stay * leave, d * leave},
            {stay * leave * (leave - stay), d * leave * (stay - leave), d * leave * (1 - 2 * d)}};
  }

  double gradient(int i) const { return some_.gradient[static_cast<size_t>(i)]; }

  Parameters p_;
  double x_;
  double j_;
  Derivatives some_;
  double none_ = 1;
};

class BgBb final : public LogLikelihood {
 public:
  explicit BgBb(const UniqueRows& rows) : rows_(rows) {}

  int parameters() const override { return 4; }

  void set_parameters(const LtvParameters& log_parameters) override {
    p_ = {.alpha = exp(log_parameters[0]),
          .beta = exp(log_parameters[1]),
          .gamma = exp(log_parameters[2]),
          .delta = exp(log_parameters[3])};
  }

  Derivatives block(int64_t begin, int64_t end) const override {
    Derivatives sum;
    while (begin < end) {
      int64_t last = begin;
      while (last < end && frequency(last) == frequency(begin)) last++;
      add_frequency(begin, last, &sum);
      begin = last;
    }
    return sum;
  }

 private:
  double frequency(int64_t row) const { return rows_.first[static_cast<size_t>(row)]; }

  /// Rows [begin, end) of one frequency.
  void add_frequency(int64_t begin, int64_t end, Derivatives* sum) const {
    std::vector<size_t> order;  // by n, then t_x, both falling
    for (int64_t i = begin; i < end; i++) order.push_back(static_cast<size_t>(i));
    std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
      if (rows_.third[a] != rows_.third[b]) return rows_.third[a] > rows_.third[b];
      return rows_.second[a] > rows_.second[b];
    });

    const double x = frequency(begin);
    const Derivatives buys = purchases(x);
    Silence silence(p_, x, rows_.third[order[0]]);
    double n = rows_.third[order[0]];
    for (const size_t row : order) {
      if (rows_.third[row] != n) {
        n = rows_.third[row];
        silence = Silence(p_, x, n);
      }
      const double t_x = rows_.second[row];
      const double start = settled_from(x, t_x, silence.at());
      if (start < silence.at()) silence = Silence(p_, x, start);
      while (silence.at() > t_x) silence.step_back();
      add_weighted(buys, rows_.weight[row], 4, sum);
      add_weighted(passes(x, t_x - x), rows_.weight[row], 4, sum);
      add_weighted(stays(t_x), rows_.weight[row], 4, sum);
      add_weighted(silence.log_none(), rows_.weight[row], 4, sum);
    }
  }

  /// The opportunity from which to come down to t_x, `from` or an earlier one: V(j) weighs in
  /// V(t_x) by the chance to stay and pass from t_x to j, and V(t_x) is at least theta. Below e^-50
  /// of that nothing of V(j) is left, so that any value will do.
  double settled_from(double x, double t_x, double from) const {
    constexpr double kWorthwhile = 128;
    const double least = -log1p((p_.delta + t_x) / p_.gamma) - 50;
    double steps = kWorthwhile;
    while (t_x + 2 * steps < from) {
      if (log_beta_survival(p_.alpha + x, p_.beta + (t_x - x), steps) +
              log_beta_survival(p_.gamma, p_.delta + t_x, steps) <
          least)
        return t_x + steps;
      steps *= 2;
    }
    return from;
  }

  /// ln B(alpha + x, beta) / B(alpha, beta): the chance to buy x times of x.
  Derivatives purchases(double x) const {
    return by_logarithms(beta_survival(p_.beta, p_.alpha, x), {1, p_.beta}, {0, p_.alpha});
  }

  /// ln B(alpha + x, beta + m) / B(alpha + x, beta): the chance to pass m times after that.
  Derivatives passes(double x, double m) const {
    return by_logarithms(beta_survival(p_.alpha + x, p_.beta, m), {0, p_.alpha}, {1, p_.beta});
  }

  /// ln B(gamma, delta + t) / B(gamma, delta): the chance to be alive at t.
  Derivatives stays(double t) const {
    return by_logarithms(beta_survival(p_.gamma, p_.delta, t), {2, p_.gamma}, {3, p_.delta});
  }

  struct Parameter {
    int index;
    double value;
  };

  /// By the logarithms of the parameters a and b of S, to which counts may have been added.
  static Derivatives by_logarithms(const BetaSurvival& s, Parameter a, Parameter b) {
    Derivatives d;
    d.value = s.value;
    d.gradient[static_cast<size_t>(a.index)] = a.value * s.a;
    d.gradient[static_cast<size_t>(b.index)] = b.value * s.b;
    d.at(a.index, a.index) = a.value * (a.value * s.aa + s.a);
    d.at(b.index, b.index) = b.value * (b.value * s.bb + s.b);
    d.at(a.index, b.index) = a.value * b.value * s.aa;
    return d;
  }

  const UniqueRows& rows_;
  Parameters p_;
};

}  // namespace

std::unique_ptr<LogLikelihood> make_bg_bb(const UniqueRows& rows) {
  return std::make_unique<BgBb>(rows);
}

}  // namespace patron::internal::ltv
