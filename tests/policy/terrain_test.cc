#include "lib/policy/terrain.h"

#include <gtest/gtest.h>

namespace patron::internal::policy {
namespace {

FieldSpec field(const char* name, Kind kind) {
  FieldSpec made;
  made.name = name;
  made.kind = kind;
  return made;
}

Schema schema() {
  FieldSpec level = field("e", Kind::kEnum);
  level.values = {"low", "mid", "high"};
  level.ordered = true;
  return *Schema::make({field("n", Kind::kInt64), field("x", Kind::kDouble), level});
}

Expression parsed(const char* text) { return *Expression::parse(text, schema()); }

TEST(Terrain, CutsAThingWhereConditionsCanTell) {
  Terrain terrain;
  terrain.add(parsed("n > 5"));
  terrain.add(parsed("n >= 6 || n == 2"));
  ASSERT_TRUE(terrain.settle());
  // Whole numbers: below 2, 2, 3 to 5, from 6; and unknown.
  ASSERT_EQ(terrain.things().size(), 1U);
  EXPECT_EQ(terrain.things()[0].cells, 4);
  EXPECT_EQ(terrain.things()[0].all, 0b11111U);
}

TEST(Terrain, TruthOfARegionIsAllThatAConditionCanBe) {
  Terrain terrain;
  const int high = terrain.add(parsed("e >= 'mid' && x > 1.0"));
  ASSERT_TRUE(terrain.settle());
  EXPECT_EQ(terrain.truth(high, terrain.everywhere()), kTrue | kFalse | kUnknown);
  Region region = terrain.everywhere();
  region[0] = 1;  // e is low
  EXPECT_EQ(terrain.truth(high, region), kFalse);
  region[0] = 4, region[1] = 2;  // e is high, x above 1
  EXPECT_EQ(terrain.truth(high, region), kTrue);
  region[1] = 4;  // x unknown
  EXPECT_EQ(terrain.truth(high, region), kUnknown);
  EXPECT_EQ(terrain.witness(region, {high}), "e = 'high', x unknown");
}

TEST(Terrain, ThingsOfOneFieldAreEntangled) {
  Terrain terrain;
  const int alone = terrain.add(parsed("x > 1.0"));
  const int tied = terrain.add(parsed("n > 1 && n * 2 > 1"));
  ASSERT_TRUE(terrain.settle());
  EXPECT_TRUE(terrain.exact(alone));
  EXPECT_FALSE(terrain.exact(tied));
}

TEST(Terrain, GivesUpBeyond63Cells) {
  Terrain terrain;
  for (int i = 0; i < 70; ++i) terrain.add(parsed(("n > " + std::to_string(2 * i)).c_str()));
  EXPECT_FALSE(terrain.settle());
}

}  // namespace
}  // namespace patron::internal::policy
