#include "capi/src/expression_tables.h"

#include <cstring>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/bitmap.h"
#include "lib/base/table_data.h"

namespace patron::capi {
namespace {

using internal::Buffer;
using internal::OwnedColumn;

Buffer zeros(size_t bytes) {
  Buffer out(bytes);
  if (bytes > 0) std::memset(out.data(), 0, bytes);
  return out;
}

/// Columns one by one, then the table. Trusted: all have the same length and different names.
class Columns {
 public:
  Columns& int64(const char* name, const std::vector<std::optional<int64_t>>& values) {
    return add(name, Type::kInt64, values);
  }
  Columns& doubles(const char* name, const std::vector<std::optional<double>>& values) {
    return add(name, Type::kDouble, values);
  }
  Columns& bools(const char* name, const std::vector<std::optional<bool>>& values) {
    return add(name, Type::kBool, values);
  }
  Columns& texts(const char* name, const std::vector<std::string>& values) {
    OwnedColumn column = named(name, Type::kString, values.size());
    size_t size = 0;
    for (const std::string& value : values) size += value.size();
    column.values = Buffer(size);
    column.offsets = Buffer((values.size() + 1) * sizeof(int32_t));
    int32_t at = 0;
    for (size_t i = 0; i < values.size(); ++i) {
      column.offsets.as<int32_t>()[i] = at;
      if (values[i].empty()) continue;
      std::memcpy(column.values.data() + at, values[i].data(), values[i].size());
      at += static_cast<int32_t>(values[i].size());
    }
    column.offsets.as<int32_t>()[values.size()] = at;
    columns_.push_back(std::move(column));
    return *this;
  }
  Table finish() { return internal::make_owned_table(std::move(columns_)); }

 private:
  static OwnedColumn named(const char* name, Type type, size_t rows) {
    OwnedColumn column;
    column.field.name = name;
    column.field.type.type = type;
    column.length = static_cast<int64_t>(rows);
    return column;
  }

  // What is null is zero: the same bytes always.
  template <typename T>
  Columns& add(const char* name, Type type, const std::vector<std::optional<T>>& values) {
    OwnedColumn column = named(name, type, values.size());
    const bool bits = type == Type::kBool;
    column.validity = zeros((values.size() + 7) / 8);
    column.values = zeros(bits ? (values.size() + 7) / 8 : values.size() * sizeof(T));
    for (size_t i = 0; i < values.size(); ++i) {
      if (!values[i].has_value()) {
        ++column.null_count;
        continue;
      }
      const T value = *values[i];
      internal::set_bit(column.validity.data(), static_cast<int64_t>(i));
      if (!bits) {
        std::memcpy(column.values.data() + i * sizeof(T), &value, sizeof(T));
      } else if (value != T{}) {
        internal::set_bit(column.values.data(), static_cast<int64_t>(i));
      }
    }
    columns_.push_back(std::move(column));
    return *this;
  }

  std::vector<OwnedColumn> columns_;
};

}  // namespace

Table atoms_table(const Explanation& explanation) {
  std::vector<std::optional<int64_t>> begin, end;
  std::vector<std::optional<bool>> value;
  std::vector<std::string> left, op, right;
  std::vector<std::optional<double>> distance;
  for (const Atom& atom : explanation.atoms) {
    begin.emplace_back(atom.begin);
    end.emplace_back(atom.end);
    value.emplace_back(atom.value);
    left.emplace_back(atom.left);
    op.emplace_back(atom.op);
    right.emplace_back(atom.right);
    distance.emplace_back(atom.distance);
  }
  Columns out;
  out.int64("begin", begin).int64("end", end);
  out.bools("value", value).texts("left", left).texts("op", op);
  out.texts("right", right).doubles("distance", distance);
  return out.finish();
}

Table unknown_table(const Explanation& explanation) {
  std::vector<std::optional<int64_t>> atom;
  std::vector<std::string> field;
  for (size_t i = 0; i < explanation.atoms.size(); ++i) {
    for (const std::string& name : explanation.atoms[i].unknown) {
      atom.emplace_back(static_cast<int64_t>(i));
      field.push_back(name);
    }
  }
  if (explanation.atoms.empty()) {
    field = explanation.unknown;
    atom.resize(field.size());
  }
  Columns out;
  out.int64("atom", atom).texts("field", field);
  return out.finish();
}

Table missing_table(const Explanation& explanation) {
  std::vector<std::optional<int64_t>> set, atom;
  std::vector<std::optional<bool>> wanted;
  for (size_t i = 0; i < explanation.missing.size(); ++i) {
    for (const AtomChange& change : explanation.missing[i]) {
      set.emplace_back(static_cast<int64_t>(i));
      atom.emplace_back(static_cast<int64_t>(change.atom));
      wanted.emplace_back(change.wanted);
    }
  }
  Columns out;
  out.int64("set", set).int64("atom", atom).bools("wanted", wanted);
  return out.finish();
}

}  // namespace patron::capi
