// The functions of policies that return a status, each as a call that succeeds.
#pragma once

#include <vector>

#include "tests/capi/handing_out.h"
#include "tests/capi/world.h"

namespace patron::test {

inline std::vector<Call> policy_calls() {
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

}  // namespace patron::test
