// Orders: what their rows mean, whatever is made of them (rfm.h, ltv_summary.h, ltv_historic.h).
//
// An order is the rows of one customer that share an order id and are not negative; without order
// ids every such row is one. Its time is the earliest of theirs, its amount their sum. Negative
// rows are refunds.
//
//   patron::RfmOptions options;
//   options.order = "order_id", options.refunds = patron::Refunds::kIgnore;
//   patron::refusal_reason(patron::Refusal::kNullAmount);      // "null amount"
//
// Thread class of everything here: pure.
#pragma once

#include <cstdint>
#include <string_view>

namespace patron {
inline namespace v0 {

/// What a negative amount does. It never counts as an order.
enum class Refunds : int32_t {
  kNet = 0,      ///< enters the money at the time of the order it names, else at its own time
  kOwnTime = 1,  ///< enters the money at its own time
  kIgnore = 2,   ///< left out, and counted
};

/// Whether an order whose amount is zero is an order.
enum class ZeroAmounts : int32_t { kIgnore = 0, kCount = 1 };

/// Why a row was refused. The numbers are those of the C ABI.
enum class Refusal : uint8_t {
  kNullCustomer = 1,
  kNullTime = 2,
  kNullAmount = 3,
  kAmountNotFinite = 4,
  kAmountOverflow = 5,
  kTimeOutOfRange = 6,
  kTimeNotUnderstood = 7,
  kCustomerOutOfRange = 8,  ///< an unsigned id above 2^63 - 1
  kNullOrder = 9,           ///< an order column is named and the row has no order id
  kOrderOutOfRange = 10,    ///< an unsigned order id above 2^63 - 1
  kCustomerTooLong = 11,    ///< an id of more than 65,535 bytes
  kOrderTooLong = 12,
  kNullMargin = 13,  ///< a margin column is named and the row has no margin
  kMarginNotFinite = 14,
  kMarginOverflow = 15,
};
/// "null customer", "amount is NaN or infinite", ...
std::string_view refusal_reason(Refusal refusal);

}  // namespace v0
}  // namespace patron
