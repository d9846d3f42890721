// Supposed facts are seen as if they were there, and are gone again.
#include "lib/engine/explain/supposed_facts.h"

#include <gtest/gtest.h>

#include "tests/engine/settling.h"
#include "tests/engine/shop.h"

namespace patron::internal {
namespace {

TEST(Supposed, AreSeenUntilTheyAreWithdrawn) {
  const Policy policy = test::shop();
  Book book(*BookLayout::make(book_spec(policy.data())));
  BookReport report;
  const Micros now = test::at("2026-02-01");
  test::expect_ok(book.add(
      "orders", test::orders({{1, test::at("2026-01-10"), 300, "a"}, {1, now + 1, 5, "b"}}), {},
      &report));
  Settler settler(policy.data(), book.state());
  const uint32_t row = book.find(test::id(1));
  const auto tier = [&](Micros t) {
    CustomerState state;
    settler.move(row, state, t);
    return state.machines[0].current;
  };
  EXPECT_EQ(tier(now), 1);
  {
    Supposed facts(settler.parts());
    const int amount = settler.parts().readers[0].layout().find("amount");
    ASSERT_TRUE(facts.events(0, now, 2, {{amount, Cell::of(35000)}}));
    EXPECT_EQ(tier(now), 1) << "not yet applied";
    facts.apply();
    EXPECT_EQ(tier(now), 0) << "300 and twice 350: gold";
    EXPECT_EQ(tier(now - 1), 1) << "they are of that instant";
    ASSERT_TRUE(facts.attribute(0, now, Cell::of(1)));
    facts.apply();
    EXPECT_EQ(tier(now), 1) << "and blocked";
  }
  EXPECT_EQ(tier(now), 1);
  EXPECT_EQ(settler.parts().readers[0].read(row).size(), 2u);
}

}  // namespace
}  // namespace patron::internal
