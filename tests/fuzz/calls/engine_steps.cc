// Engines: facts in any order, late and waiting, time that passes, and everything that is asked.
#include <algorithm>
#include <string>

#include "tests/fuzz/calls/play.h"
#include "tests/fuzz/calls/result_checks.h"

namespace patron::fuzz {
namespace {

constexpr int64_t kDay = 86'400'000'000;
constexpr int64_t kFirst = 20'454 * kDay;

constexpr std::string_view kLive =
    R"x({"patron": 1, "name": "live", "customer": {"id": "int64"}, "timezone": "Europe/Berlin",
        "identities": {"keys": ["member"]},
        "streams": {"orders": {"key": "order_id"}, "interactions": {}},
        "attributes": {"vip": {"type": "bool"}},
        "tags": [{"name": "spend", "metric": {"sum": "orders.amount", "window": "30d"}},
                 {"name": "visits", "metric": {"count": "interactions", "window": "2mo"}}],
        "classifications": [
          {"name": "tier", "kind": "ladder", "classes": [
            {"name": "gold", "enter": "spend >= 100 || or_else(vip, false)", "keep": "spend >= 50",
             "grace": "7d", "min_dwell": "3d", "cool_down": "5d"},
            {"name": "silver", "enter": "spend > 0", "grace": "1d"}, {"name": "guest"}]},
          {"name": "marks", "kind": "flags", "classes": [{"name": "shy", "enter": "visits > 2 && spend == 0"}]},
          {"name": "abc", "kind": "rank", "by": "spend", "classes": [{"name": "A", "share": 0.8}, {"name": "B"}]}],
        "calibrate": {"min_customers": 1}})x";

void open(Play& play) {
  if (play.policies.size() == 0 || !play.choices.one_in(3)) {
    patron_policy* live = nullptr;
    FUZZ_CHECK(patron_policy_parse(kLive.data(), kLive.size(), &live, nullptr) == PATRON_OK);
    play.policies.put(live);
  }
  const patron_policy* policy = play.pick(play.policies);
  patron_engine_options options = PATRON_ENGINE_OPTIONS_INIT;
  const int64_t until = kFirst + 300 * kDay;
  if (play.choices.one_in(4)) options.refuse_after = &until;
  if (play.choices.one_in(8)) options.memory_limit = play.choices.number();
  const bool given = play.choices.one_in(2);
  if (given && options.memory_limit < 0) play.expect({PATRON_E_ARGUMENT});
  patron_engine* engine = nullptr;
  const patron_engine_options* in = given ? play.sized(options) : nullptr;
  const bool ok = PLAY(play, patron_engine_open, policy, in, &engine);
  play.keep(ok, engine, &play.engines);
}

patron_column plain(const char* name, int32_t type, int64_t rows, const void* values) {
  patron_column out = PATRON_COLUMN_INIT;
  out.name = patron_str_of(name);
  out.type = type;
  out.length = rows;
  out.values = values;
  return out;
}

/// A few orders of a few customers; now and then a table of another kind.
const patron_table* events(Play& play, bool keys_only) {
  if (play.tables.size() > 0 && play.choices.one_in(8)) return play.pick(play.tables);
  const auto rows = static_cast<int64_t>(play.choices.below(9));
  const auto size = static_cast<size_t>(rows);
  auto* customers = play.memory<int64_t>(size);
  auto* times = play.memory<int64_t>(size);
  auto* amounts = play.memory<double>(size);
  auto* ends = play.memory<int32_t>(size + 1);
  std::string keys;
  for (size_t i = 0; i < size; ++i) {
    customers[i] = static_cast<int64_t>(play.choices.below(4));
    times[i] = kFirst + static_cast<int64_t>(play.choices.below(200)) * kDay / 2;
    amounts[i] =
        play.choices.one_in(16) ? 1e300 : static_cast<double>(play.choices.below(160)) - 20;
    keys += static_cast<char>('a' + play.choices.below(26));
    ends[i + 1] = static_cast<int32_t>(keys.size());
  }
  patron_column columns[4] = {plain("customer", PATRON_TYPE_INT64, rows, customers),
                              plain("order_id", PATRON_TYPE_STRING, rows, nullptr),
                              plain("time", PATRON_TYPE_TIMESTAMP, rows, times),
                              plain("amount", PATRON_TYPE_DOUBLE, rows, amounts)};
  columns[1].offsets = ends;
  columns[1].bytes = reinterpret_cast<const uint8_t*>(play.copy(keys).data);
  columns[2].zone = patron_str_of("UTC");
  patron_table* made = nullptr;
  FUZZ_CHECK(patron_table_create(columns, keys_only ? 2 : 4, &made, nullptr) == PATRON_OK);
  play.tables.put(made);
  return made;
}

const patron_ingest_options* ingest_options(Play& play) {
  if (!play.choices.one_in(2)) return nullptr;
  patron_ingest_options options = PATRON_INGEST_OPTIONS_INIT;
  options.quiet = static_cast<int32_t>(play.choices.below(3));
  options.nulls = options.quiet & 1;
  if (options.quiet > 1) play.expect({PATRON_E_ARGUMENT});
  return play.sized(options);
}

void check_report(const patron_ingest_report& report, const patron_table* refused) {
  FUZZ_CHECK(report.accepted + report.duplicates + report.corrected + report.deleted +
                 report.unknown + report.refused_rows ==
             report.rows);
  FUZZ_CHECK(report.late + report.waiting <= report.accepted + report.corrected + report.deleted);
  FUZZ_CHECK(patron_table_rows(refused) == std::min<int64_t>(report.refused_rows, 10'000));
}

void ingest(Play& play) {
  const patron_table* table = events(play, false);
  patron_engine* engine = play.pick(play.engines);
  const patron_str stream = play.text({"orders", "orders", "orders", "interactions"});
  const patron_ingest_options* options = ingest_options(play);
  auto* report = play.output<patron_ingest_report>(PATRON_INGEST_REPORT_INIT);
  patron_table* refused = nullptr;
  const bool ok = PLAY(play, patron_engine_ingest, engine, stream.data, stream.size, table, options,
                       report, &refused);
  if (!play.keep(ok, refused, &play.tables)) return;
  check_report(*report, refused);
  check_table(refused);
}

void remove(Play& play) {
  const patron_table* table = events(play, true);
  patron_engine* engine = play.pick(play.engines);
  const patron_ingest_options* options = ingest_options(play);
  auto* report = play.output<patron_ingest_report>(PATRON_INGEST_REPORT_INIT);
  patron_table* refused = nullptr;
  const bool ok =
      PLAY(play, patron_engine_delete, engine, "orders", 6, table, options, report, &refused);
  if (play.keep(ok, refused, &play.tables)) check_report(*report, refused);
}

void set_attributes(Play& play) {
  const auto rows = static_cast<int64_t>(play.choices.below(5));
  auto* customers = play.memory<int64_t>(static_cast<size_t>(rows));
  auto* bits = play.memory<uint8_t>(1);
  for (int64_t i = 0; i < rows; ++i) customers[i] = static_cast<int64_t>(play.choices.below(5));
  bits[0] = play.choices.byte();
  const patron_column columns[2] = {plain("customer", PATRON_TYPE_INT64, rows, customers),
                                    plain("vip", PATRON_TYPE_BOOL, rows, bits)};
  patron_table* made = nullptr;
  FUZZ_CHECK(patron_table_create(columns, 2, &made, nullptr) == PATRON_OK);
  play.tables.put(made);
  patron_engine* engine = play.pick(play.engines);
  const patron_ingest_options* options = ingest_options(play);
  auto* report = play.output<patron_ingest_report>(PATRON_INGEST_REPORT_INIT);
  patron_table* refused = nullptr;
  const bool ok = PLAY(play, patron_engine_set_attributes, engine, made, options, report, &refused);
  play.keep(ok, refused, &play.tables);
}

/// One event, its values mostly of the right kinds.
void add(Play& play) {
  patron_engine* engine = play.pick(play.engines);
  const bool odd = play.choices.one_in(8);
  const patron_str name = play.copy(play.choices.one_in(4) ? "interactions" : "orders");
  const auto any = static_cast<int32_t>(odd ? play.choices.number() : 0);
  const int32_t stream =
      odd ? any : SAY(play, patron_engine_find_stream, engine, name.data, name.size);
  patron_table* columns = nullptr;
  std::vector<std::optional<std::string>> kinds;
  if (!play.expects_failure() &&
      patron_engine_columns(engine, stream, &columns, nullptr) == PATRON_OK) {
    kinds = texts(columns, "kind");
    patron_table_close(columns);
  }
  auto* cells = play.memory<patron_cell>(kinds.size());
  for (size_t i = 0; i < kinds.size(); ++i) {
    cells[i] = PATRON_CELL_INIT;
    const size_t choice = play.choices.below(5);
    cells[i].known = choice == 4 ? static_cast<int32_t>(play.choices.number()) : choice > 0;
    cells[i].integer = play.choices.number();
    cells[i].number = static_cast<double>(play.choices.number());
    cells[i].text = play.text({"a", "b", "north"});
  }
  patron_event event = PATRON_EVENT_INIT;
  event.number = static_cast<int64_t>(play.choices.below(4));
  event.customer = play.text({"ann", "bo"});
  event.time = kFirst + static_cast<int64_t>(play.choices.below(200)) * kDay / 2;
  event.values = cells;
  event.value_count = kinds.size() + (play.choices.one_in(16) ? 1 : 0);
  const patron_event* in = play.sized(event);
  const uint64_t count = play.choices.one_in(16) ? 0 : 1;
  const patron_ingest_options* options = ingest_options(play);
  auto* report = play.output<patron_ingest_report>(PATRON_INGEST_REPORT_INIT);
  patron_table* refused = nullptr;
  // An event that is not looked at may be any.
  if (count == 0 && play.expects_failure()) return play.drop_call();
  const bool ok =
      PLAY(play, patron_engine_add, engine, stream, in, count, options, report, &refused);
  if (play.keep(ok, refused, &play.tables)) check_report(*report, refused);
}

void columns(Play& play) {
  const patron_engine* engine = play.pick(play.engines);
  const auto stream = static_cast<int32_t>(play.choices.below(3));
  patron_table* table = nullptr;
  const bool ok = PLAY(play, patron_engine_columns, engine, stream, &table);
  if (play.keep(ok, table, &play.tables)) check_table(table);
}

int64_t clock_of(const patron_engine* engine) {
  patron_engine_info info = PATRON_ENGINE_INFO_INIT;
  if (patron_engine_describe(engine, &info, nullptr) != PATRON_OK) return kFirst;
  return std::max(info.clock, kFirst);
}

const patron_advance_options* advance_options(Play& play) {
  if (!play.choices.one_in(2)) return nullptr;
  patron_advance_options options = PATRON_ADVANCE_OPTIONS_INIT;
  options.cancel = play.choices.one_in(2) ? play.pick_optional(play.cancels) : nullptr;
  return play.sized(options);
}

void advance(Play& play) {
  patron_engine* engine = play.pick(play.engines);
  const int64_t now = play.choices.one_in(8)
                          ? play.choices.number()
                          : clock_of(engine) + static_cast<int64_t>(play.choices.below(60)) * kDay;
  const patron_advance_options* options = advance_options(play);
  if (PLAY(play, patron_engine_advance, engine, now, options)) {
    patron_engine_info info = PATRON_ENGINE_INFO_INIT;
    FUZZ_CHECK(patron_engine_describe(engine, &info, nullptr) == PATRON_OK);
    FUZZ_CHECK(info.clock == now && info.next_due > now);
  }
}

void look(Play& play) {
  const patron_engine* engine = play.pick(play.engines);
  auto* info = play.output<patron_engine_info>(PATRON_ENGINE_INFO_INIT);
  if (PLAY(play, patron_engine_describe, engine, info)) FUZZ_CHECK(info->customers >= 0);
  const patron_engine* again = play.pick(play.engines);
  auto* memory = play.output<patron_engine_memory>(PATRON_ENGINE_MEMORY_INIT);
  if (PLAY(play, patron_engine_measure, again, memory)) FUZZ_CHECK(memory->total >= 0);
}

void transitions(Play& play) {
  const patron_engine* engine = play.pick(play.engines);
  const int64_t after = play.choices.number(), limit = play.choices.number();
  patron_table* table = nullptr;
  const bool ok = PLAY(play, patron_engine_transitions, engine, after, limit, &table);
  if (!play.keep(ok, table, &play.tables)) return;
  check_table(table);
  FUZZ_CHECK(patron_table_rows(table) <= limit);
  const auto at = numbers(table, "at");
  FUZZ_CHECK(std::is_sorted(at.begin(), at.end()));
}

void history(Play& play) {
  const patron_engine* engine = play.pick(play.engines);
  const int64_t number = play.choices.number() % 4;
  const patron_str customer = play.text({"", "ann"});
  patron_table* table = nullptr;
  const bool ok =
      PLAY(play, patron_engine_history, engine, number, customer.data, customer.size, &table);
  if (play.keep(ok, table, &play.tables)) check_table(table);
}

void classes(Play& play) {
  const patron_table* some = play.choices.one_in(2) ? play.pick_optional(play.tables) : nullptr;
  const patron_engine* engine = play.pick(play.engines);
  patron_table* table = nullptr;
  const bool ok = PLAY(play, patron_engine_classes, engine, some, &table);
  if (play.keep(ok, table, &play.tables)) check_table(table);
}

void profiles(Play& play) {
  const patron_table* some = play.choices.one_in(3) ? play.pick_optional(play.tables) : nullptr;
  const patron_engine* engine = play.pick(play.engines);
  auto* tags = play.memory<patron_str>(2);
  tags[0] = play.text({"spend", "tier", "n"});
  tags[1] = play.text({"vip", "marks"});
  patron_profiles_options options = PATRON_PROFILES_OPTIONS_INIT;
  options.customers = some;
  options.tags = tags;
  options.tag_count = play.choices.below(3);
  if (play.choices.one_in(4)) options.where = play.text({"spend > 0", "'shy' in marks"});
  patron_table* table = nullptr;
  const patron_profiles_options* in = play.choices.one_in(4) ? nullptr : play.sized(options);
  if (in == nullptr && play.expects_failure() && some != nullptr) return play.drop_call();
  const bool ok = PLAY(play, patron_engine_profiles, engine, in, &table);
  if (play.keep(ok, table, &play.tables)) check_table(table);
}

void profile(Play& play) {
  const patron_engine* engine = play.pick(play.engines);
  const int64_t number = play.choices.number() % 4;
  const patron_str customer = play.text({"", "ann"});
  patron_table* table = nullptr;
  const bool ok =
      PLAY(play, patron_engine_profile, engine, number, customer.data, customer.size, &table);
  if (play.keep(ok, table, &play.tables)) check_table(table);
}

void calibrate(Play& play) {
  patron_engine* engine = play.pick(play.engines);
  patron_calibration* made = nullptr;
  const bool held = play.choices.one_in(3);
  const bool ok = held ? PLAY(play, patron_engine_calibration, engine, &made)
                       : PLAY(play, patron_engine_calibrate, engine, &made);
  play.keep(ok, made, &play.calibrations);
}

void set_calibration(Play& play) {
  const patron_calibration* constants = play.pick(play.calibrations);
  patron_engine* engine = play.pick(play.engines);
  PLAY(play, patron_engine_set_calibration, engine, constants);
}

void past_calibrations(Play& play) {
  const patron_engine* engine = play.pick(play.engines);
  patron_table* table = nullptr;
  const bool ok = PLAY(play, patron_engine_calibrations, engine, &table);
  if (play.keep(ok, table, &play.tables)) check_table(table);
}

/// What the only part of a base says is what calibrate() finds.
void summarise(Play& play) {
  patron_engine* engine = play.pick(play.engines);
  patron_buffer* summary = nullptr;
  const bool ok = PLAY(play, patron_engine_summary_for_merge, engine, &summary);
  play.keep(ok, summary, &play.buffers);
}

void learn(Play& play) {
  patron_str bytes = play.text({"", "{}"});
  if (play.buffers.size() > 0) bytes = patron_buffer_text(play.buffers.at(0));
  patron_buffer* merged = nullptr;
  const uint64_t count = play.choices.one_in(8) ? 0 : 1;
  bool ok = PLAY(play, patron_summaries_merge, &bytes, count, &merged);
  play.keep(ok, merged, &play.buffers);
  const patron_engine* engine = play.pick(play.engines);
  const patron_str all = ok ? patron_buffer_text(merged) : bytes;
  patron_calibration* found = nullptr;
  ok = PLAY(play, patron_engine_learn, engine, all.data, all.size, &found);
  play.keep(ok, found, &play.calibrations);
}

void look_at_calibration(Play& play) {
  const patron_calibration* constants = play.pick(play.calibrations);
  auto* info = play.output<patron_calibration_info>(PATRON_CALIBRATION_INFO_INIT);
  if (PLAY(play, patron_calibration_describe, constants, info)) FUZZ_CHECK(info->number >= 0);
  constants = play.pick(play.calibrations);
  patron_table* report = nullptr;
  const bool ok = PLAY(play, patron_calibration_report, constants, &report);
  if (play.keep(ok, report, &play.tables)) check_table(report);
}

void calibration_json(Play& play) {
  const patron_calibration* constants = play.pick(play.calibrations);
  patron_buffer* json = nullptr;
  bool ok = PLAY(play, patron_calibration_to_json, constants, &json);
  if (!play.keep(ok, json, &play.buffers)) return;
  std::string text(patron_buffer_text(json).data, patron_buffer_text(json).size);
  for (size_t left = play.choices.one_in(2) ? play.choices.below(3) : 0; left > 0; left--) {
    text[play.choices.below(text.size())] = static_cast<char>(play.choices.byte());
  }
  const patron_str bytes = play.copy(text);
  patron_calibration* read = nullptr;
  ok = PLAY(play, patron_calibration_parse, bytes.data, bytes.size, &read);
  play.keep(ok, read, &play.calibrations);
}

void close_calibration(Play& play) {
  if (play.calibrations.size() == 0) return;
  play.reached("patron_calibration_close");
  play.calibrations.take(play.choices.below(play.calibrations.size()));
}

void distribution(Play& play) {
  const patron_engine* engine = play.pick(play.engines);
  const patron_str name = play.text({"tier", "marks", "teir"});
  patron_table* table = nullptr;
  const bool ok = PLAY(play, patron_engine_distribution, engine, name.data, name.size, &table);
  if (play.keep(ok, table, &play.tables)) check_table(table);
}

// What is forecast comes, where no fact does.
void forecast(Play& play) {
  patron_engine* engine = play.pick(play.engines);
  const int64_t until = clock_of(engine) + static_cast<int64_t>(play.choices.below(90)) * kDay;
  const bool all = play.choices.one_in(2);
  const patron_str name = all ? play.copy("") : play.text({"tier", "marks"});
  const patron_advance_options* options = advance_options(play);
  patron_table* table = nullptr;
  const bool ok =
      PLAY(play, patron_engine_forecast, engine, until, name.data, name.size, options, &table);
  if (!play.keep(ok, table, &play.tables)) return;
  check_table(table);
  if (name.size > 0 || !play.choices.one_in(2)) return;
  const auto customers = numbers(table, "at");
  patron_engine_info info = PATRON_ENGINE_INFO_INIT;
  FUZZ_CHECK(patron_engine_describe(engine, &info, nullptr) == PATRON_OK);
  if (patron_engine_advance(engine, until, nullptr, nullptr) != PATRON_OK) return;
  patron_table* came = nullptr;
  FUZZ_CHECK(patron_engine_transitions(engine, info.transitions, INT64_MAX, &came, nullptr) ==
             PATRON_OK);
  FUZZ_CHECK(numbers(came, "at") == customers);
  FUZZ_CHECK(texts(came, "to") == texts(table, "to"));
  patron_table_close(came);
}

void state_hash(Play& play) {
  const patron_engine* engine = play.pick(play.engines);
  patron_buffer* hash = nullptr;
  const bool ok = PLAY(play, patron_engine_state_hash, engine, &hash);
  if (play.keep(ok, hash, &play.buffers)) FUZZ_CHECK(patron_buffer_text(hash).size == 64);
}

// Ids that engines over kLive mostly have.
int64_t somebody(Play& play) { return static_cast<int64_t>(play.choices.below(6)); }

void link(Play& play) {
  patron_engine* engine = play.pick(play.engines);
  const int64_t a = somebody(play), b = somebody(play);
  const patron_str first = play.text({"", "ann"}), second = play.text({"", "bo"});
  if (play.choices.one_in(2)) {
    PLAY(play, patron_engine_unlink, engine, a, first.data, first.size, b, second.data,
         second.size);
    return;
  }
  auto* report = play.output<patron_link_report>(PATRON_LINK_REPORT_INIT);
  if (PLAY(play, patron_engine_link, engine, a, first.data, first.size, b, second.data, second.size,
           report)) {
    FUZZ_CHECK(report->done == 0 || report->done == 1);
  }
}

void link_pairs(Play& play) {
  const auto rows = static_cast<int64_t>(play.choices.below(5));
  auto* first = play.memory<int64_t>(static_cast<size_t>(rows));
  auto* second = play.memory<int64_t>(static_cast<size_t>(rows));
  for (int64_t i = 0; i < rows; ++i) first[i] = somebody(play), second[i] = somebody(play);
  const patron_column columns[2] = {plain("first", PATRON_TYPE_INT64, rows, first),
                                    plain("second", PATRON_TYPE_INT64, rows, second)};
  patron_table* made = nullptr;
  FUZZ_CHECK(patron_table_create(columns, 2, &made, nullptr) == PATRON_OK);
  play.tables.put(made);
  patron_engine* engine = play.pick(play.engines);
  auto* report = play.output<patron_ingest_report>(PATRON_INGEST_REPORT_INIT);
  patron_table* refused = nullptr;
  const bool apart = play.choices.one_in(2);
  const bool ok = apart ? PLAY(play, patron_engine_unlink_pairs, engine, made, report, &refused)
                        : PLAY(play, patron_engine_link_pairs, engine, made, report, &refused);
  if (play.keep(ok, refused, &play.tables)) check_report(*report, refused);
}

void claim(Play& play) {
  const auto rows = static_cast<int64_t>(play.choices.below(5));
  auto* customers = play.memory<int64_t>(static_cast<size_t>(rows));
  auto* ends = play.memory<int32_t>(static_cast<size_t>(rows) + 1);
  std::string members;
  for (int64_t i = 0; i < rows; ++i) {
    customers[i] = somebody(play);
    members += static_cast<char>('a' + play.choices.below(4));
    ends[i + 1] = static_cast<int32_t>(members.size());
  }
  patron_column columns[2] = {plain("customer", PATRON_TYPE_INT64, rows, customers),
                              plain("member", PATRON_TYPE_STRING, rows, nullptr)};
  columns[1].offsets = ends;
  columns[1].bytes = reinterpret_cast<const uint8_t*>(play.copy(members).data);
  patron_table* made = nullptr;
  FUZZ_CHECK(patron_table_create(columns, 2, &made, nullptr) == PATRON_OK);
  play.tables.put(made);
  patron_engine* engine = play.pick(play.engines);
  auto* report = play.output<patron_ingest_report>(PATRON_INGEST_REPORT_INIT);
  patron_table* refused = nullptr;
  const bool ok = PLAY(play, patron_engine_claim, engine, made, report, &refused);
  if (play.keep(ok, refused, &play.tables)) check_report(*report, refused);
}

void key_meetings(Play& play) {
  const patron_engine* engine = play.pick(play.engines);
  patron_table* table = nullptr;
  const bool ok = PLAY(play, patron_engine_key_meetings, engine, &table);
  if (play.keep(ok, table, &play.tables)) check_table(table);
}

void forget(Play& play) {
  patron_engine* engine = play.pick(play.engines);
  const int64_t number = somebody(play);
  const patron_str customer = play.text({"", "ann"});
  int32_t found = -1;
  if (PLAY(play, patron_engine_forget, engine, number, customer.data, customer.size, &found)) {
    FUZZ_CHECK(found == 0 || found == 1);
  }
}

void set_override(Play& play) {
  patron_engine* engine = play.pick(play.engines);
  const int64_t number = somebody(play);
  const int64_t begin = kFirst + static_cast<int64_t>(play.choices.below(90)) * kDay;
  const int64_t end = kFirst + static_cast<int64_t>(play.choices.below(90)) * kDay;
  patron_override what = PATRON_OVERRIDE_INIT;
  what.kind = static_cast<int32_t>(play.choices.below(5));
  what.classification = play.text({"tier", "marks", "abc"});
  what.to = play.text({"gold", "silver", "shy", ""});
  what.reason = play.text({"", "a friend"});
  what.author = play.text({"kim"});
  if (play.choices.one_in(2)) what.at = &begin;
  if (play.choices.one_in(2)) what.until = &end;
  const patron_override* in = play.sized(what);
  PLAY(play, patron_engine_override, engine, number, nullptr, 0, in);
}

void clear_override(Play& play) {
  patron_engine* engine = play.pick(play.engines);
  const int64_t number = somebody(play);
  const patron_str name = play.text({"tier", "marks", "abc"});
  const auto kind = static_cast<int32_t>(play.choices.below(5));
  PLAY(play, patron_engine_clear_override, engine, number, nullptr, 0, name.data, name.size, kind);
}

void overrides(Play& play) {
  const patron_engine* engine = play.pick(play.engines);
  const int64_t number = somebody(play);
  patron_table* table = nullptr;
  const bool ok = PLAY(play, patron_engine_overrides, engine, number, nullptr, 0, &table);
  if (play.keep(ok, table, &play.tables)) check_table(table);
}

void close(Play& play) {
  if (play.engines.size() == 0) return;
  play.reached("patron_engine_close");
  play.engines.take(play.choices.below(play.engines.size()));
}

}  // namespace

std::vector<Step> engine_steps() {
  return {{"engine open", open},
          {"engine ingest", ingest},
          {"engine add", add},
          {"engine attributes", set_attributes},
          {"engine delete", remove},
          {"engine columns", columns},
          {"engine advance", advance},
          {"engine look", look},
          {"engine transitions", transitions},
          {"engine history", history},
          {"engine classes", classes},
          {"engine profiles", profiles},
          {"engine distribution", distribution},
          {"engine forecast", forecast},
          {"engine state hash", state_hash},
          {"engine close", close},
          {"engine profile", profile},
          {"engine calibrate", calibrate},
          {"engine set calibration", set_calibration},
          {"engine summarise", summarise},
          {"engine learn", learn},
          {"calibration look", look_at_calibration},
          {"calibration json", calibration_json},
          {"calibration close", close_calibration},
          {"engine link", link},
          {"engine link pairs", link_pairs},
          {"engine claim", claim},
          {"engine key meetings", key_meetings},
          {"engine forget", forget},
          {"engine set override", set_override},
          {"engine clear override", clear_override},
          {"engine overrides", overrides}};
}

std::vector<Step> calibration_steps() { return {{"engine calibrations", past_calibrations}}; }

}  // namespace patron::fuzz
