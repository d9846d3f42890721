#include "lib/expr/graph.h"

#include <gtest/gtest.h>

namespace patron::internal {
namespace {

TEST(Graph, KindsAndBasesAreEachOthersInverse) {
  for (int i = 0; i < 10; ++i) {
    const auto kind = static_cast<Kind>(i);
    EXPECT_EQ(kind_of(base_of(kind)), kind);
  }
  EXPECT_EQ(lane_of(Base::kMoney), LaneKind::kI64);
  EXPECT_EQ(lane_of(Base::kEnumSet), LaneKind::kI64);
  EXPECT_EQ(lane_of(Base::kEnum), LaneKind::kText);
}

TEST(Graph, AMirroredComparisonSaysTheSame) {
  const auto holds = [](Cmp cmp, int a, int b) {
    switch (cmp) {
      case Cmp::kEq:
        return a == b;
      case Cmp::kNe:
        return a != b;
      case Cmp::kLt:
        return a < b;
      case Cmp::kLe:
        return a <= b;
      case Cmp::kGt:
        return a > b;
      default:
        return a >= b;
    }
  };
  for (const Cmp cmp : {Cmp::kEq, Cmp::kNe, Cmp::kLt, Cmp::kLe, Cmp::kGt, Cmp::kGe}) {
    for (int a = 0; a < 3; ++a) {
      EXPECT_EQ(holds(cmp, a, 1), holds(mirrored(cmp), 1, a)) << cmp_text(cmp) << " " << a;
    }
  }
}

TEST(Graph, TypesHaveNames) {
  ExprType money = plain_type(Base::kMoney);
  money.unit.scale = 0;
  EXPECT_EQ(type_text(money), "money (scale 0)");
  money.unit.currency = {'J', 'P', 'Y'};
  EXPECT_EQ(type_text(money), "money (JPY, scale 0)");
  EXPECT_EQ(type_text(plain_type(Base::kEnumSet)), "enum_set");
  EXPECT_EQ(type_text(plain_type(Base::kPeriod)), "a calendar period");
}

}  // namespace
}  // namespace patron::internal
