// PageColumns: the columns of one stream for the customers of a page, each as the arrays that
// kernels read, made the first time that they are asked for.
//
//   PageColumns columns(state, stream, attribute);
//   columns.read(page);
//   const int64_t* amounts = columns.ints(amount);   // kNullInt: null
//   columns.fill(program.fields(), places, begin, blocks);
//
// Thread class: serial; any number of them read one snapshot.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "lib/base/buffer.h"
#include "lib/book/book_state.h"
#include "lib/book/log_view.h"
#include "lib/expr/program.h"
#include "lib/metrics/event_source.h"
#include "lib/metrics/name_table.h"

namespace patron::internal {

/// A stream of a book, or an attribute.
struct LogName {
  int index = -1;
  bool attribute = false;
};

class PageColumns {
 public:
  PageColumns(const BookState& state, LogName log);

  /// The rows of that page are what everything below speaks of. Good until the next read.
  const LogPage& read(uint32_t page);
  uint32_t pages() const { return reader_.pages(); }
  size_t rows() const { return page_.run.size; }
  const Micros* times() const { return page_.run.rows == nullptr ? nullptr : page_.run.times(); }
  const StreamLayout& layout() const { return *log_->layout; }
  const CellColumn& layout(int column) const {
    return log_->layout->columns[static_cast<size_t>(column)];
  }
  /// Whether these are the values of an attribute, where a null withdraws the one before.
  bool of_attribute() const { return log_->layout->attribute; }
  /// The columns of a referral with its sides; -1 in other streams.
  int referrer() const { return log_->layout->referrer; }
  int referred() const { return log_->layout->referred; }
  int find(std::string_view column) const {
    return column == "time" ? kTimeColumn : log_->layout->find(column);
  }

  /// Whole numbers, times, days, bools, and the time column: kNullInt where null.
  const int64_t* ints(int column);
  /// Whether no sum of cells of the page leaves 64 bits, of a column that ints() has.
  bool adds_up(int column) { return range(column).adds_up; }
  /// What the cells of the rows before each add up to, of one row more than there are: the sum of
  /// rows begin .. end - 1 is the difference of two of them. Null where a cell is null, or where
  /// sums may leave 64 bits.
  const int64_t* running_sums(int column);
  /// Doubles: NaN where null.
  const double* doubles(int column);
  /// Codes of an enum: kNullEnum where null.
  const uint32_t* codes(int column);
  /// Sets: kNullBits where null.
  const uint64_t* bits(int column);
  /// Rows of customers: kNoCustomer where null.
  const uint32_t* customers(int column);
  bool null(int column, size_t row) const { return page_.run.null(column, row); }
  std::string_view text(int column, size_t row) const { return page_.run.text(column, row); }

  /// How many codes a column of an enum has, and the text of each.
  uint32_t code_count(int column) const;
  std::string_view code_text(int column, uint32_t code) const;
  const TextDictionary* dictionary(int column);
  /// The texts of all codes; made once.
  const NameTable& names(int column);

  /// The fields of a program for the rows from `begin` on; places[i] is the column of field i of
  /// the schema.
  void fill(std::span<const FieldSlot> fields, std::span<const int> places, size_t begin,
            std::vector<FieldBlock>& blocks);

 private:
  /// What is to be known of all whole numbers of a column of the page.
  struct Range {
    bool adds_up = false, any_null = false;
  };
  /// Of one column.
  struct Scratch {
    Buffer wide, known, texts, packed, sums;
    bool has_wide = false, has_known = false, has_texts = false, has_packed = false;
    bool has_range = false, has_sums = false;
    Range range;
    TextDictionary dictionary;
    bool has_dictionary = false;
    std::optional<NameTable> names;
  };
  Scratch& scratch(int column) { return scratch_[static_cast<size_t>(column)]; }
  Range range(int column);
  template <typename T>
  T* room(Buffer& buffer, size_t count);
  /// As they lie; null where all are null.
  template <typename T>
  const T* own(int column) const {
    return page_.run.rows == nullptr ? nullptr : page_.run.cells<T>(column);
  }
  template <typename T, T kNull>
  const T* cells(int column);
  const uint8_t* known(int column);
  const std::string_view* texts(int column);
  const uint8_t* packed(int column);
  void fill_block(const FieldSlot& field, int column, size_t begin, FieldBlock& block);

  const BookState* state_;
  const LogState* log_;
  PageReader reader_;
  LogPage page_;
  std::vector<Scratch> scratch_;
};

}  // namespace patron::internal
