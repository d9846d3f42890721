// The rules of one customer's summary, each on rows that a reader can add up. Times are whole hours
// after 2026-01-01T00:00:00Z; periods are days, counted from there.
#include "lib/models/ltv/summary/customer_summary.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace patron::internal {
namespace {

constexpr Day kFirst = 20'454;  // 2026-01-01
constexpr Micros kOrigin = kFirst * kMicrosPerDay;

uint64_t hours(int64_t n) { return static_cast<uint64_t>(n * kMicrosPerHour); }

class SummariseCustomer : public testing::Test {
 protected:
  SummariseCustomer() {
    rules_.clock = &clock_;
    rules_.origin = kOrigin;
  }
  SummaryMeasures plain(std::vector<CustomerRow> rows) {
    return summarise_customer(rows, false, rules_, &scratch_);
  }
  SummaryMeasures by_order(std::vector<CustomerRow> rows) {
    return summarise_customer(rows, true, rules_, &scratch_);
  }
  void holdout_from(int64_t hour) {
    rules_.has_holdout = true;
    rules_.holdout = hours(hour);
  }
  static SummaryMeasures measures(int64_t first, int64_t last, uint32_t periods, int64_t money,
                                  uint32_t later = 0, int64_t later_money = 0) {
    SummaryMeasures m;
    m.first = kFirst + first, m.last = kFirst + last;
    m.periods = periods, m.money = money;
    m.holdout_periods = later, m.holdout_money = later_money;
    return m;
  }

  PeriodGrid grid_{TimeZone(), LtvUnit::kDay, LtvCollapse::kDay};
  PeriodClock clock_{grid_, kOrigin, kOrigin + 400 * kMicrosPerDay};
  SummaryRules rules_;
  SummaryScratch scratch_;
};

TEST_F(SummariseCustomer, OrdersOfOneDayCountOnceAndTheFirstDaysMoneyIsLeftOut) {
  const std::vector<CustomerRow> rows = {
      {hours(1), 500, 0}, {hours(23), 250, 0}, {hours(48), 100, 0}, {hours(49), 20, 0}};
  EXPECT_EQ(plain(rows), measures(0, 2, 2, 120));
  rules_.keep_first = true;
  EXPECT_EQ(plain(rows), measures(0, 2, 2, 870));
}

TEST_F(SummariseCustomer, TheOrderOfRowsDoesNotMatter) {
  const SummaryMeasures m = by_order({{hours(5), 1, 7}, {hours(3), -4, 9}, {hours(80), 10, 9}});
  EXPECT_EQ(m, by_order({{hours(80), 10, 9}, {hours(5), 1, 7}, {hours(3), -4, 9}}));
  EXPECT_EQ(m, by_order({{hours(3), -4, 9}, {hours(80), 10, 9}, {hours(5), 1, 7}}));
}

TEST_F(SummariseCustomer, RowsOfOneOrderAreOneOrderAtTheEarliestTime) {
  EXPECT_EQ(by_order({{hours(2), 300, 1}, {hours(30), 200, 2}, {hours(60), 100, 2}}),
            measures(0, 1, 2, 300));
}

TEST_F(SummariseCustomer, ARefundNetsAtTheOrderItNamesElseWhereItStands) {
  const std::vector<CustomerRow> rows = {
      {hours(1), 500, 1}, {hours(24), 400, 2}, {hours(72), -50, 1}, {hours(73), -30, 9}};
  EXPECT_EQ(by_order(rows), measures(0, 1, 2, 370));  // -50 nets in the first day, left out
  rules_.refunds = Refunds::kOwnTime;
  EXPECT_EQ(by_order(rows), measures(0, 1, 2, 320));
  rules_.refunds = Refunds::kIgnore;
  EXPECT_EQ(by_order(rows), measures(0, 1, 2, 400));
}

TEST_F(SummariseCustomer, MoneyBeforeTheFirstOrderIsNotHers) {
  const std::vector<CustomerRow> rows = {{hours(0), -70, 0}, {hours(48), 100, 0}};
  EXPECT_EQ(plain(rows), measures(2, 2, 1, 0));
  rules_.keep_first = true;
  EXPECT_EQ(plain(rows), measures(2, 2, 1, 100));
}

TEST_F(SummariseCustomer, AnOrderForNothingCountsWhereZeroCounts) {
  const std::vector<CustomerRow> rows = {{hours(0), 0, 0}, {hours(24), 10, 0}, {hours(48), 0, 0}};
  EXPECT_EQ(plain(rows), measures(0, 2, 3, 10));
  rules_.zero = ZeroAmounts::kIgnore;
  EXPECT_EQ(plain(rows), measures(1, 1, 1, 0));
  EXPECT_EQ(plain({{hours(0), 0, 0}}), SummaryMeasures());
}

TEST_F(SummariseCustomer, WhatComesAfterTheCalibrationIsCountedApart) {
  holdout_from(48);
  EXPECT_EQ(plain({{hours(1), 500, 0},
                   {hours(47), 30, 0},
                   {hours(48), 7, 0},
                   {hours(50), 2, 0},
                   {hours(72), -1, 0}}),
            measures(0, 1, 2, 30, 1, 8));
  SummaryMeasures later;
  later.holdout_periods = 1;
  EXPECT_EQ(plain({{hours(48), 7, 0}}), later);
}

TEST_F(SummariseCustomer, NothingOfTheHoldoutReachesTheCalibration) {
  holdout_from(48);
  // A later line and a later refund of an order of the calibration are in neither.
  EXPECT_EQ(by_order({{hours(0), 5, 1},
                      {hours(24), 100, 2},
                      {hours(60), 40, 2},
                      {hours(61), -90, 2},
                      {hours(62), 8, 3}}),
            measures(0, 1, 2, 100, 1, 8));
  // What became an order only later, by a line above zero, is none before.
  rules_.zero = ZeroAmounts::kIgnore;
  EXPECT_EQ(by_order({{hours(0), 5, 1}, {hours(24), 0, 2}, {hours(60), 40, 2}}),
            measures(0, 0, 1, 0));
}

TEST_F(SummariseCustomer, SumsAreExactWhateverOverflowsOnTheWay) {
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  const std::vector<CustomerRow> rows = {
      {hours(0), 1, 0}, {hours(24), kMost, 0}, {hours(25), 9, 0}, {hours(26), -9, 0}};
  EXPECT_EQ(plain(rows), measures(0, 1, 2, kMost));
  EXPECT_TRUE(plain({{hours(0), 1, 0}, {hours(24), kMost, 0}, {hours(25), 1, 0}}).overflow);
  EXPECT_FALSE(plain({{hours(0), kMost, 0}, {hours(1), kMost, 0}}).overflow);  // left out
}

TEST_F(SummariseCustomer, DaysThatComeAgainCountOnce) {
  // On 1993-10-31 at 00:01 in St. John's clocks went back to 23:01 of the 30th.
  const TimeZone zone = *TimeZone::load("America/St_Johns");
  const PeriodGrid grid(zone, LtvUnit::kDay, LtvCollapse::kDay);
  const Micros midnight = *parse_time("1993-10-31T00:00:00", zone);
  rules_.origin = midnight - kMicrosPerHour;
  const PeriodClock clock(grid, rules_.origin, rules_.origin + 3 * kMicrosPerHour);
  rules_.clock = &clock;
  const auto minutes = [](int64_t n) { return static_cast<uint64_t>(n * 60 * kMicrosPerSecond); };
  const SummaryMeasures m = plain({{minutes(0), 1, 0},      // 23:00 of the 30th
                                   {minutes(60), 2, 0},     // 00:00 of the 31st
                                   {minutes(90), 4, 0},     // 23:30 of the 30th again
                                   {minutes(130), 8, 0}});  // 00:10 of the 31st again
  EXPECT_EQ(m.periods, 2u);
  EXPECT_EQ(m.last - m.first, 1);
  EXPECT_EQ(m.money, 10);
}

}  // namespace
}  // namespace patron::internal
