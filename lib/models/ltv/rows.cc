#include "lib/models/ltv/rows.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <string>
#include <utility>

#include "lib/models/ltv/row_sort.h"

namespace patron::internal::ltv {
namespace {

/// Rows that are read and made distinct together: their records stay in the second-level cache.
constexpr int64_t kPartRows = int64_t{1} << 17;
/// Of several threads each has some parts, so that they end together, unless these are too small.
constexpr int64_t kPartsOfThread = 4, kLeastPartRows = int64_t{1} << 14;

/// Parts of equal size; which rows are together does not reach the result.
int64_t parts_of(int64_t rows, int threads) {
  const int64_t parts = (rows + kPartRows - 1) / kPartRows;
  const int64_t wanted = threads > 1 ? threads * kPartsOfThread : 0;
  return std::max(parts, std::min(wanted, rows / kLeastPartRows));
}

WeightedRow row_of(LtvModel model, const CustomerBlock& block, size_t i) {
  const auto value = [&](CustomerPart part) { return block.of(part)[i] + 0.0; };  // -0 becomes 0
  const double weight = block.of(CustomerPart::kWeight)[i];
  switch (model) {
    case LtvModel::kNbd:
      return {value(CustomerPart::kFrequency), value(CustomerPart::kT), 0, weight};
    case LtvModel::kSbg:
    case LtvModel::kBdw:
      return {value(CustomerPart::kT), value(CustomerPart::kChurned), 0, weight};
    case LtvModel::kGammaGamma:
      return {value(CustomerPart::kFrequency), value(CustomerPart::kMonetary), 0, weight};
    default:
      return {value(CustomerPart::kFrequency), value(CustomerPart::kRecency),
              value(CustomerPart::kT), weight};
  }
}

/// Finds rows seen before, as long as there are enough of them to be worth the search, and as long
/// as rows do not collide more than chance lets them: rows can be made to. What is not found is
/// found when the rows are sorted.
class SeenRows {
 public:
  /// `most` rows will come.
  SeenRows(std::vector<WeightedRow>* rows, int64_t most)
      : rows_(rows),
        bits_(static_cast<int>(std::bit_width(static_cast<uint64_t>(most))) + 1),
        slots_(size_t{1} << bits_) {}

  void add(const WeightedRow& row) {
    if (!searching_) {
      rows_->push_back(row);
      return;
    }
    if (++added_ == kTrial && rows_->size() > kTrial * 3 / 4) searching_ = false;
    uint64_t hash = std::bit_cast<uint64_t>(row.first) * 0x9e3779b97f4a7c15U;
    hash = (hash ^ hash >> 32 ^ std::bit_cast<uint64_t>(row.second)) * 0xbf58476d1ce4e5b9U;
    hash = (hash ^ hash >> 32 ^ std::bit_cast<uint64_t>(row.third)) * 0x94d049bb133111ebU;
    uint64_t slot = hash >> (64 - bits_);
    for (int probe = 0; probe < kMostProbes; ++probe, slot = (slot + 1) % slots_.size()) {
      uint32_t& index = slots_[slot];
      if (index == 0) {
        rows_->push_back(row);
        index = static_cast<uint32_t>(rows_->size());
        return;
      }
      WeightedRow& seen = (*rows_)[index - 1];
      if (seen.first == row.first && seen.second == row.second && seen.third == row.third) {
        seen.weight += row.weight;
        return;
      }
    }
    searching_ = false;
    rows_->push_back(row);
  }

 private:
  static constexpr size_t kTrial = 8192;
  static constexpr int kMostProbes = 200;

  std::vector<WeightedRow>* rows_;
  int bits_;                     ///< of slots: at least twice as many as rows
  std::vector<uint32_t> slots_;  ///< 1 + index of a row; 0: none
  size_t added_ = 0;
  bool searching_ = true;
};

struct PartRows {
  std::vector<WeightedRow> rows;  ///< sorted; some are equal
  std::vector<FaultyRow> faults;
};

/// Where the rows of a table lie in its chunks.
class ChunkWalk {
 public:
  explicit ChunkWalk(const Table& table) {
    int64_t row = 0;
    if (table.columns() == 0) return;
    for (const Chunk& chunk : table.chunks(0)) {
      starts_.push_back(row);
      row += chunk.length;
    }
    starts_.push_back(row);
  }
  /// Calls visit(chunk, begin, n, first row) for pieces of up to kCustomerRows rows.
  template <typename Visit>
  void each(int64_t begin, int64_t end, Visit visit) const {
    auto chunk = static_cast<size_t>(std::upper_bound(starts_.begin(), starts_.end(), begin) -
                                     starts_.begin() - 1);
    while (begin < end) {
      const int64_t n = std::min({kCustomerRows, end - begin, starts_[chunk + 1] - begin});
      visit(static_cast<int>(chunk), begin - starts_[chunk], n, begin);
      begin += n;
      if (begin == starts_[chunk + 1]) ++chunk;
    }
  }

 private:
  std::vector<int64_t> starts_;
};

PartRows read_part(const CustomerReader& reader, const ChunkWalk& walk, LtvModel model,
                   bool weighted, int64_t begin, int64_t end) {
  PartRows part;
  part.rows.reserve(static_cast<size_t>(end - begin));
  SeenRows seen(&part.rows, end - begin);
  CustomerBlock block;
  walk.each(begin, end, [&](int chunk, int64_t first, int64_t n, int64_t row) {
    reader.read(chunk, first, n, &block);
    for (int64_t i = 0; i < n; i++) {
      const auto at = static_cast<size_t>(i);
      if (!block.clean && block.fault[at] != Fault()) {
        part.faults.push_back({row + i, block.fault[at]});
      } else if (weighted) {
        part.rows.push_back(row_of(model, block, at));
      } else {
        seen.add(row_of(model, block, at));
      }
    }
  });
  sort_rows(&part.rows);
  return part;
}

/// Equal rows become one.
void add_equal_rows(std::vector<WeightedRow>* rows) {
  size_t kept = 0;
  for (size_t i = 0; i < rows->size(); ++i) {
    const WeightedRow& row = (*rows)[i];
    if (kept > 0 && same_customer((*rows)[kept - 1], row)) {
      (*rows)[kept - 1].weight += row.weight;
    } else {
      (*rows)[kept++] = row;
    }
  }
  rows->resize(kept);
}

UniqueRows columns_of(std::vector<std::vector<WeightedRow>> ranges, int threads, Watch* watch,
                      Status* status) {
  std::vector<size_t> starts;
  size_t count = 0;
  for (const auto& range : ranges) {
    starts.push_back(count);
    count += range.size();
  }
  UniqueRows unique;
  for (Column* column : {&unique.first, &unique.second, &unique.third, &unique.weight})
    column->resize(count);
  *status = parallel_for(static_cast<int64_t>(ranges.size()), threads, watch, [&](int64_t k, int) {
    size_t at = starts[static_cast<size_t>(k)];
    for (const WeightedRow& row : ranges[static_cast<size_t>(k)]) {
      unique.first[at] = row.first;
      unique.second[at] = row.second;
      unique.third[at] = row.third;
      unique.weight[at++] = row.weight;
    }
    ranges[static_cast<size_t>(k)] = {};
  });
  for (const double weight : unique.weight) unique.total_weight += weight;
  return unique;
}

/// The first fault that `refuse_bad_rows = false` does not bear.
const FaultyRow* first_bad(const std::vector<FaultyRow>& faults) {
  for (const FaultyRow& faulty : faults) {
    if (faulty.fault.kind != FaultKind::kNoPurchase) return &faulty;
  }
  return nullptr;
}

}  // namespace

Result<FitRows> read_rows(const Table& customers, LtvModel model, const LtvFitOptions& options,
                          Watch* watch) {
  Result<CustomerReader> reader =
      CustomerReader::open(customers, model, options.columns, CustomerUse::kFit);
  if (!reader.ok()) return reader.status();
  const bool weighted = !options.columns.weight.empty();
  const int threads = thread_count(options.threads);
  const ChunkWalk walk(customers);
  FitRows result;
  result.rows = customers.rows();
  const int64_t tasks = parts_of(result.rows, threads);
  std::vector<PartRows> parts(static_cast<size_t>(tasks));
  Status status = parallel_for(tasks, threads, watch, [&](int64_t task, int) {
    const int64_t begin = result.rows * task / tasks, end = result.rows * (task + 1) / tasks;
    parts[static_cast<size_t>(task)] = read_part(*reader, walk, model, weighted, begin, end);
  });
  if (!status.ok()) return status;
  std::vector<std::vector<WeightedRow>> sorted;
  for (PartRows& part : parts) {
    result.faults.insert(result.faults.end(), part.faults.begin(), part.faults.end());
    if (const FaultyRow* bad = first_bad(part.faults); bad != nullptr && !options.refuse_bad_rows)
      return fault_status(*bad, options.columns);
    if (!part.rows.empty()) sorted.push_back(std::move(part.rows));
  }
  const MergePlan plan(sorted);
  std::vector<std::vector<WeightedRow>> ranges(static_cast<size_t>(plan.ranges()));
  status = parallel_for(plan.ranges(), threads, watch, [&](int64_t k, int worker) {
    std::vector<WeightedRow>& range = ranges[static_cast<size_t>(k)];
    range = plan.merge(k, Pause{watch, worker});
    add_equal_rows(&range);
  });
  if (!status.ok()) return status;
  result.unique = columns_of(std::move(ranges), threads, watch, &status);
  if (!status.ok()) return status;
  return result;
}

UniqueRows unique_rows(std::vector<WeightedRow> rows) {
  sort_rows(&rows);
  add_equal_rows(&rows);
  Status status;
  std::vector<std::vector<WeightedRow>> ranges;
  ranges.push_back(std::move(rows));
  return columns_of(std::move(ranges), 1, nullptr, &status);
}

UniqueRows sample_rows(const UniqueRows& rows, int64_t points) {
  UniqueRows sample;
  const double step = rows.total_weight / static_cast<double>(points);
  double reached = 0;
  int64_t next = 0;  // the point (next + 1/2) x step is the first not yet given away
  for (size_t i = 0; i < rows.first.size(); ++i) {
    reached += rows.weight[i];
    const auto end = std::min(points, static_cast<int64_t>(std::floor(reached / step + 0.5)));
    if (end <= next) continue;
    sample.first.push_back(rows.first[i]);
    sample.second.push_back(rows.second[i]);
    sample.third.push_back(rows.third[i]);
    sample.weight.push_back(static_cast<double>(end - next) * step);
    sample.total_weight += sample.weight.back();
    next = end;
  }
  return sample;
}

}  // namespace patron::internal::ltv
