/* From orders in plain C arrays to scored customers with names. */
#include "check.h"

enum { kOrders = 7 };

/* Dates are days since 1970-01-01; 20454 is 2026-01-01. The last order is refused: it has no
   amount (bit 6 of the validity is clear). */
static const int64_t kCustomer[kOrders] = {1, 1, 2, 3, 3, 3, 4};
static const int32_t kDate[kOrders] = {20454, 20484, 20470, 20460, 20475, 20490, 20490};
static const double kAmount[kOrders] = {30.00, 20.00, 15.50, 9.90, 12.00, 60.10, 0};
static const uint8_t kHasAmount[1] = {0x3F};

static patron_column column(const char* name, int32_t type, const void* values) {
  patron_column made = PATRON_COLUMN_INIT;
  made.name = patron_str_of(name);
  made.type = type;
  made.length = kOrders;
  made.values = values;
  return made;
}

static patron_column result(const patron_table* table, const char* name) {
  patron_error error = PATRON_ERROR_INIT;
  patron_column found = PATRON_COLUMN_INIT;
  int32_t index;
  check(patron_table_find(table, name, strlen(name), &index, &error), &error);
  check(patron_table_column(table, index, 0, &found, &error), &error);
  return found;
}

/* Row i of a dictionary column: names are few, so their indices have 8 bits. */
static patron_str text_at(const patron_column* column, int64_t i) {
  const patron_column* words = column->dictionary;
  const int32_t* offsets = (const int32_t*)words->offsets + words->offset;
  const int8_t word = ((const int8_t*)column->values)[column->offset + i];
  patron_str text;
  expect(column->index == PATRON_TYPE_INT8, "indices are int8");
  text.data = (const char*)words->bytes + offsets[word];
  text.size = (uint64_t)(offsets[word + 1] - offsets[word]);
  return text;
}

static void print_refused(const patron_rfm* rfm) {
  patron_error error = PATRON_ERROR_INIT;
  patron_table* refused;
  check(patron_rfm_refused(rfm, &refused, &error), &error);
  patron_column row = result(refused, "row");
  const patron_str reason = patron_refusal_reason(PATRON_REFUSAL_NULL_AMOUNT);
  printf("row %d was refused: %.*s\n", (int)((const int64_t*)row.values)[row.offset],
         PATRON_STR_ARGS(reason));
  patron_table_close(refused);
}

int main(void) {
  /* [score] */
  patron_error error = PATRON_ERROR_INIT;
  patron_column columns[3];
  columns[0] = column("customer", PATRON_TYPE_INT64, kCustomer);
  columns[1] = column("date", PATRON_TYPE_DATE32, kDate);
  columns[2] = column("amount", PATRON_TYPE_DOUBLE, kAmount);
  columns[2].validity = kHasAmount;

  patron_table* orders;
  check(patron_table_create(columns, 3, &orders, &error), &error);

  patron_segments* eleven;
  check(patron_segments_named("eleven", 6, &eleven, &error), &error);

  patron_rfm_options options = PATRON_RFM_OPTIONS_INIT;
  options.customer = patron_str_of("customer");
  options.time = patron_str_of("date");
  options.amount = patron_str_of("amount");
  options.segments = eleven;

  patron_rfm* rfm;
  patron_table* customers;
  check(patron_rfm_compute(orders, &options, &rfm, &error), &error);
  check(patron_rfm_table(rfm, &customers, &error), &error);
  /* [/score] */

  patron_column id = result(customers, "customer");
  patron_column code = result(customers, "code");
  patron_column money = result(customers, "monetary_minor");
  patron_column segment = result(customers, "segment");
  for (int64_t i = 0; i < patron_table_rows(customers); ++i) {
    char amount[32];
    check(patron_money_format(((const int64_t*)money.values)[money.offset + i], 2, NULL, 0, amount,
                              sizeof(amount), NULL, &error),
          &error);
    const patron_str name = text_at(&segment, i);
    printf("customer %d: %d, %s, %.*s\n", (int)((const int64_t*)id.values)[id.offset + i],
           (int)((const int32_t*)code.values)[code.offset + i], amount, PATRON_STR_ARGS(name));
  }

  patron_rfm_summary summary = PATRON_RFM_SUMMARY_INIT;
  check(patron_rfm_counts(rfm, &summary, &error), &error);
  printf("%d customers from %d rows, %d refused\n", (int)summary.customers, (int)summary.rows,
         (int)summary.refused_rows);
  print_refused(rfm);

  /* Customer 1 bought on 2026-01-01 and 2026-01-31, 6 days before the newest order, for 50.00. */
  expect(((const int64_t*)money.values)[money.offset] == 5000, "customer 1 spent 50.00");
  expect(((const int32_t*)code.values)[code.offset] == 333, "customer 1 is 333");
  expect(summary.refused_rows == 1, "one row is refused");

  patron_table_close(customers);
  patron_rfm_close(rfm);
  patron_segments_close(eleven);
  patron_table_close(orders);
  return 0;
}
