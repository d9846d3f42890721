// A metric as a policy declares it: a verb over the events of a stream, its window and its filters.
//
//   {"count": "interactions", "where": "kind == 'view'", "window": "30d"}
//
// docs/metrics.md has each verb, and its definition as one SQL query.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/metrics/window.h"
#include "patron/expression.h"
#include "patron/time.h"

namespace patron::internal {

enum class Verb : int32_t {
  kCount,
  kSum,
  kMean,
  kMin,
  kMax,
  kFirst,
  kLast,
  kDistinct,
  kDaysActive,
  kShare,
  kTop,
  kStreak,
  kGapLast,
  kGapMean,
  kGapMedian,
  kGapCv,
  kTrend,
  kRatio,
  kOpen,
  kFunnel,
  kPath,
  kPoints,
};

/// "followed_by" and "not_followed_by": an order of events.
struct Follower {
  int stream = -1;
  std::optional<Expression> where;
  Period within;
  std::string same;  ///< a column that both must agree in; empty: none
  bool wanted = true;
};

struct FunnelStep {
  std::string name;
  int stream = -1;
  std::optional<Expression> where;
};

/// Which of the two that a referral is a fact of.
enum class ReferralSide : uint8_t { kReferrer, kReferred };

/// Streams are numbered as in the policy, columns as in PolicyStream::columns.
struct MetricSpec {
  Verb verb = Verb::kCount;
  int stream = -1;
  int column = -1;
  int by = -1;                                  ///< top: a column that weighs
  ReferralSide side = ReferralSide::kReferrer;  ///< of the stream `referrals`
  int64_t n = 1;
  std::optional<Expression> where;
  std::optional<Expression> closed_by;  ///< open
  int key = -1;                         ///< open: a column
  std::optional<Expression> each;       ///< points: of one event
  std::optional<double> cap;            ///< points: at most so many ...
  Period cap_per;                       ///< ... in this time
  std::optional<Period> expires;        ///< points; of a funnel, `within`
  std::optional<Period> every;          ///< streak, trend
  std::optional<Period> inactive_after;
  double inactive_share = 0;      ///< points: what part is lost for each such time without an event
  std::vector<FunnelStep> steps;  ///< funnel
  std::array<std::string, 2> parts;  ///< ratio: two tags
  std::optional<Follower> followed_by;
  Window window;
};

}  // namespace patron::internal
