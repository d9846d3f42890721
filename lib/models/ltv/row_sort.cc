#include "lib/models/ltv/row_sort.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <optional>
#include <utility>

#include "lib/models/ltv/rows.h"

namespace patron::internal::ltv {
namespace {

constexpr size_t kRadixFrom = 2048;

bool before(const WeightedRow& a, const WeightedRow& b) {
  if (a.first != b.first) return a.first < b.first;
  if (a.second != b.second) return a.second < b.second;
  if (a.third != b.third) return a.third < b.third;
  return a.weight < b.weight;
}

bool customer_before(const WeightedRow& a, const WeightedRow& b) {
  if (a.first != b.first) return a.first < b.first;
  if (a.second != b.second) return a.second < b.second;
  return a.third < b.third;
}

struct Item {
  uint64_t key;
  uint32_t row;
};

/// Numbers of at least 0 order as their bits do. The bits from the highest in which two values of a
/// column differ down are all that tells them apart.
class ColumnBits {
 public:
  void see(double value) {
    const auto bits = std::bit_cast<uint64_t>(value);
    lowest_ = std::min(lowest_, bits);
    highest_ = std::max(highest_, bits);
  }
  int width() const {
    return lowest_ > highest_ ? 0 : static_cast<int>(std::bit_width(highest_ - lowest_));
  }
  uint64_t of(double value) const { return std::bit_cast<uint64_t>(value) - lowest_; }

 private:
  uint64_t lowest_ = ~uint64_t{0}, highest_ = 0;
};

/// Whether `first` counts, as in all models, and how many bits it needs.
std::optional<int> count_width(const std::vector<WeightedRow>& rows) {
  constexpr double kLargest = 4294967296.0;  // 2^32
  double highest = 0;
  for (const WeightedRow& row : rows) {
    if (row.first >= kLargest || std::floor(row.first) != row.first) return std::nullopt;
    highest = std::max(highest, row.first);
  }
  return static_cast<int>(std::bit_width(static_cast<uint64_t>(highest)));
}

/// Keys whose order never contradicts that of the rows: `first`, one bit that says whether `second`
/// is above 0, then as much as there is room for of what varies next: `second`, or `third` where
/// `second` is 0.
std::vector<Item> keys_of(const std::vector<WeightedRow>& rows, int lead) {
  ColumnBits second, third;
  for (const WeightedRow& row : rows) {
    (row.second == 0 ? third : second).see(row.second == 0 ? row.third : row.second);
  }
  const int room = 63 - lead;
  const auto fit = [room](uint64_t bits, int width) {
    return width > room ? bits >> (width - room) : bits;
  };
  std::vector<Item> items(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    const WeightedRow& row = rows[i];
    uint64_t key = lead == 0 ? 0 : static_cast<uint64_t>(row.first) << (room + 1);
    key |= row.second == 0 ? fit(third.of(row.third), third.width())
                           : uint64_t{1} << room | fit(second.of(row.second), second.width());
    items[i] = {key, static_cast<uint32_t>(i)};
  }
  return items;
}

/// Least significant digit first; digits in which all keys agree cost nothing.
void radix_sort(std::vector<Item>* items) {
  constexpr int kBits = 11, kDigits = 6;
  constexpr uint64_t kMask = (uint64_t{1} << kBits) - 1;
  std::vector<std::array<uint32_t, size_t{1} << kBits>> counts(kDigits);
  for (const Item& item : *items) {
    for (int d = 0; d < kDigits; ++d)
      ++counts[static_cast<size_t>(d)][item.key >> (kBits * d) & kMask];
  }
  std::vector<Item> spare(items->size());
  for (int d = 0; d < kDigits; ++d) {
    auto& starts = counts[static_cast<size_t>(d)];
    if (starts[items->front().key >> (kBits * d) & kMask] == items->size()) continue;
    uint32_t sum = 0;
    for (uint32_t& start : starts) sum += std::exchange(start, sum);
    for (const Item& item : *items) spare[starts[item.key >> (kBits * d) & kMask]++] = item;
    items->swap(spare);
  }
}

}  // namespace

bool same_customer(const WeightedRow& a, const WeightedRow& b) {
  return a.first == b.first && a.second == b.second && a.third == b.third;
}

void sort_rows(std::vector<WeightedRow>* rows) {
  const std::optional<int> lead = count_width(*rows);
  if (rows->size() < kRadixFrom || rows->size() > ~uint32_t{0} || !lead) {
    std::sort(rows->begin(), rows->end(), before);
    return;
  }
  std::vector<Item> items = keys_of(*rows, *lead);
  radix_sort(&items);
  std::vector<WeightedRow> sorted(rows->size());
  for (size_t i = 0; i < items.size(); ++i) sorted[i] = (*rows)[items[i].row];
  for (size_t begin = 0; begin < items.size();) {
    size_t end = begin + 1;
    while (end < items.size() && items[end].key == items[begin].key) ++end;
    if (end - begin > 1) {
      std::sort(sorted.begin() + static_cast<int64_t>(begin),
                sorted.begin() + static_cast<int64_t>(end), before);
    }
    begin = end;
  }
  rows->swap(sorted);
}

MergePlan::MergePlan(const std::vector<std::vector<WeightedRow>>& runs) : runs_(runs) {
  constexpr size_t kRangeRows = 16384;
  std::vector<WeightedRow> splitters;
  for (const auto& run : runs) {
    for (size_t i = kRangeRows; i < run.size(); i += kRangeRows) splitters.push_back(run[i]);
  }
  std::sort(splitters.begin(), splitters.end(), customer_before);
  splitters.erase(std::unique(splitters.begin(), splitters.end(), same_customer), splitters.end());
  cuts_.emplace_back(runs.size(), 0);
  for (const WeightedRow& splitter : splitters) {
    std::vector<size_t> cut;
    cut.reserve(runs.size());
    for (const auto& run : runs) {
      cut.push_back(static_cast<size_t>(
          std::lower_bound(run.begin(), run.end(), splitter, customer_before) - run.begin()));
    }
    cuts_.push_back(std::move(cut));
  }
  std::vector<size_t> ends;
  ends.reserve(runs.size());
  for (const auto& run : runs) ends.push_back(run.size());
  cuts_.push_back(std::move(ends));
}

std::vector<WeightedRow> MergePlan::merge(int64_t k, const Pause& pause) const {
  const auto& begin = cuts_[static_cast<size_t>(k)];
  const auto& end = cuts_[static_cast<size_t>(k) + 1];
  std::vector<WeightedRow> rows;
  std::vector<size_t> bounds{0};
  for (size_t run = 0; run < runs_.size(); ++run) {
    rows.insert(rows.end(), runs_[run].begin() + static_cast<int64_t>(begin[run]),
                runs_[run].begin() + static_cast<int64_t>(end[run]));
    if (rows.size() > bounds.back()) bounds.push_back(rows.size());
  }
  std::vector<WeightedRow> spare(rows.size());
  while (bounds.size() > 2) {
    std::vector<size_t> merged{0};
    for (size_t i = 0; i + 1 < bounds.size(); i += 2) {
      if (pause.stop()) return rows;
      const auto from = rows.begin();
      const size_t last = bounds[std::min(i + 2, bounds.size() - 1)];
      std::merge(from + static_cast<int64_t>(bounds[i]), from + static_cast<int64_t>(bounds[i + 1]),
                 from + static_cast<int64_t>(bounds[i + 1]), from + static_cast<int64_t>(last),
                 spare.begin() + static_cast<int64_t>(bounds[i]), before);
      merged.push_back(last);
    }
    rows.swap(spare);
    bounds.swap(merged);
  }
  return rows;
}

}  // namespace patron::internal::ltv
