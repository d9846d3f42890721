// The rules of one customer's measures, each on rows that a reader can add up. Times are whole
// hours after 2026-01-01T00:00:00Z.
#include "lib/models/rfm/customer.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace patron::internal {
namespace {

constexpr Micros kOrigin = 20'454 * kMicrosPerDay;  // 2026-01-01

uint64_t hours(int64_t n) { return static_cast<uint64_t>(n * kMicrosPerHour); }

class MeasureCustomer : public testing::Test {
 protected:
  MeasureCustomer() {
    rules_.clock = &clock_;
    rules_.origin = kOrigin;
  }
  Measures plain(std::vector<CustomerRow> rows) {
    return measure_customer(rows, false, rules_, &days_);
  }
  Measures by_order(std::vector<CustomerRow> rows) {
    return measure_customer(rows, true, rules_, &days_);
  }
  void window_from(int64_t hour) {
    rules_.has_window = true;
    rules_.window_start = hours(hour);
  }

  DayClock clock_{TimeZone(), kOrigin, kOrigin + 400 * kMicrosPerDay};
  MeasureRules rules_;
  std::vector<int64_t> days_;
};

TEST_F(MeasureCustomer, OrdersOfOneDayAreOneOrderDay) {
  const Measures m = plain({{hours(1), 500, 0}, {hours(23), 250, 0}, {hours(24), 100, 0}});
  EXPECT_EQ(m.orders, 3u);
  EXPECT_EQ(m.order_days, 2u);
  EXPECT_EQ(m.frequency, 2u);
  EXPECT_EQ(m.money, 850);
  EXPECT_EQ(m.first, hours(1));
  EXPECT_EQ(m.last, hours(24));
}

TEST_F(MeasureCustomer, TheOrderOfRowsDoesNotMatter) {
  const Measures m = by_order({{hours(5), 1, 7}, {hours(3), -4, 9}, {hours(80), 10, 9}});
  EXPECT_EQ(m, by_order({{hours(80), 10, 9}, {hours(5), 1, 7}, {hours(3), -4, 9}}));
  EXPECT_EQ(m, by_order({{hours(3), -4, 9}, {hours(80), 10, 9}, {hours(5), 1, 7}}));
}

TEST_F(MeasureCustomer, RowsOfOneOrderIdAreOneOrderAtTheEarliestTime) {
  const Measures m = by_order({{hours(30), 300, 1}, {hours(2), 200, 1}, {hours(50), 100, 2}});
  EXPECT_EQ(m.orders, 2u);
  EXPECT_EQ(m.order_days, 2u);
  EXPECT_EQ(m.first, hours(2));
  EXPECT_EQ(m.last, hours(50));
  EXPECT_EQ(m.money, 600);
}

TEST_F(MeasureCustomer, WithoutOrderIdsEveryRowIsAnOrder) {
  EXPECT_EQ(plain({{hours(2), 200, 1}, {hours(2), 200, 1}}).orders, 2u);
}

TEST_F(MeasureCustomer, AWindowHoldsTheMoneyOfAWholeOrderOrNoneOfIt) {
  window_from(24);
  // The order began before the window, so its second row is outside as well.
  const Measures m = by_order({{hours(23), 300, 1}, {hours(30), 40, 1}, {hours(31), 5, 2}});
  EXPECT_EQ(m.money, 5);
  EXPECT_EQ(m.orders, 2u);
  EXPECT_EQ(m.frequency, 1u);
}

TEST_F(MeasureCustomer, AnOrderAtTheFirstInstantOfTheWindowIsInIt) {
  window_from(24);
  EXPECT_EQ(plain({{hours(24), 9, 0}}).frequency, 1u);
  EXPECT_EQ(plain({{hours(24) - 1, 9, 0}}).frequency, 0u);
}

TEST_F(MeasureCustomer, ADayThatTheWindowCutsCountsWhereAnOrderOfItIsInside) {
  window_from(12);
  Measures m = plain({{hours(11), 1, 0}, {hours(13), 1, 0}, {hours(40), 1, 0}});
  EXPECT_EQ(m.order_days, 2u);
  EXPECT_EQ(m.frequency, 2u);
  m = plain({{hours(11), 1, 0}, {hours(40), 1, 0}});
  EXPECT_EQ(m.order_days, 2u);
  EXPECT_EQ(m.frequency, 1u);
}

TEST_F(MeasureCustomer, BoughtBeforeTheWindowOnlyMeansNoFrequencyAndNoMoney) {
  window_from(100);
  const Measures m = plain({{hours(1), 700, 0}, {hours(50), 300, 0}});
  EXPECT_EQ(m.frequency, 0u);
  EXPECT_EQ(m.money, 0);
  EXPECT_EQ(m.orders, 2u);
  EXPECT_EQ(m.order_days, 2u);
  EXPECT_EQ(m.last, hours(50));
}

TEST_F(MeasureCustomer, ARefundNetsAtTheTimeOfTheOrderItNames) {
  window_from(24);
  const std::vector<CustomerRow> old = {{hours(1), 300, 1}, {hours(30), -120, 1}};
  EXPECT_EQ(by_order(old).money, 0);  // the order is before the window, and so is its refund
  rules_.refunds = Refunds::kOwnTime;
  EXPECT_EQ(by_order(old).money, -120);
  rules_.refunds = Refunds::kIgnore;
  EXPECT_EQ(by_order(old).money, 0);
}

TEST_F(MeasureCustomer, ARefundBeforeItsOrderNetsThereToo) {
  window_from(24);
  const std::vector<CustomerRow> rows = {{hours(3), -120, 1}, {hours(30), 300, 1}};
  EXPECT_EQ(by_order(rows).money, 180);
  rules_.refunds = Refunds::kOwnTime;
  EXPECT_EQ(by_order(rows).money, 300);
}

TEST_F(MeasureCustomer, ARefundThatNamesNoOrderOfHersCountsAtItsOwnTime) {
  window_from(24);
  EXPECT_EQ(by_order({{hours(30), 300, 1}, {hours(40), -120, 2}}).money, 180);
  EXPECT_EQ(by_order({{hours(30), 300, 1}, {hours(3), -120, 2}}).money, 300);
  EXPECT_EQ(plain({{hours(30), 300, 0}, {hours(3), -120, 0}}).money, 300);
}

TEST_F(MeasureCustomer, ARefundIsNoOrder) {
  const Measures m = plain({{hours(30), 300, 0}, {hours(80), -300, 0}});
  EXPECT_EQ(m.orders, 1u);
  EXPECT_EQ(m.order_days, 1u);
  EXPECT_EQ(m.last, hours(30));
  EXPECT_EQ(m.money, 0);
}

TEST_F(MeasureCustomer, WhoHasOnlyRefundsNeverBought) {
  const Measures m = by_order({{hours(30), -300, 1}});
  EXPECT_EQ(m.first, kNever);
  EXPECT_EQ(m.orders, 0u);
  EXPECT_EQ(m.order_days, 0u);
  EXPECT_EQ(m.frequency, 0u);
  EXPECT_EQ(m.money, -300);
}

TEST_F(MeasureCustomer, ZeroAmountsAreOrdersOnlyWhereAskedFor) {
  const std::vector<CustomerRow> rows = {{hours(1), 0, 1}, {hours(30), 5, 2}};
  EXPECT_EQ(plain(rows).orders, 1u);
  EXPECT_EQ(plain(rows).first, hours(30));
  rules_.zero = ZeroAmounts::kCount;
  EXPECT_EQ(plain(rows).orders, 2u);
  EXPECT_EQ(plain(rows).first, hours(1));
  EXPECT_EQ(plain(rows).money, 5);
}

TEST_F(MeasureCustomer, AnOrderWithOneRowAboveZeroIsAnOrderFromItsFirstRowOn) {
  const Measures m = by_order({{hours(1), 0, 1}, {hours(30), 5, 1}});
  EXPECT_EQ(m.orders, 1u);
  EXPECT_EQ(m.first, hours(1));
}

TEST_F(MeasureCustomer, AnOrderOfOneMinorUnitCounts) {
  EXPECT_EQ(plain({{hours(1), 1, 0}, {hours(2), 0, 0}}).orders, 1u);
  EXPECT_EQ(by_order({{hours(1), 1, 1}, {hours(2), 0, 1}, {hours(3), 0, 2}}).orders, 1u);
}

TEST_F(MeasureCustomer, ARefundedOrderIsStillAnOrder) {
  const Measures m = by_order({{hours(1), 500, 1}, {hours(2), -500, 1}});
  EXPECT_EQ(m.orders, 1u);
  EXPECT_EQ(m.money, 0);
}

TEST_F(MeasureCustomer, ASumMayLeaveInt64OnItsWayAndComeBack) {
  const int64_t most = std::numeric_limits<int64_t>::max();
  const Measures m = plain({{hours(1), most, 0}, {hours(2), most, 0}, {hours(3), -most, 0}});
  EXPECT_FALSE(m.overflow);
  EXPECT_EQ(m.money, most);
  EXPECT_TRUE(plain({{hours(1), most, 0}, {hours(2), 1, 0}}).overflow);
  EXPECT_TRUE(plain({{hours(1), -most, 0}, {hours(2), -2, 0}}).overflow);
  EXPECT_FALSE(plain({{hours(1), -most, 0}, {hours(2), -1, 0}}).overflow);
  EXPECT_FALSE(plain({{hours(1), most, 0}}).overflow);
}

TEST_F(MeasureCustomer, DaysAreThoseOfTheZone) {
  const TimeZone shanghai = *TimeZone::load("Asia/Shanghai");  // midnight is 16:00Z
  const DayClock clock(shanghai, kOrigin, kOrigin + 400 * kMicrosPerDay);
  rules_.clock = &clock;
  EXPECT_EQ(plain({{hours(15), 1, 0}, {hours(17), 1, 0}}).order_days, 2u);
  EXPECT_EQ(plain({{hours(17), 1, 0}, {hours(39), 1, 0}}).order_days, 1u);
}

TEST_F(MeasureCustomer, DaysBefore1970Count) {
  const DayClock clock(TimeZone(), -10 * kMicrosPerDay, 10 * kMicrosPerDay);
  rules_.clock = &clock;
  rules_.origin = -10 * kMicrosPerDay;
  window_from(36);
  const Measures m = plain({{hours(35), 1, 0}, {hours(37), 1, 0}, {hours(12), 1, 0}});
  EXPECT_EQ(m.order_days, 2u);
  EXPECT_EQ(m.frequency, 1u);
}

}  // namespace
}  // namespace patron::internal
