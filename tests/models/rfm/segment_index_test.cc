#include "lib/models/rfm/segment_index.h"

#include <gtest/gtest.h>

#include <string>

namespace patron::internal {
namespace {

TEST(SegmentIndex, EqualsTheTableInEveryCellOfEveryNamedTable) {
  for (std::string_view name : SegmentTable::names()) {
    const SegmentTable table = *SegmentTable::named(name);
    const SegmentIndex index(table);
    ASSERT_EQ(index.rows().size(), 125u);
    for (int r = 1; r <= 5; ++r) {
      for (int f = 1; f <= 5; ++f) {
        for (int m = 1; m <= 5; ++m) EXPECT_EQ(index(r, f, m), table.segment_of({r, f, m}));
      }
    }
  }
}

TEST(SegmentIndex, UnequalScoresHaveTheirOwnCells) {
  SegmentRow row;
  row.name = "One";
  row.codes = {{2, 3, 1}};
  const SegmentTable table = *SegmentTable::make({row}, 3);
  const SegmentIndex index(table);
  EXPECT_EQ(index(2, 3, 1), 0);
  EXPECT_EQ(index(1, 3, 2), -1);
  EXPECT_EQ(index(3, 2, 1), -1);
}

TEST(RefuseGaps, ATableWithoutGapsIsFine) {
  EXPECT_TRUE(refuse_gaps(*SegmentTable::named("eleven")).ok());
  EXPECT_TRUE(refuse_gaps(*SegmentTable::named("putler")).ok());
  EXPECT_TRUE(refuse_gaps(*SegmentTable::named("regex")).ok());
}

TEST(RefuseGaps, TheMessageCountsTheGapsAndShowsOne) {
  // The first cell without a row in the table of rfm 0.2.2: R and F lowest, M 3.
  const Status status = refuse_gaps(*SegmentTable::named("rfm_r_0_2"));
  EXPECT_EQ(status.code(), Code::kDocument);
  EXPECT_EQ(status.message(),
            "the segment table leaves 36 of 125 cells without a segment (r = 1, f = 1, m = 3); add "
            "a last row that has only a name, or let gaps be null");
}

TEST(RefuseOverlaps, ATableWithoutOverlapsIsFine) {
  EXPECT_TRUE(refuse_overlaps(*SegmentTable::named("eleven")).ok());
  EXPECT_TRUE(refuse_overlaps(*SegmentTable::named("regex")).ok());
}

TEST(RefuseOverlaps, TheMessageCountsThemAndNamesACellAndBothRows) {
  // R = 1 with the lowest F and M is both Hibernating (1-2, 1-2) and Lost (0-2, 0-2).
  const Status status = refuse_overlaps(*SegmentTable::named("putler"));
  EXPECT_EQ(status.code(), Code::kDocument);
  EXPECT_EQ(status.message(),
            "in the segment table 30 of 45 cells are claimed twice (r = 1, f = 1, m = 1 by "
            "\"Hibernating\" and \"Lost\"); make the rows exclude each other, or let the first one "
            "win");
}

}  // namespace
}  // namespace patron::internal
