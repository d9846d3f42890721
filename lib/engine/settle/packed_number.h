// PackedNumber: a number in as few bytes as it needs, written and read. PackedWholes: those of one
// move, one behind the other; what they mean is said in packed_decision.h.
//
//   PackedWholes packed(because);          // a string, to which is added
//   packed.add(orders), packed.add(spend);
//   packed.finish();
//
// Thread class: serial.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

#include "lib/base/wiped.h"

namespace patron::internal {

/// Bytes from '@' on: five bits each, the least first, and one that says that more follow. '?' is
/// what is not known.
struct PackedNumber {
  static constexpr char kMark = 'v';  ///< what numbers that were packed begin with
  static constexpr char kUnknown = '?', kZero = '@';
  static constexpr uint64_t kBits = 0x1F, kMore = 0x20;
  static constexpr size_t kMostBytes = 13;  ///< of a number of 64 bits

  static uint64_t zigzag(int64_t value) {
    return static_cast<uint64_t>(value) << 1 ^ static_cast<uint64_t>(value >> 63);
  }
  static int64_t unzigzag(uint64_t value) {
    return static_cast<int64_t>(value >> 1 ^ (~(value & 1) + 1));
  }
  /// Writes it where there is room for kMostBytes; behind it.
  static char* put(uint64_t number, char* at) {
    constexpr int kBitsOfEight = 40;
    if (number <= kBits) return *at = static_cast<char>(kZero + number), at + 1;
    if (std::endian::native == std::endian::little && number >> kBitsOfEight == 0) {
      return put_short(number, at);
    }
    for (; number > kBits; number >>= 5) {
      *at++ = static_cast<char>(kZero + (number & kBits) + kMore);
    }
    *at++ = static_cast<char>(kZero + number);
    return at;
  }
  /// Takes one off the front, where there is one.
  static std::optional<uint64_t> take(std::string_view& from) {
    uint64_t number = 0;
    for (int shift = 0; !from.empty() && shift < 64; shift += 5) {
      const auto next = static_cast<uint64_t>(from.front() - kZero);
      from.remove_prefix(1);
      if (next > kBits + kMore) return std::nullopt;
      number |= (next & kBits) << shift;
      if (next <= kBits) return number;
    }
    return std::nullopt;
  }

 private:
  // Of two to eight bytes, all of them at once: how many there are is different for each number,
  // which a loop would guess.
  static char* put_short(uint64_t number, char* at) {
    const int count = (static_cast<int>(std::bit_width(number)) + 4) / 5;
    // Halves of 20 bits, quarters of ten, and bytes of five.
    number = (number & 0xFFFFF) | (number & 0xFFFFF00000) << 12;
    number = (number & 0x000003FF000003FF) | (number & 0x000FFC00000FFC00) << 6;
    number = (number & 0x001F001F001F001F) | (number & 0x03E003E003E003E0) << 3;
    constexpr uint64_t kEach = 0x0101010101010101;
    number += kEach * (static_cast<uint64_t>(kZero) + kMore) - (kMore << 8 * (count - 1));
    std::memcpy(at, &number, sizeof(number));
    return at + count;
  }
};

class PackedWholes {
 public:
  explicit PackedWholes(WipedString& out) : out_(out) { bytes_[0] = PackedNumber::kMark; }
  void add(int64_t value) {
    if (at_ > bytes_.data() + kRoom) finish();
    at_ = PackedNumber::put(PackedNumber::zigzag(value), at_);
  }
  /// All of them are in the string. Throws std::bad_alloc, as add() does.
  void finish() {
    out_.append(bytes_.data(), static_cast<size_t>(at_ - bytes_.data()));
    at_ = bytes_.data();
  }

 private:
  static constexpr size_t kRoom = 64;
  WipedString& out_;
  std::array<char, kRoom + PackedNumber::kMostBytes> bytes_;
  char* at_ = bytes_.data() + 1;
};

}  // namespace patron::internal
