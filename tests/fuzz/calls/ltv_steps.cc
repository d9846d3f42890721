// Models of lifetime value: fits, documents, predictions, values, simulations.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>

#include "tests/fuzz/calls/play.h"
#include "tests/fuzz/calls/result_checks.h"

namespace patron::fuzz {
namespace {

int32_t a_model(Play& play) { return static_cast<int32_t>(play.choices.byte() % 17 / 2); }

/// Mostly between 2^-8 and 2^8, now and then of any size or none at all.
double a_number(Play& play) {
  const uint8_t choice = play.choices.byte();
  if (choice == 255) return std::numeric_limits<double>::quiet_NaN();
  if (choice == 254) return std::numeric_limits<double>::infinity();
  if (choice == 253) return -1;
  const int exponent = choice % 8 == 7 ? play.choices.byte() % 200 - 100 : choice % 17 - 8;
  return std::ldexp(1 + play.choices.byte() / 256.0, exponent);
}

patron_column column_of(const char* name, const double* values, int64_t rows) {
  patron_column column = PATRON_COLUMN_INIT;
  column.name = patron_str_of(name);
  column.type = PATRON_TYPE_DOUBLE;
  column.length = rows;
  column.values = values;
  return column;
}

/// A table of customers, mostly sound ones.
void customers(Play& play) {
  const auto rows = static_cast<int64_t>(play.choices.below(40));
  const auto size = static_cast<size_t>(rows);
  constexpr const char* kNames[] = {"x", "t", "T", "m", "w", "ended"};
  std::array<double*, 6> columns;
  for (double*& values : columns) values = play.memory<double>(size);
  const bool whole = play.choices.one_in(3);
  for (size_t i = 0; i < size; i++) {
    const uint8_t kind = play.choices.byte();
    const double age = 1 + kind % 32;
    const double x = kind < 96 ? 0 : kind % 7;
    double last = x == 0 ? 0 : age * (play.choices.byte() / 256.0);
    if (whole) last = x == 0 ? 0 : std::max(x, std::floor(last));
    columns[0][i] = x, columns[1][i] = last, columns[2][i] = std::max(age, last);
    columns[3][i] = x == 0 ? 0 : 1 + play.choices.byte() / 4.0;
    columns[4][i] = 1 + kind % 3, columns[5][i] = kind % 2;
    if (kind == 255) columns[play.choices.below(6)][i] = a_number(play);
  }
  auto* views = play.memory<patron_column>(6);
  for (size_t k = 0; k < 6; k++) views[k] = column_of(kNames[k], columns[k], rows);
  patron_table* table = nullptr;
  const bool ok = PLAY(play, patron_table_create, views, 6, &table);
  play.keep(ok, table, &play.tables);
}

patron_ltv_columns* columns(Play& play) {
  patron_ltv_columns value = PATRON_LTV_COLUMNS_INIT;
  value.frequency = play.text({"x", "x", "x", "x", "x", "customer"});
  value.recency = play.text({"t", "t", "t", "t", "t", ""});
  value.T = patron_str_of("T");
  value.monetary = play.text({"m", "m", "m", "m", "x"});
  value.churned = patron_str_of("ended");
  if (play.choices.one_in(4)) value.weight = patron_str_of("w");
  return play.sized(value);
}

const double* maybe_horizon(Play& play) {
  if (play.choices.one_in(6)) return nullptr;
  auto* horizon = play.memory<double>(1);
  *horizon = play.choices.one_in(2) ? play.choices.byte() % 64 : a_number(play);
  return horizon;
}

patron_ltv_query* query(Play& play) {
  patron_ltv_query value = PATRON_LTV_QUERY_INIT;
  value.quantity = static_cast<int32_t>(play.choices.byte() % 28 / 3);
  value.horizon = maybe_horizon(play);
  value.count = play.choices.one_in(8) ? play.choices.number() : play.choices.byte() % 20;
  if (play.choices.one_in(4)) value.probability = play.choices.byte() / 250.0;
  if (play.choices.one_in(2)) value.rate_per_year = play.choices.byte() / 256.0 - 0.02;
  value.interval = static_cast<int32_t>(play.choices.byte() % 10 / 3);
  if (play.choices.one_in(4)) value.level = play.choices.byte() / 250.0;
  return play.sized(value);
}

bool is_probability(int32_t quantity) {
  return quantity == PATRON_LTV_QUANTITY_PROBABILITY_ALIVE ||
         quantity == PATRON_LTV_QUANTITY_PURCHASE_PROBABILITY ||
         quantity == PATRON_LTV_QUANTITY_RETENTION_RATE;
}

void check_value(double value, double low, double high, const patron_ltv_query& query) {
  if (is_probability(query.quantity)) FUZZ_CHECK(value >= 0 && value <= 1);
  FUZZ_CHECK(std::isnan(value) || value >= 0);
  // What cannot be infinite or missing: anything within a finite horizon.
  const bool finite = query.horizon != nullptr && std::isfinite(*query.horizon);
  const bool expects = query.quantity != PATRON_LTV_QUANTITY_NEXT_PURCHASE &&
                       query.quantity != PATRON_LTV_QUANTITY_EXPECTED_SPEND;
  if (finite && expects) FUZZ_CHECK(std::isfinite(value));
  if (query.interval == PATRON_LTV_INTERVAL_NONE) {
    FUZZ_CHECK(std::isnan(low) && std::isnan(high));
    return;
  }
  if (!std::isnan(low) && !std::isnan(high)) FUZZ_CHECK(low <= high);
  const bool about_the_mean = query.interval == PATRON_LTV_INTERVAL_CONFIDENCE;
  if (about_the_mean && !std::isnan(low)) FUZZ_CHECK(low <= value && value <= high);
  if (is_probability(query.quantity) && !std::isnan(low)) FUZZ_CHECK(low >= 0 && high <= 1);
}

void check_model(const patron_ltv* ltv) {
  patron_ltv_parameters parameters = PATRON_LTV_PARAMETERS_INIT;
  FUZZ_CHECK(patron_ltv_read_parameters(ltv, &parameters, nullptr) == PATRON_OK);
  FUZZ_CHECK(parameters.count >= 2 && parameters.count <= 4);
  for (int32_t i = 0; i < 4; i++) {
    const bool there = i < parameters.count;
    FUZZ_CHECK(there ? parameters.values[i] > 0 && std::isfinite(parameters.values[i])
                     : parameters.values[i] == 0);
    FUZZ_CHECK((patron_ltv_parameter_name(parameters.model, i).data != nullptr) == there);
  }
  patron_ltv_report report = PATRON_LTV_REPORT_INIT;
  if (patron_ltv_read_report(ltv, &report, nullptr) != PATRON_OK) return;
  const bool converged = report.verdict == PATRON_LTV_VERDICT_CONVERGED;
  FUZZ_CHECK(report.message.size > 0 && std::isfinite(report.log_likelihood));
  for (int32_t i = 0; i < parameters.count; i++) {
    FUZZ_CHECK(std::isnan(report.standard_errors[i]) == !converged);
    if (converged) FUZZ_CHECK(report.covariance[5 * i] > 0);
  }
}

void fit(Play& play) {
  const patron_table* table = play.pick(play.tables);
  const int32_t model = a_model(play);
  patron_ltv_fit_options value = PATRON_LTV_FIT_OPTIONS_INIT;
  value.columns = columns(play);
  value.unit = static_cast<int32_t>(play.choices.byte() % 13 / 2);
  if (play.choices.one_in(2)) value.penalty = play.choices.byte() / 512.0;
  if (play.choices.one_in(4)) value.max_iterations = play.choices.byte() % 30;
  value.on_bad_row = play.choices.one_in(8);
  if (play.choices.one_in(4)) value.cancel = play.pick_optional(play.cancels);
  if (play.choices.one_in(32)) value.threads = 2;
  const patron_ltv_fit_options* options = play.sized(value);
  patron_ltv* ltv = nullptr;
  const bool ok = PLAY(play, patron_ltv_fit, table, model, options, &ltv);
  if (!play.keep(ok, ltv, &play.ltvs)) return;
  check_model(ltv);
  patron_table* excluded = nullptr;
  FUZZ_CHECK(patron_ltv_excluded(ltv, &excluded, nullptr) == PATRON_OK);
  check_table(excluded);
  patron_ltv_report report = PATRON_LTV_REPORT_INIT;
  FUZZ_CHECK(patron_ltv_read_report(ltv, &report, nullptr) == PATRON_OK);
  FUZZ_CHECK(report.rows == patron_table_rows(table));
  FUZZ_CHECK(report.excluded_rows == patron_table_rows(excluded));
  FUZZ_CHECK(value.on_bad_row == 0 || report.excluded_rows == 0 ||
             model == PATRON_LTV_MODEL_GAMMA_GAMMA);
  patron_table_close(excluded);
}

void create(Play& play) {
  const int32_t model = a_model(play);
  uint64_t count = 0;
  while (patron_ltv_parameter_name(model, static_cast<int32_t>(count)).data != nullptr) count++;
  if (play.choices.one_in(16)) count = play.choices.below(6);
  auto* parameters = play.memory<double>(count);
  for (uint64_t i = 0; i < count; i++) parameters[i] = a_number(play);
  const auto unit = static_cast<int32_t>(play.choices.byte() % 13 / 2);
  patron_ltv* ltv = nullptr;
  const bool ok = PLAY(play, patron_ltv_create, model, parameters, count, unit, &ltv);
  if (play.keep(ok, ltv, &play.ltvs)) check_model(ltv);
}

void document(Play& play) {
  const patron_ltv* ltv = play.pick(play.ltvs);
  patron_buffer* json = nullptr;
  const bool ok = PLAY(play, patron_ltv_to_json, ltv, &json);
  if (!play.keep(ok, json, &play.buffers)) return;
  const patron_str text = patron_buffer_text(json);
  patron_ltv* again = nullptr;
  const bool read = PLAY(play, patron_ltv_parse, text.data, text.size, &again);
  FUZZ_CHECK(read || play.odd_error());
  if (!play.keep(read, again, &play.ltvs)) return;
  patron_buffer* same = nullptr;
  FUZZ_CHECK(patron_ltv_to_json(again, &same, nullptr) == PATRON_OK);
  const patron_str second = patron_buffer_text(same);
  FUZZ_CHECK(second.size == text.size && std::memcmp(second.data, text.data, text.size) == 0);
  patron_buffer_close(same);
}

void parse(Play& play) {
  const patron_str json =
      play.text({"{}", "[]", "{\"model\": \"nbd\"}", "{\"patron_ltv\": 1, \"model\": \"sbg\"}"});
  patron_ltv* ltv = nullptr;
  const bool ok = PLAY(play, patron_ltv_parse, json.data, json.size, &ltv);
  play.keep(ok, ltv, &play.ltvs);
}

void look(Play& play) {
  const auto index = static_cast<int32_t>(play.choices.number());
  const int32_t model = a_model(play);
  const patron_str name = SAY(play, patron_ltv_model_name, model);
  FUZZ_CHECK((name.data != nullptr) == (model <= PATRON_LTV_MODEL_GAMMA_GAMMA));
  SAY(play, patron_ltv_parameter_name, model, index);
  const patron_ltv* ltv = play.pick(play.ltvs);
  const uint8_t which = play.choices.byte() % 3;
  if (which == 0) {
    patron_ltv_parameters* out = play.output<patron_ltv_parameters>(PATRON_LTV_PARAMETERS_INIT);
    PLAY(play, patron_ltv_read_parameters, ltv, out);
  } else if (which == 1) {
    patron_ltv_report* out = play.output<patron_ltv_report>(PATRON_LTV_REPORT_INIT);
    PLAY(play, patron_ltv_read_report, ltv, out);
  } else {
    patron_table* excluded = nullptr;
    const bool ok = PLAY(play, patron_ltv_excluded, ltv, &excluded);
    play.keep(ok, excluded, &play.tables);
  }
}

void predict_one(Play& play) {
  const patron_ltv* ltv = play.pick(play.ltvs);
  patron_ltv_customer who = PATRON_LTV_CUSTOMER_INIT;
  who.T = 1 + play.choices.byte() % 64;
  who.frequency = play.choices.byte() % 8;
  who.recency = who.frequency == 0 ? 0 : who.T - play.choices.byte() % 3 / 2.0;
  who.monetary = play.choices.byte();
  if (play.choices.one_in(4)) who.recency = std::floor(who.recency);
  if (play.choices.one_in(16)) who.T = a_number(play);
  const patron_ltv_customer* customer = play.sized(who);
  if (play.choices.one_in(4) && !play.expects_failure()) customer = nullptr;
  const patron_ltv_query* wanted = query(play);
  patron_ltv_prediction* out = play.output<patron_ltv_prediction>(PATRON_LTV_PREDICTION_INIT);
  if (!PLAY(play, patron_ltv_predict_one, ltv, customer, wanted, out)) return;
  patron_ltv_query how = *wanted;
  const double now = 0;
  if (how.horizon == nullptr && how.quantity == PATRON_LTV_QUANTITY_PROBABILITY_ALIVE)
    how.horizon = &now;
  check_value(out->value, out->low, out->high, how);
}

/// Each row as the customer by herself.
void check_rows(const patron_ltv* ltv, const patron_table* table, const patron_table* predictions,
                const patron_ltv_query& wanted) {
  const auto x = doubles(table, "x"), t = doubles(table, "t"), T = doubles(table, "T");
  const auto m = doubles(table, "m"), values = doubles(predictions, "value");
  for (size_t i = 0; i < values.size(); i++) {
    patron_ltv_customer who = PATRON_LTV_CUSTOMER_INIT;
    who.frequency = *x[i], who.recency = *t[i], who.T = *T[i], who.monetary = *m[i];
    patron_ltv_prediction alone = PATRON_LTV_PREDICTION_INIT;
    const bool ok = patron_ltv_predict_one(ltv, &who, &wanted, &alone, nullptr) == PATRON_OK;
    FUZZ_CHECK(values[i].has_value() == (ok && !std::isnan(alone.value)));
    if (values[i]) FUZZ_CHECK(*values[i] == alone.value);
  }
}

void predict(Play& play) {
  const patron_ltv* ltv = play.pick(play.ltvs);
  const patron_table* table = play.pick(play.tables);
  patron_ltv_predict_options value = PATRON_LTV_PREDICT_OPTIONS_INIT;
  patron_ltv_columns* names = columns(play);
  value.columns = names;
  value.query = query(play);
  value.on_bad_row = play.choices.one_in(8);
  if (play.choices.one_in(4)) value.cancel = play.pick_optional(play.cancels);
  if (play.choices.one_in(32)) value.threads = 2;
  const patron_ltv_predict_options* options = play.sized(value);
  patron_table *predictions = nullptr, *refused = nullptr;
  const bool ok = PLAY(play, patron_ltv_predict, ltv, table, options, &predictions, &refused);
  FUZZ_CHECK((refused != nullptr) == ok && (predictions != nullptr) == ok);
  if (!ok) return;
  check_table(predictions);
  check_table(refused);
  FUZZ_CHECK(patron_table_rows(predictions) == patron_table_rows(table));
  const auto is = [](patron_str text, char c) { return text.size == 1 && text.data[0] == c; };
  int32_t found = 0;
  const bool plain = is(names->frequency, 'x') && is(names->recency, 't') &&
                     is(names->monetary, 'm') &&
                     patron_table_find(table, "ended", 5, &found, nullptr) == PATRON_OK;
  if (plain) check_rows(ltv, table, predictions, *value.query);
  patron_table_close(refused);
  play.keep(ok, predictions, &play.tables);  // which may close the table
}

void value_of(Play& play) {
  const patron_ltv* purchases = play.pick(play.ltvs);
  const patron_ltv* spend = play.pick(play.ltvs);
  const patron_table* table = play.pick(play.tables);
  patron_ltv_value_options value = PATRON_LTV_VALUE_OPTIONS_INIT;
  value.columns = columns(play);
  value.horizon = maybe_horizon(play);
  value.rate_per_year = play.choices.byte() / 256.0 - 0.02;
  if (play.choices.one_in(2)) value.margin = play.choices.byte() / 240.0;
  if (play.choices.one_in(4)) value.interval = static_cast<int32_t>(play.choices.below(4));
  value.on_bad_row = play.choices.one_in(8);
  if (play.choices.one_in(32)) value.threads = 2;
  const patron_ltv_value_options* options = play.sized(value);
  patron_table *values = nullptr, *refused = nullptr;
  const bool ok = PLAY(play, patron_ltv_value, purchases, spend, table, options, &values, &refused);
  FUZZ_CHECK((refused != nullptr) == ok && (values != nullptr) == ok);
  if (!ok) return;
  check_table(values);
  FUZZ_CHECK(patron_table_rows(values) == patron_table_rows(table));
  for (const auto& alive : doubles(values, "probability_alive"))
    if (alive) FUZZ_CHECK(*alive >= 0 && *alive <= 1);
  for (const auto& worth : doubles(values, "value"))
    if (worth) FUZZ_CHECK(*worth >= 0);
  patron_table_close(refused);
  play.keep(ok, values, &play.tables);
}

void simulate(Play& play) {
  const patron_ltv* ltv = play.pick(play.ltvs);
  patron_ltv_simulation value = PATRON_LTV_SIMULATION_INIT;
  const uint64_t count = play.choices.below(20);
  value.customers = play.choices.one_in(32) ? -1 : static_cast<int64_t>(count);
  value.T = play.choices.byte() % 40;
  if (play.choices.one_in(4)) {
    auto* orders = play.memory<int64_t>(count);
    for (uint64_t i = 0; i < count; i++) orders[i] = 1 + play.choices.byte() % 4;
    value.orders_each = orders;
    value.T = 0;
  } else if (play.choices.one_in(4)) {
    auto* each = play.memory<double>(count);
    for (uint64_t i = 0; i < count; i++) each[i] = 1 + play.choices.byte() % 16;
    value.T_each = each;
    value.T = 0;
  }
  value.seed = play.choices.byte();
  if (play.choices.one_in(32)) value.threads = 2;
  const patron_ltv_simulation* options = play.sized(value);
  patron_table *found = nullptr, *events = nullptr;
  const bool with_events = play.choices.one_in(2);
  const bool ok =
      PLAY(play, patron_ltv_simulate, ltv, options, &found, with_events ? &events : nullptr);
  if (events != nullptr) check_table(events);
  patron_table_close(events);
  if (!play.keep(ok, found, &play.tables)) return;
  check_table(found);
  FUZZ_CHECK(patron_table_rows(found) == value.customers);
}

void close(Play& play) {
  if (play.ltvs.size() == 0) return;
  play.reached("patron_ltv_close");
  play.ltvs.take(play.choices.below(play.ltvs.size()));
}

}  // namespace

std::vector<Step> ltv_steps() {
  return {{"ltv customers", customers}, {"ltv fit", fit},      {"ltv create", create},
          {"ltv document", document},   {"ltv parse", parse},  {"ltv look", look},
          {"ltv one", predict_one},     {"ltv rows", predict}, {"ltv value", value_of},
          {"ltv simulate", simulate},   {"ltv close", close}};
}

}  // namespace patron::fuzz
