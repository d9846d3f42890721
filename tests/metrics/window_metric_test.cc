// Metrics that look at their window alone beside the plain ones: value, next change, and the time
// of the newest fact.
#include "lib/metrics/window_metric.h"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <vector>

#include "tests/metrics/page_world.h"

namespace patron::internal {
namespace {

class MetricOfAWindow : public ::testing::Test {
 protected:
  void open(const PageWorldOptions& options) {
    world = std::make_unique<PageWorld>(options);
    for (const PageMetricStream& from : world->streams()) {
      readers.push_back(std::make_unique<LogReader>(world->state(), from.log.index));
      streams.push_back({from.name, from.schema, from.columns, from.rules, readers.back().get()});
    }
  }
  // Of everybody, at several instants.
  void compare(const MetricSpec& spec) {
    ASSERT_TRUE(WindowMetric::takes(spec, streams));
    WindowMetric windowed(spec, streams, world->zone());
    MetricEvaluator plain(spec, streams, world->zone());
    const PageAnchors anchors = world->anchors();
    for (uint32_t row = 0; row < world->state().customers; ++row) {
      for (const int64_t back : {0, 17, 430}) {
        const Micros now = world->now() - back * kMicrosPerDay;
        const Anchors hers = anchors.of(spec.window, row);
        const MetricValue a = windowed.evaluate(row, now, hers);
        const MetricValue b = plain.evaluate(row, now, hers);
        ASSERT_EQ(a.cell.known, b.cell.known) << row;
        ASSERT_EQ(a.cell.integer, b.cell.integer) << row;
        ASSERT_EQ(a.next_change, b.next_change) << row << " at " << format_time(now);
        ASSERT_EQ(a.as_of, b.as_of) << row;
        ASSERT_EQ(a.overflow, b.overflow) << row;
      }
    }
  }
  std::unique_ptr<PageWorld> world;
  std::vector<std::unique_ptr<LogReader>> readers;
  std::vector<MetricStream> streams;
};

TEST_F(MetricOfAWindow, AreThePlainOnes) {
  open({});
  std::vector<Window> windows(6);
  windows[1].kind = windows[2].kind = Window::Kind::kRolling;
  windows[1].length = *parse_period("90d");
  windows[2].length = *parse_period("12mo");
  windows[3].kind = Window::Kind::kSinceJoin;
  windows[4].kind = Window::Kind::kSinceClass;
  windows[4].class_name = "tier";
  windows[5].kind = Window::Kind::kFixed;
  windows[5].to = world->zone().local_day(world->now()) - 100;
  for (const Window& window : windows) {
    for (const int stream : {kSales, kTalks}) {
      for (const char* where : {"", "size == 'small'", "has(took) && pieces > 2"}) {
        MetricSpec spec;
        spec.stream = stream;
        spec.window = window;
        if (*where != '\0') spec.where = world->where(where);
        compare(spec);
        for (const Verb verb : {Verb::kSum, Verb::kFirst, Verb::kLast}) {
          for (const int column : {kAmountOf, kMarginOf, kTookOf, kNothingOf}) {
            spec.verb = verb;
            spec.column = column;
            compare(spec);
          }
        }
        spec.verb = Verb::kLast;
        spec.column = kTimeAt;
        compare(spec);
      }
    }
  }
}

TEST_F(MetricOfAWindow, OfSumsThatLeave64Bits) {
  PageWorldOptions options;
  options.huge_amounts = true;
  options.customers = 100;
  open(options);
  MetricSpec spec;
  spec.verb = Verb::kSum;
  spec.stream = kSales;
  spec.column = kAmountOf;
  compare(spec);
}

TEST_F(MetricOfAWindow, LeaveWhatIsNotSimpleToThePlainWay) {
  open({});
  MetricSpec spec;
  spec.stream = kSales;
  spec.window.kind = Window::Kind::kCalendar;
  EXPECT_FALSE(WindowMetric::takes(spec, streams));
  spec.window.kind = Window::Kind::kRolling;
  spec.window.length = *parse_period("90d");
  EXPECT_TRUE(WindowMetric::takes(spec, streams));
  spec.window.offset = *parse_period("1d");
  EXPECT_FALSE(WindowMetric::takes(spec, streams));
  spec.window.offset.reset();
  spec.verb = Verb::kSum;
  spec.column = kRatioOf;
  EXPECT_FALSE(WindowMetric::takes(spec, streams)) << "doubles are added up in their order";
  spec.column = kAmountOf;
  EXPECT_TRUE(WindowMetric::takes(spec, streams));
  spec.followed_by.emplace();
  EXPECT_FALSE(WindowMetric::takes(spec, streams));
}

}  // namespace
}  // namespace patron::internal
