// The compact rows that partitioning writes and aggregation reads: one for each usable order row.
//
// A customer id is an integer (IntKey) or text (TextKey). Text of up to 16 bytes stands in the key
// itself; longer text is its hash and where its bytes are, in the caller's column. Times are
// microseconds from an instant before all of them, so that they fit beside the length of the text.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

#include "lib/base/hash.h"

namespace patron::internal {

/// A 64-bit hash of bytes, 16 a step, without the seed of lib/base/hash.h. It decides where a row
/// is kept, never what comes out; ids crafted against it meet the sorting path of aggregate.cc.
inline uint64_t unseeded_hash(const char* bytes, size_t size) {
  uint64_t hash = 0x9e3779b97f4a7c15u ^ size;
  uint64_t a, b;
  for (; size > 16; bytes += 16, size -= 16) {
    std::memcpy(&a, bytes, sizeof a);
    std::memcpy(&b, bytes + 8, sizeof b);
    hash = fold_product(a ^ 0x2d358dccaa6c78a5u, b ^ hash);
  }
  a = b = 0;
  std::memcpy(&a, bytes, std::min(size, sizeof a));
  if (size > 8) std::memcpy(&b, bytes + 8, size - 8);
  return fold_product(a ^ 0x8bb84b93962eacc9u, b ^ hash);
}

/// Text in the caller's memory: a 48-bit address (all that user space has on x86-64 and aarch64
/// unless a program asks for more) and a 16-bit length.
struct TextRef {
  static constexpr size_t kMaxBytes = 0xffff;
  static uint64_t pack(std::string_view text) {
    return reinterpret_cast<uint64_t>(text.data()) | static_cast<uint64_t>(text.size()) << 48;
  }
  static std::string_view unpack(uint64_t ref) {
    return {reinterpret_cast<const char*>(ref & 0xffff'ffff'ffffu), static_cast<size_t>(ref >> 48)};
  }
};

struct IntKey {
  static constexpr bool kText = false;
  /// The id with its sign bit flipped, so that unsigned order is the order of ids.
  uint64_t id;

  static IntKey of(int64_t id) { return {static_cast<uint64_t>(id) ^ (uint64_t{1} << 63)}; }
  int64_t value() const { return static_cast<int64_t>(id ^ (uint64_t{1} << 63)); }
  uint64_t hash() const { return (id ^ id >> 32) * 0x9e3779b97f4a7c15u; }
  bool same(const IntKey& other) const { return id == other.id; }
};

struct TextKey {
  static constexpr bool kText = true;
  static constexpr uint32_t kInline = 16;  ///< text of up to so many bytes stands in `a` and `b`
  static constexpr uint32_t kLong = 31;    ///< the length code of longer text

  uint64_t a, b;

  /// The key of a text, and its length code.
  static TextKey of(std::string_view text, uint32_t* code) {
    TextKey key{0, 0};
    if (text.size() <= kInline) {
      *code = static_cast<uint32_t>(text.size());
      if constexpr (std::endian::native == std::endian::little)
        key.load_little(text.data(), text.size());
      else if (!text.empty())  // the data() of an empty text may be null
        std::memcpy(&key, text.data(), text.size());
    } else {
      *code = kLong;
      key = {unseeded_hash(text.data(), text.size()), TextRef::pack(text)};
    }
    return key;
  }
  /// `key` must outlive the view where the text is inline.
  static std::string_view text(const TextKey& key, uint32_t code) {
    if (code == kLong) return TextRef::unpack(key.b);
    return {reinterpret_cast<const char*>(&key), code};
  }
  /// The bytes of a text of up to kInline, zeros behind them, by loads that overlap.
  void load_little(const char* bytes, size_t size) {
    const auto load8 = [](const char* from) {
      uint64_t word;
      std::memcpy(&word, from, sizeof word);
      return word;
    };
    const auto load4 = [](const char* from) {
      uint32_t word;
      std::memcpy(&word, from, sizeof word);
      return uint64_t{word};
    };
    if (size > 8) {
      a = load8(bytes);
      b = load8(bytes + size - 8) >> 8 * (kInline - size);
    } else if (size >= 4) {
      a = load4(bytes) | load4(bytes + size - 4) << 8 * (size - 4);
    } else if (size > 0) {
      std::memcpy(&a, bytes, size);
    }
  }
  uint64_t hash(uint32_t code) const {
    return code == kLong ? fold_product(a, 0x9e3779b97f4a7c15u)
                         : fold_product(a ^ 0x2d358dccaa6c78a5u, b ^ 0x8bb84b93962eacc9u ^ code);
  }
  bool same(const TextKey& other, uint32_t code) const {
    if (a != other.a) return false;
    return b == other.b || (code == kLong && TextRef::unpack(b) == TextRef::unpack(other.b));
  }
};

/// When a row happened, and the length code of a text key, in one word that sorts by time.
struct When {
  static uint64_t pack(uint64_t micros, uint32_t code) { return micros << 5 | code; }
  static uint64_t micros(uint64_t when) { return when >> 5; }
  static uint32_t code(uint64_t when) { return static_cast<uint32_t>(when & 31); }
};

/// A row without order ids: every row is an order of its own.
template <typename Key>
struct PlainRow {
  static constexpr bool kOrders = false;
  static constexpr bool kMargin = false;
  using KeyType = Key;
  Key key;
  uint64_t when;
  int64_t minor;
};

/// A row with an order id: an integer, or a TextRef.
template <typename Key>
struct OrderRow {
  static constexpr bool kOrders = true;
  static constexpr bool kMargin = false;
  using KeyType = Key;
  Key key;
  uint64_t when;
  int64_t minor;
  uint64_t order;
};

/// A row of either kind with a second sum of money.
template <typename Row>
struct WithMargin : Row {
  static constexpr bool kMargin = true;
  int64_t margin;
};

/// One row of one customer, once the rows of each are together.
struct CustomerRow {
  uint64_t time;  ///< from an origin before all of them
  int64_t minor;
  uint64_t order;  ///< equal for the rows of one order, and only for these
};
struct CustomerMarginRow : CustomerRow {
  int64_t margin;
};
template <typename Row>
using CustomerRowOf = std::conditional_t<Row::kMargin, CustomerMarginRow, CustomerRow>;

template <typename Row>
uint64_t hash_of(const Row& row) {
  if constexpr (Row::KeyType::kText)
    return row.key.hash(When::code(row.when));
  else
    return row.key.hash();
}

template <typename Row>
bool same_customer(const Row& row, const typename Row::KeyType& key, uint64_t when) {
  if constexpr (Row::KeyType::kText)
    return When::code(row.when) == When::code(when) && row.key.same(key, When::code(when));
  else
    return row.key.same(key);
}

}  // namespace patron::internal
