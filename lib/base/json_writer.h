// JsonWriter: compact, valid, deterministic JSON.
//
//   std::string text = JsonWriter().begin_object().key("scale").integer(2).end_object().take();
//   // {"scale": 2}
//
// Thread class: serial.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patron::internal {

/// A name that is known when it is compiled, as it stands between its neighbours: `, "name": `.
template <size_t kSize>
class JsonName {
 public:
  /// No compiler takes one that would have to be escaped.
  consteval explicit JsonName(const char (&name)[kSize]) {
    char* end = std::copy_n(", \"", 3, text_);
    for (size_t i = 0; i + 1 < kSize; ++i) {
      const char c = name[i];
      if (c < 0x20 || c > 0x7E || c == '"' || c == '\\') throw "a name that has to be escaped";
      *end++ = c;
    }
    std::copy_n("\": ", 3, end);
  }
  std::string_view name() const { return {text_ + 3, kSize - 1}; }

 private:
  friend class JsonWriter;
  char text_[kSize + 5]{};
};

/// Writes JSON: `{"a": 1, "b": [1, 2]}`. Numbers do not depend on the locale; doubles are the
/// shortest text that reads back as the same double. The caller keeps brackets and keys in order.
class JsonWriter {
 public:
  /// Where the elements of an array or object go.
  enum class Layout : uint8_t {
    kInline,  ///< one after another
    kLines,   ///< each on a line of its own, indented by two blanks a level
  };

  JsonWriter& begin_object(Layout layout = Layout::kInline) { return begin('{', layout); }
  JsonWriter& end_object() { return end('}'); }
  JsonWriter& begin_array(Layout layout = Layout::kInline) { return begin('[', layout); }
  JsonWriter& end_array() { return end(']'); }
  JsonWriter& key(std::string_view name);
  /// The same. Inline it is one copy, with what stands around the name. Only within an object.
  template <size_t kSize>
  JsonWriter& key(const JsonName<kSize>& name) {
    Level& level = levels_.back();
    if (level.layout == Layout::kLines) return key(name.name());
    constexpr size_t kWhole = sizeof name.text_, kFirst = kWhole - 2;
    char* const out = room(kWhole);
    if (level.empty) {
      std::memcpy(out, name.text_ + 2, kFirst);
    } else {
      std::memcpy(out, name.text_, kWhole);
    }
    size_ += level.empty ? kFirst : kWhole;
    level.empty = false;
    after_key_ = true;
    return *this;
  }
  JsonWriter& null() { return raw("null"); }
  JsonWriter& boolean(bool value) { return raw(value ? "true" : "false"); }
  JsonWriter& integer(int64_t value);
  /// Finite; NaN and infinities, which JSON has not, become null.
  JsonWriter& number(double value);
  /// A value that is JSON already.
  JsonWriter& json(std::string_view text) { return raw(text); }
  /// Valid UTF-8. Quotes, backslashes and control characters are escaped, all else stands as it is.
  JsonWriter& string(std::string_view value);

  /// Good until more is written.
  std::string_view text() const { return {text_.data(), size_}; }
  std::string take() {
    text_.resize(size_);
    size_ = 0;
    return std::move(text_);
  }

 private:
  struct Level {
    Layout layout;
    bool empty;
  };
  JsonWriter& begin(char bracket, Layout layout);
  JsonWriter& end(char bracket);
  JsonWriter& raw(std::string_view text);
  void separate();
  void new_line();
  void quote(std::string_view value);
  // Where so many bytes can be written; what is written is added to size_.
  char* room(size_t bytes) {
    if (text_.size() - size_ < bytes) grow(bytes);
    return text_.data() + size_;
  }
  void grow(size_t bytes);
  void add(std::string_view text) {
    if (text.empty()) return;
    std::memcpy(room(text.size()), text.data(), text.size());
    size_ += text.size();
  }
  void add(char c) {
    *room(1) = c;
    ++size_;
  }

  std::string text_;  ///< what is written, and room
  size_t size_ = 0;   ///< of what is written
  std::vector<Level> levels_;
  bool after_key_ = false;
};

}  // namespace patron::internal
