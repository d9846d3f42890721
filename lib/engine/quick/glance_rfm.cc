#include "lib/engine/quick/glance_rfm.h"

#include <algorithm>
#include <limits>

#include "lib/base/int128.h"
#include "lib/metrics/glance_metric.h"

namespace patron::internal {
namespace {

// Instants that lie farther apart are of different local days, the later of a later one.
constexpr Micros kSurelyDays = 3 * kMicrosPerDay;

}  // namespace

ValueRange same_score(int64_t value, const RfmAxisCuts& cuts) {
  ValueRange out;
  const auto see = [&](int64_t cut) {
    if (cut < value) {
      out.low = std::max(out.low, cut + 1);
    } else {
      out.high = std::min(out.high, cut);
    }
  };
  for (const int64_t cut : cuts.cuts) see(cut);
  see(cuts.octant_split);
  return out;
}

GlanceRfm::GlanceRfm(const std::optional<Period>& window, const StreamRules& rules,
                     size_t amount_at, const TimeZone& zone)
    : least_sale_(rules.count_zero_amounts ? 0 : 1),
      nets_(!rules.refund_of.empty()),
      amount_at_(amount_at),
      zone_(zone) {
  if (!window) return;
  window_.kind = Window::Kind::kRolling;
  window_.length = *window;
}

void GlanceRfm::let_go() {
  rows_.assign(rows_.capacity(), Row());  // those of before, too
  rows_.clear();
  std::fill(last_of_day_.begin(), last_of_day_.end(), uint8_t{0});
}

// Whose orders are all before the window is read to the beginning.
bool GlanceRfm::measure(LogGlance& orders, uint32_t customer, Micros now, const RfmCuts* cuts,
                        RfmMeasured& out) {
  out = RfmMeasured();
  const TimeRange inside = range(window_, zone_, now, {});
  const Micros from = nets_ ? kMinTime : inside.empty() ? now : inside.begin;
  if (!orders.read(customer, from, now)) return false;
  if (nets_ && has_refunds(orders, amount_at_)) return false;
  if (!count(orders, inside, out)) return false;
  if (!out.last_day && inside.begin > kMinTime) {
    if (!orders.read(customer, kMinTime, now) || !find_last_day(orders, out)) return false;
  }
  out.next_change = next_change(out, cuts);
  return true;
}

bool GlanceRfm::count(const LogGlance& orders, const TimeRange& inside, RfmMeasured& out) {
  rows_.clear();
  const auto* amounts = orders.cells<int64_t>(amount_at_);
  if (orders.size() == 0 || amounts == nullptr) {
    out.monetary = 0;
    return true;
  }
  Int128 money = 0;
  size_t sale = SIZE_MAX;  // the last one among rows_
  for (size_t i = 0; i < orders.size(); ++i) {
    const Micros time = orders.times()[i];
    if (amounts[i] == kNullInt || !inside.contains(time)) continue;
    money += amounts[i];
    rows_.push_back({time, amounts[i], false});
    if (!is_sale(amounts[i])) continue;
    if (sale != SIZE_MAX && time - rows_[sale].time <= kSurelyDays) {
      const Day before = zone_.local_day(rows_[sale].time), day = zone_.local_day(time);
      if (day < before) return false;
      if (day == before) rows_[sale].last_of_day = false, --out.frequency;
    }
    sale = rows_.size() - 1;
    rows_[sale].last_of_day = true;
    ++out.frequency;
  }
  if (sale != SIZE_MAX) out.last_day = zone_.local_day(rows_[sale].time);
  constexpr Int128 kMin = std::numeric_limits<int64_t>::min();
  constexpr Int128 kMax = std::numeric_limits<int64_t>::max();
  if (money >= kMin && money <= kMax) out.monetary = static_cast<int64_t>(money);
  return true;
}

// Nearly nobody has rows that lie so close that two may be of one day.
bool GlanceRfm::measure(const WindowSums::Rows& rows, int64_t money, KnownDays& days,
                        RfmMeasured& out) {
  const Micros* const times = rows.times.data();
  const int64_t* const cells = rows.cells;
  size_t n = rows.times.size();
  int64_t sales = 0;
  apart_ = true;
  for (size_t i = 0; i < n; ++i) {
    if (i > 0 && times[i] - times[i - 1] <= kSurelyDays) {
      apart_ = false;
      break;
    }
    sales += is_sale(cells[i]) ? 1 : 0;
  }
  out.frequency = sales;
  if (!apart_ && !count_by_days(rows, days, out)) return false;
  while (n > 0 && !is_sale(cells[n - 1])) --n;
  if (n == 0) return false;
  out.last_day = days.of(times[n - 1]);
  out.monetary = money;
  out.next_change = TimeRange::kNever;
  return true;
}

// The frequency, of rows that may lie close together. False where a local day came twice.
bool GlanceRfm::count_by_days(const WindowSums::Rows& rows, KnownDays& days, RfmMeasured& out) {
  const size_t n = rows.times.size();
  const Micros* const times = rows.times.data();
  if (last_of_day_.size() < n) last_of_day_.resize(2 * n);
  uint8_t* const last_of_day = last_of_day_.data();
  out.frequency = 0;
  size_t sale = SIZE_MAX;  // the last one
  for (size_t i = 0; i < n; ++i) {
    const bool counts = is_sale(rows.cells[i]);
    last_of_day[i] = counts ? 1 : 0;
    if (!counts) continue;
    ++out.frequency;
    if (sale != SIZE_MAX && times[i] - times[sale] <= kSurelyDays) {
      const Day before = days.of(times[sale]), day = days.of(times[i]);
      if (day < before) return false;
      if (day == before) last_of_day[sale] = 0, --out.frequency;
    }
    sale = i;
  }
  return true;
}

// The oldest rows leave first. The window has an exact length, as sums have it.
Micros GlanceRfm::leaves_ranges(const WindowSums::Rows& rows, const RfmMeasured& now,
                                const ValueRange& frequency, const ValueRange& money) const {
  if (!moves_with_time(window_)) return TimeRange::kNever;
  int64_t left = now.frequency;
  Int128 sum = *now.monetary;
  const size_t n = rows.times.size();
  for (size_t i = 0; i < n; ++i) {
    sum -= rows.cells[i];
    left -= apart_ ? (is_sale(rows.cells[i]) ? 1 : 0) : last_of_day_[i];
    if (frequency.has(left) && sum >= money.low && sum <= money.high) continue;
    if (i + 1 == n || rows.times[i + 1] != rows.times[i]) {
      return rows.times[i] + window_.length.micros;
    }
  }
  return TimeRange::kNever;
}

// Of orders that are all before the window.
bool GlanceRfm::find_last_day(const LogGlance& orders, RfmMeasured& out) const {
  const auto* amounts = orders.cells<int64_t>(amount_at_);
  if (amounts == nullptr) return true;
  std::optional<Micros> newest;
  for (size_t i = orders.size(); i-- > 0;) {
    if (amounts[i] == kNullInt || !is_sale(amounts[i])) continue;
    const Micros time = orders.times()[i];
    if (!newest) {
      newest = time;
      out.last_day = zone_.local_day(time);
      continue;
    }
    if (*newest - time > kSurelyDays) break;
    if (zone_.local_day(time) > *out.last_day) return false;
  }
  return true;
}

// The oldest rows leave first.
Micros GlanceRfm::next_change(const RfmMeasured& now, const RfmCuts* cuts) const {
  if (rows_.empty() || !moves_with_time(window_)) return TimeRange::kNever;
  const auto leaves = [this](Micros time) { return presence(window_, zone_, time, {}).end; };
  if (!now.monetary) return leaves(rows_.front().time);
  if (cuts == nullptr) return TimeRange::kNever;
  const ValueRange days = same_score(now.frequency, cuts->frequency);
  const ValueRange sums = same_score(*now.monetary, cuts->monetary);
  int64_t frequency = now.frequency;
  Int128 money = *now.monetary;
  for (size_t i = 0; i < rows_.size(); ++i) {
    money -= rows_[i].amount;
    if (rows_[i].last_of_day) --frequency;
    if (i + 1 < rows_.size() && rows_[i + 1].time == rows_[i].time) continue;
    const bool same = days.has(frequency) && money >= sums.low && money <= sums.high;
    if (!same) return leaves(rows_[i].time);
  }
  return TimeRange::kNever;
}

}  // namespace patron::internal
