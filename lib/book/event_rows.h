// EventRows: events of one stream, a column each, in one piece of memory.
//
// A column that has only nulls takes no memory. Texts of up to 12 bytes stand in their cells,
// longer ones in a heap beside them, so that a piece of rows can be copied, kept and dropped by
// itself.
//
//   EventRows rows(layout, meter);
//   rows.reserve(rows.size() + 1, text_bytes, wanted);   // all that can fail
//   rows.append(time);
//   rows.set(0, rows.size() - 1, &amount);
//
// Thread class: const is shared; changing is serial.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "lib/base/buffer.h"
#include "lib/base/prefetch.h"
#include "lib/book/layout.h"
#include "lib/book/meter.h"

namespace patron::internal {

/// A text of up to 12 bytes, or the first 4 and the place of a longer one. Unused bytes are zero.
struct TextCell {
  static constexpr uint32_t kInline = 12;
  static constexpr uint32_t kNull = 0xFFFFFFFF;
  uint32_t size = kNull;
  char head[4] = {};
  union {
    char tail[8] = {};
    uint64_t offset;  ///< in the heap of its rows
  };

  bool is_long() const { return size > kInline && size != kNull; }
  /// The bytes that a text takes beyond its cell.
  static size_t heap_bytes(size_t size) { return size > kInline ? size : 0; }
};
static_assert(sizeof(TextCell) == 16);

/// That a row of one piece of rows comes before the row `until` of another.
struct RowPlace {
  uint32_t until;
  uint32_t row;
};

class EventRows {
 public:
  /// No rows, no memory.
  EventRows(const StreamLayout& layout, std::shared_ptr<Meter> meter)
      : layout_(&layout), meter_(std::move(meter)), offsets_(layout.columns.size()) {}
  ~EventRows() { give_back(); }
  EventRows(EventRows&& other) noexcept;
  EventRows& operator=(EventRows&& other) noexcept;
  /// The same rows in memory of their own, with room for `rows`.
  EventRows copy(uint32_t rows) const;

  const StreamLayout& layout() const { return *layout_; }
  const std::shared_ptr<Meter>& meter() const { return meter_; }
  uint32_t size() const { return size_; }
  uint32_t capacity() const { return capacity_; }
  const Micros* times() const { return cells_.as<Micros>(); }
  /// Brings where the columns are into the cache.
  void fetch_places() const { fetch_line(offsets_.data()); }

  /// The cells of a column, or null where all of them are null.
  const void* column(int c) const {
    const size_t offset = offsets_[static_cast<size_t>(c)];
    return offset == 0 ? nullptr : cells_.data() + offset;
  }
  bool null(int c, size_t row) const;
  /// The bytes of a text cell that is not null; good until the rows are changed.
  std::string_view text(const TextCell& cell) const {
    if (!cell.is_long()) return {cell.head, cell.size};
    return {heap_.as<char>() + cell.offset, cell.size};
  }
  std::string_view text(int c, size_t row) const {
    return text(static_cast<const TextCell*>(column(c))[row]);
  }
  /// Bytes of long texts that a row refers to.
  size_t long_bytes(size_t row) const;

  /// Room for `rows` rows in all and `heap` more bytes of long texts, with the columns that
  /// `wanted` marks (a byte for each; null: none) besides those there are. Strong guarantee.
  void reserve(uint32_t rows, size_t heap, const uint8_t* wanted);
  bool has_room(uint32_t rows, size_t heap, const uint8_t* wanted) const;
  bool has_column(int c) const { return offsets_[static_cast<size_t>(c)] != 0; }
  /// How many columns there are.
  uint32_t column_count() const { return columns_; }
  /// Marks the columns there are.
  void mark_columns(uint8_t* wanted) const;

  // What follows needs the room and the columns reserved before; none of it fails.

  /// Adds a row of nulls at the end. Columns that `set_next` marks, `count` of those there are, are
  /// left as they are: the caller sets them.
  void append(Micros time, const uint8_t* set_next = nullptr, size_t count = 0) {
    cells_.as<Micros>()[size_] = time;
    if (count < columns_) fill_nulls(set_next);
    ++size_;
  }
  /// The same of many rows.
  void append(const Micros* times, size_t count, const uint8_t* set_next);
  void set_null(int c, size_t row) { fill_null(static_cast<size_t>(c), row, 1); }
  /// set() for cells of eight and of four bytes.
  void set_wide(int c, size_t row, uint64_t cell) {
    reinterpret_cast<uint64_t*>(cells_.data() + offsets_[static_cast<size_t>(c)])[row] = cell;
  }
  void set_narrow(int c, size_t row, uint32_t cell) {
    reinterpret_cast<uint32_t*>(cells_.data() + offsets_[static_cast<size_t>(c)])[row] = cell;
  }
  /// A cell that is no text, as CellType says.
  void set(int c, size_t row, const void* cell) {
    const size_t width = layout_->columns[static_cast<size_t>(c)].width;
    std::memcpy(cells_.data() + offsets_[static_cast<size_t>(c)] + row * width, cell, width);
  }
  void set_text(int c, size_t row, std::string_view text);
  /// Adds all rows of two other pieces of the same stream at the end: those of `base` in their
  /// order, and those of `more` at their places, which ascend.
  void merge(const EventRows& base, const EventRows& more, std::span<const RowPlace> places);
  void append(const EventRows& from, size_t begin, size_t count);
  /// Rows from `begin` on become those that are picked: the same rows in another order, at most
  /// kMostReordered of them.
  void reorder(size_t begin, std::span<const uint32_t> picks);
  static constexpr size_t kMostReordered = 512;
  /// Moves the last row to `at`, and those from there on by one.
  void move_last_to(size_t at);
  /// Long texts of the row stay in the heap, zeroed.
  void erase(size_t at);
  /// The last row takes the place of the row `at`.
  void drop(size_t at);
  void clear() { size_ = 0, heap_used_ = 0; }
  /// No rows, no memory: what there was is zeroed and given back.
  void let_go();
  /// Adds rows whose times and cells, of every column there is, the caller writes.
  void extend(uint32_t rows) { size_ += rows; }
  Micros* own_times() { return cells_.as<Micros>(); }
  template <typename T>
  T* own_cells(int c) {
    return reinterpret_cast<T*>(cells_.data() + offsets_[static_cast<size_t>(c)]);
  }

  /// Bytes as allocated: cells, and the heap.
  size_t cell_bytes() const { return cells_.size(); }
  size_t heap_bytes() const { return heap_.size(); }
  size_t heap_used() const { return heap_used_; }
  /// Bytes of a row, with the columns there are.
  size_t row_bytes() const;

 private:
  size_t place(uint32_t rows, const uint8_t* wanted, std::vector<size_t>& offsets) const;
  void fill_null(size_t c, size_t begin, size_t count);
  void fill_nulls(const uint8_t* set_next);
  void wipe_texts(size_t row);
  void copy_cells(size_t c, size_t begin, size_t count, const EventRows& from, size_t at);
  void copy_texts(size_t c, size_t begin, size_t count, const EventRows& from);
  void give_back();

  const StreamLayout* layout_;
  std::shared_ptr<Meter> meter_;
  std::vector<size_t> offsets_;  ///< of each column in cells_; 0: it is not there
  uint32_t columns_ = 0;         ///< that are there
  uint32_t size_ = 0;
  uint32_t capacity_ = 0;
  Buffer cells_;
  Buffer heap_;
  size_t heap_used_ = 0;
};

}  // namespace patron::internal
