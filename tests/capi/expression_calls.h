// The functions of schemas and expressions that return a status, each as a call that succeeds.
#pragma once

#include <string_view>
#include <vector>

#include "tests/capi/handing_out.h"
#include "tests/capi/world.h"

namespace patron::test {

inline std::vector<Call> expression_calls() {
  static constexpr std::string_view kFactsJson = R"({"fields": {"spend": "money"}})";
  static constexpr std::string_view kCondition = "age(day) > days(7)";
  return {
      {"patron_schema_parse", Kind::kNone,
       [](void*, patron_error* error) {
         return handing_out<patron_schema>(patron_schema_close, [&](patron_schema** out) {
           return patron_schema_parse(kFactsJson.data(), kFactsJson.size(), out, error);
         });
       }},
      {"patron_schema_describe", Kind::kSchema,
       [](void* handle, patron_error* error) {
         patron_schema_field field = PATRON_SCHEMA_FIELD_INIT;
         return patron_schema_describe(as<patron_schema>(handle), 0, &field, error);
       }},
      {"patron_expression_parse", Kind::kSchema,
       [](void* handle, patron_error* error) {
         return handing_out<patron_expression>(
             patron_expression_close, [&](patron_expression** out) {
               return patron_expression_parse(as<patron_schema>(handle), kCondition.data(),
                                              kCondition.size(), out, error);
             });
       }},
      {"patron_expression_check", Kind::kSchema,
       [](void* handle, patron_error* error) {
         return handing_out<patron_table>(patron_table_close, [&](patron_table** out) {
           return patron_expression_check(as<patron_schema>(handle), "dya", 3, nullptr, out,
                                          nullptr, error);
         });
       }},
      {"patron_expression_describe", Kind::kExpression,
       [](void* handle, patron_error* error) {
         patron_expression_info info = PATRON_EXPRESSION_INFO_INIT;
         return patron_expression_describe(as<patron_expression>(handle), &info, error);
       }},
      {"patron_expression_evaluate", Kind::kExpression,
       [](void* handle, patron_error* error) {
         const Orders orders;
         const Table table = orders.table();
         patron_expression_options options = PATRON_EXPRESSION_OPTIONS_INIT;
         options.now = &kExpressionNow;
         return handing_out<patron_table>(patron_table_close, [&](patron_table** out) {
           return patron_expression_evaluate(as<patron_expression>(handle), table.get(), &options,
                                             out, nullptr, error);
         });
       }},
      {"patron_expression_evaluate_row", Kind::kExpression,
       [](void* handle, patron_error* error) {
         const patron_cell cell = day_cell();
         patron_cell value = PATRON_CELL_INIT;
         return patron_expression_evaluate_row(as<patron_expression>(handle), &cell, 1,
                                               &kExpressionNow, &value, error);
       }},
      {"patron_expression_explain", Kind::kExpression,
       [](void* handle, patron_error* error) {
         const patron_cell cell = day_cell();
         return handing_out<patron_table>(patron_table_close, [&](patron_table** out) {
           return patron_expression_explain(as<patron_expression>(handle), &cell, 1,
                                            &kExpressionNow, nullptr, out, nullptr, nullptr, error);
         });
       }},
      {"patron_expression_breakpoints", Kind::kExpression,
       [](void* handle, patron_error* error) {
         const patron_cell cell = day_cell();
         return handing_out<patron_table>(patron_table_close, [&](patron_table** out) {
           return patron_expression_breakpoints(as<patron_expression>(handle), &cell, 1,
                                                kExpressionNow, nullptr, out, nullptr, error);
         });
       }},
      {"patron_expression_to_sql", Kind::kExpression,
       [](void* handle, patron_error* error) {
         return handing_out<patron_buffer>(patron_buffer_close, [&](patron_buffer** out) {
           return patron_expression_to_sql(as<patron_expression>(handle), PATRON_SQL_DUCKDB,
                                           nullptr, out, error);
         });
       }},
  };
}

}  // namespace patron::test
