// FindingList as a compiler prints them.
#include <algorithm>
#include <string>

#include "lib/base/utf8.h"
#include "lib/expr/excerpt.h"
#include "lib/policy/draft.h"
#include "patron/policy.h"

namespace patron {
inline namespace v0 {
namespace {

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

size_t characters(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), begins_character));
}

/// The line of a byte, and the byte in it.
struct Line {
  size_t number = 1, column = 1;  ///< both from 1; the column in characters
  std::string_view text;
  size_t at = 0;
};

Line line_of(std::string_view document, size_t offset) {
  offset = std::min(offset, document.size());
  const size_t before = document.rfind('\n', offset == 0 ? 0 : offset - 1);
  size_t begin = before == std::string_view::npos || offset == 0 ? 0 : before + 1;
  if (offset == 0) begin = 0;
  size_t end = document.find('\n', offset);
  if (end == std::string_view::npos) end = document.size();
  Line line;
  line.number = 1 + static_cast<size_t>(std::count(
                        document.begin(), document.begin() + static_cast<ptrdiff_t>(begin), '\n'));
  line.text = document.substr(begin, end - begin);
  line.at = offset - begin;
  line.column = 1 + characters(line.text.substr(0, line.at));
  return line;
}

// What may stand on a terminal: no control characters, nothing that is no UTF-8.
std::string shown(std::string_view text) {
  std::string out(text);
  std::replace(out.begin(), out.end(), '\t', ' ');
  if (out.ends_with('\r')) out.pop_back();
  return internal::printable(out, SIZE_MAX);
}

}  // namespace

std::string format_findings(std::string_view file, std::string_view document,
                            std::span<const PolicyFinding> findings) {
  std::string out;
  for (const PolicyFinding& finding : findings) {
    size_t offset = static_cast<size_t>(std::max<int64_t>(finding.offset, 0));
    size_t length = 1;
    // Bytes of an expression are those of the document where no escape stands before them.
    if (finding.begin >= 0) {
      const size_t begin = offset + 1 + static_cast<size_t>(finding.begin);
      const size_t end = offset + 1 + static_cast<size_t>(finding.end);
      const bool plain = end <= document.size() &&
                         document.substr(offset, end - offset).find('\\') == std::string_view::npos;
      if (plain) {
        length = end - begin;
        offset = begin;
      }
    }
    const Line line = line_of(document, offset);
    out += shown(file) + ":" + std::to_string(line.number) + ":" + std::to_string(line.column) +
           ": " + severity_name(finding.severity) + ": ";
    if (!finding.pointer.empty()) out += shown(finding.pointer) + ": ";
    out += shown(finding.message) + " [" + finding.code + "]\n";
    out += internal::excerpt(line.text, line.at, line.at + length, '~');
  }
  return out;
}

}  // namespace v0

std::string internal::policy::line_and_column(std::string_view document, int64_t offset) {
  const v0::Line line = v0::line_of(document, static_cast<size_t>(std::max<int64_t>(offset, 0)));
  return "line " + std::to_string(line.number) + ", column " + std::to_string(line.column);
}

}  // namespace patron
