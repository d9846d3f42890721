// The bookkeeping of who is due; what comes of it is in engine_test.cc.
#include "lib/engine/engine_data.h"

#include <gtest/gtest.h>

namespace patron::internal {
namespace {

BookEffect fact(Micros at, Micros time, bool late, bool quiet) {
  BookEffect out;
  out.at = at, out.fact_time = time, out.late = late, out.quiet = quiet;
  return out;
}

TEST(EnginePending, IsQuietWhereAllFactsAreAndKnowsTheEarliestThatCameLate) {
  EnginePending what;
  EXPECT_FALSE(what.facts);
  what.add(note_of(fact(100, 60, true, true)));
  EXPECT_TRUE(what.quiet);
  what.add(note_of(fact(100, 40, true, true)));
  what.add(note_of(fact(100, 100, false, false)));
  EXPECT_FALSE(what.quiet);
  EXPECT_TRUE(what.facts);
  EXPECT_TRUE(what.late);
  EXPECT_EQ(what.fact_time, 40);
  EXPECT_FALSE(what.corrected);
  BookEffect corrected = fact(100, 90, true, false);
  corrected.corrected = true;
  what.add(note_of(corrected));
  EXPECT_TRUE(what.corrected);
}

TEST(EnginePending, ACommandIsNoFact) {
  EnginePending what;
  EngineNote link;
  link.merge = true;
  what.add(link);
  what.add(EngineNote());  // an override
  EXPECT_FALSE(what.facts);
  EXPECT_TRUE(what.quiet);
  EXPECT_TRUE(what.merged);
}

TEST(EngineData, NobodyIsDueBeforeAnyFact) {
  const CheckedPolicy checked =
      Policy::check(R"({"patron": 1, "name": "p", "streams": {"orders": {}}})");
  ASSERT_TRUE(checked.policy.has_value());
  Result<Engine> engine = Engine::open(*checked.policy);
  ASSERT_TRUE(engine.ok());
  EXPECT_TRUE(engine->advance(0).ok());
  EXPECT_EQ(engine->clock(), 0);
  EXPECT_TRUE(engine->forecast(kEndTime - 1)->empty());
}

}  // namespace
}  // namespace patron::internal
