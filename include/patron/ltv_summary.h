// From raw orders to what lifetime value models read: frequency, recency, T and monetary value of
// each customer, and what she did in a hold-out period.
//
//   patron::LtvSummaryOptions options;
//   options.customer = "customer_id", options.time = "date", options.amount = "amount";
//   options.calibration_end = *patron::parse_time("1997-09-30", zone);
//   patron::Result<patron::LtvSummaryResult> summary = patron::ltv_summary(orders, options);
//
// Orders of one period of a grid (by default one local day) count once. frequency is the number of
// periods with an order after the first such period; recency the time from the first to the last
// of them, T from the first to the end of the observation, both in `unit`; monetary the mean net
// money of a period, without the first. As Fader, Hardie and Lee (2005) and the packages after
// them, but exact: docs/ltv/summary.md has every rule. The result is the same bytes for any number
// of threads and any order and chunking of the rows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "patron/control.h"
#include "patron/ltv_unit.h"
#include "patron/orders.h"
#include "patron/status.h"
#include "patron/table.h"
#include "patron/time.h"
#include "patron/workspace.h"

namespace patron {
inline namespace v0 {

/// The grid whose periods count once.
enum class LtvCollapse : int32_t {
  kDay = 0,   ///< local days; times are exact, from day to day
  kUnit = 1,  ///< the unit's own local periods (weeks begin on Monday); times are whole numbers
  kNone = 2,  ///< instants: only orders of the very same one count once
};

/// Whether the money of the first period enters `monetary`. It never counts in `frequency`.
enum class LtvFirstOrder : int32_t { kDrop = 0, kKeep = 1 };

/// What `monetary` is of the money of a customer's periods.
enum class LtvMoney : int32_t { kMean = 0, kTotal = 1 };

struct LtvSummaryOptions {
  std::string customer;  ///< column: any integer or string type
  std::string time;      ///< column: date, timestamp, or ISO 8601 string
  /// Column: integer or decimal or double, in major units. Without it every row is an order, and
  /// the result has no money.
  std::optional<std::string> amount;
  /// Column of order ids (integer or string); rows of one customer that share one are one order.
  /// Without it every row is an order.
  std::optional<std::string> order;

  LtvUnit unit = LtvUnit::kWeek;  ///< of recency, T and the length of the hold-out
  LtvCollapse collapse = LtvCollapse::kDay;
  /// The last period of the calibration is the one that holds it; what comes after is held out.
  /// Without it there is no hold-out.
  std::optional<Micros> calibration_end;
  /// The last period that is looked at is the one that holds it; rows after it wait (they are
  /// counted, not used). Without it, the newest time in the rows.
  std::optional<Micros> observation_end;

  LtvFirstOrder first_order = LtvFirstOrder::kDrop;
  LtvMoney money = LtvMoney::kMean;
  Refunds refunds = Refunds::kNet;
  ZeroAmounts zero = ZeroAmounts::kCount;  ///< an order for nothing is an order
  std::string timezone = "UTC";  ///< IANA name: local periods, and wall clocks without a zone
  int scale = 2;                 ///< decimal digits of the minor unit

  bool refuse_bad_rows = true;  ///< false: the first bad row fails the call
  int threads = 1;              ///< 0: one for each core
  Control control;
  Workspace* workspace = nullptr;  ///< keeps scratch memory from call to call
};

struct LtvSummaryResult {
  /// One row for each customer who ordered (with calibration_end: in the calibration), in the
  /// order of their ids (numbers by value, strings by bytes):
  ///   customer            int64 or utf8
  ///   frequency           int64, periods with an order after the first
  ///   recency             double, in units, 0 where frequency is 0
  ///   T                   double, in units, at least recency
  ///   monetary            double, major units; 0 for LtvFirstOrder::kDrop where frequency is 0
  /// and with calibration_end, after which nothing is looked at for the columns above:
  ///   frequency_holdout   int64, periods with an order in the hold-out
  ///   monetary_holdout    double, of these as `monetary` of the calibration; 0 where there is none
  ///   duration_holdout    double, in units, the same for all
  Table table;
  /// The refused rows: row int64 (zero-based), column utf8, reason utf8, in row order.
  Table refused;
  int64_t rows = 0;  ///< rows read
  int64_t refused_rows = 0;
  int64_t rounded_rows = 0;     ///< amounts that were no multiple of the minor unit
  int64_t waiting_rows = 0;     ///< after the observation
  int64_t zero_rows = 0;        ///< amounts of zero
  int64_t refund_rows = 0;      ///< negative amounts
  int64_t later_customers = 0;  ///< whose first order is in the hold-out
  int64_t without_orders = 0;   ///< customers none of whose rows is an order
  Micros calibration_end = 0;   ///< as given; the observation's end where there is no hold-out
  Micros observation_end = 0;   ///< as given, or the newest time in the rows
};

/// Orders to customer summaries. Code::kColumn, kType, kZone, kEmpty (no rows, none usable, or
/// nobody who ordered), kTime (an end before the first order), kArgument (scale, threads, or a
/// calibration_end after the end of the observation), kOverflow (a customer's money exceeds int64;
/// names the customer), kUtf8, kCancelled, kCallback; where refuse_bad_rows is false also kNull,
/// kNumber, kOverflow, kLimit and kTime, each with the row. Thread class: pure. Cost: linear in
/// rows; scratch is 24 bytes a row plus at most 64 a customer for integer ids without order ids.
Result<LtvSummaryResult> ltv_summary(const Table& orders, const LtvSummaryOptions& options);

}  // namespace v0
}  // namespace patron
