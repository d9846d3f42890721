// Walk: the rows of a page that count, customer by customer, for the kernels of page_verbs.h.
//
//   const Walk walk(events);
//   each_row(walk, i, [&](uint32_t row) { ... });   // in order
//
// Thread class: serial.
#pragma once

#include <cstdint>

#include "lib/base/simd.h"
#include "lib/metrics/page_verbs.h"

namespace patron::internal {

/// What the kernels walk over. Loops copy it, so that what they write is known not to change it.
struct Walk {
  explicit Walk(const PageEvents& events)
      : rows(events.stream.rows(events.window)),
        selected(events.stream.selected(events.selection).view()),
        customers(events.stream.customers()) {}
  uint32_t count(uint32_t i) const { return selected.count(rows.begin[i], rows.end[i]); }
  PageRows rows;
  RowBitsView selected;
  uint32_t customers;
};

/// Every row of customer i that counts, in order.
template <typename Visit>
PATRON_SIMD_INLINE void each_row(const Walk& walk, uint32_t i, const Visit& visit) {
  walk.selected.each(walk.rows.begin[i], walk.rows.end[i], visit);
}

}  // namespace patron::internal
