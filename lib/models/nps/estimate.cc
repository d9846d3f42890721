#include "lib/models/nps/estimate.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "lib/base/int128.h"
#include "lib/base/number_text.h"
#include "lib/models/nps/distribution.h"

namespace patron::internal {
namespace {

constexpr int64_t kMostResponses = int64_t{1} << 53;

// Not std::hypot, whose last bit and symbol changed in glibc 2.35: the same bytes on every glibc.
// Scores are too small to overflow.
double root_of_squares(double x, double y) { return std::sqrt(x * x + y * y); }

const char* name_of(Question question) {
  return question == Question::kNps ? "NPS" : question == Question::kCsat ? "CSAT" : "CES";
}

Status check_scale(const NpsMethod& method) {
  const Scale& scale = method.scale;
  if (scale.lowest < -1000 || scale.lowest > 1000 || scale.highest <= scale.lowest ||
      scale.highest - scale.lowest > 10)
    return {Code::kArgument, "the scale is " + std::to_string(scale.lowest) + " to " +
                                 std::to_string(scale.highest) +
                                 "; the highest score must be 1 to 10 above the lowest"};
  if (method.question == Question::kCsat &&
      (scale.top_boxes < 1 || scale.top_boxes >= points_of(scale)))
    return {Code::kArgument, "top_boxes is " + std::to_string(scale.top_boxes) +
                                 "; of a scale of " + std::to_string(points_of(scale)) +
                                 " give 1 to " + std::to_string(points_of(scale) - 1)};
  return {};
}

Status check_interval(Question question, Interval interval) {
  if (interval == Interval::kStudent && question != Question::kCes)
    return {Code::kArgument, std::string("Student's interval is of a mean, and ") +
                                 name_of(question) + " is none; take adjusted Wald or score"};
  if (question == Question::kCes &&
      (interval == Interval::kAdjustedWald || interval == Interval::kScore))
    return {Code::kArgument,
            "adjusted Wald and score intervals are of shares, and CES is a mean; take Student or "
            "Wald"};
  return {};
}

/// The middle between two bounds where `above` changes from true to false, to the last bit.
template <typename Above>
double bisect(double low, double high, const Above& above) {
  for (int i = 0; i < 200; i++) {
    const double middle = low + (high - low) / 2;
    if (middle <= std::min(low, high) || middle >= std::max(low, high)) break;
    (above(middle) ? low : high) = middle;
  }
  return low + (high - low) / 2;
}

/// Tango's score statistic of "p - d is `delta`": (1998), equations 6 to 10.
double tango(double promoters, double detractors, double n, double delta) {
  const double a = 2 * n;
  const double b = -detractors - promoters + (2 * n - promoters + detractors) * delta;
  const double c = -detractors * delta * (1 - delta);
  const double root = std::sqrt(std::max(0.0, b * b - 4 * a * c));
  const double q = b > 0 ? -2 * c / (root + b) : (root - b) / (2 * a);  // d where p - d is delta
  const double variance = std::max(0.0, n * (2 * q + delta * (1 - delta)));
  return (promoters - detractors - n * delta) / std::sqrt(variance);
}

}  // namespace

struct Estimator::Sample {
  int64_t count = 0;
  int64_t promoters = 0, passives = 0, detractors = 0;
  double n = 0;
  double mean = 0, variance = 0;  ///< CES: of the scores; the variance with n - 1
  double fpc = 1;                 ///< the finite population correction of a variance, 0 to 1
};

Result<Estimator> Estimator::make(const NpsMethod& method) {
  Estimator estimator;
  NpsMethod& used = estimator.method_;
  used = method;
  if (used.question == Question::kNps) used.scale = {0, 10, 2};
  if (Status status = check_scale(used); !status.ok()) return status;
  if (!(used.confidence > 0 && used.confidence < 1))
    return Status(Code::kArgument, "confidence is " + number_text(used.confidence) +
                                       "; it must lie between 0 and 1, such as 0.95");
  if (used.interval == Interval::kAuto)
    used.interval = used.question == Question::kNps    ? Interval::kAdjustedWald
                    : used.question == Question::kCsat ? Interval::kScore
                                                       : Interval::kStudent;
  if (Status status = check_interval(used.question, used.interval); !status.ok()) return status;
  estimator.z_ = normal_quantile(used.confidence);
  return estimator;
}

double Estimator::lowest_score() const {
  switch (method_.question) {
    case Question::kNps:
      return -100;
    case Question::kCsat:
      return 0;
    default:
      return method_.scale.lowest;
  }
}

double Estimator::highest_score() const {
  return method_.question == Question::kCes ? method_.scale.highest : 100;
}

Result<Estimator::Sample> Estimator::sample(const Counts& counts) const {
  Sample s;
  Int128 sum = 0, squares = 0;
  const int points = points_of(method_.scale);
  for (int i = 0; i < 11; i++) {
    const int64_t count = counts.of[static_cast<size_t>(i)];
    if (count < 0 || (i >= points && count != 0))
      return Status(Code::kArgument,
                    "counts[" + std::to_string(i) + "] is " + std::to_string(count) +
                        (count < 0 ? "; a count is 0 or more"
                                   : "; the scale has " + std::to_string(points) + " scores"));
    if (count > kMostResponses || s.count + count > kMostResponses)
      return Status(Code::kOverflow, "the counts add up to more than 2^53 responses");
    s.count += count;
    const int64_t score = method_.scale.lowest + i;
    sum += static_cast<Int128>(count) * score;
    squares += static_cast<Int128>(count) * score * score;
    const bool top = i >= points - method_.scale.top_boxes;
    if (method_.question == Question::kNps)
      (i >= 9 ? s.promoters : i >= 7 ? s.passives : s.detractors) += count;
    else if (method_.question == Question::kCsat)
      (top ? s.promoters : s.detractors) += count;
  }
  if (s.count == 0) return Status(Code::kEmpty, "all counts are zero; a score needs a response");
  s.n = static_cast<double>(s.count);
  if (counts.population) {
    if (*counts.population < s.count)
      return Status(Code::kArgument, "population is " + std::to_string(*counts.population) +
                                         ", fewer than the " + std::to_string(s.count) +
                                         " responses; it is the number of customers to ask");
    const double others = static_cast<double>(*counts.population - s.count);
    s.fpc = others == 0 ? 0 : others / static_cast<double>(*counts.population - 1);
  }
  if (method_.question != Question::kCes) return s;
  s.mean = static_cast<double>(sum) / s.n;
  if (s.count > 1) {
    // n sum(x^2) - sum(x)^2, exact, about the middle of the scale so that it fits 128 bits.
    const int64_t middle = method_.scale.lowest + 5;
    const Int128 first = sum - static_cast<Int128>(s.count) * middle;
    const Int128 second =
        squares - 2 * middle * sum + static_cast<Int128>(s.count) * middle * middle;
    s.variance = static_cast<double>(s.count * second - first * first) / (s.n * (s.n - 1));
  } else {
    s.variance = std::numeric_limits<double>::quiet_NaN();
  }
  return s;
}

double Estimator::score_of(const Sample& s) const {
  if (method_.question == Question::kCes) return s.mean;
  if (method_.question == Question::kCsat) return 100 * static_cast<double>(s.promoters) / s.n;
  return 100 * static_cast<double>(s.promoters - s.detractors) / s.n;
}

Estimator::Spread Estimator::adjusted(const Sample& s, double pseudo) const {
  const double n = s.n + pseudo;
  if (method_.question == Question::kCsat) {
    const double p = (static_cast<double>(s.promoters) + pseudo / 2) / n;
    return {100 * p, 100 * std::sqrt(p * (1 - p) / n * s.fpc)};
  }
  const double p = (static_cast<double>(s.promoters) + pseudo / 4) / n;
  const double d = (static_cast<double>(s.detractors) + pseudo / 4) / n;
  return {100 * (p - d), 100 * std::sqrt(std::max(0.0, p + d - (p - d) * (p - d)) / n * s.fpc)};
}

double Estimator::standard_error(const Sample& s) const {
  if (method_.question == Question::kCes) return std::sqrt(s.variance / s.n * s.fpc);
  return adjusted(s, 0).error;
}

Estimator::Bounds Estimator::score_bounds(const Sample& s, double z) const {
  const double zf = z * std::sqrt(s.fpc);
  const double score = score_of(s);
  if (zf == 0) return {score, score};
  const double promoters = static_cast<double>(s.promoters);
  const double detractors = static_cast<double>(s.detractors);
  if (method_.question == Question::kCsat) {  // Wilson (1927)
    const double p = promoters / s.n;
    const double middle = p + zf * zf / (2 * s.n);
    const double half = zf * std::sqrt(p * (1 - p) / s.n + zf * zf / (4 * s.n * s.n));
    const double scale = 100 / (1 + zf * zf / s.n);
    return {s.promoters == 0 ? 0 : scale * (middle - half),
            s.detractors == 0 ? 100 : scale * (middle + half)};
  }
  const double delta = (promoters - detractors) / s.n;
  const auto above = [&](double bound) {
    return [&, bound](double at) { return tango(promoters, detractors, s.n, at) > bound; };
  };
  const double low = s.detractors == s.count ? -1 : bisect(-1.0, delta, above(zf));
  const double high = s.promoters == s.count ? 1 : bisect(delta, 1.0, above(-zf));
  return {100 * low, 100 * high};
}

Estimator::Bounds Estimator::bounds(const Sample& s) const {
  Spread spread = {score_of(s), standard_error(s)};
  double z = z_;
  switch (method_.interval) {
    case Interval::kScore:
      return score_bounds(s, z_);
    case Interval::kAdjustedWald:
      // A census has no error, so the pseudo-responses shrink with the correction.
      spread = adjusted(s, (method_.question == Question::kNps ? 3 : z_ * z_) * s.fpc);
      break;
    case Interval::kStudent:
      if (s.count > 1) z = student_quantile(method_.confidence, s.n - 1);
      break;
    default:
      break;
  }
  if (s.fpc == 0) return {spread.score, spread.score};
  if (std::isnan(spread.error)) return {lowest_score(), highest_score()};
  return {spread.score - z * spread.error, spread.score + z * spread.error};
}

Result<Estimate> Estimator::estimate(const Counts& counts) const {
  Result<Sample> s = sample(counts);
  if (!s.ok()) return s.status();
  Estimate estimate;
  estimate.count = s->count;
  estimate.promoters = s->promoters;
  estimate.passives = s->passives;
  estimate.detractors = s->detractors;
  estimate.score = score_of(*s);
  estimate.standard_error = standard_error(*s);
  const Bounds found = bounds(*s);
  estimate.low = std::max(found.low, lowest_score());
  estimate.high = std::min(found.high, highest_score());
  return estimate;
}

Estimator::Bounds Estimator::square_and_add(const Sample& a, const Sample& b, double z) const {
  const Bounds of_a = score_bounds(a, z), of_b = score_bounds(b, z);
  const double score_a = score_of(a), score_b = score_of(b);
  const double difference = score_a - score_b;
  return {difference - root_of_squares(score_a - of_a.low, of_b.high - score_b),
          difference + root_of_squares(of_a.high - score_a, score_b - of_b.low)};
}

double Estimator::square_and_add_test(const Sample& a, const Sample& b) const {
  const double difference = score_of(a) - score_of(b);
  if (difference == 0) return 0;
  if (a.fpc == 0 && b.fpc == 0)
    return std::copysign(std::numeric_limits<double>::infinity(), difference);
  const auto apart = [&](double z) {
    const Bounds at = square_and_add(a, b, z);
    return difference > 0 ? at.low > 0 : at.high < 0;
  };
  double high = 1;
  while (apart(high) && high < 1e12) high *= 2;
  return std::copysign(bisect(0.0, high, apart), difference);
}

Change Estimator::student(const Sample& a, const Sample& b, Change change) const {
  const double of_a = a.variance / a.n * a.fpc, of_b = b.variance / b.n * b.fpc;
  const double both = of_a + of_b;
  change.degrees =
      both == 0 ? a.n + b.n - 2 : both * both / (of_a * of_a / (a.n - 1) + of_b * of_b / (b.n - 1));
  const double half = student_quantile(method_.confidence, change.degrees) * change.standard_error;
  change.low = change.difference - half;
  change.high = change.difference + half;
  return change;
}

Result<Change> Estimator::difference(const Counts& counts_a, const Counts& counts_b) const {
  const Result<Sample> a = sample(counts_a);
  if (!a.ok()) return Status(a.status().code(), "the first sample: " + a.status().message());
  const Result<Sample> b = sample(counts_b);
  if (!b.ok()) return Status(b.status().code(), "the second sample: " + b.status().message());
  if (method_.question == Question::kCes && (a->count < 2 || b->count < 2))
    return Status(Code::kArgument,
                  "a sample has one response; two means need at least two responses each");
  Change change;
  change.difference = score_of(*a) - score_of(*b);
  change.standard_error = root_of_squares(standard_error(*a), standard_error(*b));
  double middle = change.difference;
  if (method_.interval == Interval::kAdjustedWald) {
    const double pseudo = method_.question == Question::kNps ? 3 : 2;
    const Spread of_a = adjusted(*a, pseudo * a->fpc), of_b = adjusted(*b, pseudo * b->fpc);
    middle = of_a.score - of_b.score;
    change.standard_error = root_of_squares(of_a.error, of_b.error);
  }
  change.low = middle - z_ * change.standard_error;
  change.high = middle + z_ * change.standard_error;
  change.z = middle == 0 ? 0 : middle / change.standard_error;
  if (method_.interval == Interval::kScore) {
    const Bounds found = square_and_add(*a, *b, z_);
    change.low = found.low;
    change.high = found.high;
    change.z = square_and_add_test(*a, *b);
  }
  if (method_.interval == Interval::kStudent) change = student(*a, *b, change);
  change.p = change.degrees > 0 ? student_tail(change.z, change.degrees) : normal_tail(change.z);
  const double widest = highest_score() - lowest_score();
  change.low = std::max(change.low, -widest);
  change.high = std::min(change.high, widest);
  return change;
}

}  // namespace patron::internal

namespace patron {
inline namespace v0 {

Result<Estimate> nps_estimate(const Counts& counts, const NpsMethod& method) {
  const Result<internal::Estimator> estimator = internal::Estimator::make(method);
  return estimator.ok() ? estimator->estimate(counts) : estimator.status();
}

Result<Change> nps_difference(const Counts& a, const Counts& b, const NpsMethod& method) {
  const Result<internal::Estimator> estimator = internal::Estimator::make(method);
  return estimator.ok() ? estimator->difference(a, b) : estimator.status();
}

}  // namespace v0
}  // namespace patron
