// Referral value: whether customers who were brought by others are better ones, and what those who
// brought them are worth through them.
//
//   patron::ReferralComparison groups = *patron::referral_compare(referred, others);
//   groups.referred.conversion.rate, groups.conversion.low;        // and the difference
//   std::vector<patron::ReferrerValue> values = *patron::referral_chains(nodes);
//   values[anna].chain_value;            // of whom she brought, of whom they brought, ...
//
// Formulas: docs/calibration.md. Thread class of everything here: pure.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "patron/status.h"

namespace patron {
inline namespace v0 {

/// What is known of a customer, whoever brought her.
struct ReferralFacts {
  bool bought = false;
  bool repeated = false;  ///< bought on two days or more
  bool due = false;       ///< her first order is old enough that she could have stayed away
  bool retained = false;  ///< due, and bought lately
  int64_t value = 0;      ///< minor units
};

struct ReferralOptions {
  int depth = 3;             ///< generations that count in a chain, 1 to 10
  double decay = 0.5;        ///< each counts so much of the one before, 0 to 1
  double confidence = 0.95;  ///< of intervals, in (0, 1)
};

/// hits / of, with the score interval of Wilson (1927). NaN, all three, where `of` is 0.
struct ReferralRate {
  int64_t of = 0, hits = 0;
  double rate = 0, low = 0, high = 0;
};

/// A mean of minor units with Student's interval; low and high are NaN for fewer than two.
struct ReferralMean {
  int64_t of = 0;
  double mean = 0, deviation = 0;  ///< deviation: of the sample, with of - 1
  double low = 0, high = 0;
};

struct ReferralGroup {
  int64_t customers = 0;
  ReferralRate conversion;  ///< who bought, of all
  ReferralRate repeat;      ///< who bought again, of those
  ReferralRate retention;   ///< who stayed, of those who are due
  ReferralMean value;       ///< of all
};

/// The referred less the others. NaN where one of the two has none.
struct ReferralDifference {
  double difference = 0, low = 0, high = 0;
};

struct ReferralComparison {
  ReferralGroup referred, others;
  /// Of rates: the interval of Newcombe (1998, method 10); of the mean: Welch (1947).
  ReferralDifference conversion, repeat, retention, value;
};

/// The order of customers changes no bit. Code::kArgument for options out of their range. Cost: a
/// sort of the values.
Result<ReferralComparison> referral_compare(std::span<const ReferralFacts> referred,
                                            std::span<const ReferralFacts> others,
                                            const ReferralOptions& options = {});

/// A customer and who brought her: the row of another one, or -1.
struct ReferralNode {
  int64_t referrer = -1;
  ReferralFacts facts;
};

/// What a customer brought. Her own facts are no part of it.
struct ReferrerValue {
  int64_t referred = 0, converted = 0, repeated = 0, retained = 0;  ///< of whom she brought herself
  int64_t value = 0;  ///< minor units, of whom she brought herself
  /// sum decay^(k - 1) x the value of the k-th generation, for k = 1 to depth; half to even.
  int64_t chain_value = 0;
  int64_t generations = 0;  ///< of those within depth, how many there are
};

/// One for each node. Circles do no harm: within a chain everybody counts once, at her shortest
/// distance, and nobody in her own. Code::kArgument for a referrer that is no row (with the row)
/// and options out of their range, kOverflow where money exceeds int64. Cost: nodes x depth.
Result<std::vector<ReferrerValue>> referral_chains(std::span<const ReferralNode> nodes,
                                                   const ReferralOptions& options = {});

}  // namespace v0
}  // namespace patron
