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
            "if nothing happens, 2026-04-10 11:00 becomes guest: not met: spend >= 100 (0.00 EUR)\n"
            "to stay silver: 100.00 EUR more (spend >= 100, then 0.00 EUR), before 2026-04-10 "
            "11:00\n"
            "unknown: blocked\n");
  EXPECT_EQ(engine.explain(id(1), "tier", "zh")->text,
            "tier：silver，自 2026-01-10 10:00 起\n"
            "依据：spend >= 100（300.00 EUR）\n"
            "gold：还差 700.00 EUR（spend >= 1000，现为 300.00 EUR），须在 2026-04-10 11:00 之前\n"
            "如无新事实，2026-04-10 11:00 变为 guest：未满足：spend >= 100（0.00 EUR）\n"
            "保持 silver：还差 100.00 EUR（spend >= 100，届时为 0.00 EUR），须在 2026-04-10 11:00 "
            "之前\n"
            "未知：blocked\n");
}

TEST(ExplanationText, HasTheLabelsOfItsLanguage) {
  const auto labelled = [](const std::string& tier, const std::string& gold) {
    std::string text = shop_text();
    text.insert(text.find("\"name\": \"tier\""), "\"label\": " + tier + ", ");
    text.insert(text.find("\"name\": \"gold\""), "\"label\": " + gold + ", ");
    Engine engine = *Engine::open(checked_policy(text));
    expect_ok(engine.ingest("orders", orders({{1, at("2026-01-10T09:00"), 300, "a"}})));
    expect_ok(engine.advance(at("2026-02-01")));
    return engine;
  };
  const auto begins = [](const Engine& engine, const char* language) {
    const ClassExplanation why = *engine.explain(id(1), "tier", language);
    const std::string& text = why.text;
    const size_t gold = text.find('\n', text.find('\n') + 1) + 1;
    const std::string_view colon = std::string_view(language) == "zh" ? "：" : ":";
    return std::string(why.label) + "/" + std::string(why.better[0].label) + " " +
           text.substr(0, text.find(colon)) + "/" +
           text.substr(gold, text.find(colon, gold) - gold);
  };
  const Engine both =
      labelled(R"({"en": "Tier", "zh": "等级"})", R"({"en": "Gold", "zh-Hans": "金卡"})");
  EXPECT_EQ(begins(both, "en"), "Tier/Gold Tier/Gold");
  EXPECT_EQ(begins(both, "zh"), "等级/金卡 等级/金卡");
  const Engine turned =
      labelled(R"({"zh": "等级", "en": "Tier"})", R"({"zh-Hans": "金卡", "en": "Gold"})");
  EXPECT_EQ(begins(turned, "en"), "Tier/Gold Tier/Gold") << "the order of keys says nothing";
  EXPECT_EQ(turned.explain(id(1), "tier", "zh")->text, both.explain(id(1), "tier", "zh")->text);
  const Engine others = labelled(R"({"fr": "Niveau", "de": "Stufe"})", "\"Gold!\"");
  EXPECT_EQ(begins(others, "zh"), "Stufe/Gold! Stufe/Gold!");
}

TEST(ExplanationText, SaysWhoOverrodeAndWhy) {
  Engine engine = *Engine::open(shop());
  expect_ok(engine.ingest("orders", orders({{1, at("2026-01-10T09:00"), 300, "a"}})));
  expect_ok(engine.advance(at("2026-02-01")));
  Override pin;
  pin.kind = OverrideKind::kPin, pin.classification = "tier", pin.to = "gold";
  pin.reason = "a late parcel", pin.author = "desk 3";
  expect_ok(engine.set_override(id(1), pin));
  expect_ok(engine.advance(at("2026-02-02")));
  const ClassExplanation why = *engine.explain(id(1), "tier", "en");
  ASSERT_EQ(why.holds.size(), 1u);
  EXPECT_EQ(why.holds[0].reason + why.holds[0].author, "a late parceldesk 3");
  EXPECT_NE(why.text.find("pinned by hand: gold, by desk 3, reason: a late parcel\n"),
            std::string::npos)
      << why.text;
  EXPECT_NE(engine.explain(id(1), "tier", "zh")->text.find("经手人 desk 3，原因：a late parcel\n"),
            std::string::npos);
}

}  // namespace
}  // namespace patron
