// Schemas and expressions: what is said of one row is what a column says of it.
#include <string>

#include "tests/fuzz/calls/play.h"
#include "tests/fuzz/calls/result_checks.h"

namespace patron::fuzz {
namespace {

constexpr int64_t kNow = 1'772'325'000'123'456;

void parse_schema(Play& play) {
  const patron_str json = play.text(
      {R"({"fields":{"customer":"int64","amount":"double","day":"date"}})",
       R"({"timezone":"Asia/Tokyo","money":{"scale":0},"fields":{"amount":"money","topic":"int64",
           "time":"timestamp","kind":{"type":"enum_set","values":["a","b"]}}})",
       R"({"fields":{"s":"string","e":{"type":"enum","values":["x","y"],"ordered":true}}})",
       R"({"fields":{"a":"text"}})", "{"});
  patron_schema* schema = nullptr;
  const bool ok = PLAY(play, patron_schema_parse, json.data, json.size, &schema);
  play.keep(ok, schema, &play.schemas);
}

void look_at_schema(Play& play) {
  const patron_schema* schema = play.pick(play.schemas);
  const bool right = !play.expects_failure();
  const int32_t fields = SAY(play, patron_schema_fields, schema);
  FUZZ_CHECK(right ? fields >= 0 : fields == -1);
  const auto index = static_cast<int32_t>(play.choices.number());
  auto* field = play.output<patron_schema_field>(PATRON_SCHEMA_FIELD_INIT);
  const bool ok = PLAY(play, patron_schema_describe, schema, index, field);
  if (!ok) return;
  FUZZ_CHECK(index >= 0 && index < fields && field->name.size > 0);
  FUZZ_CHECK(SAY(play, patron_schema_find, schema, field->name.data, field->name.size) == index);
  const auto at = static_cast<int32_t>(play.choices.number());
  const patron_str value = SAY(play, patron_schema_value, schema, index, at);
  FUZZ_CHECK((value.data != nullptr) == (at >= 0 && at < field->value_count));
}

patron_str rule(Play& play) {
  return play.text({"amount > 20", "age(day) <= days(30) && customer != 2", "customer * 7 + 1",
                    "time + days(3) > now || topic in [1, 2]", "e > 'x' ? s : 'none'",
                    "'a' in kind", "now.getMonth() == 2", "amount >", "amuont > 1",
                    "day == date('2026-01-05')"});
}

void parse(Play& play) {
  const patron_schema* schema = play.pick(play.schemas);
  const patron_str text = rule(play);
  patron_expression* expression = nullptr;
  const bool ok = PLAY(play, patron_expression_parse, schema, text.data, text.size, &expression);
  play.keep(ok, expression, &play.expressions);
}

void check(Play& play) {
  const patron_schema* schema = play.pick(play.schemas);
  const patron_str text = rule(play);
  int32_t errors = -7;
  patron_table* findings = nullptr;
  patron_buffer* report = nullptr;
  const bool ok = PLAY(play, patron_expression_check, schema, text.data, text.size, &errors,
                       &findings, &report);
  if (play.keep(ok, findings, &play.tables)) {
    check_table(findings);
    patron_expression* parsed = nullptr;
    const patron_status status =
        patron_expression_parse(schema, text.data, text.size, &parsed, nullptr);
    FUZZ_CHECK((status == PATRON_OK) == (errors == 0));
    FUZZ_CHECK(patron_table_rows(findings) >= errors);
    patron_expression_close(parsed);
  }
  play.keep(ok, report, &play.buffers);
}

void describe(Play& play) {
  const patron_expression* expression = play.pick(play.expressions);
  auto* info = play.output<patron_expression_info>(PATRON_EXPRESSION_INFO_INIT);
  if (!PLAY(play, patron_expression_describe, expression, info)) return;
  for (uint64_t i = 1; i < info->field_count; i++) {
    FUZZ_CHECK(info->fields[i - 1] < info->fields[i]);
  }
}

void evaluate(Play& play) {
  const patron_expression* expression = play.pick(play.expressions);
  const patron_table* table = play.pick(play.tables);
  patron_expression_options value = PATRON_EXPRESSION_OPTIONS_INIT;
  if (!play.choices.one_in(8)) value.now = &kNow;
  if (play.choices.one_in(4)) value.threads = static_cast<int32_t>(play.choices.below(4)) - 1;
  const auto* options = play.sized(value);
  auto* counts = play.output<patron_expression_counts>(PATRON_EXPRESSION_COUNTS_INIT);
  patron_table* result = nullptr;
  const int64_t rows = patron_table_rows(table);
  const bool ok =
      PLAY(play, patron_expression_evaluate, expression, table, options, &result, counts);
  if (!play.keep(ok, result, &play.tables)) return;
  check_table(result);
  // `table` itself may be closed by now: a full pool closes its oldest.
  FUZZ_CHECK(patron_table_rows(result) == rows);
  FUZZ_CHECK(counts->rows == rows && counts->unknown_rows <= counts->rows);
}

struct Row {
  patron_cell* cells;
  uint64_t count;
};

/// Any values: small integers, quarters, short texts, nulls.
Row row(Play& play) {
  const uint64_t count = play.choices.one_in(8) ? play.choices.below(6) : 3 + play.choices.below(2);
  auto* cells = play.memory<patron_cell>(count);
  for (uint64_t i = 0; i < count; i++) {
    cells[i] = PATRON_CELL_INIT;
    cells[i].known = play.choices.one_in(4) ? 0 : 1;
    cells[i].integer = play.choices.number();
    cells[i].number = static_cast<double>(play.choices.number()) / 4;
    cells[i].text = play.text({"x", "y", ""});
    if (play.choices.one_in(64)) cells[i].known = 2;
  }
  return {cells, count};
}

void evaluate_row(Play& play) {
  const patron_expression* expression = play.pick(play.expressions);
  const Row given = row(play);
  const int64_t* now = play.choices.one_in(8) ? nullptr : &kNow;
  auto* value = play.output<patron_cell>(PATRON_CELL_INIT);
  if (!PLAY(play, patron_expression_evaluate_row, expression, given.cells, given.count, now,
            value)) {
    return;
  }
  patron_explanation summary = PATRON_EXPLANATION_INIT;
  FUZZ_CHECK(patron_expression_explain(expression, given.cells, given.count, now, &summary, nullptr,
                                       nullptr, nullptr, nullptr) == PATRON_OK);
  FUZZ_CHECK(summary.known == value->known);
}

void explain(Play& play) {
  const patron_expression* expression = play.pick(play.expressions);
  const Row given = row(play);
  const int64_t* now = play.choices.one_in(8) ? nullptr : &kNow;
  auto* summary = play.output<patron_explanation>(PATRON_EXPLANATION_INIT);
  patron_table *atoms = nullptr, *unknown = nullptr, *missing = nullptr;
  const bool ok = PLAY(play, patron_expression_explain, expression, given.cells, given.count, now,
                       summary, &atoms, &unknown, &missing);
  if (ok) FUZZ_CHECK(patron_table_rows(atoms) == summary->atom_count);
  for (patron_table* table : {atoms, unknown, missing}) {
    if (play.keep(ok, table, &play.tables)) check_table(table);
  }
}

void breakpoints(Play& play) {
  const patron_expression* expression = play.pick(play.expressions);
  const Row given = row(play);
  const int64_t now = play.choices.one_in(8) ? play.choices.number() : kNow;
  auto* found = play.output<patron_breakpoints>(PATRON_BREAKPOINTS_INIT);
  patron_table* instants = nullptr;
  patron_buffer* reason = nullptr;
  const bool ok = PLAY(play, patron_expression_breakpoints, expression, given.cells, given.count,
                       now, found, &instants, &reason);
  if (ok) {
    FUZZ_CHECK(patron_table_rows(instants) == found->instant_count);
    FUZZ_CHECK((found->solved == 1) == (patron_buffer_text(reason).size == 0));
    FUZZ_CHECK(found->next > now);
  }
  if (play.keep(ok, instants, &play.tables)) check_table(instants);
  play.keep(ok, reason, &play.buffers);
}

void to_sql(Play& play) {
  const patron_expression* expression = play.pick(play.expressions);
  const auto dialect = static_cast<int32_t>(play.choices.below(4)) - 1;
  const int64_t* now = play.choices.one_in(2) ? nullptr : &kNow;
  patron_buffer* sql = nullptr;
  const bool ok = PLAY(play, patron_expression_to_sql, expression, dialect, now, &sql);
  play.keep(ok, sql, &play.buffers);
}

void close(Play& play) {
  if (play.schemas.size() > 0 && play.choices.one_in(2)) {
    play.reached("patron_schema_close");
    play.schemas.take(play.choices.below(play.schemas.size()));
  } else if (play.expressions.size() > 0) {
    play.reached("patron_expression_close");
    play.expressions.take(play.choices.below(play.expressions.size()));
  }
}

}  // namespace

std::vector<Step> expression_steps() {
  return {{"schema parse", parse_schema},
          {"schema look", look_at_schema},
          {"expression parse", parse},
          {"expression check", check},
          {"expression describe", describe},
          {"expression evaluate", evaluate},
          {"expression evaluate row", evaluate_row},
          {"expression explain", explain},
          {"expression breakpoints", breakpoints},
          {"expression to sql", to_sql},
          {"expression close", close}};
}

}  // namespace patron::fuzz
