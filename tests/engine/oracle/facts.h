// The raw facts as the oracle keeps them: a list, in which everything is looked for by walking it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/engine/oracle/value.h"

namespace patron::oracle {

struct Event {
  std::string id;  ///< the customer's id it came with
  std::string stream;
  Micros time = 0;
  std::string key;                                     ///< empty: none
  std::vector<std::pair<std::string, Value>> columns;  ///< in the order of the stream
  Micros effective = 0;                                ///< its own time, or the clock when it came
  Value cell(std::string_view column) const {
    if (column == "time") return Value::of(Is::kTime, time);
    for (const auto& [name, value] : columns) {
      if (name == column) return value;
    }
    return {};
  }
  bool same_content(const Event& other) const {
    return time == other.time && columns == other.columns;
  }
};

struct AttributeValue {
  std::string id;
  std::string name;
  Micros from = 0;
  Value value;
  Micros effective = 0;
};

/// Facts of one instant: by their keys, then by their values column by column, null first.
inline bool earlier(const Event& a, const Event& b) {
  if (a.time != b.time) return a.time < b.time;
  if (a.key != b.key) return a.key < b.key;
  for (size_t c = 0; c < a.columns.size(); ++c) {
    const Value& value = a.columns[c].second;
    const Value& other = b.columns[c].second;
    if (value == other) continue;
    if (value.known() != other.known()) return other.known();
    if (value.i != other.i) return value.i < other.i;
    if (value.d != other.d) return value.d < other.d;
    return value.s < other.s;
  }
  return false;
}

}  // namespace patron::oracle
