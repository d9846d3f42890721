#include "lib/expr/value_text.h"

#include <utility>

#include "lib/base/number_text.h"
#include "lib/expr/texts.h"
#include "patron/money.h"
#include "patron/time.h"

namespace patron::internal {

namespace {

// As people say it, in the units of a policy: "90d", "2d 3h 1.5s".
std::string span_text(int64_t micros) {
  constexpr int64_t kHour = 3600 * kMicrosPerSecond, kMinute = 60 * kMicrosPerSecond;
  std::string out;
  int64_t rest = micros;
  for (const auto& [unit, name] :
       {std::pair(kMicrosPerDay, "d"), std::pair(kHour, "h"), std::pair(kMinute, "min")}) {
    const int64_t whole = rest / unit;
    if (whole == 0) continue;
    rest %= unit;
    const std::string digits = std::to_string(whole);
    // One sign is enough.
    const bool again = !out.empty() && whole < 0;
    out += (out.empty() ? "" : " ") + (again ? digits.substr(1) : digits) + name;
  }
  if (rest == 0 && !out.empty()) return out;
  const std::string seconds = duration_text(rest);
  const bool again = !out.empty() && rest < 0;
  return out + (out.empty() ? "" : " ") + (again ? seconds.substr(1) : seconds);
}

}  // namespace

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
      return span_text(cell.integer);
    case Base::kMoney:
      return format_money(cell.integer, type.unit);
    default:
      return std::to_string(cell.integer);
  }
}

}  // namespace patron::internal
