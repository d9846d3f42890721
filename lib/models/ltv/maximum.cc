#include "lib/models/ltv/maximum.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "lib/models/ltv/rows.h"

namespace patron::internal::ltv {
namespace {

constexpr int64_t kScanPoints = 256;
constexpr int64_t kSamplePoints = 4096, kLargerSamplePoints = 65536;

/// How far a climb goes: on samples and to compare starts, or to the end.
constexpr ClimbOptions kRough{.enough = 1e-3, .least_gain = 1e-6}, kFine{};

// Log parameters that are tried first: all 1, and each of them somewhat below or above.
constexpr double kLow = -1.4, kHigh = 0.7;
constexpr size_t kStarts = 3;
// Where a pair of parameters grows together, customers become alike: starts of their own, since
// such an end may be higher than an optimum nearby.
constexpr double kAlike = 4;
// Sets of so few rows are climbed from every start before one is said to have no optimum.
constexpr int64_t kFewRows = 16384;

struct Start {
  LtvParameters at{};
  double value = 0;
};

class Search {
 public:
  Search(LtvModel model, const UniqueRows& rows, const MaximumSettings& settings, Watch* watch)
      : model_(model), rows_(rows), settings_(settings), watch_(watch) {}

  Result<Climb> run() {
    // Each sample is drawn from the one before it, the largest from all rows.
    UniqueRows larger, sample, few;
    const UniqueRows* from = &rows_;
    if (rows_.size() > 4 * kLargerSamplePoints) from = sampled(*from, kLargerSamplePoints, &larger);
    if (rows_.size() > 2 * kSamplePoints) from = sampled(*from, kSamplePoints, &sample);
    if (rows_.size() > 2 * kScanPoints) from = sampled(*from, kScanPoints, &few);
    if (Status status = scan(*from); !status.ok()) return status;
    if (sample.size() > 0) {
      Result<Climb> last = highest(sample);
      if (last.ok() && larger.size() > 0) last = climb(larger, last->log_parameters, kRough);
      if (last.ok()) last = climb(rows_, last->log_parameters, kFine);
      if (!last.ok() || last->verdict == LtvVerdict::kConverged) return last;
      keep(*last);
    }
    if (Status status = climb_all_starts(); !status.ok()) return status;
    if (best_.verdict == LtvVerdict::kConverged || rows_.size() > kFewRows) return best_;
    starts_.swap(others_);
    if (Status status = climb_all_starts(); !status.ok()) return status;
    return best_;
  }

 private:
  Objective objective(const UniqueRows& rows) const {
    return Objective(make_likelihood(model_, rows), rows, settings_.penalty, settings_.centre,
                     settings_.threads, watch_);
  }

  Result<Climb> climb(const UniqueRows& rows, const LtvParameters& start,
                      ClimbOptions options) const {
    Objective at = objective(rows);
    options.max_iterations = settings_.max_iterations;
    return climb_from(at, start, options);
  }

  static const UniqueRows* sampled(const UniqueRows& rows, int64_t points, UniqueRows* sample) {
    *sample = sample_rows(rows, points);
    return sample;
  }

  /// The best of the starting points on a small sample.
  Status scan(const UniqueRows& few) {
    Objective at = objective(few);
    const int n = at.parameters();
    for (int corner = -1; corner < 1 << n; ++corner) {
      Start start;
      for (int i = 0; i < n && corner >= 0; ++i)
        start.at[static_cast<size_t>(i)] = (corner >> i & 1) != 0 ? kHigh : kLow;
      const Result<Derivatives> value = at.evaluate(start.at);
      if (!value.ok()) return value.status();
      start.value = value->value;
      starts_.push_back(start);
    }
    std::stable_sort(starts_.begin(), starts_.end(),
                     [](const Start& a, const Start& b) { return a.value > b.value; });
    const size_t kept = std::min(starts_.size(), kStarts);
    others_.assign(starts_.begin() + static_cast<int64_t>(kept), starts_.end());
    starts_.resize(kept);
    const auto count = static_cast<size_t>(n);
    for (size_t i = count % 2; i + 1 < count; i += 2) {
      Start alike = starts_[0];
      alike.at[i] = alike.at[i + 1] = kAlike;
      starts_.push_back(alike);
    }
    return {};
  }

  /// Whether one climb ended where another should not have: higher by more than rounding, or no
  /// lower and at an optimum.
  static bool better(const Climb& a, const Climb& b) {
    const double noise = 1e-12 * std::max(1.0, std::abs(b.at.value));
    if (a.at.value > b.at.value + noise) return true;
    return a.at.value > b.at.value - noise && a.verdict == LtvVerdict::kConverged &&
           b.verdict != LtvVerdict::kConverged;
  }

  /// The highest that the starts lead to, roughly.
  Result<Climb> highest(const UniqueRows& rows) const {
    Climb best;
    for (size_t i = 0; i < starts_.size(); ++i) {
      Result<Climb> climbed = climb(rows, starts_[i].at, kRough);
      if (!climbed.ok()) return climbed.status();
      if (i == 0 || better(*climbed, best)) best = *climbed;
    }
    return best;
  }

  Status climb_all_starts() {
    Result<Climb> rough = highest(rows_);
    if (!rough.ok()) return rough.status();
    Result<Climb> last = climb(rows_, rough->log_parameters, kFine);
    if (!last.ok()) return last.status();
    last->iterations += rough->iterations;
    keep(*last);
    return {};
  }

  void keep(const Climb& climb) {
    if (!has_best_ || better(climb, best_)) best_ = climb;
    has_best_ = true;
  }

  const LtvModel model_;
  const UniqueRows& rows_;
  const MaximumSettings& settings_;
  Watch* watch_;
  std::vector<Start> starts_, others_;
  Climb best_;
  bool has_best_ = false;
};

}  // namespace

Result<Climb> find_maximum(LtvModel model, const UniqueRows& rows, const MaximumSettings& settings,
                           Watch* watch) {
  return Search(model, rows, settings, watch).run();
}

}  // namespace patron::internal::ltv
