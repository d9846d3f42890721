// Customer ids whose hashes meet: what somebody writes who wants the tables of RFM to be slow. The
// hashes of lib/models/orders/order_row.h are published and have no seed, so they can be inverted.
//
// All texts are plain ASCII, so that they pass every check of a table.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "lib/models/orders/order_row.h"

namespace patron::test {

/// The n-th id, n below 2^40, whose hash is 0 in the bits 20 to 43, which choose the slot in a
/// table. The factor of IntKey::hash() is undone by its inverse modulo 2^64 (Newton's iteration),
/// the folding by folding again.
inline int64_t colliding_id(uint64_t n) {
  const uint64_t factor = 0x9e3779b97f4a7c15u;
  uint64_t inverse = factor;
  for (int i = 0; i < 6; ++i) inverse *= 2 - factor * inverse;
  const uint64_t folded = (n >> 20 << 44 | (n & 0xfffff)) * inverse;  // id ^ id >> 32
  return internal::IntKey{folded ^ folded >> 32}.value();
}

/// Eight letters that stand for n, below 2^32.
inline std::string letters(uint64_t n) {
  std::string out;
  for (int i = 0; i < 8; ++i) out += static_cast<char>('a' + (n >> (4 * i) & 15));
  return out;
}

/// Texts of 12 bytes whose hashes all choose a slot in the first 64th of a table of 2^log2_slots:
/// found by trying, since no text of up to 16 bytes that is UTF-8 makes the product of
/// TextKey::hash() zero.
inline std::vector<std::string> crowding_texts(size_t count, int log2_slots) {
  std::vector<std::string> out;
  for (uint64_t n = 0; out.size() < count; ++n) {
    std::string text = "cust" + letters(n);
    uint32_t code;
    const uint64_t slot = internal::TextKey::of(text, &code).hash(code) >> 20;
    if ((slot >> (log2_slots - 6) & 63) == 0) out.push_back(std::move(text));
  }
  return out;
}

/// The n-th text of 33 bytes with one unseeded_hash() for all n below 2^32. A first block of 16
/// bytes is sought that leaves a state of eight ASCII bytes; these, as the second half of the next
/// block, make its factor zero, whatever the first half, the number, is.
inline std::string colliding_text(uint64_t n) {
  constexpr uint64_t kSize = 33;
  static const std::string begin = [] {
    for (uint64_t i = 0;; ++i) {
      std::string block = "customer" + letters(i);
      uint64_t a, b;
      std::memcpy(&a, block.data(), 8);
      std::memcpy(&b, block.data() + 8, 8);
      const uint64_t state =
          internal::fold_product(a ^ 0x2d358dccaa6c78a5u, b ^ (0x9e3779b97f4a7c15u ^ kSize));
      if ((state & 0x8080808080808080u) != 0) continue;
      return block + std::string(reinterpret_cast<const char*>(&state), 8);
    }
  }();
  return begin.substr(0, 16) + letters(n) + begin.substr(16) + "!";
}

}  // namespace patron::test
