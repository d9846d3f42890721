// LogGlance: one customer's facts of a stream where they lie, for those who read a few cells of
// few facts and cannot wait for a log that is put together.
//
//   LogGlance orders(book.state(), stream, {amount});
//   if (orders.read(customer, from, now)) {
//     const auto* amounts = orders.cells<int64_t>(0);                // null: all cells are null
//     for (size_t i = 0; i < orders.size(); ++i) ... orders.times()[i], amounts[i] ...
//   }
//
// Facts come in the order of time; those of one instant in no order that has a meaning. They are
// copied only where some of them are new and some are not. Customers who are linked, and those with
// long logs, are read by LogReader (log_view.h).
//
// Thread class: serial; any number of them read one snapshot.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lib/base/wiped.h"
#include "lib/book/book_state.h"

namespace patron::internal {

class LogGlance {
 public:
  /// Of a stream, and the columns that are looked at: whole numbers of eight bytes, and enums. The
  /// state is kept by reference.
  LogGlance(const BookState& state, int stream, std::vector<int> columns);

  const StreamLayout& layout() const { return *log_->layout; }
  std::span<const int> columns() const { return columns_; }
  /// The facts with from <= time <= now; false where they are to be read in another way. What there
  /// is of them is good until the next read, and as long as the book is not changed.
  bool read(uint32_t customer, Micros from, Micros now);
  size_t size() const { return size_; }
  const Micros* times() const { return times_; }
  /// The cells of the k-th of the columns; null: all are null. A null cell is kNullInt, kNullEnum.
  template <typename T>
  const T* cells(size_t k) const {
    return static_cast<const T*>(cells_[k]);
  }
  /// Whether an enum's code, of the k-th column, stands for the text. `known` remembers the code
  /// from call to call.
  bool is_text(size_t k, uint32_t code, std::string_view text, uint32_t& known) const;
  /// Brings what read() will look at of a customer into the cache, once fetch_page() of the state
  /// has brought what leads there.
  void fetch(uint32_t customer) const;
  /// Zeroes what was copied. Does not fail.
  void let_go();

 private:
  struct Piece {
    const EventRows* rows;
    uint32_t begin, end;
  };
  void put_together(const Piece& base, const EventRows& tail);

  const BookState* state_;
  const LogState* log_;
  std::vector<int> columns_;
  std::vector<uint8_t> narrow_;  // of each column: four bytes a cell
  size_t size_ = 0;
  const Micros* times_ = nullptr;
  std::vector<const void*> cells_;
  std::vector<uint32_t> tail_;    // rows, in the order of time
  WipedVector<uint64_t> copied_;  // times, then each column
};

}  // namespace patron::internal
