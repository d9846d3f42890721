// Columns against rows, rows against the oracle, and every processor level against the others.
#include <gtest/gtest.h>

#include "tests/expr/oracle.h"
#include "tests/expr/random_text.h"
#include "tests/expr/world.h"

namespace patron::test {
namespace {

using internal::SimdLevel;

std::vector<SimdLevel> levels() {
  std::vector<SimdLevel> out{SimdLevel::kBaseline};
  if (internal::best_simd() >= SimdLevel::kAvx2) out.push_back(SimdLevel::kAvx2);
  if (internal::best_simd() >= SimdLevel::kAvx512) out.push_back(SimdLevel::kAvx512);
  return out;
}

constexpr Kind kKinds[] = {Kind::kBool,     Kind::kBool,  Kind::kBool,      Kind::kInt64,
                           Kind::kDouble,   Kind::kMoney, Kind::kTimestamp, Kind::kDate,
                           Kind::kDuration, Kind::kString};

TEST(Evaluate, ARowIsWhatTheOracleSays) {
  for (int seed = 0; seed < cases(3000); ++seed) {
    Dice dice(static_cast<uint64_t>(seed));
    const Kind kind = kKinds[dice.below(10)];
    const std::string text = TextMaker(dice).of(kind, static_cast<int>(dice.below(5)));
    const CheckedExpression checked = Expression::check(text, world());
    ASSERT_TRUE(checked.expression) << "seed " << seed << ": " << text << "\n"
                                    << format_diagnostics(text, checked.diagnostics);
    for (int r = 0; r < 5; ++r) {
      const Row row = random_row(dice);
      const Result<Cell> cell = checked.expression->evaluate_row(row.cells, kWorldNow);
      ASSERT_TRUE(cell.ok()) << cell.status().message();
      ASSERT_EQ(cell_text(*cell, checked.expression->kind()), walk(text, row))
          << "seed " << seed << ": " << text;
    }
  }
}

TEST(Evaluate, AColumnIsItsRowsOnEveryProcessorAndInEveryLayout) {
  for (int seed = 0; seed < cases(250); ++seed) {
    Dice dice(static_cast<uint64_t>(seed) + 100'000);
    const Kind kind = kKinds[dice.below(10)];
    const std::string text = TextMaker(dice).of(kind, static_cast<int>(dice.below(5)));
    const CheckedExpression checked = Expression::check(text, world());
    ASSERT_TRUE(checked.expression) << text;
    std::vector<Row> rows;
    const int64_t count = dice.one_in(8) ? 2048 + dice.below(5) : dice.below(70);
    for (int64_t r = 0; r < count; ++r) rows.push_back(random_row(dice));
    const LaidOut laid(rows, dice);
    ExpressionOptions options;
    options.now = kWorldNow;
    std::vector<std::string> expected;
    int64_t unknown = 0;
    for (const Row& row : rows) {
      const Result<Cell> cell = checked.expression->evaluate_row(row.cells, kWorldNow);
      ASSERT_TRUE(cell.ok());
      expected.push_back(cell_text(*cell, checked.expression->kind()));
      unknown += !cell->known;
    }
    for (const SimdLevel level : levels()) {
      ExpressionCounts counts;
      const Result<Table> result = internal::evaluate_table(checked.expression->compiled(),
                                                            laid.table(), options, level, &counts);
      ASSERT_TRUE(result.ok()) << result.status().message() << "\n" << text;
      ASSERT_EQ(value_texts(*result, checked.expression->kind()), expected)
          << "seed " << seed << " level " << static_cast<int>(level) << ": " << text;
      ASSERT_EQ(counts.unknown_rows, unknown);
      ASSERT_EQ(counts.rows, count);
    }
  }
}

TEST(Evaluate, ThreadsAndChunksChangeNothing) {
  Dice dice(7);
  std::vector<int64_t> numbers;
  for (int i = 0; i < 300'000; ++i) numbers.push_back(dice.between(-1000, 1000));
  const Table table = *TableBuilder().int64("i", numbers).finish();
  const Expression expression = *Expression::parse("i * 3 > 100 ? i : -i", world());
  ExpressionOptions options;
  const std::vector<std::string> one =
      value_texts(*expression.evaluate(table, options), Kind::kInt64);
  options.threads = 4;
  EXPECT_EQ(value_texts(*expression.evaluate(table, options), Kind::kInt64), one);
  for (size_t i = 0; i < numbers.size(); i += 997) {
    EXPECT_EQ(one[i], std::to_string(numbers[i] * 3 > 100 ? numbers[i] : -numbers[i]));
  }
}

TEST(Evaluate, CountsWhatOverflowedAndWhatDividedByZero) {
  const Table table =
      *TableBuilder().int64("i", {INT64_MAX, 1, 2}).int64("k.x", {1, 0, 1}).finish();
  ExpressionCounts counts;
  (void)*Expression::parse("i + k.x > 0", world())->evaluate(table, {}, &counts);
  EXPECT_EQ(counts.overflows, 1);
  EXPECT_EQ(counts.divisions_by_zero, 0);
  EXPECT_EQ(counts.unknown_rows, 1);
  (void)*Expression::parse("i / k.x > 0 || i == 1", world())->evaluate(table, {}, &counts);
  EXPECT_EQ(counts.divisions_by_zero, 1);
  EXPECT_EQ(counts.unknown_rows, 0);
}

TEST(Evaluate, SaysWhatIsMissing) {
  const Table table = *TableBuilder().int64("i", {1}).finish();
  const auto fails = [&](const char* text) {
    return Expression::parse(text, world())->evaluate(table).status();
  };
  EXPECT_EQ(fails("m > 0").code(), Code::kColumn);
  EXPECT_EQ(fails("now > timestamp('2026-01-01T00:00:00Z')").code(), Code::kArgument);
  const Table texts = *TableBuilder().strings("i", std::vector<std::string>{"x"}).finish();
  const Status type = Expression::parse("i > 0", world())->evaluate(texts).status();
  EXPECT_EQ(type.code(), Code::kType);
  EXPECT_NE(type.message().find("of integers"), std::string::npos) << type.message();
}

}  // namespace
}  // namespace patron::test
