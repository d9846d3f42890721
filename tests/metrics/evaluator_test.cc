// Metrics by hand, and against definitions that are written down without any cleverness.
#include "lib/metrics/evaluator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "patron/time.h"
#include "tests/base/instant.h"
#include "tests/metrics/metric_world.h"

namespace patron::internal {
namespace {

using test::at;

enum Column : int { kTime, kAmount, kMargin, kQuantity, kCategory };

MetricSpec metric(Verb verb, int column = -1, std::string_view window = "") {
  MetricSpec spec;
  spec.verb = verb;
  spec.stream = kOrders;
  spec.column = column;
  if (!window.empty()) {
    spec.window.kind = Window::Kind::kRolling;
    spec.window.length = *parse_period(window);
  }
  return spec;
}

class Metrics : public ::testing::Test {
 protected:
  void order(std::string_view day, int64_t amount, std::string category = "",
             std::optional<int64_t> margin = {}, std::optional<double> quantity = {}) {
    world.add(kOrders, {at(day), amount, margin, quantity, std::move(category), {}});
  }
  MetricWorld world;
};

TEST_F(Metrics, RefundsEnterSumsOfMoneyOnly) {
  order("2026-01-01", 1000);
  order("2026-01-05", -400);
  order("2026-01-09", 0);
  const Micros now = at("2026-02-01");
  EXPECT_EQ(world.evaluate(metric(Verb::kSum, kAmount), now).cell.integer, 600);
  EXPECT_EQ(world.evaluate(metric(Verb::kCount), now).cell.integer, 1);
  EXPECT_EQ(world.evaluate(metric(Verb::kDaysActive), now).cell.integer, 1);
  EXPECT_EQ(world.evaluate(metric(Verb::kMin, kAmount), now).cell.integer, 1000);
  EXPECT_EQ(world.evaluate(metric(Verb::kLast, kTime), now).cell.integer, at("2026-01-01"));
}

TEST_F(Metrics, OverNothingCountsAreZeroAndTheRestIsUnknown) {
  order("2026-03-01", 1000);  // waits
  const Micros now = at("2026-02-01");
  for (const Verb verb : {Verb::kCount, Verb::kDaysActive}) {
    EXPECT_EQ(world.evaluate(metric(verb), now).cell.integer, 0);
    EXPECT_TRUE(world.evaluate(metric(verb), now).known());
  }
  EXPECT_TRUE(world.evaluate(metric(Verb::kSum, kAmount), now).known());
  EXPECT_EQ(world.evaluate(metric(Verb::kDistinct, kCategory), now).cell.integer, 0);
  for (const Verb verb :
       {Verb::kMean, Verb::kMin, Verb::kMax, Verb::kFirst, Verb::kLast, Verb::kTop, Verb::kPath}) {
    EXPECT_FALSE(world.evaluate(metric(verb, kAmount), now).known());
  }
  EXPECT_FALSE(world.evaluate(metric(Verb::kGapMedian), now).known());
}

TEST_F(Metrics, CellsThatAreAllNullGiveNoSum) {
  order("2026-01-01", 1000);
  EXPECT_FALSE(world.evaluate(metric(Verb::kSum, kMargin), at("2026-02-01")).known());
  order("2026-01-02", 1000, "", 300);
  EXPECT_EQ(world.evaluate(metric(Verb::kSum, kMargin), at("2026-02-01")).cell.integer, 300);
}

TEST_F(Metrics, TheMeanOfMoneyIsRoundedHalfToEven) {
  order("2026-01-01", 1);
  order("2026-01-02", 2);
  EXPECT_EQ(world.evaluate(metric(Verb::kMean, kAmount), at("2026-02-01")).cell.integer, 2);
  order("2026-01-03", 2);
  order("2026-01-04", 5);  // 10 / 4
  EXPECT_EQ(world.evaluate(metric(Verb::kMean, kAmount), at("2026-02-01")).cell.integer, 2);
}

TEST_F(Metrics, WhereLeavesOutWhatIsUnknown) {
  order("2026-01-01", 100, "toys");
  order("2026-01-02", 200);
  order("2026-01-03", 400, "books");
  MetricSpec spec = metric(Verb::kSum, kAmount);
  spec.where = MetricWorld::where("category != 'toys'");
  EXPECT_EQ(world.evaluate(spec, at("2026-02-01")).cell.integer, 400);
}

TEST_F(Metrics, ShareIsOfWhatWhereSays) {
  order("2026-01-01", 100, "toys");
  order("2026-01-02", 200);
  order("2026-01-03", 500, "books");
  MetricSpec spec = metric(Verb::kShare, kAmount);
  spec.where = MetricWorld::where("category == 'toys'");
  EXPECT_EQ(world.evaluate(spec, at("2026-02-01")).cell.number, 0.125);
}

TEST_F(Metrics, TopIsByNumberOrByWeightAndTiesByTheBytesOfTheValue) {
  order("2026-01-01", 100, "toys");
  order("2026-01-02", 200, "toys");
  order("2026-01-03", 900, "books");
  order("2026-01-04", 300, "art");
  const Micros now = at("2026-02-01");
  MetricSpec spec = metric(Verb::kTop, kCategory);
  EXPECT_EQ(world.evaluate(spec, now).text, "toys");
  spec.by = kAmount;
  EXPECT_EQ(world.evaluate(spec, now).text, "books");
  spec.n = 2;
  EXPECT_EQ(world.evaluate(spec, now).set, (std::vector<std::string>{"books", "art"}));
}

TEST_F(Metrics, APathIsTheLastValuesInTheirOrder) {
  for (const char* day : {"2026-01-01", "2026-01-02", "2026-01-03"})
    order(day, 1, std::string(1, day[9]));
  MetricSpec spec = metric(Verb::kPath, kCategory);
  spec.n = 2;
  EXPECT_EQ(world.evaluate(spec, at("2026-02-01")).text, "2>3");
}

TEST_F(Metrics, CartsWithoutAnOrderOfTheirCategoryWithinADay) {
  world.add(kVisits, {at("2026-01-01T10:00"), 0, {}, {}, "toys", {}});
  world.add(kVisits, {at("2026-01-01T11:00"), 0, {}, {}, "books", {}});
  order("2026-01-01T12:00", 100, "toys");
  MetricSpec spec = metric(Verb::kCount);
  spec.stream = kVisits;
  Follower follower;
  follower.stream = kOrders;
  follower.within = {0, kMicrosPerDay};
  follower.same = "category";
  follower.wanted = false;
  spec.followed_by = follower;
  const MetricValue before = world.evaluate(spec, at("2026-01-02T10:59"));
  EXPECT_EQ(before.cell.integer, 0);
  EXPECT_EQ(before.next_change, at("2026-01-02T11:00"));
  EXPECT_EQ(world.evaluate(spec, at("2026-01-02T11:00")).cell.integer, 1);
  spec.followed_by->wanted = true;
  EXPECT_EQ(world.evaluate(spec, at("2026-01-02T11:00")).cell.integer, 1);
}

TEST_F(Metrics, KeysThatAreNumbersAreEqualWhereTheNumbersAre) {
  for (const double quantity : {1e-7, 2e-7, 3e-7, -0.0})
    world.add(kVisits, {at("2026-01-01"), 0, {}, quantity, "", {}});
  for (const double quantity : {2e-7, 0.0})
    world.add(kOrders, {at("2026-01-02"), 1, {}, quantity, "", {}});
  MetricSpec spec = metric(Verb::kCount);
  spec.stream = kVisits;
  Follower follower;
  follower.stream = kOrders;
  follower.within = {0, 3 * kMicrosPerDay};
  follower.same = "quantity";
  follower.wanted = true;
  spec.followed_by = follower;
  EXPECT_EQ(world.evaluate(spec, at("2026-02-01")).cell.integer, 2);
}

TEST_F(Metrics, OpenCasesAreThoseWhoseNewestEventOpens) {
  for (const auto& [time, key, amount] :
       {std::tuple("2026-01-01", "a", 1), std::tuple("2026-01-02", "b", 1),
        std::tuple("2026-01-03", "a", 2)}) {
    world.add(kVisits, {at(time), amount, {}, {}, key, {}});
  }
  MetricSpec spec = metric(Verb::kOpen);
  spec.stream = kVisits;
  spec.where = MetricWorld::where("amount == 0.01");
  spec.closed_by = MetricWorld::where("amount == 0.02");
  spec.key = kCategory;
  EXPECT_EQ(world.evaluate(spec, at("2026-01-02")).cell.integer, 2);
  EXPECT_EQ(world.evaluate(spec, at("2026-01-03")).cell.integer, 1);
}

TEST_F(Metrics, AFunnelSpansStreams) {
  MetricSpec spec;
  spec.verb = Verb::kFunnel;
  spec.steps = {{"visit", kVisits, {}}, {"order", kOrders, {}}};
  EXPECT_FALSE(world.evaluate(spec, at("2026-02-01")).known());
  order("2026-01-01", 100);
  EXPECT_FALSE(world.evaluate(spec, at("2026-02-01")).known());
  world.add(kVisits, {at("2026-01-05"), 0, {}, {}, "", {}});
  EXPECT_EQ(world.evaluate(spec, at("2026-02-01")).text, "visit");
  order("2026-01-09", 100);
  EXPECT_EQ(world.evaluate(spec, at("2026-02-01")).text, "order");
}

TEST_F(Metrics, PointsAreEarnedByAnExpression) {
  order("2026-01-01", 1000);
  order("2026-01-15", 2550);
  MetricSpec spec = metric(Verb::kPoints);
  spec.each = MetricWorld::where("double(amount) * 0.5");
  spec.expires = *parse_period("30d");
  EXPECT_EQ(world.evaluate(spec, at("2026-01-20")).cell.number, 5 + 12.75);
  EXPECT_EQ(world.evaluate(spec, at("2026-01-20")).next_change, at("2026-01-31"));
  EXPECT_EQ(world.evaluate(spec, at("2026-01-31")).cell.number, 12.75);
}

// The same questions asked of a plain list.
struct Plain {
  std::vector<PlainEvent> events;  // in the order of time
  const TimeZone& zone;

  // Those that count; refunds where they do.
  std::vector<PlainEvent> counting(const MetricSpec& spec, Micros now, const Anchors& anchors,
                                   bool refunds) const {
    std::vector<PlainEvent> out;
    for (const PlainEvent& event : events) {
      if (event.time > now || (!refunds && event.amount <= 0)) continue;
      if (presence(spec.window, zone, event.time, anchors).contains(now)) out.push_back(event);
    }
    return out;
  }

  std::string answer(const MetricSpec& spec, Micros now, const Anchors& anchors) const {
    const bool money = spec.column == kAmount || spec.column == kMargin;
    const auto in = counting(spec, now, anchors, spec.verb == Verb::kSum && money);
    std::vector<int64_t> cells;
    for (const PlainEvent& event : in) {
      if (spec.column == kAmount) cells.push_back(event.amount);
      if (spec.column == kMargin && event.margin) cells.push_back(*event.margin);
    }
    std::set<Day> days;
    for (const PlainEvent& event : in) days.insert(zone.local_day(event.time));
    switch (spec.verb) {
      case Verb::kCount:
        return std::to_string(in.size());
      case Verb::kDaysActive:
        return std::to_string(days.size());
      case Verb::kSum:
        if (cells.empty() && !in.empty()) return "null";
        return std::to_string(std::accumulate(cells.begin(), cells.end(), int64_t{0}));
      case Verb::kMin:
        return cells.empty() ? "null"
                             : std::to_string(*std::min_element(cells.begin(), cells.end()));
      case Verb::kMax:
        return cells.empty() ? "null"
                             : std::to_string(*std::max_element(cells.begin(), cells.end()));
      case Verb::kLast:
        return cells.empty() ? "null" : std::to_string(cells.back());
      case Verb::kFirst:
        return cells.empty() ? "null" : std::to_string(cells.front());
      case Verb::kGapLast:
        if (days.size() < 2) return "null";
        return std::to_string((*days.rbegin() - *std::next(days.rbegin())) * kMicrosPerDay);
      case Verb::kTop: {
        std::map<std::string, int> counts;
        for (const PlainEvent& event : in) {
          if (!event.category.empty()) ++counts[event.category];
        }
        const auto best = std::max_element(counts.begin(), counts.end(),
                                           [](auto& a, auto& b) { return a.second < b.second; });
        return best == counts.end() ? "null" : best->first;
      }
      default:
        return "?";
    }
  }
};

std::string said(const MetricValue& value) {
  if (!value.known()) return "null";
  return value.text.empty() ? std::to_string(value.cell.integer) : std::string(value.text);
}

std::vector<MetricSpec> random_questions(std::mt19937_64& random) {
  std::vector<MetricSpec> specs;
  for (const auto& [verb, column] :
       {std::pair(Verb::kCount, -1), std::pair(Verb::kDaysActive, -1),
        std::pair(Verb::kSum, +kAmount), std::pair(Verb::kSum, +kMargin),
        std::pair(Verb::kMin, +kMargin), std::pair(Verb::kMax, +kAmount),
        std::pair(Verb::kFirst, +kMargin), std::pair(Verb::kLast, +kAmount),
        std::pair(Verb::kGapLast, -1), std::pair(Verb::kTop, +kCategory)}) {
    MetricSpec spec = metric(verb, column);
    Window& window = spec.window;
    window.kind = static_cast<Window::Kind>(random() % 6);
    window.length = random() % 2 != 0 ? Period{1, 0} : Period{0, 20 * kMicrosPerDay};
    if (random() % 3 == 0) window.offset = Period{0, 7 * kMicrosPerDay};
    window.calendar = Window::Calendar::kMonth;
    window.previous = static_cast<int64_t>(random() % 2);
    window.from = day_from_civil({2026, 1, 10});
    specs.push_back(std::move(spec));
  }
  return specs;
}

// Whatever the window, and however time goes by: the answers are those of the list, and none
// changes before the instant that the answer before named.
TEST(MetricOracle, AnswersAreThoseOfAPlainListAndNoneChangesUnannounced) {
  for (const char* name : {"UTC", "America/St_Johns", "Asia/Shanghai"}) {
    for (uint64_t seed = 0; seed < 12; ++seed) {
      std::mt19937_64 random(seed);
      MetricWorld world(*TimeZone::load(name));
      Plain plain{{}, world.zone()};
      for (int i = 0; i < 14; ++i) {
        PlainEvent event;
        event.time =
            at("2026-01-01") + static_cast<Micros>(random() % 90) * kMicrosPerDay + i * 7'000'000;
        event.amount = static_cast<int64_t>(random() % 900) - 200;
        if (random() % 2 != 0) event.margin = static_cast<int64_t>(random() % 90);
        if (random() % 3 != 0)
          event.category = std::string(1, static_cast<char>('a' + random() % 3));
        plain.events.push_back(event);
      }
      for (const PlainEvent& event : plain.events) world.add(kOrders, event);
      std::sort(plain.events.begin(), plain.events.end(),
                [](const PlainEvent& a, const PlainEvent& b) { return a.time < b.time; });
      const Anchors anchors{at("2026-01-20"), at("2026-02-10")};
      for (const MetricSpec& spec : random_questions(random)) {
        std::string last;
        Micros quiet_until = kMinTime;
        size_t arrived = 0;
        for (Micros now = at("2025-12-30"); now < at("2026-06-30"); now += 11 * kMicrosPerHour) {
          const MetricValue value = world.evaluate(spec, now, anchors);
          ASSERT_EQ(said(value), plain.answer(spec, now, anchors))
              << name << ", seed " << seed << ", verb " << static_cast<int>(spec.verb)
              << ", window " << static_cast<int>(spec.window.kind) << ", now " << format_time(now);
          size_t arrived_now = 0;
          for (const PlainEvent& event : plain.events) arrived_now += event.time <= now ? 1 : 0;
          if (now < quiet_until && arrived_now == arrived) {
            ASSERT_EQ(said(value), last) << name << ", seed " << seed << ", verb "
                                         << static_cast<int>(spec.verb) << ", " << format_time(now);
          }
          last = said(value);
          quiet_until = value.next_change;
          arrived = arrived_now;
        }
      }
    }
  }
}

}  // namespace
}  // namespace patron::internal
