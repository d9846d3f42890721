// What models read of a customer, against the batch models over all rows.
#include "lib/engine/settle/customer_history.h"

#include <gtest/gtest.h>

#include "lib/engine/settle/ltv_scorer.h"
#include "patron/ltv_summary.h"
#include "patron/rfm.h"
#include "patron/time.h"
#include "tests/engine/settling.h"

namespace patron::internal {
namespace {

using population::at;
using population::Cells;
using population::random_sales;
using population::Sale;
using population::shop;
using population::table_of;

TEST(RfmMeasured, IsThatOfTheBatchModel) {
  const std::vector<Sale> sales = random_sales(11, 80, at("2026-01-01"), 400);
  population::Shelf shelf(shop(R"("models": {"rfm": {"window": "6mo"}})"), sales);
  for (const char* now : {"2026-05-31T21:59", "2026-05-31T22:00", "2026-08-30T12:00"}) {
    RfmOptions options;
    options.customer = "customer", options.time = "time", options.amount = "amount";
    options.as_of = at(now), options.timezone = "Europe/Berlin", options.window = Period{6, 0};
    const RfmResult batch = *rfm(table_of(sales), options);
    const Cells expected(batch.table);
    const TimeZone& zone = shelf.policy.data().zone;
    for (const auto& [customer, row] : expected.rows()) {
      const RfmMeasured& measured = shelf.at(customer, at(now)).rfm(shelf.model());
      EXPECT_EQ(measured.frequency, expected.number(customer, "frequency")) << customer;
      EXPECT_EQ(*measured.monetary, expected.number(customer, "monetary_minor")) << customer;
      const std::optional<double> recency = expected.number(customer, "recency_days");
      ASSERT_EQ(measured.last_day.has_value(), recency.has_value()) << customer;
      if (recency) {
        EXPECT_EQ(zone.local_day(at(now)) - *measured.last_day, *recency) << customer;
      }
    }
  }
}

TEST(RfmMeasured, SaysWhenTheNextRowLeavesTheWindow) {
  const Micros day = at("2026-03-01T12:00");
  population::Shelf shelf(shop(R"("models": {"rfm": {"window": "30d"}})"),
                          {{1, day, 10}, {1, day + 5 * kMicrosPerDay, 20}});
  EXPECT_EQ(shelf.at(1, day + 6 * kMicrosPerDay).rfm(shelf.model()).next_change,
            day + 30 * kMicrosPerDay);
  EXPECT_EQ(shelf.at(1, day + 30 * kMicrosPerDay).rfm(shelf.model()).next_change,
            day + 35 * kMicrosPerDay);
  const RfmMeasured& gone = shelf.at(1, day + 35 * kMicrosPerDay).rfm(shelf.model());
  EXPECT_EQ(gone.next_change, TimeRange::kNever);
  EXPECT_EQ(gone.frequency, 0);
  EXPECT_EQ(gone.monetary, 0);
  EXPECT_TRUE(gone.last_day.has_value());
}

TEST(LtvMeasured, IsThatOfTheSummaryOfAllOrders) {
  const std::vector<Sale> sales = random_sales(12, 150, at("2026-01-01"), 300);
  for (const char* unit : {"week", "day", "month"}) {
    population::Shelf shelf(shop(R"("models": {"ltv": {"model": "pareto_nbd", "unit": ")" +
                                 std::string(unit) + R"(", "horizon": "90d"}})"),
                            sales);
    const Micros now = at("2026-08-15T08:00");
    LtvSummaryOptions options;
    options.customer = "customer", options.time = "time", options.amount = "amount";
    options.unit = *parse_ltv_unit(unit), options.timezone = "Europe/Berlin";
    options.observation_end = now;
    const LtvSummaryResult summary = *ltv_summary(table_of(sales), options);
    const Cells expected(summary.table);
    const PeriodGrid grid = ltv_grid(shelf.model(), shelf.policy.data().zone);
    size_t found = 0;
    for (int64_t customer = 0; customer < 150; ++customer) {
      const auto& measured = shelf.at(customer, now).ltv(shelf.model());
      ASSERT_EQ(measured.has_value(), expected.rows().contains(customer)) << customer;
      if (!measured) continue;
      ++found;
      const LtvCustomer her = ltv_customer(*measured, grid, grid.period_of(now), 2);
      EXPECT_EQ(her.frequency, expected.number(customer, "frequency")) << customer;
      EXPECT_EQ(her.recency, expected.number(customer, "recency")) << customer;
      EXPECT_EQ(her.T, expected.number(customer, "T")) << customer;
      EXPECT_EQ(her.monetary, expected.number(customer, "monetary")) << customer;
    }
    EXPECT_GT(found, 100u);
  }
}

TEST(LtvMeasured, OfWholePeriodsWaitsUntilTheyAreOver) {
  population::Shelf shelf(
      shop(R"("models": {"ltv": {"model": "bg_bb", "unit": "month", "horizon": "6mo"}})"),
      {{1, at("2026-01-20"), 10}, {1, at("2026-01-25"), 10}, {1, at("2026-04-10"), 10}});
  EXPECT_FALSE(shelf.at(1, at("2026-01-30")).ltv(shelf.model()).has_value());
  const PeriodGrid grid = ltv_grid(shelf.model(), shelf.policy.data().zone);
  const auto& april = shelf.at(1, at("2026-04-20")).ltv(shelf.model());
  ASSERT_TRUE(april.has_value());
  EXPECT_EQ(april->frequency, 0);
  const auto& may = shelf.at(1, at("2026-05-02")).ltv(shelf.model());
  EXPECT_EQ(may->frequency, 1);
  // February, March and April: three opportunities, the third one taken.
  const LtvCustomer her = ltv_customer(*may, grid, grid.period_of(at("2026-05-02")) - 1, 2);
  EXPECT_EQ(her.recency, 3);
  EXPECT_EQ(her.T, 3);
}

TEST(NpsMeasured, IsTheNewestAnswerInTheWindow) {
  const Micros day = at("2026-03-01T12:00");
  population::Shelf shelf(
      shop(R"("models": {"nps": {"window": "30d"}})"), {{1, day, 1}},
      {{1, day, 4}, {1, day + 3 * kMicrosPerDay, 9}, {1, day + 4 * kMicrosPerDay, 12}});
  const NpsMeasured& answer = shelf.at(1, day + 10 * kMicrosPerDay).nps(shelf.model());
  EXPECT_EQ(answer.score, 9) << "12 is no answer";
  EXPECT_EQ(answer.next_change, day + 33 * kMicrosPerDay);
  EXPECT_EQ(shelf.at(1, day + 33 * kMicrosPerDay).nps(shelf.model()).score, std::nullopt);
}

// Reichheld, "The one number you need to grow", HBR 2003: 9 and 10 promote, 0 to 6 detract.
TEST(NpsScores, HaveTheClassesOfTheirAuthor) {
  for (const int64_t no : {-1, 11}) EXPECT_FALSE(is_nps_score(no)) << no;
  for (int64_t score = 0; score <= 10; ++score) {
    EXPECT_TRUE(is_nps_score(score)) << score;
    EXPECT_EQ(nps_class(score), score > 8 ? "promoter" : score > 6 ? "passive" : "detractor");
  }
}

}  // namespace
}  // namespace patron::internal
