#include "lib/base/json.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <system_error>

#include "lib/base/nearest.h"
#include "lib/base/utf8.h"

namespace patron::internal {
namespace {

// Thrown where RapidJSON would assert; caught in parse().
struct ParserBroken {};
[[noreturn]] void parser_broken() { throw ParserBroken(); }

}  // namespace
}  // namespace patron::internal

// A name space of our own, so that a program with another RapidJSON, or other settings, may link
// us.
#define RAPIDJSON_NAMESPACE patron_rapidjson
#define RAPIDJSON_NAMESPACE_BEGIN namespace patron_rapidjson {
#define RAPIDJSON_NAMESPACE_END }
#define RAPIDJSON_ASSERT(x) ((x) ? static_cast<void>(0) : ::patron::internal::parser_broken())
#define RAPIDJSON_HAS_CXX11_NOEXCEPT 1

#include <rapidjson/reader.h>

namespace patron::internal {
namespace {
struct ThrowingStack;
}
}  // namespace patron::internal

// The parser's scratch. RapidJSON's own stack, when memory runs short, writes through the null that
// its allocator hands out; and it adds to null pointers. This one throws std::bad_alloc.
template <>
class patron_rapidjson::internal::Stack<patron::internal::ThrowingStack> {
 public:
  Stack(patron::internal::ThrowingStack*, size_t) {}
  void Clear() { used_ = 0; }
  template <typename T>
  T* Push(size_t count = 1) {
    const size_t at = used_;
    used_ += sizeof(T) * count;
    if (used_ > memory_.size()) memory_.resize(2 * used_ + 256);
    return reinterpret_cast<T*>(memory_.data() + at);
  }
  template <typename T>
  T* Pop(size_t count) {
    used_ -= sizeof(T) * count;
    return reinterpret_cast<T*>(memory_.data() + used_);
  }
  template <typename T>
  T* Top() {
    return reinterpret_cast<T*>(memory_.data() + used_ - sizeof(T));
  }

 private:
  std::vector<char> memory_;
  size_t used_ = 0;
};

namespace patron::internal {
namespace {

namespace rj = patron_rapidjson;

// RapidJSON's stream concept over bytes that end where they end, not at a zero byte.
class TextStream {
 public:
  using Ch = char;
  explicit TextStream(std::string_view text) : text_(text) {}
  Ch Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  Ch Take() { return at_ < text_.size() ? text_[at_++] : '\0'; }
  size_t Tell() const { return at_; }
  // The writing half of the concept; never called.
  Ch* PutBegin() { parser_broken(); }
  void Put(Ch) { parser_broken(); }
  void Flush() { parser_broken(); }
  size_t PutEnd(Ch*) { parser_broken(); }

 private:
  std::string_view text_;
  size_t at_ = 0;
};

const char* explain(rj::ParseErrorCode code) {
  switch (code) {
    case rj::kParseErrorDocumentEmpty:
      return "the text is empty";
    case rj::kParseErrorDocumentRootNotSingular:
      return "the value ended, and more text follows";
    case rj::kParseErrorValueInvalid:
      return "a value belongs here: an object, an array, a string, a number, true, false or null";
    case rj::kParseErrorObjectMissName:
      return "a key in double quotes belongs here";
    case rj::kParseErrorObjectMissColon:
      return "a colon belongs after the key";
    case rj::kParseErrorObjectMissCommaOrCurlyBracket:
      return "a comma or } belongs after the member";
    case rj::kParseErrorArrayMissCommaOrSquareBracket:
      return "a comma or ] belongs after the element";
    case rj::kParseErrorStringUnicodeEscapeInvalidHex:
      return "\\u takes four hexadecimal digits";
    case rj::kParseErrorStringUnicodeSurrogateInvalid:
      return "a \\u surrogate stands alone; write the pair, or the letter itself";
    case rj::kParseErrorStringEscapeInvalid:
      return "no such escape, or a bare control character; write \\n, \\t, \\\", \\\\ or \\uXXXX";
    case rj::kParseErrorStringMissQuotationMark:
      return "the string has no closing quote";
    case rj::kParseErrorStringInvalidEncoding:
      return "bytes that are no UTF-8";
    case rj::kParseErrorNumberTooBig:
      return "the number does not fit a double";
    case rj::kParseErrorNumberMissFraction:
      return "a digit belongs after the decimal point";
    case rj::kParseErrorNumberMissExponent:
      return "a digit belongs in the exponent";
    default:
      return "this is no JSON";
  }
}

// What people write who know JavaScript; null: it is something else.
const char* foreign(std::string_view text, size_t offset) {
  const char here = offset < text.size() ? text[offset] : '\0';
  if (here == '\'') return "JSON has double quotes alone; write \" for '";
  if (here == '/' || here == '#') return "JSON has no comments; leave it out";
  const size_t before = text.find_last_not_of(" \t\r\n", offset == 0 ? 0 : offset - 1);
  if (offset == 0 || before == std::string_view::npos || text[before] != ',') return nullptr;
  if (here == '}') return "a comma before } is no JSON; leave it out";
  if (here == ']') return "a comma before ] is no JSON; leave it out";
  return nullptr;
}

Status syntax_error(std::string_view message, size_t offset) {
  return Status(Code::kSyntax, "JSON, byte " + std::to_string(offset) + ": " + std::string(message),
                -1, static_cast<int64_t>(offset));
}

}  // namespace

// Receives RapidJSON's events and lays them out as nodes.
class JsonTape {
 public:
  JsonTape(JsonDocument& document, const TextStream& stream, int depth_limit)
      : document_(document), stream_(stream), depth_limit_(depth_limit) {}

  const Status& failure() const { return failure_; }

  bool Null() { return scalar(JsonKind::kNull) != nullptr; }
  bool Bool(bool value) {
    JsonNode* node = scalar(JsonKind::kBool);
    node->boolean = value;
    return true;
  }
  bool RawNumber(const char* digits, rj::SizeType length, bool) {
    JsonNode* node = scalar(JsonKind::kInt);
    const char* end = digits + length;
    if (std::none_of(digits, end, [](char c) { return c == '.' || c == 'e' || c == 'E'; }) &&
        std::from_chars(digits, end, node->integer).ec == std::errc()) {
      return true;
    }
    node->kind = JsonKind::kNumber;
    if (std::from_chars(digits, end, node->number).ec == std::errc()) return true;
    return fail(explain(rj::kParseErrorNumberTooBig), static_cast<size_t>(node->offset));
  }
  bool String(const char* text, rj::SizeType length, bool) {
    JsonNode* node = scalar(JsonKind::kString);
    if (!whole(text, length, static_cast<size_t>(node->offset))) return false;
    node->text = store(text, length);
    node->text_length = length;
    return true;
  }
  bool Key(const char* text, rj::SizeType length, bool) {
    pending_key_offset_ = static_cast<int64_t>(skip_separators());
    seen_ = stream_.Tell();
    if (!whole(text, length, static_cast<size_t>(pending_key_offset_))) return false;
    pending_key_ = store(text, length);
    pending_key_length_ = length;
    return true;
  }
  bool StartObject() { return open(JsonKind::kObject); }
  bool EndObject(rj::SizeType members) { return close(members); }
  bool StartArray() { return open(JsonKind::kArray); }
  bool EndArray(rj::SizeType elements) { return close(elements); }
  // The rest of the handler concept: with numbers as text these do not come.
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(int64_t) { return false; }
  bool Uint64(uint64_t) { return false; }
  bool Double(double) { return false; }

 private:
  // Where the next token begins. The grammar was checked, so only separators lie between.
  size_t skip_separators() const {
    size_t at = seen_;
    const std::string& text = document_.source_;
    while (at < text.size() && std::string_view(" \t\r\n,:").find(text[at]) != std::string::npos) {
      ++at;
    }
    return at;
  }

  JsonNode* append(JsonKind kind, size_t offset) {
    JsonNode& node = document_.nodes_.emplace_back();
    node.kind = kind;
    node.offset = static_cast<int64_t>(offset);
    node.next = static_cast<uint32_t>(document_.nodes_.size());
    node.key = pending_key_;
    node.key_length = pending_key_length_;
    node.key_offset = pending_key_offset_;
    pending_key_offset_ = -1;
    pending_key_length_ = 0;
    return &node;
  }

  // Called when the parser has just read the whole token.
  JsonNode* scalar(JsonKind kind) {
    JsonNode* node = append(kind, skip_separators());
    seen_ = stream_.Tell();
    node->length = static_cast<int64_t>(seen_) - node->offset;
    return node;
  }

  // Called when the parser stands on the bracket.
  bool open(JsonKind kind) {
    if (static_cast<int>(open_.size()) >= depth_limit_) {
      failure_ = Status(Code::kLimit,
                        "JSON, byte " + std::to_string(stream_.Tell()) + ": nested deeper than " +
                            std::to_string(depth_limit_) + " levels",
                        -1, static_cast<int64_t>(stream_.Tell()));
      return false;
    }
    append(kind, stream_.Tell());
    open_.push_back(static_cast<uint32_t>(document_.nodes_.size() - 1));
    seen_ = stream_.Tell() + 1;
    return true;
  }

  bool close(uint32_t count) {
    JsonNode& node = document_.nodes_[open_.back()];
    open_.pop_back();
    seen_ = stream_.Tell() + 1;
    node.count = count;
    node.next = static_cast<uint32_t>(document_.nodes_.size());
    node.length = static_cast<int64_t>(seen_) - node.offset;
    return true;
  }

  uint32_t store(const char* text, size_t length) {
    const auto at = static_cast<uint32_t>(document_.pool_.size());
    document_.pool_.append(text, length);
    return at;
  }

  // A lone low surrogate passes RapidJSON as three bytes that are no UTF-8.
  bool whole(const char* text, size_t length, size_t offset) {
    if (!is_utf8(std::string_view(text, length))) {
      return fail(explain(rj::kParseErrorStringUnicodeSurrogateInvalid), offset);
    }
    return true;
  }

  bool fail(const char* message, size_t offset) {
    failure_ = syntax_error(message, offset);
    return false;
  }

  JsonDocument& document_;
  const TextStream& stream_;
  int depth_limit_;
  Status failure_;
  std::vector<uint32_t> open_;
  size_t seen_ = 0;
  uint32_t pending_key_ = 0;
  uint32_t pending_key_length_ = 0;
  int64_t pending_key_offset_ = -1;
};

Result<JsonDocument> JsonDocument::parse(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.bytes) {
    return Status(Code::kLimit, "the JSON text has " + std::to_string(text.size()) +
                                    " bytes; at most " + std::to_string(limits.bytes) +
                                    " are read");
  }
  if (text.starts_with("\xEF\xBB\xBF")) {
    return syntax_error("the text begins with a byte order mark; leave it out", 0);
  }
  JsonDocument document;
  document.source_ = text;
  TextStream stream(document.source_);
  JsonTape tape(document, stream, limits.depth);
  rj::GenericReader<rj::UTF8<>, rj::UTF8<>, ThrowingStack> reader;
  constexpr unsigned kFlags =
      rj::kParseIterativeFlag | rj::kParseValidateEncodingFlag | rj::kParseNumbersAsStringsFlag;
  try {
    const rj::ParseResult parsed = reader.Parse<kFlags>(stream, tape);
    if (!tape.failure().ok()) return tape.failure();
    if (stream.Tell() < text.size() && text[stream.Tell()] == '\0') {
      return syntax_error("a zero byte stands in the text", stream.Tell());
    }
    if (parsed.IsError()) {
      const char* known = foreign(text, parsed.Offset());
      const bool between = parsed.Code() != rj::kParseErrorStringEscapeInvalid &&
                           parsed.Code() != rj::kParseErrorStringMissQuotationMark &&
                           parsed.Code() != rj::kParseErrorStringInvalidEncoding &&
                           parsed.Code() != rj::kParseErrorStringUnicodeEscapeInvalidHex;
      return syntax_error(known != nullptr && between ? known : explain(parsed.Code()),
                          parsed.Offset());
    }
  } catch (const ParserBroken&) {
    return Status(Code::kInternal, "the JSON parser broke its own rules", -1,
                  static_cast<int64_t>(stream.Tell()));
  }
  if (Status status = document.refuse_duplicate_keys(); !status.ok()) return status;
  return document;
}

Status JsonDocument::refuse_duplicate_keys() const {
  std::vector<const JsonNode*> members;
  const auto key_of = [this](const JsonNode* node) {
    return std::string_view(pool_).substr(node->key, node->key_length);
  };
  const JsonNode* found = nullptr;
  for (uint32_t i = 0; i < nodes_.size(); ++i) {
    if (nodes_[i].kind != JsonKind::kObject || nodes_[i].count < 2) continue;
    members.clear();
    for (uint32_t k = i + 1; k < nodes_[i].next; k = nodes_[k].next) members.push_back(&nodes_[k]);
    std::sort(members.begin(), members.end(), [&](const JsonNode* a, const JsonNode* b) {
      const int order = key_of(a).compare(key_of(b));
      return order != 0 ? order < 0 : a->offset < b->offset;
    });
    for (size_t k = 1; k < members.size(); ++k) {
      if (key_of(members[k]) != key_of(members[k - 1])) continue;
      if (found == nullptr || members[k]->offset < found->offset) found = members[k];
    }
  }
  if (found == nullptr) return Status();
  return Status(Code::kDocument,
                "JSON, byte " + std::to_string(found->key_offset) + ": the key " +
                    quoted(key_of(found)) + " comes twice; keep one",
                -1, found->key_offset);
}

std::string_view json_kind_name(JsonKind kind) {
  constexpr std::array<std::string_view, 7> kNames{
      "null", "true or false", "a whole number", "a number", "a string", "an array", "an object"};
  return kNames[static_cast<size_t>(kind)];
}

const JsonNode& JsonValue::node() const { return document_->nodes_[index_]; }

double JsonValue::number() const {
  if (is(JsonKind::kInt)) return static_cast<double>(node().integer);
  return is(JsonKind::kNumber) ? node().number : 0.0;
}

std::string_view JsonValue::string() const {
  return std::string_view(document_->pool_).substr(node().text, node().text_length);
}

std::string_view JsonValue::key() const {
  return std::string_view(document_->pool_).substr(node().key, node().key_length);
}

std::string JsonValue::source() const {
  constexpr size_t kShown = 40;
  const std::string_view text =
      std::string_view(document_->source_)
          .substr(static_cast<size_t>(node().offset), static_cast<size_t>(node().length));
  if (text.size() <= kShown) return std::string(text);
  size_t cut = kShown - 3;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) --cut;
  return std::string(text.substr(0, cut)) + "...";
}

JsonValue::Iterator& JsonValue::Iterator::operator++() {
  index_ = document_->nodes_[index_].next;
  return *this;
}

JsonValue::Iterator JsonValue::Iterator::operator++(int) {
  Iterator before = *this;
  ++*this;
  return before;
}

JsonValue::Items JsonValue::items() const {
  const bool holds = is(JsonKind::kArray) || is(JsonKind::kObject);
  return {Iterator(document_, holds ? index_ + 1 : index_),
          Iterator(document_, holds ? node().next : index_)};
}

std::optional<JsonValue> JsonValue::find(std::string_view key) const {
  if (!is(JsonKind::kObject)) return std::nullopt;
  for (JsonValue member : items()) {
    if (member.key() == key) return member;
  }
  return std::nullopt;
}

Status JsonValue::require_object(std::string_view what,
                                 std::span<const std::string_view> known) const {
  if (Status status = require(what, JsonKind::kObject); !status.ok()) return status;
  for (JsonValue member : items()) {
    if (std::find(known.begin(), known.end(), member.key()) != known.end()) continue;
    std::string message = std::string(what) + ": " + quoted(member.key()) + " is no key here";
    const std::string hint = did_you_mean(member.key(), known);
    if (!hint.empty()) {
      message += hint;
    } else {
      message += "; the keys are ";
      for (size_t i = 0; i < known.size(); ++i) {
        message += (i == 0 ? "" : ", ") + std::string(known[i]);
      }
    }
    return Status(Code::kDocument, std::move(message), -1, member.key_offset());
  }
  return Status();
}

Status JsonValue::require(std::string_view what, JsonKind wanted) const {
  if (is(wanted) || (wanted == JsonKind::kNumber && is(JsonKind::kInt))) return Status();
  std::string message = std::string(what) + ": ";
  message += is(JsonKind::kNull) ? "null" : source() + " is " + std::string(json_kind_name(kind()));
  message += is(JsonKind::kNull) ? " stands where " : " where ";
  message += std::string(json_kind_name(wanted)) + " belongs";
  return Status(Code::kDocument, std::move(message), -1, offset());
}

}  // namespace patron::internal
