#include "lib/book/page_builder.h"

#include <algorithm>
#include <cstring>

namespace patron::internal {
namespace {

struct TimedRow {
  Micros time;
  uint32_t row;
};

// Nearly always they are few.
constexpr size_t kFewRows = 24;

void sort_by_time(std::span<TimedRow> rows) {
  const auto sooner = [](const TimedRow& a, const TimedRow& b) { return a.time < b.time; };
  if (rows.size() > kFewRows) return std::sort(rows.begin(), rows.end(), sooner);
  for (size_t i = 1; i < rows.size(); ++i) {
    const TimedRow row = rows[i];
    size_t to = i;
    for (; to > 0 && row.time < rows[to - 1].time; --to) rows[to] = rows[to - 1];
    rows[to] = row;
  }
}

// Whether one of the rows begin .. end - 1 is not later than the one before.
bool is_disordered(const Micros* times, uint32_t begin, uint32_t end) {
  bool disordered = false;
  for (uint32_t row = begin + 1; row < end; ++row) disordered |= times[row] <= times[row - 1];
  return disordered;
}

}  // namespace

bool PageBuilder::can_build(std::span<const uint32_t> customers, uint32_t first, uint32_t count,
                            const LogState& log) {
  for (uint32_t page = first; page < first + count && page < log.pages.size(); ++page) {
    if (log.pages[page] != nullptr) return false;
  }
  first_customer_ = first * kPageCustomers;
  counts_.assign(size_t{count} * kPageCustomers, 0);
  for (const uint32_t customer : customers) ++counts_[customer - first_customer_];
  return *std::max_element(counts_.begin(), counts_.end()) < kLongLogRows;
}

Micros PageBuilder::build(const BuiltRows& rows, uint32_t first, uint32_t count, LogState& log,
                          const RowOrder& order, uint64_t epoch) {
  std::vector<std::shared_ptr<EventPage>> made = make_pages(rows, count, epoch);
  place(rows);
  fill(rows);
  Micros latest = kMinTime;
  for (uint32_t page = 0; page < count; ++page) {
    if (bases_[page] != nullptr) latest = std::max(latest, bring_in_order(*bases_[page], order));
  }
  for (uint32_t page = 0; page < count; ++page) {
    if (made[page] != nullptr) log.pages[first + page] = std::move(made[page]);
  }
  return latest;
}

Micros PageBuilder::bring_in_order(PageBase& base, const RowOrder& order) {
  const Micros* times = base.rows.times();
  Micros latest = kMinTime;
  for (uint32_t local = 0; local < kPageCustomers; ++local) {
    const uint32_t begin = base.offsets[local], end = base.offsets[local + 1];
    if (begin == end) continue;
    if (is_disordered(times, begin, end)) put_in_order(base, begin, end, order);
    latest = std::max(latest, times[end - 1]);
  }
  return latest;
}

// Pages of the right size, and where each customer's rows begin in hers.
std::vector<std::shared_ptr<EventPage>> PageBuilder::make_pages(const BuiltRows& rows,
                                                                uint32_t count, uint64_t epoch) {
  std::vector<std::shared_ptr<EventPage>> made(count);
  std::vector<uint8_t> wanted(layout_->columns.size());
  for (const BuiltColumn& column : rows.columns) wanted[static_cast<size_t>(column.column)] = 1;
  std::vector<size_t> heap(count);
  for (const BuiltColumn& column : rows.columns) {
    if (column.texts == nullptr) continue;
    for (size_t i = 0; i < rows.customers.size(); ++i) {
      heap[(rows.customers[i] - first_customer_) / kPageCustomers] +=
          TextCell::heap_bytes(column.texts[i].size());
    }
  }
  bases_.assign(count, nullptr);
  next_.resize(counts_.size());
  for (uint32_t page = 0; page < count; ++page) {
    const uint32_t* counts = counts_.data() + size_t{page} * kPageCustomers;
    uint32_t* next = next_.data() + size_t{page} * kPageCustomers;
    std::array<uint32_t, kPageCustomers + 1> offsets;
    uint32_t size = 0;
    for (uint32_t local = 0; local < kPageCustomers; ++local) {
      offsets[local] = next[local] = size;
      size += counts[local];
    }
    offsets[kPageCustomers] = size;
    if (size == 0) continue;
    made[page] = std::make_shared<EventPage>(*layout_, meter_, epoch);
    made[page]->base = std::make_shared<PageBase>(*layout_, meter_, epoch);
    PageBase& base = *made[page]->base;
    base.offsets = offsets;
    base.rows.reserve(size, heap[page], wanted.data());
    base.rows.extend(size);
    made[page]->note_base();
    bases_[page] = &base;
  }
  return made;
}

// Each row's place, and the times there.
void PageBuilder::place(const BuiltRows& rows) {
  const size_t size = rows.customers.size();
  at_.resize(size);
  std::vector<Micros*> to;
  to.reserve(bases_.size());
  for (PageBase* base : bases_) to.push_back(base == nullptr ? nullptr : base->rows.own_times());
  uint32_t* at = at_.data();
  uint32_t* next = next_.data();
  for (size_t i = 0; i < size; ++i) {
    const uint32_t customer = rows.customers[i] - first_customer_;
    const uint32_t row = next[customer]++;
    at[i] = row;
    to[customer / kPageCustomers][row] = rows.times[i];
  }
}

template <typename T, typename From>
void PageBuilder::spread(const From* from, std::span<const uint32_t> customers, int column) {
  const auto cells_of = [column](PageBase* base) {
    return base == nullptr ? nullptr : base->rows.own_cells<T>(column);
  };
  const uint32_t* at = at_.data();
  if (bases_.size() == 1) {
    T* to = cells_of(bases_[0]);
    for (size_t i = 0; i < customers.size(); ++i) to[at[i]] = static_cast<T>(from[i]);
    return;
  }
  std::vector<T*> to;
  to.reserve(bases_.size());
  for (PageBase* base : bases_) to.push_back(cells_of(base));
  for (size_t i = 0; i < customers.size(); ++i) {
    to[(customers[i] - first_customer_) / kPageCustomers][at[i]] = static_cast<T>(from[i]);
  }
}

void PageBuilder::fill(const BuiltRows& rows) {
  for (const BuiltColumn& column : rows.columns) {
    const int c = column.column;
    const CellColumn& of = layout_->columns[static_cast<size_t>(c)];
    if (of.cell == CellType::kText) {
      for (size_t i = 0; i < rows.customers.size(); ++i) {
        EventRows& to = bases_[(rows.customers[i] - first_customer_) / kPageCustomers]->rows;
        const std::string_view text = column.texts[i];
        text.data() == nullptr ? to.set_null(c, at_[i]) : to.set_text(c, at_[i], text);
      }
    } else if (of.cell == CellType::kCustomer) {
      spread<uint32_t>(reinterpret_cast<const int64_t*>(column.cells), rows.customers, c);
    } else if (of.width == sizeof(uint64_t)) {
      spread<uint64_t>(reinterpret_cast<const uint64_t*>(column.cells), rows.customers, c);
    } else if (of.width == sizeof(uint32_t)) {
      spread<uint32_t>(reinterpret_cast<const uint32_t*>(column.cells), rows.customers, c);
    } else {
      spread<uint8_t>(column.cells, rows.customers, c);
    }
  }
}

// One customer's rows: by time, and at one time as RowOrder has it.
void PageBuilder::put_in_order(PageBase& base, uint32_t begin, uint32_t end,
                               const RowOrder& order) {
  std::array<TimedRow, kLongLogRows> kept;
  const std::span<TimedRow> all(kept.data(), end - begin);
  const Micros* times = base.rows.times();
  for (uint32_t row = begin; row < end; ++row) all[row - begin] = {times[row], row};
  sort_by_time(all);
  for (size_t from = 0, to = 0; from < all.size(); from = to) {
    for (to = from + 1; to < all.size() && all[to].time == all[from].time;) ++to;
    if (to - from == 1) continue;
    std::sort(all.begin() + static_cast<std::ptrdiff_t>(from),
              all.begin() + static_cast<std::ptrdiff_t>(to),
              [&](const TimedRow& a, const TimedRow& b) {
                return order.less(base.rows, a.row, base.rows, b.row);
              });
  }
  std::array<uint32_t, kLongLogRows> picks;
  for (size_t i = 0; i < all.size(); ++i) picks[i] = all[i].row;
  base.rows.reorder(begin, {picks.data(), all.size()});
}

}  // namespace patron::internal
