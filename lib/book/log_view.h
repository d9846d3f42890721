// How facts are read: one customer's log of a stream, or all logs of a page of customers.
//
// A log is in the order of time (facts of one instant: by event key, then by their values), and
// comes as runs, pieces that lie together in memory, each wholly before the next. Nearly every log
// is one run; long ones have a few hundred rows in each.
//
//   LogReader reader(book.state(), stream);
//   for (const LogRun& run : reader.read(customer).until(now)) {
//     const auto* amounts = run.cells<int64_t>(amount);           // null: all cells are null
//     for (size_t i = 0; i < run.size; ++i) total += amounts[i];   // kNullInt: a null cell
//   }
//
// What a reader gives is good until its next read, and as long as the book is not changed; a
// snapshot never is. Customers who are linked are one: read() of any row of theirs gives all.
//
// Thread class: a reader is serial; any number of them read one snapshot.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "lib/book/cell_totals.h"
#include "lib/book/event_rows.h"
#include "lib/book/layout.h"

namespace patron::internal {

struct BookState;

/// Rows begin .. begin + size - 1 of some EventRows.
struct LogRun {
  const EventRows* rows = nullptr;
  size_t begin = 0;
  size_t size = 0;
  const CellTotals* totals = nullptr;  ///< of all of `rows`, by CellColumn::whole; null: none

  const Micros* times() const { return rows->times() + begin; }
  /// The cells of a column as CellType says, or null where all are null.
  template <typename T>
  const T* cells(int column) const {
    const auto* all = static_cast<const T*>(rows->column(column));
    return all == nullptr ? nullptr : all + begin;
  }
  bool null(int column, size_t i) const { return rows->null(column, begin + i); }
  /// A text that is not null.
  std::string_view text(int column, size_t i) const { return rows->text(column, begin + i); }
  /// What the cells of a column of whole numbers add up to, without a look at them. Null where that
  /// is not known: of all runs but those that are a whole chunk of a long log.
  const CellTotals* total(const CellColumn& column) const {
    const bool whole = totals != nullptr && size == rows->size();
    return whole && column.whole >= 0 ? totals + column.whole : nullptr;
  }
};

/// One customer's log, in order.
class LogView {
 public:
  LogView() = default;
  explicit LogView(std::span<LogRun> runs) : runs_(runs) {}

  auto begin() const { return runs_.begin(); }
  auto end() const { return runs_.end(); }
  std::span<const LogRun> runs() const { return runs_; }
  bool empty() const { return runs_.empty(); }
  size_t size() const;

  /// The facts at or before an instant: those after it wait. Cost: logarithmic in a run.
  LogView until(Micros now);
  /// The facts at or after an instant.
  LogView from(Micros start);

 private:
  std::span<LogRun> runs_;
};

/// Reads logs one customer at a time.
class LogReader {
 public:
  /// A stream of the layout, or an attribute.
  LogReader(const BookState& state, int stream);
  static LogReader of_attribute(const BookState& state, int attribute);
  ~LogReader();
  LogReader(LogReader&&) noexcept;

  const StreamLayout& layout() const;
  /// The log of the customer to whom this row belongs. Empty for rows that are not there.
  LogView read(uint32_t customer);
  /// From now on facts later than this are not there.
  void hide_after(Micros last);
  /// Gives back, zeroed, what it has copied of the customer who was read last. Does not fail.
  void let_go();
  /// From now on these rows, all of one instant, stand among everybody's as the last of it: what
  /// would be. Null: none. An enum's codes from kSupposedCode on are `texts`. Kept by reference.
  void suppose(const EventRows* rows, std::span<const std::string> texts = {});
  static constexpr uint32_t kSupposedCode = 0xF0000000;
  /// The text of an enum's code.
  std::string_view enum_text(int column, uint32_t code) const;
  /// Whether two rows are of one customer.
  bool same_customer(uint32_t a, uint32_t b) const;
  /// The id of a customer that a cell names; absent where she was forgotten.
  std::optional<CustomerId> customer(uint32_t row) const;

 private:
  struct Scratch;
  LogReader(const BookState& state, const StreamLayout& layout, int stream, bool attribute);
  std::unique_ptr<Scratch> scratch_;
};

/// The logs of consecutive customers' rows, back to back in one run: row i of the page has the
/// facts offsets[i] .. offsets[i + 1] - 1.
struct LogPage {
  uint32_t first = 0;                 ///< the row of the first customer
  std::span<const uint32_t> offsets;  ///< one more than there are customers
  LogRun run;
  /// Rows (from `first`) whose facts are not all here: customers who are linked, and those with
  /// long logs. Their part of the run is to be left out; LogReader::read has them.
  std::span<const uint16_t> apart;
};

/// Reads whole columns, page after page. Facts that wait are among them.
class PageReader {
 public:
  PageReader(const BookState& state, int stream);
  static PageReader of_attribute(const BookState& state, int attribute);
  ~PageReader();
  PageReader(PageReader&&) noexcept;
  uint32_t pages() const;
  /// Cost: nothing where the page has no new facts, else it is put in order in a copy.
  LogPage read(uint32_t page);

 private:
  struct Scratch;
  PageReader(const BookState& state, const StreamLayout& layout, int stream, bool attribute);
  std::unique_ptr<Scratch> scratch_;
};

}  // namespace patron::internal
