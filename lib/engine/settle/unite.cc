#include "lib/engine/settle/unite.h"

#include <algorithm>
#include <functional>

#include "lib/engine/settle/tier_rules.h"

namespace patron::internal {
namespace {

// Whether the other's class is taken.
bool takes_other(ClassificationKind kind, const TierState& mine, const TierState& hers) {
  if (hers.current == kNoClass) return false;
  if (mine.current == kNoClass) return true;
  const bool best = kind == ClassificationKind::kLadder || kind == ClassificationKind::kFlags;
  return best && hers.current < mine.current;
}

TierState unite_machine(const PolicyClassificationData& what, const TierState& mine,
                        const TierState& hers) {
  const bool other = takes_other(what.seen.kind, mine, hers);
  TierState out = other ? hers : mine;
  const TierState& from = other ? mine : hers;
  if (out.cool_until.empty()) {
    out.cool_until = from.cool_until;
  } else {
    for (size_t c = 0; c < from.cool_until.size(); ++c) {
      out.cool_until[c] = std::max(out.cool_until[c], from.cool_until[c]);
    }
  }
  for (const Micros down : from.downs) out.downs.push_back(down);
  std::sort(out.downs.begin(), out.downs.end());
  const auto most = what.cap ? static_cast<size_t>(what.cap->moves) : 0;
  if (out.downs.size() > most) {
    out.downs.erase(out.downs.begin(), out.downs.end() - most);
  }
  return out;
}

}  // namespace

void wipe(CustomerState& state) {
  for (MetricValue& kept : state.kept) {
    std::fill(kept.text.begin(), kept.text.end(), '\0');
    for (std::string& member : kept.set) std::fill(member.begin(), member.end(), '\0');
  }
  for (StandingOverride& one : state.overrides) {
    std::fill(one.reason.begin(), one.reason.end(), '\0');
    std::fill(one.author.begin(), one.author.end(), '\0');
  }
  state = CustomerState();
}

CustomerState unite(const PolicyData& policy, std::span<const MachineName> machines,
                    const CustomerState& survivor, const CustomerState& other) {
  CustomerState out = survivor;
  const TierState none;
  out.linked = survivor.linked || other.linked;
  out.machines.resize(std::max(out.machines.size(), other.machines.size()));
  for (size_t m = 0; m < out.machines.size(); ++m) {
    const auto classification = static_cast<size_t>(machines[m].classification);
    const TierState& hers = m < other.machines.size() ? other.machines[m] : none;
    const PolicyClassificationData& what = policy.classifications[classification];
    out.linked = out.linked || takes_other(what.seen.kind, out.machines[m], hers);
    out.machines[m] = unite_machine(what, out.machines[m], hers);
  }
  out.seen = survivor.seen || other.seen;
  out.kept.resize(std::max(out.kept.size(), other.kept.size()));
  for (size_t i = 0; i < other.kept.size(); ++i) {
    if (!out.kept[i].known()) out.kept[i] = other.kept[i];
  }
  for (const StandingOverride& one : other.overrides) {
    const auto same = [&](const StandingOverride& mine) {
      return mine.kind == one.kind && mine.classification == one.classification && !mine.removed;
    };
    if (std::none_of(survivor.overrides.begin(), survivor.overrides.end(), same)) {
      out.overrides.push_back(one);
    }
  }
  return out;
}

}  // namespace patron::internal
