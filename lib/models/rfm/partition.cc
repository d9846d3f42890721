#include "lib/models/rfm/partition.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <memory>
#include <string>

#include "lib/models/rfm/write_combine.h"

namespace patron::internal {
namespace {

/// Decoded cells of up to kBlockRows rows.
template <typename Key>
struct Block {
  KeyBlock<Key> keys;
  TimeBlock times;
  int64_t minors[kBlockRows];
  uint64_t orders[kBlockRows];
  CellState key_states[kBlockRows];
  CellState time_states[kBlockRows];
  CellState amount_states[kBlockRows];
  CellState order_states[kBlockRows];

  /// Fills everything from rows done .. done + n of a segment; false where a cell is not kOk.
  template <typename Row>
  bool read(const RowSource& source, const Segment& segment, int64_t done, int64_t n) {
    const int64_t begin = segment.begin + done;
    bool clean = keys.read(source, segment.chunk, begin, n, key_states);
    clean &= times.read(source, segment.chunk, begin, n, time_states);
    clean &= source.amount.read(segment.chunk, begin, n, minors, amount_states);
    if constexpr (Row::kOrders)
      clean &= read_orders(source, segment.chunk, begin, n, orders, order_states);
    else
      std::fill_n(order_states, n, CellState::kOk);
    return clean;
  }

  std::optional<Refusal> refusal(int64_t i) const {
    const CellState amount = amount_states[i];
    return refusal_of(key_states[i], time_states[i],
                      amount == CellState::kRounded ? CellState::kOk : amount, order_states[i]);
  }
};

/// How many partitions: so that a partition's rows and customers stay in a core's second cache.
int choose_log2_partitions(int64_t rows) {
  constexpr int64_t kRowsPerPartition = 32'000;
  const int64_t wanted = std::max<int64_t>(1, rows / kRowsPerPartition);
  return std::min(11, static_cast<int>(std::bit_width(static_cast<uint64_t>(wanted))) - 1);
}

/// The ids of about 16,000 rows spread evenly over the input.
std::vector<uint64_t> sample_ids(const RowSource& source, const std::vector<Segment>& segments,
                                 int64_t rows) {
  std::vector<uint64_t> sample;
  const int64_t step = std::max<int64_t>(1, rows / 16'384);
  auto keys = std::make_unique<KeyBlock<IntKey>>();
  for (const Segment& segment : segments) {
    // The first row of the table that is a multiple of step and not before the segment.
    int64_t at = (step - segment.first_row % step) % step;
    for (; at < segment.rows; at += step) {
      CellState state = CellState::kOk;
      keys->read(source, segment.chunk, segment.begin + at, 1, &state);
      if (state == CellState::kOk) sample.push_back(keys->view().key(0).id);
    }
  }
  return sample;
}

std::string refused_message(const RefusedRow& refused) {
  return "row " + std::to_string(refused.row) + ": " + std::string(refusal_reason(refused.reason));
}

Code refusal_code(Refusal reason) {
  switch (reason) {
    case Refusal::kNullCustomer:
    case Refusal::kNullTime:
    case Refusal::kNullAmount:
    case Refusal::kNullOrder:
      return Code::kNull;
    case Refusal::kAmountNotFinite:
      return Code::kNumber;
    case Refusal::kAmountOverflow:
    case Refusal::kCustomerOutOfRange:
    case Refusal::kOrderOutOfRange:
      return Code::kOverflow;
    case Refusal::kCustomerTooLong:
    case Refusal::kOrderTooLong:
      return Code::kLimit;
    default:
      return Code::kTime;
  }
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

Splitter Splitter::hashed(int log2_partitions) {
  Splitter splitter;
  splitter.log2_ = log2_partitions;
  return splitter;
}

Splitter Splitter::ordered(std::vector<uint64_t> sample, int log2_partitions) {
  Splitter splitter = hashed(log2_partitions);
  if (sample.empty()) return splitter;
  // A few outliers must not stretch the range: they share the partitions at the ends.
  const size_t trim = sample.size() / 256;
  const auto low = sample.begin() + static_cast<ptrdiff_t>(trim);
  const auto high = sample.end() - 1 - static_cast<ptrdiff_t>(trim);
  std::nth_element(sample.begin(), low, sample.end());
  splitter.low_ = *low;
  std::nth_element(low, high, sample.end());
  const int width = std::bit_width(*high - splitter.low_);
  splitter.shift_ = std::max(0, width - kLog2Fine);
  splitter.fine_.assign(size_t{1} << kLog2Fine, 0);

  std::vector<uint32_t> counts(splitter.fine_.size(), 0);
  for (const uint64_t key : sample) {
    const uint64_t fine = key < splitter.low_ ? 0 : (key - splitter.low_) >> splitter.shift_;
    counts[std::min(fine, counts.size() - 1)]++;
  }
  // A partition for every equal share of the sample, unless one range of keys holds far too much of
  // it and could be split (it has more than one key).
  const size_t partitions = size_t{1} << log2_partitions;
  const size_t crowded = std::max<size_t>(8 * sample.size() / partitions, sample.size() / 4);
  size_t before = 0;
  for (size_t fine = 0; fine < counts.size(); fine++) {
    splitter.fine_[fine] =
        static_cast<uint16_t>(std::min(before * partitions / sample.size(), partitions - 1));
    before += counts[fine];
    if (splitter.shift_ > 0 && partitions > 1 && counts[fine] > crowded)
      return hashed(log2_partitions);
  }
  splitter.ordered_ = true;
  return splitter;
}

template <typename Row>
Result<Partitions<Row>> Partitions<Row>::make(const RowSource& source,
                                              const std::vector<Segment>& segments,
                                              const std::optional<Micros>& as_of, bool refuse,
                                              int threads, Watch* watch, RowStats* stats) {
  Partitions partitions;
  partitions.segments_ = segments;
  int64_t rows = 0;
  for (const Segment& segment : segments) rows += segment.rows;
  const int log2 = choose_log2_partitions(rows);
  if constexpr (Row::KeyType::kText)
    partitions.splitter_ = Splitter::hashed(log2);
  else
    partitions.splitter_ = Splitter::ordered(sample_ids(source, segments, rows), log2);
  partitions.counts_.assign(segments.size() * static_cast<size_t>(partitions.count()), 0);

  watch->phase(0.15);
  if (Status status = partitions.count_rows(source, threads, watch); !status.ok()) return status;
  partitions.lay_out();
  watch->phase(0.5);
  if (Status status = partitions.scatter(source, as_of, refuse, threads, watch, stats);
      !status.ok())
    return status;
  return partitions;
}

template <typename Row>
Status Partitions<Row>::count_rows(const RowSource& source, int threads, Watch* watch) {
  const auto body = [&](int64_t task, int) {
    const Segment& segment = segments_[static_cast<size_t>(task)];
    uint32_t* const counts = counts_.data() + task * count();
    const auto keys = std::make_unique<KeyBlock<typename Row::KeyType>>();
    const auto place = splitter_.template place<typename Row::KeyType>();
    CellState states[kBlockRows];
    for (int64_t done = 0; done < segment.rows; done += kBlockRows) {
      const int64_t n = std::min(kBlockRows, segment.rows - done);
      const bool clean = keys->read(source, segment.chunk, segment.begin + done, n, states);
      const auto view = keys->view();
      for (int64_t i = 0; i < n && clean; i++) counts[place(view.key(i), view.code(i))]++;
      for (int64_t i = 0; i < n && !clean; i++) {
        if (states[i] == CellState::kOk) counts[place(view.key(i), view.code(i))]++;
      }
    }
  };
  return parallel_for(static_cast<int64_t>(segments_.size()), threads, watch, body);
}

template <typename Row>
void Partitions<Row>::lay_out() {
  begins_.resize(counts_.size());
  int64_t next = 0;
  for (int partition = 0; partition < count(); partition++) {
    for (size_t segment = 0; segment < segments_.size(); segment++) {
      const size_t at = segment * static_cast<size_t>(count()) + static_cast<size_t>(partition);
      begins_[at] = next;
      next += (counts_[at] + kGroupRows - 1) / kGroupRows * kGroupRows;
    }
  }
  rows_ = Buffer(static_cast<size_t>(next) * sizeof(Row));
}

/// Writes the rows of one segment to their places.
template <typename Row>
class Partitions<Row>::Scatter {
 public:
  Scatter(const Partitions& partitions, Row* rows, size_t segment)
      : splitter_(partitions.splitter_),
        rows_(rows),
        groups_(static_cast<size_t>(partitions.count()) * kGroupRows * sizeof(Row)),
        next_(partitions.begins_.begin() + static_cast<ptrdiff_t>(segment * count(partitions)),
              partitions.begins_.begin() +
                  static_cast<ptrdiff_t>((segment + 1) * count(partitions))) {}

  /// Writes rows begin .. end of a block.
  void put(const Block<typename Row::KeyType>& block, int64_t begin, int64_t end) {
    // Local copies: the stores below could change the members, as far as the compiler knows.
    const auto keys = block.keys.view();
    const auto place = splitter_.template place<typename Row::KeyType>();
    const Micros* const times = block.times.data();
    Row* const rows = rows_;
    Row* const groups = groups_.template as<Row>();
    int64_t* const next = next_.data();
    for (int64_t i = begin; i < end; i++) {
      const typename Row::KeyType key = keys.key(i);
      const uint32_t code = keys.code(i);
      const uint32_t partition = place(key, code);
      const uint64_t at = static_cast<uint64_t>(next[partition]++);
      Row* const group = groups + partition * kGroupRows;
      Row& row = group[at % kGroupRows];
      row.key = key;
      row.when = When::pack(static_cast<uint64_t>(times[i] - kRowOrigin), code);
      row.minor = block.minors[i];
      if constexpr (Row::kOrders) row.order = block.orders[i];
      if (at % kGroupRows == kGroupRows - 1) stream_group(rows + (at + 1 - kGroupRows), group);
    }
  }

  /// Writes what is left of each group. `counts` becomes the number of rows written to each
  /// partition.
  void finish(const int64_t* begins, uint32_t* counts) {
    for (size_t partition = 0; partition < next_.size(); partition++) {
      const int64_t written = next_[partition];
      const Row* group = groups_.template as<Row>() + static_cast<int64_t>(partition) * kGroupRows;
      const int64_t tail = written % kGroupRows;
      for (int64_t i = 0; i < tail; i++) rows_[written - tail + i] = group[i];
      counts[partition] = static_cast<uint32_t>(written - begins[partition]);
    }
    stream_fence();
  }

 private:
  static size_t count(const Partitions& partitions) {
    return static_cast<size_t>(partitions.count());
  }

  const Splitter& splitter_;
  Row* const rows_;
  Buffer groups_;
  std::vector<int64_t> next_;
};

template <typename Row>
void Partitions<Row>::scatter_segment(const RowSource& source, size_t index, Micros end,
                                      RowStats* stats) {
  const Segment& segment = segments_[index];
  const auto block = std::make_unique<Block<typename Row::KeyType>>();
  Scatter scatter(*this, rows_.template as<Row>(), index);
  for (int64_t done = 0; done < segment.rows; done += kBlockRows) {
    const int64_t n = std::min(kBlockRows, segment.rows - done);
    const TimeBlock& times = block->times;
    if (block->template read<Row>(source, segment, done, n)) {
      if (const TimeBlock::Range range = times.range(); range.high <= end) {
        scatter.put(*block, 0, n);
        stats->accept(n, range, times[0], times[n - 1]);
        continue;
      }
    }
    for (int64_t i = 0; i < n; i++) {
      const Micros time = times[i];
      if (const std::optional<Refusal> refusal = block->refusal(i)) {
        stats->refused.push_back({segment.first_row + done + i, *refusal});
      } else if (time > end) {
        stats->waiting++;
        stats->earliest_waiting = std::min(stats->earliest_waiting, time);
      } else {
        stats->rounded += block->amount_states[i] == CellState::kRounded;
        stats->accept(1, {time, time, true}, time, time);
        scatter.put(*block, i, i + 1);
      }
    }
  }
  const size_t at = index * static_cast<size_t>(count());
  scatter.finish(begins_.data() + at, counts_.data() + at);
}

template <typename Row>
Status Partitions<Row>::scatter(const RowSource& source, const std::optional<Micros>& as_of,
                                bool refuse, int threads, Watch* watch, RowStats* stats) {
  std::vector<RowStats> found(segments_.size());
  Status status =
      parallel_for(static_cast<int64_t>(segments_.size()), threads, watch, [&](int64_t task, int) {
        const size_t index = static_cast<size_t>(task);
        scatter_segment(source, index, as_of ? *as_of : kEndTime, &found[index]);
      });
  if (!status.ok()) return status;
  for (const RowStats& segment : found) {
    if (!segment.refused.empty() && !refuse) {
      const RefusedRow& first = segment.refused.front();
      return {refusal_code(first.reason), refused_message(first), first.row};
    }
    stats->append(segment);
  }
  return {};
}

template <typename Row>
int64_t Partitions<Row>::rows(int partition) const {
  int64_t rows = 0;
  for (size_t segment = 0; segment < segments_.size(); segment++)
    rows += counts_[segment * static_cast<size_t>(count()) + static_cast<size_t>(partition)];
  return rows;
}

template <typename Row>
std::span<uint8_t> Partitions<Row>::memory(int partition) {
  const size_t begin = static_cast<size_t>(begins_[static_cast<size_t>(partition)]);
  const size_t end = partition + 1 < count()
                         ? static_cast<size_t>(begins_[static_cast<size_t>(partition) + 1])
                         : rows_.size() / sizeof(Row);
  return {rows_.data() + begin * sizeof(Row), (end - begin) * sizeof(Row)};
}

template <typename Row>
std::vector<RowRun<Row>> Partitions<Row>::runs(int partition) const {
  std::vector<RowRun<Row>> runs;
  for (size_t segment = 0; segment < segments_.size(); segment++) {
    const size_t at = segment * static_cast<size_t>(count()) + static_cast<size_t>(partition);
    if (counts_[at] == 0) continue;
    const Row* begin = rows_.as<Row>() + begins_[at];
    runs.push_back({begin, begin + counts_[at]});
  }
  return runs;
}

template class Partitions<PlainRow<IntKey>>;
template class Partitions<PlainRow<TextKey>>;
template class Partitions<OrderRow<IntKey>>;
template class Partitions<OrderRow<TextKey>>;

}  // namespace patron::internal
