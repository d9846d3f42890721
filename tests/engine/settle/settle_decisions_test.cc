// What decided a move costs nothing where nobody moves, and little where somebody does.
#include <gtest/gtest.h>

#include "tests/engine/settling.h"
#include "tests/engine/shop.h"

namespace patron::internal {
namespace {

TEST(SettleDecisions, AreAFewBytesForEachMoveAndNoneWithoutOne) {
  const Policy policy = test::shop();
  Book book(*BookLayout::make(book_spec(policy.data())));
  BookReport report;
  test::expect_ok(
      book.add("orders", test::orders({{1, test::at("2026-01-10"), 300, "a"}}), {}, &report));
  Settler settler(policy.data(), book.state());
  const uint32_t row = book.find(test::id(1));
  CustomerState state;
  const Settled& first = settler.move(row, state, test::at("2026-01-10"));
  ASSERT_EQ(first.moves.size(), 1u);
  ASSERT_EQ(first.because.size(), 1u);
  EXPECT_EQ(first.because[0], "e1.0T=i30000\n");
  const Settled& second = settler.move(row, state, test::at("2026-01-11"));
  EXPECT_TRUE(second.moves.empty());
  EXPECT_TRUE(second.because.empty());
}

}  // namespace
}  // namespace patron::internal
