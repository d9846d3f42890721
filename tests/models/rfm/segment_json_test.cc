#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "patron/segments.h"

namespace patron {
namespace {

SegmentTable parsed(std::string_view json, int bins = 5) {
  Result<SegmentTable> table = SegmentTable::parse(json, bins);
  EXPECT_TRUE(table.ok()) << table.status().message();
  return table.ok() ? *table : *SegmentTable::named("eleven");
}

Status refused(std::string_view json, int bins = 5) {
  Result<SegmentTable> table = SegmentTable::parse(json, bins);
  EXPECT_FALSE(table.ok()) << json;
  return table.status();
}

TEST(SegmentJson, CodesAndRangesAreRead) {
  const SegmentTable table = parsed(R"([
    {"name": "Best", "label_zh": "最好", "codes": [555, "554"], "advice": "Thank them"},
    {"name": "Rest", "r": [1, 5], "f": 3, "m": [2, 4]}
  ])");
  ASSERT_EQ(table.rows().size(), 2u);
  EXPECT_EQ(table.rows()[0].label_zh, "最好");
  EXPECT_EQ(table.rows()[0].advice, "Thank them");
  EXPECT_EQ(table.rows()[0].codes, (std::vector<Scores>{{5, 5, 5}, {5, 5, 4}}));
  EXPECT_EQ(table.segment_of({5, 5, 4}), 0);
  EXPECT_EQ(table.segment_of({1, 3, 2}), 1);
  EXPECT_EQ(table.segment_of({1, 4, 2}), -1);
}

TEST(SegmentJson, TenBinsHaveTwoDigitsForEachScore) {
  const SegmentTable table = parsed(R"([{"name": "A", "codes": [101010, 10203, "010101"]}])", 10);
  EXPECT_EQ(table.rows()[0].codes, (std::vector<Scores>{{10, 10, 10}, {1, 2, 3}, {1, 1, 1}}));
  EXPECT_EQ(table.to_json(), "[\n  {\"name\": \"A\", \"codes\": [101010, 10203, 10101]}\n]");
}

TEST(SegmentJson, NineBinsHaveOneDigitForEachScore) {
  const SegmentTable table = parsed(R"([{"name": "A", "codes": [999, "123"]}])", 9);
  EXPECT_EQ(table.rows()[0].codes, (std::vector<Scores>{{9, 9, 9}, {1, 2, 3}}));
  EXPECT_EQ(table.to_json(), "[\n  {\"name\": \"A\", \"codes\": [999, 123]}\n]");
  EXPECT_EQ(refused(R"([{"name": "A", "codes": [999, 999]}])", 9).message(),
            "row 0 \"A\": code 999 comes twice; keep one");
  EXPECT_EQ(refused(R"([{"name": "A", "codes": [101010, 101010]}])", 10).message(),
            "row 0 \"A\": code 10-10-10 comes twice; keep one");
}

TEST(SegmentJson, EveryNamedTableSurvivesTheRoundTrip) {
  for (std::string_view name : SegmentTable::names()) {
    const SegmentTable table = *SegmentTable::named(name);
    const std::string json = table.to_json();
    const SegmentTable again = parsed(json);
    EXPECT_EQ(again.to_json(), json);
    EXPECT_EQ(again.grid(), table.grid());
    for (int r = 1; r <= 5; ++r) {
      for (int f = 1; f <= 5; ++f) {
        for (int m = 1; m <= 5; ++m) {
          ASSERT_EQ(again.segment_of({r, f, m}), table.segment_of({r, f, m})) << name;
        }
      }
    }
  }
}

TEST(SegmentJson, TheTextHasOneRowOnALine) {
  EXPECT_EQ(parsed(R"([{"name":"A","codes":[155]},{"fm":[2.5,4],"name":"B"}])").to_json(),
            "[\n  {\"name\": \"A\", \"codes\": [155]},\n  {\"name\": \"B\", \"fm\": [2.5, 4]}\n]");
}

TEST(SegmentJson, TextThatIsNoJsonIsASyntaxErrorWithItsByte) {
  const Status status = refused("[{\"name\": \"A\",}]");
  EXPECT_EQ(status.code(), Code::kSyntax);
  EXPECT_EQ(status.byte_offset(), 14);
}

struct Bad {
  std::string_view json;
  int64_t row, byte;
  std::string_view message;
};

TEST(SegmentJson, EachMistakeIsNamedWithRowByteAndRemedy) {
  const std::vector<Bad> cases{
      {R"({"name": "A"})", -1, 0,
       "segment table: {\"name\": \"A\"} is an object where an array belongs"},
      {R"([])", -1, 0, "a segment table needs at least one row"},
      {R"([{"name": "A"}, 12])", 1, 16, "row 1: 12 is a whole number where an object belongs"},
      {R"([{"r": 1}])", 0, 1, "row 0: the key name is missing"},
      {R"([{"name": 7}])", 0, 10, "row 0: name is 7; it must be a string"},
      {R"([{"name": "A", "rr": 5}])", 0, 15,
       "row 0 \"A\": \"rr\" is no key here; did you mean \"r\"?"},
      {R"([{"name": "A", "advise": "x"}])", 0, 15,
       "row 0 \"A\": \"advise\" is no key here; did you mean \"advice\"?"},
      {R"([{"name": "A", "r": "4-5"}])", 0, 20,
       "row 0 \"A\": r is \"4-5\"; write one score, such as 4, or a range, such as [4, 5]"},
      {R"([{"name": "A", "r": [4]}])", 0, 20,
       "row 0 \"A\": r is [4]; write one score, such as 4, or a range, such as [4, 5]"},
      {R"([{"name": "A", "r": [1, 2, 3]}])", 0, 20,
       "row 0 \"A\": r is [1, 2, 3]; write one score, such as 4, or a range, such as [4, 5]"},
      {R"([{"name": "A", "r": []}])", 0, 20,
       "row 0 \"A\": r is []; write one score, such as 4, or a range, such as [4, 5]"},
      {R"([{"name": "A", "r": [1, "5"]}])", 0, 20,
       "row 0 \"A\": r is [1, \"5\"]; write one score, such as 4, or a range, such as [4, 5]"},
      {R"([{"name": "A", "r": {"low": 1, "high": 5}}])", 0, 20,
       "row 0 \"A\": r is {\"low\": 1, \"high\": 5}; write one score, such as 4, or a range, such "
       "as [4, 5]"},
      {R"([{"name": "A", "codes": []}])", 0, 24,
       "row 0 \"A\": codes is []; write an array of at least one code, such as [555, 554]"},
      {R"([{"name": "A", "codes": 555}])", 0, 24,
       "row 0 \"A\": codes is 555; write an array of at least one code, such as [555, 554]"},
      {R"([{"name": "A", "codes": [555, 5544]}])", 0, 30,
       "row 0 \"A\": code 5544 is no three digits r, f and m, such as 554"},
      {R"([{"name": "A", "codes": ["55x"]}])", 0, 25,
       "row 0 \"A\": code \"55x\" is no three digits r, f and m, such as 554"},
      {R"([{"name": "A", "codes": [556]}])", 0, 1,
       "row 0 \"A\": code 556 has m = 6; scores go from 1 to 5"},
      {R"([{"name": "A", "r": 1}, {"name": "Loyal", "r": [4, 2]}])", 1, 24,
       "row 1 \"Loyal\": r is 4 to 2; write the lower bound first"},
  };
  for (const Bad& bad : cases) {
    const Status status = refused(bad.json);
    EXPECT_EQ(status.code(), Code::kDocument) << bad.json;
    EXPECT_EQ(status.message(), bad.message);
    EXPECT_EQ(status.row(), bad.row) << bad.json;
    EXPECT_EQ(status.byte_offset(), bad.byte) << bad.json;
  }
}

TEST(SegmentJson, ACodeForTenBinsThatHasThreeDigitsIsRefused) {
  EXPECT_EQ(refused(R"([{"name": "A", "codes": ["555"]}])", 10).message(),
            "row 0 \"A\": code \"555\" is no two digits each of r, f and m, such as 100908");
  EXPECT_EQ(refused("[]", 11).code(), Code::kArgument);
  EXPECT_EQ(refused("no JSON", 11).code(), Code::kArgument);
  EXPECT_EQ(refused("no JSON", 1).code(), Code::kArgument);
}

TEST(SegmentJson, AKeyThatComesTwiceIsRefused) {
  const Status status = refused(R"([{"name": "A", "r": 1, "r": 2}])");
  EXPECT_EQ(status.code(), Code::kDocument);
  EXPECT_EQ(status.byte_offset(), 23);
}

}  // namespace
}  // namespace patron
