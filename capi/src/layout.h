// What each struct is: its layout, the size it had first, its initial value, its reserved fields.
// Generated from capi/api.json by capi/generate.py.
// clang-format off
#pragma once

#include <cstddef>
#include <cstdint>

#include "patron/calibration.h"
#include "patron/engine.h"
#include "patron/expression.h"
#include "patron/ltv.h"
#include "patron/ltv_summary.h"
#include "patron/nps.h"
#include "patron/patron.h"
#include "patron/rfm.h"
#include "patron/schema.h"
#include "patron/segments.h"
#include "patron/status.h"
#include "patron/table.h"
#include "patron/weights.h"

namespace patron::capi {

/// The size a struct had in the first release: a smaller one is refused.
template <typename T>
inline constexpr uint32_t kFirstSize = 0;
/// PATRON_<STRUCT>_INIT.
template <typename T>
T initial();
/// Whether every reserved field is zero.
template <typename T>
bool reserved_are_zero(const T&) { return true; }

static_assert(offsetof(patron_error, struct_size) == 0);
static_assert(offsetof(patron_error, code) == 4);
static_assert(offsetof(patron_error, detail) == 8);
static_assert(offsetof(patron_error, reserved) == 12);
static_assert(offsetof(patron_error, byte_offset) == 16);
static_assert(offsetof(patron_error, row) == 24);
static_assert(offsetof(patron_error, message) == 32);
static_assert(sizeof(patron_error) == 1024);
template <>
inline constexpr uint32_t kFirstSize<patron_error> = 1024;
template <>
inline patron_error initial<patron_error>() { return PATRON_ERROR_INIT; }
template <>
inline bool reserved_are_zero<patron_error>(const patron_error& value) { return value.reserved == 0; }

static_assert(offsetof(patron_str, data) == 0);
static_assert(offsetof(patron_str, size) == 8);
static_assert(sizeof(patron_str) == 16);

static_assert(offsetof(patron_period, struct_size) == 0);
static_assert(offsetof(patron_period, months) == 4);
static_assert(offsetof(patron_period, micros) == 8);
static_assert(sizeof(patron_period) == 16);
template <>
inline constexpr uint32_t kFirstSize<patron_period> = 16;
template <>
inline patron_period initial<patron_period>() { return PATRON_PERIOD_INIT; }

static_assert(offsetof(patron_field, struct_size) == 0);
static_assert(offsetof(patron_field, type) == 4);
static_assert(offsetof(patron_field, name) == 8);
static_assert(offsetof(patron_field, type_name) == 24);
static_assert(offsetof(patron_field, unit) == 40);
static_assert(offsetof(patron_field, precision) == 44);
static_assert(offsetof(patron_field, scale) == 48);
static_assert(offsetof(patron_field, index) == 52);
static_assert(offsetof(patron_field, value) == 56);
static_assert(offsetof(patron_field, ordered) == 60);
static_assert(offsetof(patron_field, zone) == 64);
static_assert(sizeof(patron_field) == 80);
template <>
inline constexpr uint32_t kFirstSize<patron_field> = 80;
template <>
inline patron_field initial<patron_field>() { return PATRON_FIELD_INIT; }

static_assert(offsetof(patron_column, struct_size) == 0);
static_assert(offsetof(patron_column, type) == 4);
static_assert(offsetof(patron_column, name) == 8);
static_assert(offsetof(patron_column, unit) == 24);
static_assert(offsetof(patron_column, precision) == 28);
static_assert(offsetof(patron_column, scale) == 32);
static_assert(offsetof(patron_column, index) == 36);
static_assert(offsetof(patron_column, value) == 40);
static_assert(offsetof(patron_column, ordered) == 44);
static_assert(offsetof(patron_column, zone) == 48);
static_assert(offsetof(patron_column, length) == 64);
static_assert(offsetof(patron_column, offset) == 72);
static_assert(offsetof(patron_column, null_count) == 80);
static_assert(offsetof(patron_column, validity) == 88);
static_assert(offsetof(patron_column, values) == 96);
static_assert(offsetof(patron_column, offsets) == 104);
static_assert(offsetof(patron_column, bytes) == 112);
static_assert(offsetof(patron_column, view_buffers) == 120);
static_assert(offsetof(patron_column, view_sizes) == 128);
static_assert(offsetof(patron_column, view_buffer_count) == 136);
static_assert(offsetof(patron_column, dictionary) == 144);
static_assert(sizeof(patron_column) == 152);
template <>
inline constexpr uint32_t kFirstSize<patron_column> = 152;
template <>
inline patron_column initial<patron_column>() { return PATRON_COLUMN_INIT; }

static_assert(offsetof(patron_segment_row, struct_size) == 0);
static_assert(offsetof(patron_segment_row, reserved) == 4);
static_assert(offsetof(patron_segment_row, name) == 8);
static_assert(offsetof(patron_segment_row, label_zh) == 24);
static_assert(offsetof(patron_segment_row, advice) == 40);
static_assert(offsetof(patron_segment_row, advice_zh) == 56);
static_assert(sizeof(patron_segment_row) == 72);
template <>
inline constexpr uint32_t kFirstSize<patron_segment_row> = 72;
template <>
inline patron_segment_row initial<patron_segment_row>() { return PATRON_SEGMENT_ROW_INIT; }
template <>
inline bool reserved_are_zero<patron_segment_row>(const patron_segment_row& value) { return value.reserved == 0; }

static_assert(offsetof(patron_lint_counts, struct_size) == 0);
static_assert(offsetof(patron_lint_counts, cells) == 4);
static_assert(offsetof(patron_lint_counts, gaps) == 8);
static_assert(offsetof(patron_lint_counts, overlaps) == 12);
static_assert(offsetof(patron_lint_counts, unreachable) == 16);
static_assert(offsetof(patron_lint_counts, reserved) == 20);
static_assert(sizeof(patron_lint_counts) == 24);
template <>
inline constexpr uint32_t kFirstSize<patron_lint_counts> = 24;
template <>
inline patron_lint_counts initial<patron_lint_counts>() { return PATRON_LINT_COUNTS_INIT; }
template <>
inline bool reserved_are_zero<patron_lint_counts>(const patron_lint_counts& value) { return value.reserved == 0; }

static_assert(offsetof(patron_cuts_info, struct_size) == 0);
static_assert(offsetof(patron_cuts_info, scale) == 4);
static_assert(offsetof(patron_cuts_info, timezone) == 8);
static_assert(offsetof(patron_cuts_info, customers) == 24);
static_assert(sizeof(patron_cuts_info) == 32);
template <>
inline constexpr uint32_t kFirstSize<patron_cuts_info> = 32;
template <>
inline patron_cuts_info initial<patron_cuts_info>() { return PATRON_CUTS_INFO_INIT; }

static_assert(offsetof(patron_axis_cuts, struct_size) == 0);
static_assert(offsetof(patron_axis_cuts, method) == 4);
static_assert(offsetof(patron_axis_cuts, cuts) == 8);
static_assert(offsetof(patron_axis_cuts, count) == 16);
static_assert(offsetof(patron_axis_cuts, octant_split) == 24);
static_assert(sizeof(patron_axis_cuts) == 32);
template <>
inline constexpr uint32_t kFirstSize<patron_axis_cuts> = 32;
template <>
inline patron_axis_cuts initial<patron_axis_cuts>() { return PATRON_AXIS_CUTS_INIT; }

static_assert(offsetof(patron_scores, struct_size) == 0);
static_assert(offsetof(patron_scores, r) == 4);
static_assert(offsetof(patron_scores, f) == 8);
static_assert(offsetof(patron_scores, m) == 12);
static_assert(offsetof(patron_scores, octant) == 16);
static_assert(offsetof(patron_scores, reserved) == 20);
static_assert(sizeof(patron_scores) == 24);
template <>
inline constexpr uint32_t kFirstSize<patron_scores> = 24;
template <>
inline patron_scores initial<patron_scores>() { return PATRON_SCORES_INIT; }
template <>
inline bool reserved_are_zero<patron_scores>(const patron_scores& value) { return value.reserved == 0; }

static_assert(offsetof(patron_rfm_axis, struct_size) == 0);
static_assert(offsetof(patron_rfm_axis, method) == 4);
static_assert(offsetof(patron_rfm_axis, bins) == 8);
static_assert(offsetof(patron_rfm_axis, octant_split) == 12);
static_assert(offsetof(patron_rfm_axis, cuts) == 16);
static_assert(offsetof(patron_rfm_axis, cut_count) == 24);
static_assert(offsetof(patron_rfm_axis, octant_value) == 32);
static_assert(sizeof(patron_rfm_axis) == 40);
template <>
inline constexpr uint32_t kFirstSize<patron_rfm_axis> = 40;
template <>
inline patron_rfm_axis initial<patron_rfm_axis>() { return PATRON_RFM_AXIS_INIT; }

static_assert(offsetof(patron_rfm_options, struct_size) == 0);
static_assert(offsetof(patron_rfm_options, refunds) == 4);
static_assert(offsetof(patron_rfm_options, customer) == 8);
static_assert(offsetof(patron_rfm_options, time) == 24);
static_assert(offsetof(patron_rfm_options, amount) == 40);
static_assert(offsetof(patron_rfm_options, order) == 56);
static_assert(offsetof(patron_rfm_options, timezone) == 72);
static_assert(offsetof(patron_rfm_options, as_of) == 88);
static_assert(offsetof(patron_rfm_options, window) == 96);
static_assert(offsetof(patron_rfm_options, zero) == 104);
static_assert(offsetof(patron_rfm_options, scale) == 108);
static_assert(offsetof(patron_rfm_options, octant_names) == 112);
static_assert(offsetof(patron_rfm_options, language) == 116);
static_assert(offsetof(patron_rfm_options, on_gap) == 120);
static_assert(offsetof(patron_rfm_options, on_overlap) == 124);
static_assert(offsetof(patron_rfm_options, on_bad_row) == 128);
static_assert(offsetof(patron_rfm_options, threads) == 132);
static_assert(offsetof(patron_rfm_options, recency) == 136);
static_assert(offsetof(patron_rfm_options, frequency) == 144);
static_assert(offsetof(patron_rfm_options, monetary) == 152);
static_assert(offsetof(patron_rfm_options, cuts) == 160);
static_assert(offsetof(patron_rfm_options, segments) == 168);
static_assert(offsetof(patron_rfm_options, cancel) == 176);
static_assert(offsetof(patron_rfm_options, progress) == 184);
static_assert(offsetof(patron_rfm_options, progress_context) == 192);
static_assert(offsetof(patron_rfm_options, workspace) == 200);
static_assert(sizeof(patron_rfm_options) == 208);
template <>
inline constexpr uint32_t kFirstSize<patron_rfm_options> = 200;
template <>
inline patron_rfm_options initial<patron_rfm_options>() { return PATRON_RFM_OPTIONS_INIT; }

static_assert(offsetof(patron_rfm_summary, struct_size) == 0);
static_assert(offsetof(patron_rfm_summary, reserved) == 4);
static_assert(offsetof(patron_rfm_summary, customers) == 8);
static_assert(offsetof(patron_rfm_summary, rows) == 16);
static_assert(offsetof(patron_rfm_summary, refused_rows) == 24);
static_assert(offsetof(patron_rfm_summary, rounded_rows) == 32);
static_assert(offsetof(patron_rfm_summary, waiting_rows) == 40);
static_assert(offsetof(patron_rfm_summary, zero_rows) == 48);
static_assert(offsetof(patron_rfm_summary, refund_rows) == 56);
static_assert(offsetof(patron_rfm_summary, as_of) == 64);
static_assert(sizeof(patron_rfm_summary) == 72);
template <>
inline constexpr uint32_t kFirstSize<patron_rfm_summary> = 72;
template <>
inline patron_rfm_summary initial<patron_rfm_summary>() { return PATRON_RFM_SUMMARY_INIT; }
template <>
inline bool reserved_are_zero<patron_rfm_summary>(const patron_rfm_summary& value) { return value.reserved == 0; }

static_assert(offsetof(patron_rank_options, struct_size) == 0);
static_assert(offsetof(patron_rank_options, reserved) == 4);
static_assert(offsetof(patron_rank_options, shares) == 8);
static_assert(offsetof(patron_rank_options, share_count) == 16);
static_assert(offsetof(patron_rank_options, top_percents) == 24);
static_assert(offsetof(patron_rank_options, top_percent_count) == 32);
static_assert(offsetof(patron_rank_options, top) == 40);
static_assert(sizeof(patron_rank_options) == 48);
template <>
inline constexpr uint32_t kFirstSize<patron_rank_options> = 48;
template <>
inline patron_rank_options initial<patron_rank_options>() { return PATRON_RANK_OPTIONS_INIT; }
template <>
inline bool reserved_are_zero<patron_rank_options>(const patron_rank_options& value) { return value.reserved == 0; }

static_assert(offsetof(patron_rank_summary, struct_size) == 0);
static_assert(offsetof(patron_rank_summary, reserved) == 4);
static_assert(offsetof(patron_rank_summary, cuts) == 8);
static_assert(offsetof(patron_rank_summary, cut_count) == 16);
static_assert(offsetof(patron_rank_summary, members) == 24);
static_assert(offsetof(patron_rank_summary, class_count) == 32);
static_assert(offsetof(patron_rank_summary, ranked) == 40);
static_assert(sizeof(patron_rank_summary) == 48);
template <>
inline constexpr uint32_t kFirstSize<patron_rank_summary> = 48;
template <>
inline patron_rank_summary initial<patron_rank_summary>() { return PATRON_RANK_SUMMARY_INIT; }
template <>
inline bool reserved_are_zero<patron_rank_summary>(const patron_rank_summary& value) { return value.reserved == 0; }

static_assert(offsetof(patron_ahp_options, struct_size) == 0);
static_assert(offsetof(patron_ahp_options, reserved) == 4);
static_assert(offsetof(patron_ahp_options, max_consistency_ratio) == 8);
static_assert(offsetof(patron_ahp_options, names) == 16);
static_assert(offsetof(patron_ahp_options, name_count) == 24);
static_assert(sizeof(patron_ahp_options) == 32);
template <>
inline constexpr uint32_t kFirstSize<patron_ahp_options> = 32;
template <>
inline patron_ahp_options initial<patron_ahp_options>() { return PATRON_AHP_OPTIONS_INIT; }
template <>
inline bool reserved_are_zero<patron_ahp_options>(const patron_ahp_options& value) { return value.reserved == 0; }

static_assert(offsetof(patron_ahp_consistency, struct_size) == 0);
static_assert(offsetof(patron_ahp_consistency, reserved) == 4);
static_assert(offsetof(patron_ahp_consistency, lambda_max) == 8);
static_assert(offsetof(patron_ahp_consistency, consistency_index) == 16);
static_assert(offsetof(patron_ahp_consistency, random_index) == 24);
static_assert(offsetof(patron_ahp_consistency, consistency_ratio) == 32);
static_assert(offsetof(patron_ahp_consistency, worst_row) == 40);
static_assert(offsetof(patron_ahp_consistency, worst_column) == 44);
static_assert(offsetof(patron_ahp_consistency, given) == 48);
static_assert(offsetof(patron_ahp_consistency, implied) == 56);
static_assert(sizeof(patron_ahp_consistency) == 64);
template <>
inline constexpr uint32_t kFirstSize<patron_ahp_consistency> = 64;
template <>
inline patron_ahp_consistency initial<patron_ahp_consistency>() { return PATRON_AHP_CONSISTENCY_INIT; }
template <>
inline bool reserved_are_zero<patron_ahp_consistency>(const patron_ahp_consistency& value) { return value.reserved == 0; }

static_assert(offsetof(patron_entropy_options, struct_size) == 0);
static_assert(offsetof(patron_entropy_options, scaling) == 4);
static_assert(offsetof(patron_entropy_options, columns) == 8);
static_assert(offsetof(patron_entropy_options, directions) == 16);
static_assert(offsetof(patron_entropy_options, column_count) == 24);
static_assert(offsetof(patron_entropy_options, null_rows) == 32);
static_assert(offsetof(patron_entropy_options, reserved) == 36);
static_assert(sizeof(patron_entropy_options) == 40);
template <>
inline constexpr uint32_t kFirstSize<patron_entropy_options> = 32;
template <>
inline patron_entropy_options initial<patron_entropy_options>() { return PATRON_ENTROPY_OPTIONS_INIT; }
template <>
inline bool reserved_are_zero<patron_entropy_options>(const patron_entropy_options& value) { return value.reserved == 0; }

static_assert(offsetof(patron_nps_method, struct_size) == 0);
static_assert(offsetof(patron_nps_method, question) == 4);
static_assert(offsetof(patron_nps_method, interval) == 8);
static_assert(offsetof(patron_nps_method, lowest) == 12);
static_assert(offsetof(patron_nps_method, highest) == 16);
static_assert(offsetof(patron_nps_method, top_boxes) == 20);
static_assert(offsetof(patron_nps_method, confidence) == 24);
static_assert(sizeof(patron_nps_method) == 32);
template <>
inline constexpr uint32_t kFirstSize<patron_nps_method> = 32;
template <>
inline patron_nps_method initial<patron_nps_method>() { return PATRON_NPS_METHOD_INIT; }

static_assert(offsetof(patron_nps_score, struct_size) == 0);
static_assert(offsetof(patron_nps_score, reserved) == 4);
static_assert(offsetof(patron_nps_score, kind) == 8);
static_assert(offsetof(patron_nps_score, count) == 24);
static_assert(offsetof(patron_nps_score, promoters) == 32);
static_assert(offsetof(patron_nps_score, passives) == 40);
static_assert(offsetof(patron_nps_score, detractors) == 48);
static_assert(offsetof(patron_nps_score, score) == 56);
static_assert(offsetof(patron_nps_score, standard_error) == 64);
static_assert(offsetof(patron_nps_score, low) == 72);
static_assert(offsetof(patron_nps_score, high) == 80);
static_assert(sizeof(patron_nps_score) == 88);
template <>
inline constexpr uint32_t kFirstSize<patron_nps_score> = 88;
template <>
inline patron_nps_score initial<patron_nps_score>() { return PATRON_NPS_SCORE_INIT; }
template <>
inline bool reserved_are_zero<patron_nps_score>(const patron_nps_score& value) { return value.reserved == 0; }

static_assert(offsetof(patron_nps_change, struct_size) == 0);
static_assert(offsetof(patron_nps_change, reserved) == 4);
static_assert(offsetof(patron_nps_change, difference) == 8);
static_assert(offsetof(patron_nps_change, standard_error) == 16);
static_assert(offsetof(patron_nps_change, low) == 24);
static_assert(offsetof(patron_nps_change, high) == 32);
static_assert(offsetof(patron_nps_change, z) == 40);
static_assert(offsetof(patron_nps_change, p) == 48);
static_assert(offsetof(patron_nps_change, degrees) == 56);
static_assert(sizeof(patron_nps_change) == 64);
template <>
inline constexpr uint32_t kFirstSize<patron_nps_change> = 64;
template <>
inline patron_nps_change initial<patron_nps_change>() { return PATRON_NPS_CHANGE_INIT; }
template <>
inline bool reserved_are_zero<patron_nps_change>(const patron_nps_change& value) { return value.reserved == 0; }

static_assert(offsetof(patron_nps_options, struct_size) == 0);
static_assert(offsetof(patron_nps_options, on_bad_row) == 4);
static_assert(offsetof(patron_nps_options, score) == 8);
static_assert(offsetof(patron_nps_options, group) == 24);
static_assert(offsetof(patron_nps_options, kind) == 40);
static_assert(offsetof(patron_nps_options, only) == 56);
static_assert(offsetof(patron_nps_options, customer) == 72);
static_assert(offsetof(patron_nps_options, time) == 88);
static_assert(offsetof(patron_nps_options, timezone) == 104);
static_assert(offsetof(patron_nps_options, as_of) == 120);
static_assert(offsetof(patron_nps_options, window) == 128);
static_assert(offsetof(patron_nps_options, topics) == 136);
static_assert(offsetof(patron_nps_options, topic_count) == 144);
static_assert(offsetof(patron_nps_options, population) == 152);
static_assert(offsetof(patron_nps_options, method) == 160);
static_assert(offsetof(patron_nps_options, cancel) == 168);
static_assert(offsetof(patron_nps_options, progress) == 176);
static_assert(offsetof(patron_nps_options, progress_context) == 184);
static_assert(offsetof(patron_nps_options, threads) == 192);
static_assert(offsetof(patron_nps_options, reserved) == 196);
static_assert(sizeof(patron_nps_options) == 200);
template <>
inline constexpr uint32_t kFirstSize<patron_nps_options> = 200;
template <>
inline patron_nps_options initial<patron_nps_options>() { return PATRON_NPS_OPTIONS_INIT; }
template <>
inline bool reserved_are_zero<patron_nps_options>(const patron_nps_options& value) { return value.reserved == 0; }

static_assert(offsetof(patron_nps_summary, struct_size) == 0);
static_assert(offsetof(patron_nps_summary, kinds) == 4);
static_assert(offsetof(patron_nps_summary, rows) == 8);
static_assert(offsetof(patron_nps_summary, refused_rows) == 16);
static_assert(offsetof(patron_nps_summary, waiting_rows) == 24);
static_assert(offsetof(patron_nps_summary, old_rows) == 32);
static_assert(offsetof(patron_nps_summary, superseded_rows) == 40);
static_assert(offsetof(patron_nps_summary, other_rows) == 48);
static_assert(offsetof(patron_nps_summary, as_of) == 56);
static_assert(sizeof(patron_nps_summary) == 64);
template <>
inline constexpr uint32_t kFirstSize<patron_nps_summary> = 64;
template <>
inline patron_nps_summary initial<patron_nps_summary>() { return PATRON_NPS_SUMMARY_INIT; }

static_assert(offsetof(patron_ltv_columns, struct_size) == 0);
static_assert(offsetof(patron_ltv_columns, reserved) == 4);
static_assert(offsetof(patron_ltv_columns, frequency) == 8);
static_assert(offsetof(patron_ltv_columns, recency) == 24);
static_assert(offsetof(patron_ltv_columns, T) == 40);
static_assert(offsetof(patron_ltv_columns, monetary) == 56);
static_assert(offsetof(patron_ltv_columns, churned) == 72);
static_assert(offsetof(patron_ltv_columns, weight) == 88);
static_assert(sizeof(patron_ltv_columns) == 104);
template <>
inline constexpr uint32_t kFirstSize<patron_ltv_columns> = 104;
template <>
inline patron_ltv_columns initial<patron_ltv_columns>() { return PATRON_LTV_COLUMNS_INIT; }
template <>
inline bool reserved_are_zero<patron_ltv_columns>(const patron_ltv_columns& value) { return value.reserved == 0; }

static_assert(offsetof(patron_ltv_fit_options, struct_size) == 0);
static_assert(offsetof(patron_ltv_fit_options, unit) == 4);
static_assert(offsetof(patron_ltv_fit_options, columns) == 8);
static_assert(offsetof(patron_ltv_fit_options, penalty) == 16);
static_assert(offsetof(patron_ltv_fit_options, max_iterations) == 24);
static_assert(offsetof(patron_ltv_fit_options, on_bad_row) == 28);
static_assert(offsetof(patron_ltv_fit_options, cancel) == 32);
static_assert(offsetof(patron_ltv_fit_options, progress) == 40);
static_assert(offsetof(patron_ltv_fit_options, progress_context) == 48);
static_assert(offsetof(patron_ltv_fit_options, threads) == 56);
static_assert(offsetof(patron_ltv_fit_options, reserved) == 60);
static_assert(sizeof(patron_ltv_fit_options) == 64);
template <>
inline constexpr uint32_t kFirstSize<patron_ltv_fit_options> = 64;
template <>
inline patron_ltv_fit_options initial<patron_ltv_fit_options>() { return PATRON_LTV_FIT_OPTIONS_INIT; }
template <>
inline bool reserved_are_zero<patron_ltv_fit_options>(const patron_ltv_fit_options& value) { return value.reserved == 0; }

static_assert(offsetof(patron_ltv_parameters, struct_size) == 0);
static_assert(offsetof(patron_ltv_parameters, model) == 4);
static_assert(offsetof(patron_ltv_parameters, unit) == 8);
static_assert(offsetof(patron_ltv_parameters, count) == 12);
static_assert(offsetof(patron_ltv_parameters, values) == 16);
static_assert(sizeof(patron_ltv_parameters) == 48);
template <>
inline constexpr uint32_t kFirstSize<patron_ltv_parameters> = 48;
template <>
inline patron_ltv_parameters initial<patron_ltv_parameters>() { return PATRON_LTV_PARAMETERS_INIT; }

static_assert(offsetof(patron_ltv_report, struct_size) == 0);
static_assert(offsetof(patron_ltv_report, verdict) == 4);
static_assert(offsetof(patron_ltv_report, message) == 8);
static_assert(offsetof(patron_ltv_report, log_likelihood) == 24);
static_assert(offsetof(patron_ltv_report, penalty) == 32);
static_assert(offsetof(patron_ltv_report, gradient_norm) == 40);
static_assert(offsetof(patron_ltv_report, aic) == 48);
static_assert(offsetof(patron_ltv_report, bic) == 56);
static_assert(offsetof(patron_ltv_report, customers) == 64);
static_assert(offsetof(patron_ltv_report, rows) == 72);
static_assert(offsetof(patron_ltv_report, excluded_rows) == 80);
static_assert(offsetof(patron_ltv_report, unique_rows) == 88);
static_assert(offsetof(patron_ltv_report, iterations) == 96);
static_assert(offsetof(patron_ltv_report, reserved) == 100);
static_assert(offsetof(patron_ltv_report, standard_errors) == 104);
static_assert(offsetof(patron_ltv_report, covariance) == 136);
static_assert(sizeof(patron_ltv_report) == 264);
template <>
inline constexpr uint32_t kFirstSize<patron_ltv_report> = 264;
template <>
inline patron_ltv_report initial<patron_ltv_report>() { return PATRON_LTV_REPORT_INIT; }
template <>
inline bool reserved_are_zero<patron_ltv_report>(const patron_ltv_report& value) { return value.reserved == 0; }

static_assert(offsetof(patron_ltv_customer, struct_size) == 0);
static_assert(offsetof(patron_ltv_customer, reserved) == 4);
static_assert(offsetof(patron_ltv_customer, frequency) == 8);
static_assert(offsetof(patron_ltv_customer, recency) == 16);
static_assert(offsetof(patron_ltv_customer, T) == 24);
static_assert(offsetof(patron_ltv_customer, monetary) == 32);
static_assert(sizeof(patron_ltv_customer) == 40);
template <>
inline constexpr uint32_t kFirstSize<patron_ltv_customer> = 40;
template <>
inline patron_ltv_customer initial<patron_ltv_customer>() { return PATRON_LTV_CUSTOMER_INIT; }
template <>
inline bool reserved_are_zero<patron_ltv_customer>(const patron_ltv_customer& value) { return value.reserved == 0; }

static_assert(offsetof(patron_ltv_query, struct_size) == 0);
static_assert(offsetof(patron_ltv_query, quantity) == 4);
static_assert(offsetof(patron_ltv_query, horizon) == 8);
static_assert(offsetof(patron_ltv_query, count) == 16);
static_assert(offsetof(patron_ltv_query, probability) == 24);
static_assert(offsetof(patron_ltv_query, rate_per_year) == 32);
static_assert(offsetof(patron_ltv_query, interval) == 40);
static_assert(offsetof(patron_ltv_query, reserved) == 44);
static_assert(offsetof(patron_ltv_query, level) == 48);
static_assert(sizeof(patron_ltv_query) == 56);
template <>
inline constexpr uint32_t kFirstSize<patron_ltv_query> = 56;
template <>
inline patron_ltv_query initial<patron_ltv_query>() { return PATRON_LTV_QUERY_INIT; }
template <>
inline bool reserved_are_zero<patron_ltv_query>(const patron_ltv_query& value) { return value.reserved == 0; }

static_assert(offsetof(patron_ltv_prediction, struct_size) == 0);
static_assert(offsetof(patron_ltv_prediction, reserved) == 4);
static_assert(offsetof(patron_ltv_prediction, value) == 8);
static_assert(offsetof(patron_ltv_prediction, low) == 16);
static_assert(offsetof(patron_ltv_prediction, high) == 24);
static_assert(sizeof(patron_ltv_prediction) == 32);
template <>
inline constexpr uint32_t kFirstSize<patron_ltv_prediction> = 32;
template <>
inline patron_ltv_prediction initial<patron_ltv_prediction>() { return PATRON_LTV_PREDICTION_INIT; }
template <>
inline bool reserved_are_zero<patron_ltv_prediction>(const patron_ltv_prediction& value) { return value.reserved == 0; }

static_assert(offsetof(patron_ltv_predict_options, struct_size) == 0);
static_assert(offsetof(patron_ltv_predict_options, on_bad_row) == 4);
static_assert(offsetof(patron_ltv_predict_options, columns) == 8);
static_assert(offsetof(patron_ltv_predict_options, query) == 16);
static_assert(offsetof(patron_ltv_predict_options, cancel) == 24);
static_assert(offsetof(patron_ltv_predict_options, progress) == 32);
static_assert(offsetof(patron_ltv_predict_options, progress_context) == 40);
static_assert(offsetof(patron_ltv_predict_options, threads) == 48);
static_assert(offsetof(patron_ltv_predict_options, reserved) == 52);
static_assert(sizeof(patron_ltv_predict_options) == 56);
template <>
inline constexpr uint32_t kFirstSize<patron_ltv_predict_options> = 56;
template <>
inline patron_ltv_predict_options initial<patron_ltv_predict_options>() { return PATRON_LTV_PREDICT_OPTIONS_INIT; }
template <>
inline bool reserved_are_zero<patron_ltv_predict_options>(const patron_ltv_predict_options& value) { return value.reserved == 0; }

static_assert(offsetof(patron_ltv_value_options, struct_size) == 0);
static_assert(offsetof(patron_ltv_value_options, on_bad_row) == 4);
static_assert(offsetof(patron_ltv_value_options, columns) == 8);
static_assert(offsetof(patron_ltv_value_options, horizon) == 16);
static_assert(offsetof(patron_ltv_value_options, rate_per_year) == 24);
static_assert(offsetof(patron_ltv_value_options, margin) == 32);
static_assert(offsetof(patron_ltv_value_options, interval) == 40);
static_assert(offsetof(patron_ltv_value_options, reserved) == 44);
static_assert(offsetof(patron_ltv_value_options, level) == 48);
static_assert(offsetof(patron_ltv_value_options, cancel) == 56);
static_assert(offsetof(patron_ltv_value_options, progress) == 64);
static_assert(offsetof(patron_ltv_value_options, progress_context) == 72);
static_assert(offsetof(patron_ltv_value_options, threads) == 80);
static_assert(offsetof(patron_ltv_value_options, reserved2) == 84);
static_assert(sizeof(patron_ltv_value_options) == 88);
template <>
inline constexpr uint32_t kFirstSize<patron_ltv_value_options> = 88;
template <>
inline patron_ltv_value_options initial<patron_ltv_value_options>() { return PATRON_LTV_VALUE_OPTIONS_INIT; }
template <>
inline bool reserved_are_zero<patron_ltv_value_options>(const patron_ltv_value_options& value) { return value.reserved == 0 && value.reserved2 == 0; }

static_assert(offsetof(patron_ltv_simulation, struct_size) == 0);
static_assert(offsetof(patron_ltv_simulation, threads) == 4);
static_assert(offsetof(patron_ltv_simulation, customers) == 8);
static_assert(offsetof(patron_ltv_simulation, T) == 16);
static_assert(offsetof(patron_ltv_simulation, T_each) == 24);
static_assert(offsetof(patron_ltv_simulation, orders_each) == 32);
static_assert(offsetof(patron_ltv_simulation, seed) == 40);
static_assert(offsetof(patron_ltv_simulation, cancel) == 48);
static_assert(offsetof(patron_ltv_simulation, progress) == 56);
static_assert(offsetof(patron_ltv_simulation, progress_context) == 64);
static_assert(sizeof(patron_ltv_simulation) == 72);
template <>
inline constexpr uint32_t kFirstSize<patron_ltv_simulation> = 72;
template <>
inline patron_ltv_simulation initial<patron_ltv_simulation>() { return PATRON_LTV_SIMULATION_INIT; }

static_assert(offsetof(patron_ltv_summary_options, struct_size) == 0);
static_assert(offsetof(patron_ltv_summary_options, unit) == 4);
static_assert(offsetof(patron_ltv_summary_options, customer) == 8);
static_assert(offsetof(patron_ltv_summary_options, time) == 24);
static_assert(offsetof(patron_ltv_summary_options, amount) == 40);
static_assert(offsetof(patron_ltv_summary_options, order) == 56);
static_assert(offsetof(patron_ltv_summary_options, timezone) == 72);
static_assert(offsetof(patron_ltv_summary_options, calibration_end) == 88);
static_assert(offsetof(patron_ltv_summary_options, observation_end) == 96);
static_assert(offsetof(patron_ltv_summary_options, collapse) == 104);
static_assert(offsetof(patron_ltv_summary_options, first_order) == 108);
static_assert(offsetof(patron_ltv_summary_options, money) == 112);
static_assert(offsetof(patron_ltv_summary_options, refunds) == 116);
static_assert(offsetof(patron_ltv_summary_options, zero) == 120);
static_assert(offsetof(patron_ltv_summary_options, scale) == 124);
static_assert(offsetof(patron_ltv_summary_options, on_bad_row) == 128);
static_assert(offsetof(patron_ltv_summary_options, threads) == 132);
static_assert(offsetof(patron_ltv_summary_options, cancel) == 136);
static_assert(offsetof(patron_ltv_summary_options, progress) == 144);
static_assert(offsetof(patron_ltv_summary_options, progress_context) == 152);
static_assert(offsetof(patron_ltv_summary_options, workspace) == 160);
static_assert(sizeof(patron_ltv_summary_options) == 168);
template <>
inline constexpr uint32_t kFirstSize<patron_ltv_summary_options> = 168;
template <>
inline patron_ltv_summary_options initial<patron_ltv_summary_options>() { return PATRON_LTV_SUMMARY_OPTIONS_INIT; }

static_assert(offsetof(patron_ltv_historic_options, struct_size) == 0);
static_assert(offsetof(patron_ltv_historic_options, refunds) == 4);
static_assert(offsetof(patron_ltv_historic_options, customer) == 8);
static_assert(offsetof(patron_ltv_historic_options, time) == 24);
static_assert(offsetof(patron_ltv_historic_options, amount) == 40);
static_assert(offsetof(patron_ltv_historic_options, order) == 56);
static_assert(offsetof(patron_ltv_historic_options, margin) == 72);
static_assert(offsetof(patron_ltv_historic_options, timezone) == 88);
static_assert(offsetof(patron_ltv_historic_options, as_of) == 104);
static_assert(offsetof(patron_ltv_historic_options, rate_per_year) == 112);
static_assert(offsetof(patron_ltv_historic_options, zero) == 120);
static_assert(offsetof(patron_ltv_historic_options, scale) == 124);
static_assert(offsetof(patron_ltv_historic_options, on_bad_row) == 128);
static_assert(offsetof(patron_ltv_historic_options, threads) == 132);
static_assert(offsetof(patron_ltv_historic_options, cancel) == 136);
static_assert(offsetof(patron_ltv_historic_options, progress) == 144);
static_assert(offsetof(patron_ltv_historic_options, progress_context) == 152);
static_assert(offsetof(patron_ltv_historic_options, workspace) == 160);
static_assert(sizeof(patron_ltv_historic_options) == 168);
template <>
inline constexpr uint32_t kFirstSize<patron_ltv_historic_options> = 168;
template <>
inline patron_ltv_historic_options initial<patron_ltv_historic_options>() { return PATRON_LTV_HISTORIC_OPTIONS_INIT; }

static_assert(offsetof(patron_ltv_counts, struct_size) == 0);
static_assert(offsetof(patron_ltv_counts, reserved) == 4);
static_assert(offsetof(patron_ltv_counts, customers) == 8);
static_assert(offsetof(patron_ltv_counts, rows) == 16);
static_assert(offsetof(patron_ltv_counts, refused_rows) == 24);
static_assert(offsetof(patron_ltv_counts, rounded_rows) == 32);
static_assert(offsetof(patron_ltv_counts, waiting_rows) == 40);
static_assert(offsetof(patron_ltv_counts, zero_rows) == 48);
static_assert(offsetof(patron_ltv_counts, refund_rows) == 56);
static_assert(offsetof(patron_ltv_counts, later_customers) == 64);
static_assert(offsetof(patron_ltv_counts, without_orders) == 72);
static_assert(offsetof(patron_ltv_counts, calibration_end) == 80);
static_assert(offsetof(patron_ltv_counts, observation_end) == 88);
static_assert(sizeof(patron_ltv_counts) == 96);
template <>
inline constexpr uint32_t kFirstSize<patron_ltv_counts> = 96;
template <>
inline patron_ltv_counts initial<patron_ltv_counts>() { return PATRON_LTV_COUNTS_INIT; }
template <>
inline bool reserved_are_zero<patron_ltv_counts>(const patron_ltv_counts& value) { return value.reserved == 0; }

static_assert(offsetof(patron_schema_field, struct_size) == 0);
static_assert(offsetof(patron_schema_field, kind) == 4);
static_assert(offsetof(patron_schema_field, name) == 8);
static_assert(offsetof(patron_schema_field, nullable) == 24);
static_assert(offsetof(patron_schema_field, ordered) == 28);
static_assert(offsetof(patron_schema_field, value_count) == 32);
static_assert(offsetof(patron_schema_field, scale) == 36);
static_assert(offsetof(patron_schema_field, currency) == 40);
static_assert(sizeof(patron_schema_field) == 56);
template <>
inline constexpr uint32_t kFirstSize<patron_schema_field> = 56;
template <>
inline patron_schema_field initial<patron_schema_field>() { return PATRON_SCHEMA_FIELD_INIT; }

static_assert(offsetof(patron_cell, struct_size) == 0);
static_assert(offsetof(patron_cell, known) == 4);
static_assert(offsetof(patron_cell, integer) == 8);
static_assert(offsetof(patron_cell, number) == 16);
static_assert(offsetof(patron_cell, text) == 24);
static_assert(sizeof(patron_cell) == 40);
template <>
inline constexpr uint32_t kFirstSize<patron_cell> = 40;
template <>
inline patron_cell initial<patron_cell>() { return PATRON_CELL_INIT; }

static_assert(offsetof(patron_expression_info, struct_size) == 0);
static_assert(offsetof(patron_expression_info, kind) == 4);
static_assert(offsetof(patron_expression_info, text) == 8);
static_assert(offsetof(patron_expression_info, uses_now) == 24);
static_assert(offsetof(patron_expression_info, nullable) == 28);
static_assert(offsetof(patron_expression_info, scale) == 32);
static_assert(offsetof(patron_expression_info, reserved) == 36);
static_assert(offsetof(patron_expression_info, currency) == 40);
static_assert(offsetof(patron_expression_info, fields) == 56);
static_assert(offsetof(patron_expression_info, field_count) == 64);
static_assert(sizeof(patron_expression_info) == 72);
template <>
inline constexpr uint32_t kFirstSize<patron_expression_info> = 72;
template <>
inline patron_expression_info initial<patron_expression_info>() { return PATRON_EXPRESSION_INFO_INIT; }
template <>
inline bool reserved_are_zero<patron_expression_info>(const patron_expression_info& value) { return value.reserved == 0; }

static_assert(offsetof(patron_expression_options, struct_size) == 0);
static_assert(offsetof(patron_expression_options, threads) == 4);
static_assert(offsetof(patron_expression_options, now) == 8);
static_assert(offsetof(patron_expression_options, cancel) == 16);
static_assert(offsetof(patron_expression_options, progress) == 24);
static_assert(offsetof(patron_expression_options, progress_context) == 32);
static_assert(sizeof(patron_expression_options) == 40);
template <>
inline constexpr uint32_t kFirstSize<patron_expression_options> = 40;
template <>
inline patron_expression_options initial<patron_expression_options>() { return PATRON_EXPRESSION_OPTIONS_INIT; }

static_assert(offsetof(patron_expression_counts, struct_size) == 0);
static_assert(offsetof(patron_expression_counts, reserved) == 4);
static_assert(offsetof(patron_expression_counts, rows) == 8);
static_assert(offsetof(patron_expression_counts, unknown_rows) == 16);
static_assert(offsetof(patron_expression_counts, overflows) == 24);
static_assert(offsetof(patron_expression_counts, divisions_by_zero) == 32);
static_assert(offsetof(patron_expression_counts, bad_cells) == 40);
static_assert(sizeof(patron_expression_counts) == 48);
template <>
inline constexpr uint32_t kFirstSize<patron_expression_counts> = 48;
template <>
inline patron_expression_counts initial<patron_expression_counts>() { return PATRON_EXPRESSION_COUNTS_INIT; }
template <>
inline bool reserved_are_zero<patron_expression_counts>(const patron_expression_counts& value) { return value.reserved == 0; }

static_assert(offsetof(patron_explanation, struct_size) == 0);
static_assert(offsetof(patron_explanation, known) == 4);
static_assert(offsetof(patron_explanation, decided) == 8);
static_assert(offsetof(patron_explanation, atom_count) == 12);
static_assert(offsetof(patron_explanation, set_count) == 16);
static_assert(offsetof(patron_explanation, reserved) == 20);
static_assert(sizeof(patron_explanation) == 24);
template <>
inline constexpr uint32_t kFirstSize<patron_explanation> = 24;
template <>
inline patron_explanation initial<patron_explanation>() { return PATRON_EXPLANATION_INIT; }
template <>
inline bool reserved_are_zero<patron_explanation>(const patron_explanation& value) { return value.reserved == 0; }

static_assert(offsetof(patron_breakpoints, struct_size) == 0);
static_assert(offsetof(patron_breakpoints, solved) == 4);
static_assert(offsetof(patron_breakpoints, instant_count) == 8);
static_assert(offsetof(patron_breakpoints, next) == 16);
static_assert(offsetof(patron_breakpoints, until) == 24);
static_assert(offsetof(patron_breakpoints, begin) == 32);
static_assert(offsetof(patron_breakpoints, end) == 40);
static_assert(sizeof(patron_breakpoints) == 48);
template <>
inline constexpr uint32_t kFirstSize<patron_breakpoints> = 48;
template <>
inline patron_breakpoints initial<patron_breakpoints>() { return PATRON_BREAKPOINTS_INIT; }

static_assert(offsetof(patron_policy_info, struct_size) == 0);
static_assert(offsetof(patron_policy_info, reserved) == 4);
static_assert(offsetof(patron_policy_info, name) == 8);
static_assert(offsetof(patron_policy_info, version) == 24);
static_assert(offsetof(patron_policy_info, timezone) == 40);
static_assert(offsetof(patron_policy_info, hash) == 56);
static_assert(offsetof(patron_policy_info, tags) == 72);
static_assert(offsetof(patron_policy_info, classifications) == 80);
static_assert(sizeof(patron_policy_info) == 88);
template <>
inline constexpr uint32_t kFirstSize<patron_policy_info> = 88;
template <>
inline patron_policy_info initial<patron_policy_info>() { return PATRON_POLICY_INFO_INIT; }
template <>
inline bool reserved_are_zero<patron_policy_info>(const patron_policy_info& value) { return value.reserved == 0; }

static_assert(offsetof(patron_engine_options, struct_size) == 0);
static_assert(offsetof(patron_engine_options, shard) == 4);
static_assert(offsetof(patron_engine_options, memory_limit) == 8);
static_assert(offsetof(patron_engine_options, refuse_after) == 16);
static_assert(sizeof(patron_engine_options) == 24);
template <>
inline constexpr uint32_t kFirstSize<patron_engine_options> = 24;
template <>
inline patron_engine_options initial<patron_engine_options>() { return PATRON_ENGINE_OPTIONS_INIT; }

static_assert(offsetof(patron_engine_info, struct_size) == 0);
static_assert(offsetof(patron_engine_info, customer) == 4);
static_assert(offsetof(patron_engine_info, clock) == 8);
static_assert(offsetof(patron_engine_info, next_due) == 16);
static_assert(offsetof(patron_engine_info, customers) == 24);
static_assert(offsetof(patron_engine_info, events) == 32);
static_assert(offsetof(patron_engine_info, values) == 40);
static_assert(offsetof(patron_engine_info, transitions) == 48);
static_assert(offsetof(patron_engine_info, calibration) == 56);
static_assert(offsetof(patron_engine_info, calibration_due) == 64);
static_assert(sizeof(patron_engine_info) == 72);
template <>
inline constexpr uint32_t kFirstSize<patron_engine_info> = 72;
template <>
inline patron_engine_info initial<patron_engine_info>() { return PATRON_ENGINE_INFO_INIT; }

static_assert(offsetof(patron_engine_memory, struct_size) == 0);
static_assert(offsetof(patron_engine_memory, reserved) == 4);
static_assert(offsetof(patron_engine_memory, customers) == 8);
static_assert(offsetof(patron_engine_memory, events) == 16);
static_assert(offsetof(patron_engine_memory, event_keys) == 24);
static_assert(offsetof(patron_engine_memory, attributes) == 32);
static_assert(offsetof(patron_engine_memory, texts) == 40);
static_assert(offsetof(patron_engine_memory, identities) == 48);
static_assert(offsetof(patron_engine_memory, slack) == 56);
static_assert(offsetof(patron_engine_memory, classes) == 64);
static_assert(offsetof(patron_engine_memory, waiting) == 72);
static_assert(offsetof(patron_engine_memory, transitions) == 80);
static_assert(offsetof(patron_engine_memory, total) == 88);
static_assert(sizeof(patron_engine_memory) == 96);
template <>
inline constexpr uint32_t kFirstSize<patron_engine_memory> = 96;
template <>
inline patron_engine_memory initial<patron_engine_memory>() { return PATRON_ENGINE_MEMORY_INIT; }
template <>
inline bool reserved_are_zero<patron_engine_memory>(const patron_engine_memory& value) { return value.reserved == 0; }

static_assert(offsetof(patron_ingest_options, struct_size) == 0);
static_assert(offsetof(patron_ingest_options, quiet) == 4);
static_assert(offsetof(patron_ingest_options, nulls) == 8);
static_assert(offsetof(patron_ingest_options, threads) == 12);
static_assert(sizeof(patron_ingest_options) == 16);
template <>
inline constexpr uint32_t kFirstSize<patron_ingest_options> = 16;
template <>
inline patron_ingest_options initial<patron_ingest_options>() { return PATRON_INGEST_OPTIONS_INIT; }

static_assert(offsetof(patron_ingest_report, struct_size) == 0);
static_assert(offsetof(patron_ingest_report, reserved) == 4);
static_assert(offsetof(patron_ingest_report, rows) == 8);
static_assert(offsetof(patron_ingest_report, accepted) == 16);
static_assert(offsetof(patron_ingest_report, duplicates) == 24);
static_assert(offsetof(patron_ingest_report, corrected) == 32);
static_assert(offsetof(patron_ingest_report, deleted) == 40);
static_assert(offsetof(patron_ingest_report, unknown) == 48);
static_assert(offsetof(patron_ingest_report, refused_rows) == 56);
static_assert(offsetof(patron_ingest_report, late) == 64);
static_assert(offsetof(patron_ingest_report, waiting) == 72);
static_assert(sizeof(patron_ingest_report) == 80);
template <>
inline constexpr uint32_t kFirstSize<patron_ingest_report> = 80;
template <>
inline patron_ingest_report initial<patron_ingest_report>() { return PATRON_INGEST_REPORT_INIT; }
template <>
inline bool reserved_are_zero<patron_ingest_report>(const patron_ingest_report& value) { return value.reserved == 0; }

static_assert(offsetof(patron_event, struct_size) == 0);
static_assert(offsetof(patron_event, reserved) == 4);
static_assert(offsetof(patron_event, number) == 8);
static_assert(offsetof(patron_event, customer) == 16);
static_assert(offsetof(patron_event, time) == 32);
static_assert(offsetof(patron_event, values) == 40);
static_assert(offsetof(patron_event, value_count) == 48);
static_assert(sizeof(patron_event) == 56);
template <>
inline constexpr uint32_t kFirstSize<patron_event> = 56;
template <>
inline patron_event initial<patron_event>() { return PATRON_EVENT_INIT; }
template <>
inline bool reserved_are_zero<patron_event>(const patron_event& value) { return value.reserved == 0; }

static_assert(offsetof(patron_profiles_options, struct_size) == 0);
static_assert(offsetof(patron_profiles_options, threads) == 4);
static_assert(offsetof(patron_profiles_options, customers) == 8);
static_assert(offsetof(patron_profiles_options, tags) == 16);
static_assert(offsetof(patron_profiles_options, tag_count) == 24);
static_assert(offsetof(patron_profiles_options, where) == 32);
static_assert(offsetof(patron_profiles_options, cancel) == 48);
static_assert(offsetof(patron_profiles_options, progress) == 56);
static_assert(offsetof(patron_profiles_options, progress_context) == 64);
static_assert(sizeof(patron_profiles_options) == 72);
template <>
inline constexpr uint32_t kFirstSize<patron_profiles_options> = 72;
template <>
inline patron_profiles_options initial<patron_profiles_options>() { return PATRON_PROFILES_OPTIONS_INIT; }

static_assert(offsetof(patron_calibration_info, struct_size) == 0);
static_assert(offsetof(patron_calibration_info, complete) == 4);
static_assert(offsetof(patron_calibration_info, number) == 8);
static_assert(offsetof(patron_calibration_info, at) == 16);
static_assert(offsetof(patron_calibration_info, customers) == 24);
static_assert(sizeof(patron_calibration_info) == 32);
template <>
inline constexpr uint32_t kFirstSize<patron_calibration_info> = 32;
template <>
inline patron_calibration_info initial<patron_calibration_info>() { return PATRON_CALIBRATION_INFO_INIT; }

static_assert(offsetof(patron_advance_options, struct_size) == 0);
static_assert(offsetof(patron_advance_options, threads) == 4);
static_assert(offsetof(patron_advance_options, cancel) == 8);
static_assert(offsetof(patron_advance_options, progress) == 16);
static_assert(offsetof(patron_advance_options, progress_context) == 24);
static_assert(offsetof(patron_advance_options, on_transitions) == 32);
static_assert(offsetof(patron_advance_options, transitions_context) == 40);
static_assert(offsetof(patron_advance_options, reasons) == 48);
static_assert(offsetof(patron_advance_options, reserved) == 52);
static_assert(sizeof(patron_advance_options) == 56);
template <>
inline constexpr uint32_t kFirstSize<patron_advance_options> = 56;
template <>
inline patron_advance_options initial<patron_advance_options>() { return PATRON_ADVANCE_OPTIONS_INIT; }
template <>
inline bool reserved_are_zero<patron_advance_options>(const patron_advance_options& value) { return value.reserved == 0; }

static_assert(offsetof(patron_link_report, struct_size) == 0);
static_assert(offsetof(patron_link_report, done) == 4);
static_assert(offsetof(patron_link_report, survivor_number) == 8);
static_assert(offsetof(patron_link_report, survivor) == 16);
static_assert(offsetof(patron_link_report, other_number) == 32);
static_assert(offsetof(patron_link_report, other) == 40);
static_assert(sizeof(patron_link_report) == 56);
template <>
inline constexpr uint32_t kFirstSize<patron_link_report> = 56;
template <>
inline patron_link_report initial<patron_link_report>() { return PATRON_LINK_REPORT_INIT; }

static_assert(offsetof(patron_identity, struct_size) == 0);
static_assert(offsetof(patron_identity, found) == 4);
static_assert(offsetof(patron_identity, number) == 8);
static_assert(offsetof(patron_identity, customer) == 16);
static_assert(sizeof(patron_identity) == 32);
template <>
inline constexpr uint32_t kFirstSize<patron_identity> = 32;
template <>
inline patron_identity initial<patron_identity>() { return PATRON_IDENTITY_INIT; }

static_assert(offsetof(patron_override, struct_size) == 0);
static_assert(offsetof(patron_override, kind) == 4);
static_assert(offsetof(patron_override, classification) == 8);
static_assert(offsetof(patron_override, to) == 24);
static_assert(offsetof(patron_override, at) == 40);
static_assert(offsetof(patron_override, until) == 48);
static_assert(offsetof(patron_override, reason) == 56);
static_assert(offsetof(patron_override, author) == 72);
static_assert(sizeof(patron_override) == 88);
template <>
inline constexpr uint32_t kFirstSize<patron_override> = 88;
template <>
inline patron_override initial<patron_override>() { return PATRON_OVERRIDE_INIT; }

static_assert(offsetof(patron_snapshot_info, struct_size) == 0);
static_assert(offsetof(patron_snapshot_info, customer) == 4);
static_assert(offsetof(patron_snapshot_info, clock) == 8);
static_assert(offsetof(patron_snapshot_info, customers) == 16);
static_assert(offsetof(patron_snapshot_info, calibration) == 24);
static_assert(sizeof(patron_snapshot_info) == 32);
template <>
inline constexpr uint32_t kFirstSize<patron_snapshot_info> = 32;
template <>
inline patron_snapshot_info initial<patron_snapshot_info>() { return PATRON_SNAPSHOT_INFO_INIT; }

static_assert(offsetof(patron_sink, struct_size) == 0);
static_assert(offsetof(patron_sink, reserved) == 4);
static_assert(offsetof(patron_sink, write) == 8);
static_assert(offsetof(patron_sink, context) == 16);
static_assert(sizeof(patron_sink) == 24);
template <>
inline constexpr uint32_t kFirstSize<patron_sink> = 24;
template <>
inline patron_sink initial<patron_sink>() { return PATRON_SINK_INIT; }
template <>
inline bool reserved_are_zero<patron_sink>(const patron_sink& value) { return value.reserved == 0; }

static_assert(offsetof(patron_publish_report, struct_size) == 0);
static_assert(offsetof(patron_publish_report, same) == 4);
static_assert(offsetof(patron_publish_report, number) == 8);
static_assert(offsetof(patron_publish_report, customers) == 16);
static_assert(offsetof(patron_publish_report, uncalibrated) == 24);
static_assert(sizeof(patron_publish_report) == 32);
template <>
inline constexpr uint32_t kFirstSize<patron_publish_report> = 32;
template <>
inline patron_publish_report initial<patron_publish_report>() { return PATRON_PUBLISH_REPORT_INIT; }

static_assert(PATRON_OK == static_cast<int32_t>(Code::kOk));
static_assert(PATRON_E_ARGUMENT == static_cast<int32_t>(Code::kArgument));
static_assert(PATRON_E_UNSUPPORTED == static_cast<int32_t>(Code::kUnsupported));
static_assert(PATRON_E_HANDLE == static_cast<int32_t>(Code::kHandle));
static_assert(PATRON_E_BUFFER == static_cast<int32_t>(Code::kBuffer));
static_assert(PATRON_E_SYNTAX == static_cast<int32_t>(Code::kSyntax));
static_assert(PATRON_E_DOCUMENT == static_cast<int32_t>(Code::kDocument));
static_assert(PATRON_E_ZONE == static_cast<int32_t>(Code::kZone));
static_assert(PATRON_E_COLUMN == static_cast<int32_t>(Code::kColumn));
static_assert(PATRON_E_TYPE == static_cast<int32_t>(Code::kType));
static_assert(PATRON_E_LENGTH == static_cast<int32_t>(Code::kLength));
static_assert(PATRON_E_EMPTY == static_cast<int32_t>(Code::kEmpty));
static_assert(PATRON_E_NULL == static_cast<int32_t>(Code::kNull));
static_assert(PATRON_E_NUMBER == static_cast<int32_t>(Code::kNumber));
static_assert(PATRON_E_OVERFLOW == static_cast<int32_t>(Code::kOverflow));
static_assert(PATRON_E_TIME == static_cast<int32_t>(Code::kTime));
static_assert(PATRON_E_UTF8 == static_cast<int32_t>(Code::kUtf8));
static_assert(PATRON_E_ARROW == static_cast<int32_t>(Code::kArrow));
static_assert(PATRON_E_STATE == static_cast<int32_t>(Code::kState));
static_assert(PATRON_E_IO == static_cast<int32_t>(Code::kIo));
static_assert(PATRON_E_MEMORY == static_cast<int32_t>(Code::kMemory));
static_assert(PATRON_E_LIMIT == static_cast<int32_t>(Code::kLimit));
static_assert(PATRON_E_CANCELLED == static_cast<int32_t>(Code::kCancelled));
static_assert(PATRON_E_CALLBACK == static_cast<int32_t>(Code::kCallback));
static_assert(PATRON_E_INTERNAL == static_cast<int32_t>(Code::kInternal));
static_assert(PATRON_TYPE_UNSUPPORTED == static_cast<int32_t>(Type::kUnsupported));
static_assert(PATRON_TYPE_NULL == static_cast<int32_t>(Type::kNull));
static_assert(PATRON_TYPE_BOOL == static_cast<int32_t>(Type::kBool));
static_assert(PATRON_TYPE_INT8 == static_cast<int32_t>(Type::kInt8));
static_assert(PATRON_TYPE_INT16 == static_cast<int32_t>(Type::kInt16));
static_assert(PATRON_TYPE_INT32 == static_cast<int32_t>(Type::kInt32));
static_assert(PATRON_TYPE_INT64 == static_cast<int32_t>(Type::kInt64));
static_assert(PATRON_TYPE_UINT8 == static_cast<int32_t>(Type::kUint8));
static_assert(PATRON_TYPE_UINT16 == static_cast<int32_t>(Type::kUint16));
static_assert(PATRON_TYPE_UINT32 == static_cast<int32_t>(Type::kUint32));
static_assert(PATRON_TYPE_UINT64 == static_cast<int32_t>(Type::kUint64));
static_assert(PATRON_TYPE_FLOAT == static_cast<int32_t>(Type::kFloat));
static_assert(PATRON_TYPE_DOUBLE == static_cast<int32_t>(Type::kDouble));
static_assert(PATRON_TYPE_DECIMAL128 == static_cast<int32_t>(Type::kDecimal128));
static_assert(PATRON_TYPE_STRING == static_cast<int32_t>(Type::kString));
static_assert(PATRON_TYPE_LARGE_STRING == static_cast<int32_t>(Type::kLargeString));
static_assert(PATRON_TYPE_STRING_VIEW == static_cast<int32_t>(Type::kStringView));
static_assert(PATRON_TYPE_DATE32 == static_cast<int32_t>(Type::kDate32));
static_assert(PATRON_TYPE_DATE64 == static_cast<int32_t>(Type::kDate64));
static_assert(PATRON_TYPE_TIMESTAMP == static_cast<int32_t>(Type::kTimestamp));
static_assert(PATRON_TYPE_DURATION == static_cast<int32_t>(Type::kDuration));
static_assert(PATRON_TYPE_DICTIONARY == static_cast<int32_t>(Type::kDictionary));
static_assert(PATRON_UNIT_SECOND == static_cast<int32_t>(TimeUnit::kSecond));
static_assert(PATRON_UNIT_MILLI == static_cast<int32_t>(TimeUnit::kMilli));
static_assert(PATRON_UNIT_MICRO == static_cast<int32_t>(TimeUnit::kMicro));
static_assert(PATRON_UNIT_NANO == static_cast<int32_t>(TimeUnit::kNano));
static_assert(PATRON_OCTANTS_CLASSIC == static_cast<int32_t>(OctantNames::kClassic));
static_assert(PATRON_OCTANTS_VE == static_cast<int32_t>(OctantNames::kVe));
static_assert(PATRON_REFUNDS_NET == static_cast<int32_t>(Refunds::kNet));
static_assert(PATRON_REFUNDS_OWN_TIME == static_cast<int32_t>(Refunds::kOwnTime));
static_assert(PATRON_REFUNDS_IGNORE == static_cast<int32_t>(Refunds::kIgnore));
static_assert(PATRON_ZERO_IGNORE == static_cast<int32_t>(ZeroAmounts::kIgnore));
static_assert(PATRON_ZERO_COUNT == static_cast<int32_t>(ZeroAmounts::kCount));
static_assert(PATRON_METHOD_QUANTILE == static_cast<int32_t>(RfmMethod::kQuantile));
static_assert(PATRON_METHOD_NEAREST_RANK == static_cast<int32_t>(RfmMethod::kNearestRank));
static_assert(PATRON_METHOD_FIXED == static_cast<int32_t>(RfmMethod::kFixed));
static_assert(PATRON_SPLIT_MEAN == static_cast<int32_t>(OctantSplit::Kind::kMean));
static_assert(PATRON_SPLIT_MEDIAN == static_cast<int32_t>(OctantSplit::Kind::kMedian));
static_assert(PATRON_SPLIT_VALUE == static_cast<int32_t>(OctantSplit::Kind::kValue));
static_assert(PATRON_GAP_ERROR == static_cast<int32_t>(OnGap::kError));
static_assert(PATRON_GAP_NULL == static_cast<int32_t>(OnGap::kNull));
static_assert(PATRON_OVERLAP_ERROR == static_cast<int32_t>(OnOverlap::kError));
static_assert(PATRON_OVERLAP_FIRST == static_cast<int32_t>(OnOverlap::kFirst));
static_assert(PATRON_REFUSAL_NULL_CUSTOMER == static_cast<int32_t>(Refusal::kNullCustomer));
static_assert(PATRON_REFUSAL_NULL_TIME == static_cast<int32_t>(Refusal::kNullTime));
static_assert(PATRON_REFUSAL_NULL_AMOUNT == static_cast<int32_t>(Refusal::kNullAmount));
static_assert(PATRON_REFUSAL_AMOUNT_NOT_FINITE == static_cast<int32_t>(Refusal::kAmountNotFinite));
static_assert(PATRON_REFUSAL_AMOUNT_OVERFLOW == static_cast<int32_t>(Refusal::kAmountOverflow));
static_assert(PATRON_REFUSAL_TIME_OUT_OF_RANGE == static_cast<int32_t>(Refusal::kTimeOutOfRange));
static_assert(PATRON_REFUSAL_TIME_NOT_UNDERSTOOD == static_cast<int32_t>(Refusal::kTimeNotUnderstood));
static_assert(PATRON_REFUSAL_CUSTOMER_OUT_OF_RANGE == static_cast<int32_t>(Refusal::kCustomerOutOfRange));
static_assert(PATRON_REFUSAL_NULL_ORDER == static_cast<int32_t>(Refusal::kNullOrder));
static_assert(PATRON_REFUSAL_ORDER_OUT_OF_RANGE == static_cast<int32_t>(Refusal::kOrderOutOfRange));
static_assert(PATRON_REFUSAL_CUSTOMER_TOO_LONG == static_cast<int32_t>(Refusal::kCustomerTooLong));
static_assert(PATRON_REFUSAL_ORDER_TOO_LONG == static_cast<int32_t>(Refusal::kOrderTooLong));
static_assert(PATRON_REFUSAL_NULL_MARGIN == static_cast<int32_t>(Refusal::kNullMargin));
static_assert(PATRON_REFUSAL_MARGIN_NOT_FINITE == static_cast<int32_t>(Refusal::kMarginNotFinite));
static_assert(PATRON_REFUSAL_MARGIN_OVERFLOW == static_cast<int32_t>(Refusal::kMarginOverflow));
static_assert(PATRON_SCALING_MIN_MAX == static_cast<int32_t>(EntropyScaling::kMinMax));
static_assert(PATRON_SCALING_SHARE == static_cast<int32_t>(EntropyScaling::kShare));
static_assert(PATRON_DIRECTION_BENEFIT == static_cast<int32_t>(Direction::kBenefit));
static_assert(PATRON_DIRECTION_COST == static_cast<int32_t>(Direction::kCost));
static_assert(PATRON_NULL_ROWS_REFUSE == static_cast<int32_t>(NullRows::kRefuse));
static_assert(PATRON_NULL_ROWS_LEAVE_OUT == static_cast<int32_t>(NullRows::kLeaveOut));
static_assert(PATRON_QUESTION_NPS == static_cast<int32_t>(Question::kNps));
static_assert(PATRON_QUESTION_CSAT == static_cast<int32_t>(Question::kCsat));
static_assert(PATRON_QUESTION_CES == static_cast<int32_t>(Question::kCes));
static_assert(PATRON_INTERVAL_AUTO == static_cast<int32_t>(Interval::kAuto));
static_assert(PATRON_INTERVAL_WALD == static_cast<int32_t>(Interval::kWald));
static_assert(PATRON_INTERVAL_ADJUSTED_WALD == static_cast<int32_t>(Interval::kAdjustedWald));
static_assert(PATRON_INTERVAL_SCORE == static_cast<int32_t>(Interval::kScore));
static_assert(PATRON_INTERVAL_STUDENT == static_cast<int32_t>(Interval::kStudent));
static_assert(PATRON_LTV_MODEL_NBD == static_cast<int32_t>(LtvModel::kNbd));
static_assert(PATRON_LTV_MODEL_BG_NBD == static_cast<int32_t>(LtvModel::kBgNbd));
static_assert(PATRON_LTV_MODEL_MBG_NBD == static_cast<int32_t>(LtvModel::kMbgNbd));
static_assert(PATRON_LTV_MODEL_PARETO_NBD == static_cast<int32_t>(LtvModel::kParetoNbd));
static_assert(PATRON_LTV_MODEL_BG_BB == static_cast<int32_t>(LtvModel::kBgBb));
static_assert(PATRON_LTV_MODEL_SBG == static_cast<int32_t>(LtvModel::kSbg));
static_assert(PATRON_LTV_MODEL_BDW == static_cast<int32_t>(LtvModel::kBdw));
static_assert(PATRON_LTV_MODEL_GAMMA_GAMMA == static_cast<int32_t>(LtvModel::kGammaGamma));
static_assert(PATRON_LTV_UNIT_HOUR == static_cast<int32_t>(LtvUnit::kHour));
static_assert(PATRON_LTV_UNIT_DAY == static_cast<int32_t>(LtvUnit::kDay));
static_assert(PATRON_LTV_UNIT_WEEK == static_cast<int32_t>(LtvUnit::kWeek));
static_assert(PATRON_LTV_UNIT_MONTH == static_cast<int32_t>(LtvUnit::kMonth));
static_assert(PATRON_LTV_UNIT_QUARTER == static_cast<int32_t>(LtvUnit::kQuarter));
static_assert(PATRON_LTV_UNIT_YEAR == static_cast<int32_t>(LtvUnit::kYear));
static_assert(PATRON_LTV_VERDICT_CONVERGED == static_cast<int32_t>(LtvVerdict::kConverged));
static_assert(PATRON_LTV_VERDICT_FLAT_RIDGE == static_cast<int32_t>(LtvVerdict::kFlatRidge));
static_assert(PATRON_LTV_VERDICT_BOUNDARY == static_cast<int32_t>(LtvVerdict::kBoundary));
static_assert(PATRON_LTV_VERDICT_TOO_LITTLE_DATA == static_cast<int32_t>(LtvVerdict::kTooLittleData));
static_assert(PATRON_LTV_VERDICT_ITERATIONS == static_cast<int32_t>(LtvVerdict::kIterations));
static_assert(PATRON_LTV_QUANTITY_PROBABILITY_ALIVE == static_cast<int32_t>(LtvQuantity::kProbabilityAlive));
static_assert(PATRON_LTV_QUANTITY_EXPECTED_PURCHASES == static_cast<int32_t>(LtvQuantity::kExpectedPurchases));
static_assert(PATRON_LTV_QUANTITY_PURCHASE_PROBABILITY == static_cast<int32_t>(LtvQuantity::kPurchaseProbability));
static_assert(PATRON_LTV_QUANTITY_NEXT_PURCHASE == static_cast<int32_t>(LtvQuantity::kNextPurchase));
static_assert(PATRON_LTV_QUANTITY_DISCOUNTED_PURCHASES == static_cast<int32_t>(LtvQuantity::kDiscountedPurchases));
static_assert(PATRON_LTV_QUANTITY_EXPECTED_SPEND == static_cast<int32_t>(LtvQuantity::kExpectedSpend));
static_assert(PATRON_LTV_QUANTITY_RETENTION_RATE == static_cast<int32_t>(LtvQuantity::kRetentionRate));
static_assert(PATRON_LTV_QUANTITY_RESIDUAL_LIFETIME == static_cast<int32_t>(LtvQuantity::kResidualLifetime));
static_assert(PATRON_LTV_QUANTITY_DISCOUNTED_LIFETIME == static_cast<int32_t>(LtvQuantity::kDiscountedLifetime));
static_assert(PATRON_LTV_INTERVAL_NONE == static_cast<int32_t>(LtvInterval::kNone));
static_assert(PATRON_LTV_INTERVAL_CONFIDENCE == static_cast<int32_t>(LtvInterval::kConfidence));
static_assert(PATRON_LTV_INTERVAL_PREDICTION == static_cast<int32_t>(LtvInterval::kPrediction));
static_assert(PATRON_LTV_COLLAPSE_DAY == static_cast<int32_t>(LtvCollapse::kDay));
static_assert(PATRON_LTV_COLLAPSE_UNIT == static_cast<int32_t>(LtvCollapse::kUnit));
static_assert(PATRON_LTV_COLLAPSE_NONE == static_cast<int32_t>(LtvCollapse::kNone));
static_assert(PATRON_LTV_FIRST_ORDER_DROP == static_cast<int32_t>(LtvFirstOrder::kDrop));
static_assert(PATRON_LTV_FIRST_ORDER_KEEP == static_cast<int32_t>(LtvFirstOrder::kKeep));
static_assert(PATRON_LTV_MONEY_MEAN == static_cast<int32_t>(LtvMoney::kMean));
static_assert(PATRON_LTV_MONEY_TOTAL == static_cast<int32_t>(LtvMoney::kTotal));
static_assert(PATRON_KIND_BOOL == static_cast<int32_t>(Kind::kBool));
static_assert(PATRON_KIND_INT64 == static_cast<int32_t>(Kind::kInt64));
static_assert(PATRON_KIND_DOUBLE == static_cast<int32_t>(Kind::kDouble));
static_assert(PATRON_KIND_STRING == static_cast<int32_t>(Kind::kString));
static_assert(PATRON_KIND_ENUM == static_cast<int32_t>(Kind::kEnum));
static_assert(PATRON_KIND_ENUM_SET == static_cast<int32_t>(Kind::kEnumSet));
static_assert(PATRON_KIND_DATE == static_cast<int32_t>(Kind::kDate));
static_assert(PATRON_KIND_TIMESTAMP == static_cast<int32_t>(Kind::kTimestamp));
static_assert(PATRON_KIND_DURATION == static_cast<int32_t>(Kind::kDuration));
static_assert(PATRON_KIND_MONEY == static_cast<int32_t>(Kind::kMoney));
static_assert(PATRON_SQL_DUCKDB == static_cast<int32_t>(SqlDialect::kDuckdb));
static_assert(PATRON_SQL_POSTGRESQL == static_cast<int32_t>(SqlDialect::kPostgresql));
static_assert(PATRON_CAUSE_EVENT == static_cast<int32_t>(Cause::kEvent));
static_assert(PATRON_CAUSE_TIME == static_cast<int32_t>(Cause::kTime));
static_assert(PATRON_CAUSE_CORRECTION == static_cast<int32_t>(Cause::kCorrection));
static_assert(PATRON_CAUSE_CALIBRATION == static_cast<int32_t>(Cause::kCalibration));
static_assert(PATRON_CAUSE_POLICY == static_cast<int32_t>(Cause::kPolicy));
static_assert(PATRON_CAUSE_OVERRIDE == static_cast<int32_t>(Cause::kOverride));
static_assert(PATRON_CAUSE_MERGE == static_cast<int32_t>(Cause::kMerge));
static_assert(PATRON_VERDICT_CALIBRATED == static_cast<int32_t>(ModelVerdict::kCalibrated));
static_assert(PATRON_VERDICT_TOO_FEW == static_cast<int32_t>(ModelVerdict::kTooFew));
static_assert(PATRON_VERDICT_NOT_FITTED == static_cast<int32_t>(ModelVerdict::kNotFitted));
static_assert(PATRON_NULLS_IGNORE == static_cast<int32_t>(AttributeNulls::kIgnore));
static_assert(PATRON_NULLS_CLEAR == static_cast<int32_t>(AttributeNulls::kClear));
static_assert(PATRON_OVERRIDE_PIN == static_cast<int32_t>(OverrideKind::kPin));
static_assert(PATRON_OVERRIDE_HOLD == static_cast<int32_t>(OverrideKind::kHold));
static_assert(PATRON_OVERRIDE_CEILING == static_cast<int32_t>(OverrideKind::kCeiling));
static_assert(PATRON_OVERRIDE_FLOOR == static_cast<int32_t>(OverrideKind::kFloor));

}  // namespace patron::capi
