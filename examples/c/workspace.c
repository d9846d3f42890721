/* Scratch memory that is kept from call to call. */
#include "check.h"

int main(void) {
  static const int64_t customer[3] = {1, 2, 1};
  static const int32_t date[3] = {20454, 20455, 20456};
  static const double amount[3] = {1, 2, 4};
  patron_error error = PATRON_ERROR_INIT;
  patron_column columns[3] = {PATRON_COLUMN_INIT, PATRON_COLUMN_INIT, PATRON_COLUMN_INIT};
  patron_table* orders;
  for (int i = 0; i < 3; ++i) columns[i].length = 3;
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

  /* [workspace] */
  patron_workspace* workspace;
  check(patron_workspace_create(&workspace, &error), &error);
  options.workspace = workspace;
  for (int day = 0; day < 3; ++day) { /* every day the same base, a little larger */
    patron_rfm* rfm;
    check(patron_rfm_compute(orders, &options, &rfm, &error), &error);
    patron_rfm_close(rfm);
  }
  printf("kept: %lld bytes\n", (long long)patron_workspace_bytes(workspace));
  patron_workspace_close(workspace);
  /* [/workspace] */

  patron_table_close(orders);
  return 0;
}
