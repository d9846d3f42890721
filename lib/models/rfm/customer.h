// One customer: what her rows come to. The meaning of RFM's measures stands here, in the plainest
// form; the fast path of aggregate.cc must agree with it bit for bit.
#pragma once

#include <cstdint>
#include <span>

#include "lib/base/day_clock.h"
#include "lib/base/parallel.h"
#include "lib/models/orders/order_row.h"
#include "patron/rfm.h"

namespace patron::internal {

/// What the rows mean: the part of RfmOptions that the measures depend on, with times counted
/// from `origin`, an instant before all of them.
struct MeasureRules {
  Refunds refunds = Refunds::kNet;
  ZeroAmounts zero = ZeroAmounts::kIgnore;
  bool has_window = false;
  uint64_t window_start = 0;  ///< first instant of the window, from origin
  const DayClock* clock = nullptr;
  Micros origin = 0;
};

inline constexpr uint64_t kNever = ~uint64_t{0};

/// Measures of one customer. Times are relative to MeasureRules::origin.
struct Measures {
  uint64_t first = kNever;  ///< first order; kNever where she never bought
  uint64_t last = 0;
  int64_t money = 0;  ///< net minor units in the window
  uint32_t orders = 0;
  uint32_t order_days = 0;
  uint32_t frequency = 0;  ///< order days in the window
  bool overflow = false;   ///< money does not fit int64
  bool operator==(const Measures&) const = default;
};

/// Measures a customer's rows, in any order. Sorts `rows` by (order, time, minor). With `by_order`
/// false every row is an order of its own. Scratch: one array of days. Once `pause` says stop the
/// measures mean nothing.
///
/// An order is the rows that share an order id and are not negative; its time is the earliest of
/// theirs, its amount their sum. It counts where its amount is positive, or where it is zero and
/// zero counts. Negative rows are refunds: with Refunds::kNet those that share an id with an order
/// enter the money at that order's time, all others at their own.
Measures measure_customer(std::span<CustomerRow> rows, bool by_order, const MeasureRules& rules,
                          std::vector<int64_t>* days, const Pause& pause = {});

}  // namespace patron::internal
