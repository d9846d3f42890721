#include "lib/expr/value_text.h"

#include <gtest/gtest.h>

#include "tests/expr/world.h"

namespace patron::test {
namespace {

TEST(ValueText, WritesEveryKindAsPeopleReadIt) {
  using internal::Base;
  const auto text = [](Base base, const Cell& cell) {
    internal::ExprType type = internal::plain_type(base);
    type.unit.currency = {'C', 'N', 'Y'};
    type.domain = &world().fields()[static_cast<size_t>(world().find("st"))];
    return internal::value_text(type, cell);
  };
  EXPECT_EQ(text(Base::kBool, Cell::of(1)), "true");
  EXPECT_EQ(text(Base::kInt64, Cell::of(-3)), "-3");
  EXPECT_EQ(text(Base::kDouble, Cell::of_double(0.1)), "0.1");
  EXPECT_EQ(text(Base::kString, Cell::of_text("a")), "'a'");
  EXPECT_EQ(text(Base::kEnumSet, Cell::of(5)), "['a', 'c']");
  EXPECT_EQ(text(Base::kDate, Cell::of(20'513)), "2026-03-01");
  EXPECT_EQ(text(Base::kTimestamp, Cell::of(0)), "1970-01-01T00:00:00Z");
  EXPECT_EQ(text(Base::kDuration, Cell::of(1'500'000)), "1.5s");
  EXPECT_EQ(text(Base::kDuration, Cell::of(0)), "0s");
  EXPECT_EQ(text(Base::kDuration, Cell::of(90 * kMicrosPerDay)), "90d");
  EXPECT_EQ(text(Base::kDuration, Cell::of(2 * kMicrosPerDay + 3 * 3'600'000'000 + 1'500'000)),
            "2d 3h 1.5s");
  EXPECT_EQ(text(Base::kDuration, Cell::of(-90'250'000)), "-1min 30.25s");
  EXPECT_EQ(text(Base::kMoney, Cell::of(-1234)), "-12.34 CNY");
  EXPECT_EQ(text(Base::kMoney, Cell()), "unknown");
}

}  // namespace
}  // namespace patron::test
