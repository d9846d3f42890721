// What customers were worth so far, and the plain formula of what they are worth a life long.
//
//   patron::LtvHistoricOptions options;
//   options.customer = "customer_id", options.time = "date", options.amount = "amount";
//   options.rate_per_year = 0.08;
//   patron::Result<patron::LtvHistoricResult> past = patron::ltv_historic(orders, options);
//   patron::ltv_plain_value(240, 5, 0.3, 0.08);   // 240 a year for 5 years, 30 % of it kept: 298.
//
// Nothing here is a forecast; models are in ltv.h. A year is 365.2425 days. docs/ltv/value.md has
// the formulas.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "patron/control.h"
#include "patron/orders.h"
#include "patron/status.h"
#include "patron/table.h"
#include "patron/time.h"
#include "patron/workspace.h"

namespace patron {
inline namespace v0 {

struct LtvHistoricOptions {
  std::string customer;  ///< column: any integer or string type
  std::string time;      ///< column: date, timestamp, or ISO 8601 string
  std::string amount;    ///< column: integer or decimal or double, in major units
  /// Column of order ids (integer or string); rows of one customer that share one are one order.
  /// Without it every row is an order.
  std::optional<std::string> order;
  std::optional<std::string> margin;  ///< column of what was earned of the amount, of like type

  /// The instant of evaluation; rows after it wait (they are counted, not used). Without it, the
  /// newest time in the rows.
  std::optional<Micros> as_of;
  /// A year's rate, above -1: money that came at t is worth (1 + rate)^((as_of - t) / year) times
  /// as much at as_of.
  double rate_per_year = 0;
  Refunds refunds = Refunds::kNet;
  ZeroAmounts zero = ZeroAmounts::kCount;  ///< an order for nothing is an order
  std::string timezone = "UTC";            ///< IANA name, of wall clocks without a zone
  int scale = 2;                           ///< decimal digits of the minor unit

  bool refuse_bad_rows = true;  ///< false: the first bad row fails the call
  int threads = 1;              ///< 0: one for each core
  Control control;
  Workspace* workspace = nullptr;  ///< keeps scratch memory from call to call
};

struct LtvHistoricResult {
  /// One row for each customer, in the order of their ids (numbers by value, strings by bytes):
  ///   customer          int64 or utf8
  ///   first_order       timestamp[us, tz], null for who never bought
  ///   last_order        timestamp[us, tz], null likewise
  ///   orders            int64
  ///   years             double, from first_order to as_of, null likewise
  ///   revenue           double, net, in major units: the exact sum, rounded once
  ///   revenue_at_as_of  double, each amount with its interest from its time to as_of
  ///   margin, margin_at_as_of   double, likewise, where a margin column is named
  ///   annual_spend      double, revenue / years; null where years is null or 0
  Table table;
  /// The refused rows: row int64 (zero-based), column utf8, reason utf8, in row order.
  Table refused;
  int64_t rows = 0;  ///< rows read
  int64_t refused_rows = 0;
  int64_t rounded_rows = 0;  ///< amounts or margins that were no multiple of the minor unit
  int64_t waiting_rows = 0;  ///< after as_of
  int64_t zero_rows = 0;     ///< amounts of zero
  int64_t refund_rows = 0;   ///< negative amounts
  Micros as_of = 0;
};

/// Orders to the value they had. A refund's margin goes with its amount: at the same time, left out
/// where refunds are. Code::kColumn, kType, kZone, kEmpty (no rows, or none usable), kTime (as_of
/// before the first order), kArgument (scale, threads, rate), kOverflow (a customer's money exceeds
/// int64, or with interest the largest double; names the customer), kUtf8, kCancelled, kCallback;
/// where refuse_bad_rows is false also kNull, kNumber, kOverflow, kLimit and kTime, each with the
/// row. Thread class: pure. Cost: linear in rows.
Result<LtvHistoricResult> ltv_historic(const Table& orders, const LtvHistoricOptions& options);

/// The plain formula: margin x annual_spend x years, and with a rate each year's money discounted
/// to today: margin x annual_spend x (1 - (1 + rate)^-years) / ln(1 + rate), the value of money
/// that flows evenly over the years. Its limit for rate 0 is the former, exactly, and near it
/// nothing cancels. years may be infinite where the rate is above 0. NaN in spend or years gives
/// NaN. Code::kArgument for years below 0, a rate not above -1, and what is not finite. Thread
/// class: pure.
Result<double> ltv_plain_value(double annual_spend, double years, double margin,
                               double rate_per_year);
/// The same for columns, which must be of one length; the error has the row. `value` may be one of
/// the inputs.
Status ltv_plain_values(std::span<const double> annual_spend, std::span<const double> years,
                        double margin, double rate_per_year, std::span<double> value);

}  // namespace v0
}  // namespace patron
