// Schema: the named, typed facts that an expression may speak of.
//
// A field has a name ("spend_12m", "rfm.f"), a kind, and may be null, which means unknown, never
// zero. The schema also holds the time zone in which dates and months are meant.
//
//   patron::Result<patron::Schema> schema = patron::Schema::from_json(R"({
//     "timezone": "Asia/Shanghai",
//     "money": {"currency": "CNY", "scale": 2},
//     "fields": {"spend_12m": "money", "nps_score": "int64",
//                "region": {"type": "enum", "values": ["north", "south"], "nullable": false}}})");
//
// A Schema is an immutable value whose copies share their memory. Thread class: shared.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "patron/money.h"
#include "patron/status.h"
#include "patron/time.h"

namespace patron {
namespace internal {
struct SchemaData;
}
inline namespace v0 {

/// What a value is. The numbers are those of the C ABI, frozen once released.
enum class Kind : int32_t {
  kBool = 0,
  kInt64 = 1,
  kDouble = 2,     ///< finite; what is not is unknown
  kString = 3,     ///< UTF-8
  kEnum = 4,       ///< one of some texts
  kEnumSet = 5,    ///< any of at most 64 texts: bit i of an integer is text i of the values
  kDate = 6,       ///< days since 1970-01-01; means its local midnight in the schema's zone
  kTimestamp = 7,  ///< microseconds since 1970-01-01T00:00:00Z
  kDuration = 8,   ///< microseconds
  kMoney = 9,      ///< minor units
};

/// "bool", "int64", "enum_set": as it stands in documents and messages.
const char* kind_name(Kind kind);

/// One field.
struct FieldSpec {
  std::string name;  ///< identifiers of CEL, joined by points
  Kind kind = Kind::kBool;
  bool nullable = true;             ///< false: every row has it, or evaluation fails
  std::vector<std::string> values;  ///< kEnum: all there are, or empty where that is open; kEnumSet
  bool ordered = false;             ///< kEnum: values stand from the lowest to the highest
  MoneyUnit unit;                   ///< kMoney
  /// Of a kDuration that is an age: the kTimestamp field since when. It is computed as age(it), and
  /// a row needs no value of its own for it.
  std::string age_of;
};

class Schema {
 public:
  /// No fields; UTC.
  Schema();

  /// Code::kDocument where a name is none, is reserved, or comes twice, and where values, ordered
  /// unit or age_of do not go with the kind; Code::kLimit for more than kMaxFields fields.
  static Result<Schema> make(std::vector<FieldSpec> fields, TimeZone zone = TimeZone());

  /// An object of "fields" (each a name of a kind, or {"type", "values", "ordered", "nullable"}),
  /// "timezone" (default UTC) and "money" (default scale 2, no currency), which all money has.
  /// Unknown keys are errors. Code::kSyntax, kDocument, kZone, kLimit, with the byte offset.
  static Result<Schema> from_json(std::string_view text);

  static constexpr size_t kMaxFields = 4096;

  std::span<const FieldSpec> fields() const;
  const TimeZone& zone() const;
  /// The index of the field of that name, or -1. Cost: logarithmic.
  int find(std::string_view name) const;

 private:
  explicit Schema(std::shared_ptr<const internal::SchemaData> data);
  std::shared_ptr<const internal::SchemaData> data_;
};

}  // namespace v0
}  // namespace patron
