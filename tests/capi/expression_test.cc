#include <cstring>

#include "tests/capi/world.h"

namespace patron::test {
namespace {

constexpr std::string_view kFacts = R"({"timezone": "Europe/Berlin",
  "money": {"currency": "EUR", "scale": 2},
  "fields": {"spend": "money", "orders": "int64", "score": "double", "last": "timestamp",
             "name": "string", "active": {"type": "bool", "nullable": false},
             "tier": {"type": "enum", "values": ["silver", "gold"], "ordered": true}}})";
constexpr int kFields = 7;

struct Row {
  patron_cell cells[kFields];
  Row() {
    for (patron_cell& cell : cells) cell = PATRON_CELL_INIT;
    cells[5].known = 1;  // active: false
  }
  Row& integer(int field, int64_t value) {
    cells[field].known = 1;
    cells[field].integer = value;
    return *this;
  }
  Row& text(int field, std::string_view value) {
    cells[field].known = 1;
    cells[field].text = str(value);
    return *this;
  }
};

struct Answer {
  patron_status status;
  patron_cell value = PATRON_CELL_INIT;
  patron_error error = PATRON_ERROR_INIT;
};

Answer answer(std::string_view text, const Row& row, const int64_t* now = nullptr,
              uint64_t count = kFields) {
  const Expression rule = make_expression(make_schema(kFacts).get(), text);
  Answer out;
  out.status =
      patron_expression_evaluate_row(rule.get(), row.cells, count, now, &out.value, &out.error);
  return out;
}

TEST(ExpressionC, OutlivesItsSchemaAndSaysWhatItReads) {
  patron_error error = PATRON_ERROR_INIT;
  patron_schema* schema = nullptr;
  ASSERT_EQ(patron_schema_parse(kFacts.data(), kFacts.size(), &schema, &error), PATRON_OK);
  patron_expression* rule = nullptr;
  ASSERT_EQ(patron_expression_parse(schema, "spend * 2 ", 10, &rule, &error), PATRON_OK);
  patron_schema_close(schema);
  patron_expression_info info = PATRON_EXPRESSION_INFO_INIT;
  ASSERT_EQ(patron_expression_describe(rule, &info, &error), PATRON_OK);
  EXPECT_EQ(info.kind, PATRON_KIND_MONEY);
  EXPECT_EQ(text(info.text), "spend * 2 ");
  EXPECT_EQ(text(info.currency), "EUR");
  EXPECT_EQ(info.scale, 2);
  EXPECT_EQ(info.uses_now, 0);
  EXPECT_EQ(info.nullable, 1);
  ASSERT_EQ(info.field_count, 1u);
  EXPECT_EQ(info.fields[0], 0);
  patron_expression_close(rule);
  patron_schema_close(nullptr);
  patron_expression_close(nullptr);
}

TEST(ExpressionC, FieldsSayWhatTheSchemaSays) {
  const Schema schema = make_schema(kFacts);
  ASSERT_EQ(patron_schema_fields(schema.get()), kFields);
  patron_schema_field field = PATRON_SCHEMA_FIELD_INIT;
  ASSERT_EQ(patron_schema_describe(schema.get(), 0, &field, nullptr), PATRON_OK);
  EXPECT_EQ(text(field.name), "spend");
  EXPECT_EQ(field.kind, PATRON_KIND_MONEY);
  EXPECT_EQ(text(field.currency), "EUR");
  ASSERT_EQ(patron_schema_describe(schema.get(), 5, &field, nullptr), PATRON_OK);
  EXPECT_EQ(field.kind, PATRON_KIND_BOOL);
  EXPECT_EQ(field.nullable, 0);
  EXPECT_EQ(text(field.currency), "");
  EXPECT_EQ(field.scale, 0);
  ASSERT_EQ(patron_schema_describe(schema.get(), 6, &field, nullptr), PATRON_OK);
  EXPECT_EQ(field.ordered, 1);
  EXPECT_EQ(field.value_count, 2);
  EXPECT_EQ(text(patron_schema_value(schema.get(), 6, 1)), "gold");
  EXPECT_EQ(patron_schema_value(schema.get(), 6, -1).data, nullptr);
  EXPECT_EQ(patron_schema_value(schema.get(), 7, 0).data, nullptr);
  EXPECT_EQ(patron_schema_value(schema.get(), -1, 0).data, nullptr);
  EXPECT_EQ(patron_schema_value(nullptr, 6, 0).data, nullptr);
  EXPECT_EQ(patron_schema_find(schema.get(), nullptr, 0), -1);
  EXPECT_EQ(patron_schema_find(nullptr, "tier", 4), -1);
}

TEST(ExpressionC, FindingsHaveTheirBytesAndTheNearestName) {
  const Schema schema = make_schema(kFacts);
  constexpr std::string_view rule = "spned >= 10 && tier == 'glod'";
  int32_t errors = -1;
  patron_table* findings = nullptr;
  patron_buffer* report = nullptr;
  ASSERT_EQ(patron_expression_check(schema.get(), rule.data(), rule.size(), &errors, &findings,
                                    &report, nullptr),
            PATRON_OK);
  const Table table(findings);
  const Buffer printed(report);
  EXPECT_EQ(errors, 2);
  EXPECT_EQ(texts_of(findings, "severity"), (std::vector<std::string>{"error", "error"}));
  EXPECT_EQ(texts_of(findings, "code")[0], "unknown_name");
  EXPECT_EQ(values_of<int64_t>(findings, "begin"), (std::vector<int64_t>{0, 23}));
  EXPECT_EQ(values_of<int64_t>(findings, "end"), (std::vector<int64_t>{5, 29}));
  EXPECT_NE(texts_of(findings, "message")[0].find("spend"), std::string::npos);
  EXPECT_NE(text(patron_buffer_text(report)).find("\n  ^^^^^\n"), std::string::npos)
      << text(patron_buffer_text(report));
}

TEST(ExpressionC, AnyBytesGiveFindingsAndNoFailure) {
  const Schema schema = make_schema(kFacts);
  const std::string deep(100'000, '(');
  for (const std::string& rule :
       {std::string("\xFF\xFE"), std::string("\0", 1), deep, std::string(),
        std::string("orders > 99999999999999999999999999"), std::string("1e999 < score")}) {
    int32_t errors = 0;
    patron_table* findings = nullptr;
    ASSERT_EQ(patron_expression_check(schema.get(), rule.data(), rule.size(), &errors, &findings,
                                      nullptr, nullptr),
              PATRON_OK);
    EXPECT_GE(errors, 1);
    EXPECT_GE(patron_table_rows(findings), 1);
    patron_table_close(findings);
  }
  int32_t errors = -1;
  EXPECT_EQ(patron_expression_check(schema.get(), nullptr, 3, &errors, nullptr, nullptr, nullptr),
            PATRON_E_ARGUMENT);
  EXPECT_EQ(errors, -1);
}

TEST(ExpressionC, ParseGivesTheFirstErrorWithItsByte) {
  const Schema schema = make_schema(kFacts);
  patron_error error = PATRON_ERROR_INIT;
  patron_expression* none = nullptr;
  EXPECT_EQ(patron_expression_parse(schema.get(), "1 + ", 4, &none, &error), PATRON_E_SYNTAX);
  EXPECT_EQ(patron_expression_parse(schema.get(), "orders + spned", 14, &none, &error),
            PATRON_E_DOCUMENT);
  EXPECT_EQ(error.byte_offset, 9);
  EXPECT_EQ(patron_expression_parse(schema.get(), "a\xFF", 2, &none, &error), PATRON_E_UTF8);
  EXPECT_EQ(none, nullptr);
}

TEST(ExpressionC, ARowGivesEveryKindOfValue) {
  EXPECT_EQ(answer("spend * 2", Row().integer(0, 1250)).value.integer, 2500);
  EXPECT_EQ(answer("double(orders) / 4.0", Row().integer(1, 3)).value.number, 0.75);
  EXPECT_EQ(
      answer("spend > 12.49 && orders == 3", Row().integer(0, 1250).integer(1, 3)).value.integer,
      1);
  const Row named = Row().text(4, "Åsa").text(6, "gold");
  const Answer name = answer("tier > 'silver' ? name : ''", named);
  EXPECT_EQ(text(name.value.text), "Åsa");
  EXPECT_EQ(name.value.text.data, named.cells[4].text.data) << "it borrows from the cell";
  const Answer unknown = answer("spend > 3", Row());
  EXPECT_EQ(unknown.status, PATRON_OK);
  EXPECT_EQ(unknown.value.known, 0);
  EXPECT_EQ(answer("spend > 3 && active", Row()).value.known, 1) << "false decides";
}

TEST(ExpressionC, RowsThatAreNoneAreRefusedWithTheCell) {
  Answer bad = answer("spend > 3", Row(), nullptr, 3);
  EXPECT_EQ(bad.status, PATRON_E_LENGTH);
  Row row;
  row.cells[0].known = 2;
  bad = answer("spend > 3", row);
  EXPECT_EQ(bad.status, PATRON_E_ARGUMENT);
  EXPECT_STREQ(bad.error.message, "cells[0].known is 2; want 1, or 0 for null");
  EXPECT_EQ(answer("orders > 3", row).status, PATRON_OK) << "the cell is not read";
  bad = answer("name == 'a'", Row().text(4, "b\xC3"));
  EXPECT_EQ(bad.status, PATRON_E_UTF8);
  EXPECT_EQ(bad.error.row, 4);
  EXPECT_EQ(bad.error.byte_offset, 1);
  Row missing;
  missing.cells[4].known = 1;
  missing.cells[4].text = {nullptr, 5};
  EXPECT_EQ(answer("name == 'a'", missing).status, PATRON_E_ARGUMENT);
  missing.cells[4].text = {nullptr, 0};
  EXPECT_EQ(answer("name == ''", missing).value.integer, 1);
  Row inactive;
  inactive.cells[5].known = 0;
  EXPECT_EQ(answer("active", inactive).status, PATRON_E_NULL);
  EXPECT_EQ(answer("age(last) > days(1)", Row()).status, PATRON_E_ARGUMENT) << "no now";
  const int64_t never = INT64_MAX;
  EXPECT_EQ(answer("age(last) > days(1)", Row(), &never).status, PATRON_E_ARGUMENT);
}

// As a header with a larger patron_cell would lay rows out.
TEST(ExpressionC, CellsOfANewerHeaderAreReadByTheirOwnSize) {
  struct Wider {
    patron_cell cell;
    uint64_t more;
  };
  const Expression rule =
      make_expression(make_schema(R"({"fields": {"a": "int64", "b": "int64"}})").get(), "a - b");
  Wider row[2] = {};
  for (Wider& cell : row) {
    cell.cell = PATRON_CELL_INIT;
    cell.cell.struct_size = sizeof(Wider);
    cell.cell.known = 1;
  }
  row[0].cell.integer = 50;
  row[1].cell.integer = 8;
  patron_cell value = PATRON_CELL_INIT;
  patron_error error = PATRON_ERROR_INIT;
  ASSERT_EQ(patron_expression_evaluate_row(rule.get(), &row[0].cell, 2, nullptr, &value, &error),
            PATRON_OK)
      << error.message;
  EXPECT_EQ(value.integer, 42);
  row[1].more = 1;
  EXPECT_EQ(patron_expression_evaluate_row(rule.get(), &row[0].cell, 2, nullptr, &value, &error),
            PATRON_E_UNSUPPORTED);
  EXPECT_EQ(error.row, 1);
}

TEST(ExpressionC, SchemasOfManyFieldsAreReadToo) {
  std::string json = R"({"fields": {)";
  for (int i = 0; i < 1000; ++i)
    json += (i > 0 ? ", \"f" : "\"f") + std::to_string(i) + "\": \"int64\"";
  const Expression rule = make_expression(make_schema(json + "}}").get(), "f7 + f999");
  std::vector<patron_cell> row(1000, patron_cell(PATRON_CELL_INIT));
  row[7].known = row[999].known = 1;
  row[7].integer = 40;
  row[999].integer = 2;
  patron_cell value = PATRON_CELL_INIT;
  ASSERT_EQ(
      patron_expression_evaluate_row(rule.get(), row.data(), row.size(), nullptr, &value, nullptr),
      PATRON_OK);
  EXPECT_EQ(value.integer, 42);
}

// 90.00 of 100.00, and a tier that nobody knows: spend is missing, and one of two others.
TEST(ExpressionC, ExplanationsAreTables) {
  const Expression rule =
      make_expression(make_schema(kFacts).get(), "spend >= 100 && (tier == 'gold' || orders > 5)");
  const Row row = Row().integer(0, 9000).integer(1, 2);
  patron_explanation summary = PATRON_EXPLANATION_INIT;
  patron_table *atoms = nullptr, *unknown = nullptr, *missing = nullptr;
  ASSERT_EQ(patron_expression_explain(rule.get(), row.cells, kFields, nullptr, &summary, &atoms,
                                      &unknown, &missing, nullptr),
            PATRON_OK);
  const Table keep_atoms(atoms), keep_unknown(unknown), keep_missing(missing);
  EXPECT_EQ(summary.known, 1);
  EXPECT_EQ(summary.decided, 1);
  EXPECT_EQ(summary.atom_count, 3);
  EXPECT_EQ(summary.set_count, 2);
  EXPECT_EQ(values_of<int64_t>(atoms, "begin"), (std::vector<int64_t>{0, 17, 35}));
  EXPECT_EQ(texts_of(atoms, "op"), (std::vector<std::string>{">=", "==", ">"}));
  EXPECT_EQ(texts_of(atoms, "left"), (std::vector<std::string>{"90.00 EUR", "unknown", "2"}));
  EXPECT_EQ(values_of<double>(atoms, "distance")[0], 10);
  const patron_column value = view_of(atoms, "value");
  ASSERT_NE(value.validity, nullptr);
  EXPECT_EQ(value.validity[0] & 7, 0b101);
  EXPECT_EQ(texts_of(unknown, "field"), std::vector<std::string>{"tier"});
  EXPECT_EQ(values_of<int64_t>(unknown, "atom"), std::vector<int64_t>{1});
  EXPECT_EQ(values_of<int64_t>(missing, "set"), (std::vector<int64_t>{0, 0, 1, 1}));
  EXPECT_EQ(values_of<int64_t>(missing, "atom"), (std::vector<int64_t>{0, 1, 0, 2}));
}

// A value has no conditions, but facts that it reads may be unknown.
TEST(ExpressionC, ExplanationsOfAValueNameItsUnknownFacts) {
  const Expression rule = make_expression(make_schema(kFacts).get(), "orders * 2");
  patron_explanation summary = PATRON_EXPLANATION_INIT;
  patron_table *atoms = nullptr, *unknown = nullptr;
  ASSERT_EQ(patron_expression_explain(rule.get(), Row().cells, kFields, nullptr, &summary, &atoms,
                                      &unknown, nullptr, nullptr),
            PATRON_OK);
  const Table keep_atoms(atoms), keep_unknown(unknown);
  EXPECT_EQ(summary.known, 0);
  EXPECT_EQ(patron_table_rows(atoms), 0);
  EXPECT_EQ(texts_of(unknown, "field"), std::vector<std::string>{"orders"});
  const patron_column atom = view_of(unknown, "atom");
  ASSERT_NE(atom.validity, nullptr);
  EXPECT_EQ(atom.validity[0] & 1, 0) << "of no condition";
}

TEST(ExpressionC, BreakpointsSayWhyTheyAreNone) {
  const Expression rule = make_expression(make_schema(kFacts).get(), "last + months(1) < now");
  const Row row = Row().integer(3, kExpressionNow);
  patron_breakpoints found = PATRON_BREAKPOINTS_INIT;
  patron_table* instants = nullptr;
  patron_buffer* reason = nullptr;
  ASSERT_EQ(patron_expression_breakpoints(rule.get(), row.cells, kFields, kExpressionNow, &found,
                                          &instants, &reason, nullptr),
            PATRON_OK);
  const Table keep(instants);
  const Buffer text_of(reason);
  // 2026-02-01T01:00 in Berlin, and a month later the same hour; `<` needs a microsecond more.
  EXPECT_EQ(found.solved, 1);
  EXPECT_EQ(found.instant_count, 1);
  EXPECT_EQ(found.next, kExpressionNow + int64_t{28} * 86'400'000'000 + 1);
  EXPECT_EQ(values_of<int64_t>(instants, "instant"), std::vector<int64_t>{found.next});
  EXPECT_EQ(patron_buffer_text(reason).size, 0u);
  const Expression constant = make_expression(make_schema(kFacts).get(), "orders > 1");
  found = PATRON_BREAKPOINTS_INIT;
  ASSERT_EQ(patron_expression_breakpoints(constant.get(), row.cells, kFields, kExpressionNow,
                                          &found, nullptr, nullptr, nullptr),
            PATRON_OK);
  EXPECT_EQ(found.instant_count, 0);
  EXPECT_EQ(found.next, INT64_MAX);
}

TEST(ExpressionC, SqlIsOfTheDialect) {
  const Expression rule = make_expression(make_schema(kFacts).get(), "age(last) <= days(30)");
  for (const int32_t dialect : {PATRON_SQL_DUCKDB, PATRON_SQL_POSTGRESQL}) {
    patron_buffer* sql = nullptr;
    ASSERT_EQ(patron_expression_to_sql(rule.get(), dialect, nullptr, &sql, nullptr), PATRON_OK);
    EXPECT_NE(text(patron_buffer_text(sql)).find("\"last\""), std::string::npos);
    patron_buffer_close(sql);
  }
  patron_buffer* sql = nullptr;
  patron_error error = PATRON_ERROR_INIT;
  EXPECT_EQ(patron_expression_to_sql(rule.get(), 2, nullptr, &sql, &error), PATRON_E_ARGUMENT);
  EXPECT_STREQ(error.message, "dialect is 2; want 0 to 1");
}

TEST(ExpressionC, TablesCountWhatTheyMet) {
  const Expression rule =
      make_expression(make_schema(R"({"fields": {"customer": "int64", "amount": "money"}})").get(),
                      "customer / (customer - 1) > 1 || amount > 50");
  const Orders orders;
  const Table table = orders.table();
  patron_expression_options options = PATRON_EXPRESSION_OPTIONS_INIT;
  patron_expression_counts counts = PATRON_EXPRESSION_COUNTS_INIT;
  patron_table* result = nullptr;
  ASSERT_EQ(
      patron_expression_evaluate(rule.get(), table.get(), &options, &result, &counts, nullptr),
      PATRON_OK);
  const Table keep(result);
  EXPECT_EQ(counts.rows, 6);
  EXPECT_EQ(counts.divisions_by_zero, 2);
  EXPECT_EQ(counts.unknown_rows, 2);
  // Customers 1, 1: unknown; 2: 2 > 1; 3: 1, and 60.10 of the last.
  const patron_column value = view_of(result, "value");
  EXPECT_EQ(static_cast<const uint8_t*>(value.values)[0], 0b100100);
  EXPECT_EQ(static_cast<const uint8_t*>(view_of(result, "unknown").values)[0], 0b000011);
  options.struct_size = 8;
  patron_error error = PATRON_ERROR_INIT;
  patron_table* none = nullptr;
  EXPECT_EQ(patron_expression_evaluate(rule.get(), table.get(), &options, &none, nullptr, &error),
            PATRON_E_UNSUPPORTED);
}

}  // namespace
}  // namespace patron::test
