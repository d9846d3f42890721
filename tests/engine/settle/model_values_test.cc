// Outputs of models for one customer, and when time alone changes them.
#include "lib/engine/settle/model_values.h"

#include <gtest/gtest.h>

#include <set>

#include "patron/time.h"
#include "tests/engine/settling.h"

namespace patron::internal {
namespace {

using population::at;
using population::Sale;
using population::shop;

std::shared_ptr<CalibrationData> some_cuts() {
  auto data = std::make_shared<CalibrationData>();
  data->number = 1;
  RfmConstants rfm;
  rfm.cuts.recency.cuts = {5, 10, 20, 40};
  rfm.cuts.recency.octant_split = 15;
  rfm.cuts.frequency.cuts = {1, 2, 3, 4};
  rfm.cuts.monetary.cuts = {1'000, 2'000, 3'000, 4'000};
  data->models["rfm"] = {1, rfm};
  return data;
}

TEST(ModelValues, RawMeasuresAreLiveAndScoresWaitForConstants) {
  const Micros day = at("2026-03-01T12:00");
  population::Shelf shelf(shop(R"("models": {"rfm": {"window": "100d"}})"),
                          {{1, day, 15}, {1, day + 3 * kMicrosPerDay, 10}});
  const Micros now = day + 7 * kMicrosPerDay;
  EXPECT_EQ(shelf.value(1, now, "rfm.recency_days").cell.integer, 4);
  EXPECT_EQ(shelf.value(1, now, "rfm.frequency").cell.integer, 2);
  EXPECT_EQ(shelf.value(1, now, "rfm.monetary").cell.integer, 2'500);
  for (const char* name : {"rfm.r", "rfm.f", "rfm.m", "rfm.segment", "rfm.octant"}) {
    EXPECT_FALSE(shelf.value(1, now, name).known()) << name;
  }
  shelf.settler.use(some_cuts());
  EXPECT_EQ(shelf.value(1, now, "rfm.r").cell.integer, 5);
  EXPECT_EQ(shelf.value(1, now, "rfm.f").cell.integer, 2);
  EXPECT_EQ(shelf.value(1, now, "rfm.m").cell.integer, 3);
  EXPECT_EQ(shelf.value(1, now, "rfm.octant").text, "Important value");
}

TEST(ModelValues, WhoOnlyReturnedGoodsIsAProspectAndWhoIsOutsideTheWindowIsScored) {
  const Micros day = at("2026-03-01T12:00");
  population::Shelf shelf(shop(R"("models": {"rfm": {"window": "30d"}})"),
                          {{1, day, -15}, {2, day, 50}});
  shelf.settler.use(some_cuts());
  const Micros now = day + 36 * kMicrosPerDay;
  EXPECT_EQ(shelf.value(1, now, "rfm.segment").text, "prospect");
  for (const char* name : {"rfm.r", "rfm.f", "rfm.m"}) {
    EXPECT_EQ(shelf.value(1, now, name).cell.integer, 0) << name;
  }
  EXPECT_FALSE(shelf.value(1, now, "rfm.recency_days").known());
  // Nothing in the window, her true recency of 36 days: one cut lies above it.
  EXPECT_EQ(shelf.value(2, now, "rfm.r").cell.integer, 2);
  EXPECT_EQ(shelf.value(2, now, "rfm.f").cell.integer, 1);
  EXPECT_EQ(shelf.value(2, now, "rfm.m").cell.integer, 1);
  EXPECT_EQ(shelf.value(2, now, "rfm.monetary").cell.integer, 0);
}

// The instants at which a value differs, found by looking at every hour, are among those that
// next_change names.
TEST(ModelValues, NextChangeIsNeverTooLate) {
  const Micros day = at("2026-03-01T12:00");
  population::Shelf shelf(
      shop(R"("models": {"rfm": {"window": "30d"}, "nps": {"window": "20d"}})"),
      {{1, day, 15}, {1, day + 9 * kMicrosPerDay, 25}, {1, day + 11 * kMicrosPerDay, -5}},
      {{1, day, 9}});
  shelf.settler.use(some_cuts());
  for (const char* name : {"rfm.r", "rfm.f", "rfm.m", "rfm.segment", "rfm.octant",
                           "rfm.recency_days", "rfm.frequency", "rfm.monetary", "nps.class"}) {
    Micros next = day + 12 * kMicrosPerDay;
    MetricValue held = shelf.value(1, next, name);
    int changes = 0;
    for (Micros t = next; t < day + 70 * kMicrosPerDay; t += kMicrosPerHour) {
      const MetricValue now = shelf.value(1, t, name);
      const bool same = now.cell.known == held.cell.known &&
                        now.cell.integer == held.cell.integer && now.text == held.text;
      if (t < held.next_change) {
        ASSERT_TRUE(same) << name << " at " << format_time(t);
      }
      changes += same ? 0 : 1;
      held = now;
    }
    EXPECT_GT(changes, 0) << name;
  }
}

}  // namespace
}  // namespace patron::internal
