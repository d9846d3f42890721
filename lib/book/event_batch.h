// EventBatch: the good rows of what is to be added, a column each, before the book knows of them.
//
//   EventBatch batch;
//   Status status = read_batch(table, stream, layout, refuse_after, batch, report);
//   batch.times[i], batch.columns[c].cells;      // of the rows that were not refused
//
// Everything that can be said of a row by itself is said here; what depends on the book (who the
// customers are, whether the event key is known) comes later.
//
// Thread class: serial.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "lib/book/batch_vector.h"
#include "lib/book/cell_reader.h"
#include "patron/book.h"

namespace patron::internal {

/// Where rows that are refused are counted and, the first of them, listed: in the order of the rows
/// once the list goes.
class RefusalList {
 public:
  explicit RefusalList(BookReport& report) : report_(&report) {}
  ~RefusalList() { put_in_order(); }
  RefusalList(const RefusalList&) = delete;
  RefusalList& operator=(const RefusalList&) = delete;
  /// "amount" "null" -> {row, "amount", "null amount"}.
  void add(int64_t row, std::string_view column, std::string_view reason);

 private:
  void put_in_order();
  BookReport* report_;
};

struct WordCodes;

struct BatchColumn {
  bool given = false;                   ///< the input has it, and one cell is not null
  BatchVector<uint8_t> cells;           ///< of CellColumn::width, or int64 ids of customers
  BatchVector<std::string_view> texts;  ///< data() null: null
  /// Of an enum whose words were looked up when they were read: cells are codes, or say which of
  /// the new words it is.
  bool coded = false;
  static constexpr uint32_t kNewWord = uint32_t{1} << 31;  ///< with the index in new_words
  BatchVector<std::string_view> new_words;
};

struct EventBatch {
  const StreamLayout* layout = nullptr;
  BatchVector<int64_t> source;  ///< the row of the input; empty: the same
  BatchVector<Micros> times;
  BatchVector<int64_t> int_ids;  ///< of customers, as the book's ids are
  BatchVector<std::string_view> text_ids;
  BatchVector<uint32_t> customers;  ///< their rows, once they are known
  std::vector<BatchColumn> columns;
  std::vector<uint8_t> marked;  ///< scratch: rows to leave out

  int64_t source_of(size_t i) const { return source.empty() ? static_cast<int64_t>(i) : source[i]; }
  size_t size() const { return times.size(); }
  /// A customer's row in a column of ids, once they are known.
  uint32_t customer_cell(int column, size_t i) const {
    int64_t cell = 0;
    std::memcpy(&cell, columns[static_cast<size_t>(column)].cells.data() + i * sizeof cell,
                sizeof cell);
    return static_cast<uint32_t>(cell);
  }
  void clear(const StreamLayout& of);
  /// Gives back the memory of what customers' rows have taken the place of, and of what only
  /// refusals need.
  void drop_ids();
  /// Leaves out the rows that are marked with 1.
  void leave_out(const std::vector<uint8_t>& out);
};

/// Reads a table. For a referral the customer is the one who is referred.
/// Code::kColumn, kType. `until` refuses later times.
Status read_batch(const Table& table, const StreamLayout& stream, const LayoutData& layout,
                  Micros until, EventBatch& batch, BookReport& report);
/// The same for events. Code::kLength where one has another number of values, kType. `words`: as
/// CleanInto has them.
Status read_batch(std::span<const BookEvent> events, const StreamLayout& stream,
                  const LayoutData& layout, Micros until, EventBatch& batch, BookReport& report,
                  std::span<const std::unique_ptr<WordCodes>> words = {});

/// Reads `customer` and the event keys of a stream: what is to be deleted.
Status read_keys(const Table& table, const StreamLayout& stream, const LayoutData& layout,
                 EventBatch& batch, BookReport& report);
/// Reads `customer`, identity keys, and `time` where it is there, else the clock.
Status read_claims(const Table& table, const LayoutData& layout, Micros clock, Micros until,
                   EventBatch& batch, BookReport& report);
/// Reads `customer`, one attribute, and `time` where it is there, else the clock. Nulls are no
/// rows, or where the options say so withdraw what held before.
Status read_values(const Table& table, const StreamLayout& attribute, const LayoutData& layout,
                   const AddOptions& options, Micros until, EventBatch& batch, BookReport& report);

}  // namespace patron::internal
