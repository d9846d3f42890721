// Events of a caller, one by one, as the events of a book.
//
//   const EventStructs structs(stream, events, count);
//   Result<bool> good = engine.ingest(number, structs, options, &report);
//   // Where that is false, something is to be said of one of them:
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

#include "lib/book/event_feed.h"
#include "patron/book.h"
#include "patron/patron.h"
#include "patron/status.h"

namespace patron::capi {

/// Events of this version's structs, one after the other as in an array, which are read straight
/// into a batch of the book.
class EventStructs final : public internal::EventFeed {
 public:
  EventStructs(const BookStream& stream, const patron_event* events, uint64_t count)
      : events_(events), count_(count), columns_(stream.columns.size()) {}

  bool read_clean(const internal::CleanInto& into) const override;

  // What a CleanReader asks.
  size_t size() const override { return count_; }
  bool sound(size_t i) const {
    const patron_event& in = events_[i];
    return in.struct_size == sizeof(patron_event) && in.reserved == 0 && in.values != nullptr &&
           in.value_count == columns_ && in.values->struct_size == sizeof(patron_cell);
  }
  int64_t time(size_t i) const { return events_[i].time; }
  int64_t number(size_t i) const { return events_[i].number; }
  std::string_view text(size_t i) const {
    return {events_[i].customer.data, static_cast<size_t>(events_[i].customer.size)};
  }
  const patron_cell* cells(size_t i) const { return events_[i].values; }
  void fetch(size_t i) const;
  static int known(const patron_cell& cell) { return cell.known; }
  static bool take(const patron_cell& cell, int64_t& out) { return out = cell.integer, true; }
  static bool take(const patron_cell& cell, double& out) { return out = cell.number, true; }
  static bool take(const patron_cell& cell, bool& out) { return out = cell.integer != 0, true; }
  static bool take(const patron_cell& cell, std::string_view& out);

 private:
  const patron_event* events_;
  size_t count_, columns_;
};

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
