#include "lib/policy/classify.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/bitmap.h"
#include "lib/base/nearest.h"
#include "lib/base/table_data.h"
#include "lib/expr/conditions.h"
#include "patron/policy.h"

namespace patron {
namespace internal::policy {
namespace {

// Of those classes that have one: all but the last of a ladder or first match.
std::vector<const Expression*> conditions_of(const PolicyClassificationData& from) {
  std::vector<const Expression*> out;
  for (const PolicyClass& one : from.classes) {
    if (one.enter) out.push_back(&*one.enter);
  }
  return out;
}

// The numbers of classes as a dictionary of their names; null where nobody's condition holds and no
// class takes the rest.
template <typename T>
OwnedColumn class_column(const PolicyClassificationData& from, Buffer codes, int64_t rows) {
  OwnedColumn column;
  column.field.name = "class";
  column.field.type.type = Type::kDictionary;
  column.field.type.index = sizeof(T) == 1 ? Type::kInt8 : Type::kInt16;
  column.field.type.value = Type::kString;
  column.length = rows;
  column.dictionary = from.seen.classes;
  const auto none = static_cast<T>(from.classes.size());
  T* code = codes.as<T>();
  column.null_count = std::count(code, code + rows, none);
  if (column.null_count > 0) {
    column.validity = Buffer(static_cast<size_t>((rows + 7) / 8));
    std::memset(column.validity.data(), 0, column.validity.size());
    for (int64_t i = 0; i < rows; ++i) {
      if (code[i] == none) {
        code[i] = 0;  // the same bytes always
      } else {
        set_bit(column.validity.data(), i);
      }
    }
  }
  column.values = std::move(codes);
  return column;
}

OwnedColumn mask_column(const char* name, int bytes, Buffer masks, int64_t rows) {
  OwnedColumn column;
  column.field.name = name;
  column.field.type.type = bytes == 1   ? Type::kUint8
                           : bytes == 2 ? Type::kUint16
                           : bytes == 4 ? Type::kUint32
                                        : Type::kUint64;
  column.length = rows;
  column.values = std::move(masks);
  return column;
}

Table table_of(const PolicyClassificationData& from, ConditionMasks masks, int64_t rows) {
  std::vector<OwnedColumn> columns;
  if (from.seen.kind != ClassificationKind::kFlags) {
    columns.push_back(masks.first_bytes == 1
                          ? class_column<int8_t>(from, std::move(masks.first), rows)
                          : class_column<int16_t>(from, std::move(masks.first), rows));
  }
  if (masks.mask_bytes > 0) {
    columns.push_back(mask_column("held", masks.mask_bytes, std::move(masks.held), rows));
    columns.push_back(mask_column("unknown", masks.mask_bytes, std::move(masks.unknown), rows));
  }
  return make_owned_table(std::move(columns));
}

}  // namespace

Result<const PolicyClassificationData*> classification_by_conditions(const PolicyData& policy,
                                                                     std::string_view name) {
  std::vector<std::string_view> known;
  for (const PolicyClassificationData& one : policy.classifications) {
    known.emplace_back(one.seen.name);
    if (one.seen.name != name) continue;
    switch (one.seen.kind) {
      case ClassificationKind::kLadder:
      case ClassificationKind::kFirstMatch:
      case ClassificationKind::kFlags:
        return &one;
      case ClassificationKind::kGrid:
      case ClassificationKind::kBands:
      case ClassificationKind::kRank:
        break;
    }
    return Status(Code::kUnsupported,
                  "the classification \"" + one.seen.name + "\" is " +
                      std::string(classification_kind_name(one.seen.kind)) +
                      "; ladder, first_match and flags are made of conditions alone");
  }
  return Status(Code::kArgument, "classification: \"" + std::string(name) +
                                     "\" is none of this policy" + did_you_mean(name, known));
}

}  // namespace internal::policy

inline namespace v0 {

Result<Table> Policy::classify(std::string_view classification, const Table& customers,
                               const ExpressionOptions& options, ExpressionCounts* counts) const {
  const auto found = internal::policy::classification_by_conditions(*data_, classification);
  if (!found.ok()) return found.status();
  const auto texts = internal::policy::conditions_of(**found);
  const internal::Conditions conditions(data_->schema, texts);
  Result<internal::ConditionMasks> masks =
      conditions.evaluate(customers, options, internal::best_simd(), counts);
  if (!masks.ok()) return masks.status();
  return internal::policy::table_of(**found, *std::move(masks), customers.rows());
}

}  // namespace v0
}  // namespace patron
