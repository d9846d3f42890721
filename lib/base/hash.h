// Hashing for tables in memory: fast, and not to be foreseen by who chooses the ids.
//
// A hash depends on a seed that each table draws for itself, so ids cannot be crafted to collide. A
// hash must therefore never reach a result: it orders nothing and is never stored.
//
//   const HashSeed seed = HashSeed::unpredictable();
//   uint64_t h = hash_id(customer, seed);
//
// The mixing step is the folded 64 x 64 -> 128 bit product of wyhash (Wang Yi, 2019), with secret
// factors instead of published ones.
//
// Thread class of everything here: pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "lib/base/int128.h"
#include "lib/base/os.h"

namespace patron::internal {

struct HashSeed {
  uint64_t a = 0, b = 0, c = 0;

  static HashSeed unpredictable() {
    return {unpredictable_bits(), unpredictable_bits() | 1, unpredictable_bits() | 1};
  }
};

inline uint64_t fold_product(uint64_t x, uint64_t y) {
  const Uint128 product = static_cast<Uint128>(x) * y;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

inline uint64_t hash_id(int64_t id, const HashSeed& seed) {
  return fold_product(fold_product(static_cast<uint64_t>(id) ^ seed.a, seed.b) ^ seed.a, seed.c);
}

inline uint64_t hash_bytes(const uint8_t* bytes, size_t size, const HashSeed& seed) {
  const auto load8 = [](const uint8_t* p) {
    uint64_t word;
    std::memcpy(&word, p, sizeof(word));
    return word;
  };
  const auto load4 = [](const uint8_t* p) {
    uint32_t word;
    std::memcpy(&word, p, sizeof(word));
    return uint64_t{word};
  };
  uint64_t state = seed.a ^ size;
  size_t left = size;
  const uint8_t* p = bytes;
  for (; left > 16; p += 16, left -= 16) {
    state = fold_product(load8(p) ^ seed.b, load8(p + 8) ^ state);
  }
  uint64_t head = 0;
  uint64_t tail = 0;
  if (left >= 8) {
    head = load8(p);
    tail = load8(p + left - 8);
  } else if (left >= 4) {
    head = load4(p);
    tail = load4(p + left - 4);
  } else if (left > 0) {
    head = uint64_t{p[0]} << 16 | uint64_t{p[left / 2]} << 8 | p[left - 1];
  }
  return fold_product(fold_product(head ^ seed.b, tail ^ state) ^ seed.a, seed.c);
}

}  // namespace patron::internal
