// The functions of segments, cuts, RFM, ranks, NPS and summaries that return a status, each as a
// call that succeeds.
#pragma once

#include <vector>

#include "tests/capi/handing_out.h"
#include "tests/capi/world.h"

namespace patron::test {

inline std::vector<Call> value_calls() {
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

}  // namespace patron::test
