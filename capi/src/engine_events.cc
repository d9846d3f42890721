#include "capi/src/engine_events.h"

#include <memory>
#include <new>
#include <string>
#include <utility>

#include "capi/src/input.h"
#include "lib/base/prefetch.h"
#include "lib/base/utf8.h"

namespace patron::capi {
namespace {

// Not inline: where numbers become text, memory is filled that sound events do not need.
[[gnu::noinline]] std::string event_name(uint64_t number) {
  return "events[" + std::to_string(number) + "]";
}

[[gnu::noinline]] std::string value_name(uint64_t number, size_t column) {
  return event_name(number) + ".values[" + std::to_string(column) + "]";
}

template <typename T>
const T* element_of(const T* first, uint32_t stride, uint64_t i) {
  return reinterpret_cast<const T*>(reinterpret_cast<const char*>(first) + i * stride);
}

// Text that is no UTF-8 makes a row that the book refuses.
Status check_event_text(const patron_str& in, const std::string& name, int64_t row) {
  Status status = require_array(in.data, in.size, 1, name.c_str());
  return status.ok() ? status : Status(status.code(), status.message(), row);
}

bool sound_text(const patron_str& in) {
  return in.data == nullptr ? in.size == 0 : in.size <= static_cast<uint64_t>(PTRDIFF_MAX);
}

std::string_view text_of(const patron_str& in) {
  return in.data == nullptr ? std::string_view("") : std::string_view(in.data, in.size);
}

Kind kind_of(const BookColumn& column, Kind customer) {
  return column.customer ? customer : column.field.kind;
}

// The value of a cell that is known, where its text is sound.
bool put_value(const patron_cell& cell, Kind kind, BookValue* out) {
  switch (kind) {
    case Kind::kString:
    case Kind::kEnum:
      std::construct_at(out, std::in_place_type<std::string_view>, text_of(cell.text));
      return sound_text(cell.text);
    case Kind::kDouble:
      std::construct_at(out, std::in_place_type<double>, cell.number);
      return true;
    case Kind::kBool:
      std::construct_at(out, std::in_place_type<bool>, cell.integer != 0);
      return true;
    default:
      std::construct_at(out, std::in_place_type<int64_t>, cell.integer);
      return true;
  }
}

}  // namespace

EventReader::Places EventReader::make_room(uint64_t count, size_t columns) {
  auto* values = value_bytes_;
  auto* events = event_bytes_;
  if (count > 1 || columns > kOnStack) {
    const size_t each = columns * sizeof(BookValue) + sizeof(BookEvent);
    if (count > static_cast<size_t>(PTRDIFF_MAX) / each) throw std::bad_alloc();
    const size_t all = count * columns * sizeof(BookValue);
    many_ = std::make_unique_for_overwrite<std::byte[]>(all + count * sizeof(BookEvent));
    values = many_.get();
    events = values + all;
  }
  return {reinterpret_cast<BookEvent*>(events), reinterpret_cast<BookValue*>(values)};
}

// Its values are read once.
inline void EventStructs::fetch(size_t i) const {
  const auto* bytes = reinterpret_cast<const char*>(events_[i].values);
  if (bytes == nullptr) return;
  const size_t size = columns_ * sizeof(patron_cell);
  for (size_t at = 0; at < size; at += 64) internal::fetch_line_to_read_once(bytes + at);
}

// Where it is sound. The size is checked by who reads it.
inline bool EventStructs::take(const patron_cell& cell, std::string_view& out) {
  out = text_of(cell.text);
  return cell.text.data != nullptr || cell.text.size == 0;
}

// The first says how far from each other they are.
bool EventStructs::read_clean(const internal::CleanInto& into) const {
  constexpr uint64_t kMost = uint64_t{1} << 32;
  if (events_ == nullptr || count_ == 0 || count_ > kMost || columns_ == 0) return false;
  return sound(0) && internal::CleanReader(*this, into).read();
}

namespace {

// An event and its values; whether there is nothing wrong with it.
bool read_sound_one(const patron_event& in, Kind customer, std::span<const BookColumn> columns,
                    BookValue* values, BookEvent* out) {
  if (in.struct_size != sizeof(patron_event) || in.reserved != 0 || in.values == nullptr ||
      in.value_count != columns.size() || in.values->struct_size != sizeof(patron_cell)) {
    return false;
  }
  const bool number = customer == Kind::kInt64;
  if (!number && !sound_text(in.customer)) return false;
  const std::string_view text =
      number ? std::string_view() : std::string_view(in.customer.data, in.customer.size);
  std::construct_at(out, CustomerId{number ? in.number : 0, text}, in.time,
                    std::span<const BookValue>(values, columns.size()));
  const patron_cell* cell = in.values;
  for (const BookColumn& column : columns) {
    if (cell->known == 0) {
      std::construct_at(values);
    } else if (cell->known != 1 || !put_value(*cell, kind_of(column, customer), values)) {
      return false;
    }
    ++cell;
    ++values;
  }
  return true;
}

}  // namespace

bool EventReader::read_sound(const BookStream& stream, Kind customer, const patron_event* events,
                             uint64_t count) {
  constexpr uint64_t kMost = uint64_t{1} << 32;
  const std::span<const BookColumn> columns = stream.columns;
  if (events == nullptr || count == 0 || count > kMost || columns.empty()) return false;
  if (columns.size() > kOnStack || events->struct_size != sizeof(patron_event)) return false;
  const Places to = make_room(count, columns.size());
  for (uint64_t i = 0; i < count; ++i) {
    BookValue* values = to.values + i * columns.size();
    if (!read_sound_one(events[i], customer, columns, values, to.events + i)) return false;
  }
  events_ = {to.events, count};
  return true;
}

Status EventReader::read_one(const BookStream& stream, Kind customer, const patron_event* in,
                             uint64_t number, BookValue* values, BookEvent& out) {
  const auto row = static_cast<int64_t>(number);
  const size_t columns = stream.columns.size();
  if (in->reserved != 0) {
    return {Code::kUnsupported,
            event_name(number) + ": a reserved field is not zero: start from the struct's _INIT",
            row};
  }
  if (in->value_count != columns) {
    return {Code::kLength,
            event_name(number) + " has " + std::to_string(in->value_count) + " values; stream " +
                internal::quoted(stream.name) + " has " + std::to_string(columns) + " columns",
            row};
  }
  if (in->values == nullptr && columns > 0) {
    return {Code::kArgument, event_name(number) + ".values is NULL", row};
  }
  if (customer == Kind::kInt64) {
    out.customer.number = in->number;
  } else if (sound_text(in->customer)) {
    out.customer.text = {in->customer.data, in->customer.size};
  } else {
    return check_event_text(in->customer, event_name(number) + ".customer", row);
  }
  out.time = in->time;
  out.values = {values, columns};
  const uint32_t stride = columns == 0 ? 0 : in->values->struct_size;
  if (columns > 0 && (stride < kFirstSize<patron_cell> || stride > kLargestStruct)) {
    return check_size(in->values, sizeof(patron_cell), kFirstSize<patron_cell>,
                      (event_name(number) + ".values").c_str());
  }
  for (size_t c = 0; c < columns; ++c) {
    const patron_cell* cell = element_of(in->values, stride, c);
    if ((cell->known & ~1) != 0) {
      return {Code::kArgument,
              value_name(number, c) + ".known is " + std::to_string(cell->known) +
                  "; want 1, or 0 for null",
              row};
    }
    const BookColumn& column = stream.columns[c];
    if (cell->known == 0) {
      std::construct_at(values + c);
    } else if (!put_value(*cell, kind_of(column, customer), values + c)) {
      return check_event_text(cell->text, value_name(number, c) + ".text", row);
    }
    const uint32_t unknown = find_unknown(cell, sizeof(patron_cell), stride);
    if (unknown != stride) {
      return unknown_field(value_name(number, c), sizeof(patron_cell), stride, unknown, row);
    }
  }
  return {};
}

Status EventReader::read(const BookStream& stream, Kind customer, const patron_event* events,
                         uint64_t count) {
  Status status = require_array(events, count, sizeof(patron_event), "events");
  if (!status.ok() || count == 0) return status;
  const uint32_t stride = events->struct_size;
  if (stride < kFirstSize<patron_event> || stride > kLargestStruct) {
    return check_size(events, sizeof(patron_event), kFirstSize<patron_event>, "events[0]");
  }
  const size_t columns = stream.columns.size();
  const Places to = make_room(count, columns);
  for (uint64_t i = 0; i < count; ++i) {
    const patron_event* in = element_of(events, stride, i);
    const uint32_t unknown = find_unknown(in, sizeof(patron_event), stride);
    if (unknown != stride) {
      return unknown_field(event_name(i), sizeof(patron_event), stride, unknown,
                           static_cast<int64_t>(i));
    }
    std::construct_at(to.events + i);
    status = read_one(stream, customer, in, i, to.values + i * columns, to.events[i]);
    if (!status.ok()) return status;
  }
  events_ = {to.events, count};
  return {};
}

}  // namespace patron::capi
