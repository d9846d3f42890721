// What facts can move: those that an explanation names can be made as they stand there.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "patron/engine.h"
#include "tests/engine/shop.h"

namespace patron {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): the shop's words

// What a referral and a cost need stands in them, so that they can be made as they are proposed.
TEST(Levers, ReferralsAreMadeByHerAndCostsHaveAnAmount) {
  Engine engine = *Engine::open(checked_policy(R"json({"patron": 1, "name": "p",
    "money": {"currency": "EUR", "scale": 2}, "customer": {"id": "int64"},
    "streams": {"referrals": {}, "costs": {}},
    "tags": [{"name": "made", "metric": {"count": "referrals"}},
             {"name": "brought", "metric": {"count": "referrals", "side": "referred"}},
             {"name": "calls", "metric": {"count": "costs"}}],
    "classifications": [{"name": "audience", "kind": "flags", "classes": [
      {"name": "hosts", "enter": "made >= 2"}, {"name": "guests", "enter": "brought >= 1"},
      {"name": "both", "enter": "made >= 1 && brought < 1"},
      {"name": "dear", "enter": "calls >= 1"}]}]})json"));
  TableBuilder builder;
  builder.int64("referrer", std::vector<int64_t>{1}).int64("referred", std::vector<int64_t>{2});
  builder.timestamps("time", std::vector<int64_t>{at("2026-01-10")}, "UTC");
  expect_ok(engine.ingest("referrals", *builder.finish()));
  expect_ok(engine.advance(at("2026-01-20")));
  const auto better = [&](int64_t customer, const std::string& name) {
    const ClassExplanation why = *engine.explain(id(customer), "audience");
    for (const BetterClass& one : why.better) {
      if (one.name == name) return one;
    }
    return BetterClass();
  };
  const BetterClass hosts = better(1, "hosts");
  EXPECT_EQ(hosts.how, Attainable::kByFacts);
  ASSERT_EQ(hosts.missing.size(), 1u);
  EXPECT_EQ(hosts.missing[0].more, "1");
  ASSERT_EQ(hosts.missing[0].facts.size(), 1u);
  EXPECT_EQ(hosts.missing[0].facts[0].name, "referrals");
  EXPECT_TRUE(hosts.missing[0].facts[0].columns.empty()) << "she, and whomever she likes";
  EXPECT_EQ(better(2, "hosts").missing.at(0).more, "2");
  EXPECT_EQ(better(1, "guests").how, Attainable::kNotDecided) << "she may have come in another way";
  EXPECT_NE(better(2, "both").how, Attainable::kByFacts);
  const BetterClass dear = better(1, "dear");
  EXPECT_EQ(dear.how, Attainable::kByFacts);
  ASSERT_FALSE(dear.missing.empty());
  ASSERT_EQ(dear.missing[0].facts.size(), 1u);
  EXPECT_EQ(dear.missing[0].facts[0].columns.at(0), "amount");
}

}  // namespace
}  // namespace patron
