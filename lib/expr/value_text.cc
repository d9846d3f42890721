#include "lib/expr/value_text.h"

#include "lib/base/number_text.h"
#include "lib/expr/texts.h"
#include "patron/money.h"
#include "patron/time.h"

namespace patron::internal {

std::string value_text(const ExprType& type, const Cell& cell) {
  if (!cell.known) return "unknown";
  switch (type.base) {
    case Base::kBool:
      return cell.integer != 0 ? "true" : "false";
    case Base::kDouble:
      return number_text(cell.number);
    case Base::kString:
    case Base::kEnum:
      return "'" + std::string(cell.text) + "'";
    case Base::kEnumSet: {
      std::string out = "[";
      const auto& values = type.domain->values;
      for (size_t i = 0; i < values.size(); ++i) {
        if ((static_cast<uint64_t>(cell.integer) >> i & 1) == 0) continue;
        out += (out.size() > 1 ? ", '" : "'") + values[i] + "'";
      }
      return out + "]";
    }
    case Base::kDate:
      return format_date(cell.integer);
    case Base::kTimestamp:
      return time_text(cell.integer);
    case Base::kDuration:
      return duration_text(cell.integer);
    case Base::kMoney:
      return format_money(cell.integer, type.unit);
    default:
      return std::to_string(cell.integer);
  }
}

}  // namespace patron::internal
