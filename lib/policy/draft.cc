#include "lib/policy/draft.h"

#include <algorithm>
#include <array>
#include <utility>

#include "lib/base/nearest.h"
#include "lib/schema/names.h"

namespace patron::internal {

std::string_view words_in(const PolicyWords& words, std::string_view language) {
  for (const std::string_view wanted : {language, std::string_view("en")}) {
    for (const auto& [key, text] : words) {
      const bool variant = key.size() > wanted.size() && key[wanted.size()] == '-';
      if (key.starts_with(wanted) && (key.size() == wanted.size() || variant)) return text;
    }
  }
  return words.empty() ? std::string_view() : words.front().second;
}

}  // namespace patron::internal

namespace patron::internal::policy {

bool Draft::take_name(const std::string& name, const Cursor& at, bool at_key) {
  const auto refuse = [&](const char* code, std::string message) {
    at_key ? findings.error_at_key(at, code, std::move(message))
           : findings.error(at, code, std::move(message));
    return false;
  };
  if (const Status status = check_field_name(name); !status.ok()) {
    return refuse("name", status.message());
  }
  if (name.find('.') != std::string::npos) {
    return refuse("name", "\"" + name + "\" has a point; points are for what models give");
  }
  if (name == "customer" || name == "next_change") {
    return refuse("name",
                  "\"" + name + "\" is a column of the tables of customers; choose another name");
  }
  const auto [place, fresh] = by_name.try_emplace(name, SIZE_MAX);
  if (fresh) {
    std::string small = name;
    std::transform(small.begin(), small.end(), small.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    const auto [first, alone] = by_small_name.try_emplace(std::move(small), name);
    if (!alone) {
      findings.warning(
          at, "similar_name",
          "\"" + name + "\" and \"" + first->second +
              "\" differ in the case of letters alone, which people and some databases "
              "do not tell apart");
    }
    return true;
  }
  return refuse("name_taken", "the name \"" + name +
                                  "\" is taken; attributes, tags, models and classifications "
                                  "share one name space");
}

NamedValue& Draft::add(PolicyValue value, const Cursor& at, const std::string& owner, bool typed) {
  const std::string name = value.tag.name;
  if (value.tag.label.empty()) value.tag.label = name;
  value.pointer = at.pointer;
  by_name[name] = values.size();
  NamedValue named{std::move(value), at, owner, typed, false};
  named.open_set = named.value.tag.kind == Kind::kEnumSet && named.value.tag.values.empty();
  values.push_back(std::move(named));
  return values.back();
}

const NamedValue* Draft::find(std::string_view name) const {
  const auto found = by_name.find(std::string(name));
  return found == by_name.end() || found->second == SIZE_MAX ? nullptr : &values[found->second];
}

void read_words(const Cursor& at, Draft& draft, std::string& label, std::string& description,
                PolicyWords* labels) {
  for (const auto& [key, out] :
       {std::pair{"label", &label}, std::pair{"description", &description}}) {
    const std::optional<Cursor> words = at.find(key);
    if (!words) continue;
    if (words->is(JsonKind::kObject)) {
      PolicyWords all;
      for (const Cursor& one : words->items()) {
        std::string text;
        if (draft.findings.text(one, text) && !text.empty()) {
          all.emplace_back(one.value.key(), std::move(text));
        }
      }
      std::sort(all.begin(), all.end());
      *out = words_in(all, "en");
      if (labels != nullptr && out == &label) *labels = std::move(all);
    } else {
      draft.findings.text(*words, *out);
    }
  }
}

bool read_field(const Cursor& at, Draft& draft, FieldSpec& out) {
  static constexpr std::array<std::string_view, 10> kKinds{
      "bool",     "int64", "double",    "string",   "enum",
      "enum_set", "date",  "timestamp", "duration", "money"};
  const std::optional<Cursor> type = at.is(JsonKind::kObject) ? at.find("type") : at;
  if (!type) return false;
  std::string word;
  if (!draft.findings.text(*type, word)) return false;
  const auto* found = std::find(kKinds.begin(), kKinds.end(), word);
  if (found == kKinds.end()) {
    draft.findings.error(
        *type, "type",
        "\"" + word + "\" is no type; want " + listed(kKinds) + did_you_mean(word, kKinds));
    return false;
  }
  out.kind = static_cast<Kind>(found - kKinds.begin());
  if (out.kind == Kind::kMoney) out.unit = draft.data.money;
  if (!at.is(JsonKind::kObject)) return true;
  draft.findings.boolean(at, "ordered", out.ordered);
  if (const std::optional<Cursor> values = at.find("values")) {
    if (!draft.findings.array(*values, out.kind == Kind::kEnumSet ? 64 : kMaxEnumValues)) {
      return false;
    }
    for (const Cursor& one : values->items()) {
      std::string value;
      if (!draft.findings.text(one, value)) return false;
      if (std::find(out.values.begin(), out.values.end(), value) != out.values.end()) {
        draft.findings.error(one, "value", "\"" + value + "\" stands here twice");
        return false;
      }
      out.values.push_back(std::move(value));
    }
    if (out.kind != Kind::kEnum && out.kind != Kind::kEnumSet) {
      draft.findings.error(*values, "key_not_allowed",
                           "only enum and enum_set have values, not " + word);
      return false;
    }
  }
  if (out.ordered && (out.kind != Kind::kEnum || out.values.empty())) {
    draft.findings.error(at, "value", "ordered is for an enum that lists its values");
    return false;
  }
  return true;
}

namespace {

// The first stream with such a column; empty where none has one.
std::string stream_with(std::string_view column, std::span<const PolicyStream> streams) {
  for (const PolicyStream& stream : streams) {
    for (const auto& one : stream.columns) {
      if (one.field.name == column) return stream.name;
    }
  }
  return {};
}

}  // namespace

int find_stream(const Cursor& at, std::string_view name, Draft& draft) {
  std::vector<std::string_view> known;
  for (size_t i = 0; i < draft.data.streams.size(); ++i) {
    if (draft.data.streams[i].name == name) return static_cast<int>(i);
    known.emplace_back(draft.data.streams[i].name);
  }
  const std::string hint = did_you_mean(name, known);
  const std::string owner = hint.empty() ? stream_with(name, draft.data.streams) : "";
  draft.findings.error(at, "unknown_stream",
                       "\"" + std::string(name) + "\" is no stream of this policy" +
                           (!hint.empty()   ? hint
                            : owner.empty() ? "; declare it under streams"
                                            : ", but a column of " + owner + ": \"" + owner + "." +
                                                  std::string(name) + "\""));
  return -1;
}

int find_column(const Cursor& at, std::string_view name, const PolicyStream& stream, Draft& draft) {
  std::vector<std::string_view> known;
  for (size_t i = 0; i < stream.columns.size(); ++i) {
    if (stream.columns[i].field.name == name) return static_cast<int>(i);
    known.emplace_back(stream.columns[i].field.name);
  }
  const std::string hint = did_you_mean(name, known);
  draft.findings.error(at, "unknown_column",
                       "\"" + std::string(name) + "\" is no column of " + stream.name +
                           (hint.empty() ? "; its columns are " + listed(known) : hint));
  return -1;
}

namespace {

// Of a name that is none: a filter of events sees no tags.
void name_columns(const PolicyStream& stream, Diagnostic& one) {
  if (one.code != "unknown_name") return;
  const size_t names = one.message.find(" is no field of the schema");
  if (names == std::string::npos) return;
  const size_t hint = one.message.find("; did you mean ");
  std::vector<std::string_view> columns;
  for (const FieldSpec& field : stream.schema.fields()) columns.push_back(field.name);
  const bool many = columns.size() > 12;
  if (many) columns.resize(12);
  one.message =
      one.message.substr(0, names) + " is no column of " + stream.name +
      (hint != std::string::npos
           ? one.message.substr(hint)
           : std::string("; a filter of events sees no tags, but the columns of its stream: ") +
                 (many ? "first of them " : "want ") + listed(columns));
}

}  // namespace

bool read_where(const Cursor& object, std::string_view key, const PolicyStream& stream,
                bool condition, Draft& draft, std::optional<Expression>& out) {
  const std::optional<Cursor> at = object.find(key);
  std::string text;
  if (!at || !draft.findings.text(*at, text)) return !at;
  CheckedExpression checked = Expression::check(text, stream.schema);
  for (Diagnostic& one : checked.diagnostics) name_columns(stream, one);
  draft.findings.expression(*at, checked.diagnostics);
  if (!checked.expression) return false;
  const Kind kind = checked.expression->kind();
  if (condition && kind != Kind::kBool) {
    draft.findings.error(*at, "type",
                         std::string("this is ") + kind_name(kind) +
                             "; want a condition, such as \"kind == 'view'\"");
    return false;
  }
  if (checked.expression->uses_now()) {
    draft.findings.error(*at, "now",
                         "now cannot stand in a filter of events; a window says which time counts");
    return false;
  }
  draft.compiled.push_back({*checked.expression, at->pointer, at->value.offset(), false});
  out = std::move(checked.expression);
  return true;
}

void read_text(const Cursor& object, std::string_view key, const std::string& owner, Draft& draft,
               std::function<void(Expression)> put, bool condition) {
  const std::optional<Cursor> at = object.find(key);
  std::string text;
  if (!at || !draft.findings.text(*at, text)) return;
  draft.texts.push_back({std::move(text), *at, owner, condition, std::move(put)});
}

}  // namespace patron::internal::policy
