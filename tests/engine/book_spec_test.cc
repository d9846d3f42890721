#include "lib/engine/book_spec.h"

#include <gtest/gtest.h>

#include <string>

#include "patron/policy.h"

namespace patron::internal {
namespace {

TEST(BookSpecOfPolicy, StreamsAttributesAndKeysAreThoseOfThePolicy) {
  const CheckedPolicy checked = Policy::check(R"json({"patron": 1, "name": "test",
    "timezone": "Asia/Shanghai", "money": {"currency": "CNY", "scale": 2}, "customer": {"id": "string"},
    "streams": {"orders": {"key": "order_id", "columns": {"coupon": "money"}}, "referrals": {},
                "surveys": {"columns": {"keywords": "enum_set"}}},
    "identities": {"keys": ["member_no", "phone", "email"]},
    "attributes": {"interests": {"type": "enum_set"}, "vip": {"type": "bool"}},
    "tags": [{"name": "n", "metric": {"count": "orders"}}]})json");
  ASSERT_TRUE(checked.policy.has_value());
  const BookSpec spec = book_spec(checked.policy->data());
  ASSERT_EQ(spec.streams.size(), 3u);
  EXPECT_EQ(spec.streams[0].key, "order_id");
  for (const BookStream& stream : spec.streams) {
    for (const BookColumn& column : stream.columns) {
      EXPECT_NE(column.field.name, "time");
      const std::string& name = column.field.name;
      EXPECT_EQ(column.customer, name == "referrer" || name == "referred") << name;
      EXPECT_EQ(column.field.kind == Kind::kEnumSet, false) << name << ": an open set is text";
    }
  }
  ASSERT_EQ(spec.attributes.size(), 2u);
  EXPECT_EQ(spec.attributes[0].field.kind, Kind::kString) << "an open set is text";
  ASSERT_EQ(spec.keys.size(), 3u);
  EXPECT_EQ(spec.keys[0].form, KeyForm::kExact);
  EXPECT_EQ(spec.keys[1].form, KeyForm::kPhone);
  EXPECT_EQ(spec.keys[2].form, KeyForm::kEmail);
  EXPECT_TRUE(BookLayout::make(spec).ok());
}

TEST(StreamRulesOfPolicy, OrdersHaveRefundsAndSetsAreSplitWhereThePolicyListsNoMembers) {
  const CheckedPolicy checked = Policy::check(R"json({"patron": 1, "name": "test",
    "money": {"currency": "EUR", "scale": 2}, "customer": {"id": "string"},
    "streams": {"orders": {"key": "order_id", "refund_of": "original", "zero_amounts": "count",
                           "columns": {"original": "string"}},
                "surveys": {"columns": {"keywords": "enum_set",
                                        "parts": {"type": "enum_set", "values": ["a", "b"]}}}},
    "tags": [{"name": "n", "metric": {"count": "orders"}}]})json");
  ASSERT_TRUE(checked.policy.has_value());
  const std::vector<PolicyStream>& streams = checked.policy->data().streams;
  const StreamRules orders = stream_rules(streams[0]), surveys = stream_rules(streams[1]);
  EXPECT_TRUE(orders.refunds && orders.count_zero_amounts);
  EXPECT_EQ(orders.key, "order_id");
  EXPECT_EQ(orders.refund_of, "original");
  EXPECT_TRUE(orders.open_sets.empty());
  EXPECT_FALSE(surveys.refunds || surveys.count_zero_amounts);
  EXPECT_EQ(surveys.key, "");
  EXPECT_EQ(surveys.open_sets, std::vector<std::string>{"keywords"});
}

}  // namespace
}  // namespace patron::internal
