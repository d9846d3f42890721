#include <gtest/gtest.h>

#include "tests/expr/world.h"

namespace patron::test {
namespace {

Breakpoints solve(const std::string& text, const Row& row, Micros now = kWorldNow) {
  const Result<Breakpoints> out = Expression::parse(text, world())->breakpoints(row.cells, now);
  EXPECT_TRUE(out.ok()) << out.status().message();
  return *out;
}
using Instants = std::vector<Micros>;

TEST(Breakpoints, AnAgeCrossesItsThresholdOnce) {
  const Micros t = kWorldNow - 10 * kMicrosPerDay;
  const Row row = plain_row().set("t", t);
  EXPECT_EQ(solve("age(t) > days(30)", row).instants, Instants{t + 30 * kMicrosPerDay + 1});
  EXPECT_EQ(solve("age(t) >= days(30)", row).instants, Instants{t + 30 * kMicrosPerDay});
  EXPECT_EQ(solve("age(t) == days(30)", row).instants,
            (Instants{t + 30 * kMicrosPerDay, t + 30 * kMicrosPerDay + 1}));
  EXPECT_TRUE(solve("age(t) > days(5)", row).instants.empty());
  EXPECT_TRUE(solve("age(u) > days(5)", row).instants.empty());  // unknown stays so
  EXPECT_TRUE(solve("i > 5", row).instants.empty());
  EXPECT_TRUE(solve("i > 5", row).solved);
}

TEST(Breakpoints, AreThoseOfTheWholeExpression) {
  const Micros t = kWorldNow - 10 * kMicrosPerDay;
  const Row row = plain_row().set("t", t).set("b", 1);
  EXPECT_TRUE(solve("b || age(t) > days(30)", row).instants.empty());
  EXPECT_EQ(solve("age(t) > days(20) && age(t) <= days(30) ? 1 : 2", row).instants,
            (Instants{t + 20 * kMicrosPerDay + 1, t + 30 * kMicrosPerDay + 1}));
}

TEST(Breakpoints, DatesStepAtLocalMidnight) {
  const Row row = plain_row().set("dt", day_from_civil({2023, 3, 15}));
  // 00:00 in St John's in summer, UTC-2:30.
  EXPECT_EQ(solve("dt + years(3) <= now", row).instants,
            Instants{*parse_time("2026-03-15T02:30:00Z", TimeZone())});
  EXPECT_EQ(solve("date(now) > date('2026-03-05')", row).instants,
            Instants{*parse_time("2026-03-06T03:30:00Z", TimeZone())});
  const Breakpoints months = solve("now.getMonth() == 2", row);  // UTC; it is March
  ASSERT_TRUE(months.solved);
  EXPECT_EQ(months.instants.front(), *parse_time("2026-04-01T00:00:00Z", TimeZone()));
  EXPECT_EQ(months.instants[1], *parse_time("2027-03-01T00:00:00Z", TimeZone()));
  EXPECT_LT(months.until, kWorldNow + 4 * 366 * kMicrosPerDay + 1);
}

TEST(Breakpoints, SayWhatTheyCannotSolve) {
  const Breakpoints out = solve("b && now.getHours() >= 12", plain_row());
  EXPECT_FALSE(out.solved);
  EXPECT_EQ(out.begin, 5);
  EXPECT_FALSE(out.reason.empty());
  EXPECT_FALSE(solve("age(t)", plain_row()).solved);
  std::string chain = "age(t)";
  for (int k = 0; k < 1000; ++k) chain += " + du";
  EXPECT_NE(solve(chain + " > days(1)", plain_row()).reason.find("256"), std::string::npos);
}

// A slow scan over ten days, hour by hour and around every instant that was given.
TEST(Breakpoints, ASlowScanFindsTheSame) {
  const char* atoms[] = {"age(t) > days(2)",
                         "age(t) <= duration('31h')",
                         "now >= u + du",
                         "u - now < du * 2",
                         "dt + days(3) <= now",
                         "dt + months(1) > now",
                         "t + months(1) <= now",
                         "now - months(1) >= t",
                         "date(now) == dt",
                         "now.getDayOfWeek('Asia/Tokyo') in [0, 6]",
                         "date(now).getDate() >= 3",
                         "(now - t).getHours() == 50",
                         "min(now, u) > t + days(1)",
                         "age(t) in [duration('40h'), days(3)]",
                         "b",
                         "has(t)"};
  Dice dice(21);
  for (int n = 0; n < cases(120); ++n) {
    std::string text = atoms[dice.below(16)];
    for (int64_t k = dice.below(3); k > 0; --k) {
      text = "(" + text + (dice.one_in(2) ? " && " : " || ") + (dice.one_in(3) ? "!" : "") + "(" +
             atoms[dice.below(16)] + "))";
    }
    Row row = random_row(dice);
    if (dice.one_in(2)) row.set("t", kWorldNow - dice.between(0, 72) * kMicrosPerHour);
    const Expression expression = *Expression::parse(text, world());
    const Result<Breakpoints> solved = expression.breakpoints(row.cells, kWorldNow);
    ASSERT_TRUE(solved.ok() && solved->solved) << text;
    const Micros end = std::min(kWorldNow + 10 * kMicrosPerDay, solved->until);
    std::vector<Micros> ticks;
    for (Micros t = kWorldNow; t < end; t += kMicrosPerHour / 2) ticks.push_back(t);
    for (const Micros t : solved->instants) {
      if (t < end) ticks.insert(ticks.end(), {t - 1, t});
    }
    std::sort(ticks.begin(), ticks.end());
    std::string before = value_of(text, row, kWorldNow);
    for (size_t k = 1; k < ticks.size(); ++k) {
      const std::string value = value_of(text, row, ticks[k]);
      const bool listed = std::any_of(solved->instants.begin(), solved->instants.end(),
                                      [&](Micros t) { return t > ticks[k - 1] && t <= ticks[k]; });
      if (value != before) {
        ASSERT_TRUE(listed) << text << " changes before " << ticks[k];
      }
      if (std::binary_search(solved->instants.begin(), solved->instants.end(), ticks[k]) &&
          ticks[k - 1] == ticks[k] - 1) {
        ASSERT_NE(value, before) << text << " at " << ticks[k];
      }
      before = value;
    }
  }
}

}  // namespace
}  // namespace patron::test
