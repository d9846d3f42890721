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
  /// Cumulative shares of the total, increasing, each in (0, 1]. Values must not be negative.
  std::vector<double> shares;
  /// Cumulative percents of the ranked customers, increasing, each in (0, 100].
  std::vector<double> top_percents;
  /// A number of seats. A tied group that does not fit whole stays out.
  std::optional<int64_t> top;
};

struct RankResult {
  /// For each input row: rank int64 (1 = the highest; equal values share the smallest rank of their
  /// group), cumulative_share double (of the total, to the end of the group), class int8 (0 =
  /// first; null where the value is null).
  Table table;
  /// shares and top_percents: class c holds every value >= cuts[c] (and below cuts[c - 1]): the
  /// smallest value admitted to each class but the last. top: one cut. Where a class admits nobody
  /// its cut is that of the class before (+infinity for the first).
  std::vector<double> cuts;
  std::vector<int64_t> members;  ///< of each class, the last one included
  int64_t ranked = 0;            ///< values that are not null
};

/// Ranks one column of integers, doubles or decimals. Integers and decimals are summed exactly;
/// doubles with an error below one unit in the last place, the same for any order of rows.
/// Code::kColumn, kType, kEmpty (no value that is not null), kNumber (NaN or infinite, with the
/// row), kArgument (options, or a negative value where shares are asked for, with the row).
Result<RankResult> rank(const Table& table, std::string_view column, const RankOptions& options);

}  // namespace v0
}  // namespace patron
