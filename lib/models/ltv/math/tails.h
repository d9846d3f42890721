// Probabilities in pairs that add up to 1, so that neither loses digits near 1.
#pragma once

namespace patron::internal::ltv {

/// A number of [0, 1] and 1 less it.
struct UnitPoint {
  double value, complement;
};

/// Two probabilities that add up to 1, and their logarithms.
struct Tails {
  double lower, upper;
  double log_lower, log_upper;
};

}  // namespace patron::internal::ltv
