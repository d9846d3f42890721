/* The engine: orders go in, time passes, tiers change. */
#include "expect.h"

#define DAY (INT64_C(86400) * 1000000)

static const char kPolicy[] =
    "{\"patron\": 1, \"name\": \"shop\", \"customer\": {\"id\": \"int64\"},"
    " \"streams\": {\"orders\": {\"key\": \"order_id\"}}, \"attributes\": {\"vip\": {\"type\": "
    "\"bool\"}},"
    " \"tags\": [{\"name\": \"spend\", \"metric\": {\"sum\": \"orders.amount\", \"window\": "
    "\"90d\"}}],"
    " \"classifications\": [{\"name\": \"tier\", \"kind\": \"ladder\", \"classes\": ["
    "{\"name\": \"gold\", \"enter\": \"spend >= 80 || or_else(vip, false)\"}, {\"name\": "
    "\"guest\"}]}]}";

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
  EXPECT(patron_table_create(columns, 2, &values, &error) == PATRON_OK);
  EXPECT(patron_engine_set_attributes(engine, values, NULL, &report, NULL, &error) == PATRON_OK);
  EXPECT(report.accepted == 1);
  patron_table_close(events), patron_table_close(keys), patron_table_close(values);
}

static void use_tables_out(const patron_engine* engine) {
  patron_error error = PATRON_ERROR_INIT;
  const patron_str tag = patron_str_of("spend");
  patron_table *moves = NULL, *hers = NULL, *classes = NULL, *profiles = NULL, *counts = NULL;
  EXPECT(patron_engine_transitions(engine, 0, 10, &moves, &error) == PATRON_OK);
  EXPECT(patron_table_rows(moves) >= 2 && place_of(moves, "fact_time") >= 0);
  EXPECT(patron_engine_history(engine, 1, NULL, 0, &hers, &error) == PATRON_OK);
  EXPECT(patron_table_rows(hers) == 1);
  EXPECT(patron_engine_classes(engine, NULL, &classes, &error) == PATRON_OK);
  EXPECT(patron_table_rows(classes) == 2 && place_of(classes, "tier_since") >= 0);
  EXPECT(patron_engine_profiles(engine, &tag, 1, &profiles, &error) == PATRON_OK);
  EXPECT(patron_table_columns(profiles) == 2);
  EXPECT(patron_engine_distribution(engine, "tier", 4, &counts, &error) == PATRON_OK);
  EXPECT(patron_table_rows(counts) == 2);
  patron_table_close(moves), patron_table_close(hers), patron_table_close(classes);
  patron_table_close(profiles), patron_table_close(counts);
}

void use_engine(void) {
  patron_error error = PATRON_ERROR_INIT;
  patron_engine_info info = PATRON_ENGINE_INFO_INIT;
  patron_engine_memory memory = PATRON_ENGINE_MEMORY_INIT;
  patron_advance_options options = PATRON_ADVANCE_OPTIONS_INIT;
  patron_engine* engine = opened();
  patron_table* forecast = NULL;
  patron_buffer* hash = NULL;
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
  patron_engine_close(engine);
}
