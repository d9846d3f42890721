#include "lib/expr/excerpt.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "lib/base/utf8.h"

namespace patron::internal {
namespace {

/// Characters of a line that are shown.
constexpr size_t kWidest = 120;

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

size_t characters(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), begins_character));
}

// What may stand on a terminal: no control characters, nothing that is no UTF-8; each of them is
// one character, as it was.
std::string shown(std::string_view text) {
  std::string out(text);
  std::replace(out.begin(), out.end(), '\t', ' ');
  return printable(out, SIZE_MAX);
}

// Unicode Standard Annex 11, East Asian Width: blocks of the wide and fullwidth.
bool is_wide(char32_t c) {
  constexpr std::array<std::pair<char32_t, char32_t>, 13> kWide{{{0x1100, 0x115F},
                                                                 {0x2E80, 0x303E},
                                                                 {0x3041, 0x4DBF},
                                                                 {0x4E00, 0xA4CF},
                                                                 {0xA960, 0xA97C},
                                                                 {0xAC00, 0xD7A3},
                                                                 {0xF900, 0xFAFF},
                                                                 {0xFE30, 0xFE6F},
                                                                 {0xFF01, 0xFF60},
                                                                 {0xFFE0, 0xFFE6},
                                                                 {0x1F300, 0x1F64F},
                                                                 {0x1F900, 0x1F9FF},
                                                                 {0x20000, 0x3FFFD}}};
  return std::any_of(kWide.begin(), kWide.end(),
                     [c](const auto& range) { return c >= range.first && c <= range.second; });
}

// The character that begins at a byte of valid UTF-8.
char32_t character_at(std::string_view text, size_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  if (first < 0x80) return first;
  char32_t out = first & (first < 0xE0 ? 0x1Fu : first < 0xF0 ? 0x0Fu : 0x07u);
  for (size_t i = at + 1; i < text.size() && !begins_character(text[i]); ++i) {
    out = out << 6 | (static_cast<unsigned char>(text[i]) & 0x3Fu);
  }
  return out;
}

// A blank for each character, as wide as it.
std::string blanks_for(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (begins_character(text[i])) out += is_wide(character_at(text, i)) ? "\xE3\x80\x80" : " ";
  }
  return out;
}

size_t columns_of(std::string_view text) {
  size_t out = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (begins_character(text[i])) out += is_wide(character_at(text, i)) ? 2 : 1;
  }
  return out;
}

}  // namespace

std::string excerpt(std::string_view line, size_t begin, size_t end, char rest) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  begin = std::min(begin, line.size());
  end = std::clamp(end, begin, line.size());
  size_t from = 0;
  if (characters(line) > kWidest) {
    size_t before = 0;  // characters from there to the part
    from = begin;
    while (from > 0 && before < kWidest / 2) before += begins_character(line[--from]);
    while (from > 0 && !begins_character(line[from])) --from;
  }
  std::string_view text = line.substr(from);
  size_t to = 0;
  for (size_t seen = 0; to < text.size(); ++to) {
    if (begins_character(text[to]) && ++seen > kWidest) break;
  }
  text = text.substr(0, to);
  const size_t at = std::min(begin - from, text.size());
  const std::string part = shown(text.substr(at, std::min(end - from, text.size()) - at));
  return "  " + shown(text) + "\n  " + blanks_for(shown(text.substr(0, at))) + '^' +
         std::string(std::max<size_t>(columns_of(part), 1) - 1, rest) + '\n';
}

}  // namespace patron::internal
