#include "lib/book/one_event.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <span>
#include <string_view>

#include "lib/book/book_data.h"
#include "lib/book/cell_reader.h"
#include "lib/book/word_cache.h"

namespace patron::internal {

inline bool OneEvent::take_value(const BookValue& value, Cell& cell) {
  switch (cell.column->cell) {
    case CellType::kText:
    case CellType::kCode: {
      const auto* text = std::get_if<std::string_view>(&value);
      if (text == nullptr || text->size() > kMaxTextBytes) return false;
      cell.bytes = text->data() == nullptr ? "" : text->data();
      cell.bits = text->size();
      if (cell.column->cell == CellType::kCode) return true;
      heap_ += TextCell::heap_bytes(text->size());
      return is_utf8_word(*text);
    }
    case CellType::kByte: {
      const bool* flag = std::get_if<bool>(&value);
      cell.bits = flag != nullptr && *flag ? 1 : 0;
      return flag != nullptr;
    }
    case CellType::kDouble: {
      const auto* number = std::get_if<double>(&value);
      if (number == nullptr) return false;
      cell.bits = std::bit_cast<uint64_t>(*number);
      return std::isfinite(*number);
    }
    case CellType::kInt:
    case CellType::kDay:
    case CellType::kBits: {
      const auto* whole = std::get_if<int64_t>(&value);
      if (whole == nullptr) return false;
      cell.bits = static_cast<uint64_t>(*whole);
      return is_int_cell(*cell.column, *whole);
    }
    case CellType::kCustomer:
      break;
  }
  return false;
}

bool OneEvent::is_good(const LayoutData& layout, Micros until) {
  const size_t count = stream_.columns.size();
  if (count > kMostColumns || event_.values.size() != count || stream_.referrer >= 0) return false;
  if (event_.time < kMinTime || event_.time > until) return false;
  if (layout.text_customers) {
    const std::string_view id = event_.customer.text;
    if (id.data() == nullptr || id.size() > kMaxTextBytes) return false;
  } else if (event_.customer.number == kNullInt) {
    return false;
  }
  const CellColumn* column = stream_.columns.data();
  const BookValue* value = event_.values.data();
  Cell* cell = cells_.data();
  heap_ = 0;
  for (size_t c = 0; c < count; ++c, ++column, ++value) {
    given_[c] = value->index() == 0 ? 0 : 1;
    if (given_[c] == 0) {
      if (!column->nullable || static_cast<int>(c) == stream_.key) return false;
      continue;
    }
    cell->column = column;
    cell->c = static_cast<int>(c);
    if (!take_value(*value, *cell)) return false;
    ++cell;
  }
  count_ = static_cast<size_t>(cell - cells_.data());
  return true;
}

// What is not known of sums and words may be good: a batch says so.
bool LogWriter::can_take(OneEvent& one) {
  for (OneEvent::Cell& cell : one.cells()) {
    const int sum = cell.column->sum;
    if (sum >= 0 &&
        !sums_.is_small(static_cast<size_t>(sum), static_cast<int64_t>(cell.bits), rows_)) {
      return false;
    }
    if (cell.column->cell != CellType::kCode) continue;
    WordCodes* words = code_maps_[static_cast<size_t>(cell.c)].get();
    if (words == nullptr) return false;
    cell.bits = words->find(cell.text());
    if (cell.bits == kNoRow) return false;
  }
  return true;
}

namespace {

// Whether its row can be written without reserve_tail().
inline bool has_room(const OneEvent& one, const EventPage& page) {
  if (!page.has_row(one.heap())) return false;
  for (const OneEvent::Cell& cell : one.cells()) {
    if (!page.tail.has_column(cell.c)) return false;
  }
  return true;
}

}  // namespace

// Nearly always there is room.
bool LogWriter::make_room(const OneEvent& one, uint32_t customer, LogState& log,
                          const CustomerIds& ids, uint64_t epoch) {
  const uint32_t number = customer / kPageCustomers;
  if (layout_->key < 0 && number < log.pages.size() && touched_.capacity() > 0) {
    const EventPage* page = log.pages[number].get();
    if (page != nullptr && page->epoch == epoch && has_room(one, *page)) return true;
  }
  return find_room(one, customer, log, ids, epoch);
}

bool LogWriter::find_room(const OneEvent& one, uint32_t customer, LogState& log,
                          const CustomerIds& ids, uint64_t epoch) {
  make_page_table(log, ids);
  EventPage& page = own_page(log, customer / kPageCustomers, epoch);
  if (layout_->key >= 0) {
    draw_seed();
    const EventProbe probe(one.event(), layout_->key, layout_->columns);
    if (find(page, customer, probe, page.tail.size()).where != Where::kNowhere) return false;
  }
  touched_.reserve(1);
  page.reserve_tail(page.tail.size() + 1, one.heap(), one.given());
  return true;
}

void LogWriter::take(const OneEvent& one, uint32_t customer, LogState& log, const CustomerIds& ids,
                     uint64_t epoch) {
  EventPage& page = *log.pages[customer / kPageCustomers];
  const std::span<const OneEvent::Cell> cells = one.cells();
  const uint32_t row =
      page.append_tail(customer % kPageCustomers, one.event().time, one.given(), cells.size());
  EventRows& tail = page.tail;
  for (const OneEvent::Cell& cell : cells) {
    switch (cell.column->width) {
      case sizeof(uint64_t):
        tail.set_wide(cell.c, row, cell.bits);
        break;
      case sizeof(uint32_t):
        tail.set_narrow(cell.c, row, static_cast<uint32_t>(cell.bits));
        break;
      case sizeof(uint8_t):
        tail.own_cells<uint8_t>(cell.c)[row] = static_cast<uint8_t>(cell.bits);
        break;
      default:
        tail.set_text(cell.c, row, cell.text());
    }
  }
  ++rows_;
  if (page.apart.empty() && !is_full(page)) return;
  touched_.assign(1, customer / kPageCustomers);
  tidy(log, ids, epoch);
}

uint32_t BookData::add_one(int stream, const BookEvent& event) {
  const auto s = static_cast<size_t>(stream);
  CustomerIds& ids = *state.ids;
  // Where she and her page are is waited for while the event is looked at.
  uint32_t customer = kNoRow;
  if (!ids.text()) customer = ids.find_own(event.customer);
  if (const EventPage* page = state.streams[s].page_of(customer); page != nullptr) page->fetch();
  OneEvent one(event, layout.data().streams[s]);
  LogWriter& writer = streams[s];
  const Micros until = std::min(options.refuse_after, kEndTime - 1);
  if (options.memory_limit > 0 || !one.is_good(layout.data(), until) || !writer.can_take(one)) {
    return kNoCustomer;
  }
  const uint32_t before = ids.size();
  if (ids.text()) customer = ids.find_own(event.customer);
  try {
    if (customer == kNoRow) customer = add_customer(event.customer);
    if (customer == kNoRow) return kNoCustomer;
    if (!writer.make_room(one, customer, state.streams[s], ids, epoch)) return kNoCustomer;
  } catch (...) {
    ids.truncate(before);
    throw;
  }
  writer.take(one, customer, state.streams[s], ids, epoch);
  state.customers = ids.size();
  return customer;
}

// A new row; kNoRow where the id is none, or no row is left.
uint32_t BookData::add_customer(CustomerId id) {
  CustomerIds& ids = *state.ids;
  if (ids.text() && !is_utf8_word(id.text)) return kNoRow;
  uint32_t row = kNoRow;
  const std::span<uint32_t> rows(&row, 1);
  const Status status = ids.text() ? ids.resolve(std::span(&id.text, 1), rows)
                                   : ids.resolve(std::span(&id.number, 1), rows);
  return status.ok() ? row : kNoRow;
}

bool BookData::add_one(int stream, const BookEvent& event, const AddOptions& with,
                       BookReport& report) {
  report.effects.reserve(1);
  const uint32_t customer = add_one(stream, event);
  if (customer == kNoCustomer) return false;
  report.rows = report.accepted = 1;
  const bool waits = event.time > with.clock;
  (waits ? report.waiting : report.late) = 1;
  report.effects.push_back(
      {customer, waits ? event.time : with.clock, event.time, !waits, false, with.quiet});
  return true;
}

}  // namespace patron::internal
