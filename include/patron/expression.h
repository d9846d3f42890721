// Expression: a typed condition or value over the facts of a customer, checked before it runs.
//
// The language is a subset of CEL (docs/expressions.md has every feature): no loops, so the cost is
// known before it runs. Null is unknown, and logic is Kleene's three-valued one: `a && b` is false
// where one of them is, whatever is not known of the other.
//
//   patron::Schema schema = *patron::Schema::from_json(
//       R"({"fields": {"spend_12m": "money", "last_order": "timestamp"}})");
//   auto checked = patron::Expression::check("spend_12m >= 1000 && age(last_order) <= days(90)",
//                                            schema);
//   for (const auto& d : checked.diagnostics) std::cerr << d.message;
//   patron::ExpressionOptions options;
//   options.now = now;
//   patron::Table result = *checked.expression->evaluate(customers, options);   // value, unknown
//
// An Expression is an immutable value whose copies share their memory. Thread class: shared.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "patron/control.h"
#include "patron/schema.h"
#include "patron/status.h"
#include "patron/table.h"

namespace patron {
namespace internal {
struct CompiledExpression;
}
inline namespace v0 {

/// What is refused, what is hardly meant, and what is worth knowing.
enum class Severity : int32_t { kError = 0, kWarning = 1, kNote = 2 };
/// "error", "warning", "note".
const char* severity_name(Severity severity);

/// One finding in the text of an expression.
struct Diagnostic {
  std::string code;  ///< a stable word, such as "unknown_name", "type", "syntax"
  Severity severity = Severity::kError;
  int64_t begin = 0;  ///< bytes of the text it is about, begin <= end
  int64_t end = 0;
  std::string message;  ///< what is wrong and what to do
};

/// Compiler-style text: for each finding its place, message, the line and carets under the bytes.
std::string format_diagnostics(std::string_view text, std::span<const Diagnostic> diagnostics);

/// One value of a row, or unknown. Which member counts is said by the kind: `integer` for bool (0
/// or 1), int64, date, timestamp, duration, money and enum_set, `number` for double, `text` (which
/// borrows) for string and enum.
struct Cell {
  bool known = false;
  int64_t integer = 0;
  double number = 0;
  std::string_view text;

  static Cell of(int64_t value) { return {true, value, 0, {}}; }
  static Cell of_double(double value) { return {true, 0, value, {}}; }
  static Cell of_text(std::string_view value) { return {true, 0, 0, value}; }
};

struct ExpressionOptions {
  std::optional<Micros> now;  ///< what `now` means; needed where the expression speaks of it
  int threads = 1;            ///< 0: one for each core
  Control control;
};

/// What an evaluation met: results that were unknown although their operands were known, and cells
/// that could not be read as their field's kind (not finite, out of range).
struct ExpressionCounts {
  int64_t rows = 0;
  int64_t unknown_rows = 0;
  int64_t overflows = 0;          ///< beyond the range of int64, time, duration, double or money
  int64_t divisions_by_zero = 0;  ///< of whole numbers
  int64_t bad_cells = 0;
};

enum class SqlDialect : int32_t { kDuckdb = 0, kPostgresql = 1 };

/// One condition that an expression is made of: what stands between its `&&`, `||` and `!`.
struct Atom {
  int64_t begin = 0;  ///< bytes of the text
  int64_t end = 0;
  std::optional<bool> value;  ///< absent: unknown
  std::string left;           ///< of a comparison: what its left side is, "unknown" included
  std::string op;             ///< of a comparison: "<", "==" ...
  std::string right;
  std::optional<double> distance;    ///< right - left, where both are numbers, money or times
  std::vector<std::string> unknown;  ///< the fields it reads that are null
};

/// Atoms to change, and what each of them would have to become.
struct AtomChange {
  size_t atom = 0;
  bool wanted = false;
};

struct Explanation {
  std::string value;  ///< "true", "false", "unknown", or the value as text
  bool known = false;
  std::vector<Atom> atoms;                       ///< in the order of the text
  std::vector<std::string> unknown;              ///< fields that are null and are read
  bool decided = false;                          ///< whether `missing` was searched
  std::vector<std::vector<AtomChange>> missing;  ///< all smallest sets that would make it true
};

/// When the value can change with no new fact.
struct Breakpoints {
  bool solved = false;
  std::vector<Micros> instants;  ///< increasing, later than now; at each of them the value differs
  Micros until = 0;              ///< the list is complete for instants before this one
  std::string reason;            ///< not solved: why
  int64_t begin = 0;             ///< not solved: bytes of the text that cannot be solved
  int64_t end = 0;
};

struct CheckedExpression;

class Expression {
 public:
  /// Reads and checks a text: an expression, or the errors that there are; warnings with either.
  /// Limits: 64 KiB, 64 levels of nesting, 4,096 nodes, 4,096 elements of a list; what is beyond
  /// gets a diagnostic. Cost: linear in the text, but for unknown names (linear in the schema).
  static CheckedExpression check(std::string_view text, const Schema& schema);
  /// The expression, or its first error: Code::kSyntax, kDocument (it parses, but means nothing
  /// sound), kLimit, with the byte offset.
  static Result<Expression> parse(std::string_view text, const Schema& schema);

  const std::string& text() const;
  Kind kind() const;
  /// Of money.
  MoneyUnit unit() const;
  const Schema& schema() const;
  /// Indices of the fields it reads, increasing.
  std::span<const int> fields() const;
  bool uses_now() const;
  /// Whether it can be unknown.
  bool nullable() const;

  /// One row for each row of the table: "value" (null where unknown; bool, int64, double, text,
  /// date32, timestamp[us, UTC], duration[us], decimal128 for money, int64 bits for a set) and
  /// "unknown" (bool). The table's columns are found by the names of the fields and must be of a
  /// type that goes with the kind (docs/expressions.md). The same bytes for any number of threads,
  /// any chunks and any processor. Code::kColumn, kType, kNull (null where nullable is false),
  /// kArgument (now is needed, or no instant), kCancelled, kCallback. Cost: nodes x rows.
  Result<Table> evaluate(const Table& table, const ExpressionOptions& options = {},
                         ExpressionCounts* counts = nullptr) const;

  /// One row: cells[i] is field i of the schema. The text of the result borrows from the cells or
  /// from the expression. Code::kLength, kNull, kArgument. Allocates nothing for up to 64
  /// operations.
  Result<Cell> evaluate_row(std::span<const Cell> cells, std::optional<Micros> now = {}) const;

  /// The conditions of a bool expression for one row, and the least that would have to change for
  /// it to be true: taken as independent of one another, exact up to 12 conditions. As
  /// evaluate_row.
  Result<Explanation> explain(std::span<const Cell> cells, std::optional<Micros> now = {}) const;

  /// The instants after `now` at which the value of this row differs from before, up to
  /// kEndTime or, where the calendar comes again and again (months, days of the week), four years.
  /// Code::kLength, kNull, kArgument.
  Result<Breakpoints> breakpoints(std::span<const Cell> cells, Micros now) const;

  /// The same meaning as SQL, unknown being NULL; `now` is written as the instant given, or as
  /// now(). Money is in major units. Where a whole-number result overflows SQL fails, where patron
  /// says unknown. Code::kUnsupported names what has no counterpart, with its byte offset.
  Result<std::string> to_sql(SqlDialect dialect, std::optional<Micros> now = {}) const;

  explicit Expression(std::shared_ptr<const internal::CompiledExpression> compiled);
  const internal::CompiledExpression& compiled() const { return *compiled_; }

 private:
  std::shared_ptr<const internal::CompiledExpression> compiled_;
};

struct CheckedExpression {
  std::optional<Expression> expression;  ///< absent where there are errors
  std::vector<Diagnostic> diagnostics;   ///< in the order of the text
};

}  // namespace v0
}  // namespace patron
