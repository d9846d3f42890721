#include "lib/engine/settle/customer_history.h"

#include <algorithm>
#include <limits>

#include "lib/base/int128.h"

namespace patron::internal {
namespace {

std::optional<int64_t> narrowed(Int128 sum) {
  if (sum > std::numeric_limits<int64_t>::max() || sum < std::numeric_limits<int64_t>::min()) {
    return std::nullopt;
  }
  return static_cast<int64_t>(sum);
}

}  // namespace

Window model_window(const std::optional<Period>& length) {
  Window out;
  if (!length) return out;
  out.kind = Window::Kind::kRolling;
  out.length = *length;
  return out;
}

RfmMeasured rfm_measured(EventSource& orders, int amount, uint32_t customer, Micros now,
                         const std::optional<Period>& window, const TimeZone& zone) {
  RfmMeasured out;
  const Window inside = model_window(window);
  const TimeRange seen = range(inside, zone, now, {});
  Int128 money = 0;
  std::optional<Day> day_inside;  // the newest that counts
  for (const EventRef& event : orders.read(customer, now)) {
    const Cell cell = orders.cell(event, amount);
    if (!cell.known) continue;
    const bool in_window = seen.contains(event.time());
    if (in_window) {
      money += cell.integer;
      out.next_change = std::min(out.next_change, presence(inside, zone, event.time(), {}).end);
    }
    if (!orders.is_sale(event)) continue;
    const Day day = zone.local_day(event.time());
    out.last_day = std::max(out.last_day.value_or(day), day);
    if (in_window && (!day_inside || day > *day_inside)) {
      ++out.frequency;
      day_inside = day;
    }
  }
  out.monetary = narrowed(money);
  return out;
}

std::optional<LtvMeasured> ltv_measured(EventSource& orders, int amount, uint32_t customer,
                                        Micros now, const PeriodGrid& grid, bool whole) {
  LtvMeasured out;
  bool bought = false;
  Int128 money = 0;
  const int64_t running = grid.period_of(now);
  for (const EventRef& event : orders.read(customer, now)) {
    const int64_t period = grid.period_of(event.time());
    if (whole && period >= running) break;
    if (orders.is_sale(event)) {
      if (!bought) out.first = out.last = period;
      if (period > out.last) ++out.frequency;
      out.last = std::max(out.last, period);
      bought = true;
    }
    const Cell cell = orders.cell(event, amount);
    if (!cell.known || !bought) continue;
    if (period > out.first) money += cell.integer;
  }
  if (!bought) return std::nullopt;
  out.money = narrowed(money);
  return out;
}

NpsMeasured nps_measured(EventSource& surveys, int kind, int score, uint32_t customer, Micros now,
                         const std::optional<Period>& window, const TimeZone& zone) {
  NpsMeasured out;
  const Window inside = model_window(window);
  const TimeRange seen = range(inside, zone, now, {});
  for (const EventRef& event : surveys.read(customer, now)) {
    if (!seen.contains(event.time()) || surveys.cell(event, kind).text != "nps") continue;
    const Cell given = surveys.cell(event, score);
    if (!given.known || !is_nps_score(given.integer)) continue;
    out.score = given.integer;
    out.next_change = presence(inside, zone, event.time(), {}).end;
  }
  return out;
}

ReferralMeasured referral_measured(EventSource* orders, int amount, EventSource* referrals,
                                   int referrer, int referred, const BookState& book,
                                   uint32_t customer, Micros now, const Period& window,
                                   const TimeZone& zone) {
  ReferralMeasured out;
  const TimeRange lately = range(model_window(window), zone, now, {});
  std::optional<Micros> first;
  std::optional<Day> first_day;
  Int128 money = 0;
  bool recent = false;
  const auto add = [&](const EventRef& event) {
    const Cell cell = orders->cell(event, amount);
    if (cell.known) money += cell.integer;
    if (!orders->is_sale(event)) return;
    const Day day = zone.local_day(event.time());
    out.facts.repeated = out.facts.repeated || (first_day && day != *first_day);
    recent = recent || lately.contains(event.time());
    if (!first) first = event.time(), first_day = day;
  };
  if (orders != nullptr) {
    for (const EventRef& event : orders->read(customer, now)) add(event);
  }
  out.facts.bought = first.has_value();
  out.facts.due = first && !lately.contains(*first);
  out.facts.retained = out.facts.due && recent;
  const Int128 most = std::numeric_limits<int64_t>::max();
  out.facts.value = static_cast<int64_t>(std::clamp<Int128>(money, -most, most));
  if (referrals == nullptr) return out;
  const auto row_at = [&](const EventRef& event, int column) {
    if (event.run->null(column, event.row)) return kNoCustomer;
    const uint32_t row = event.run->cells<uint32_t>(column)[event.row];
    const bool there = row < book.ids->size() && !book.ids->erased(row);
    return there ? book.survivor(row) : kNoCustomer;
  };
  for (const EventRef& event : referrals->read(customer, now)) {
    if (row_at(event, referred) != customer) continue;
    const uint32_t by = row_at(event, referrer);
    if (by == customer) continue;
    out.referred = true;
    out.referrer = by;
  }
  return out;
}

}  // namespace patron::internal
