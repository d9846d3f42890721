#include "lib/expr/program.h"

#include <gtest/gtest.h>

#include "lib/expr/checker.h"
#include "tests/expr/world.h"

namespace patron::test {
namespace {

using internal::Program;
using internal::StepKind;

TEST(Program, UsesRegistersAgain) {
  std::string text = "i > 0";
  for (int k = 1; k < 500; ++k) text += " || i * " + std::to_string(k) + " > d";
  const Expression expression = *Expression::parse(text, world());
  const Program& program = *expression.compiled().program;
  EXPECT_GT(program.steps().size(), 1000u);
  // Beside the 499 constants a few: what is on the way from the leaves to the root.
  EXPECT_LT(program.registers().size(), 499u + 12);
}

TEST(Program, ComparesAFieldWithAConstantWhereItLies) {
  const auto kinds = [](const char* text) {
    const Expression expression = *Expression::parse(text, world());
    std::vector<StepKind> out;
    for (const auto& step : expression.compiled().program->steps()) out.push_back(step.kind);
    return out;
  };
  EXPECT_EQ(kinds("i > 3"), std::vector{StepKind::kCompareConst});
  EXPECT_EQ(kinds("3 < i"), std::vector{StepKind::kCompareConst});
  EXPECT_EQ(kinds("m >= 10.5"), std::vector{StepKind::kCompareConst});
  EXPECT_EQ(kinds("s == 'a'"), std::vector{StepKind::kTextTable});
  EXPECT_EQ(kinds("e in ['low']"), std::vector{StepKind::kTextTable});
  EXPECT_EQ(kinds("has(i)"), std::vector{StepKind::kHas});
}

// Several roots share what they have in common, and each has its value.
TEST(Program, GivesSeveralResults) {
  const Expression expression = *Expression::parse("(i > 3 || b) && d < 2", world());
  const internal::Graph& graph = expression.compiled().graph;
  std::vector<int32_t> roots;
  for (size_t n = 0; n < graph.nodes.size(); ++n) {
    if (graph.nodes[n].type.base == internal::Base::kBool) roots.push_back(static_cast<int32_t>(n));
  }
  const Program program(graph, world(), roots);
  const Row row = plain_row().set("i", 2).set("b", 1).set_double("d", 5);
  std::vector<Cell> results(roots.size());
  ASSERT_TRUE(program.run_row(row.cells, kWorldNow, results).ok());
  std::vector<int64_t> values;
  for (const Cell& cell : results) values.push_back(cell.known ? cell.integer : 9);
  EXPECT_EQ(values, (std::vector<int64_t>{0, 1, 1, 0, 0}));  // i > 3, b, or, d < 2, and
}

Program const& program_of(const Expression& expression) { return *expression.compiled().program; }

// Conditions over numbers are taken in steps of their own: what they say is what those of a row
// say, wherever the cells lie.
TEST(Program, TakesAConditionOverNumbersAsItTakesARow) {
  for (const char* text :
       {"i > 3", "3 >= i", "d < 0.5", "f != 2.0", "m == 10.5", "b", "!b", "!(i >= 3 && d < 0.5)",
        "b || c && j != 2", "(i > 1 || d > 0.0) && (m <= 100 || !(i == 2))", "du > duration('60s')",
        "t < timestamp('2026-03-01T00:00:00Z') || dt >= date('2026-01-01')"}) {
    const Expression expression = *Expression::parse(text, world());
    Dice dice(11);
    for (int r = 0; r < cases(300); ++r) {
      const Row row = random_row(dice);
      Cell of_row, alone, elsewhere;
      ASSERT_TRUE(program_of(expression).run_row(row.cells, kWorldNow, {&of_row, 1}).ok());
      ASSERT_TRUE(program_of(expression).run_condition(row.cells, {}, alone)) << text;
      EXPECT_EQ(alone.known, of_row.known) << text;
      EXPECT_EQ(alone.integer, of_row.integer) << text;
      const std::vector<Cell> backwards(row.cells.rbegin(), row.cells.rend());
      std::vector<size_t> places;
      for (size_t i = backwards.size(); i-- > 0;) places.push_back(i);
      ASSERT_TRUE(program_of(expression).run_condition(backwards, places, elsewhere)) << text;
      EXPECT_EQ(elsewhere.known, of_row.known) << text;
      EXPECT_EQ(elsewhere.integer, of_row.integer) << text;
    }
  }
}

TEST(Program, LeavesWhatIsNoConditionOverNumbersToTheRow) {
  const Row row = plain_row();
  Cell cell;
  for (const char* text : {"i", "i > j", "s == 'a'", "has(i)", "i + 1 > 3", "'a' in st", "t < now",
                           "i > 3 ? b : c", "true"}) {
    const Expression expression = *Expression::parse(text, world());
    EXPECT_FALSE(program_of(expression).run_condition(row.cells, {}, cell)) << text;
  }
  // A field that is never null is null: run_row() says which.
  const Expression never_null = *Expression::parse("j > 0", world());
  EXPECT_TRUE(program_of(never_null).run_condition(row.cells, {}, cell));
  EXPECT_FALSE(program_of(never_null).run_condition(Row().cells, {}, cell));
}

}  // namespace
}  // namespace patron::test
