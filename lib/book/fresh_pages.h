// FreshPages: pages of a log that a large table's cells are brought to from where they stand.
//
// The memory of the pages of a group first holds its rows in the order of the table, the cells of
// each side by side; then they are put in order, and their columns, group by group, in the cache.
// So a table of millions of rows takes no memory for cells but that of the pages, and each row is
// written to one place, not each of its cells.
//
//   FreshPages fresh(stream, meter, wanted, epoch);
//   if (fresh.open(customers, ends, threads, log)) ...
//   FreshPages::Range to(fresh, range);
//   to.set(kTimesOfRows, times, n);   // of each column
//   to.move(customers, false);        // of the same n rows; true: cell() says where they are
//   latest = fresh.settle(group, scratch, order);
//
// What comes out is what PageBuilder makes of the same rows, whatever the number of ranges.
//
// Thread class: ranges are written, and groups are settled, by a thread each.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "lib/book/batch_vector.h"
#include "lib/book/book_state.h"
#include "lib/book/cell_reader.h"

namespace patron::internal {

/// Stands for the column of times.
inline constexpr int kTimesOfRows = -1;

class FreshPages {
 public:
  /// What a thread that settles has for itself.
  struct Scratch {
    std::vector<uint32_t> next;  // of each customer of a group: where her next row goes
    BatchVector<uint8_t> rows;   // of a group, in order
  };
  class Range;

  /// Pages with the columns that `wanted` marks, none of them texts. Cells are as wide as in the
  /// log: ids of customers are their rows.
  FreshPages(const StreamLayout& layout, std::shared_ptr<Meter> meter, std::vector<uint8_t> wanted,
             uint64_t epoch);
  FreshPages(const FreshPages&) = delete;
  FreshPages& operator=(const FreshPages&) = delete;

  /// Makes pages of the right size for the rows of these customers, of which range r is those from
  /// ends[r - 1] to before ends[r]. False where the log has some of them, or where rows or groups
  /// are too large. Cost: linear, on a thread for each range.
  bool open(std::span<const uint32_t> customers, std::span<const size_t> ends, int threads,
            const LogState& log);

  size_t groups() const { return begins_.size() - 1; }
  /// Of each group.
  uint32_t pages() const { return uint32_t{1} << shift_; }
  size_t rows_of(size_t group) const { return begins_[group + 1] - begins_[group]; }
  size_t rows_of_all() const { return begins_.back(); }

  /// Brings the pages of a group in order and gives the latest of its times, once its rows have
  /// been written. Absent, and nothing is done, where a customer's log is so long that it has to
  /// be kept apart.
  std::optional<Micros> settle(size_t group, Scratch& scratch, const RowOrder& order);
  /// The pages of a group that was settled go into the log, which has room for them.
  void give(size_t group, LogState& log);
  /// A group that is not settled: its customers, and its cells of a column, in the order of the
  /// table.
  void copy_customers(size_t group, uint32_t* to) const;
  void copy_cells(size_t group, int column, uint8_t* to) const;
  /// Gives back its memory, once all that is wanted of it has been copied.
  void drop(size_t group);

 private:
  // A cell of a row, by the side of others.
  struct Cell {
    int column;
    size_t offset, width;
  };

  void count(std::span<const uint32_t> customers, std::span<const size_t> ends, int threads);
  bool any_known(const LogState& log) const;
  void make_pages();
  uint32_t rows_in(size_t page) const;
  uint8_t* memory_of(size_t page) const;
  const Cell& cell_of(int column) const {
    return cells_[static_cast<size_t>(slots_[static_cast<size_t>(column) + 1])];
  }
  bool count_rows(size_t group, Scratch& scratch) const;
  std::optional<Micros> sort_rows(size_t group, Scratch& scratch) const;
  void fill_columns(size_t group, const uint8_t* rows);

  const StreamLayout* layout_;
  std::shared_ptr<Meter> meter_;
  std::vector<uint8_t> wanted_;
  uint64_t epoch_;
  std::vector<Cell> cells_;                    // times first
  std::vector<int> slots_;                     // of times and each column: in cells_
  size_t width_ = 0;                           // of all cells of a row
  uint32_t shift_ = 0;                         // of a page: its group
  std::vector<std::vector<uint32_t>> counts_;  // of each range: its rows of each page
  std::vector<std::shared_ptr<EventPage>> pages_;
  std::vector<size_t> begins_;       // of each group: the rows of those before; and of all
  BatchVector<uint16_t> customers_;  // of each row, by groups: her number in the group
};

/// Where the rows of a range go, some at a time.
class FreshPages::Range {
 public:
  Range(FreshPages& to, size_t range);
  Range(const Range&) = delete;
  Range& operator=(const Range&) = delete;
  /// The cells of a column of the next `count` rows, at most CellBlock::kMost.
  void set(int column, const uint8_t* cells, size_t count);
  /// Brings these rows, of which all cells are set, where they belong.
  void move(std::span<const uint32_t> customers, bool keep_places);
  /// Where a cell of the i-th of them is now, if their places were kept.
  uint8_t* cell(int column, size_t i) const { return at_[i] + to_.cell_of(column).offset; }

 private:
  static constexpr size_t kGroups = 256;
  static constexpr auto kRows = static_cast<size_t>(CellBlock::kMost);

  // Of a group: where its next row goes, the end of that page, where the number of its next
  // customer goes, and which page it is.
  struct Place {
    uint8_t* next = nullptr;
    uint8_t* end = nullptr;
    uint16_t* customer = nullptr;
    size_t page = 0;
  };

  template <size_t kHalf, bool kKeepPlaces>
  void move_rows(std::span<const uint32_t> customers);
  void turn(Place& place) const;

  FreshPages& to_;
  BatchVector<uint8_t> rows_;  // the cells of each row side by side
  std::array<Place, kGroups> places_{};
  std::array<uint8_t*, kRows> at_;  // of the rows that were moved
};

}  // namespace patron::internal
