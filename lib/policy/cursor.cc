#include "lib/policy/cursor.h"

#include <algorithm>

#include "lib/base/nearest.h"

namespace patron::internal::policy {

std::string pointer_part(std::string_view key) {
  std::string out = "/";
  for (const char c : key) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

std::string listed(std::span<const std::string_view> names) {
  std::string out;
  for (size_t i = 0; i < names.size(); ++i) {
    if (i > 0) out += i + 1 == names.size() ? " or " : ", ";
    out += '"' + std::string(names[i]) + '"';
  }
  return out;
}

std::optional<Cursor> Cursor::find(std::string_view key) const {
  const std::optional<JsonValue> found = value.find(key);
  if (!found) return std::nullopt;
  return Cursor(*found, pointer + pointer_part(key));
}

std::vector<Cursor> Cursor::items() const {
  std::vector<Cursor> out;
  const bool named = is(JsonKind::kObject);
  for (const JsonValue item : value.items()) {
    const std::string part = named ? pointer_part(item.key()) : "/" + std::to_string(out.size());
    out.emplace_back(item, pointer + part);
  }
  return out;
}

void FindingList::put(const Cursor& at, int64_t offset, Severity severity, const char* code,
                      std::string message) {
  PolicyFinding finding;
  finding.code = code;
  finding.severity = severity;
  finding.pointer = at.pointer;
  finding.offset = offset;
  finding.message = std::move(message);
  add(std::move(finding));
}

void FindingList::add(PolicyFinding finding) {
  errors_ += finding.severity == Severity::kError ? 1 : 0;
  if (full_) return;
  if (found_.size() == kMost) {
    full_ = true;
    finding = {};
    finding.code = "limit";
    finding.severity = Severity::kNote;
    finding.message = "there are more than 1,000 findings; mend these first";
  }
  found_.push_back(std::move(finding));
}

void FindingList::error(const Cursor& at, const char* code, std::string message) {
  put(at, at.value.offset(), Severity::kError, code, std::move(message));
}

void FindingList::error_at_key(const Cursor& member, const char* code, std::string message) {
  const int64_t key = member.value.key_offset();
  put(member, key >= 0 ? key : member.value.offset(), Severity::kError, code, std::move(message));
}

void FindingList::warning(const Cursor& at, const char* code, std::string message) {
  put(at, at.value.offset(), Severity::kWarning, code, std::move(message));
}

void FindingList::expression(const Cursor& at, std::span<const Diagnostic> diagnostics) {
  for (const Diagnostic& diagnostic : diagnostics) {
    PolicyFinding finding;
    finding.code = "expression." + diagnostic.code;
    finding.severity = diagnostic.severity;
    finding.pointer = at.pointer;
    finding.offset = at.value.offset();
    finding.begin = diagnostic.begin;
    finding.end = diagnostic.end;
    finding.message = diagnostic.message;
    add(std::move(finding));
  }
}

std::vector<PolicyFinding> FindingList::take() {
  // Where none of those that are listed is an error, one that is not makes this one of it.
  const bool shown = std::any_of(found_.begin(), found_.end(), [](const PolicyFinding& one) {
    return one.severity == Severity::kError;
  });
  if (errors_ > 0 && !shown) found_.back().severity = Severity::kError;
  std::stable_sort(found_.begin(), found_.end(),
                   [](const PolicyFinding& a, const PolicyFinding& b) {
                     return a.offset != b.offset ? a.offset < b.offset : a.begin < b.begin;
                   });
  return std::move(found_);
}

bool FindingList::is_kind(const Cursor& at, JsonKind kind) {
  if (at.is(kind) || (kind == JsonKind::kNumber && at.is(JsonKind::kInt))) return true;
  error(at, "type",
        at.value.source() + " is " + std::string(json_kind_name(at.value.kind())) + "; want " +
            std::string(json_kind_name(kind)));
  return false;
}

bool FindingList::object(const Cursor& at, std::span<const std::string_view> known,
                         std::initializer_list<std::string_view> required) {
  if (!is_kind(at, JsonKind::kObject)) return false;
  for (const Cursor& member : at.items()) {
    const std::string_view key = member.value.key();
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    const std::string hint = did_you_mean(key, known);
    error_at_key(member, "unknown_key",
                 '"' + std::string(key) + "\" is no key here" +
                     (hint.empty() ? "; the keys are " + listed(known) : hint));
  }
  bool whole = true;
  for (const std::string_view key : required) {
    if (at.value.find(key)) continue;
    error(at, "missing_key", "the key \"" + std::string(key) + "\" is missing");
    whole = false;
  }
  return whole;
}

bool FindingList::array(const Cursor& at, size_t most) {
  if (!is_kind(at, JsonKind::kArray)) return false;
  if (at.value.size() <= most) return true;
  error(at, "limit",
        std::to_string(at.value.size()) + " elements; at most " + std::to_string(most) +
            " can stand here");
  return false;
}

bool FindingList::text(const Cursor& at, std::string& out) {
  if (!is_kind(at, JsonKind::kString)) return false;
  out = at.value.string();
  return true;
}

bool FindingList::text(const Cursor& object, std::string_view key, std::string& out) {
  const std::optional<Cursor> at = object.find(key);
  return !at || text(*at, out);
}

bool FindingList::boolean(const Cursor& object, std::string_view key, bool& out) {
  const std::optional<Cursor> at = object.find(key);
  if (!at) return true;
  if (!is_kind(*at, JsonKind::kBool)) return false;
  out = at->value.boolean();
  return true;
}

bool FindingList::number(const Cursor& object, std::string_view key, std::optional<double>& out) {
  const std::optional<Cursor> at = object.find(key);
  if (!at) return true;
  if (!is_kind(*at, JsonKind::kNumber)) return false;
  out = at->value.number();
  return true;
}

bool FindingList::whole(const Cursor& object, std::string_view key, int64_t low, int64_t high,
                        std::optional<int64_t>& out) {
  const std::optional<Cursor> at = object.find(key);
  if (!at) return true;
  if (!is_kind(*at, JsonKind::kInt)) return false;
  const int64_t number = at->value.integer();
  if (number < low || number > high) {
    error(*at, "value",
          std::to_string(number) + " is out of range; want " + std::to_string(low) + " to " +
              std::to_string(high));
    return false;
  }
  out = number;
  return true;
}

bool FindingList::choice(const Cursor& object, std::string_view key,
                         std::span<const std::string_view> names, std::optional<size_t>& out) {
  const std::optional<Cursor> at = object.find(key);
  if (!at) return true;
  std::string word;
  if (!text(*at, word)) return false;
  const auto found = std::find(names.begin(), names.end(), word);
  if (found == names.end()) {
    error(*at, "value",
          '"' + word + "\" is none of them; want " + listed(names) + did_you_mean(word, names));
    return false;
  }
  out = static_cast<size_t>(found - names.begin());
  return true;
}

bool FindingList::period(const Cursor& at, Period& out) {
  std::string word;
  if (!text(at, word)) return false;
  const Result<Period> read = parse_period(word);
  if (!read.ok()) {
    error(at, "period", read.status().message());
    return false;
  }
  out = *read;
  return true;
}

bool FindingList::period(const Cursor& object, std::string_view key, std::optional<Period>& out) {
  const std::optional<Cursor> at = object.find(key);
  if (!at) return true;
  Period read;
  if (!period(*at, read)) return false;
  out = read;
  return true;
}

}  // namespace patron::internal::policy
