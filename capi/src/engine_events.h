// Events of a caller, one by one, as the events of a book.
//
//   EventReader reader;
//   Status status;
//   if (!reader.read_sound(stream, spec.customer, events, count)) {
//     status = reader.read(stream, spec.customer, events, count);   // says what is wrong
//   }
//   if (status.ok()) status = engine.ingest(number, reader.events());
//
// One event of up to kOnStack columns costs no memory. Thread class: serial.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <type_traits>

#include "patron/book.h"
#include "patron/patron.h"
#include "patron/status.h"

namespace patron::capi {

class EventReader {
 public:
  /// The quick way, of events of this version's structs with nothing wrong in them, one after the
  /// other as in an array. False, and nothing is read, for any other.
  bool read_sound(const BookStream& stream, Kind customer, const patron_event* events,
                  uint64_t count);
  /// Code::kUnsupported, kLength, kArgument, with the event's number as the row. Texts
  /// borrow from the caller's memory. `customer` is the kind of ids.
  Status read(const BookStream& stream, Kind customer, const patron_event* events, uint64_t count);
  std::span<const BookEvent> events() const { return events_; }

 private:
  static constexpr size_t kOnStack = 32;

  struct Places {
    BookEvent* events;
    BookValue* values;
  };
  // Where so many are made.
  Places make_room(uint64_t count, size_t columns);
  Status read_one(const BookStream& stream, Kind customer, const patron_event* in, uint64_t number,
                  BookValue* values, BookEvent& out);

  // Events and values are made in bytes, those of one event on the stack, and need no end.
  static_assert(std::is_trivially_destructible_v<BookValue>);
  static_assert(std::is_trivially_destructible_v<BookEvent>);
  static_assert(alignof(BookValue) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__);
  static_assert(alignof(BookEvent) == alignof(BookValue));
  alignas(BookValue) std::byte value_bytes_[kOnStack * sizeof(BookValue)];
  alignas(BookEvent) std::byte event_bytes_[sizeof(BookEvent)];
  std::unique_ptr<std::byte[]> many_;
  std::span<const BookEvent> events_;
};

}  // namespace patron::capi
