#include "tests/capi/world.h"

#include <thread>

#include "tests/capi/engine_calls.h"
#include "tests/capi/expression_calls.h"
#include "tests/capi/handing_out.h"

namespace patron::test {
namespace {

constexpr std::string_view kJsonRows = R"([{"name": "all", "r": [1, 5], "f": [1, 5]}])";

Buffer make_buffer(const patron_cuts* cuts) {
  patron_buffer* json = nullptr;
  EXPECT_EQ(patron_cuts_to_json(cuts, &json, nullptr), PATRON_OK);
  return Buffer(json);
}

patron_status import_stream(void*, patron_error* error) {
  static const World* world = new World;  // lives as long as the program
  ArrowArrayStream stream{};
  patron_status status = patron_table_export_stream(world->table.get(), &stream, error);
  if (status != PATRON_OK) return status;
  patron_table* table = nullptr;
  status = patron_table_import_stream(&stream, &table, error);
  EXPECT_EQ(stream.release, nullptr);
  EXPECT_EQ(table == nullptr, status != PATRON_OK);
  patron_table_close(table);
  return status;
}

patron_status import_array(void*, patron_error* error) {
  static const World* world = new World;
  ArrowArrayStream stream{};
  patron_status status = patron_table_export_stream(world->table.get(), &stream, error);
  if (status != PATRON_OK) return status;
  ArrowSchema schema{};
  ArrowArray array{};
  int failed = stream.get_schema(&stream, &schema);
  if (failed == 0) failed = stream.get_next(&stream, &array);
  stream.release(&stream);
  if (failed != 0) {
    if (schema.release != nullptr) schema.release(&schema);
    if (error != nullptr) error->code = PATRON_E_MEMORY;
    return PATRON_E_MEMORY;
  }
  patron_table* table = nullptr;
  status = patron_table_import_array(&array, &schema, &table, error);
  EXPECT_EQ(array.release, nullptr);
  EXPECT_EQ(schema.release, nullptr);
  EXPECT_EQ(table == nullptr, status != PATRON_OK);
  patron_table_close(table);
  return status;
}

patron_ltv_fit_options nbd_options(const patron_ltv_columns* columns) {
  patron_ltv_fit_options options = PATRON_LTV_FIT_OPTIONS_INIT;
  options.columns = columns;
  options.penalty = 0.01;
  return options;
}

std::vector<Call> plain_calls() {
  return {
      {"patron_time_parse", Kind::kNone,
       [](void*, patron_error* error) {
         int64_t micros;
         return patron_time_parse("2026-03-01", 10, "Asia/Shanghai", 13, &micros, error);
       }},
      {"patron_time_format", Kind::kNone,
       [](void*, patron_error* error) {
         char buffer[32];
         return patron_time_format(0, buffer, sizeof(buffer), nullptr, error);
       }},
      {"patron_period_parse", Kind::kNone,
       [](void*, patron_error* error) {
         patron_period period = PATRON_PERIOD_INIT;
         return patron_period_parse("365d", 4, &period, error);
       }},
      {"patron_zone_check", Kind::kNone,
       [](void*, patron_error* error) { return patron_zone_check("Europe/Paris", 12, error); }},
      {"patron_money_from_double", Kind::kNone,
       [](void*, patron_error* error) {
         int64_t minor;
         return patron_money_from_double(1.5, 2, &minor, nullptr, error);
       }},
      {"patron_money_parse", Kind::kNone,
       [](void*, patron_error* error) {
         int64_t minor;
         return patron_money_parse("1.5", 3, 2, &minor, nullptr, error);
       }},
      {"patron_money_format", Kind::kNone,
       [](void*, patron_error* error) {
         char buffer[32];
         return patron_money_format(150, 2, "EUR", 3, buffer, sizeof(buffer), nullptr, error);
       }},
      {"patron_money_sum", Kind::kNone,
       [](void*, patron_error* error) {
         const int64_t amounts[2] = {1, 2};
         int64_t sum;
         return patron_money_sum(amounts, 2, &sum, error);
       }},
      {"patron_weights_manual", Kind::kNone,
       [](void*, patron_error* error) {
         double weights[2] = {3, 1};
         return patron_weights_manual(weights, 2, weights, error);
       }},
      {"patron_weights_ahp", Kind::kNone,
       [](void*, patron_error* error) {
         const double comparisons[4] = {1, 3, 1 / 3.0, 1};
         patron_ahp_options options = PATRON_AHP_OPTIONS_INIT;
         const patron_str names[2] = {patron_str_of("price"), patron_str_of("service")};
         options.names = names;
         options.name_count = 2;
         patron_ahp_consistency consistency = PATRON_AHP_CONSISTENCY_INIT;
         double weights[2];
         return patron_weights_ahp(comparisons, 2, &options, weights, &consistency, error);
       }},
      {"patron_ltv_plain_values", Kind::kNone,
       [](void*, patron_error* error) {
         double spend = 240;
         const double years = 5;
         return patron_ltv_plain_values(&spend, &years, 1, 0.3, 0.08, &spend, error);
       }},
      {"patron_nps_estimate", Kind::kNone,
       [](void*, patron_error* error) {
         const int64_t counts[11] = {2, 0, 0, 0, 0, 0, 0, 0, 3, 0, 5};
         const int64_t population = 100;
         const patron_nps_method method = PATRON_NPS_METHOD_INIT;
         patron_nps_score score = PATRON_NPS_SCORE_INIT;
         return patron_nps_estimate(counts, 11, &population, &method, &score, error);
       }},
      {"patron_ltv_create", Kind::kNone,
       [](void*, patron_error* error) {
         const double parameters[4] = {0.243, 4.414, 0.793, 2.426};
         return handing_out<patron_ltv>(patron_ltv_close, [&](patron_ltv** out) {
           return patron_ltv_create(PATRON_LTV_MODEL_BG_NBD, parameters, 4, PATRON_LTV_UNIT_WEEK,
                                    out, error);
         });
       }},
      {"patron_ltv_parse", Kind::kNone,
       [](void*, patron_error* error) {
         static const World* world = new World;
         patron_buffer* json = nullptr;
         const patron_status status = patron_ltv_to_json(world->ltv.get(), &json, error);
         if (status != PATRON_OK) return status;
         const Buffer kept(json);
         const patron_str text = patron_buffer_text(json);
         return handing_out<patron_ltv>(patron_ltv_close, [&](patron_ltv** out) {
           return patron_ltv_parse(text.data, text.size, out, error);
         });
       }},
      {"patron_arrow_create", Kind::kNone,
       [](void*, patron_error* error) {
         void* arrow = nullptr;
         const patron_status status = patron_arrow_create(PATRON_ARROW_ARRAY, &arrow, error);
         patron_arrow_close(PATRON_ARROW_ARRAY, arrow);
         return status;
       }},
      {"patron_cancel_create", Kind::kNone,
       [](void*, patron_error* error) {
         return handing_out<patron_cancel>(patron_cancel_close, [&](patron_cancel** out) {
           return patron_cancel_create(out, error);
         });
       }},
      {"patron_workspace_create", Kind::kNone,
       [](void*, patron_error* error) {
         return handing_out<patron_workspace>(patron_workspace_close, [&](patron_workspace** out) {
           return patron_workspace_create(out, error);
         });
       }},
      {"patron_segments_named", Kind::kNone,
       [](void*, patron_error* error) {
         return handing_out<patron_segments>(patron_segments_close, [&](patron_segments** out) {
           return patron_segments_named("eleven", 6, out, error);
         });
       }},
      {"patron_segments_parse", Kind::kNone,
       [](void*, patron_error* error) {
         return handing_out<patron_segments>(patron_segments_close, [&](patron_segments** out) {
           return patron_segments_parse(kJsonRows.data(), kJsonRows.size(), 5, out, error);
         });
       }},
      {"patron_cuts_parse", Kind::kNone,
       [](void*, patron_error* error) {
         static const World* world = new World;
         const patron_str json = patron_buffer_text(world->buffer.get());
         return handing_out<patron_cuts>(patron_cuts_close, [&](patron_cuts** out) {
           return patron_cuts_parse(json.data, json.size, out, error);
         });
       }},
  };
}

std::vector<Call> table_calls() {
  return {
      {"patron_table_import_stream", Kind::kNone, import_stream},
      {"patron_table_import_array", Kind::kNone, import_array},
      {"patron_table_create", Kind::kNone,
       [](void*, patron_error* error) {
         static const std::vector<int64_t> values{1, 2};
         const patron_column one = column("x", PATRON_TYPE_INT64, values);
         return handing_out<patron_table>(patron_table_close, [&](patron_table** out) {
           return patron_table_create(&one, 1, out, error);
         });
       }},
      {"patron_table_find", Kind::kTable,
       [](void* handle, patron_error* error) {
         int32_t index;
         return patron_table_find(as<patron_table>(handle), "day", 3, &index, error);
       }},
      {"patron_table_field", Kind::kTable,
       [](void* handle, patron_error* error) {
         patron_field field = PATRON_FIELD_INIT;
         return patron_table_field(as<patron_table>(handle), 0, &field, error);
       }},
      {"patron_table_column", Kind::kTable,
       [](void* handle, patron_error* error) {
         patron_column view = PATRON_COLUMN_INIT;
         return patron_table_column(as<patron_table>(handle), 0, 0, &view, error);
       }},
      {"patron_table_select", Kind::kTable,
       [](void* handle, patron_error* error) {
         const patron_str names[1] = {patron_str_of("day")};
         return handing_out<patron_table>(patron_table_close, [&](patron_table** out) {
           return patron_table_select(as<patron_table>(handle), names, 1, out, error);
         });
       }},
      {"patron_table_export_stream", Kind::kTable,
       [](void* handle, patron_error* error) {
         ArrowArrayStream stream{};
         const patron_status status =
             patron_table_export_stream(as<patron_table>(handle), &stream, error);
         EXPECT_EQ(stream.release == nullptr, status != PATRON_OK);
         if (stream.release != nullptr) stream.release(&stream);
         return status;
       }},
      {"patron_rfm_compute", Kind::kTable,
       [](void* handle, patron_error* error) {
         const patron_rfm_options options = orders_options();
         return handing_out<patron_rfm>(patron_rfm_close, [&](patron_rfm** out) {
           return patron_rfm_compute(as<patron_table>(handle), &options, out, error);
         });
       }},
      {"patron_rank_compute", Kind::kTable,
       [](void* handle, patron_error* error) {
         const int64_t seats = 1;
         patron_rank_options options = PATRON_RANK_OPTIONS_INIT;
         options.top = &seats;
         return handing_out<patron_rank>(patron_rank_close, [&](patron_rank** out) {
           return patron_rank_compute(as<patron_table>(handle), "amount", 6, &options, out, error);
         });
       }},
      {"patron_nps_compute", Kind::kTable,
       [](void* handle, patron_error* error) {
         const patron_nps_options options = scores_options();
         return handing_out<patron_nps>(patron_nps_close, [&](patron_nps** out) {
           return patron_nps_compute(as<patron_table>(handle), &options, out, error);
         });
       }},
      {"patron_ltv_summary_compute", Kind::kTable,
       [](void* handle, patron_error* error) {
         const patron_ltv_summary_options options = summary_options();
         return handing_out<patron_ltv_summary>(
             patron_ltv_summary_close, [&](patron_ltv_summary** out) {
               return patron_ltv_summary_compute(as<patron_table>(handle), &options, out, error);
             });
       }},
      {"patron_ltv_historic_compute", Kind::kTable,
       [](void* handle, patron_error* error) {
         const patron_ltv_historic_options options = historic_options();
         return handing_out<patron_ltv_historic>(
             patron_ltv_historic_close, [&](patron_ltv_historic** out) {
               return patron_ltv_historic_compute(as<patron_table>(handle), &options, out, error);
             });
       }},
      {"patron_ltv_fit", Kind::kTable,
       [](void* handle, patron_error* error) {
         const patron_ltv_columns columns = ages_columns();
         const patron_ltv_fit_options options = nbd_options(&columns);
         return handing_out<patron_ltv>(patron_ltv_close, [&](patron_ltv** out) {
           return patron_ltv_fit(as<patron_table>(handle), PATRON_LTV_MODEL_NBD, &options, out,
                                 error);
         });
       }},
      {"patron_weights_entropy", Kind::kTable,
       [](void* handle, patron_error* error) {
         const patron_str columns[1] = {patron_str_of("amount")};
         patron_entropy_options options = PATRON_ENTROPY_OPTIONS_INIT;
         options.columns = columns;
         options.column_count = 1;
         double weight, entropy;
         return patron_weights_entropy(as<patron_table>(handle), &options, &weight, &entropy,
                                       error);
       }},
  };
}

std::vector<Call> value_calls() {
  return {
      {"patron_segments_to_json", Kind::kSegments,
       [](void* handle, patron_error* error) {
         return handing_out<patron_buffer>(patron_buffer_close, [&](patron_buffer** out) {
           return patron_segments_to_json(as<patron_segments>(handle), out, error);
         });
       }},
      {"patron_segments_row", Kind::kSegments,
       [](void* handle, patron_error* error) {
         patron_segment_row row = PATRON_SEGMENT_ROW_INIT;
         return patron_segments_row(as<patron_segments>(handle), 0, &row, error);
       }},
      {"patron_segments_find", Kind::kSegments,
       [](void* handle, patron_error* error) {
         int32_t row;
         return patron_segments_find(as<patron_segments>(handle), 5, 5, 5, &row, error);
       }},
      {"patron_segments_lint", Kind::kSegments,
       [](void* handle, patron_error* error) {
         patron_lint_counts counts = PATRON_LINT_COUNTS_INIT;
         return handing_out<patron_table>(patron_table_close, [&](patron_table** out) {
           return patron_segments_lint(as<patron_segments>(handle), &counts, out, error);
         });
       }},
      {"patron_cuts_to_json", Kind::kCuts,
       [](void* handle, patron_error* error) {
         return handing_out<patron_buffer>(patron_buffer_close, [&](patron_buffer** out) {
           return patron_cuts_to_json(as<patron_cuts>(handle), out, error);
         });
       }},
      {"patron_cuts_describe", Kind::kCuts,
       [](void* handle, patron_error* error) {
         patron_cuts_info info = PATRON_CUTS_INFO_INIT;
         return patron_cuts_describe(as<patron_cuts>(handle), &info, error);
       }},
      {"patron_cuts_axis", Kind::kCuts,
       [](void* handle, patron_error* error) {
         patron_axis_cuts axis = PATRON_AXIS_CUTS_INIT;
         return patron_cuts_axis(as<patron_cuts>(handle), PATRON_AXIS_MONETARY, &axis, error);
       }},
      {"patron_cuts_score", Kind::kCuts,
       [](void* handle, patron_error* error) {
         patron_scores scores = PATRON_SCORES_INIT;
         return patron_cuts_score(as<patron_cuts>(handle), 1, 1, 100, &scores, error);
       }},
      {"patron_rfm_table", Kind::kRfm,
       [](void* handle, patron_error* error) {
         return handing_out<patron_table>(patron_table_close, [&](patron_table** out) {
           return patron_rfm_table(as<patron_rfm>(handle), out, error);
         });
       }},
      {"patron_rfm_refused", Kind::kRfm,
       [](void* handle, patron_error* error) {
         return handing_out<patron_table>(patron_table_close, [&](patron_table** out) {
           return patron_rfm_refused(as<patron_rfm>(handle), out, error);
         });
       }},
      {"patron_rfm_cuts", Kind::kRfm,
       [](void* handle, patron_error* error) {
         return handing_out<patron_cuts>(patron_cuts_close, [&](patron_cuts** out) {
           return patron_rfm_cuts(as<patron_rfm>(handle), out, error);
         });
       }},
      {"patron_rfm_counts", Kind::kRfm,
       [](void* handle, patron_error* error) {
         patron_rfm_summary summary = PATRON_RFM_SUMMARY_INIT;
         return patron_rfm_counts(as<patron_rfm>(handle), &summary, error);
       }},
      {"patron_rank_table", Kind::kRank,
       [](void* handle, patron_error* error) {
         return handing_out<patron_table>(patron_table_close, [&](patron_table** out) {
           return patron_rank_table(as<patron_rank>(handle), out, error);
         });
       }},
      {"patron_rank_describe", Kind::kRank,
       [](void* handle, patron_error* error) {
         patron_rank_summary summary = PATRON_RANK_SUMMARY_INIT;
         return patron_rank_describe(as<patron_rank>(handle), &summary, error);
       }},
      {"patron_nps_table", Kind::kNps,
       [](void* handle, patron_error* error) {
         return handing_out<patron_table>(patron_table_close, [&](patron_table** out) {
           return patron_nps_table(as<patron_nps>(handle), out, error);
         });
       }},
      {"patron_nps_drivers", Kind::kNps,
       [](void* handle, patron_error* error) {
         return handing_out<patron_table>(patron_table_close, [&](patron_table** out) {
           return patron_nps_drivers(as<patron_nps>(handle), out, error);
         });
       }},
      {"patron_nps_refused", Kind::kNps,
       [](void* handle, patron_error* error) {
         return handing_out<patron_table>(patron_table_close, [&](patron_table** out) {
           return patron_nps_refused(as<patron_nps>(handle), out, error);
         });
       }},
      {"patron_nps_overall", Kind::kNps,
       [](void* handle, patron_error* error) {
         patron_nps_score score = PATRON_NPS_SCORE_INIT;
         return patron_nps_overall(as<patron_nps>(handle), 0, &score, error);
       }},
      {"patron_nps_counts", Kind::kNps,
       [](void* handle, patron_error* error) {
         patron_nps_summary summary = PATRON_NPS_SUMMARY_INIT;
         return patron_nps_counts(as<patron_nps>(handle), &summary, error);
       }},
      {"patron_nps_difference", Kind::kNps,
       [](void* handle, patron_error* error) {
         patron_nps_change change = PATRON_NPS_CHANGE_INIT;
         return patron_nps_difference(as<patron_nps>(handle), as<patron_nps>(handle),
                                      PATRON_INTERVAL_AUTO, 0.95, &change, error);
       }},
      {"patron_ltv_summary_table", Kind::kLtvSummary,
       [](void* handle, patron_error* error) {
         return handing_out<patron_table>(patron_table_close, [&](patron_table** out) {
           return patron_ltv_summary_table(as<patron_ltv_summary>(handle), out, error);
         });
       }},
      {"patron_ltv_summary_refused", Kind::kLtvSummary,
       [](void* handle, patron_error* error) {
         return handing_out<patron_table>(patron_table_close, [&](patron_table** out) {
           return patron_ltv_summary_refused(as<patron_ltv_summary>(handle), out, error);
         });
       }},
      {"patron_ltv_summary_counts", Kind::kLtvSummary,
       [](void* handle, patron_error* error) {
         patron_ltv_counts counts = PATRON_LTV_COUNTS_INIT;
         return patron_ltv_summary_counts(as<patron_ltv_summary>(handle), &counts, error);
       }},
      {"patron_ltv_historic_table", Kind::kLtvHistoric,
       [](void* handle, patron_error* error) {
         return handing_out<patron_table>(patron_table_close, [&](patron_table** out) {
           return patron_ltv_historic_table(as<patron_ltv_historic>(handle), out, error);
         });
       }},
      {"patron_ltv_historic_refused", Kind::kLtvHistoric,
       [](void* handle, patron_error* error) {
         return handing_out<patron_table>(patron_table_close, [&](patron_table** out) {
           return patron_ltv_historic_refused(as<patron_ltv_historic>(handle), out, error);
         });
       }},
      {"patron_ltv_historic_counts", Kind::kLtvHistoric,
       [](void* handle, patron_error* error) {
         patron_ltv_counts counts = PATRON_LTV_COUNTS_INIT;
         return patron_ltv_historic_counts(as<patron_ltv_historic>(handle), &counts, error);
       }},
  };
}

std::vector<Call> policy_calls() {
  static constexpr std::string_view kJson = kShopPolicy;
  return {
      {"patron_policy_check", Kind::kNone,
       [](void*, patron_error* error) {
         return handing_out<patron_table>(patron_table_close, [&](patron_table** out) {
           return patron_policy_check(kJson.data(), kJson.size(), out, error);
         });
       }},
      {"patron_policy_format", Kind::kNone,
       [](void*, patron_error* error) {
         return handing_out<patron_buffer>(patron_buffer_close, [&](patron_buffer** out) {
           return patron_policy_format("x", 1, kJson.data(), kJson.size(), out, error);
         });
       }},
      {"patron_policy_parse", Kind::kNone,
       [](void*, patron_error* error) {
         return handing_out<patron_policy>(patron_policy_close, [&](patron_policy** out) {
           return patron_policy_parse(kJson.data(), kJson.size(), out, error);
         });
       }},
      {"patron_policy_describe", Kind::kPolicy,
       [](void* handle, patron_error* error) {
         patron_policy_info info = PATRON_POLICY_INFO_INIT;
         return patron_policy_describe(as<patron_policy>(handle), &info, error);
       }},
      {"patron_policy_to_json", Kind::kPolicy,
       [](void* handle, patron_error* error) {
         return handing_out<patron_buffer>(patron_buffer_close, [&](patron_buffer** out) {
           return patron_policy_to_json(as<patron_policy>(handle), out, error);
         });
       }},
      {"patron_policy_tags", Kind::kPolicy,
       [](void* handle, patron_error* error) {
         return handing_out<patron_table>(patron_table_close, [&](patron_table** out) {
           return patron_policy_tags(as<patron_policy>(handle), out, error);
         });
       }},
      {"patron_policy_classes", Kind::kPolicy,
       [](void* handle, patron_error* error) {
         return handing_out<patron_table>(patron_table_close, [&](patron_table** out) {
           return patron_policy_classes(as<patron_policy>(handle), out, error);
         });
       }},
      {"patron_policy_to_sql", Kind::kPolicy,
       [](void* handle, patron_error* error) {
         return handing_out<patron_buffer>(patron_buffer_close, [&](patron_buffer** out) {
           return patron_policy_to_sql(as<patron_policy>(handle), "tier", 4, PATRON_SQL_DUCKDB,
                                       nullptr, out, error);
         });
       }},
      {"patron_policy_classify", Kind::kPolicy,
       [](void* handle, patron_error* error) {
         const Orders orders;
         const Table table = orders.table();
         const patron_expression_options options = PATRON_EXPRESSION_OPTIONS_INIT;
         return handing_out<patron_table>(patron_table_close, [&](patron_table** out) {
           return patron_policy_classify(as<patron_policy>(handle), "size", 4, table.get(),
                                         &options, out, nullptr, error);
         });
       }},
  };
}

std::vector<Call> ltv_calls() {
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

}  // namespace

patron_rfm_options orders_options() {
  patron_rfm_options options = PATRON_RFM_OPTIONS_INIT;
  options.customer = patron_str_of("customer");
  options.time = patron_str_of("day");
  options.amount = patron_str_of("amount");
  return options;
}

patron_nps_options scores_options() {
  patron_nps_options options = PATRON_NPS_OPTIONS_INIT;
  options.score = patron_str_of("customer");
  return options;
}

patron_ltv_summary_options summary_options() {
  patron_ltv_summary_options options = PATRON_LTV_SUMMARY_OPTIONS_INIT;
  options.customer = patron_str_of("customer");
  options.time = patron_str_of("day");
  options.amount = patron_str_of("amount");
  return options;
}

patron_ltv_historic_options historic_options() {
  patron_ltv_historic_options options = PATRON_LTV_HISTORIC_OPTIONS_INIT;
  options.customer = patron_str_of("customer");
  options.time = patron_str_of("day");
  options.amount = patron_str_of("amount");
  return options;
}

patron_ltv_columns ages_columns() {
  patron_ltv_columns columns = PATRON_LTV_COLUMNS_INIT;
  columns.frequency = patron_str_of("customer");
  columns.T = patron_str_of("amount");
  return columns;
}

patron_column view_of(const patron_table* table, const char* name) {
  patron_error error = PATRON_ERROR_INIT;
  patron_column view = PATRON_COLUMN_INIT;
  int32_t index = -1;
  EXPECT_EQ(patron_table_find(table, name, std::string_view(name).size(), &index, &error),
            PATRON_OK)
      << error.message;
  EXPECT_EQ(patron_table_column(table, index, 0, &view, &error), PATRON_OK) << error.message;
  return view;
}

std::vector<std::string> texts_of(const patron_table* table, const char* name) {
  const patron_column view = view_of(table, name);
  const bool coded = view.type == PATRON_TYPE_DICTIONARY;
  const patron_column& words = coded ? *view.dictionary : view;
  const auto offset = [&](int64_t i) -> int64_t {
    i += words.offset;
    return words.type == PATRON_TYPE_LARGE_STRING ? static_cast<const int64_t*>(words.offsets)[i]
                                                  : static_cast<const int32_t*>(words.offsets)[i];
  };
  std::vector<std::string> out;
  for (int64_t i = 0; i < view.length; ++i) {
    const int64_t bit = view.offset + i;
    if (view.validity != nullptr && (view.validity[bit / 8] >> (bit % 8) & 1) == 0) {
      out.emplace_back("(null)");
      continue;
    }
    const int64_t at = coded ? static_cast<const int8_t*>(view.values)[bit] : i;
    out.emplace_back(words.bytes + offset(at), words.bytes + offset(at + 1));
  }
  return out;
}

World::World() : table(orders.table()) {
  patron_cancel* token = nullptr;
  EXPECT_EQ(patron_cancel_create(&token, nullptr), PATRON_OK);
  cancel.reset(token);
  patron_workspace* kept = nullptr;
  EXPECT_EQ(patron_workspace_create(&kept, nullptr), PATRON_OK);
  workspace.reset(kept);
  patron_segments* eleven = nullptr;
  EXPECT_EQ(patron_segments_named("eleven", 6, &eleven, nullptr), PATRON_OK);
  segments.reset(eleven);
  const patron_rfm_options options = orders_options();
  patron_error error = PATRON_ERROR_INIT;
  patron_rfm* scored = nullptr;
  EXPECT_EQ(patron_rfm_compute(table.get(), &options, &scored, &error), PATRON_OK) << error.message;
  rfm.reset(scored);
  patron_cuts* learned = nullptr;
  EXPECT_EQ(patron_rfm_cuts(scored, &learned, nullptr), PATRON_OK);
  cuts.reset(learned);
  buffer = make_buffer(learned);
  const int64_t seats = 1;
  patron_rank_options top = PATRON_RANK_OPTIONS_INIT;
  top.top = &seats;
  patron_rank* ranked = nullptr;
  EXPECT_EQ(patron_rank_compute(table.get(), "amount", 6, &top, &ranked, &error), PATRON_OK)
      << error.message;
  rank.reset(ranked);
  const patron_nps_options responses = scores_options();
  patron_nps* scored_responses = nullptr;
  EXPECT_EQ(patron_nps_compute(table.get(), &responses, &scored_responses, &error), PATRON_OK)
      << error.message;
  nps.reset(scored_responses);
  const patron_ltv_summary_options weeks = summary_options();
  patron_ltv_summary* summarised = nullptr;
  EXPECT_EQ(patron_ltv_summary_compute(table.get(), &weeks, &summarised, &error), PATRON_OK)
      << error.message;
  ltv_summary.reset(summarised);
  const patron_ltv_historic_options past = historic_options();
  patron_ltv_historic* valued = nullptr;
  EXPECT_EQ(patron_ltv_historic_compute(table.get(), &past, &valued, &error), PATRON_OK)
      << error.message;
  ltv_historic.reset(valued);
  const patron_ltv_columns ages = ages_columns();
  const patron_ltv_fit_options fitting = nbd_options(&ages);
  patron_ltv* fitted = nullptr;
  EXPECT_EQ(patron_ltv_fit(table.get(), PATRON_LTV_MODEL_NBD, &fitting, &fitted, &error), PATRON_OK)
      << error.message;
  ltv.reset(fitted);
  spend = make_ltv(PATRON_LTV_MODEL_GAMMA_GAMMA, {6.25, 3.74, 15.44});
  policy = make_policy(kShopPolicy);
  engine = make_engine();
  ranking = make_ranked_engine();
  untaught = make_ranked_engine();
  calibration = calibrated(ranking.get());
  snapshot = snapshot_of(engine.get());
  keyed = make_engine_of_orders(kKeyedPolicy);
  people_pairs = people.pairs(), people_keys = people.keys();
  live_events = live.events(), live_values = live.values(), live_keys = live.keys();
  schema = make_schema(
      R"({"fields": {"day": "date", "tier": {"type": "enum", "values": ["silver", "gold"]}}})");
  expression = make_expression(make_schema(R"({"fields": {"day": "date"}})").get(),
                               "day >= date('2026-01-15')");
}

void* World::handle(Kind kind) const {
  switch (kind) {
    case Kind::kNone:
      return nullptr;
    case Kind::kBuffer:
      return buffer.get();
    case Kind::kTable:
      return table.get();
    case Kind::kCancel:
      return cancel.get();
    case Kind::kWorkspace:
      return workspace.get();
    case Kind::kSegments:
      return segments.get();
    case Kind::kCuts:
      return cuts.get();
    case Kind::kRfm:
      return rfm.get();
    case Kind::kRank:
      return rank.get();
    case Kind::kNps:
      return nps.get();
    case Kind::kLtvSummary:
      return ltv_summary.get();
    case Kind::kLtvHistoric:
      return ltv_historic.get();
    case Kind::kLtv:
      return ltv.get();
    case Kind::kPolicy:
      return policy.get();
    case Kind::kEngine:
      return engine.get();
    case Kind::kCalibration:
      return calibration.get();
    case Kind::kSnapshot:
      return snapshot.get();
    case Kind::kSchema:
      return schema.get();
    case Kind::kExpression:
      return expression.get();
  }
  return nullptr;
}

const std::vector<Call>& calls() {
  static const std::vector<Call> all = [] {
    std::vector<Call> out = plain_calls();
    for (const auto& more : {table_calls(), value_calls(), ltv_calls(), policy_calls(),
                             engine_calls(), expression_calls()}) {
      out.insert(out.end(), more.begin(), more.end());
    }
    return out;
  }();
  return all;
}

TEST(World, EveryCallOfTheListSucceeds) {
  const World world;
  for (const Call& call : calls()) {
    patron_error error = PATRON_ERROR_INIT;
    EXPECT_EQ(call.run(world.handle(call.kind), &error), PATRON_OK)
        << call.name << ": " << error.message;
  }
}

// (The case also keeps this file in builds of the thread tests alone, which need it.)
TEST(World, OfOneThreadServesAnotherThread) {
  std::unique_ptr<World> world;
  std::thread([&] { world = std::make_unique<World>(); }).join();
  for (const Call& call : calls()) {
    EXPECT_EQ(call.run(world->handle(call.kind), nullptr), PATRON_OK) << call.name;
  }
}

}  // namespace patron::test
