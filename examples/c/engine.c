/* A customer relationship system with tiers inside: orders come one by one, a timer moves the
   clock, and whoever wants to know reads what changed. */
#include <inttypes.h>

#include "columns.h"

#define DAY (INT64_C(86400) * 1000000)

static const char kPolicy[] =
    "{\"patron\": 1, \"name\": \"corner shop\", \"timezone\": \"Europe/Berlin\","
    " \"money\": {\"currency\": \"EUR\", \"scale\": 2}, \"customer\": {\"id\": \"string\"},"
    " \"streams\": {\"orders\": {\"key\": \"order_id\"}},"
    " \"tags\": [{\"name\": \"spend_90d\", \"metric\": {\"sum\": \"orders.amount\", \"window\": "
    "\"90d\"}}],"
    " \"classifications\": [{\"name\": \"tier\", \"kind\": \"ladder\", \"classes\": ["
    "{\"name\": \"gold\", \"enter\": \"spend_90d >= 500\", \"grace\": \"14d\"}, {\"name\": "
    "\"guest\"}]}]}";

/* An event has a value for each column of its stream; most are unknown here. */
#define MOST_COLUMNS 32
typedef struct {
  patron_cell values[MOST_COLUMNS];
  uint64_t count, amount, key;
} order_row;

/* Where amount and key stand among the columns, once and for all. */
static void prepare(const patron_engine* engine, int32_t orders, order_row* row) {
  patron_error error = PATRON_ERROR_INIT;
  patron_table* columns;
  check(patron_engine_columns(engine, orders, &columns, &error), &error);
  const patron_column names = column_of(columns, "name");
  row->count = (uint64_t)names.length;
  expect(row->count <= MOST_COLUMNS, "an order has few columns");
  for (uint64_t i = 0; i < row->count; ++i) {
    const patron_cell unknown = PATRON_CELL_INIT;
    row->values[i] = unknown;
    if (is(text_at(&names, (int64_t)i), "amount")) row->amount = i;
    if (is(text_at(&names, (int64_t)i), "order_id")) row->key = i;
  }
  row->values[row->amount].known = row->values[row->key].known = 1;
  patron_table_close(columns);
}

/* [order] */
static void order(patron_engine* engine, int32_t orders, order_row* row, const char* customer,
                  int64_t time, const char* id, int64_t cents) {
  patron_error error = PATRON_ERROR_INIT;
  patron_ingest_report report = PATRON_INGEST_REPORT_INIT;
  patron_event event = PATRON_EVENT_INIT;
  event.customer = patron_str_of(customer);
  event.time = time;
  row->values[row->amount].integer = cents;
  row->values[row->key].text = patron_str_of(id);
  event.values = row->values;
  event.value_count = row->count;
  check(patron_engine_add(engine, orders, &event, 1, NULL, &report, NULL, &error), &error);
  if (report.duplicates > 0) printf("order %s came twice\n", id);
}
/* [/order] */

/* [timer] */
/* What the system's timer does: move the clock, read what changed since the last time. It keeps
   the number of the last change that it read, not how many: forgetting leaves gaps. */
static int64_t tick(patron_engine* engine, int64_t now, int64_t last_read) {
  patron_error error = PATRON_ERROR_INIT;
  patron_table* moved;
  check(patron_engine_advance(engine, now, NULL, &error), &error);
  check(patron_engine_transitions(engine, last_read, INT64_MAX, &moved, &error), &error);
  if (patron_table_rows(moved) > 0) {
    const patron_column who = column_of(moved, "customer"), to = column_of(moved, "to");
    const patron_column at = column_of(moved, "at"), number = column_of(moved, "number");
    for (int64_t i = 0; i < who.length; ++i) {
      const patron_str name = text_at(&who, i), class_name = text_at(&to, i);
      const int64_t when = integer_at(&at, i);
      printf("%" PRId64 ": %.*s is now %.*s\n", when, (int)name.size, name.data,
             (int)class_name.size, class_name.data);
      last_read = integer_at(&number, i);
    }
  }
  patron_table_close(moved);
  return last_read;
}
/* [/timer] */

int main(void) {
  patron_error error = PATRON_ERROR_INIT;
  order_row row;
  int64_t read = 0;
  /* [open] */
  patron_policy* policy;
  patron_engine* engine;
  check(patron_policy_parse(kPolicy, strlen(kPolicy), &policy, &error), &error);
  check(patron_engine_open(policy, NULL, &engine, &error), &error);
  patron_policy_close(policy);
  const int32_t orders = patron_engine_find_stream(engine, "orders", strlen("orders"));
  /* [/open] */
  prepare(engine, orders, &row);

  const int64_t january = 20454 * DAY; /* 2026-01-01 */
  read = tick(engine, january, read);
  order(engine, orders, &row, "anna", january + 9 * DAY, "o1", 45000);
  order(engine, orders, &row, "ben", january + 11 * DAY, "o2", 12050);
  order(engine, orders, &row, "ben", january + 11 * DAY, "o2", 12050);
  read = tick(engine, january + 20 * DAY, read);
  expect(read == 2, "two guests");
  order(engine, orders, &row, "carl", january + 30 * DAY, "o4", 2000);
  order(engine, orders, &row, "anna", january + 31 * DAY, "o3", 8000);
  check(patron_engine_advance(engine, january + 32 * DAY, NULL, &error), &error);
  int32_t known;
  check(patron_engine_forget(engine, 0, "carl", strlen("carl"), &known, &error), &error);
  expect(known, "Carl asked to be forgotten");
  read = tick(engine, january + 40 * DAY, read);
  expect(read == 4, "Anna is gold with 530.00; change 3 was Carl's");
  expect(tick(engine, january + 40 * DAY, read) == read, "nothing is told twice");

  /* [next] */
  /* When the timer has to come next: nothing happens to anybody before. */
  patron_engine_info info = PATRON_ENGINE_INFO_INIT;
  check(patron_engine_describe(engine, &info, &error), &error);
  printf("%" PRId64 " customers, %" PRId64 " events; next at %" PRId64 "\n", info.customers,
         info.events, info.next_due);
  /* [/next] */
  /* The 450.00 leave the 90 days. */
  expect(info.events == 3 && info.next_due == january + (9 + 90) * DAY, "90 days after 10 January");

  /* [forecast] */
  patron_table* forecast;
  check(patron_engine_forecast(engine, january + 180 * DAY, "tier", strlen("tier"), NULL, &forecast,
                               &error),
        &error);
  const patron_column at = column_of(forecast, "at");
  printf("%" PRId64 " will drop, the first at %" PRId64 "\n", patron_table_rows(forecast),
         integer_at(&at, 0));
  /* [/forecast] */
  expect(integer_at(&at, 0) == january + (9 + 90 + 14) * DAY, "and 14 of grace");
  patron_table_close(forecast);
  patron_engine_close(engine);
  return 0;
}
