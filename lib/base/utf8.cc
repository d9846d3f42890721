#include "lib/base/utf8.h"

#include <cstring>

namespace patron::internal {
namespace {

uint64_t load8(const uint8_t* p) {
  uint64_t word;
  std::memcpy(&word, p, sizeof(word));
  return word;
}

constexpr uint64_t kHighBits = 0x8080808080808080u;

bool continuation(uint8_t byte) { return (byte & 0xC0) == 0x80; }

// The length of the well-formed sequence at p, of which `left` bytes can be read; 0 where there is
// none.
size_t sequence_length(const uint8_t* p, size_t left) {
  const uint8_t lead = p[0];
  if (lead < 0x80) return 1;
  if (lead >= 0xE0 && lead < 0xF0) {
    if (left < 3 || !continuation(p[1]) || !continuation(p[2])) return 0;
    if (lead == 0xE0 && p[1] < 0xA0) return 0;   // overlong
    if (lead == 0xED && p[1] >= 0xA0) return 0;  // surrogate
    return 3;
  }
  if (lead >= 0xC2 && lead < 0xE0) return left >= 2 && continuation(p[1]) ? 2 : 0;
  if (lead >= 0xF0 && lead <= 0xF4) {
    if (left < 4 || !continuation(p[1]) || !continuation(p[2]) || !continuation(p[3])) return 0;
    if (lead == 0xF0 && p[1] < 0x90) return 0;   // overlong
    if (lead == 0xF4 && p[1] >= 0x90) return 0;  // above U+10FFFF
    return 4;
  }
  return 0;  // a continuation byte, C0, C1, F5 to FF
}

}  // namespace

bool is_ascii(const uint8_t* data, size_t size) {
  size_t i = 0;
  for (; i + 256 <= size; i += 256) {
    uint64_t high = 0;
    for (size_t k = 0; k < 256; k += 8) high |= load8(data + i + k);
    if ((high & kHighBits) != 0) return false;
  }
  uint64_t high = 0;
  for (; i + 8 <= size; i += 8) high |= load8(data + i);
  for (; i < size; ++i) high |= data[i];
  return (high & kHighBits) == 0;
}

size_t find_invalid_utf8(const uint8_t* data, size_t size) {
  size_t i = 0;
  while (i < size) {
    if (data[i] < 0x80) {
      while (i + 32 <= size && ((load8(data + i) | load8(data + i + 8) | load8(data + i + 16) |
                                 load8(data + i + 24)) &
                                kHighBits) == 0) {
        i += 32;
      }
      while (i < size && data[i] < 0x80) ++i;
      continue;
    }
    const size_t length = sequence_length(data + i, size - i);
    if (length == 0) return i;
    i += length;
  }
  return kValidUtf8;
}

std::string printable(std::string_view text, size_t limit) {
  std::string out;
  const auto* data = reinterpret_cast<const uint8_t*>(text.data());
  for (size_t i = 0; i < text.size();) {
    size_t length = sequence_length(data + i, text.size() - i);
    const bool plain = length > 1 || (length == 1 && data[i] >= 0x20 && data[i] != 0x7F);
    if (length == 0) length = 1;
    if (out.size() + (plain ? length : 1) > limit) return out + "...";
    if (plain) {
      out.append(text.substr(i, length));
    } else {
      out.push_back('?');
    }
    i += length;
  }
  return out;
}

std::string quoted(std::string_view text, size_t limit) {
  return '"' + printable(text, limit) + '"';
}

}  // namespace patron::internal
