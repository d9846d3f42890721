// The forms to which identity keys are brought before they are compared. docs/book.md has the
// rules.
//
//   normal_phone("0049 (171) 123-4567", "49");   // "+491711234567"
//   normal_email(" Ann@Example.COM");            // "ann@example.com"
//
// Thread class of everything here: pure.
#pragma once

#include <optional>
#include <string_view>

#include "lib/base/wiped.h"
#include "patron/book.h"

namespace patron::internal {

/// "+" and 7 to 15 digits (ITU-T E.164 allows 15), or nothing where the text is no number.
/// `country` is what a number without a country code gets in place of one leading zero; empty:
/// there is no such number.
std::optional<WipedText> normal_phone(std::string_view text, std::string_view country);

/// The address with ASCII letters lowered and blanks around it dropped, or nothing where it is
/// none: one "@", something before it, and a domain with a point that neither begins nor ends it.
std::optional<WipedText> normal_email(std::string_view text);

/// By the form; kExact gives the text, nothing where it is empty.
std::optional<WipedText> normal_key(KeyForm form, std::string_view text, std::string_view country);

/// Why a text that normal_key() does not take is none, for a report: nothing of the text.
const char* key_reason(KeyForm form, std::string_view text, std::string_view country);

}  // namespace patron::internal
