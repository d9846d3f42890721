// Feedback scores: NPS, CSAT and CES from raw responses, with intervals that hold for small
// samples.
//
//   patron::NpsOptions options;
//   options.score = "score", options.group = "country";
//   patron::Result<patron::NpsResult> result = patron::nps(responses, options);
//   result->overall[0].estimate.score;                       // -100 to 100, with low and high
//
// From counts alone, and two periods compared:
//
//   patron::Counts before{...}, now{...};                    // by score, 0 to 10
//   patron::Result<patron::Change> change = patron::nps_difference(now, before, {});
//
// What every number means, when to use which interval and where the formulas come from:
// docs/nps.md. The result is the same bytes for any number of threads and any order and chunking of
// the rows.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "patron/control.h"
#include "patron/status.h"
#include "patron/table.h"
#include "patron/time.h"

namespace patron {
inline namespace v0 {

/// What was asked, and so what the score is.
enum class Question : int32_t {
  kNps = 0,   ///< likelihood to recommend, 0 to 10: 100 (promoters - detractors) / count
  kCsat = 1,  ///< satisfaction: 100 (responses in the top boxes) / count
  kCes = 2,   ///< effort: the mean of the scores
};

/// How an interval is computed; docs/nps.md says when to use which.
enum class Interval : int32_t {
  kAuto = 0,          ///< NPS: kAdjustedWald; CSAT: kScore; CES: kStudent
  kWald = 1,          ///< score -+ z standard errors
  kAdjustedWald = 2,  ///< NPS: Rocks (2016), AW(3, T); CSAT: Agresti and Coull (1998)
  kScore = 3,    ///< NPS: the score test inverted, Tango (1998) as in Rocks (2016); CSAT: Wilson
  kStudent = 4,  ///< CES only: Student's t on the mean
};

/// The scale of a question. NPS has 0 to 10; the fields are looked at for CSAT and CES only.
struct Scale {
  int lowest = 1;
  int highest = 5;    ///< at most 10 above the lowest
  int top_boxes = 2;  ///< CSAT: how many of the best scores count as satisfied
  bool operator==(const Scale&) const = default;
};

/// How a score and its interval are computed from counts.
struct NpsMethod {
  Question question = Question::kNps;
  Scale scale;
  Interval interval = Interval::kAuto;
  double confidence = 0.95;  ///< of the interval: above 0, below 1
};

/// The responses of one sample by score: `of[0]` gave the lowest score of the scale, and so on. For
/// NPS, whoever only knows the three classes may count all promoters as 10, passives as 8 and
/// detractors as 0.
struct Counts {
  std::array<int64_t, 11> of{};
  /// How many customers there are to ask; the finite population correction. Without it, endless.
  std::optional<int64_t> population;
};

/// One score.
struct Estimate {
  int64_t count = 0;       ///< responses
  int64_t promoters = 0;   ///< NPS: 9 and 10; CSAT: satisfied; CES: 0
  int64_t passives = 0;    ///< NPS: 7 and 8; else 0
  int64_t detractors = 0;  ///< NPS: 0 to 6; CSAT: the others; CES: 0
  /// NPS: -100 to 100; CSAT: 0 to 100; CES: on its own scale.
  double score = 0;
  /// In the unit of the score; NaN for a CES of one response, which has no deviation.
  double standard_error = 0;
  double low = 0, high = 0;  ///< the interval, inside the domain of the score
};

/// One score from counts. Code::kArgument for a negative count, a count above the scale, a
/// population smaller than the sample, a confidence outside (0, 1), a scale that is none, or an
/// interval that the question has not; Code::kEmpty where all counts are zero; Code::kOverflow
/// where they add up to more than 2^53. Thread class: pure. Cost: constant; formulas: docs/nps.md.
Result<Estimate> nps_estimate(const Counts& counts, const NpsMethod& method);

/// The difference of two scores.
struct Change {
  double difference = 0;      ///< a - b, as observed
  double standard_error = 0;  ///< of it, as the interval's method estimates it
  double low = 0, high = 0;   ///< the interval, inside the domain of a difference
  double z = 0;               ///< the test statistic of "no difference"; t for kStudent
  double p = 1;               ///< two-sided
  /// kStudent: the degrees of freedom (Welch and Satterthwaite); else 0.
  double degrees = 0;
};

/// Whether two independent samples (two periods, two groups of customers) differ, and by how much:
/// a - b. Both by one method. kWald: z of the plain standard errors; infinite where both samples
/// have no variance and differ. kAdjustedWald: each sample with its own pseudo-responses (CSAT:
/// Agresti and Caffo 2000). kScore: the two score intervals joined by the square-and-add method
/// (Newcombe 1998, method 10; Zou and Donner 2008), z where that interval reaches zero. Errors as
/// nps_estimate; for kStudent also Code::kArgument where a sample has fewer than two responses.
/// Thread class: pure. Cost: constant.
Result<Change> nps_difference(const Counts& a, const Counts& b, const NpsMethod& method);

/// Responses to scores.
struct NpsOptions {
  std::string score;  ///< column: integer, decimal, float or double; whole numbers on the scale
  /// Column (integer or text): one score for each of its values.
  std::optional<std::string> group;
  /// Column (integer or text) that says which survey a row belongs to, "relational" or
  /// "transactional" for one. Kinds are never mixed: each has scores of its own. At most 64 kinds.
  std::optional<std::string> kind;
  /// Of the kind column: use only this kind (an integer as its digits).
  std::optional<std::string> only;

  /// Column of ids (integer or text): only the last response of each customer (and kind) counts.
  std::optional<std::string> customer;
  /// Column: date, timestamp or ISO 8601 text; needed for `customer`, `window` and `as_of`.
  std::optional<std::string> time;
  /// The instant of evaluation; rows after it wait. Without it, the newest time in the rows.
  std::optional<Micros> as_of;
  std::optional<Period> window;  ///< only rows in (as_of - window, as_of]; without it, all
  std::string timezone = "UTC";  ///< IANA name: of local days, and wall clocks without a zone

  /// Columns of topics that responses mention. A bool column is one topic, named as the column
  /// (null: not mentioned); the values of an integer or text column are topics (null: none).
  std::vector<std::string> topics;

  /// Customers there are to ask, for one score: not with `group`, nor with several kinds.
  std::optional<int64_t> population;
  NpsMethod method;

  bool refuse_bad_rows = true;  ///< false: the first bad row fails the call
  int threads = 1;              ///< 0: one for each core
  Control control;
};

/// Why a response was refused.
enum class ResponseRefusal : uint8_t {
  kNullScore = 1,
  kScoreNotFinite = 2,
  kScoreOutOfRange = 3,
  kScoreNotWhole = 4,
  kNullKind = 5,
  kKindOutOfRange = 6,   ///< an unsigned number above 2^63 - 1
  kGroupOutOfRange = 7,  ///< likewise
  kNullTime = 8,
  kTimeOutOfRange = 9,
  kTimeNotUnderstood = 10,
  kNullCustomer = 11,
  kCustomerOutOfRange = 12,  ///< an unsigned id above 2^63 - 1
};
/// "null score", "score outside the scale", ...
std::string_view refusal_reason(ResponseRefusal refusal);

/// The score of everybody of one kind.
struct KindEstimate {
  std::string kind;  ///< empty where there is no kind column
  Counts counts;     ///< enough to estimate again; NPS and CSAT: each class counted as one score
  Estimate estimate;
};

struct NpsResult {
  /// One row for each kind and group, in the order of their values (numbers by value, text by
  /// bytes, null last):
  ///   kind             utf8; only where a kind column is named
  ///   group            int64 or utf8, null for the rows without; only where a group is named
  ///   count            int64
  ///   promoters, passives, detractors   int64; NPS only
  ///   satisfied        int64; CSAT only
  ///   score, standard_error, low, high  double; a standard error that is none is null
  Table table;
  /// Everybody, by kind.
  std::vector<KindEstimate> overall;
  /// One row for each kind, topic column and topic, empty without topics: how the score of
  /// everybody would change without the responses that mention the topic.
  ///   kind           utf8; only where a kind column is named
  ///   topic          utf8
  ///   mentions       int64
  ///   score_with     double, of the responses that mention it
  ///   score_without  double, of the others; null where there are none
  ///   effect         double, score of everybody - score_without; null likewise
  ///   low, high      double, the interval of the effect; null likewise
  Table drivers;
  /// The refused rows: row int64 (zero-based), column utf8, reason utf8, in row order.
  Table refused;
  NpsMethod method;  ///< as used: the interval is never kAuto, the scale of NPS is 0 to 10
  int64_t rows = 0;  ///< rows read
  int64_t refused_rows = 0;
  int64_t waiting_rows = 0;     ///< after as_of
  int64_t old_rows = 0;         ///< before the window
  int64_t superseded_rows = 0;  ///< not the last of their customer and kind
  int64_t other_rows = 0;       ///< of other kinds than `only`
  Micros as_of = 0;             ///< 0 where no time is named
};

/// Responses to scores, by kind, by group, by topic. Code::kColumn, kType, kEmpty (no row that can
/// be used), kZone, kArgument (options), kLimit (more than 64 kinds, or 2^30 - 1 groups, for CES
/// 2^28 - 1, counted for each kind), kCancelled, kCallback; where refuse_bad_rows is false also
/// kNull, kNumber, kOverflow, kTime and kArgument (a score outside the scale), each with the row.
/// Thread class: pure. Cost: linear; one more pass for each topic column; scratch is 16 bytes a
/// group and thread, and with a time column 1 byte a row plus at most 64 a customer.
Result<NpsResult> nps(const Table& responses, const NpsOptions& options);

}  // namespace v0
}  // namespace patron
