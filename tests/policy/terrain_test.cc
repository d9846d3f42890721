#include "lib/policy/terrain.h"

#include <gtest/gtest.h>

#include <string>

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
  return *Schema::make(
      {field("n", Kind::kInt64), field("x", Kind::kDouble), level, field("t", Kind::kTimestamp)});
}

Expression parsed(const std::string& text) { return *Expression::parse(text, schema()); }

TEST(Terrain, CutsAThingWhereConditionsCanTell) {
  Knowledge nothing;
  Terrain terrain(nothing);
  terrain.add(parsed("n > 5"));
  terrain.add(parsed("n >= 6 || n == 2"));
  terrain.settle();
  // Whole numbers: below 2, 2, 3 to 5, from 6; and unknown.
  ASSERT_EQ(terrain.things().size(), 1U);
  EXPECT_EQ(terrain.things()[0].all, (Range{0, 4, true}));
}

TEST(Terrain, TruthOfARegionIsAllThatAConditionCanBe) {
  Knowledge nothing;
  Terrain terrain(nothing);
  const int high = terrain.add(parsed("e >= 'mid' && x > 1.0"));
  terrain.settle();
  EXPECT_EQ(terrain.truth(high, terrain.everywhere()), kTrue | kFalse | kUnknown);
  EXPECT_EQ(terrain.verdict(high, terrain.everywhere()), Terrain::kCan | Terrain::kCannot);
  Region region = terrain.everywhere();
  region[0] = {0, 1, false};  // e is low
  EXPECT_EQ(terrain.truth(high, region), kFalse);
  EXPECT_EQ(terrain.verdict(high, region), Terrain::kCannot);
  region[0] = {2, 3, false}, region[1] = {1, 2, false};  // e is high, x above 1
  EXPECT_EQ(terrain.truth(high, region), kTrue);
  EXPECT_EQ(terrain.verdict(high, region), Terrain::kCan);
  region[1] = {0, 0, true};  // x unknown
  EXPECT_EQ(terrain.truth(high, region), kUnknown);
  EXPECT_EQ(terrain.verdict(high, region), Terrain::kCannot);
}

TEST(Terrain, ConjunctionsAreBoxesAndCanBeNarrowedTo) {
  Knowledge nothing;
  Terrain terrain(nothing);
  const int box = terrain.add(parsed("n >= 2 && n <= 5 && !(x > 1.0) && has(t)"));
  const int other = terrain.add(parsed("n >= 2 || x > 1.0"));
  terrain.settle();
  EXPECT_TRUE(terrain.is_box(box));
  EXPECT_FALSE(terrain.is_box(other));
  Region region = terrain.everywhere();
  terrain.narrow(box, region);
  EXPECT_EQ(terrain.verdict(box, region), Terrain::kCan);
  EXPECT_EQ(region[0], (Range{1, 2, false}));  // 2 to 5
  EXPECT_EQ(region[1], (Range{0, 1, false}));  // up to 1
}

TEST(Terrain, ThingsOfOneFieldAreEntangled) {
  Knowledge nothing;
  Terrain terrain(nothing);
  const int alone = terrain.add(parsed("x > 1.0"));
  const int tied = terrain.add(parsed("n > 1 && n * 2 > 1"));
  const int age = terrain.add(parsed("has(t) && age(t) > days(30)"));
  terrain.settle();
  EXPECT_TRUE(terrain.exact(alone));
  EXPECT_FALSE(terrain.exact(tied));
  // A time is null just where its age is.
  EXPECT_TRUE(terrain.exact(age));
  EXPECT_TRUE(terrain.is_box(age));
}

TEST(Terrain, HasAnyNumberOfCells) {
  Knowledge nothing;
  Terrain terrain(nothing);
  for (int i = 0; i < 500; ++i) terrain.add(parsed("n > " + std::to_string(2 * i)));
  terrain.settle();
  EXPECT_EQ(terrain.things()[0].all.high, 501);
}

TEST(Terrain, FindsTheBoundThatIsWeakerInWhatIsListedAsMore) {
  Knowledge nothing;
  Terrain terrain(nothing);
  const int gold = terrain.add(parsed("n >= 500 && x <= 30.0"));
  const int silver = terrain.add(parsed("n >= 100 && x <= 20.0"));
  const int bronze = terrain.add(parsed("n >= 50"));
  terrain.settle();
  ASSERT_GE(terrain.weaker_bound(gold, silver), 0);
  EXPECT_EQ(terrain.things()[static_cast<size_t>(terrain.weaker_bound(gold, silver))].text, "x");
  EXPECT_EQ(terrain.weaker_bound(silver, bronze), -1);
}

}  // namespace
}  // namespace patron::internal::policy
