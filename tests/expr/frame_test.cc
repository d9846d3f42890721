#include <gtest/gtest.h>

#include "tests/expr/world.h"

namespace patron::test {
namespace {

// A frame is used for run after run: what one leaves must not reach the next.
TEST(Frame, RunsDoNotReachEachOther) {
  Dice dice(11);
  const Expression expression =
      *Expression::parse("(i > 2 && s in ['a', 'ab'] || b) ? d : or_else(f, 1)", world());
  std::vector<Row> rows;
  for (int r = 0; r < 5000; ++r) rows.push_back(random_row(dice));
  const LaidOut all(rows, dice);
  const std::vector<std::string> together =
      value_texts(*expression.evaluate(all.table()), Kind::kDouble);
  for (const size_t begin : {size_t{0}, size_t{2047}, size_t{2048}, size_t{4990}}) {
    const std::vector<Row> some(
        rows.begin() + static_cast<int64_t>(begin),
        rows.begin() + static_cast<int64_t>(std::min<size_t>(begin + 10, 5000)));
    const LaidOut part(some, dice);
    const std::vector<std::string> alone =
        value_texts(*expression.evaluate(part.table()), Kind::kDouble);
    for (size_t i = 0; i < alone.size(); ++i) EXPECT_EQ(alone[i], together[begin + i]);
  }
}

// More texts than the small table holds, and fewer.
TEST(Frame, ADictionaryIsAskedOnceForEachText) {
  for (const int count : {1, 32, 33, 300}) {
    std::vector<Row> rows;
    for (int r = 0; r < 3000; ++r) {
      Row row = plain_row();
      if (r % 11 != 0) row.set_text("s", "t" + std::to_string(r % count));
      rows.push_back(row);
    }
    const Expression expression = *Expression::parse("s == 't7' || s.endsWith('5')", world());
    Dice dice(static_cast<uint64_t>(count));
    for (int layout = 0; layout < 4; ++layout) {
      const LaidOut laid(rows, dice);
      const auto values = value_texts(*expression.evaluate(laid.table()), Kind::kBool);
      for (int r = 0; r < 3000; ++r) {
        const int k = r % count;
        const std::string expected = r % 11 == 0 ? "unknown" : k == 7 || k % 10 == 5 ? "1" : "0";
        ASSERT_EQ(values[static_cast<size_t>(r)], expected) << count << " " << r;
      }
    }
  }
}

}  // namespace
}  // namespace patron::test
