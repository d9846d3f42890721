// Sequences: what the order of events says: carts without an order, cases still open, funnels.
//
//   std::vector<Following> state = followings(carts, orders, Period{0, kMicrosPerDay}, zone, now);
//
// A stretch `within` d after an instant t is [t, t + d). Keys are compared as the tokens that the
// caller gives for equal values; an absent one equals nothing, not even another.
//
// Thread class of everything here: pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "lib/metrics/window.h"
#include "patron/time.h"

namespace patron::internal {

/// An event in a sequence.
struct KeyedEvent {
  Micros time = 0;
  std::optional<uint64_t> key;
  uint32_t place = 0;  ///< in the log of its stream: no two of one log have the same
};

enum class FollowState : uint8_t {
  kFollowed,
  kNotFollowed,
  kPending,  ///< not yet: it is decided at `until` if not before
};
struct Following {
  FollowState state = FollowState::kPending;
  Micros until = 0;  ///< the end of the stretch
};

enum class FollowMatch : uint8_t {
  kAnyKey,   ///< any second event follows
  kSameKey,  ///< one of the same key
};

/// For each of `firsts`, whether one of `seconds` came at its instant or after, within the stretch,
/// and no later than now. Where both are of one stream (`one_stream`) an event does not follow
/// itself, nor one that stands before it at the same instant. Both in order of (time, place); a
/// follower that is null in the key is none under kSameKey. Cost: n log n.
std::vector<Following> followings(std::span<const KeyedEvent> firsts,
                                  std::span<const KeyedEvent> seconds, FollowMatch match,
                                  bool one_stream, Period within, const TimeZone& zone, Micros now);

/// An event that opens or closes what its key names; an event of both closes.
struct OpeningEvent {
  KeyedEvent event;
  bool opens = false;
  bool closes = false;
};
/// The times of the last openings that nothing closed after, one for each key, ascending. Events in
/// their order; those without a key are passed over.
std::vector<Micros> open_since(std::span<const OpeningEvent> events);

/// An event of a funnel, and the steps it could be, ascending, none of them empty.
struct FunnelEvent {
  Micros time = 0;
  std::vector<uint32_t> steps;
};
/// The furthest of `steps` steps, 0 the first, that a chain of different events reaches, each
/// at the instant of the one before or later and, with `within`, all of them inside that stretch
/// after the first; absent where no event is the first step. Events ascend in time; those of one
/// instant follow one another in any order. Cost: linear in the events and their steps; of those of
/// one instant in the product with the steps.
std::optional<uint32_t> furthest_step(std::span<const FunnelEvent> events, uint32_t steps,
                                      std::optional<Period> within, const TimeZone& zone);

}  // namespace patron::internal
