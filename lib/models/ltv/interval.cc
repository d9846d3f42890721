#include "lib/models/ltv/interval.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "lib/models/ltv/customers.h"
#include "lib/models/ltv/logistic.h"
#include "lib/models/ltv/math/elementary.h"
#include "lib/models/ltv/normal_quantile.h"
#include "lib/models/ltv/query.h"

namespace patron::internal::ltv {
namespace {

/// Steps of the logarithm of a parameter: terms turn over lengths of order 1, or over the room that
/// there is; at 1/32 of that the sixth-order formula is off by less than 1e-8.
constexpr double kStep = 1.0 / 64;
constexpr double kStepsOfRoom = 32;
constexpr int kSteps = 3;
/// f' = sum over k of w_k (f(k h) - f(-k h)) / h + O(h^6) (Abramowitz and Stegun 25.3.6 for seven
/// points).
constexpr std::array<double, kSteps> kWeights{45.0 / 60, -9.0 / 60, 1.0 / 60};

/// The variance that the gradient gives; rounding must not make it negative.
double variance(const LtvParameters& g,
                const std::array<LtvParameters, kLtvParameters>& covariance) {
  double sum = 0;
  for (size_t i = 0; i < g.size(); ++i) {
    for (size_t j = 0; j < g.size(); ++j) {
      if (g[i] != 0 && g[j] != 0) sum += g[i] * g[j] * covariance[i][j];
    }
  }
  return std::max(sum, 0.0);
}

}  // namespace

DeltaMethod::DeltaMethod(const Ltv& model, const LtvQuery& query) {
  const LtvParameters& parameters = model.parameters();
  const size_t k = ltv_parameter_names(model.model()).size();
  for (size_t i = 0; i < k; ++i) {
    for (size_t j = 0; j < k; ++j) {
      covariance_[i][j] =
          model.fit()->covariance[i * kLtvParameters + j] / (parameters[i] * parameters[j]);
    }
  }
  const double room =
      make_predictor(model.model(), parameters, model.unit(), query)->room() / kStepsOfRoom;
  const double step = std::min(kStep, room);
  for (size_t i = 0; i < k; ++i) {
    for (int side = -kSteps; side <= kSteps; ++side) {
      if (side == 0) continue;
      LtvParameters moved = parameters;
      moved[i] *= exp(side * step);
      // What the step really is once the parameter is rounded plays no part at steps like these.
      const double weight = kWeights[static_cast<size_t>(std::abs(side) - 1)] / step;
      shifted_.push_back({static_cast<int>(i), side > 0 ? weight : -weight,
                          make_predictor(model.model(), moved, model.unit(), query)});
    }
  }
}

void DeltaMethod::gradients(const CustomerSpan& customers, const double* values,
                            std::vector<LtvParameters>* log_odds,
                            std::vector<LtvParameters>* log_given) const {
  const auto n = static_cast<size_t>(customers.size);
  log_odds->assign(n, {});
  log_given->assign(n, {});
  std::vector<double> odds(n), given(n);
  for (const Shifted& shifted : shifted_) {
    const auto p = static_cast<size_t>(shifted.parameter);
    shifted.predictor->terms(customers, values, odds.data(), given.data());
    for (size_t i = 0; i < n; ++i) {
      if (std::isfinite(odds[i])) (*log_odds)[i][p] += shifted.weight * odds[i];
      (*log_given)[i][p] += shifted.weight * given[i];
    }
  }
}

void DeltaMethod::errors(const Predictor& predictor, const CustomerSpan& customers,
                         const double* values, double* out) const {
  const auto n = static_cast<size_t>(customers.size);
  std::vector<LtvParameters> by_odds, by_given(n);
  if (predictor.gradients(customers, by_given.data())) {
    for (size_t i = 0; i < n; ++i)
      out[i] = std::isnan(values[i]) ? kNaN : std::sqrt(variance(by_given[i], covariance_));
    return;
  }
  gradients(customers, values, &by_odds, &by_given);
  std::vector<double> log_odds(n), log_given(n), slope(n, 1);
  predictor.terms(customers, values, log_odds.data(), log_given.data());
  const ValueKind kind = predictor.kind();
  const bool share = kind == ValueKind::kProbability || kind == ValueKind::kComplement;
  if (kind == ValueKind::kTime) predictor.slopes(customers, values, slope.data());
  for (size_t i = 0; i < n; ++i) {
    if (values[i] == 0 || (share && values[i] == 1)) {
      out[i] = 0;
      continue;
    }
    const double left = logistic(-log_odds[i]);
    LtvParameters g;
    if (kind == ValueKind::kComplement && is_small_complement(values[i])) {
      // Of 1 - P + P e^g, divided by what it is times what is missing to 1.
      const double weight = 1 / expm1(-log_given[i]);
      for (size_t p = 0; p < g.size(); ++p) {
        g[p] = -left * by_odds[i][p] / values[i];
        if (weight > 0) g[p] += weight * by_given[i][p] / values[i];
      }
    } else {
      // d ln(P e^g) = (1 - P) d log_odds + dg; on the logit scale that is divided by 1 - P e^g.
      double divisor = slope[i];
      if (share) divisor = left - logistic(log_odds[i]) * expm1(log_given[i]);
      for (size_t p = 0; p < g.size(); ++p)
        g[p] = (left * by_odds[i][p] + by_given[i][p]) / divisor;
    }
    out[i] = std::isfinite(values[i]) ? std::sqrt(variance(g, covariance_)) : kNaN;
  }
}

void confidence_bounds(ValueKind kind, double value, double z_error, double* low, double* high) {
  const double factor = exp(z_error);
  if (kind == ValueKind::kPositive || kind == ValueKind::kTime) {
    *low = value / factor;
    *high = value == 0 ? 0 : value * factor;
    return;
  }
  *low = value / (value + (1 - value) * factor);
  *high = value / (value + (1 - value) / factor);
}

Result<Answers> Answers::make(const Ltv& model, const LtvQuery& query) {
  if (Status status = check_query(model, query); !status.ok()) return status;
  Answers answers;
  answers.predictor_ = make_predictor(model.model(), model.parameters(), model.unit(), query);
  answers.interval_ = query.interval;
  if (query.interval != LtvInterval::kNone) {
    answers.tail_ = (1 - query.level) / 2;
    answers.z_ = normal_upper_quantile(answers.tail_);
  }
  if (query.interval == LtvInterval::kConfidence)
    answers.delta_ = std::make_unique<DeltaMethod>(model, query);
  return answers;
}

void Answers::of(const CustomerSpan& customers, const AnswerColumns& out) const {
  predictor_->values(customers, out.value);
  if (interval_ == LtvInterval::kPrediction) {
    predictor_->interval(customers, tail_, out.low, out.high);
  } else if (interval_ == LtvInterval::kConfidence) {
    std::array<double, kCustomerRows> errors;
    delta_->errors(*predictor_, customers, out.value, errors.data());
    for (int64_t i = 0; i < customers.size; ++i) {
      confidence_bounds(predictor_->kind(), out.value[i], z_ * errors[static_cast<size_t>(i)],
                        out.low + i, out.high + i);
    }
  }
}

}  // namespace patron::internal::ltv
