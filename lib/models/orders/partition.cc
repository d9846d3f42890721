#include "lib/models/orders/partition.h"

#include <algorithm>
#include <bit>
#include <memory>
#include <string>

#include "lib/models/orders/write_combine.h"

namespace patron::internal {
namespace {

/// Decoded cells of up to kBlockRows rows.
template <typename Row>
struct Block {
  KeyBlock<typename Row::KeyType> keys;
  TimeBlock times;
  int64_t minors[kBlockRows];
  int64_t margins[Row::kMargin ? kBlockRows : 1];
  uint64_t orders[kBlockRows];
  CellState key_states[kBlockRows];
  CellState time_states[kBlockRows];
  CellState amount_states[kBlockRows];
  CellState margin_states[Row::kMargin ? kBlockRows : 1];
  CellState order_states[kBlockRows];

  /// Fills everything from rows done .. done + n of a segment; false where a cell is not kOk.
  bool read(const RowSource& source, const Segment& segment, int64_t done, int64_t n) {
    const int64_t begin = segment.begin + done;
    bool clean = keys.read(source, segment.chunk, begin, n, key_states);
    clean &= times.read(source, segment.chunk, begin, n, time_states);
    if (source.has_amount) {
      clean &= source.amount.read(segment.chunk, begin, n, minors, amount_states);
    } else {
      std::fill_n(minors, n, int64_t{1});
      std::fill_n(amount_states, n, CellState::kOk);
    }
    if constexpr (Row::kMargin)
      clean &= source.margin.read(segment.chunk, begin, n, margins, margin_states);
    if constexpr (Row::kOrders)
      clean &= read_orders(source, segment.chunk, begin, n, orders, order_states);
    else
      std::fill_n(order_states, n, CellState::kOk);
    return clean;
  }

  std::optional<Refusal> refusal(int64_t i) const {
    RowStates states{key_states[i], time_states[i], amount_states[i], order_states[i]};
    if constexpr (Row::kMargin) states.margin = margin_states[i];
    return refusal_of(states);
  }

  bool rounded(int64_t i) const {
    if constexpr (Row::kMargin) {
      if (margin_states[i] == CellState::kRounded) return true;
    }
    return amount_states[i] == CellState::kRounded;
  }
};

/// How many partitions: so that a partition's rows and customers stay in a core's second cache.
int choose_log2_partitions(int64_t rows) {
  constexpr int64_t kRowsPerPartition = 32'000;
  const int64_t wanted = std::max<int64_t>(1, rows / kRowsPerPartition);
  return std::min(11, static_cast<int>(std::bit_width(static_cast<uint64_t>(wanted))) - 1);
}

/// So many rows, up to a whole group.
int64_t whole_groups(int64_t rows) {
  constexpr int64_t kGroup = kGroupRows;
  return (rows + kGroup - 1) / kGroup * kGroup;
}

}  // namespace

void RowStats::accept(int64_t rows, const TimeBlock::Range& range, Micros begin, Micros end) {
  sorted &= range.sorted && begin >= last;
  if (accepted == 0) first = begin;
  last = end;
  earliest = std::min(earliest, range.low);
  latest = std::max(latest, range.high);
  accepted += rows;
}

void RowStats::append(const RowStats& next) {
  rounded += next.rounded;
  waiting += next.waiting;
  earliest_waiting = std::min(earliest_waiting, next.earliest_waiting);
  refused.insert(refused.end(), next.refused.begin(), next.refused.end());
  if (next.accepted > 0)
    accept(next.accepted, {next.earliest, next.latest, next.sorted}, next.first, next.last);
}

/// One worker's scratch, kept from batch to batch.
template <typename Row>
struct Partitions<Row>::Scratch {
  using Key = typename Row::KeyType;

  Scratch(const RowSource& source, const Partitions& partitions, int64_t rows)
      : finder(source, partitions.splitter_),
        places(static_cast<size_t>(rows)),
        next(static_cast<size_t>(partitions.count())),
        groups(next.size() * kGroupRows * sizeof(Row)) {}

  /// Sends rows begin .. end of a block to their partitions. `block_places` is where each belongs.
  void put(const uint16_t* block_places, int64_t begin, int64_t end, Row* rows) {
    // Local copies: the stores below could change the members, as far as the compiler knows.
    const auto keys = block.keys.view();
    const Micros* const times = block.times.data();
    Row* const combined = groups.template as<Row>();
    int64_t* const next_row = next.data();
    for (int64_t i = begin; i < end; i++) {
      const size_t partition = block_places[i];
      const uint64_t at = static_cast<uint64_t>(next_row[partition]++);
      Row* const group = combined + partition * kGroupRows;
      Row& row = group[at % kGroupRows];
      row.key = keys.key(i);
      row.when = When::pack(static_cast<uint64_t>(times[i] - kRowOrigin), keys.code(i));
      row.minor = block.minors[i];
      if constexpr (Row::kOrders) row.order = block.orders[i];
      if constexpr (Row::kMargin) row.margin = block.margins[i];
      if (at % kGroupRows == kGroupRows - 1) stream_group(rows + (at + 1 - kGroupRows), group);
    }
  }

  /// Writes what is left of each group.
  void flush(Row* rows) {
    for (size_t partition = 0; partition < next.size(); partition++) {
      const int64_t written = next[partition], tail = written % static_cast<int64_t>(kGroupRows);
      std::copy_n(groups.template as<Row>() + partition * kGroupRows, tail, rows + written - tail);
    }
    stream_fence();
  }

  PlaceFinder<Key> finder;
  Block<Row> block;
  std::vector<uint16_t> places;  ///< partition of each row of the batch
  std::vector<int64_t> next;     ///< where the next row of each partition goes
  Buffer groups;                 ///< the last rows of each partition that were not written yet
};

template <typename Row>
Result<Partitions<Row>> Partitions<Row>::make(const RowSource& source,
                                              const std::vector<Batch>& batches,
                                              const std::optional<Micros>& as_of, bool refuse,
                                              int threads, Workspace* workspace, Watch* watch,
                                              RowStats* stats) {
  Partitions partitions;
  int64_t rows = 0, longest = 0;
  for (const Batch& batch : batches) {
    rows += batch.rows;
    longest = std::max(longest, batch.rows);
  }
  partitions.splitter_ = Splitter::choose(source, batches, choose_log2_partitions(rows));
  partitions.lay_out(batches, workspace);

  watch->phase(0.5);
  const Micros end = as_of ? *as_of : kEndTime;
  std::vector<std::unique_ptr<Scratch>> workers(static_cast<size_t>(threads));
  std::vector<RowStats> found(batches.size());
  Status status = parallel_for(
      static_cast<int64_t>(batches.size()), threads, watch, [&](int64_t task, int worker) {
        std::unique_ptr<Scratch>& mine = workers[static_cast<size_t>(worker)];
        if (!mine) mine = std::make_unique<Scratch>(source, partitions, longest);
        const size_t index = static_cast<size_t>(task);
        partitions.count_rows(batches[index], index, mine.get());
        const uint16_t* places = mine->places.data();
        for (const Segment& segment : batches[index].segments) {
          partitions.scatter(source, segment, places, end, mine.get(), &found[index]);
          places += segment.rows;
        }
        partitions.finish(index, mine.get());
      });
  if (!status.ok()) return status;
  for (const RowStats& batch : found) {
    if (!batch.refused.empty() && !refuse) return refused_status(batch.refused.front(), source);
    stats->append(batch);
  }
  return partitions;
}

/// Room for the rows of every batch, and for the run of each partition to start a group.
template <typename Row>
void Partitions<Row>::lay_out(const std::vector<Batch>& batches, Workspace* workspace) {
  counts_.resize(batches.size() * static_cast<size_t>(count()));
  begins_.resize(counts_.size());
  int64_t next = 0;
  for (const Batch& batch : batches) {
    bases_.push_back(next);
    next += whole_groups(batch.rows) + count() * static_cast<int64_t>(kGroupRows);
  }
  rows_ = Loan(workspace, static_cast<size_t>(next) * sizeof(Row));
}

/// Finds the partition of each row of a batch, and where each partition's run begins.
template <typename Row>
void Partitions<Row>::count_rows(const Batch& batch, size_t index, Scratch* scratch) {
  std::vector<uint32_t> counts(static_cast<size_t>(count()) + 1, 0);  // the last is of no customer
  uint16_t* places = scratch->places.data();
  for (const Segment& segment : batch.segments) {
    for (int64_t done = 0; done < segment.rows; done += kBlockRows) {
      const int64_t n = std::min(kBlockRows, segment.rows - done);
      scratch->finder.find(segment.chunk, segment.begin + done, n, places);
      for (int64_t i = 0; i < n; i++) counts[places[i]]++;
      places += n;
    }
  }
  int64_t next = bases_[index];
  int64_t* const begins = begins_.data() + index * scratch->next.size();
  for (size_t partition = 0; partition < scratch->next.size(); partition++) {
    begins[partition] = scratch->next[partition] = next;
    next += whole_groups(counts[partition]);
  }
}

template <typename Row>
void Partitions<Row>::scatter(const RowSource& source, const Segment& segment,
                              const uint16_t* places, Micros end, Scratch* scratch,
                              RowStats* stats) {
  Block<Row>& block = scratch->block;
  const TimeBlock& times = block.times;
  Row* const rows = rows_.template as<Row>();
  for (int64_t done = 0; done < segment.rows; done += kBlockRows) {
    const int64_t n = std::min(kBlockRows, segment.rows - done);
    if (block.read(source, segment, done, n)) {
      if (const TimeBlock::Range range = times.range(); range.high <= end) {
        scratch->put(places + done, 0, n, rows);
        stats->accept(n, range, times[0], times[n - 1]);
        continue;
      }
    }
    for (int64_t i = 0; i < n; i++) {
      const Micros time = times[i];
      if (const std::optional<Refusal> refusal = block.refusal(i)) {
        stats->refused.push_back({segment.first_row + done + i, *refusal});
      } else if (time > end) {
        stats->waiting++;
        stats->earliest_waiting = std::min(stats->earliest_waiting, time);
      } else {
        stats->rounded += block.rounded(i);
        stats->accept(1, {time, time, true}, time, time);
        scratch->put(places + done, i, i + 1, rows);
      }
    }
  }
}

/// Writes the last rows of a batch. From here on counts_ knows how many there are.
template <typename Row>
void Partitions<Row>::finish(size_t index, Scratch* scratch) {
  scratch->flush(rows_.template as<Row>());
  const size_t at = index * scratch->next.size();
  for (size_t partition = 0; partition < scratch->next.size(); partition++)
    counts_[at + partition] =
        static_cast<uint32_t>(scratch->next[partition] - begins_[at + partition]);
}

template <typename Row>
int64_t Partitions<Row>::rows(int partition) const {
  int64_t rows = 0;
  for (size_t at = static_cast<size_t>(partition); at < counts_.size();
       at += static_cast<size_t>(count()))
    rows += counts_[at];
  return rows;
}

template <typename Row>
std::vector<RowRun<Row>> Partitions<Row>::runs(int partition) {
  std::vector<RowRun<Row>> runs;
  for (size_t at = static_cast<size_t>(partition); at < counts_.size();
       at += static_cast<size_t>(count())) {
    if (counts_[at] == 0) continue;
    Row* const begin = rows_.as<Row>() + begins_[at];
    runs.push_back({begin, begin + counts_[at]});
  }
  return runs;
}

template class Partitions<PlainRow<IntKey>>;
template class Partitions<PlainRow<TextKey>>;
template class Partitions<OrderRow<IntKey>>;
template class Partitions<OrderRow<TextKey>>;
template class Partitions<WithMargin<PlainRow<IntKey>>>;
template class Partitions<WithMargin<PlainRow<TextKey>>>;
template class Partitions<WithMargin<OrderRow<IntKey>>>;
template class Partitions<WithMargin<OrderRow<TextKey>>>;

}  // namespace patron::internal
