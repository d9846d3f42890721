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
#include <deque>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/engine/move_log.h"

namespace patron::internal {

/// Ids are in this order as far as their first eight bytes say.
uint64_t rank_of(int64_t id);
uint64_t rank_of(std::string_view id);

class ComingMoves {
 public:
  explicit ComingMoves(size_t workers = 1) : parts_(workers) {}
  /// Those of a log from there on, which are in order.
  ComingMoves(MoveLog log, size_t first);

  /// Throws std::bad_alloc. `move` is without `sequence` and `before`; `rank` of her id.
  void add(size_t worker, const MoveFacts& move, uint64_t rank, std::string_view because) {
    Part& part = parts_[worker];
    part.log.ready(1, because.size());
    part.found.push_back(
        {move.at, rank, move.customer, static_cast<uint32_t>(worker), part.log.size()});
    part.log.push(move, because);
  }
  /// `before` compares the ids of two rows.
  template <typename Before>
  void put_in_order(const Before& before);

  size_t size() const { return order_.size(); }
  MoveFacts move(size_t i) const { return log(i).plain(order_[i].place); }
  std::string_view because(size_t i) const { return log(i).because(order_[i].place); }
  /// Brings what is kept of a move into the cache, where there is one.
  void fetch(size_t i) const {
    if (i < size()) log(i).fetch(order_[i].place);
  }

 private:
  struct Found {
    Micros at;
    uint64_t rank;
    uint32_t row;
    uint32_t part;
    size_t place;  ///< in its log
  };
  struct alignas(64) Part {
    MoveLog log;
    std::vector<Found> found;
  };
  const MoveLog& log(size_t i) const { return parts_[order_[i].part].log; }
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
