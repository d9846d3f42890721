// Scores of RFM and their grids as quick settling remembers them, beside the plain way.
#include <gtest/gtest.h>

#include <array>

#include "lib/engine/engine_data.h"
#include "tests/engine/engine_world.h"

namespace patron::internal {
namespace {

constexpr const char* kScores = R"json({"patron": 1, "name": "scores", "money": {"scale": 2},
  "timezone": "Europe/Berlin", "streams": {"orders": {}, "interactions": {}},
  "models": {"rfm": {"window": "120d", "min_customers": 1, "table": "eleven"}},
  "tags": [{"name": "seen", "metric": {"count": "interactions", "window": "30d"}}],
  "classifications": [
    {"name": "segment", "kind": "grid", "table": "rfm.eleven"},
    {"name": "tier", "kind": "ladder", "classes": [
      {"name": "good", "enter": "rfm.r >= 3 && rfm.m >= 3", "keep": "rfm.f >= 2"},
      {"name": "active", "enter": "rfm.r >= 4 || seen >= 1"},
      {"name": "rest"}]}]})json";

TEST(QuickScores, MoveCustomersAsThePlainWayDoes) {
  const Policy policy = *Policy::parse(kScores);
  size_t segments = 0, tiers = 0;
  for (uint64_t seed = 1; seed <= 4; ++seed) {
    const auto open = [&] { return *BookLayout::make(book_spec(policy.data())); };
    EngineData quick(policy, open(), {}), plain(policy, open(), {});
    plain.plainly = true;
    const std::array<EngineData*, 2> both{&quick, &plain};
    for (EngineData* data : both) {
      const EngineFacts made(data->book, seed, 30);
      IngestReport report;
      report.effects = made.effects;
      ASSERT_TRUE(data->take(
                          report, [] { return Status(); }, -1, false)
                      .ok());
      Micros now = EngineFacts::kBegin + 150 * kMicrosPerDay;
      for (int step = 0; step < 10; ++step, now += 37 * kMicrosPerDay + 5) {
        ASSERT_TRUE(data->pass(now, {}).ok());
        if (step % 4 != 0) continue;
        const auto constants = data->calibrated(now, now);
        ASSERT_TRUE(constants.ok()) << constants.status().message();
        ASSERT_TRUE(data->install(*constants, now).ok());
        ASSERT_TRUE(data->settle_all(now).ok());
      }
    }
    ASSERT_EQ(quick.moves.size(), plain.moves.size()) << seed;
    for (size_t i = 0; i < quick.moves.size(); ++i) {
      const Transition a = quick.show(quick.moves[i]), b = plain.show(plain.moves[i]);
      ASSERT_EQ(a.at, b.at) << seed;
      ASSERT_EQ(a.customer.text, b.customer.text) << seed;
      ASSERT_EQ(a.classification, b.classification) << seed;
      ASSERT_EQ(a.from, b.from) << seed;
      ASSERT_EQ(a.to, b.to) << seed;
      ++(a.classification == "tier" ? tiers : segments);
    }
  }
  EXPECT_GT(segments, 100u);
  EXPECT_GT(tiers, 100u);
}

}  // namespace
}  // namespace patron::internal
