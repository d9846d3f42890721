#include "lib/engine/publish.h"

#include <algorithm>
#include <set>

#include "lib/base/nearest.h"
#include "lib/base/utf8.h"
#include "lib/engine/calibration/definitions.h"
#include "lib/engine/settle/tier_rules.h"

namespace patron::internal {
namespace {

using Classifications = std::vector<PolicyClassificationData>;

int place_of(const Classifications& all, std::string_view name) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.seen.name == name; });
  return found == all.end() ? -1 : static_cast<int>(found - all.begin());
}

int place_of(const std::vector<PolicyClass>& all, std::string_view name) {
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const PolicyClass& one) { return one.name == name; });
  return found == all.end() ? kNoClass : static_cast<int>(found - all.begin());
}

Status unknown_classification(const Classifications& all, std::string_view name,
                              const std::string& whose) {
  std::vector<std::string_view> known;
  for (const auto& one : all) known.push_back(one.seen.name);
  return {Code::kColumn, "mapping: " + whose + " has no classification " + quoted(name) +
                             known_names(name, "classifications", known)};
}

Status unknown_class(const PolicyClassificationData& of, std::string_view name,
                     const std::string& whose) {
  const std::vector<std::string_view> known(of.seen.classes.begin(), of.seen.classes.end());
  return {Code::kColumn, "mapping: " + quoted(of.seen.name) + " of " + whose + " has no class " +
                             quoted(name) + known_names(name, "classes", known)};
}

bool is_flags(const PolicyClassificationData& what) {
  return what.seen.kind == ClassificationKind::kFlags;
}
bool is_timeless(const PolicyClassificationData& what) {
  return what.seen.kind == ClassificationKind::kGrid || what.seen.kind == ClassificationKind::kRank;
}
bool has_order(const PolicyClassificationData& what) {
  return what.seen.kind == ClassificationKind::kLadder ||
         what.seen.kind == ClassificationKind::kBands;
}

constexpr const char* kInForce = "the policy in force";
constexpr const char* kPublished = "the one to publish";

// By name, as far as there is the same name.
MatchedClasses match_names(const PolicyData& before, const PolicyData& after,
                           const std::vector<int>& to) {
  MatchedClasses out;
  for (size_t c = 0; c < before.classifications.size(); ++c) {
    const PolicyClassificationData& here = before.classifications[c];
    CarriedClassification one;
    one.to = to[c];
    for (const PolicyClass& each : here.classes) {
      one.classes.push_back(
          one.to < 0
              ? kNoClass
              : place_of(after.classifications[static_cast<size_t>(one.to)].classes, each.name));
    }
    out.carried.push_back(std::move(one));
    out.may_end.emplace_back(here.classes.size(), false);
  }
  return out;
}

// Of each classification what it is there, or -1: by its name, or as the mapping says.
Result<std::vector<int>> match_classifications(const Classifications& here,
                                               const Classifications& there,
                                               const PublishMapping& mapping) {
  std::vector<int> to;
  for (const auto& one : here) to.push_back(place_of(there, one.seen.name));
  std::vector<bool> named(here.size(), false);
  for (const ClassMapping& one : mapping) {
    const int from = place_of(here, one.classification);
    if (from < 0) return unknown_classification(here, one.classification, kInForce);
    const auto at = static_cast<size_t>(from);
    if (named[at]) {
      return Status(Code::kArgument,
                    "mapping: " + quoted(one.classification) + " stands there twice");
    }
    named[at] = true;
    if (one.ends) {
      to[at] = -1;
    } else if (!one.to.empty()) {
      to[at] = place_of(there, one.to);
      if (to[at] < 0) return unknown_classification(there, one.to, kPublished);
    }
  }
  // A set and one class of several are not the same thing.
  for (size_t c = 0; c < here.size(); ++c) {
    if (to[c] >= 0 && is_flags(here[c]) != is_flags(there[static_cast<size_t>(to[c])])) to[c] = -1;
  }
  for (size_t c = 0; c < here.size(); ++c) {
    const auto same = std::find(to.begin(), to.begin() + static_cast<std::ptrdiff_t>(c), to[c]);
    if (to[c] < 0 || same == to.begin() + static_cast<std::ptrdiff_t>(c)) continue;
    return Status(Code::kArgument,
                  "mapping: " + quoted(here[c].seen.name) + " and " +
                      quoted(here[static_cast<size_t>(same - to.begin())].seen.name) +
                      " would both become " + quoted(there[static_cast<size_t>(to[c])].seen.name));
  }
  return to;
}

}  // namespace

Result<MatchedClasses> match_classes(const PolicyData& before, const PolicyData& after,
                                     const PublishMapping& mapping) {
  const Classifications& here = before.classifications;
  const Classifications& there = after.classifications;
  const Result<std::vector<int>> matched = match_classifications(here, there, mapping);
  if (!matched.ok()) return matched.status();
  const std::vector<int>& to = *matched;
  MatchedClasses out = match_names(before, after, to);
  for (const ClassMapping& one : mapping) {
    const auto at = static_cast<size_t>(place_of(here, one.classification));
    if (one.ends) out.may_end[at].assign(here[at].classes.size(), true);
    for (const auto& [from, becomes] : one.classes) {
      const int c = place_of(here[at].classes, from);
      if (c == kNoClass) return unknown_class(here[at], from, kInForce);
      const auto place = static_cast<size_t>(c);
      out.may_end[at][place] = becomes.empty();
      out.carried[at].classes[place] = kNoClass;
      if (becomes.empty() || to[at] < 0) continue;
      const PolicyClassificationData& next = there[static_cast<size_t>(to[at])];
      out.carried[at].classes[place] = place_of(next.classes, becomes);
      if (out.carried[at].classes[place] == kNoClass)
        return unknown_class(next, becomes, kPublished);
    }
    if (!is_flags(here[at])) continue;
    std::set<int> taken;
    for (const int c : out.carried[at].classes) {
      if (c != kNoClass && !taken.insert(c).second) {
        return Status(Code::kArgument,
                      "mapping: two flags of " + quoted(one.classification) + " would become one");
      }
    }
  }
  return out;
}

StateCarrier::StateCarrier(const PolicyData& before, std::span<const MachineName> machines_before,
                           const PolicyData& after, std::span<const MachineName> machines_after,
                           const MatchedClasses& matched)
    : before_(before),
      after_(after),
      names_before_(machines_before),
      names_after_(machines_after),
      matched_(matched) {
  source_.assign(names_after_.size(), -1);
  for (size_t m = 0; m < names_before_.size(); ++m) {
    const CarriedClassification& one =
        matched.carried[static_cast<size_t>(names_before_[m].classification)];
    const int flag = names_before_[m].flag;
    const int wanted = flag < 0 ? -1 : one.classes[static_cast<size_t>(flag)];
    for (size_t to = 0; to < names_after_.size(); ++to) {
      if (one.to < 0 || names_after_[to].classification != one.to) continue;
      if (names_after_[to].flag == wanted) source_[to] = static_cast<int>(m);
    }
  }
  bool same = names_before_.size() == names_after_.size();
  for (size_t m = 0; m < source_.size() && same; ++m) same = source_[m] == static_cast<int>(m);
  same_places_ = same;
  number_classes();
  for (size_t c = 0; c < matched.carried.size() && same; ++c) {
    const PolicyClassificationData& here = before.classifications[c];
    const CarriedClassification& one = matched.carried[c];
    same = one.to == static_cast<int>(c);
    if (!same) break;
    const PolicyClassificationData& there = after.classifications[c];
    const auto moves = [](const auto& of) { return of.cap ? of.cap->moves : 0; };
    same = here.seen.kind == there.seen.kind && here.classes.size() == there.classes.size() &&
           moves(here) == moves(there);
    for (size_t i = 0; i < one.classes.size(); ++i) {
      same = same && one.classes[i] == static_cast<int>(i);
    }
  }
  kept_source_.assign(after.values.size(), -1);
  bool same_kept = before.values.size() == after.values.size();
  bool kept_before = false;
  for (const PolicyValue& value : before.values) {
    kept_before = kept_before || value.on_null == OnNull::kKeep;
  }
  for (size_t i = 0; i < after.values.size(); ++i) {
    const PolicyValue& value = after.values[i];
    if (value.on_null != OnNull::kKeep) continue;
    keeps_ = true;
    for (size_t from = 0; from < before.values.size(); ++from) {
      const PolicyValue& other = before.values[from];
      if (other.tag.name == value.tag.name && other.tag.kind == value.tag.kind &&
          other.on_null == OnNull::kKeep) {
        kept_source_[i] = static_cast<int>(from);
      }
    }
    same_kept = same_kept && kept_source_[i] == static_cast<int>(i) &&
                before.values[i].tag.values == value.tag.values;
  }
  identity_ = same && (kept_before || keeps_ ? kept_before && keeps_ && same_kept : true);
}

// What classes of machines become, in numbers of machines.
void StateCarrier::number_classes() {
  becomes_.resize(names_after_.size());
  for (size_t m = 0; m < names_after_.size(); ++m) {
    if (source_[m] < 0 || names_after_[m].flag >= 0) continue;
    const auto c =
        static_cast<size_t>(names_before_[static_cast<size_t>(source_[m])].classification);
    const CarriedClassification& one = matched_.carried[c];
    for (int i = 0; i < static_cast<int>(one.classes.size()); ++i) {
      const auto here = static_cast<size_t>(document_class(before_.classifications[c], i));
      becomes_[m].push_back(
          document_class(after_.classifications[static_cast<size_t>(one.to)], one.classes[here]));
    }
  }
  for (const MachineName& name : names_before_) {
    const auto c = static_cast<size_t>(name.classification);
    const auto lost = [&](int here) {
      return !has_place(c, here) && !matched_.may_end[c][static_cast<size_t>(here)];
    };
    std::vector<bool>& out = lost_.emplace_back();
    if (name.flag >= 0) {
      out.assign(2, false);
      out[kFlagIn] = lost(name.flag);
      continue;
    }
    for (int i = 0; i < static_cast<int>(matched_.carried[c].classes.size()); ++i) {
      out.push_back(lost(document_class(before_.classifications[c], i)));
    }
  }
}

// The class of a machine there that a class of its source becomes.
int StateCarrier::carried_class(size_t machine, int machine_class) const {
  if (machine_class == kNoClass || names_after_[machine].flag >= 0) return machine_class;
  return becomes_[machine][static_cast<size_t>(machine_class)];
}

TierState StateCarrier::carried_machine(size_t machine, const TierState& state) const {
  const PolicyClassificationData& what =
      after_.classifications[static_cast<size_t>(names_after_[machine].classification)];
  TierState out;
  out.current = carried_class(machine, state.current);
  if (out.current != kNoClass) out.since = state.since;
  if (is_timeless(what)) return out;
  if (out.current != kNoClass) out.false_since = state.false_since;
  if (names_after_[machine].flag >= 0) {
    out.cool_until = state.cool_until;
    return out;
  }
  if (!state.cool_until.empty()) {
    out.cool_until.assign(what.classes.size(), kMinTime);
    for (size_t c = 0; c < state.cool_until.size(); ++c) {
      const int to = carried_class(machine, static_cast<int>(c));
      if (to == kNoClass) continue;
      Micros& until = out.cool_until[static_cast<size_t>(to)];
      until = std::max(until, state.cool_until[c]);
    }
  }
  const auto most = what.cap ? static_cast<size_t>(what.cap->moves) : 0;
  const size_t kept = std::min(most, state.downs.size());
  out.downs = state.downs;
  out.downs.erase(out.downs.begin(), out.downs.end() - kept);
  return out;
}

// The best class ever is at least as good as the one she is in.
ShownClass StateCarrier::carried_shown(size_t machine, const ShownClass& shown) const {
  ShownClass out;
  out.moves = shown.moves;
  out.current = carried_class(machine, shown.current);
  out.unseated = shown.unseated;
  if (shown.said != kAsShown) {
    out.said = static_cast<int16_t>(carried_class(machine, shown.said));
  }
  if (out.current != kNoClass || out.unseated) out.since = shown.since;
  if (names_after_[machine].flag >= 0) {
    out.previous = shown.previous, out.highest = shown.highest;
    return out;
  }
  out.previous = static_cast<int16_t>(carried_class(machine, shown.previous));
  out.highest = static_cast<int16_t>(carried_class(machine, shown.highest));
  const bool better = out.highest == kNoClass || out.highest > out.current;
  if (out.current != kNoClass && better) out.highest = static_cast<int16_t>(out.current);
  return out;
}

bool StateCarrier::has_place(size_t classification, int c) const {
  return matched_.carried[classification].classes[static_cast<size_t>(c)] != kNoClass;
}

StandingOverride StateCarrier::carried_override(const StandingOverride& one) const {
  StandingOverride out = one;
  const CarriedClassification& into = matched_.carried[static_cast<size_t>(one.classification)];
  out.classification = into.to;
  if (one.kind != OverrideKind::kHold) out.to = into.classes[static_cast<size_t>(one.to)];
  out.held.clear();
  if (one.held.empty()) return out;
  out.held.assign(names_after_.size(), kNoClass);
  for (size_t m = 0; m < out.held.size(); ++m) {
    if (source_[m] < 0) continue;
    out.held[m] = carried_class(m, one.held[static_cast<size_t>(source_[m])]);
  }
  return out;
}

bool StateCarrier::is_plain(const CustomerState& state) const {
  if (!same_places_ || keeps_ || !state.kept.empty() || !state.overrides.empty()) return false;
  return std::all_of(state.machines.begin(), state.machines.end(), [](const TierState& one) {
    return one.cool_until.empty() && one.downs.empty();
  });
}

void StateCarrier::renumber(CustomerState& state) const {
  for (size_t m = 0; m < state.machines.size(); ++m) {
    state.machines[m] = carried_machine(m, state.machines[m]);
  }
  for (size_t m = 0; m < state.shown.size(); ++m) {
    state.shown[m] = carried_shown(m, state.shown[m]);
  }
}

CustomerState StateCarrier::operator()(const CustomerState& state) const {
  CustomerState out;
  out.seen = state.seen;
  out.linked = state.linked;
  out.parted = state.parted;
  // Who was settled has a place in each classification, also where there were none before.
  if (state.seen || !state.machines.empty()) out.machines.resize(names_after_.size());
  if (state.seen || !state.shown.empty()) out.shown.resize(names_after_.size());
  if (!state.seats_lost.empty()) out.seats_lost.resize(names_after_.size());
  for (size_t m = 0; m < names_after_.size(); ++m) {
    if (source_[m] < 0) continue;
    const auto from = static_cast<size_t>(source_[m]);
    if (!state.machines.empty()) out.machines[m] = carried_machine(m, state.machines[from]);
    if (!state.seats_lost.empty()) out.seats_lost[m] = state.seats_lost[from];
    if (state.shown.empty()) continue;
    out.shown[m] = carried_shown(m, state.shown[from]);
  }
  for (const StandingOverride& one : state.overrides) {
    const auto c = static_cast<size_t>(one.classification);
    const int to = matched_.carried[c].to;
    if (to < 0) continue;
    if (one.kind != OverrideKind::kHold && !has_place(c, one.to)) continue;
    const bool bound = one.kind == OverrideKind::kFloor || one.kind == OverrideKind::kCeiling;
    if (bound && !has_order(after_.classifications[static_cast<size_t>(to)])) continue;
    out.overrides.push_back(carried_override(one));
  }
  if (state.kept.empty() || !keeps_) return out;
  out.kept.resize(after_.values.size());
  for (size_t i = 0; i < out.kept.size(); ++i) {
    if (kept_source_[i] < 0) continue;
    const MetricValue& kept = state.kept[static_cast<size_t>(kept_source_[i])];
    const std::vector<std::string>& values = after_.values[i].tag.values;
    const auto known = [&](const std::string& text) {
      return values.empty() || std::find(values.begin(), values.end(), text) != values.end();
    };
    const bool text = after_.values[i].tag.kind == Kind::kEnum && kept.cell.known;
    if (text && !known(kept.text)) continue;
    if (!std::all_of(kept.set.begin(), kept.set.end(), known)) continue;
    out.kept[i] = kept;
  }
  return out;
}

StateCarrier::Loss StateCarrier::lost(const CustomerState& state) const {
  const auto of = [&](size_t machine, int machine_class, bool by_override) {
    const MachineName& name = names_before_[machine];
    const auto& what = before_.classifications[static_cast<size_t>(name.classification)];
    return Loss{name.classification,
                name.flag >= 0 ? name.flag : document_class(what, machine_class), by_override,
                false};
  };
  for (size_t m = 0; m < state.machines.size(); ++m) {
    if (is_lost(m, state.machines[m].current)) return of(m, state.machines[m].current, false);
  }
  for (size_t m = 0; m < state.shown.size(); ++m) {
    if (is_lost(m, state.shown[m].current)) return of(m, state.shown[m].current, false);
  }
  for (const StandingOverride& one : state.overrides) {
    const auto c = static_cast<size_t>(one.classification);
    for (size_t m = 0; m < one.held.size(); ++m) {
      if (is_lost(m, one.held[m])) return of(m, one.held[m], true);
    }
    if (one.kind == OverrideKind::kHold) continue;
    if (!has_place(c, one.to) && !matched_.may_end[c][static_cast<size_t>(one.to)]) {
      return {one.classification, one.to, true, false};
    }
    const int to = matched_.carried[c].to;
    const bool bound = one.kind == OverrideKind::kFloor || one.kind == OverrideKind::kCeiling;
    if (bound && to >= 0 && !has_order(after_.classifications[static_cast<size_t>(to)])) {
      return {one.classification, one.to, true, true};
    }
  }
  return {};
}

std::shared_ptr<const CalibrationData> carried_constants(
    const PolicyData& before, const PolicyData& after,
    const std::shared_ptr<const CalibrationData>& constants) {
  if (constants->number == 0) return constants;
  auto out = std::make_shared<CalibrationData>(*constants);
  out->policy = after.hash;
  const Definitions here(before), there(after);
  for (auto it = out->models.begin(); it != out->models.end();) {
    it = here.of(it->first) == there.of(it->first) ? std::next(it) : out->models.erase(it);
  }
  return out;
}

}  // namespace patron::internal
