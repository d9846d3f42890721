// The linter of segment tables: gaps, overlaps and rows that no customer can reach.

#include <algorithm>
#include <cstdint>
#include <vector>

#include "lib/models/rfm/segment_data.h"
#include "patron/segments.h"

namespace patron {
inline namespace v0 {
namespace {

using internal::cell_of;
using internal::CellSet;
using Finding = SegmentLint::Finding;

// The cells of a grid, each as one triple that stands for it.
std::vector<Scores> cells_of(SegmentGrid grid, int bins) {
  std::vector<Scores> cells;
  for (int r = 1; r <= bins; ++r) {
    if (grid == SegmentGrid::kRxFM) {
      for (int sum = 2; sum <= 2 * bins; ++sum) cells.push_back({r, sum / 2, sum - sum / 2});
      continue;
    }
    for (int f = 1; f <= bins; ++f) {
      for (int m = 1; m <= (grid == SegmentGrid::kRFM ? bins : 1); ++m) cells.push_back({r, f, m});
    }
  }
  return cells;
}

Finding finding(Finding::Kind kind, int row, int other, SegmentGrid grid, Scores witness,
                int cells) {
  const double fm = grid == SegmentGrid::kRxFM ? (witness.f + witness.m) / 2.0 : 0.0;
  if (grid == SegmentGrid::kRxF) witness.m = 0;
  return {kind, row, other, witness, fm, cells};
}

// The first row from `from` on that claims the cell, or -1.
int claimant(const std::vector<CellSet>& claims, size_t cell, size_t from) {
  for (size_t row = from; row < claims.size(); ++row) {
    if (claims[row][cell]) return static_cast<int>(row);
  }
  return -1;
}

}  // namespace

SegmentLint SegmentTable::lint() const {
  const std::vector<Scores> cells = cells_of(grid(), bins());
  SegmentLint lint;
  lint.cells = static_cast<int>(cells.size());
  std::vector<Finding> overlaps;
  for (const Scores& s : cells) {
    const size_t cell = cell_of(bins(), s);
    const int winner = data_->first[cell];
    if (winner < 0) {
      lint.findings.push_back(finding(Finding::Kind::kGap, -1, -1, grid(), s, 1));
      ++lint.gaps;
      continue;
    }
    const int next = claimant(data_->claims, cell, static_cast<size_t>(winner) + 1);
    if (next < 0) continue;
    overlaps.push_back(finding(Finding::Kind::kOverlap, winner, next, grid(), s, 1));
    ++lint.overlaps;
  }
  lint.findings.insert(lint.findings.end(), overlaps.begin(), overlaps.end());

  std::vector<int> hidden_by(data_->rows.size());
  for (size_t row = 0; row < data_->rows.size(); ++row) {
    std::fill(hidden_by.begin(), hidden_by.end(), 0);
    int claimed = 0;
    bool reached = false;
    Scores witness;
    for (const Scores& s : cells) {
      const size_t cell = cell_of(bins(), s);
      if (!data_->claims[row][cell]) continue;
      if (claimed++ == 0) witness = s;
      reached = reached || data_->first[cell] == static_cast<int>(row);
      ++hidden_by[static_cast<size_t>(data_->first[cell])];
    }
    if (reached) continue;
    const auto most = std::max_element(hidden_by.begin(), hidden_by.end());
    const int other = claimed == 0 ? -1 : static_cast<int>(most - hidden_by.begin());
    lint.findings.push_back(finding(Finding::Kind::kUnreachable, static_cast<int>(row), other,
                                    grid(), witness, claimed));
  }
  return lint;
}

}  // namespace v0
}  // namespace patron
