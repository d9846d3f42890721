// Times, dates and durations: arithmetic within CEL's ranges, the calendar, and parts.
#include <cstdint>

#include "lib/base/civil.h"
#include "lib/expr/kernel.h"
#include "lib/expr/texts.h"

namespace patron::internal {
namespace {

PATRON_SIMD_INLINE bool is_time(int64_t t) { return t >= kFirstTime && t < kPastTime; }
PATRON_SIMD_INLINE bool is_duration(int64_t d) { return d >= -kMaxDuration && d <= kMaxDuration; }
PATRON_SIMD_INLINE bool is_day(int64_t d) { return d >= kFirstDay && d <= kLastDay; }

// What an unknown lane holds may be anything: sums wrap.
PATRON_SIMD_INLINE int64_t plus(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
}
PATRON_SIMD_INLINE int64_t minus(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) - static_cast<uint64_t>(b));
}

struct TimeAdd {
  PATRON_SIMD_INLINE static bool apply(int64_t a, int64_t b, int64_t& out) {
    out = plus(a, b);
    return is_time(out);
  }
};
struct TimeSub {
  PATRON_SIMD_INLINE static bool apply(int64_t a, int64_t b, int64_t& out) {
    out = minus(a, b);
    return is_time(out);
  }
};
struct TimeDiff {
  PATRON_SIMD_INLINE static bool apply(int64_t a, int64_t b, int64_t& out) {
    out = minus(a, b);
    return is_duration(out);
  }
};
struct DurationAdd {
  PATRON_SIMD_INLINE static bool apply(int64_t a, int64_t b, int64_t& out) {
    out = plus(a, b);
    return is_duration(out);
  }
};
struct DurationMul {
  PATRON_SIMD_INLINE static bool apply(int64_t a, int64_t b, int64_t& out) {
    return !__builtin_mul_overflow(a, b, &out) && is_duration(out);
  }
};

// For operations that look at the calendar: only where the operands are known.
template <typename F>
PATRON_SIMD_INLINE void where_known(const KernelArgs& k, const F& apply) {
  auto* out = k.out.as<int64_t>();
  for (int64_t i = 0; i < k.n; ++i) {
    const bool known =
        (k.a.known == nullptr || k.a.known[i] != 0) && (k.b.known == nullptr || k.b.known[i] != 0);
    out[i] = 0;
    const bool good = known && apply(i, out[i]);
    if (k.out.known != nullptr) k.out.known[i] = good;
    if (known && !good && k.counts != nullptr) ++k.counts->overflows;
  }
}

struct DurationNeg {
  PATRON_SIMD_INLINE static void run(const KernelArgs& k) {
    const auto* a = k.a.as<int64_t>();
    auto* out = k.out.as<int64_t>();
    for (int64_t i = 0; i < k.n; ++i) out[i] = minus(0, a[i]);
    if (k.out.known != nullptr) both_known(k.out.known, k.a.known, nullptr, k.n);
  }
};
struct DurationAbs {
  PATRON_SIMD_INLINE static void run(const KernelArgs& k) {
    const auto* a = k.a.as<int64_t>();
    auto* out = k.out.as<int64_t>();
    for (int64_t i = 0; i < k.n; ++i) out[i] = a[i] < 0 ? minus(0, a[i]) : a[i];
    if (k.out.known != nullptr) both_known(k.out.known, k.a.known, nullptr, k.n);
  }
};

struct Days {
  static void run(const KernelArgs& k) {
    const auto* a = k.a.as<int64_t>();
    where_known(
        k, [&](int64_t i, int64_t& out) { return DurationMul::apply(a[i], kMicrosPerDay, out); });
  }
};
// Beyond these no date is reached.
struct Months {
  static void run(const KernelArgs& k) {
    const auto* a = k.a.as<int64_t>();
    constexpr int64_t kMost = 200'000;
    where_known(k, [&](int64_t i, int64_t& out) {
      return !__builtin_mul_overflow(a[i], k.node->integer, &out) && out >= -kMost && out <= kMost;
    });
  }
};

// The date n months later; where its day does not exist, the first day of the month after.
bool add_months(Day day, int64_t months, Day& out) {
  const CivilDate date = civil_from_day(day);
  const int64_t month = date.year * int64_t{12} + date.month - 1 + months;
  const int64_t year = floor_div(month, 12);
  const int month_of_year = static_cast<int>(floor_mod(month, 12)) + 1;
  if (year < 0 || year > 10'000) return false;
  out = date.day <= days_in_month(year, month_of_year) ? civil_to_day(year, month_of_year, date.day)
                                                       : civil_to_day(year, month_of_year + 1, 1);
  return is_day(out);
}

const TimeZone& zone_of(const KernelArgs& k) {
  return k.graph->zones[static_cast<size_t>(k.node->index)].zone;
}

struct TimeAddMonths {
  static void run(const KernelArgs& k) {
    const TimeZone& zone = zone_of(k);
    const auto* a = k.a.as<int64_t>();
    const auto* b = k.b.as<int64_t>();
    where_known(k, [&](int64_t i, int64_t& out) {
      const int64_t wall = zone.to_wall(a[i]);
      const Day day = floor_div(wall, kMicrosPerDay);
      Day moved = 0;
      if (!is_day(day) || !add_months(day, b[i] * k.node->integer, moved)) return false;
      const bool same_day = civil_from_day(moved).day == civil_from_day(day).day;
      out = zone.from_wall(moved * kMicrosPerDay + (same_day ? floor_mod(wall, kMicrosPerDay) : 0));
      return is_time(out);
    });
  }
};
struct DateAddMonths {
  static void run(const KernelArgs& k) {
    const auto* a = k.a.as<int64_t>();
    const auto* b = k.b.as<int64_t>();
    where_known(k, [&](int64_t i, int64_t& out) {
      return is_day(a[i]) && add_months(a[i], b[i] * k.node->integer, out);
    });
  }
};
struct DateAddDays {
  static void run(const KernelArgs& k) {
    const auto* a = k.a.as<int64_t>();
    const auto* b = k.b.as<int64_t>();
    where_known(k, [&](int64_t i, int64_t& out) {
      out = plus(a[i], b[i] / kMicrosPerDay * k.node->integer);
      return is_day(out);
    });
  }
};
struct DateToTime {
  static void run(const KernelArgs& k) {
    const TimeZone& zone = zone_of(k);
    const auto* a = k.a.as<int64_t>();
    where_known(k, [&](int64_t i, int64_t& out) {
      if (!is_day(a[i])) return false;
      out = zone.start_of_day(a[i]);
      return is_time(out);
    });
  }
};
struct TimeToDate {
  static void run(const KernelArgs& k) {
    const TimeZone& zone = zone_of(k);
    const auto* a = k.a.as<int64_t>();
    where_known(k, [&](int64_t i, int64_t& out) {
      out = zone.local_day(a[i]);
      return is_day(out);
    });
  }
};
struct TimeToInt {
  static void run(const KernelArgs& k) {
    const auto* a = k.a.as<int64_t>();
    where_known(k, [&](int64_t i, int64_t& out) {
      out = floor_div(a[i], kMicrosPerSecond);
      return true;
    });
  }
};
struct IntToTime {
  static void run(const KernelArgs& k) {
    const auto* a = k.a.as<int64_t>();
    where_known(k, [&](int64_t i, int64_t& out) {
      return !__builtin_mul_overflow(a[i], kMicrosPerSecond, &out) && is_time(out);
    });
  }
};

int64_t day_part(CalendarPart part, Day day) {
  const CivilDate date = civil_from_day(day);
  switch (part) {
    case CalendarPart::kFullYear:
      return date.year;
    case CalendarPart::kMonth:
      return date.month - 1;
    case CalendarPart::kDate:
      return date.day;
    case CalendarPart::kDayOfMonth:
      return date.day - 1;
    case CalendarPart::kDayOfWeek:
      return weekday(day);
    case CalendarPart::kDayOfYear:
      return day - civil_to_day(date.year, 1, 1);
    default:
      return 0;
  }
}

int64_t clock_part(CalendarPart part, int64_t micros) {
  switch (part) {
    case CalendarPart::kHours:
      return micros / kMicrosPerHour;
    case CalendarPart::kMinutes:
      return micros / (60 * kMicrosPerSecond);
    case CalendarPart::kSeconds:
      return micros / kMicrosPerSecond;
    default:
      return micros / 1000 % 1000;
  }
}

struct TimePart {
  static void run(const KernelArgs& k) {
    const ZoneChoice& zone = k.graph->zones[static_cast<size_t>(k.node->index)];
    const auto* a = k.a.as<int64_t>();
    const CalendarPart part = k.node->part;
    where_known(k, [&](int64_t i, int64_t& out) {
      const int64_t wall = zone.to_wall(a[i]);
      if (part < CalendarPart::kHours) {
        out = day_part(part, floor_div(wall, kMicrosPerDay));
        return true;
      }
      const int64_t clock = floor_mod(wall, kMicrosPerDay);
      out = clock_part(part, clock);
      if (part == CalendarPart::kMinutes || part == CalendarPart::kSeconds) out %= 60;
      return true;
    });
  }
};
struct DatePart {
  static void run(const KernelArgs& k) {
    const auto* a = k.a.as<int64_t>();
    where_known(k, [&](int64_t i, int64_t& out) {
      if (!is_day(a[i])) return false;
      out = day_part(k.node->part, a[i]);
      return true;
    });
  }
};
struct DurationPart {
  static void run(const KernelArgs& k) {
    const auto* a = k.a.as<int64_t>();
    where_known(k, [&](int64_t i, int64_t& out) {
      out = clock_part(k.node->part, a[i]);
      return true;
    });
  }
};

constexpr KernelSet kTimeAdd = kernel_set<CheckedInt<TimeAdd>>();
constexpr KernelSet kTimeSub = kernel_set<CheckedInt<TimeSub>>();
constexpr KernelSet kTimeDiff = kernel_set<CheckedInt<TimeDiff>>();
constexpr KernelSet kDurationAdd = kernel_set<CheckedInt<DurationAdd>>();
constexpr KernelSet kDurationSub = kernel_set<CheckedInt<TimeDiff>>();
constexpr KernelSet kDurationMul = plain_kernel_set<CheckedInt<DurationMul>>();
constexpr KernelSet kDurationNeg = kernel_set<DurationNeg>();
constexpr KernelSet kDurationAbs = kernel_set<DurationAbs>();
constexpr KernelSet kDays = plain_kernel_set<Days>();
constexpr KernelSet kMonths = plain_kernel_set<Months>();
constexpr KernelSet kTimeAddMonths = plain_kernel_set<TimeAddMonths>();
constexpr KernelSet kDateAddMonths = plain_kernel_set<DateAddMonths>();
constexpr KernelSet kDateAddDays = plain_kernel_set<DateAddDays>();
constexpr KernelSet kDateToTime = plain_kernel_set<DateToTime>();
constexpr KernelSet kTimeToDate = plain_kernel_set<TimeToDate>();
constexpr KernelSet kTimeToInt = plain_kernel_set<TimeToInt>();
constexpr KernelSet kIntToTime = plain_kernel_set<IntToTime>();
constexpr KernelSet kTimePart = plain_kernel_set<TimePart>();
constexpr KernelSet kDatePart = plain_kernel_set<DatePart>();
constexpr KernelSet kDurationPart = plain_kernel_set<DurationPart>();

}  // namespace

const KernelSet* time_kernel(const Node& node) {
  switch (node.op) {
    case Op::kTimeAdd:
      return &kTimeAdd;
    case Op::kTimeSub:
      return &kTimeSub;
    case Op::kTimeDiff:
      return &kTimeDiff;
    case Op::kDurationAdd:
      return &kDurationAdd;
    case Op::kDurationSub:
      return &kDurationSub;
    case Op::kDurationMul:
      return &kDurationMul;
    case Op::kDurationNeg:
      return &kDurationNeg;
    case Op::kDurationAbs:
      return &kDurationAbs;
    case Op::kDays:
      return &kDays;
    case Op::kMonths:
      return &kMonths;
    case Op::kTimeAddMonths:
      return &kTimeAddMonths;
    case Op::kDateAddMonths:
      return &kDateAddMonths;
    case Op::kDateAddDays:
      return &kDateAddDays;
    case Op::kDateToTime:
      return &kDateToTime;
    case Op::kTimeToDate:
      return &kTimeToDate;
    case Op::kTimeToInt:
      return &kTimeToInt;
    case Op::kIntToTime:
      return &kIntToTime;
    case Op::kTimePart:
      return &kTimePart;
    case Op::kDatePart:
      return &kDatePart;
    case Op::kDurationPart:
      return &kDurationPart;
    default:
      return nullptr;
  }
}

}  // namespace patron::internal
