#include "tests/policy/said.h"

namespace patron {
namespace {

using test::Said;
using test::said_of;

TEST(PolicyModels, EachGivesItsValues) {
  const Result<Policy> policy = Policy::parse(test::policy_with(
      R"("streams": {"orders": {}}, "models": {"ltv": {"model": "bg_nbd", "horizon": "1y"}, "nps": {},
         "fit": {"of": ["ltv.p_alive", "nps.score"], "weights": [2, 1]}})"));
  ASSERT_TRUE(policy.ok()) << policy.status().message();
  std::vector<std::string> names;
  for (const PolicyTag& one : policy->tags()) names.push_back(one.name);
  EXPECT_EQ(names,
            (std::vector<std::string>{"ltv.p_alive", "ltv.expected_purchases", "ltv.next_order",
                                      "nps.score", "nps.class", "fit", "fit.coverage"}));
  EXPECT_EQ(policy->tags()[5].reads, (std::vector<std::string>{"ltv.p_alive", "nps.score"}));
}

TEST(PolicyModels, MoneyNeedsAModelOfSpend) {
  EXPECT_EQ(said_of(R"("models": {"ltv": {"model": "bg_nbd", "horizon": "1y"}},
      "tags": [{"name": "t", "expression": "ltv.value > 10"}])"),
            Said{"expression.unknown_name /tags/0/expression"});
}

TEST(PolicyModels, WeightsGoWithWhatTheyWeigh) {
  const auto weights = [](const std::string& text) {
    return said_of(
        R"("attributes": {"a": {"type": "int64"}, "b": {"type": "double"}, "s": {"type": "string"}},
        "models": {"w": {"of": ["a", "b"], "weights": )" +
        text + "}}");
  };
  EXPECT_EQ(weights("\"entropy\""), Said{});
  EXPECT_EQ(weights("[0.5, 0.5]"), Said{});
  EXPECT_EQ(weights(R"({"ahp": [[1, 3], [0.3333333333, 1]]})"), Said{});
  EXPECT_EQ(weights("[1]"), Said{"value /models/w/weights"});
  EXPECT_EQ(weights("[0, 0]"), Said{"value /models/w/weights"});
  EXPECT_EQ(weights("\"equal\""), Said{"value /models/w/weights"});
  EXPECT_EQ(weights(R"({"a": 2, "b": 1})"), Said{"missing_key /models/w/weights"});
  EXPECT_EQ(
      said_of(
          R"("attributes": {"s": {"type": "string"}}, "models": {"w": {"of": ["s"], "weights": [1]}})"),
      Said{"type /models/w/of/0"});
}

TEST(PolicyModels, ReferralsGiveColumnsOfTheirCalibration) {
  const auto referral = [](const std::string& keys) {
    return said_of(R"("streams": {"orders": {}, "referrals": {}},
        "tags": [{"name": "spend", "metric": {"sum": "orders.amount"}},
                 {"name": "orders_all", "metric": {"count": "orders"}}],
        "models": {"referral": )" +
                   keys + "}");
  };
  EXPECT_EQ(referral("{}"), Said{});
  EXPECT_EQ(referral(R"({"window": "1y", "depth": 10, "decay": 0, "value": "spend",
                         "min_customers": 5})"),
            Said{});
  EXPECT_EQ(referral(R"({"depth": 11})"), Said{"value /models/referral/depth"});
  EXPECT_EQ(referral(R"({"decay": 1.5})"), Said{"value /models/referral/decay"});
  EXPECT_EQ(referral(R"({"value": "orders_all"})"), Said{"type /models/referral/value"});
  EXPECT_EQ(referral(R"({"value": "spent"})"), Said{"unknown_name /models/referral/value"});
  EXPECT_EQ(referral(R"({"dept": 3})"), Said{"unknown_key /models/referral/dept"});
  EXPECT_EQ(said_of(R"("models": {"referral": {}})"), Said{"unknown_name /models/referral"});
}

}  // namespace
}  // namespace patron
