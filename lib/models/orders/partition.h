// Partitioning: rows of one customer into one cache-sized partition, in one pass over memory.
//
// A batch of the input at a time: its customers are looked up and counted, which brings them into
// the cache; then each row goes to its place through write-combining buffers and non-temporal
// stores (Balkesen et al., "Main-memory hash joins on multi-core CPUs", ICDE 2013, section 4). The
// rows of a batch lie side by side, by partition, so a partition has a run in every batch. Rows
// keep their input order within a partition, whatever the number of threads.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lib/base/parallel.h"
#include "lib/base/workspace.h"
#include "lib/models/orders/refusal.h"
#include "lib/models/orders/row_source.h"
#include "lib/models/orders/splitter.h"

namespace patron::internal {

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

/// The rows of one batch in one partition.
template <typename Row>
struct RowRun {
  Row* begin;
  Row* end;
};

/// What the times in rows count from.
inline constexpr Micros kRowOrigin = kMinTime;

/// All rows, by partition.
template <typename Row>
class Partitions {
 public:
  /// Reads, checks and scatters every row. With `refuse` false the first bad row fails the call.
  static Result<Partitions> make(const RowSource& source, const std::vector<Batch>& batches,
                                 const std::optional<Micros>& as_of, bool refuse, int threads,
                                 Workspace* workspace, Watch* watch, RowStats* stats);

  int count() const { return splitter_.partitions(); }
  const Splitter& splitter() const { return splitter_; }
  /// How many rows a partition has.
  int64_t rows(int partition) const;
  /// The runs of a partition that are not empty, in input order. Whoever is done with the rows may
  /// use their memory again.
  std::vector<RowRun<Row>> runs(int partition);

 private:
  struct Scratch;

  void lay_out(const std::vector<Batch>& batches, Workspace* workspace);
  void count_rows(const Batch& batch, size_t index, Scratch* scratch);
  void scatter(const RowSource& source, const Segment& segment, const uint16_t* places, Micros end,
               Scratch* scratch, RowStats* stats);
  void finish(size_t index, Scratch* scratch);

  Splitter splitter_ = Splitter::hashed(0);
  std::vector<int64_t> bases_;    ///< first row of [batch] in rows_
  std::vector<int64_t> begins_;   ///< first row of [batch][partition] in rows_
  std::vector<uint32_t> counts_;  ///< rows of [batch][partition]
  Loan rows_;
};

}  // namespace patron::internal
