// MoveLog: every change of class there has been, in the order in which they came, in 48 bytes each
// and what it keeps of the conditions that decided it.
//
//   MoveLog moves;
//   moves.ready(1, because.size());           // takes all the memory
//   moves.push(move);
//   moves[17].at, moves.before(17);           // her move before; kNoMove: none
//
// Thread class: const is shared; changing is serial.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/stable_vector.h"
#include "lib/engine/settle/settle.h"
#include "lib/engine/text_pieces.h"
#include "patron/engine.h"

namespace patron::internal {

/// Stands for no move.
inline constexpr size_t kNoMove = SIZE_MAX;

/// A change of class, but for what decided it; one of somebody who was forgotten has no customer
/// any more.
struct MoveFacts {
  uint32_t customer = kNoCustomer;
  int64_t sequence = 0;
  SettledMove move;
  Micros at = 0;
  std::optional<Micros> fact_time;
  Cause cause = Cause::kTime;
  bool quiet = false;
  int64_t calibration = 0;  ///< the number of that in force
  size_t before = kNoMove;  ///< the index of her move before
  int32_t policy = 1;       ///< the version of the policy whose classes these are
};

struct EngineMove : MoveFacts {
  std::string because;  ///< what decided it; see decision.h and packed_decision.h
};

class MoveLog {
 public:
  size_t size() const { return records_.size(); }
  bool empty() const { return records_.empty(); }
  /// A move; and without `because`, which costs nearly nothing.
  EngineMove operator[](size_t i) const;
  EngineMove plain(size_t i) const;
  /// Good until the next change.
  std::string_view because(size_t i) const;
  uint32_t customer(size_t i) const { return records_[i].customer; }
  size_t before(size_t i) const;
  /// Those from there on.
  std::vector<EngineMove> since(size_t first) const;

  /// Room for so many more, whose `because` have so many bytes together. Strong guarantee.
  void ready(size_t more, size_t because) {
    reserve(more, because);
    if (odd_.capacity() - odd_.size() < more) make_odd_room(more);
  }
  /// The same without room for moves that are too large for a record, of which there are hardly
  /// any.
  void reserve(size_t more, size_t because) {
    records_.reserve(records_.size() + more);
    texts_.ready(because);
  }
  /// There is room for it. Does not fail, but where it is too large for a record, as with a
  /// `because` of 64 KiB, and memory runs out (std::bad_alloc).
  void push(const MoveFacts& move, std::string_view because);
  void push(const EngineMove& move) { push(move, move.because); }
  /// Nothing is left of it but its place. Does not fail.
  void forget(size_t i);
  size_t bytes() const;

 private:
  static constexpr uint64_t kNone = (uint64_t{1} << 40) - 1;
  static constexpr uint64_t kMostSequence = (uint64_t{1} << 24) - 1;

  // What nearly every move fits in; the rest of one that does not is in odd_.
  struct Record {
    Micros at = 0;
    Micros fact_time = kEndTime;  // kEndTime: none
    uint64_t before : 40 = kNone;
    uint64_t sequence : 24 = 0;
    uint64_t text : TextPieces::kPlaceBits = 0;  // its place in texts_, and its size
    uint64_t text_size : 16 = 0;
    uint64_t cause : 4 = static_cast<uint64_t>(Cause::kTime);
    uint64_t by_override : 1 = 0;
    uint64_t quiet : 1 = 0;
    uint64_t odd : 1 = 0;
    uint32_t customer = kNoCustomer;
    uint32_t calibration = 0;
    uint16_t policy = 1;
    int16_t classification = 0, from = kNoClass, to = kNoClass;
  };
  static_assert(sizeof(Record) == 48);
  // Whether no number of a move is too large for its place in a record, or negative.
  static bool fits(const MoveFacts& move, size_t because) {
    const auto number = [](auto value) { return static_cast<uint64_t>(value); };
    const uint64_t of_classes =
        number(move.move.classification) | number(move.move.from + 1) | number(move.move.to + 1);
    // The place behind the move before is 0 where there is none.
    return move.before + 1 <= kNone && number(move.sequence) <= kMostSequence &&
           number(move.calibration) <= std::numeric_limits<uint32_t>::max() &&
           number(move.policy) <= std::numeric_limits<uint16_t>::max() &&
           of_classes <= std::numeric_limits<int16_t>::max() && because <= TextPieces::kMostText;
  }
  void make_odd_room(size_t more);
  // By value, so that those that fit need not be put into memory before they are records.
  [[gnu::noinline]] void keep_odd(MoveFacts move, std::string_view because);
  const EngineMove& odd(size_t i) const;

  StableVector<Record> records_;
  TextPieces texts_;
  std::vector<std::pair<size_t, EngineMove>> odd_;  // by index
};

// It is put together here and copied at once.
inline void MoveLog::push(const MoveFacts& move, std::string_view because) {
  Record record;
  record.at = move.at;
  if (move.fact_time) record.fact_time = *move.fact_time;
  record.cause = static_cast<uint64_t>(move.cause) & 15;
  record.by_override = move.move.by_override ? 1 : 0;
  record.quiet = move.quiet ? 1 : 0;
  record.customer = move.customer;
  if (fits(move, because.size())) {
    record.before = move.before & kNone;  // kNoMove too
    record.sequence = static_cast<uint64_t>(move.sequence) & kMostSequence;
    record.text = texts_.put(because) & ((uint64_t{1} << TextPieces::kPlaceBits) - 1);
    record.text_size = because.size() & TextPieces::kMostText;
    record.calibration = static_cast<uint32_t>(move.calibration);
    record.policy = static_cast<uint16_t>(move.policy);
    record.classification = static_cast<int16_t>(move.move.classification);
    record.from = static_cast<int16_t>(move.move.from);
    record.to = static_cast<int16_t>(move.move.to);
  } else {
    record.odd = 1;
    keep_odd(move, because);
  }
  records_.push_back(record);
}

}  // namespace patron::internal
