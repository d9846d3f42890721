// JSON in and out, small and strict.
//
// JsonDocument reads a whole text into one flat array of nodes (no tree of allocations) and hands
// out JsonValues, each of which knows its byte offset in the text. What is refused: more than one
// value, comments, trailing commas, bytes that are no UTF-8, lone surrogates, a key that comes
// twice in one object, nesting and size beyond the limits. JsonWriter writes compact, valid,
// deterministic JSON.
//
//   Result<JsonDocument> document = JsonDocument::parse(R"({"cuts": [1, 2.5]})");
//   JsonValue root = document->root();
//   static constexpr std::string_view kKeys[] = {"cuts", "method"};
//   if (Status s = root.require_object("the cuts", kKeys); !s.ok()) return s;
//   for (JsonValue cut : root.find("cuts")->items()) use(cut.number());
//
// Thread class: a const JsonDocument is shared.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "patron/status.h"

namespace patron::internal {

enum class JsonKind : uint8_t {
  kNull,
  kBool,
  kInt,     ///< a number without fraction and exponent that fits int64
  kNumber,  ///< any other number that fits a double
  kString,
  kArray,
  kObject,
};

/// "null", "a string", "an object": as it stands in messages.
std::string_view json_kind_name(JsonKind kind);

struct JsonLimits {
  size_t bytes = 16u << 20;
  int depth = 64;
};

/// One value of a document, in the order of the text.
struct JsonNode {
  JsonKind kind = JsonKind::kNull;
  bool boolean = false;
  int64_t offset = 0;        ///< of the first byte of the value
  int64_t length = 0;        ///< bytes in the source text (kString: with its quotes)
  int64_t key_offset = -1;   ///< members of objects: of the key's opening quote
  uint32_t next = 0;         ///< index of the node after this value and all it holds
  uint32_t count = 0;        ///< elements or members
  uint32_t text = 0;         ///< kString: where the decoded bytes start in the pool
  uint32_t text_length = 0;  ///< kString
  uint32_t key = 0;          ///< members of objects: likewise for the key
  uint32_t key_length = 0;
  union {
    int64_t integer = 0;  ///< kInt
    double number;        ///< kNumber
  };
};

class JsonDocument;

/// A view of one value; valid while its document is. Accessors of another kind than the value's
/// give zero, empty or nothing.
class JsonValue {
 public:
  JsonKind kind() const { return node().kind; }
  bool is(JsonKind kind) const { return node().kind == kind; }
  int64_t offset() const { return node().offset; }
  /// The source text: `2.50`, `"a\u0020b"`; at most its first 40 bytes, for messages.
  std::string source() const;

  bool boolean() const { return node().boolean; }
  int64_t integer() const { return is(JsonKind::kInt) ? node().integer : 0; }
  bool is_number() const { return is(JsonKind::kInt) || is(JsonKind::kNumber); }
  /// kInt or kNumber.
  double number() const;
  /// The decoded bytes; valid UTF-8. They may hold U+0000.
  std::string_view string() const;

  uint32_t size() const { return node().count; }
  /// Members of objects only.
  std::string_view key() const;
  int64_t key_offset() const { return node().key_offset; }

  class Iterator {
   public:
    using value_type = JsonValue;
    using difference_type = std::ptrdiff_t;
    Iterator() = default;
    Iterator(const JsonDocument* document, uint32_t index) : document_(document), index_(index) {}
    JsonValue operator*() const { return JsonValue(document_, index_); }
    Iterator& operator++();
    Iterator operator++(int);
    bool operator==(const Iterator&) const = default;

   private:
    const JsonDocument* document_ = nullptr;
    uint32_t index_ = 0;
  };
  struct Items {
    Iterator first, last;
    Iterator begin() const { return first; }
    Iterator end() const { return last; }
  };
  /// The elements of an array, or the members of an object (whose key() then is set).
  Items items() const;
  /// The member of that name.
  std::optional<JsonValue> find(std::string_view key) const;

  /// ok where this is an object whose keys are all among `known`. Else Code::kDocument with the
  /// byte offset: `row 3: "lable" is no key of a row; did you mean "label"?`. `what` begins the
  /// message.
  Status require_object(std::string_view what, std::span<const std::string_view> known) const;
  /// ok where this is of that kind; else Code::kDocument: `rows: 12 is a number where an array
  /// belongs`.
  Status require(std::string_view what, JsonKind kind) const;

 private:
  friend class JsonDocument;
  JsonValue(const JsonDocument* document, uint32_t index) : document_(document), index_(index) {}
  const JsonNode& node() const;

  const JsonDocument* document_;
  uint32_t index_;
};

class JsonDocument {
 public:
  /// The whole text as one value. Code::kSyntax with the byte offset; Code::kDocument for a key
  /// that comes twice; Code::kLimit. Cost: linear in the text, but for duplicate keys n log n in
  /// the members of an object; memory: some 72 bytes a value.
  static Result<JsonDocument> parse(std::string_view text, const JsonLimits& limits = {});

  JsonValue root() const { return JsonValue(this, 0); }

 private:
  friend class JsonValue;
  friend class JsonValue::Iterator;
  friend class JsonTape;

  Status refuse_duplicate_keys() const;

  std::string source_;  ///< a copy of the text, for messages
  std::string pool_;    ///< decoded strings
  std::vector<JsonNode> nodes_;
};

}  // namespace patron::internal
