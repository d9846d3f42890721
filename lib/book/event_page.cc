#include "lib/book/event_page.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace patron::internal {
namespace {

constexpr uint32_t kSmallTail = 16;

// Where the rows of a tail go in the base: those of each customer side by side and in order.
struct TailOrder {
  std::vector<RowPlace> places;
  std::array<uint32_t, kPageCustomers + 1> begin{};  // of each customer
};

void sort_tail(const EventRows& tail, const RowOrder& order, RowPlace* begin, RowPlace* end) {
  const auto less = [&](const RowPlace& a, const RowPlace& b) {
    return order.less(tail, a.row, tail, b.row);
  };
  if (!std::is_sorted(begin, end, less)) std::sort(begin, end, less);
}

// Puts the rows of one customer's tail in order among those of her base.
void place_rows(const EventPage& page, const RowOrder& order, uint32_t local, RowPlace* begin,
                RowPlace* end) {
  sort_tail(page.tail, order, begin, end);
  uint32_t from = page.base_begin(local);
  const uint32_t last = page.base_end(local);
  for (RowPlace* next = begin; next < end; ++next) {
    while (from < last && !order.less(page.tail, next->row, page.base->rows, from)) ++from;
    next->until = from;
  }
}

// What is known of a customer's rows while they are placed.
struct NextPlace {
  Micros newest = std::numeric_limits<Micros>::min();  // of those that have their places
  uint32_t until = 0;
  uint32_t at = 0;  // the place of the next
};

// Where the rows of each customer begin among those that are placed.
void start_places(const EventPage& page, std::array<uint32_t, kPageCustomers + 1>& begin,
                  std::array<NextPlace, kPageCustomers>& next) {
  const uint8_t* locals = page.locals();
  for (uint32_t i = 0, rows = page.tail.size(); i < rows; ++i) ++begin[locals[i] + size_t{1}];
  for (size_t i = 0; i < kPageCustomers; ++i) {
    next[i].at = begin[i];
    begin[i + 1] += begin[i];
  }
  if (page.base == nullptr) return;
  const Micros* times = page.base->rows.times();
  const uint32_t* offsets = page.base->offsets.data();
  for (size_t i = 0; i < kPageCustomers; ++i) {
    next[i].until = offsets[i + 1];
    if (offsets[i] < offsets[i + 1]) next[i].newest = times[offsets[i + 1] - 1];
  }
}

// Nearly always each row is newer than all before of its customer: it goes behind them. Whoever has
// others is looked at again.
void order_tail(const EventPage& page, const RowOrder& order, TailOrder& out) {
  std::array<NextPlace, kPageCustomers> next;
  std::array<uint8_t, kPageCustomers> mixed{};
  start_places(page, out.begin, next);
  const uint32_t rows = page.tail.size();
  const uint8_t* locals = page.locals();
  const Micros* times = page.tail.times();
  out.places.resize(rows);
  RowPlace* places = out.places.data();
  uint8_t any_mixed = 0;
  for (uint32_t i = 0; i < rows; ++i) {
    NextPlace& one = next[locals[i]];
    const uint8_t is_mixed = times[i] <= one.newest ? 1 : 0;
    mixed[locals[i]] |= is_mixed;
    any_mixed |= is_mixed;
    one.newest = times[i];
    places[one.at++] = {one.until, i};
  }
  for (uint32_t local = 0; any_mixed != 0 && local < kPageCustomers; ++local) {
    if (mixed[local] == 0) continue;
    place_rows(page, order, local, places + out.begin[local],
               places + out.begin[local + size_t{1}]);
  }
}

}  // namespace

EventPage::~EventPage() {
  if (tail.meter() == nullptr) return;
  tail.meter()->add(-static_cast<int64_t>(sizeof(EventPage) + local_of.size()));
}

uint32_t EventPage::tail_room(uint32_t rows, uint32_t now, uint32_t full) {
  if (rows <= now) return now;
  return std::max({rows, kSmallTail, std::min(now * 2, full), full / 8});
}

std::shared_ptr<EventPage> EventPage::copy(uint64_t now) const {
  auto made = std::make_shared<EventPage>(tail.layout(), tail.meter(), now);
  made->base = base;
  made->full = full;
  made->mask = mask;
  made->apart = apart;
  if (tail.size() > 0) {
    std::vector<uint8_t> wanted(tail.layout().columns.size());
    tail.mark_columns(wanted.data());
    made->reserve_tail(tail.size(), tail.heap_used(), wanted.data());
    made->tail.append(tail, 0, tail.size());
    std::memcpy(made->local_of.data(), local_of.data(), tail.size());
  }
  return made;
}

void EventPage::tail_rows(uint32_t local, std::vector<uint32_t>& rows) const {
  if (!in_tail(local)) return;
  const uint8_t* begin = local_of.data();
  const uint8_t* end = begin + tail.size();
  for (const uint8_t* at = begin; at < end; ++at) {
    at = static_cast<const uint8_t*>(
        std::memchr(at, static_cast<int>(local), static_cast<size_t>(end - at)));
    if (at == nullptr) return;
    rows.push_back(static_cast<uint32_t>(at - begin));
  }
}

Micros EventPage::first_time(uint32_t local) const {
  Micros first = kEndTime;
  if (base_begin(local) < base_end(local)) first = base->rows.times()[base_begin(local)];
  if (const LongLog* log = long_log(local); log != nullptr) {
    first = std::min(first, log->chunks.front()->rows.times()[0]);
  }
  std::vector<uint32_t> rows;
  tail_rows(local, rows);
  for (const uint32_t row : rows) first = std::min(first, tail.times()[row]);
  return first;
}

LongLog* EventPage::long_log(uint32_t local) const {
  for (const Apart& log : apart) {
    if (log.local == local) return log.log.get();
  }
  return nullptr;
}

void EventPage::reserve_tail(uint32_t rows, size_t heap, const uint8_t* wanted) {
  if (rows > local_of.size() || rows > tail.capacity()) {
    tail.reserve(tail_room(rows, tail.capacity(), full), heap, wanted);
    Buffer larger(tail.capacity());
    if (tail.size() > 0) std::memcpy(larger.data(), local_of.data(), tail.size());
    if (tail.meter() != nullptr) {
      tail.meter()->add(static_cast<int64_t>(larger.size()) -
                        static_cast<int64_t>(local_of.size()));
    }
    local_of = std::move(larger);
  } else {
    tail.reserve(rows, heap, wanted);
  }
}

uint32_t EventPage::append_tail(std::span<const uint32_t> customers, const Micros* times,
                                const uint8_t* set_next) {
  const uint32_t row = tail.size();
  uint8_t* locals = local_of.data() + row;
  for (size_t i = 0; i < customers.size(); ++i) {
    const uint32_t local = customers[i] % kPageCustomers;
    locals[i] = static_cast<uint8_t>(local);
    mask[local / 64] |= uint64_t{1} << (local % 64);
  }
  tail.append(times, customers.size(), set_next);
  return row;
}

void EventPage::erase_tail(uint32_t row) {
  const uint8_t local = local_of.data()[row];
  tail.drop(row);
  local_of.data()[row] = local_of.data()[tail.size()];
  if (tail.size() == 0 || std::memchr(local_of.data(), local, tail.size()) == nullptr) {
    mask[local / 64] &= ~(uint64_t{1} << (local % 64));
  }
}

uint32_t PageBase::longest() const {
  uint32_t most = 0;
  if (rows.size() < kLongLogRows) return rows.size();
  for (uint32_t local = 0; local < kPageCustomers; ++local) most = std::max(most, rows_of(local));
  return most;
}

void EventPage::own_base(uint64_t now) {
  if (base == nullptr || base->epoch == now) return;
  auto made = std::make_shared<PageBase>(tail.layout(), tail.meter(), now);
  made->rows = base->rows.copy(base->rows.size());
  made->offsets = base->offsets;
  base = std::move(made);
}

void EventPage::erase_base(uint32_t local, uint32_t row) {
  base->rows.erase(row);
  for (uint32_t i = local + 1; i <= kPageCustomers; ++i) --base->offsets[i];
}

void EventPage::own_long_log(uint32_t local, uint64_t now) {
  for (Apart& log : apart) {
    if (log.local == local && log.log->epoch != now) {
      log.log = std::make_shared<LongLog>(*log.log, now);
    }
  }
}

std::shared_ptr<PageBase> merged_base(const EventPage& page, const RowOrder& order,
                                      std::shared_ptr<Meter> meter, uint64_t now) {
  const StreamLayout& layout = page.tail.layout();
  TailOrder all;
  order_tail(page, order, all);
  auto made = std::make_shared<PageBase>(layout, std::move(meter), now);
  const EventRows none(layout, nullptr);
  const EventRows& base = page.base == nullptr ? none : page.base->rows;
  std::vector<uint8_t> wanted(layout.columns.size());
  base.mark_columns(wanted.data());
  page.tail.mark_columns(wanted.data());
  made->rows.reserve(base.size() + page.tail.size(), base.heap_used() + page.tail.heap_used(),
                     wanted.data());
  made->rows.merge(base, page.tail, all.places);
  made->offsets = all.begin;
  for (size_t i = 0; page.base != nullptr && i <= kPageCustomers; ++i) {
    made->offsets[i] += page.base->offsets[i];
  }
  return made;
}

std::shared_ptr<PageBase> EventPage::part_from_long(const PageBase& made, std::vector<Apart>& grown,
                                                    uint64_t now) {
  auto rest = std::make_shared<PageBase>(made.rows.layout(), made.rows.meter(), now);
  std::vector<uint8_t> wanted(made.rows.layout().columns.size());
  made.rows.mark_columns(wanted.data());
  uint32_t rows = 0;
  size_t heap = 0;
  const auto is_long = [&](uint32_t local) { return made.rows_of(local) >= kLongLogRows; };
  for (uint32_t local = 0; local < kPageCustomers; ++local) {
    rest->offsets[local] = rows;
    if (is_long(local)) continue;
    rows += made.rows_of(local);
    for (uint32_t i = made.offsets[local]; i < made.offsets[local + 1]; ++i) {
      heap += made.rows.long_bytes(i);
    }
  }
  rest->offsets[kPageCustomers] = rows;
  rest->rows.reserve(rows, heap, wanted.data());
  for (uint32_t local = 0; local < kPageCustomers; ++local) {
    if (!is_long(local)) {
      rest->rows.append(made.rows, made.offsets[local], made.rows_of(local));
      continue;
    }
    auto apart_log = std::make_shared<LongLog>(now);
    apart_log->append(made.rows, made.offsets[local], made.rows_of(local), now);
    grown.push_back({static_cast<uint8_t>(local), std::move(apart_log)});
  }
  return rest;
}

void EventPage::merge(const RowOrder& order, uint64_t now) {
  absorb(order, now);
  if (tail.size() == 0) return;
  std::shared_ptr<PageBase> made = merged_base(*this, order, tail.meter(), now);
  std::vector<Apart> grown = apart;
  if (made->longest() >= kLongLogRows) made = part_from_long(*made, grown, now);
  EventRows empty(tail.layout(), tail.meter());
  // From here on nothing fails.
  base = std::move(made);
  note_base();
  apart = std::move(grown);
  tail = std::move(empty);
  if (tail.meter() != nullptr) tail.meter()->add(-static_cast<int64_t>(local_of.size()));
  local_of = Buffer();
  mask = {};
}

void EventPage::absorb(const RowOrder& order, uint64_t now) {
  for (const Apart& log : apart) {
    if (!in_tail(log.local)) continue;
    own_long_log(log.local, now);
    for (uint32_t row = tail.size(); row-- > 0;) {
      if (local_of.data()[row] != log.local) continue;
      log.log->insert(tail, row, order, now);
      erase_tail(row);
    }
  }
}

}  // namespace patron::internal
