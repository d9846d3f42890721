#include "tests/policy/said.h"

namespace patron {
namespace {

using test::Said;
using test::said_of;
using test::said_of_tag;

TEST(Tags, HaveOneSource) {
  EXPECT_EQ(said_of_tag(R"({"name": "t"})"), Said{"missing_key /tags/0"});
  EXPECT_EQ(said_of_tag(R"({"name": "t", "expression": "a > 1", "metric": {"count": "orders"}})"),
            Said{"value /tags/0/expression"});
}

TEST(Tags, ADefaultHasTheTypeOfItsValue) {
  EXPECT_EQ(said_of_tag(R"({"name": "t", "metric": {"last": "orders.time"}, "on_null": "default",
                            "default": "2026-01-01"})"),
            Said{});
  EXPECT_EQ(said_of_tag(R"({"name": "t", "metric": {"count": "orders"}, "default": "none"})"),
            Said{"type /tags/0/default"});
  EXPECT_EQ(said_of_tag(R"({"name": "t", "metric": {"count": "orders"}, "on_null": "default"})"),
            Said{"missing_key /tags/0/on_null"});
  EXPECT_EQ(said_of_tag(
                R"({"name": "t", "metric": {"count": "orders"}, "on_null": "keep", "default": 1})"),
            Said{"key_not_allowed /tags/0/default"});
  EXPECT_EQ(said_of(R"("attributes": {"e": {"type": "enum", "values": ["x"], "default": "y"}})"),
            Said{"value /attributes/e/default"});
}

TEST(Tags, PlainLifetimeValueIsOfMoney) {
  EXPECT_EQ(said_of_tag(R"({"name": "m", "metric": {"sum": "orders.amount"}},
                           {"name": "t", "plain_ltv": {"annual_spend": "m", "years": 3, "margin": 0.4}})"),
            Said{});
  EXPECT_EQ(said_of_tag(R"({"name": "t", "plain_ltv": {"annual_spend": "a", "years": 3}})"),
            Said{"type /tags/0/plain_ltv/annual_spend"});
}

}  // namespace
}  // namespace patron
