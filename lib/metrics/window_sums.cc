#include "lib/metrics/window_sums.h"

#include <algorithm>
#include <cstring>

#include "lib/metrics/window_metric.h"

namespace patron::internal {
namespace {

int summed_column(const MetricSpec& spec, const MetricStream& from) {
  const std::string& name = from.columns[static_cast<size_t>(spec.column)];
  return name == "time" ? kTimeColumn : from.reader->layout().find(name);
}

}  // namespace

bool WindowSums::takes(const MetricSpec& spec, std::span<const MetricStream> streams) {
  if (spec.verb != Verb::kCount && spec.verb != Verb::kSum) return false;
  if (spec.where || !WindowMetric::takes(spec, streams)) return false;
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
    cells_.emplace_back();
    ++width_;
  }
  return static_cast<size_t>(at) + 1;  // the time comes first
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
  size_t tail = 0;
  if (page->in_tail(local) && !find_tail(*page, local, from, tail)) return false;
  return (begin == end && tail == 0) || lay_out(*page, begin, end, tail);
}

// The rows of the tail; false where they do not come in the order of time, or are many.
bool WindowSums::find_tail(const EventPage& page, uint32_t local, Micros from, size_t& found) {
  const Micros* times = page.tail.times();
  const uint8_t* const locals = page.locals();
  const uint8_t* const end = locals + page.tail.size();
  for (const uint8_t* at = locals; at < end; ++at) {
    at = static_cast<const uint8_t*>(
        std::memchr(at, static_cast<int>(local), static_cast<size_t>(end - at)));
    if (at == nullptr) break;
    const auto row = static_cast<uint32_t>(at - locals);
    if (times[row] < from || times[row] > now_) continue;
    if (found == kFew || (found > 0 && times[tail_[found - 1]] > times[row])) return false;
    tail_[found++] = row;
  }
  return true;
}

// The rows of the base, and after them those of the tail; false where they do not follow upon each
// other, or a column has only nulls.
bool WindowSums::lay_out(const EventPage& page, uint32_t begin, uint32_t end, size_t tail) {
  const Micros* const old_times = begin == end ? nullptr : page.base->rows.times();
  const Micros* const new_times = page.tail.times();
  if (old_times != nullptr && tail > 0 && old_times[end - 1] > new_times[tail_[0]]) return false;
  for (size_t k = 0; k < columns_.size(); ++k) {
    auto& [base, added] = cells_[k];
    base =
        begin == end ? nullptr : static_cast<const int64_t*>(page.base->rows.column(columns_[k]));
    added = tail == 0 ? nullptr : static_cast<const int64_t*>(page.tail.column(columns_[k]));
    if ((begin < end && base == nullptr) || (tail > 0 && added == nullptr)) return false;
  }
  const size_t n = end - begin + tail;
  if (rows_.size() < n * width_) rows_.resize(2 * n * width_);
  int64_t* to = rows_.data();
  for (uint32_t row = begin; row < end; ++row) {
    *to++ = old_times[row];
    for (const auto& cells : cells_) *to++ = cells[0][row];
  }
  for (size_t i = 0; i < tail; ++i) {
    *to++ = new_times[tail_[i]];
    for (const auto& cells : cells_) *to++ = cells[1][tail_[i]];
  }
  size_ = n;
  return true;
}

// What a row adds.
int64_t WindowSums::part(const Sum& sum, size_t row) const {
  if (sum.as == Sum::As::kRows) return 1;
  const int64_t value = cell(sum, row);
  return sum.as == Sum::As::kCells ? value : value >= sum.least ? 1 : 0;
}

bool WindowSums::measure(size_t which, WindowSum& out) {
  Sum& sum = sums_[which];
  size_t begin = 0;
  if (all_time_ || sum.length != longest_) {
    const Micros from = begin_of(sum.length);
    while (begin < size_ && time(begin) < from) ++begin;
  }
  int64_t value = 0;
  if (sum.as == Sum::As::kRows) {
    value = static_cast<int64_t>(size_ - begin);
  } else if (sum.as == Sum::As::kSales) {
    // What is no sale makes no difference when it leaves.
    while (begin < size_ && cell(sum, begin) < sum.least) ++begin;
    for (size_t i = begin; i < size_; ++i) value += cell(sum, i) >= sum.least ? 1 : 0;
  } else {
    for (size_t i = begin; i < size_; ++i) {
      const int64_t one = cell(sum, i);
      if (one == kNullInt || __builtin_add_overflow(value, one, &value)) return false;
    }
  }
  sum.begin = begin;
  out.value = sum.value = value;
  const bool leaves = sum.length > 0 && begin < size_;
  out.next_change = leaves ? time(begin) + sum.length : TimeRange::kNever;
  return true;
}

// The oldest leave first; what is left is looked at once for each instant.
Micros WindowSums::leaves_range(size_t which, const ValueRange& range) const {
  const Sum& sum = sums_[which];
  if (sum.length == 0) return TimeRange::kNever;
  int64_t left = sum.value;
  for (size_t i = sum.begin; i < size_; ++i) {
    const Micros at = time(i);
    // What does not fit is in no range; should it fit again at this instant, it is only looked at.
    if (__builtin_sub_overflow(left, part(sum, i), &left)) return at + sum.length;
    if (i + 1 < size_ && time(i + 1) == at) continue;
    if (left < range.low || left > range.high) return at + sum.length;
  }
  return TimeRange::kNever;
}

void WindowSums::fetch(uint32_t customer) const {
  const EventPage* page = log_->page_of(customer);
  if (page != nullptr && page->in_tail(customer % kPageCustomers)) {
    __builtin_prefetch(page->locals());
  }
}

void WindowSums::let_go() {
  std::fill(rows_.begin(), rows_.end(), int64_t{0});
  tail_.fill(0);
  size_ = 0;
  for (Sum& sum : sums_) sum.value = 0;
}

}  // namespace patron::internal
