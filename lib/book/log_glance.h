// LogGlance: one customer's facts of a stream where they lie, for those who read a few cells of
// few facts and cannot wait for a log that is put together.
//
//   LogGlance orders(book.state(), stream);
//   if (orders.read(customer, from, now)) {
//     for (const LogGlance::Row& row : orders.rows()) ... row.time, row.cell<int64_t>(amount) ...
//   }
//
// Facts come in the order of time; those of one instant in no order that has a meaning. Customers
// who are linked, and those with long logs, are read by LogReader (log_view.h).
//
// Thread class: serial; any number of them read one snapshot.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lib/book/book_state.h"

namespace patron::internal {

class LogGlance {
 public:
  struct Row {
    Micros time = 0;
    const EventRows* rows = nullptr;
    uint32_t row = 0;
    /// The cells of its column as CellType says, this one at `row`; null: all are null.
    template <typename T>
    const T* cells(int column) const {
      return static_cast<const T*>(rows->column(column));
    }
  };

  /// Of a stream. The state is kept by reference.
  LogGlance(const BookState& state, int stream)
      : state_(&state), log_(&state.streams[static_cast<size_t>(stream)]) {}

  const StreamLayout& layout() const { return *log_->layout; }
  /// The facts with from <= time <= now; false where they are to be read in another way. What there
  /// is of them is good until the next read, and as long as the book is not changed.
  bool read(uint32_t customer, Micros from, Micros now);
  std::span<const Row> rows() const { return rows_; }
  /// Whether an enum's code stands for the text. `known` remembers the code from call to call.
  bool is_text(int column, uint32_t code, std::string_view text, uint32_t& known) const;

 private:
  void add_tail(const EventPage& page, uint32_t local, Micros from, Micros now);

  const BookState* state_;
  const LogState* log_;
  std::vector<Row> rows_;
};

}  // namespace patron::internal
