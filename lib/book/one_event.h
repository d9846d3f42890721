// OneEvent: an event that is handed over by itself, on the short way into its log.
//
// Most hosts have one event at a time, with nothing wrong in it and an event key that is new. It
// needs no batch: what it has is looked at where it lies, and written where it stays. All else (one
// that is refused, corrects another, names another customer, ...) goes the way of batches, which
// says what there is to be said of it.
//
//   OneEvent one(event, stream);
//   if (one.is_good(layout, until) && writer.can_take(one, log)) {
//     writer.make_room(one, customer, log, ids, epoch);        // may fail
//     writer.take(one, customer, log, ids, epoch);             // does not
//   }
//
// Thread class: serial.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "lib/book/layout.h"

namespace patron::internal {

class OneEvent {
 public:
  /// Events with more columns go the way of batches.
  static constexpr size_t kMostColumns = 32;

  /// Both are kept by reference, good for the other calls where it has the stream's columns.
  OneEvent(const BookEvent& event, const StreamLayout& stream) : event_(event), stream_(stream) {}

  /// Whether no more is to be known of it by itself: its values are of the right types and in their
  /// ranges, and where it has to have one it has. The words of enums are left to the log, and so is
  /// whether the text of an id is UTF-8.
  bool is_good(const LayoutData& layout, Micros until);

  const BookEvent& event() const { return event_; }
  const StreamLayout& stream() const { return stream_; }
  /// A value: the bytes of its cell, or its text. Of an enum it is the text, and once the log knows
  /// the word, its code.
  struct Cell {
    const CellColumn* column;
    int c;
    uint64_t bits;  // the size of a text
    const char* bytes;
    std::string_view text() const { return {bytes, bits}; }
  };
  /// Of the columns that have a value, in their order. Good after is_good().
  std::span<Cell> cells() { return {cells_.data(), count_}; }
  std::span<const Cell> cells() const { return {cells_.data(), count_}; }
  /// A byte for each column: it has a value. Good after is_good().
  const uint8_t* given() const { return given_.data(); }
  /// Bytes of texts that do not stand in their cells.
  size_t heap() const { return heap_; }

 private:
  bool take_value(const BookValue& value, Cell& cell);

  const BookEvent& event_;
  const StreamLayout& stream_;
  size_t heap_ = 0;
  size_t count_ = 0;
  std::array<uint8_t, kMostColumns> given_;  // of the columns there are
  std::array<Cell, kMostColumns> cells_;     // of those that have a value
};

}  // namespace patron::internal
