// Models: rfm, ltv, nps and referral by their names, and combined scores under names of one's own;
// each gives values such as rfm.r or ltv.p_alive.
#include <algorithm>
#include <array>
#include <utility>

#include "lib/policy/draft.h"
#include "patron/segments.h"
#include "patron/weights.h"

namespace patron::internal::policy {
namespace {

void give(Draft& draft, const Cursor& at, const PolicyModel& model, const char* part, Kind kind,
          std::vector<std::string> values = {}, bool ordered = false) {
  PolicyValue value;
  value.tag.name = part[0] == '\0' ? model.name : model.name + "." + part;
  value.tag.kind = kind;
  value.tag.source = TagSource::kModel;
  value.tag.category = "value";
  value.tag.values = std::move(values);
  value.ordered = ordered;
  if (kind == Kind::kMoney) value.unit = draft.data.money;
  draft.add(std::move(value), at, model.name, true);
}

std::vector<std::string> segment_names(const std::string& table) {
  std::vector<std::string> names;
  const Result<SegmentTable> found = SegmentTable::named(table);
  if (!found.ok()) return names;
  for (const SegmentRow& row : found->rows()) names.push_back(row.name);
  names.emplace_back("prospect");
  return names;
}

void read_rfm(const Cursor& at, Draft& draft, PolicyModel& model) {
  static constexpr std::array<std::string_view, 6> kKeys{"window", "scores", "method",
                                                         "table",  "octant", "min_customers"};
  static constexpr std::array<std::string_view, 2> kMethods{"quantile", "nearest_rank"};
  static constexpr std::array<std::string_view, 2> kOctants{"mean", "median"};
  draft.findings.object(at, kKeys);
  draft.findings.period(at, "window", model.window);
  std::optional<int64_t> scores;
  draft.findings.whole(at, "scores", 2, 10, scores);
  model.scores = static_cast<int>(scores.value_or(5));
  std::optional<size_t> method, octant, table;
  draft.findings.choice(at, "method", kMethods, method);
  model.method = kMethods[method.value_or(0)];
  draft.findings.choice(at, "octant", kOctants, octant);
  model.octant = kOctants[octant.value_or(0)];
  draft.findings.choice(at, "table", SegmentTable::names(), table);
  model.table = table ? std::string(SegmentTable::names()[*table]) : "eleven";
  const Result<SegmentTable> named = SegmentTable::named(model.table);
  if (named.ok() && named->bins() != model.scores) {
    const std::optional<Cursor> place = at.find("scores");
    draft.findings.error(place ? *place : at, "value",
                         "the table " + model.table + " is for " + std::to_string(named->bins()) +
                             " scores an axis, not " + std::to_string(model.scores));
  }
  for (const char* part : {"r", "f", "m", "recency_days", "frequency"}) {
    give(draft, at, model, part, Kind::kInt64);
  }
  give(draft, at, model, "monetary", Kind::kMoney);
  give(draft, at, model, "segment", Kind::kEnum, segment_names(model.table));
  give(draft, at, model, "octant", Kind::kEnum);
}

void read_ltv(const Cursor& at, Draft& draft, PolicyModel& model) {
  static constexpr std::array<std::string_view, 7> kKeys{
      "model", "spend", "unit", "horizon", "discount_per_year", "penalty", "min_customers"};
  static constexpr std::array<std::string_view, 5> kModels{"nbd", "bg_nbd", "mbg_nbd", "pareto_nbd",
                                                           "bg_bb"};
  static constexpr std::array<std::string_view, 1> kSpend{"gamma_gamma"};
  static constexpr std::array<std::string_view, 6> kUnits{"hour",  "day",     "week",
                                                          "month", "quarter", "year"};
  if (!draft.findings.object(at, kKeys, {"model", "horizon"})) return;
  std::optional<size_t> which, spend, unit;
  draft.findings.choice(at, "model", kModels, which);
  draft.findings.choice(at, "spend", kSpend, spend);
  draft.findings.choice(at, "unit", kUnits, unit);
  model.ltv = static_cast<LtvModel>(which.value_or(2));
  model.spend = spend.has_value();
  model.unit = static_cast<LtvUnit>(unit.value_or(2));
  draft.findings.period(*at.find("horizon"), model.horizon);
  std::optional<double> rate;
  draft.findings.number(at, "discount_per_year", rate);
  model.discount_per_year = rate.value_or(0);
  if (!(model.discount_per_year >= 0 && model.discount_per_year <= 10)) {
    draft.findings.error(*at.find("discount_per_year"), "value",
                         "the rate of a year is 0 to 10; 0.1 is ten per cent");
  }
  std::optional<double> penalty;
  draft.findings.number(at, "penalty", penalty);
  model.penalty = penalty.value_or(0);
  if (!(model.penalty >= 0)) {
    draft.findings.error(*at.find("penalty"), "value",
                         "a penalty is 0 or more; 0.001 is a gentle one, 0.1 a strong one");
  }
  give(draft, at, model, "p_alive", Kind::kDouble);
  give(draft, at, model, "expected_purchases", Kind::kDouble);
  give(draft, at, model, "next_order", Kind::kTimestamp);
  if (!model.spend) return;
  give(draft, at, model, "expected_spend", Kind::kMoney);
  give(draft, at, model, "value", Kind::kMoney);
}

void read_nps(const Cursor& at, Draft& draft, PolicyModel& model) {
  static constexpr std::array<std::string_view, 2> kKeys{"window", "min_customers"};
  draft.findings.object(at, kKeys);
  draft.findings.period(at, "window", model.window);
  give(draft, at, model, "score", Kind::kInt64);
  give(draft, at, model, "class", Kind::kEnum, {"detractor", "passive", "promoter"}, true);
}

void read_referral(const Cursor& at, Draft& draft, PolicyModel& model) {
  static constexpr std::array<std::string_view, 5> kKeys{"window", "depth", "decay", "value",
                                                         "min_customers"};
  draft.findings.object(at, kKeys);
  draft.findings.period(at, "window", model.window);
  std::optional<int64_t> depth;
  std::optional<double> decay;
  draft.findings.whole(at, "depth", 1, 10, depth);
  draft.findings.number(at, "decay", decay);
  model.depth = static_cast<int>(depth.value_or(3));
  model.decay = decay.value_or(0.5);
  if (!(model.decay >= 0 && model.decay <= 1)) {
    draft.findings.error(*at.find("decay"), "value",
                         "each generation counts a share of the one before, 0 to 1");
  }
  const std::optional<Cursor> value = at.find("value");
  std::string name;
  if (value && draft.findings.text(*value, name)) {
    draft.names.push_back({name, *value, model.name, PendingName::Wanted::kMoney});
    model.of.push_back(std::move(name));
  }
  const auto& streams = draft.data.streams;
  if (std::none_of(streams.begin(), streams.end(),
                   [](const PolicyStream& one) { return one.name == "referrals"; })) {
    draft.findings.error(at, "unknown_name",
                         "the model referral reads the stream \"referrals\"; declare it under "
                         "\"streams\"");
  }
  for (const char* part : {"referred", "converted", "repeated", "retained"}) {
    give(draft, at, model, part, Kind::kInt64);
  }
  give(draft, at, model, "conversion", Kind::kDouble);
  give(draft, at, model, "value", Kind::kMoney);
  give(draft, at, model, "chain_value", Kind::kMoney);
  give(draft, at, model, "generations", Kind::kInt64);
}

bool read_matrix(const Cursor& at, size_t size, Draft& draft, std::vector<double>& out) {
  if (!draft.findings.array(at, size)) return false;
  for (const Cursor& row : at.items()) {
    if (!draft.findings.array(row, size)) return false;
    if (row.value.size() != size) {
      draft.findings.error(row, "value",
                           std::to_string(row.value.size()) +
                               " comparisons; the criteria under of "
                               "are " +
                               std::to_string(size));
      return false;
    }
    for (const Cursor& cell : row.items()) {
      if (!cell.value.is_number()) {
        draft.findings.error(cell, "type", cell.value.source() + " is no number");
        return false;
      }
      out.push_back(cell.value.number());
    }
  }
  if (out.size() == size * size) return true;
  draft.findings.error(at, "value",
                       "want a row for each of the " + std::to_string(size) + " criteria under of");
  return false;
}

void read_ahp(const Cursor& at, Draft& draft, PolicyModel& model) {
  model.weights = PolicyModel::Weights::kAhp;
  if (!read_matrix(at, model.of.size(), draft, model.given)) return;
  AhpOptions options;
  options.names = model.of;
  const Result<AhpWeights> weights = ahp_weights(model.given, options);
  if (!weights.ok()) draft.findings.error(at, "value", weights.status().message());
}

void read_given(const Cursor& at, Draft& draft, PolicyModel& model) {
  model.weights = PolicyModel::Weights::kGiven;
  if (at.value.size() != model.of.size()) {
    draft.findings.error(at, "value",
                         std::to_string(at.value.size()) + " weights for " +
                             std::to_string(model.of.size()) + " values under of");
    return;
  }
  for (const Cursor& one : at.items()) {
    if (!one.value.is_number()) {
      draft.findings.error(one, "type", one.value.source() + " is no number");
      return;
    }
    model.given.push_back(one.value.number());
  }
  const Result<std::vector<double>> weights = manual_weights(model.given);
  if (!weights.ok()) draft.findings.error(at, "value", weights.status().message());
}

void read_weights(const Cursor& at, Draft& draft, PolicyModel& model) {
  static constexpr std::array<std::string_view, 5> kKeys{"weights", "of", "label", "description",
                                                         "min_customers"};
  static constexpr std::array<std::string_view, 1> kAhp{"ahp"};
  if (!draft.findings.object(at, kKeys, {"weights", "of"})) return;
  const Cursor of = *at.find("of");
  if (!draft.findings.array(of, 15)) return;
  for (const Cursor& one : of.items()) {
    std::string name;
    if (!draft.findings.text(one, name)) return;
    draft.names.push_back({name, one, model.name, PendingName::Wanted::kNumber});
    model.of.push_back(std::move(name));
  }
  if (model.of.empty()) {
    draft.findings.error(of, "value", "a combined score is of one value or more");
    return;
  }
  std::string ignored;
  read_words(at, draft, ignored, ignored);
  give(draft, at, model, "", Kind::kDouble);
  give(draft, at, model, "coverage", Kind::kDouble);
  const Cursor weights = *at.find("weights");
  if (weights.is(JsonKind::kArray)) {
    read_given(weights, draft, model);
  } else if (weights.is(JsonKind::kObject) && !weights.find("ahp")) {
    draft.findings.error(weights, "missing_key",
                         "an object of weights has the key \"ahp\", comparisons of the values two "
                         "by two; else want \"entropy\", or a list of numbers in the order of "
                         "\"of\"");
  } else if (weights.is(JsonKind::kObject)) {
    if (draft.findings.object(weights, kAhp, {"ahp"})) read_ahp(*weights.find("ahp"), draft, model);
  } else {
    std::string word;
    if (draft.findings.text(weights, word) && word != "entropy") {
      draft.findings.error(weights, "value",
                           '"' + word +
                               "\" are no weights; want \"entropy\", a list of numbers, or "
                               "{\"ahp\": comparisons}");
    }
  }
}

void read_model(const Cursor& at, Draft& draft) {
  PolicyModel model;
  model.name = at.value.key();
  if (!draft.take_name(model.name, at, true)) return;
  if (!at.is(JsonKind::kObject)) {
    draft.findings.object(at, {});
    return;
  }
  std::optional<int64_t> least;
  draft.findings.whole(at, "min_customers", 1, int64_t{1} << 32, least);
  model.min_customers = least.value_or(0);
  if (model.name == "rfm") {
    model.kind = PolicyModel::Kind::kRfm;
    read_rfm(at, draft, model);
  } else if (model.name == "ltv") {
    model.kind = PolicyModel::Kind::kLtv;
    read_ltv(at, draft, model);
  } else if (model.name == "nps") {
    model.kind = PolicyModel::Kind::kNps;
    read_nps(at, draft, model);
  } else if (model.name == "referral") {
    model.kind = PolicyModel::Kind::kReferral;
    read_referral(at, draft, model);
  } else {
    model.kind = PolicyModel::Kind::kWeights;
    read_weights(at, draft, model);
  }
  draft.data.models.push_back(std::move(model));
}

}  // namespace

void read_models(const Cursor& root, Draft& draft) {
  const std::optional<Cursor> models = root.find("models");
  if (!models) return;
  if (!models->is(JsonKind::kObject)) {
    draft.findings.object(*models, {});
    return;
  }
  if (models->value.size() > kMaxModels) {
    draft.findings.error(*models, "limit", "at most 32 models can be declared");
    return;
  }
  for (const Cursor& model : models->items()) read_model(model, draft);
}

}  // namespace patron::internal::policy
