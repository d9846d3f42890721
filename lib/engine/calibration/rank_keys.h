// The values by which a rank orders customers, as whole numbers in the same order, and who is in.
//
//   rank_key(Cell::of(1250), Kind::kMoney) >= frozen.cut;      // she is inside
//
// Whole numbers, money, times and truths are themselves; doubles are their order_key(). So a cut is
// compared exactly, whatever its kind.
//
// Thread class of everything here: pure.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>

#include "lib/engine/calibration/calibration_data.h"
#include "lib/policy/policy_data.h"
#include "patron/book.h"

namespace patron::internal {

/// Absent where she has none: null, or no number.
inline std::optional<int64_t> rank_key(const Cell& cell, Kind kind) {
  if (!cell.known) return std::nullopt;
  if (kind != Kind::kDouble) return cell.integer;
  return std::isnan(cell.number) ? std::nullopt : std::optional(order_key(cell.number));
}

/// Whether a class of a rank takes whoever is in none.
inline bool is_rest(const PolicyClass& of) { return !of.share && !of.top_percent && !of.top; }

/// Whether she has one of the seats.
inline bool has_seat(const RankConstants::Class& frozen, CustomerId id) {
  const auto found = std::lower_bound(frozen.seats.begin(), frozen.seats.end(), id, IdLess());
  return found != frozen.seats.end() && found->number == id.number && found->text == id.text;
}

}  // namespace patron::internal
