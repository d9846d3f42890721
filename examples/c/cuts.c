/* Cuts: learned from some customers, stored as JSON, applied to others. */
#include "check.h"

static const char kCuts[] =
    "{\"patron_rfm_cuts\": 1, \"timezone\": \"UTC\", \"customers\": 3, \"scale\": 2,"
    " \"recency\": {\"method\": \"quantile\", \"cuts\": [10], \"octant_split\": 10},"
    " \"frequency\": {\"method\": \"quantile\", \"cuts\": [1], \"octant_split\": 1},"
    " \"monetary\": {\"method\": \"quantile\", \"cuts\": [5000], \"octant_split\": 5000}}";

static patron_rfm* compute(const patron_table* orders, const patron_cuts* frozen) {
  patron_error error = PATRON_ERROR_INIT;
  patron_rfm_axis two = PATRON_RFM_AXIS_INIT;
  patron_rfm_options options = PATRON_RFM_OPTIONS_INIT;
  patron_rfm* rfm;
  two.bins = 2;
  options.customer = patron_str_of("customer");
  options.time = patron_str_of("date");
  options.amount = patron_str_of("amount");
  options.recency = options.frequency = options.monetary = &two;
  options.cuts = frozen; /* with frozen cuts the three axes are not looked at */
  check(patron_rfm_compute(orders, &options, &rfm, &error), &error);
  return rfm;
}

static patron_table* make_orders(void) {
  static const int64_t customer[3] = {1, 2, 2};
  static const int32_t date[3] = {20454, 20460, 20484};
  static const int64_t amount[3] = {40, 10, 70};
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
  columns[2].type = PATRON_TYPE_INT64;
  columns[2].values = amount;
  check(patron_table_create(columns, 3, &orders, &error), &error);
  return orders;
}

int main(void) {
  patron_error error = PATRON_ERROR_INIT;
  patron_table* orders = make_orders();

  /* [freeze] */
  patron_rfm* first = compute(orders, NULL);
  patron_cuts* learned;
  patron_buffer* json;
  check(patron_rfm_cuts(first, &learned, &error), &error);
  check(patron_cuts_to_json(learned, &json, &error), &error);
  const patron_str text = patron_buffer_text(json);
  printf("%.*s\n", PATRON_STR_ARGS(text));

  patron_cuts* stored;
  check(patron_cuts_parse(text.data, text.size, &stored, &error), &error);
  patron_rfm* second = compute(orders, stored);
  /* [/freeze] */

  patron_cuts_info info = PATRON_CUTS_INFO_INIT;
  check(patron_cuts_describe(stored, &info, &error), &error);
  printf("from %d customers, days of %.*s, %d digits\n", (int)info.customers,
         PATRON_STR_ARGS(info.timezone), (int)info.scale);
  expect(info.customers == 2, "two customers");

  /* Money is 40.00 and 80.00: their median is 60.00. */
  patron_axis_cuts money = PATRON_AXIS_CUTS_INIT;
  check(patron_cuts_axis(stored, PATRON_AXIS_MONETARY, &money, &error), &error);
  expect(money.count == 1 && money.cuts[0] == 6000, "the cut is the median");

  patron_cuts* given;
  patron_scores scores = PATRON_SCORES_INIT;
  check(patron_cuts_parse(kCuts, sizeof(kCuts) - 1, &given, &error), &error);
  check(patron_cuts_score(given, 3, 2, 4000, &scores, &error), &error);
  printf("3 days ago, 2 order days, 40.00: %d%d%d, octant %d\n", (int)scores.r, (int)scores.f,
         (int)scores.m, (int)scores.octant);
  expect(scores.r == 2 && scores.f == 2 && scores.m == 1, "recent, frequent, small");
  expect(scores.octant == 6, "high, high, low");

  patron_cuts_close(given);
  patron_rfm_close(second);
  patron_cuts_close(stored);
  patron_buffer_close(json);
  patron_cuts_close(learned);
  patron_rfm_close(first);
  patron_table_close(orders);
  return 0;
}
