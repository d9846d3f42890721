#include "lib/models/orders/refusal.h"

#include <string>
#include <utility>

#include "lib/base/refused_rows.h"
#include "lib/base/utf8.h"

namespace patron {
namespace internal {
namespace {

bool good(CellState money) { return money == CellState::kOk || money == CellState::kRounded; }

Code refusal_code(Refusal reason) {
  switch (reason) {
    case Refusal::kNullCustomer:
    case Refusal::kNullTime:
    case Refusal::kNullAmount:
    case Refusal::kNullOrder:
    case Refusal::kNullMargin:
      return Code::kNull;
    case Refusal::kAmountNotFinite:
    case Refusal::kMarginNotFinite:
      return Code::kNumber;
    case Refusal::kAmountOverflow:
    case Refusal::kMarginOverflow:
    case Refusal::kCustomerOutOfRange:
    case Refusal::kOrderOutOfRange:
      return Code::kOverflow;
    case Refusal::kCustomerTooLong:
    case Refusal::kOrderTooLong:
      return Code::kLimit;
    default:
      return Code::kTime;
  }
}

/// The name of the column that a refusal is about.
const std::string& refused_column(Refusal reason, const OrderColumns& columns) {
  switch (reason) {
    case Refusal::kNullCustomer:
    case Refusal::kCustomerOutOfRange:
    case Refusal::kCustomerTooLong:
      return columns.customer;
    case Refusal::kNullTime:
    case Refusal::kTimeOutOfRange:
    case Refusal::kTimeNotUnderstood:
      return columns.time;
    case Refusal::kNullOrder:
    case Refusal::kOrderOutOfRange:
    case Refusal::kOrderTooLong:
      return *columns.order;
    case Refusal::kNullMargin:
    case Refusal::kMarginNotFinite:
    case Refusal::kMarginOverflow:
      return *columns.margin;
    default:
      return *columns.amount;
  }
}

}  // namespace

std::optional<Refusal> refusal_of(const RowStates& states) {
  const CellState customer = states.customer, time = states.time, order = states.order;
  if (customer == CellState::kNull) return Refusal::kNullCustomer;
  if (customer == CellState::kTooLong) return Refusal::kCustomerTooLong;
  if (customer != CellState::kOk) return Refusal::kCustomerOutOfRange;
  if (time == CellState::kNull) return Refusal::kNullTime;
  if (time == CellState::kText) return Refusal::kTimeNotUnderstood;
  if (time != CellState::kOk) return Refusal::kTimeOutOfRange;
  if (states.amount == CellState::kNull) return Refusal::kNullAmount;
  if (states.amount == CellState::kNotFinite) return Refusal::kAmountNotFinite;
  if (!good(states.amount)) return Refusal::kAmountOverflow;
  if (order == CellState::kNull) return Refusal::kNullOrder;
  if (order == CellState::kTooLong) return Refusal::kOrderTooLong;
  if (order != CellState::kOk) return Refusal::kOrderOutOfRange;
  if (states.margin == CellState::kNull) return Refusal::kNullMargin;
  if (states.margin == CellState::kNotFinite) return Refusal::kMarginNotFinite;
  if (!good(states.margin)) return Refusal::kMarginOverflow;
  return std::nullopt;
}

std::string told(const RefusedRow& refused, const RowSource& source) {
  const std::string reason(refusal_reason(refused.reason));
  if (refused.reason != Refusal::kTimeNotUnderstood) return reason;
  return reason + ": " + quoted(source.text_time.of_row(refused.row));
}

Status refused_status(const RefusedRow& refused, const RowSource& source) {
  return {refusal_code(refused.reason),
          "row " + std::to_string(refused.row) + ": " + told(refused, source), refused.row};
}

Result<Table> refused_table(const std::vector<RefusedRow>& refused, const OrderColumns& columns,
                            Watch* watch) {
  return refused_rows_table(refused, watch,
                            [&](Refusal reason) { return refused_column(reason, columns); });
}

}  // namespace internal

inline namespace v0 {

std::string_view refusal_reason(Refusal refusal) {
  switch (refusal) {
    case Refusal::kNullCustomer:
      return "null customer";
    case Refusal::kNullTime:
      return "null time";
    case Refusal::kNullAmount:
      return "null amount";
    case Refusal::kAmountNotFinite:
      return "amount is NaN or infinite";
    case Refusal::kAmountOverflow:
      return "amount exceeds 64-bit minor units";
    case Refusal::kTimeOutOfRange:
      return "time outside the years 0001 to 9999";
    case Refusal::kTimeNotUnderstood:
      return "time is no ISO 8601 date or time";
    case Refusal::kCustomerOutOfRange:
      return "customer id above 2^63 - 1";
    case Refusal::kNullOrder:
      return "null order id";
    case Refusal::kOrderOutOfRange:
      return "order id above 2^63 - 1";
    case Refusal::kCustomerTooLong:
      return "customer id longer than 65,535 bytes";
    case Refusal::kOrderTooLong:
      return "order id longer than 65,535 bytes";
    case Refusal::kNullMargin:
      return "null margin";
    case Refusal::kMarginNotFinite:
      return "margin is NaN or infinite";
    case Refusal::kMarginOverflow:
      return "margin exceeds 64-bit minor units";
  }
  return "unknown";
}

}  // namespace v0
}  // namespace patron
