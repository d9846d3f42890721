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

namespace patron::internal {

/// With 2^kBits places.
template <int kBits>
class WordCacheOf {
 public:
  /// The row of a word in the map, of which nothing was truncated since clear().
  uint32_t find(const StringIdMap& map, std::string_view text) {
    if (text.size() > 2 * sizeof(uint64_t)) return map.find(text);
    const Word word = word_of(text);
    Slot& slot = slots_[(word.head * kSpread ^ word.tail * kSpread ^ word.size) >> kShift];
    if (slot.word.head == word.head && slot.word.tail == word.tail && slot.word.size == word.size) {
      return slot.code;
    }
    const uint32_t code = map.find(text);
    if (code != kNoRow) slot = {word, code};
    return code;
  }
  void clear() { slots_ = {}; }

 private:
  static constexpr uint64_t kSpread = 0x9E37'79B9'7F4A'7C15;  // 2^64 over the golden ratio
  static constexpr int kShift = 64 - kBits;
  static constexpr uint64_t kNoWord = ~uint64_t{0};

  // All bytes of a text of up to 16: its first and its last eight, or four, or all of them.
  struct Word {
    uint64_t head = 0, tail = 0, size = kNoWord;
  };
  struct Slot {
    Word word;
    uint32_t code = 0;
  };

  template <typename T>
  static uint64_t load(const char* at) {
    T bytes;
    std::memcpy(&bytes, at, sizeof bytes);
    return bytes;
  }
  static Word word_of(std::string_view text) {
    const char* p = text.data();
    const size_t size = text.size();
    if (size >= 8) return {load<uint64_t>(p), load<uint64_t>(p + size - 8), size};
    if (size >= 4) return {load<uint32_t>(p), load<uint32_t>(p + size - 4), size};
    if (size == 0) return {0, 0, 0};
    return {load<uint8_t>(p) << 8 | load<uint8_t>(p + size / 2), load<uint8_t>(p + size - 1), size};
  }

  std::array<Slot, size_t{1} << kBits> slots_;
};

using WordCache = WordCacheOf<4>;

}  // namespace patron::internal
