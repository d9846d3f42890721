// The measures of RFM from a glance beside the plain ones, and the scores at every instant at which
// the plain ones say that something may change.
#include "lib/engine/quick/glance_rfm.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "lib/engine/settle/settle_parts.h"
#include "tests/engine/settling.h"

namespace patron::internal {
namespace {

Policy policy(const char* zone, const char* window) {
  return *Policy::parse(std::string(R"({"patron": 1, "name": "p", "timezone": ")") + zone +
                        R"(", "money": {"scale": 2}, "customer": {"id": "int64"},
    "streams": {"orders": {}}, "models": {"rfm": {)" +
                        (*window == '\0' ? "" : R"("window": ")" + std::string(window) + "\"") +
                        "}}}");
}

RfmAxisCuts axis(std::vector<int64_t> cuts, int64_t split) {
  RfmAxisCuts out;
  out.cuts = std::move(cuts);
  out.octant_split = split;
  return out;
}

TEST(GlanceRfm, MeasuresWhatThePlainWayDoesAndPassesOverRowsThatChangeNoScore) {
  RfmCuts cuts;
  cuts.recency = axis({5, 20, 60}, 30);
  cuts.frequency = axis({1, 2, 2, 4}, 3);
  cuts.monetary = axis({500, 3000, 9000}, 2000);
  int64_t compared = 0, passed_over = 0, plain_only = 0, of_rows = 0;
  for (const char* zone : {"Asia/Shanghai", "America/St_Johns"}) {
    for (const char* window : {"", "90d", "3mo"}) {
      const Policy of = policy(zone, window);
      for (uint64_t seed = 1; seed <= 12; ++seed) {
        std::mt19937_64 random(seed);
        const auto below = [&](uint64_t n) { return static_cast<int64_t>(random() % n); };
        std::vector<population::Sale> sales;
        const Micros begin = of.data().zone.start_of_day(16'000);
        for (int i = 0; i < 120; ++i) {
          const Micros step = below(3) == 0 ? below(3'600'000'000) : below(20 * kMicrosPerDay);
          sales.push_back({below(8), begin + below(6) * 30 * kMicrosPerDay + step,
                           static_cast<double>(below(5) == 0 ? -below(900) : below(2500)) / 100});
        }
        population::Shelf shelf(of, sales);
        const PolicyModel& model = shelf.model();
        const MetricStream& orders = shelf.settler.parts().streams[0];
        LogReader reader(shelf.book.state(), 0);
        EventSource source(orders.schema, reader, orders.rules);
        const int amount = reader.layout().find("amount");
        LogGlance glance(shelf.book.state(), 0, {amount});
        GlanceRfm quick(model.window, orders.rules, 0, of.data().zone);
        MetricSpec spend;
        spend.verb = Verb::kSum;
        spend.stream = 0;
        spend.column =
            static_cast<int>(std::find(orders.columns.begin(), orders.columns.end(), "amount") -
                             orders.columns.begin());
        spend.window = model_window(model.window);
        const std::span<const MetricStream> streams(&orders, 1);
        const bool exact = WindowSums::takes(spend, streams);
        WindowSums sums(shelf.book.state(), 0);
        if (exact) sums.add(spend, streams);
        KnownDays days(of.data().zone);
        const auto scores = [&](const RfmMeasured& m) {
          const auto known = rfm_score(0, m.frequency, *m.monetary, cuts);
          return std::tuple(known.f, known.m, rfm_octant(0, m.frequency, *m.monetary, cuts));
        };
        for (uint32_t row = 0; row < shelf.book.customers(); ++row) {
          // No fact waits.
          Micros now = begin + (171 + below(30)) * kMicrosPerDay + below(kMicrosPerDay);
          const auto plainly = [&] {
            return rfm_measured(source, amount, row, now, model.window, of.data().zone);
          };
          RfmMeasured got;
          RfmMeasured want = plainly();
          if (!quick.measure(glance, row, now, &cuts, got)) {
            ++plain_only;
            continue;
          }
          ++compared;
          ASSERT_EQ(got.last_day, want.last_day);
          ASSERT_EQ(got.frequency, want.frequency);
          ASSERT_EQ(got.monetary, want.monetary);
          WindowSum money;
          RfmMeasured read;
          if (exact && sums.read(row, now) && sums.measure(0, money) &&
              quick.measure(sums.rows(0), money.value, days, read)) {
            ++of_rows;
            ASSERT_EQ(read.last_day, got.last_day);
            ASSERT_EQ(read.frequency, got.frequency);
            ASSERT_EQ(read.monetary, got.monetary);
            ASSERT_EQ(
                quick.leaves_ranges(sums.rows(0), read, same_score(read.frequency, cuts.frequency),
                                    same_score(*read.monetary, cuts.monetary)),
                got.next_change);
          }
          const auto first = scores(want);
          for (; want.next_change < got.next_change; ++passed_over) {
            now = want.next_change;
            want = plainly();
            ASSERT_EQ(scores(want), first) << format_time(now);
          }
          ASSERT_EQ(want.next_change, got.next_change);
        }
      }
    }
  }
  EXPECT_GT(compared, 500);
  EXPECT_GT(of_rows, compared / 2);
  EXPECT_GT(passed_over, 100);
  EXPECT_LT(plain_only, compared / 10);
}

TEST(GlanceRfm, WithoutCutsNothingChangesByItself) {
  const Policy of = policy("UTC", "30d");
  population::Shelf shelf(of, {{1, kMicrosPerDay, 100}, {1, 2 * kMicrosPerDay, 300}});
  const MetricStream& orders = shelf.settler.parts().streams[0];
  LogGlance glance(shelf.book.state(), 0,
                   {LogReader(shelf.book.state(), 0).layout().find("amount")});
  GlanceRfm quick(shelf.model().window, orders.rules, 0, of.data().zone);
  RfmMeasured got;
  ASSERT_TRUE(quick.measure(glance, 0, 3 * kMicrosPerDay, nullptr, got));
  EXPECT_EQ(got.frequency, 2);
  EXPECT_EQ(got.monetary, 40'000);
  EXPECT_EQ(got.last_day, 2);
  EXPECT_EQ(got.next_change, TimeRange::kNever);
  // She bought before the window, and nothing in it.
  ASSERT_TRUE(quick.measure(glance, 0, 60 * kMicrosPerDay, nullptr, got));
  EXPECT_EQ(got.frequency, 0);
  EXPECT_EQ(got.last_day, 2);
  EXPECT_EQ(got.monetary, 0);
}

TEST(SameScore, IsWhatLiesAboveTheSameCuts) {
  const RfmAxisCuts cuts = axis({10, 20, 20, 40}, 30);
  const auto is = [&](int64_t value, int64_t low, int64_t high) {
    const ValueRange same = same_score(value, cuts);
    EXPECT_EQ(same.low, low) << value;
    EXPECT_EQ(same.high, high) << value;
  };
  is(10, INT64_MIN, 10);
  is(11, 11, 20);
  is(20, 11, 20);
  is(21, 21, 30);
  is(31, 31, 40);
  is(41, 41, INT64_MAX);
}

}  // namespace
}  // namespace patron::internal
