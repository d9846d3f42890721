// EventPage: the logs of 256 consecutive customers of one stream.
//
// The base holds them back to back, each in order (compressed sparse rows). New facts go unordered
// into the tail, which is merged into the base once it has grown to half of it. A customer
// with a long log has it apart from both.
//
// Epochs: a snapshot shares the pages there are, and begins a new epoch. What was made in an
// earlier one is never changed again, but copied first; so there is nothing for reader and writer
// to agree on.
//
// Thread class: const is shared; changing is serial.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "lib/base/prefetch.h"
#include "lib/book/long_log.h"

namespace patron::internal {

inline constexpr uint32_t kPageCustomers = 256;
/// The rows from which on a log is kept apart.
inline constexpr uint32_t kLongLogRows = 512;
/// The rows of a tail that are merged, of a small page.
inline constexpr uint32_t kFullTail = 64;

struct PageBase {
  PageBase(const StreamLayout& layout, std::shared_ptr<Meter> meter, uint64_t made)
      : epoch(made), rows(layout, std::move(meter)) {
    if (rows.meter() != nullptr) rows.meter()->add(sizeof(PageBase));
  }
  ~PageBase() {
    if (rows.meter() != nullptr) rows.meter()->add(-static_cast<int64_t>(sizeof(PageBase)));
  }
  PageBase(const PageBase&) = delete;
  PageBase& operator=(const PageBase&) = delete;
  /// Brings what says where the facts of one row of the page are into the cache.
  void fetch_head(uint32_t local) const {
    const auto* const head = reinterpret_cast<const char*>(this);
    fetch_line(head);
    fetch_line(head + 64);
    fetch_line(&offsets[local]);
  }
  /// Brings the newest cells that one row of the page has in a column into the cache: two lines of
  /// them.
  void fetch_newest(const int64_t* cells, uint32_t local) const {
    constexpr uint32_t kOfLine = 64 / sizeof(int64_t);
    const uint32_t begin = offsets[local], end = offsets[local + 1];
    if (begin == end) return;
    fetch_line(cells + end - 1);
    fetch_line(cells + (end - begin > kOfLine ? end - 1 - kOfLine : begin));
  }
  uint32_t rows_of(uint32_t local) const { return offsets[local + 1] - offsets[local]; }
  /// No log has more rows. Where it is less than kLongLogRows it may be all rows.
  uint32_t longest() const;

  uint64_t epoch;
  EventRows rows;
  /// Row i of the page has the facts offsets[i] .. offsets[i + 1] - 1.
  std::array<uint32_t, kPageCustomers + 1> offsets{};
};

struct EventPage {
  EventPage(const StreamLayout& layout, std::shared_ptr<Meter> meter, uint64_t made)
      : epoch(made), tail(layout, std::move(meter)) {
    if (tail.meter() != nullptr) tail.meter()->add(sizeof(EventPage));
  }
  ~EventPage();
  EventPage(const EventPage&) = delete;
  EventPage& operator=(const EventPage&) = delete;
  /// The same page, to be changed: the base is shared, the tail copied.
  std::shared_ptr<EventPage> copy(uint64_t now) const;

  uint32_t base_rows() const { return base == nullptr ? 0 : base->rows.size(); }
  uint32_t base_begin(uint32_t local) const { return base == nullptr ? 0 : base->offsets[local]; }
  uint32_t base_end(uint32_t local) const { return base == nullptr ? 0 : base->offsets[local + 1]; }
  bool in_tail(uint32_t local) const { return (mask[local / 64] >> (local % 64) & 1) != 0; }
  /// The tail's rows of a customer are added to `rows`, in the order of arrival.
  void tail_rows(uint32_t local, std::vector<uint32_t>& rows) const;
  /// The earliest of a customer's facts; kEndTime where there are none.
  Micros first_time(uint32_t local) const;
  const uint8_t* locals() const { return local_of.data(); }
  LongLog* long_log(uint32_t local) const;

  /// The rows for which there is room once these are in a tail that has room for `now`.
  static uint32_t tail_room(uint32_t rows, uint32_t now, uint32_t full);
  /// Room in the tail, as EventRows::reserve. The page must be its own.
  void reserve_tail(uint32_t rows, size_t heap, const uint8_t* wanted);
  /// Adds a row to the tail, which has room; returns its number. See EventRows::append.
  uint32_t append_tail(uint32_t local, Micros time, const uint8_t* set_next = nullptr,
                       size_t count = 0) {
    const uint32_t row = tail.size();
    local_of.data()[row] = static_cast<uint8_t>(local);
    mask[local / 64] |= uint64_t{1} << (local % 64);
    tail.append(time, set_next, count);
    return row;
  }
  /// Whether the tail has room for one more row without reserve_tail(), in columns that are there.
  bool has_row(size_t heap) const {
    return tail.size() < local_of.size() && tail.size() < tail.capacity() &&
           tail.heap_used() + heap <= tail.heap_bytes();
  }
  /// The same of many rows, of these customers of the page.
  uint32_t append_tail(std::span<const uint32_t> customers, const Micros* times,
                       const uint8_t* set_next);
  /// Works out from how many rows on the tail is to be merged, once the base is another.
  void note_base() { full = std::max(kFullTail, base_rows() / 2); }
  /// Brings what filing looks at into the cache.
  void fetch() const {
    const auto* lines = reinterpret_cast<const char*>(this);
    for (size_t at = 0; at < sizeof(EventPage); at += 64) fetch_line(lines + at);
  }
  /// The last row takes its place.
  void erase_tail(uint32_t row);
  /// A base of its own, to erase from. Strong guarantee.
  void own_base(uint64_t now);
  void erase_base(uint32_t local, uint32_t row);
  void own_long_log(uint32_t local, uint64_t now);

  bool tail_is_full() const { return tail.size() >= full; }
  /// Moves the tail into the base, and into logs apart. Strong guarantee, and the same facts
  /// whether it fails or not.
  void merge(const RowOrder& order, uint64_t now);
  /// Moves what the tail has of long logs there. As merge().
  void absorb(const RowOrder& order, uint64_t now);

  struct Apart {
    uint8_t local;
    std::shared_ptr<LongLog> log;
  };
  /// What is in `made` of logs that have become long goes to `grown`; the rest is given back.
  static std::shared_ptr<PageBase> part_from_long(const PageBase& made, std::vector<Apart>& grown,
                                                  uint64_t now);

  uint64_t epoch;
  uint32_t pending = 0;       ///< rows that a batch is about to add
  uint32_t tail_before = 0;   ///< rows of the tail that are not of that batch
  uint32_t full = kFullTail;  ///< rows of a tail that is to be merged; LogWriter may wait longer
  std::shared_ptr<PageBase> base;
  EventRows tail;
  Buffer local_of;  ///< of each row of the tail: the customer's row in the page
  std::array<uint64_t, kPageCustomers / 64> mask{};  ///< customers with rows in the tail
  std::vector<Apart> apart;
  size_t pending_heap = 0;  ///< and bytes of long texts
};

/// The base that a page has once its tail is merged into it, with long logs as they are. Memory is
/// counted by `meter`.
std::shared_ptr<PageBase> merged_base(const EventPage& page, const RowOrder& order,
                                      std::shared_ptr<Meter> meter, uint64_t now);

}  // namespace patron::internal
