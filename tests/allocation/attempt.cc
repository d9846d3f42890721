#include "tests/allocation/attempt.h"

namespace patron::test {
namespace {

// Bytes of a value of a fixed width; 0 for the rest.
int64_t width_of(int32_t type) {
  switch (type) {
    case PATRON_TYPE_INT8:
    case PATRON_TYPE_UINT8:
      return 1;
    case PATRON_TYPE_INT16:
    case PATRON_TYPE_UINT16:
      return 2;
    case PATRON_TYPE_INT32:
    case PATRON_TYPE_UINT32:
    case PATRON_TYPE_FLOAT:
    case PATRON_TYPE_DATE32:
      return 4;
    case PATRON_TYPE_INT64:
    case PATRON_TYPE_UINT64:
    case PATRON_TYPE_DOUBLE:
    case PATRON_TYPE_DATE64:
    case PATRON_TYPE_TIMESTAMP:
    case PATRON_TYPE_DURATION:
      return 8;
    case PATRON_TYPE_DECIMAL128:
    case PATRON_TYPE_STRING_VIEW:
      return 16;
    default:
      return 0;
  }
}

template <typename Offset>
std::string text_at(const patron_column& view, int64_t at) {
  const Offset* offsets = static_cast<const Offset*>(view.offsets);
  return {reinterpret_cast<const char*>(view.bytes) + offsets[at],
          static_cast<size_t>(offsets[at + 1] - offsets[at])};
}

std::string value_at(const patron_column& view, int64_t at) {
  if (view.type == PATRON_TYPE_STRING) return text_at<int32_t>(view, at);
  if (view.type == PATRON_TYPE_LARGE_STRING) return text_at<int64_t>(view, at);
  if (view.type == PATRON_TYPE_BOOL)
    return static_cast<const uint8_t*>(view.values)[at / 8] >> (at % 8) & 1 ? "1" : "0";
  const int32_t type = view.type == PATRON_TYPE_DICTIONARY ? view.index : view.type;
  const auto width = static_cast<size_t>(width_of(type));
  return width == 0
             ? std::string()
             : std::string(static_cast<const char*>(view.values) + static_cast<size_t>(at) * width,
                           width);
}

std::string contents_of_column(const patron_column& view) {
  std::string out = std::to_string(view.length) + ":";
  for (int64_t at = view.offset; at < view.offset + view.length; ++at) {
    const bool there = view.type != PATRON_TYPE_NULL &&
                       (view.validity == nullptr || (view.validity[at / 8] >> (at % 8) & 1) != 0);
    out += there ? "=" + value_at(view, at) : "-";
  }
  if (view.dictionary != nullptr) out += "of " + contents_of_column(*view.dictionary);
  return out;
}

}  // namespace

std::string contents_of(const patron_table* table) {
  std::string out = std::to_string(patron_table_rows(table)) + " rows\n";
  for (int32_t i = 0; i < patron_table_columns(table); ++i) {
    patron_field field = PATRON_FIELD_INIT;
    EXPECT_EQ(patron_table_field(table, i, &field, nullptr), PATRON_OK);
    out += text(field.name) + " " + text(field.type_name) + "\n";
    if (field.type == PATRON_TYPE_UNSUPPORTED) continue;
    for (int64_t chunk = 0; chunk < patron_table_chunks(table); ++chunk) {
      patron_column view = PATRON_COLUMN_INIT;
      EXPECT_EQ(patron_table_column(table, i, chunk, &view, nullptr), PATRON_OK);
      out += contents_of_column(view) + "\n";
    }
  }
  return out;
}

std::string contents_of(const patron_buffer* buffer) { return text(patron_buffer_text(buffer)); }

std::string contents_of(const patron_cancel* cancel) {
  return std::to_string(patron_cancel_requested(cancel));
}

std::string contents_of(const patron_workspace* workspace) {
  return std::to_string(patron_workspace_bytes(workspace));
}

std::string contents_of(const patron_segments* segments) {
  patron_buffer* json = nullptr;
  EXPECT_EQ(patron_segments_to_json(segments, &json, nullptr), PATRON_OK);
  return text(patron_buffer_text(Buffer(json).get()));
}

std::string contents_of(const patron_policy* policy) {
  patron_buffer* json = nullptr;
  EXPECT_EQ(patron_policy_to_json(policy, &json, nullptr), PATRON_OK);
  return text(patron_buffer_text(Buffer(json).get()));
}

std::string contents_of(const patron_engine* engine) {
  patron_buffer* hash = nullptr;
  EXPECT_EQ(patron_engine_state_hash(engine, &hash, nullptr), PATRON_OK);
  return text(patron_buffer_text(Buffer(hash).get()));
}

std::string contents_of(const patron_calibration* calibration) {
  patron_buffer* json = nullptr;
  EXPECT_EQ(patron_calibration_to_json(calibration, &json, nullptr), PATRON_OK);
  return text(patron_buffer_text(Buffer(json).get()));
}

std::string contents_of(const patron_snapshot* snapshot) {
  patron_table* classes = nullptr;
  EXPECT_EQ(patron_snapshot_classes(snapshot, nullptr, &classes, nullptr), PATRON_OK);
  return contents_of(Table(classes).get());
}

std::string contents_of(const patron_schema* schema) {
  std::string out;
  for (int32_t i = 0; i < patron_schema_fields(schema); ++i) {
    patron_schema_field field = PATRON_SCHEMA_FIELD_INIT;
    EXPECT_EQ(patron_schema_describe(schema, i, &field, nullptr), PATRON_OK);
    out += text(field.name) + " " + std::to_string(field.kind) + text(field.currency);
    for (int32_t v = 0; v < field.value_count; ++v) out += text(patron_schema_value(schema, i, v));
  }
  return out;
}

std::string contents_of(const patron_expression* expression) {
  patron_expression_info info = PATRON_EXPRESSION_INFO_INIT;
  EXPECT_EQ(patron_expression_describe(expression, &info, nullptr), PATRON_OK);
  return text(info.text) + std::to_string(info.kind) + std::to_string(info.field_count);
}

std::string contents_of(const patron_cuts* cuts) {
  patron_buffer* json = nullptr;
  EXPECT_EQ(patron_cuts_to_json(cuts, &json, nullptr), PATRON_OK);
  return text(patron_buffer_text(Buffer(json).get()));
}

std::string contents_of(const patron_rfm* rfm) {
  patron_table* table = nullptr;
  patron_table* refused = nullptr;
  patron_cuts* cuts = nullptr;
  patron_rfm_summary counts = PATRON_RFM_SUMMARY_INIT;
  EXPECT_EQ(patron_rfm_table(rfm, &table, nullptr), PATRON_OK);
  EXPECT_EQ(patron_rfm_refused(rfm, &refused, nullptr), PATRON_OK);
  EXPECT_EQ(patron_rfm_cuts(rfm, &cuts, nullptr), PATRON_OK);
  EXPECT_EQ(patron_rfm_counts(rfm, &counts, nullptr), PATRON_OK);
  return contents_of(Table(table).get()) + contents_of(Table(refused).get()) +
         contents_of(Cuts(cuts).get()) +
         std::string(reinterpret_cast<const char*>(&counts), sizeof(counts));
}

std::string contents_of(const patron_nps* nps) {
  patron_table* table = nullptr;
  patron_table* drivers = nullptr;
  patron_table* refused = nullptr;
  patron_nps_summary counts = PATRON_NPS_SUMMARY_INIT;
  EXPECT_EQ(patron_nps_table(nps, &table, nullptr), PATRON_OK);
  EXPECT_EQ(patron_nps_drivers(nps, &drivers, nullptr), PATRON_OK);
  EXPECT_EQ(patron_nps_refused(nps, &refused, nullptr), PATRON_OK);
  EXPECT_EQ(patron_nps_counts(nps, &counts, nullptr), PATRON_OK);
  return contents_of(Table(table).get()) + contents_of(Table(drivers).get()) +
         contents_of(Table(refused).get()) +
         std::string(reinterpret_cast<const char*>(&counts), sizeof(counts));
}

namespace {

/// What either result holds.
template <typename Handle, typename Get>
std::string contents_of_ltv(const Handle* handle, Get table_of, Get refused_of,
                            patron_status (*count)(const Handle*, patron_ltv_counts*,
                                                   patron_error*) noexcept) {
  patron_table* table = nullptr;
  patron_table* refused = nullptr;
  patron_ltv_counts counts = PATRON_LTV_COUNTS_INIT;
  EXPECT_EQ(table_of(handle, &table, nullptr), PATRON_OK);
  EXPECT_EQ(refused_of(handle, &refused, nullptr), PATRON_OK);
  EXPECT_EQ(count(handle, &counts, nullptr), PATRON_OK);
  return contents_of(Table(table).get()) + contents_of(Table(refused).get()) +
         std::string(reinterpret_cast<const char*>(&counts), sizeof(counts));
}

}  // namespace

std::string contents_of(const patron_ltv_summary* summary) {
  return contents_of_ltv(summary, patron_ltv_summary_table, patron_ltv_summary_refused,
                         patron_ltv_summary_counts);
}

std::string contents_of(const patron_ltv_historic* historic) {
  return contents_of_ltv(historic, patron_ltv_historic_table, patron_ltv_historic_refused,
                         patron_ltv_historic_counts);
}

std::string contents_of(const patron_ltv* ltv) {
  patron_buffer* json = nullptr;
  EXPECT_EQ(patron_ltv_to_json(ltv, &json, nullptr), PATRON_OK);
  return text(patron_buffer_text(Buffer(json).get()));
}

std::string contents_of(const patron_rank* rank) {
  patron_table* table = nullptr;
  patron_rank_summary summary = PATRON_RANK_SUMMARY_INIT;
  EXPECT_EQ(patron_rank_table(rank, &table, nullptr), PATRON_OK);
  EXPECT_EQ(patron_rank_describe(rank, &summary, nullptr), PATRON_OK);
  std::string out = contents_of(Table(table).get());
  for (uint64_t i = 0; i < summary.class_count; ++i) {
    out += std::to_string(summary.members[i]) + " ";
  }
  return out;
}

}  // namespace patron::test
