// Of 1,000 subscribers of two kinds, the per mille still there after each of 12 renewals: Fader and
// Hardie (2007), "How to project customer retention", Journal of Interactive Marketing 21(1), table
// 1 (after Berry and Linoff 2004). The model is fitted to the first seven.
#pragma once

#include <array>
#include <vector>

#include "tests/models/ltv/likelihood_checks.h"

namespace patron::test {

inline constexpr std::array<double, 13> kRegular{1000, 631, 468, 382, 326, 289, 262,
                                                 241,  223, 207, 194, 183, 173};
inline constexpr std::array<double, 13> kHighEnd{1000, 869, 743, 653, 593, 551, 517,
                                                 491,  468, 445, 427, 409, 394};

/// Rows (T, churned) of the first `renewals`.
inline internal::ltv::UniqueRows subscribers(const std::array<double, 13>& survivors,
                                             size_t renewals) {
  std::vector<internal::ltv::TestRow> rows;
  for (size_t t = 1; t <= renewals; t++)
    rows.push_back({static_cast<double>(t), 1, 0, survivors[t - 1] - survivors[t]});
  rows.push_back({static_cast<double>(renewals), 0, 0, survivors[renewals]});
  return internal::ltv::rows_of(rows);
}

/// The model fitted to the first seven renewals, as a table of counts.
inline Result<Ltv> fit_subscribers(const std::array<double, 13>& survivors, LtvModel model) {
  const internal::ltv::UniqueRows rows = subscribers(survivors, 7);
  const Table table = *TableBuilder()
                           .doubles("T", {rows.first.begin(), rows.first.end()})
                           .doubles("churned", {rows.second.begin(), rows.second.end()})
                           .doubles("count", {rows.weight.begin(), rows.weight.end()})
                           .finish();
  LtvFitOptions options;
  options.columns = {.T = "T", .churned = "churned", .weight = "count"};
  options.unit = LtvUnit::kYear;
  return Ltv::fit(table, model, options);
}

}  // namespace patron::test
