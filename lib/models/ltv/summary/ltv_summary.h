// Summary: how ltv_summary() is carried out, for tests that compare its ways.
#pragma once

#include <cstdint>

#include "patron/ltv_summary.h"

namespace patron::internal {

/// How the work is done; the result does not depend on it.
struct SummaryTuning {
  int64_t batch_rows = 0;  ///< rows of a unit of work; 0: chosen
  bool fast = true;        ///< false: every customer goes by summarise_customer()
};

/// As patron::ltv_summary.
Result<LtvSummaryResult> summarise(const Table& orders, const LtvSummaryOptions& options,
                                   const SummaryTuning& tuning);

}  // namespace patron::internal
