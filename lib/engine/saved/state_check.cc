#include "lib/engine/saved/state_check.h"

#include <algorithm>
#include <cmath>

#include "lib/engine/settle/tier_rules.h"

namespace patron::internal {
namespace {

bool is_time(Micros t) { return t >= kMinTime && t <= kEndTime; }
bool is_time(const std::optional<Micros>& t) { return !t || is_time(*t); }

bool are_times(std::span<const Micros> times) {
  return std::all_of(times.begin(), times.end(), [](Micros t) { return is_time(t); });
}

bool in_range(int value, size_t count) { return value >= 0 && static_cast<size_t>(value) < count; }
bool is_class(int c, size_t classes) { return c == kNoClass || in_range(c, classes); }

bool sized(size_t size, size_t whole) { return size == 0 || size == whole; }

bool is_one_of(const std::string& text, const std::vector<std::string>& values) {
  return values.empty() || std::find(values.begin(), values.end(), text) != values.end();
}

}  // namespace

StateCheck::StateCheck(std::span<const PolicyVersion> versions, const Settler& settler,
                       const Book& book)
    : versions_(versions),
      policy_(versions.back().policy.data()),
      machines_(settler.machines()),
      book_(book) {
  for (const PolicyVersion& version : versions) {
    std::vector<size_t>& sizes = classes_.emplace_back();
    for (const PolicyClassificationData& one : version.policy.data().classifications) {
      sizes.push_back(one.classes.size());
    }
  }
}

bool StateCheck::there(uint32_t row) const {
  return row < book_.customers() && !book_.state().ids->erased(row);
}

bool StateCheck::class_of_machine(size_t m, int c) const {
  if (machines_[m].flag >= 0) return is_class(c, 2);
  const auto which = static_cast<size_t>(machines_[m].classification);
  return is_class(c, policy_.classifications[which].classes.size());
}

const char* StateCheck::machine(size_t m, const TierState& state) const {
  const auto& what = policy_.classifications[static_cast<size_t>(machines_[m].classification)];
  const bool timeless =
      what.seen.kind == ClassificationKind::kGrid || what.seen.kind == ClassificationKind::kRank;
  const size_t classes = machines_[m].flag >= 0 ? 2 : timeless ? 0 : what.classes.size();
  const size_t downs = what.cap ? static_cast<size_t>(what.cap->moves) : 0;
  if (!class_of_machine(m, state.current)) return "a class that is none";
  if (!sized(state.cool_until.size(), classes) || state.downs.size() > downs) {
    return "timers that belong to no class";
  }
  if (!is_time(state.since) || !is_time(state.false_since) || !are_times(state.cool_until) ||
      !are_times(state.downs) || !std::is_sorted(state.downs.begin(), state.downs.end())) {
    return "a timer that is none";
  }
  return nullptr;
}

const char* StateCheck::override_of(const StandingOverride& one) const {
  if (!in_range(one.classification, policy_.classifications.size())) {
    return "an override of a classification that is none";
  }
  const auto& what = policy_.classifications[static_cast<size_t>(one.classification)];
  if (one.kind != OverrideKind::kHold && !in_range(one.to, what.classes.size())) {
    return "an override to a class that is none";
  }
  if (!is_time(one.at) || !is_time(one.until) || !sized(one.held.size(), machines_.size())) {
    return "an override that cannot be";
  }
  for (size_t m = 0; m < one.held.size(); ++m) {
    if (!class_of_machine(m, one.held[m])) return "a held class that is none";
  }
  return nullptr;
}

const char* StateCheck::kept(size_t i, const MetricValue& value) const {
  const PolicyValue& of = policy_.values[i];
  const char* const wrong = "a kept value that its tag cannot have";
  if (!is_time(value.next_change) && value.next_change != TimeRange::kNever) return wrong;
  if (!is_time(value.as_of) || (value.is_set && of.tag.kind != Kind::kEnumSet)) return wrong;
  for (const std::string& member : value.set) {
    if (!is_one_of(member, of.tag.values)) return wrong;
  }
  if (!value.cell.known) return nullptr;
  const int64_t cell = value.cell.integer;
  switch (of.tag.kind) {
    case Kind::kBool:
      return cell == 0 || cell == 1 ? nullptr : wrong;
    case Kind::kDouble:
      return std::isfinite(value.cell.number) ? nullptr : wrong;
    case Kind::kEnum:
      return is_one_of(value.text, of.tag.values) ? nullptr : wrong;
    case Kind::kDate:
      return is_time(cell < 0 ? std::max<int64_t>(cell, -1'000'000) * kMicrosPerDay
                              : std::min<int64_t>(cell, 10'000'000) * kMicrosPerDay)
                 ? nullptr
                 : wrong;
    case Kind::kTimestamp:
      return is_time(cell) ? nullptr : wrong;
    default:
      return cell == INT64_MIN ? wrong : nullptr;
  }
}

const char* StateCheck::state(const CustomerState& state) const {
  const size_t machines = machines_.size();
  if (!sized(state.machines.size(), machines) || !sized(state.seats_lost.size(), machines) ||
      !sized(state.shown.size(), machines) || !sized(state.kept.size(), policy_.values.size())) {
    return "a customer of another policy";
  }
  if (state.seen && state.machines.size() != machines) return "a customer without classes";
  for (size_t m = 0; m < state.machines.size(); ++m) {
    if (const char* wrong = machine(m, state.machines[m]); wrong != nullptr) return wrong;
  }
  for (size_t m = 0; m < state.shown.size(); ++m) {
    const ShownClass& shown = state.shown[m];
    if (!class_of_machine(m, shown.current) || !class_of_machine(m, shown.previous) ||
        !class_of_machine(m, shown.highest) || shown.moves < 0 || !is_time(shown.since) ||
        (shown.said != kAsShown && !class_of_machine(m, shown.said)) ||
        (shown.unseated && shown.said == kAsShown)) {
      return "a class that is none";
    }
  }
  for (const StandingOverride& one : state.overrides) {
    if (const char* wrong = override_of(one); wrong != nullptr) return wrong;
  }
  for (size_t i = 0; i < state.kept.size(); ++i) {
    if (const char* wrong = kept(i, state.kept[i]); wrong != nullptr) return wrong;
  }
  return nullptr;
}

const char* StateCheck::member(uint32_t row, const EngineMember& member) const {
  if (const char* wrong = state(member.state); wrong != nullptr) return wrong;
  if (!is_time(member.due)) return "an instant that is none";
  const bool stands = there(row) && book_.survivor(row) == row;
  const bool settled = member.state.seen || member.due < kEndTime;
  return settled && !stands ? "a customer who is settled and does not stand for herself" : nullptr;
}

const char* StateCheck::move(const EngineMove& move) const {
  if (move.policy < 1 || static_cast<size_t>(move.policy) > versions_.size()) {
    return "a transition under a policy that is none";
  }
  if (move.customer == kNoCustomer) return nullptr;
  if (!there(move.customer)) return "a transition of a customer who is not there";
  const std::vector<size_t>& all = classes_[static_cast<size_t>(move.policy - 1)];
  if (!in_range(move.move.classification, all.size())) return "a transition of no classification";
  const size_t classes = all[static_cast<size_t>(move.move.classification)];
  if (!is_class(move.move.from, classes) || !is_class(move.move.to, classes)) {
    return "a transition between classes that are none";
  }
  return is_time(move.at) && is_time(move.fact_time) ? nullptr
                                                     : "a transition at an instant that is none";
}

const char* StateCheck::note(const EngineNote& note) const {
  if (!there(note.row)) return "what waits for a customer who is not there";
  const bool sound = is_time(note.at) && note.at < kEndTime && is_time(note.fact_time) &&
                     !note.done && !(note.fact && note.merge);
  return sound ? nullptr : "what waits for an instant that is none";
}

const char* StateCheck::link(const FrozenLink& link) const {
  for (const FrozenSide& side : link.sides) {
    if (!there(side.end) || side.row >= book_.customers()) {
      return "a link of a customer who is not there";
    }
    // Who stood for her may be somebody else's by now; then it is of no use any more.
    if (link.settlings && book_.survivor(side.row) != book_.survivor(side.end)) {
      return "a link that is not made";
    }
    if (!is_time(side.due)) return "an instant that is none";
    if (const char* wrong = state(side.state); wrong != nullptr) return wrong;
  }
  return nullptr;
}

const char* StateCheck::meeting(const EngineMeeting& meeting) const {
  if (meeting.policy < 1 || static_cast<size_t>(meeting.policy) > versions_.size()) {
    return "a meeting under a policy that is none";
  }
  const PolicyData& policy = versions_[static_cast<size_t>(meeting.policy - 1)].policy.data();
  const size_t keys = policy.identity_keys.size();
  const BookKeyLink& link = meeting.link;
  if (!in_range(link.key, keys) || (!link.done && !in_range(link.stronger, keys))) {
    return "a meeting by a key that is none";
  }
  return there(link.first) && there(link.second) && is_time(meeting.at)
             ? nullptr
             : "a meeting of customers who are not there";
}

const char* check_carried(const PolicyData& before, const PolicyData& after,
                          std::span<const CarriedClassification> carried) {
  const char* const wrong = "classes that cannot have gone on so";
  if (carried.size() != before.classifications.size()) return wrong;
  std::vector<bool> taken(after.classifications.size(), false);
  for (size_t c = 0; c < carried.size(); ++c) {
    const CarriedClassification& one = carried[c];
    if (one.classes.size() != before.classifications[c].classes.size()) return wrong;
    if (!is_class(one.to, after.classifications.size())) return wrong;
    const bool ended = one.to < 0;
    if (!ended && taken[static_cast<size_t>(one.to)]) return wrong;
    if (!ended) taken[static_cast<size_t>(one.to)] = true;
    const size_t classes =
        ended ? 0 : after.classifications[static_cast<size_t>(one.to)].classes.size();
    for (const int to : one.classes) {
      if (!is_class(to, classes)) return wrong;
    }
  }
  return nullptr;
}

}  // namespace patron::internal
