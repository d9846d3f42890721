#include "patron/ltv.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "capi/src/ltv_options.h"

using namespace patron::capi;  // NOLINT
using patron::Code;
using patron::Ltv;
using patron::LtvModel;
using patron::Result;
using patron::Status;

namespace {

bool known_model(int32_t model) { return model >= 0 && model < patron::kLtvModels; }

/// Hands out the predictions of a call, and the refused rows where they are wanted.
Status hand_out_predictions(Result<patron::LtvPredictions> result, patron_table** table,
                            patron_table** refused) {
  if (!result.ok()) return std::move(result).status();
  auto values = std::make_unique<patron_table>(result->table);
  if (refused != nullptr) *refused = new patron_table(result->refused);
  *table = values.release();
  return {};
}

/// What patron_ltv_excluded hands out for a model that was not fitted in this process.
Result<patron::Table> no_rows_excluded() {
  const std::vector<std::string> none;
  return patron::TableBuilder()
      .int64("row", {})
      .strings("column", none)
      .strings("reason", none)
      .finish();
}

}  // namespace

patron_str patron_ltv_model_name(int32_t model) noexcept {
  if (!known_model(model)) return {nullptr, 0};
  return view(patron::ltv_model_name(static_cast<LtvModel>(model)));
}

patron_str patron_ltv_parameter_name(int32_t model, int32_t index) noexcept {
  if (!known_model(model)) return {nullptr, 0};
  const auto names = patron::ltv_parameter_names(static_cast<LtvModel>(model));
  if (index < 0 || static_cast<size_t>(index) >= names.size()) return {nullptr, 0};
  return view(names[static_cast<size_t>(index)]);
}

patron_status patron_ltv_fit(const patron_table* customers, int32_t model,
                             const patron_ltv_fit_options* options, patron_ltv** ltv,
                             patron_error* error) noexcept {
  clear(ltv);
  return guard_call(error, [&](Call& call) -> Status {
    LtvModel wanted = LtvModel::kBgNbd;
    patron::LtvFitOptions read;
    Status status = first_error({check_handle(customers, "customers"), require(ltv, "ltv"),
                                 read_ltv_model(model, "model", wanted),
                                 read_ltv_fit_options(options, read, call)});
    if (!status.ok()) return status;
    Result<Ltv> fitted = Ltv::fit(customers->table, wanted, read);
    return fitted.ok() ? hand_out(*std::move(fitted), ltv) : std::move(fitted).status();
  });
}

patron_status patron_ltv_create(int32_t model, const double* parameters, uint64_t count,
                                int32_t unit, patron_ltv** ltv, patron_error* error) noexcept {
  clear(ltv);
  return guard(error, [&]() -> Status {
    LtvModel wanted = LtvModel::kBgNbd;
    patron::LtvUnit clock = patron::LtvUnit::kWeek;
    Status status = first_error({require(ltv, "ltv"), read_ltv_model(model, "model", wanted),
                                 read_choice(unit, patron::LtvUnit::kYear, "unit", clock),
                                 require_array(parameters, count, sizeof(double), "parameters")});
    if (!status.ok()) return status;
    Result<Ltv> made = Ltv::from_parameters(wanted, {parameters, count}, clock);
    return made.ok() ? hand_out(*std::move(made), ltv) : std::move(made).status();
  });
}

patron_status patron_ltv_parse(const char* json, uint64_t json_size, patron_ltv** ltv,
                               patron_error* error) noexcept {
  clear(ltv);
  return guard(error, [&]() -> Status {
    Status status = require(ltv, "ltv");
    if (!status.ok()) return status;
    const Result<std::string_view> text = read_text(json, json_size, "json");
    if (!text.ok()) return text.status();
    Result<Ltv> read = Ltv::parse(*text);
    return read.ok() ? hand_out(*std::move(read), ltv) : std::move(read).status();
  });
}

patron_status patron_ltv_to_json(const patron_ltv* ltv, patron_buffer** json,
                                 patron_error* error) noexcept {
  clear(json);
  return guard(error, [&]() -> Status {
    Status status = first_error({check_handle(ltv, "ltv"), require(json, "json")});
    return status.ok() ? hand_out_text(ltv->model.to_json(), json) : status;
  });
}

patron_status patron_ltv_read_parameters(const patron_ltv* ltv, patron_ltv_parameters* parameters,
                                         patron_error* error) noexcept {
  return guard(error, [&]() -> Status {
    Status status = first_error({check_handle(ltv, "ltv"), check_output(parameters, "parameters")});
    if (!status.ok()) return status;
    patron_ltv_parameters value = PATRON_LTV_PARAMETERS_INIT;
    value.model = static_cast<int32_t>(ltv->model.model());
    value.unit = static_cast<int32_t>(ltv->model.unit());
    value.count = static_cast<int32_t>(patron::ltv_parameter_names(ltv->model.model()).size());
    std::copy_n(ltv->model.parameters().begin(), patron::kLtvParameters, value.values);
    write_struct(value, parameters);
    return {};
  });
}

patron_status patron_ltv_read_report(const patron_ltv* ltv, patron_ltv_report* report,
                                     patron_error* error) noexcept {
  return guard(error, [&]() -> Status {
    Status status = first_error({check_handle(ltv, "ltv"), check_output(report, "report")});
    if (!status.ok()) return status;
    if (!ltv->model.fit()) {
      return {Code::kState, "ltv was made from parameters, so there is no fit to report"};
    }
    const patron::LtvFit& fit = *ltv->model.fit();
    patron_ltv_report value = PATRON_LTV_REPORT_INIT;
    value.verdict = static_cast<int32_t>(fit.verdict);
    value.message = view(fit.message);
    value.log_likelihood = fit.log_likelihood;
    value.penalty = fit.penalty;
    value.gradient_norm = fit.gradient_norm;
    value.aic = fit.aic;
    value.bic = fit.bic;
    value.customers = fit.customers;
    value.rows = fit.rows;
    value.excluded_rows = fit.excluded_rows;
    value.unique_rows = fit.unique_rows;
    value.iterations = fit.iterations;
    std::copy(fit.standard_errors.begin(), fit.standard_errors.end(), value.standard_errors);
    std::copy(fit.covariance.begin(), fit.covariance.end(), value.covariance);
    write_struct(value, report);
    return {};
  });
}

patron_status patron_ltv_excluded(const patron_ltv* ltv, patron_table** excluded,
                                  patron_error* error) noexcept {
  clear(excluded);
  return guard(error, [&]() -> Status {
    Status status = first_error({check_handle(ltv, "ltv"), require(excluded, "excluded")});
    if (!status.ok()) return status;
    if (ltv->model.excluded().columns() > 0) return hand_out(ltv->model.excluded(), excluded);
    Result<patron::Table> none = no_rows_excluded();
    return none.ok() ? hand_out(*std::move(none), excluded) : std::move(none).status();
  });
}

patron_status patron_ltv_predict_one(const patron_ltv* ltv, const patron_ltv_customer* customer,
                                     const patron_ltv_query* query,
                                     patron_ltv_prediction* prediction,
                                     patron_error* error) noexcept {
  return guard(error, [&]() -> Status {
    patron::LtvCustomer known;
    patron::LtvQuery wanted;
    Status status =
        first_error({check_handle(ltv, "ltv"), check_output(prediction, "prediction"),
                     read_ltv_query(query, "query", wanted),
                     customer == nullptr ? Status() : read_ltv_customer(customer, known)});
    if (!status.ok()) return status;
    const Result<patron::LtvPrediction> found =
        customer == nullptr ? ltv->model.predict_new(wanted) : ltv->model.predict(known, wanted);
    if (!found.ok()) return found.status();
    patron_ltv_prediction value = PATRON_LTV_PREDICTION_INIT;
    value.value = found->value;
    value.low = found->low;
    value.high = found->high;
    write_struct(value, prediction);
    return {};
  });
}

patron_status patron_ltv_predict(const patron_ltv* ltv, const patron_table* customers,
                                 const patron_ltv_predict_options* options,
                                 patron_table** predictions, patron_table** refused,
                                 patron_error* error) noexcept {
  clear(predictions);
  clear(refused);
  return guard_call(error, [&](Call& call) -> Status {
    patron::LtvPredictOptions read;
    Status status = first_error({check_handle(ltv, "ltv"), check_handle(customers, "customers"),
                                 require(predictions, "predictions"),
                                 read_ltv_predict_options(options, read, call)});
    if (!status.ok()) return status;
    return hand_out_predictions(ltv->model.predict(customers->table, read), predictions, refused);
  });
}

patron_status patron_ltv_value(const patron_ltv* purchases, const patron_ltv* spend,
                               const patron_table* customers,
                               const patron_ltv_value_options* options, patron_table** values,
                               patron_table** refused, patron_error* error) noexcept {
  clear(values);
  clear(refused);
  return guard_call(error, [&](Call& call) -> Status {
    patron::LtvValueOptions read;
    Status status = first_error({check_handle(purchases, "purchases"), check_handle(spend, "spend"),
                                 check_handle(customers, "customers"), require(values, "values"),
                                 read_ltv_value_options(options, read, call)});
    if (!status.ok()) return status;
    return hand_out_predictions(
        patron::ltv_value(purchases->model, spend->model, customers->table, read), values, refused);
  });
}

patron_status patron_ltv_simulate(const patron_ltv* ltv, const patron_ltv_simulation* options,
                                  patron_table** customers, patron_table** events,
                                  patron_error* error) noexcept {
  clear(customers);
  clear(events);
  return guard_call(error, [&](Call& call) -> Status {
    patron::LtvSimulation read;
    Status status = first_error({check_handle(ltv, "ltv"), require(customers, "customers"),
                                 read_ltv_simulation(options, read, call)});
    if (!status.ok()) return status;
    read.events = events != nullptr;
    Result<patron::LtvSimulated> result = patron::ltv_simulate(ltv->model, read);
    if (!result.ok()) return std::move(result).status();
    auto found = std::make_unique<patron_table>(result->customers);
    if (events != nullptr) *events = new patron_table(result->events);
    *customers = found.release();
    return {};
  });
}

void patron_ltv_close(patron_ltv* ltv) noexcept { close(ltv); }
