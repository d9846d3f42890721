#include "lib/engine/calibration/rank_fit.h"

#include <algorithm>
#include <limits>
#include <string_view>
#include <utility>

#include "lib/engine/calibration/calibration_gather.h"
#include "lib/engine/calibration/drift.h"
#include "patron/rank.h"

namespace patron::internal {
namespace {

constexpr int64_t kNobody = std::numeric_limits<int64_t>::max();

// How many are in the classes up to each, from the top, by shares or by percents.
Result<std::vector<int64_t>> reached(const std::vector<int64_t>& keys, bool doubles,
                                     const RankOptions& options) {
  TableBuilder builder;
  // Refunds can make a sum negative; it adds nothing to a total that is shared out.
  const bool shares = !options.shares.empty();
  if (doubles) {
    std::vector<double> values;
    values.reserve(keys.size());
    for (const int64_t key : keys) {
      const double value = from_order_key(key);
      values.push_back(shares ? std::max(0.0, value) : value);
    }
    builder.doubles("value", std::move(values));
  } else {
    std::vector<int64_t> values = keys;
    for (int64_t& value : values) value = shares ? std::max<int64_t>(0, value) : value;
    builder.int64("value", std::move(values));
  }
  Result<Table> table = builder.finish();
  if (!table.ok()) return table.status();
  const Result<RankResult> ranked = rank(*table, "value", options);
  if (!ranked.ok()) return ranked.status();
  std::vector<int64_t> out;
  int64_t all = 0;
  for (size_t c = 0; c + 1 < ranked->members.size(); ++c) out.push_back(all += ranked->members[c]);
  return out;
}

// The cuts of the classes that have this kind of limit.
template <typename Limit>
Status cut(const PolicyClassificationData& rank, const std::vector<int64_t>& keys, Limit limit,
           std::vector<double> RankOptions::*list, RankConstants& out) {
  RankOptions options;
  for (const PolicyClass& one : rank.classes) {
    if (limit(one)) (options.*list).push_back(*limit(one));
  }
  if ((options.*list).empty()) return {};
  const Result<std::vector<int64_t>> members = reached(keys, out.doubles, options);
  if (!members.ok()) return members.status();
  size_t next = 0;
  for (size_t c = 0; c < rank.classes.size(); ++c) {
    if (!limit(rank.classes[c])) continue;
    const auto inside = static_cast<size_t>((*members)[next++]);
    if (inside > 0) out.classes[c].cut = keys[keys.size() - inside];  // keys ascend
  }
  return {};
}

// Who gets the seats of a class: `open` are those without one, the highest value first.
void seat(int index, int64_t seats, std::vector<const RollEntry*>& open,
          WipedVector<CalibrationId>& out) {
  // Those with a claim to it, the strongest first, then all who may have one.
  std::vector<const RollEntry*> order;
  std::vector<size_t> ends;
  for (const int64_t claim : {kPinned | index, int64_t{index}}) {
    std::copy_if(open.begin(), open.end(), std::back_inserter(order),
                 [claim](const RollEntry* one) { return one->facts[kRollClaim] == claim; });
    ends.push_back(order.size());
  }
  std::copy_if(open.begin(), open.end(), std::back_inserter(order), [index](const RollEntry* one) {
    return one->facts[kRollClaim] < kPinned && one->facts[kRollClaim] != index;
  });
  ends.push_back(order.size());
  size_t taken = ends.front();
  for (size_t end = taken; taken < order.size(); taken = end) {
    const size_t part = *std::upper_bound(ends.begin(), ends.end(), taken);
    while (end < part && order[end]->facts[kRollKey] == order[taken]->facts[kRollKey]) ++end;
    if (end > static_cast<size_t>(seats)) break;
  }
  for (size_t i = 0; i < taken; ++i) out.push_back(order[i]->id);
  std::sort(out.begin(), out.end());
  std::erase_if(open, [&](const RollEntry* one) {
    return std::binary_search(out.begin(), out.end(), one->id);
  });
}

}  // namespace

std::vector<int64_t> rank_bins(const PolicyClassificationData& rank, const RankConstants& found) {
  std::vector<int64_t> cuts;
  for (size_t c = rank.classes.size(); c-- > 0;) {
    const PolicyClass& one = rank.classes[c];
    if (!one.share && !one.top_percent) continue;
    const std::optional<int64_t>& at = found.classes[c].cut;
    cuts.push_back(at ? *at - (*at > std::numeric_limits<int64_t>::min() ? 1 : 0) : kNobody);
  }
  std::sort(cuts.begin(), cuts.end());
  return cuts;
}

Result<RankConstants> fit_rank(const PolicyClassificationData& rank, const Multiset& keys,
                               const CalibrationRoll& roll, bool doubles) {
  RankConstants out;
  out.doubles = doubles;
  out.classes.resize(rank.classes.size());
  const std::vector<int64_t> values = keys.values();
  Status status = cut(
      rank, values, [](const PolicyClass& one) { return one.share; }, &RankOptions::shares, out);
  if (status.ok()) {
    status = cut(
        rank, values, [](const PolicyClass& one) { return one.top_percent; },
        &RankOptions::top_percents, out);
  }
  if (!status.ok()) return status;
  std::vector<const RollEntry*> open;
  open.reserve(roll.size());
  for (const RollEntry& entry : roll) open.push_back(&entry);
  std::stable_sort(open.begin(), open.end(), [](const RollEntry* a, const RollEntry* b) {
    return a->facts[kRollKey] > b->facts[kRollKey];
  });
  for (size_t c = 0; c < rank.classes.size(); ++c) {
    if (!rank.classes[c].top) continue;
    seat(static_cast<int>(c), *rank.classes[c].top, open, out.classes[c].seats);
  }
  out.bins = bin_counts(keys, rank_bins(rank, out));
  return out;
}

}  // namespace patron::internal
