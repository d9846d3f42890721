#include "lib/base/crc32c.h"

#include <array>
#include <cstddef>
#include <cstring>

#include "lib/base/simd.h"

namespace patron::internal {
namespace {

using Tables = std::array<std::array<uint32_t, 256>, 8>;

// Table k: what a byte that k more bytes follow does to the CRC.
constexpr Tables make_tables() {
  Tables tables{};
  for (uint32_t byte = 0; byte < 256; ++byte) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82F63B78u : 0u);
    tables[0][byte] = crc;
  }
  for (size_t k = 1; k < tables.size(); ++k) {
    for (size_t byte = 0; byte < 256; ++byte) {
      const uint32_t before = tables[k - 1][byte];
      tables[k][byte] = (before >> 8) ^ tables[0][before & 0xFF];
    }
  }
  return tables;
}

constexpr Tables kTables = make_tables();

uint64_t load8(const char* at) {
  uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

#ifdef PATRON_HAS_AVX2
// Every processor with AVX2 has the instruction, which came with SSE 4.2.
[[gnu::target("sse4.2")]] uint32_t by_instruction(std::string_view bytes, uint32_t before) {
  uint64_t crc = ~before;
  size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) crc = __builtin_ia32_crc32di(crc, load8(bytes.data() + i));
  auto last = static_cast<uint32_t>(crc);
  for (; i < bytes.size(); ++i) {
    last = __builtin_ia32_crc32qi(last, static_cast<unsigned char>(bytes[i]));
  }
  return ~last;
}
#endif

}  // namespace

uint32_t crc32c_by_tables(std::string_view bytes, uint32_t before) {
  uint32_t crc = ~before;
  size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {
    const uint64_t word = load8(bytes.data() + i) ^ crc;
    crc = 0;
    for (size_t k = 0; k < 8; ++k) crc ^= kTables[7 - k][(word >> (8 * k)) & 0xFF];
  }
  for (; i < bytes.size(); ++i) {
    crc = (crc >> 8) ^ kTables[0][(crc ^ static_cast<unsigned char>(bytes[i])) & 0xFF];
  }
  return ~crc;
}

uint32_t crc32c(std::string_view bytes, uint32_t before) {
#ifdef PATRON_HAS_AVX2
  if (best_simd() >= SimdLevel::kAvx2) return by_instruction(bytes, before);
#endif
  return crc32c_by_tables(bytes, before);
}

}  // namespace patron::internal
