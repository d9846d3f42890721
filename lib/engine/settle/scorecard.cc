#include "lib/engine/settle/scorecard.h"

#include <algorithm>
#include <numbers>
#include <string>

#include "lib/base/json.h"
#include "lib/models/ltv/math/elementary.h"
#include "patron/money.h"

namespace patron::internal {
namespace {

// Days of 24 hours; a month is a twelfth of the mean Gregorian year.
double days_of(Period period) {
  return period.months * (365.2425 / 12) +
         static_cast<double>(period.micros) / static_cast<double>(kMicrosPerDay);
}

std::string text_value(JsonValue given, const PolicyValue& value, const TimeZone& zone,
                       MetricValue& out) {
  const std::string text(given.string());
  const Result<Micros> time = parse_time(text, zone);
  switch (value.tag.kind) {
    case Kind::kDate:
      out.cell = Cell::of(zone.local_day(time.ok() ? *time : 0));
      return {};
    case Kind::kTimestamp:
      out.cell = Cell::of(time.ok() ? *time : 0);
      return {};
    case Kind::kDuration: {
      const Result<Period> period = parse_period(text);
      out.cell = Cell::of(period.ok() ? period->micros : 0);
      return {};
    }
    default:
      out.cell.known = true;
      return text;
  }
}

}  // namespace

ScorecardSum scorecard_sum(const PolicyScorecardRow& row, EventSource& source, uint32_t customer,
                           Micros now, const TimeZone& zone) {
  ScorecardSum sum;
  const Day today = zone.local_day(now);
  for (const EventRef& event : source.read(customer, now)) {
    if (!source.on_side(event, ReferralSide::kReferrer)) continue;
    if (!source.is_sale(event) || !source.holds(row.where, event)) continue;
    double points = row.points;
    if (row.half_life) {
      const auto age = static_cast<double>(std::max<Day>(0, today - zone.local_day(event.time())));
      points *= ltv::exp(-std::numbers::ln2 * age / days_of(*row.half_life));
      sum.next_change = zone.start_of_day(today + 1);
    }
    sum.points += points;
    sum.as_of = event.time();
  }
  if (row.cap) {
    sum.points = *row.cap < 0 ? std::max(sum.points, *row.cap) : std::min(sum.points, *row.cap);
  }
  return sum;
}

MetricValue default_value(const PolicyValue& value, const TimeZone& zone) {
  MetricValue out;
  const Result<JsonDocument> document = JsonDocument::parse(value.default_value);
  if (!document.ok()) return out;
  const JsonValue given = document->root();
  switch (given.kind()) {
    case JsonKind::kBool:
      out.cell = Cell::of(given.boolean() ? 1 : 0);
      break;
    case JsonKind::kInt:
    case JsonKind::kNumber:
      if (value.tag.kind == Kind::kDouble) {
        out.cell = Cell::of_double(given.number());
      } else if (value.tag.kind == Kind::kMoney) {
        const Result<Rounded> minor = money_from_double(given.number(), value.unit.scale);
        if (minor.ok()) out.cell = Cell::of(minor->minor);
      } else {
        out.cell = Cell::of(given.integer());
      }
      break;
    case JsonKind::kString:
      out.text = text_value(given, value, zone, out);
      break;
    case JsonKind::kArray:
      out.is_set = true;
      for (const JsonValue member : given.items()) out.set.emplace_back(member.string());
      break;
    case JsonKind::kNull:
    case JsonKind::kObject:
      break;
  }
  return out;
}

}  // namespace patron::internal
