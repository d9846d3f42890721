// Conditions of one comparison: which are, and what they say of rows beside the expression.
#include "lib/metrics/row_condition.h"

#include <gtest/gtest.h>

#include <string_view>

#include "lib/metrics/event_source.h"
#include "lib/metrics/page_stream.h"
#include "tests/metrics/page_world.h"

namespace patron::internal {
namespace {

class Conditions : public testing::Test {
 protected:
  const StreamLayout& layout() const { return *world.state().streams[0].layout; }
  std::optional<AtLeast> least(std::string_view text) const {
    return at_least(world.where(text), layout());
  }
  const PageWorld world{{}};
};

TEST_F(Conditions, AWholeNumberThatIsAtLeastAnother) {
  const int amount = layout().find("amount"), pieces = layout().find("pieces");
  EXPECT_EQ(least("amount > 0")->column, amount);
  EXPECT_EQ(least("amount > 0")->number, 1);
  EXPECT_EQ(least("amount >= 2.50")->number, 250);
  EXPECT_EQ(least("0 < amount")->number, 1);
  EXPECT_EQ(least("pieces >= -3")->column, pieces);
  EXPECT_EQ(least("pieces >= -3")->number, -3);
  for (const std::string_view other :
       {"amount < 1", "amount == 1", "amount > margin", "amount > 0 && pieces > 1", "ratio > 0.5",
        "pieces > 9223372036854775807", "size == 'small'", "friend > 5"}) {
    EXPECT_FALSE(least(other)) << other;
  }
}

TEST_F(Conditions, AnEnumThatIsAWord) {
  const Expression small = world.where("size == 'small'"), swapped = world.where("'tea' == word");
  EXPECT_EQ(is_word(small, layout())->column, layout().find("size"));
  EXPECT_EQ(is_word(small, layout())->word, "small");
  EXPECT_EQ(is_word(swapped, layout())->column, layout().find("word"));
  EXPECT_EQ(is_word(swapped, layout())->word, "tea");
  for (const std::string_view other :
       {"size != 'small'", "note == 'tea'", "size in ['small', 'large']", "amount > 0"}) {
    EXPECT_FALSE(is_word(world.where(other), layout())) << other;
  }
}

// The second of each pair says the same in a way that is computed by its expression.
TEST_F(Conditions, SelectTheRowsThatTheirExpressionsSelect) {
  const std::string_view pairs[][2] = {
      {"amount > 0", "!(amount <= 0)"},
      {"pieces >= 2", "!(pieces < 2)"},
      {"size == 'small'", "size in ['small']"},
      {"word == 'tea'", "!(word != 'tea')"},
      {"word == 'nobody says this'", "!(word != 'nobody says this')"},
  };
  for (const auto& [text, plain] : pairs) {
    const Expression one = world.where(text), other = world.where(plain);
    ASSERT_FALSE(at_least(other, layout()) || is_word(other, layout())) << plain;
    const PageMetricStream& from = world.streams()[0];
    PageStream stream(world.state(), from.log, from.schema, from.rules, world.zone());
    const int fast = stream.add_selection(false, stream.add_condition(one));
    const int slow = stream.add_selection(false, stream.add_condition(other));
    uint32_t selected = 0, rows = 0;
    const PageAnchors anchors = world.anchors();
    for (uint32_t page = 0; page < stream.columns().pages(); ++page) {
      stream.read(page, world.now(), &anchors);
      for (uint32_t row = 0; row < stream.columns().rows(); ++row, ++rows) {
        const bool has = stream.selected(fast).view().has(row);
        ASSERT_EQ(has, stream.selected(slow).view().has(row)) << text << ", row " << row;
        selected += has ? 1 : 0;
      }
    }
    EXPECT_LT(selected, rows) << text;
    EXPECT_EQ(selected > 0, text.find("nobody") == std::string_view::npos) << text;
  }
}

}  // namespace
}  // namespace patron::internal
