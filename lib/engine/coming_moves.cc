#include "lib/engine/coming_moves.h"

#include <algorithm>
#include <bit>
#include <new>
#include <utility>

namespace patron::internal {

uint64_t rank_of(int64_t id) {
  return static_cast<uint64_t>(id) ^ uint64_t { 1 } << 63;
}

int64_t number_of(uint64_t rank) { return static_cast<int64_t>(rank ^ uint64_t{1} << 63); }

uint64_t rank_of(std::string_view id) {
  uint64_t rank = 0;
  for (size_t i = 0; i < sizeof(rank); ++i) {
    rank = rank << 8 | (i < id.size() ? static_cast<uint8_t>(id[i]) : 0u);
  }
  return rank;
}

ComingMoves::Found ComingMoves::keep(size_t part, const ComingMove& move, uint64_t rank,
                                     std::string_view because) {
  static_assert(kMaxClasses < INT16_MAX && kMaxClassifications < INT16_MAX);
  const auto size = static_cast<TextSize>(because.size());
  if (size != because.size()) throw std::bad_alloc();
  WipedString& texts = parts_[part].texts;
  Found out{};
  out.at = move.at;
  out.rank = rank;
  out.text = texts.size() & ((uint64_t{1} << 56) - 1);
  out.cause = static_cast<uint64_t>(move.cause) & 15;
  out.by_override = move.move.by_override ? 1 : 0;
  out.row = move.customer;
  out.place = static_cast<uint32_t>(parts_[part].found.size());
  out.classification = static_cast<int16_t>(move.move.classification);
  out.from = static_cast<int16_t>(move.move.from);
  out.to = static_cast<int16_t>(move.move.to);
  out.part = static_cast<uint16_t>(part);
  texts.append(reinterpret_cast<const char*>(&size), sizeof(size));
  texts += because;
  return out;
}

ComingMoves::ComingMoves(const MoveLog& log, size_t first,
                         const std::function<uint64_t(uint32_t)>& rank)
    : parts_(1), order_(std::make_unique_for_overwrite<Found[]>(log.size() - first)) {
  for (size_t i = first; i < log.size(); ++i) {
    const MoveFacts move = log.plain(i);
    const ComingMove coming = {move.customer, move.move, move.at, move.cause};
    order_[size_++] = keep(0, coming, rank(move.customer), log.because(i));
  }
}

ComingMoves::Stretches::Stretches(const Bounds& bounds, size_t moves, size_t each)
    : by_rank(bounds.first == bounds.last),
      first(by_rank ? bounds.least : static_cast<uint64_t>(bounds.first)) {
  const uint64_t length = (by_rank ? bounds.most : static_cast<uint64_t>(bounds.last)) - first;
  // Two at least: a number of 64 bits is not shifted by all of them.
  const int bits = std::bit_width(length),
            wanted = std::max(1, static_cast<int>(std::bit_width(moves / each)));
  shift = std::max(0, bits - wanted);
  count = static_cast<size_t>(length >> shift) + 1;
}

// Threads for a few cost more than they save.
int ComingMoves::threads() const {
  constexpr size_t kMany = 4096;
  return size_ < kMany ? 1 : static_cast<int>(parts_.size());
}

// Brings the moves of all workers together, each a part of its own into the places that are its
// own. Where each stretch ends in order_.
std::vector<size_t> ComingMoves::spread() {
  constexpr size_t kOfTask = 1024;
  Bounds bounds;
  size_ = 0;
  for (const Part& part : parts_) {
    bounds.add(part.bounds);
    size_ += part.found.size();
  }
  if (size_ == 0) return {};
  order_ = std::make_unique_for_overwrite<Found[]>(size_);
  const Stretches stretches(bounds, size_, kOfTask);
  std::deque<std::vector<size_t>> places(parts_.size());  // of each part, the next of each stretch
  const auto count = [&](int64_t part, int) {
    std::vector<size_t>& own = places[static_cast<size_t>(part)];
    own.resize(stretches.count);
    for (const Found& one : parts_[static_cast<size_t>(part)].found) ++own[stretches.of(one)];
  };
  const auto put = [&](int64_t part, int) {
    std::vector<size_t>& own = places[static_cast<size_t>(part)];
    std::vector<Found>& found = parts_[static_cast<size_t>(part)].found;
    for (const Found& one : found) order_[own[stretches.of(one)]++] = one;
    found = {};
  };
  const auto parts = static_cast<int64_t>(parts_.size());
  (void)parallel_for(parts, threads(), nullptr, count);
  std::vector<size_t> ends(stretches.count);
  size_t place = 0;
  for (size_t k = 0; k < ends.size(); ++k) {
    for (std::vector<size_t>& own : places) own[k] = std::exchange(place, place + own[k]);
    ends[k] = place;
  }
  (void)parallel_for(parts, threads(), nullptr, put);
  return ends;
}

void ComingMoves::Scratch::spread(std::span<Found> run) {
  constexpr size_t kOfRun = 4;
  Bounds bounds;
  for (const Found& one : run) bounds.add(one);
  const Stretches stretches(bounds, run.size(), kOfRun);
  copy.assign(run.begin(), run.end());
  ends.assign(stretches.count, 0);
  for (const Found& one : copy) ++ends[stretches.of(one)];
  uint32_t begin = 0;
  for (uint32_t& end : ends) end = std::exchange(begin, begin + end);
  for (const Found& one : copy) run[ends[stretches.of(one)]++] = one;
}

}  // namespace patron::internal
