#include "lib/expr/table_source.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/expr/world.h"

namespace patron::test {
namespace {

std::vector<std::string> evaluate(const char* text, const Table& table, ExpressionCounts* counts) {
  const Expression expression = *Expression::parse(text, world());
  const Result<Table> result = expression.evaluate(table, {}, counts);
  EXPECT_TRUE(result.ok()) << result.status().message();
  return result.ok() ? value_texts(*result, expression.kind()) : std::vector<std::string>();
}
using Texts = std::vector<std::string>;

TEST(TableSource, NumbersThatAreNotFiniteAreUnknownAndCounted) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double inf = std::numeric_limits<double>::infinity();
  ExpressionCounts counts;
  EXPECT_EQ(evaluate("d > 0", *TableBuilder().doubles("d", {1, nan, -inf, -1}).finish(), &counts),
            (Texts{"1", "unknown", "unknown", "0"}));
  EXPECT_EQ(counts.bad_cells, 2);
  EXPECT_EQ(counts.unknown_rows, 2);
}

TEST(TableSource, ASetWithABitThatIsNoValueIsUnknownAndCounted) {
  ExpressionCounts counts;
  const Table wide = *TableBuilder().int64("st", {0, 7, 8, -1, 5}).finish();
  EXPECT_EQ(evaluate("size(st)", wide, &counts), (Texts{"0", "3", "unknown", "unknown", "2"}));
  EXPECT_EQ(counts.bad_cells, 2);
  // In eight bits, the third null, whatever lies there.
  const std::vector<int8_t> bits{7, 9, -1, 4};
  const uint8_t validity = 0b1011;
  ColumnView view;
  view.name = "st";
  view.type.type = Type::kInt8;
  view.chunk.length = 4;
  view.chunk.null_count = 1;
  view.chunk.validity = &validity;
  view.chunk.values = bits.data();
  const Table narrow = *make_table(std::vector<ColumnView>{view});
  EXPECT_EQ(evaluate("'c' in st", narrow, &counts), (Texts{"1", "unknown", "unknown", "1"}));
  EXPECT_EQ(counts.bad_cells, 1);
}

TEST(TableSource, ATextThatIsNoValueOfItsEnumIsUnknownAndCounted) {
  ExpressionCounts counts;
  const std::vector<std::string> words{"low", "high", "hihg", "", "middle"};
  const Table texts = *TableBuilder().strings("e", words).finish();
  EXPECT_EQ(evaluate("e != 'low'", texts, &counts), (Texts{"0", "1", "unknown", "unknown", "1"}));
  EXPECT_EQ(counts.bad_cells, 2);
  EXPECT_EQ(evaluate("e", texts, &counts),
            (Texts{"'low'", "'high'", "unknown", "unknown", "'middle'"}));
  // An open enum has no such thing.
  const Table open = *TableBuilder().strings("r", words).finish();
  EXPECT_EQ(evaluate("r != 'low'", open, &counts), (Texts{"0", "1", "1", "1", "1"}));
  EXPECT_EQ(counts.bad_cells, 0);
}

// Codes 2 and 1 of a dictionary of low, (null), hihg, high; the third row is null, whatever lies
// there.
TEST(TableSource, CodesOfADictionaryThatStandForNoValueAreUnknown) {
  const std::string bytes = "lowhihghigh";
  const std::vector<int32_t> offsets{0, 3, 3, 7, 11};
  const uint8_t named = 0b1101;
  Chunk dictionary;
  dictionary.length = 4;
  dictionary.null_count = 1;
  dictionary.validity = &named;
  dictionary.offsets = offsets.data();
  dictionary.bytes = reinterpret_cast<const uint8_t*>(bytes.data());
  const std::vector<int16_t> codes{9, 0, 2, 77, 3, 1, 2};  // from the second on
  const uint8_t valid = 0b1110110;
  ColumnView view;
  view.name = "e";
  view.type.type = Type::kDictionary;
  view.type.index = Type::kInt16;
  view.type.value = Type::kString;
  view.chunk.length = 6;
  view.chunk.offset = 1;
  view.chunk.null_count = 1;
  view.chunk.validity = &valid;
  view.chunk.values = codes.data();
  view.chunk.dictionary = &dictionary;
  const Table table = *make_table(std::vector<ColumnView>{view});
  ExpressionCounts counts;
  EXPECT_EQ(evaluate("e == 'low'", table, &counts),
            (Texts{"1", "unknown", "unknown", "0", "unknown", "unknown"}));
  EXPECT_EQ(counts.bad_cells, 2);
  EXPECT_EQ(evaluate("has(e)", table, &counts), (Texts{"1", "0", "0", "1", "0", "0"}));
  EXPECT_EQ(evaluate("e", table, &counts),
            (Texts{"'low'", "unknown", "unknown", "'high'", "unknown", "unknown"}));
  // As an open enum only what is null is unknown.
  view.name = "r";
  const Table open = *make_table(std::vector<ColumnView>{view});
  EXPECT_EQ(evaluate("r", open, &counts),
            (Texts{"'low'", "'hihg'", "unknown", "'high'", "unknown", "'hihg'"}));
  EXPECT_EQ(counts.bad_cells, 0);
}

TEST(TableSource, AnEnumThatIsNeverNullRefusesWhatIsNoValueByRowAndText) {
  const Schema schema = *Schema::from_json(
      R"({"fields": {"e": {"type": "enum", "values": ["low", "high"], "nullable": false}}})");
  const Expression rule = *Expression::parse("e == 'low'", schema);
  std::vector<std::string> words(3000, "low");
  words[2999] = "hihg";
  const Status status = rule.evaluate(*TableBuilder().strings("e", words).finish()).status();
  EXPECT_EQ(status.code(), Code::kNull);
  EXPECT_EQ(status.row(), 2999);
  EXPECT_EQ(status.message(),
            "column \"e\" has \"hihg\" in row 2999, which is none of its values; did you mean "
            "\"high\"?; the schema says that it is never null");
  const Cell cell = Cell::of_text("hihg");
  EXPECT_EQ(rule.evaluate_row({&cell, 1}).status().code(), Code::kNull);
}

TEST(TableSource, ReadsTimesAndDatesInTheirForms) {
  const std::vector<std::string> texts{"2026-03-01", "2026-03-01T00:00:00Z", "no time"};
  ExpressionCounts counts;
  EXPECT_EQ(evaluate("int(t)", *TableBuilder().strings("t", texts).finish(), &counts),
            (Texts{"1772335800", "1772323200", "unknown"}));  // the first: midnight in St John's
  EXPECT_EQ(counts.bad_cells, 1);
  EXPECT_EQ(evaluate("dt", *TableBuilder().strings("dt", texts).finish(), &counts),
            (Texts{"20513", "unknown", "unknown"}));
  EXPECT_EQ(evaluate("dt", *TableBuilder().dates("dt", {20'513, -1, INT32_MAX}).finish(), &counts),
            (Texts{"20513", "-1", "unknown"}));
  EXPECT_EQ(evaluate("int(t)", *TableBuilder().dates("t", {20'513}).finish(), &counts),
            (Texts{"1772335800"}));
}

TEST(TableSource, MoneyIsInMajorUnits) {
  ExpressionCounts counts;
  EXPECT_EQ(evaluate("m", *TableBuilder().doubles("m", {19.99, 1e300}).finish(), &counts),
            (Texts{"1999", "unknown"}));
  EXPECT_EQ(evaluate("m", *TableBuilder().int64("m", {20, INT64_MAX}).finish(), &counts),
            (Texts{"2000", "unknown"}));
}

TEST(TableSource, IntegersServeAsDoubles) {
  ExpressionCounts counts;
  EXPECT_EQ(evaluate("d / 4", *TableBuilder().int64("d", {1, -6}).finish(), &counts),
            (Texts{"0.25", "-1.5"}));
}

TEST(TableSource, ANullWhereTheSchemaHasNoneIsAnErrorWithItsRow) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> values(5000, 1.0);
  values[4321] = nan;
  const Table table = *TableBuilder().doubles("f", values).finish();
  const Status status = Expression::parse("f > 0", world())->evaluate(table).status();
  EXPECT_EQ(status.code(), Code::kNull);
  EXPECT_EQ(status.row(), 4321);
}

TEST(TableSource, ColumnsOfNullsAreUnknown) {
  ColumnView view;
  view.type.type = Type::kNull;
  view.chunk.length = 2;
  view.chunk.null_count = 2;
  for (const char* name : {"b", "i", "d", "m", "s", "e", "st", "dt", "t", "du"}) {
    view.name = name;
    const Table table = *make_table({&view, 1});
    ExpressionCounts counts;
    EXPECT_EQ(evaluate((std::string("has(") + name + ")").c_str(), table, &counts),
              (Texts{"0", "0"}))
        << name;
    EXPECT_EQ(evaluate(name, table, &counts), (Texts{"unknown", "unknown"})) << name;
  }
}

TEST(TableSource, SaysWhichTypesGo) {
  const Table table = *TableBuilder()
                           .doubles("b", {1})
                           .doubles("s", {1})
                           .doubles("i", {1})
                           .doubles("t", {1})
                           .doubles("dt", {1})
                           .doubles("du", {1})
                           .finish();
  for (const char* name : {"b", "s", "i", "t", "dt", "du"}) {
    const Status status =
        Expression::parse(std::string("has(") + name + ")", world())->evaluate(table).status();
    EXPECT_EQ(status.code(), Code::kType) << name;
    EXPECT_NE(status.message().find(std::string("\"") + name + "\" is double"), std::string::npos);
  }
}

}  // namespace
}  // namespace patron::test
