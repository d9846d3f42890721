#include "lib/engine/settle/settle_parts.h"

#include <gtest/gtest.h>

#include "lib/engine/book_spec.h"
#include "patron/policy.h"

namespace patron::internal {
namespace {

TEST(SettleParts, KnowsWhatClassesDependOnAndWhereMachinesStand) {
  const CheckedPolicy checked = Policy::check(R"({"patron": 1, "name": "p",
    "streams": {"orders": {}},
    "tags": [{"name": "spend", "metric": {"sum": "orders.amount"}},
             {"name": "rich", "expression": "spend >= 100"},
             {"name": "idle", "metric": {"count": "orders", "window": "30d"}}],
    "classifications": [
      {"name": "flags", "kind": "flags", "classes": [{"name": "a", "enter": "rich"},
                                                     {"name": "b", "enter": "spend < 5"}]},
      {"name": "tier", "kind": "ladder", "classes": [{"name": "gold", "enter": "rich"},
                                                     {"name": "guest"}]}]})");
  ASSERT_TRUE(checked.policy.has_value());
  const PolicyData& policy = checked.policy->data();
  const Book book(*BookLayout::make(book_spec(policy)));
  SettleParts parts(policy, book.state());
  const auto matters = [&](const char* name) -> bool {
    return parts.matters[parts.value_index(name)];
  };
  EXPECT_TRUE(matters("spend") && matters("rich") && matters("tier"));
  EXPECT_FALSE(matters("idle"));
  EXPECT_EQ(parts.value_index("nothing"), policy.values.size());
  EXPECT_FALSE(parts.models_matter || parts.joining_matters || parts.keeps);

  ASSERT_EQ(parts.names.size(), 3u);  // two flags, and one machine of the ladder
  EXPECT_EQ(parts.names[1].flag, 1);
  EXPECT_EQ(parts.names[2].flag, -1);
  EXPECT_EQ(parts.machines[1].front().state, 2u);
  EXPECT_EQ(parts.value_of[1], parts.value_index("tier"));

  const Expression& rich = *policy.values[parts.value_index("rich")].expression;
  const std::vector<size_t>& reads = parts.reads(rich);
  ASSERT_EQ(rich.fields().size(), 1u);
  EXPECT_EQ(reads[static_cast<size_t>(rich.fields()[0])], parts.value_index("spend"));
}

}  // namespace
}  // namespace patron::internal
