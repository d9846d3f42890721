// One customer: what her rows come to in a summary. The meaning of the measures stands here, in the
// plainest form; the fast path of summary_aggregate.cc must agree with it bit for bit.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "lib/base/parallel.h"
#include "lib/models/ltv/summary/period_grid.h"
#include "lib/models/orders/order_row.h"

namespace patron::internal {

/// What the rows mean, with times counted from `origin`, an instant before all of them.
struct SummaryRules {
  Refunds refunds = Refunds::kNet;
  ZeroAmounts zero = ZeroAmounts::kCount;
  bool keep_first = false;  ///< the money of the first period counts
  bool has_money = true;    ///< amounts are read, not all 1
  bool has_holdout = false;
  uint64_t holdout = ~uint64_t{0};  ///< first instant of the hold-out, from origin
  const PeriodClock* clock = nullptr;
  Micros origin = 0;
};

/// Before and after every period.
inline constexpr int64_t kFirstPeriod = std::numeric_limits<int64_t>::min();
inline constexpr int64_t kNoPeriod = std::numeric_limits<int64_t>::max();

/// Measures of one customer. Those of the calibration are those of an observation that ends with
/// it: of rows before the hold-out alone.
struct SummaryMeasures {
  int64_t first = kNoPeriod;    ///< period of the first order; kNoPeriod where there is none
  int64_t last = kFirstPeriod;  ///< of the last; kFirstPeriod likewise
  int64_t money = 0;            ///< net minor units after the first period, or with it
  int64_t holdout_money = 0;    ///< net minor units of the hold-out
  uint32_t periods = 0;         ///< with an order
  uint32_t holdout_periods = 0;
  bool overflow = false;  ///< some money does not fit int64
  bool operator==(const SummaryMeasures&) const = default;
};

/// What enters a sum, and where: an order or money alone.
struct PeriodEvent {
  int64_t period;
  int64_t minor;
  bool order;
};

/// Scratch that is kept from customer to customer.
struct SummaryScratch {
  std::vector<PeriodEvent> calibration, holdout;
};

/// Measures a customer's rows, in any order. Sorts `rows` by (order, time, minor). With `by_order`
/// false every row is an order of its own. Once `pause` says stop the measures mean nothing.
///
/// An order is the rows that share an order id and are not negative; its time is the earliest of
/// theirs, its amount their sum. It counts where its amount is positive, or where it is zero and
/// zero counts. Negative rows are refunds: with Refunds::kNet those that share an id with an order
/// enter the money at that order's time, all others at their own.
///
/// The calibration sees the rows before the hold-out and no others. The hold-out's orders and money
/// are what all rows put there: what a later row adds to an order of the calibration, or takes
/// from it, is in neither.
SummaryMeasures summarise_customer(std::span<CustomerRow> rows, bool by_order,
                                   const SummaryRules& rules, SummaryScratch* scratch,
                                   const Pause& pause = {});

}  // namespace patron::internal
