#include "patron/expression.h"

#include <algorithm>
#include <limits>

#include "capi/src/cells.h"
#include "capi/src/expression_options.h"
#include "capi/src/expression_tables.h"
#include "capi/src/findings.h"
#include "capi/src/guard.h"
#include "capi/src/handles.h"
#include "lib/expr/compiled.h"

using namespace patron::capi;  // NOLINT
using patron::Expression;
using patron::Micros;
using patron::Result;
using patron::Status;

namespace {

static_assert(sizeof(patron::Micros) == sizeof(int64_t));

std::optional<Micros> instant(const int64_t* now) {
  return now == nullptr ? std::nullopt : std::optional<Micros>(*now);
}

patron_explanation explanation_view(const patron::Explanation& explanation) {
  patron_explanation value = PATRON_EXPLANATION_INIT;
  value.known = explanation.known ? 1 : 0;
  value.decided = explanation.decided ? 1 : 0;
  value.atom_count = static_cast<int32_t>(explanation.atoms.size());
  value.set_count = static_cast<int32_t>(explanation.missing.size());
  return value;
}

patron_breakpoints breakpoints_view(const patron::Breakpoints& found) {
  patron_breakpoints value = PATRON_BREAKPOINTS_INIT;
  value.solved = found.solved ? 1 : 0;
  value.instant_count = static_cast<int64_t>(found.instants.size());
  value.next =
      found.instants.empty() ? std::numeric_limits<int64_t>::max() : found.instants.front();
  value.until = found.until;
  value.begin = found.begin;
  value.end = found.end;
  return value;
}

/// Tables and texts that go out together: all of them, or none.
class HandOuts {
 public:
  void add(patron::Table table, patron_table** out) {
    tables_.emplace_back(std::make_unique<patron_table>(std::move(table)), out);
  }
  void add(std::string text, patron_buffer** out) {
    auto buffer = std::make_unique<patron_buffer>();
    buffer->text = std::move(text);
    buffers_.emplace_back(std::move(buffer), out);
  }
  void commit() {
    for (auto& [table, out] : tables_) *out = table.release();
    for (auto& [buffer, out] : buffers_) *out = buffer.release();
  }

 private:
  std::vector<std::pair<std::unique_ptr<patron_table>, patron_table**>> tables_;
  std::vector<std::pair<std::unique_ptr<patron_buffer>, patron_buffer**>> buffers_;
};

}  // namespace

patron_status patron_expression_parse(const patron_schema* schema, const char* text,
                                      uint64_t text_size, patron_expression** expression,
                                      patron_error* error) noexcept {
  clear(expression);
  return guard(error, [&]() -> Status {
    Status status =
        first_error({check_handle(schema, "schema"), require(expression, "expression")});
    if (!status.ok()) return status;
    const Result<std::string_view> read = read_text(text, text_size, "text");
    if (!read.ok()) return read.status();
    Result<Expression> parsed = Expression::parse(*read, schema->schema);
    if (!parsed.ok()) return parsed.status();
    return hand_out(*std::move(parsed), expression);
  });
}

patron_status patron_expression_check(const patron_schema* schema, const char* text,
                                      uint64_t text_size, int32_t* errors, patron_table** findings,
                                      patron_buffer** report, patron_error* error) noexcept {
  clear(findings);
  clear(report);
  return guard(error, [&]() -> Status {
    Status status =
        first_error({check_handle(schema, "schema"), require_array(text, text_size, 1, "text")});
    if (!status.ok()) return status;
    const std::string_view bytes =
        text_size == 0 ? std::string_view("") : std::string_view(text, text_size);
    const patron::CheckedExpression checked = Expression::check(bytes, schema->schema);
    HandOuts out;
    if (findings != nullptr) {
      Result<patron::Table> table =
          findings_table(std::span<const patron::Diagnostic>(checked.diagnostics));
      if (!table.ok()) return table.status();
      out.add(*std::move(table), findings);
    }
    if (report != nullptr) out.add(format_diagnostics(bytes, checked.diagnostics), report);
    out.commit();
    if (errors != nullptr) {
      *errors = static_cast<int32_t>(std::count_if(
          checked.diagnostics.begin(), checked.diagnostics.end(),
          [](const auto& finding) { return finding.severity == patron::Severity::kError; }));
    }
    return {};
  });
}

patron_status patron_expression_describe(const patron_expression* expression,
                                         patron_expression_info* info,
                                         patron_error* error) noexcept {
  return guard(error, [&]() -> Status {
    Status status =
        first_error({check_handle(expression, "expression"), check_output(info, "info")});
    if (!status.ok()) return status;
    const Expression& described = expression->expression;
    patron_expression_info value = PATRON_EXPRESSION_INFO_INIT;
    value.kind = static_cast<int32_t>(described.kind());
    value.text = view(described.text());
    value.uses_now = described.uses_now() ? 1 : 0;
    value.nullable = described.nullable() ? 1 : 0;
    if (described.kind() == patron::Kind::kMoney) {
      const patron::MoneyUnit& unit = described.compiled().root().type.unit;
      value.scale = unit.scale;
      value.currency = currency_view(unit);
    }
    static_assert(sizeof(int) == sizeof(int32_t));
    value.fields = described.fields().data();
    value.field_count = described.fields().size();
    write_struct(value, info);
    return {};
  });
}

patron_status patron_expression_evaluate(const patron_expression* expression,
                                         const patron_table* table,
                                         const patron_expression_options* options,
                                         patron_table** result, patron_expression_counts* counts,
                                         patron_error* error) noexcept {
  clear(result);
  return guard_call(error, [&](Call& call) -> Status {
    Status status =
        first_error({check_handle(expression, "expression"), check_handle(table, "table"),
                     require(result, "result"), check_optional_output(counts, "counts")});
    if (!status.ok()) return status;
    patron::ExpressionOptions wanted;
    status = read_expression_options(options, wanted, call);
    if (!status.ok()) return status;
    patron::ExpressionCounts met;
    Result<patron::Table> values = expression->expression.evaluate(table->table, wanted, &met);
    if (!values.ok()) return values.status();
    status = hand_out(*std::move(values), result);
    if (status.ok()) write_counts(met, counts);
    return status;
  });
}

patron_status patron_expression_evaluate_row(const patron_expression* expression,
                                             const patron_cell* cells, uint64_t cell_count,
                                             const int64_t* now, patron_cell* value,
                                             patron_error* error) noexcept {
  return guard(error, [&]() -> Status {
    Status status = check_handle(expression, "expression");
    if (status.ok()) status = check_output(value, "value");
    RowCells row;
    if (status.ok()) status = row.read(expression->expression, cells, cell_count);
    if (!status.ok()) return status;
    // Without the Result between: it costs as much as a condition or two.
    const patron::internal::CompiledExpression& compiled = expression->expression.compiled();
    status = check_row(compiled, row.cells().size(), instant(now));
    if (!status.ok()) return status;
    patron::Cell result;
    status = compiled.program->run_row(row.cells(), now == nullptr ? 0 : *now, {&result, 1});
    if (status.ok()) write_struct(cell_view(result), value);
    return status;
  });
}

patron_status patron_expression_explain(const patron_expression* expression,
                                        const patron_cell* cells, uint64_t cell_count,
                                        const int64_t* now, patron_explanation* summary,
                                        patron_table** atoms, patron_table** unknown,
                                        patron_table** missing, patron_error* error) noexcept {
  clear(atoms);
  clear(unknown);
  clear(missing);
  return guard(error, [&]() -> Status {
    Status status = first_error(
        {check_handle(expression, "expression"), check_optional_output(summary, "summary")});
    RowCells row;
    if (status.ok()) status = row.read(expression->expression, cells, cell_count);
    if (!status.ok()) return status;
    const Result<patron::Explanation> found =
        expression->expression.explain(row.cells(), instant(now));
    if (!found.ok()) return found.status();
    HandOuts out;
    if (atoms != nullptr) out.add(atoms_table(*found), atoms);
    if (unknown != nullptr) out.add(unknown_table(*found), unknown);
    if (missing != nullptr) out.add(missing_table(*found), missing);
    out.commit();
    if (summary != nullptr) write_struct(explanation_view(*found), summary);
    return {};
  });
}

patron_status patron_expression_breakpoints(const patron_expression* expression,
                                            const patron_cell* cells, uint64_t cell_count,
                                            int64_t now, patron_breakpoints* breakpoints,
                                            patron_table** instants, patron_buffer** reason,
                                            patron_error* error) noexcept {
  clear(instants);
  clear(reason);
  return guard(error, [&]() -> Status {
    Status status = first_error({check_handle(expression, "expression"),
                                 check_optional_output(breakpoints, "breakpoints")});
    RowCells row;
    if (status.ok()) status = row.read(expression->expression, cells, cell_count);
    if (!status.ok()) return status;
    Result<patron::Breakpoints> found = expression->expression.breakpoints(row.cells(), now);
    if (!found.ok()) return found.status();
    HandOuts out;
    if (instants != nullptr) {
      patron::TableBuilder builder;
      builder.timestamps("instant", found->instants, "UTC");
      Result<patron::Table> table = builder.finish();
      if (!table.ok()) return table.status();
      out.add(*std::move(table), instants);
    }
    if (reason != nullptr) out.add(found->reason, reason);
    out.commit();
    if (breakpoints != nullptr) write_struct(breakpoints_view(*found), breakpoints);
    return {};
  });
}

patron_status patron_expression_to_sql(const patron_expression* expression, int32_t dialect,
                                       const int64_t* now, patron_buffer** sql,
                                       patron_error* error) noexcept {
  clear(sql);
  return guard(error, [&]() -> Status {
    patron::SqlDialect wanted = patron::SqlDialect::kDuckdb;
    Status status =
        first_error({check_handle(expression, "expression"), require(sql, "sql"),
                     read_choice(dialect, patron::SqlDialect::kPostgresql, "dialect", wanted)});
    if (!status.ok()) return status;
    Result<std::string> text = expression->expression.to_sql(wanted, instant(now));
    if (!text.ok()) return text.status();
    return hand_out_text(*std::move(text), sql);
  });
}

void patron_expression_close(patron_expression* expression) noexcept { close(expression); }
