#include "lib/book/fresh_pages.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

#include "lib/base/parallel.h"
#include "lib/base/prefetch.h"
#include "lib/book/page_builder.h"

namespace patron::internal {
namespace {

// A cache line of each group is written to in turn: few enough for a core's first-level cache.
constexpr uint32_t kMostGroups = 256;
// Pages of a group, so that the number of a customer in it has 16 bits.
constexpr uint32_t kMostShift = 8;
// Bytes of a row.
constexpr size_t kWidest = 64;
// Customers who are looked at twice, while they are in the cache.
constexpr size_t kCountedAtOnce = 1024;
// Bytes behind a row that is written at which the line is fetched.
constexpr size_t kFetched = 128;

// Rows of kHalf to twice as many bytes, as two halves that may overlap.
template <size_t kHalf>
void copy_row(uint8_t* to, const uint8_t* from, size_t width) {
  struct Half {
    uint8_t bytes[kHalf];
  };
  Half first, last;
  std::memcpy(&first, from, kHalf);
  std::memcpy(&last, from + width - kHalf, kHalf);
  std::memcpy(to, &first, kHalf);
  std::memcpy(to + width - kHalf, &last, kHalf);
}

// body.operator()<kHalf>() for rows of this width.
template <typename Body>
auto with_half(size_t width, const Body& body) {
  if (width <= 16) return body.template operator()<8>();
  if (width <= 32) return body.template operator()<16>();
  return body.template operator()<32>();
}

// Cells of a column and a place for cells, each of which follows the other at its own distance.
template <typename T>
void copy_cells_of(const uint8_t* from, size_t from_step, uint8_t* to, size_t to_step,
                   size_t count) {
  for (size_t i = 0; i < count; ++i) std::memcpy(to + i * to_step, from + i * from_step, sizeof(T));
}

void copy_strided(size_t width, const uint8_t* from, size_t from_step, uint8_t* to, size_t to_step,
                  size_t count) {
  switch (width) {
    case sizeof(uint64_t):
      return copy_cells_of<uint64_t>(from, from_step, to, to_step, count);
    case sizeof(uint32_t):
      return copy_cells_of<uint32_t>(from, from_step, to, to_step, count);
    default:
      return copy_cells_of<uint8_t>(from, from_step, to, to_step, count);
  }
}

void count_range(std::span<const uint32_t> customers, std::vector<uint32_t>& counts) {
  for (size_t begin = 0; begin < customers.size(); begin += kCountedAtOnce) {
    const std::span<const uint32_t> some =
        customers.subspan(begin, std::min(kCountedAtOnce, customers.size() - begin));
    uint32_t last = 0;
    for (const uint32_t customer : some) last = std::max(last, customer);
    if (last / kPageCustomers >= counts.size()) counts.resize(last / kPageCustomers + 1);
    for (const uint32_t customer : some) ++counts[customer / kPageCustomers];
  }
}

}  // namespace

FreshPages::FreshPages(const StreamLayout& layout, std::shared_ptr<Meter> meter,
                       std::vector<uint8_t> wanted, uint64_t epoch)
    : layout_(&layout),
      meter_(std::move(meter)),
      wanted_(std::move(wanted)),
      epoch_(epoch),
      cells_{{kTimesOfRows, 0, sizeof(Micros)}},
      slots_(wanted_.size() + 1),
      width_(sizeof(Micros)),
      begins_{0} {
  for (size_t c = 0; c < wanted_.size(); ++c) {
    if (wanted_[c] == 0) continue;
    slots_[c + 1] = static_cast<int>(cells_.size());
    cells_.push_back({static_cast<int>(c), width_, layout.columns[c].width});
    width_ += layout.columns[c].width;
  }
}

bool FreshPages::open(std::span<const uint32_t> customers, std::span<const size_t> ends,
                      int threads, const LogState& log) {
  if (width_ > kWidest) return false;
  count(customers, ends, threads);
  size_t pages = 1;
  for (const std::vector<uint32_t>& counts : counts_) pages = std::max(pages, counts.size());
  pages_.resize(pages);
  for (std::vector<uint32_t>& counts : counts_) counts.resize(pages);
  while ((pages_.size() - 1) >> shift_ >= kMostGroups) ++shift_;
  if (shift_ > kMostShift) return false;
  if (any_known(log)) return false;
  customers_.resize(customers.size());
  make_pages();
  return true;
}

// Whether the log has a page of a group with rows: a group is filed as a whole.
bool FreshPages::any_known(const LogState& log) const {
  std::vector<uint8_t> filled(((pages_.size() - 1) >> shift_) + 1);
  for (const std::vector<uint32_t>& counts : counts_) {
    for (size_t page = 0; page < counts.size(); ++page) {
      if (counts[page] > 0) filled[page >> shift_] = 1;
    }
  }
  const size_t pages = std::min(filled.size() << shift_, log.pages.size());
  for (size_t page = 0; page < pages; ++page) {
    if (log.pages[page] != nullptr && filled[page >> shift_] != 0) return true;
  }
  return false;
}

// The rows of each page, of each range, up to the last page that it has rows of.
void FreshPages::count(std::span<const uint32_t> customers, std::span<const size_t> ends,
                       int threads) {
  counts_.resize(ends.size());
  // Without a watch there is nothing to report.
  (void)parallel_for(static_cast<int64_t>(ends.size()), threads, nullptr, [&](int64_t task, int) {
    const auto range = static_cast<size_t>(task);
    const size_t begin = range == 0 ? 0 : ends[range - 1];
    count_range(customers.subspan(begin, ends[range] - begin), counts_[range]);
  });
}

void FreshPages::make_pages() {
  size_t before = 0;
  for (size_t page = 0; page < pages_.size(); ++page) {
    if (page >> shift_ == begins_.size()) begins_.push_back(before);
    uint32_t rows = 0;
    for (const std::vector<uint32_t>& counts : counts_) rows += counts[page];
    if (rows == 0) continue;
    before += rows;
    pages_[page] = std::make_shared<EventPage>(*layout_, meter_, epoch_);
    pages_[page]->base = std::make_shared<PageBase>(*layout_, meter_, epoch_);
    pages_[page]->base->rows.reserve(rows, 0, wanted_.data());
    pages_[page]->base->rows.extend(rows);
    pages_[page]->note_base();
  }
  begins_.push_back(before);
}

uint32_t FreshPages::rows_in(size_t page) const {
  return pages_[page] == nullptr ? 0 : pages_[page]->base_rows();
}

// Times come first in it, and columns behind them, in one piece: it has room for rows side by side.
uint8_t* FreshPages::memory_of(size_t page) const {
  return reinterpret_cast<uint8_t*>(pages_[page]->base->rows.own_times());
}

// Rows of each customer of a group; whether none has a long log.
bool FreshPages::count_rows(size_t group, Scratch& scratch) const {
  scratch.next.assign(size_t{kPageCustomers} << shift_, 0);
  uint32_t* rows = scratch.next.data();
  for (size_t i = begins_[group]; i < begins_[group + 1]; ++i) ++rows[customers_[i]];
  return *std::max_element(scratch.next.begin(), scratch.next.end()) < kLongLogRows;
}

// The rows of a group come into the scratch memory, those of each customer side by side. Gives the
// latest time where each is later than the one before.
std::optional<Micros> FreshPages::sort_rows(size_t group, Scratch& scratch) const {
  scratch.rows.resize(rows_of(group) * width_);
  uint8_t* const to = scratch.rows.data();
  uint32_t* const next = scratch.next.data();
  const uint16_t* customer = customers_.data() + begins_[group];
  const size_t width = width_;
  bool ascending = true;
  Micros before = std::numeric_limits<Micros>::min();
  const size_t end = std::min((group + 1) << shift_, pages_.size());
  for (size_t page = group << shift_; page < end; ++page) {
    const uint32_t rows = rows_in(page);
    if (rows == 0) continue;
    const uint8_t* from = memory_of(page);
    with_half(width, [&]<size_t kHalf>() {
      for (uint32_t row = 0; row < rows; ++row, from += width) {
        Micros time;
        std::memcpy(&time, from, sizeof time);
        ascending &= before < time;
        before = time;
        copy_row<kHalf>(to + next[*customer++]++ * width, from, width);
      }
    });
  }
  return ascending ? std::optional(before) : std::nullopt;
}

// The columns of a group's pages, of its rows in order. What is free between them is zeroed: it
// had parts of rows, which nobody would look for there when their customer is forgotten.
void FreshPages::fill_columns(size_t group, const uint8_t* rows) {
  const size_t end = std::min((group + 1) << shift_, pages_.size());
  for (size_t page = group << shift_; page < end; ++page) {
    if (pages_[page] == nullptr) continue;
    EventRows& to = pages_[page]->base->rows;
    uint8_t* column = memory_of(page);
    for (size_t c = 0; c < cells_.size(); ++c) {
      const Cell& cell = cells_[c];
      uint8_t* const next = c + 1 < cells_.size() ? to.own_cells<uint8_t>(cells_[c + 1].column)
                                                  : memory_of(page) + to.cell_bytes();
      copy_strided(cell.width, rows + cell.offset, width_, column, cell.width, to.size());
      uint8_t* const filled = column + to.size() * cell.width;
      std::fill(filled, next, uint8_t{0});
      column = next;
    }
    rows += to.size() * width_;
  }
}

std::optional<Micros> FreshPages::settle(size_t group, Scratch& scratch, const RowOrder& order) {
  if (!count_rows(group, scratch)) return std::nullopt;
  const size_t begin = group << shift_;
  const size_t end = std::min((group + 1) << shift_, pages_.size());
  uint32_t* rows = scratch.next.data();
  uint32_t before = 0;
  for (size_t page = begin; page < end; ++page) {
    std::array<uint32_t, kPageCustomers + 1> offsets{};
    for (uint32_t local = 0; local < kPageCustomers; ++local, ++rows) {
      offsets[local + 1] = offsets[local] + *rows;
      *rows = before + offsets[local];
    }
    before += offsets[kPageCustomers];
    if (pages_[page] != nullptr) pages_[page]->base->offsets = offsets;
  }
  const std::optional<Micros> latest = sort_rows(group, scratch);
  fill_columns(group, scratch.rows.data());
  if (latest) return latest;
  Micros found = kMinTime;
  for (size_t page = begin; page < end; ++page) {
    if (pages_[page] == nullptr) continue;
    found = std::max(found, PageBuilder::bring_in_order(*pages_[page]->base, order));
  }
  return found;
}

void FreshPages::give(size_t group, LogState& log) {
  const size_t end = std::min((group + 1) << shift_, pages_.size());
  for (size_t page = group << shift_; page < end; ++page) {
    if (pages_[page] != nullptr) log.pages[page] = std::move(pages_[page]);
  }
}

void FreshPages::drop(size_t group) {
  const size_t end = std::min((group + 1) << shift_, pages_.size());
  for (size_t page = group << shift_; page < end; ++page) pages_[page].reset();
}

void FreshPages::copy_customers(size_t group, uint32_t* to) const {
  const auto first = static_cast<uint32_t>(group << shift_) * kPageCustomers;
  for (size_t i = begins_[group]; i < begins_[group + 1]; ++i) *to++ = first + customers_[i];
}

void FreshPages::copy_cells(size_t group, int column, uint8_t* to) const {
  const Cell& cell = cell_of(column);
  const size_t end = std::min((group + 1) << shift_, pages_.size());
  for (size_t page = group << shift_; page < end; ++page) {
    const uint32_t rows = rows_in(page);
    if (rows == 0) continue;
    copy_strided(cell.width, memory_of(page) + cell.offset, width_, to, cell.width, rows);
    to += rows * cell.width;
  }
}

FreshPages::Range::Range(FreshPages& to, size_t range) : to_(to), rows_(kRows * to.width_) {
  for (size_t g = 0; g < to.groups(); ++g) {
    const size_t begin = g << to.shift_;
    const size_t end = std::min((g + 1) << to.shift_, to.pages_.size());
    uint32_t before = 0;  // rows of the ranges before this one
    for (size_t r = 0; r < range; ++r) {
      for (size_t page = begin; page < end; ++page) before += to.counts_[r][page];
    }
    Place& place = places_[g];
    place.customer = to.customers_.data() + to.begins_[g] + before;
    size_t page = begin;
    while (page < end && before >= to.rows_in(page)) before -= to.rows_in(page++);
    if (page == end) continue;  // it has no rows of this group
    place.page = page;
    place.next = to.memory_of(page) + before * to.width_;
    place.end = to.memory_of(page) + to.rows_in(page) * to.width_;
  }
}

void FreshPages::Range::set(int column, const uint8_t* cells, size_t count) {
  const Cell& cell = to_.cell_of(column);
  copy_strided(cell.width, cells, cell.width, rows_.data() + cell.offset, to_.width_, count);
}

void FreshPages::Range::turn(Place& place) const {
  do ++place.page;
  while (to_.rows_in(place.page) == 0);
  place.next = to_.memory_of(place.page);
  place.end = place.next + to_.rows_in(place.page) * to_.width_;
}

template <size_t kHalf, bool kKeepPlaces>
void FreshPages::Range::move_rows(std::span<const uint32_t> customers) {
  const size_t width = to_.width_;
  const uint32_t shift = to_.shift_;
  const uint32_t mask = (kPageCustomers << shift) - 1;
  const uint8_t* from = rows_.data();
  for (size_t i = 0; i < customers.size(); ++i, from += width) {
    Place& place = places_[customers[i] / kPageCustomers >> shift];
    if (place.next == place.end) turn(place);
    uint8_t* const at = place.next;
    place.next = at + width;
    fetch_line_to_write(at + kFetched);
    copy_row<kHalf>(at, from, width);
    *place.customer++ = static_cast<uint16_t>(customers[i] & mask);
    if constexpr (kKeepPlaces) at_[i] = at;
  }
}

void FreshPages::Range::move(std::span<const uint32_t> customers, bool keep_places) {
  with_half(to_.width_, [&]<size_t kHalf>() {
    keep_places ? move_rows<kHalf, true>(customers) : move_rows<kHalf, false>(customers);
  });
}

}  // namespace patron::internal
