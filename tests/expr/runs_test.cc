// Runs of rows: each row once, whatever the chunks and threads; what fails names the first row.
#include "lib/expr/runs.h"

#include <gtest/gtest.h>

#include <atomic>

#include "tests/expr/world.h"

namespace patron::test {
namespace {

using internal::Frame;
using internal::SimdLevel;

TEST(Runs, ThreadsTakeEachRowOnce) {
  std::vector<int64_t> numbers(300'001);
  for (size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<int64_t>(i);
  const Table table = *TableBuilder().int64("i", numbers).finish();
  const Expression twice = *Expression::parse("i * 2", world());
  std::vector<int64_t> seen(numbers.size(), -1);
  ExpressionOptions options;
  options.threads = 3;
  ExpressionCounts counts;
  const Status status = internal::run_table(
      *twice.compiled().program, world(), table, options, SimdLevel::kBaseline,
      [&](const Frame& frame, int64_t first, int64_t n) {
        for (int64_t i = 0; i < n; ++i) {
          int64_t& place = seen[static_cast<size_t>(first + i)];
          place = place == -1 ? frame.result(0).as<int64_t>()[i] : -2;
        }
      },
      &counts);
  ASSERT_TRUE(status.ok());
  EXPECT_EQ(counts.rows, 300'001);
  for (size_t i = 0; i < seen.size(); ++i) ASSERT_EQ(seen[i], 2 * numbers[i]);
}

TEST(Runs, ARowThatMayNotBeNullIsNamed) {
  std::vector<std::optional<int64_t>> numbers(5000, 1);
  numbers[4321] = numbers[4999] = std::nullopt;
  std::vector<int64_t> values(numbers.size(), 1);
  std::vector<uint8_t> valid(numbers.size() / 8 + 1, 0xFF);
  for (size_t i = 0; i < numbers.size(); ++i) {
    if (!numbers[i]) valid[i / 8] = static_cast<uint8_t>(valid[i / 8] & ~(1u << i % 8));
  }
  ColumnView view;
  view.name = "j";
  view.type.type = Type::kInt64;
  view.chunk.length = 5000;
  view.chunk.values = values.data();
  view.chunk.validity = valid.data();
  view.chunk.null_count = 2;
  const std::vector<ColumnView> views{view};
  const Table table = *make_table(views);
  const Expression rule = *Expression::parse("j > 0", world());
  const Status status = internal::run_table(
      *rule.compiled().program, world(), table, {}, SimdLevel::kBaseline,
      [](const Frame&, int64_t, int64_t) {}, nullptr);
  EXPECT_EQ(status.code(), Code::kNull);
  EXPECT_EQ(status.row(), 4321);
}

TEST(Runs, AnInstantIsCheckedWhereItIsGivenAndAskedForWhereItIsRead) {
  const Expression still = *Expression::parse("i > 3", world());
  const Expression moves = *Expression::parse("t < now", world());
  EXPECT_TRUE(internal::check_now(*still.compiled().program, {}).ok());
  EXPECT_TRUE(internal::check_now(*moves.compiled().program, kWorldNow).ok());
  EXPECT_EQ(internal::check_now(*moves.compiled().program, {}).code(), Code::kArgument);
  EXPECT_EQ(internal::check_now(*still.compiled().program, kEndTime).code(), Code::kArgument);
}

}  // namespace
}  // namespace patron::test
