// Rank: A/B/C by cumulative share, the top n, the top percent.
//
// Values are ranked from the top; customers with equal values are one group, and a group is never
// split. With shares {0.8, 0.95}: whoever stands within the first 80 % of the total is A, and so is
// the one who crosses it; then B to 95 %; C is the rest. A null value has no class (docs/rfm.md).
//
//   patron::RankOptions options;
//   options.shares = {0.8, 0.95};
//   patron::Result<patron::RankResult> abc = patron::rank(table, "monetary_minor", options);
//
// Thread class of everything here: pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "patron/status.h"
#include "patron/table.h"

namespace patron {
inline namespace v0 {

/// Exactly one of the three is given.
struct RankOptions {
  /// Cumulative shares of the total, increasing, each in (0, 1], at most 126. Values must not be
  /// negative. A share means the decimal that a person wrote: 0.8 is 8/10.
  std::vector<double> shares;
  /// Cumulative percents of the ranked customers, increasing, each in (0, 100], at most 126.
  std::vector<double> top_percents;
  /// A number of seats, 1 or more. A tied group that does not fit whole stays out, and so does
  /// whoever comes after it.
  std::optional<int64_t> top;
};

struct RankResult {
  /// For each input row, all three null where the value is null:
  ///   rank              int64, 1 = the highest; equal values share the smallest of their ranks
  ///   cumulative_share  double, of the total, to the end of the group; null in every row where
  ///                     the total is not above zero
  ///   class             int8, 0 = first
  Table table;
  /// shares and top_percents: class c holds every value >= cuts[c] (and below cuts[c - 1]): the
  /// smallest value admitted to each class but the last. top: one cut. Where a class admits nobody
  /// its cut is that of the class before (+infinity for the first). A decimal or a whole number
  /// beyond 2^53 gives the nearest double: compare it with the value as double.
  std::vector<double> cuts;
  std::vector<int64_t> members;  ///< of each class, the last one included
  int64_t ranked = 0;            ///< values that are not null
};

/// Ranks one column of integers, decimals, float or double. Sums and boundaries are exact, doubles
/// included, so neither the order of rows nor rounding moves anybody across a boundary; a
/// cumulative_share is off by less than two units in the last place. Code::kColumn, kType, kEmpty
/// (no value that is not null), kNumber (NaN or infinite, with the row), kArgument (options; or a
/// negative value where shares are asked for, with the row). Thread class: pure. Cost: a radix
/// sort; scratch is 32 bytes a value.
Result<RankResult> rank(const Table& table, std::string_view column, const RankOptions& options);

}  // namespace v0
}  // namespace patron
