// Heaviest code: of each customer of a page the word that weighs most, as a code.
//
//   heaviest_codes(walk, codes, amounts, weights, out);
//   if (out[i] != kNullEnum) weights.text(out[i]);
//
// Customers of up to eight rows, which nearly all are, are done without a branch where the
// processor has AVX2: each row is compared with all of hers. heaviest_codes_one_by_one() adds up
// row by row, and is the plain way that the tests compare with.
//
// Thread class: serial.
#pragma once

#include <cstdint>

#include "lib/metrics/code_weights.h"
#include "lib/metrics/page_walk.h"

namespace patron::internal {

/// Of each customer the code of the greatest sum, of equals the one whose text is less; kNullEnum
/// where no row counts. A row weighs `by`, or 1 where that is null, and counts where neither cell
/// is null. The sums of a customer stay within 64 bits. Throws std::bad_alloc.
void heaviest_codes(const Walk& walk, const uint32_t* codes, const int64_t* by,
                    const CodeWeights& texts, uint32_t* out);
/// The same.
void heaviest_codes_one_by_one(const Walk& walk, const uint32_t* codes, const int64_t* by,
                               const CodeWeights& texts, uint32_t* out);

}  // namespace patron::internal
