// JsonWriter: compact, valid, deterministic JSON.
//
//   std::string text = JsonWriter().begin_object().key("scale").integer(2).end_object().take();
//   // {"scale": 2}
//
// Thread class: serial.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patron::internal {

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
  JsonWriter& null() { return raw("null"); }
  JsonWriter& boolean(bool value) { return raw(value ? "true" : "false"); }
  JsonWriter& integer(int64_t value);
  /// Finite; NaN and infinities, which JSON has not, become null.
  JsonWriter& number(double value);
  /// A value that is JSON already.
  JsonWriter& json(std::string_view text) { return raw(text); }
  /// Valid UTF-8. Quotes, backslashes and control characters are escaped, all else stands as it is.
  JsonWriter& string(std::string_view value);

  const std::string& text() const { return text_; }
  std::string take() { return std::move(text_); }

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

  std::string text_;
  std::vector<Level> levels_;
  bool after_key_ = false;
};

}  // namespace patron::internal
