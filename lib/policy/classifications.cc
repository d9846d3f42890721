// Classifications: ladders, first matches, grids, bands, ranks and flags, and which key goes with
// which kind (docs/policy.md).
#include "lib/policy/classifications.h"

#include <algorithm>
#include <array>
#include <utility>

#include "lib/base/nearest.h"
#include "patron/segments.h"

namespace patron::internal::policy {
namespace {

constexpr std::array<std::string_view, 6> kKinds{"ladder", "first_match", "grid",
                                                 "bands",  "rank",        "flags"};

// Which keys a classification and its classes may have, by kind; as bits of kinds.
constexpr uint32_t bit(ClassificationKind kind) { return 1U << static_cast<uint32_t>(kind); }
constexpr uint32_t kLadder = bit(ClassificationKind::kLadder);
constexpr uint32_t kFirstMatch = bit(ClassificationKind::kFirstMatch);
constexpr uint32_t kGrid = bit(ClassificationKind::kGrid);
constexpr uint32_t kBands = bit(ClassificationKind::kBands);
constexpr uint32_t kRank = bit(ClassificationKind::kRank);
constexpr uint32_t kFlags = bit(ClassificationKind::kFlags);
constexpr uint32_t kEvery = kLadder | kFirstMatch | kGrid | kBands | kRank | kFlags;

struct KeyRule {
  std::string_view key;
  uint32_t kinds;
};
constexpr std::array<KeyRule, 14> kOfAll{{{"name", kEvery},
                                          {"kind", kEvery},
                                          {"label", kEvery},
                                          {"description", kEvery},
                                          {"classes", kEvery},
                                          {"on_unknown", kLadder | kFirstMatch | kBands},
                                          {"cap", kLadder},
                                          {"table", kGrid},
                                          {"of", kBands},
                                          {"cuts", kBands},
                                          {"hysteresis", kBands},
                                          {"min_dwell", kBands},
                                          {"grace", kBands},
                                          {"by", kRank}}};
constexpr std::array<KeyRule, 18> kOfClass{{{"name", kEvery},
                                            {"label", kEvery},
                                            {"description", kEvery},
                                            {"strategy", kEvery},
                                            {"on_enter", kEvery},
                                            {"on_leave", kEvery},
                                            {"on_stay", kEvery},
                                            {"ahead", kEvery},
                                            {"enter", kLadder | kFirstMatch | kFlags},
                                            {"keep", kLadder | kFirstMatch | kFlags},
                                            {"min_dwell", kLadder | kFirstMatch | kFlags | kRank},
                                            {"grace", kLadder | kFirstMatch | kFlags},
                                            {"cool_down", kLadder | kFirstMatch | kFlags},
                                            {"leave", kLadder | kFirstMatch},
                                            {"share", kRank},
                                            {"top", kRank},
                                            {"top_percent", kRank},
                                            {"cap", kLadder}}};

std::string_view kind_word(ClassificationKind kind) { return kKinds[static_cast<size_t>(kind)]; }
// "a ladder", "bands".
std::string kind_words(ClassificationKind kind) {
  const bool many = kind == ClassificationKind::kBands || kind == ClassificationKind::kFlags;
  return (many ? "" : "a ") + std::string(kind_word(kind));
}

// Known keys that do not go with the kind are said to be so; unknown ones get the nearest.
template <size_t N>
void check_keys(const Cursor& at, const std::array<KeyRule, N>& rules, uint32_t kind,
                ClassificationKind name, Draft& draft, std::string_view extra = {}) {
  std::vector<std::string_view> known;
  known.reserve(N + 1);
  for (const KeyRule& rule : rules) known.push_back(rule.key);
  if (!extra.empty()) known.push_back(extra);
  draft.findings.object(at, known);
  for (const Cursor& member : at.items()) {
    for (const KeyRule& rule : rules) {
      if (rule.key != member.value.key() || (rule.kinds & kind) != 0) continue;
      if (!extra.empty() && rule.key == extra) continue;
      draft.findings.error_at_key(
          member, "key_not_allowed",
          '"' + std::string(rule.key) + "\" does not go with " + kind_words(name));
    }
  }
}

void read_cap(const Cursor& at, Draft& draft, std::optional<PolicyCap>& out) {
  const std::optional<Cursor> cap = at.find("cap");
  if (!cap) return;
  static constexpr std::array<std::string_view, 2> kKeys{"moves", "per"};
  if (!draft.findings.object(*cap, kKeys, {"moves", "per"})) return;
  std::optional<int64_t> moves;
  PolicyCap read;
  if (!draft.findings.whole(*cap, "moves", 1, 1'000'000, moves)) return;
  if (!draft.findings.period(*cap->find("per"), read.per)) return;
  read.moves = *moves;
  out = read;
}

void read_action_names(const Cursor& at, std::string_view key, Draft& draft,
                       std::vector<std::string>& out) {
  const std::optional<Cursor> names = at.find(key);
  if (!names || !draft.findings.array(*names, kMaxActions)) return;
  for (const Cursor& one : names->items()) {
    std::string name;
    if (!draft.findings.text(one, name)) continue;
    draft.action_uses.push_back(one);
    out.push_back(std::move(name));
  }
}

// "on_stay": [{"after": "30d", "action": NAME}], "ahead": [{"lead": "14d", "action": NAME}].
void read_timed(const Cursor& at, std::string_view key, std::string_view time, Draft& draft,
                std::vector<PolicyStay>& out) {
  const std::optional<Cursor> list = at.find(key);
  if (!list || !draft.findings.array(*list, kMaxActions)) return;
  const std::array<std::string_view, 2> keys{time, "action"};
  for (const Cursor& one : list->items()) {
    PolicyStay stay;
    if (!draft.findings.object(one, keys, {time, "action"})) continue;
    if (!draft.findings.period(*one.find(time), stay.after)) continue;
    if (!draft.findings.text(one, "action", stay.action)) continue;
    draft.action_uses.push_back(*one.find("action"));
    out.push_back(std::move(stay));
  }
}

void read_leave(const Cursor& at, Draft& draft, PolicyLeave& out) {
  const std::optional<Cursor> leave = at.find("leave");
  if (!leave) return;
  static constexpr std::array<std::string_view, 3> kKeys{"to", "at", "step"};
  static constexpr std::array<std::string_view, 4> kBoundaries{"month_end", "year_end",
                                                               "anniversary", "class_anniversary"};
  static constexpr std::array<std::string_view, 1> kSteps{"one"};
  if (leave->is(JsonKind::kString)) {
    const std::string_view word = leave->value.string();
    if (word == "one_step") out.to = PolicyLeave::To::kNext;
    if (word == "one_step" || word == "now") return;
    draft.findings.error(*leave, "value",
                         '"' + std::string(word) +
                             "\" is no way to leave; want \"now\", "
                             "\"one_step\", {\"to\": a class} or {\"at\": \"month_end\"}");
    return;
  }
  if (!draft.findings.object(*leave, kKeys)) return;
  std::optional<size_t> boundary, step;
  draft.findings.choice(*leave, "at", kBoundaries, boundary);
  draft.findings.choice(*leave, "step", kSteps, step);
  if (boundary) out.at = static_cast<PolicyLeave::At>(*boundary + 1);
  if (step) out.to = PolicyLeave::To::kNext;
  if (leave->find("to")) {
    if (step) {
      draft.findings.error(*leave, "value", "\"to\" and \"step\" exclude each other");
      return;
    }
    out.to = PolicyLeave::To::kNamed;
    draft.findings.text(*leave, "to", out.name);
  }
  if (leave->value.size() == 0) {
    draft.findings.error(*leave, "value", "this says nothing; leave it out to leave at once");
  }
}

void read_conditions(const Cursor& at, const std::string& owner, Draft& draft, size_t which,
                     size_t index) {
  read_text(at, "enter", owner, draft, [&draft, which, index](Expression read) {
    draft.data.classifications[which].classes[index].enter = std::move(read);
  });
  read_text(at, "keep", owner, draft, [&draft, which, index](Expression read) {
    draft.data.classifications[which].classes[index].keep = std::move(read);
  });
}

void read_seats(const Cursor& at, Draft& draft, PolicyClass& out) {
  draft.findings.number(at, "share", out.share);
  draft.findings.number(at, "top_percent", out.top_percent);
  draft.findings.whole(at, "top", 1, int64_t{1} << 32, out.top);
  if (out.share && !(*out.share > 0 && *out.share <= 1)) {
    draft.findings.error(*at.find("share"), "value", "a share is above 0 and at most 1");
  }
  if (out.top_percent && !(*out.top_percent > 0 && *out.top_percent <= 100)) {
    draft.findings.error(*at.find("top_percent"), "value", "percents are above 0 and at most 100");
  }
}

void read_class(const Cursor& at, size_t position, const std::string& owner, Draft& draft,
                size_t which) {
  PolicyClassificationData& all = draft.data.classifications[which];
  const ClassificationKind kind = all.seen.kind;
  PolicyClass out;
  out.position = position;
  out.offset = at.value.offset();
  if (const std::optional<Cursor> enter = at.find("enter")) {
    out.enter_offset = enter->value.offset();
  }
  if (const std::optional<Cursor> keep = at.find("keep")) out.keep_offset = keep->value.offset();
  if (at.is(JsonKind::kString) &&
      (kind == ClassificationKind::kBands || kind == ClassificationKind::kGrid)) {
    out.name = at.value.string();
  } else {
    if (!at.is(JsonKind::kObject)) {
      draft.findings.object(at, {});
      return;
    }
    check_keys(at, kOfClass, bit(kind), kind, draft);
    if (!at.find("name")) {
      draft.findings.error(at, "missing_key", "the key \"name\" is missing");
      return;
    }
    if (!draft.findings.text(at, "name", out.name)) return;
  }
  std::string ignored;
  read_words(at, draft, out.label, ignored, &out.labels);
  if (out.label.empty()) out.label = out.name;
  const std::vector<std::string>& taken = all.seen.classes;
  if (out.name.empty() || std::find(taken.begin(), taken.end(), out.name) != taken.end()) {
    const std::optional<Cursor> name = at.find("name");
    draft.findings.error(
        name ? *name : at, "name_taken",
        out.name.empty() ? "a class needs a name" : "two classes are named \"" + out.name + '"');
    return;
  }
  draft.findings.period(at, "min_dwell", out.min_dwell);
  draft.findings.period(at, "grace", out.grace);
  draft.findings.period(at, "cool_down", out.cool_down);
  read_leave(at, draft, out.leave);
  read_seats(at, draft, out);
  read_action_names(at, "on_enter", draft, out.on_enter);
  read_action_names(at, "on_leave", draft, out.on_leave);
  read_timed(at, "on_stay", "after", draft, out.on_stay);
  read_timed(at, "ahead", "lead", draft, out.ahead);
  if (const std::optional<Cursor> strategy = at.find("strategy")) {
    out.strategy = canonical_json(strategy->value);
  }
  read_conditions(at, owner, draft, which, all.classes.size());
  all.seen.classes.push_back(out.name);
  all.classes.push_back(std::move(out));
}

// "tier.previous", "tier.since" ...: what a customer's way through it was, as values.
void add_history(size_t which, const Cursor& at, Draft& draft) {
  using What = PolicyHistory::What;
  struct Tag {
    const char* name;
    What what;
    Kind kind;
  };
  static constexpr std::array<Tag, 5> kTags{{{".previous", What::kPrevious, Kind::kEnum},
                                             {".since", What::kSince, Kind::kTimestamp},
                                             {".time_in", What::kTimeIn, Kind::kDuration},
                                             {".highest", What::kHighest, Kind::kEnum},
                                             {".moves", What::kMoves, Kind::kInt64}}};
  const PolicyClassification seen = draft.data.classifications[which].seen;
  const bool ordered =
      seen.kind == ClassificationKind::kLadder || seen.kind == ClassificationKind::kBands;
  for (const Tag& tag : kTags) {
    if (tag.what == What::kHighest && !ordered) continue;
    PolicyValue value;
    value.tag.name = seen.name + tag.name;
    value.tag.label = value.tag.name;
    value.tag.source = TagSource::kHistory;
    value.tag.kind = tag.kind;
    value.tag.reads = {seen.name};
    if (tag.what == What::kTimeIn) value.tag.reads = {seen.name + ".since"};
    if (tag.kind == Kind::kEnum) value.tag.values = seen.classes;
    value.history = PolicyHistory{tag.what, which};
    value.aside = true;
    draft.add(std::move(value), at, seen.name, true);
  }
}

// The table of classes has two columns for each classification: its name, and that with "_since".
bool check_since(const std::string& name, const Cursor& at, Draft& draft) {
  for (const PolicyClassificationData& other : draft.data.classifications) {
    const std::string& there = other.seen.name;
    const std::string& shorter = there.size() < name.size() ? there : name;
    const std::string& longer = there.size() < name.size() ? name : there;
    std::string since = shorter;
    since += "_since";
    if (longer != since) continue;
    std::string text = '"' + shorter;
    text += "\" and \"" + since;
    text += "\" cannot both be classifications: the tables of classes have a column \"";
    text += since;
    text += "\", since when somebody is in her class of \"";
    text += shorter;
    text += "\"; rename one of the two";
    draft.findings.error(at, "name", std::move(text));
    draft.broken.insert(name);
    return false;
  }
  return true;
}

void read_classification(const Cursor& at, Draft& draft) {
  if (!at.is(JsonKind::kObject)) {
    draft.findings.object(at, {});
    return;
  }
  PolicyClassificationData out;
  std::optional<size_t> kind;
  draft.findings.choice(at, "kind", kKinds, kind);
  for (const char* key : {"name", "kind"}) {
    if (!at.find(key)) {
      draft.findings.error(at, "missing_key", '"' + std::string(key) + "\" is missing");
    }
  }
  if (!kind) return;
  out.seen.kind = static_cast<ClassificationKind>(*kind);
  check_keys(at, kOfAll, bit(out.seen.kind), out.seen.kind, draft,
             out.seen.kind == ClassificationKind::kRank ? "where" : "");
  if (!draft.findings.text(at, "name", out.seen.name) || out.seen.name.empty()) return;
  const std::string name = out.seen.name;
  if (!draft.take_name(name, *at.find("name"), false)) return;
  if (!check_since(name, *at.find("name"), draft)) return;
  std::string description;
  read_words(at, draft, out.seen.label, description, &out.labels);
  if (out.seen.label.empty()) out.seen.label = name;
  static constexpr std::array<std::string_view, 2> kUnknown{"skip", "hold"};
  std::optional<size_t> unknown;
  draft.findings.choice(at, "on_unknown", kUnknown, unknown);
  out.hold_unknown = unknown == 1U;
  read_cap(at, draft, out.cap);
  const size_t which = draft.data.classifications.size();
  draft.data.classifications.push_back(std::move(out));
  if (const std::optional<Cursor> classes = at.find("classes")) {
    if (draft.findings.array(*classes, kMaxClasses)) {
      size_t position = 0;
      for (const Cursor& one : classes->items()) read_class(one, position++, name, draft, which);
    }
  }
  read_kind(at, name, draft, which);
  const PolicyClassificationData& read = draft.data.classifications[which];
  PolicyValue value;
  value.tag.name = name;
  value.tag.label = read.seen.label;
  value.tag.description = description;
  value.tag.source = TagSource::kClassification;
  value.tag.kind = read.seen.kind == ClassificationKind::kFlags ? Kind::kEnumSet : Kind::kEnum;
  value.tag.values = read.seen.classes;
  if (value.tag.kind == Kind::kEnumSet && value.tag.values.size() > 64) {
    draft.findings.error(at, "limit", "flags have at most 64 classes");
    value.tag.values.resize(64);
  }
  draft.add(std::move(value), at, name, true);
  if (read.seen.kind != ClassificationKind::kFlags) add_history(which, at, draft);
}

}  // namespace

void read_classifications(const Cursor& root, Draft& draft) {
  const std::optional<Cursor> list = root.find("classifications");
  if (!list || !draft.findings.array(*list, kMaxClassifications)) return;
  for (const Cursor& one : list->items()) read_classification(one, draft);
}

}  // namespace patron::internal::policy

namespace patron {
inline namespace v0 {

std::string_view classification_kind_name(ClassificationKind kind) {
  return internal::policy::kind_word(kind);
}

}  // namespace v0
}  // namespace patron
