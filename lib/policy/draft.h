// A policy while it is read: the values so far, the names that are taken, the expressions that wait
// until every name has a type.
//
// Reading goes through the document once, section by section, and collects; then names are
// resolved, values are put in order, and expressions are compiled against the schema of all of
// them. Each section has a file of its own. Thread class: serial.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lib/policy/cursor.h"
#include "lib/policy/policy_data.h"

namespace patron::internal::policy {

/// An expression whose names are not all known yet.
struct PendingText {
  std::string text;
  Cursor at;
  std::string owner;      ///< the value it belongs to, or the classification
  bool condition = true;  ///< it must be bool
  std::function<void(Expression)> put;
};

/// A name of a value that something refers to outside of an expression.
struct PendingName {
  std::string name;
  Cursor at;
  std::string owner;
  enum class Wanted : uint8_t { kNumber, kMoney, kAny, kTime, kAttribute } wanted = Wanted::kNumber;
};

/// What a name means.
struct NamedValue {
  PolicyValue value;
  Cursor at;
  std::string owner;      ///< the node of the graph: its own name, or that of its model
  bool typed = false;     ///< the kind is known
  bool open_set = false;  ///< an enum_set without values: no expression can read it
};

struct Draft {
  PolicyData data;
  FindingList findings;
  std::vector<NamedValue> values;         ///< in the order of the document
  std::map<std::string, size_t> by_name;  ///< into values
  std::map<std::string, std::string>
      by_small_name;  ///< names in small letters, to the first of them
  /// Values that are declared and could not be read: what reads them is not looked at.
  std::set<std::string, std::less<>> broken;
  std::vector<PendingText> texts;
  std::vector<PlacedText> compiled;  ///< every expression that is sound
  std::vector<PendingName> names;
  std::vector<std::string> since_classes;  ///< windows since entering a class, each once
  std::vector<Cursor> since_class_places;
  std::vector<Cursor> action_uses;                        ///< names of actions that classes give
  std::map<std::string, std::vector<std::string>> reads;  ///< node -> names of nodes

  /// Takes a name of the one name space: false, with a finding, where it is none, reserved or
  /// taken.
  bool take_name(const std::string& name, const Cursor& at, bool at_key);
  /// Adds a value whose name is taken already.
  NamedValue& add(PolicyValue value, const Cursor& at, const std::string& owner, bool typed);
  const NamedValue* find(std::string_view name) const;
};

// The sections, in the order in which they are read.
void read_head(const Cursor& root, Draft& draft);
void read_streams(const Cursor& root, Draft& draft);
void read_attributes(const Cursor& root, Draft& draft);
void read_tags(const Cursor& root, Draft& draft);
void read_models(const Cursor& root, Draft& draft);
void read_classifications(const Cursor& root, Draft& draft);
void read_actions(const Cursor& root, Draft& draft);
/// Names, order, types, expressions: fills what the sections left open.
void resolve(Draft& draft);

// Parts that sections share.

/// The kind of a "type", with its values; false with a finding.
bool read_field(const Cursor& at, Draft& draft, FieldSpec& out);
/// "label", "description": text, or an object of texts by language: that in en is taken, else the
/// first in byte order. All of a label go into `labels`.
void read_words(const Cursor& at, Draft& draft, std::string& label, std::string& description,
                PolicyWords* labels = nullptr);
/// "window" and "offset" of a metric.
void read_window(const Cursor& metric, Draft& draft, PolicyWindow& out);
/// A metric; its kind and values go into `value`. False where it cannot be used.
bool read_metric(const Cursor& at, Draft& draft, PolicyValue& value);
/// Points by condition or event.
void read_scorecard(const Cursor& at, Draft& draft, PolicyValue& value, const std::string& owner);
/// The stream of that name, or -1 with a finding.
int find_stream(const Cursor& at, std::string_view name, Draft& draft);
/// A column of it, or -1 with a finding.
int find_column(const Cursor& at, std::string_view name, const PolicyStream& stream, Draft& draft);
/// The expression of `key`, over the columns of a stream; it must be bool where `condition`.
bool read_where(const Cursor& object, std::string_view key, const PolicyStream& stream,
                bool condition, Draft& draft, std::optional<Expression>& out);
/// An expression that waits: the member `key` of an object.
void read_text(const Cursor& object, std::string_view key, const std::string& owner, Draft& draft,
               std::function<void(Expression)> put, bool condition = true);
/// "line 12, column 3", both from 1, the column in characters.
std::string line_and_column(std::string_view document, int64_t offset);
/// A JSON value without blanks, keys in byte order, numbers as the shortest text of the same value.
std::string canonical_json(JsonValue value);

}  // namespace patron::internal::policy
