// What a check says of segment tables found in print (the R package rfm, Putler, Python recipes),
// as a grid and written out as conditions. SegmentTable::lint, which tries every cell, is the
// second method.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "patron/policy.h"
#include "patron/segments.h"

namespace patron {
namespace {

using FindingKind = SegmentLint::Finding::Kind;

std::string range(const char* value, const std::optional<ScoreRange>& bounds, bool fraction) {
  if (!bounds) return "";
  // Scores begin at 1, though some tables print 0.
  const std::string low = std::to_string(static_cast<int>(std::max(bounds->low, 1.0)));
  const std::string high = std::to_string(static_cast<int>(bounds->high));
  const std::string point = fraction ? ".0" : "";
  return std::string(value) + " >= " + low + point + " && " + value + " <= " + high + point;
}

std::string condition(const SegmentRow& row) {
  std::string out;
  for (const Scores& code : row.codes) {
    out += (out.empty() ? "(" : " || (") + std::string("rfm.r == ") + std::to_string(code.r) +
           " && rfm.f == " + std::to_string(code.f) + " && rfm.m == " + std::to_string(code.m) +
           ")";
  }
  if (!row.codes.empty()) return out;
  for (const std::string& one : {range("rfm.r", row.r, false), range("rfm.f", row.f, false),
                                 range("rfm.m", row.m, false), range("fm", row.fm, true)}) {
    if (!one.empty()) out += (out.empty() ? "" : " && ") + one;
  }
  return out;
}

struct SaidTable {
  std::set<std::string> unreachable;
  std::map<std::string, std::string> overlaps;  ///< class -> message
  bool gap = false, not_decided = false;
};

SaidTable said_of(const SegmentTable& table) {
  std::string text = R"({"patron": 1, "name": "printed", "attributes": {"fm": {"type": "double"}},
    "models": {"rfm": {"window": "1y"}}, "classifications": [{"name": "segment", "kind": "first_match", "classes": [)";
  for (const SegmentRow& row : table.rows()) {
    text += R"({"name": ")" + row.name + R"(", "enter": ")" + condition(row) + "\"}, ";
  }
  // Who never bought has scores of 0; before the first calibration there are none.
  text += R"({"name": "none", "enter": "rfm.r == null || rfm.f == null || rfm.m == null || rfm.r < 1
             || rfm.f < 1 || rfm.m < 1)";
  text += std::string(table.grid() == SegmentGrid::kRxFM ? " || fm == null" : "") + "\"}]}]}";
  std::replace(text.begin(), text.end(), '\n', ' ');
  const CheckedPolicy checked = Policy::check(text);
  EXPECT_TRUE(checked.policy) << format_findings("x", text, checked.findings);
  SaidTable out;
  for (const PolicyFinding& one : checked.findings) {
    const std::string name = one.message.substr(1, one.message.find('"', 1) - 1);
    if (one.code == "unreachable") out.unreachable.insert(name);
    if (one.code == "overlap") out.overlaps[name] = one.message;
    out.gap |= one.code == "gap";
    out.not_decided |= one.code == "not_decided";
  }
  return out;
}

std::set<std::string> hidden_rows(const SegmentTable& table) {
  std::set<std::string> out;
  for (const SegmentLint::Finding& one : table.lint().findings) {
    if (one.kind != FindingKind::kUnreachable) continue;
    out.insert(table.rows()[static_cast<size_t>(one.row)].name);
  }
  return out;
}

TEST(PublishedTables, WrittenAsConditionsHaveTheFaultsThatTryingEveryCellFinds) {
  // docs/rfm.md names the rows nobody reaches.
  const std::map<std::string, std::set<std::string>> printed{
      {"eleven", {}},
      {"regex", {}},
      {"rfm_r_0_2", {"New / Recent", "Promising", "Cannot Lose Them"}},
      {"putler", {"New / Recent", "Promising", "Cannot Lose Them", "Lost"}}};
  for (const auto& [name, hidden] : printed) {
    const SegmentTable table = *SegmentTable::named(name);
    EXPECT_EQ(hidden_rows(table), hidden) << name;
    const SaidTable said = said_of(table);
    EXPECT_EQ(said.unreachable, hidden) << name;
    EXPECT_FALSE(said.not_decided) << name;
  }
  const SegmentTable three = *SegmentTable::named("rfm_r_0_3");
  EXPECT_EQ(said_of(three).unreachable, hidden_rows(three));
}

TEST(PublishedTables, TheirGapsAreFound) {
  EXPECT_FALSE(said_of(*SegmentTable::named("eleven")).gap);
  EXPECT_FALSE(said_of(*SegmentTable::named("regex")).gap);
  EXPECT_TRUE(said_of(*SegmentTable::named("rfm_r_0_2")).gap);
  EXPECT_TRUE(said_of(*SegmentTable::named("rfm_r_0_3")).gap);
}

TEST(PublishedTables, TheirOverlapsAreFoundWithACustomer) {
  for (const char* name : {"rfm_r_0_2", "rfm_r_0_3"}) {
    const SegmentTable table = *SegmentTable::named(name);
    const SaidTable said = said_of(table);
    // A row has an overlap where it shares cells with an earlier one, neither being part of the
    // other and both being reached: tried cell by cell.
    std::set<std::string> expected;
    const std::span<const SegmentRow> rows = table.rows();
    const auto within = [](const std::optional<ScoreRange>& r, int score) {
      return !r || (score >= r->low && score <= r->high);
    };
    for (size_t j = 0; j < rows.size(); ++j) {
      for (size_t i = 0; i < j; ++i) {
        bool both = false, first = false, second = false;
        for (int cell = 0; cell < 125; ++cell) {
          const int r = cell / 25 + 1, f = cell / 5 % 5 + 1, m = cell % 5 + 1;
          const auto claims = [&](const SegmentRow& row) {
            return within(row.r, r) && within(row.f, f) && within(row.m, m);
          };
          both |= claims(rows[i]) && claims(rows[j]);
          first |= claims(rows[i]) && !claims(rows[j]);
          second |= claims(rows[j]) && !claims(rows[i]);
        }
        if (both && first && second && !said.unreachable.contains(rows[i].name) &&
            !said.unreachable.contains(rows[j].name)) {
          expected.insert(rows[j].name);
        }
      }
    }
    std::set<std::string> found;
    for (const auto& [row, message] : said.overlaps) found.insert(row);
    EXPECT_EQ(found, expected) << name;
    EXPECT_FALSE(expected.empty()) << name;
  }
  const std::string loyal =
      said_of(*SegmentTable::named("rfm_r_0_2")).overlaps["Potential Loyalist"];
  EXPECT_NE(loyal.find("shares customers with \"Loyal\" (rfm.r = 3, rfm.f = 3, rfm.m = 3)"),
            std::string::npos)
      << loyal;
}

TEST(PublishedTables, AsAGridTheyAreWarnedOfWithNumbers) {
  const auto said = [](const std::string& table) {
    const CheckedPolicy checked =
        Policy::check(R"({"patron": 1, "name": "x", "models": {"rfm": {"table": ")" + table +
                      R"("}}, "classifications": [{"name": "s", "kind": "grid", "table": "rfm.)" +
                      table + R"("}]})");
    EXPECT_TRUE(checked.policy);
    return checked.findings.empty() ? ""
                                    : checked.findings[0].code + ": " + checked.findings[0].message;
  };
  EXPECT_EQ(said("eleven"), "");
  // docs/rfm.md: 45 cells, 0 gaps, 30 overlaps; four rows unreachable.
  const std::string putler = said("putler");
  EXPECT_TRUE(
      putler.starts_with("table: of the 45 cells of this table 0 have no segment and 30 have two"))
      << putler;
  EXPECT_NE(
      putler.find(
          "nobody can ever be \"New / Recent\", \"Promising\", \"Cannot Lose Them\", \"Lost\""),
      std::string::npos)
      << putler;
  EXPECT_TRUE(
      said("rfm_r_0_2").starts_with("table: of the 125 cells of this table 36 have no segment"));
  EXPECT_TRUE(
      said("rfm_r_0_3").starts_with("table: of the 125 cells of this table 10 have no segment"));
}

}  // namespace
}  // namespace patron
