#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "lib/base/int128.h"
#include "lib/models/nps/distribution.h"
#include "lib/models/referral/referral_options.h"
#include "patron/nps.h"
#include "patron/referral.h"

namespace patron {
inline namespace v0 {
namespace {

using internal::Int128;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// A rate is the satisfaction of a question with two answers, in a hundredth.
NpsMethod rate_method(double confidence) {
  NpsMethod method;
  method.question = Question::kCsat;
  method.scale = {0, 1, 1};
  method.interval = Interval::kScore;
  method.confidence = confidence;
  return method;
}

Counts counts_of(const ReferralRate& rate) {
  Counts counts;
  counts.of[0] = rate.of - rate.hits;
  counts.of[1] = rate.hits;
  return counts;
}

void estimate(ReferralRate& rate, double confidence) {
  rate.rate = rate.low = rate.high = kNone;
  if (rate.of == 0) return;
  const Result<Estimate> found = nps_estimate(counts_of(rate), rate_method(confidence));
  if (!found.ok()) return;
  rate.rate = static_cast<double>(rate.hits) / static_cast<double>(rate.of);
  rate.low = found->low / 100, rate.high = found->high / 100;
}

ReferralDifference difference(const ReferralRate& a, const ReferralRate& b, double confidence) {
  if (a.of == 0 || b.of == 0) return {kNone, kNone, kNone};
  const Result<Change> found = nps_difference(counts_of(a), counts_of(b), rate_method(confidence));
  if (!found.ok()) return {kNone, kNone, kNone};
  return {a.rate - b.rate, found->low / 100, found->high / 100};
}

// The sum is exact, and deviations are added up in the order of the values.
ReferralMean mean_of(std::span<const ReferralFacts> facts, double confidence) {
  ReferralMean out;
  out.of = static_cast<int64_t>(facts.size());
  out.mean = out.deviation = out.low = out.high = kNone;
  if (facts.empty()) return out;
  std::vector<int64_t> values;
  values.reserve(facts.size());
  Int128 sum = 0;
  for (const ReferralFacts& one : facts) values.push_back(one.value), sum += one.value;
  std::sort(values.begin(), values.end());
  const auto n = static_cast<double>(facts.size());
  out.mean = static_cast<double>(sum) / n;
  if (facts.size() < 2) return out;
  double squares = 0;
  for (const int64_t value : values) {
    const double apart = static_cast<double>(value) - out.mean;
    squares += apart * apart;
  }
  out.deviation = std::sqrt(squares / (n - 1));
  const double half = internal::student_quantile(confidence, n - 1) * out.deviation / std::sqrt(n);
  out.low = out.mean - half, out.high = out.mean + half;
  return out;
}

ReferralDifference difference(const ReferralMean& a, const ReferralMean& b, double confidence) {
  ReferralDifference out{a.mean - b.mean, kNone, kNone};
  if (a.of < 2 || b.of < 2) return out;
  const auto na = static_cast<double>(a.of), nb = static_cast<double>(b.of);
  const double va = a.deviation * a.deviation / na, vb = b.deviation * b.deviation / nb;
  if (va + vb == 0) return {out.difference, out.difference, out.difference};
  // Welch and Satterthwaite.
  const double degrees = (va + vb) * (va + vb) / (va * va / (na - 1) + vb * vb / (nb - 1));
  const double half = internal::student_quantile(confidence, degrees) * std::sqrt(va + vb);
  out.low = out.difference - half, out.high = out.difference + half;
  return out;
}

ReferralGroup group_of(std::span<const ReferralFacts> facts, double confidence) {
  ReferralGroup out;
  out.customers = out.conversion.of = static_cast<int64_t>(facts.size());
  for (const ReferralFacts& one : facts) {
    out.conversion.hits += one.bought ? 1 : 0;
    out.repeat.of += one.bought ? 1 : 0;
    out.repeat.hits += one.bought && one.repeated ? 1 : 0;
    out.retention.of += one.due ? 1 : 0;
    out.retention.hits += one.due && one.retained ? 1 : 0;
  }
  for (ReferralRate* rate : {&out.conversion, &out.repeat, &out.retention}) {
    estimate(*rate, confidence);
  }
  out.value = mean_of(facts, confidence);
  return out;
}

}  // namespace

Result<ReferralComparison> referral_compare(std::span<const ReferralFacts> referred,
                                            std::span<const ReferralFacts> others,
                                            const ReferralOptions& options) {
  if (Status status = internal::check_referral_options(options); !status.ok()) return status;
  ReferralComparison out;
  out.referred = group_of(referred, options.confidence);
  out.others = group_of(others, options.confidence);
  const double confidence = options.confidence;
  out.conversion = difference(out.referred.conversion, out.others.conversion, confidence);
  out.repeat = difference(out.referred.repeat, out.others.repeat, confidence);
  out.retention = difference(out.referred.retention, out.others.retention, confidence);
  out.value = difference(out.referred.value, out.others.value, confidence);
  return out;
}

}  // namespace v0
}  // namespace patron
