// The bookkeeping of who is due; what comes of it is in engine_test.cc.
#include "lib/engine/engine_data.h"

#include <gtest/gtest.h>

namespace patron::internal {
namespace {

TEST(EnginePending, IsLateFromTheEarliestFactAndQuietWhereAllAre) {
  const auto effect = [](Micros fact_time, bool late, bool corrected, bool quiet) {
    BookEffect out;
    out.fact_time = fact_time, out.late = late, out.corrected = corrected, out.quiet = quiet;
    return out;
  };
  EnginePending pending;
  pending.add(effect(50, true, false, true));
  EXPECT_TRUE(pending.quiet);
  pending.add(effect(30, true, true, true));
  pending.add(effect(70, true, false, false));
  EXPECT_EQ(pending.fact_time, 30);
  EXPECT_TRUE(pending.late && pending.corrected);
  EXPECT_FALSE(pending.quiet);
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
