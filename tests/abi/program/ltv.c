/* Models of lifetime value. */
#include "expect.h"

static patron_column doubles(const char* name, const double* values, int64_t length) {
  patron_column column = PATRON_COLUMN_INIT;
  column.name = patron_str_of(name);
  column.type = PATRON_TYPE_DOUBLE;
  column.length = length;
  column.values = values;
  return column;
}

static patron_table* make_customers(void) {
  static const double frequency[] = {2, 0, 1}, recency[] = {30.43, 0, 0.5}, age[] = {38.86, 10, 12};
  static const double money[] = {40, 0, 40};
  patron_column columns[4];
  patron_table* table = NULL;
  columns[0] = doubles("frequency", frequency, 3);
  columns[1] = doubles("recency", recency, 3);
  columns[2] = doubles("T", age, 3);
  columns[3] = doubles("monetary", money, 3);
  EXPECT(patron_table_create(columns, 4, &table, NULL) == PATRON_OK);
  return table;
}

static patron_ltv_columns names(void) {
  patron_ltv_columns columns = PATRON_LTV_COLUMNS_INIT;
  columns.frequency = patron_str_of("frequency");
  columns.recency = patron_str_of("recency");
  columns.T = patron_str_of("T");
  columns.monetary = patron_str_of("monetary");
  return columns;
}

static double first_value(const patron_table* table, const char* name) {
  patron_column column = PATRON_COLUMN_INIT;
  EXPECT(patron_table_column(table, place_of(table, name), 0, &column, NULL) == PATRON_OK);
  return ((const double*)column.values)[column.offset];
}

/* Of one customer and of a table: 1.226 and 0.7266 for BG/NBD (Fader, Hardie and Lee 2005, and the
   R package BTYD); for Gamma-Gamma p (v + x m) / (p x + q - 1), 39.14, and p v / (q - 1), 35.22. */
static void predict(const patron_ltv* model, const patron_ltv* spend) {
  const double weeks = 39;
  patron_error error = PATRON_ERROR_INIT;
  patron_ltv_columns columns = names();
  patron_ltv_customer customer = PATRON_LTV_CUSTOMER_INIT;
  patron_ltv_query query = PATRON_LTV_QUERY_INIT;
  patron_ltv_prediction prediction = PATRON_LTV_PREDICTION_INIT;
  patron_ltv_predict_options options = PATRON_LTV_PREDICT_OPTIONS_INIT;
  patron_ltv_value_options worth = PATRON_LTV_VALUE_OPTIONS_INIT;
  patron_table *table = make_customers(), *predictions = NULL, *refused = NULL, *values = NULL;
  customer.frequency = 2, customer.recency = 30.43, customer.T = 38.86, customer.monetary = 40;
  query.horizon = &weeks;
  EXPECT(patron_ltv_predict_one(model, &customer, &query, &prediction, &error) == PATRON_OK);
  EXPECT(prediction.value > 1.2255 && prediction.value < 1.2265);
  options.columns = &columns, options.query = &query;
  EXPECT(patron_ltv_predict(model, table, &options, &predictions, &refused, &error) == PATRON_OK);
  EXPECT(patron_table_rows(predictions) == 3 && patron_table_rows(refused) == 0);
  EXPECT(first_value(predictions, "value") == prediction.value);
  query.horizon = NULL;
  query.quantity = PATRON_LTV_QUANTITY_PROBABILITY_ALIVE;
  EXPECT(patron_ltv_predict_one(model, &customer, &query, &prediction, &error) == PATRON_OK);
  EXPECT(prediction.value > 0.726 && prediction.value < 0.727);
  query.quantity = PATRON_LTV_QUANTITY_EXPECTED_SPEND;
  EXPECT(patron_ltv_predict_one(spend, &customer, &query, &prediction, &error) == PATRON_OK);
  EXPECT(prediction.value > 39.13 && prediction.value < 39.15);
  EXPECT(patron_ltv_predict_one(spend, NULL, &query, &prediction, &error) == PATRON_OK);
  EXPECT(prediction.value > 35.16 && prediction.value < 35.24);
  worth.columns = &columns, worth.horizon = &weeks;
  EXPECT(patron_ltv_value(model, spend, table, &worth, &values, NULL, &error) == PATRON_OK);
  EXPECT(first_value(values, "value") > 47.9 && first_value(values, "value") < 48.1);
  patron_table_close(table), patron_table_close(predictions), patron_table_close(refused);
  patron_table_close(values);
}

static void fit(void) {
  patron_error error = PATRON_ERROR_INIT;
  patron_ltv_columns columns = names();
  patron_ltv_fit_options options = PATRON_LTV_FIT_OPTIONS_INIT;
  patron_ltv_report report = PATRON_LTV_REPORT_INIT;
  patron_table *table = make_customers(), *excluded = NULL;
  patron_ltv* model = NULL;
  options.columns = &columns, options.penalty = 0.1, options.unit = PATRON_LTV_UNIT_DAY;
  EXPECT(patron_ltv_fit(table, PATRON_LTV_MODEL_NBD, &options, &model, &error) == PATRON_OK);
  EXPECT(patron_ltv_read_report(model, &report, &error) == PATRON_OK);
  EXPECT(report.verdict == PATRON_LTV_VERDICT_CONVERGED && report.rows == 3);
  EXPECT(report.customers == 3 && report.message.size > 0 && report.covariance[0] > 0);
  EXPECT(patron_ltv_excluded(model, &excluded, &error) == PATRON_OK);
  EXPECT(patron_table_rows(excluded) == 0);
  patron_table_close(excluded), patron_table_close(table), patron_ltv_close(model);
}

void use_ltv(void) {
  static const double published[] = {0.243, 4.414, 0.793, 2.426}, money[] = {6.25, 3.74, 15.44};
  patron_error error = PATRON_ERROR_INIT;
  patron_ltv_parameters parameters = PATRON_LTV_PARAMETERS_INIT;
  patron_ltv_simulation options = PATRON_LTV_SIMULATION_INIT;
  patron_table *customers = NULL, *events = NULL;
  patron_ltv *model = NULL, *again = NULL, *spend = NULL;
  patron_buffer* text = NULL;
  EXPECT(is(patron_ltv_model_name(PATRON_LTV_MODEL_BG_NBD), "bg_nbd"));
  EXPECT(is(patron_ltv_parameter_name(PATRON_LTV_MODEL_BG_NBD, 1), "alpha"));
  EXPECT(patron_ltv_parameter_name(PATRON_LTV_MODEL_BG_NBD, 4).data == NULL);
  EXPECT(patron_ltv_create(PATRON_LTV_MODEL_BG_NBD, published, 4, PATRON_LTV_UNIT_WEEK, &model,
                           &error) == PATRON_OK);
  EXPECT(patron_ltv_create(PATRON_LTV_MODEL_GAMMA_GAMMA, money, 3, PATRON_LTV_UNIT_WEEK, &spend,
                           &error) == PATRON_OK);
  EXPECT(patron_ltv_to_json(model, &text, &error) == PATRON_OK);
  EXPECT(patron_ltv_parse(patron_buffer_text(text).data, patron_buffer_text(text).size, &again,
                          &error) == PATRON_OK);
  EXPECT(patron_ltv_read_parameters(again, &parameters, &error) == PATRON_OK);
  EXPECT(parameters.count == 4 && parameters.values[3] == 2.426);
  EXPECT(parameters.unit == PATRON_LTV_UNIT_WEEK && parameters.model == PATRON_LTV_MODEL_BG_NBD);
  predict(again, spend);
  fit();
  options.customers = 7, options.T = 52, options.seed = 3;
  EXPECT(patron_ltv_simulate(model, &options, &customers, &events, &error) == PATRON_OK);
  EXPECT(patron_table_rows(customers) == 7 && place_of(events, "time") >= 0);
  patron_buffer_close(text), patron_table_close(customers), patron_table_close(events);
  patron_ltv_close(model), patron_ltv_close(again), patron_ltv_close(spend);
}
