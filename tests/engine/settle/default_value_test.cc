#include "lib/engine/settle/default_value.h"

#include <gtest/gtest.h>

#include <string>

namespace patron::internal {
namespace {

MetricValue parse(Kind kind, std::string json) {
  PolicyValue value;
  value.tag.kind = kind;
  value.unit.scale = 2;
  value.default_value = std::move(json);
  return default_value(value, *TimeZone::load("Asia/Shanghai"));
}

TEST(DefaultValue, IsOfTheKindOfItsTag) {
  EXPECT_EQ(parse(Kind::kBool, "true").cell.integer, 1);
  EXPECT_EQ(parse(Kind::kInt64, "-7").cell.integer, -7);
  EXPECT_EQ(parse(Kind::kDouble, "3").cell.number, 3.0);
  EXPECT_EQ(parse(Kind::kMoney, "12.5").cell.integer, 1250);
  EXPECT_EQ(parse(Kind::kEnum, "\"gold\"").text, "gold");
  EXPECT_EQ(parse(Kind::kDate, "\"1970-01-03\"").cell.integer, 2);
  EXPECT_EQ(parse(Kind::kTimestamp, "\"1970-01-01T08:00\"").cell.integer, 0);
  EXPECT_EQ(parse(Kind::kDuration, "\"2s\"").cell.integer, 2'000'000);
  EXPECT_EQ(parse(Kind::kEnumSet, "[\"a\", \"b\"]").set, (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(parse(Kind::kEnumSet, "[]").is_set);
}

}  // namespace
}  // namespace patron::internal
