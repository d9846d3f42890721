// C++ expressions that calls.json names.
#pragma once

#include "tests/capi/world.h"

namespace patron::test {

inline patron_column words() {
  static const int32_t offsets[] = {0, 4, 8};
  patron_column column = PATRON_COLUMN_INIT;
  column.type = PATRON_TYPE_STRING;
  column.length = 2;
  column.offsets = offsets;
  column.bytes = reinterpret_cast<const uint8_t*>("goldgrey");
  return column;
}

/// Three indices into words(); calls.json sets the dictionary.
inline patron_column coded_words() {
  static const int8_t indices[] = {1, 0, 1};
  patron_column column = PATRON_COLUMN_INIT;
  column.name = patron_str_of("tier");
  column.type = PATRON_TYPE_DICTIONARY;
  column.index = PATRON_TYPE_INT8;
  column.value = PATRON_TYPE_STRING;
  column.length = 3;
  column.values = indices;
  return column;
}

/// The document of a model of lifetime value.
inline std::string document_of(const patron_ltv* ltv) {
  patron_buffer* json = nullptr;
  EXPECT_EQ(patron_ltv_to_json(ltv, &json, nullptr), PATRON_OK);
  return text(patron_buffer_text(Buffer(json).get()));
}

inline std::string document_of(const patron_calibration* calibration) {
  patron_buffer* json = nullptr;
  EXPECT_EQ(patron_calibration_to_json(calibration, &json, nullptr), PATRON_OK);
  return text(patron_buffer_text(Buffer(json).get()));
}

/// The engine whose ids 1 and 2 are linked, so that they can be unlinked.
inline patron_engine* linked(const World& world) {
  (void)patron_engine_link(world.keyed.get(), 1, nullptr, 0, 2, nullptr, 0, nullptr, nullptr);
  return world.keyed.get();
}

/// The engine whose customer 3 is pinned, so that it can be ended.
inline patron_engine* pinned(const World& world) {
  const patron_override pin = gold_pin();
  (void)patron_engine_override(world.keyed.get(), 3, nullptr, 0, &pin, nullptr);
  return world.keyed.get();
}

/// The summary of a ranked engine, for good.
inline const std::string& summary_bytes() {
  static const std::string bytes = [] {
    const Engine ranked = make_ranked_engine();
    patron_buffer* out = nullptr;
    EXPECT_EQ(patron_engine_summary_for_merge(ranked.get(), &out, nullptr), PATRON_OK);
    return text(patron_buffer_text(Buffer(out).get()));
  }();
  return bytes;
}

/// A saved engine, for good.
inline const std::string& saved_bytes() {
  static const std::string bytes = [] {
    const Engine engine = make_engine();
    patron_buffer* out = nullptr;
    EXPECT_EQ(patron_engine_save(engine.get(), &out, nullptr), PATRON_OK);
    return text(patron_buffer_text(Buffer(out).get()));
  }();
  return bytes;
}

/// A sink that keeps nothing.
inline int32_t swallow(void*, const uint8_t*, uint64_t) { return 0; }

}  // namespace patron::test
