// Scores and segments from what is kept of the settling before, beside those of the plain way, at
// every instant at which the plain way says that something may change.
#include "lib/engine/quick/quick_rfm.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <memory>
#include <random>

#include "tests/engine/settling.h"

namespace patron::internal {
namespace {

using Part = QuickRfm::Part;

Policy policy(const char* window) {
  return *Policy::parse(std::string(R"({"patron": 1, "name": "p", "timezone": "Asia/Shanghai",
    "money": {"scale": 2}, "customer": {"id": "int64"}, "streams": {"orders": {}},
    "models": {"rfm": {"table": "eleven")") +
                        (*window == '\0' ? "" : R"(, "window": ")" + std::string(window) + "\"") +
                        R"(}}, "classifications": [
      {"name": "segment", "kind": "grid", "table": "rfm.eleven"},
      {"name": "tier", "kind": "ladder", "classes": [
        {"name": "a", "enter": "rfm.r >= 4 && rfm.f >= 3 && rfm.m >= 2"}, {"name": "b"}]}]})");
}

RfmAxisCuts axis_of(std::vector<int64_t> cuts, int64_t split) {
  RfmAxisCuts out;
  out.cuts = std::move(cuts);
  out.octant_split = split;
  return out;
}

std::shared_ptr<const CalibrationData> constants() {
  RfmConstants rfm;
  rfm.cuts.recency = axis_of({5, 20, 20, 60}, 30);
  rfm.cuts.frequency = axis_of({1, 2, 2, 4}, 3);
  rfm.cuts.monetary = axis_of({500, 2000, 4000, 9000}, 3000);
  auto out = std::make_shared<CalibrationData>();
  out->number = 1;
  out->models["rfm"] = {1, std::move(rfm)};
  return out;
}

struct Shop {
  Shop(const char* window, uint64_t seed) : shelf(policy(window), sales(seed)) {
    shelf.settler.use(constants());
    rfm = QuickRfm::of(shelf.settler.parts());
    rfm->use(shelf.settler.constants()->find<RfmConstants>("rfm"));
  }
  static std::vector<population::Sale> sales(uint64_t seed) {
    std::mt19937_64 random(seed);
    const auto below = [&](uint64_t n) { return static_cast<int64_t>(random() % n); };
    std::vector<population::Sale> out;
    for (int i = 0; i < 150; ++i) {
      const Micros step = below(3) == 0 ? below(3'600'000'000) : below(20 * kMicrosPerDay);
      out.push_back({below(12), kBegin + below(6) * 30 * kMicrosPerDay + step,
                     static_cast<double>(below(5) == 0 ? -below(900) : below(2500)) / 100});
    }
    return out;
  }
  /// The scores and the class of the plain way, and when they may change.
  struct Plain {
    std::array<Cell, 3> scores;
    int segment = 0;
    Micros next = TimeRange::kNever;
  };
  Plain plainly(uint32_t row, Micros now) {
    Plain out;
    const int64_t id = shelf.book.id(row).number;
    const std::array<const char*, 3> names{"rfm.r", "rfm.f", "rfm.m"};
    for (size_t k = 0; k < 3; ++k) {
      const MetricValue value = shelf.value(id, now, names[k]);
      out.scores[k] = value.cell;
      out.next = std::min(out.next, value.next_change);
    }
    Micros next = 0;
    out.segment = shelf.settler.models().grid_class(shelf.policy.data().classifications[0], next);
    out.next = std::min(out.next, next);
    return out;
  }
  static bool same(const Cell& a, const Cell& b) {
    return a.known == b.known && a.integer == b.integer;
  }

  static constexpr Micros kBegin = 1'382'371'200'000'000;  // 2013-10-22, midnight in Shanghai
  population::Shelf shelf;
  std::unique_ptr<QuickRfm> rfm;
};

TEST(QuickRfm, FindsWhatThePlainWayDoesAndNoSegmentChangesBeforeItSays) {
  constexpr std::array kParts{Part::kR, Part::kF, Part::kM};
  int64_t compared = 0, passed_over = 0, kept_scores = 0, changed = 0, stopped = 0;
  for (const char* window : {"", "90d"}) {
    for (uint64_t seed = 1; seed <= 20; ++seed) {
      Shop shop(window, seed);
      for (uint32_t row = 0; row < shop.shelf.book.customers(); ++row) {
        std::array<int64_t, QuickRfm::kWords> kept{};
        Micros now = Shop::kBegin + 171 * kMicrosPerDay;  // no order is later
        bool same = false;
        for (int step = 0; step < 60 && now < TimeRange::kNever; ++step) {
          kept_scores += same && QuickRfm::stand(kept.data(), now) ? 1 : 0;
          ASSERT_TRUE(shop.rfm->find(row, now, kept.data(), same));
          same = true;
          const Shop::Plain want = shop.plainly(row, now);
          for (size_t k = 0; k < 3; ++k) {
            ASSERT_TRUE(Shop::same(shop.rfm->cell(kParts[k]), want.scores[k])) << row << " " << k;
          }
          ASSERT_EQ(shop.rfm->find_segment(0).segment, want.segment)
              << row << " " << format_time(now);
          ++compared;
          // Until then the plain way stops and finds the same class.
          const Micros until = shop.rfm->find_segment(0).until;
          ASSERT_GT(until, now);
          Shop::Plain then = want;
          while (then.next < until) {
            now = then.next;
            then = shop.plainly(row, now);
            ASSERT_EQ(then.segment, want.segment) << format_time(now);
            ++passed_over;
          }
          if (until >= TimeRange::kNever) break;
          changed += shop.plainly(row, until).segment != want.segment ? 1 : 0;
          ++stopped;
          // Now and then she is looked at in between.
          now = step % 3 == 0 ? now + 1 : until;
        }
      }
    }
  }
  EXPECT_GT(compared, 1000);
  EXPECT_GT(passed_over, 500);
  EXPECT_GT(kept_scores, 100);
  EXPECT_GT(changed, stopped / 2) << "of " << stopped;
}

TEST(QuickRfm, SaysWhenAScoreLeavesARange) {
  Shop shop("", 1);
  // Row 0 as of the day of her last order: 5, 4, 2 and 1 above 5, 20 and 60 days.
  std::array<int64_t, QuickRfm::kWords> kept{};
  ASSERT_TRUE(shop.rfm->find(0, Shop::kBegin + 171 * kMicrosPerDay, kept.data(), false));
  const Day last = *shop.rfm->measured().last_day;
  const TimeZone zone = shop.shelf.policy.data().zone;
  ASSERT_TRUE(shop.rfm->find(0, zone.start_of_day(last + 1) - 1, kept.data(), false));
  ASSERT_EQ(shop.rfm->cell(Part::kR).integer, 5);
  const auto day = [&](int64_t low, int64_t high) {
    return zone.local_day(shop.rfm->leaves(Part::kR, {low, high})) - last;
  };
  EXPECT_EQ(day(5, 5), 6);
  EXPECT_EQ(day(4, 9), 21);
  EXPECT_EQ(day(3, 9), 21) << "from 4 she falls to 2";
  EXPECT_EQ(day(2, 5), 61);
  EXPECT_EQ(shop.rfm->leaves(Part::kR, {1, 5}), TimeRange::kNever);
  EXPECT_EQ(shop.rfm->leaves(Part::kR, {}), TimeRange::kNever);
  EXPECT_EQ(day(INT64_MAX, INT64_MIN), 6) << "any change";
  EXPECT_EQ(shop.rfm->leaves(Part::kF, {4, 4}), TimeRange::kNever) << "of all time";
}

TEST(QuickRfm, HasNoScoresWithoutConstantsAndAClassForWhoNeverBought) {
  Shop shop("90d", 2);
  shop.rfm->use(nullptr);
  ASSERT_TRUE(shop.rfm->find(0, Shop::kBegin + 171 * kMicrosPerDay, nullptr, false));
  EXPECT_FALSE(shop.rfm->cell(Part::kF).known);
  EXPECT_EQ(shop.rfm->find_segment(0).segment, -1);
  EXPECT_EQ(shop.rfm->find_segment(0).until, TimeRange::kNever);
  shop.rfm->use(shop.shelf.settler.constants()->find<RfmConstants>("rfm"));
  ASSERT_TRUE(shop.rfm->find(0, Shop::kBegin - 1, nullptr, false));
  const auto& classes = shop.shelf.policy.data().classifications[0].classes;
  EXPECT_EQ(shop.rfm->find_segment(0).segment, static_cast<int>(classes.size()) - 1);
  EXPECT_EQ(classes.back().name, "prospect");
  EXPECT_EQ(shop.rfm->find_segment(0).until, TimeRange::kNever);
}

}  // namespace
}  // namespace patron::internal
