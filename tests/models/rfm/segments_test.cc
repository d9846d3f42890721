#include "patron/segments.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace patron {
namespace {

SegmentRow codes_row(std::string name, std::vector<Scores> codes) {
  SegmentRow row;
  row.name = std::move(name);
  row.codes = std::move(codes);
  return row;
}

SegmentRow range_row(std::string name, ScoreRange r) {
  SegmentRow row;
  row.name = std::move(name);
  row.r = r;
  return row;
}

std::string mistake(std::vector<SegmentRow> rows, int bins = 5) {
  Result<SegmentTable> table = SegmentTable::make(std::move(rows), bins);
  EXPECT_FALSE(table.ok());
  EXPECT_EQ(table.status().code(), Code::kDocument);
  return table.status().message();
}

TEST(SegmentTable, TheFirstRowThatHoldsTheScoresNamesTheCustomer) {
  SegmentRow frequent = range_row("Frequent", {1, 5});
  frequent.f = {4, 5};
  const auto table = SegmentTable::make({codes_row("Best", {{5, 5, 5}}), frequent});
  ASSERT_TRUE(table.ok()) << table.status().message();
  EXPECT_EQ(table->segment_of({5, 5, 5}), 0);
  EXPECT_EQ(table->segment_of({5, 5, 4}), 1);
  EXPECT_EQ(table->segment_of({5, 3, 5}), -1);
}

TEST(SegmentTable, ScoresOutsideTheBinsHaveNoSegment) {
  const auto table = SegmentTable::make({range_row("All", {1, 5})});
  EXPECT_EQ(table->segment_of({1, 1, 1}), 0);
  EXPECT_EQ(table->segment_of({0, 0, 0}), -1);
  EXPECT_EQ(table->segment_of({6, 1, 1}), -1);
  EXPECT_EQ(table->segment_of({1, 1, 6}), -1);
}

TEST(SegmentTable, AMeanLiesHalfWayBetweenFrequencyAndMoney) {
  SegmentRow row = range_row("Middle", {1, 5});
  row.fm = {2.5, 3};
  const auto table = SegmentTable::make({row});
  EXPECT_EQ(table->segment_of({1, 2, 3}), 0);   // 2.5
  EXPECT_EQ(table->segment_of({1, 1, 5}), 0);   // 3
  EXPECT_EQ(table->segment_of({1, 2, 2}), -1);  // 2
  EXPECT_EQ(table->segment_of({1, 3, 4}), -1);  // 3.5
}

TEST(SegmentTable, ARowWithOnlyANameTakesWhatTheRowsBeforeItLeave) {
  SegmentRow rest;
  rest.name = "Rest";
  const auto table = SegmentTable::make({range_row("Recent", {4, 5}), rest});
  EXPECT_EQ(table->segment_of({4, 1, 1}), 0);
  EXPECT_EQ(table->segment_of({3, 1, 1}), 1);
  EXPECT_TRUE(table->lint().exact_partition());
}

TEST(SegmentTable, TheCellsAreThoseThatTheRowsLookAt) {
  SegmentRow f = range_row("F", {1, 5});
  f.f = {1, 5};
  SegmentRow m = range_row("M", {1, 5});
  m.m = {1, 5};
  SegmentRow fm = range_row("FM", {1, 5});
  fm.fm = {1, 5};
  EXPECT_EQ(SegmentTable::make({f})->grid(), SegmentGrid::kRxF);
  EXPECT_EQ(SegmentTable::make({fm})->grid(), SegmentGrid::kRxFM);
  EXPECT_EQ(SegmentTable::make({m})->grid(), SegmentGrid::kRFM);
  EXPECT_EQ(SegmentTable::make({f, fm})->grid(), SegmentGrid::kRFM);
  EXPECT_EQ(SegmentTable::make({codes_row("C", {{1, 1, 1}})})->grid(), SegmentGrid::kRFM);
}

TEST(SegmentTable, TwoToTenBinsArePossible) {
  const auto ten = SegmentTable::make({codes_row("Best", {{10, 10, 10}})}, 10);
  ASSERT_TRUE(ten.ok()) << ten.status().message();
  EXPECT_EQ(ten->bins(), 10);
  EXPECT_EQ(ten->segment_of({10, 10, 10}), 0);
  EXPECT_EQ(ten->segment_of({10, 10, 9}), -1);
  for (int bins : {-1, 0, 1, 11}) {
    const auto none = SegmentTable::make({range_row("All", {1, 1})}, bins);
    EXPECT_EQ(none.status().code(), Code::kArgument);
    EXPECT_EQ(none.status().message(), "bins is " + std::to_string(bins) + "; it can be 2 to 10");
  }
}

TEST(SegmentTable, AnEmptyTableIsRefused) {
  EXPECT_EQ(mistake({}), "a segment table needs at least one row");
}

TEST(SegmentTable, ARangeTurnedRoundIsRefusedWithItsRow) {
  const auto table =
      SegmentTable::make({range_row("Champions", {5, 5}), range_row("Loyal", {4, 2})});
  EXPECT_EQ(table.status().message(), "row 1 \"Loyal\": r is 4 to 2; write the lower bound first");
  EXPECT_EQ(table.status().row(), 1);
}

TEST(SegmentTable, ARangeBeyondTheScoresIsRefusedButALowBoundOfZeroIsNot) {
  EXPECT_EQ(mistake({range_row("Loyal", {2, 6})}),
            "row 0 \"Loyal\": r is 2 to 6; scores go from 1 to 5");
  EXPECT_EQ(mistake({range_row("Loyal", {-1, 3})}),
            "row 0 \"Loyal\": r is -1 to 3; scores go from 1 to 5");
  EXPECT_EQ(mistake({range_row("Loyal", {std::numeric_limits<double>::quiet_NaN(), 3})}),
            "row 0 \"Loyal\": r is nan to 3; scores go from 1 to 5");
  EXPECT_TRUE(SegmentTable::make({range_row("Loyal", {0, 3})}).ok());
}

TEST(SegmentTable, ACodeOutsideTheBinsOrTwiceIsRefused) {
  EXPECT_EQ(mistake({codes_row("Loyal", {{5, 6, 1}})}),
            "row 0 \"Loyal\": code 561 has f = 6; scores go from 1 to 5");
  EXPECT_EQ(mistake({codes_row("Loyal", {{0, 5, 1}})}),
            "row 0 \"Loyal\": code 051 has r = 0; scores go from 1 to 5");
  EXPECT_EQ(mistake({codes_row("Loyal", {{5, 5, 1}, {5, 5, 1}})}),
            "row 0 \"Loyal\": code 551 comes twice; keep one");
  EXPECT_EQ(mistake({codes_row("Loyal", {{10, 9, 11}})}, 10),
            "row 0 \"Loyal\": code 10-9-11 has m = 11; scores go from 1 to 10");
  EXPECT_EQ(mistake({codes_row("Loyal", {{1, 2, 10}})}, 9),
            "row 0 \"Loyal\": code 1210 has m = 10; scores go from 1 to 9");
}

TEST(SegmentTable, CodesBesideRangesAndFmBesideFAreRefused) {
  SegmentRow both = codes_row("Loyal", {{5, 5, 5}});
  both.m = {1, 2};
  EXPECT_EQ(mistake({both}),
            "row 0 \"Loyal\": codes and ranges stand side by side; keep one of them");
  SegmentRow fm = range_row("Loyal", {1, 5});
  fm.fm = {1, 2};
  fm.m = {1, 2};
  EXPECT_EQ(mistake({fm}),
            "row 0 \"Loyal\": fm stands beside m; fm is the mean of f and m, so keep one of them");
}

TEST(SegmentTable, NamesAreThereOnceAndAreText) {
  EXPECT_EQ(mistake({range_row("", {1, 5})}), "row 0: the name is empty; give the segment a name");
  EXPECT_EQ(
      mistake({range_row("Loyal", {1, 5}), range_row("Loyal", {1, 2})}),
      "row 1 \"Loyal\": row 0 has this name too; give one row all the codes, or another name");
  EXPECT_EQ(mistake({range_row("a\xFF", {1, 5})}),
            "row 0 \"a?\": name holds bytes that are no UTF-8");
  EXPECT_EQ(mistake({range_row("prospect", {1, 5})}),
            "row 0 \"prospect\": this is the name of customers who never bought; choose another");
  EXPECT_EQ(mistake({range_row("A", {1, 5}), range_row("B", {1, 5}), range_row("C", {1, 5}),
                     range_row("B", {1, 2})}),
            "row 3 \"B\": row 1 has this name too; give one row all the codes, or another name");
  SegmentRow a = range_row("A", {1, 5});
  SegmentRow b = range_row("B", {1, 5});
  a.label_zh = b.label_zh = "客户";
  EXPECT_EQ(mistake({a, b}), "row 1 \"B\": label_zh \"客户\" is that of row 0 too; choose another");
}

TEST(SegmentTable, TooManyRowsAreRefused) {
  std::vector<SegmentRow> rows;
  for (int i = 0; i < 1001; ++i) rows.push_back(range_row(std::to_string(i), {1, 5}));
  EXPECT_EQ(mistake(rows), "the segment table has 1001 rows; it can have 1 to 1000");
}

}  // namespace
}  // namespace patron
