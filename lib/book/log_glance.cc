#include "lib/book/log_glance.h"

#include <algorithm>
#include <cstring>

namespace patron::internal {

bool LogGlance::read(uint32_t customer, Micros from, Micros now) {
  rows_.clear();
  if (state_->linked(customer)) return false;
  const EventPage* page = log_->page_of(customer);
  if (page == nullptr) return true;
  const uint32_t local = customer % kPageCustomers;
  if (!page->apart.empty() && page->long_log(local) != nullptr) return false;
  if (page->base != nullptr) {
    const EventRows& rows = page->base->rows;
    const Micros* times = rows.times();
    uint32_t begin = page->base->offsets[local], end = page->base->offsets[local + 1];
    if (begin < end && times[begin] < from) {
      begin = static_cast<uint32_t>(std::lower_bound(times + begin, times + end, from) - times);
    }
    while (begin < end && times[end - 1] > now) --end;
    rows_.resize(end - begin);
    Row* to = rows_.data();
    for (uint32_t row = begin; row < end; ++row) *to++ = {times[row], &rows, row};
  }
  if (page->in_tail(local)) add_tail(*page, local, from, now);
  return true;
}

void LogGlance::add_tail(const EventPage& page, uint32_t local, Micros from, Micros now) {
  const EventRows& tail = page.tail;
  const uint8_t* locals = page.locals();
  const uint8_t* const end = locals + tail.size();
  for (const uint8_t* at = locals; at < end; ++at) {
    at = static_cast<const uint8_t*>(
        std::memchr(at, static_cast<int>(local), static_cast<size_t>(end - at)));
    if (at == nullptr) return;
    const auto row = static_cast<uint32_t>(at - locals);
    const Micros time = tail.times()[row];
    if (time < from || time > now) continue;
    rows_.push_back({time, &tail, row});
    // Nearly always it is the newest.
    for (size_t i = rows_.size() - 1; i > 0 && rows_[i - 1].time > rows_[i].time; --i) {
      std::swap(rows_[i - 1], rows_[i]);
    }
  }
}

bool LogGlance::is_text(int column, uint32_t code, std::string_view text, uint32_t& known) const {
  const auto c = static_cast<size_t>(column);
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

}  // namespace patron::internal
