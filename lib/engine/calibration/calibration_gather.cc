#include "lib/engine/calibration/calibration_gather.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "lib/engine/calibration/calibration_names.h"
#include "lib/engine/calibration/number_counts.h"
#include "lib/engine/calibration/rank_keys.h"
#include "lib/engine/settle/settle_parts.h"
#include "lib/engine/tables/nps_pages.h"
#include "lib/engine/tables/rfm_pages.h"

namespace patron::internal {
namespace {

CalibrationId kept(CustomerId id) {
  CalibrationId out;
  out.number = id.number;
  out.text = id.text;
  return out;
}

}  // namespace

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
  summary_.basis = calibration_basis(*settler.constants());
  for (CalibrationItem& item : calibration_plan(policy)) {
    if (item.stage != stage) continue;
    for (const CalibrationItem::Section& section : item.sections) {
      SummarySection empty;
      empty.name = section.name;
      empty.rows = Multiset(section.width);
      summary_.sections.push_back(std::move(empty));
    }
    items_.push_back(std::move(item));
  }
  cells_.resize(policy.values.size());
  eligible_.resize(policy.classifications.size());
  want_values();
}

// Which values the items of this stage learn from, and which their conditions read.
void CalibrationGatherer::want_values() {
  std::map<std::string_view, size_t> places;
  for (size_t i = 0; i < policy_.values.size(); ++i) places[policy_.values[i].tag.name] = i;
  const auto want = [&](std::string_view name) {
    wanted_.push_back(places.at(name));
    return wanted_.back();
  };
  for (const CalibrationItem& item : items_) {
    std::vector<size_t>& reads = reads_.emplace_back();
    if (item.model >= 0) {
      for (const std::string& name : policy_.models[static_cast<size_t>(item.model)].of) {
        reads.push_back(want(name));
      }
      continue;
    }
    const PolicyClassificationData& rank =
        policy_.classifications[static_cast<size_t>(item.classification)];
    reads.push_back(want(rank.by));
    if (!rank.where) continue;
    for (const int field : rank.where->fields()) {
      const size_t i = want(rank.where->schema().fields()[static_cast<size_t>(field)].name);
      by_pages_ = by_pages_ && policy_.values[i].tag.kind != Kind::kEnumSet;
    }
  }
  std::sort(wanted_.begin(), wanted_.end());
  wanted_.erase(std::unique(wanted_.begin(), wanted_.end()), wanted_.end());
}

void CalibrationGatherer::look(uint32_t row, const CustomerState& state) {
  if (wanted_.empty()) return;
  const Settled settled = settler_.look(row, state, now_);
  for (const size_t i : wanted_) cells_[i] = settled.values[i].cell;
  eligible_ = settled.eligible;
}

// The k-th of a page.
void CalibrationGatherer::see(const ValuePages& pages, size_t k) {
  for (const size_t i : wanted_) {
    const ValueBlock& block = pages.value(i);
    cells_[i] = block.at(k).cell;
    if (block.shape() == Shape::kText && cells_[i].known) cells_[i].text = block.text(k);
  }
  for (const CalibrationItem& item : items_) {
    if (item.model >= 0) continue;
    const auto which = static_cast<size_t>(item.classification);
    const std::optional<Expression>& where = policy_.classifications[which].where;
    eligible_[which] = true;
    if (!where) continue;
    std::vector<Cell> cells(where->schema().fields().size());
    for (const int field : where->fields()) {
      const auto f = static_cast<size_t>(field);
      for (const size_t i : wanted_) {
        if (policy_.values[i].tag.name == where->schema().fields()[f].name) cells[f] = cells_[i];
      }
    }
    const Result<Cell> answer = where->evaluate_row(cells, now_);
    eligible_[which] = answer.ok() && answer->known && answer->integer != 0;
  }
}

void CalibrationGatherer::add(uint32_t row, CustomerId id, const CustomerState& state) {
  look(row, state);
  settler_.models().begin(row, id, now_);
  take(id, state);
}

void CalibrationGatherer::add_all(const BookState& book, std::span<const uint32_t> rows,
                                  const StateOf& states, const std::set<uint32_t>& apart) {
  std::optional<ValuePages> pages;
  if (by_pages_ && !wanted_.empty()) {
    pages.emplace(policy_, book, settler_.constants(), wanted_);
  }
  const std::vector<MetricStream>& streams = settler_.parts().streams;
  std::unique_ptr<RfmPages> rfm;
  if (learns_from(PolicyModel::Kind::kRfm)) rfm = make_rfm_pages(policy_, streams, book);
  std::unique_ptr<NpsPages> nps;
  if (learns_from(PolicyModel::Kind::kNps)) nps = make_nps_pages(policy_, streams, book);
  if (rfm != nullptr) measures_ = std::make_unique<RfmMeasures>(now_, book.customers);
  if (const size_t read = (rfm != nullptr ? 1U : 0U) + (nps != nullptr ? 1U : 0U);
      read > 0 && read == items_.size()) {
    return add_columns(rfm.get(), nps.get(), book, rows, states, apart);
  }
  std::optional<uint32_t> page, measured, answered;
  for (const uint32_t row : rows) {
    if (!pages || apart.contains(row)) {
      look(row, states(row));
    } else {
      if (page != row / kPageCustomers) {
        page = row / kPageCustomers;
        pages->read(*page, now_, states);
      }
      see(*pages, row % kPageCustomers);
    }
    const CustomerId id = book.ids->id_own(row);
    settler_.models().begin(row, id, now_);
    if (rfm != nullptr && !apart.contains(row)) {
      if (measured != row / kPageCustomers) {
        measured = row / kPageCustomers;
        measure(*rfm, *measured);
      }
      const uint32_t k = row % kPageCustomers;
      if (rfm->has(k)) settler_.models().take_rfm(rfm->measured(k));
    }
    if (nps != nullptr && !apart.contains(row)) {
      if (answered != row / kPageCustomers) {
        answered = row / kPageCustomers;
        nps->read(*answered, now_);
      }
      const uint32_t k = row % kPageCustomers;
      if (nps->has(k)) answer_ = nps->score(k);
    }
    take(id, states(row));
    answer_.reset();
  }
}

bool CalibrationGatherer::learns_from(PolicyModel::Kind kind) const {
  return std::any_of(items_.begin(), items_.end(), [&](const CalibrationItem& item) {
    return item.model >= 0 && policy_.models[static_cast<size_t>(item.model)].kind == kind;
  });
}

void CalibrationGatherer::measure(RfmPages& pages, uint32_t page) {
  pages.read(page, now_);
  measures_->put(page, pages.page());
  measured_ += pages.page().customers;
}

std::unique_ptr<const RfmMeasures> CalibrationGatherer::take_measures() {
  const bool all = measures_ != nullptr && measured_ == measures_->customers();
  return all ? std::move(measures_) : nullptr;
}

// Where these are all that is learned: columns of pages, of which one may be null. Who is not there
// is taken by herself.
void CalibrationGatherer::add_columns(RfmPages* rfm, NpsPages* nps, const BookState& book,
                                      std::span<const uint32_t> customers, const StateOf& states,
                                      const std::set<uint32_t>& apart) {
  using Column = std::array<int64_t, kPageCustomers>;
  Column recency, frequency, monetary, scores;
  NumberCounts axes[3], answers;
  if (rfm != nullptr) axes[2].reserve(customers.size());  // days and answers are small
  for (size_t next = 0; next < customers.size();) {
    const uint32_t page = customers[next] / kPageCustomers;
    if (rfm != nullptr) measure(*rfm, page);
    if (nps != nullptr) nps->read(page, now_);
    size_t buyers = 0, answered = 0;
    for (; next < customers.size() && customers[next] / kPageCustomers == page; ++next) {
      const uint32_t row = customers[next], k = row % kPageCustomers;
      const bool there = (rfm == nullptr || rfm->has(k)) && (nps == nullptr || nps->has(k));
      if (!there || apart.contains(row)) {
        add(row, book.ids->id_own(row), states(row));
        continue;
      }
      ++summary_.customers;
      if (rfm != nullptr) {
        recency[buyers] = rfm->recency()[k];
        frequency[buyers] = rfm->frequency()[k];
        monetary[buyers] = rfm->monetary()[k];
        buyers += rfm->frequency()[k] != 0 && rfm->has_money(k) ? 1 : 0;
      }
      if (nps != nullptr) {
        const std::optional<int64_t> score = nps->score(k);
        scores[answered] = score.value_or(0);
        answered += score ? 1 : 0;
      }
    }
    axes[0].add({recency.data(), buyers});
    axes[1].add({frequency.data(), buyers});
    axes[2].add({monetary.data(), buyers});
    answers.add({scores.data(), answered});
  }
  size_t section = 0;
  for (const CalibrationItem& item : items_) {
    const bool answer =
        policy_.models[static_cast<size_t>(item.model)].kind == PolicyModel::Kind::kNps;
    for (size_t i = 0; i < item.sections.size(); ++i) {
      (answer ? answers : axes[i]).into(rows(section++));
    }
  }
}

void CalibrationGatherer::take(CustomerId id, const CustomerState& state) {
  ++summary_.customers;
  size_t section = 0;
  for (const CalibrationItem& item : items_) {
    if (item.model >= 0) {
      add_model(item, section, id);
    } else {
      add_rank(item, section, id, state);
    }
    section += item.sections.size();
  }
}

void CalibrationGatherer::add_model(const CalibrationItem& item, size_t section, CustomerId id) {
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
      if (const auto score = answer_ ? *answer_ : settler_.models().nps(model).score) {
        rows(section).add({*score});
      }
      return;
    case PolicyModel::Kind::kReferral:
      return add_referral(item, section, id);
    case PolicyModel::Kind::kWeights:
      break;
  }
  const std::vector<size_t>& reads = reads_of(item);
  for (size_t i = 0; i < reads.size(); ++i) {
    const std::optional<double> number = number_of(cells_[reads[i]], policy_.values[reads[i]]);
    if (number && std::isfinite(*number)) rows(section + i).add({order_key(*number)});
  }
}

void CalibrationGatherer::add_referral(const CalibrationItem& item, size_t section, CustomerId id) {
  const PolicyModel& model = policy_.models[static_cast<size_t>(item.model)];
  const ReferralMeasured measured = settler_.models().referral(model);
  const ReferralFacts& facts = measured.facts;
  int64_t value = facts.value;
  if (!model.of.empty()) {
    const Cell& cell = cells_[reads_of(item)[0]];
    value = cell.known ? cell.integer : 0;
  }
  const int64_t flags = (facts.bought ? kHasBought : 0) | (facts.repeated ? kHasRepeated : 0) |
                        (facts.due ? kIsDue : 0) | (facts.retained ? kIsRetained : 0);
  if (!measured.referred) {
    rows(section + 1).add({flags, value});
    return;
  }
  RollEntry entry;
  entry.id = kept(id);
  entry.facts[kRollFlags] = flags;
  entry.facts[kRollValue] = value;
  if (measured.referrer != kNoCustomer) {
    entry.facts[kRollFlags] |= kReferrerKnown;
    const CustomerId by = settler_.id_of(measured.referrer);
    entry.other = kept(by);
  }
  summary_.sections[section].roll.push_back(std::move(entry));
}

void CalibrationGatherer::add_rank(const CalibrationItem& item, size_t section, CustomerId id,
                                   const CustomerState& state) {
  const auto which = static_cast<size_t>(item.classification);
  const PolicyClassificationData& rank = policy_.classifications[which];
  const size_t by = reads_of(item)[0];
  const std::optional<int64_t> key = rank_key(cells_[by], policy_.values[by].tag.kind);
  const bool eligible = key && eligible_[which];
  if (eligible) rows(section).add({*key});
  if (!has_seats(rank)) return;
  const int pinned = pinned_in(item, state);
  if (!eligible && pinned == kNoClass) return;
  RollEntry entry;
  entry.id = kept(id);
  entry.facts[kRollKey] = eligible ? *key : kNoRollKey;
  entry.facts[kRollClaim] = pinned == kNoClass ? dwells_in(item, state) : kPinned | pinned;
  summary_.sections[section].roll.push_back(std::move(entry));
}

int CalibrationGatherer::pinned_in(const CalibrationItem& item, const CustomerState& state) const {
  const auto which = static_cast<size_t>(item.classification);
  const size_t machine = settler_.machine_of(which);
  int in = kNoClass;
  for (const StandingOverride& one : state.overrides) {
    if (one.classification != item.classification || one.removed || one.until <= now_) continue;
    if (one.kind == OverrideKind::kPin) {
      in = one.to;
      break;
    }
    if (one.kind != OverrideKind::kHold || one.at > now_) continue;
    in = machine < one.held.size() && one.held[machine] != kNoClass ? one.held[machine]
         : machine < state.shown.size()                             ? state.shown[machine].current
                                                                    : kNoClass;
  }
  if (in == kNoClass) return kNoClass;
  return policy_.classifications[which].classes[static_cast<size_t>(in)].top ? in : kNoClass;
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
