// EventRows: events of one stream, a column each, in one piece of memory.
//
// A column that has only nulls takes no memory. Texts of up to 12 bytes stand in their cells,
// longer ones in a heap beside them, so that a piece of rows can be copied, kept and dropped by
// itself.
//
// Thread class: const is shared; changing is serial.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

#include "lib/base/buffer.h"
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
};
static_assert(sizeof(TextCell) == 16);

class EventRows {
 public:
  /// No rows, no memory. `meter` may be null.
  EventRows(const StreamLayout& layout, std::shared_ptr<Meter> meter)
      : layout_(&layout), meter_(std::move(meter)), offsets_(layout.columns.size()) {}
  ~EventRows() { forget_memory(); }
  EventRows(EventRows&& other) noexcept;
  EventRows& operator=(EventRows&& other) noexcept;

  const StreamLayout& layout() const { return *layout_; }
  uint32_t size() const { return size_; }
  uint32_t capacity() const { return capacity_; }
  const Micros* times() const { return cells_.as<Micros>(); }
  Micros* times() { return cells_.as<Micros>(); }

  /// The cells of a column, or null where all of them are null.
  const void* column(int c) const {
    const size_t offset = offsets_[static_cast<size_t>(c)];
    return offset == 0 ? nullptr : cells_.data() + offset;
  }
  /// The bytes of a text cell that is not null; good as long as the rows are not changed.
  std::string_view text(const TextCell& cell) const {
    if (cell.size <= TextCell::kInline) return {cell.head, cell.size};
    return {heap_.as<char>() + cell.offset, cell.size};
  }
  std::string_view text(int c, size_t row) const {
    return text(static_cast<const TextCell*>(column(c))[row]);
  }
  bool null(int c, size_t row) const;

  /// Room for `rows` rows in all and `heap` bytes of long texts, with the columns that `wanted`
  /// marks (one byte a column) besides those there are. Strong guarantee.
  void reserve(uint32_t rows, size_t heap, const uint8_t* wanted);
  /// Whether reserve() would change nothing.
  bool has_room(uint32_t rows, size_t heap, const uint8_t* wanted) const;

  // What follows needs the room, and the columns, reserved before; none of it fails.

  /// Adds a row of nulls at the end.
  void append(Micros time);
  void set(int c, size_t row, const void* cell) {
    const size_t width = layout_->columns[static_cast<size_t>(c)].width;
    std::memcpy(cells_.data() + offsets_[static_cast<size_t>(c)] + row * width, cell, width);
  }
  /// Also where the text is long: its bytes go into the heap.
  void set_text(int c, size_t row, std::string_view text);
  /// Adds rows of others of the same stream at the end.
  void append(const EventRows& from, size_t begin, size_t count);
  /// Moves the rows from `at` on by one, to make place for the last one there.
  void rotate_last_to(size_t at);
  void erase(size_t at);

  /// Bytes of the cells, of the event keys among them, and of the heap, as allocated.
  size_t cell_bytes() const { return cells_.size(); }
  size_t heap_bytes() const { return heap_.size(); }
  size_t heap_used() const { return heap_used_; }
  /// Bytes of a row, with the columns there are.
  size_t row_bytes() const;

 private:
  void place(uint32_t rows, const uint8_t* wanted, std::vector<size_t>& offsets,
             size_t& bytes) const;
  void forget_memory();

  const StreamLayout* layout_;
  std::shared_ptr<Meter> meter_;
  std::vector<size_t> offsets_;  ///< of each column in cells_; 0: it is not there
  uint32_t size_ = 0;
  uint32_t capacity_ = 0;
  Buffer cells_;
  Buffer heap_;
  size_t heap_used_ = 0;
};

}  // namespace patron::internal
