// What a SegmentTable shares: its rows and, for each, the cells it claims.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "patron/segments.h"

namespace patron {
namespace internal {

inline constexpr int kMaxSegmentBins = 10;
inline constexpr int kMaxSegmentRows = 1000;

/// A set of cells (R, F, M).
using CellSet = std::bitset<kMaxSegmentBins * kMaxSegmentBins * kMaxSegmentBins>;

/// Where a triple stands in a CellSet: R slowest, M fastest. Scores from 1 to bins.
inline size_t cell_of(int bins, const Scores& s) {
  return static_cast<size_t>(((s.r - 1) * bins + s.f - 1) * bins + s.m - 1);
}

/// `row 3 "Loyal": `: how messages name a row.
std::string row_prefix(size_t row, const SegmentRow& content);

}  // namespace internal

inline namespace v0 {

struct SegmentTable::Data {
  int bins = 5;
  SegmentGrid grid = SegmentGrid::kRFM;
  std::vector<SegmentRow> rows;
  std::vector<internal::CellSet> claims;  ///< of each row
  std::vector<int16_t> first;             ///< of each cell: the first row that claims it, or -1
};

}  // namespace v0
}  // namespace patron
