#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "patron/segments.h"

namespace patron {
namespace {

SegmentTable named(std::string_view name) {
  Result<SegmentTable> table = SegmentTable::named(name);
  EXPECT_TRUE(table.ok()) << table.status().message();
  return *table;
}

std::string name_of(const SegmentTable& table, int r, int f, int m) {
  const int row = table.segment_of({r, f, m});
  return row < 0 ? "" : table.rows()[static_cast<size_t>(row)].name;
}

TEST(NamedTables, ThereAreFive) {
  const auto names = SegmentTable::names();
  EXPECT_EQ(std::vector<std::string_view>(names.begin(), names.end()),
            (std::vector<std::string_view>{"eleven", "putler", "rfm_r_0_2", "rfm_r_0_3", "regex"}));
}

TEST(NamedTables, AnUnknownNameListsThemAndProposesTheNearest) {
  const auto table = SegmentTable::named("elven");
  EXPECT_EQ(table.status().code(), Code::kDocument);
  EXPECT_EQ(table.status().message(),
            "\"elven\" is no segment table; there are eleven, putler, rfm_r_0_2, rfm_r_0_3, regex; "
            "did you mean \"eleven\"?");
}

// Sizes counted from the published list of codes.
TEST(NamedTables, TheElevenSegmentsHoldAsManyCodesAsPublished) {
  const std::map<std::string, size_t> published{
      {"Champions", 7},      {"Loyal", 8},      {"Potential Loyalist", 24},
      {"New / Recent", 7},   {"Promising", 16}, {"Need Attention", 8},
      {"About To Sleep", 8}, {"At Risk", 22},   {"Cannot Lose Them", 8},
      {"Hibernating", 11},   {"Lost", 6}};
  const SegmentTable table = named("eleven");
  ASSERT_EQ(table.rows().size(), published.size());
  size_t codes = 0;
  for (const SegmentRow& row : table.rows()) {
    EXPECT_EQ(row.codes.size(), published.at(row.name)) << row.name;
    codes += row.codes.size();
  }
  EXPECT_EQ(codes, 125u);
}

// One line for each R, one block for each F, one letter for each M from 1 to 5, written by hand
// from the published list.
TEST(NamedTables, TheElevenSegmentsNameEveryCodeAsPublished) {
  const std::map<char, std::string> letters{
      {'C', "Champions"},      {'L', "Loyal"},     {'P', "Potential Loyalist"},
      {'N', "New / Recent"},   {'M', "Promising"}, {'A', "Need Attention"},
      {'S', "About To Sleep"}, {'R', "At Risk"},   {'X', "Cannot Lose Them"},
      {'H', "Hibernating"},    {'O', "Lost"}};
  //                                           F=1    F=2    F=3    F=4    F=5
  const std::vector<std::string> lines{/*R=1*/ "OOXXX OHHRR OHRRR ORRXR ORRXX",
                                       /*R=2*/ "HHSXX SHHRR SHHRR SRRRR SRRRR",
                                       /*R=3*/ "NSMMM SHPAA SHPAL PPALL PPPLL",
                                       /*R=4*/ "NNMMM NNPMM PPPAL PPALC PPPCC",
                                       /*R=5*/ "NNMMM MMMMM PPPAA PPLCC PPPCC"};
  const SegmentTable table = named("eleven");
  for (int r = 1; r <= 5; ++r) {
    for (int f = 1; f <= 5; ++f) {
      for (int m = 1; m <= 5; ++m) {
        const char letter =
            lines[static_cast<size_t>(r - 1)][static_cast<size_t>(6 * (f - 1) + m - 1)];
        EXPECT_EQ(name_of(table, r, f, m), letters.at(letter)) << r << f << m;
      }
    }
  }
}

TEST(NamedTables, ThePublishedRangesAreTakenAsTheyStand) {
  EXPECT_EQ(name_of(named("putler"), 5, 4, 4), "Champions");
  EXPECT_EQ(name_of(named("putler"), 5, 3, 4), "Loyal");           // mean 3.5
  EXPECT_EQ(name_of(named("putler"), 2, 2, 3), "Need Attention");  // mean 2.5
  EXPECT_EQ(name_of(named("putler"), 1, 3, 4), "At Risk");
  EXPECT_EQ(name_of(named("putler"), 1, 1, 2), "Hibernating");  // mean 1.5
  EXPECT_EQ(name_of(named("rfm_r_0_2"), 3, 1, 1), "Potential Loyalist");
  EXPECT_EQ(name_of(named("rfm_r_0_2"), 1, 1, 5), "");
  EXPECT_EQ(name_of(named("rfm_r_0_3"), 5, 5, 5), "Champions");
  EXPECT_EQ(name_of(named("rfm_r_0_3"), 1, 1, 1), "Lost");
  EXPECT_EQ(name_of(named("rfm_r_0_3"), 4, 4, 4), "Loyal");
  EXPECT_EQ(name_of(named("regex"), 4, 1, 5), "Promising");
  EXPECT_EQ(name_of(named("regex"), 2, 5, 1), "Cannot Lose Them");
  EXPECT_EQ(name_of(named("regex"), 3, 3, 3), "Need Attention");
}

/// "4-5" as it is printed; "" for an axis that a table does not look at.
std::string printed(const std::optional<ScoreRange>& range) {
  if (!range) return "";
  const auto number = [](double value) { return std::to_string(static_cast<int>(value)); };
  EXPECT_EQ(range->low, static_cast<int>(range->low));
  EXPECT_EQ(range->high, static_cast<int>(range->high));
  return number(range->low) + "-" + number(range->high);
}

/// The rows of a table as "name R F M (F+M)/2".
std::vector<std::string> ranges_of(std::string_view name) {
  std::vector<std::string> lines;
  const SegmentTable table = named(name);
  for (const SegmentRow& row : table.rows()) {
    EXPECT_TRUE(row.codes.empty());
    lines.push_back(row.name + ": " + printed(row.r) + " " + printed(row.f) + " " + printed(row.m) +
                    " " + printed(row.fm));
  }
  return lines;
}

// Copied by hand from where they are printed: the vendors' table by R and the mean of F and M
// (Putler's, and the documentation of those who follow it), the examples of the R package rfm 0.2.2
// and 0.3.0, and the patterns over R and F that Python recipes share.
TEST(NamedTables, TheRangesAreThosePublished) {
  using Lines = std::vector<std::string>;
  EXPECT_EQ(ranges_of("putler"),
            (Lines{"Champions: 4-5   4-5", "Loyal: 2-5   3-5", "Potential Loyalist: 3-5   1-3",
                   "New / Recent: 4-5   0-1", "Promising: 3-4   0-1", "Need Attention: 2-3   2-3",
                   "About To Sleep: 2-3   0-2", "At Risk: 0-2   2-5", "Cannot Lose Them: 0-1   4-5",
                   "Hibernating: 1-2   1-2", "Lost: 0-2   0-2"}));
  EXPECT_EQ(
      ranges_of("rfm_r_0_2"),
      (Lines{"Champions: 4-5 4-5 4-5 ", "Loyal: 2-5 3-5 3-5 ", "Potential Loyalist: 3-5 1-3 1-3 ",
             "New / Recent: 4-5 1-1 1-1 ", "Promising: 3-4 1-1 1-1 ",
             "Need Attention: 2-3 2-3 2-3 ", "About To Sleep: 2-3 1-2 1-2 ",
             "At Risk: 1-2 2-5 2-5 ", "Cannot Lose Them: 1-1 4-5 4-5 ", "Lost: 1-2 1-2 1-2 "}));
  EXPECT_EQ(
      ranges_of("rfm_r_0_3"),
      (Lines{"Champions: 5-5 5-5 5-5 ", "Loyal: 2-4 2-4 2-4 ", "Potential Loyalist: 3-5 3-5 2-5 ",
             "New / Recent: 4-5 1-3 1-5 ", "Promising: 3-4 1-3 3-5 ",
             "Need Attention: 1-3 3-5 3-5 ", "About To Sleep: 2-3 1-3 1-4 ",
             "At Risk: 1-2 2-5 4-5 ", "Cannot Lose Them: 1-2 3-4 4-5 ", "Lost: 1-1 1-5 1-5 "}));
  EXPECT_EQ(ranges_of("regex"),
            (Lines{"Champions: 5-5 4-5  ", "Loyal: 3-4 4-5  ", "Potential Loyalist: 4-5 2-3  ",
                   "New / Recent: 5-5 1-1  ", "Promising: 4-4 1-1  ", "Need Attention: 3-3 3-3  ",
                   "About To Sleep: 3-3 1-2  ", "At Risk: 1-2 3-4  ", "Cannot Lose Them: 1-2 5-5  ",
                   "Hibernating: 1-2 1-2  "}));
}

TEST(NamedTables, OneNameHasOneLabelAndOneAdviceInAllTables) {
  std::map<std::string, std::vector<std::string>> known;
  for (std::string_view name : SegmentTable::names()) {
    const SegmentTable table = named(name);
    for (const SegmentRow& row : table.rows()) {
      const std::vector<std::string> texts{row.label_zh, row.advice, row.advice_zh};
      for (const std::string& text : texts) EXPECT_FALSE(text.empty()) << row.name;
      const auto [entry, fresh] = known.emplace(row.name, texts);
      EXPECT_EQ(entry->second, texts) << name << " " << row.name;
    }
  }
  EXPECT_EQ(known.size(), 11u);
}

}  // namespace
}  // namespace patron
