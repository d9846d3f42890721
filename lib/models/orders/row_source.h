// Row source: the order columns of a table, decoded a block at a time into keys, times, amounts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/column_reader.h"
#include "lib/models/orders/order_row.h"

namespace patron::internal {

/// A run of rows within one chunk.
struct Segment {
  int chunk;
  int64_t begin;  ///< in the chunk
  int64_t rows;
  int64_t first_row;  ///< of the table
};

/// Consecutive segments that are worked on together, so that small chunks do not make small work.
struct Batch {
  std::vector<Segment> segments;
  int64_t rows = 0;
};

/// Cuts a table's rows into batches of at most `target` rows.
std::vector<Batch> cut_batches(const Table& table, int column, int64_t target);

/// The names of the columns of an order log.
struct OrderColumns {
  std::string customer, time;
  std::optional<std::string> amount;  ///< without it every row is an order of 1 minor unit
  std::optional<std::string> order;
  std::optional<std::string> margin;
  int scale = 2;  ///< decimal digits of the minor unit
};

/// The columns that OrderColumns names, opened and checked.
struct RowSource {
  static Result<RowSource> open(const Table& orders, const OrderColumns& columns,
                                const TimeZone& zone);

  bool text_customers = false;
  bool text_orders = false;
  IntReader int_customer;
  TextReader text_customer;
  TimeReader time;
  TextReader text_time;  ///< the same column where it is text, for messages
  bool has_amount = false;
  AmountReader amount;
  bool has_margin = false;
  AmountReader margin;
  bool has_order = false;
  IntReader int_order;
  TextReader text_order;
};

inline constexpr int64_t kBlockRows = 1024;

/// The customer keys of a run of up to kBlockRows rows.
template <typename Key>
class KeyBlock;

template <>
class KeyBlock<IntKey> {
 public:
  /// False where some state is not kOk.
  bool read(const RowSource& source, int chunk, int64_t begin, int64_t n, CellState* states);
  struct View {
    const int64_t* ids;
    IntKey key(int64_t i) const { return IntKey::of(ids[i]); }
    uint32_t code(int64_t) const { return 0; }
  };
  View view() const { return {ids_}; }

 private:
  const int64_t* ids_ = nullptr;  ///< the column's own memory, or buffer_
  int64_t buffer_[kBlockRows];
};

template <>
class KeyBlock<TextKey> {
 public:
  /// Texts and keys.
  bool read(const RowSource& source, int chunk, int64_t begin, int64_t n, CellState* states);
  /// Only the texts.
  bool read_texts(const RowSource& source, int chunk, int64_t begin, int64_t n, CellState* states);
  /// Empty where the state is not kOk.
  std::string_view text(int64_t i) const { return texts_[i]; }
  struct View {
    const TextKey* keys;
    const uint32_t* codes;
    TextKey key(int64_t i) const { return keys[i]; }
    uint32_t code(int64_t i) const { return codes[i]; }
  };
  View view() const { return {keys_, codes_}; }

 private:
  std::string_view texts_[kBlockRows];
  TextKey keys_[kBlockRows];
  uint32_t codes_[kBlockRows];
};

/// The instants of a run of up to kBlockRows rows.
class TimeBlock {
 public:
  /// False where some state is not kOk.
  bool read(const RowSource& source, int chunk, int64_t begin, int64_t n, CellState* states);
  Micros operator[](int64_t i) const { return times_[i]; }
  const Micros* data() const { return times_; }

  struct Range {
    Micros low, high;  ///< least and greatest
    bool sorted;       ///< never decreasing from row to row
  };
  /// Of the values last read; of use where all of them were kOk.
  const Range& range() const { return range_; }

 private:
  const Micros* times_ = nullptr;  ///< the column's own memory, or buffer_
  Range range_;
  Micros buffer_[kBlockRows];
};

/// Order ids of a run of rows: integers, or TextRefs.
bool read_orders(const RowSource& source, int chunk, int64_t begin, int64_t n, uint64_t* orders,
                 CellState* states);

}  // namespace patron::internal
