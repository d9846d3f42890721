#include "lib/book/sum_guard.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <map>
#include <string_view>
#include <tuple>

#include "lib/base/int_bounds.h"
#include "lib/book/event_probe.h"

namespace patron::internal {
namespace {

int64_t int_cell(const BatchColumn& column, size_t i) {
  int64_t value = 0;
  std::memcpy(&value, column.cells.data() + i * sizeof value, sizeof value);
  return value;
}

uint64_t distance_at(const EventBatch& batch, int c, size_t i) {
  const BatchColumn& column = batch.columns[static_cast<size_t>(c)];
  return column.given ? SumGuard::distance(int_cell(column, i)) : 0;
}

// Rows of one customer with one event key are one event, of which the later corrects the earlier.
using BatchKey = std::tuple<uint32_t, int64_t, std::string_view>;

// The same of all rows where the stream has no keys: then nobody looks at it.
BatchKey key_of(const EventBatch& batch, size_t i) {
  if (batch.layout->key < 0) return {};
  const EventProbe probe(batch, i);
  return {batch.customers[i], probe.number, probe.long_text};
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

// What the log has of each customer whose sums could leave int64 if every row of the batch were
// new: nobody else is looked at row by row.
std::unordered_map<uint32_t, SumGuard::Totals> SumGuard::totals_that_may_be_large(
    const EventBatch& batch, const LogState& log) const {
  std::unordered_map<uint32_t, Totals> most;
  for (size_t i = 0; i < batch.size(); ++i) {
    Totals& hers = most[batch.customers[i]];
    hers.resize(layout_->summed.size());
    for (size_t s = 0; s < hers.size(); ++s) {
      hers[s] += distance_at(batch, layout_->summed[s], i);
    }
  }
  for (auto hers = most.begin(); hers != most.end();) {
    bool large = false;
    for (size_t s = 0; s < hers->second.size(); ++s) {
      const Uint128 there = sum_of_log(log, hers->first, layout_->summed[s]);
      large |= there + hers->second[s] > INT64_MAX;
      hers->second[s] = there;
    }
    hers = large ? std::next(hers) : most.erase(hers);
  }
  return most;
}

bool SumGuard::mark_large(const EventBatch& batch, const LogState& log,
                          const std::function<Known(size_t)>& known, std::vector<uint8_t>& marked,
                          std::vector<int>& column) const {
  bool any = false;
  std::unordered_map<uint32_t, Totals> totals = totals_that_may_be_large(batch, log);
  std::map<BatchKey, size_t> filed;  // of each key its newest row of the batch
  Totals after(layout_->summed.size());
  for (size_t i = 0; i < batch.size(); ++i) {
    const auto hers = totals.find(batch.customers[i]);
    if (hers == totals.end()) continue;
    const BatchKey key = key_of(batch, i);
    const auto before = layout_->key < 0 ? filed.end() : filed.find(key);
    Known old;
    if (layout_->key >= 0 && before == filed.end()) old = known(i);
    for (size_t s = 0; s < after.size() && marked[i] == 0; ++s) {
      const int c = layout_->summed[s];
      after[s] = hers->second[s] + distance_at(batch, c, i);
      if (before != filed.end()) after[s] -= distance_at(batch, c, before->second);
      if (old.rows != nullptr) after[s] -= sum_of_distances(*old.rows, c, old.row, old.row + 1);
      if (after[s] <= INT64_MAX) continue;
      marked[i] = 1;
      column[i] = c;
      any = true;
    }
    if (marked[i] != 0) continue;
    hers->second = after;
    if (layout_->key >= 0) filed[key] = i;
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
