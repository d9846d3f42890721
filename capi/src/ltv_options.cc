#include "capi/src/ltv_options.h"

#include <string>

namespace patron::capi {
namespace {

Status read_columns(const patron_ltv_columns* in, LtvColumns& out) {
  patron_ltv_columns columns = {};
  Status status = read_struct(in, "options.columns", columns);
  if (!status.ok()) return status;
  return first_error({read_string(columns.frequency, "options.columns.frequency", out.frequency),
                      read_string(columns.recency, "options.columns.recency", out.recency),
                      read_string(columns.T, "options.columns.T", out.T),
                      read_string(columns.monetary, "options.columns.monetary", out.monetary),
                      read_string(columns.churned, "options.columns.churned", out.churned),
                      read_string(columns.weight, "options.columns.weight", out.weight)});
}

}  // namespace

Status read_ltv_model(int32_t value, const char* name, LtvModel& out) {
  return read_choice(value, LtvModel::kGammaGamma, name, out);
}

Status read_ltv_query(const patron_ltv_query* in, const char* name, LtvQuery& out) {
  patron_ltv_query query = {};
  Status status = read_struct(in, name, query);
  if (!status.ok()) return status;
  out.count = query.count;
  out.probability = query.probability;
  out.rate_per_year = query.rate_per_year;
  out.level = query.level;
  const std::string quantity = std::string(name) + ".quantity";
  const std::string interval = std::string(name) + ".interval";
  status = first_error(
      {read_choice(query.quantity, LtvQuantity::kDiscountedLifetime, quantity.c_str(),
                   out.quantity),
       read_choice(query.interval, LtvInterval::kPrediction, interval.c_str(), out.interval)});
  if (out.quantity == LtvQuantity::kProbabilityAlive) out.horizon = 0;
  read_pointed(query.horizon, out.horizon);
  return status;
}

Status read_ltv_customer(const patron_ltv_customer* in, LtvCustomer& out) {
  patron_ltv_customer customer = {};
  Status status = read_struct(in, "customer", customer);
  if (!status.ok()) return status;
  out = {customer.frequency, customer.recency, customer.T, customer.monetary};
  return {};
}

Status read_ltv_fit_options(const patron_ltv_fit_options* in, LtvFitOptions& out, Call& call) {
  patron_ltv_fit_options options = {};
  Status status = read_struct(in, "options", options);
  if (!status.ok()) return status;
  out.penalty = options.penalty;
  out.max_iterations = options.max_iterations;
  return first_error(
      {read_columns(options.columns, out.columns),
       read_choice(options.unit, LtvUnit::kYear, "options.unit", out.unit),
       read_on_bad_row(options.on_bad_row, "options.on_bad_row", out.refuse_bad_rows),
       read_threads(options.threads, "options.threads", out.threads),
       read_control(options.cancel, options.progress, options.progress_context, out.control,
                    call)});
}

Status read_ltv_predict_options(const patron_ltv_predict_options* in, LtvPredictOptions& out,
                                Call& call) {
  patron_ltv_predict_options options = {};
  Status status = read_struct(in, "options", options);
  if (!status.ok()) return status;
  return first_error(
      {read_columns(options.columns, out.columns),
       read_ltv_query(options.query, "options.query", out.query),
       read_on_bad_row(options.on_bad_row, "options.on_bad_row", out.refuse_bad_rows),
       read_threads(options.threads, "options.threads", out.threads),
       read_control(options.cancel, options.progress, options.progress_context, out.control,
                    call)});
}

Status read_ltv_value_options(const patron_ltv_value_options* in, LtvValueOptions& out,
                              Call& call) {
  patron_ltv_value_options options = {};
  Status status = read_struct(in, "options", options);
  if (!status.ok()) return status;
  read_pointed(options.horizon, out.horizon);
  out.rate_per_year = options.rate_per_year;
  out.margin = options.margin;
  out.level = options.level;
  return first_error(
      {read_columns(options.columns, out.columns),
       read_choice(options.interval, LtvInterval::kPrediction, "options.interval", out.interval),
       read_on_bad_row(options.on_bad_row, "options.on_bad_row", out.refuse_bad_rows),
       read_threads(options.threads, "options.threads", out.threads),
       read_control(options.cancel, options.progress, options.progress_context, out.control,
                    call)});
}

Status read_ltv_simulation(const patron_ltv_simulation* in, LtvSimulation& out, Call& call) {
  patron_ltv_simulation options = {};
  Status status = read_struct(in, "options", options);
  if (!status.ok()) return status;
  const bool each = options.T_each != nullptr || options.orders_each != nullptr;
  if (options.customers < 0) {
    return {Code::kArgument, "options.customers is " + std::to_string(options.customers) +
                                 "; want the number of customers to simulate"};
  }
  const auto count = static_cast<uint64_t>(options.customers);
  status = first_error(
      {each ? require_array(&options, count, sizeof(double), "options.customers") : Status(),
       read_threads(options.threads, "options.threads", out.threads),
       read_control(options.cancel, options.progress, options.progress_context, out.control,
                    call)});
  if (!status.ok()) return status;
  out.customers = options.customers;
  out.T = options.T;
  if (options.T_each != nullptr) out.T_each = {options.T_each, count};
  if (options.orders_each != nullptr) out.orders_each = {options.orders_each, count};
  out.seed = options.seed;
  return {};
}

}  // namespace patron::capi
