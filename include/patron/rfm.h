// RFM: recency, frequency and monetary value from raw orders, scored and named.
//
// Three steps, each a value: measure (orders to one row for each customer), calibrate (measures to
// cuts, the only step that looks at everybody), evaluate (measures and cuts to scores, segments and
// octants). rfm() does all three; with `RfmOptions::cuts` it scores by cuts frozen earlier. What
// each rule means: docs/rfm.md.
//
//   patron::RfmOptions options;
//   options.customer = "customer_id", options.time = "date", options.amount = "amount";
//   patron::Result<patron::RfmResult> result = patron::rfm(orders, options);
//
// Equal inputs get equal scores, always: a score is 1 + the number of cuts strictly below the
// value. The result is the same bytes for any number of threads and any order and chunking of the
// rows.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "patron/control.h"
#include "patron/orders.h"
#include "patron/segments.h"
#include "patron/status.h"
#include "patron/table.h"
#include "patron/time.h"
#include "patron/workspace.h"

namespace patron {
inline namespace v0 {

enum class RfmMethod : int32_t {
  kQuantile = 0,     ///< cuts at the type 7 quantiles k/bins (Hyndman and Fan 1996)
  kNearestRank = 1,  ///< cuts at the value of rank ceil(n k / bins) (type 1)
  kFixed = 2,        ///< cuts given by the caller
};

/// How one axis is scored.
struct RfmAxis {
  RfmMethod method = RfmMethod::kQuantile;
  int bins = 5;  ///< 2 to 10
  /// kFixed: bins - 1 cuts that do not decrease: days, order days, or money in major units.
  std::vector<double> cuts;
};

/// Where the octants split an axis.
struct OctantSplit {
  enum class Kind : int32_t { kMean = 0, kMedian = 1, kValue = 2 } kind = Kind::kMean;
  double value = 0;  ///< kValue: days, order days, or money in major units
};

/// The cuts of one axis, frozen. A value lies above cut k when it is greater than cuts[k]; since
/// recency, order days and minor units are whole numbers, each cut is the whole number at or below
/// the quantile, which scores the same and stores exactly.
struct RfmAxisCuts {
  RfmMethod method = RfmMethod::kQuantile;
  std::vector<int64_t> cuts;  ///< bins - 1, not decreasing: days, order days, minor units
  int64_t octant_split = 0;   ///< high where strictly above (recency: where not above)
  int bins() const { return static_cast<int>(cuts.size()) + 1; }
  bool operator==(const RfmAxisCuts&) const = default;
};

/// Everything calibration learned; a value that can be stored, shown and applied to others.
struct RfmCuts {
  RfmAxisCuts recency, frequency, monetary;
  int scale = 2;          ///< of the monetary cuts
  std::string timezone;   ///< whose midnights recency counted
  int64_t customers = 0;  ///< size of the sample
  bool operator==(const RfmCuts&) const = default;

  /// A small JSON document, versioned.
  std::string to_json() const;
  /// Code::kSyntax with the byte offset, Code::kDocument for cuts that decrease, unknown keys.
  static Result<RfmCuts> parse(std::string_view json);
};

/// One column for each axis, of one length: the measures of customers in the sample.
struct RfmSample {
  std::span<const int64_t> recency_days;
  std::span<const int64_t> frequency;
  std::span<const int64_t> monetary_minor;
};

/// How calibration works.
struct RfmCalibration {
  RfmAxis recency, frequency, monetary;
  std::array<OctantSplit, 3> octant_split;  ///< recency, frequency, monetary
  int scale = 2;                            ///< of the minor unit
};

/// Cuts from a sample. Code::kArgument for bins outside 2..10, a scale outside 0..9, or fixed cuts
/// that are not bins - 1 finite values in order; Code::kEmpty for a sample without customers,
/// unless all axes and splits are given. Thread class: pure. Cost: linear.
Result<RfmCuts> rfm_calibrate(const RfmSample& sample, const RfmCalibration& calibration);

/// The scores of one customer who bought: for frequency and money 1 + the number of cuts strictly
/// below the value, for recency bins - that number. Thread class: pure.
Scores rfm_score(int64_t recency_days, int64_t frequency, int64_t monetary_minor,
                 const RfmCuts& cuts);
/// Her octant, 0 to 7 as in octant_name().
int rfm_octant(int64_t recency_days, int64_t frequency, int64_t monetary_minor,
               const RfmCuts& cuts);

struct RfmOptions {
  std::string customer;  ///< column: any integer or string type
  std::string time;      ///< column: date, timestamp, or ISO 8601 string
  std::string amount;    ///< column: integer or decimal or double, in major units
  /// Column of order ids (integer or string); rows of one customer that share one are one order.
  /// Without it every row is an order.
  std::optional<std::string> order;

  /// The instant of evaluation; rows after it wait (they are counted, not used). Without it, the
  /// newest time in the rows.
  std::optional<Micros> as_of;
  /// Rolling window (as_of - w, as_of] for frequency and monetary; without it, all time.
  std::optional<Period> window;
  std::string timezone = "UTC";  ///< IANA name: local days, and wall clocks without a zone

  Refunds refunds = Refunds::kNet;
  ZeroAmounts zero = ZeroAmounts::kIgnore;
  int scale = 2;  ///< decimal digits of the minor unit

  RfmAxis recency, frequency, monetary;
  std::array<OctantSplit, 3> octant_split;  ///< recency, frequency, monetary
  /// Frozen cuts; then the axes and splits above are not looked at. Their scale must be `scale`.
  std::optional<RfmCuts> cuts;
  OctantNames octant_names = OctantNames::kClassic;
  /// Names segments; must have as many bins as the axes. Without it the segment is null.
  std::optional<SegmentTable> table;
  OnGap on_gap = OnGap::kError;
  OnOverlap on_overlap = OnOverlap::kError;
  bool chinese = false;  ///< segment and octant names in Chinese where there are such

  bool refuse_bad_rows = true;  ///< false: the first bad row fails the call
  int threads = 1;              ///< 0: one for each core
  Control control;
  Workspace* workspace = nullptr;  ///< keeps scratch memory from call to call
};

struct RfmResult {
  /// One row for each customer, in the order of their ids (numbers by value, strings by bytes):
  ///   customer       int64 or utf8
  ///   first_order    timestamp[us, tz], null for who never bought
  ///   last_order     timestamp[us, tz], null likewise
  ///   orders         int64, all orders until as_of
  ///   order_days     int64, distinct local days of those orders
  ///   recency_days   int64, whole local days from last_order to as_of, null likewise
  ///   frequency      int64, order days in the window
  ///   monetary       double, net money in the window in major units
  ///   monetary_minor int64, the same, exact
  ///   r, f, m        int8, 1 to bins, 0 for who never bought
  ///   code           int32, the digits r f m (two digits each where an axis has 10 bins)
  ///   segment        dictionary, null where no table was given; "prospect" for who never bought
  ///   octant         dictionary, null for who never bought
  Table table;
  RfmCuts cuts;
  /// The refused rows: row int64 (zero-based), column utf8, reason utf8, in row order.
  Table refused;
  int64_t rows = 0;  ///< rows read
  int64_t refused_rows = 0;
  int64_t rounded_rows = 0;  ///< amounts that were no multiple of the minor unit
  int64_t waiting_rows = 0;  ///< after as_of
  int64_t zero_rows = 0;     ///< amounts of zero
  int64_t refund_rows = 0;   ///< negative amounts
  Micros as_of = 0;
};

/// Orders to scored customers. Code::kColumn, kType, kEmpty (no rows, none usable, or none with an
/// order to calibrate on), kTime (as_of before the first order), kZone, kArgument (bins, scale,
/// fixed cuts, a segment table for other bins than the axes have), kDocument (a segment table with
/// gaps or overlaps that are not allowed), kLimit (one of more than 126 rows), kOverflow (a
/// customer's money exceeds int64; names the customer), kUtf8, kCancelled, kCallback; where
/// refuse_bad_rows is false also kNull, kNumber, kOverflow and kTime, each with the row. Thread
/// class: pure. Cost: linear in rows; scratch is 24 bytes a row plus at most 64 a customer for
/// integer ids without order ids.
Result<RfmResult> rfm(const Table& orders, const RfmOptions& options);

}  // namespace v0
}  // namespace patron
