/* The engine: orders go in, time passes, tiers change. */
#include "expect.h"

#define DAY (INT64_C(86400) * 1000000)

static const char kPolicy[] =
    "{\"patron\": 1, \"name\": \"shop\", \"customer\": {\"id\": \"int64\"},"
    " \"streams\": {\"orders\": {\"key\": \"order_id\"}},"
    " \"attributes\": {\"vip\": {\"type\": \"bool\"}},"
    " \"tags\": [{\"name\": \"spend\","
    " \"metric\": {\"sum\": \"orders.amount\", \"window\": \"90d\"}}],"
    " \"classifications\": [{\"name\": \"tier\", \"kind\": \"ladder\", \"classes\": ["
    "{\"name\": \"gold\", \"enter\": \"spend >= 80 || or_else(vip, false)\"},"
    " {\"name\": \"guest\"}]},"
    " {\"name\": \"abc\", \"kind\": \"rank\", \"by\": \"spend\", \"classes\": ["
    "{\"name\": \"A\", \"share\": 0.8}, {\"name\": \"B\"}]}],"
    " \"calibrate\": {\"min_customers\": 1}}";

static patron_engine* opened(void) {
  patron_error error = PATRON_ERROR_INIT;
  patron_engine_options options = PATRON_ENGINE_OPTIONS_INIT;
  patron_policy* policy = NULL;
  patron_engine* engine = NULL;
  EXPECT(patron_policy_parse(kPolicy, strlen(kPolicy), &policy, &error) == PATRON_OK);
  EXPECT(patron_engine_open(policy, &options, &engine, &error) == PATRON_OK);
  patron_policy_close(policy);
  return engine;
}

/* An order of customer 1 on day 20454 for 90.00, its other columns null. */
static void use_add(patron_engine* engine) {
  patron_error error = PATRON_ERROR_INIT;
  patron_ingest_options options = PATRON_INGEST_OPTIONS_INIT;
  patron_ingest_report report = PATRON_INGEST_REPORT_INIT;
  patron_event event = PATRON_EVENT_INIT;
  patron_cell cells[32];
  patron_column name = PATRON_COLUMN_INIT;
  patron_table *columns = NULL, *refused = NULL;
  int64_t i;
  EXPECT(patron_engine_find_stream(engine, "orders", 6) == 0);
  EXPECT(patron_engine_columns(engine, 0, &columns, &error) == PATRON_OK);
  EXPECT(patron_table_rows(columns) <= 32);
  EXPECT(patron_table_column(columns, place_of(columns, "name"), 0, &name, &error) == PATRON_OK);
  for (i = 0; i < patron_table_rows(columns); ++i) {
    const int64_t* ends = (const int64_t*)name.offsets + name.offset;
    const patron_cell blank = PATRON_CELL_INIT;
    patron_str text;
    text.data = (const char*)name.bytes + ends[i];
    text.size = (uint64_t)(ends[i + 1] - ends[i]);
    cells[i] = blank;
    cells[i].known = is(text, "amount") || is(text, "order_id");
    cells[i].integer = 9000;
    cells[i].text = patron_str_of("first");
  }
  event.number = 1;
  event.time = 20454 * DAY;
  event.values = cells;
  event.value_count = (uint64_t)patron_table_rows(columns);
  EXPECT(patron_engine_add(engine, 0, &event, 1, &options, &report, &refused, &error) == PATRON_OK);
  EXPECT(report.accepted == 1 && report.waiting == 1 && patron_table_rows(refused) == 0);
  patron_table_close(columns), patron_table_close(refused);
}

static void use_tables_in(patron_engine* engine) {
  patron_error error = PATRON_ERROR_INIT;
  patron_ingest_report report = PATRON_INGEST_REPORT_INIT;
  static const int64_t customer[] = {2};
  static const int32_t day[] = {20460}, ends[] = {0, 6};
  static const double amount[] = {20};
  static const uint8_t vip[] = {1};
  patron_column columns[4] = {PATRON_COLUMN_INIT, PATRON_COLUMN_INIT, PATRON_COLUMN_INIT,
                              PATRON_COLUMN_INIT};
  patron_table *events = NULL, *values = NULL, *keys = NULL;
  columns[0].name = patron_str_of("customer"), columns[0].type = PATRON_TYPE_INT64;
  columns[0].values = customer, columns[0].length = 1;
  columns[1].name = patron_str_of("time"), columns[1].type = PATRON_TYPE_DATE32;
  columns[1].values = day, columns[1].length = 1;
  columns[2].name = patron_str_of("amount"), columns[2].type = PATRON_TYPE_DOUBLE;
  columns[2].values = amount, columns[2].length = 1;
  columns[3].name = patron_str_of("order_id"), columns[3].type = PATRON_TYPE_STRING;
  columns[3].offsets = ends, columns[3].bytes = (const uint8_t*)"second", columns[3].length = 1;
  EXPECT(patron_table_create(columns, 4, &events, &error) == PATRON_OK);
  EXPECT(patron_engine_ingest(engine, "orders", 6, events, NULL, &report, NULL, &error) ==
         PATRON_OK);
  EXPECT(report.rows == 1 && report.accepted == 1);
  columns[1] = columns[3];
  EXPECT(patron_table_create(columns, 2, &keys, &error) == PATRON_OK);
  EXPECT(patron_engine_delete(engine, "orders", 6, keys, NULL, &report, NULL, &error) == PATRON_OK);
  EXPECT(report.deleted == 1);
  columns[1] = columns[2];
  columns[1].name = patron_str_of("vip"), columns[1].type = PATRON_TYPE_BOOL;
  columns[1].values = vip;
  columns[2].name = patron_str_of("time"), columns[2].type = PATRON_TYPE_DATE32;
  columns[2].values = day;
  EXPECT(patron_table_create(columns, 3, &values, &error) == PATRON_OK);
  EXPECT(patron_engine_set_attributes(engine, values, NULL, &report, NULL, &error) == PATRON_OK);
  EXPECT(report.accepted == 1);
  patron_table_close(events), patron_table_close(keys), patron_table_close(values);
}

static void use_tables_out(const patron_engine* engine) {
  patron_error error = PATRON_ERROR_INIT;
  const patron_str tag = patron_str_of("spend");
  patron_profiles_options options = PATRON_PROFILES_OPTIONS_INIT;
  patron_table *profile = NULL, *history = NULL;
  patron_table *moves = NULL, *hers = NULL, *classes = NULL, *profiles = NULL, *counts = NULL;
  EXPECT(patron_engine_transitions(engine, 0, 10, &moves, &error) == PATRON_OK);
  EXPECT(patron_table_rows(moves) >= 2 && place_of(moves, "fact_time") >= 0);
  EXPECT(patron_engine_history(engine, 1, NULL, 0, &hers, &error) == PATRON_OK);
  EXPECT(patron_table_rows(hers) == 2);
  EXPECT(patron_engine_history_table(engine, &history, &error) == PATRON_OK);
  EXPECT(patron_table_rows(history) == 2 && place_of(history, "tier.moves") >= 0);
  patron_table_close(history);
  EXPECT(patron_engine_classes(engine, NULL, &classes, &error) == PATRON_OK);
  EXPECT(patron_table_rows(classes) == 2 && place_of(classes, "tier_since") >= 0);
  options.tags = &tag, options.tag_count = 1;
  EXPECT(patron_engine_profiles(engine, &options, &profiles, &error) == PATRON_OK);
  EXPECT(patron_engine_profile(engine, 1, NULL, 0, &profile, &error) == PATRON_OK);
  EXPECT(patron_table_rows(profile) >= 4 && place_of(profile, "as_of") >= 0);
  patron_table_close(profile);
  EXPECT(patron_table_columns(profiles) == 2);
  EXPECT(patron_engine_distribution(engine, "tier", 4, &counts, &error) == PATRON_OK);
  EXPECT(patron_table_rows(counts) == 2);
  patron_table_close(moves), patron_table_close(hers), patron_table_close(classes);
  patron_table_close(profiles), patron_table_close(counts);
}

static void use_calibration(patron_engine* engine) {
  patron_error error = PATRON_ERROR_INIT;
  patron_calibration_info info = PATRON_CALIBRATION_INFO_INIT;
  patron_calibration *made = NULL, *read = NULL, *held = NULL, *learned = NULL;
  patron_buffer *json = NULL, *summary = NULL, *merged = NULL;
  patron_table *report = NULL, *past = NULL;
  patron_str text;
  EXPECT(patron_engine_calibrate(engine, &made, &error) == PATRON_OK);
  EXPECT(patron_calibration_describe(made, &info, &error) == PATRON_OK);
  EXPECT(info.number == 1 && info.complete == 1 && info.customers >= 1);
  EXPECT(patron_calibration_report(made, &report, &error) == PATRON_OK);
  EXPECT(patron_table_rows(report) == 1);
  EXPECT(patron_calibration_to_json(made, &json, &error) == PATRON_OK);
  text = patron_buffer_text(json);
  EXPECT(patron_calibration_parse(text.data, text.size, &read, &error) == PATRON_OK);
  EXPECT(patron_engine_set_calibration(engine, read, &error) == PATRON_OK);
  EXPECT(patron_engine_calibration(engine, &held, &error) == PATRON_OK);
  EXPECT(patron_engine_calibrations(engine, &past, &error) == PATRON_OK);
  EXPECT(patron_table_rows(past) == 2);
  EXPECT(patron_engine_summary_for_merge(engine, &summary, &error) == PATRON_OK);
  text = patron_buffer_text(summary);
  EXPECT(patron_summaries_merge(&text, 1, &merged, &error) == PATRON_OK);
  text = patron_buffer_text(merged);
  EXPECT(patron_engine_learn(engine, text.data, text.size, &learned, &error) == PATRON_OK);
  patron_calibration_close(made), patron_calibration_close(read), patron_calibration_close(held);
  patron_calibration_close(learned), patron_table_close(report);
  patron_table_close(past);
  patron_buffer_close(json), patron_buffer_close(summary), patron_buffer_close(merged);
}

/* Customers 1 and 2 as one and apart again, and a pin. */
static void use_people(patron_engine* engine) {
  patron_error error = PATRON_ERROR_INIT;
  patron_link_report report = PATRON_LINK_REPORT_INIT;
  patron_ingest_report rows = PATRON_INGEST_REPORT_INIT;
  patron_override pin = PATRON_OVERRIDE_INIT;
  static const int64_t first[] = {1}, second[] = {2};
  patron_column columns[2] = {PATRON_COLUMN_INIT, PATRON_COLUMN_INIT};
  patron_table *pairs = NULL, *refused = NULL, *meetings = NULL, *overrides = NULL, *ids = NULL;
  patron_identity who = PATRON_IDENTITY_INIT;
  int32_t found = -1;
  EXPECT(patron_engine_link(engine, 1, NULL, 0, 2, NULL, 0, &report, &error) == PATRON_OK);
  EXPECT(report.done == 1 && report.survivor_number == 1 && report.other_number == 2);
  EXPECT(patron_engine_customer_of(engine, 2, NULL, 0, &who, &error) == PATRON_OK);
  EXPECT(who.found == 1 && who.number == 1);
  EXPECT(patron_engine_identities(engine, NULL, &ids, &error) == PATRON_OK);
  EXPECT(patron_table_rows(ids) == 2 && place_of(ids, "id") == 0 && place_of(ids, "customer") == 1);
  EXPECT(patron_engine_unlink(engine, 1, NULL, 0, 2, NULL, 0, &error) == PATRON_OK);
  columns[0].name = patron_str_of("first"), columns[0].type = PATRON_TYPE_INT64;
  columns[0].values = first, columns[0].length = 1;
  columns[1].name = patron_str_of("second"), columns[1].type = PATRON_TYPE_INT64;
  columns[1].values = second, columns[1].length = 1;
  EXPECT(patron_table_create(columns, 2, &pairs, &error) == PATRON_OK);
  EXPECT(patron_engine_link_pairs(engine, pairs, &rows, &refused, &error) == PATRON_OK);
  EXPECT(rows.accepted == 1 && patron_table_rows(refused) == 0);
  EXPECT(patron_engine_unlink_pairs(engine, pairs, &rows, NULL, &error) == PATRON_OK);
  EXPECT(rows.deleted == 1);
  columns[0].name = patron_str_of("customer");
  patron_table_close(pairs);
  EXPECT(patron_table_create(columns, 1, &pairs, &error) == PATRON_OK);
  EXPECT(patron_engine_claim(engine, pairs, NULL, NULL, &error) == PATRON_OK);
  EXPECT(patron_engine_key_meetings(engine, &meetings, &error) == PATRON_OK);
  EXPECT(patron_table_rows(meetings) == 0 && place_of(meetings, "because") >= 0);
  pin.kind = PATRON_OVERRIDE_PIN;
  pin.classification = patron_str_of("tier"), pin.to = patron_str_of("guest");
  pin.author = patron_str_of("kim");
  EXPECT(patron_engine_override(engine, 1, NULL, 0, &pin, &error) == PATRON_OK);
  EXPECT(patron_engine_overrides(engine, 1, NULL, 0, &overrides, &error) == PATRON_OK);
  EXPECT(patron_table_rows(overrides) == 1 && place_of(overrides, "effective") >= 0);
  EXPECT(patron_engine_clear_override(engine, 1, NULL, 0, "tier", 4, PATRON_OVERRIDE_PIN, &error) ==
         PATRON_OK);
  EXPECT(patron_engine_forget(engine, 2, NULL, 0, &found, &error) == PATRON_OK && found == 1);
  patron_table_close(pairs), patron_table_close(refused);
  patron_table_close(meetings), patron_table_close(overrides), patron_table_close(ids);
}

/* The policy in force takes over from itself, and who was where. */
static void use_publish(patron_engine* engine, int64_t clock) {
  patron_error error = PATRON_ERROR_INIT;
  patron_publish_report report = PATRON_PUBLISH_REPORT_INIT;
  patron_policy* policy = NULL;
  patron_table *uncalibrated = NULL, *moves = NULL, *policies = NULL, *counts = NULL, *ways = NULL;
  EXPECT(patron_engine_policy(engine, &policy, &error) == PATRON_OK);
  EXPECT(patron_engine_compare(engine, policy, NULL, 0, NULL, &moves, &error) == PATRON_OK);
  EXPECT(patron_table_rows(moves) == 0);
  EXPECT(patron_engine_publish(engine, policy, "{}", 2, &report, &uncalibrated, &error) ==
         PATRON_OK);
  EXPECT(report.same == 1 && report.number == 1 && patron_table_rows(uncalibrated) == 0);
  EXPECT(patron_engine_policies(engine, &policies, &error) == PATRON_OK);
  EXPECT(patron_table_rows(policies) == 1);
  EXPECT(patron_engine_distribution_at(engine, "tier", 4, clock, &counts, &error) == PATRON_OK);
  EXPECT(patron_engine_migration(engine, "tier", 4, clock, clock, &ways, &error) == PATRON_OK);
  EXPECT(patron_table_rows(counts) >= 2 && place_of(ways, "customers") >= 0);
  patron_policy_close(policy), patron_table_close(uncalibrated), patron_table_close(moves);
  patron_table_close(policies), patron_table_close(counts), patron_table_close(ways);
}

static void use_explain(const patron_engine* engine) {
  patron_error error = PATRON_ERROR_INIT;
  patron_buffer *text = NULL, *json = NULL;
  EXPECT(patron_engine_explain(engine, 1, NULL, 0, "tier", 4, "en", 2, &text, &json, &error) ==
         PATRON_OK);
  EXPECT(patron_buffer_text(text).size > 0 && patron_buffer_text(json).data[0] == '{');
  patron_buffer_close(text), patron_buffer_close(json);
}

static int32_t count_bytes(void* context, const uint8_t* bytes, uint64_t size) {
  (void)bytes;
  *(uint64_t*)context += size;
  return 0;
}

static void use_saved(const patron_engine* engine) {
  patron_error error = PATRON_ERROR_INIT;
  patron_sink sink = PATRON_SINK_INIT;
  patron_buffer* bytes = NULL;
  patron_engine* again = NULL;
  patron_policy* policy = NULL;
  patron_str text;
  uint64_t counted = 0;
  sink.write = count_bytes, sink.context = &counted;
  EXPECT(patron_engine_save(engine, &bytes, &error) == PATRON_OK);
  EXPECT(patron_engine_save_to(engine, &sink, &error) == PATRON_OK);
  text = patron_buffer_text(bytes);
  EXPECT(text.size == counted);
  EXPECT(patron_engine_load(text.data, text.size, NULL, &again, &error) == PATRON_OK);
  EXPECT(patron_engine_policy(again, &policy, &error) == PATRON_OK && policy != NULL);
  patron_engine_close(again);
  EXPECT(patron_engine_load_with_policy(text.data, text.size, policy, NULL, &again, &error) ==
         PATRON_OK);
  patron_policy_close(policy), patron_buffer_close(bytes), patron_engine_close(again);
}

static int32_t count_told(void* context, const patron_table* transitions) {
  *(int64_t*)context += patron_table_rows(transitions);
  return 0;
}

/* The engine as it stands, asked after the engine is closed. */
static void use_snapshot(patron_snapshot* snapshot) {
  patron_error error = PATRON_ERROR_INIT;
  patron_snapshot_info info = PATRON_SNAPSHOT_INFO_INIT;
  patron_profiles_options options = PATRON_PROFILES_OPTIONS_INIT;
  patron_table *classes = NULL, *profiles = NULL, *profile = NULL, *counts = NULL, *ids = NULL;
  patron_identity who = PATRON_IDENTITY_INIT;
  EXPECT(patron_snapshot_describe(snapshot, &info, &error) == PATRON_OK);
  EXPECT(info.customer == PATRON_KIND_INT64 && info.customers == 1);
  EXPECT(patron_snapshot_classes(snapshot, NULL, &classes, &error) == PATRON_OK);
  EXPECT(patron_table_rows(classes) == 1);
  options.where = patron_str_of("spend >= 90");
  EXPECT(patron_snapshot_profiles(snapshot, &options, &profiles, &error) == PATRON_OK);
  EXPECT(patron_table_rows(profiles) == 1);
  EXPECT(patron_snapshot_profile(snapshot, 1, NULL, 0, &profile, &error) == PATRON_OK);
  EXPECT(patron_table_rows(profile) >= 4);
  EXPECT(patron_snapshot_distribution(snapshot, "tier", 4, &counts, &error) == PATRON_OK);
  EXPECT(patron_table_rows(counts) == 2);
  EXPECT(patron_snapshot_customer_of(snapshot, 1, NULL, 0, &who, &error) == PATRON_OK);
  EXPECT(who.found == 1 && who.number == 1);
  EXPECT(patron_snapshot_identities(snapshot, NULL, &ids, &error) == PATRON_OK);
  EXPECT(patron_table_rows(ids) == 1);
  patron_table_close(classes), patron_table_close(profiles), patron_table_close(ids);
  patron_table_close(profile), patron_table_close(counts);
  patron_snapshot_close(snapshot);
}

void use_engine(void) {
  patron_error error = PATRON_ERROR_INIT;
  patron_engine_info info = PATRON_ENGINE_INFO_INIT;
  patron_engine_memory memory = PATRON_ENGINE_MEMORY_INIT;
  patron_advance_options options = PATRON_ADVANCE_OPTIONS_INIT;
  patron_engine* engine = opened();
  patron_table* forecast = NULL;
  patron_buffer* hash = NULL;
  patron_snapshot* snapshot = NULL;
  int64_t told = 0;
  use_add(engine);
  use_tables_in(engine);
  EXPECT(patron_engine_advance(engine, 20500 * DAY, &options, &error) == PATRON_OK);
  EXPECT(patron_engine_describe(engine, &info, &error) == PATRON_OK);
  EXPECT(info.customer == PATRON_KIND_INT64 && info.clock == 20500 * DAY);
  EXPECT(info.customers == 2 && info.events == 1 && info.values == 1);
  EXPECT(patron_engine_measure(engine, &memory, &error) == PATRON_OK && memory.total > 0);
  use_tables_out(engine);
  EXPECT(patron_engine_forecast(engine, 20600 * DAY, "tier", 4, NULL, &forecast, &error) ==
         PATRON_OK);
  EXPECT(patron_table_rows(forecast) == 1); /* 90.00 leave the 90 days on day 20544 */
  EXPECT(info.next_due == 20544 * DAY);
  EXPECT(patron_engine_state_hash(engine, &hash, &error) == PATRON_OK);
  EXPECT(patron_buffer_text(hash).size == 64);
  patron_table_close(forecast), patron_buffer_close(hash);
  use_calibration(engine);
  use_people(engine);
  use_saved(engine);
  use_publish(engine, info.clock);
  use_explain(engine);
  EXPECT(patron_engine_snapshot(engine, &snapshot, &error) == PATRON_OK);
  options.on_transitions = count_told, options.transitions_context = &told;
  EXPECT(patron_engine_advance(engine, 20600 * DAY, &options, &error) == PATRON_OK);
  EXPECT(told >= 1); /* 90.00 left the 90 days */
  patron_engine_close(engine);
  use_snapshot(snapshot);
}
