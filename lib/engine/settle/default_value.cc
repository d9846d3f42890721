#include "lib/engine/settle/default_value.h"

#include <string>

#include "lib/base/json.h"
#include "patron/money.h"

namespace patron::internal {
namespace {

std::string text_value(JsonValue given, const PolicyValue& value, const TimeZone& zone,
                       MetricValue& out) {
  std::string text(given.string());
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
