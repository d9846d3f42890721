// WordCache: the codes of words that came lately, in front of the map of all.
//
//   WordCache cache;
//   uint32_t code = cache.find(map, "tea");          // kNoRow: the map has no such word
//   map.truncate(before), cache.clear();             // what goes there goes here
//
// Words of enums are few and short, and the same ones come again and again: up to 16 bytes they are
// two numbers and a length, which are compared without a hash of all of them.
//
// Thread class: serial.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "lib/base/id_map.h"
#include "lib/base/utf8.h"

namespace patron::internal {

/// All bytes of a text of up to 16: its first eight, and what follows them, with zeros behind.
struct ShortWord {
  static constexpr size_t kMost = 2 * sizeof(uint64_t);
  uint64_t head = 0, tail = 0;

  explicit ShortWord(std::string_view text) {
    const char* p = text.data();
    const size_t size = text.size();
    if (size > 8) {
      head = load<uint64_t>(p), tail = load<uint64_t>(p + size - 8) >> 8 * (kMost - size);
    } else if (size >= 4) {
      head = load<uint32_t>(p) | load<uint32_t>(p + size - 4) << 8 * (size - 4);
    } else if (size > 0) {
      head = load<uint8_t>(p) | load<uint8_t>(p + size / 2) << 8 * (size / 2) |
             load<uint8_t>(p + size - 1) << 8 * (size - 1);
    }
  }
  /// The same of a text of which 16 bytes can be read, whatever its size: without a jump.
  ShortWord(const char* text, size_t size)
      : head(load<uint64_t>(text) & load<uint64_t>(kMask.data() + kMost - size)),
        tail(load<uint64_t>(text + sizeof head) &
             load<uint64_t>(kMask.data() + kMost - size + sizeof head)) {}

 private:
  // From kMost - size on: as many bytes of ones as the text has, and zeros.
  static constexpr std::array<unsigned char, 2 * kMost> kMask = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                                                 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                                                 0xFF, 0xFF, 0xFF, 0xFF};

  template <typename T>
  static uint64_t load(const void* at) {
    T bytes;
    std::memcpy(&bytes, at, sizeof bytes);
    return bytes;
  }
};

/// is_utf8() of what is nearly always a short word without accents.
inline bool is_utf8_word(std::string_view text) {
  constexpr uint64_t kHighBits = 0x8080'8080'8080'8080;
  if (text.size() > ShortWord::kMost) return is_utf8(text);
  const ShortWord word(text);
  return ((word.head | word.tail) & kHighBits) == 0 || is_utf8(text);
}

/// With 2^kBits places.
template <int kBits>
class WordCacheOf {
 public:
  /// The row of a word in the map, of which nothing was truncated since clear().
  uint32_t find(const StringIdMap& map, std::string_view text) {
    if (text.size() > ShortWord::kMost) return map.find(text);
    return find(map, text, ShortWord(text));
  }
  /// The same of a text of up to 16 bytes, which were read.
  uint32_t find(const StringIdMap& map, std::string_view text, const ShortWord& word) {
    const size_t at = (word.head * kSpread + word.tail * kOther + text.size()) >> kShift;
    if (slots_[at].has(word, text.size())) return slots_[at].code;
    return find_beside(map, text, word, at);
  }
  void clear() { slots_ = {}; }

 private:
  static constexpr uint64_t kSpread = 0x9E37'79B9'7F4A'7C15;  // 2^64 over the golden ratio
  static constexpr uint64_t kOther = 0xC2B2'AE3D'27D4'EB4F;   // and one that goes with it
  static constexpr int kShift = 64 - kBits;
  static constexpr uint64_t kNoWord = ~uint64_t{0};

  struct Slot {
    uint64_t head = 0, tail = 0, size = kNoWord;
    uint32_t code = 0;

    bool has(const ShortWord& word, size_t bytes) const {
      return head == word.head && tail == word.tail && size == bytes;
    }
  };

  // Two words that come again and again would drive each other out of one place.
  [[gnu::noinline]] uint32_t find_beside(const StringIdMap& map, std::string_view text,
                                         const ShortWord& word, size_t at) {
    Slot& beside = slots_[at ^ 1];
    if (beside.has(word, text.size())) return beside.code;
    const uint32_t code = map.find(text);
    if (code == kNoRow) return code;
    Slot& to = slots_[at].size != kNoWord && beside.size == kNoWord ? beside : slots_[at];
    to = {word.head, word.tail, text.size(), code};
    return code;
  }

  std::array<Slot, size_t{1} << kBits> slots_;
};

using WordCache = WordCacheOf<4>;

/// The codes of the words of an enum, and those that came lately.
struct WordCodes {
  /// kNoRow: there is no such word.
  uint32_t find(std::string_view text) { return cache.find(map, text); }

  StringIdMap map;
  WordCache cache;
};

}  // namespace patron::internal
