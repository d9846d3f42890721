// Schemas and expressions: parsed, asked, evaluated, explained.
#include "tests/allocation/attempt.h"
#include "tests/allocation/inputs.h"

namespace patron::test {
namespace {

constexpr std::string_view kFacts = R"({"timezone": "Europe/Berlin", "money": {"currency": "EUR"},
  "fields": {"spend": "money", "day": "date",
             "tier": {"type": "enum", "values": ["silver", "gold"], "ordered": true}}})";
constexpr std::string_view kRule =
    "spend >= 1000 && (age(day) <= days(30) || tier in ['gold', 'silver'])";

Case parse_schema(const char* name, std::string json, patron_status expected = PATRON_OK) {
  return {"patron_schema_parse", name,
          [json](Attempt& attempt) {
            attempt.hand_out<patron_schema>([&](patron_schema** out, patron_error* error) {
              return patron_schema_parse(json.data(), json.size(), out, error);
            });
          },
          expected};
}

std::vector<Case> schemas() {
  return {
      parse_schema("every part", std::string(kFacts)),
      parse_schema("no JSON", R"({"fields": {)", PATRON_E_SYNTAX),
      parse_schema("no such kind", R"({"fields": {"a": "integer"}})", PATRON_E_DOCUMENT),
      parse_schema("no such zone", R"({"timezone": "Mars/Base", "fields": {}})", PATRON_E_ZONE),
      {"patron_schema_fields", "a schema",
       [](Attempt& attempt) {
         const Schema schema = make_schema(kFacts);
         attempt.value([&] { return patron_schema_fields(schema.get()); });
       }},
      {"patron_schema_find", "a field",
       [](Attempt& attempt) {
         const Schema schema = make_schema(kFacts);
         attempt.value([&] { return patron_schema_find(schema.get(), "day", 3); });
       }},
      {"patron_schema_describe", "a field",
       [](Attempt& attempt) {
         const Schema schema = make_schema(kFacts);
         patron_schema_field field = PATRON_SCHEMA_FIELD_INIT;
         attempt.call(
             [&](patron_error* error) {
               return patron_schema_describe(schema.get(), 2, &field, error);
             },
             [&] { return text(field.name) + std::to_string(field.value_count); });
       }},
      {"patron_schema_describe", "no such field",
       [](Attempt& attempt) {
         const Schema schema = make_schema(kFacts);
         patron_schema_field field = PATRON_SCHEMA_FIELD_INIT;
         attempt.call([&](patron_error* error) {
           return patron_schema_describe(schema.get(), 9, &field, error);
         });
       },
       PATRON_E_ARGUMENT},
      {"patron_schema_value", "a text",
       [](Attempt& attempt) {
         const Schema schema = make_schema(kFacts);
         attempt.value([&] { return patron_schema_value(schema.get(), 2, 0); });
       }},
      {"patron_schema_close", "a schema",
       [](Attempt& attempt) {
         patron_schema* schema = make_schema(kFacts).release();
         attempt.nothing([&] { patron_schema_close(schema); });
       }},
  };
}

Case parse_rule(const char* name, std::string rule, patron_status expected = PATRON_OK) {
  return {"patron_expression_parse", name,
          [rule](Attempt& attempt) {
            const Schema schema = make_schema(kFacts);
            attempt.hand_out<patron_expression>([&](patron_expression** out, patron_error* error) {
              return patron_expression_parse(schema.get(), rule.data(), rule.size(), out, error);
            });
          },
          expected};
}

// Findings and report of one text; both go out, or none.
Case check(const char* name, std::string rule) {
  return {"patron_expression_check", name, [rule](Attempt& attempt) {
            const Schema schema = make_schema(kFacts);
            int32_t errors = -1;
            patron_buffer* report = nullptr;
            attempt.hand_out<patron_table>([&](patron_table** out, patron_error* error) {
              return patron_expression_check(schema.get(), rule.data(), rule.size(), &errors, out,
                                             &report, error);
            });
            EXPECT_EQ(report == nullptr, attempt.status != PATRON_OK);
            attempt.bytes += std::to_string(errors);
            if (report != nullptr) attempt.bytes += contents_of(report);
            patron_buffer_close(report);
          }};
}

std::vector<Case> parsed() {
  return {
      parse_rule("every part", std::string(kRule)),
      parse_rule("no such field", "spned > 1", PATRON_E_DOCUMENT),
      parse_rule("it ends too early", "spend >", PATRON_E_SYNTAX),
      check("nothing to say", std::string(kRule)),
      check("several errors", "spned > 1 && age(dya) > 3 && tier == 'glod'"),
      {"patron_expression_describe", "a rule",
       [](Attempt& attempt) {
         const Expression rule = make_expression(make_schema(kFacts).get(), kRule);
         patron_expression_info info = PATRON_EXPRESSION_INFO_INIT;
         attempt.call(
             [&](patron_error* error) {
               return patron_expression_describe(rule.get(), &info, error);
             },
             [&] { return text(info.text) + std::to_string(info.field_count); });
       }},
      {"patron_expression_close", "a rule",
       [](Attempt& attempt) {
         patron_expression* rule = make_expression(make_schema(kFacts).get(), kRule).release();
         attempt.nothing([&] { patron_expression_close(rule); });
       }},
  };
}

// 1,000.00 and more on three days; the second has no tier.
Case evaluate(const char* name, std::string rule, int32_t threads,
              patron_status expected = PATRON_OK) {
  return {"patron_expression_evaluate", name,
          [rule, threads](Attempt& attempt) {
            const Expression parsed = make_expression(make_schema(kFacts).get(), rule);
            Inputs facts;
            facts.add("spend", PATRON_TYPE_DOUBLE, std::vector<double>{1000, 2000.5, 3});
            facts.add("day", PATRON_TYPE_DATE32, std::vector<int32_t>{20480, 20100, 20481});
            facts.coded("tier", {1, 0, 0}, {"silver", "gold"});
            facts.nulls("101");
            const patron_table* table = facts.table();
            patron_expression_options options = PATRON_EXPRESSION_OPTIONS_INIT;
            options.now = &kExpressionNow;
            options.threads = threads;
            patron_expression_counts counts = PATRON_EXPRESSION_COUNTS_INIT;
            attempt.hand_out<patron_table>([&](patron_table** out, patron_error* error) {
              return patron_expression_evaluate(parsed.get(), table, &options, out, &counts, error);
            });
            attempt.bytes += std::to_string(counts.rows) + std::to_string(counts.unknown_rows);
          },
          expected};
}

struct Row {
  patron_cell cells[3] = {PATRON_CELL_INIT, PATRON_CELL_INIT, PATRON_CELL_INIT};
  Row() {
    cells[0].known = cells[1].known = 1;
    cells[0].integer = 90000;
    cells[1].integer = 20470;
  }
};

Case row_value(const char* name, std::string rule, uint64_t count,
               patron_status expected = PATRON_OK) {
  return {"patron_expression_evaluate_row", name,
          [rule, count](Attempt& attempt) {
            const Expression parsed = make_expression(make_schema(kFacts).get(), rule);
            const Row row;
            patron_cell value = PATRON_CELL_INIT;
            attempt.call(
                [&](patron_error* error) {
                  return patron_expression_evaluate_row(parsed.get(), row.cells, count,
                                                        &kExpressionNow, &value, error);
                },
                [&] { return std::to_string(value.known) + std::to_string(value.integer); });
          },
          expected};
}

std::vector<Case> evaluated() {
  return {
      evaluate("a condition", std::string(kRule), 1),
      evaluate("money", "spend * 2", 2),
      evaluate("text", "tier == null ? 'none of them all' : 'some'", 1),
      evaluate("no threads", std::string(kRule), -1, PATRON_E_ARGUMENT),
      row_value("a condition", std::string(kRule), 3),
      row_value("cells missing", std::string(kRule), 2, PATRON_E_LENGTH),
  };
}

std::vector<Case> reasoned() {
  return {
      {"patron_expression_explain", "a condition",
       [](Attempt& attempt) {
         const Expression rule = make_expression(make_schema(kFacts).get(), kRule);
         const Row row;
         patron_explanation summary = PATRON_EXPLANATION_INIT;
         patron_table *unknown = nullptr, *missing = nullptr;
         attempt.hand_out<patron_table>([&](patron_table** out, patron_error* error) {
           return patron_expression_explain(rule.get(), row.cells, 3, &kExpressionNow, &summary,
                                            out, &unknown, &missing, error);
         });
         EXPECT_EQ(unknown == nullptr && missing == nullptr, attempt.status != PATRON_OK);
         if (unknown != nullptr) attempt.bytes += contents_of(unknown) + contents_of(missing);
         attempt.bytes += std::to_string(summary.atom_count);
         patron_table_close(unknown), patron_table_close(missing);
       }},
      {"patron_expression_breakpoints", "a condition",
       [](Attempt& attempt) {
         const Expression rule =
             make_expression(make_schema(kFacts).get(), "age(day) > days(30) || spend > 1000");
         const Row row;
         patron_breakpoints found = PATRON_BREAKPOINTS_INIT;
         patron_buffer* reason = nullptr;
         attempt.hand_out<patron_table>([&](patron_table** out, patron_error* error) {
           return patron_expression_breakpoints(rule.get(), row.cells, 3, kExpressionNow, &found,
                                                out, &reason, error);
         });
         EXPECT_EQ(reason == nullptr, attempt.status != PATRON_OK);
         attempt.bytes += std::to_string(found.next);
         patron_buffer_close(reason);
       }},
      {"patron_expression_to_sql", "a condition",
       [](Attempt& attempt) {
         const Expression rule = make_expression(make_schema(kFacts).get(), kRule);
         attempt.hand_out<patron_buffer>([&](patron_buffer** out, patron_error* error) {
           return patron_expression_to_sql(rule.get(), PATRON_SQL_POSTGRESQL, nullptr, out, error);
         });
       }},
      {"patron_expression_to_sql", "what SQL has not",
       [](Attempt& attempt) {
         const Expression rule = make_expression(make_schema(kFacts).get(), "spend * 0.5 > 3");
         attempt.hand_out<patron_buffer>([&](patron_buffer** out, patron_error* error) {
           return patron_expression_to_sql(rule.get(), PATRON_SQL_DUCKDB, nullptr, out, error);
         });
       },
       PATRON_E_UNSUPPORTED},
  };
}

}  // namespace

std::vector<Case> expression_cases() {
  std::vector<Case> out = schemas();
  for (const auto& more : {parsed(), evaluated(), reasoned()}) {
    out.insert(out.end(), more.begin(), more.end());
  }
  return out;
}

}  // namespace patron::test
