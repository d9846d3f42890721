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

TEST(Streams, RefusesNamesAndTypesThatAreNone) {
  EXPECT_EQ(said_of(R"("streams": {"my stream": {}})"), Said{"name /streams/my stream"});
  EXPECT_EQ(said_of(R"("streams": {"s": {"columns": {"if": "bool"}}})"),
            Said{"name /streams/s/columns/if"});
  EXPECT_EQ(said_of(R"("streams": {"orders": {"zero_amounts": "keep"}})"),
            Said{"value /streams/orders/zero_amounts"});
}

}  // namespace
}  // namespace patron
