// Partitioning: rows of one customer into one cache-sized partition, in one pass over memory.
//
// A histogram pass counts the rows of each (partition, segment); a scatter pass then writes every
// row to its place through write-combining buffers and non-temporal stores (Balkesen et al.,
// "Main-memory hash joins on multi-core CPUs", ICDE 2013, section 4). Rows keep their input order
// within a partition, whatever the number of threads.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lib/base/buffer.h"
#include "lib/base/parallel.h"
#include "lib/models/rfm/row_source.h"

namespace patron::internal {

/// Which partition a key belongs to. Ordered: partitions follow the order of the keys, so that a
/// result sorted within each is sorted as a whole. Text, and integers too clustered for that, go by
/// hash, and the result is sorted at the end.
class Splitter {
 public:
  /// Chooses from a sample of the keys.
  static Splitter ordered(std::vector<uint64_t> sample, int log2_partitions);
  static Splitter hashed(int log2_partitions);

  bool is_ordered() const { return ordered_; }
  int partitions() const { return 1 << log2_; }

  /// The partition of a key; a small value to keep in registers. The splitter must outlive it.
  template <typename Key>
  class Place;
  template <typename Key>
  Place<Key> place() const {
    return Place<Key>(*this);
  }

 private:
  static constexpr int kLog2Fine = 13;

  bool ordered_ = false;
  int log2_ = 0;
  uint64_t low_ = 0;
  int shift_ = 0;
  std::vector<uint16_t> fine_;  ///< partition of each of 2^13 equal ranges of the keys
};

template <>
class Splitter::Place<IntKey> {
 public:
  explicit Place(const Splitter& splitter)
      : fine_(splitter.ordered_ ? splitter.fine_.data() : nullptr),
        last_(splitter.fine_.size() - 1),
        low_(splitter.low_),
        shift_(splitter.ordered_ ? splitter.shift_ : 63 - splitter.log2_) {}
  uint32_t operator()(const IntKey& key, uint32_t) const {
    if (fine_ == nullptr)
      return static_cast<uint32_t>(fold_product(key.id, 0x9e3779b97f4a7c15u) >> shift_ >> 1);
    const uint64_t fine = key.id < low_ ? 0 : (key.id - low_) >> shift_;
    return fine_[fine < last_ ? fine : last_];
  }

 private:
  const uint16_t* fine_;
  uint64_t last_;
  uint64_t low_;
  int shift_;
};

template <>
class Splitter::Place<TextKey> {
 public:
  explicit Place(const Splitter& splitter) : shift_(63 - splitter.log2_) {}
  uint32_t operator()(const TextKey& key, uint32_t code) const {
    return static_cast<uint32_t>(key.hash(code) >> shift_ >> 1);
  }

 private:
  int shift_;
};

/// What a pass over rows found. Rows that are refused or wait count for nothing else.
struct RowStats {
  Micros earliest = kEndTime;  ///< of the accepted rows
  Micros latest = kMinTime;
  Micros first = kEndTime;  ///< of the first and the last accepted row
  Micros last = kMinTime;
  bool sorted = true;  ///< times never decrease from row to row
  int64_t accepted = 0;
  int64_t rounded = 0;
  int64_t waiting = 0;
  Micros earliest_waiting = kEndTime;
  std::vector<RefusedRow> refused;  ///< in row order

  /// Notes accepted rows: their range, and the times of the first and the last of them.
  void accept(int64_t rows, const TimeBlock::Range& range, Micros begin, Micros end);
  /// Notes the rows that follow.
  void append(const RowStats& next);
};

/// The rows of one segment in one partition.
template <typename Row>
struct RowRun {
  const Row* begin;
  const Row* end;
};

/// What the times in rows count from.
inline constexpr Micros kRowOrigin = kMinTime;

/// All rows, by partition.
template <typename Row>
class Partitions {
 public:
  /// Reads, checks and scatters every row. With `refuse` false the first bad row fails the call.
  static Result<Partitions> make(const RowSource& source, const std::vector<Segment>& segments,
                                 const std::optional<Micros>& as_of, bool refuse, int threads,
                                 Watch* watch, RowStats* stats);

  int count() const { return splitter_.partitions(); }
  bool is_ordered() const { return splitter_.is_ordered(); }
  /// How many rows a partition has.
  int64_t rows(int partition) const;
  /// The memory of a partition's rows, which whoever is done with the rows may use again.
  std::span<uint8_t> memory(int partition);
  /// The runs of a partition that are not empty, in input order.
  std::vector<RowRun<Row>> runs(int partition) const;

 private:
  class Scatter;

  Status count_rows(const RowSource& source, int threads, Watch* watch);
  Status scatter(const RowSource& source, const std::optional<Micros>& as_of, bool refuse,
                 int threads, Watch* watch, RowStats* stats);
  void lay_out();
  void scatter_segment(const RowSource& source, size_t segment, Micros end, RowStats* stats);

  Splitter splitter_ = Splitter::hashed(0);
  std::vector<Segment> segments_;
  std::vector<uint32_t> counts_;  ///< rows of [segment][partition]: counted, then written
  std::vector<int64_t> begins_;   ///< first row of [segment][partition] in rows_
  Buffer rows_;
};

}  // namespace patron::internal
