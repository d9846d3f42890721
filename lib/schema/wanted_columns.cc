#include "lib/schema/wanted_columns.h"

namespace patron::internal {

const char* wanted_columns(Kind kind) {
  switch (kind) {
    case Kind::kBool:
      return "bool";
    case Kind::kInt64:
      return "of integers";
    case Kind::kDouble:
      return "of floats, doubles or integers";
    case Kind::kString:
    case Kind::kEnum:
      return "text, or a dictionary of text";
    case Kind::kEnumSet:
      return "of integers, whose bit i stands for value i";
    case Kind::kDate:
      return "date32, date64 or ISO 8601 text";
    case Kind::kTimestamp:
      return "timestamps, dates or ISO 8601 text";
    case Kind::kDuration:
      return "durations";
    case Kind::kMoney:
      return "of decimals, doubles or integers, in major units";
  }
  return "";
}

}  // namespace patron::internal
