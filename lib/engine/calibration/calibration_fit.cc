#include "lib/engine/calibration/calibration_fit.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "lib/base/number_text.h"
#include "lib/base/quotient.h"
#include "lib/engine/calibration/calibration_gather.h"
#include "lib/engine/calibration/calibration_names.h"
#include "lib/engine/calibration/drift.h"
#include "lib/engine/calibration/rank_fit.h"
#include "lib/engine/calibration/rank_keys.h"
#include "lib/engine/calibration/referral_fit.h"
#include "lib/engine/settle/ltv_scorer.h"
#include "lib/models/rfm/calibrate.h"
#include "lib/models/weights/divergence.h"
#include "patron/weights.h"

namespace patron::internal {
namespace {

using Sections = std::span<const SummarySection>;

// What became of one item: constants, or why there are none.
struct Found {
  std::optional<ModelConstants> constants;
  std::string message;
  std::vector<Drift> drift;
};

Found failed(const Status& status) { return {std::nullopt, status.message(), {}}; }

std::string decimals(double value, int places) {
  const double power = std::pow(10.0, places);
  return number_text(std::nearbyint(value * power) / power);
}

std::string list_of(const std::vector<int64_t>& cuts, const MoneyUnit* unit) {
  std::string out;
  for (const int64_t cut : cuts) {
    out += (out.empty() ? "" : ", ") +
           (unit == nullptr ? std::to_string(cut) : format_money(cut, *unit));
  }
  return out;
}

std::vector<int64_t> counts_of(const Multiset& rows) {
  std::vector<int64_t> out;
  out.reserve(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) out.push_back(rows.count(i));
  return out;
}

// --- rfm

const RfmAxisCuts& axis(const RfmCuts& cuts, size_t i) {
  return i == 0 ? cuts.recency : i == 1 ? cuts.frequency : cuts.monetary;
}

Found fit_rfm(const PolicyData& policy, const PolicyModel& model, Sections sections,
              const RfmConstants* former) {
  std::array<CountedValues, 3> values;
  std::array<std::vector<int64_t>, 3> counts;
  for (size_t i = 0; i < 3; ++i) {
    const Multiset& rows = sections[i].rows;
    counts[i] = counts_of(rows);
    if (rows.size() > 0) values[i] = {{rows.row(0).data(), rows.size()}, counts[i]};
  }
  RfmCalibration how;
  for (RfmAxis* one : {&how.recency, &how.frequency, &how.monetary}) {
    one->method = model.method == "quantile" ? RfmMethod::kQuantile : RfmMethod::kNearestRank;
    one->bins = model.scores;
  }
  for (OctantSplit& split : how.octant_split) {
    split.kind = model.octant == "mean" ? OctantSplit::Kind::kMean : OctantSplit::Kind::kMedian;
  }
  how.scale = policy.money.scale;
  Result<RfmCuts> cuts = calibrate(values, how);
  if (!cuts.ok()) return failed(cuts.status());
  cuts->timezone = policy.zone.name();
  Found found;
  RfmConstants constants;
  constants.cuts = *std::move(cuts);
  static constexpr std::array<const char*, 3> kNames{"recency", "frequency", "monetary"};
  for (size_t i = 0; i < 3; ++i) {
    const std::vector<int64_t>& fresh = axis(constants.cuts, i).cuts;
    constants.members[i] = bin_counts(sections[i].rows, fresh);
    if (former == nullptr) continue;
    const std::vector<int64_t>& old = axis(former->cuts, i).cuts;
    found.drift.push_back({kNames[i],
                           stability_index(former->members[i], bin_counts(sections[i].rows, old)),
                           share_of_movers(sections[i].rows, old, fresh)});
  }
  found.message = "cuts of recency at " + list_of(constants.cuts.recency.cuts, nullptr) +
                  " days, of frequency at " + list_of(constants.cuts.frequency.cuts, nullptr) +
                  " order days, of money at " +
                  list_of(constants.cuts.monetary.cuts, &policy.money);
  found.constants = ModelConstants{0, std::move(constants)};
  return found;
}

// --- ltv

std::vector<int64_t> column_of(const Multiset& rows, size_t column) {
  std::vector<int64_t> out;
  for (size_t i = 0; i < rows.size(); ++i) out.push_back(rows.row(i)[column]);
  return out;
}

LtvFitOptions fit_options(const PolicyModel& model) {
  LtvFitOptions options;
  options.unit = model.unit;
  options.penalty = model.penalty;
  options.columns.frequency = "frequency";
  options.columns.recency = "recency";
  options.columns.T = "T";
  options.columns.monetary = "monetary";
  options.columns.weight = "weight";
  return options;
}

// Whether a row from bytes is a history that there can be.
bool is_history(std::span<const int64_t> row, int64_t period) {
  constexpr int64_t kMost = int64_t{1} << 30;  // periods, hours included, of all instants there are
  return row[0] >= 0 && row[0] <= kMost && row[1] >= -kMost && row[1] <= row[2] && row[2] <= period;
}

Status no_history(const PolicyModel& model, size_t row) {
  return {Code::kArgument, "the summary of " + model.name + " has a row that is no history: row " +
                               std::to_string(row)};
}

Result<Ltv> fit_purchases(const PolicyData& policy, const PolicyModel& model, const Multiset& rows,
                          Micros at) {
  const PeriodGrid grid = ltv_grid(model, policy.zone);
  const int64_t period = grid.period_of(at) - (ltv_whole_periods(model) ? 1 : 0);
  std::vector<double> recency, age;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (!is_history(rows.row(i), period)) return no_history(model, i);
    const LtvMeasured measured{rows.row(i)[0], rows.row(i)[1], rows.row(i)[2], std::nullopt};
    const LtvCustomer customer = ltv_customer(measured, grid, period, 0);
    recency.push_back(customer.recency), age.push_back(customer.T);
  }
  const Result<Table> table = TableBuilder()
                                  .int64("frequency", column_of(rows, 0))
                                  .doubles("recency", std::move(recency))
                                  .doubles("T", std::move(age))
                                  .int64("weight", counts_of(rows))
                                  .finish();
  if (!table.ok()) return table.status();
  return Ltv::fit(*table, model.ltv, fit_options(model));
}

Result<Ltv> fit_spend(const PolicyData& policy, const PolicyModel& model, const Multiset& rows) {
  int64_t power = 1;
  for (int i = 0; i < policy.money.scale; ++i) power *= 10;
  std::vector<double> money;
  for (size_t i = 0; i < rows.size(); ++i) {
    const int64_t frequency = rows.row(i)[0];
    if (frequency < 1 || frequency > int64_t{1} << 30) return no_history(model, i);
    money.push_back(nearest_quotient(rows.row(i)[1], rows.row(i)[0] * power));
  }
  const Result<Table> table = TableBuilder()
                                  .int64("frequency", column_of(rows, 0))
                                  .doubles("monetary", std::move(money))
                                  .int64("weight", counts_of(rows))
                                  .finish();
  if (!table.ok()) return table.status();
  return Ltv::fit(*table, LtvModel::kGammaGamma, fit_options(model));
}

std::string parameters_of(const Ltv& model) {
  std::string out(ltv_model_name(model.model()));
  const auto names = ltv_parameter_names(model.model());
  for (size_t i = 0; i < names.size(); ++i) {
    out +=
        (i == 0 ? ": " : ", ") + std::string(names[i]) + " " + decimals(model.parameters()[i], 4);
  }
  return out;
}

Found fit_ltv(const PolicyData& policy, const PolicyModel& model, Sections sections, Micros at) {
  LtvConstants constants;
  Result<Ltv> purchases = fit_purchases(policy, model, sections[0].rows, at);
  if (!purchases.ok()) return failed(purchases.status());
  if (!purchases->fit()->converged()) return {std::nullopt, purchases->fit()->message, {}};
  constants.purchases = *std::move(purchases);
  Found found;
  found.message = parameters_of(constants.purchases);
  if (model.spend) {
    Result<Ltv> spend = fit_spend(policy, model, sections[1].rows);
    if (!spend.ok()) return failed(spend.status());
    if (!spend->fit()->converged()) return {std::nullopt, "spend: " + spend->fit()->message, {}};
    found.message += "; " + parameters_of(*spend);
    constants.spend = *std::move(spend);
  }
  found.constants = ModelConstants{0, std::move(constants)};
  return found;
}

// --- nps

Found fit_nps(Sections sections) {
  NpsConstants constants;
  const Multiset& scores = sections[0].rows;
  for (size_t i = 0; i < scores.size(); ++i) {
    const int64_t score = scores.row(i)[0];
    if (score >= 0 && score <= 10)
      constants.counts.of[static_cast<size_t>(score)] += scores.count(i);
  }
  const Result<Estimate> estimate = nps_estimate(constants.counts, {});
  if (!estimate.ok()) return failed(estimate.status());
  Found found;
  found.message = "NPS " + decimals(estimate->score, 1) + " (95 % interval " +
                  decimals(estimate->low, 1) + " to " + decimals(estimate->high, 1) + "), " +
                  std::to_string(estimate->count) + " answers";
  found.constants = ModelConstants{0, constants};
  return found;
}

// --- weights

double spread_of(const Multiset& values, double low, double high) {
  std::vector<double> scaled;
  for (size_t i = 0; i < values.size(); ++i) {
    const double value = from_order_key(values.row(i)[0]);
    scaled.push_back((value / 2 - low / 2) / (high / 2 - low / 2));
  }
  return divergence(scaled, counts_of(values));
}

Found fit_weights(const PolicyModel& model, Sections sections) {
  WeightConstants constants;
  std::vector<double> raw = model.given;
  if (model.weights == PolicyModel::Weights::kAhp) {
    const Result<AhpWeights> judged = ahp_weights(model.given);
    if (!judged.ok()) return failed(judged.status());
    raw = judged->weights;
  }
  raw.resize(model.of.size());
  bool any = false;
  for (size_t i = 0; i < model.of.size(); ++i) {
    const Multiset& values = sections[i].rows;
    const bool known = values.size() > 0;
    const double low = known ? from_order_key(values.row(0)[0]) : 0;
    const double high = known ? from_order_key(values.row(values.size() - 1)[0]) : 0;
    constants.low.push_back(low), constants.high.push_back(high);
    if (model.weights == PolicyModel::Weights::kEntropy && low < high) {
      raw[i] = spread_of(values, low, high);
    }
    if (!(low < high)) raw[i] = 0;
    any = any || raw[i] > 0;
  }
  if (!any) {
    return {
        std::nullopt, "in every value all customers are alike, so there is nothing to weigh", {}};
  }
  Result<std::vector<double>> weights = manual_weights(raw);
  if (!weights.ok()) return failed(weights.status());
  constants.weights = *std::move(weights);
  Found found;
  for (size_t i = 0; i < model.of.size(); ++i) {
    found.message += (i == 0 ? "weights: " : ", ") + model.of[i] + " " +
                     decimals(constants.weights[i], 4) +
                     (constants.low[i] < constants.high[i] ? "" : " (all alike)");
  }
  found.constants = ModelConstants{0, std::move(constants)};
  return found;
}

// --- referral

Found fit_referral_item(const PolicyData& policy, const PolicyModel& model, Sections sections) {
  Found found;
  Result<ReferralConstants> constants =
      fit_referral(policy.money, model, sections[0].roll, sections[1].rows, &found.message);
  if (!constants.ok()) return failed(constants.status());
  found.constants = ModelConstants{0, *std::move(constants)};
  return found;
}

// --- ranks

Found fit_rank_item(const PolicyData& policy, const CalibrationItem& item, Sections sections,
                    const RankConstants* former) {
  const PolicyClassificationData& rank =
      policy.classifications[static_cast<size_t>(item.classification)];
  Kind kind = Kind::kDouble;
  MoneyUnit unit;
  for (const PolicyValue& value : policy.values) {
    if (value.tag.name == rank.by) kind = value.tag.kind, unit = value.unit;
  }
  Result<RankConstants> fitted =
      fit_rank(rank, sections[0].rows, sections[0].roll, kind == Kind::kDouble);
  if (!fitted.ok()) return failed(fitted.status());
  Found found;
  for (size_t c = 0; c < rank.classes.size(); ++c) {
    const RankConstants::Class& one = fitted->classes[c];
    if (is_rest(rank.classes[c])) continue;
    found.message += (found.message.empty() ? "" : ", ") + rank.classes[c].name;
    if (rank.classes[c].top) {
      found.message += ": " + std::to_string(one.seats.size()) + " seats taken";
    } else if (!one.cut) {
      found.message += ": nobody";
    } else {
      found.message += " from " + (fitted->doubles        ? number_text(from_order_key(*one.cut))
                                   : kind == Kind::kMoney ? format_money(*one.cut, unit)
                                                          : std::to_string(*one.cut));
    }
  }
  const std::vector<int64_t> fresh = rank_bins(rank, *fitted);
  if (former != nullptr && former->classes.size() == rank.classes.size() && !fresh.empty()) {
    const std::vector<int64_t> old = rank_bins(rank, *former);
    found.drift.push_back({"class",
                           stability_index(former->bins, bin_counts(sections[0].rows, old)),
                           share_of_movers(sections[0].rows, old, fresh)});
  }
  found.constants = ModelConstants{0, *std::move(fitted)};
  return found;
}

// --- all

int64_t sample_of(const CalibrationItem& item, Sections sections, bool is_referral) {
  int64_t most = sections.empty() ? 0 : sections[0].rows.total();
  if (is_referral) {
    return static_cast<int64_t>(sections[0].roll.size()) + sections[1].rows.total();
  }
  const bool rank = item.model < 0;
  for (const SummarySection& section : sections) {
    most = std::max(most, section.rows.total());
    if (rank) break;
  }
  return most;
}

Found fit_item(const PolicyData& policy, const CalibrationItem& item, Sections sections,
               const CalibrationData& former, Micros at) {
  if (item.model < 0) {
    return fit_rank_item(policy, item, sections, former.find<RankConstants>(item.name));
  }
  const PolicyModel& model = policy.models[static_cast<size_t>(item.model)];
  switch (model.kind) {
    case PolicyModel::Kind::kRfm:
      return fit_rfm(policy, model, sections, former.find<RfmConstants>(item.name));
    case PolicyModel::Kind::kLtv:
      return fit_ltv(policy, model, sections, at);
    case PolicyModel::Kind::kNps:
      return fit_nps(sections);
    case PolicyModel::Kind::kReferral:
      return fit_referral_item(policy, model, sections);
    case PolicyModel::Kind::kWeights:
      break;
  }
  return fit_weights(model, sections);
}

void calibrate_item(const PolicyData& policy, const CalibrationItem& item, Sections sections,
                    const CalibrationData& former, CalibrationData& next) {
  ModelReport report;
  report.model = item.name;
  const bool is_referral = item.model >= 0 && policy.models[static_cast<size_t>(item.model)].kind ==
                                                  PolicyModel::Kind::kReferral;
  report.customers = sample_of(item, sections, is_referral);
  const int64_t least = least_customers(policy, item);
  const bool kept = former.models.contains(item.name);
  if (report.customers < least) {
    report.verdict = ModelVerdict::kTooFew;
    report.message = std::to_string(report.customers) + " customers, of the " +
                     std::to_string(least) + " it needs";
  } else {
    Found found = fit_item(policy, item, sections, former, next.at);
    report.message = std::move(found.message);
    report.drift = std::move(found.drift);
    if (found.constants) {
      found.constants->from = next.number;
      next.models[item.name] = *std::move(found.constants);
    } else {
      report.verdict = ModelVerdict::kNotFitted;
    }
  }
  if (report.verdict != ModelVerdict::kCalibrated) {
    report.message += kept ? "; it keeps the constants of calibration " +
                                 std::to_string(former.models.find(item.name)->second.from)
                           : "; it has no constants yet";
  }
  next.report.push_back(std::move(report));
}

Status check(const PolicyData& policy, const CalibrationSummary& summary,
             const CalibrationData& former, int64_t stage) {
  if (summary.policy != policy.hash) {
    return {Code::kArgument, "the summary is of another policy"};
  }
  if (summary.stage != stage) {
    return {Code::kArgument, "the summary is of stage " + std::to_string(summary.stage) +
                                 ", and stage " + std::to_string(stage) + " is next"};
  }
  if (summary.basis != calibration_basis(former)) {
    return {Code::kArgument,
            "the summary was made under another calibration than the one in force here; set the "
            "same one in every part"};
  }
  return {};
}

}  // namespace

Result<CalibrationData> calibrate_stage(const PolicyData& policy, const CalibrationSummary& summary,
                                        const CalibrationData& former) {
  const std::vector<CalibrationItem> plan = calibration_plan(policy);
  const bool begins = former.stage == former.stages;
  const int64_t stage = begins ? 0 : former.stage;
  if (Status status = check(policy, summary, former, stage); !status.ok()) return status;
  CalibrationData next = former;
  if (begins) {
    next.policy = policy.hash;
    next.number = former.number + 1;
    next.at = summary.at;
    next.customers = summary.customers;
    next.stages = std::max<int64_t>(1, calibration_stages(plan));
    next.report.clear();
  }
  next.stage = stage + 1;
  size_t section = 0;
  for (const CalibrationItem& item : plan) {
    if (item.stage != stage) continue;
    const size_t sections = item.sections.size();
    if (section + sections > summary.sections.size()) {
      return Status(Code::kArgument, "the summary has too few sections");
    }
    for (size_t i = 0; i < sections; ++i) {
      const SummarySection& given = summary.sections[section + i];
      if (given.name != item.sections[i].name || given.rows.width() != item.sections[i].width) {
        return Status(Code::kArgument, "the summary has the section " + given.name + " where " +
                                           item.sections[i].name + " belongs");
      }
    }
    calibrate_item(policy, item, Sections(summary.sections).subspan(section, sections), former,
                   next);
    section += sections;
  }
  return next;
}

}  // namespace patron::internal
