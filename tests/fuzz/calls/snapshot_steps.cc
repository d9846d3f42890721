// Snapshots of engines: taken, asked in any order, closed before and after their engine. Engines
// that are saved, loaded, and go on as the others do.
#include <string>

#include "tests/fuzz/calls/play.h"
#include "tests/fuzz/calls/result_checks.h"

namespace patron::fuzz {
namespace {

// What a snapshot says is what its engine says at that moment.
void take(Play& play) {
  const patron_engine* engine = play.pick(play.engines);
  patron_snapshot* snapshot = nullptr;
  const bool ok = PLAY(play, patron_engine_snapshot, engine, &snapshot);
  if (!play.keep(ok, snapshot, &play.snapshots)) return;
  patron_table *seen = nullptr, *own = nullptr;
  FUZZ_CHECK(patron_snapshot_classes(snapshot, nullptr, &seen, nullptr) == PATRON_OK);
  FUZZ_CHECK(patron_engine_classes(engine, nullptr, &own, nullptr) == PATRON_OK);
  FUZZ_CHECK(patron_table_rows(seen) == patron_table_rows(own));
  FUZZ_CHECK(numbers(seen, "next_change") == numbers(own, "next_change"));
  patron_table_close(seen), patron_table_close(own);
}

void look(Play& play) {
  const patron_snapshot* snapshot = play.pick(play.snapshots);
  auto* info = play.output<patron_snapshot_info>(PATRON_SNAPSHOT_INFO_INIT);
  if (PLAY(play, patron_snapshot_describe, snapshot, info)) FUZZ_CHECK(info->customers >= 0);
}

void classes(Play& play) {
  const patron_table* some = play.choices.one_in(2) ? play.pick_optional(play.tables) : nullptr;
  const patron_snapshot* snapshot = play.pick(play.snapshots);
  patron_table* table = nullptr;
  const bool ok = PLAY(play, patron_snapshot_classes, snapshot, some, &table);
  if (play.keep(ok, table, &play.tables)) check_table(table);
}

void profiles(Play& play) {
  const patron_snapshot* snapshot = play.pick(play.snapshots);
  patron_profiles_options options = PATRON_PROFILES_OPTIONS_INIT;
  options.where = play.text({"spend > 0", "true", "tier == 'gold'", "visits + 1", ""});
  patron_table* table = nullptr;
  const patron_profiles_options* in = play.sized(options);
  const bool ok = PLAY(play, patron_snapshot_profiles, snapshot, in, &table);
  if (play.keep(ok, table, &play.tables)) check_table(table);
}

void profile(Play& play) {
  const patron_snapshot* snapshot = play.pick(play.snapshots);
  const int64_t number = play.choices.number() % 4;
  const patron_str customer = play.text({"", "ann"});
  patron_table* table = nullptr;
  const bool ok =
      PLAY(play, patron_snapshot_profile, snapshot, number, customer.data, customer.size, &table);
  if (play.keep(ok, table, &play.tables)) check_table(table);
}

void distribution(Play& play) {
  const patron_snapshot* snapshot = play.pick(play.snapshots);
  const patron_str name = play.text({"tier", "marks", "teir"});
  patron_table* table = nullptr;
  const bool ok = PLAY(play, patron_snapshot_distribution, snapshot, name.data, name.size, &table);
  if (play.keep(ok, table, &play.tables)) check_table(table);
}

std::string hash_of(const patron_engine* engine) {
  patron_buffer* hash = nullptr;
  FUZZ_CHECK(patron_engine_state_hash(engine, &hash, nullptr) == PATRON_OK);
  const patron_str text = patron_buffer_text(hash);
  const std::string out(text.data, text.size);
  patron_buffer_close(hash);
  return out;
}

int32_t count(void* context, const uint8_t*, uint64_t size) {
  *static_cast<uint64_t*>(context) += size;
  return 0;
}

// What is loaded stands where it was saved; damaged bytes are refused or make a sound engine.
void save(Play& play) {
  const patron_engine* engine = play.pick(play.engines);
  patron_buffer* bytes = nullptr;
  bool ok = PLAY(play, patron_engine_save, engine, &bytes);
  if (!play.keep(ok, bytes, &play.buffers)) return;
  std::string saved(patron_buffer_text(bytes).data, patron_buffer_text(bytes).size);
  uint64_t counted = 0;
  patron_sink to = PATRON_SINK_INIT;
  to.write = count;
  to.context = &counted;
  const patron_sink* sink = play.sized(to);
  if (PLAY(play, patron_engine_save_to, engine, sink)) FUZZ_CHECK(counted == saved.size());
  size_t damages = play.choices.one_in(2) ? play.choices.below(3) : 0;
  const bool whole = damages == 0;
  for (; damages > 0; damages--) {
    saved[play.choices.int64() % static_cast<uint64_t>(saved.size())] =
        static_cast<char>(play.choices.byte());
  }
  const patron_str given = play.copy(saved);
  patron_engine* again = nullptr;
  ok = PLAY(play, patron_engine_load, given.data, given.size, nullptr, &again);
  if (ok && whole) FUZZ_CHECK(hash_of(again) == hash_of(engine));
  play.keep(ok, again, &play.engines);
}

void policy_of(Play& play) {
  const patron_engine* engine = play.pick(play.engines);
  patron_policy* policy = nullptr;
  const bool ok = PLAY(play, patron_engine_policy, engine, &policy);
  play.keep(ok, policy, &play.policies);
}

void history_table(Play& play) {
  const patron_engine* engine = play.pick(play.engines);
  patron_table* table = nullptr;
  const bool ok = PLAY(play, patron_engine_history_table, engine, &table);
  if (play.keep(ok, table, &play.tables)) check_table(table);
}

void publish(Play& play) {
  const patron_policy* policy = play.pick(play.policies);
  patron_engine* engine = play.pick(play.engines);
  const patron_str mapping = play.text(
      {"", "{}", R"({"tier": "level"})", R"({"marks": null})", R"({"abc": {"to": "abc"}})"});
  const bool tries = play.choices.one_in(2);
  patron_table* table = nullptr;
  auto* report = play.output<patron_publish_report>(PATRON_PUBLISH_REPORT_INIT);
  if (tries && play.expects_failure()) return play.drop_call();
  const bool ok = tries ? PLAY(play, patron_engine_compare, engine, policy, mapping.data,
                               mapping.size, nullptr, &table)
                        : PLAY(play, patron_engine_publish, engine, policy, mapping.data,
                               mapping.size, report, &table);
  if (play.keep(ok, table, &play.tables)) check_table(table);
}

void who_was_where(Play& play) {
  const patron_engine* engine = play.pick(play.engines);
  const patron_str name = play.text({"tier", "marks", "abc"});
  const int64_t start = play.choices.number(), end = play.choices.number();
  patron_table* table = nullptr;
  bool ok = PLAY(play, patron_engine_migration, engine, name.data, name.size, start, end, &table);
  play.keep(ok, table, &play.tables);
  engine = play.pick(play.engines);
  ok = PLAY(play, patron_engine_distribution_at, engine, name.data, name.size, end, &table);
  play.keep(ok, table, &play.tables);
  engine = play.pick(play.engines);
  ok = PLAY(play, patron_engine_policies, engine, &table);
  play.keep(ok, table, &play.tables);
}

void explain(Play& play) {
  const patron_engine* engine = play.pick(play.engines);
  const int64_t number = play.choices.number() % 4;
  const patron_str name = play.text({"tier", "marks", "abc"}), language = play.text({"", "zh"});
  patron_buffer *text = nullptr, *json = nullptr;
  const bool ok = PLAY(play, patron_engine_explain, engine, number, nullptr, 0, name.data,
                       name.size, language.data, language.size, &text, &json);
  play.keep(ok, text, &play.buffers);
  play.keep(ok, json, &play.buffers);
}

void close(Play& play) {
  if (play.snapshots.size() == 0) return;
  play.reached("patron_snapshot_close");
  play.snapshots.take(play.choices.below(play.snapshots.size()));
}

}  // namespace

std::vector<Step> snapshot_steps() {
  return {{"snapshot take", take},       {"snapshot look", look},
          {"snapshot classes", classes}, {"snapshot profiles", profiles},
          {"snapshot profile", profile}, {"snapshot distribution", distribution},
          {"snapshot close", close},     {"engine save", save},
          {"engine policy", policy_of},  {"engine history table", history_table},
          {"engine publish", publish},   {"engine who was where", who_was_where},
          {"engine explain", explain}};
}

}  // namespace patron::fuzz
