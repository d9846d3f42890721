// The quantile of the normal distribution, with the same bits on every processor.
//
//   normal_upper_quantile(0.025) == 1.959963984540054...;   // P(Z > z) = 0.025
//
// Thread class: pure.
#pragma once

namespace patron::internal::ltv {

/// The z with P(Z > z) = tail, for a tail in (0, 0.5]; to 1e-15 of itself or of 1 (Wichura 1988,
/// "The percentage points of the normal distribution", Algorithm AS 241, PPND16).
double normal_upper_quantile(double tail);

}  // namespace patron::internal::ltv
