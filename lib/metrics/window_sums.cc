#include "lib/metrics/window_sums.h"

#include <algorithm>
#include <cstring>

#include "lib/base/int128.h"
#include "lib/metrics/quick_metric.h"

namespace patron::internal {
namespace {

int summed_column(const MetricSpec& spec, const MetricStream& from) {
  const std::string& name = from.columns[static_cast<size_t>(spec.column)];
  return name == "time" ? kTimeColumn : from.reader->layout().find(name);
}

}  // namespace

bool WindowSums::takes(const MetricSpec& spec, std::span<const MetricStream> streams) {
  if (spec.verb != Verb::kCount && spec.verb != Verb::kSum) return false;
  if (spec.where || !QuickMetric::takes(spec, streams)) return false;
  const MetricStream& from = streams[static_cast<size_t>(spec.stream)];
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
    cells_.push_back(nullptr);
  }
  return static_cast<size_t>(at);
}

size_t WindowSums::add(const MetricSpec& spec, std::span<const MetricStream> streams) {
  const MetricStream& from = streams[static_cast<size_t>(spec.stream)];
  Sum sum;
  if (spec.verb == Verb::kSum) {
    sum.as = Sum::As::kCells;
    sum.column = place_of(summed_column(spec, from));
  } else if (from.rules.refunds) {
    sum.as = Sum::As::kSales;
    sum.column = place_of(from.reader->layout().find("amount"));
    sum.least = from.rules.count_zero_amounts ? 0 : 1;
  }
  if (spec.window.kind == Window::Kind::kRolling) sum.length = spec.window.length.micros;
  all_time_ = all_time_ || sum.length == 0;
  longest_ = std::max(longest_, sum.length);
  sums_.push_back(sum);
  return sums_.size() - 1;
}

// The first instant of a window.
Micros WindowSums::begin_of(Micros length) const {
  return length == 0 || now_ - kMinTime < length ? kMinTime : now_ + 1 - length;
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
  if (page->base != nullptr) {
    begin = page->base->offsets[local], end = page->base->offsets[local + 1];
    const Micros* times = page->base->rows.times();
    while (begin < end && times[end - 1] > now) --end;
    if (end - begin > kFew && times[end - kFew] >= from) {
      begin = static_cast<uint32_t>(std::lower_bound(times + begin, times + end, from) - times);
    } else {
      uint32_t first = end;
      while (first > begin && times[first - 1] >= from) --first;
      begin = first;
    }
  }
  size_t more = 0;
  if (page->in_tail(local)) {
    more = find_tail(*page, local, from);
    if (more > kFew) return false;
  }
  if (more > 0) return put_together(*page, begin, end, more);
  size_ = end - begin;
  if (size_ == 0) return true;
  const EventRows& rows = page->base->rows;
  times_ = rows.times() + begin;
  for (size_t k = 0; k < columns_.size(); ++k) {
    const auto* cells = static_cast<const int64_t*>(rows.column(columns_[k]));
    if (cells == nullptr) return false;
    cells_[k] = cells + begin;
  }
  return true;
}

// How many rows of the tail there are, which come in the order of time; more than there is room for
// where they do not.
size_t WindowSums::find_tail(const EventPage& page, uint32_t local, Micros from) {
  const Micros* times = page.tail.times();
  const uint8_t* const locals = page.locals();
  const uint8_t* const end = locals + page.tail.size();
  size_t found = 0;
  for (const uint8_t* at = locals; at < end; ++at) {
    at = static_cast<const uint8_t*>(
        std::memchr(at, static_cast<int>(local), static_cast<size_t>(end - at)));
    if (at == nullptr) break;
    const auto row = static_cast<uint32_t>(at - locals);
    if (times[row] < from || times[row] > now_) continue;
    if (found == kFew || (found > 0 && times[tail_[found - 1]] > times[row])) return kFew + 1;
    tail_[found++] = row;
  }
  return found;
}

// The rows of the base and of the tail as one. False where they do not follow upon each other.
bool WindowSums::put_together(const EventPage& page, uint32_t begin, uint32_t end, size_t more) {
  const size_t old = end - begin, n = old + more;
  const EventRows* base = old == 0 ? nullptr : &page.base->rows;
  if (old > 0 && base->times()[end - 1] > page.tail.times()[tail_[0]]) return false;
  if (copied_.size() < n * (1 + columns_.size())) copied_.resize(2 * n * (1 + columns_.size()));
  int64_t* to = copied_.data();
  const auto copy = [&](const int64_t* first, const int64_t* then) {
    for (size_t i = 0; i < old; ++i) to[i] = first[begin + i];
    for (size_t i = 0; i < more; ++i) to[old + i] = then[tail_[i]];
    to += n;
  };
  times_ = to;
  copy(base == nullptr ? nullptr : base->times(), page.tail.times());
  for (size_t k = 0; k < columns_.size(); ++k) {
    const void* first = base == nullptr ? nullptr : base->column(columns_[k]);
    const void* then = page.tail.column(columns_[k]);
    if (then == nullptr || (first == nullptr && old > 0)) return false;
    cells_[k] = to;
    copy(static_cast<const int64_t*>(first), static_cast<const int64_t*>(then));
  }
  size_ = n;
  return true;
}

// What a row adds.
int64_t WindowSums::part(const Sum& sum, size_t row) const {
  if (sum.as == Sum::As::kRows) return 1;
  const int64_t cell = cells_[sum.column][row];
  return sum.as == Sum::As::kCells ? cell : cell >= sum.least ? 1 : 0;
}

bool WindowSums::measure(size_t which, WindowSum& out) {
  Sum& sum = sums_[which];
  size_t begin = 0;
  if (all_time_ || sum.length != longest_) {
    const Micros from = begin_of(sum.length);
    while (begin < size_ && times_[begin] < from) ++begin;
  }
  sum.begin = begin;
  sum.value = 0;
  out.next_change = TimeRange::kNever;
  if (sum.as == Sum::As::kRows) {
    sum.value = static_cast<int64_t>(size_ - begin);
  } else if (sum.as == Sum::As::kSales) {
    const int64_t* cells = cells_[sum.column];
    for (size_t i = begin; i < size_; ++i) sum.value += cells[i] >= sum.least ? 1 : 0;
    // What is no sale makes no difference when it leaves.
    while (begin < size_ && cells[begin] < sum.least) ++begin;
  } else {
    const int64_t* cells = cells_[sum.column];
    for (size_t i = begin; i < size_; ++i) {
      if (cells[i] == kNullInt || __builtin_add_overflow(sum.value, cells[i], &sum.value)) {
        return false;
      }
    }
  }
  out.value = sum.value;
  if (sum.length > 0 && begin < size_) out.next_change = times_[begin] + sum.length;
  return true;
}

// The oldest leave first; what is left is looked at once for each instant.
Micros WindowSums::leaves_range(size_t which, const ValueRange& range) const {
  const Sum& sum = sums_[which];
  if (sum.length == 0) return TimeRange::kNever;
  const Int128 low = range.low, high = range.high;
  Int128 left = sum.value;
  for (size_t i = sum.begin; i < size_; ++i) {
    left -= part(sum, i);
    if (i + 1 < size_ && times_[i + 1] == times_[i]) continue;
    if (left < low || left > high) return times_[i] + sum.length;
  }
  return TimeRange::kNever;
}

void WindowSums::fetch(uint32_t customer) const {
  const EventPage* page = log_->page_of(customer);
  if (page == nullptr) return;
  const uint32_t local = customer % kPageCustomers;
  if (page->base != nullptr) {
    const uint32_t begin = page->base->offsets[local];
    __builtin_prefetch(page->base->rows.times() + begin);
    for (const int column : columns_) {
      const auto* cells = static_cast<const int64_t*>(page->base->rows.column(column));
      if (cells != nullptr) __builtin_prefetch(cells + begin);
    }
  }
  if (page->in_tail(local)) __builtin_prefetch(page->locals());
}

void WindowSums::let_go() {
  std::fill(copied_.begin(), copied_.end(), int64_t{0});
  size_ = 0;
  for (Sum& sum : sums_) sum.value = 0;
}

}  // namespace patron::internal
