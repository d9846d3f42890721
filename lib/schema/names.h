// Names of fields: identifiers of CEL, joined by points, and the words that are taken.
//
//   check_field_name("rfm.f");      // ok
//   check_field_name("for");        // kDocument: "for" is reserved by CEL
//
// Thread class of everything here: pure.
#pragma once

#include <string_view>

#include "patron/status.h"

namespace patron::internal {

/// The most bytes a name may have.
inline constexpr size_t kMaxNameBytes = 255;

inline bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
inline bool is_name_part(char c) { return is_name_start(c) || (c >= '0' && c <= '9'); }

/// Words that CEL's grammar reserves ("for", "if", "as" ...), its literals ("true", "null") and
/// `in` and `now`.
bool is_reserved(std::string_view word);

/// Code::kDocument with a message that says what is wrong with the name.
Status check_field_name(std::string_view name);

}  // namespace patron::internal
