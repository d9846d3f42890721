#include "lib/book/one_event.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <span>
#include <string_view>

#include "lib/base/utf8.h"
#include "lib/book/book_data.h"
#include "lib/book/cell_reader.h"

namespace patron::internal {

bool OneEvent::is_good_value(const CellColumn& column, const BookValue& value) {
  switch (column.cell) {
    case CellType::kText:
    case CellType::kCode: {
      const auto* text = std::get_if<std::string_view>(&value);
      if (text == nullptr || text->size() > kMaxTextBytes) return false;
      if (column.cell == CellType::kCode) return true;
      heap_ += TextCell::heap_bytes(text->size());
      return is_utf8(*text);
    }
    case CellType::kByte:
      return std::holds_alternative<bool>(value);
    case CellType::kDouble: {
      const auto* number = std::get_if<double>(&value);
      return number != nullptr && std::isfinite(*number);
    }
    case CellType::kInt:
    case CellType::kDay:
    case CellType::kBits: {
      const auto* whole = std::get_if<int64_t>(&value);
      return whole != nullptr && check_int_cell(column, *whole) == nullptr;
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
  for (size_t c = 0; c < count; ++c) {
    const BookValue& value = event_.values[c];
    const CellColumn& column = stream_.columns[c];
    given_[c] = value.index() == 0 ? 0 : 1;
    if (given_[c] == 0) {
      if (!column.nullable || static_cast<int>(c) == stream_.key) return false;
    } else if (!is_good_value(column, value)) {
      return false;
    }
  }
  return true;
}

// What is not known of sums and words may be good: a batch says so.
bool LogWriter::can_take(OneEvent& one) {
  for (size_t s = 0; s < layout_->summed.size(); ++s) {
    const auto c = static_cast<size_t>(layout_->summed[s]);
    if (one.given_[c] == 0) continue;
    if (!sums_.is_small(s, *std::get_if<int64_t>(&one.event_.values[c]), rows_)) return false;
  }
  for (const size_t c : enums_) {
    if (one.given_[c] == 0) continue;
    if (code_maps_[c] == nullptr) return false;
    one.codes_[c] = code_maps_[c]->find(text_of(one.event_.values[c]));
    if (one.codes_[c] == kNoRow) return false;
  }
  return true;
}

bool LogWriter::make_room(const OneEvent& one, uint32_t customer, LogState& log,
                          const CustomerIds& ids, uint64_t epoch) {
  const size_t pages = (ids.size() + kPageCustomers - 1) / kPageCustomers;
  if (log.pages.size() < pages) log.pages.resize(pages);
  EventPage& page = own_page(log, customer / kPageCustomers, epoch);
  if (layout_->key >= 0) {
    draw_seed();
    const EventProbe probe(one.event_, layout_->key, layout_->columns);
    if (find(page, customer, probe, page.tail.size()).where != Where::kNowhere) return false;
  }
  touched_.reserve(1);
  page.reserve_tail(page.tail.size() + 1, one.heap(), one.given());
  return true;
}

void LogWriter::take(const OneEvent& one, uint32_t customer, LogState& log, const CustomerIds& ids,
                     uint64_t epoch) {
  EventPage& page = *log.pages[customer / kPageCustomers];
  const uint32_t row = page.append_tail(customer % kPageCustomers, one.event_.time, one.given());
  EventRows& tail = page.tail;
  for (size_t k = 0; k < layout_->columns.size(); ++k) {
    if (one.given_[k] == 0) continue;
    const auto c = static_cast<int>(k);
    const BookValue& value = one.event_.values[k];
    switch (layout_->columns[k].cell) {
      case CellType::kInt:
      case CellType::kBits:
        tail.set_wide(c, row, static_cast<uint64_t>(*std::get_if<int64_t>(&value)));
        break;
      case CellType::kDouble:
        tail.set_wide(c, row, std::bit_cast<uint64_t>(*std::get_if<double>(&value)));
        break;
      case CellType::kCode:
        tail.set_narrow(c, row, one.codes_[k]);
        break;
      case CellType::kDay:
        tail.set_narrow(c, row, static_cast<uint32_t>(*std::get_if<int64_t>(&value)));
        break;
      case CellType::kByte: {
        const uint8_t flag = *std::get_if<bool>(&value) ? 1 : 0;
        tail.set(c, row, &flag);
        break;
      }
      case CellType::kText:
        tail.set_text(c, row, text_of(value));
        break;
      case CellType::kCustomer:
        break;
    }
  }
  ++rows_;
  if (page.apart.empty() && !page.tail_is_full()) return;
  touched_.assign(1, customer / kPageCustomers);
  tidy(log, ids, epoch);
}

bool BookData::add_one(int stream, const BookEvent& event, const AddOptions& with,
                       BookReport& report) {
  const auto s = static_cast<size_t>(stream);
  OneEvent one(event, layout.data().streams[s]);
  LogWriter& writer = streams[s];
  const Micros until = std::min(options.refuse_after, kEndTime - 1);
  if (options.memory_limit > 0 || !one.is_good(layout.data(), until) || !writer.can_take(one)) {
    return false;
  }
  CustomerIds& ids = *state.ids;
  const uint32_t before = ids.size();
  uint32_t customer = ids.find_own(event.customer);
  try {
    if (customer == kNoRow) {
      if (ids.text() && !is_utf8(event.customer.text)) return false;
      const std::span<uint32_t> row(&customer, 1);
      const Status status = ids.text() ? ids.resolve(std::span(&event.customer.text, 1), row)
                                       : ids.resolve(std::span(&event.customer.number, 1), row);
      if (!status.ok()) return false;
    }
    report.effects.reserve(1);
    if (!writer.make_room(one, customer, state.streams[s], ids, epoch)) return false;
  } catch (...) {
    ids.truncate(before);
    throw;
  }
  writer.take(one, customer, state.streams[s], ids, epoch);
  state.customers = ids.size();
  report.rows = report.accepted = 1;
  const bool waits = event.time > with.clock;
  (waits ? report.waiting : report.late) = 1;
  report.effects.push_back(
      {customer, waits ? event.time : with.clock, event.time, !waits, false, with.quiet});
  return true;
}

}  // namespace patron::internal
