// What an engine remembers, field by field: the one description by which it is saved and loaded.
//
// Each lists all fields of its struct: one that is added and not listed here does not compile. What
// follows from others is left out: a customer's list of moves, and the numbers of moves.
//
// Thread class: pure.
#pragma once

#include "lib/engine/engine_data.h"
#include "lib/engine/saved/state_bytes.h"

namespace patron::internal {

template <>
struct LastOf<OverrideKind> {
  static constexpr OverrideKind kValue = OverrideKind::kFloor;
};
template <>
struct LastOf<Cause> {
  static constexpr Cause kValue = Cause::kMerge;
};
template <>
struct LastOf<ModelVerdict> {
  static constexpr ModelVerdict kValue = ModelVerdict::kNotFitted;
};

template <typename Archive, Of<TierState> State>
void fields(Archive& archive, State& state) {
  auto& [current, since, false_since, cool_until, downs] = state;
  archive(current, since, false_since, cool_until, downs);
}

template <typename Archive, Of<ShownClass> State>
void fields(Archive& archive, State& state) {
  auto& [current, said, unseated, since, previous, highest, moves] = state;
  archive(current, said, unseated, since, previous, highest, moves);
}

template <typename Archive, Of<StandingOverride> State>
void fields(Archive& archive, State& state) {
  auto& [kind, classification, to, at, until, reason, author, begun, removed, held] = state;
  archive(kind, classification, to, at, until, reason, author, begun, removed, held);
}

/// The text of a cell is that of its value.
template <typename Archive, Of<Cell> State>
void fields(Archive& archive, State& state) {
  auto& [known, integer, number, text] = state;
  (void)text;
  archive(known, integer, number);
}

template <typename Archive, Of<MetricValue> State>
void fields(Archive& archive, State& state) {
  auto& [cell, text, set, is_set, next_change, as_of, overflow] = state;
  archive(cell, text, set, is_set, next_change, as_of, overflow);
}

template <typename Archive, Of<CustomerState> State>
void fields(Archive& archive, State& state) {
  auto& [machines, seats_lost, shown, overrides, seen, linked, parted, kept] = state;
  archive(machines, seats_lost, shown, overrides, seen, linked, parted, kept);
}

template <typename Archive, Of<EngineMember> State>
void fields(Archive& archive, State& state) {
  auto& [last_move, moves, standing, due, settlings, epoch] = state;
  (void)last_move, (void)moves;
  archive(standing, due, settlings, epoch);
}

template <typename Archive, Of<EngineNote> State>
void fields(Archive& archive, State& state) {
  auto& [at, fact_time, row, fact, late, corrected, quiet, merge, done, stream] = state;
  (void)stream;  // after loading it is not known
  auto flags =
      static_cast<uint8_t>(fact | late << 1 | corrected << 2 | quiet << 3 | merge << 4 | done << 5);
  archive(at, fact_time, row, flags);
  if constexpr (!std::is_const_v<State>) {
    fact = (flags & 1) != 0, late = (flags & 2) != 0, corrected = (flags & 4) != 0;
    quiet = (flags & 8) != 0, merge = (flags & 16) != 0, done = flags >= 32;
  }
}

template <typename Archive, Of<FrozenSide> State>
void fields(Archive& archive, State& state) {
  auto& [end, row, standing, due] = state;
  archive(end, row, standing, due);
}

template <typename Archive, Of<FrozenLink> State>
void fields(Archive& archive, State& state) {
  auto& [sides, settlings, marked] = state;
  archive(sides, settlings, marked);
}

template <typename Archive, Of<BookKeyLink> State>
void fields(Archive& archive, State& state) {
  auto& [key, done, stronger, survivor, other, first, second, token] = state;
  archive(key, done, stronger, survivor, other, first, second, token);
}

template <typename Archive, Of<EngineMeeting> State>
void fields(Archive& archive, State& state) {
  auto& [link, at, policy] = state;
  archive(link, at, policy);
}

template <typename Archive, Of<Drift> State>
void fields(Archive& archive, State& state) {
  auto& [of, stability_index, movers] = state;
  archive(of, stability_index, movers);
}

template <typename Archive, Of<ModelReport> State>
void fields(Archive& archive, State& state) {
  auto& [model, verdict, message, customers, drift] = state;
  archive(model, verdict, message, customers, drift);
}

template <typename Archive, Of<CalibrationNote> State>
void fields(Archive& archive, State& state) {
  auto& [number, at, customers, report, moved] = state;
  archive(number, at, customers, report, moved);
}

template <typename Archive, Of<CarriedClassification> State>
void fields(Archive& archive, State& state) {
  auto& [to, classes] = state;
  archive(to, classes);
}

}  // namespace patron::internal
