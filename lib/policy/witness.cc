// A customer as text, by what conditions look at: "spend = 1000.01, vip unknown".
#include <algorithm>
#include <limits>
#include <string>

#include "lib/base/number_text.h"
#include "lib/policy/terrain.h"
#include "patron/money.h"
#include "patron/time.h"

namespace patron::internal::policy {
namespace {

std::string whole_text(const Thing& thing, int64_t value) {
  switch (thing.base) {
    case Base::kMoney:
      return format_money(value, {thing.unit.scale, {}});
    case Base::kDate:
      return format_date(value);
    case Base::kTimestamp:
      return format_time(value);
    case Base::kDuration:
      return value % kMicrosPerDay == 0
                 ? std::to_string(value / kMicrosPerDay) + " days"
                 : (value < 0 ? "-" : "") + format_period({0, value < 0 ? -value : value});
    default:
      return std::to_string(value);
  }
}

// A value of the cell that reads well: lengths of time in whole days where there are such.
int64_t whole_in(const Thing& thing, int32_t cell) {
  const auto c = static_cast<size_t>(cell);
  const bool days = thing.base == Base::kDuration;
  if (c == 0) {
    const int64_t first = thing.boundaries[0].whole;
    if (first == std::numeric_limits<int64_t>::min()) return first;  // nothing is below it
    const int64_t last = first - 1;
    return days && last > 0 ? last - last % kMicrosPerDay : last;
  }
  const int64_t low = thing.boundaries[c - 1].whole;
  if (!days || low <= 0 || low % kMicrosPerDay == 0) return low;
  const int64_t day = low - low % kMicrosPerDay + kMicrosPerDay;
  const bool inside = c == thing.boundaries.size() || day < thing.boundaries[c].whole;
  return inside ? day : low;
}

std::string number_in(const Thing& thing, int32_t cell) {
  const auto c = static_cast<size_t>(cell);
  const bool first = c == 0, last = c == thing.boundaries.size();
  const Boundary& lower = thing.boundaries[first ? 0 : c - 1];
  if (!first && !lower.after) return " = " + number_text(lower.at);
  if (first) return (lower.after ? " = " : " < ") + number_text(lower.at);
  if (last) return " > " + number_text(lower.at);
  return " = " + number_text(lower.at + (thing.boundaries[c].at - lower.at) / 2);
}

std::string value_in(const Thing& thing, const Range& range) {
  if (range.low == range.high) return thing.text + " unknown";
  const auto c = static_cast<size_t>(range.low);
  if (is_text(thing.base)) {
    return thing.text +
           (c < thing.choices.size() ? " = '" + thing.choices[c] + "'" : std::string(" = another"));
  }
  if (!thing.ordered) return thing.text + (c == 1 ? "" : " not") + std::string(" true");
  if (thing.boundaries.empty()) return thing.text + " known";
  if (thing.base == Base::kDouble) return thing.text + number_in(thing, range.low);
  return thing.text + " = " + whole_text(thing, whole_in(thing, range.low));
}

}  // namespace

std::string Terrain::witness(Ranges region, const std::vector<int>& conditions) const {
  std::vector<bool> shown(things_.size(), false);
  for (const int condition : conditions) {
    for (const int thing : conditions_[static_cast<size_t>(condition)].things) {
      shown[static_cast<size_t>(thing)] = true;
    }
  }
  std::string out;
  for (size_t i = 0; i < things_.size(); ++i) {
    if (!shown[i] || region[i] == things_[i].all) continue;
    out += (out.empty() ? "" : ", ") + value_in(things_[i], region[i]);
  }
  return out.empty() ? "any customer" : out;
}

}  // namespace patron::internal::policy
