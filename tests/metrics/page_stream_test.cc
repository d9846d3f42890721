// Selections, and the rows of windows, row by row.
#include "lib/metrics/page_stream.h"

#include <gtest/gtest.h>

#include "tests/metrics/page_world.h"

namespace patron::internal {
namespace {

class Streams : public ::testing::Test {
 protected:
  Streams()
      : stream(world.state(), {kSales, false}, world.streams()[0].schema, world.streams()[0].rules,
               world.zone()) {}
  void read(uint32_t page) { stream.read(page, world.now(), &anchors); }
  size_t rows() { return stream.columns().rows(); }

  const PageWorld world{{}};
  const PageAnchors anchors = world.anchors();
  PageStream stream;
};

TEST_F(Streams, WhatIsEqualIsAddedOnce) {
  const Expression a = world.where("amount > 5"), b = world.where("amount > 5");
  EXPECT_EQ(stream.add_condition(a), stream.add_condition(b));
  EXPECT_NE(stream.add_condition(a), stream.add_condition(world.where("amount > 6")));
  EXPECT_EQ(stream.add_selection(true, 0), stream.add_selection(true, 0));
  EXPECT_NE(stream.add_selection(true, 0), stream.add_selection(false, 0));
  Window month;
  month.kind = Window::Kind::kCalendar;
  EXPECT_EQ(stream.add_window({}), stream.add_window({}));
  EXPECT_NE(stream.add_window({}), stream.add_window(month));
}

TEST_F(Streams, ASelectionHasTheSalesThatMeetTheCondition) {
  const Expression small = world.where("amount < 1.00");
  const int all = stream.add_selection(false, -1), sales = stream.add_selection(true, -1);
  const int cheap = stream.add_selection(false, stream.add_condition(small));
  const int both = stream.add_selection(true, stream.add_condition(small));
  EXPECT_TRUE(stream.selects_all(all));
  for (const int part : {sales, cheap, both}) EXPECT_FALSE(stream.selects_all(part));
  for (const uint32_t page : {0U, 2U}) {
    read(page);
    const int64_t* amounts = stream.columns().ints(stream.columns().find("amount"));
    uint32_t counted = 0;
    for (uint32_t row = 0; row < rows(); ++row) {
      const bool sale = amounts[row] > 0, few = amounts[row] < 100;
      ASSERT_TRUE(stream.selected(all).view().has(row));
      ASSERT_EQ(stream.selected(sales).view().has(row), sale);
      ASSERT_EQ(stream.selected(cheap).view().has(row), few);
      ASSERT_EQ(stream.selected(both).view().has(row), sale && few);
      counted += sale && few ? 1 : 0;
    }
    ASSERT_EQ(stream.selected(both).view().count(0, static_cast<uint32_t>(rows())), counted);
    EXPECT_GT(counted, 0u);
  }
}

TEST_F(Streams, TheRowsOfAWindowAreThoseWhoseTimeIsInside) {
  std::vector<Window> windows(4);
  windows[1].kind = Window::Kind::kRolling;
  windows[1].length = *parse_period("3mo");
  windows[1].offset = *parse_period("1mo");
  windows[2].kind = Window::Kind::kSinceJoin;
  windows[3].kind = Window::Kind::kFixed;
  windows[3].to = world.zone().local_day(world.now()) - 200;
  for (const Window& window : windows) {
    const int added = stream.add_window(window);
    read(0);
    const PageRows rows = stream.rows(added);
    const Micros* times = stream.columns().times();
    for (uint32_t i = 0; i < stream.customers(); ++i) {
      const TimeRange inside = range(window, world.zone(), world.now(), anchors.of(window, i));
      for (uint32_t row = stream.page().offsets[i]; row < stream.page().offsets[i + 1]; ++row) {
        ASSERT_EQ(rows.begin[i] <= row && row < rows.end[i],
                  inside.contains(times[row]) && times[row] <= world.now());
      }
    }
  }
}

TEST_F(Streams, DaysAreLocalDays) {
  for (const uint32_t page : {0U, 1U, 2U}) {
    read(page);
    const Day* days = stream.days();
    for (size_t row = 0; row < rows(); ++row) {
      ASSERT_EQ(days[row], world.zone().local_day(stream.columns().times()[row]));
    }
  }
}

TEST_F(Streams, AnExpressionIsANumberForEachRow) {
  read(0);
  std::vector<double> values;
  stream.evaluate(world.where("pieces * 2"), values);
  const int64_t* pieces = stream.columns().ints(stream.columns().find("pieces"));
  ASSERT_EQ(values.size(), rows());
  for (size_t row = 0; row < rows(); ++row) {
    ASSERT_EQ(values[row], pieces[row] == kNullInt ? 0 : 2 * static_cast<double>(pieces[row]));
  }
}

}  // namespace
}  // namespace patron::internal
