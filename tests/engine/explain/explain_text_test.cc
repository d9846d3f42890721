// Explanations as people read them.
#include <gtest/gtest.h>

#include <string>

#include "patron/engine.h"
#include "tests/engine/shop.h"

namespace patron {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): the shop's words

TEST(ExplanationText, IsWholeSentencesInEnglishAndChineseWithLocalTimes) {
  Engine engine = *Engine::open(shop());
  expect_ok(engine.ingest("orders", orders({{1, at("2026-01-10T09:00"), 300, "a"}})));
  expect_ok(engine.advance(at("2026-02-01")));
  EXPECT_EQ(engine.explain(id(1), "tier", "en")->text,
            "tier: silver since 2026-01-10 10:00\n"
            "because spend >= 100 (300.00 EUR)\n"
            "gold: 700.00 EUR more (spend >= 1000, now 300.00 EUR), before 2026-04-10 11:00\n"
            "if nothing happens, 2026-04-10 11:00 becomes guest: spend >= 100 (0.00 EUR)\n"
            "unknown: blocked\n");
  EXPECT_EQ(engine.explain(id(1), "tier", "zh")->text,
            "tier：silver，自 2026-01-10 10:00 起\n"
            "依据：spend >= 100（300.00 EUR）\n"
            "gold：还差 700.00 EUR（spend >= 1000，现为 300.00 EUR），须在 2026-04-10 11:00 之前\n"
            "如无新事实，2026-04-10 11:00 变为 guest：spend >= 100（0.00 EUR）\n"
            "未知：blocked\n");
}

}  // namespace
}  // namespace patron
