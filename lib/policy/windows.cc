// Windows of time: "365d", {"calendar": "year", "previous": 1}, {"since": "join"}, {"from", "to"}.
#include <array>

#include "lib/policy/draft.h"

namespace patron::internal::policy {
namespace {

void read_calendar(const Cursor& at, Draft& draft, PolicyWindow& out) {
  static constexpr std::array<std::string_view, 2> kKeys{"calendar", "previous"};
  static constexpr std::array<std::string_view, 3> kUnits{"month", "quarter", "year"};
  out.kind = PolicyWindow::Kind::kCalendar;
  draft.findings.object(at, kKeys);
  std::optional<size_t> unit;
  draft.findings.choice(at, "calendar", kUnits, unit);
  out.calendar = static_cast<PolicyWindow::Calendar>(unit.value_or(0));
  std::optional<int64_t> previous;
  draft.findings.whole(at, "previous", 1, 100, previous);
  out.previous = previous.value_or(0);
}

void read_since(const Cursor& at, Draft& draft, PolicyWindow& out) {
  static constexpr std::array<std::string_view, 1> kKeys{"since"};
  static constexpr std::array<std::string_view, 1> kClass{"class"};
  draft.findings.object(at, kKeys);
  const Cursor since = *at.find("since");
  if (since.is(JsonKind::kObject)) {
    out.kind = PolicyWindow::Kind::kSinceClass;
    if (!draft.findings.object(since, kClass, {"class"})) return;
    if (!draft.findings.text(since, "class", out.class_name)) return;
    draft.since_classes.push_back(out.class_name);
    draft.since_class_places.push_back(*since.find("class"));
    return;
  }
  out.kind = PolicyWindow::Kind::kSinceJoin;
  std::string word;
  if (draft.findings.text(since, word) && word != "join") {
    draft.findings.error(since, "value",
                         "\"" + word +
                             "\" is nothing to count from; want \"join\", or {\"class\": "
                             "the name of a classification}");
  }
}

bool read_day(const Cursor& at, std::string_view key, Draft& draft, std::optional<Day>& out) {
  const std::optional<Cursor> day = at.find(key);
  std::string text;
  if (!day || !draft.findings.text(*day, text)) return !day;
  const Result<Micros> instant = parse_time(text, TimeZone());
  if (!instant.ok() || text.size() != 10) {
    draft.findings.error(*day, "date",
                         "\"" + text + "\" is no date; want one such as \"2026-01-01\"");
    return false;
  }
  out = TimeZone().local_day(*instant);
  return true;
}

void read_fixed(const Cursor& at, Draft& draft, PolicyWindow& out) {
  static constexpr std::array<std::string_view, 2> kKeys{"from", "to"};
  out.kind = PolicyWindow::Kind::kFixed;
  draft.findings.object(at, kKeys);
  const bool read = read_day(at, "from", draft, out.from) && read_day(at, "to", draft, out.to);
  if (read && out.from && out.to && *out.from >= *out.to) {
    draft.findings.error(at, "value",
                         "the window is empty: it ends, exclusively, on " + format_date(*out.to) +
                             " and begins on " + format_date(*out.from));
  }
}

}  // namespace

void read_window(const Cursor& metric, Draft& draft, PolicyWindow& out) {
  const std::optional<Cursor> at = metric.find("window");
  const std::optional<Cursor> offset = metric.find("offset");
  if (at && at->is(JsonKind::kString)) {
    out.kind = PolicyWindow::Kind::kRolling;
    draft.findings.period(*at, out.length);
  } else if (at && !at->is(JsonKind::kObject)) {
    draft.findings.error(*at, "type",
                         at->value.source() +
                             " is no window; write one such as \"90d\", \"12mo\" or "
                             "{\"calendar\": \"year\"}");
  } else if (at && at->find("calendar")) {
    read_calendar(*at, draft, out);
  } else if (at && at->find("since")) {
    read_since(*at, draft, out);
  } else if (at && (at->find("from") || at->find("to"))) {
    read_fixed(*at, draft, out);
  } else if (at) {
    static constexpr std::array<std::string_view, 5> kKeys{"calendar", "previous", "since", "from",
                                                           "to"};
    if (draft.findings.object(*at, kKeys) && at->value.size() == 0) {
      draft.findings.error(*at, "value", "this window says nothing; leave it out for all time");
    }
  }
  if (!offset) return;
  Period shift;
  if (!draft.findings.period(*offset, shift)) return;
  if (out.kind != PolicyWindow::Kind::kRolling) {
    draft.findings.error(*offset, "key_not_allowed",
                         "offset goes with a rolling window, such as \"window\": \"90d\"");
    return;
  }
  out.offset = shift;
}

}  // namespace patron::internal::policy
