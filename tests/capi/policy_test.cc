// Policies through the C interface.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/capi/world.h"

namespace patron::test {
namespace {

using Texts = std::vector<std::string>;

Table findings_of(std::string_view json) {
  patron_table* out = nullptr;
  patron_error error = PATRON_ERROR_INIT;
  EXPECT_EQ(patron_policy_check(json.data(), json.size(), &out, &error), PATRON_OK)
      << error.message;
  return Table(out);
}

std::string formatted(std::string_view file, std::string_view json) {
  patron_buffer* out = nullptr;
  EXPECT_EQ(patron_policy_format(file.data(), file.size(), json.data(), json.size(), &out, nullptr),
            PATRON_OK);
  return text(patron_buffer_text(Buffer(out).get()));
}

std::string sql_of(const patron_policy* policy, std::string_view name, int32_t dialect,
                   patron_status expected = PATRON_OK) {
  patron_buffer* out = nullptr;
  patron_error error = PATRON_ERROR_INIT;
  EXPECT_EQ(patron_policy_to_sql(policy, name.data(), name.size(), dialect, nullptr, &out, &error),
            expected);
  return out != nullptr ? text(patron_buffer_text(Buffer(out).get())) : error.message;
}

TEST(PolicyCapi, SaysEverythingThatIsWrongInATable) {
  const std::string json = R"({"patron": 1, "name": "x", "streams": {"orders": {}},
    "attributes": {"n": {"type": "int64"}},
    "tags": [{"name": "a", "metric": {"sum": "orders.amuont"}}, {"name": "b", "expression": "n + c"},
             {"name": "d", "expression": "n / 2"}]})";
  const Table table = findings_of(json);
  ASSERT_EQ(patron_table_rows(table.get()), 2);
  EXPECT_EQ(texts_of(table.get(), "code"), (Texts{"unknown_column", "expression.unknown_name"}));
  EXPECT_EQ(texts_of(table.get(), "severity"), (Texts{"error", "error"}));
  EXPECT_EQ(texts_of(table.get(), "pointer"), (Texts{"/tags/0/metric/sum", "/tags/1/expression"}));
  const patron_column offset = view_of(table.get(), "offset");
  const patron_column begin = view_of(table.get(), "begin");
  const auto at = [](const patron_column& column, int64_t i) {
    return static_cast<const int64_t*>(column.values)[column.offset + i];
  };
  EXPECT_EQ(at(offset, 0), static_cast<int64_t>(json.find("\"orders.amuont\"")));
  EXPECT_EQ(at(begin, 0), -1);
  EXPECT_EQ(at(begin, 1), 4);
  const std::string shown = formatted("shop.json", json);
  EXPECT_TRUE(
      shown.starts_with("shop.json:3:46: error: /tags/0/metric/sum: \"amuont\" is no column"))
      << shown;
  EXPECT_NE(shown.find("did you mean \"amount\"? [unknown_column]\n"), std::string::npos) << shown;
}

TEST(PolicyCapi, WarningsAndNotesComeWithASoundPolicy) {
  const std::string json = R"({"patron": 1, "name": "x", "attributes": {"n": {"type": "int64"}},
    "classifications": [{"name": "t", "kind": "ladder", "classes": [
      {"name": "a", "enter": "n > 3"}, {"name": "b", "enter": "n > 5"}, {"name": "r"}]}]})";
  const Table table = findings_of(json);
  EXPECT_EQ(texts_of(table.get(), "severity"), (Texts{"note", "note", "warning"}));
  EXPECT_EQ(texts_of(table.get(), "code"), (Texts{"flapping", "flapping", "order"}));
  EXPECT_EQ(make_policy(json) != nullptr, true);
}

TEST(PolicyCapi, BytesThatAreNoDocumentAreAFinding) {
  for (const std::string_view bytes :
       {std::string_view(), std::string_view("{"), std::string_view("{\"a\": \"\xff\"}"),
        std::string_view("\0\0", 2), std::string_view("null"),
        std::string_view("{\"\xed\xa0\x80\": 1}")}) {
    const Table table = findings_of(bytes);
    EXPECT_EQ(patron_table_rows(table.get()), 1) << bytes;
    EXPECT_FALSE(formatted("x", bytes).empty());
    patron_policy* out = nullptr;
    patron_error error = PATRON_ERROR_INIT;
    EXPECT_NE(patron_policy_parse(bytes.data(), bytes.size(), &out, &error), PATRON_OK);
    EXPECT_EQ(out, nullptr);
  }
  patron_table* out = nullptr;
  EXPECT_EQ(patron_policy_check(nullptr, 5, &out, nullptr), PATRON_E_ARGUMENT);
  EXPECT_EQ(patron_policy_check("{}", 2, nullptr, nullptr), PATRON_E_ARGUMENT);
}

TEST(PolicyCapi, ThePolicyIsDescribedAndWritten) {
  const Policy policy = make_policy(kShopPolicy);
  patron_policy_info info = PATRON_POLICY_INFO_INIT;
  ASSERT_EQ(patron_policy_describe(policy.get(), &info, nullptr), PATRON_OK);
  EXPECT_EQ(text(info.name), "shop");
  EXPECT_EQ(text(info.version), "3");
  EXPECT_EQ(text(info.timezone), "Europe/Berlin");
  EXPECT_EQ(info.hash.size, 64U);
  EXPECT_EQ(info.tags, 5);
  EXPECT_EQ(info.classifications, 2);
  patron_buffer* json = nullptr;
  ASSERT_EQ(patron_policy_to_json(policy.get(), &json, nullptr), PATRON_OK);
  const Buffer written(json);
  const Policy again = make_policy(text(patron_buffer_text(json)));
  patron_policy_info other = PATRON_POLICY_INFO_INIT;
  ASSERT_EQ(patron_policy_describe(again.get(), &other, nullptr), PATRON_OK);
  EXPECT_EQ(text(other.hash), text(info.hash));
  patron_table *tags = nullptr, *classes = nullptr;
  ASSERT_EQ(patron_policy_tags(policy.get(), &tags, nullptr), PATRON_OK);
  const Table held(tags);
  EXPECT_EQ(texts_of(tags, "name"), (Texts{"amount", "spend", "size", "rich", "tier"}));
  EXPECT_EQ(texts_of(tags, "type"), (Texts{"double", "money", "enum", "bool", "enum"}));
  EXPECT_EQ(texts_of(tags, "source"),
            (Texts{"attribute", "metric", "classification", "expression", "classification"}));
  EXPECT_EQ(texts_of(tags, "reads"), (Texts{"", "", "amount", "spend", "rich"}));
  ASSERT_EQ(patron_policy_classes(policy.get(), &classes, nullptr), PATRON_OK);
  const Table names(classes);
  EXPECT_EQ(texts_of(classes, "class"), (Texts{"gold", "guest", "large", "small"}));
  EXPECT_EQ(texts_of(classes, "label"), (Texts{"Gold", "guest", "large", "small"}));
  EXPECT_EQ(texts_of(classes, "kind"), (Texts{"ladder", "ladder", "first_match", "first_match"}));
}

TEST(PolicyCapi, AClassificationBecomesSql) {
  const Policy policy = make_policy(kShopPolicy);
  EXPECT_EQ(sql_of(policy.get(), "tier", PATRON_SQL_POSTGRESQL),
            "CASE WHEN \"rich\" THEN 'gold' ELSE 'guest' END AS \"tier\"");
  EXPECT_NE(sql_of(policy.get(), "teir", PATRON_SQL_DUCKDB, PATRON_E_ARGUMENT).find("\"tier\""),
            std::string::npos);
  sql_of(policy.get(), "tier", 7, PATRON_E_ARGUMENT);
  sql_of(nullptr, "tier", PATRON_SQL_DUCKDB, PATRON_E_HANDLE);
}

// Amounts 30, 20, 15.50, 9.90, 12 and 60.10: large from 20, small below 12.
TEST(PolicyCapi, CustomersAreClassifiedInOnePass) {
  const World world;
  patron_table* out = nullptr;
  patron_error error = PATRON_ERROR_INIT;
  patron_expression_options options = PATRON_EXPRESSION_OPTIONS_INIT;
  patron_expression_counts counts = PATRON_EXPRESSION_COUNTS_INIT;
  ASSERT_EQ(patron_policy_classify(world.policy.get(), "size", 4, world.table.get(), &options, &out,
                                   &counts, &error),
            PATRON_OK)
      << error.message;
  const Table result(out);
  EXPECT_EQ(texts_of(out, "class"),
            (Texts{"large", "large", "(null)", "small", "(null)", "large"}));
  EXPECT_EQ(values_of<uint8_t>(out, "held"), (std::vector<uint8_t>{1, 1, 0, 2, 0, 1}));
  EXPECT_EQ(values_of<uint8_t>(out, "unknown"), std::vector<uint8_t>(6, 0));
  EXPECT_EQ(counts.rows, 6);
  EXPECT_EQ(counts.unknown_rows, 0);
}

TEST(PolicyCapi, WhatCannotBeClassifiedIsSaid) {
  const World world;
  const auto fails = [&](std::string_view name, patron_expression_options options,
                         patron_status expected) {
    patron_table* out = nullptr;
    patron_error error = PATRON_ERROR_INIT;
    EXPECT_EQ(patron_policy_classify(world.policy.get(), name.data(), name.size(),
                                     world.table.get(), &options, &out, nullptr, &error),
              expected);
    EXPECT_EQ(out, nullptr);
    return std::string(error.message);
  };
  patron_expression_options options = PATRON_EXPRESSION_OPTIONS_INIT;
  EXPECT_NE(fails("sise", options, PATRON_E_ARGUMENT).find("did you mean \"size\""),
            std::string::npos);
  EXPECT_NE(fails("tier", options, PATRON_E_COLUMN).find("\"rich\""), std::string::npos);
  fails(std::string_view("\xff", 1), options, PATRON_E_UTF8);
  options.threads = -1;
  fails("size", options, PATRON_E_ARGUMENT);
  options.struct_size = 3;
  fails("size", options, PATRON_E_UNSUPPORTED);
}

TEST(PolicyCapi, ErrorsHaveTheFirstFindingsPlaceAndCode) {
  const auto status_of = [](std::string_view json) {
    patron_policy* out = nullptr;
    patron_error error = PATRON_ERROR_INIT;
    const patron_status status = patron_policy_parse(json.data(), json.size(), &out, &error);
    patron_policy_close(out);
    return std::pair(status, error.byte_offset);
  };
  EXPECT_EQ(status_of(R"({"patron": 1, "nam": "x"})").first, PATRON_E_DOCUMENT);
  EXPECT_EQ(status_of(R"({"patron": 1, "name": "x", "timezone": "Mars"})"),
            std::pair(PATRON_E_ZONE, int64_t{39}));
  EXPECT_EQ(status_of(R"({"patron": 1,)").first, PATRON_E_SYNTAX);
  EXPECT_EQ(status_of(std::string(2'000'000, ' ')).first, PATRON_E_LIMIT);
}

}  // namespace
}  // namespace patron::test
