// Calibration in an engine: when it is due, whom it looks at, and how its constants come into
// force.
#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <utility>

#include "lib/base/civil.h"
#include "lib/engine/calibration/calibration_fit.h"
#include "lib/engine/calibration/calibration_gather.h"
#include "lib/engine/calibration/calibration_names.h"
#include "lib/engine/engine_data.h"

namespace patron {
namespace internal {
namespace {

// Hides later facts, and puts draft constants into force where there are any, for as long as it
// lives.
class Viewpoint {
 public:
  Viewpoint(Settler& settler, Micros until, std::shared_ptr<const CalibrationData> draft)
      : settler_(settler), drafted_(draft != nullptr) {
    if (drafted_) {
      constants_ = settler.models().ready(std::move(draft));
      settler.exchange(constants_);
    }
    settler.hide_after(until);
  }
  ~Viewpoint() {
    settler_.hide_after(kEndTime);
    if (drafted_) settler_.exchange(constants_);
  }
  Viewpoint(const Viewpoint&) = delete;
  Viewpoint& operator=(const Viewpoint&) = delete;

 private:
  Settler& settler_;
  bool drafted_;
  ModelValues::InForce constants_;
};

// The first day of the period after that of a day.
Day first_day_after(Day day, CalibrateEvery every) {
  const CivilDate date = civil_from_day(day);
  const auto months = [&](int32_t step) {
    const int32_t month = ((date.year * 12 + date.month - 1) / step + 1) * step;
    return civil_to_day(month / 12, month % 12 + 1, 1);
  };
  switch (every) {
    case CalibrateEvery::kDay:
      return day + 1;
    case CalibrateEvery::kWeek:  // Mondays; day 0 was a Thursday
      return day + 7 - ((day + 3) % 7 + 7) % 7;
    case CalibrateEvery::kMonth:
      return months(1);
    case CalibrateEvery::kQuarter:
      return months(3);
    case CalibrateEvery::kYear:
      return months(12);
    case CalibrateEvery::kNever:
      break;
  }
  return day;
}

bool is_complete(const CalibrationData& data) { return data.stage == data.stages; }

// Whether two calibrations differ in nothing that reaches a customer's values.
bool same_constants(const CalibrationData& a, const CalibrationData& b) {
  CalibrationData x, y;
  x.models = a.models;
  y.models = b.models;
  return calibration_hash(x) == calibration_hash(y);
}

Status of_another_policy() { return {Code::kArgument, "the calibration is of another policy"}; }

}  // namespace

Status check_constants(const PolicyData& policy, const CalibrationData& data) {
  if (data.number > 0 && data.policy != policy.hash) {
    return of_another_policy();
  }
  for (const auto& [name, constants] : data.models) {
    bool sound = false;
    for (const PolicyModel& model : policy.models) {
      if (model.name != name) continue;
      switch (model.kind) {
        case PolicyModel::Kind::kRfm: {
          const auto* rfm = std::get_if<RfmConstants>(&constants.of);
          sound = rfm != nullptr && rfm->cuts.recency.bins() == model.scores &&
                  rfm->cuts.frequency.bins() == model.scores &&
                  rfm->cuts.monetary.bins() == model.scores;
          break;
        }
        case PolicyModel::Kind::kLtv: {
          const auto* ltv = std::get_if<LtvConstants>(&constants.of);
          sound = ltv != nullptr && ltv->purchases.model() == model.ltv &&
                  ltv->purchases.unit() == model.unit && ltv->spend.has_value() == model.spend;
          break;
        }
        case PolicyModel::Kind::kNps:
          sound = std::holds_alternative<NpsConstants>(constants.of);
          break;
        case PolicyModel::Kind::kReferral:
          sound = std::holds_alternative<ReferralConstants>(constants.of);
          break;
        case PolicyModel::Kind::kWeights: {
          const auto* weights = std::get_if<WeightConstants>(&constants.of);
          sound = weights != nullptr && weights->weights.size() == model.of.size();
          break;
        }
      }
    }
    for (const PolicyClassificationData& rank : policy.classifications) {
      if (rank.seen.name != name || rank.seen.kind != ClassificationKind::kRank) continue;
      const auto* found = std::get_if<RankConstants>(&constants.of);
      sound = found != nullptr && found->classes.size() == rank.classes.size();
    }
    if (!sound) {
      return {Code::kArgument,
              "the calibration has constants of " + name + " that do not go with the policy"};
    }
  }
  return {};
}

Micros EngineData::calibration_after(const PolicyData& of, Micros after) {
  if (of.calibrate == CalibrateEvery::kNever || calibration_plan(of).empty()) return kEndTime;
  Day day = of.zone.local_day(after);
  Micros t = after;
  while (t <= after) t = of.zone.start_of_day(day = first_day_after(day, of.calibrate));
  return std::min(t, kEndTime);
}

std::vector<uint32_t> EngineData::population(Micros until) const {
  if (idle_ && seen_ == members.size() && book.state().links == nullptr) {
    std::vector<uint32_t> everyone(members.size());
    std::iota(everyone.begin(), everyone.end(), 0U);
    return everyone;
  }
  std::vector<bool> in(members.size(), false);
  for (size_t row = 0; row < members.size(); ++row) in[row] = members[row].state.seen;
  std::map<uint32_t, EnginePending> coming;
  notes_.for_each([&](const EngineNote& note) {
    const uint32_t row = book.survivor(note.row);
    if (note.at <= until && !in[row]) coming[row].add(note);
  });
  for (const auto& [row, what] : coming) {
    in[row] = !is_nobody_yet(row, members[row].state, what, until);
  }
  std::vector<uint32_t> rows;
  for (uint32_t row = 0; row < members.size(); ++row) {
    if (in[row] && book.survivor(row) == row) rows.push_back(row);
  }
  return rows;
}

CalibrationSummary EngineData::summarise(Micros at, Micros until) {
  drain();
  const bool drafted = draft != nullptr && !is_complete(*draft);
  const Viewpoint viewpoint(settler, until, drafted ? draft : nullptr);
  CalibrationGatherer gather(policy.data(), drafted ? draft->stage : 0, settler, at);
  const std::vector<uint32_t> rows = population(until);
  // Whose facts of that very instant are hidden.
  std::set<uint32_t> apart;
  notes_.for_each([&](const EngineNote& note) {
    if (note.at > until && note.at <= at) apart.insert(book.survivor(note.row));
  });
  const StateOf states = [this](uint32_t row) -> const CustomerState& {
    return members[row].state;
  };
  gather.add_all(book.state(), rows, states, apart);
  if (auto measured = gather.take_measures()) measured_ = std::move(measured);
  return gather.finish();
}

Result<std::shared_ptr<const CalibrationData>> EngineData::calibrated(Micros at, Micros until) {
  // The draft that a host is at is there again afterwards, whatever happens.
  struct Restore {
    std::shared_ptr<const CalibrationData>& draft;
    std::shared_ptr<const CalibrationData> before;
    ~Restore() { draft = std::move(before); }
  } restore{draft, std::move(draft)};
  draft = nullptr;
  std::shared_ptr<const CalibrationData> found = settler.constants();
  do {
    Result<CalibrationData> next = calibrate_stage(policy.data(), summarise(at, until), *found);
    if (!next.ok()) return next.status();
    found = std::make_shared<CalibrationData>(*std::move(next));
    draft = found;
  } while (!is_complete(*found));
  return found;
}

Status EngineData::install(std::shared_ptr<const CalibrationData> constants, Micros t) {
  if (Status status = check_constants(policy.data(), *constants); !status.ok()) return status;
  if (!is_complete(*constants)) {
    draft = std::move(constants);
    return {};
  }
  const bool same = same_constants(*constants, *settler.constants());
  CalibrationNote note{constants->number, constants->at, constants->customers, constants->report,
                       0};
  grow(notes);
  settler.use(std::move(constants));
  notes.push_back(std::move(note));
  draft = nullptr;
  if (!same) {
    everyone_at_ = t;
    ++epoch_;
  }
  return {};
}

Status EngineData::settle_now() {
  if (claims_wait(clock)) settle_keys(clock);
  return settle_all(clock);
}

Status EngineData::pass_by_stops(Micros t, const Control& control) {
  const UnderWay here(under_way);
  Watch watch(control);
  if (Status stopped = watch.poll(0); !stopped.ok()) return stopped;
  if (is_late_alone(t)) {
    if (Status stopped = settle_late(watch); !stopped.ok()) return stopped;
  }
  const bool idle = decides_nothing();
  const Micros first = next();
  const PassTime time{first, t};
  for (Micros at = first; at <= t; at = next()) {
    // As nearly everybody is.
    bool done = false;
    Status stopped = idle ? settle_idle(time, watch, done) : settle_singly(time, watch, done);
    if (!stopped.ok()) return stopped;
    if (done) break;
    at = next();
    if (at > t) break;
    if (at == calibration_due_) {
      if (shard) {
        clock = at - 1;
        return {Code::kState, "a calibration is due at " + format_time(at) +
                                  ": merge the summaries of all parts, set the calibration, and "
                                  "advance again"};
      }
      Result<std::shared_ptr<const CalibrationData>> found = calibrated(at, at - 1);
      if (!found.ok()) return found.status();
      const Micros next_due = calibration_after(at);
      if (Status status = install(*std::move(found), at); !status.ok()) return status;
      calibration_due_ = next_due;
      clock = at;
    }
    if (claims_wait(at)) settle_keys(at);
    if (stopped = settle_all(at, watch, time.share(at)); !stopped.ok()) {
      clock = std::max(clock, at - 1);
      return stopped;
    }
  }
  clock = t;
  measured_.reset();
  return {};
}

}  // namespace internal

inline namespace v0 {

using internal::EngineData;

namespace {

// Where a calibration that is asked for now belongs: its instant, and the last of its facts.
struct Place {
  Micros at = 0, until = 0;
};

Place place_of(const EngineData& data) {
  const Micros due = data.calibration_due();
  if (data.shard && due == data.clock + 1) return {due, data.clock};
  return {data.clock, data.clock};
}

Status ready(const EngineData& data) {
  if (internal::calibration_plan(data.policy.data()).empty()) {
    return {Code::kState,
            "the policy has no models and no ranks, so there is nothing to calibrate"};
  }
  if (data.clock > kMinTime) return {};
  return {Code::kState, "nothing has happened yet; advance the clock before you calibrate"};
}

}  // namespace

Result<Calibration> Engine::calibrate() {
  EngineData& data = *data_;
  if (Status status = ready(data); !status.ok()) return status;
  if (data.shard) {
    return Status(Code::kState,
                  "a shard does not know the other customers: merge the summaries of all parts");
  }
  auto found = data.calibrated(data.clock, data.clock);
  if (!found.ok()) return found.status();
  const Status installed = data.install(*std::move(found), data.clock);
  if (!installed.ok()) return installed;
  if (Status settled = data.settle_now(); !settled.ok()) return settled;
  return calibration();
}

// One without constants says whose it is, too.
Calibration Engine::calibration() const {
  const auto& constants = data_->settler.constants();
  if (constants->number > 0) return Calibration(constants);
  auto empty = std::make_shared<internal::CalibrationData>(*constants);
  empty->policy = data_->policy.data().hash;
  return Calibration(std::move(empty));
}

Status Engine::set_calibration(const Calibration& calibration) {
  EngineData& data = *data_;
  data.drain();
  if (calibration.data().policy != data.policy.data().hash) return internal::of_another_policy();
  const Place place = place_of(data);
  const bool due = place.at > data.clock;
  Status status = data.install(calibration.shared(), place.at);
  if (!status.ok() || !calibration.complete()) return status;
  if (!due) return data.settle_now();
  data.reschedule();
  return status;
}

std::vector<CalibrationNote> Engine::calibrations() const { return data_->notes; }

std::optional<Micros> Engine::calibration_due() const {
  const Micros due = data_->calibration_due();
  return due < kEndTime ? std::optional(due) : std::nullopt;
}

Result<std::string> Engine::summary_for_merge() {
  if (Status status = ready(*data_); !status.ok()) return status;
  const Place place = place_of(*data_);
  return data_->summarise(place.at, place.until).to_bytes();
}

Result<std::string> Engine::merge_summaries(std::span<const std::string> parts) {
  if (parts.empty()) return Status(Code::kEmpty, "there are no summaries to merge");
  Result<internal::CalibrationSummary> all = internal::CalibrationSummary::parse(parts[0]);
  if (!all.ok()) return all.status();
  for (const std::string& bytes : parts.subspan(1)) {
    const Result<internal::CalibrationSummary> part = internal::CalibrationSummary::parse(bytes);
    if (!part.ok()) return part.status();
    if (Status status = all->merge(*part); !status.ok()) return status;
  }
  return all->to_bytes();
}

Result<Calibration> Engine::learn(std::string_view summary) const {
  const Result<internal::CalibrationSummary> parsed = internal::CalibrationSummary::parse(summary);
  if (!parsed.ok()) return parsed.status();
  const bool drafted = data_->draft != nullptr;
  const auto& former = drafted ? data_->draft : data_->settler.constants();
  Result<internal::CalibrationData> found =
      internal::calibrate_stage(data_->policy.data(), *parsed, *former);
  if (!found.ok()) return found.status();
  return Calibration(std::make_shared<internal::CalibrationData>(*std::move(found)));
}

}  // namespace v0
}  // namespace patron
