#include "lib/engine/settle/ltv_scorer.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "lib/base/quotient.h"
#include "lib/models/ltv/query.h"
#include "patron/money.h"

namespace patron::internal {
namespace {

// The length of a unit, where it is exact.
int64_t micros_of(LtvUnit unit) {
  switch (unit) {
    case LtvUnit::kHour:
      return kMicrosPerHour;
    case LtvUnit::kDay:
      return kMicrosPerDay;
    case LtvUnit::kWeek:
      return 7 * kMicrosPerDay;
    default:
      return 0;
  }
}

constexpr double kMicrosOfYear = 31'556'952e6;  // 365.2425 days

}  // namespace

PeriodGrid ltv_grid(const PolicyModel& model, const TimeZone& zone) {
  return {zone, model.unit, ltv_whole_periods(model) ? LtvCollapse::kUnit : LtvCollapse::kDay};
}

double ltv_horizon(const PolicyModel& model) {
  const double a_year = ltv_units_per_year(model.unit);
  const int64_t unit = micros_of(model.unit);
  const auto micros = static_cast<double>(model.horizon.micros);
  const double exact =
      unit > 0 ? micros / static_cast<double>(unit) : micros / kMicrosOfYear * a_year;
  const double horizon = model.horizon.months / 12.0 * a_year + exact;
  return ltv_whole_periods(model) ? std::floor(horizon) : horizon;
}

LtvCustomer ltv_customer(const LtvMeasured& measured, const PeriodGrid& grid, int64_t period,
                         int scale) {
  LtvCustomer out;
  out.frequency = static_cast<double>(measured.frequency);
  out.recency = measured.frequency == 0 ? 0 : grid.span(measured.first, measured.last);
  out.T = grid.span(measured.first, std::max(period, measured.last));
  if (measured.frequency == 0 || !measured.money) return out;
  int64_t power = 1;
  for (int i = 0; i < scale; ++i) power *= 10;
  out.monetary = nearest_quotient(*measured.money, measured.frequency * power);
  return out;
}

LtvScorer::LtvScorer(const PolicyModel& model, const LtvConstants& constants, const TimeZone& zone,
                     int scale)
    : model_(model),
      zone_(zone),
      grid_(ltv_grid(model, zone)),
      scale_(scale),
      purchase_model_(constants.purchases.model()) {
  alive_ = predictor(constants.purchases, LtvQuantity::kProbabilityAlive);
  expected_ = predictor(constants.purchases, LtvQuantity::kExpectedPurchases);
  next_ = predictor(constants.purchases, LtvQuantity::kNextPurchase);
  if (!constants.spend) return;
  discounted_ = predictor(constants.purchases, LtvQuantity::kDiscountedPurchases);
  spend_ = predictor(*constants.spend, LtvQuantity::kExpectedSpend);
}

std::unique_ptr<ltv::Predictor> LtvScorer::predictor(const Ltv& of, LtvQuantity quantity) const {
  LtvQuery query;
  query.quantity = quantity;
  query.horizon = quantity == LtvQuantity::kProbabilityAlive ? 0 : ltv_horizon(model_);
  query.rate_per_year = model_.discount_per_year;
  if (quantity == LtvQuantity::kNextPurchase) query.rate_per_year = 0;
  if (!ltv::check_query(of, query).ok()) return nullptr;
  return ltv::make_predictor(of.model(), of.parameters(), of.unit(), query);
}

int64_t LtvScorer::period_at(Micros now) const {
  return grid_.period_of(now) - (ltv_whole_periods(model_) ? 1 : 0);
}

std::optional<double> LtvScorer::ask(const Predictor* predictor, const LtvMeasured& measured,
                                     int64_t period) const {
  if (predictor == nullptr) return std::nullopt;
  const LtvCustomer customer = ltv_customer(measured, grid_, period, scale_);
  if (ltv::bars_prediction(ltv::customer_fault(purchase_model_, customer))) return std::nullopt;
  double out = 0;
  predictor->values({1, &customer.frequency, &customer.recency, &customer.T, &customer.monetary},
                    &out);
  return std::isfinite(out) ? std::optional(out) : std::nullopt;
}

std::optional<double> LtvScorer::p_alive(const LtvMeasured& measured, int64_t period) const {
  return ask(alive_.get(), measured, period);
}

std::optional<double> LtvScorer::expected_purchases(const LtvMeasured& measured,
                                                    int64_t period) const {
  return ask(expected_.get(), measured, period);
}

std::optional<Micros> LtvScorer::next_order(const LtvMeasured& measured, int64_t period,
                                            Micros now) const {
  const std::optional<double> units = ask(next_.get(), measured, period);
  if (!units) return std::nullopt;
  const Micros today = zone_.start_of_day(zone_.local_day(now));
  const int64_t unit = micros_of(model_.unit);
  const double length =
      unit > 0 ? static_cast<double>(unit) : kMicrosOfYear / ltv_units_per_year(model_.unit);
  const double at = static_cast<double>(today) + std::nearbyint(*units * length);
  if (!(at < static_cast<double>(kEndTime))) return std::nullopt;
  return today + static_cast<Micros>(std::nearbyint(*units * length));
}

std::optional<double> LtvScorer::spend_of(const LtvMeasured& measured, int64_t period) const {
  if (spend_ == nullptr || !measured.money) return std::nullopt;
  const LtvCustomer customer = ltv_customer(measured, grid_, period, scale_);
  if (ltv::bars_prediction(ltv::customer_fault(LtvModel::kGammaGamma, customer))) {
    return std::nullopt;
  }
  return ask(spend_.get(), measured, period);
}

std::optional<int64_t> LtvScorer::expected_spend(const LtvMeasured& measured,
                                                 int64_t period) const {
  const std::optional<double> spend = spend_of(measured, period);
  if (!spend) return std::nullopt;
  const Result<Rounded> minor = money_from_double(*spend, scale_);
  return minor.ok() ? std::optional(minor->minor) : std::nullopt;
}

std::optional<int64_t> LtvScorer::value(const LtvMeasured& measured, int64_t period) const {
  const std::optional<double> spend = spend_of(measured, period);
  const std::optional<double> purchases = ask(discounted_.get(), measured, period);
  if (!spend || !purchases) return std::nullopt;
  const Result<Rounded> minor = money_from_double(*spend * *purchases, scale_);
  return minor.ok() ? std::optional(minor->minor) : std::nullopt;
}

}  // namespace patron::internal
