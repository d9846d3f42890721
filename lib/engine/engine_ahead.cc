// What is to come: when each customer may change, and what claims of identity keys that wait will
// do, which is seen on a copy.
#include <algorithm>
#include <utility>

#include "lib/base/wiped.h"
#include "lib/engine/engine_data.h"
#include "lib/engine/explain/explain.h"

namespace patron::internal {

std::vector<Micros> EngineData::next_changes(std::span<const uint32_t> rows) const {
  std::vector<Micros> out;
  out.reserve(rows.size());
  for (const uint32_t row : rows) {
    const EngineMember& member = members[row];
    const bool everyone = member.state.seen && member.epoch != epoch_;
    out.push_back(std::min(member.due, everyone ? everyone_at_ : kEndTime));
  }
  const bool claims = claim_due_ < kEndTime;
  if (notes_.size() == 0 && !claims) return out;
  // Where each row stands: of few in their order, of many by row.
  const bool few = rows.size() < members.size() / 16;
  std::vector<std::pair<uint32_t, size_t>> places;
  std::vector<size_t> place_of(few ? 0 : members.size(), SIZE_MAX);
  for (size_t i = 0; i < rows.size(); ++i) {
    if (few) {
      places.emplace_back(rows[i], i);
    } else {
      place_of[rows[i]] = i;
    }
  }
  std::sort(places.begin(), places.end());
  const auto find_place = [&](uint32_t row) {
    if (!few) return place_of[row];
    const auto at = std::lower_bound(places.begin(), places.end(), std::pair(row, size_t{0}));
    return at != places.end() && at->first == row ? at->second : SIZE_MAX;
  };
  const auto sooner = [&](uint32_t id, Micros t) {
    const size_t place = find_place(book.survivor(id));
    if (place != SIZE_MAX) out[place] = std::min(out[place], t);
  };
  notes_.for_each([&](const EngineNote& note) { sooner(note.row, note.at); });
  if (!claims) return out;
  for (const auto& [id, t] : book.meetings_ahead(clock)) sooner(id, t);
  return out;
}

Micros EngineData::next_stop(uint32_t row) const {
  const EngineMember& member = members[row];
  const bool everyone = member.state.seen && member.epoch != epoch_;
  Micros next = std::min(member.due, everyone ? everyone_at_ : kEndTime);
  notes_.for_each_until(clock, [&](const EngineNote& note) {
    if (book.survivor(note.row) == row) next = std::min(next, note.at);
  });
  return next;
}

Result<std::unique_ptr<EngineData>> EngineData::copy() {
  WipedString bytes;
  const Status status = save([&](std::string_view piece) {
    bytes.append(piece);
    return Status();
  });
  if (!status.ok()) return status;
  Result<std::unique_ptr<EngineData>> out = load(bytes, {}, &policy);
  if (out.ok()) (*out)->freeze();
  return out;
}

Result<std::vector<EngineMove>> EngineData::foresee_on_copy(Micros until, const Control& control) {
  const UnderWay here(under_way);
  Result<std::unique_ptr<EngineData>> other = copy();
  if (!other.ok()) return std::move(other).status();
  if (Status status = (*other)->pass(until, control); !status.ok()) return status;
  return (*other)->moves.since(moves.size());
}

bool EngineData::meets_somebody(uint32_t row) const {
  if (claim_due_ == kEndTime) return false;
  const auto ahead = book.meetings_ahead(clock);
  return std::any_of(ahead.begin(), ahead.end(),
                     [&](const auto& one) { return book.survivor(one.first) == row; });
}

// From one instant at which claims are applied to the next, as long as they bring her together
// with somebody; then time alone is followed.
Result<std::optional<ComingChange>> EngineData::next_on_copy(CustomerId id, size_t classification) {
  Result<std::unique_ptr<EngineData>> other = copy();
  if (!other.ok()) return std::move(other).status();
  EngineData& ahead = **other;
  const PolicyClassificationData& what = policy.data().classifications[classification];
  size_t looked = ahead.moves.size();
  uint32_t row = ahead.find(id);
  while (ahead.meets_somebody(row)) {
    if (Status status = ahead.pass(std::max(ahead.clock, ahead.claim_due_), {}); !status.ok()) {
      return status;
    }
    const uint32_t then = ahead.find(id);
    for (; looked < ahead.moves.size(); ++looked) {
      const EngineMove moved = ahead.moves[looked];
      // Until the claims of that instant she is who she was.
      const bool hers = moved.customer == (moved.at < ahead.clock ? row : then);
      if (!hers || moved.move.classification != static_cast<int>(classification)) continue;
      Transition seen = show(moved);  // its policy is this one
      return std::optional(ComingChange{seen.from, seen.to, seen.at, std::move(seen.because)});
    }
    row = then;
  }
  std::optional<ComingChange> next = ClassExplainer(ahead, row, classification).run().next;
  if (!next) return next;
  // In words of this engine's policy.
  for (std::string_view* one : {&next->from, &next->to}) {
    for (const PolicyClass& of : what.classes) {
      if (of.name == *one) *one = of.name;
    }
  }
  return next;
}

}  // namespace patron::internal
