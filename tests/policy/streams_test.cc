#include "lib/policy/policy_data.h"
#include "tests/policy/said.h"

namespace patron {
namespace {

using test::Said;
using test::said_of;

TEST(Streams, BuiltInOnesHaveTheirColumnsAndOwnOnesWhatIsDeclared) {
  EXPECT_EQ(said_of(R"("streams": {"orders": {"key": "no"}, "visits": {"columns": {"shop": "enum",
      "length": {"type": "duration", "personal": true}}}},
      "tags": [{"name": "a", "metric": {"distinct": "orders.no"}}, {"name": "b", "metric": {"sum": "visits.length"}},
               {"name": "c", "metric": {"last": "visits.time"}}])"),
            Said{});
  EXPECT_EQ(
      said_of(
          R"("streams": {"visits": {}}, "tags": [{"name": "a", "metric": {"sum": "visits.amount"}}])"),
      Said{"unknown_column /tags/0/metric/sum"});
}

TEST(Streams, ReferralsNameCustomersAsThePolicyDoes) {
  const Result<Policy> policy = Policy::parse(test::policy_with(
      R"("streams": {"referrals": {}}, "tags": [{"name": "a", "metric": {"last": "referrals.referred"}}])"));
  ASSERT_TRUE(policy.ok());
  EXPECT_EQ(policy->tags()[0].kind, Kind::kInt64);
}

TEST(Streams, ARefundNamesItsOrderByAColumnOfTheTypeOfTheKeys) {
  const Result<Policy> policy = Policy::parse(test::policy_with(
      R"("streams": {"orders": {"key": "order_id", "refund_of": "original",
                                "columns": {"order_id": "int64"}}})"));
  ASSERT_TRUE(policy.ok()) << policy.status().message();
  const internal::PolicyStream& orders = policy->data().streams[0];
  EXPECT_EQ(orders.refund_of, "original");
  EXPECT_EQ(orders.columns.back().field.name, "original");
  EXPECT_EQ(orders.columns.back().field.kind, Kind::kInt64);
  EXPECT_EQ(said_of(R"("streams": {"orders": {"refund_of": "original"}})"),
            Said{"value /streams/orders/refund_of"});
  EXPECT_EQ(said_of(R"("streams": {"orders": {"key": "order_id", "refund_of": "order_id"}})"),
            Said{"value /streams/orders/refund_of"});
  EXPECT_EQ(said_of(R"("streams": {"costs": {"key": "id", "refund_of": "original"}})"),
            Said{"value /streams/costs/refund_of"});
  EXPECT_EQ(said_of(R"("streams": {"orders": {"key": "order_id", "refund_of": "if"}})"),
            Said{"name /streams/orders/refund_of"});
  EXPECT_EQ(said_of(R"("streams": {"orders": {"key": "order_id", "refund_of": "original",
                                              "columns": {"original": "int64"}}})"),
            Said{"type /streams/orders/refund_of"});
}

TEST(Streams, RefusesNamesAndTypesThatAreNone) {
  EXPECT_EQ(said_of(R"("streams": {"my stream": {}})"), Said{"name /streams/my stream"});
  EXPECT_EQ(said_of(R"("streams": {"s": {"columns": {"if": "bool"}}})"),
            Said{"name /streams/s/columns/if"});
  EXPECT_EQ(said_of(R"("streams": {"orders": {"zero_amounts": "keep"}})"),
            Said{"value /streams/orders/zero_amounts"});
}

// What a book would refuse when an engine opens.
TEST(Streams, RefusesNamesThatEveryStreamHasAndKeysThatAreNone) {
  EXPECT_EQ(said_of(R"("streams": {"orders": {"columns": {"customer": "int64"}}})"),
            Said{"name /streams/orders/columns/customer"});
  EXPECT_EQ(said_of(R"("streams": {"orders": {"key": "customer"}})"),
            Said{"name /streams/orders/key"});
  EXPECT_EQ(said_of(R"("streams": {"s": {"key": "a.b"}})"), Said{"name /streams/s/key"});
  EXPECT_EQ(said_of(R"("streams": {"orders": {"key": "order_id", "refund_of": "customer"}})"),
            Said{"name /streams/orders/refund_of"});
  EXPECT_EQ(said_of(R"("streams": {"orders": {"key": "time"}})"), Said{"type /streams/orders/key"});
  std::string said;
  EXPECT_EQ(said_of(R"("streams": {"orders": {"key": "amount"}})", &said),
            Said{"type /streams/orders/key"});
  EXPECT_NE(said.find("orders.amount is money; event keys are string or int64"), std::string::npos)
      << said;
  EXPECT_EQ(said_of(R"("streams": {"referrals": {"key": "referral_id"}})"),
            Said{"value /streams/referrals/key"});
}

TEST(Streams, HaveAtMost256ColumnsTheirOwnIncluded) {
  const auto orders_with = [](int columns) {
    std::string text = R"("streams": {"orders": {"columns": {)";
    for (int i = 0; i < columns; ++i) {
      text += (i == 0 ? "\"c" : ", \"c") + std::to_string(i) + "\": \"bool\"";
    }
    return text + "}}}";
  };
  EXPECT_EQ(said_of(orders_with(251)), Said{}) << "5 are there: amount, margin, quantity ...";
  std::string said;
  EXPECT_EQ(said_of(orders_with(252), &said), Said{"limit /streams/orders"});
  EXPECT_NE(said.find("orders has 257"), std::string::npos) << said;
}

}  // namespace
}  // namespace patron
