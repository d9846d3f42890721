// The least that is missing for a better class: found among the conditions, realised as facts at
// the clock, and proved on a copy of the customer (docs/explain.md).
#include <algorithm>
#include <cmath>
#include <utility>

#include "lib/engine/explain/explain.h"
#include "lib/engine/settle/decision.h"
#include "lib/engine/settle/tier_rules.h"
#include "lib/engine/settle/tier_steps.h"

namespace patron::internal {

// -- Sets of conditions --------------------------------------------------------------------------

void ClassExplainer::choose(int tree, std::span<const size_t> leaves, std::vector<Kleene>& truths,
                            size_t from, size_t left, std::vector<Change>& chosen,
                            std::vector<std::vector<Change>>& found) const {
  if (left == 0) {
    if (whole(tree, truths) == Kleene::kTrue) found.push_back(chosen);
    return;
  }
  for (size_t i = from; i + left <= leaves.size(); ++i) {
    const Kleene now = leaves_[leaves[i]].now;
    for (const Kleene wanted : {Kleene::kTrue, Kleene::kFalse}) {
      if (now == wanted) continue;
      truths[leaves[i]] = wanted;
      chosen.push_back({leaves[i], wanted == Kleene::kTrue});
      choose(tree, leaves, truths, i + 1, left - 1, chosen, found);
      chosen.pop_back();
    }
    truths[leaves[i]] = now;
  }
}

double ClassExplainer::cost(const std::vector<Change>& changes) const {
  double sum = 0;
  for (const Change& change : changes) {
    const Leaf& leaf = leaves_[change.leaf];
    if (!leaf.reason.distance) {
      sum += 1;
      continue;
    }
    double scale = std::abs(leaf.threshold.known && leaf.threshold.number != 0
                                ? leaf.threshold.number
                                : static_cast<double>(leaf.threshold.integer));
    const PolicyValue* value =
        leaf.value < policy_.values.size() ? &policy_.values[leaf.value] : nullptr;
    for (int i = 0; value != nullptr && value->tag.kind == Kind::kMoney && i < value->unit.scale;
         ++i) {
      scale /= 10;
    }
    sum += std::abs(*leaf.reason.distance) / std::max(scale, 1.0);
  }
  return sum;
}

// Sets by growing size, those of one size by their relative distances; at first of the first size
// at which there are some.
std::vector<std::vector<ClassExplainer::Change>> ClassExplainer::smallest(
    int tree, std::span<const size_t> leaves) const {
  std::vector<Kleene> truths = truths_now();
  std::vector<std::vector<Change>> all;
  std::vector<Change> chosen;
  for (size_t size = 1; size <= leaves.size() && all.empty(); ++size) {
    choose(tree, leaves, truths, 0, size, chosen, all);
  }
  if (all.size() < 2) return all;
  std::stable_sort(all.begin(), all.end(),
                   [this](const auto& a, const auto& b) { return cost(a) < cost(b); });
  return all;
}

// -- Proofs --------------------------------------------------------------------------------------

// The facts of a proposal at an instant, seen until they are withdrawn; false where they cannot be.
bool ClassExplainer::suppose(const Proposal& proposal, Micros t) {
  supposed_.clear();
  for (const std::optional<Facts>& facts : proposal.facts) {
    if (!facts) continue;
    const bool added = facts->attribute
                           ? supposed_.attribute(facts->number, t, facts->cells.front().second)
                           : supposed_.events(facts->number, t, facts->count, facts->cells);
    if (!added) return false;
  }
  supposed_.apply();
  return true;
}

bool ClassExplainer::reaches(const Proposal& proposal, const CustomerState& from, Micros t,
                             size_t machine, int machine_class) {
  if (!suppose(proposal, t)) return false;
  trial_ = from;
  data_.settler.try_move(row_, trial_, t);
  supposed_.withdraw();
  const int now = trial_.machines[machine].current;
  return now != kNoClass && now <= machine_class;
}

// Realises each condition of the set by facts, as few of them as are enough.
bool ClassExplainer::prove(Proposal& proposal, size_t machine, int machine_class) {
  proposal.facts.reserve(proposal.changes.size());
  for (const Change& change : proposal.changes) {
    proposal.facts.push_back(facts_for(change));
    if (!proposal.facts.back()) return false;
  }
  if (!reaches(proposal, state_, now_, machine, machine_class)) return false;
  for (std::optional<Facts>& facts : proposal.facts) {
    if (proposal.changes.size() == 1) break;
    std::optional<Facts> kept;
    std::swap(kept, facts);
    if (!reaches(proposal, state_, now_, machine, machine_class)) std::swap(kept, facts);
  }
  return true;
}

// The first instant at which the same facts are not enough any more.
void ClassExplainer::find_end(const Proposal& proposal, size_t machine, int machine_class,
                              BetterClass& out) {
  for (size_t i = 0; i < stops_.size(); ++i) {
    const Stop& stop = stops_[i];
    bool enough = reaches(proposal, stop.before, stop.at, machine, machine_class);
    // Where she has changed a class by then, she may not be let in again, or what counted since she
    // entered it counts no more.
    bool moved = false;
    for (size_t m = 0; m < stop.classes.size(); ++m) {
      moved = moved || stop.before.machines[m].current != stop.classes[m];
    }
    if (enough && moved) {
      const CustomerState& after = i + 1 < stops_.size() ? stops_[i + 1].before : last_;
      enough = reaches(proposal, after, stop.at, machine, machine_class);
    }
    if (enough) continue;
    out.before = std::max(stop.at, now_ + 1);  // they were enough at now_
    return;
  }
}

// Until when the class takes nobody like her, whatever her facts are.
Micros ClassExplainer::blocked_until(const SettleParts::Machine& machine, int machine_class) const {
  const TierState& own = state_.machines[machine.state];
  if (own.current == kNoClass) return kMinTime;
  return std::max(tier_steps::cooled(own, machine_class),
                  tier_steps::cap_ends(machine.rules, own, calendar_));
}

void ClassExplainer::name_blocked(const SettleParts::Machine& machine, int machine_class,
                                  BetterClass& out) const {
  const Micros until = blocked_until(machine, machine_class);
  const bool bounded = out.how == Attainable::kNotBefore;
  if ((out.how != Attainable::kNotDecided && !bounded) || until <= now_) return;
  if (until == kEndTime) {
    out.how = Attainable::kNotAttainable;
    out.at.reset();
    return;
  }
  out.how = Attainable::kNotBefore;
  out.at = bounded ? std::max(*out.at, until) : until;
}

// What no fact brings: the first instant at which time has brought each of them.
void ClassExplainer::by_time(const std::vector<Change>& changes, size_t machine, int machine_class,
                             BetterClass& out) {
  for (const Stop& stop : stops_) {
    const int now = stop.classes[machine];
    if (now == kNoClass || now > machine_class) continue;
    out.how = Attainable::kByTime;
    out.at = stop.at;
    return;
  }
  std::optional<Micros> latest;
  bool sure = true, never = false;
  for (size_t i = 0; i < changes.size(); ++i) {
    const Leaf& leaf = leaves_[changes[i].leaf];
    const Lever lever = changes[i].wanted ? leaf.up : leaf.down;
    sure = sure && lever != Lever::kUnsure;
    if (lever != Lever::kNone) continue;
    follow_leaves();
    const Kleene wanted = changes[i].wanted ? Kleene::kTrue : Kleene::kFalse;
    const auto stop = std::find_if(stops_.begin(), stops_.end(), [&](const Stop& one) {
      return one.leaves[changes[i].leaf] == wanted;
    });
    if (stop == stops_.end()) {
      never = true;
      continue;
    }
    out.missing[i].not_before = stop->at;
    latest = std::max(latest.value_or(stop->at), stop->at);
  }
  if (never) {
    out.how = sure && out_.looked_until == kEndTime ? Attainable::kNotAttainable
                                                    : Attainable::kNotDecided;
  } else if (latest) {
    out.how = Attainable::kNotBefore;
    out.at = latest;
  }
}

void ClassExplainer::bring(const SettleParts::Machine& of, int machine_class, int tree,
                           BetterClass& out) {
  const size_t machine = of.state;
  std::vector<size_t> leaves;
  leaves.reserve(leaves_.size());
  collect_leaves(tree, leaves);
  std::sort(leaves.begin(), leaves.end());
  leaves.erase(std::unique(leaves.begin(), leaves.end()), leaves.end());
  const Kleene now = whole(tree, truths_now());
  // It would take her, and something holds her back.
  if (now == Kleene::kTrue) {
    by_time({}, machine, machine_class, out);
    return name_blocked(of, machine_class, out);
  }
  const bool decided = leaves.size() <= kMostLeaves;
  const std::vector<std::vector<Change>> sets =
      decided ? smallest(tree, leaves) : std::vector<std::vector<Change>>();
  for (size_t i = 0; i < sets.size() && i < kMostTries; ++i) {
    Proposal proposal{sets[i], {}};
    if (!prove(proposal, machine, machine_class)) continue;
    out.how = Attainable::kByFacts;
    out.missing.reserve(proposal.changes.size());
    for (size_t k = 0; k < proposal.changes.size(); ++k) {
      out.missing.push_back(missing_of(proposal.changes[k], proposal.facts[k]));
    }
    find_end(proposal, machine, machine_class, out);
    return;
  }
  if (sets.empty()) {
    for (const size_t leaf : leaves) {
      if (leaves_[leaf].now != Kleene::kTrue) out.missing.push_back(missing_of({leaf, true}, {}));
    }
    by_time({}, machine, machine_class, out);
    return name_blocked(of, machine_class, out);
  }
  // The set of which most can be had.
  const auto open = [this](const std::vector<Change>& set) {
    return std::count_if(set.begin(), set.end(), [this](const Change& change) {
      return (change.wanted ? leaves_[change.leaf].up : leaves_[change.leaf].down) == Lever::kNone;
    });
  };
  const auto best = std::min_element(
      sets.begin(), sets.end(), [&](const auto& a, const auto& b) { return open(a) < open(b); });
  for (const Change& change : *best) out.missing.push_back(missing_of(change, {}));
  by_time(*best, machine, machine_class, out);
  if (out.how == Attainable::kNotBefore && sets.size() > 1) {
    out.how = Attainable::kNotDecided;
    out.at.reset();
  }
  name_blocked(of, machine_class, out);
}

}  // namespace patron::internal
