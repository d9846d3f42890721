// Metrics from a glance beside the plain ones: the same value and next change; and a range is left
// at the first instant at which the value is outside.
#include "lib/metrics/glance_metric.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "tests/metrics/page_world.h"

namespace patron::internal {
namespace {

class Glance : public ::testing::Test {
 protected:
  void open(const PageWorldOptions& options) {
    world = std::make_unique<PageWorld>(options);
    for (const PageMetricStream& from : world->streams()) {
      readers.push_back(std::make_unique<LogReader>(world->state(), from.log.index));
      streams.push_back({from.name, from.schema, from.columns, from.rules, readers.back().get()});
    }
  }

  // Ranges lie between cuts.
  void compare(const MetricSpec& spec, const std::vector<int64_t>& cuts) {
    ASSERT_TRUE(GlanceMetric::takes(spec, streams));
    GlanceMetric metric(spec, streams, world->zone());
    MetricEvaluator plain(spec, streams, world->zone());
    LogGlance glance(world->state(), spec.stream, metric.columns());
    const PageAnchors anchors = world->anchors();
    for (uint32_t row = 0; row < world->state().customers; ++row) {
      const Anchors hers = anchors.of(spec.window, row);
      Micros now = world->now();
      if (glance.read(row, now + 1, kEndTime) && glance.size() > 0) continue;  // facts wait
      if (!glance.read(row, metric.reads_from(now, hers), now)) continue;
      GlanceValue got;
      MetricValue want = plain.evaluate(row, now, hers);
      if (!metric.measure(glance, now, hers, got)) {
        ++undecided;
        continue;
      }
      ASSERT_EQ(got.cell.known, want.cell.known) << row;
      ASSERT_EQ(got.cell.integer, want.cell.integer) << row;
      if (!metric.adds_up()) {
        ASSERT_GE(got.next_change, want.next_change) << row;
        pass_over({got.cell.integer, got.cell.integer}, got.next_change, plain, row, hers, want);
        continue;
      }
      ASSERT_EQ(got.next_change, want.next_change) << row;
      if (!want.cell.known) continue;
      ValueRange range;
      for (const int64_t cut : cuts) {
        cut <= want.cell.integer ? range.cut({cut, range.high}) : range.cut({range.low, cut - 1});
      }
      const Micros leaves = metric.leaves_range(want.cell.integer, range, hers);
      pass_over(range, leaves, plain, row, hers, want);
    }
  }

  // Every change of what counts is stepped through: it is inside until it leaves.
  void pass_over(const ValueRange& range, Micros leaves, MetricEvaluator& plain, uint32_t row,
                 const Anchors& hers, MetricValue want) {
    const bool known = want.cell.known;
    while (want.next_change < leaves) {
      const Micros now = want.next_change;
      want = plain.evaluate(row, now, hers);
      ASSERT_EQ(want.cell.known, known) << row;
      ASSERT_TRUE(!known || range.has(want.cell.integer)) << row << " at " << format_time(now);
      ++passed_over;
    }
    ASSERT_EQ(want.next_change, leaves) << row;
    if (leaves == TimeRange::kNever) return;
    want = plain.evaluate(row, leaves, hers);
    ++left;
    if (!known || !want.cell.known || !range.has(want.cell.integer)) ++left_indeed;
  }

  std::unique_ptr<PageWorld> world;
  std::vector<std::unique_ptr<LogReader>> readers;
  std::vector<MetricStream> streams;
  int64_t passed_over = 0, undecided = 0, left = 0, left_indeed = 0;
};

TEST_F(Glance, AgreesWithThePlainWayUntilARangeIsLeft) {
  open({});
  std::vector<Window> windows(5);
  windows[1].kind = windows[2].kind = Window::Kind::kRolling;
  windows[1].length = *parse_period("90d");
  windows[2].length = *parse_period("12mo");
  windows[3].kind = Window::Kind::kSinceJoin;
  windows[4].kind = Window::Kind::kFixed;
  windows[4].to = world->zone().local_day(world->now()) - 100;
  const std::vector<int64_t> some{1, 3, 500, 20'000};
  for (const Window& window : windows) {
    for (const int stream : {kSales, kTalks}) {
      for (const char* where : {"", "size == 'small'", "pieces > 2 && 'small' == size"}) {
        MetricSpec spec;
        spec.stream = stream;
        spec.window = window;
        if (*where != '\0') spec.where = world->where(where);
        compare(spec, some);
        for (const Verb verb : {Verb::kSum, Verb::kFirst, Verb::kLast}) {
          for (const int column : {kAmountOf, kMarginOf, kTookOf, kNothingOf}) {
            spec.verb = verb;
            spec.column = column;
            compare(spec, some);
          }
        }
      }
    }
  }
  EXPECT_GT(passed_over, 1000);
  // Where there are nulls, and of a value that is another fact's, it may be the same still.
  EXPECT_GT(left_indeed, left / 2);
  EXPECT_GT(left, 1000);
}

TEST_F(Glance, OfSumsThatLeave64Bits) {
  PageWorldOptions options;
  options.huge_amounts = true;
  options.customers = 100;
  open(options);
  MetricSpec spec;
  spec.verb = Verb::kSum;
  spec.stream = kSales;
  spec.column = kAmountOf;
  compare(spec, {});
}

TEST_F(Glance, TakesConjunctionsOfComparisonsWithWhatStandsStill) {
  open({});
  MetricSpec spec;
  spec.stream = kSales;
  spec.where = world->where("pieces >= 1 && size == 'small'");
  EXPECT_TRUE(GlanceMetric::takes(spec, streams));
  for (const char* where : {"has(took)", "pieces > 2 || size == 'small'", "size != 'small'"}) {
    spec.where = world->where(where);
    EXPECT_FALSE(GlanceMetric::takes(spec, streams)) << where;
  }
  spec.where.reset();
  spec.verb = Verb::kDistinct;
  EXPECT_FALSE(GlanceMetric::takes(spec, streams));
}

}  // namespace
}  // namespace patron::internal
