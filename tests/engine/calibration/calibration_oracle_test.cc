// A life of scores hour by hour (L5): every hour everybody's raw orders are looked through, at the
// first of the month cuts are taken from sorted lists, and whoever has another segment has moved.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "patron/engine.h"
#include "patron/segments.h"
#include "patron/time.h"
#include "tests/engine/population.h"

namespace patron {
namespace {

using population::at;
using population::expect_ok;
using population::Sale;
using population::shop;
using population::table_of;

constexpr int kWindow = 45;

struct Raw {
  bool known = false, bought = false;
  int64_t recency = 0, frequency = 0, money = 0;
};

class Walk {
 public:
  explicit Walk(std::vector<Sale> sales) : sales_(std::move(sales)) {
    for (const Sale& sale : sales_) customers_.insert(sale.customer);
  }

  std::vector<std::string> run(Micros from, Micros to) {
    for (Micros t = from; t <= to; t += kMicrosPerHour) {
      const CivilDate date = civil_from_day(zone_.local_day(t));
      const bool first = date.day == 1 && zone_.start_of_day(zone_.local_day(t)) == t;
      if (first) calibrate(t);
      for (const int64_t customer : customers_) settle(customer, t);
    }
    return said_;
  }

 private:
  // Of her orders up to `last`, as of t.
  Raw raw(int64_t customer, Micros last, Micros t) const {
    Raw out;
    std::set<Day> days;
    Day newest = 0;
    for (const Sale& sale : sales_) {
      if (sale.customer != customer || sale.time > last) continue;
      out.known = true;
      const bool inside = sale.time > t - kWindow * kMicrosPerDay;
      const auto minor = static_cast<int64_t>(std::llround(sale.amount * 100));
      if (inside) out.money += minor;
      if (minor <= 0) continue;
      const Day day = zone_.local_day(sale.time);
      newest = out.bought ? std::max(newest, day) : day;
      out.bought = true;
      if (inside) days.insert(day);
    }
    out.frequency = static_cast<int64_t>(days.size());
    if (out.bought) out.recency = zone_.local_day(t) - newest;
    return out;
  }

  // Hyndman and Fan's type 7 at fifths, rounded down.
  static std::array<int64_t, 4> fifths(std::vector<int64_t> values) {
    std::sort(values.begin(), values.end());
    std::array<int64_t, 4> cuts{};
    for (int64_t k = 1; k <= 4; ++k) {
      const int64_t place = (static_cast<int64_t>(values.size()) - 1) * k;  // in fifths
      const auto low = static_cast<size_t>(place / 5);
      const int64_t step = low + 1 < values.size() ? values[low + 1] - values[low] : 0;
      const int64_t part = step * (place % 5);
      cuts[static_cast<size_t>(k) - 1] = values[low] + (part >= 0 ? part / 5 : (part - 4) / 5);
    }
    return cuts;
  }

  void calibrate(Micros t) {
    std::array<std::vector<int64_t>, 3> sample;
    for (const int64_t customer : customers_) {
      const Raw hers = raw(customer, t - 1, t);
      if (hers.frequency == 0) continue;
      sample[0].push_back(hers.recency), sample[1].push_back(hers.frequency);
      sample[2].push_back(hers.money);
    }
    if (sample[0].empty()) return;
    for (size_t axis = 0; axis < 3; ++axis) cuts_[axis] = fifths(sample[axis]);
    calibrated_ = true;
  }

  int above(size_t axis, int64_t value) const {
    int out = 0;
    for (const int64_t cut : cuts_[axis]) out += value > cut ? 1 : 0;
    return out;
  }

  void settle(int64_t customer, Micros t) {
    const Raw hers = raw(customer, t, t);
    if (!calibrated_ || !hers.known) return;
    std::string now = "prospect";
    if (hers.bought) {
      const int row = eleven_.segment_of(
          {5 - above(0, hers.recency), 1 + above(1, hers.frequency), 1 + above(2, hers.money)});
      now = eleven_.rows()[static_cast<size_t>(row)].name;
    }
    std::string& held = held_[customer];
    if (now != held) {
      said_.push_back(std::to_string(customer) + ": " + held + " -> " + now + " at " +
                      format_time(t));
    }
    held = now;
  }

  std::vector<Sale> sales_;
  std::set<int64_t> customers_;
  TimeZone zone_ = *TimeZone::load("Europe/Berlin");
  SegmentTable eleven_ = *SegmentTable::named("eleven");
  std::array<std::array<int64_t, 4>, 3> cuts_{};
  bool calibrated_ = false;
  std::map<int64_t, std::string> held_;
  std::vector<std::string> said_;
};

TEST(CalibrationOracle, SegmentsAreWhatRawOrdersSayHourByHour) {
  const Policy policy = shop(R"("models": {"rfm": {"window": "45d"}},
    "calibrate": {"every": "month"},
    "classifications": [{"name": "segment", "kind": "grid", "table": "rfm.eleven"}])");
  for (uint64_t seed = 0; seed < 3; ++seed) {
    std::vector<Sale> sales = population::random_sales(900 + seed, 14, at("2026-01-10"), 130);
    for (Sale& sale : sales) sale.time -= sale.time % kMicrosPerHour;
    // At the very instant of a calibration, and at the hour at which clocks go forward.
    sales.push_back({1, at("2026-03-31T22:00"), 70}),
        sales.push_back({2, at("2026-03-29T01:00"), 9});
    Engine engine = *Engine::open(policy);
    expect_ok(engine.ingest("orders", table_of(sales)));
    expect_ok(engine.advance(at("2026-07-01")));
    std::vector<std::string> moves;
    for (const Transition& t : engine.transitions()) {
      moves.push_back(std::to_string(t.customer.number) + ": " + std::string(t.from) + " -> " +
                      std::string(t.to) + " at " + format_time(t.at));
    }
    const std::vector<std::string> expected = Walk(sales).run(at("2026-01-10"), at("2026-07-01"));
    EXPECT_GT(expected.size(), 60u);
    ASSERT_EQ(moves, expected) << "seed " << seed;
  }
}

// What counts at an instant: facts before it for the cuts, facts at it for who is scored.
TEST(CalibrationOracle, ARankLearnsFromTheFactsBeforeItsInstant) {
  const Policy policy = shop(R"("tags": [{"name": "spend", "metric": {"sum": "orders.amount"}}],
    "calibrate": {"every": "month"},
    "classifications": [{"name": "half", "kind": "rank", "by": "spend", "classes": [
      {"name": "upper", "top_percent": 50}, {"name": "lower"}]}])");
  Engine engine = *Engine::open(policy);
  const Micros before = at("2026-01-20T12:00"), instant = at("2026-01-31T23:00");
  expect_ok(engine.ingest("orders", table_of(std::vector<Sale>{{1, before, 40},
                                                               {2, before, 30},
                                                               {3, before, 20},
                                                               {4, before, 10},
                                                               {4, instant, 90},
                                                               {5, instant, 500}})));
  expect_ok(engine.advance(at("2026-02-10")));
  // Of 40, 30, 20, 10 the cut is 30; with the orders of the instant it would have been 40.
  EXPECT_EQ(engine.calibration().customers(), 4);
  EXPECT_EQ(engine.calibration().report()[0].message, "upper from 30.00 EUR");
  const std::vector<ClassCount> counts = *engine.distribution("half");
  EXPECT_EQ(counts[0].customers, 4) << "1, 2, and at once 4 and 5";
  EXPECT_EQ(counts[1].customers, 1);
}

}  // namespace
}  // namespace patron
