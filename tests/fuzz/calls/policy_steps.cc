// Policies: documents that are nearly right, and what is said of them.
#include <string>

#include "tests/fuzz/calls/play.h"
#include "tests/fuzz/calls/result_checks.h"

namespace patron::fuzz {
namespace {

constexpr std::string_view kSound =
    R"x({"patron": 1, "name": "s", "streams": {"orders": {}}, "attributes": {"vip": {"type": "bool"}, "amount": {"type": "double"}},
        "tags": [{"name": "n", "metric": {"count": "orders", "window": "90d"}}],
        "classifications": [
          {"name": "tier", "kind": "ladder", "classes": [{"name": "a", "enter": "n > 3 || vip"}, {"name": "b"}]},
          {"name": "size", "kind": "first_match", "classes": [{"name": "l", "enter": "amount > 20"}]},
          {"name": "marks", "kind": "flags", "classes": [{"name": "x", "enter": "vip && n > 9"}]},
          {"name": "bands", "kind": "bands", "of": "n", "cuts": [3], "classes": ["l", "h"]}]})x";

/// A sound document in which a few bytes are others.
patron_str document(Play& play) {
  std::string text(kSound);
  for (size_t left = play.choices.one_in(2) ? play.choices.below(4) : 0; left > 0; left--) {
    text[play.choices.below(text.size())] = static_cast<char>(play.choices.byte());
  }
  return play.choices.one_in(4) ? play.text({"{}", "null", R"({"patron": 1, "name": "x"})"})
                                : play.copy(text);
}

void check(Play& play) {
  const patron_str json = document(play);
  patron_table* findings = nullptr;
  const bool ok = PLAY(play, patron_policy_check, json.data, json.size, &findings);
  if (!play.keep(ok, findings, &play.tables)) return;
  check_table(findings);
  patron_policy* policy = nullptr;
  const bool sound = patron_policy_parse(json.data, json.size, &policy, nullptr) == PATRON_OK;
  FUZZ_CHECK(sound || patron_table_rows(findings) > 0);
  patron_policy_close(policy);
}

void format(Play& play) {
  const patron_str file = play.text({"policy.json", ""}), json = document(play);
  patron_buffer* text = nullptr;
  const bool ok =
      PLAY(play, patron_policy_format, file.data, file.size, json.data, json.size, &text);
  play.keep(ok, text, &play.buffers);
}

void parse(Play& play) {
  const patron_str json = document(play);
  patron_policy* policy = nullptr;
  const bool ok = PLAY(play, patron_policy_parse, json.data, json.size, &policy);
  play.keep(ok, policy, &play.policies);
}

void look(Play& play) {
  const patron_policy* policy = play.pick(play.policies);
  patron_policy_info* info = play.output<patron_policy_info>(PATRON_POLICY_INFO_INIT);
  const bool ok = PLAY(play, patron_policy_describe, policy, info);
  if (ok) FUZZ_CHECK(info->hash.size == 64 && info->tags >= 0 && info->classifications >= 0);
}

void to_json(Play& play) {
  const patron_policy* policy = play.pick(play.policies);
  patron_buffer* buffer = nullptr;
  const bool ok = PLAY(play, patron_policy_to_json, policy, &buffer);
  if (!play.keep(ok, buffer, &play.buffers)) return;
  const patron_str text = patron_buffer_text(buffer);
  patron_policy* again = nullptr;
  FUZZ_CHECK(patron_policy_parse(text.data, text.size, &again, nullptr) == PATRON_OK);
  patron_policy_close(again);
}

void tables(Play& play) {
  const patron_policy* policy = play.pick(play.policies);
  patron_table* table = nullptr;
  const bool tags = play.choices.one_in(2);
  const bool ok = tags ? PLAY(play, patron_policy_tags, policy, &table)
                       : PLAY(play, patron_policy_classes, policy, &table);
  if (play.keep(ok, table, &play.tables)) check_table(table);
}

void to_sql(Play& play) {
  const patron_policy* policy = play.pick(play.policies);
  const patron_str name = play.text({"tier", "marks", "bands", "teir"});
  const int32_t dialect = play.choices.one_in(4) ? static_cast<int32_t>(play.choices.number())
                                                 : PATRON_SQL_DUCKDB + play.choices.one_in(2);
  const int64_t now = 1'767'225'600'000'000;
  patron_buffer* sql = nullptr;
  const bool ok = PLAY(play, patron_policy_to_sql, policy, name.data, name.size, dialect,
                       play.choices.one_in(2) ? &now : nullptr, &sql);
  if (ok) FUZZ_CHECK(dialect == PATRON_SQL_DUCKDB || dialect == PATRON_SQL_POSTGRESQL);
  play.keep(ok, sql, &play.buffers);
}

void classify(Play& play) {
  const patron_policy* policy = play.pick(play.policies);
  const patron_table* table = play.pick(play.tables);
  const patron_str name = play.text({"size", "tier", "marks", "bands"});
  const int64_t now = 1'767'225'600'000'000;
  patron_expression_options value = PATRON_EXPRESSION_OPTIONS_INIT;
  if (!play.choices.one_in(8)) value.now = &now;
  if (play.choices.one_in(4)) value.threads = static_cast<int32_t>(play.choices.below(4)) - 1;
  const auto* options = play.sized(value);
  auto* counts = play.output<patron_expression_counts>(PATRON_EXPRESSION_COUNTS_INIT);
  patron_table* result = nullptr;
  const int64_t rows = patron_table_rows(table);
  const bool ok = PLAY(play, patron_policy_classify, policy, name.data, name.size, table, options,
                       &result, counts);
  if (!play.keep(ok, result, &play.tables)) return;
  FUZZ_CHECK(patron_table_rows(result) == rows);
  FUZZ_CHECK(counts->rows == rows && counts->unknown_rows <= counts->rows);
}

void close(Play& play) {
  if (play.policies.size() == 0) return;
  play.reached("patron_policy_close");
  play.policies.take(play.choices.below(play.policies.size()));
}

}  // namespace

std::vector<Step> policy_steps() {
  return {{"policy check", check},   {"policy format", format},   {"policy parse", parse},
          {"policy look", look},     {"policy to json", to_json}, {"policy tables", tables},
          {"policy to sql", to_sql}, {"policy close", close}};
}

std::vector<Step> classify_steps() { return {{"policy classify", classify}}; }

}  // namespace patron::fuzz
