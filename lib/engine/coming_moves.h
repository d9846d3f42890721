// ComingMoves: moves that are to come, as several workers find them, and then in their order: by
// time, at one instant by ids, and those of one customer as they were found.
//
//   ComingMoves coming(2);                         // workers
//   coming.add(0, move, rank, because);            // one worker finds all moves of a customer
//   coming.put_in_order([&](uint32_t a, uint32_t b) { return ids[a] < ids[b]; });
//   for (size_t i = 0; i < coming.size(); ++i) coming.move(i), coming.because(i);
//
// Thread class: serial, but for add(), which each worker calls for itself.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/prefetch.h"
#include "lib/base/wiped.h"
#include "lib/engine/move_log.h"

namespace patron::internal {

/// Ids are in this order as far as their first eight bytes say.
uint64_t rank_of(int64_t id);
uint64_t rank_of(std::string_view id);

/// A change of class that nobody has made yet: it has no number, and no move before it.
struct ComingMove {
  uint32_t customer = kNoCustomer;
  SettledMove move;
  Micros at = 0;
  Cause cause = Cause::kTime;
};

class ComingMoves {
 public:
  static constexpr size_t kMostWorkers = UINT16_MAX;

  /// With room for `expected` moves, shared out among the workers.
  explicit ComingMoves(size_t workers = 1, size_t expected = 0) : parts_(workers) {
    for (Part& part : parts_) part.found.reserve(expected / workers);
  }
  /// Those of a log from there on, which are in order. Throws std::bad_alloc, as add().
  ComingMoves(const MoveLog& log, size_t first);

  /// `rank` of her id. Throws std::bad_alloc, also where `because` has 4 GiB.
  void add(size_t worker, const ComingMove& move, uint64_t rank, std::string_view because);
  /// `before` compares the ids of two rows.
  template <typename Before>
  void put_in_order(const Before& before);

  size_t size() const { return order_.size(); }
  ComingMove move(size_t i) const {
    const Found& one = order_[i];
    return {one.row,
            {one.classification, one.from, one.to, one.by_override != 0},
            one.at,
            static_cast<Cause>(one.cause)};
  }
  std::string_view because(size_t i) const {
    const Found& one = order_[i];
    const char* const at = parts_[one.part].texts.data() + one.text;
    TextSize size = 0;
    std::memcpy(&size, at, sizeof(size));
    return {at + sizeof(size), size};
  }
  /// Brings because() of a move into the cache, where there is one.
  void fetch_because(size_t i) const {
    if (i < size()) fetch_line(parts_[order_[i].part].texts.data() + order_[i].text);
  }

 private:
  // All that is said of a move but its text: move() of one after the other reads memory from front
  // to back.
  struct Found {
    Micros at;
    uint64_t rank;
    uint64_t text : 56, cause : 4, by_override : 1;  // where in Part::texts it is, behind its size
    uint32_t row;
    uint32_t place;  ///< among those of its worker
    int16_t classification, from, to;
    uint16_t part;
  };
  static_assert(sizeof(Found) == 40);
  using TextSize = uint32_t;
  struct alignas(64) Part {
    std::vector<Found> found;
    WipedString texts;
  };
  Found found_of(size_t part, const ComingMove& move, uint64_t rank, std::string_view because);
  void spread(std::vector<size_t>& ends);

  std::deque<Part> parts_;
  std::vector<Found> order_;
};

// Spread over so many stretches of time that each has a few, and sorted there.
template <typename Before>
void ComingMoves::put_in_order(const Before& before) {
  std::vector<size_t> ends;
  spread(ends);
  const auto earlier = [&](const Found& a, const Found& b) {
    if (a.at != b.at) return a.at < b.at;
    if (a.rank != b.rank) return a.rank < b.rank;
    return a.row != b.row ? before(a.row, b.row) : a.place < b.place;
  };
  auto begin = order_.begin();
  for (const size_t end : ends) {
    const auto to = order_.begin() + static_cast<std::ptrdiff_t>(end);
    if (!std::is_sorted(begin, to, earlier)) std::sort(begin, to, earlier);
    begin = to;
  }
}

}  // namespace patron::internal
