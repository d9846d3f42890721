// Attributes and tags: what a profile holds, typed, labelled, with what null means.
#include <array>
#include <utility>

#include "lib/policy/draft.h"

namespace patron::internal::policy {
namespace {

constexpr std::array<std::string_view, 10> kCategories{
    "basic",     "behaviour", "value",     "sentiment",   "referral",
    "potential", "loyalty",   "influence", "cooperation", "strategic"};
constexpr std::array<std::string_view, 12> kAttributeKeys{
    "type",     "values", "ordered", "category", "label",  "description",
    "personal", "unit",   "on_null", "default",  "source", "null_means"};
constexpr std::array<std::string_view, 14> kTagKeys{
    "name",      "category", "label",    "description", "metric",  "expression", "scorecard",
    "plain_ltv", "unit",     "personal", "on_null",     "default", "null_means", "source"};
constexpr std::array<std::string_view, 4> kSources{"metric", "expression", "scorecard",
                                                   "plain_ltv"};

// What attributes and tags have in common.
void read_common(const Cursor& at, Draft& draft, PolicyValue& value) {
  std::optional<size_t> category;
  draft.findings.choice(at, "category", kCategories, category);
  if (category) value.tag.category = kCategories[*category];
  read_words(at, draft, value.tag.label, value.tag.description);
  draft.findings.boolean(at, "personal", value.personal);
  for (const char* key : {"unit", "null_means", "source"}) {
    std::string ignored;
    draft.findings.text(at, key, ignored);
  }
  static constexpr std::array<std::string_view, 3> kOnNull{"clear", "keep", "default"};
  std::optional<size_t> on_null;
  draft.findings.choice(at, "on_null", kOnNull, on_null);
  const std::optional<Cursor> otherwise = at.find("default");
  if (otherwise) value.default_value = canonical_json(otherwise->value);
  if (on_null) value.on_null = static_cast<OnNull>(*on_null);
  if (otherwise && !on_null) value.on_null = OnNull::kDefault;
  if (value.on_null == OnNull::kDefault && !otherwise) {
    draft.findings.error(*at.find("on_null"), "missing_key",
                         "on_null is \"default\", so the key \"default\" says which value");
  } else if (value.on_null != OnNull::kDefault && otherwise) {
    draft.findings.error_at_key(*otherwise, "key_not_allowed",
                                "a default goes with \"on_null\": \"default\"");
  }
}

// The default of a value has its type.
void check_default(const Cursor& at, Draft& draft, PolicyValue& value) {
  const std::optional<Cursor> otherwise = at.find("default");
  if (!otherwise) return;
  value.default_value = canonical_json(otherwise->value);
  const auto fits = [&](const Cursor& given) {
    switch (value.tag.kind) {
      case Kind::kBool:
        return given.is(JsonKind::kBool);
      case Kind::kInt64:
        return given.is(JsonKind::kInt);
      case Kind::kDouble:
      case Kind::kMoney:
        return given.value.is_number();
      case Kind::kDate:
      case Kind::kTimestamp:
        return given.is(JsonKind::kString) &&
               parse_time(given.value.string(), draft.data.zone).ok();
      case Kind::kDuration:
        return given.is(JsonKind::kString) && parse_period(given.value.string()).ok();
      case Kind::kString:
      case Kind::kEnum:
        return given.is(JsonKind::kString);
      case Kind::kEnumSet:
        return given.is(JsonKind::kArray);
    }
    return false;
  };
  if (!fits(*otherwise)) {
    draft.findings.error(*otherwise, "type",
                         otherwise->value.source() + " is no " + kind_name(value.tag.kind));
    return;
  }
  if (value.tag.kind != Kind::kEnum || value.tag.values.empty()) return;
  const std::string_view given = otherwise->value.string();
  for (const std::string& known : value.tag.values) {
    if (known == given) return;
  }
  draft.findings.error(*otherwise, "value",
                       '"' + std::string(given) + "\" is none of the values of " + value.tag.name);
}

void read_attribute(const Cursor& at, Draft& draft) {
  PolicyValue value;
  value.tag.name = at.value.key();
  value.tag.source = TagSource::kAttribute;
  if (value.tag.name == "time") {
    draft.findings.error_at_key(
        at, "name",
        "\"time\" is a column of the tables of attributes, and says since when a value is true; "
        "choose another name");
    draft.broken.insert(value.tag.name);
    return;
  }
  if (!draft.take_name(value.tag.name, at, true)) return;
  draft.broken.insert(value.tag.name);
  if (!draft.findings.object(at, kAttributeKeys, {"type"})) return;
  read_common(at, draft, value);
  FieldSpec field;
  if (!read_field(at, draft, field)) return;
  draft.broken.erase(value.tag.name);
  value.tag.kind = field.kind;
  value.tag.values = std::move(field.values);
  value.unit = field.unit;
  value.ordered = field.ordered;
  check_default(at, draft, value);
  const std::string name = value.tag.name;
  draft.add(std::move(value), at, name, true);
}

bool read_plain_ltv(const Cursor& at, Draft& draft, PolicyValue& value) {
  static constexpr std::array<std::string_view, 3> kKeys{"annual_spend", "years", "margin"};
  if (!draft.findings.object(at, kKeys, {"annual_spend", "years"})) return false;
  PolicyPlainLtv plain;
  std::optional<double> years, margin;
  bool whole = draft.findings.text(at, "annual_spend", plain.annual_spend);
  whole = draft.findings.number(at, "years", years) && whole;
  whole = draft.findings.number(at, "margin", margin) && whole;
  if (!whole) return false;
  plain.years = *years;
  plain.margin = margin.value_or(1);
  if (!(plain.years > 0 && plain.years <= 200)) {
    draft.findings.error(*at.find("years"), "value", "years is above 0 and at most 200");
    return false;
  }
  if (!(plain.margin > 0 && plain.margin <= 1)) {
    draft.findings.error(*at.find("margin"), "value", "margin is a share, above 0 and at most 1");
    return false;
  }
  draft.names.push_back(
      {plain.annual_spend, *at.find("annual_spend"), value.tag.name, PendingName::Wanted::kMoney});
  value.tag.kind = Kind::kMoney;
  value.unit = draft.data.money;
  value.plain_ltv = std::move(plain);
  return true;
}

void read_tag(const Cursor& at, Draft& draft) {
  const size_t errors = draft.findings.errors();
  if (!draft.findings.object(at, kTagKeys, {"name"})) return;
  const bool other_keys = draft.findings.errors() > errors;
  PolicyValue value;
  if (!draft.findings.text(at, "name", value.tag.name)) return;
  if (!draft.take_name(value.tag.name, *at.find("name"), false)) return;
  draft.broken.insert(value.tag.name);
  read_common(at, draft, value);
  size_t sources = 0;
  for (const std::string_view source : kSources) {
    const std::optional<Cursor> found = at.find(source);
    if (!found || ++sources == 1) continue;
    draft.findings.error_at_key(
        *found, "value", "a tag has one source of " + listed(kSources) + ", and this has two");
    return;
  }
  if (sources == 0 && other_keys) return;  // one of them was meant to be it
  if (sources == 0) {
    draft.findings.error(
        at, "missing_key",
        "tag \"" + value.tag.name + "\" has no source; want one of " + listed(kSources));
    return;
  }
  const std::string name = value.tag.name;
  draft.broken.erase(name);
  bool typed = true;
  if (const std::optional<Cursor> metric = at.find("metric")) {
    value.tag.source = TagSource::kMetric;
    if (!read_metric(*metric, draft, value)) typed = false;
  } else if (const std::optional<Cursor> card = at.find("scorecard")) {
    value.tag.source = TagSource::kScorecard;
    value.tag.kind = Kind::kDouble;
  } else if (const std::optional<Cursor> plain = at.find("plain_ltv")) {
    value.tag.source = TagSource::kPlainLtv;
    typed = read_plain_ltv(*plain, draft, value);
  } else {
    value.tag.source = TagSource::kExpression;
    typed = false;
  }
  if (typed) check_default(at, draft, value);
  draft.add(std::move(value), at, name, typed);
  const size_t index = draft.values.size() - 1;
  read_text(
      at, "expression", name, draft,
      [&draft, index](Expression read) { draft.values[index].value.expression = std::move(read); },
      false);
  if (const std::optional<Cursor> card = at.find("scorecard")) {
    read_scorecard(*card, draft, draft.values[index].value, name);
  }
}

}  // namespace

void read_attributes(const Cursor& root, Draft& draft) {
  const std::optional<Cursor> attributes = root.find("attributes");
  if (!attributes) return;
  if (!attributes->is(JsonKind::kObject)) {
    draft.findings.object(*attributes, {});
    return;
  }
  if (attributes->value.size() > kMaxAttributes) {
    draft.findings.error(*attributes, "limit", "at most 1,024 attributes can be declared");
    return;
  }
  for (const Cursor& attribute : attributes->items()) read_attribute(attribute, draft);
}

void read_tags(const Cursor& root, Draft& draft) {
  const std::optional<Cursor> tags = root.find("tags");
  if (!tags || !draft.findings.array(*tags, kMaxTags)) return;
  draft.values.reserve(draft.values.size() + tags->value.size());
  for (const Cursor& tag : tags->items()) read_tag(tag, draft);
}

}  // namespace patron::internal::policy
