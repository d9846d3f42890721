#include "patron/schema.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "lib/base/json.h"
#include "lib/base/nearest.h"
#include "lib/base/utf8.h"
#include "lib/schema/names.h"

namespace patron {
namespace internal {

struct SchemaData {
  std::vector<FieldSpec> fields;
  std::vector<uint32_t> by_name;  ///< indices of fields, in the order of their names
  TimeZone zone;
};

}  // namespace internal

inline namespace v0 {
namespace {

using internal::JsonDocument;
using internal::JsonKind;
using internal::JsonValue;
using internal::quoted;

constexpr size_t kMaxSet = 64;
constexpr size_t kMaxValues = 65'536;

constexpr std::array<std::string_view, 10> kKindNames{"bool",     "int64",    "double", "string",
                                                      "enum",     "enum_set", "date",   "timestamp",
                                                      "duration", "money"};

Status refuse(const FieldSpec& field, const std::string& problem) {
  return {Code::kDocument, "field " + quoted(field.name) + " " + problem};
}

Status check_values(const FieldSpec& field) {
  const bool takes_values = field.kind == Kind::kEnum || field.kind == Kind::kEnumSet;
  if (!field.values.empty() && !takes_values) {
    return refuse(
        field, std::string("is ") + kind_name(field.kind) + "; only enum and enum_set have values");
  }
  if (field.ordered && (field.kind != Kind::kEnum || field.values.empty())) {
    return refuse(field, "is ordered; only an enum with values can be");
  }
  if (field.kind == Kind::kEnumSet && (field.values.empty() || field.values.size() > kMaxSet)) {
    return refuse(field, "has " + std::to_string(field.values.size()) +
                             " values; an enum_set lists its values, 1 to 64 of them");
  }
  if (field.values.size() > kMaxValues) {
    return refuse(field, "has " + std::to_string(field.values.size()) +
                             " values; want at most 65536, or none for an open enum");
  }
  std::vector<std::string_view> sorted(field.values.begin(), field.values.end());
  std::sort(sorted.begin(), sorted.end());
  const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
  if (twice != sorted.end()) return refuse(field, "has the value " + quoted(*twice) + " twice");
  for (const std::string_view value : sorted) {
    if (!internal::is_utf8(value)) {
      return refuse(field, "has a value that is no UTF-8: " + quoted(value));
    }
  }
  return {};
}

Status check_field(const FieldSpec& field) {
  if (Status s = internal::check_field_name(field.name); !s.ok()) return s;
  if (static_cast<size_t>(field.kind) >= kKindNames.size()) {
    return refuse(
        field, "has the kind " + std::to_string(static_cast<int>(field.kind)) + ", which is none");
  }
  if (field.kind == Kind::kMoney) {
    if (Status s = check(field.unit); !s.ok()) return refuse(field, "of money: " + s.message());
  }
  return check_values(field);
}

std::optional<Kind> kind_of(std::string_view name) {
  const auto* found = std::find(kKindNames.begin(), kKindNames.end(), name);
  if (found == kKindNames.end()) return std::nullopt;
  return static_cast<Kind>(found - kKindNames.begin());
}

Status at(const JsonValue& value, Code code, const std::string& message) {
  return {code, message, -1, value.offset()};
}

Status read_kind(const JsonValue& value, const std::string& what, Kind& out) {
  if (Status s = value.require(what + ": type", JsonKind::kString); !s.ok()) return s;
  const std::optional<Kind> kind = kind_of(value.string());
  if (!kind) {
    return at(value, Code::kDocument,
              what + " has the type " + quoted(value.string()) + ", which is none" +
                  internal::did_you_mean(value.string(), kKindNames) +
                  (internal::nearest_name(value.string(), kKindNames).empty()
                       ? "; types are bool, int64, double, string, enum, enum_set, date, "
                         "timestamp, duration, money"
                       : ""));
  }
  out = *kind;
  return {};
}

Status read_field(const JsonValue& value, FieldSpec& field) {
  field.name = value.key();
  const std::string what = "field " + quoted(field.name);
  if (value.is(JsonKind::kString)) return read_kind(value, what, field.kind);
  static constexpr std::array<std::string_view, 4> kKeys{"type", "values", "ordered", "nullable"};
  if (Status s = value.require_object(what, kKeys); !s.ok()) return s;
  const std::optional<JsonValue> type = value.find("type");
  if (!type) return at(value, Code::kDocument, what + " has no \"type\"");
  if (Status s = read_kind(*type, what, field.kind); !s.ok()) return s;
  if (const auto values = value.find("values")) {
    if (Status s = values->require(what + ": values", JsonKind::kArray); !s.ok()) return s;
    for (const JsonValue item : values->items()) {
      if (Status s = item.require(what + ": a value", JsonKind::kString); !s.ok()) return s;
      field.values.emplace_back(item.string());
    }
  }
  for (const auto& [key, target] :
       {std::pair{"ordered", &field.ordered}, std::pair{"nullable", &field.nullable}}) {
    const std::optional<JsonValue> flag = value.find(key);
    if (!flag) continue;
    if (Status s = flag->require(what + ": " + key, JsonKind::kBool); !s.ok()) return s;
    *target = flag->boolean();
  }
  return {};
}

Status read_money(const JsonValue& value, MoneyUnit& unit) {
  static constexpr std::array<std::string_view, 2> kKeys{"currency", "scale"};
  if (Status s = value.require_object("money", kKeys); !s.ok()) return s;
  if (const auto scale = value.find("scale")) {
    if (Status s = scale->require("money: scale", JsonKind::kInt); !s.ok()) return s;
    if (scale->integer() < 0 || scale->integer() > kMaxMoneyScale) {
      return at(*scale, Code::kDocument, "money: scale is " + scale->source() + "; want 0 to 9");
    }
    unit.scale = static_cast<int>(scale->integer());
  }
  if (const auto currency = value.find("currency")) {
    if (Status s = currency->require("money: currency", JsonKind::kString); !s.ok()) return s;
    const std::string_view text = currency->string();
    if (text.size() != unit.currency.size()) {
      return at(*currency, Code::kDocument,
                "money: currency is " + quoted(text) + "; want three letters, such as \"CNY\"");
    }
    std::copy(text.begin(), text.end(), unit.currency.begin());
  }
  if (Status s = check(unit); !s.ok()) return at(value, Code::kDocument, "money: " + s.message());
  return {};
}

}  // namespace

const char* kind_name(Kind kind) {
  const auto index = static_cast<size_t>(kind);
  return index < kKindNames.size() ? kKindNames[index].data() : "unknown";
}

Schema::Schema() : data_(std::make_shared<const internal::SchemaData>()) {}
Schema::Schema(std::shared_ptr<const internal::SchemaData> data) : data_(std::move(data)) {}

Result<Schema> Schema::make(std::vector<FieldSpec> fields, TimeZone zone) {
  if (fields.size() > kMaxFields) {
    return Status(Code::kLimit, "a schema of " + std::to_string(fields.size()) +
                                    " fields; the limit is " + std::to_string(kMaxFields));
  }
  for (const FieldSpec& field : fields) {
    if (Status s = check_field(field); !s.ok()) return s;
  }
  auto data = std::make_shared<internal::SchemaData>();
  data->by_name.resize(fields.size());
  for (size_t i = 0; i < fields.size(); ++i) data->by_name[i] = static_cast<uint32_t>(i);
  std::sort(data->by_name.begin(), data->by_name.end(),
            [&](uint32_t a, uint32_t b) { return fields[a].name < fields[b].name; });
  for (size_t i = 1; i < fields.size(); ++i) {
    const FieldSpec& field = fields[data->by_name[i]];
    if (field.name == fields[data->by_name[i - 1]].name) return refuse(field, "comes twice");
  }
  data->fields = std::move(fields);
  data->zone = std::move(zone);
  Schema made(std::shared_ptr<const internal::SchemaData>(std::move(data)));
  for (const FieldSpec& field : made.fields()) {
    if (field.age_of.empty()) continue;
    const int since = made.find(field.age_of);
    if (field.kind != Kind::kDuration || since < 0 ||
        made.fields()[static_cast<size_t>(since)].kind != Kind::kTimestamp) {
      return refuse(field, "is no duration, or " + internal::quoted(field.age_of) +
                               ", whose age it is, no timestamp of the schema");
    }
  }
  return made;
}

Result<Schema> Schema::from_json(std::string_view text) {
  const Result<JsonDocument> document = JsonDocument::parse(text);
  if (!document.ok()) return document.status();
  const JsonValue root = document->root();
  static constexpr std::array<std::string_view, 3> kKeys{"fields", "timezone", "money"};
  if (Status s = root.require_object("the schema", kKeys); !s.ok()) return s;
  MoneyUnit unit;
  if (const auto money = root.find("money")) {
    if (Status s = read_money(*money, unit); !s.ok()) return s;
  }
  TimeZone zone;
  if (const auto name = root.find("timezone")) {
    if (Status s = name->require("timezone", JsonKind::kString); !s.ok()) return s;
    Result<TimeZone> loaded = TimeZone::load(name->string());
    if (!loaded.ok()) return at(*name, loaded.status().code(), loaded.status().message());
    zone = *std::move(loaded);
  }
  std::vector<FieldSpec> fields;
  const std::optional<JsonValue> list = root.find("fields");
  if (!list) return at(root, Code::kDocument, "the schema has no \"fields\"");
  if (Status s = list->require("fields", JsonKind::kObject); !s.ok()) return s;
  fields.reserve(list->size());
  for (const JsonValue item : list->items()) {
    FieldSpec field;
    if (Status s = read_field(item, field); !s.ok()) return s;
    if (field.kind == Kind::kMoney) field.unit = unit;
    if (Status s = check_field(field); !s.ok()) {
      return Status(s.code(), s.message(), -1, item.key_offset());
    }
    fields.push_back(std::move(field));
  }
  return make(std::move(fields), std::move(zone));
}

std::span<const FieldSpec> Schema::fields() const { return data_->fields; }
const TimeZone& Schema::zone() const { return data_->zone; }

int Schema::find(std::string_view name) const {
  const auto& order = data_->by_name;
  const auto it = std::lower_bound(
      order.begin(), order.end(), name,
      [&](uint32_t i, std::string_view wanted) { return data_->fields[i].name < wanted; });
  if (it == order.end() || data_->fields[*it].name != name) return -1;
  return static_cast<int>(*it);
}

}  // namespace v0
}  // namespace patron
