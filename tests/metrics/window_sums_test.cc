// Sums of plain windows beside the plain way: the same value and next change, and a range is left
// at the first instant at which the value is outside.
#include "lib/metrics/window_sums.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "lib/metrics/glance_metric.h"
#include "tests/metrics/page_world.h"

namespace patron::internal {
namespace {

class WindowSumsOf : public ::testing::Test {
 protected:
  void open(const PageWorldOptions& options) {
    world = std::make_unique<PageWorld>(options);
    for (const PageMetricStream& from : world->streams()) {
      readers.push_back(std::make_unique<LogReader>(world->state(), from.log.index));
      streams.push_back({from.name, from.schema, from.columns, from.rules, readers.back().get()});
    }
  }

  // All metrics at once, as of an instant. Ranges lie between cuts.
  void compare(const std::vector<MetricSpec>& specs, Micros now, const std::vector<int64_t>& cuts) {
    WindowSums sums(world->state(), specs.front().stream);
    for (size_t k = 0; k < specs.size(); ++k) {
      ASSERT_TRUE(WindowSums::takes(specs[k], streams)) << k;
      ASSERT_EQ(sums.add(specs[k], streams), k);
    }
    for (uint32_t row = 0; row < world->state().customers; ++row) {
      if (!sums.read(row, now)) {
        ++undecided;
        continue;
      }
      for (size_t k = 0; k < specs.size(); ++k) {
        MetricEvaluator plain(specs[k], streams, world->zone());
        GlanceMetric glance(specs[k], streams, world->zone());
        LogGlance log(world->state(), specs[k].stream, glance.columns());
        const MetricValue want = plain.evaluate(row, now, {});
        WindowSum got;
        if (!sums.measure(k, got)) {
          ++undecided;
          continue;
        }
        ASSERT_TRUE(want.cell.known) << row;
        ASSERT_EQ(got.value, want.cell.integer) << row << " " << k;
        // Facts to come are not its business.
        if (log.read(row, now + 1, kEndTime) && log.size() == 0) {
          ASSERT_EQ(got.next_change, want.next_change) << row << " " << k;
        }
        ValueRange range;
        for (const int64_t cut : cuts) {
          cut <= got.value ? range.cut({cut, range.high}) : range.cut({range.low, cut - 1});
        }
        GlanceValue seen;
        ASSERT_TRUE(log.read(row, glance.reads_from(now, {}), now));
        ASSERT_TRUE(glance.measure(log, now, {}, seen));
        ASSERT_EQ(sums.leaves_range(k, range), glance.leaves_range(got.value, range, {})) << row;
        ++measured;
      }
    }
  }

  static MetricSpec spec(Verb verb, int stream, int column, const char* window) {
    MetricSpec out;
    out.verb = verb;
    out.stream = stream;
    out.column = column;
    if (*window != '\0') {
      out.window.kind = Window::Kind::kRolling;
      out.window.length = *parse_period(window);
    }
    return out;
  }

  std::unique_ptr<PageWorld> world;
  std::vector<std::unique_ptr<LogReader>> readers;
  std::vector<MetricStream> streams;
  int64_t measured = 0, undecided = 0;
};

TEST_F(WindowSumsOf, OneLookAgreeWithTheMetricsOneByOne) {
  open({});
  const std::vector<int64_t> some{1, 3, 500, 20'000};
  for (const int64_t back : {0, 40, 200}) {
    const Micros now = world->now() - back * kMicrosPerDay - 1;
    compare({spec(Verb::kSum, kSales, kAmountOf, "90d"), spec(Verb::kCount, kSales, -1, "90d")},
            now, some);
    compare({spec(Verb::kCount, kSales, -1, "30d"), spec(Verb::kCount, kSales, -1, "365d"),
             spec(Verb::kSum, kSales, kAmountOf, "")},
            now, some);
    compare({spec(Verb::kCount, kTalks, -1, "365d"), spec(Verb::kSum, kTalks, kAmountOf, "30d"),
             spec(Verb::kSum, kTalks, kTookOf, "365d"), spec(Verb::kCount, kTalks, -1, "")},
            now, some);
  }
  EXPECT_GT(measured, 2000);
  EXPECT_GT(measured, undecided);
}

TEST_F(WindowSumsOf, HugeAmountsAreLeftToOthersWhereTheyDoNotFit) {
  PageWorldOptions options;
  options.huge_amounts = true;
  options.customers = 100;
  open(options);
  compare({spec(Verb::kSum, kSales, kAmountOf, "365d")}, world->now(), {});
  EXPECT_GT(measured, 0);
  EXPECT_GT(undecided, 0);
}

TEST_F(WindowSumsOf, CountsOfRowsWithAtLeastSoMuchAgreeToo) {
  open({});
  const auto counting = [&](int stream, const char* window, const char* where) {
    MetricSpec out = spec(Verb::kCount, stream, -1, window);
    out.where = world->where(where);
    return out;
  };
  // Of sales amounts alone may be compared; any number of what has no refunds, null or not.
  for (const int64_t back : {0, 40, 200}) {
    const Micros now = world->now() - back * kMicrosPerDay - 1;
    compare({counting(kSales, "365d", "amount > 37"), counting(kSales, "90d", "amount >= -80"),
             spec(Verb::kSum, kSales, kAmountOf, "365d"), counting(kSales, "", "74 <= amount")},
            now, {1, 2, 3});
    compare({counting(kTalks, "365d", "pieces >= 2"), counting(kTalks, "30d", "3 < pieces"),
             counting(kTalks, "", "amount > 0"), spec(Verb::kCount, kTalks, -1, "365d")},
            now, {1, 2, 3});
  }
  EXPECT_GT(measured, 2000);
  EXPECT_GT(measured, undecided);
}

TEST_F(WindowSumsOf, OtherConditionsCalendarsAndVerbsAreNotTaken) {
  open({});
  EXPECT_TRUE(WindowSums::takes(spec(Verb::kCount, kSales, -1, "365d"), streams));
  EXPECT_FALSE(WindowSums::takes(spec(Verb::kCount, kSales, -1, "12mo"), streams));
  EXPECT_FALSE(WindowSums::takes(spec(Verb::kLast, kSales, kAmountOf, "30d"), streams));
  // Only sales of it are added up.
  EXPECT_FALSE(WindowSums::takes(spec(Verb::kSum, kSales, kPiecesOf, "30d"), streams));
  EXPECT_TRUE(WindowSums::takes(spec(Verb::kSum, kTalks, kPiecesOf, "30d"), streams));
  MetricSpec some = spec(Verb::kCount, kSales, -1, "365d");
  const auto takes_where = [&](const char* where) {
    some.where = world->where(where);
    return WindowSums::takes(some, streams);
  };
  EXPECT_TRUE(takes_where("amount > 0"));
  EXPECT_FALSE(takes_where("pieces >= 1")) << "besides the amount of a sale";
  some.stream = kTalks;
  EXPECT_TRUE(takes_where("pieces >= 1"));
  for (const char* more : {"pieces < 3", "pieces == 3", "pieces >= 1 && amount > 0", "ratio > 0.5",
                           "pieces > 9223372036854775807", "word == 'tea'"}) {
    EXPECT_FALSE(takes_where(more)) << more;
  }
  some = spec(Verb::kSum, kTalks, kAmountOf, "365d");
  EXPECT_FALSE(takes_where("amount > 0"));
}

}  // namespace
}  // namespace patron::internal
