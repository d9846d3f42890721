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
// conditions of single facts but that of counts, that a whole number is at least some other. What
// is not plain there (a long log, facts that came out of their order, nulls, sums beyond int64) it
// leaves to those who look closer (glance_metric.h), with whom it agrees.
//
// Thread class: serial; any number of them read one snapshot.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "lib/base/wiped.h"
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
  /// Of the window of a metric; 0: all time.
  Micros length(size_t which) const { return sums_[which].length; }

  /// Copies what counts at `now`, the last instant that is seen. False where it is to be read in
  /// another way.
  /// Throws std::bad_alloc. Cost: linear in the facts of the window, and in the tail of her page.
  bool read(uint32_t customer, Micros now);
  /// A metric of those facts, as GlanceMetric::measure(); false where another way has to say it.
  bool measure(size_t which, WindowSum& out) {
    Sum& sum = sums_[which];
    size_t begin = 0;
    if (all_time_ || sum.length != longest_) {
      const Micros from = begin_of(sum.length);
      while (begin < size_ && times_[begin] < from) ++begin;
    }
    int64_t value = 0;
    if (sum.as == Sum::As::kRows) {
      value = static_cast<int64_t>(size_ - begin);
    } else if (sum.as == Sum::As::kAtLeast) {
      // What does not count makes no difference when it leaves.
      const int64_t* const cells = found_[sum.column];
      while (begin < size_ && cells[begin] < sum.least) ++begin;
      for (size_t i = begin; i < size_; ++i) value += cells[i] >= sum.least ? 1 : 0;
    } else {
      const int64_t* const cells = found_[sum.column];
      for (size_t i = begin; i < size_; ++i) {
        if (cells[i] == kNullInt || __builtin_add_overflow(value, cells[i], &value)) return false;
      }
    }
    sum.begin = begin;
    out.value = sum.value = value;
    const bool leaves = sum.length > 0 && begin < size_;
    out.next_change = leaves ? times_[begin] + sum.length : TimeRange::kNever;
    return true;
  }
  /// Of a metric that adds up cells, and was measured: the rows of its window, in the order of
  /// time.
  struct Rows {
    std::span<const Micros> times;
    const int64_t* cells = nullptr;
  };
  Rows rows(size_t which) const {
    const Sum& sum = sums_[which];
    if (sum.begin == size_) return {};
    return {{times_ + sum.begin, size_ - sum.begin}, found_[sum.column] + sum.begin};
  }
  /// The first instant at which a metric that was measured, and is in the range, is outside of it.
  Micros leaves_range(size_t which, const ValueRange& range) const {
    const Sum& sum = sums_[which];
    if (sum.length == 0) return TimeRange::kNever;
    const int64_t* const cells = sum.as == Sum::As::kRows ? nullptr : found_[sum.column];
    if (sum.as == Sum::As::kCells) return leaves(sum, range, [=](size_t i) { return cells[i]; });
    return leaves(sum, range, [cells, least = sum.least](size_t i) -> int64_t {
      return cells == nullptr || cells[i] >= least ? 1 : 0;
    });
  }
  /// Brings what read() will look at, besides what BookState::fetch_log() has brought, into the
  /// cache.
  void fetch(uint32_t customer) const;
  /// The same in one step, without BookState::fetch_log().
  void fetch_log(uint32_t customer) const;
  /// Zeroes what is left of the last customer. Does not fail.
  void let_go();

 private:
  struct Sum {
    enum class As : uint8_t {
      kRows,
      kAtLeast,  ///< rows whose cell of a column is at least `least`: sales, as a rule
      kCells,    ///< of a column
    } as = As::kRows;
    size_t column = 0;  // of columns_
    int64_t least = 0;
    Micros length = 0;  // of the window; 0: all time
    // Of the customer who was measured last.
    size_t begin = 0;
    int64_t value = 0;
  };
  static constexpr size_t kFew = 16;  // rows that are looked through; and of a tail, at first

  size_t place_of(int column);
  // The first instant of a window.
  Micros begin_of(Micros length) const {
    return length == 0 || now_ - kMinTime < length ? kMinTime : now_ + 1 - length;
  }
  size_t find_in_tail(const EventPage& page, uint32_t local);
  void make_room(size_t rows);
  bool read_both(const EventPage& page, uint32_t local, Micros from, uint32_t begin, uint32_t end);
  // The oldest leave first; what is left is looked at once for each instant.
  template <typename Part>
  Micros leaves(const Sum& sum, const ValueRange& range, const Part& part) const {
    int64_t left = sum.value;
    for (size_t i = sum.begin; i < size_; ++i) {
      // What does not fit is in no range; should it fit again at this instant, it is only looked
      // at.
      if (__builtin_sub_overflow(left, part(i), &left)) return times_[i] + sum.length;
      if (range.has(left)) continue;
      if (i + 1 == size_ || times_[i + 1] != times_[i]) return times_[i] + sum.length;
    }
    return TimeRange::kNever;
  }

  const BookState* state_;
  const LogState* log_;
  std::vector<int> columns_;
  std::vector<int> fetched_;  // of them, those that BookState::fetch_log() leaves out
  std::vector<Sum> sums_;
  bool all_time_ = false;  // some are of all time
  Micros longest_ = 0;     // window of the others
  Micros now_ = 0;
  // Rows that were read: their times, and the cells of each column, where they lie in the page or
  // in rows_.
  size_t size_ = 0;
  const Micros* times_ = nullptr;
  std::vector<const int64_t*> found_;
  size_t room_ = 0;            // rows that there is room for in rows_
  WipedVector<int64_t> rows_;  // of base and tail: times, then each column
  std::vector<uint32_t> tail_ = std::vector<uint32_t>(kFew);  // rows of the tail
};

}  // namespace patron::internal
