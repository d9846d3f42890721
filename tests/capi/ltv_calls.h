// The functions of models of lifetime value that return a status, each as a call that succeeds.
#pragma once

#include <vector>

#include "tests/capi/handing_out.h"
#include "tests/capi/world.h"

namespace patron::test {

inline std::vector<Call> ltv_calls() {
  return {
      {"patron_ltv_to_json", Kind::kLtv,
       [](void* handle, patron_error* error) {
         return handing_out<patron_buffer>(patron_buffer_close, [&](patron_buffer** out) {
           return patron_ltv_to_json(as<patron_ltv>(handle), out, error);
         });
       }},
      {"patron_ltv_read_parameters", Kind::kLtv,
       [](void* handle, patron_error* error) {
         patron_ltv_parameters parameters = PATRON_LTV_PARAMETERS_INIT;
         return patron_ltv_read_parameters(as<patron_ltv>(handle), &parameters, error);
       }},
      {"patron_ltv_read_report", Kind::kLtv,
       [](void* handle, patron_error* error) {
         patron_ltv_report report = PATRON_LTV_REPORT_INIT;
         return patron_ltv_read_report(as<patron_ltv>(handle), &report, error);
       }},
      {"patron_ltv_excluded", Kind::kLtv,
       [](void* handle, patron_error* error) {
         return handing_out<patron_table>(patron_table_close, [&](patron_table** out) {
           return patron_ltv_excluded(as<patron_ltv>(handle), out, error);
         });
       }},
      {"patron_ltv_predict_one", Kind::kLtv,
       [](void* handle, patron_error* error) {
         const double horizon = 39;
         patron_ltv_customer customer = PATRON_LTV_CUSTOMER_INIT;
         customer.frequency = 2, customer.T = 38.5;
         patron_ltv_query query = PATRON_LTV_QUERY_INIT;
         query.horizon = &horizon;
         patron_ltv_prediction prediction = PATRON_LTV_PREDICTION_INIT;
         return patron_ltv_predict_one(as<patron_ltv>(handle), &customer, &query, &prediction,
                                       error);
       }},
      {"patron_ltv_predict", Kind::kLtv,
       [](void* handle, patron_error* error) {
         static const World* world = new World;
         const double horizon = 39;
         const patron_ltv_columns columns = ages_columns();
         patron_ltv_query query = PATRON_LTV_QUERY_INIT;
         query.horizon = &horizon;
         patron_ltv_predict_options options = PATRON_LTV_PREDICT_OPTIONS_INIT;
         options.columns = &columns;
         options.query = &query;
         return handing_out<patron_table>(patron_table_close, [&](patron_table** out) {
           return patron_ltv_predict(as<patron_ltv>(handle), world->table.get(), &options, out,
                                     nullptr, error);
         });
       }},
      {"patron_ltv_value", Kind::kLtv,
       [](void* handle, patron_error* error) {
         static const World* world = new World;
         const double horizon = 52;
         patron_ltv_columns columns = ages_columns();
         columns.monetary = patron_str_of("amount");
         patron_ltv_value_options options = PATRON_LTV_VALUE_OPTIONS_INIT;
         options.columns = &columns;
         options.horizon = &horizon;
         return handing_out<patron_table>(patron_table_close, [&](patron_table** out) {
           return patron_ltv_value(as<patron_ltv>(handle), world->spend.get(), world->table.get(),
                                   &options, out, nullptr, error);
         });
       }},
      {"patron_ltv_simulate", Kind::kLtv,
       [](void* handle, patron_error* error) {
         patron_ltv_simulation options = PATRON_LTV_SIMULATION_INIT;
         options.customers = 5;
         options.T = 40;
         return handing_out<patron_table>(patron_table_close, [&](patron_table** out) {
           return patron_ltv_simulate(as<patron_ltv>(handle), &options, out, nullptr, error);
         });
       }},
  };
}

}  // namespace patron::test
