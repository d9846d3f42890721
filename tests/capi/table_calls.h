// The functions that make, read or take a table and return a status, each as a call that succeeds.
#pragma once

#include <vector>

#include "tests/capi/handing_out.h"
#include "tests/capi/world.h"

namespace patron::test {

inline patron_status import_stream(void*, patron_error* error) {
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

inline patron_status import_array(void*, patron_error* error) {
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

inline std::vector<Call> table_calls() {
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

}  // namespace patron::test
