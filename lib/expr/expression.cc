#include "patron/expression.h"

#include <algorithm>
#include <array>
#include <utility>

#include "lib/expr/ast.h"
#include "lib/expr/checker.h"
#include "lib/expr/compiled.h"
#include "lib/expr/excerpt.h"
#include "lib/expr/runs.h"

namespace patron {
namespace internal {

Status check_row(const CompiledExpression& compiled, size_t cells, std::optional<Micros> now) {
  if (cells != compiled.schema.fields().size()) {
    return {Code::kLength, "a row of " + std::to_string(cells) + " cells; the schema has " +
                               std::to_string(compiled.schema.fields().size()) + " fields"};
  }
  return check_now(*compiled.program, now);
}

}  // namespace internal

inline namespace v0 {
namespace {

using internal::CompiledExpression;

Status status_of(const Diagnostic& diagnostic) {
  Code code = Code::kDocument;
  if (diagnostic.code == "syntax") code = Code::kSyntax;
  if (diagnostic.code == "utf8") code = Code::kUtf8;
  if (diagnostic.code == "limit") code = Code::kLimit;
  return {code, diagnostic.message, -1, diagnostic.begin};
}

size_t characters_of(std::string_view text) {
  return static_cast<size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<uint8_t>(c) & 0xC0) != 0x80; }));
}

}  // namespace

const char* severity_name(Severity severity) {
  switch (severity) {
    case Severity::kError:
      return "error";
    case Severity::kWarning:
      return "warning";
    case Severity::kNote:
      break;
  }
  return "note";
}

std::string format_diagnostics(std::string_view text, std::span<const Diagnostic> diagnostics) {
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics) {
    const size_t begin = std::min(static_cast<size_t>(diagnostic.begin), text.size());
    const size_t before = text.substr(0, begin).rfind('\n');
    const size_t line_begin = before == std::string_view::npos ? 0 : before + 1;
    const size_t line_end = std::min(text.find('\n', begin), text.size());
    const auto line =
        std::count(text.begin(), text.begin() + static_cast<int64_t>(begin), '\n') + 1;
    const size_t column = characters_of(text.substr(line_begin, begin - line_begin));
    const size_t end = std::clamp(static_cast<size_t>(diagnostic.end), begin, line_end);
    out += std::to_string(line) + ":" + std::to_string(column + 1) + ": " +
           severity_name(diagnostic.severity) + ": " + diagnostic.message + " [" + diagnostic.code +
           "]\n";
    out += internal::excerpt(text.substr(line_begin, line_end - line_begin), begin - line_begin,
                             end - line_begin, '^');
  }
  return out;
}

CheckedExpression Expression::check(std::string_view text, const Schema& schema) {
  CheckedExpression out;
  internal::Findings findings;
  internal::Syntax syntax;
  auto compiled = std::make_shared<CompiledExpression>();
  compiled->schema = schema;
  bool good = internal::parse_syntax(text, syntax, findings);
  if (good) {
    good = internal::Checker(syntax, compiled->schema, compiled->graph, findings).run();
  }
  out.diagnostics = findings.take();
  if (!good) return out;
  compiled->text = text;
  compiled->program.emplace(compiled->graph, compiled->schema, std::array{compiled->graph.root});
  for (const internal::FieldSlot& slot : compiled->program->fields()) {
    compiled->fields.push_back(slot.field);
  }
  std::sort(compiled->fields.begin(), compiled->fields.end());
  out.expression.emplace(std::shared_ptr<const CompiledExpression>(std::move(compiled)));
  return out;
}

Result<Expression> Expression::parse(std::string_view text, const Schema& schema) {
  CheckedExpression checked = check(text, schema);
  if (checked.expression) return *std::move(checked.expression);
  const auto first = std::find_if(
      checked.diagnostics.begin(), checked.diagnostics.end(),
      [](const Diagnostic& diagnostic) { return diagnostic.severity == Severity::kError; });
  return status_of(*first);
}

Expression::Expression(std::shared_ptr<const CompiledExpression> compiled)
    : compiled_(std::move(compiled)) {}

const std::string& Expression::text() const { return compiled_->text; }
Kind Expression::kind() const { return internal::kind_of(compiled_->root().type.base); }
MoneyUnit Expression::unit() const { return compiled_->root().type.unit; }
const Schema& Expression::schema() const { return compiled_->schema; }
std::span<const int> Expression::fields() const { return compiled_->fields; }
bool Expression::uses_now() const {
  return compiled_->program->now_register() != internal::kNoOperand;
}
bool Expression::nullable() const { return !compiled_->root().total; }

Result<Table> Expression::evaluate(const Table& table, const ExpressionOptions& options,
                                   ExpressionCounts* counts) const {
  return internal::evaluate_table(*compiled_, table, options, internal::best_simd(), counts);
}

Result<Cell> Expression::evaluate_row(std::span<const Cell> cells,
                                      std::optional<Micros> now) const {
  Status status = internal::check_row(*compiled_, cells.size(), now);
  if (!status.ok()) return status;
  Cell result;
  if (compiled_->program->run_condition(cells, {}, result)) return result;
  status = compiled_->program->run_row(cells, now.value_or(0), {&result, 1});
  if (!status.ok()) return status;
  return result;
}

}  // namespace v0
}  // namespace patron
