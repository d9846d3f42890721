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
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <functional>
#include <limits>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "lib/base/parallel.h"
#include "lib/base/prefetch.h"
#include "lib/base/wiped.h"
#include "lib/engine/move_log.h"

namespace patron::internal {

/// Ids are in this order as far as their first eight bytes say.
uint64_t rank_of(int64_t id);
uint64_t rank_of(std::string_view id);
/// The id that is a number of that rank.
int64_t number_of(uint64_t rank);

/// A change of class that nobody has made yet: it has no number, and no move before it.
struct ComingMove {
  uint32_t customer = kNoCustomer;
  SettledMove move;
  Micros at = 0;
  Cause cause = Cause::kTime;
};

class ComingMoves {
 public:
  static constexpr size_t kMostWorkers = UINT16_MAX;  ///< Found::part has 16 bits

  /// With room for `expected` moves, shared out among the workers.
  explicit ComingMoves(size_t workers = 1, size_t expected = 0) : parts_(workers) {
    for (Part& part : parts_) part.found.reserve(expected / workers);
  }
  /// Those of a log from there on, which are in order; `rank` says those of rows. Throws
  /// std::bad_alloc, as add().
  ComingMoves(const MoveLog& log, size_t first, const std::function<uint64_t(uint32_t)>& rank);

  /// `rank` of her id. Throws std::bad_alloc, also where `because` has 4 GiB.
  void add(size_t worker, const ComingMove& move, uint64_t rank, std::string_view because) {
    Part& part = parts_[worker];
    const Found& one = part.found.emplace_back(keep(worker, move, rank, because));
    part.bounds.add(one);
  }
  /// `before` compares the ids of two rows. Many are put in order on as many threads as there are
  /// workers; the order is the same for any number of them. Once, after all add(). Throws
  /// std::bad_alloc.
  template <typename Before>
  void put_in_order(const Before& before);

  size_t size() const { return size_; }
  ComingMove move(size_t i) const {
    const Found& one = order_[i];
    return {one.row,
            {one.classification, one.from, one.to, one.by_override != 0},
            one.at,
            static_cast<Cause>(one.cause)};
  }
  uint64_t rank(size_t i) const { return order_[i].rank; }
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
  // Between which times and which ranks some lie.
  struct Bounds {
    Micros first = std::numeric_limits<Micros>::max(), last = std::numeric_limits<Micros>::min();
    uint64_t least = ~uint64_t{0}, most = 0;
    void add(const Found& one) {
      first = std::min(first, one.at), last = std::max(last, one.at);
      least = std::min(least, one.rank), most = std::max(most, one.rank);
    }
    void add(const Bounds& other) {
      first = std::min(first, other.first), last = std::max(last, other.last);
      least = std::min(least, other.least), most = std::max(most, other.most);
    }
  };
  // Stretches of time, all of one length, or of ranks where all are of one instant: what lies in
  // one comes before what lies in the next.
  struct Stretches {
    /// So many that each of `moves` has about `each` others with it.
    Stretches(const Bounds& bounds, size_t moves, size_t each);
    size_t of(const Found& one) const {
      const uint64_t key = by_rank ? one.rank : static_cast<uint64_t>(one.at);
      return static_cast<size_t>((key - first) >> shift);
    }
    bool by_rank;
    uint64_t first;
    int shift;
    size_t count;
  };
  struct alignas(64) Part {
    std::vector<Found> found;
    WipedString texts;
    Bounds bounds;
  };
  // Memory in which a worker sorts, of one depth.
  struct Scratch {
    std::vector<Found> copy;
    std::vector<uint32_t> ends;  ///< of each stretch
    /// Brings those of one stretch together.
    void spread(std::span<Found> run);
  };
  static constexpr size_t kDepth = 3;
  using Levels = std::array<Scratch, kDepth>;

  /// Keeps the text of it, too.
  Found keep(size_t part, const ComingMove& move, uint64_t rank, std::string_view because);
  int threads() const;
  std::vector<size_t> spread();
  template <typename Earlier>
  static void sort_run(std::span<Found> run, std::span<Scratch> levels, const Earlier& earlier);

  std::vector<Part> parts_;
  std::unique_ptr<Found[]> order_;
  size_t size_ = 0;
};

// Spread over stretches of some thousand, each of which one worker sorts.
template <typename Before>
void ComingMoves::put_in_order(const Before& before) {
  const auto earlier = [&](const Found& a, const Found& b) {
    if (a.at != b.at) return a.at < b.at;
    if (a.rank != b.rank) return a.rank < b.rank;
    return a.row != b.row ? before(a.row, b.row) : a.place < b.place;
  };
  const std::vector<size_t> ends = spread();
  std::deque<Levels> levels(parts_.size());
  const auto sort = [&](int64_t task, int worker) {
    const auto k = static_cast<size_t>(task);
    const size_t begin = k == 0 ? 0 : ends[k - 1];
    sort_run(std::span(order_.get() + begin, ends[k] - begin),
             std::span(levels[static_cast<size_t>(worker)]), earlier);
  };
  (void)parallel_for(static_cast<int64_t>(ends.size()), threads(), nullptr, sort);
}

// Spread once more, until there are a few or that has been done often enough.
template <typename Earlier>
void ComingMoves::sort_run(std::span<Found> run, std::span<Scratch> levels,
                           const Earlier& earlier) {
  constexpr size_t kFew = 16;
  if (std::is_sorted(run.begin(), run.end(), earlier)) return;
  if (run.size() <= kFew || levels.empty()) return std::sort(run.begin(), run.end(), earlier);
  Scratch& here = levels.front();
  here.spread(run);
  size_t begin = 0;
  for (const uint32_t end : here.ends) {
    sort_run(run.subspan(begin, end - begin), levels.subspan(1), earlier);
    begin = end;
  }
}

}  // namespace patron::internal
