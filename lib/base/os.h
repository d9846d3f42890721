// What lib/ asks of the operating system: this header and os.cc are the only place that does.
//
// None of it reaches a result: it decides how fast something goes, never what comes out.
#pragma once

#include <cstddef>
#include <cstdint>

namespace patron::internal {

/// Asks for huge pages behind [data, data + bytes). Quietly does nothing where there are none.
/// Thread class: pure.
void advise_huge_pages(void* data, size_t bytes);

/// The cores this process may run on; at least 1. Thread class: pure.
int usable_cores();

/// 64 bits that an adversary cannot foresee, for hash seeds. Falls back on an address of this
/// process where the system has no random source. Thread class: pure.
uint64_t unpredictable_bits();

}  // namespace patron::internal
