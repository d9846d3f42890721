#include "lib/schema/names.h"

#include <algorithm>
#include <array>
#include <string>

#include "lib/base/utf8.h"

namespace patron::internal {
namespace {

// CEL language definition, "Syntax": KEYWORD and RESERVED; and patron's own `now`. Sorted.
constexpr std::array<std::string_view, 22> kReserved{
    "as",      "break",  "const", "continue", "else", "false",     "for", "function",
    "if",      "import", "in",    "let",      "loop", "namespace", "now", "null",
    "package", "return", "true",  "var",      "void", "while"};
static_assert(std::is_sorted(kReserved.begin(), kReserved.end()));

Status refuse(std::string_view name, const std::string& problem) {
  return {Code::kDocument, quoted(name) + " is no name of a field: " + problem};
}

}  // namespace

bool is_reserved(std::string_view word) {
  return std::binary_search(kReserved.begin(), kReserved.end(), word);
}

Status check_field_name(std::string_view name) {
  if (name.empty()) return refuse(name, "it is empty");
  if (name.size() > kMaxNameBytes) return refuse(name, "it has more than 255 bytes");
  size_t begin = 0;
  while (begin <= name.size()) {
    const size_t point = std::min(name.find('.', begin), name.size());
    const std::string_view part = name.substr(begin, point - begin);
    if (part.empty()) return refuse(name, "there is nothing beside a point");
    if (!is_name_start(part.front()) || !std::all_of(part.begin(), part.end(), is_name_part)) {
      return refuse(name, "write letters a to z, digits and _, a letter first");
    }
    if (is_reserved(part)) return refuse(name, quoted(part) + " is a reserved word");
    begin = point + 1;
  }
  return {};
}

}  // namespace patron::internal
