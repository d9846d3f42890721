// Conditions in one pass against each of them by itself.
#include "lib/expr/conditions.h"

#include <gtest/gtest.h>

#include "tests/expr/random_text.h"
#include "tests/expr/world.h"

namespace patron::test {
namespace {

using internal::ConditionMasks;
using internal::Conditions;
using internal::SimdLevel;

std::vector<const Expression*> pointers(const std::vector<Expression>& expressions) {
  std::vector<const Expression*> out;
  for (const Expression& one : expressions) out.push_back(&one);
  return out;
}

uint64_t mask_at(const internal::Buffer& masks, int width, size_t row) {
  uint64_t out = 0;
  const auto bytes = static_cast<size_t>(width);
  std::memcpy(&out, masks.data() + row * bytes, bytes);
  return out;
}

int first_at(const ConditionMasks& masks, size_t row) {
  return masks.first_bytes == 1 ? masks.first.as<int8_t>()[row] : masks.first.as<int16_t>()[row];
}

TEST(Conditions, InOnePassAreWhatEachIsAlone) {
  for (int seed = 0; seed < cases(120); ++seed) {
    Dice dice(static_cast<uint64_t>(seed) + 40'000);
    std::vector<Expression> rules;
    const int64_t count = dice.one_in(5) ? dice.between(60, 70) : dice.between(1, 10);
    for (int64_t k = 0; k < count; ++k) {
      const std::string text = TextMaker(dice).of(Kind::kBool, static_cast<int>(dice.below(4)));
      rules.push_back(*Expression::parse(text, world()));
    }
    std::vector<Row> rows;
    for (int64_t r = dice.one_in(8) ? 2050 : dice.below(60); r > 0; --r) {
      rows.push_back(random_row(dice));
    }
    const LaidOut laid(rows, dice);
    const Conditions conditions(world(), pointers(rules));
    ExpressionOptions options;
    options.now = kWorldNow;
    options.threads = static_cast<int>(dice.between(1, 2));
    for (int level = 0; level <= static_cast<int>(internal::best_simd()); ++level) {
      ExpressionCounts counts;
      const Result<ConditionMasks> masks =
          conditions.evaluate(laid.table(), options, static_cast<SimdLevel>(level), &counts);
      ASSERT_TRUE(masks.ok()) << masks.status().message();
      int64_t doubtful = 0;
      for (size_t r = 0; r < rows.size(); ++r) {
        uint64_t held = 0, unknown = 0;
        int first = static_cast<int>(count);
        bool doubt = false;
        for (size_t k = rules.size(); k-- > 0;) {
          const Cell cell = *rules[k].evaluate_row(rows[r].cells, kWorldNow);
          if (cell.known && cell.integer != 0) first = static_cast<int>(k);
          doubt |= !cell.known;
          if (k >= 64) continue;
          held |= uint64_t{cell.known && cell.integer != 0} << k;
          unknown |= uint64_t{!cell.known} << k;
        }
        ASSERT_EQ(first_at(*masks, r), first) << "seed " << seed << " row " << r;
        doubtful += doubt;
        if (count > 64) continue;
        ASSERT_EQ(mask_at(masks->held, masks->mask_bytes, r), held) << "seed " << seed;
        ASSERT_EQ(mask_at(masks->unknown, masks->mask_bytes, r), unknown) << "seed " << seed;
      }
      ASSERT_EQ(masks->mask_bytes == 0, count > 64);
      ASSERT_EQ(counts.rows, static_cast<int64_t>(rows.size()));
      ASSERT_EQ(counts.unknown_rows, doubtful);
    }
  }
}

TEST(Conditions, ShareWhatTheyHaveInCommon) {
  const std::vector<Expression> rules{*Expression::parse("i > 3 && d < 2", world()),
                                      *Expression::parse("i > 3 && m >= 10", world()),
                                      *Expression::parse("i > 3 && d < 2", world())};
  const Conditions conditions(world(), pointers(rules));
  // i > 3, d < 2, and, m >= 10, and
  EXPECT_EQ(conditions.program().steps().size(), 5u);
  EXPECT_EQ(conditions.size(), 3u);
}

TEST(Conditions, NeedAnInstantWhereOneSpeaksOfIt) {
  const std::vector<Expression> rules{*Expression::parse("i > 3", world()),
                                      *Expression::parse("age(t) > days(3)", world())};
  const Conditions conditions(world(), pointers(rules));
  const Table table = *TableBuilder().int64("i", {1}).timestamps("t", {0}, "UTC").finish();
  EXPECT_EQ(conditions.evaluate(table, {}, SimdLevel::kBaseline, nullptr).status().code(),
            Code::kArgument);
}

}  // namespace
}  // namespace patron::test
