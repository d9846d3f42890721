// Calibration as JSON:
//
//   {"patron_calibration": 1, "policy": "ab12...", "number": 3, "at": 1767225600000000,
//    "customers": 2357, "stage": 2, "stages": 2,
//    "models": {"rfm": {"from": 3, "rfm": {"cuts": {...}, "members": [[...], [...], [...]]}},
//               "ltv": {"from": 2, "ltv": {"purchases": {...}, "spend": {...}}},
//               "value_abc": {"from": 3, "rank": {"doubles": false, "classes": [...]}}},
//    "report": [{"model": "rfm", "verdict": "calibrated", ...}]}
//
// Cuts and models are the documents of RfmCuts and Ltv. Numbers are the shortest text that reads
// back as the same double.
#include "patron/calibration.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <memory>
#include <utility>
#include <variant>

#include "lib/base/json.h"
#include "lib/base/json_writer.h"
#include "lib/engine/calibration/calibration_data.h"
#include "lib/policy/draft.h"

namespace patron {
namespace internal {
namespace {

constexpr int64_t kVersion = 1;
constexpr std::array<std::string_view, 9> kKeys{"patron_calibration",
                                                "policy",
                                                "number",
                                                "at",
                                                "customers",
                                                "stage",
                                                "stages",
                                                "models",
                                                "report"};
constexpr std::array<std::string_view, 3> kVerdicts{"calibrated", "too_few", "not_fitted"};

// --- out

void write_whole(JsonWriter& out, const std::vector<int64_t>& values) {
  out.begin_array();
  for (const int64_t value : values) out.integer(value);
  out.end_array();
}

void write_doubles(JsonWriter& out, const std::vector<double>& values) {
  out.begin_array();
  for (const double value : values) out.number(value);
  out.end_array();
}

void write_id(JsonWriter& out, const CalibrationId& id) {
  id.text.empty() ? out.integer(id.number) : out.string(id.text);
}

struct WriteConstants {
  JsonWriter& out;

  void operator()(const RfmConstants& rfm) const {
    out.key("rfm").begin_object();
    out.key("cuts").json(rfm.cuts.to_json());
    out.key("members").begin_array();
    for (const auto& one : rfm.members) write_whole(out, one);
    out.end_array().end_object();
  }
  void operator()(const LtvConstants& ltv) const {
    out.key("ltv").begin_object();
    out.key("purchases").json(ltv.purchases.to_json());
    if (ltv.spend) out.key("spend").json(ltv.spend->to_json());
    out.end_object();
  }
  void operator()(const NpsConstants& nps) const {
    out.key("nps").begin_object();
    out.key("answers");
    write_whole(out, {nps.counts.of.begin(), nps.counts.of.end()});
    out.end_object();
  }
  void operator()(const WeightConstants& weights) const {
    out.key("weights").begin_object();
    out.key("weights");
    write_doubles(out, weights.weights);
    out.key("low");
    write_doubles(out, weights.low);
    out.key("high");
    write_doubles(out, weights.high);
    out.end_object();
  }
  void operator()(const ReferralConstants& referral) const {
    out.key("referral").begin_object();
    out.key("referred");
    write(referral.referred);
    out.key("others");
    write(referral.others);
    out.key("referrers").begin_array();
    for (size_t i = 0; i < referral.ids.size(); ++i) {
      const ReferrerValue& of = referral.values[i];
      out.begin_array();
      write_id(out, referral.ids[i]);
      for (const int64_t value : {of.referred, of.converted, of.repeated, of.retained, of.value,
                                  of.chain_value, of.generations}) {
        out.integer(value);
      }
      out.end_array();
    }
    out.end_array().end_object();
  }
  void write(const ReferralConstants::Group& group) const {
    out.begin_object();
    out.key("customers").integer(group.customers);
    out.key("bought").integer(group.bought);
    out.key("repeated").integer(group.repeated);
    out.key("due").integer(group.due);
    out.key("retained").integer(group.retained);
    out.key("mean").number(group.mean);
    out.key("deviation").number(group.deviation);
    out.end_object();
  }
  void operator()(const RankConstants& rank) const {
    out.key("rank").begin_object();
    out.key("doubles").boolean(rank.doubles);
    out.key("classes").begin_array();
    for (const RankConstants::Class& one : rank.classes) {
      out.begin_object();
      if (one.cut) {
        out.key("cut");
        rank.doubles ? out.number(from_order_key(*one.cut)) : out.integer(*one.cut);
      }
      if (!one.seats.empty()) {
        out.key("seats").begin_array();
        for (const CalibrationId& id : one.seats) write_id(out, id);
        out.end_array();
      }
      out.end_object();
    }
    out.end_array();
    out.key("bins");
    write_whole(out, rank.bins);
    out.end_object();
  }
};

void write_report(JsonWriter& out, const ModelReport& report) {
  out.begin_object();
  out.key("model").string(report.model);
  out.key("verdict").string(model_verdict_name(report.verdict));
  out.key("message").string(report.message);
  out.key("customers").integer(report.customers);
  out.key("drift").begin_array();
  for (const Drift& drift : report.drift) {
    out.begin_object();
    out.key("of").string(drift.of);
    out.key("stability_index").number(drift.stability_index);
    out.key("movers").number(drift.movers);
    out.end_object();
  }
  out.end_array().end_object();
}

}  // namespace

std::string calibration_json(const CalibrationData& data) {
  JsonWriter out;
  out.begin_object();
  out.key("patron_calibration").integer(kVersion);
  out.key("policy").string(data.policy);
  out.key("number").integer(data.number);
  out.key("at").integer(data.at);
  out.key("customers").integer(data.customers);
  out.key("stage").integer(data.stage);
  out.key("stages").integer(data.stages);
  out.key("models").begin_object();
  for (const auto& [name, constants] : data.models) {
    out.key(name).begin_object();
    out.key("from").integer(constants.from);
    std::visit(WriteConstants{out}, constants.of);
    out.end_object();
  }
  out.end_object();
  out.key("report").begin_array();
  for (const ModelReport& report : data.report) write_report(out, report);
  out.end_array().end_object();
  return out.take();
}

namespace {

// --- in

Status mistake(const std::string& what, JsonValue where) {
  return {Code::kDocument, what, -1, where.offset()};
}

// Reads parts of objects, and remembers the first mistake.
class Reader {
 public:
  Status status;

  std::optional<JsonValue> member(JsonValue object, std::string_view key, JsonKind kind) {
    if (!status.ok()) return std::nullopt;
    const std::optional<JsonValue> value = object.find(key);
    if (!value) {
      status = mistake("the key \"" + std::string(key) + "\" is missing", object);
      return std::nullopt;
    }
    if (status = value->require(key, kind); !status.ok()) return std::nullopt;
    return value;
  }
  int64_t whole(JsonValue object, std::string_view key, int64_t low, int64_t high) {
    const auto value = member(object, key, JsonKind::kInt);
    if (!value) return low;
    if (value->integer() < low || value->integer() > high) {
      status = mistake(std::string(key) + ": " + value->source() + " is out of range", *value);
    }
    return value->integer();
  }
  std::string text(JsonValue object, std::string_view key) {
    const auto value = member(object, key, JsonKind::kString);
    return value ? std::string(value->string()) : std::string();
  }
  double number(JsonValue value, std::string_view what) {
    if (status.ok() && (!value.is_number() || !std::isfinite(value.number()))) {
      status = mistake(std::string(what) + ": " + value.source() + " is no number", value);
    }
    return status.ok() ? value.number() : 0;
  }
  std::vector<double> doubles(JsonValue object, std::string_view key) {
    std::vector<double> out;
    if (const auto list = member(object, key, JsonKind::kArray)) {
      for (const JsonValue one : list->items()) out.push_back(number(one, key));
    }
    return out;
  }
  std::vector<int64_t> counts(JsonValue list) {
    std::vector<int64_t> out;
    if (status.ok()) status = list.require("counts", JsonKind::kArray);
    if (!status.ok()) return out;
    for (const JsonValue one : list.items()) {
      if (!one.is(JsonKind::kInt) || one.integer() < 0 || one.integer() > int64_t{1} << 40) {
        status = mistake(one.source() + " is no count", one);
        return out;
      }
      out.push_back(one.integer());
    }
    return out;
  }
  template <size_t N>
  void known(JsonValue object, std::string_view what, const std::array<std::string_view, N>& keys) {
    if (status.ok()) status = object.require_object(what, keys);
  }
};

RfmConstants read_rfm(JsonValue object, Reader& in) {
  static constexpr std::array<std::string_view, 2> kRfm{"cuts", "members"};
  in.known(object, "rfm", kRfm);
  RfmConstants out;
  if (const auto cuts = in.member(object, "cuts", JsonKind::kObject)) {
    Result<RfmCuts> read = RfmCuts::parse(policy::canonical_json(*cuts));
    if (!read.ok()) return in.status = mistake(read.status().message(), *cuts), out;
    out.cuts = *std::move(read);
  }
  const auto members = in.member(object, "members", JsonKind::kArray);
  if (!members) return out;
  size_t i = 0;
  const std::array<int, 3> bins{out.cuts.recency.bins(), out.cuts.frequency.bins(),
                                out.cuts.monetary.bins()};
  for (const JsonValue one : members->items()) {
    if (i < 3) out.members[i] = in.counts(one);
    if (in.status.ok() && (i >= 3 || out.members[i].size() != static_cast<size_t>(bins[i]))) {
      in.status = mistake("members: want a count for each bin of the three axes", one);
    }
    if (!in.status.ok()) return out;
    ++i;
  }
  if (i < 3) in.status = mistake("members: want a list for each of the three axes", *members);
  return out;
}

std::optional<Ltv> read_ltv_model(JsonValue object, std::string_view key, bool spend, Reader& in) {
  const auto document = in.member(object, key, JsonKind::kObject);
  if (!document) return std::nullopt;
  Result<Ltv> read = Ltv::parse(policy::canonical_json(*document));
  if (!read.ok()) {
    in.status = mistake(read.status().message(), *document);
    return std::nullopt;
  }
  const bool is_spend = read->model() == LtvModel::kGammaGamma;
  const bool contract = read->model() == LtvModel::kSbg || read->model() == LtvModel::kBdw;
  if (is_spend != spend || contract) {
    in.status = mistake(std::string(key) + ": " + std::string(ltv_model_name(read->model())) +
                            " is no model of " + (spend ? "spend" : "purchases"),
                        *document);
    return std::nullopt;
  }
  return *std::move(read);
}

LtvConstants read_ltv(JsonValue object, Reader& in) {
  static constexpr std::array<std::string_view, 2> kLtv{"purchases", "spend"};
  in.known(object, "ltv", kLtv);
  LtvConstants out;
  if (auto purchases = read_ltv_model(object, "purchases", false, in)) {
    out.purchases = *std::move(purchases);
  }
  if (object.find("spend")) out.spend = read_ltv_model(object, "spend", true, in);
  return out;
}

NpsConstants read_nps(JsonValue object, Reader& in) {
  static constexpr std::array<std::string_view, 1> kNps{"answers"};
  in.known(object, "nps", kNps);
  NpsConstants out;
  const auto answers = in.member(object, "answers", JsonKind::kArray);
  if (!answers) return out;
  const std::vector<int64_t> counts = in.counts(*answers);
  if (in.status.ok() && counts.size() != out.counts.of.size()) {
    in.status = mistake("answers: want a count for each score from 0 to 10", *answers);
  }
  if (in.status.ok()) std::copy(counts.begin(), counts.end(), out.counts.of.begin());
  return out;
}

WeightConstants read_weights(JsonValue object, Reader& in) {
  static constexpr std::array<std::string_view, 3> kWeights{"weights", "low", "high"};
  in.known(object, "weights", kWeights);
  WeightConstants out;
  out.weights = in.doubles(object, "weights");
  out.low = in.doubles(object, "low");
  out.high = in.doubles(object, "high");
  if (!in.status.ok()) return out;
  if (out.low.size() != out.weights.size() || out.high.size() != out.weights.size()) {
    in.status = mistake("weights: want as many weights as bounds", object);
  }
  for (const double weight : out.weights) {
    if (in.status.ok() && !(weight >= 0 && weight <= 1)) {
      in.status = mistake("weights: a weight is 0 to 1", object);
    }
  }
  return out;
}

// The next of a list of ids; false, with a mistake, where it is none or not behind the last.
bool read_id(JsonValue value, WipedVector<CalibrationId>& out, Reader& in) {
  CalibrationId id;
  id.number = value.integer();
  id.text = value.string();
  const bool sound = value.is(JsonKind::kInt) || (value.is(JsonKind::kString) && !id.text.empty());
  if (!sound || (!out.empty() && !(out.back() < id))) {
    in.status = mistake("want ids of customers, ascending, each once", value);
    return false;
  }
  out.push_back(std::move(id));
  return true;
}

RankConstants::Class read_rank_class(JsonValue object, bool doubles, Reader& in) {
  static constexpr std::array<std::string_view, 2> kClass{"cut", "seats"};
  RankConstants::Class out;
  in.known(object, "a class", kClass);
  if (!in.status.ok()) return out;
  if (const auto cut = object.find("cut")) {
    const double number = in.number(*cut, "cut");
    if (in.status.ok() && !doubles && !cut->is(JsonKind::kInt)) {
      in.status = mistake("cut: " + cut->source() + " is no whole number", *cut);
    }
    out.cut = doubles ? order_key(number) : cut->integer();
  }
  const auto seats = object.find("seats");
  if (!seats || !in.status.ok()) return out;
  if (in.status = seats->require("seats", JsonKind::kArray); !in.status.ok()) return out;
  for (const JsonValue one : seats->items()) {
    if (!read_id(one, out.seats, in)) return out;
  }
  return out;
}

ReferralConstants::Group read_group(JsonValue object, std::string_view key, Reader& in) {
  static constexpr std::array<std::string_view, 7> kGroup{"customers", "bought", "repeated", "due",
                                                          "retained",  "mean",   "deviation"};
  ReferralConstants::Group out;
  const auto group = in.member(object, key, JsonKind::kObject);
  if (!group) return out;
  in.known(*group, key, kGroup);
  constexpr int64_t kMost = int64_t{1} << 40;
  out.customers = in.whole(*group, "customers", 0, kMost);
  out.bought = in.whole(*group, "bought", 0, kMost);
  out.repeated = in.whole(*group, "repeated", 0, kMost);
  out.due = in.whole(*group, "due", 0, kMost);
  out.retained = in.whole(*group, "retained", 0, kMost);
  for (const auto& [name, to] :
       {std::pair("mean", &out.mean), std::pair("deviation", &out.deviation)}) {
    const auto value = group->find(name);
    const bool there = value && !value->is(JsonKind::kNull);
    *to = there ? in.number(*value, name) : std::numeric_limits<double>::quiet_NaN();
  }
  return out;
}

ReferralConstants read_referral(JsonValue object, Reader& in) {
  static constexpr std::array<std::string_view, 3> kReferral{"referred", "others", "referrers"};
  ReferralConstants out;
  in.known(object, "referral", kReferral);
  out.referred = read_group(object, "referred", in);
  out.others = read_group(object, "others", in);
  const auto referrers = in.member(object, "referrers", JsonKind::kArray);
  if (!referrers) return out;
  for (const JsonValue one : referrers->items()) {
    std::array<int64_t, 7> numbers{};
    size_t i = 0;
    bool sound = one.is(JsonKind::kArray) && one.size() == 8;
    for (const JsonValue cell : one.items()) {
      if (i == 0 && sound && !read_id(cell, out.ids, in)) return out;
      if (i > 0 && sound) numbers[i - 1] = cell.integer();
      sound = sound && (i == 0 || cell.is(JsonKind::kInt));
      ++i;
    }
    if (!sound) {
      in.status = mistake("referrers: want an id and seven whole numbers", one);
      return out;
    }
    out.values.push_back(
        {numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], numbers[6]});
  }
  return out;
}

RankConstants read_rank(JsonValue object, Reader& in) {
  static constexpr std::array<std::string_view, 3> kRank{"doubles", "classes", "bins"};
  in.known(object, "rank", kRank);
  RankConstants out;
  if (const auto doubles = in.member(object, "doubles", JsonKind::kBool)) {
    out.doubles = doubles->boolean();
  }
  if (const auto classes = in.member(object, "classes", JsonKind::kArray)) {
    for (const JsonValue one : classes->items()) {
      out.classes.push_back(read_rank_class(one, out.doubles, in));
      if (!in.status.ok()) return out;
    }
  }
  if (const auto bins = in.member(object, "bins", JsonKind::kArray)) out.bins = in.counts(*bins);
  return out;
}

ModelConstants read_constants(JsonValue object, int64_t number, Reader& in) {
  static constexpr std::array<std::string_view, 7> kConstants{"from",    "rfm",  "ltv",     "nps",
                                                              "weights", "rank", "referral"};
  ModelConstants out;
  in.known(object, "a model", kConstants);
  out.from = in.whole(object, "from", 1, std::max<int64_t>(1, number));
  if (in.status.ok() && object.size() != 2) {
    in.status = mistake("a model has \"from\" and its constants", object);
  }
  if (!in.status.ok()) return out;
  if (const auto rfm = object.find("rfm")) {
    out.of = read_rfm(*rfm, in);
  } else if (const auto ltv = object.find("ltv")) {
    out.of = read_ltv(*ltv, in);
  } else if (const auto nps = object.find("nps")) {
    out.of = read_nps(*nps, in);
  } else if (const auto weights = object.find("weights")) {
    out.of = read_weights(*weights, in);
  } else if (const auto referral = object.find("referral")) {
    out.of = read_referral(*referral, in);
  } else {
    out.of = read_rank(*object.find("rank"), in);
  }
  return out;
}

Drift read_drift(JsonValue object, Reader& in) {
  static constexpr std::array<std::string_view, 3> kDrift{"of", "stability_index", "movers"};
  Drift out;
  in.known(object, "a drift", kDrift);
  out.of = in.text(object, "of");
  const auto index = object.find("stability_index"), movers = object.find("movers");
  if (in.status.ok() && (!index || !movers)) {
    in.status = mistake("a drift has \"of\", \"stability_index\" and \"movers\"", object);
  }
  if (!in.status.ok()) return out;
  out.stability_index = in.number(*index, "stability_index");
  out.movers = in.number(*movers, "movers");
  return out;
}

ModelReport read_report(JsonValue object, Reader& in) {
  static constexpr std::array<std::string_view, 5> kReport{"model", "verdict", "message",
                                                           "customers", "drift"};
  ModelReport out;
  in.known(object, "a report", kReport);
  out.model = in.text(object, "model");
  const std::string verdict = in.text(object, "verdict");
  out.message = in.text(object, "message");
  out.customers = in.whole(object, "customers", 0, std::numeric_limits<int64_t>::max());
  if (!in.status.ok()) return out;
  const auto found = std::find(kVerdicts.begin(), kVerdicts.end(), verdict);
  if (found == kVerdicts.end()) {
    in.status = mistake("verdict: there are calibrated, too_few and not_fitted", object);
    return out;
  }
  out.verdict = static_cast<ModelVerdict>(found - kVerdicts.begin());
  if (const auto drift = in.member(object, "drift", JsonKind::kArray)) {
    for (const JsonValue one : drift->items()) out.drift.push_back(read_drift(one, in));
  }
  return out;
}

CalibrationData read_data(JsonValue root, Reader& in) {
  constexpr int64_t kMost = int64_t{1} << 40;
  CalibrationData out;
  if (in.status.ok() && root.is(JsonKind::kObject) && root.find(kKeys[0])) {
    in.whole(root, kKeys[0], kVersion, kVersion);
  }
  in.known(root, "a calibration", kKeys);
  in.whole(root, kKeys[0], kVersion, kVersion);
  out.policy = in.text(root, "policy");
  out.number = in.whole(root, "number", 0, kMost);
  out.at = in.whole(root, "at", kMinTime, kEndTime - 1);
  out.customers = in.whole(root, "customers", 0, kMost);
  out.stages = in.whole(root, "stages", 0, kMost);
  out.stage = in.whole(root, "stage", 0, out.stages);
  if (const auto models = in.member(root, "models", JsonKind::kObject)) {
    for (const JsonValue one : models->items()) {
      ModelConstants read = read_constants(one, out.number, in);
      if (!in.status.ok()) return out;
      out.models.emplace(std::string(one.key()), std::move(read));
    }
  }
  if (const auto report = in.member(root, "report", JsonKind::kArray)) {
    for (const JsonValue one : report->items()) {
      out.report.push_back(read_report(one, in));
      if (!in.status.ok()) return out;
    }
  }
  return out;
}

}  // namespace

}  // namespace internal

inline namespace v0 {

std::string_view model_verdict_name(ModelVerdict verdict) {
  return internal::kVerdicts[static_cast<size_t>(verdict)];
}

Calibration::Calibration() : data_(std::make_shared<internal::CalibrationData>()) {}
Calibration::Calibration(std::shared_ptr<const internal::CalibrationData> data)
    : data_(std::move(data)) {}

int64_t Calibration::number() const { return data_->number; }
Micros Calibration::at() const { return data_->at; }
int64_t Calibration::customers() const { return data_->customers; }
bool Calibration::complete() const { return data_->stage == data_->stages; }
std::span<const ModelReport> Calibration::report() const { return data_->report; }
std::string Calibration::to_json() const { return internal::calibration_json(*data_); }

Result<Calibration> Calibration::parse(std::string_view json) {
  internal::JsonLimits limits;
  limits.bytes = size_t{1} << 30;
  const Result<internal::JsonDocument> document = internal::JsonDocument::parse(json, limits);
  if (!document.ok()) return document.status();
  internal::Reader in;
  internal::CalibrationData data = internal::read_data(document->root(), in);
  if (!in.status.ok()) return in.status;
  return Calibration(std::make_shared<internal::CalibrationData>(std::move(data)));
}

}  // namespace v0
}  // namespace patron
