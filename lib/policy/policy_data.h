// What a checked policy holds: the document as plain values, every name resolved, every expression
// compiled. Immutable once it is made.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/metrics/metric.h"
#include "patron/expression.h"
#include "patron/ltv.h"
#include "patron/money.h"
#include "patron/policy.h"
#include "patron/schema.h"
#include "patron/time.h"

namespace patron::internal {

// Limits of a document; docs/policy.md has them.
inline constexpr size_t kMaxPolicyBytes = 1u << 20;
inline constexpr int kMaxPolicyDepth = 32;
inline constexpr size_t kMaxStreams = 64;
inline constexpr size_t kMaxColumns = 256;
inline constexpr size_t kMaxAttributes = 1024;
inline constexpr size_t kMaxTags = 2048;
inline constexpr size_t kMaxModels = 32;
inline constexpr size_t kMaxClassifications = 64;
inline constexpr size_t kMaxClasses = 1024;
inline constexpr size_t kMaxActions = 256;
inline constexpr size_t kMaxPolicyRows = 256;  ///< of a scorecard, a funnel, a list of values
inline constexpr size_t kMaxEnumValues = 4096;
inline constexpr size_t kMaxChain = 64;  ///< values that read one another, one behind the other

/// A column of a stream, given or declared.
struct PolicyColumn {
  FieldSpec field;
  bool personal = false;
};

struct PolicyStream {
  std::string name;
  bool built_in = false;
  std::string key;  ///< the column of event keys; empty where there is none
  bool count_zero_amounts = false;
  std::string refund_of;  ///< the column that names a refund's order; empty: none does
  std::vector<PolicyColumn> columns;
  Schema schema;  ///< of its columns: what a `where` sees
};

// Windows and metrics are those of lib/metrics, under the names of the document's parts.
using PolicyWindow = Window;
using PolicyFollower = Follower;
using PolicyStep = FunnelStep;
using PolicyMetric = MetricSpec;

struct PolicyScorecardRow {
  std::optional<Expression> when;  ///< over tags; or else
  int stream = -1;                 ///< events of a stream, each with its points
  std::optional<Expression> where;
  double points = 0;
  std::optional<double> cap;
  std::optional<Period> half_life;
  std::string reason;
};

struct PolicyPlainLtv {
  std::string annual_spend;
  double years = 0;
  double margin = 1;
};

/// What a tag is when its facts say nothing.
enum class OnNull : int32_t { kClear, kKeep, kDefault };

/// What is kept of a customer's way through a classification that is no set of flags.
struct PolicyHistory {
  enum class What : uint8_t {
    kPrevious,  ///< the class before
    kSince,     ///< since when she is in hers
    kTimeIn,    ///< for how long
    kHighest,   ///< the best that she ever had: ladders and bands
    kMoves,     ///< how many changes of class there were
  } what = What::kSince;
  size_t classification = 0;
};

struct PolicyValue {
  PolicyTag tag;  ///< what users see
  MoneyUnit unit;
  bool ordered = false;
  bool personal = false;
  OnNull on_null = OnNull::kClear;
  std::string default_value;  ///< as JSON, for OnNull::kDefault
  std::optional<PolicyMetric> metric;
  std::optional<Expression> expression;
  std::vector<PolicyScorecardRow> scorecard;
  std::optional<PolicyPlainLtv> plain_ltv;
  std::optional<PolicyHistory> history;
  bool aside = false;   ///< history that nothing in the policy speaks of: Policy::tags omits it
  std::string pointer;  ///< of where it is declared
};

struct PolicyModel {
  enum class Kind : int32_t { kRfm, kLtv, kNps, kWeights, kReferral };
  std::string name;
  Kind kind = Kind::kRfm;
  std::optional<Period> window;
  // rfm
  int scores = 5;
  std::string method = "quantile", table = "eleven", octant = "mean";
  // ltv
  LtvModel ltv = LtvModel::kMbgNbd;
  bool spend = false;
  LtvUnit unit = LtvUnit::kWeek;
  Period horizon;
  double discount_per_year = 0;
  double penalty = 0;  ///< LtvFitOptions::penalty, of both fits
  // referral
  int depth = 3;
  double decay = 0.5;
  // weights; of referral: the value that customers are worth, or nothing
  std::vector<std::string> of;
  enum class Weights : int32_t { kGiven, kAhp, kEntropy } weights = Weights::kEntropy;
  std::vector<double> given;  ///< kGiven: each; kAhp: the matrix row by row
  int64_t min_customers = 0;
};

/// An expression of the document, and where it stands.
struct PlacedText {
  Expression expression;
  std::string pointer;
  int64_t offset = 0;
  bool of_profile = true;  ///< over tags; else over the columns of a stream
};

/// Where a customer goes who no longer stays.
struct PolicyLeave {
  enum class To : int32_t { kFirst, kNext, kNamed } to = To::kFirst;
  enum class At : int32_t {
    kNow,
    kMonthEnd,
    kYearEnd,
    kAnniversary,
    kClassAnniversary
  } at = At::kNow;
  std::string name;  ///< To::kNamed
};

struct PolicyStay {
  Period after;
  std::string action;
};

/// Words for people by language, in byte order of the languages: {"en", "Gold"}, {"zh", "金卡"}.
using PolicyWords = std::vector<std::pair<std::string, std::string>>;
/// Those of a language, or of a variant of it such as "zh-Hant"; else of en; else the first; ""
/// where there are none.
std::string_view words_in(const PolicyWords& words, std::string_view language);

struct PolicyClass {
  std::string name, label;  ///< the label as it is read without a language
  PolicyWords labels;       ///< of a label in several
  std::optional<Expression> enter, keep;
  std::optional<Period> min_dwell, grace, cool_down;
  PolicyLeave leave;
  std::optional<double> share, top_percent;
  std::optional<int64_t> top;
  std::vector<std::string> on_enter, on_leave;
  std::vector<PolicyStay> on_stay, ahead;
  std::string strategy;                                   ///< free JSON for the host
  size_t position = 0;                                    ///< in the list of the document
  int64_t offset = 0, enter_offset = 0, keep_offset = 0;  ///< bytes of the document
};

struct PolicyCap {
  int64_t moves = 0;
  Period per;
};

struct PolicyClassificationData {
  PolicyClassification seen;
  PolicyWords labels;  ///< of a label in several languages
  bool hold_unknown = false;
  std::vector<PolicyClass> classes;
  std::optional<PolicyCap> cap;
  std::string by;                          ///< rank
  std::optional<Expression> where;         ///< rank
  std::string of;                          ///< bands: a value
  std::vector<double> cuts;                ///< bands
  double hysteresis = 0;                   ///< bands
  int64_t hysteresis_offset = 0;           ///< byte of the document, or of the classification
  std::optional<Period> min_dwell, grace;  ///< bands
  std::string table;                       ///< grid: "rfm.eleven"
};

struct PolicyAction {
  std::string name;
  std::string params;  ///< free JSON for the host
  bool once = false, backfill = false;
  std::optional<Period> cool_down, delay, lead, every, until;
  std::string on_date;  ///< a date or timestamp of the profile
  std::optional<Expression> where;
  int64_t priority = 0;
  double control = 0;  ///< the share that is held back
};

enum class CalibrateEvery : int32_t { kNever, kDay, kWeek, kMonth, kQuarter, kYear };

struct PolicyData {
  std::string name, version, canonical, hash;
  std::string document;  ///< as it was given: keys in another order may order columns otherwise
  TimeZone zone;
  MoneyUnit money;
  Kind customer = Kind::kString;
  std::string joined;  ///< the attribute of joining; empty: the earliest fact
  std::vector<PolicyStream> streams;
  std::vector<std::string> identity_keys;
  std::vector<PolicyValue> values;  ///< in an order in which each stands behind what it reads
  std::vector<PolicyTag> tags;      ///< those that are not aside, as users see them
  std::vector<PolicyModel> models;
  CalibrateEvery calibrate = CalibrateEvery::kNever;
  int64_t min_customers = 0;
  std::vector<PolicyClassificationData> classifications;
  std::vector<PolicyClassification> seen_classifications;
  std::vector<PolicyAction> actions;
  Schema schema;
};

}  // namespace patron::internal
