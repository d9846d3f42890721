#include "lib/base/json_writer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

namespace patron::internal {

JsonWriter& JsonWriter::key(std::string_view name) {
  separate();
  quote(name);
  add(": ");
  after_key_ = true;
  return *this;
}

JsonWriter& JsonWriter::integer(int64_t value) {
  separate();
  constexpr size_t kMost = 24;
  char* const begin = room(kMost);
  size_ += static_cast<size_t>(std::to_chars(begin, begin + kMost, value).ptr - begin);
  return *this;
}

JsonWriter& JsonWriter::number(double value) {
  if (!std::isfinite(value)) return null();
  separate();
  constexpr size_t kMost = 32;
  char* const begin = room(kMost);
  size_ += static_cast<size_t>(std::to_chars(begin, begin + kMost, value).ptr - begin);
  return *this;
}

JsonWriter& JsonWriter::string(std::string_view value) {
  separate();
  quote(value);
  return *this;
}

JsonWriter& JsonWriter::begin(char bracket, Layout layout) {
  separate();
  add(bracket);
  levels_.push_back({layout, true});
  return *this;
}

JsonWriter& JsonWriter::end(char bracket) {
  const Level level = levels_.back();
  levels_.pop_back();
  if (level.layout == Layout::kLines && !level.empty) new_line();
  add(bracket);
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view text) {
  separate();
  add(text);
  return *this;
}

void JsonWriter::separate() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (levels_.empty()) return;
  Level& level = levels_.back();
  if (level.layout == Layout::kLines) {
    if (!level.empty) add(',');
    new_line();
  } else if (!level.empty) {
    add(", ");
  }
  level.empty = false;
}

void JsonWriter::new_line() {
  const size_t indent = 2 * levels_.size();
  char* const begin = room(1 + indent);
  *begin = '\n';
  std::memset(begin + 1, ' ', indent);
  size_ += 1 + indent;
}

void JsonWriter::grow(size_t bytes) {
  constexpr size_t kLeast = 64;
  text_.resize(std::max({2 * text_.size(), size_ + bytes, kLeast}));
}

namespace {

constexpr bool needs_escape(unsigned char byte) {
  return byte < 0x20 || byte == 0x7F || byte == '"' || byte == '\\';
}

constexpr auto kNeedsEscape = [] {
  std::array<bool, 256> out{};
  for (size_t byte = 0; byte < out.size(); ++byte) {
    out[byte] = needs_escape(static_cast<unsigned char>(byte));
  }
  return out;
}();

// Whether one of eight bytes needs an escape.
bool any_needs_escape(uint64_t bytes) {
  constexpr uint64_t kOnes = 0x0101010101010101U, kHighs = 0x8080808080808080U;
  const auto has = [bytes](uint64_t byte) {
    const uint64_t apart = bytes ^ (kOnes * byte);
    return (apart - kOnes) & ~apart;
  };
  const uint64_t control = (bytes - kOnes * 0x20) & ~bytes;
  return ((control | has('"') | has('\\') | has(0x7F)) & kHighs) != 0;
}

// The first byte from `i` on that needs an escape; the end where there is none.
size_t next_escape(std::string_view value, size_t i) {
  for (; i + 8 <= value.size(); i += 8) {
    uint64_t bytes = 0;
    std::memcpy(&bytes, value.data() + i, sizeof bytes);
    if (any_needs_escape(bytes)) break;
  }
  if (i < value.size() && i + 8 > value.size() && value.size() >= 8) {
    uint64_t bytes = 0;
    std::memcpy(&bytes, value.data() + value.size() - 8, sizeof bytes);
    if (!any_needs_escape(bytes)) return value.size();
  }
  while (i < value.size() && !kNeedsEscape[static_cast<unsigned char>(value[i])]) ++i;
  return i;
}

}  // namespace

void JsonWriter::quote(std::string_view value) {
  constexpr std::string_view kHex = "0123456789abcdef";
  room(value.size() + 2);
  add('"');
  for (size_t begin = 0;;) {
    const size_t at = next_escape(value, begin);
    add(value.substr(begin, at - begin));
    if (at == value.size()) break;
    begin = at + 1;
    const char c = value[at];
    add('\\');
    if (c == '"' || c == '\\') {
      add(c);
    } else if (c == '\n') {
      add('n');
    } else if (c == '\t') {
      add('t');
    } else {
      const auto byte = static_cast<unsigned char>(c);
      add("u00");
      add(kHex[byte >> 4]);
      add(kHex[byte & 15]);
    }
  }
  add('"');
}

}  // namespace patron::internal
