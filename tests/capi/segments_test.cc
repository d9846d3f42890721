#include <cstring>

#include "tests/capi/world.h"

namespace patron::test {
namespace {

// R 3 with F 1 is claimed by no row, R 2 with F 2 or 3 by two.
constexpr std::string_view kOwn = R"([
  {"name": "regular", "r": [2, 3], "f": [2, 3], "advice": "thank them", "label_zh": "常客"},
  {"name": "lapsed", "r": 1, "f": [1, 3]},
  {"name": "fading", "r": 2, "f": [1, 3]}])";

Segments parse(std::string_view json, int32_t bins) {
  patron_error error = PATRON_ERROR_INIT;
  patron_segments* table = nullptr;
  EXPECT_EQ(patron_segments_parse(json.data(), json.size(), bins, &table, &error), PATRON_OK)
      << error.message;
  return Segments(table);
}

// Section 5.3 of the survey of products has these counts for the published tables.
TEST(Segments, NamedTablesHaveTheCountsOfTheSurvey) {
  struct Known {
    const char* name;
    int32_t cells, gaps, overlaps;
  };
  for (const Known& known : {Known{"eleven", 125, 0, 0}, Known{"putler", 45, 0, 30},
                             Known{"rfm_r_0_2", 125, 36, 39}, Known{"rfm_r_0_3", 125, 10, 58}}) {
    patron_segments* table = nullptr;
    ASSERT_EQ(patron_segments_named(known.name, std::strlen(known.name), &table, nullptr),
              PATRON_OK);
    patron_lint_counts counts = PATRON_LINT_COUNTS_INIT;
    EXPECT_EQ(patron_segments_lint(table, &counts, nullptr, nullptr), PATRON_OK);
    EXPECT_EQ(counts.cells, known.cells) << known.name;
    EXPECT_EQ(counts.gaps, known.gaps) << known.name;
    EXPECT_EQ(counts.overlaps, known.overlaps) << known.name;
    patron_segments_close(table);
  }
}

TEST(Segments, NamesListsTheNamedTables) {
  const int32_t count = patron_segments_named_count();
  EXPECT_EQ(count, 5);
  for (int32_t i = 0; i < count; ++i) {
    const patron_str name = patron_segments_named_name(i);
    patron_segments* table = nullptr;
    EXPECT_EQ(patron_segments_named(name.data, name.size, &table, nullptr), PATRON_OK);
    patron_segments_close(table);
  }
  EXPECT_EQ(patron_segments_named_name(-1).data, nullptr);
  EXPECT_EQ(patron_segments_named_name(count).data, nullptr);
  patron_error error = PATRON_ERROR_INIT;
  patron_segments* none = nullptr;
  EXPECT_EQ(patron_segments_named("elevn", 5, &none, &error), PATRON_E_DOCUMENT);
  EXPECT_NE(std::strstr(error.message, "eleven"), nullptr) << error.message;
  EXPECT_EQ(patron_segments_named("\xFF", 1, &none, nullptr), PATRON_E_UTF8);
  EXPECT_EQ(patron_segments_named("eleven", 6, nullptr, nullptr), PATRON_E_ARGUMENT);
}

TEST(Segments, OfOnesOwnAreDescribed) {
  const Segments table = parse(kOwn, 3);
  EXPECT_EQ(patron_segments_bins(table.get()), 3);
  EXPECT_EQ(patron_segments_grid(table.get()), PATRON_GRID_R_F);
  EXPECT_EQ(patron_segments_rows(table.get()), 3);
  patron_segment_row row = PATRON_SEGMENT_ROW_INIT;
  ASSERT_EQ(patron_segments_row(table.get(), 0, &row, nullptr), PATRON_OK);
  EXPECT_EQ(text(row.name), "regular");
  EXPECT_EQ(text(row.label_zh), "常客");
  EXPECT_EQ(text(row.advice), "thank them");
  EXPECT_EQ(text(row.advice_zh), "");
  for (const int32_t wrong : {-1, 3}) {
    EXPECT_EQ(patron_segments_row(table.get(), wrong, &row, nullptr), PATRON_E_ARGUMENT);
  }
}

TEST(Segments, FindTheFirstRowThatClaimsTheScores) {
  const Segments table = parse(kOwn, 3);
  int32_t row = 7;
  EXPECT_EQ(patron_segments_find(table.get(), 2, 3, 1, &row, nullptr), PATRON_OK);
  EXPECT_EQ(row, 0);
  EXPECT_EQ(patron_segments_find(table.get(), 2, 1, 1, &row, nullptr), PATRON_OK);
  EXPECT_EQ(row, 2);
  EXPECT_EQ(patron_segments_find(table.get(), 3, 1, 1, &row, nullptr), PATRON_OK);
  EXPECT_EQ(row, -1);
  row = 7;
  patron_error error = PATRON_ERROR_INIT;
  for (const std::vector<int32_t>& wrong : {std::vector<int32_t>{0, 1, 1}, {1, 4, 1}, {1, 1, -1}}) {
    EXPECT_EQ(patron_segments_find(table.get(), wrong[0], wrong[1], wrong[2], &row, &error),
              PATRON_E_ARGUMENT);
    EXPECT_NE(std::strstr(error.message, "want 1 to 3"), nullptr) << error.message;
  }
  EXPECT_EQ(row, 7);
  EXPECT_EQ(patron_segments_find(table.get(), 1, 1, 1, nullptr, nullptr), PATRON_E_ARGUMENT);
}

TEST(Segments, FindingsAreATable) {
  const Segments table = parse(kOwn, 3);
  patron_lint_counts counts = PATRON_LINT_COUNTS_INIT;
  patron_table* findings = nullptr;
  ASSERT_EQ(patron_segments_lint(table.get(), &counts, &findings, nullptr), PATRON_OK);
  EXPECT_EQ(counts.cells, 9);
  EXPECT_EQ(counts.gaps, 1);
  EXPECT_EQ(counts.overlaps, 2);
  EXPECT_EQ(counts.unreachable, 0);
  using Texts = std::vector<std::string>;
  using Numbers = std::vector<int64_t>;
  EXPECT_EQ(texts_of(findings, "kind"), (Texts{"gap", "overlap", "overlap"}));
  EXPECT_EQ(texts_of(findings, "segment"), (Texts{"(null)", "regular", "regular"}));
  EXPECT_EQ(texts_of(findings, "other"), (Texts{"(null)", "fading", "fading"}));
  EXPECT_EQ(values_of<int64_t>(findings, "row"), (Numbers{-1, 0, 0}));
  EXPECT_EQ(values_of<int64_t>(findings, "other_row"), (Numbers{-1, 2, 2}));
  EXPECT_EQ(values_of<int64_t>(findings, "r"), (Numbers{3, 2, 2}));
  EXPECT_EQ(values_of<int64_t>(findings, "f"), (Numbers{1, 2, 3}));
  EXPECT_EQ(values_of<int64_t>(findings, "cells"), (Numbers{1, 1, 1}));
  EXPECT_EQ(values_of<double>(findings, "fm").size(), 3U);
  patron_table_close(findings);
  EXPECT_EQ(patron_segments_lint(table.get(), nullptr, nullptr, nullptr), PATRON_OK);
}

TEST(Segments, CountRowsThatNoScoresReach) {
  const Segments table = parse(
      R"([{"name": "all", "r": [1, 2], "f": [1, 2]}, {"name": "hidden", "r": 2, "f": 2}])", 2);
  patron_lint_counts counts = PATRON_LINT_COUNTS_INIT;
  patron_table* findings = nullptr;
  ASSERT_EQ(patron_segments_lint(table.get(), &counts, &findings, nullptr), PATRON_OK);
  EXPECT_EQ(counts.unreachable, 1);
  EXPECT_EQ(texts_of(findings, "kind").back(), "unreachable");
  EXPECT_EQ(texts_of(findings, "segment").back(), "hidden");
  EXPECT_EQ(texts_of(findings, "other").back(), "all");
  patron_table_close(findings);
}

TEST(Segments, GoThroughJsonUnchanged) {
  const Segments table = parse(kOwn, 3);
  patron_buffer* json = nullptr;
  patron_buffer* again = nullptr;
  ASSERT_EQ(patron_segments_to_json(table.get(), &json, nullptr), PATRON_OK);
  const Segments copy = parse(text(patron_buffer_text(json)), 3);
  ASSERT_EQ(patron_segments_to_json(copy.get(), &again, nullptr), PATRON_OK);
  EXPECT_EQ(text(patron_buffer_text(json)), text(patron_buffer_text(again)));
  EXPECT_EQ(patron_segments_to_json(table.get(), nullptr, nullptr), PATRON_E_ARGUMENT);
  patron_buffer_close(json);
  patron_buffer_close(again);
}

TEST(Segments, RefuseWhatIsNoTable) {
  patron_segments* table = nullptr;
  patron_error error = PATRON_ERROR_INIT;
  const auto refused = [&](std::string_view json, int32_t bins) {
    return patron_segments_parse(json.data(), json.size(), bins, &table, &error);
  };
  EXPECT_EQ(refused("[{\"name\": \"a\"", 5), PATRON_E_SYNTAX);
  EXPECT_EQ(refused("[]", 5), PATRON_E_DOCUMENT);
  EXPECT_EQ(refused(R"([{"nam": "a"}])", 5), PATRON_E_DOCUMENT);
  EXPECT_EQ(refused(kOwn, 1), PATRON_E_ARGUMENT) << error.message;
  EXPECT_EQ(refused(kOwn, 11), PATRON_E_ARGUMENT) << error.message;
  EXPECT_EQ(refused("[\"\xFF\"]", 5), PATRON_E_UTF8);
  EXPECT_EQ(error.byte_offset, 2);
  EXPECT_EQ(table, nullptr);
  EXPECT_EQ(patron_segments_parse("[]", 2, 5, nullptr, nullptr), PATRON_E_ARGUMENT);
}

TEST(OctantName, IsGivenInBothSystemsAndLanguages) {
  EXPECT_EQ(text(patron_octant_name(PATRON_OCTANTS_CLASSIC, 7, PATRON_LANGUAGE_ZH)), "重要价值");
  EXPECT_EQ(text(patron_octant_name(PATRON_OCTANTS_CLASSIC, 0, PATRON_LANGUAGE_ZH)), "一般挽留");
  EXPECT_EQ(text(patron_octant_name(PATRON_OCTANTS_VE, 0, PATRON_LANGUAGE_ZH)), "流失");
  for (int32_t octant = 0; octant < 8; ++octant) {
    EXPECT_NE(text(patron_octant_name(PATRON_OCTANTS_VE, octant, PATRON_LANGUAGE_EN)), "");
  }
  EXPECT_EQ(patron_octant_name(2, 0, 0).data, nullptr);
  EXPECT_EQ(patron_octant_name(0, 8, 0).data, nullptr);
  EXPECT_EQ(patron_octant_name(0, -1, 0).data, nullptr);
  EXPECT_EQ(patron_octant_name(0, 0, 2).data, nullptr);
}

}  // namespace
}  // namespace patron::test
