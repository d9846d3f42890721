// ltv_value: how often times how much. docs/ltv/predicted-value.md has the formulas.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include "lib/base/number_text.h"
#include "lib/models/ltv/gamma_gamma_predict.h"
#include "lib/models/ltv/interval.h"
#include "lib/models/ltv/normal_quantile.h"
#include "lib/models/ltv/query.h"
#include "lib/models/ltv/repeats.h"
#include "lib/models/ltv/row_scores.h"
#include "patron/ltv.h"

namespace patron {
inline namespace v0 {
namespace {

using internal::ltv::BlockScorer;
using internal::ltv::CustomerReader;
using internal::ltv::CustomerSpan;
using internal::ltv::DeltaMethod;
using internal::ltv::kCustomerRows;
using internal::ltv::make_predictor;
using internal::ltv::Predictor;
using internal::ltv::RepeatKeys;
using internal::ltv::RepeatOutputs;
using internal::ltv::Repeats;
using internal::ltv::RowScores;
using internal::ltv::ValueKind;

/// Rows of a task: some ms of work, without an interval and with one.
constexpr int64_t kTask = 1024;
constexpr int64_t kIntervalTask = 128;

LtvQuery query_of(LtvQuantity quantity, const LtvValueOptions& options) {
  LtvQuery query;
  query.quantity = quantity;
  query.horizon = quantity == LtvQuantity::kProbabilityAlive ? 0 : options.horizon;
  query.rate_per_year = options.rate_per_year;
  query.level = options.level;
  query.interval = options.interval;
  return query;
}

Status check_options(const Ltv& purchases, const Ltv& spend, const LtvValueOptions& options) {
  if (!internal::ltv::is_purchase_model(purchases.model())) {
    return {Code::kArgument, "purchases: " + std::string(ltv_model_name(purchases.model())) +
                                 " is no model of purchases; give nbd, bg_nbd, mbg_nbd, pareto_nbd "
                                 "or bg_bb"};
  }
  if (spend.model() != LtvModel::kGammaGamma) {
    return {Code::kArgument, "spend: " + std::string(ltv_model_name(spend.model())) +
                                 " is no model of spend; give gamma_gamma"};
  }
  if (!(options.margin >= 0 && options.margin <= 1)) {
    return {Code::kArgument, "margin: " + internal::number_text(options.margin) +
                                 " is no share; want 0 to 1, for one 0.3 for thirty per cent"};
  }
  if (options.interval == LtvInterval::kPrediction) {
    return {
        Code::kArgument,
        "interval: what one customer will bring has no distribution in closed form, so value has "
        "no prediction interval; ask for confidence, which is about the expected value, or for "
        "the prediction intervals of expected purchases (how often she may order within the "
        "horizon) and of expected spend (what one order may come to)"};
  }
  const Status status =
      internal::ltv::check_query(purchases, query_of(LtvQuantity::kDiscountedPurchases, options));
  return status.ok()
             ? internal::ltv::check_query(spend, query_of(LtvQuantity::kExpectedSpend, options))
             : status;
}

/// What both models say, worked out for the query.
struct ValueModels {
  std::unique_ptr<Predictor> alive, purchases, discounted, spend;
  std::unique_ptr<DeltaMethod> delta_purchases, delta_spend;  ///< with an interval
  double margin = 1;
  double z = 0;
};

ValueModels prepare(const Ltv& purchases, const Ltv& spend, const LtvValueOptions& options) {
  const auto predictor = [&](const Ltv& model, LtvQuantity quantity) {
    return make_predictor(model.model(), model.parameters(), model.unit(),
                          query_of(quantity, options));
  };
  ValueModels models;
  models.alive = predictor(purchases, LtvQuantity::kProbabilityAlive);
  models.purchases = predictor(purchases, LtvQuantity::kExpectedPurchases);
  models.discounted = predictor(purchases, LtvQuantity::kDiscountedPurchases);
  models.spend = predictor(spend, LtvQuantity::kExpectedSpend);
  models.margin = options.margin;
  if (options.interval == LtvInterval::kNone) return models;
  models.delta_purchases = std::make_unique<DeltaMethod>(
      purchases, query_of(LtvQuantity::kDiscountedPurchases, options));
  models.delta_spend =
      std::make_unique<DeltaMethod>(spend, query_of(LtvQuantity::kExpectedSpend, options));
  models.z = internal::ltv::normal_upper_quantile((1 - options.level) / 2);
  return models;
}

/// The columns, in the order of kNames.
class ValueScorer : public BlockScorer {
 public:
  explicit ValueScorer(const ValueModels* models)
      : models_(models), repeats_(models->delta_purchases ? 4 : 3) {}

  void score(const CustomerSpan& customers, double* const* out) override {
    std::array<double, kCustomerRows> errors;
    if (!models_->delta_purchases && models_->discounted->splits()) {
      score_split(customers, out);
    } else {
      const RepeatKeys columns{customers.frequency, customers.recency, customers.T};
      compute_distinct(&repeats_, columns, customers.size, {out[0], out[1], out[2], errors.data()},
                       [this](const RepeatKeys& keys, int64_t rows, const RepeatOutputs& values) {
                         purchases({rows, keys[0], keys[1], keys[2], nullptr}, values);
                       });
    }
    models_->spend->values(customers, out[3]);
    for (int64_t i = 0; i < customers.size; ++i)
      out[4][i] = models_->margin * out[3][i] * out[2][i];
    if (models_->delta_spend) bounds(customers, errors.data(), out);
  }

 private:
  void purchases(const CustomerSpan& customers, const RepeatOutputs& out) const {
    models_->alive->values(customers, out[0]);
    models_->purchases->values(customers, out[1]);
    models_->discounted->values(customers, out[2]);
    if (models_->delta_purchases)
      models_->delta_purchases->errors(*models_->discounted, customers, out[2], out[3]);
  }

  /// What supposes that they are alive depends on frequency and T alone.
  void score_split(const CustomerSpan& customers, double* const* out) {
    const RepeatKeys columns{customers.frequency, customers.T, customers.T};
    compute_distinct(&repeats_, columns, customers.size, {out[1], out[2], out[0]},
                     [this](const RepeatKeys& keys, int64_t rows, const RepeatOutputs& values) {
                       const CustomerSpan distinct{rows, keys[0], nullptr, keys[1], nullptr};
                       models_->purchases->given(distinct, values[0]);
                       models_->discounted->given(distinct, values[1]);
                       std::fill_n(values[2], rows, 0.0);
                     });
    models_->alive->values(customers, out[0]);
    models_->purchases->combine(customers, out[1]);
    models_->discounted->combine(customers, out[2]);
  }

  /// The parameters of the two models come from different facts, so that variances add up.
  void bounds(const CustomerSpan& customers, const double* errors, double* const* out) const {
    std::array<double, kCustomerRows> spend_errors;
    models_->delta_spend->errors(*models_->spend, customers, out[3], spend_errors.data());
    for (int64_t i = 0; i < customers.size; ++i) {
      const double a = errors[i], b = spend_errors[static_cast<size_t>(i)];
      internal::ltv::confidence_bounds(ValueKind::kPositive, out[4][i],
                                       models_->z * std::sqrt(a * a + b * b), out[5] + i,
                                       out[6] + i);
    }
  }

  const ValueModels* models_;
  Repeats repeats_;
};

}  // namespace

Result<LtvPredictions> ltv_value(const Ltv& purchases, const Ltv& spend, const Table& customers,
                                 const LtvValueOptions& options) {
  if (Status status = check_options(purchases, spend, options); !status.ok()) return status;
  constexpr auto kUse = internal::ltv::CustomerUse::kPredict;
  const Result<CustomerReader> histories =
      CustomerReader::open(customers, purchases.model(), options.columns, kUse);
  if (!histories.ok()) return histories.status();
  const Result<CustomerReader> money =
      CustomerReader::open(customers, LtvModel::kGammaGamma, options.columns, kUse);
  if (!money.ok()) return money.status();
  const ValueModels models = prepare(purchases, spend, options);
  const bool interval = options.interval != LtvInterval::kNone;
  RowScores scores;
  scores.readers = {&*histories, &*money};
  scores.names = {"probability_alive", "expected_purchases", "discounted_purchases",
                  "expected_spend", "value"};
  if (interval) scores.names.insert(scores.names.end(), {"low", "high"});
  scores.make_scorer = [&] { return std::make_unique<ValueScorer>(&models); };
  scores.task_rows = interval ? kIntervalTask : kTask;
  scores.columns = &options.columns;
  scores.refuse_bad_rows = options.refuse_bad_rows;
  scores.threads = options.threads;
  scores.control = &options.control;
  return internal::ltv::score_rows(customers, scores);
}

}  // namespace v0
}  // namespace patron
