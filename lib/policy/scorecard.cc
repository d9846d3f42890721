// Scorecards: points for conditions over the profile, or for events, with caps and half-lives.
#include <array>
#include <cmath>

#include "lib/policy/draft.h"

namespace patron::internal::policy {
namespace {

bool read_row(const Cursor& at, Draft& draft, const std::string& owner, size_t value, size_t row,
              PolicyScorecardRow& out) {
  static constexpr std::array<std::string_view, 7> kKeys{"when", "stream",    "where", "points",
                                                         "cap",  "half_life", "reason"};
  if (!draft.findings.object(at, kKeys, {"points"})) return false;
  std::optional<double> points;
  bool whole = draft.findings.number(at, "points", points);
  out.points = points.value_or(0);
  whole = draft.findings.number(at, "cap", out.cap) && whole;
  whole = draft.findings.period(at, "half_life", out.half_life) && whole;
  whole = draft.findings.text(at, "reason", out.reason) && whole;
  const std::optional<Cursor> when = at.find("when"), stream = at.find("stream");
  if (when.has_value() == stream.has_value()) {
    draft.findings.error(at, when ? "value" : "missing_key",
                         "a row of a scorecard has either \"when\", a condition over tags, or "
                         "\"stream\", whose events each give points");
    return false;
  }
  if (out.cap && out.points != 0 && (*out.cap < 0) != (out.points < 0)) {
    draft.findings.error(*at.find("cap"), "value",
                         "the cap bounds the sum of the row's points, so it has their sign");
    whole = false;
  }
  if (when) {
    for (const char* key : {"where", "half_life", "cap"}) {
      const std::optional<Cursor> other = at.find(key);
      if (!other) continue;
      draft.findings.error_at_key(
          *other, "key_not_allowed",
          '"' + std::string(key) + "\" goes with events, not with \"when\"");
      whole = false;
    }
    read_text(at, "when", owner, draft, [&draft, value, row](Expression read) {
      draft.values[value].value.scorecard[row].when = std::move(read);
    });
    return whole;
  }
  std::string name;
  if (!draft.findings.text(*stream, name)) return false;
  out.stream = find_stream(*stream, name, draft);
  return out.stream >= 0 &&
         read_where(at, "where", draft.data.streams[static_cast<size_t>(out.stream)], true, draft,
                    out.where) &&
         whole;
}

}  // namespace

void read_scorecard(const Cursor& at, Draft& draft, PolicyValue& value, const std::string& owner) {
  if (!draft.findings.array(at, kMaxPolicyRows)) return;
  if (at.value.size() == 0) {
    draft.findings.error(at, "value", "a scorecard has one row or more");
    return;
  }
  const size_t index = draft.by_name.at(owner);
  for (const Cursor& one : at.items()) {
    PolicyScorecardRow row;
    const size_t number = value.scorecard.size();
    read_row(one, draft, owner, index, number, row);
    value.scorecard.push_back(std::move(row));
  }
}

}  // namespace patron::internal::policy
