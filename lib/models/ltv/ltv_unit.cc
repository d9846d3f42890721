#include "patron/ltv_unit.h"

#include <array>
#include <cstddef>
#include <string>

namespace patron {
inline namespace v0 {
namespace {

constexpr std::array<std::string_view, 6> kNames{"hour", "day", "week", "month", "quarter", "year"};
constexpr std::array<double, 6> kPerYear{8765.82, 365.2425, 52.1775, 12, 4, 1};

}  // namespace

std::string_view ltv_unit_name(LtvUnit unit) { return kNames[static_cast<size_t>(unit)]; }

double ltv_units_per_year(LtvUnit unit) { return kPerYear[static_cast<size_t>(unit)]; }

Result<LtvUnit> parse_ltv_unit(std::string_view name) {
  for (size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<LtvUnit>(i);
  }
  return Status(Code::kArgument, "unit: \"" + std::string(name) +
                                     "\" is none; want hour, day, week, month, quarter or year");
}

}  // namespace v0
}  // namespace patron
