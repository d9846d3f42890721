// UTF-8: is it well formed, and how does it stand in a message.
//
// Well formed as the Unicode Standard, table 3-7, says: no overlong forms, no surrogates, nothing
// above U+10FFFF. Runs of ASCII are passed 32 bytes at a time.
//
// Thread class of everything here: pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace patron::internal {

inline constexpr size_t kValidUtf8 = static_cast<size_t>(-1);

/// Whether every byte is below 0x80.
bool is_ascii(const uint8_t* data, size_t size);

/// The offset of the first byte of the first sequence that is not well formed, or kValidUtf8.
size_t find_invalid_utf8(const uint8_t* data, size_t size);

inline bool is_utf8(std::string_view text) {
  return find_invalid_utf8(reinterpret_cast<const uint8_t*>(text.data()), text.size()) ==
         kValidUtf8;
}

/// The text as it may stand in a message: bytes that are no UTF-8 and control characters become
/// '?', and what is longer than `limit` bytes is cut at a character and ends in "...".
std::string printable(std::string_view text, size_t limit = 80);

/// printable, between double quotes.
std::string quoted(std::string_view text, size_t limit = 80);

}  // namespace patron::internal
