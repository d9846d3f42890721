// What of a population gets into a summary.
#include "lib/engine/calibration/calibration_gather.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>
#include <vector>

#include "patron/time.h"
#include "tests/engine/settling.h"

namespace patron::internal {
namespace {

using population::at;
using population::shop;

CalibrationSummary gather(population::Shelf& shelf, Micros now, std::vector<CustomerState> states) {
  CalibrationGatherer gatherer(shelf.policy.data(), 0, shelf.settler, now);
  for (int64_t c = 1; c <= static_cast<int64_t>(states.size()); ++c) {
    const CustomerId id{c, {}};
    gatherer.add(shelf.book.find(id), id, states[static_cast<size_t>(c) - 1]);
  }
  return gatherer.finish();
}

TEST(CalibrationGather, TheSampleOfRfmIsWhoBoughtInTheWindow) {
  const Micros day = at("2026-03-01T12:00");
  population::Shelf shelf(
      shop(R"("models": {"rfm": {"window": "30d"}})"),
      {{1, day, 15}, {2, day - 40 * kMicrosPerDay, 10}, {3, day, -4}, {3, day, 9}});
  const CalibrationSummary summary =
      gather(shelf, day + 2 * kMicrosPerDay, std::vector<CustomerState>(3));
  EXPECT_EQ(summary.customers, 3);
  ASSERT_EQ(summary.sections.size(), 3u);
  EXPECT_EQ(summary.sections[0].name, "rfm.recency");
  EXPECT_EQ(summary.sections[0].rows.values(), (std::vector<int64_t>{2, 2}));
  EXPECT_EQ(summary.sections[2].rows.values(), (std::vector<int64_t>{500, 1500}));
}

TEST(CalibrationGather, FactsThatAreHiddenAreNotThere) {
  const Micros day = at("2026-03-01T12:00");
  population::Shelf shelf(shop(R"("models": {"rfm": {}})"),
                          {{1, day, 15}, {1, day + kMicrosPerDay, 10}});
  shelf.settler.hide_after(day + kMicrosPerDay - 1);
  CalibrationSummary summary = gather(shelf, day + kMicrosPerDay, std::vector<CustomerState>(1));
  EXPECT_EQ(summary.sections[2].rows.values(), std::vector<int64_t>{1500});
  EXPECT_EQ(summary.sections[0].rows.values(), std::vector<int64_t>{1}) << "as of the next day";
  shelf.settler.hide_after(kEndTime);
  summary = gather(shelf, day + kMicrosPerDay, std::vector<CustomerState>(1));
  EXPECT_EQ(summary.sections[2].rows.values(), std::vector<int64_t>{2500});
}

TEST(CalibrationGather, SeatsNameWhoIsEligibleAndWhoDwells) {
  const Micros day = at("2026-03-01T12:00");
  population::Shelf shelf(shop(R"("tags": [{"name": "spend", "metric": {"sum": "orders.amount"}}],
        "classifications": [{"name": "seats", "kind": "rank", "by": "spend",
          "where": "spend >= 10", "classes": [
          {"name": "first", "top": 1, "min_dwell": "30d"}, {"name": "rest"}]}])"),
                          {{1, day, 15}, {2, day, 9}, {3, day, 20}});
  std::vector<CustomerState> states(3);
  states[0].machines.resize(1);
  states[0].machines[0].current = 0;
  states[0].machines[0].since = day;
  const auto dwelling = gather(shelf, day + 29 * kMicrosPerDay, states).sections[0].roll;
  ASSERT_EQ(dwelling.size(), 2u);
  EXPECT_EQ(dwelling[0].id.number, 1);
  EXPECT_EQ(dwelling[0].facts[kRollKey], 1500);
  EXPECT_EQ(dwelling[0].facts[kRollClaim], 0);
  EXPECT_EQ(dwelling[1].id.number, 3);
  EXPECT_EQ(dwelling[1].facts[kRollClaim], -1);
  const auto later = gather(shelf, day + 30 * kMicrosPerDay, states).sections[0].roll;
  EXPECT_EQ(later[0].facts[kRollClaim], -1) << "dwelling ends with the thirtieth day";
}

// A page at a time or one by one, with some apart: the same bytes (L4).
TEST(CalibrationGather, PagesSeeWhatSingleLooksSee) {
  population::Shelf shelf(
      shop(R"x("tags": [{"name": "spend", "metric": {"sum": "orders.amount", "window": "60d"}},
          {"name": "orders", "metric": {"count": "orders"}},
          {"name": "half", "expression": "double(orders) / 2.0"},
          {"name": "favourite", "metric": {"top": "orders.category"}}],
        "models": {"rfm": {}, "score": {"weights": [1, 2], "of": ["spend", "half"]}},
        "classifications": [{"name": "abc", "kind": "rank", "by": "spend",
          "where": "orders >= 2 && !has(favourite) && now > timestamp('2026-02-01T00:00:00Z')",
          "classes": [{"name": "A", "share": 0.8}, {"name": "B", "top": 9}, {"name": "C"}]}])x"),
      population::random_sales(8, 600, at("2026-01-01"), 120));
  const Micros now = at("2026-04-20T12:00");
  const CustomerState nobody;
  std::vector<uint32_t> rows;
  std::set<uint32_t> apart;
  CalibrationGatherer one(shelf.policy.data(), 0, shelf.settler, now);
  for (uint32_t row = 0; row < shelf.book.customers(); ++row) {
    if (row % 7 == 3) continue;  // not of the population
    rows.push_back(row);
    if (row % 11 == 0) apart.insert(row);
    one.add(row, shelf.book.id(row), nobody);
  }
  CalibrationGatherer all(shelf.policy.data(), 0, shelf.settler, now);
  const StateOf states = [&](uint32_t) -> const CustomerState& { return nobody; };
  all.add_all(shelf.book.state(), rows, states, apart);
  const CalibrationSummary summary = all.finish();
  EXPECT_GT(summary.sections.back().rows.total(), 50);
  EXPECT_LT(summary.sections.back().rows.total(), static_cast<int64_t>(rows.size()));
  EXPECT_EQ(summary.to_bytes(), one.finish().to_bytes());
}

// Answers of two kinds, of some customers; one has so many that her log is kept apart.
Table answers(Micros begin) {
  std::mt19937_64 random(9);
  std::vector<int64_t> customers, times, scores;
  std::vector<std::string> kinds;
  for (int i = 0; i < 3000; ++i) {
    customers.push_back(i % 3 == 0 ? 8 : static_cast<int64_t>(random() % 600));
    times.push_back(begin + static_cast<int64_t>(random() % 120) * kMicrosPerDay);
    scores.push_back(static_cast<int64_t>(random() % 11));
    kinds.emplace_back(random() % 3 == 0 ? "csat" : "nps");
  }
  TableBuilder builder;
  builder.int64("customer", customers).timestamps("time", times, "UTC");
  return *builder.int64("score", scores).strings("kind", kinds).finish();
}

// Where models of RFM and NPS are all that is learned from, columns of pages go into the summary;
// and what was measured can be had.
TEST(CalibrationGather, ColumnsOfPagesSayWhatSingleLooksSay) {
  for (const char* models :
       {R"({"rfm": {}})", R"({"rfm": {"window": "60d"}})", R"({"nps": {}})",
        R"({"nps": {"window": "40d"}, "rfm": {}})", R"({"rfm": {"window": "60d"}, "nps": {}})"}) {
    SCOPED_TRACE(models);
    const bool of_orders = std::string(models).find("rfm") != std::string::npos;
    const bool of_surveys = std::string(models).find("nps") != std::string::npos;
    population::Shelf shelf(shop(R"("models": )" + std::string(models)),
                            population::random_sales(8, 600, at("2026-01-01"), 120));
    BookReport report;
    ASSERT_TRUE(shelf.book.add("surveys", answers(at("2026-01-01")), {}, &report).ok());
    const Micros now = at("2026-04-20T12:00");
    const CustomerState nobody;
    const StateOf states = [&](uint32_t) -> const CustomerState& { return nobody; };
    for (const bool everybody : {true, false}) {
      std::vector<uint32_t> rows;
      std::set<uint32_t> apart;
      CalibrationGatherer one(shelf.policy.data(), 0, shelf.settler, now);
      for (uint32_t row = 0; row < shelf.book.customers(); ++row) {
        if (!everybody && (row % 7 == 3 || row / kPageCustomers == 1)) continue;
        rows.push_back(row);
        if (row % 11 == 0) apart.insert(row);
        one.add(row, shelf.book.id(row), nobody);
      }
      CalibrationGatherer all(shelf.policy.data(), 0, shelf.settler, now);
      all.add_all(shelf.book.state(), rows, states, apart);
      const auto measures = all.take_measures();
      EXPECT_EQ(measures != nullptr, everybody && of_orders);
      const CalibrationSummary summary = all.finish();
      EXPECT_EQ(summary.sections.size(), (of_orders ? 3U : 0U) + (of_surveys ? 1U : 0U));
      for (const SummarySection& section : summary.sections) {
        EXPECT_GT(section.rows.total(), 100) << section.name;
      }
      EXPECT_EQ(summary.to_bytes(), one.finish().to_bytes());
      if (measures == nullptr) continue;
      EXPECT_EQ(measures->at(), now);
      EXPECT_EQ(measures->customers(), shelf.book.customers());
    }
  }
}

}  // namespace
}  // namespace patron::internal
