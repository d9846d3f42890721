// Actions: what classes and dates raise, for the host to carry out.
#include <algorithm>
#include <array>
#include <utility>

#include "lib/base/nearest.h"
#include "lib/policy/draft.h"
#include "lib/schema/names.h"

namespace patron::internal::policy {
namespace {

constexpr std::array<std::string_view, 14> kActionKeys{
    "params", "once", "backfill", "cool_down", "delay",   "on_date", "every",
    "until",  "lead", "where",    "priority",  "control", "label",   "description"};

// "month", "year" or a length such as "3mo".
void read_every(const Cursor& at, Draft& draft, std::optional<Period>& out) {
  static constexpr std::array<std::pair<std::string_view, int32_t>, 3> kWords{
      {{"month", 1}, {"quarter", 3}, {"year", 12}}};
  const std::optional<Cursor> every = at.find("every");
  if (!every) return;
  for (const auto& [word, months] : kWords) {
    if (!every->is(JsonKind::kString) || every->value.string() != word) continue;
    out = Period{months, 0};
    return;
  }
  draft.findings.period(at, "every", out);
}

void read_date(const Cursor& at, Draft& draft, PolicyAction& out) {
  const std::optional<Cursor> date = at.find("on_date");
  if (date) {
    if (draft.findings.text(*date, out.on_date)) {
      draft.names.push_back({out.on_date, *date, "", PendingName::Wanted::kTime});
    }
    read_every(at, draft, out.every);
    draft.findings.period(at, "until", out.until);
    draft.findings.period(at, "lead", out.lead);
    if (out.until && !out.every) {
      draft.findings.error_at_key(*at.find("until"), "key_not_allowed",
                                  "\"until\" ends a repetition; say \"every\" too");
    }
    return;
  }
  for (const char* key : {"every", "until", "lead"}) {
    const std::optional<Cursor> other = at.find(key);
    if (!other) continue;
    draft.findings.error_at_key(*other, "key_not_allowed",
                                '"' + std::string(key) + "\" goes with \"on_date\"");
  }
}

void read_action(const Cursor& at, Draft& draft) {
  PolicyAction out;
  out.name = at.value.key();
  if (const Status status = check_field_name(out.name); !status.ok()) {
    draft.findings.error_at_key(at, "name", status.message());
  }
  if (!at.is(JsonKind::kObject)) {
    draft.findings.object(at, kActionKeys);
    return;
  }
  draft.findings.object(at, kActionKeys);
  std::string ignored;
  read_words(at, draft, ignored, ignored);
  if (const std::optional<Cursor> params = at.find("params")) {
    if (params->is(JsonKind::kObject)) {
      out.params = canonical_json(params->value);
    } else {
      draft.findings.error(*params, "type", "params is an object");
    }
  }
  draft.findings.boolean(at, "once", out.once);
  draft.findings.boolean(at, "backfill", out.backfill);
  draft.findings.period(at, "cool_down", out.cool_down);
  draft.findings.period(at, "delay", out.delay);
  std::optional<int64_t> priority;
  draft.findings.whole(at, "priority", -1000, 1000, priority);
  out.priority = priority.value_or(0);
  std::optional<double> control;
  draft.findings.number(at, "control", control);
  out.control = control.value_or(0);
  if (!(out.control >= 0 && out.control < 1)) {
    draft.findings.error(*at.find("control"), "value",
                         "control is the share that is held back, 0 or more and below 1");
  }
  read_date(at, draft, out);
  const size_t index = draft.data.actions.size();
  draft.data.actions.push_back(std::move(out));
  read_text(at, "where", "", draft, [&draft, index](Expression read) {
    draft.data.actions[index].where = std::move(read);
  });
}

void check_uses(const std::optional<Cursor>& actions, Draft& draft) {
  std::vector<std::string_view> known;
  for (const PolicyAction& action : draft.data.actions) known.emplace_back(action.name);
  std::vector<bool> used(known.size(), false);
  for (const Cursor& use : draft.action_uses) {
    const std::string_view name = use.value.string();
    const auto found = std::find(known.begin(), known.end(), name);
    if (found != known.end()) {
      used[static_cast<size_t>(found - known.begin())] = true;
      continue;
    }
    const std::string hint = did_you_mean(name, known);
    draft.findings.error(use, "unknown_action",
                         '"' + std::string(name) + "\" is no action" +
                             (hint.empty() ? "; declare it under actions" : hint));
  }
  for (size_t i = 0; i < used.size(); ++i) {
    if (used[i] || !draft.data.actions[i].on_date.empty()) continue;
    draft.findings.warning(*actions->find(known[i]), "unused_action",
                           "no class raises \"" + std::string(known[i]) + "\", and it has no date");
  }
}

}  // namespace

void read_actions(const Cursor& root, Draft& draft) {
  const std::optional<Cursor> actions = root.find("actions");
  if (actions && !actions->is(JsonKind::kObject)) {
    draft.findings.object(*actions, {});
    return;
  }
  if (actions && actions->value.size() > kMaxActions) {
    draft.findings.error(*actions, "limit", "at most 256 actions can be declared");
    return;
  }
  if (actions) {
    for (const Cursor& one : actions->items()) read_action(one, draft);
  }
  check_uses(actions, draft);
}

}  // namespace patron::internal::policy
