#include "lib/book/log_glance.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "lib/base/prefetch.h"

namespace patron::internal {

LogGlance::LogGlance(const BookState& state, int stream, std::vector<int> columns)
    : state_(&state),
      log_(&state.streams[static_cast<size_t>(stream)]),
      columns_(std::move(columns)),
      cells_(columns_.size()) {
  for (const int c : columns_) {
    narrow_.push_back(layout().columns[static_cast<size_t>(c)].cell == CellType::kCode ? 1 : 0);
  }
}

bool LogGlance::read(uint32_t customer, Micros from, Micros now) {
  size_ = 0;
  if (state_->linked(customer)) return false;
  const EventPage* page = log_->page_of(customer);
  if (page == nullptr) return true;
  const uint32_t local = customer % kPageCustomers;
  if (!page->apart.empty() && page->long_log(local) != nullptr) return false;
  Piece base{nullptr, 0, 0};
  if (page->base != nullptr) {
    base = {&page->base->rows, page->base->offsets[local], page->base->offsets[local + 1]};
    const Micros* times = base.rows->times();
    if (base.begin < base.end && times[base.begin] < from) {
      base.begin = static_cast<uint32_t>(
          std::lower_bound(times + base.begin, times + base.end, from) - times);
    }
    while (base.begin < base.end && times[base.end - 1] > now) --base.end;
  }
  tail_.clear();
  if (page->in_tail(local)) {
    const EventRows& tail = page->tail;
    const Micros* times = tail.times();
    const uint8_t* locals = page->locals();
    const uint8_t* const end = locals + tail.size();
    for (const uint8_t* at = locals; at < end; ++at) {
      at = static_cast<const uint8_t*>(
          std::memchr(at, static_cast<int>(local), static_cast<size_t>(end - at)));
      if (at == nullptr) break;
      const auto row = static_cast<uint32_t>(at - locals);
      if (times[row] < from || times[row] > now) continue;
      tail_.push_back(row);
      // Nearly always it is the newest.
      for (size_t i = tail_.size() - 1; i > 0 && times[tail_[i - 1]] > times[tail_[i]]; --i) {
        std::swap(tail_[i - 1], tail_[i]);
      }
    }
  }
  if (!tail_.empty()) {
    put_together(base, page->tail);
    return true;
  }
  size_ = base.end - base.begin;
  if (size_ == 0) return true;
  times_ = base.rows->times() + base.begin;
  for (size_t k = 0; k < columns_.size(); ++k) {
    const auto* cells = static_cast<const uint8_t*>(base.rows->column(columns_[k]));
    cells_[k] = cells == nullptr ? nullptr : cells + base.begin * (narrow_[k] != 0 ? 4u : 8u);
  }
  return true;
}

// The rows of the base and those of the tail, in the order of time, as one.
void LogGlance::put_together(const Piece& base, const EventRows& tail) {
  const size_t old = base.end - base.begin, n = old + tail_.size();
  if (copied_.size() < n * (1 + columns_.size())) copied_.resize(n * (1 + columns_.size()));
  auto* times = reinterpret_cast<Micros*>(copied_.data());
  if (old > 0) std::memcpy(times, base.rows->times() + base.begin, old * sizeof(Micros));
  const Micros* new_times = tail.times();
  // How many of the base stand before each of the tail's.
  const auto before = [&](size_t i) {
    size_t at = old;
    while (at > 0 && times[at - 1] > new_times[tail_[i]]) --at;
    return at;
  };
  const size_t kept = before(0);  // those stay where they are
  const auto merge = [&](auto* to, const auto* from, const auto& of_tail) {
    size_t out = kept, at = kept;
    for (size_t i = 0; i < tail_.size(); ++i) {
      for (; at < old && base.rows->times()[base.begin + at] <= new_times[tail_[i]]; ++at) {
        to[out++] = from[at];
      }
      to[out++] = of_tail(tail_[i]);
    }
    for (; at < old; ++at) to[out++] = from[at];
  };
  const auto copy_column = [&](size_t k, auto null) {
    using T = decltype(null);
    const auto* old_cells =
        base.rows == nullptr ? nullptr : static_cast<const T*>(base.rows->column(columns_[k]));
    const auto* new_cells = static_cast<const T*>(tail.column(columns_[k]));
    cells_[k] = nullptr;
    if (old_cells == nullptr && new_cells == nullptr) return;
    auto* to = reinterpret_cast<T*>(copied_.data() + (1 + k) * n);
    cells_[k] = to;
    const auto of_tail = [&](uint32_t row) { return new_cells == nullptr ? null : new_cells[row]; };
    if (old_cells == nullptr) {
      std::fill(to, to + n, null);
      const std::vector<T> nothing(old, null);
      merge(to, nothing.data(), of_tail);
      return;
    }
    if (kept > 0) std::memcpy(to, old_cells + base.begin, kept * sizeof(T));
    merge(to, old_cells + base.begin, of_tail);
  };
  for (size_t k = 0; k < columns_.size(); ++k) {
    narrow_[k] != 0 ? copy_column(k, kNullEnum) : copy_column(k, kNullInt);
  }
  const auto* old_times = old == 0 ? nullptr : base.rows->times() + base.begin;
  merge(times, old_times, [&](uint32_t row) { return new_times[row]; });
  times_ = times;
  size_ = n;
}

bool LogGlance::is_text(size_t k, uint32_t code, std::string_view text, uint32_t& known) const {
  const auto c = static_cast<size_t>(columns_[k]);
  const std::vector<std::string>& closed = layout().columns[c].values;
  const EnumTexts& open = log_->texts[c];
  const auto size = closed.empty() ? open.size() : static_cast<uint32_t>(closed.size());
  if (code >= size) return false;
  const auto text_of = [&](uint32_t i) -> std::string_view {
    return closed.empty() ? open.text(i) : std::string_view(closed[i]);
  };
  // A code that was taken back may come again for another text.
  if (known >= size || text_of(known) != text) {
    known = 0;
    while (known < size && text_of(known) != text) ++known;
  }
  return code == known;
}

void LogGlance::fetch(uint32_t customer) const {
  const EventPage* page = log_->page_of(customer);
  if (page == nullptr) return;
  if (page->base != nullptr) {
    const uint32_t begin = page->base->offsets[customer % kPageCustomers];
    fetch_line(page->base->rows.times() + begin);
    for (size_t k = 0; k < columns_.size(); ++k) {
      const auto* cells = static_cast<const uint8_t*>(page->base->rows.column(columns_[k]));
      if (cells != nullptr) fetch_line(cells + begin * (narrow_[k] != 0 ? 4u : 8u));
    }
  }
  if (!page->in_tail(customer % kPageCustomers)) return;
  for (uint32_t at = 0; at < page->tail.size(); at += 64) fetch_line(page->locals() + at);
}

void LogGlance::let_go() {
  std::fill(copied_.begin(), copied_.end(), uint64_t{0});
  size_ = 0;
}

}  // namespace patron::internal
