/* One process with many shops inside, each with its own engine over the one policy that all share;
   a restart loads them over one policy again. */
#include <inttypes.h>
#include <string.h>

#include "check.h"

#define DAY (INT64_C(86400) * 1000000)
#define TENANTS 3

static const char kPolicy[] =
    "{\"patron\": 1, \"name\": \"any shop\", \"customer\": {\"id\": \"int64\"},"
    " \"money\": {\"currency\": \"EUR\", \"scale\": 2}, \"streams\": {\"orders\": {}},"
    " \"tags\": [{\"name\": \"spend\", \"metric\": {\"sum\": \"orders.amount\", \"window\": "
    "\"90d\"}}],"
    " \"classifications\": [{\"name\": \"tier\", \"kind\": \"ladder\", \"classes\": ["
    "{\"name\": \"gold\", \"enter\": \"spend >= 500\"}, {\"name\": \"guest\"}]}]}";

/* 600.00 of customer 1 on a day. */
static void sell(patron_engine* engine, int32_t day) {
  static const int64_t customers[] = {1};
  static const double amounts[] = {600};
  patron_error error = PATRON_ERROR_INIT;
  patron_column columns[3] = {PATRON_COLUMN_INIT, PATRON_COLUMN_INIT, PATRON_COLUMN_INIT};
  patron_table* orders;
  columns[0].name = patron_str_of("customer"), columns[0].type = PATRON_TYPE_INT64;
  columns[0].length = 1, columns[0].values = customers;
  columns[1].name = patron_str_of("time"), columns[1].type = PATRON_TYPE_DATE32;
  columns[1].length = 1, columns[1].values = &day;
  columns[2].name = patron_str_of("amount"), columns[2].type = PATRON_TYPE_DOUBLE;
  columns[2].length = 1, columns[2].values = amounts;
  check(patron_table_create(columns, 3, &orders, &error), &error);
  check(patron_engine_ingest(engine, "orders", 6, orders, NULL, NULL, NULL, &error), &error);
  patron_table_close(orders);
}

static int64_t next_due(const patron_engine* engine) {
  patron_error error = PATRON_ERROR_INIT;
  patron_engine_info info = PATRON_ENGINE_INFO_INIT;
  check(patron_engine_describe(engine, &info, &error), &error);
  return info.next_due;
}

int main(void) {
  patron_error error = PATRON_ERROR_INIT;
  patron_policy* policy;
  patron_engine* shops[TENANTS];
  patron_buffer* files[TENANTS];
  check(patron_policy_parse(kPolicy, strlen(kPolicy), &policy, &error), &error);
  for (int i = 0; i < TENANTS; ++i) {
    check(patron_engine_open(policy, NULL, &shops[i], &error), &error);
    sell(shops[i], 20500 - i);
    check(patron_engine_advance(shops[i], 20510 * DAY, NULL, &error), &error);
    check(patron_engine_save(shops[i], &files[i], &error), &error);
    patron_engine_close(shops[i]);
  }

  /* [restart] */
  for (int i = 0; i < TENANTS; ++i) {
    const patron_str bytes = patron_buffer_text(files[i]);
    check(patron_engine_load_with_policy(bytes.data, bytes.size, policy, NULL, &shops[i], &error),
          &error);
  }
  patron_policy_close(policy); /* they keep it as long as one of them lives */
  /* [/restart] */

  /* One timer for all: the one with the least next_due comes first. */
  int first = 0;
  for (int i = 1; i < TENANTS; ++i) {
    if (next_due(shops[i]) < next_due(shops[first])) first = i;
  }
  printf("shop %d is due first, on day %" PRId64 "\n", first, next_due(shops[first]) / DAY);
  expect(first == TENANTS - 1, "whose order leaves the 90 days first");

  /* Bytes under another policy are refused, and the message names both. */
  patron_policy* other;
  patron_engine* none;
  const patron_str bytes = patron_buffer_text(files[0]);
  check(patron_policy_parse("{\"patron\": 1, \"name\": \"bank\"}", 29, &other, &error), &error);
  expect(patron_engine_load_with_policy(bytes.data, bytes.size, other, NULL, &none, &error) ==
             PATRON_E_ARGUMENT,
         "another policy");
  printf("%s\n", error.message);
  patron_policy_close(other);
  for (int i = 0; i < TENANTS; ++i) {
    patron_buffer_close(files[i]), patron_engine_close(shops[i]);
  }
  return 0;
}
