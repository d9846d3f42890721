// Expressions: any text gets diagnostics with places in it, or an expression that never fails at
// run time and gives a row alone what it gives it in a column.
#include <array>
#include <string>
#include <vector>

#include "lib/expr/ast.h"
#include "patron/expression.h"
#include "tests/fuzz/fuzz.h"

namespace {

using patron::Cell;
using patron::FieldSpec;
using patron::Kind;

FieldSpec field(const char* name, Kind kind) {
  FieldSpec made;
  made.name = name;
  made.kind = kind;
  return made;
}

const patron::Schema& schema() {
  static const patron::Schema made = [] {
    FieldSpec level = field("e", Kind::kEnum);
    level.values = {"low", "high"};
    level.ordered = true;
    return *patron::Schema::make(
        {field("n", Kind::kInt64), field("x", Kind::kDouble), field("s", Kind::kString),
         field("b", Kind::kBool), field("t", Kind::kTimestamp), field("m", Kind::kMoney), level},
        *patron::TimeZone::load("Europe/Berlin"));
  }();
  return made;
}

bool same(const Cell& a, const Cell& b) {
  if (a.known != b.known) return false;
  return !a.known || (a.integer == b.integer && a.number == b.number && a.text == b.text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > 4096) return 0;
  Choices choices(data, size);
  const std::array<Cell, 7> row{
      choices.one_in(4) ? Cell() : Cell::of(choices.byte() - 128),
      choices.one_in(4) ? Cell() : Cell::of_double(choices.byte() / 16.0 - 8),
      choices.one_in(4) ? Cell() : Cell::of_text("Straße"),
      choices.one_in(4) ? Cell() : Cell::of(choices.byte() % 2),
      choices.one_in(4) ? Cell() : Cell::of(int64_t{choices.byte()} * 86'400'000'000),
      choices.one_in(4) ? Cell() : Cell::of(choices.byte() * 100 - 12'800),
      choices.one_in(4) ? Cell() : Cell::of_text("high")};
  const std::string text(choices.rest());
  const patron::CheckedExpression checked = patron::Expression::check(text, schema());
  patron::internal::Syntax syntax;
  patron::internal::Findings findings;
  const bool read = patron::internal::parse_syntax(text, syntax, findings);
  FUZZ_CHECK(read || !checked.expression);
  FUZZ_CHECK(read == !findings.has_errors());
  for (const patron::Diagnostic& one : checked.diagnostics) {
    FUZZ_CHECK(!one.code.empty() && !one.message.empty());
    FUZZ_CHECK(0 <= one.begin && one.begin <= one.end &&
               one.end <= static_cast<int64_t>(text.size()));
  }
  (void)patron::format_diagnostics(text, checked.diagnostics);
  FUZZ_CHECK(patron::Expression::parse(text, schema()).ok() == checked.expression.has_value());
  if (!checked.expression) return 0;
  const patron::Expression& expression = *checked.expression;
  const patron::Micros now = 1'000'000'000'000;
  const patron::Result<Cell> value = expression.evaluate_row(row, now);
  FUZZ_CHECK(value.ok());
  FUZZ_CHECK(value->known || expression.nullable());
  const patron::Result<Cell> again = expression.evaluate_row(row, now);
  FUZZ_CHECK(again.ok() && same(*value, *again));
  return 0;
}
