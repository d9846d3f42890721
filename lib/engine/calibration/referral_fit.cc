#include "lib/engine/calibration/referral_fit.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "lib/base/number_text.h"
#include "lib/engine/calibration/calibration_gather.h"
#include "patron/money.h"

namespace patron::internal {
namespace {

ReferralFacts facts_of(int64_t flags, int64_t value) {
  ReferralFacts out;
  out.bought = (flags & kHasBought) != 0;
  out.repeated = (flags & kHasRepeated) != 0;
  out.due = (flags & kIsDue) != 0;
  out.retained = (flags & kIsRetained) != 0;
  out.value = value;
  return out;
}

ReferralConstants::Group kept(const ReferralGroup& group) {
  return {group.customers,      group.conversion.hits, group.repeat.hits,    group.retention.of,
          group.retention.hits, group.value.mean,      group.value.deviation};
}

std::string percent(double rate) { return number_text(std::nearbyint(rate * 1000) / 10) + " %"; }

std::string rate_text(const char* what, const ReferralRate& a, const ReferralRate& b) {
  if (a.of == 0 || b.of == 0) return {};
  return std::string("; ") + what + " " + percent(a.rate) + " (" + percent(a.low) + " to " +
         percent(a.high) + ") against " + percent(b.rate);
}

std::string text_of(const ReferralComparison& found, const MoneyUnit& money) {
  std::string out = std::to_string(found.referred.customers) + " were referred, " +
                    std::to_string(found.others.customers) + " were not";
  out += rate_text("bought", found.referred.conversion, found.others.conversion);
  out += rate_text("bought again", found.referred.repeat, found.others.repeat);
  out += rate_text("stayed", found.referred.retention, found.others.retention);
  if (found.referred.customers > 0 && found.others.customers > 0) {
    const auto amount = [&](double minor) {
      return format_money(static_cast<int64_t>(std::nearbyint(minor)), money);
    };
    out += "; worth " + amount(found.referred.value.mean) + " against " +
           amount(found.others.value.mean);
  }
  return out;
}

}  // namespace

Result<ReferralConstants> fit_referral(const MoneyUnit& money, const PolicyModel& model,
                                       const CalibrationRoll& referred, const Multiset& others,
                                       std::string* message) {
  ReferralOptions options;
  options.depth = model.depth;
  options.decay = model.decay;
  std::vector<ReferralFacts> mine, theirs;
  for (const RollEntry& one : referred) {
    mine.push_back(facts_of(one.facts[kRollFlags], one.facts[kRollValue]));
  }
  for (size_t i = 0; i < others.size(); ++i) {
    const std::span<const int64_t> row = others.row(i);
    theirs.insert(theirs.end(), static_cast<size_t>(others.count(i)), facts_of(row[0], row[1]));
  }
  const Result<ReferralComparison> groups = referral_compare(mine, theirs, options);
  if (!groups.ok()) return groups.status();
  // The referred, and behind them who brought them and was not referred herself.
  const auto is_referred = [&](const CalibrationId& id) {
    return std::binary_search(referred.begin(), referred.end(), RollEntry{id, {}, {}},
                              [](const RollEntry& a, const RollEntry& b) { return a.id < b.id; });
  };
  std::vector<CalibrationId> roots;
  for (const RollEntry& one : referred) {
    const bool known = (one.facts[kRollFlags] & kReferrerKnown) != 0;
    if (known && !is_referred(one.other)) roots.push_back(one.other);
  }
  std::sort(roots.begin(), roots.end());
  roots.erase(std::unique(roots.begin(), roots.end()), roots.end());
  const auto row_of = [&](const CalibrationId& id) -> int64_t {
    const auto among =
        std::lower_bound(referred.begin(), referred.end(), id,
                         [](const RollEntry& a, const CalibrationId& b) { return a.id < b; });
    if (among != referred.end() && among->id == id) return among - referred.begin();
    return static_cast<int64_t>(referred.size()) +
           (std::lower_bound(roots.begin(), roots.end(), id) - roots.begin());
  };
  std::vector<ReferralNode> nodes(referred.size() + roots.size());
  for (size_t i = 0; i < referred.size(); ++i) {
    const bool known = (referred[i].facts[kRollFlags] & kReferrerKnown) != 0;
    nodes[i] = {known ? row_of(referred[i].other) : -1, mine[i]};
  }
  const Result<std::vector<ReferrerValue>> values = referral_chains(nodes, options);
  if (!values.ok()) return values.status();
  std::vector<std::pair<CalibrationId, ReferrerValue>> found;
  for (size_t i = 0; i < nodes.size(); ++i) {
    if ((*values)[i].referred == 0) continue;
    found.emplace_back(i < referred.size() ? referred[i].id : roots[i - referred.size()],
                       (*values)[i]);
  }
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  ReferralConstants out;
  out.referred = kept(groups->referred);
  out.others = kept(groups->others);
  for (auto& [id, value] : found) {
    out.ids.push_back(std::move(id));
    out.values.push_back(value);
  }
  *message = text_of(*groups, money);
  return out;
}

}  // namespace patron::internal
