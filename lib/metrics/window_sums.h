// WindowSums: counts and sums of one customer's facts of a stream, all of them from one look at her
// rows where they lie, and the first instant at which time alone brings one out of a range.
//
//   WindowSums orders(book.state(), stream);
//   const size_t spend = orders.add(spec, streams);      // sum of amounts, 365d
//   if (orders.read(customer, now)) {
//     WindowSum sum;
//     if (orders.measure(spend, sum)) ... sum.value, sum.next_change
//     orders.leaves_range(spend, {100, 500});              // good until the next read
//   }
//
// It takes what nearly all policies are made of: windows of an exact length and all time, without
// conditions of single facts. What is not plain there (a long log, facts that came out of their
// order, nulls, sums beyond int64) it leaves to those who look closer (glance_metric.h), with whom
// it agrees.
//
// Thread class: serial; any number of them read one snapshot.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "lib/book/book_state.h"
#include "lib/metrics/evaluator.h"
#include "lib/metrics/value_range.h"

namespace patron::internal {

struct WindowSum {
  int64_t value = 0;
  Micros next_change = TimeRange::kNever;
};

class WindowSums {
 public:
  static bool takes(const MetricSpec& spec, std::span<const MetricStream> streams);

  /// The state is kept by reference.
  WindowSums(const BookState& state, int stream)
      : state_(&state), log_(&state.streams[static_cast<size_t>(stream)]) {}
  /// Adds a metric that it takes, of this stream; which of them it is.
  size_t add(const MetricSpec& spec, std::span<const MetricStream> streams);
  bool empty() const { return sums_.empty(); }

  /// Copies what counts at `now`, the last instant that is seen. False where it is to be read in
  /// another way.
  /// Throws std::bad_alloc. Cost: linear in the facts of the window, and in the tail of her page.
  bool read(uint32_t customer, Micros now);
  /// A metric of those facts, as GlanceMetric::measure(); false where another way has to say it.
  bool measure(size_t which, WindowSum& out);
  /// The first instant at which a metric that was measured, and is in the range, is outside of it.
  Micros leaves_range(size_t which, const ValueRange& range) const;
  /// Brings what read() will look at, besides what BookState::fetch_log() has brought, into the
  /// cache.
  void fetch(uint32_t customer) const;
  /// Zeroes what is left of the last customer. Does not fail.
  void let_go();

 private:
  struct Sum {
    enum class As : uint8_t {
      kRows,
      kSales,  ///< rows whose amount is no less than `least`
      kCells,  ///< of a column
    } as = As::kRows;
    size_t column = 0;  // in a row
    int64_t least = 0;
    Micros length = 0;  // of the window; 0: all time
    // Of the customer who was measured last.
    size_t begin = 0;
    int64_t value = 0;
  };
  static constexpr size_t kFew = 16;  // rows of a tail; and rows that are looked through

  size_t place_of(int column);
  Micros begin_of(Micros length) const;
  bool find_tail(const EventPage& page, uint32_t local, Micros from, size_t& found);
  bool lay_out(const EventPage& page, uint32_t begin, uint32_t end, size_t tail);
  Micros time(size_t row) const { return rows_[row * width_]; }
  int64_t cell(const Sum& sum, size_t row) const { return rows_[row * width_ + sum.column]; }
  int64_t part(const Sum& sum, size_t row) const;

  const BookState* state_;
  const LogState* log_;
  std::vector<int> columns_;
  std::vector<std::array<const int64_t*, 2>> cells_;  // scratch: of each, in the base and the tail
  std::vector<Sum> sums_;
  bool all_time_ = false;  // some are of all time
  Micros longest_ = 0;     // window of the others
  Micros now_ = 0;
  size_t size_ = 0;  // rows that were read
  size_t width_ = 1;
  std::vector<int64_t> rows_;          // of each the time, and then the columns
  std::array<uint32_t, kFew> tail_{};  // scratch: rows of it, in the order of time
};

}  // namespace patron::internal
