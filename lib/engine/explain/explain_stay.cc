// What keeps a class that time alone would take: of the conditions under which she has it the least
// that is missing at the instant at which she loses it, proved on copies of the customer
// (docs/explain.md).
#include <algorithm>
#include <utility>

#include "lib/engine/explain/explain.h"

namespace patron::internal {
namespace {

constexpr size_t kMostStopsToStay = 1'000;  // instants at which a copy is settled on its way

}  // namespace

// Where her coming change is one of those that were followed, and her own values decide it.
void ClassExplainer::name_stay() {
  if (!out_.next) return;
  const auto stop = std::find_if(stops_.begin(), stops_.end(),
                                 [this](const Stop& one) { return one.at == out_.next->at; });
  if (stop == stops_.end()) return;
  const bool flags = what_.seen.kind == ClassificationKind::kFlags;
  for (const SettleParts::Machine& machine : parts_.machines[index_]) {
    const int had = state_.machines[machine.state].current;
    const int then = stop->classes[machine.state];
    if (had == kNoClass || stop->before.machines[machine.state].current != had) continue;
    if (then != kNoClass && then <= had) continue;
    const int place = flags ? parts_.names[machine.state].flag : document_class(what_, had);
    const PolicyClass& one = what_.classes[static_cast<size_t>(place)];
    if (one.name == out_.next->from) return keep(machine.state, had, place, *stop);
  }
}

// Its conditions under the values of the instant at which she loses it.
void ClassExplainer::keep(size_t machine, int had, int place, const Stop& stop) {
  const size_t leaves = leaves_.size(), trees = trees_.size();
  const std::vector<Cell> cells = parts_.cells;
  const Micros clock = std::exchange(now_, stop.at);
  trial_ = stop.before;
  data_.settler.try_move(row_, trial_, stop.at);
  const PolicyClass& one = what_.classes[static_cast<size_t>(place)];
  std::vector<int> conditions;
  if (what_.seen.kind == ClassificationKind::kBands) {
    if (place > 0) {
      const double cut = what_.cuts[static_cast<size_t>(place) - 1];
      conditions.push_back(cut_tree(parts_.value_index(what_.of), cut, one.name));
    }
  } else {
    if (one.keep) conditions.push_back(tree_of(*one.keep, one.name, "keep", 0));
    if (one.enter) conditions.push_back(tree_of(*one.enter, one.name, "enter", 0));
  }
  now_ = clock;
  for (const int condition : conditions) {
    if (out_.to_stay || whole(condition, truths_now()) == Kleene::kTrue) continue;
    std::vector<size_t> of;
    collect_leaves(condition, of);
    std::sort(of.begin(), of.end());
    of.erase(std::unique(of.begin(), of.end()), of.end());
    if (of.size() > kMostLeaves) continue;
    const std::vector<std::vector<Change>> sets = smallest(condition, of);
    for (size_t i = 0; i < sets.size() && i < kMostTries && !out_.to_stay; ++i) {
      Proposal proposal{sets[i], {}};
      if (!prove_stay(proposal, machine, had, stop)) continue;
      BetterClass& stay = out_.to_stay.emplace();
      stay.name = one.name;
      stay.label = one.label;
      stay.how = Attainable::kByFacts;
      stay.before = std::max(stop.at, now_ + 1);  // facts at the clock come before it is settled
      for (size_t k = 0; k < proposal.changes.size(); ++k) {
        stay.missing.push_back(missing_of(proposal.changes[k], proposal.facts[k]));
      }
    }
  }
  leaves_.erase(leaves_.begin() + static_cast<std::ptrdiff_t>(leaves), leaves_.end());
  trees_.erase(trees_.begin() + static_cast<std::ptrdiff_t>(trees), trees_.end());
  parts_.cells = cells;
}

// As prove(): each condition by facts, as few of them as are enough.
bool ClassExplainer::prove_stay(Proposal& proposal, size_t machine, int had, const Stop& stop) {
  for (const Change& change : proposal.changes) {
    proposal.facts.push_back(facts_for(change));
    if (!proposal.facts.back()) return false;
  }
  if (!stays(proposal, machine, had, stop)) return false;
  for (std::optional<Facts>& facts : proposal.facts) {
    if (proposal.changes.size() == 1) break;
    std::optional<Facts> kept;
    std::swap(kept, facts);
    if (!stays(proposal, machine, had, stop)) std::swap(kept, facts);
  }
  return true;
}

// Whether she has the class at that instant, with the facts at the clock and with the same facts
// right before it.
bool ClassExplainer::stays(const Proposal& proposal, size_t machine, int had, const Stop& stop) {
  const auto has = [&](const CustomerState& state) {
    const int current = state.machines[machine].current;
    return current != kNoClass && current <= had;
  };
  if (stop.at - 1 > now_) {
    if (!suppose(proposal, stop.at - 1)) return false;
    trial_ = stop.before;
    data_.settler.try_move(row_, trial_, stop.at - 1);
    data_.settler.try_move(row_, trial_, stop.at);
    supposed_.withdraw();
    if (!has(trial_)) return false;
  }
  if (!suppose(proposal, now_)) return false;
  trial_ = state_;
  bool kept = false;
  Micros t = now_, waits = t;
  for (size_t i = 0; i < kMostStopsToStay; ++i) {
    const Micros next = data_.settler.follow(row_, trial_, t, t < waits).next;
    if (!has(trial_)) break;
    kept = t == stop.at;
    if (kept) break;
    if (t >= waits) waits = waiting_after(t);
    t = std::min({next, waits, stop.at});
  }
  supposed_.withdraw();
  return kept;
}

}  // namespace patron::internal
