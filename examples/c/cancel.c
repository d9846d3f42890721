/* Watching and stopping a call. */
#include "check.h"

static int32_t report(void* context, double share) {
  double* last = (double*)context;
  *last = share;
  return 0; /* anything else stops the call */
}

int main(void) {
  static const int64_t customer[2] = {1, 2};
  static const int32_t date[2] = {20454, 20455};
  static const double amount[2] = {1, 2};
  patron_error error = PATRON_ERROR_INIT;
  patron_column columns[3] = {PATRON_COLUMN_INIT, PATRON_COLUMN_INIT, PATRON_COLUMN_INIT};
  patron_table* orders;
  patron_rfm* rfm;
  for (int i = 0; i < 3; ++i) columns[i].length = 2;
  columns[0].name = patron_str_of("customer");
  columns[0].type = PATRON_TYPE_INT64;
  columns[0].values = customer;
  columns[1].name = patron_str_of("date");
  columns[1].type = PATRON_TYPE_DATE32;
  columns[1].values = date;
  columns[2].name = patron_str_of("amount");
  columns[2].type = PATRON_TYPE_DOUBLE;
  columns[2].values = amount;
  check(patron_table_create(columns, 3, &orders, &error), &error);

  patron_rfm_options options = PATRON_RFM_OPTIONS_INIT;
  options.customer = patron_str_of("customer");
  options.time = patron_str_of("date");
  options.amount = patron_str_of("amount");

  /* [cancel] */
  double share = -1;
  patron_cancel* cancel; /* hand it to whoever may stop the call */
  check(patron_cancel_create(&cancel, &error), &error);
  options.cancel = cancel;
  options.progress = report;
  options.progress_context = &share;

  patron_cancel_request(cancel);
  patron_status status = patron_rfm_compute(orders, &options, &rfm, &error);
  printf("%s: %s\n", patron_status_name(status), error.message);
  /* [/cancel] */
  expect(status == PATRON_E_CANCELLED && rfm == NULL, "a set token stops the call");
  expect(patron_cancel_requested(cancel) == 1, "and stays set");

  patron_cancel_reset(cancel);
  check(patron_rfm_compute(orders, &options, &rfm, &error), &error);
  printf("done: %.0f %%\n", 100 * share);
  expect(share == 1, "progress ends at 1");

  patron_rfm_close(rfm);
  patron_cancel_close(cancel);
  patron_table_close(orders);
  return 0;
}
