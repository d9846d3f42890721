// Expressions from any bytes: a diagnostic within the text, or a program that never fails; one row
// is what a column says of it, at every processor level.
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "lib/expr/compiled.h"
#include "patron/expression.h"
#include "tests/fuzz/fuzz.h"

namespace {

using patron::Cell;
using patron::Expression;
using patron::internal::SimdLevel;

constexpr patron::Micros kNow = 1'772'325'000'123'456;

const patron::Schema& schema() {
  static const patron::Schema made = *patron::Schema::from_json(R"({
    "timezone": "America/St_Johns", "fields": {
      "i": "int64", "j": {"type": "int64", "nullable": false}, "d": "double", "m": "money",
      "s": "string", "e": {"type": "enum", "values": ["low", "high"], "ordered": true},
      "st": {"type": "enum_set", "values": ["a", "b"]}, "t": "timestamp", "dt": "date"}})");
  return made;
}

// One row as cells, and as a table of itself three times.
struct Row {
  std::vector<Cell> cells;
  patron::Table table;
  std::string s;

  explicit Row(Choices& from) {
    const int64_t i = from.number(), j = from.number(), cents = from.below(200);
    const double d = static_cast<double>(from.number()) / 8;
    const bool known = !from.one_in(3);
    s = from.one_in(2) ? "ab" : "\xC3\xA9";
    const std::optional<std::string> text = known ? std::optional(s) : std::nullopt;
    const std::vector<std::optional<std::string>> texts(3, text);
    const std::vector<std::string> ranks(3, "high");
    const int64_t time = kNow - static_cast<int64_t>(from.below(90)) * patron::kMicrosPerDay;
    cells = {Cell::of(i),
             Cell::of(j),
             Cell::of_double(d),
             Cell::of(cents * 100),
             known ? Cell::of_text(s) : Cell(),
             Cell::of_text("high"),
             Cell::of(j & 3),
             Cell::of(time),
             Cell::of(20'000)};
    table = *patron::TableBuilder()
                 .int64("i", {i, i, i})
                 .int64("j", {j, j, j})
                 .doubles("d", {d, d, d})
                 .int64("m", {cents, cents, cents})
                 .strings("s", texts)
                 .strings("e", ranks)
                 .int64("st", {j & 3, j & 3, j & 3})
                 .timestamps("t", {time, time, time}, "UTC")
                 .dates("dt", {20'000, 20'000, 20'000})
                 .finish();
  }
};

void check_column(const Expression& expression, const Row& row, const Cell& cell) {
  patron::ExpressionOptions options;
  options.now = kNow;
  for (int level = 0; level <= static_cast<int>(patron::internal::best_simd()); ++level) {
    const auto result = patron::internal::evaluate_table(expression.compiled(), row.table, options,
                                                         static_cast<SimdLevel>(level), nullptr);
    FUZZ_CHECK(result.ok() && result->rows() == 3);
    const patron::Chunk& chunk = result->chunks(0)[0];
    for (int64_t r = 0; r < 3; ++r) FUZZ_CHECK(chunk.valid(r) == cell.known);
    if (!cell.known) continue;
    const auto* values = static_cast<const uint8_t*>(chunk.values);
    if (expression.kind() == patron::Kind::kBool) FUZZ_CHECK((values[0] & 7) == cell.integer * 7);
    if (expression.kind() == patron::Kind::kInt64) {
      FUZZ_CHECK(static_cast<const int64_t*>(chunk.values)[2] == cell.integer);
    }
    if (expression.kind() == patron::Kind::kDouble) {
      FUZZ_CHECK(static_cast<const double*>(chunk.values)[2] == cell.number);
      FUZZ_CHECK(std::isfinite(cell.number));
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > 2048) return 0;
  Choices choices(data, size < 24 ? size : 24);
  const Row row(choices);
  const size_t skip = size < 24 ? size : 24;
  const std::string_view text(reinterpret_cast<const char*>(data) + skip, size - skip);
  const patron::CheckedExpression checked = Expression::check(text, schema());
  for (const patron::Diagnostic& d : checked.diagnostics) {
    FUZZ_CHECK(d.begin <= d.end && d.end <= static_cast<int64_t>(text.size()));
    FUZZ_CHECK(!d.message.empty() && !d.code.empty());
  }
  FUZZ_CHECK(checked.expression || !checked.diagnostics.empty());
  (void)patron::format_diagnostics(text, checked.diagnostics);
  patron::internal::Syntax syntax;
  patron::internal::Findings findings;
  const bool parses = patron::internal::parse_syntax(text, syntax, findings);
  FUZZ_CHECK(parses || !checked.expression);
  const auto parsed = Expression::parse(text, schema());
  FUZZ_CHECK(parsed.ok() == checked.expression.has_value());
  if (!parsed.ok()) FUZZ_CHECK(parsed.status().byte_offset() <= static_cast<int64_t>(text.size()));
  if (!checked.expression) return 0;
  const auto cell = checked.expression->evaluate_row(row.cells, kNow);
  FUZZ_CHECK(cell.ok());
  check_column(*checked.expression, row, *cell);
  FUZZ_CHECK(checked.expression->explain(row.cells, kNow).ok());
  const auto changes = checked.expression->breakpoints(row.cells, kNow);
  FUZZ_CHECK(changes.ok());
  patron::Micros before = kNow;
  for (const patron::Micros t : changes->instants) {
    FUZZ_CHECK(t > before && t < changes->until);
    before = t;
  }
  (void)checked.expression->to_sql(patron::SqlDialect::kPostgresql, kNow);
  return 0;
}
