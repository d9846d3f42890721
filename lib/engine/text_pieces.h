// TextPieces: short texts one after the other that never move, so that no call copies those that
// there are; zeroed when they go.
//
//   TextPieces texts;
//   texts.ready(3);                        // takes all the memory
//   const uint64_t at = texts.put("abc");
//   texts.view(at, 3);                     // "abc"
//
// They lie in pieces, each twice as large as the one before up to 1 MiB: one string that doubles
// would copy all it has at once.
//
// Thread class: const is shared; changing is serial.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <new>
#include <string_view>
#include <vector>

#include "lib/base/wiped.h"

namespace patron::internal {

class TextPieces {
 public:
  /// Bytes of one text, at most.
  static constexpr size_t kMostText = (size_t{1} << 16) - 1;
  /// Bits of a place: 2^20 pieces of 2^20 bytes.
  static constexpr int kPlaceBits = 40;

  /// Room for texts of so many bytes together, each of at most kMostText. Strong guarantee.
  void ready(size_t bytes) {
    const bool room = !pieces_.empty() && (left(current_) >= bytes || left_last() >= bytes);
    if (!room && bytes > 0) make_room(bytes);
  }
  /// A text for which there is room; its place. Does not fail.
  uint64_t put(std::string_view text) {
    if (text.empty()) return 0;
    while (left(current_) < text.size()) ++current_;
    WipedString& piece = pieces_[current_];
    const uint64_t place = uint64_t{current_} << kPieceBits | piece.size();
    piece += text;
    return place;
  }
  /// The text at a place. Good as long as this lives and the text is not wiped.
  std::string_view view(uint64_t place, size_t size) const {
    if (size == 0) return {};
    return std::string_view(pieces_[place >> kPieceBits]).substr(place & (kWhole - 1), size);
  }
  /// Zeroes it where it lies. Does not fail.
  void wipe(uint64_t place, size_t size) {
    if (size > 0) wipe_bytes(&pieces_[place >> kPieceBits][place & (kWhole - 1)], size);
  }
  size_t bytes() const {
    size_t sum = pieces_.capacity() * sizeof(WipedString);
    for (const WipedString& piece : pieces_) sum += piece.capacity();
    return sum;
  }

 private:
  static constexpr int kPieceBits = 20;
  static constexpr size_t kWhole = size_t{1} << kPieceBits;

  size_t left(size_t piece) const { return pieces_[piece].capacity() - pieces_[piece].size(); }
  size_t left_last() const { return left(pieces_.size() - 1); }
  void make_room(size_t bytes) {
    constexpr size_t kFirst = 64, kMost = kWhole - 1;
    // The next text may not fit into the end of a piece: of each some kMostText bytes are not
    // counted on.
    const size_t pieces = bytes <= kMost ? 1 : bytes / (kMost - kMostText) + 1;
    const size_t last = pieces_.empty() ? kFirst / 2 : pieces_.back().capacity();
    const size_t each = std::min(std::max(bytes, 2 * last), kMost);
    const size_t before = pieces_.size();
    try {
      pieces_.reserve(std::max(before + pieces, 2 * before));
      for (size_t i = 0; i < pieces; ++i) pieces_.emplace_back().reserve(each);
    } catch (const std::bad_alloc&) {
      pieces_.resize(before);
      throw;
    }
  }

  std::vector<WipedString> pieces_;
  size_t current_ = 0;  // the piece that is filled; no text goes into those before
};

}  // namespace patron::internal
