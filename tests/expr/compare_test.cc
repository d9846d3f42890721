#include "lib/expr/compare.h"

#include <gtest/gtest.h>

#include <string_view>

namespace patron::internal {
namespace {

TEST(Compare, SaysWhatTheSignsSay) {
  struct Row {
    Cmp cmp;
    bool less, same, more;  // 1 beside 2, 2 beside 2, 3 beside 2
  };
  constexpr Row kRows[] = {{Cmp::kEq, false, true, false}, {Cmp::kNe, true, false, true},
                           {Cmp::kLt, true, false, false}, {Cmp::kLe, true, true, false},
                           {Cmp::kGt, false, false, true}, {Cmp::kGe, false, true, true}};
  for (const Row& row : kRows) {
    EXPECT_EQ(compares(1, row.cmp, 2), row.less);
    EXPECT_EQ(compares(2, row.cmp, 2), row.same);
    EXPECT_EQ(compares(3, row.cmp, 2), row.more);
    for (const int a : {1, 2, 3}) {
      EXPECT_EQ(compares(a, negated(row.cmp), 2), !compares(a, row.cmp, 2));
    }
  }
  EXPECT_TRUE(compares<std::string_view>("a", Cmp::kLt, "b"));
}

}  // namespace
}  // namespace patron::internal
