#include "lib/book/sum_guard.h"

#include <algorithm>
#include <cstring>
#include <unordered_map>

#include "lib/base/int_bounds.h"

namespace patron::internal {
namespace {

int64_t int_cell(const BatchColumn& column, size_t i) {
  int64_t value = 0;
  std::memcpy(&value, column.cells.data() + i * sizeof value, sizeof value);
  return value;
}

}  // namespace

// The sum of |cell| over rows of a column.
Uint128 SumGuard::sum_of_distances(const EventRows& rows, int c, size_t begin, size_t end) {
  const auto* cells = static_cast<const int64_t*>(rows.column(c));
  Uint128 total = 0;
  for (size_t i = begin; cells != nullptr && i < end; ++i) total += distance(cells[i]);
  return total;
}

Uint128 SumGuard::sum_of_log(const LogState& log, uint32_t customer, int c) {
  const EventPage* page = log.page_of(customer);
  if (page == nullptr) return 0;
  const uint32_t local = customer % kPageCustomers;
  Uint128 total = 0;
  if (page->base != nullptr) {
    total += sum_of_distances(page->base->rows, c, page->base_begin(local), page->base_end(local));
  }
  std::vector<uint32_t> rows;
  page->tail_rows(local, rows);
  for (const uint32_t row : rows) total += sum_of_distances(page->tail, c, row, row + size_t{1});
  if (const LongLog* apart = page->long_log(local); apart != nullptr) {
    for (const std::shared_ptr<LogChunk>& chunk : apart->chunks) {
      total += sum_of_distances(chunk->rows, c, 0, chunk->rows.size());
    }
  }
  return total;
}

uint64_t largest_distance(std::span<const int64_t> cells) {
  const IntBounds bounds = bounds_of(cells);
  if (cells.empty()) return 0;
  // Nearly always none is null.
  if (bounds.least != kNullInt) {
    return std::max(SumGuard::distance(bounds.least), SumGuard::distance(bounds.most));
  }
  uint64_t largest = 0;
  for (const int64_t cell : cells) largest = std::max(largest, SumGuard::distance(cell));
  return largest;
}

bool SumGuard::are_small(const EventBatch& batch, uint64_t rows) {
  bool small = true;
  for (size_t s = 0; s < layout_->summed.size(); ++s) {
    const BatchColumn& column = batch.columns[static_cast<size_t>(layout_->summed[s])];
    if (!column.given) continue;
    for (size_t i = 0; i < batch.size(); ++i) {
      largest_[s] = std::max(largest_[s], distance(int_cell(column, i)));
    }
    small &= static_cast<Uint128>(largest_[s]) * (rows + batch.size()) <= INT64_MAX;
  }
  return small;
}

bool SumGuard::are_small(std::span<const uint64_t> largest, uint64_t rows) {
  bool small = true;
  for (size_t s = 0; s < largest_.size(); ++s) {
    largest_[s] = std::max(largest_[s], largest[s]);
    small &= static_cast<Uint128>(largest_[s]) * rows <= INT64_MAX;
  }
  return small;
}

bool SumGuard::mark_large(const EventBatch& batch, const LogState& log,
                          std::vector<uint8_t>& marked, std::vector<int>& column) const {
  bool any = false;
  for (const int c : layout_->summed) {
    const BatchColumn& cells = batch.columns[static_cast<size_t>(c)];
    if (!cells.given) continue;
    std::unordered_map<uint32_t, Uint128> totals;
    for (size_t i = 0; i < batch.size(); ++i) {
      const uint64_t more = distance(int_cell(cells, i));
      if (more == 0 || marked[i] != 0) continue;
      const auto [total, made] = totals.try_emplace(batch.customers[i], 0);
      if (made) total->second = sum_of_log(log, batch.customers[i], c);
      if (total->second + more > INT64_MAX) {
        marked[i] = 1;
        column[i] = c;
        any = true;
      } else {
        total->second += more;
      }
    }
  }
  return any;
}

void SumGuard::see(const EventRows& rows) {
  for (size_t s = 0; s < layout_->summed.size(); ++s) {
    const auto* cells = static_cast<const int64_t*>(rows.column(layout_->summed[s]));
    for (size_t i = 0; cells != nullptr && i < rows.size(); ++i) {
      largest_[s] = std::max(largest_[s], distance(cells[i]));
    }
  }
}

}  // namespace patron::internal
