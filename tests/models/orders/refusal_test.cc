#include "lib/models/orders/refusal.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "tests/models/rfm/table_lines.h"

namespace patron::internal {
namespace {

TEST(RefusalOf, NamesTheFirstBadCellInTheOrderOfColumns) {
  using S = CellState;
  EXPECT_EQ(refusal_of({S::kOk, S::kOk, S::kOk, S::kOk}), std::nullopt);
  EXPECT_EQ(refusal_of({S::kNull, S::kNull, S::kNull, S::kNull}), Refusal::kNullCustomer);
  EXPECT_EQ(refusal_of({S::kTooLong, S::kOk, S::kOk, S::kOk}), Refusal::kCustomerTooLong);
  EXPECT_EQ(refusal_of({S::kOverflow, S::kOk, S::kOk, S::kOk}), Refusal::kCustomerOutOfRange);
  EXPECT_EQ(refusal_of({S::kOk, S::kNull, S::kNull, S::kNull}), Refusal::kNullTime);
  EXPECT_EQ(refusal_of({S::kOk, S::kText, S::kOk, S::kOk}), Refusal::kTimeNotUnderstood);
  EXPECT_EQ(refusal_of({S::kOk, S::kRange, S::kOk, S::kOk}), Refusal::kTimeOutOfRange);
  EXPECT_EQ(refusal_of({S::kOk, S::kOverflow, S::kOk, S::kOk}), Refusal::kTimeOutOfRange);
  EXPECT_EQ(refusal_of({S::kOk, S::kOk, S::kNull, S::kNull}), Refusal::kNullAmount);
  EXPECT_EQ(refusal_of({S::kOk, S::kOk, S::kNotFinite, S::kOk}), Refusal::kAmountNotFinite);
  EXPECT_EQ(refusal_of({S::kOk, S::kOk, S::kOverflow, S::kOk}), Refusal::kAmountOverflow);
  EXPECT_EQ(refusal_of({S::kOk, S::kOk, S::kOk, S::kNull}), Refusal::kNullOrder);
  EXPECT_EQ(refusal_of({S::kOk, S::kOk, S::kOk, S::kTooLong}), Refusal::kOrderTooLong);
  EXPECT_EQ(refusal_of({S::kOk, S::kOk, S::kOk, S::kOverflow}), Refusal::kOrderOutOfRange);
  EXPECT_EQ(refusal_of({.amount = S::kRounded, .margin = S::kRounded}), std::nullopt);
  EXPECT_EQ(refusal_of({.order = S::kNull, .margin = S::kNull}), Refusal::kNullOrder);
  EXPECT_EQ(refusal_of({.margin = S::kNull}), Refusal::kNullMargin);
  EXPECT_EQ(refusal_of({.margin = S::kNotFinite}), Refusal::kMarginNotFinite);
  EXPECT_EQ(refusal_of({.margin = S::kOverflow}), Refusal::kMarginOverflow);
}

TEST(RefusedTable, NamesTheRowTheColumnAndTheReason) {
  const OrderColumns columns{"who", "when", "paid", "basket", "profit", 2};
  std::vector<RefusedRow> refused;
  for (int i = 1; i <= 15; i++) refused.push_back({i * 10, static_cast<Refusal>(i)});
  const Control control;
  Watch watch(control);
  const Table table = *refused_table(refused, columns, &watch);
  const std::vector<std::string> expected = {
      "10 \"who\" \"null customer\"",
      "20 \"when\" \"null time\"",
      "30 \"paid\" \"null amount\"",
      "40 \"paid\" \"amount is NaN or infinite\"",
      "50 \"paid\" \"amount exceeds 64-bit minor units\"",
      "60 \"when\" \"time outside the years 0001 to 9999\"",
      "70 \"when\" \"time is no ISO 8601 date or time\"",
      "80 \"who\" \"customer id above 2^63 - 1\"",
      "90 \"basket\" \"null order id\"",
      "100 \"basket\" \"order id above 2^63 - 1\"",
      "110 \"who\" \"customer id longer than 65,535 bytes\"",
      "120 \"basket\" \"order id longer than 65,535 bytes\"",
      "130 \"profit\" \"null margin\"",
      "140 \"profit\" \"margin is NaN or infinite\"",
      "150 \"profit\" \"margin exceeds 64-bit minor units\""};
  EXPECT_EQ(test::difference(expected, test::lines(table)), "");
}

TEST(Told, ShowsATextThatIsNoTime) {
  const std::vector<std::string> times = {"2026-01-01", "31.12.2026", std::string(100, '7')};
  const Table orders = *TableBuilder().int64("who", {1, 2, 3}).strings("when", times).finish();
  OrderColumns columns;
  columns.customer = "who";
  columns.time = "when";
  const RowSource source = *RowSource::open(orders, columns, *TimeZone::load("UTC"));
  EXPECT_EQ(told({1, Refusal::kTimeNotUnderstood}, source),
            "time is no ISO 8601 date or time: \"31.12.2026\"");
  EXPECT_LT(told({2, Refusal::kTimeNotUnderstood}, source).size(), 130u);  // not all of it
  EXPECT_EQ(told({1, Refusal::kTimeOutOfRange}, source), "time outside the years 0001 to 9999");
}

TEST(RefusedStatus, IsOfTheCodeOfItsReasonAndNamesTheRow) {
  const std::set<Refusal> null = {Refusal::kNullCustomer, Refusal::kNullTime, Refusal::kNullAmount,
                                  Refusal::kNullOrder, Refusal::kNullMargin};
  for (int i = 1; i <= 15; i++) {
    const Status status = refused_status({7, static_cast<Refusal>(i)});
    EXPECT_EQ(status.code() == Code::kNull, null.contains(static_cast<Refusal>(i))) << i;
    EXPECT_EQ(status.row(), 7);
    const char* value = static_cast<Refusal>(i) == Refusal::kTimeNotUnderstood ? ": \"\"" : "";
    EXPECT_EQ(status.message(),
              "row 7: " + std::string(refusal_reason(static_cast<Refusal>(i))) + value);
  }
  EXPECT_EQ(refused_status({0, Refusal::kMarginNotFinite}).code(), Code::kNumber);
  EXPECT_EQ(refused_status({0, Refusal::kMarginOverflow}).code(), Code::kOverflow);
  EXPECT_EQ(refused_status({0, Refusal::kCustomerTooLong}).code(), Code::kLimit);
  EXPECT_EQ(refused_status({0, Refusal::kTimeNotUnderstood}).code(), Code::kTime);
}

}  // namespace
}  // namespace patron::internal
