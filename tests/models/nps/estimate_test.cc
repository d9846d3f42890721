// The arithmetic of feedback scores against published examples, second methods, and the truth that
// an interval is made to cover.
#include "lib/models/nps/estimate.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "lib/models/nps/distribution.h"

namespace patron::internal {
namespace {

NpsMethod method(Question question, Interval interval, double confidence = 0.95) {
  NpsMethod method;
  method.question = question;
  method.interval = interval;
  method.confidence = confidence;
  return method;
}

Counts nps_counts(int64_t promoters, int64_t passives, int64_t detractors) {
  Counts counts;
  counts.of[10] = promoters;
  counts.of[8] = passives;
  counts.of[0] = detractors;
  return counts;
}

/// On a scale of 1 to 5, of which 4 and 5 are satisfied.
Counts csat_counts(int64_t satisfied, int64_t all) {
  Counts counts;
  counts.of[4] = satisfied;
  counts.of[0] = all - satisfied;
  return counts;
}

Counts scores(const std::vector<int>& values, int lowest) {
  Counts counts;
  for (const int value : values) counts.of[static_cast<size_t>(value - lowest)]++;
  return counts;
}

Estimate estimate(const Counts& counts, Question question, Interval interval,
                  double confidence = 0.95) {
  const Result<Estimate> result = nps_estimate(counts, method(question, interval, confidence));
  EXPECT_TRUE(result.ok()) << result.status().message();
  return result.ok() ? *result : Estimate();
}

Estimate nps_of(const Counts& counts, Interval interval, double confidence = 0.95) {
  return estimate(counts, Question::kNps, interval, confidence);
}

TEST(NpsEstimate, CountsThreeClasses) {
  Counts counts;
  for (size_t i = 0; i < 11; i++) counts.of[i] = static_cast<int64_t>(i) + 1;
  const Estimate e = nps_of(counts, Interval::kAuto);
  EXPECT_EQ(e.count, 66);
  EXPECT_EQ(e.promoters, 10 + 11);
  EXPECT_EQ(e.passives, 8 + 9);
  EXPECT_EQ(e.detractors, 28);
  EXPECT_DOUBLE_EQ(e.score, -700.0 / 66);
}

// Tests of the R package NPS by B. Rocks (2.0): nps_(c(1, 2, 3)) is 1/3, nps_se_ of it 0.304; of
// (1, 0, 1) 0.707, of (0, 1, 1) 0.354, of (1, 1, 1) 0.471; its order is detractors first.
TEST(NpsEstimate, HasTheStandardErrorOfTheRPackage) {
  const auto error = [](int64_t d, int64_t n, int64_t p) {
    return nps_of(nps_counts(p, n, d), Interval::kWald).standard_error;
  };
  EXPECT_NEAR(nps_of(nps_counts(3, 2, 1), Interval::kWald).score, 100.0 / 3, 1e-12);
  EXPECT_NEAR(error(1, 2, 3), 30.4, 0.05);
  EXPECT_NEAR(error(1, 0, 1), 70.7, 0.05);
  EXPECT_NEAR(error(0, 1, 1), 35.4, 0.05);
  EXPECT_NEAR(error(1, 1, 1), 47.1, 0.05);
  EXPECT_EQ(error(0, 0, 1), 0);
}

// A net score is the difference of two paired proportions, of which the discordant pairs are the
// promoters and detractors. Fagerland, Lydersen and Laake, Statistical Analysis of Contingency
// Tables (2017), chapter 8, complete response before and after consolidation (Cavo et al. 2012; 6
// and 16 of 161), by the authors' R package contingencytables: Wald -0.1184 to -0.0058, Tango's
// score -0.1240 to -0.0054. Airway hyper-responsiveness (Bentur et al. 2009; 1 and 7 of 21):
// Tango -0.517 to -0.026. Three of three: -0.1230 to 1.
TEST(NpsEstimate, HasTheIntervalsOfPublishedExamples) {
  const Counts cavo = nps_counts(6, 161 - 22, 16);
  const Estimate wald = nps_of(cavo, Interval::kWald);
  EXPECT_NEAR(wald.score, -6.21, 0.005);
  EXPECT_NEAR(wald.low, -11.84, 0.005);
  EXPECT_NEAR(wald.high, -0.58, 0.005);
  const Estimate score = nps_of(cavo, Interval::kScore);
  EXPECT_NEAR(score.low, -12.40, 0.005);
  EXPECT_NEAR(score.high, -0.54, 0.005);
  const Estimate bentur = nps_of(nps_counts(1, 13, 7), Interval::kScore);
  EXPECT_NEAR(bentur.low, -51.7, 0.05);
  EXPECT_NEAR(bentur.high, -2.6, 0.05);
  const Estimate three = nps_of(nps_counts(3, 0, 0), Interval::kScore);
  EXPECT_NEAR(three.low, -12.30, 0.005);
  EXPECT_EQ(three.high, 100);
}

// A. Engelhardt, "Net Promoter Score confidence intervals 2" (cybaea.net, 2016): with a third in
// each class the 95 % interval is about 320 / sqrt(n) wide.
TEST(NpsEstimate, HasTheWidthOfARuleOfThumb) {
  const Estimate e = nps_of(nps_counts(341, 341, 341), Interval::kWald);
  EXPECT_NEAR((e.high - e.low) * std::sqrt(1023.0), 320, 0.5);
}

// Rocks (2016), AW(3, T), by hand: 5, 2 and 2 of 9 become 5.75 and 2.75 of 12; the score is 0.25,
// its variance (8.5 / 12 - 0.0625) / 12 = 0.0538194, and 1.959964 x 0.231990 = 0.454692.
TEST(NpsEstimate, AddsThreeResponsesForTheAdjustedWaldInterval) {
  const Estimate e = nps_of(nps_counts(5, 2, 2), Interval::kAdjustedWald);
  EXPECT_NEAR(e.score, 100.0 / 3, 1e-12);
  EXPECT_NEAR(e.low, -20.4692, 1e-4);
  EXPECT_NEAR(e.high, 70.4692, 1e-4);
  const Estimate usual = nps_of(nps_counts(5, 2, 2), Interval::kAuto);
  EXPECT_EQ(usual.low, e.low);
  // One promoter: 1.75 and 0.75 of 4, 0.25 -+ 1.959964 x 0.375.
  const Estimate one = nps_of(nps_counts(1, 0, 0), Interval::kAdjustedWald);
  EXPECT_NEAR(one.low, 25 - 73.49865, 1e-4);
  EXPECT_NEAR(one.high, 25 + 73.49865, 1e-4);
}

/// Tango's statistic with the detractors' share found by a search for the likelihood's maximum.
double score_by_search(double p, double q, double d, double delta) {
  double low = std::max(0.0, -delta), high = (1 - delta) / 2;
  const auto likelihood = [&](double x) {
    const auto term = [](double count, double share) {
      return count == 0 ? 0 : count * std::log(std::max(share, 1e-300));
    };
    return term(p, x + delta) + term(d, x) + term(q, 1 - delta - 2 * x);
  };
  for (int i = 0; i < 200; i++) {
    const double a = low + (high - low) / 3, b = high - (high - low) / 3;
    (likelihood(a) < likelihood(b) ? low : high) = likelihood(a) < likelihood(b) ? a : b;
  }
  const double n = p + q + d, x = (low + high) / 2;
  return (p - d - n * delta) / std::sqrt(n * (2 * x + delta - delta * delta));
}

TEST(NpsEstimate, EndsTheScoreIntervalWhereTheScoreTestRejects) {
  const double z = normal_quantile(0.9);
  for (const auto& [p, q, d] : std::vector<std::array<int, 3>>{
           {5, 3, 2}, {1, 0, 0}, {0, 4, 0}, {7, 0, 1}, {0, 3, 9}, {40, 35, 25}, {2, 90, 1}}) {
    const Estimate e = nps_of(nps_counts(p, q, d), Interval::kScore, 0.9);
    if (e.low > -100) {
      EXPECT_NEAR(score_by_search(p, q, d, e.low / 100), z, 1e-3) << p << " " << q << " " << d;
    }
    if (e.high < 100) {
      EXPECT_NEAR(score_by_search(p, q, d, e.high / 100), -z, 1e-3) << p << " " << q << " " << d;
    }
  }
}

TEST(NpsEstimate, IsFiniteAndInsideForAllSmallSamples) {
  for (const Interval interval : {Interval::kWald, Interval::kAdjustedWald, Interval::kScore}) {
    for (int n = 1; n <= 12; n++) {
      for (int p = 0; p <= n; p++) {
        for (int d = 0; p + d <= n; d++) {
          const Estimate e = nps_of(nps_counts(p, n - p - d, d), interval);
          ASSERT_TRUE(std::isfinite(e.standard_error));
          ASSERT_GE(e.low, -100);
          ASSERT_LE(e.high, 100);
          ASSERT_LE(e.low, e.high);
          if (interval == Interval::kScore) {
            ASSERT_LE(e.low, e.score);
            ASSERT_GE(e.high, e.score);
            ASSERT_GT(e.high - e.low, 10);
          }
          // Promoters and detractors exchanged, the interval is mirrored.
          const Estimate mirrored = nps_of(nps_counts(d, n - p - d, p), interval);
          ASSERT_NEAR(mirrored.low, -e.high, 1e-9);
          ASSERT_NEAR(mirrored.high, -e.low, 1e-9);
        }
      }
    }
  }
}

/// The share of all samples of n, weighted by how likely they are, whose interval holds the truth.
double coverage(int n, double p, double d, Question question, Interval interval) {
  double covered = 0, all = 0;
  for (int i = 0; i <= n; i++) {
    for (int j = 0; i + j <= n; j++) {
      const int k = n - i - j;
      if ((d == 0 && j > 0) || (p + d == 1 && k > 0)) continue;
      const double log_of =
          std::lgamma(n + 1.0) - std::lgamma(i + 1.0) - std::lgamma(j + 1.0) - std::lgamma(k + 1.0);
      const double weight = std::exp(log_of + i * std::log(p) + (j > 0 ? j * std::log(d) : 0) +
                                     (k > 0 ? k * std::log(1 - p - d) : 0));
      const Estimate e = question == Question::kNps
                             ? estimate(nps_counts(i, k, j), question, interval)
                             : estimate(csat_counts(i, n), question, interval);
      const double truth = question == Question::kNps ? 100 * (p - d) : 100 * p;
      all += weight;
      if (e.low <= truth + 1e-9 && truth <= e.high + 1e-9) covered += weight;
    }
  }
  EXPECT_NEAR(all, 1, 1e-9);
  return covered;
}

// Every sample of 10 and of 30 responses, without chance: what Rocks (2016) found by simulation,
// that Wald's interval covers too little and the other two about as often as they say.
TEST(NpsEstimate, CoversTheTruthAsOftenAsItSays) {
  for (const int n : {10, 30}) {
    double wald = 0, adjusted = 0, score = 0;
    int cases = 0;
    for (const double p : {0.2, 0.35, 0.5, 0.65}) {
      for (const double d : {0.05, 0.15, 0.3}) {
        cases++;
        wald += coverage(n, p, d, Question::kNps, Interval::kWald);
        const double of_adjusted = coverage(n, p, d, Question::kNps, Interval::kAdjustedWald);
        const double of_score = coverage(n, p, d, Question::kNps, Interval::kScore);
        EXPECT_GT(of_adjusted, 0.92) << n << " " << p << " " << d;
        EXPECT_GT(of_score, 0.92) << n << " " << p << " " << d;
        adjusted += of_adjusted;
        score += of_score;
      }
    }
    EXPECT_NEAR(adjusted / cases, 0.955, 0.012) << n;
    EXPECT_NEAR(score / cases, 0.955, 0.012) << n;
    EXPECT_LT(wald / cases, adjusted / cases - (n == 10 ? 0.02 : 0.005)) << n;
  }
}

TEST(CsatEstimate, CoversTheTruthAsOftenAsItSays) {
  double score = 0, wald = 0;
  const int cases = 19;
  for (int i = 1; i <= cases; i++) {
    const double p = i / 20.0;
    score += coverage(20, p, 1 - p, Question::kCsat, Interval::kScore);
    wald += coverage(20, p, 1 - p, Question::kCsat, Interval::kWald);
  }
  EXPECT_NEAR(score / cases, 0.95, 0.01);
  EXPECT_LT(wald / cases, 0.93);
}

// 13 of 16: Wilson 0.5699 to 0.9341 (Fagerland, Lydersen and Laake 2017, chapter 2; Ligarden et al.
// 2010). None of 10: Agresti and Coull, by hand, 1.920729 of 13.841459 = 0.138766, and to 0.320887.
TEST(CsatEstimate, HasTheIntervalsOfPublishedExamples) {
  const Estimate wilson = estimate(csat_counts(13, 16), Question::kCsat, Interval::kAuto);
  EXPECT_EQ(wilson.score, 81.25);
  EXPECT_EQ(wilson.promoters, 13);
  EXPECT_EQ(wilson.detractors, 3);
  EXPECT_NEAR(wilson.low, 56.99, 0.005);
  EXPECT_NEAR(wilson.high, 93.41, 0.005);
  EXPECT_NEAR(wilson.standard_error, 100 * std::sqrt(0.8125 * 0.1875 / 16), 1e-12);
  const Estimate none = estimate(csat_counts(0, 10), Question::kCsat, Interval::kAdjustedWald);
  EXPECT_EQ(none.low, 0);
  EXPECT_NEAR(none.high, 32.0887, 1e-3);
  // No Wilson interval leaves 0 to 1: of none of 10 it is z^2 / (10 + z^2).
  const Estimate zero = estimate(csat_counts(0, 10), Question::kCsat, Interval::kScore);
  EXPECT_EQ(zero.low, 0);
  EXPECT_NEAR(zero.high, 100 * 3.841459 / 13.841459, 1e-4);
}

TEST(CsatEstimate, CountsTheTopBoxes) {
  NpsMethod asked = method(Question::kCsat, Interval::kScore);
  asked.scale = {1, 7, 3};
  const Result<Estimate> e = nps_estimate(scores({1, 4, 5, 6, 7, 7}, 1), asked);
  ASSERT_TRUE(e.ok());
  EXPECT_EQ(e->promoters, 4);
  EXPECT_NEAR(e->score, 100.0 * 4 / 6, 1e-12);
}

// 3, 5, 5 and 7: mean 5, variance 8/3, standard error 0.816497; t of 3 degrees is 3.182446.
TEST(CesEstimate, IsTheMeanWithStudentsInterval) {
  NpsMethod asked = method(Question::kCes, Interval::kAuto);
  asked.scale = {1, 7, 1};
  const Result<Estimate> e = nps_estimate(scores({3, 5, 5, 7}, 1), asked);
  ASSERT_TRUE(e.ok());
  EXPECT_EQ(e->score, 5);
  EXPECT_NEAR(e->standard_error, 0.816497, 1e-6);
  EXPECT_NEAR(e->low, 5 - 3.182446 * 0.816497, 1e-5);
  EXPECT_EQ(e->high, 7);  // not 7.6
  EXPECT_EQ(e->promoters, 0);
  asked.interval = Interval::kWald;
  EXPECT_NEAR(nps_estimate(scores({3, 5, 5, 7}, 1), asked)->low, 5 - 1.959964 * 0.816497, 1e-5);
}

TEST(CesEstimate, KnowsNothingFromOneResponse) {
  NpsMethod asked = method(Question::kCes, Interval::kAuto);
  asked.scale = {1, 7, 1};
  const Result<Estimate> e = nps_estimate(scores({6}, 1), asked);
  ASSERT_TRUE(e.ok());
  EXPECT_EQ(e->score, 6);
  EXPECT_TRUE(std::isnan(e->standard_error));
  EXPECT_EQ(e->low, 1);
  EXPECT_EQ(e->high, 7);
}

TEST(CesEstimate, HasTheVarianceOfTheDefinition) {
  std::mt19937_64 random(7);
  NpsMethod asked = method(Question::kCes, Interval::kWald);
  asked.scale = {-1000, -990, 1};
  for (int round = 0; round < 50; round++) {
    std::vector<int> values;
    for (int i = 0; i < 3 + round; i++) values.push_back(-1000 + static_cast<int>(random() % 11));
    double mean = 0, squares = 0;
    for (const int v : values) mean += v / static_cast<double>(values.size());
    for (const int v : values) squares += (v - mean) * (v - mean);
    const double n = static_cast<double>(values.size());
    EXPECT_NEAR(nps_estimate(scores(values, -1000), asked)->standard_error,
                std::sqrt(squares / (n - 1) / n), 1e-9);
  }
}

// The 95 % intervals of 20,000 samples of 25 hold the true mean in about 95 %; seeded.
TEST(CesEstimate, CoversTheTruthAsOftenAsItSays) {
  std::mt19937_64 random(11);
  NpsMethod asked = method(Question::kCes, Interval::kStudent);
  asked.scale = {1, 7, 1};
  int covered = 0;
  for (int sample = 0; sample < 20'000; sample++) {
    Counts counts;
    for (int i = 0; i < 25; i++) counts.of[random() % 7]++;
    const Result<Estimate> e = nps_estimate(counts, asked);
    covered += e->low <= 4 && 4 <= e->high;
  }
  EXPECT_NEAR(covered / 20'000.0, 0.95, 0.006);
}

TEST(FinitePopulation, ShrinksTheErrorToNothing) {
  // sqrt((100 - 10) / 99) = 0.9534626
  Counts counts = nps_counts(5, 3, 2);
  const double endless = nps_of(counts, Interval::kWald).standard_error;
  counts.population = 100;
  EXPECT_NEAR(nps_of(counts, Interval::kWald).standard_error, 0.9534626 * endless, 1e-5);
  for (const Interval interval : {Interval::kWald, Interval::kAdjustedWald, Interval::kScore}) {
    double width = 1e9;
    for (const int64_t population : {1'000'000, 1000, 100, 20, 11, 10}) {
      counts.population = population;
      const Estimate e = nps_of(counts, interval);
      EXPECT_LT(e.high - e.low, width);
      width = e.high - e.low;
    }
    EXPECT_EQ(width, 0);
    EXPECT_EQ(nps_of(counts, interval).low, 30);
  }
  Counts satisfied = csat_counts(7, 10);
  satisfied.population = 10;
  for (const Interval interval : {Interval::kAdjustedWald, Interval::kScore}) {
    EXPECT_NEAR(estimate(satisfied, Question::kCsat, interval).low, 70, 1e-12);
    EXPECT_NEAR(estimate(satisfied, Question::kCsat, interval).high, 70, 1e-12);
  }
  // A census of one has no error either.
  Counts one = nps_counts(1, 0, 0);
  one.population = 1;
  EXPECT_EQ(nps_of(one, Interval::kAuto).low, 100);
}

TEST(NpsDifference, HasTheZOfTwoWaldErrors) {
  // 0.3 and 0.1 with variances 0.61 / 100 and 0.69 / 100: 0.2 / sqrt(0.013) = 1.754116, and
  // p = 0.079411 (normal tail by Python's statistics.NormalDist).
  const Result<Change> c = nps_difference(nps_counts(50, 30, 20), nps_counts(40, 30, 30),
                                          method(Question::kNps, Interval::kWald));
  ASSERT_TRUE(c.ok());
  EXPECT_NEAR(c->difference, 20, 1e-12);
  EXPECT_NEAR(c->standard_error, 11.401754, 1e-6);
  EXPECT_NEAR(c->z, 1.754116, 1e-6);
  EXPECT_NEAR(c->p, 0.079411, 1e-6);
  EXPECT_NEAR(c->low, -2.347, 1e-3);
  EXPECT_NEAR(c->high, 42.347, 1e-3);
  EXPECT_EQ(c->degrees, 0);
}

// Each sample with three responses more: 50.75 and 20.75 of 103, 40.75 and 30.75 of 103.
TEST(NpsDifference, AddsThreeResponsesToEachSampleForAdjustedWald) {
  const Result<Change> c = nps_difference(nps_counts(50, 30, 20), nps_counts(40, 30, 30),
                                          method(Question::kNps, Interval::kAuto));
  ASSERT_TRUE(c.ok());
  const double a = 30.0 / 103, b = 10.0 / 103, both = 71.5 / 103;
  const double error = std::sqrt((2 * both - a * a - b * b) / 103);
  EXPECT_NEAR(c->difference, 20, 1e-12);
  EXPECT_NEAR(c->standard_error, 100 * error, 1e-9);
  EXPECT_NEAR(c->z, (a - b) / error, 1e-9);
  EXPECT_NEAR(c->low, 100 * (a - b - 1.959963984540054 * error), 1e-9);
}

// Newcombe (1998), "Interval estimation for the difference between independent proportions",
// Statistics in Medicine 17, table II, method 10 (and method 1, Wald, for the first).
TEST(NpsDifference, HasNewcombesIntervalsForShares) {
  struct Case {
    int x, m, y, n;
    double low, high;
  };
  for (const Case& c : {Case{56, 70, 48, 80, 5.24, 33.39}, Case{9, 10, 3, 10, 17.05, 80.90},
                        Case{6, 7, 2, 7, 5.82, 80.62}, Case{5, 56, 0, 29, -3.81, 19.26},
                        Case{0, 10, 0, 20, -16.11, 27.75}, Case{0, 10, 0, 10, -27.75, 27.75},
                        Case{10, 10, 0, 20, 67.91, 100}, Case{10, 10, 0, 10, 60.75, 100}}) {
    const Result<Change> found = nps_difference(csat_counts(c.x, c.m), csat_counts(c.y, c.n),
                                                method(Question::kCsat, Interval::kScore));
    ASSERT_TRUE(found.ok());
    EXPECT_NEAR(found->low, c.low, 0.0051) << c.x << "/" << c.m;
    EXPECT_NEAR(found->high, c.high, 0.0051) << c.x << "/" << c.m;
  }
  const Result<Change> wald = nps_difference(csat_counts(56, 70), csat_counts(48, 80),
                                             method(Question::kCsat, Interval::kWald));
  EXPECT_NEAR(wald->low, 5.75, 0.005);
  EXPECT_NEAR(wald->high, 34.25, 0.005);
}

// Agresti and Caffo (2000): one success and one failure more in each, 57 of 72 and 49 of 82.
TEST(NpsDifference, AddsTwoResponsesToEachSampleForShares) {
  const Result<Change> c = nps_difference(csat_counts(56, 70), csat_counts(48, 80),
                                          method(Question::kCsat, Interval::kAdjustedWald));
  const double a = 57.0 / 72, b = 49.0 / 82;
  const double error = std::sqrt(a * (1 - a) / 72 + b * (1 - b) / 82);
  EXPECT_NEAR(c->low, 100 * (a - b - 1.959963984540054 * error), 1e-9);
  EXPECT_NEAR(c->high, 100 * (a - b + 1.959963984540054 * error), 1e-9);
}

// Who asked everybody knows both scores, so that every difference is one.
TEST(NpsDifference, OfTwoCensusesIsCertain) {
  Counts now = nps_counts(6, 2, 2), before = nps_counts(5, 2, 3);
  now.population = before.population = 10;
  for (const Interval interval : {Interval::kWald, Interval::kAdjustedWald, Interval::kScore}) {
    const NpsMethod how = method(Question::kNps, interval);
    const Result<Change> up = nps_difference(now, before, how);
    const Result<Change> down = nps_difference(before, now, how);
    ASSERT_TRUE(up.ok() && down.ok());
    EXPECT_EQ(up->z, std::numeric_limits<double>::infinity());
    EXPECT_EQ(down->z, -std::numeric_limits<double>::infinity());
    EXPECT_EQ(up->p, 0);
    EXPECT_NEAR(up->low, 20, 1e-12);
    EXPECT_NEAR(up->high, 20, 1e-12);
    EXPECT_EQ(nps_difference(now, now, how)->z, 0);
  }
}

TEST(NpsDifference, ItsScoreTestAgreesWithItsInterval) {
  for (const double confidence : {0.8, 0.95, 0.99}) {
    for (int promoters = 1; promoters < 30; promoters += 3) {
      const Result<Change> c =
          nps_difference(nps_counts(promoters, 5, 30 - promoters), nps_counts(15, 8, 17),
                         method(Question::kNps, Interval::kScore, confidence));
      ASSERT_TRUE(c.ok());
      EXPECT_EQ(c->p<1 - confidence, c->low> 0 || c->high < 0) << promoters;
      EXPECT_LE(c->low, c->difference);
      EXPECT_GE(c->high, c->difference);
      const Result<Change> back =
          nps_difference(nps_counts(15, 8, 17), nps_counts(promoters, 5, 30 - promoters),
                         method(Question::kNps, Interval::kScore, confidence));
      EXPECT_NEAR(back->z, -c->z, 1e-9);
      EXPECT_NEAR(back->low, -c->high, 1e-9);
    }
  }
}

// 3, 5, 5, 7 against 2, 3, 4: t = 2 / sqrt(2/3 + 1/3) = 2, and Welch's degrees of freedom are
// 1 / ((2/3)^2 / 3 + (1/3)^2 / 2) = 4.909091.
TEST(NpsDifference, IsWelchsForMeans) {
  NpsMethod asked = method(Question::kCes, Interval::kAuto);
  asked.scale = {1, 7, 1};
  const Result<Change> c = nps_difference(scores({3, 5, 5, 7}, 1), scores({2, 3, 4}, 1), asked);
  ASSERT_TRUE(c.ok());
  EXPECT_NEAR(c->difference, 2, 1e-12);
  EXPECT_NEAR(c->z, 2, 1e-12);
  EXPECT_NEAR(c->degrees, 4.909091, 1e-6);
  EXPECT_NEAR(c->p, student_tail(2, c->degrees), 1e-12);
  EXPECT_NEAR(c->high, 2 + student_quantile(0.95, c->degrees), 1e-9);
  EXPECT_EQ(nps_difference(scores({3}, 1), scores({2, 3}, 1), asked).status().code(),
            Code::kArgument);
}

TEST(NpsDifference, IsFiniteForAllSmallSamples) {
  for (const Interval interval : {Interval::kAdjustedWald, Interval::kScore}) {
    for (int a = 0; a < 27; a++) {
      for (int b = 0; b < 27; b++) {
        const Counts first = nps_counts(a / 9, a / 3 % 3, a % 3);
        const Counts second = nps_counts(b / 9, b / 3 % 3, b % 3);
        const Result<Change> c = nps_difference(first, second, method(Question::kNps, interval));
        if (a == 0 || b == 0) {
          ASSERT_EQ(c.status().code(), Code::kEmpty);
          continue;
        }
        ASSERT_TRUE(std::isfinite(c->z));
        ASSERT_GE(c->p, 0);
        ASSERT_LE(c->p, 1);
        ASSERT_GE(c->low, -200);
        ASSERT_LE(c->high, 200);
      }
    }
  }
}

TEST(NpsDifference, WaldWithoutVarianceIsCertain) {
  const NpsMethod wald = method(Question::kNps, Interval::kWald);
  const Result<Change> apart = nps_difference(nps_counts(3, 0, 0), nps_counts(0, 0, 2), wald);
  EXPECT_EQ(apart->z, INFINITY);
  EXPECT_EQ(apart->p, 0);
  const Result<Change> same = nps_difference(nps_counts(3, 0, 0), nps_counts(1, 0, 0), wald);
  EXPECT_EQ(same->z, 0);
  EXPECT_EQ(same->p, 1);
}

TEST(NpsEstimate, RefusesWhatIsNoSample) {
  const auto code = [](const Counts& counts, const NpsMethod& asked) {
    return nps_estimate(counts, asked).status().code();
  };
  const NpsMethod plain;
  EXPECT_EQ(code(Counts(), plain), Code::kEmpty);
  Counts counts = nps_counts(1, -1, 1);
  EXPECT_EQ(code(counts, plain), Code::kArgument);
  counts = nps_counts(1, int64_t{1} << 53, 1);
  EXPECT_EQ(code(counts, plain), Code::kOverflow);
  counts = nps_counts(3, 3, 3);
  counts.population = 8;
  const Status few = nps_estimate(counts, plain).status();
  EXPECT_EQ(few.code(), Code::kArgument);
  EXPECT_NE(few.message().find("population is 8, fewer than the 9"), std::string::npos);
  NpsMethod csat;
  csat.question = Question::kCsat;
  EXPECT_EQ(code(nps_counts(1, 0, 0), csat), Code::kArgument);  // 10 is above 1 to 5
}

TEST(NpsEstimate, RefusesWhatIsNoMethod) {
  const auto message = [](const NpsMethod& asked) {
    const Status status = nps_estimate(scores({1, 1}, 1), asked).status();
    EXPECT_EQ(status.code(), Code::kArgument);
    return status.message();
  };
  for (const double confidence : {0.0, 1.0, -1.0, 95.0, std::nan("")}) {
    EXPECT_NE(message(method(Question::kNps, Interval::kAuto, confidence)).find("between 0 and 1"),
              std::string::npos);
  }
  EXPECT_NE(message(method(Question::kNps, Interval::kStudent)).find("mean"), std::string::npos);
  EXPECT_NE(message(method(Question::kCsat, Interval::kStudent)).find("CSAT"), std::string::npos);
  EXPECT_NE(message(method(Question::kCes, Interval::kScore)).find("Student"), std::string::npos);
  NpsMethod scale = method(Question::kCes, Interval::kAuto);
  for (const Scale& wrong :
       {Scale{1, 1, 1}, Scale{5, 1, 1}, Scale{0, 11, 1}, Scale{5000, 5003, 1}}) {
    scale.scale = wrong;
    EXPECT_NE(message(scale).find("the scale is"), std::string::npos);
  }
  scale = method(Question::kCsat, Interval::kAuto);
  for (const int boxes : {0, 5, 6}) {
    scale.scale = {1, 5, boxes};
    EXPECT_NE(message(scale).find("top_boxes"), std::string::npos);
  }
}

}  // namespace
}  // namespace patron::internal
