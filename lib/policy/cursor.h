// A value of the document with its place, and the list of what is wrong: how a policy is read.
//
//   FindingList findings;
//   Cursor root(document.root());
//   static constexpr std::string_view kKeys[] = {"name", "window"};
//   if (!findings.object(root, kKeys, {"name"})) return;
//   std::string name;
//   findings.text(root, "name", name);
//
// Reading goes on after a finding, so that one check says everything. Thread class: serial.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/json.h"
#include "patron/policy.h"

namespace patron::internal::policy {

/// A JSON value and the pointer to it.
struct Cursor {
  JsonValue value;
  std::string pointer;

  explicit Cursor(JsonValue root) : value(root) {}
  Cursor(JsonValue found, std::string where) : value(found), pointer(std::move(where)) {}

  std::optional<Cursor> find(std::string_view key) const;
  /// The members of an object or the elements of an array.
  std::vector<Cursor> items() const;
  bool is(JsonKind kind) const { return value.is(kind); }
};

/// "/a~1b": a key as part of a pointer (RFC 6901).
std::string pointer_part(std::string_view key);

class FindingList {
 public:
  static constexpr size_t kMost = 1000;

  void error(const Cursor& at, const char* code, std::string message);
  void warning(const Cursor& at, const char* code, std::string message);
  /// At the key of a member rather than at its value.
  void error_at_key(const Cursor& member, const char* code, std::string message);
  /// What an expression's check found.
  void expression(const Cursor& at, std::span<const Diagnostic> diagnostics);
  void add(PolicyFinding finding);

  size_t errors() const { return errors_; }
  /// Whether no more are kept: what would only find more of them can be left out.
  bool full() const { return full_; }
  /// In the order of the document, errors and warnings together.
  std::vector<PolicyFinding> take();

  // Readers: false, with a finding, where the value is not what it must be.

  /// An object with no other keys than `known`, and with all of `required`.
  bool object(const Cursor& at, std::span<const std::string_view> known,
              std::initializer_list<std::string_view> required = {});
  bool array(const Cursor& at, size_t most);
  /// The member `key` as text; absent is fine and leaves `out` alone.
  bool text(const Cursor& object, std::string_view key, std::string& out);
  bool boolean(const Cursor& object, std::string_view key, bool& out);
  bool number(const Cursor& object, std::string_view key, std::optional<double>& out);
  bool whole(const Cursor& object, std::string_view key, int64_t low, int64_t high,
             std::optional<int64_t>& out);
  /// The number of the member's text in `names`; absent leaves `out` alone.
  bool choice(const Cursor& object, std::string_view key, std::span<const std::string_view> names,
              std::optional<size_t>& out);
  /// A length of time: "90d"; absent leaves `out` alone.
  bool period(const Cursor& object, std::string_view key, std::optional<Period>& out);
  bool period(const Cursor& at, Period& out);
  /// The value itself as text.
  bool text(const Cursor& at, std::string& out);

 private:
  void put(const Cursor& at, int64_t offset, Severity severity, const char* code,
           std::string message);
  bool is_kind(const Cursor& at, JsonKind kind);

  std::vector<PolicyFinding> found_;
  size_t errors_ = 0;
  bool full_ = false;
};

/// `"a", "b" or "c"`.
std::string listed(std::span<const std::string_view> names);

}  // namespace patron::internal::policy
