// Drift: how far a population moved between two calibrations, and how many customers new cuts move.
//
//   double psi = stability_index(old_counts, new_counts);
//   double movers = share_of_movers(values, old_cuts, new_cuts);
//
// Thread class of everything here: pure.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lib/engine/calibration/multiset.h"

namespace patron::internal {

/// The share that stands for an empty bin, so that its logarithm exists.
inline constexpr double kLeastShare = 1e-4;

/// sum (q - p) ln(q / p) over the shares p of `before` and q of `after`, each at least kLeastShare
/// (Siddiqi 2006, Credit Risk Scorecards, chapter 10). 0 where one of them counts nobody.
double stability_index(std::span<const int64_t> before, std::span<const int64_t> after);

/// How many of the values (of width 1) lie above none of the cuts, above one, ... Cuts ascend.
std::vector<int64_t> bin_counts(const Multiset& values, std::span<const int64_t> cuts);

/// The share of the values that lie above another number of the new cuts than of the old ones; 0
/// of nobody.
double share_of_movers(const Multiset& values, std::span<const int64_t> before,
                       std::span<const int64_t> after);

}  // namespace patron::internal
