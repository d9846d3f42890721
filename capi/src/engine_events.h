// Events of a caller, one by one, as the events of a book.
//
//   EventReader reader;
//   Status status = reader.read(spec.streams[number], spec.customer, events, count);
//   if (status.ok()) status = engine.ingest(number, reader.events());
//
// One event of up to kOnStack columns costs no memory. Thread class: serial.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include "patron/book.h"
#include "patron/patron.h"
#include "patron/status.h"

namespace patron::capi {

class EventReader {
 public:
  /// Code::kUnsupported, kLength, kArgument, with the event's number as the row. Texts
  /// borrow from the caller's memory. `customer` is the kind of ids.
  Status read(const BookStream& stream, Kind customer, const patron_event* events, uint64_t count);
  std::span<const BookEvent> events() const { return events_; }

 private:
  static constexpr size_t kOnStack = 32;

  // The quick way, for an event of this version's structs with nothing wrong in it. False for any
  // other: read_one reads that, and says what is wrong.
  bool read_sound(const patron_event& in, Kind customer, size_t columns, BookValue* values,
                  BookEvent& out) const;
  Status read_one(const BookStream& stream, Kind customer, const patron_event* in, uint64_t number,
                  BookValue* values, BookEvent& out);

  // Of one event; values are made in it, and need no end.
  static_assert(std::is_trivially_destructible_v<BookValue>);
  alignas(BookValue) std::byte on_stack_[kOnStack * sizeof(BookValue)];
  std::array<Kind, kOnStack> kinds_;  // of the values, where they are so few
  std::vector<BookValue> values_;
  BookEvent one_;
  std::vector<BookEvent> many_;
  std::span<const BookEvent> events_;
};

}  // namespace patron::capi
