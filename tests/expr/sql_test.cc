#include <gtest/gtest.h>

#include "tests/expr/world.h"

namespace patron::test {
namespace {

std::string sql(const char* text, SqlDialect dialect = SqlDialect::kDuckdb) {
  const Result<std::string> out = Expression::parse(text, world())->to_sql(dialect, 0);
  return out.ok() ? *out : "refused at " + std::to_string(out.status().byte_offset());
}

TEST(Sql, KeepsThreeValuedLogic) {
  EXPECT_EQ(sql("b && !(i > 3) || k.x == 2"), "((\"b\" AND (NOT (\"i\" > 3))) OR (\"k.x\" = 2))");
  EXPECT_EQ(sql("b ? i : j"), "CASE WHEN \"b\" THEN \"i\" WHEN NOT \"b\" THEN \"j\" END");
  EXPECT_EQ(sql("has(i) || s == null"), "((\"i\" IS NOT NULL) OR (\"s\" IS NULL))");
  EXPECT_EQ(sql("or_else(m, 0) >= 10.5"), "(COALESCE(\"m\", 0.00) >= 10.50)");
  EXPECT_EQ(sql("i in []"), "CASE WHEN \"i\" IS NOT NULL THEN FALSE END");
  EXPECT_EQ(sql("min(i, j)"),
            "CASE WHEN \"i\" IS NOT NULL AND \"j\" IS NOT NULL THEN LEAST(\"i\", \"j\") END");
}

TEST(Sql, QuotesTextsAndKnowsTheDialects) {
  EXPECT_EQ(sql("s == 'it\\'s'"), "(\"s\" = 'it''s')");
  EXPECT_EQ(sql("s < 'b'", SqlDialect::kPostgresql), "(\"s\" COLLATE \"C\" < 'b')");
  EXPECT_EQ(sql("i / j"), "(\"i\" // NULLIF(\"j\", 0))");
  EXPECT_EQ(sql("i / j", SqlDialect::kPostgresql), "(\"i\" / NULLIF(\"j\", 0))");
  EXPECT_EQ(sql("now > t"), "(TIMESTAMPTZ '1970-01-01 00:00:00+00' > \"t\")");
  EXPECT_EQ(sql("e >= 'middle'"),
            "(CASE \"e\" WHEN 'low' THEN 0 WHEN 'middle' THEN 1 WHEN 'high' THEN 2 END >= CASE "
            "'middle' WHEN 'low' THEN 0 WHEN 'middle' THEN 1 WHEN 'high' THEN 2 END)");
}

// Where the day does not exist it is the first of the next month, in SQL too.
TEST(Sql, AddsMonthsToTheFirstOfTheMonth) {
  EXPECT_EQ(sql("dt + months(i) <= bd"),
            "(CAST(LEAST(date_trunc('month', CAST(\"dt\" AS TIMESTAMP)) + to_months(CAST(\"i\" AS "
            "INTEGER)) + (CAST(\"dt\" AS TIMESTAMP) - date_trunc('month', CAST(\"dt\" AS "
            "TIMESTAMP))), date_trunc('month', CAST(\"dt\" AS TIMESTAMP)) + to_months(CAST(\"i\" + "
            "1 AS INTEGER))) AS DATE) <= \"bd\")");
  EXPECT_NE(sql("bd + years(i) > dt", SqlDialect::kPostgresql)
                .find("make_interval(months => CAST((\"i\" * 12) AS INTEGER))"),
            std::string::npos);
  EXPECT_NE(sql("bd - years(1) > dt").find("to_months(CAST(-12 AS INTEGER))"), std::string::npos)
      << sql("bd - years(1) > dt");
  EXPECT_EQ(sql("dt + days(i) > bd"), "((\"dt\" + CAST(\"i\" AS INTEGER)) > \"bd\")");
}

TEST(Sql, RefusesWhatWouldMeanSomethingElse) {
  EXPECT_EQ(sql("b && t + months(1) <= now"), "refused at 5");
  EXPECT_EQ(sql("m * 0.5 > 3"), "refused at 0");
  EXPECT_EQ(sql("i > d"), "refused at 0");
  EXPECT_EQ(sql("int(s) > 3"), "refused at 0");
}

}  // namespace
}  // namespace patron::test
