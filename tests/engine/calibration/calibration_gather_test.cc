// What of a population gets into a summary.
#include "lib/engine/calibration/calibration_gather.h"

#include <gtest/gtest.h>

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

// Where RFM is all that is learned, columns of pages go into the summary; and what was measured can
// be had.
TEST(CalibrationGather, ColumnsOfRfmSayWhatSingleLooksSay) {
  for (const char* window : {"{}", R"({"window": "60d"})"}) {
    population::Shelf shelf(shop(R"("models": {"rfm": )" + std::string(window) + "}"),
                            population::random_sales(8, 600, at("2026-01-01"), 120));
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
      EXPECT_EQ(measures != nullptr, everybody);
      EXPECT_EQ(all.finish().to_bytes(), one.finish().to_bytes());
      if (!everybody) continue;
      EXPECT_EQ(measures->at(), now);
      EXPECT_EQ(measures->customers(), shelf.book.customers());
    }
  }
}

}  // namespace
}  // namespace patron::internal
