// One customer: what her rows come to in historic value.
#pragma once

#include <cstdint>
#include <span>

#include "lib/base/parallel.h"
#include "lib/models/orders/order_row.h"
#include "patron/ltv_historic.h"

namespace patron::internal {

/// The length of a mean Gregorian year, 365.2425 days.
inline constexpr Micros kMicrosPerYear = 31'556'952'000'000;

/// What the rows mean, with times counted from an instant before all of them.
struct HistoricRules {
  Refunds refunds = Refunds::kNet;
  ZeroAmounts zero = ZeroAmounts::kCount;
  uint64_t as_of = 0;   ///< no earlier than any row
  double log_rate = 0;  ///< ln(1 + rate): interest of a year
};

/// Measures of one customer.
struct HistoricMeasures {
  static constexpr uint64_t kNever = ~uint64_t{0};
  uint64_t first = kNever;  ///< first order; kNever where she never bought
  uint64_t last = 0;
  int64_t revenue = 0, margin = 0;       ///< net minor units
  double revenue_at = 0, margin_at = 0;  ///< the same with interest, in minor units
  uint32_t orders = 0;
  bool overflow = false;  ///< some sum does not fit int64
};

/// Measures a customer's rows, in any order; those without a margin have margin 0. Sorts `rows` by
/// (order, time, minor, margin), which is the order of the sums. With `by_order` false every row is
/// an order of its own. Orders, their times and refunds are those of RFM (rfm/customer.h). Once
/// `pause` says stop the measures mean nothing.
template <typename Mine>
HistoricMeasures value_customer(std::span<Mine> rows, bool by_order, const HistoricRules& rules,
                                const Pause& pause = {});

}  // namespace patron::internal
