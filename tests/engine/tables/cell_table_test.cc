#include "lib/engine/tables/cell_table.h"

#include <gtest/gtest.h>

#include <cstring>

#include "lib/base/int128.h"

namespace patron::internal {
namespace {

TEST(CellTable, HasAColumnOfEveryKind) {
  CellTable cells;
  const size_t flag = cells.column("flag", Kind::kBool);
  const size_t count = cells.column("count", Kind::kInt64);
  const size_t score = cells.column("score", Kind::kDouble);
  const size_t name = cells.column("name", Kind::kString);
  const size_t day = cells.column("day", Kind::kDate);
  const size_t spend = cells.column("spend", Kind::kMoney, {3, {}});
  cells.push(flag, Cell::of(1)), cells.push(flag, {});
  cells.push(count, Cell::of(-5)), cells.push(count, {});
  cells.push(score, Cell::of_double(0.5)), cells.push(score, {});
  cells.push(name, Cell::of_text("anna")), cells.push(name, {});
  cells.push(day, Cell::of(20'000)), cells.push(day, {});
  cells.push(spend, Cell::of(-1)), cells.push(spend, {});
  const Table table = cells.finish();
  ASSERT_EQ(table.rows(), 2);
  const auto chunk = [&](size_t column) { return table.chunks(static_cast<int>(column))[0]; };
  for (int c = 0; c < table.columns(); ++c) {
    EXPECT_EQ(table.chunks(c)[0].null_count, 1) << c;
    EXPECT_EQ(table.chunks(c)[0].validity[0] & 3, 1) << c;
  }
  EXPECT_EQ(*static_cast<const uint8_t*>(chunk(flag).values) & 1, 1);
  EXPECT_EQ(*static_cast<const int64_t*>(chunk(count).values), -5);
  EXPECT_EQ(*static_cast<const double*>(chunk(score).values), 0.5);
  EXPECT_EQ(*static_cast<const int32_t*>(chunk(day).values), 20'000);
  EXPECT_EQ(type_name(table.field(static_cast<int>(spend)).type), "decimal128(38, 3)");
  Int128 minor = 0;
  std::memcpy(&minor, chunk(spend).values, sizeof minor);
  EXPECT_TRUE(minor == -1);
  EXPECT_EQ(table.field(static_cast<int>(name)).type.type, Type::kLargeString);
}

TEST(CellTable, WithoutRowsThereAreStillColumns) {
  CellTable cells;
  cells.column("name", Kind::kString);
  const Table table = cells.finish();
  EXPECT_EQ(table.rows(), 0);
  EXPECT_EQ(table.columns(), 1);
}

}  // namespace
}  // namespace patron::internal
