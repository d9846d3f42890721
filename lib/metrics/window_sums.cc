#include "lib/metrics/window_sums.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <optional>

#include "lib/base/prefetch.h"
#include "lib/metrics/row_condition.h"
#include "lib/metrics/window_metric.h"

namespace patron::internal {
namespace {

int summed_column(const MetricSpec& spec, const MetricStream& from) {
  const std::string& name = from.columns[static_cast<size_t>(spec.column)];
  return name == "time" ? kTimeColumn : from.reader->layout().find(name);
}

// The rows that a count counts where a condition, or refunds, leave some out; nothing where it
// takes more than one comparison to say which.
std::optional<AtLeast> counted(const MetricSpec& spec, const MetricStream& from) {
  std::optional<AtLeast> some;
  if (spec.where) {
    some = at_least(*spec.where, from.reader->layout());
    if (!some || !from.rules.refunds) return some;
  }
  AtLeast sale{from.reader->layout().find("amount"), from.rules.count_zero_amounts ? 0 : 1};
  if (!some) return sale;
  if (some->column != sale.column) return std::nullopt;
  sale.number = std::max(sale.number, some->number);
  return sale;
}

}  // namespace

bool WindowSums::takes(const MetricSpec& spec, std::span<const MetricStream> streams) {
  if (spec.verb != Verb::kCount && spec.verb != Verb::kSum) return false;
  if (!WindowMetric::takes(spec, streams)) return false;
  const MetricStream& from = streams[static_cast<size_t>(spec.stream)];
  if (spec.where && (spec.verb == Verb::kSum || !counted(spec, from))) return false;
  if (spec.verb == Verb::kSum && from.rules.refunds) {
    // Of what is no money only sales are added up, which another column says.
    const auto column = static_cast<size_t>(summed_column(spec, from));
    if (from.reader->layout().columns[column].kind != Kind::kMoney) return false;
  }
  const Window& window = spec.window;
  if (window.kind == Window::Kind::kAllTime) return true;
  return window.kind == Window::Kind::kRolling && window.length.months == 0 &&
         window.length.micros > 0;
}

size_t WindowSums::place_of(int column) {
  const auto at = std::find(columns_.begin(), columns_.end(), column) - columns_.begin();
  if (static_cast<size_t>(at) == columns_.size()) {
    columns_.push_back(column);
    found_.push_back(nullptr);
    const std::vector<int>& summed = log_->layout->summed;
    if (std::find(summed.begin(), summed.end(), column) == summed.end()) fetched_.push_back(column);
  }
  return static_cast<size_t>(at);
}

size_t WindowSums::add(const MetricSpec& spec, std::span<const MetricStream> streams) {
  const MetricStream& from = streams[static_cast<size_t>(spec.stream)];
  Sum sum;
  if (spec.verb == Verb::kSum) {
    sum.as = Sum::As::kCells;
    sum.column = place_of(summed_column(spec, from));
  } else if (spec.where || from.rules.refunds) {
    const AtLeast rows = *counted(spec, from);
    sum.as = Sum::As::kAtLeast;
    sum.column = place_of(rows.column);
    sum.least = rows.number;
  }
  if (spec.window.kind == Window::Kind::kRolling) sum.length = spec.window.length.micros;
  all_time_ = all_time_ || sum.length == 0;
  longest_ = std::max(longest_, sum.length);
  sums_.push_back(sum);
  return sums_.size() - 1;
}

bool WindowSums::read(uint32_t customer, Micros now) {
  size_ = 0;
  now_ = now;
  if (state_->linked(customer) || now >= kEndTime - longest_) return false;
  const EventPage* page = log_->page_of(customer);
  if (page == nullptr) return true;
  const uint32_t local = customer % kPageCustomers;
  if (!page->apart.empty() && page->long_log(local) != nullptr) return false;
  const Micros from = all_time_ ? kMinTime : begin_of(longest_);
  uint32_t begin = 0, end = 0;
  const PageBase* const base = page->base.get();
  const Micros* times = nullptr;
  if (base != nullptr) {
    begin = base->offsets[local], end = base->offsets[local + 1];
    times = base->rows.times();
    while (begin < end && times[end - 1] > now) --end;
    if (end - begin > kFew && times[end - kFew] >= from) {
      begin = static_cast<uint32_t>(std::lower_bound(times + begin, times + end, from) - times);
    } else {
      uint32_t first = end;
      while (first > begin && times[first - 1] >= from) --first;
      begin = first;
    }
  }
  if (page->in_tail(local)) return read_both(*page, local, from, begin, end);
  if (begin == end) return true;
  for (size_t k = 0; k < columns_.size(); ++k) {
    const auto* cells = static_cast<const int64_t*>(base->rows.column(columns_[k]));
    if (cells == nullptr) return false;
    found_[k] = cells + begin;
  }
  times_ = times + begin;
  size_ = end - begin;
  return true;
}

// The rows that a customer has in the tail of her page, in the order of arrival: how many. What
// they hold is on its way into the cache, all of it at once.
size_t WindowSums::find_in_tail(const EventPage& page, uint32_t local) {
  const EventRows& tail = page.tail;
  const uint8_t* const locals = page.locals();
  const uint8_t* const last = locals + tail.size();
  size_t n = 0;
  for (const uint8_t* at = locals; at < last; ++at) {
    at = static_cast<const uint8_t*>(
        std::memchr(at, static_cast<int>(local), static_cast<size_t>(last - at)));
    if (at == nullptr) break;
    const auto row = static_cast<uint32_t>(at - locals);
    if (n == tail_.size()) tail_.resize(2 * n);
    tail_[n++] = row;
    fetch_line(tail.times() + row);
    for (const int column : columns_) {
      const auto* cells = static_cast<const int64_t*>(tail.column(column));
      if (cells != nullptr) fetch_line(cells + row);
    }
  }
  return n;
}

// The rows of the base, and after them those of the tail. False where they do not come in the order
// of time, or a column has only nulls.
bool WindowSums::read_both(const EventPage& page, uint32_t local, Micros from, uint32_t begin,
                           uint32_t end) {
  const size_t old = end - begin, added = find_in_tail(page, local);
  if (room_ < old + added) make_room(old + added);
  int64_t* const times = rows_.data();
  size_t n = 0;
  if (old > 0) {
    for (const Micros* at = page.base->rows.times() + begin; n < old; ++n) times[n] = at[n];
  }
  const Micros* const all = page.tail.times();
  for (size_t i = 0; i < added; ++i) {
    const uint32_t row = tail_[i];
    const Micros time = all[row];
    if (time < from || time > now_) continue;
    if (n > 0 && times[n - 1] > time) return false;
    tail_[n - old] = row;
    times[n++] = time;
  }
  for (size_t k = 0; k < columns_.size(); ++k) {
    int64_t* const cells = times + (k + 1) * room_;
    if (old > 0) {
      const auto* from_base = static_cast<const int64_t*>(page.base->rows.column(columns_[k]));
      if (from_base == nullptr) return false;
      for (size_t i = 0; i < old; ++i) cells[i] = from_base[begin + i];
    }
    if (n > old) {
      const auto* from_tail = static_cast<const int64_t*>(page.tail.column(columns_[k]));
      if (from_tail == nullptr) return false;
      for (size_t i = old; i < n; ++i) cells[i] = from_tail[tail_[i - old]];
    }
    found_[k] = cells;
  }
  times_ = times;
  size_ = n;
  return true;
}

void WindowSums::make_room(size_t rows) {
  rows_.resize(2 * rows * (1 + columns_.size()));
  room_ = 2 * rows;
}

void WindowSums::fetch(uint32_t customer) const {
  const EventPage* page = log_->page_of(customer);
  if (page == nullptr) return;
  const uint32_t local = customer % kPageCustomers;
  for (const int column : fetched_) {
    if (page->base == nullptr) break;
    const auto* cells = static_cast<const int64_t*>(page->base->rows.column(column));
    if (cells != nullptr) page->base->fetch_newest(cells, local);
  }
  if (page->in_tail(local)) fetch_line(page->locals());
}

void WindowSums::fetch_log(uint32_t customer) const {
  const EventPage* page = log_->page_of(customer);
  if (page == nullptr) return;
  const uint32_t local = customer % kPageCustomers;
  if (page->in_tail(local)) fetch_line(page->locals());
  if (page->base == nullptr) return;
  const PageBase& base = *page->base;
  base.fetch_newest(base.rows.times(), local);
  for (const int column : columns_) {
    const auto* cells = static_cast<const int64_t*>(base.rows.column(column));
    if (cells != nullptr) base.fetch_newest(cells, local);
  }
}

void WindowSums::let_go() {
  std::fill(rows_.begin(), rows_.end(), int64_t{0});
  std::fill(tail_.begin(), tail_.end(), uint32_t{0});
  size_ = 0;
  times_ = nullptr;
  std::fill(found_.begin(), found_.end(), nullptr);
  for (Sum& sum : sums_) sum.value = 0;
}

}  // namespace patron::internal
