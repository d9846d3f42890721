/* A night's work with an engine: columns of orders, marks and cancellations go in, time passes, and
   everybody's classes come out as tables. */
#include <inttypes.h>
#include <string.h>

#include "check.h"

#define DAY (INT64_C(86400) * 1000000)

static const char kPolicy[] =
    "{\"patron\": 1, \"name\": \"shop\", \"customer\": {\"id\": \"int64\"},"
    " \"money\": {\"currency\": \"EUR\", \"scale\": 2},"
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

/* Memory of the program's own is a column as it is. */
static patron_column plain(const char* name, int32_t type, int64_t rows, const void* values) {
  patron_column column = PATRON_COLUMN_INIT;
  column.name = patron_str_of(name);
  column.type = type;
  column.length = rows;
  column.values = values;
  return column;
}

static patron_table* table(const patron_column* columns, uint64_t count) {
  patron_error error = PATRON_ERROR_INIT;
  patron_table* made;
  check(patron_table_create(columns, count, &made, &error), &error);
  return made;
}

static patron_engine* opened(void) {
  patron_error error = PATRON_ERROR_INIT;
  patron_policy* policy;
  patron_engine* engine;
  check(patron_policy_parse(kPolicy, strlen(kPolicy), &policy, &error), &error);
  check(patron_engine_open(policy, NULL, &engine, &error), &error);
  patron_policy_close(policy);
  return engine;
}

static void fill(patron_engine* engine) {
  patron_error error = PATRON_ERROR_INIT;
  patron_ingest_report report = PATRON_INGEST_REPORT_INIT;
  static const int64_t customers[] = {1, 2, 1}, second[] = {2};
  static const int32_t days[] = {20454, 20460, 20470}; /* 2026-01-01 is 20454 */
  static const double amounts[] = {50, 20, 35.5};
  static const uint8_t yes[] = {1};
  static const int32_t ends[] = {0, 2, 4, 6};
  patron_column columns[4];
  patron_table *orders, *refused, *marks, *cancelled;
  /* [ingest] */
  columns[0] = plain("customer", PATRON_TYPE_INT64, 3, customers);
  columns[1] = plain("time", PATRON_TYPE_DATE32, 3, days);
  columns[2] = plain("amount", PATRON_TYPE_DOUBLE, 3, amounts); /* in euros */
  columns[3] = plain("order_id", PATRON_TYPE_STRING, 3, NULL);
  columns[3].offsets = ends;
  columns[3].bytes = (const uint8_t*)"o1o2o3";
  orders = table(columns, 4);
  check(patron_engine_ingest(engine, "orders", strlen("orders"), orders, NULL, &report, &refused,
                             &error),
        &error);
  printf("%" PRId64 " of %" PRId64 " orders are new\n", report.accepted, report.rows);
  /* [/ingest] */
  expect(report.accepted == 3 && patron_table_rows(refused) == 0, "three orders");

  columns[0] = plain("customer", PATRON_TYPE_INT64, 1, second);
  columns[1] = plain("time", PATRON_TYPE_DATE32, 1, days); /* from which on she is one */
  columns[2] = plain("vip", PATRON_TYPE_BOOL, 1, yes);
  marks = table(columns, 3);
  check(patron_engine_set_attributes(engine, marks, NULL, &report, NULL, &error), &error);

  columns[1] = columns[3];
  columns[1].length = 1;
  columns[1].offsets = ends + 1; /* "o2" */
  cancelled = table(columns, 2);
  check(patron_engine_delete(engine, "orders", strlen("orders"), cancelled, NULL, &report, NULL,
                             &error),
        &error);
  expect(report.deleted == 1, "the order of customer 2");
  patron_table_close(orders), patron_table_close(refused);
  patron_table_close(marks), patron_table_close(cancelled);
}

/* What ranks and models learn from everybody, kept and shipped as a document; two machines that
   hold a part of the customers each learn the same from the summaries of both. */
static void calibrate(patron_engine* engine) {
  patron_error error = PATRON_ERROR_INIT;
  /* [calibrate] */
  patron_calibration *learned, *read;
  patron_buffer* json;
  check(patron_engine_calibrate(engine, &learned, &error), &error);
  check(patron_calibration_to_json(learned, &json, &error), &error);
  const patron_str document = patron_buffer_text(json);
  check(patron_calibration_parse(document.data, document.size, &read, &error), &error);
  check(patron_engine_set_calibration(engine, read, &error), &error);
  /* [/calibrate] */
  patron_calibration_info info = PATRON_CALIBRATION_INFO_INIT;
  patron_table *report, *past;
  patron_calibration *held, *again;
  patron_buffer *summary, *merged;
  check(patron_calibration_describe(read, &info, &error), &error);
  check(patron_calibration_report(read, &report, &error), &error);
  expect(info.number == 1 && info.complete && patron_table_rows(report) == 1, "one rank");
  check(patron_engine_calibrations(engine, &past, &error), &error);
  expect(patron_table_rows(past) == 2, "the one that was made, and the same put in force");
  check(patron_engine_calibration(engine, &held, &error), &error);
  check(patron_engine_summary_for_merge(engine, &summary, &error), &error);
  const patron_str part = patron_buffer_text(summary);
  check(patron_summaries_merge(&part, 1, &merged, &error), &error);
  const patron_str whole = patron_buffer_text(merged);
  check(patron_engine_learn(engine, whole.data, whole.size, &again, &error), &error);
  patron_calibration_close(learned), patron_calibration_close(read);
  patron_calibration_close(held), patron_calibration_close(again);
  patron_buffer_close(json), patron_buffer_close(summary), patron_buffer_close(merged);
  patron_table_close(report), patron_table_close(past);
}

int main(void) {
  patron_error error = PATRON_ERROR_INIT;
  patron_engine* engine = opened();
  patron_table *classes, *counts, *profiles, *profile, *history;
  patron_engine_memory memory = PATRON_ENGINE_MEMORY_INIT;
  patron_buffer* hash;
  fill(engine);
  check(patron_engine_advance(engine, 20500 * DAY, NULL, &error), &error);

  check(patron_engine_classes(engine, NULL, &classes, &error), &error);
  expect(patron_table_rows(classes) == 2, "two customers");
  check(patron_engine_distribution(engine, "tier", strlen("tier"), &counts, &error), &error);
  expect(patron_table_rows(counts) == 2, "two classes");
  /* [profiles] */
  const patron_str tag = patron_str_of("spend");
  patron_profiles_options options = PATRON_PROFILES_OPTIONS_INIT;
  options.tags = &tag, options.tag_count = 1;
  check(patron_engine_profiles(engine, &options, &profiles, &error), &error);
  check(patron_engine_profile(engine, 1, NULL, 0, &profile, &error), &error);
  /* [/profiles] */
  expect(patron_table_rows(profiles) == 2 && patron_table_columns(profiles) == 2, "two and a tag");
  expect(patron_table_rows(profile) == 13, "vip, spend, tier and abc, and the history of both");
  calibrate(engine);
  check(patron_engine_history(engine, 1, NULL, 0, &history, &error), &error);
  /* 50.00, then 85.50: guest on day 20454, gold on day 20470. */
  expect(patron_table_rows(history) == 4, "twice in tier, into B and to A in abc");

  check(patron_engine_measure(engine, &memory, &error), &error);
  printf("%" PRId64 " bytes, %" PRId64 " of them events\n", memory.total, memory.events);
  check(patron_engine_state_hash(engine, &hash, &error), &error);
  const patron_str digits = patron_buffer_text(hash);
  printf("state %.8s...\n", digits.data);
  expect(digits.size == 64, "a hash");

  patron_table_close(classes), patron_table_close(counts);
  patron_table_close(profile), patron_table_close(profiles), patron_table_close(history);
  patron_buffer_close(hash), patron_engine_close(engine);
  return 0;
}
