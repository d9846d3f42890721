#include "lib/engine/calibration_gather.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "lib/engine/rank_keys.h"

namespace patron::internal {

bool has_seats(const PolicyClassificationData& rank) {
  return std::any_of(rank.classes.begin(), rank.classes.end(),
                     [](const PolicyClass& one) { return one.top.has_value(); });
}

CalibrationGatherer::CalibrationGatherer(const PolicyData& policy, int64_t stage, Settler& settler,
                                         Micros now)
    : policy_(policy), settler_(settler), now_(now) {
  summary_.policy = policy.hash;
  summary_.at = now;
  summary_.stage = stage;
  summary_.basis = calibration_hash(*settler.constants());
  for (CalibrationItem& item : calibration_plan(policy)) {
    if (item.stage != stage) continue;
    for (const CalibrationItem::Section& section : item.sections) {
      SummarySection empty;
      empty.name = section.name;
      empty.rows = Multiset(section.width);
      summary_.sections.push_back(std::move(empty));
    }
    const bool of_tags =
        item.model < 0 || !policy.models[static_cast<size_t>(item.model)].of.empty();
    looks_ = looks_ || of_tags;
    items_.push_back(std::move(item));
  }
}

size_t CalibrationGatherer::value_index(std::string_view name) const {
  size_t i = 0;
  while (i < policy_.values.size() && policy_.values[i].tag.name != name) ++i;
  return i;
}

void CalibrationGatherer::add(uint32_t row, CustomerId id, const CustomerState& state) {
  ++summary_.customers;
  Settled settled;
  if (looks_) {
    settled = settler_.look(row, state, now_);
  } else {
    settler_.models().begin(row, id, now_);
  }
  size_t section = 0;
  for (const CalibrationItem& item : items_) {
    if (item.model >= 0) {
      add_model(item, section, id, settled);
    } else {
      add_rank(item, section, id, state, settled);
    }
    section += item.sections.size();
  }
}

void CalibrationGatherer::add_model(const CalibrationItem& item, size_t section, CustomerId id,
                                    const Settled& settled) {
  const PolicyModel& model = policy_.models[static_cast<size_t>(item.model)];
  switch (model.kind) {
    case PolicyModel::Kind::kRfm: {
      const RfmMeasured& measured = settler_.models().rfm(model);
      if (measured.frequency == 0 || !measured.monetary) return;
      rows(section).add({policy_.zone.local_day(now_) - *measured.last_day});
      rows(section + 1).add({measured.frequency});
      rows(section + 2).add({*measured.monetary});
      return;
    }
    case PolicyModel::Kind::kLtv: {
      const std::optional<LtvMeasured>& measured = settler_.models().ltv(model);
      if (!measured) return;
      rows(section).add({measured->frequency, measured->first, measured->last});
      if (model.spend && measured->frequency > 0 && measured->money) {
        rows(section + 1).add({measured->frequency, *measured->money});
      }
      return;
    }
    case PolicyModel::Kind::kNps:
      if (const auto& score = settler_.models().nps(model).score) rows(section).add({*score});
      return;
    case PolicyModel::Kind::kReferral:
      return add_referral(model, section, id, settled);
    case PolicyModel::Kind::kWeights:
      break;
  }
  for (size_t i = 0; i < model.of.size(); ++i) {
    const size_t index = value_index(model.of[i]);
    const std::optional<double> number =
        number_of(settled.values[index].cell, policy_.values[index]);
    if (number && std::isfinite(*number)) rows(section + i).add({order_key(*number)});
  }
}

void CalibrationGatherer::add_referral(const PolicyModel& model, size_t section, CustomerId id,
                                       const Settled& settled) {
  const ReferralMeasured measured = settler_.models().referral(model);
  const ReferralFacts& facts = measured.facts;
  int64_t value = facts.value;
  if (!model.of.empty()) {
    const Cell& cell = settled.values[value_index(model.of[0])].cell;
    value = cell.known ? cell.integer : 0;
  }
  const int64_t flags = (facts.bought ? kHasBought : 0) | (facts.repeated ? kHasRepeated : 0) |
                        (facts.due ? kIsDue : 0) | (facts.retained ? kIsRetained : 0);
  if (!measured.referred) {
    rows(section + 1).add({flags, value});
    return;
  }
  RollEntry entry;
  entry.id = {id.number, std::string(id.text)};
  entry.facts[kRollFlags] = flags;
  entry.facts[kRollValue] = value;
  if (measured.referrer != kNoCustomer) {
    entry.facts[kRollFlags] |= kReferrerKnown;
    const CustomerId by = settler_.id_of(measured.referrer);
    entry.other = {by.number, std::string(by.text)};
  }
  summary_.sections[section].roll.push_back(std::move(entry));
}

void CalibrationGatherer::add_rank(const CalibrationItem& item, size_t section, CustomerId id,
                                   const CustomerState& state, const Settled& settled) {
  const auto which = static_cast<size_t>(item.classification);
  const PolicyClassificationData& rank = policy_.classifications[which];
  const size_t by = value_index(rank.by);
  const std::optional<int64_t> key = rank_key(settled.values[by].cell, policy_.values[by].tag.kind);
  if (!key || !settled.eligible[which]) return;
  rows(section).add({*key});
  if (!has_seats(rank)) return;
  RollEntry entry;
  entry.id = {id.number, std::string(id.text)};
  entry.facts[kRollKey] = *key;
  entry.facts[kRollDwells] = dwells_in(item, state);
  summary_.sections[section].roll.push_back(std::move(entry));
}

int CalibrationGatherer::dwells_in(const CalibrationItem& item, const CustomerState& state) const {
  const auto which = static_cast<size_t>(item.classification);
  const size_t machine = settler_.machine_of(which);
  if (machine >= state.machines.size()) return kNoClass;
  const TierState& held = state.machines[machine];
  if (held.current == kNoClass) return kNoClass;
  const PolicyClass& of = policy_.classifications[which].classes[static_cast<size_t>(held.current)];
  const bool dwells = of.top && of.min_dwell && policy_.zone.add(held.since, *of.min_dwell) > now_;
  return dwells ? held.current : kNoClass;
}

CalibrationSummary CalibrationGatherer::finish() {
  for (SummarySection& section : summary_.sections) {
    section.rows.seal();
    std::sort(section.roll.begin(), section.roll.end(),
              [](const RollEntry& a, const RollEntry& b) { return a.id < b.id; });
  }
  return std::move(summary_);
}

}  // namespace patron::internal
