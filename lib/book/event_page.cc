#include "lib/book/event_page.h"

#include <algorithm>
#include <cstring>

namespace patron::internal {
namespace {

constexpr uint32_t kSmallTail = 16;

// Brings the picks of one customer's tail in order: nearly always they are.
void sort_tail(const EventRows& tail, const RowOrder& order, RowPick* begin, RowPick* end) {
  const auto less = [&](RowPick a, RowPick b) { return order.less(tail, a.row, tail, b.row); };
  if (end - begin > 1 && !std::is_sorted(begin, end, less)) std::sort(begin, end, less);
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

void EventPage::own_base(uint64_t now) {
  if (base == nullptr || base->epoch == now) return;
  auto made = std::make_shared<PageBase>(tail.layout(), tail.meter(), now);
  made->rows = base->rows.copy(base->rows.size());
  made->reserve_sums();
  made->offsets = base->offsets;
  for (size_t s = 0; s < made->sums_of.size(); ++s) {
    std::copy_n(base->sums_of[s], base->rows.size(), const_cast<int64_t*>(made->sums_of[s]));
  }
  base = std::move(made);
}

void EventPage::erase_base(uint32_t local, uint32_t row) {
  base->rows.erase(row);
  for (const int64_t* sums : base->sums_of) {
    auto* to = const_cast<int64_t*>(sums);
    std::memmove(to + row, to + row + 1, (base->rows.size() - row) * sizeof(int64_t));
    to[base->rows.size()] = 0;
  }
  for (uint32_t i = local + 1; i <= kPageCustomers; ++i) --base->offsets[i];
  base->add_up(base->offsets[local], row, base->offsets[local + 1]);
}

void EventPage::own_long_log(uint32_t local, uint64_t now) {
  for (Apart& log : apart) {
    if (log.local == local && log.log->epoch != now) {
      log.log = std::make_shared<LongLog>(*log.log, now);
    }
  }
}

void pick_in_order(const EventPage& page, const RowOrder& order, PagePicks& out) {
  const uint32_t rows = page.tail.size();
  const uint8_t* locals = page.locals();
  std::array<uint32_t, kPageCustomers + 1> begin{};
  for (uint32_t i = 0; i < rows; ++i) ++begin[locals[i] + size_t{1}];
  for (size_t i = 0; i < kPageCustomers; ++i) begin[i + 1] += begin[i];
  std::vector<RowPick> tail(rows);
  std::array<uint32_t, kPageCustomers> at;
  std::copy_n(begin.begin(), kPageCustomers, at.begin());
  for (uint32_t i = 0; i < rows; ++i) tail[at[locals[i]]++] = {1, i};
  for (size_t i = 0; i <= kPageCustomers; ++i) {
    out.offsets[i] = begin[i] + (page.base == nullptr ? 0 : page.base->offsets[i]);
  }
  out.picks.resize(page.base_rows() + size_t{rows});
  RowPick* to = out.picks.data();
  uint32_t from = 0;  // the next row of the base
  const auto from_base = [&](uint32_t end) {
    for (; from < end; ++from) *to++ = {0, from};
  };
  for (uint32_t local = 0; local < kPageCustomers; ++local) {
    RowPick* next = tail.data() + begin[local];
    RowPick* const last = tail.data() + begin[local + size_t{1}];
    if (next == last) continue;
    sort_tail(page.tail, order, next, last);
    const uint32_t end = page.base_end(local);
    from_base(page.base_begin(local));
    // Nearly always what is new is newer than all there is.
    if (from < end && !order.less(page.tail, next->row, page.base->rows, end - 1)) from_base(end);
    for (; next < last; ++next) {
      while (from < end && !order.less(page.tail, next->row, page.base->rows, from)) {
        from_base(from + 1);
      }
      *to++ = *next;
    }
    from_base(end);
  }
  from_base(page.base_rows());
}

void EventPage::merge(const RowOrder& order, uint64_t now) {
  absorb(order, now);
  if (tail.size() == 0) return;
  const EventRows none(tail.layout(), nullptr);
  const EventRows* const pieces[2] = {base == nullptr ? &none : &base->rows, &tail};
  PagePicks all;
  pick_in_order(*this, order, all);
  auto made = std::make_shared<PageBase>(tail.layout(), tail.meter(), now);
  std::vector<Apart> grown = apart;
  std::vector<RowPick> kept;
  bool any_long = false;
  for (uint32_t local = 0; local < kPageCustomers; ++local) {
    any_long |= all.offsets[local + 1] - all.offsets[local] >= kLongLogRows;
  }
  if (any_long) kept.reserve(all.picks.size());
  for (uint32_t local = 0; any_long && local < kPageCustomers; ++local) {
    const std::span<const RowPick> log(all.picks.data() + all.offsets[local],
                                       all.offsets[local + 1] - all.offsets[local]);
    made->offsets[local] = static_cast<uint32_t>(kept.size());
    if (log.size() < kLongLogRows) {
      kept.insert(kept.end(), log.begin(), log.end());
      continue;
    }
    auto apart_log = std::make_shared<LongLog>(now);
    apart_log->append(pieces, log, now);
    grown.push_back({static_cast<uint8_t>(local), std::move(apart_log)});
  }
  if (any_long) {
    made->offsets[kPageCustomers] = static_cast<uint32_t>(kept.size());
  } else {
    made->offsets = all.offsets;
    kept = std::move(all.picks);
  }
  std::vector<uint8_t> wanted(tail.layout().columns.size());
  pieces[0]->mark_columns(wanted.data());
  tail.mark_columns(wanted.data());
  made->rows.reserve(static_cast<uint32_t>(kept.size()), pieces[0]->heap_used() + tail.heap_used(),
                     wanted.data());
  made->rows.gather(pieces, kept);
  made->reserve_sums();
  for (uint32_t local = 0; local < kPageCustomers; ++local) {
    made->add_up(made->offsets[local], made->offsets[local], made->offsets[local + 1]);
  }
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
