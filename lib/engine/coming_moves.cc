#include "lib/engine/coming_moves.h"

#include <new>

namespace patron::internal {

uint64_t rank_of(int64_t id) {
  return static_cast<uint64_t>(id) ^ uint64_t { 1 } << 63;
}

uint64_t rank_of(std::string_view id) {
  uint64_t rank = 0;
  for (size_t i = 0; i < sizeof(rank); ++i) {
    rank = rank << 8 | (i < id.size() ? static_cast<uint8_t>(id[i]) : 0u);
  }
  return rank;
}

ComingMoves::Found ComingMoves::found_of(size_t part, const ComingMove& move, uint64_t rank,
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

void ComingMoves::add(size_t worker, const ComingMove& move, uint64_t rank,
                      std::string_view because) {
  parts_[worker].found.push_back(found_of(worker, move, rank, because));
}

ComingMoves::ComingMoves(const MoveLog& log, size_t first) : parts_(1) {
  order_.reserve(log.size() - first);
  for (size_t i = first; i < log.size(); ++i) {
    const MoveFacts move = log.plain(i);
    const ComingMove coming = {move.customer, move.move, move.at, move.cause};
    order_.push_back(found_of(0, coming, 0, log.because(i)));
  }
}

// Where each stretch of time ends in order_.
void ComingMoves::spread(std::vector<size_t>& ends) {
  constexpr size_t kOfStretch = 4;
  size_t count = 0;
  Micros first = kEndTime, last = kMinTime;
  for (const Part& part : parts_) {
    count += part.found.size();
    for (const Found& one : part.found) {
      first = std::min(first, one.at);
      last = std::max(last, one.at);
    }
  }
  order_.resize(count);
  if (count == 0) return;
  const auto length = static_cast<uint64_t>(last - first);
  const int wanted = std::bit_width(count / kOfStretch), bits = std::bit_width(length);
  const int shift = std::max(0, bits - wanted);
  const auto stretch = [&](Micros at) { return static_cast<uint64_t>(at - first) >> shift; };
  ends.resize(stretch(last) + 1);
  for (const Part& part : parts_) {
    for (const Found& one : part.found) ++ends[stretch(one.at)];
  }
  size_t begin = 0;
  for (size_t& end : ends) end = std::exchange(begin, begin + end);
  for (Part& part : parts_) {
    for (const Found& one : part.found) order_[ends[stretch(one.at)]++] = one;
    part.found = {};
  }
}

}  // namespace patron::internal
