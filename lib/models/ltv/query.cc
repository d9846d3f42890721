#include "lib/models/ltv/query.h"

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <utility>

#include "lib/base/number_text.h"
#include "lib/models/ltv/math/elementary.h"

namespace patron::internal::ltv {
namespace {

constexpr std::array<std::string_view, 9> kQuantities{
    "probability alive", "expected purchases",   "purchase probability",
    "next purchase",     "discounted purchases", "expected spend",
    "retention rate",    "residual lifetime",    "discounted lifetime"};

constexpr int64_t kMaxQueryCount = int64_t{1} << 53;

Status argument(std::string message) { return {Code::kArgument, std::move(message)}; }

bool has_horizon(LtvQuantity quantity) {
  return quantity != LtvQuantity::kNextPurchase && quantity != LtvQuantity::kExpectedSpend &&
         quantity != LtvQuantity::kRetentionRate;
}

bool has_discount(LtvQuantity quantity) {
  return quantity == LtvQuantity::kDiscountedPurchases ||
         quantity == LtvQuantity::kDiscountedLifetime;
}

Status check_horizon(const Ltv& model, const LtvQuery& query) {
  const double horizon = query.horizon;
  const std::string name(ltv_model_name(model.model()));
  if (!(horizon >= 0)) {
    return argument("horizon: " + number_text(horizon) + " is no length of time; want " +
                    std::string(ltv_unit_name(model.unit())) + "s, 0 or more");
  }
  if (has_whole_periods(model.model()) && std::isfinite(horizon) &&
      (horizon != std::floor(horizon) || horizon > static_cast<double>(kMaxQueryCount))) {
    return argument("horizon: " + number_text(horizon) + " is not whole; " + name +
                    " counts whole periods, up to 2^53");
  }
  if (model.model() == LtvModel::kBgBb && query.quantity == LtvQuantity::kPurchaseProbability &&
      std::isinf(horizon)) {
    return argument(
        "horizon: bg_bb has the probability of a number of purchases for a finite "
        "horizon only; give the number of opportunities");
  }
  return {};
}

Status check_confidence(const Ltv& model) {
  const std::string name(ltv_model_name(model.model()));
  if (!model.fit()) {
    return argument("interval: confidence needs the covariance of the parameters; this " + name +
                    " model was made from numbers. Fit it to customers");
  }
  if (!model.fit()->converged()) {
    return argument("interval: confidence needs the covariance of the parameters, and the fit of " +
                    name + " is no optimum: " + model.fit()->message);
  }
  return {};
}

/// Whether it is of something that the customer will do, whose distribution is known.
bool has_prediction(LtvQuantity quantity) {
  switch (quantity) {
    case LtvQuantity::kExpectedPurchases:
    case LtvQuantity::kNextPurchase:
    case LtvQuantity::kExpectedSpend:
    case LtvQuantity::kResidualLifetime:
    case LtvQuantity::kDiscountedLifetime:
      return true;
    default:
      return false;
  }
}

Status check_prediction(LtvModel model, LtvQuantity quantity) {
  if (has_prediction(quantity)) return {};
  if (quantity == LtvQuantity::kDiscountedPurchases) {
    return argument(
        "interval: what the purchases of one customer are worth today has no distribution in "
        "closed form, so discounted purchases have no prediction interval; ask for confidence, "
        "which is about their expectation, or for the prediction interval of expected purchases "
        "within the same horizon, each of them worth between 1 and its present value at the end "
        "of it");
  }
  std::string message = "interval: " + std::string(quantity_name(quantity)) +
                        " is a number about the customer and not what she will do, so it has no "
                        "prediction interval; ask for confidence, or for the prediction interval "
                        "of ";
  std::string separator;
  for (size_t i = 0; i < kQuantities.size(); ++i) {
    const auto other = static_cast<LtvQuantity>(i);
    if (!has_quantity(model, other) || !has_prediction(other)) continue;
    message += separator + std::string(kQuantities[i]);
    separator = " or of ";
  }
  return argument(message);
}

Status check_interval(const Ltv& model, const LtvQuery& query) {
  if (query.interval == LtvInterval::kNone) return {};
  if (query.interval != LtvInterval::kConfidence && query.interval != LtvInterval::kPrediction) {
    return argument("interval: " + std::to_string(static_cast<int32_t>(query.interval)) +
                    " is none; want 0 (none), 1 (confidence) or 2 (prediction)");
  }
  if (!(query.level > 0 && query.level < 1)) {
    return argument("level: " + number_text(query.level) +
                    " is not between 0 and 1; want for one 0.95");
  }
  if (query.interval == LtvInterval::kConfidence && model.model() == LtvModel::kBgBb &&
      query.quantity == LtvQuantity::kNextPurchase) {
    return argument(
        "interval: the next purchase of bg_bb falls on a whole opportunity, which the "
        "delta method cannot differentiate; ask for a prediction interval");
  }
  return query.interval == LtvInterval::kConfidence
             ? check_confidence(model)
             : check_prediction(model.model(), query.quantity);
}

Status missing_quantity(LtvModel model, LtvQuantity quantity) {
  std::string message = "quantity: " + std::string(ltv_model_name(model)) + " has no " +
                        std::string(quantity_name(quantity));
  std::string separator = "; it has ";
  for (size_t i = 0; i < kQuantities.size(); ++i) {
    if (!has_quantity(model, static_cast<LtvQuantity>(i))) continue;
    message += separator + std::string(kQuantities[i]);
    separator = ", ";
  }
  return argument(message);
}

/// Horizon, count, probability and rate, where the quantity reads them.
Status check_numbers(const Ltv& model, const LtvQuery& query) {
  if (has_horizon(query.quantity)) {
    if (Status status = check_horizon(model, query); !status.ok()) return status;
  }
  if (query.quantity == LtvQuantity::kPurchaseProbability &&
      (query.count < 0 || query.count > kMaxQueryCount)) {
    return argument("count: " + std::to_string(query.count) +
                    " is no number of purchases; want 0 to 2^53");
  }
  if (query.quantity == LtvQuantity::kNextPurchase &&
      !(query.probability > 0 && query.probability < 1)) {
    return argument("probability: " + number_text(query.probability) +
                    " is not between 0 and 1; 0.5 asks for the median");
  }
  if (has_discount(query.quantity) &&
      !(query.rate_per_year > -1 && std::isfinite(query.rate_per_year))) {
    return argument("rate_per_year: " + number_text(query.rate_per_year) +
                    " is no rate; want a finite number above -1, for one 0.1 for ten per cent");
  }
  return {};
}

}  // namespace

bool is_purchase_model(LtvModel model) { return model <= LtvModel::kBgBb; }

bool is_contract_model(LtvModel model) {
  return model == LtvModel::kSbg || model == LtvModel::kBdw;
}

bool has_whole_periods(LtvModel model) {
  return model == LtvModel::kBgBb || is_contract_model(model);
}

std::string_view quantity_name(LtvQuantity quantity) {
  return kQuantities[static_cast<size_t>(quantity)];
}

bool has_quantity(LtvModel model, LtvQuantity quantity) {
  switch (quantity) {
    case LtvQuantity::kProbabilityAlive:
      return model != LtvModel::kGammaGamma;
    case LtvQuantity::kExpectedPurchases:
    case LtvQuantity::kPurchaseProbability:
    case LtvQuantity::kNextPurchase:
    case LtvQuantity::kDiscountedPurchases:
      return is_purchase_model(model);
    case LtvQuantity::kExpectedSpend:
      return model == LtvModel::kGammaGamma;
    case LtvQuantity::kRetentionRate:
    case LtvQuantity::kResidualLifetime:
    case LtvQuantity::kDiscountedLifetime:
      return is_contract_model(model);
  }
  return false;
}

Status check_query(const Ltv& model, const LtvQuery& query) {
  const auto number = static_cast<int32_t>(query.quantity);
  if (number < 0 || number >= static_cast<int32_t>(kQuantities.size())) {
    return argument("quantity: " + std::to_string(number) + " is none; want 0 to " +
                    std::to_string(kQuantities.size() - 1));
  }
  if (!has_quantity(model.model(), query.quantity))
    return missing_quantity(model.model(), query.quantity);
  if (Status status = check_numbers(model, query); !status.ok()) return status;
  return check_interval(model, query);
}

bool bars_prediction(Fault fault) {
  return fault != Fault() && fault.kind != FaultKind::kNoPurchase;
}

Status customer_status(const LtvCustomer& customer, Fault fault) {
  const auto name = [&]() -> std::pair<const char*, double> {
    switch (fault.part) {
      case CustomerPart::kFrequency:
        return {"frequency", customer.frequency};
      case CustomerPart::kRecency:
        return {"recency", customer.recency};
      case CustomerPart::kT:
        return {"T", customer.T};
      default:
        return {"monetary", customer.monetary};
    }
  }();
  return {fault_code(fault), std::string(name.first) + " " + number_text(name.second) + " " +
                                 std::string(fault_reason(fault))};
}

double discount_of(double rate_per_year, LtvUnit unit) {
  return log1p(rate_per_year) / ltv_units_per_year(unit);
}

}  // namespace patron::internal::ltv
