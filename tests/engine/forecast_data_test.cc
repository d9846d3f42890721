#include "lib/engine/forecast_data.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/engine/shop.h"

namespace patron {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): the shop's words

std::string told_ahead(const Forecast& one) {
  std::string out = std::to_string(one.customer.number) + std::string(one.customer.text) + " " +
                    std::string(one.classification) + ": " + std::string(one.from) + " -> " +
                    std::string(one.to) + " at " + format_time(one.at) + ", " +
                    std::string(cause_name(one.cause));
  for (const Reason& reason : one.because.reasons()) out += "; " + reason.text;
  return out;
}

TEST(Forecasts, AreTheSameOneByOneAndAsAListWhileTheEngineGoesOn) {
  Engine engine = *Engine::open(shop());
  expect_ok(engine.ingest(
      "orders", orders({{1, at("2026-01-10"), 300, "a"}, {-2, at("2026-02-10"), 900, "b"}})));
  expect_ok(engine.advance(at("2026-03-01")));
  const Forecasts ahead = *engine.forecast(at("2027-01-01"));
  ASSERT_GT(ahead.size(), 2u);
  EXPECT_FALSE(ahead.empty());
  const std::vector<Forecast> all = ahead;
  ASSERT_EQ(all.size(), ahead.size());
  std::vector<std::string> before;
  size_t i = 0;
  for (const Forecast& one : ahead) {
    EXPECT_EQ(told_ahead(one), told_ahead(all[i]));
    before.push_back(told_ahead(ahead[i++]));
  }
  EXPECT_EQ(before[0].substr(0, 1), "1");
  // Ids that are numbers, names and reasons are its own.
  expect_ok(engine.advance(at("2026-09-01")));
  EXPECT_TRUE(engine.forget({1, {}}));
  for (size_t k = 0; k < before.size(); ++k) EXPECT_EQ(told_ahead(ahead[k]), before[k]);
}

TEST(Forecasts, HaveIdsThatAreTexts) {
  const Policy policy = checked_policy(R"json({"patron": 1, "name": "texts",
    "customer": {"id": "string"}, "streams": {"visits": {}},
    "tags": [{"name": "visits_30d", "metric": {"count": "visits", "window": "30d"}}],
    "classifications": [{"name": "stage", "kind": "ladder", "classes": [
      {"name": "here", "enter": "visits_30d >= 1"}, {"name": "gone"}]}]})json");
  Engine engine = *Engine::open(policy);
  const Table visits =
      *TableBuilder()
           .strings("customer", std::vector<std::string>{"a customer of many bytes", "b", "a"})
           .timestamps("time", {at("2026-01-02"), at("2026-01-01"), at("2026-01-02")}, "UTC")
           .finish();
  expect_ok(engine.ingest("visits", visits));
  expect_ok(engine.advance(at("2026-01-03")));
  const Forecasts ahead = *engine.forecast(at("2027-01-01"));
  ASSERT_EQ(ahead.size(), 3u);
  EXPECT_EQ(told_ahead(ahead[0]).substr(0, 24), "0b stage: here -> gone a");
  EXPECT_EQ(ahead[1].customer.text, "a");
  EXPECT_EQ(ahead[2].customer.text, "a customer of many bytes");
}

TEST(Forecasts, OfNobodyAreEmpty) {
  const Engine engine = *Engine::open(shop());
  const Forecasts none = *engine.forecast(at("2026-01-01"));
  EXPECT_TRUE(none.empty());
  EXPECT_TRUE(none.begin() == none.end());
}

}  // namespace
}  // namespace patron
