// Metrics: a verb over a stream, with its window and filters, and the type of what comes out.
#include <algorithm>
#include <array>
#include <utility>

#include "lib/base/nearest.h"
#include "lib/base/utf8.h"
#include "lib/policy/draft.h"

namespace patron::internal::policy {
namespace {

/// What a verb is given.
enum class Target : uint8_t { kStream, kColumn, kNumber, kEither, kTags, kSteps };
/// What comes out.
enum class Gives : uint8_t { kInt64, kDouble, kDuration, kColumn, kTop, kText };

// What may stand beside the verb, as bits.
enum Key : uint32_t {
  kWindowKeys = 1U << 0,
  kWhere = 1U << 1,
  kFollow = 1U << 2,
  kBy = 1U << 3,
  kN = 1U << 4,
  kClosedBy = 1U << 5,
  kKeyColumn = 1U << 6,
  kEvery = 1U << 7,
  kEach = 1U << 8,
  kCap = 1U << 9,
  kExpires = 1U << 10,
  kInactivity = 1U << 11,
  kWithin = 1U << 12,
  kSide = 1U << 13,
};

struct VerbRule {
  std::string_view name;
  Verb verb;
  Target target;
  Gives gives;
  uint32_t keys;
  uint32_t required;
};

constexpr uint32_t kPlain = kWindowKeys | kWhere | kFollow | kSide;
constexpr uint32_t kOfDays = kWindowKeys | kWhere | kSide;
constexpr std::array<VerbRule, 22> kVerbs{{
    {"count", Verb::kCount, Target::kStream, Gives::kInt64, kPlain, 0},
    {"sum", Verb::kSum, Target::kNumber, Gives::kColumn, kPlain, 0},
    {"mean", Verb::kMean, Target::kNumber, Gives::kColumn, kPlain, 0},
    {"min", Verb::kMin, Target::kColumn, Gives::kColumn, kPlain, 0},
    {"max", Verb::kMax, Target::kColumn, Gives::kColumn, kPlain, 0},
    {"first", Verb::kFirst, Target::kColumn, Gives::kColumn, kPlain, 0},
    {"last", Verb::kLast, Target::kColumn, Gives::kColumn, kPlain, 0},
    {"distinct", Verb::kDistinct, Target::kColumn, Gives::kInt64, kPlain, 0},
    {"days_active", Verb::kDaysActive, Target::kStream, Gives::kInt64, kPlain, 0},
    {"share", Verb::kShare, Target::kNumber, Gives::kDouble, kOfDays, kWhere},
    {"top", Verb::kTop, Target::kColumn, Gives::kTop, kOfDays | kBy | kN, 0},
    {"streak", Verb::kStreak, Target::kStream, Gives::kInt64, kOfDays | kEvery, kEvery},
    {"gap_last", Verb::kGapLast, Target::kStream, Gives::kDuration, kOfDays, 0},
    {"gap_mean", Verb::kGapMean, Target::kStream, Gives::kDuration, kOfDays, 0},
    {"gap_median", Verb::kGapMedian, Target::kStream, Gives::kDuration, kOfDays, 0},
    {"gap_cv", Verb::kGapCv, Target::kStream, Gives::kDouble, kOfDays, 0},
    {"trend", Verb::kTrend, Target::kEither, Gives::kDouble, kWhere | kEvery | kN | kSide, kEvery},
    {"ratio", Verb::kRatio, Target::kTags, Gives::kDouble, 0, 0},
    {"open", Verb::kOpen, Target::kStream, Gives::kInt64,
     kWindowKeys | kWhere | kClosedBy | kKeyColumn | kSide, kWhere | kClosedBy | kKeyColumn},
    {"funnel", Verb::kFunnel, Target::kSteps, Gives::kText, kWindowKeys | kWithin, 0},
    {"path", Verb::kPath, Target::kColumn, Gives::kText, kOfDays | kN, 0},
    {"points", Verb::kPoints, Target::kStream, Gives::kDouble,
     kOfDays | kEach | kCap | kExpires | kInactivity, kEach},
}};

constexpr std::array<std::pair<uint32_t, std::string_view>, 16> kKeyNames{{
    {kWindowKeys, "window"},
    {kWindowKeys, "offset"},
    {kWhere, "where"},
    {kFollow, "followed_by"},
    {kFollow, "not_followed_by"},
    {kBy, "by"},
    {kN, "n"},
    {kClosedBy, "closed_by"},
    {kKeyColumn, "key"},
    {kEvery, "every"},
    {kEach, "each"},
    {kCap, "cap"},
    {kExpires, "expires"},
    {kInactivity, "inactivity"},
    {kWithin, "within"},
    {kSide, "side"},
}};

// The verb of a metric: just one of its keys is a verb.
const VerbRule* find_verb(const Cursor& at, Draft& draft) {
  const VerbRule* found = nullptr;
  for (const VerbRule& rule : kVerbs) {
    const std::optional<Cursor> member = at.find(rule.name);
    if (!member) continue;
    if (found != nullptr) {
      draft.findings.error_at_key(*member, "value",
                                  "a metric has one verb, and this has \"" +
                                      std::string(found->name) + "\" and \"" +
                                      std::string(rule.name) + "\"; make two tags of it");
      return nullptr;
    }
    found = &rule;
  }
  if (found != nullptr) return found;
  std::vector<std::string_view> names;
  for (const VerbRule& rule : kVerbs) names.push_back(rule.name);
  std::string said, hint;
  for (const Cursor& member : at.items()) {
    const std::string_view key = member.value.key();
    const bool beside = std::any_of(kKeyNames.begin(), kKeyNames.end(),
                                    [&](const auto& known) { return known.second == key; });
    if (beside || !hint.empty()) continue;
    hint = did_you_mean(key, names);
    if (said.empty() || !hint.empty()) said = quoted(key) + " is no verb";
  }
  if (said.empty()) said = "there is no verb";
  draft.findings.error(at, "missing_key",
                       said + (hint.empty() ? "; want one of " + listed(names) : hint));
  return nullptr;
}

bool check_keys(const Cursor& at, const VerbRule& rule, Draft& draft) {
  std::vector<std::string_view> known{rule.name};
  for (const auto& [bit, name] : kKeyNames) {
    if ((rule.keys & bit) != 0) known.push_back(name);
  }
  bool whole = true;
  for (const Cursor& member : at.items()) {
    const std::string_view key = member.value.key();
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    const bool other = std::any_of(kKeyNames.begin(), kKeyNames.end(),
                                   [&](const auto& named) { return named.second == key; });
    if (!other) continue;  // said by object()
    draft.findings.error_at_key(
        member, "key_not_allowed",
        '"' + std::string(key) + "\" does not go with \"" + std::string(rule.name) + '"');
    whole = false;
  }
  std::vector<std::string_view> all;
  for (const auto& [bit, name] : kKeyNames) all.push_back(name);
  all.push_back(rule.name);
  const size_t before = draft.findings.errors();
  draft.findings.object(at, all);
  for (const auto& [bit, name] : kKeyNames) {
    if ((rule.required & bit) == 0 || at.find(name)) continue;
    draft.findings.error(
        at, "missing_key",
        '"' + std::string(rule.name) + "\" needs the key \"" + std::string(name) + '"');
    whole = false;
  }
  return whole && draft.findings.errors() == before;
}

// "orders" or "orders.amount".
bool read_target(const Cursor& at, const VerbRule& rule, Draft& draft, PolicyMetric& out) {
  std::string text;
  if (!draft.findings.text(at, text)) return false;
  const size_t point = text.find('.');
  const std::string stream = text.substr(0, point);
  out.stream = find_stream(at, stream, draft);
  if (out.stream < 0) return false;
  if (point == std::string::npos) {
    if (rule.target == Target::kStream || rule.target == Target::kEither) return true;
    draft.findings.error(
        at, "value",
        '"' + std::string(rule.name) + "\" is of a column; want \"" + stream + ".amount\", say");
    return false;
  }
  if (rule.target == Target::kStream) {
    draft.findings.error(
        at, "value", '"' + std::string(rule.name) + "\" is of a stream; want \"" + stream + '"');
    return false;
  }
  const PolicyStream& from = draft.data.streams[static_cast<size_t>(out.stream)];
  out.column = find_column(at, std::string_view(text).substr(point + 1), from, draft);
  if (out.column < 0) return false;
  const Kind kind = from.columns[static_cast<size_t>(out.column)].field.kind;
  const bool number = kind == Kind::kInt64 || kind == Kind::kDouble || kind == Kind::kMoney ||
                      kind == Kind::kDuration;
  const bool wants_number = rule.target == Target::kNumber || rule.target == Target::kEither;
  if (wants_number && !number) {
    draft.findings.error(at, "type",
                         text + " is " + kind_name(kind) + "; \"" + std::string(rule.name) +
                             "\" wants int64, double, money or duration");
    return false;
  }
  const bool ordered = number || kind == Kind::kDate || kind == Kind::kTimestamp;
  if ((rule.verb == Verb::kMin || rule.verb == Verb::kMax) && !ordered) {
    draft.findings.error(at, "type",
                         text + " is " + kind_name(kind) +
                             ", which has no least and "
                             "greatest; want numbers, money or times");
    return false;
  }
  return true;
}

bool read_ratio(const Cursor& at, Draft& draft, const std::string& owner, PolicyMetric& out) {
  if (!draft.findings.array(at, 2)) return false;
  const std::vector<Cursor> parts = at.items();
  if (parts.size() != 2) {
    draft.findings.error(at, "value", "a ratio is of two tags: [\"margin_12m\", \"spend_12m\"]");
    return false;
  }
  for (size_t i = 0; i < 2; ++i) {
    if (!draft.findings.text(parts[i], out.parts[i])) return false;
    draft.names.push_back({out.parts[i], parts[i], owner, PendingName::Wanted::kNumber});
  }
  return true;
}

bool read_step(const Cursor& at, Draft& draft, PolicyStep& out) {
  static constexpr std::array<std::string_view, 3> kKeys{"name", "stream", "where"};
  if (!draft.findings.object(at, kKeys, {"name", "stream"})) return false;
  std::string stream;
  if (!draft.findings.text(at, "name", out.name) || !draft.findings.text(at, "stream", stream)) {
    return false;
  }
  out.stream = find_stream(*at.find("stream"), stream, draft);
  return out.stream >= 0 &&
         read_where(at, "where", draft.data.streams[static_cast<size_t>(out.stream)], true, draft,
                    out.where);
}

bool read_steps(const Cursor& at, Draft& draft, PolicyMetric& out) {
  if (!draft.findings.array(at, kMaxPolicyRows)) return false;
  bool whole = true;
  for (const Cursor& one : at.items()) {
    PolicyStep step;
    whole = read_step(one, draft, step) && whole;
    for (const PolicyStep& other : out.steps) {
      if (other.name != step.name || step.name.empty()) continue;
      draft.findings.error(one, "name_taken", "two steps are named \"" + step.name + '"');
      whole = false;
    }
    out.steps.push_back(std::move(step));
  }
  if (out.steps.size() < 2) {
    draft.findings.error(at, "value", "a funnel has two steps or more");
    return false;
  }
  return whole;
}

bool read_follower(const Cursor& metric, std::string_view key, Draft& draft, PolicyMetric& out) {
  const std::optional<Cursor> at = metric.find(key);
  if (!at) return true;
  static constexpr std::array<std::string_view, 4> kKeys{"stream", "where", "within", "same"};
  if (out.followed_by) {
    draft.findings.error_at_key(*at, "value", "followed_by and not_followed_by exclude each other");
    return false;
  }
  if (!draft.findings.object(*at, kKeys, {"stream", "within"})) return false;
  PolicyFollower follower;
  follower.wanted = key == "followed_by";
  std::string stream;
  if (!draft.findings.text(*at, "stream", stream)) return false;
  follower.stream = find_stream(*at->find("stream"), stream, draft);
  if (follower.stream < 0) return false;
  const PolicyStream& other = draft.data.streams[static_cast<size_t>(follower.stream)];
  bool whole = read_where(*at, "where", other, true, draft, follower.where);
  whole = draft.findings.period(*at->find("within"), follower.within) && whole;
  if (const std::optional<Cursor> same = at->find("same")) {
    if (!draft.findings.text(*same, follower.same)) return false;
    const PolicyStream& first = draft.data.streams[static_cast<size_t>(out.stream)];
    whole = find_column(*same, follower.same, first, draft) >= 0 && whole;
    whole = find_column(*same, follower.same, other, draft) >= 0 && whole;
  }
  out.followed_by = std::move(follower);
  return whole;
}

bool read_points(const Cursor& at, Draft& draft, PolicyMetric& out) {
  const PolicyStream& stream = draft.data.streams[static_cast<size_t>(out.stream)];
  bool whole = read_where(at, "each", stream, false, draft, out.each);
  if (whole && out.each && out.each->kind() != Kind::kInt64 && out.each->kind() != Kind::kDouble) {
    draft.findings.error(*at.find("each"), "type",
                         std::string("the points of an event are a number, not ") +
                             kind_name(out.each->kind()) + "; of money, write double(amount)");
    whole = false;
  }
  if (const std::optional<Cursor> cap = at.find("cap")) {
    static constexpr std::array<std::string_view, 2> kKeys{"points", "per"};
    whole = draft.findings.object(*cap, kKeys, {"points", "per"}) &&
            draft.findings.number(*cap, "points", out.cap) &&
            draft.findings.period(*cap->find("per"), out.cap_per) && whole;
  }
  if (const std::optional<Cursor> idle = at.find("inactivity")) {
    static constexpr std::array<std::string_view, 2> kKeys{"after", "lose"};
    std::optional<double> lose;
    whole = draft.findings.object(*idle, kKeys, {"after", "lose"}) &&
            draft.findings.period(*idle, "after", out.inactive_after) &&
            draft.findings.number(*idle, "lose", lose) && whole;
    if (out.inactive_after && out.inactive_after->months == 0 &&
        out.inactive_after->micros < kMicrosPerDay) {
      draft.findings.error(*idle->find("after"), "value",
                           format_period(*out.inactive_after) +
                               " is too short to be idle; want a day or more, such as \"90d\"");
      whole = false;
    }
    if (lose && !(*lose > 0 && *lose <= 1)) {
      draft.findings.error(*idle->find("lose"), "value",
                           "lose is a share of the points, above 0 and at most 1");
      whole = false;
    }
    out.inactive_share = lose.value_or(0);
  }
  return draft.findings.period(at, "expires", out.expires) && whole;
}

bool read_open(const Cursor& at, Draft& draft, PolicyMetric& out) {
  const PolicyStream& stream = draft.data.streams[static_cast<size_t>(out.stream)];
  std::string key;
  const bool whole = read_where(at, "closed_by", stream, true, draft, out.closed_by);
  if (!draft.findings.text(at, "key", key)) return false;
  out.key = find_column(*at.find("key"), key, stream, draft);
  return whole && out.key >= 0;
}

// Which side of a referral she is on: without a word who refers.
bool read_side(const Cursor& metric, Draft& draft, PolicyMetric& out) {
  const std::optional<Cursor> at = metric.find("side");
  if (!at) return true;
  std::string side;
  if (!draft.findings.text(*at, side)) return false;
  if (draft.data.streams[static_cast<size_t>(out.stream)].name != "referrals") {
    draft.findings.error_at_key(*at, "key_not_allowed",
                                "\"side\" goes with the stream referrals, whose facts have two");
    return false;
  }
  if (side != "referrer" && side != "referred") {
    draft.findings.error(*at, "value", "side is \"referrer\" or \"referred\"");
    return false;
  }
  out.side = side == "referred" ? ReferralSide::kReferred : ReferralSide::kReferrer;
  return true;
}

bool read_rest(const Cursor& at, const VerbRule& rule, Draft& draft, PolicyMetric& out) {
  bool whole = true;
  if (out.stream >= 0) {
    const PolicyStream& stream = draft.data.streams[static_cast<size_t>(out.stream)];
    whole = read_where(at, "where", stream, true, draft, out.where);
    whole = read_side(at, draft, out) && whole;
    whole = read_follower(at, "followed_by", draft, out) && whole;
    whole = read_follower(at, "not_followed_by", draft, out) && whole;
    if (const std::optional<Cursor> by = at.find("by")) {
      std::string name;
      VerbRule number = rule;
      number.target = Target::kNumber;
      PolicyMetric weight;
      whole = read_target(*by, number, draft, weight) && whole;
      if (weight.stream >= 0 && weight.stream != out.stream) {
        draft.findings.error(*by, "value", "by is a column of the same stream");
        whole = false;
      }
      out.by = weight.column;
    }
  }
  std::optional<int64_t> n;
  whole = draft.findings.whole(at, "n", 1, 1000, n) && whole;
  out.n = n.value_or(rule.verb == Verb::kPath ? 5 : rule.verb == Verb::kTrend ? 6 : 1);
  whole = draft.findings.period(at, "every", out.every) && whole;
  if (rule.verb == Verb::kFunnel) whole = draft.findings.period(at, "within", out.expires) && whole;
  if (rule.verb == Verb::kPoints) whole = read_points(at, draft, out) && whole;
  if (rule.verb == Verb::kOpen) whole = read_open(at, draft, out) && whole;
  const size_t before = draft.findings.errors();
  read_window(at, draft, out.window);
  return whole && draft.findings.errors() == before;
}

void set_kind(const VerbRule& rule, const PolicyMetric& metric, const Draft& draft,
              PolicyValue& value) {
  PolicyTag& tag = value.tag;
  switch (rule.gives) {
    case Gives::kInt64:
      tag.kind = Kind::kInt64;
      return;
    case Gives::kDouble:
      tag.kind = Kind::kDouble;
      return;
    case Gives::kDuration:
      tag.kind = Kind::kDuration;
      return;
    case Gives::kText:
      tag.kind = Kind::kString;
      if (rule.verb != Verb::kFunnel) return;
      tag.kind = Kind::kEnum;
      for (const PolicyStep& step : metric.steps) tag.values.push_back(step.name);
      value.ordered = true;
      return;
    case Gives::kColumn:
    case Gives::kTop:
      break;
  }
  const FieldSpec& field = draft.data.streams[static_cast<size_t>(metric.stream)]
                               .columns[static_cast<size_t>(metric.column)]
                               .field;
  tag.kind = field.kind;
  tag.values = field.values;
  value.unit = field.unit;
  value.ordered = field.ordered;
  if (rule.verb == Verb::kMean && field.kind == Kind::kInt64) tag.kind = Kind::kDouble;
  if (rule.gives == Gives::kTop) {
    if (metric.n > 1) tag.kind = Kind::kEnumSet;
    if (metric.n == 1 && field.kind == Kind::kEnumSet) tag.kind = Kind::kEnum;
    if (tag.kind == Kind::kEnumSet) value.ordered = false;
  }
}

}  // namespace

bool read_metric(const Cursor& at, Draft& draft, PolicyValue& value) {
  if (!at.is(JsonKind::kObject)) return draft.findings.object(at, {});
  const VerbRule* rule = find_verb(at, draft);
  if (rule == nullptr) return false;
  bool whole = check_keys(at, *rule, draft);
  PolicyMetric metric;
  metric.verb = rule->verb;
  const Cursor target = *at.find(rule->name);
  const bool aimed = rule->target == Target::kTags
                         ? read_ratio(target, draft, value.tag.name, metric)
                     : rule->target == Target::kSteps ? read_steps(target, draft, metric)
                                                      : read_target(target, *rule, draft, metric);
  if (!aimed || !whole) return false;
  whole = read_rest(at, *rule, draft, metric);
  set_kind(*rule, metric, draft, value);
  value.metric = std::move(metric);
  return whole;
}

}  // namespace patron::internal::policy
