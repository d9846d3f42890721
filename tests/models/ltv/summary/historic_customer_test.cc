// The rules of one customer's historic value, each on rows that a reader can add up. Times are
// whole years of 365.2425 days; the value is taken after ten of them.
#include "lib/models/ltv/summary/historic_customer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace patron::internal {
namespace {

uint64_t year(int64_t n) { return static_cast<uint64_t>(n * kMicrosPerYear); }

class ValueCustomer : public testing::Test {
 protected:
  ValueCustomer() { rules_.as_of = year(10); }
  HistoricMeasures plain(std::vector<CustomerRow> rows) {
    return value_customer<CustomerRow>(rows, false, rules_);
  }
  HistoricMeasures by_order(std::vector<CustomerRow> rows) {
    return value_customer<CustomerRow>(rows, true, rules_);
  }
  HistoricRules rules_;
};

TEST_F(ValueCustomer, AddsUpWhatWasBought) {
  const HistoricMeasures m =
      plain({{year(1), 500, 0}, {year(3), 250, 0}, {year(4), -100, 0}, {year(2), 0, 0}});
  EXPECT_EQ(m.orders, 3u);
  EXPECT_EQ(m.revenue, 650);
  EXPECT_EQ(m.revenue_at, 650);
  EXPECT_EQ(m.first, year(1));
  EXPECT_EQ(m.last, year(3));
  rules_.zero = ZeroAmounts::kIgnore;
  EXPECT_EQ(plain({{year(2), 0, 0}}).orders, 0u);
}

TEST_F(ValueCustomer, MoneyGrowsFromItsTimeOn) {
  rules_.log_rate = std::log1p(0.08);
  // 1.08^2 = 1.1664, 1.08^10 = 2.15892499727...
  EXPECT_DOUBLE_EQ(plain({{year(8), 100'000, 0}}).revenue_at, 116'640);
  EXPECT_DOUBLE_EQ(plain({{year(8), 100'000, 0}, {year(0), 1000, 0}}).revenue_at,
                   116'640 + 2158.92499727278678);
  EXPECT_EQ(plain({{year(10), 777, 0}}).revenue_at, 777);
  rules_.log_rate = std::log1p(-0.5);
  EXPECT_DOUBLE_EQ(plain({{year(8), 1000, 0}}).revenue_at, 250);
}

TEST_F(ValueCustomer, ARefundGrowsFromTheOrderThatItNames) {
  rules_.log_rate = std::log1p(1.0);  // doubles each year
  const std::vector<CustomerRow> rows = {{year(8), 100, 1}, {year(9), -40, 1}, {year(9), -5, 2}};
  EXPECT_DOUBLE_EQ(by_order(rows).revenue_at, 60 * 4 - 5 * 2);
  rules_.refunds = Refunds::kOwnTime;
  EXPECT_DOUBLE_EQ(by_order(rows).revenue_at, 100 * 4 - 45 * 2);
  rules_.refunds = Refunds::kIgnore;
  EXPECT_DOUBLE_EQ(by_order(rows).revenue_at, 100 * 4);
  EXPECT_EQ(by_order(rows).revenue, 100);
}

TEST_F(ValueCustomer, MarginGoesWithItsAmount) {
  rules_.log_rate = std::log1p(1.0);
  std::vector<CustomerMarginRow> rows = {{{year(9), 100, 1}, 30}, {{year(10), -50, 1}, -20}};
  HistoricMeasures m = value_customer<CustomerMarginRow>(rows, true, rules_);
  EXPECT_EQ(m.margin, 10);
  EXPECT_DOUBLE_EQ(m.margin_at, 20);
  rules_.refunds = Refunds::kIgnore;
  m = value_customer<CustomerMarginRow>(rows, true, rules_);
  EXPECT_EQ(m.margin, 30);
}

TEST_F(ValueCustomer, TheOrderOfRowsDoesNotMatter) {
  rules_.log_rate = std::log1p(0.07);
  std::vector<CustomerRow> rows;
  for (int64_t i = 0; i < 50; i++)
    rows.push_back({static_cast<uint64_t>(i * 7'919 % 50) * 1'000'000'007, i * i * 31 % 977, 0});
  const double value = plain(rows).revenue_at;
  for (int turn = 0; turn < 50; turn++) {
    std::rotate(rows.begin(), rows.begin() + 1, rows.end());
    EXPECT_EQ(plain(rows).revenue_at, value);
  }
}

TEST_F(ValueCustomer, NorDoesThatOfMarginsOfEqualAmounts) {
  rules_.log_rate = std::log1p(0.07);
  std::vector<CustomerMarginRow> rows;
  for (int64_t i = 0; i < 60; i++)
    rows.push_back({{1'000'000'007, 100, 0}, int64_t{1} << (i * 7'919 % 60)});
  std::vector<CustomerMarginRow> first = rows;
  const double value = value_customer<CustomerMarginRow>(first, false, rules_).margin_at;
  for (int turn = 0; turn < 60; turn++) {
    std::rotate(rows.begin(), rows.begin() + 1, rows.end());
    std::vector<CustomerMarginRow> turned = rows;
    EXPECT_EQ(value_customer<CustomerMarginRow>(turned, false, rules_).margin_at, value);
  }
}

TEST_F(ValueCustomer, SumsThatDoNotFitAreNoted) {
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  EXPECT_FALSE(plain({{year(1), kMost, 0}, {year(1), 1, 0}, {year(1), -1, 0}}).overflow);
  EXPECT_TRUE(plain({{year(1), kMost, 0}, {year(1), 1, 0}}).overflow);
  rules_.log_rate = 100;
  EXPECT_TRUE(std::isinf(plain({{year(0), 5, 0}, {year(0), 6, 0}}).revenue_at));
}

}  // namespace
}  // namespace patron::internal
