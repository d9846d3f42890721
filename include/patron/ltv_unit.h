// The clock of lifetime value models: in what recency, T and horizons are counted.
//
// hour, day and week are exact lengths. month, quarter and year are those of the calendar: between
// two instants lie whole months plus the fraction of the running one. A year has 8,765.82 hours,
// 365.2425 days, 52.1775 weeks, 12 months (the mean Gregorian year): so rates per year become rates
// per unit.
//
//   options.unit = patron::LtvUnit::kWeek;
//   patron::ltv_units_per_year(patron::LtvUnit::kWeek);      // 52.1775
//
// Thread class of everything here: pure.
#pragma once

#include <cstdint>
#include <string_view>

#include "patron/status.h"

namespace patron {
inline namespace v0 {

enum class LtvUnit : int32_t {
  kHour = 0,
  kDay = 1,
  kWeek = 2,
  kMonth = 3,
  kQuarter = 4,
  kYear = 5,
};

/// "hour", "day", "week", "month", "quarter", "year".
std::string_view ltv_unit_name(LtvUnit unit);
/// The unit of that name. Code::kArgument says which there are.
Result<LtvUnit> parse_ltv_unit(std::string_view name);
/// How many of them a year has: 8765.82, 365.2425, 52.1775, 12, 4, 1.
double ltv_units_per_year(LtvUnit unit);

}  // namespace v0
}  // namespace patron
