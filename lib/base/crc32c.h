// CRC-32C (Castagnoli): finds every damage of up to 32 bits in a row, and nearly every other. No
// protection against who means it.
//
//   crc32c("123456789");   // 0xE3069283
//
// Formula: RFC 3720, section 12.1 and appendix B.4; the reflected polynomial 0x82F63B78. Eight
// bytes a step by tables (Kounavis and Berry 2005), or by the instruction for it where a processor
// has it.
#pragma once

#include <cstdint>
#include <string_view>

namespace patron::internal {

/// `before`: the CRC of what stands before these bytes. Thread class: pure. Cost: linear.
uint32_t crc32c(std::string_view bytes, uint32_t before = 0);
/// The same by tables alone.
uint32_t crc32c_by_tables(std::string_view bytes, uint32_t before = 0);

}  // namespace patron::internal
