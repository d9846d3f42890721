// Metrics from a glance beside the plain ones: the same value, and a next change that is no later
// than the first instant at which the value is on another level, and never before it.
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

  void compare(const MetricSpec& spec, const Levels& levels) {
    ASSERT_TRUE(GlanceMetric::takes(spec, streams));
    GlanceMetric quick(spec, streams, world->zone());
    MetricEvaluator plain(spec, streams, world->zone());
    LogGlance glance(world->state(), spec.stream, quick.columns());
    const PageAnchors anchors = world->anchors();
    for (uint32_t row = 0; row < world->state().customers; ++row) {
      const Anchors hers = anchors.of(spec.window, row);
      Micros now = world->now();
      if (glance.read(row, now + 1, kEndTime) && glance.size() > 0) continue;  // facts wait
      if (!glance.read(row, quick.reads_from(now, hers), now)) continue;
      GlanceValue value;
      const GlanceValue* got = quick.evaluate(glance, now, hers, levels, value) ? &value : nullptr;
      MetricValue want = plain.evaluate(row, now, hers);
      if (got == nullptr) {
        ++undecided;
        continue;
      }
      ASSERT_EQ(got->cell.known, want.cell.known) << row;
      ASSERT_EQ(got->cell.integer, want.cell.integer) << row;
      // Every change is stepped through until one counts.
      const bool known = want.cell.known;
      const Levels::Range same = levels.around(want.cell.integer);
      while (want.next_change < got->next_change) {
        now = want.next_change;
        want = plain.evaluate(row, now, hers);
        ASSERT_EQ(want.cell.known, known) << row;
        ASSERT_TRUE(!known || same.has(want.cell.integer)) << row << " at " << format_time(now);
        ++passed_over;
      }
      ASSERT_EQ(want.next_change, got->next_change) << row;
    }
  }

  std::unique_ptr<PageWorld> world;
  std::vector<std::unique_ptr<LogReader>> readers;
  std::vector<MetricStream> streams;
  int64_t passed_over = 0, undecided = 0;
};

TEST_F(Glance, AgreesWithThePlainWayUntilALevelIsLeft) {
  open({});
  std::vector<Window> windows(5);
  windows[1].kind = windows[2].kind = Window::Kind::kRolling;
  windows[1].length = *parse_period("90d");
  windows[2].length = *parse_period("12mo");
  windows[3].kind = Window::Kind::kSinceJoin;
  windows[4].kind = Window::Kind::kFixed;
  windows[4].to = world->zone().local_day(world->now()) - 100;
  Levels every, some;
  every.every = true;
  for (const int64_t cut : {1, 3, 500, 20'000}) some.add(cut);
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
            compare(spec, every);
            compare(spec, some);
          }
        }
      }
    }
  }
  EXPECT_GT(passed_over, 1000);
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
