#include "lib/engine/tables/page_bits.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "lib/base/simd.h"
#include "lib/metrics/row_bits.h"

namespace patron::internal {
namespace {

// Bits of a page to those of a table from a place on; there are words for all of them.
void put_run(const uint64_t* from, uint32_t n, uint32_t first, uint64_t* to) {
  to += first / 64;
  const uint32_t shift = first % 64;
  for (uint32_t k = 0; k < n; k += 64, ++from, ++to) {
    to[0] |= *from << shift;
    to[1] |= *from >> 1 >> (63 - shift);
  }
}

void put_each(const uint64_t* from, const TablePlaces& places, uint64_t* to) {
  for (uint32_t k = 0; k < places.n; ++k) {
    const uint32_t place = places.place(k);
    if (place != kNoPlace) to[place / 64] |= (from[k / 64] >> k % 64 & 1) << place % 64;
  }
}

}  // namespace

void PageBits::put(uint32_t page, const uint8_t* bytes, uint32_t n) {
  Page& out = pages_[page];
  if (n == kPageCustomers) return pack_words(bytes, out.size(), out.data());
  std::array<uint8_t, kPageCustomers> all{};
  std::memcpy(all.data(), bytes, n);
  pack_words(all.data(), out.size(), out.data());
}

void PageBits::put(uint32_t page, const int64_t* values, uint32_t n) {
  std::array<uint8_t, kPageCustomers> bytes;
  run_with_best_simd([&]() __attribute__((always_inline)) {
    const int64_t* const from = values;
    const uint32_t count = n;
    for (uint32_t k = 0; k < count; ++k) bytes[k] = static_cast<uint8_t>(from[k]);
    return 0;
  });
  put(page, bytes.data(), n);
}

Buffer PageBits::packed(const TableOrder& order, size_t rows) const {
  const size_t words = rows / 64 + 2;
  Buffer out(words * sizeof(uint64_t));
  auto* const to = out.as<uint64_t>();
  std::fill_n(to, words, 0);
  for (uint32_t page = 0; page < pages_.size(); ++page) {
    const TablePlaces places = order.of_page(page);
    const uint64_t* const from = pages_[page].data();
    if (places.first != kNoPlace) {
      put_run(from, places.n, places.first, to);
    } else {
      put_each(from, places, to);
    }
  }
  if constexpr (std::endian::native == std::endian::big) {
    for (size_t w = 0; w < words; ++w) to[w] = __builtin_bswap64(to[w]);
  }
  out.truncate((rows + 7) / 8);
  return out;
}

}  // namespace patron::internal
