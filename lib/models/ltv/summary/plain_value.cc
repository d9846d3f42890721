#include <cmath>
#include <string>

#include "lib/base/number_text.h"
#include "lib/models/ltv/math/elementary.h"
#include "patron/ltv_historic.h"

namespace patron {
inline namespace v0 {
namespace {

/// The present value of 1 a year that flows evenly over the years.
double annuity(double years, double log_rate) {
  const double x = log_rate * years;
  if (log_rate == 0 || years == 0) return years;
  // Both are (1 - exp(-x)) / log_rate; the first loses nothing where x is small, even subnormal.
  return std::fabs(x) < 1 ? years * (-internal::ltv::expm1(-x) / x)
                          : -internal::ltv::expm1(-x) / log_rate;
}

Status check_terms(double margin, double rate_per_year) {
  if (!std::isfinite(margin)) return {Code::kArgument, "margin is no finite number"};
  if (!(rate_per_year > -1) || !std::isfinite(rate_per_year))
    return {Code::kArgument, "rate_per_year is " + internal::number_text(rate_per_year) +
                                 "; it must be finite and above -1"};
  return {};
}

Status check_row(double annual_spend, double years, double rate_per_year, int64_t row) {
  const std::string at = row < 0 ? "" : "row " + std::to_string(row) + ": ";
  if (std::isinf(annual_spend))
    return {Code::kArgument, at + "annual_spend is infinite; give a finite number", row};
  if (years < 0)
    return {Code::kArgument,
            at + "years is " + internal::number_text(years) + "; it must not be below 0", row};
  if (std::isinf(years) && !(rate_per_year > 0))
    return {Code::kArgument,
            at + "years is infinite, which has a value only where rate_per_year is above 0", row};
  return {};
}

}  // namespace

Result<double> ltv_plain_value(double annual_spend, double years, double margin,
                               double rate_per_year) {
  if (Status status = check_terms(margin, rate_per_year); !status.ok()) return status;
  if (Status status = check_row(annual_spend, years, rate_per_year, -1); !status.ok())
    return status;
  return margin * annual_spend * annuity(years, internal::ltv::log1p(rate_per_year));
}

Status ltv_plain_values(std::span<const double> annual_spend, std::span<const double> years,
                        double margin, double rate_per_year, std::span<double> value) {
  if (annual_spend.size() != years.size() || years.size() != value.size())
    return {Code::kArgument, "annual_spend, years and value have " +
                                 std::to_string(annual_spend.size()) + ", " +
                                 std::to_string(years.size()) + " and " +
                                 std::to_string(value.size()) + " rows; give them one length"};
  if (Status status = check_terms(margin, rate_per_year); !status.ok()) return status;
  for (size_t i = 0; i < years.size(); i++) {
    Status status = check_row(annual_spend[i], years[i], rate_per_year, static_cast<int64_t>(i));
    if (!status.ok()) return status;
  }
  const double log_rate = internal::ltv::log1p(rate_per_year);
  for (size_t i = 0; i < years.size(); i++)
    value[i] = margin * annual_spend[i] * annuity(years[i], log_rate);
  return {};
}

}  // namespace v0
}  // namespace patron
