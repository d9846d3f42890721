#include <gtest/gtest.h>

#include <string>

#include "lib/policy/search.h"
#include "lib/policy/terrain.h"

namespace patron::internal::policy {
namespace {

// The first customer found for whom the condition is true.
std::string who(const char* condition, const char* fields) {
  const Schema schema =
      *Schema::from_json(std::string(R"({"money": {"scale": 2}, "fields": )") + fields + "}");
  Knowledge nothing;
  Terrain terrain(nothing);
  const int wanted = terrain.add(*Expression::parse(condition, schema));
  terrain.settle();
  Search search(terrain, 10'000);
  EXPECT_EQ(search.find({{wanted, true}}), Answer::kFound) << condition;
  return terrain.witness(search.region(), {wanted});
}

TEST(Witness, IsACustomerByWhatTheConditionsLookAt) {
  EXPECT_EQ(who("spend > 1000", R"({"spend": "money"})"), "spend = 1000.01");
  EXPECT_EQ(who("n > 5 && vip", R"({"n": "int64", "vip": "bool"})"), "n = 6, vip true");
  EXPECT_EQ(who("!vip", R"({"vip": "bool"})"), "vip not true");
  EXPECT_EQ(who("n < 5", R"({"n": "int64"})"), "n = 4");
  EXPECT_EQ(who("x == null", R"({"x": "double"})"), "x unknown");
  EXPECT_EQ(who("x > 0.5", R"({"x": "double"})"), "x > 0.5");
  EXPECT_EQ(who("x > 0.5 && x < 1.0", R"({"x": "double"})"), "x = 0.75");
  EXPECT_EQ(who("x >= 0.5", R"({"x": "double"})"), "x = 0.5");
  EXPECT_EQ(who("r == 'south'", R"({"r": {"type": "enum", "values": ["north", "south"]}})"),
            "r = 'south'");
  EXPECT_EQ(who("r != 'south'", R"({"r": "enum"})"), "r = another");
  EXPECT_EQ(who("d >= date('2026-03-01')", R"({"d": "date"})"), "d = 2026-03-01");
}

TEST(Witness, SaysLengthsOfTimeInDays) {
  EXPECT_EQ(who("age(t) > days(30)", R"({"t": "timestamp"})"), "age(t) = 31 days");
  EXPECT_EQ(who("age(t) <= days(30)", R"({"t": "timestamp"})"), "age(t) = 30 days");
  EXPECT_EQ(who("w >= duration('90s')", R"({"w": "duration"})"), "w = 1 days");
}

}  // namespace
}  // namespace patron::internal::policy
