#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "patron/segments.h"

namespace patron {
namespace {

using Kind = SegmentLint::Finding::Kind;

// Name of each unreachable row -> name of the row that hides the most of it.
std::map<std::string, std::string> unreachable(const SegmentTable& table) {
  std::map<std::string, std::string> rows;
  for (const auto& finding : table.lint().findings) {
    if (finding.kind != Kind::kUnreachable) continue;
    rows[table.rows()[static_cast<size_t>(finding.row)].name] =
        table.rows()[static_cast<size_t>(finding.other)].name;
  }
  return rows;
}

struct Published {
  const char* name;
  SegmentGrid grid;
  int cells, gaps, overlaps;
  std::set<std::string> unreachable;
};

TEST(SegmentLint, AGapIsOfNoRow) {
  const SegmentLint lint = SegmentTable::named("rfm_r_0_2")->lint();
  int gaps = 0;
  for (const auto& finding : lint.findings) {
    if (finding.kind != Kind::kGap) continue;
    gaps++;
    EXPECT_EQ(finding.row, -1);
    EXPECT_EQ(finding.other, -1);
    EXPECT_EQ(finding.cells, 1);
  }
  EXPECT_EQ(gaps, lint.gaps);
}

// The counts published for these tables; the unreachable rows of rfm_r_0_3 by an enumeration of the
// 125 cells in another language.
TEST(SegmentLint, CountsOfTheNamedTablesAreThePublishedOnes) {
  const std::vector<Published> published{
      {"eleven", SegmentGrid::kRFM, 125, 0, 0, {}},
      {"putler",
       SegmentGrid::kRxFM,
       45,
       0,
       30,
       {"New / Recent", "Promising", "Cannot Lose Them", "Lost"}},
      {"rfm_r_0_2",
       SegmentGrid::kRFM,
       125,
       36,
       39,
       {"New / Recent", "Promising", "Cannot Lose Them"}},
      {"rfm_r_0_3", SegmentGrid::kRFM, 125, 10, 58, {"Cannot Lose Them"}},
      {"regex", SegmentGrid::kRxF, 25, 0, 0, {}}};
  for (const Published& expected : published) {
    const SegmentTable table = *SegmentTable::named(expected.name);
    const SegmentLint lint = table.lint();
    EXPECT_EQ(table.grid(), expected.grid) << expected.name;
    EXPECT_EQ(lint.cells, expected.cells) << expected.name;
    EXPECT_EQ(lint.gaps, expected.gaps) << expected.name;
    EXPECT_EQ(lint.overlaps, expected.overlaps) << expected.name;
    EXPECT_EQ(lint.exact_partition(), expected.gaps == 0 && expected.overlaps == 0);
    std::set<std::string> names;
    for (const auto& [row, other] : unreachable(table)) names.insert(row);
    EXPECT_EQ(names, expected.unreachable) << expected.name;
  }
}

TEST(SegmentLint, AnUnreachableRowNamesTheRowThatHidesTheMostOfIt) {
  // Putler: R 4-5, FM 1 lies in Potential Loyalist; R 1, FM 4-5 in At Risk (mean 2-5).
  const auto rows = unreachable(*SegmentTable::named("putler"));
  EXPECT_EQ(rows.at("New / Recent"), "Potential Loyalist");
  EXPECT_EQ(rows.at("Cannot Lose Them"), "At Risk");
  // Lost, R 1-2 and FM 1-2, loses two cells each to About To Sleep and Hibernating, one each to
  // Need Attention and At Risk: the earlier of the two counts.
  EXPECT_EQ(rows.at("Lost"), "About To Sleep");
}

TEST(SegmentLint, TheWitnessOfAnUnreachableRowIsItsFirstCell) {
  const SegmentLint lint = SegmentTable::named("putler")->lint();
  const auto& lost = lint.findings.back();
  EXPECT_EQ(lost.kind, Kind::kUnreachable);
  EXPECT_EQ(lost.cells, 6);
  EXPECT_EQ(lost.witness, (Scores{1, 1, 1}));
}

SegmentRow row(std::string name, ScoreRange r, ScoreRange f) {
  SegmentRow out;
  out.name = std::move(name);
  out.r = r;
  out.f = f;
  return out;
}

TEST(SegmentLint, FindingsComeAsGapsThenOverlapsThenUnreachableRows) {
  // 2 bins, (R, F): A has 11 12, B has 12, C has 22 12. Gap: 21. Overlap: 12 (A, then B).
  const SegmentTable table = *SegmentTable::make(
      {row("A", {1, 1}, {1, 2}), row("B", {1, 1}, {2, 2}), row("C", {1, 2}, {2, 2})}, 2);
  const SegmentLint lint = table.lint();
  ASSERT_EQ(lint.cells, 4);
  ASSERT_EQ(lint.findings.size(), 3u);
  EXPECT_EQ(lint.findings[0].kind, Kind::kGap);
  EXPECT_EQ(lint.findings[0].row, -1);
  EXPECT_EQ(lint.findings[0].cells, 1);
  EXPECT_EQ(lint.findings[0].witness, (Scores{2, 1, 0}));
  EXPECT_EQ(lint.findings[1].kind, Kind::kOverlap);
  EXPECT_EQ(lint.findings[1].row, 0);
  EXPECT_EQ(lint.findings[1].other, 1);
  EXPECT_EQ(lint.findings[1].witness, (Scores{1, 2, 0}));
  EXPECT_EQ(lint.findings[2].kind, Kind::kUnreachable);
  EXPECT_EQ(lint.findings[2].row, 1);
  EXPECT_EQ(lint.findings[2].other, 0);
  EXPECT_EQ(lint.findings[2].cells, 1);
  EXPECT_EQ(lint.findings[2].witness, (Scores{1, 2, 0}));
}

TEST(SegmentLint, TheWitnessOfAMeanHasScoresWithThatMean) {
  SegmentRow low;
  low.name = "Low";
  low.fm = {1, 4.5};
  const SegmentLint lint = SegmentTable::make({low})->lint();
  ASSERT_EQ(lint.gaps, 5);  // FM = 5, for each R
  EXPECT_EQ(lint.findings[0].fm, 5.0);
  EXPECT_EQ(lint.findings[0].witness, (Scores{1, 5, 5}));
}

TEST(SegmentLint, ARowWithoutAnyCellIsUnreachableAndNobodyHidesIt) {
  const SegmentTable table =
      *SegmentTable::make({row("All", {1, 5}, {1, 5}), row("None", {0, 0}, {1, 5})});
  const SegmentLint lint = table.lint();
  ASSERT_EQ(lint.findings.size(), 1u);
  EXPECT_EQ(lint.findings[0].kind, Kind::kUnreachable);
  EXPECT_EQ(lint.findings[0].row, 1);
  EXPECT_EQ(lint.findings[0].other, -1);
  EXPECT_EQ(lint.findings[0].cells, 0);
}

TEST(SegmentLint, EvenTheFirstRowIsUnreachableWithoutACell) {
  const SegmentTable table =
      *SegmentTable::make({row("None", {0, 0}, {1, 5}), row("All", {1, 5}, {1, 5})});
  const SegmentLint lint = table.lint();
  ASSERT_EQ(lint.findings.size(), 1u);
  EXPECT_EQ(lint.findings[0].row, 0);
  EXPECT_EQ(lint.findings[0].other, -1);
}

// Random tables against a count that asks every row about every cell.
TEST(SegmentLint, EqualsAPlainCountOnRandomTables) {
  const char* asked = std::getenv("PATRON_CASES");
  const int cases = 200 * (asked == nullptr ? 1 : std::atoi(asked));
  for (int seed = 0; seed < cases; ++seed) {
    std::mt19937 random(static_cast<unsigned>(seed));
    const auto up_to = [&random](int n) {
      return static_cast<int>(random() % static_cast<unsigned>(n));
    };
    const int bins = 2 + up_to(4);
    const auto range = [&] {
      const int low = up_to(bins) + 1;
      return ScoreRange{double(low), double(low + up_to(bins - low + 1))};
    };
    std::vector<SegmentRow> rows(static_cast<size_t>(1 + up_to(6)));
    for (size_t i = 0; i < rows.size(); ++i) {
      rows[i].name = "S" + std::to_string(i);
      rows[i].r = range(), rows[i].f = range(), rows[i].m = range();
    }
    const SegmentTable table = *SegmentTable::make(rows, bins);
    int gaps = 0, overlaps = 0;
    std::vector<bool> reached(rows.size(), false);
    const auto in = [](const ScoreRange& box, int s) { return box.low <= s && s <= box.high; };
    for (int r = 1; r <= bins; ++r) {
      for (int f = 1; f <= bins; ++f) {
        for (int m = 1; m <= bins; ++m) {
          int first = -1, count = 0;
          for (size_t i = 0; i < rows.size(); ++i) {
            if (!in(*rows[i].r, r) || !in(*rows[i].f, f) || !in(*rows[i].m, m)) continue;
            if (count++ == 0) first = static_cast<int>(i);
          }
          ASSERT_EQ(table.segment_of({r, f, m}), first) << "seed " << seed;
          gaps += count == 0, overlaps += count > 1;
          if (first >= 0) reached[static_cast<size_t>(first)] = true;
        }
      }
    }
    const SegmentLint lint = table.lint();
    ASSERT_EQ(lint.gaps, gaps) << "seed " << seed;
    ASSERT_EQ(lint.overlaps, overlaps) << "seed " << seed;
    std::vector<bool> hidden(rows.size(), false);
    for (const auto& finding : lint.findings) {
      if (finding.kind == Kind::kUnreachable) hidden[static_cast<size_t>(finding.row)] = true;
    }
    for (size_t i = 0; i < rows.size(); ++i) ASSERT_NE(hidden[i], reached[i]) << "seed " << seed;
  }
}

}  // namespace
}  // namespace patron
