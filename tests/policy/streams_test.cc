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

}  // namespace
}  // namespace patron
