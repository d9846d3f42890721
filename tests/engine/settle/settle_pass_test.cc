#include "lib/engine/settle/settle_pass.h"

#include <gtest/gtest.h>

#include "patron/time.h"
#include "tests/engine/settling.h"

namespace patron::internal {
namespace {

TEST(SettlePass, LooksOnlyAtWhatClassesDependOnWhereItIsToldSo) {
  const population::Shelf shelf(*Policy::parse(R"({"patron": 1, "name": "p", "money": {"scale": 2},
        "customer": {"id": "int64"}, "streams": {"orders": {}},
        "tags": [{"name": "spend", "metric": {"sum": "orders.amount", "window": "30d"}},
                 {"name": "often", "metric": {"count": "orders", "window": "5d"}}],
        "classifications": [{"name": "tier", "kind": "ladder", "classes": [
          {"name": "gold", "enter": "spend >= 50"}, {"name": "guest"}]}]})"),
                                {{1, 0, 100.0}});
  SettleParts parts(shelf.policy.data(), shelf.book.state());
  CustomerState state;
  SettlePass(parts, 0, state, 0, true, SettleExtent::kClasses).run();
  EXPECT_EQ(parts.out.moves.size(), 1u);
  EXPECT_EQ(parts.out.next, 30 * kMicrosPerDay);
  EXPECT_FALSE(parts.out.values[parts.value_index("often")].known());

  SettlePass(parts, 0, state, kMicrosPerDay, true, SettleExtent::kAll).run();
  EXPECT_TRUE(parts.out.moves.empty());
  EXPECT_EQ(parts.out.next, 5 * kMicrosPerDay);
  EXPECT_EQ(parts.out.values[parts.value_index("often")].cell.integer, 1);

  const CustomerState before = state;
  SettlePass(parts, 0, state, 40 * kMicrosPerDay, false, SettleExtent::kAll).run();
  EXPECT_EQ(state.machines, before.machines) << "a look moves nobody";
  EXPECT_EQ(parts.out.values[parts.value_index("spend")].cell.integer, 0);
}

}  // namespace
}  // namespace patron::internal
