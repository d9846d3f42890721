/* One customer from several ids, and classes that people decide: what a relationship system does
   when the service desk finds out who is who. */
#include <inttypes.h>
#include <string.h>

#include "check.h"

#define DAY (INT64_C(86400) * 1000000)

static const char kPolicy[] =
    "{\"patron\": 1, \"name\": \"two channels\", \"customer\": {\"id\": \"string\"},"
    " \"money\": {\"currency\": \"EUR\", \"scale\": 2}, \"identities\": {\"keys\": [\"phone\"]},"
    " \"streams\": {\"orders\": {}},"
    " \"tags\": [{\"name\": \"spend\", \"metric\": {\"sum\": \"orders.amount\"}}],"
    " \"classifications\": [{\"name\": \"tier\", \"kind\": \"ladder\", \"classes\": ["
    "{\"name\": \"gold\", \"enter\": \"spend >= 500\"}, {\"name\": \"guest\"}]}]}";

static patron_column texts(const char* name, const char* bytes, const int32_t* ends, int64_t rows) {
  patron_column out = PATRON_COLUMN_INIT;
  out.name = patron_str_of(name);
  out.type = PATRON_TYPE_STRING;
  out.length = rows;
  out.offsets = ends;
  out.bytes = (const uint8_t*)bytes;
  return out;
}

/* Anna's 300.00 in the shop, 250.00 of web:7, on the first and the second day of 2026. */
static void sell(patron_engine* engine) {
  static const int32_t ends[] = {0, 6, 11}, days[] = {20454, 20455};
  static const double amounts[] = {300, 250};
  patron_error error = PATRON_ERROR_INIT;
  patron_column columns[3] = {texts("customer", "shop:1web:7", ends, 2), PATRON_COLUMN_INIT,
                              PATRON_COLUMN_INIT};
  patron_table* orders;
  columns[1].name = patron_str_of("time"), columns[1].type = PATRON_TYPE_DATE32;
  columns[1].length = 2, columns[1].values = days;
  columns[2].name = patron_str_of("amount"), columns[2].type = PATRON_TYPE_DOUBLE;
  columns[2].length = 2, columns[2].values = amounts;
  check(patron_table_create(columns, 3, &orders, &error), &error);
  check(patron_engine_ingest(engine, "orders", 6, orders, NULL, NULL, NULL, &error), &error);
  check(patron_engine_advance(engine, 20460 * DAY, NULL, &error), &error);
  patron_table_close(orders);
}

static int64_t in_gold(const patron_engine* engine) {
  patron_error error = PATRON_ERROR_INIT;
  patron_table* counts;
  patron_column customers = PATRON_COLUMN_INIT;
  check(patron_engine_distribution(engine, "tier", 4, &counts, &error), &error);
  check(patron_table_column(counts, 1, 0, &customers, &error), &error);
  const int64_t gold = ((const int64_t*)customers.values)[customers.offset];
  patron_table_close(counts);
  return gold;
}

/* The two ids are one customer; and apart again. */
static void link_by_hand(patron_engine* engine) {
  patron_error error = PATRON_ERROR_INIT;
  patron_link_report report = PATRON_LINK_REPORT_INIT;
  check(patron_engine_link(engine, 0, "shop:1", 6, 0, "web:7", 5, &report, &error), &error);
  printf("%.*s now stands for %.*s too\n", (int)report.survivor.size, report.survivor.data,
         (int)report.other.size, report.other.data);
  check(patron_engine_advance(engine, 20461 * DAY, NULL, &error), &error);
  expect(in_gold(engine) == 1, "550.00 together");
  check(patron_engine_unlink(engine, 0, "shop:1", 6, 0, "web:7", 5, &error), &error);
  check(patron_engine_advance(engine, 20462 * DAY, NULL, &error), &error);
  expect(in_gold(engine) == 0, "300.00 and 250.00");
}

/* The same as tables: pairs from a file, and a phone that both have. */
static void link_by_tables(patron_engine* engine) {
  static const int32_t first[] = {0, 6}, second[] = {0, 5}, both[] = {0, 6, 11},
                       phones[] = {0, 8, 16};
  patron_error error = PATRON_ERROR_INIT;
  patron_ingest_report report = PATRON_INGEST_REPORT_INIT;
  patron_column columns[2] = {texts("first", "shop:1", first, 1),
                              texts("second", "web:7", second, 1)};
  patron_table *pairs, *keys, *refused, *meetings;
  check(patron_table_create(columns, 2, &pairs, &error), &error);
  check(patron_engine_link_pairs(engine, pairs, &report, NULL, &error), &error);
  expect(report.accepted == 1, "they were two");
  check(patron_engine_unlink_pairs(engine, pairs, &report, &refused, &error), &error);
  expect(report.deleted == 1 && patron_table_rows(refused) == 0, "and are again");
  patron_table_close(pairs), patron_table_close(refused);
  columns[0] = texts("customer", "shop:1web:7", both, 2);
  columns[1] = texts("phone", "+4912345+4912345", phones, 2);
  check(patron_table_create(columns, 2, &keys, &error), &error);
  check(patron_engine_claim(engine, keys, NULL, NULL, &error), &error);
  check(patron_engine_advance(engine, 20463 * DAY, NULL, &error), &error);
  check(patron_engine_key_meetings(engine, &meetings, &error), &error);
  expect(patron_table_rows(meetings) == 1 && in_gold(engine) == 1, "one phone, one customer");
  patron_table_close(keys), patron_table_close(meetings);
}

/* A call comes in on web:7; and a table for the warehouse, whose orders have ids of both channels.
   Other threads ask a snapshot. */
static void look_up(const patron_engine* engine) {
  patron_error error = PATRON_ERROR_INIT;
  patron_identity caller = PATRON_IDENTITY_INIT;
  patron_snapshot* snapshot;
  patron_table *identities, *same;
  check(patron_engine_customer_of(engine, 0, "web:7", 5, &caller, &error), &error);
  printf("web:7 is %.*s\n", (int)caller.customer.size, caller.customer.data);
  check(patron_engine_customer_of(engine, 0, "app:3", 5, &caller, &error), &error);
  expect(caller.found == 0, "nobody ever sent it");
  check(patron_engine_identities(engine, NULL, &identities, &error), &error);
  expect(patron_table_rows(identities) == 2, "two ids of one customer");
  check(patron_engine_snapshot(engine, &snapshot, &error), &error);
  check(patron_snapshot_customer_of(snapshot, 0, "web:7", 5, &caller, &error), &error);
  check(patron_snapshot_identities(snapshot, NULL, &same, &error), &error);
  expect(caller.found == 1 && patron_table_rows(same) == 2, "as it stood");
  patron_table_close(identities), patron_table_close(same), patron_snapshot_close(snapshot);
}

/* The desk makes a guest of her for a week, thinks better of it, and forgets her when asked. */
static void decide(patron_engine* engine) {
  const int64_t until = 20470 * DAY;
  patron_error error = PATRON_ERROR_INIT;
  patron_override pin = PATRON_OVERRIDE_INIT;
  patron_table* standing;
  int32_t found;
  pin.kind = PATRON_OVERRIDE_PIN;
  pin.classification = patron_str_of("tier"), pin.to = patron_str_of("guest");
  pin.until = &until;
  pin.reason = patron_str_of("payment is disputed"), pin.author = patron_str_of("desk 4");
  check(patron_engine_override(engine, 0, "web:7", 5, &pin, &error), &error);
  check(patron_engine_advance(engine, 20464 * DAY, NULL, &error), &error);
  expect(in_gold(engine) == 0, "pinned");
  check(patron_engine_overrides(engine, 0, "web:7", 5, &standing, &error), &error);
  printf("%" PRId64 " override stands\n", patron_table_rows(standing));
  patron_table_close(standing);
  check(patron_engine_clear_override(engine, 0, "web:7", 5, "tier", 4, PATRON_OVERRIDE_PIN, &error),
        &error);
  check(patron_engine_advance(engine, 20465 * DAY, NULL, &error), &error);
  expect(in_gold(engine) == 1, "what she is by herself");
  check(patron_engine_forget(engine, 0, "shop:1", 6, &found, &error), &error);
  expect(found == 1 && in_gold(engine) == 0, "nobody is left");
}

int main(void) {
  patron_error error = PATRON_ERROR_INIT;
  patron_policy* policy;
  patron_engine* engine;
  check(patron_policy_parse(kPolicy, strlen(kPolicy), &policy, &error), &error);
  check(patron_engine_open(policy, NULL, &engine, &error), &error);
  patron_policy_close(policy);
  sell(engine);
  link_by_hand(engine);
  link_by_tables(engine);
  look_up(engine);
  decide(engine);
  patron_engine_close(engine);
  return 0;
}
