/* What is a customer still worth? Two models by their numbers, one fitted, and what they say. */
#include <math.h>

#include "check.h"

/* Recency and T in weeks, frequency in repeat purchases, money per order. */
static const double kFrequency[12] = {0, 1, 2, 0, 4, 3, 0, 1, 7, 2, 0, 5};
static const double kRecency[12] = {0, 9, 30.5, 0, 35.25, 12.5, 0, 2, 38, 21, 0, 30};
static const double kAge[12] = {38, 38.5, 38.75, 30, 37, 36.5, 39, 33, 38.25, 31, 27.5, 34};
static const double kMoney[12] = {0, 22.5, 40, 0, 35.25, 18.75, 0, 61, 29.5, 44, 0, 33.25};

static patron_column doubles(const char* name, const double* values) {
  patron_column column = PATRON_COLUMN_INIT;
  column.name = patron_str_of(name);
  column.type = PATRON_TYPE_DOUBLE;
  column.length = 12;
  column.values = values;
  return column;
}

static patron_table* customers(void) {
  patron_error error = PATRON_ERROR_INIT;
  patron_column columns[4];
  patron_table* table;
  columns[0] = doubles("frequency", kFrequency);
  columns[1] = doubles("recency", kRecency);
  columns[2] = doubles("T", kAge);
  columns[3] = doubles("monetary", kMoney);
  check(patron_table_create(columns, 4, &table, &error), &error);
  return table;
}

/* One customer: two repeat purchases, the last after 30.43 weeks of 38.86. */
static void one_customer(const patron_ltv* model) {
  patron_error error = PATRON_ERROR_INIT;
  /* [predict_one] */
  const double weeks = 39;
  patron_ltv_customer customer = PATRON_LTV_CUSTOMER_INIT;
  customer.frequency = 2, customer.recency = 30.43, customer.T = 38.86;
  patron_ltv_query query = PATRON_LTV_QUERY_INIT;
  query.quantity = PATRON_LTV_QUANTITY_EXPECTED_PURCHASES;
  query.horizon = &weeks;
  patron_ltv_prediction prediction = PATRON_LTV_PREDICTION_INIT;
  check(patron_ltv_predict_one(model, &customer, &query, &prediction, &error), &error);
  printf("%.3f purchases in the next 39 weeks\n", prediction.value); /* 1.226 */
  /* [/predict_one] */
  expect(fabs(prediction.value - 1.226) < 0.001, "the published value");

  query.quantity = PATRON_LTV_QUANTITY_PROBABILITY_ALIVE;
  query.horizon = NULL;
  expect(patron_ltv_predict_one(model, NULL, &query, &prediction, &error) == PATRON_OK &&
             prediction.value >= 0 && prediction.value <= 1,
         "a new customer, for ever");
}

static patron_ltv* fit(const patron_table* table) {
  patron_error error = PATRON_ERROR_INIT;
  /* [fit] */
  patron_ltv_columns columns = PATRON_LTV_COLUMNS_INIT;
  columns.frequency = patron_str_of("frequency");
  columns.recency = patron_str_of("recency");
  columns.T = patron_str_of("T");
  patron_ltv_fit_options options = PATRON_LTV_FIT_OPTIONS_INIT;
  options.columns = &columns;
  options.unit = PATRON_LTV_UNIT_WEEK;
  options.penalty = 0.001; /* so few customers say little about themselves */
  patron_ltv* model;
  check(patron_ltv_fit(table, PATRON_LTV_MODEL_MBG_NBD, &options, &model, &error), &error);

  patron_ltv_report report = PATRON_LTV_REPORT_INIT;
  check(patron_ltv_read_report(model, &report, &error), &error);
  printf("%.*s\n", (int)report.message.size, report.message.data);
  /* [/fit] */
  expect(report.rows == 12 && report.excluded_rows == 0, "all rows were used");
  return model;
}

static void value_of_all(const patron_table* table, const patron_ltv* purchases,
                         const patron_ltv* spend) {
  patron_error error = PATRON_ERROR_INIT;
  patron_table *values, *refused;
  /* [value] */
  const double year = 52.1775;
  patron_ltv_columns columns = PATRON_LTV_COLUMNS_INIT;
  columns.frequency = patron_str_of("frequency");
  columns.recency = patron_str_of("recency");
  columns.T = patron_str_of("T");
  columns.monetary = patron_str_of("monetary");
  patron_ltv_value_options options = PATRON_LTV_VALUE_OPTIONS_INIT;
  options.columns = &columns;
  options.horizon = &year;
  options.rate_per_year = 0.1;
  options.margin = 0.4;
  check(patron_ltv_value(purchases, spend, table, &options, &values, &refused, &error), &error);
  /* [/value] */
  expect(patron_table_rows(values) == 12 && patron_table_rows(refused) == 0, "a row for each");
  patron_table_close(values);
  patron_table_close(refused);
}

static void alive(const patron_ltv* model, const patron_table* table) {
  const double now = 0;
  patron_error error = PATRON_ERROR_INIT;
  patron_ltv_columns columns = PATRON_LTV_COLUMNS_INIT;
  patron_ltv_query query = PATRON_LTV_QUERY_INIT;
  patron_ltv_predict_options options = PATRON_LTV_PREDICT_OPTIONS_INIT;
  patron_table* predictions;
  columns.frequency = patron_str_of("frequency");
  columns.recency = patron_str_of("recency");
  columns.T = patron_str_of("T");
  query.quantity = PATRON_LTV_QUANTITY_PROBABILITY_ALIVE;
  query.horizon = &now;
  options.columns = &columns;
  options.query = &query;
  check(patron_ltv_predict(model, table, &options, &predictions, NULL, &error), &error);
  expect(patron_table_rows(predictions) == 12, "a probability for each");
  patron_table_close(predictions);
}

/* The model as text, and back. */
static void document(const patron_ltv* model) {
  patron_error error = PATRON_ERROR_INIT;
  patron_buffer* json;
  patron_ltv* again;
  patron_ltv_parameters first = PATRON_LTV_PARAMETERS_INIT;
  patron_ltv_parameters second = PATRON_LTV_PARAMETERS_INIT;
  patron_str text;
  int32_t i;
  check(patron_ltv_to_json(model, &json, &error), &error);
  text = patron_buffer_text(json);
  check(patron_ltv_parse(text.data, text.size, &again, &error), &error);
  check(patron_ltv_read_parameters(model, &first, &error), &error);
  check(patron_ltv_read_parameters(again, &second, &error), &error);
  expect(first.model == second.model && first.count == second.count, "the same model");
  for (i = 0; i < first.count; ++i) {
    patron_str name = patron_ltv_parameter_name(first.model, i);
    printf("%.*s = %g\n", (int)name.size, name.data, first.values[i]);
    expect(first.values[i] == second.values[i], "the same number");
  }
  patron_buffer_close(json);
  patron_ltv_close(again);
}

/* Who would such customers be? */
static void simulate(const patron_ltv* model) {
  patron_error error = PATRON_ERROR_INIT;
  patron_ltv_simulation options = PATRON_LTV_SIMULATION_INIT;
  patron_table *simulated, *events;
  options.customers = 1000;
  options.T = 52;
  options.seed = 1;
  check(patron_ltv_simulate(model, &options, &simulated, &events, &error), &error);
  expect(patron_table_rows(simulated) == 1000, "as many as asked for");
  patron_table_close(simulated);
  patron_table_close(events);
}

int main(void) {
  /* [create] */
  static const double published[4] = {0.243, 4.414, 0.793, 2.426}; /* r, alpha, a, b */
  patron_error error = PATRON_ERROR_INIT;
  patron_ltv* model;
  check(patron_ltv_create(PATRON_LTV_MODEL_BG_NBD, published, 4, PATRON_LTV_UNIT_WEEK, &model,
                          &error),
        &error);
  /* [/create] */
  static const double money[3] = {6.25, 3.74, 15.44}; /* p, q, v */
  patron_table *table = customers(), *excluded;
  patron_ltv *spend, *fitted;
  patron_str name = patron_ltv_model_name(PATRON_LTV_MODEL_BG_NBD);
  check(patron_ltv_create(PATRON_LTV_MODEL_GAMMA_GAMMA, money, 3, PATRON_LTV_UNIT_WEEK, &spend,
                          &error),
        &error);
  expect(name.size == 6, "bg_nbd");

  one_customer(model);
  fitted = fit(table);
  check(patron_ltv_excluded(fitted, &excluded, &error), &error);
  expect(patron_table_rows(excluded) == 0, "nobody was left out");
  value_of_all(table, model, spend);
  alive(fitted, table);
  document(fitted);
  simulate(model);

  patron_table_close(excluded);
  patron_table_close(table);
  patron_ltv_close(model);
  patron_ltv_close(spend);
  patron_ltv_close(fitted);
  return 0;
}
