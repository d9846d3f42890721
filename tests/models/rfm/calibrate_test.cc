// Calibration, scores and octants on samples small enough to do by hand.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "patron/rfm.h"

namespace patron {
namespace {

using Values = std::vector<int64_t>;

RfmAxis bins(int n, RfmMethod method = RfmMethod::kQuantile) {
  RfmAxis axis;
  axis.bins = n;
  axis.method = method;
  return axis;
}

RfmAxis fixed(std::vector<double> cuts) {
  RfmAxis axis;
  axis.method = RfmMethod::kFixed;
  axis.bins = static_cast<int>(cuts.size()) + 1;
  axis.cuts = std::move(cuts);
  return axis;
}

RfmCuts calibrated(const Values& recency, const Values& frequency, const Values& money,
                   const RfmCalibration& calibration = {}) {
  const Result<RfmCuts> cuts = rfm_calibrate({recency, frequency, money}, calibration);
  EXPECT_TRUE(cuts.ok()) << cuts.status().message();
  return cuts.ok() ? *cuts : RfmCuts();
}

/// The cuts of the monetary axis on a sample of three equal columns.
Values money_cuts(const Values& values, const RfmAxis& axis, int scale = 2) {
  RfmCalibration calibration;
  calibration.monetary = axis;
  calibration.scale = scale;
  return calibrated(values, values, values, calibration).monetary.cuts;
}

Values money_scores(const Values& values, const RfmCuts& cuts) {
  Values scores;
  for (const int64_t value : values) scores.push_back(rfm_score(0, 0, value, cuts).m);
  return scores;
}

TEST(RfmCalibrate, CutsAtType7Quantiles) {
  // R: quantile(c(1, 2, 4, 8), 1:4 / 5) is 1.6 2.4 3.6 5.6.
  const Values values = {1, 2, 4, 8};
  const RfmCuts cuts = calibrated(values, values, values);
  EXPECT_EQ(cuts.monetary.cuts, (Values{1, 2, 3, 5}));
  EXPECT_EQ(money_scores(values, cuts), (Values{1, 2, 4, 5}));
  EXPECT_EQ(cuts.customers, 4);
  EXPECT_EQ(cuts.scale, 2);
}

TEST(RfmCalibrate, CutsAtTheNearestRank) {
  const Values values = {10, 20, 30, 40, 50, 60, 70, 80, 90, 100};
  EXPECT_EQ(money_cuts(values, bins(4, RfmMethod::kNearestRank)), (Values{30, 50, 80}));
}

TEST(RfmCalibrate, CutsAreGivenInMajorUnits) {
  EXPECT_EQ(money_cuts({1}, fixed({0.29, 1, 19.99})), (Values{29, 100, 1999}));
  EXPECT_EQ(money_cuts({1}, fixed({0.29, 0.57, 0.58}), 3), (Values{290, 570, 580}));
  EXPECT_EQ(money_cuts({1}, fixed({-0.29, 0})), (Values{-29, 0}));
}

TEST(RfmCalibrate, ACutBetweenTwoMinorUnitsScoresLikeTheOneBelow) {
  EXPECT_EQ(money_cuts({1}, fixed({-0.125, 0.125})), (Values{-13, 12}));
}

TEST(RfmCalibrate, ACutOfALargeAmountIsTheAmountThatWasWritten) {
  // The double next to 674737395.18, times 100, lies 8e-6 below 67473739518.
  EXPECT_EQ(money_cuts({1}, fixed({674737395.18, 10000000000.05})),
            (Values{67'473'739'518, 1'000'000'000'005}));
}

TEST(RfmCalibrate, CutsOfDaysAreDays) {
  RfmCalibration calibration;
  calibration.recency = fixed({30, 90.5});
  const RfmCuts cuts = calibrated({1}, {1}, {1}, calibration);
  EXPECT_EQ(cuts.recency.cuts, (Values{30, 90}));
  EXPECT_EQ(rfm_score(90, 1, 1, cuts).r, 2);
  EXPECT_EQ(rfm_score(91, 1, 1, cuts).r, 1);
}

TEST(RfmScore, IsOneMoreThanTheNumberOfCutsStrictlyBelow) {
  const RfmCuts cuts = calibrated({1}, {1}, {1}, [] {
    RfmCalibration calibration;
    calibration.monetary = fixed({0.10, 0.20, 0.30, 0.40});
    return calibration;
  }());
  EXPECT_EQ(money_scores({9, 10, 11, 20, 21, 40, 41, 1000, -5}, cuts),
            (Values{1, 1, 2, 2, 3, 4, 5, 5, 1}));
}

TEST(RfmScore, TheMostRecentGetTheHighestRecencyScore) {
  const RfmCuts cuts = calibrated({0, 10, 20, 30, 40}, {1, 1, 1, 1, 1}, {1, 1, 1, 1, 1});
  // Quantiles 8, 16, 24, 32.
  const int expected[] = {5, 4, 3, 2, 1};
  for (int i = 0; i < 5; i++) EXPECT_EQ(rfm_score(10 * i, 1, 1, cuts).r, expected[i]);
  EXPECT_EQ(rfm_score(8, 1, 1, cuts).r, 5);  // equal to the cut is not above it
  EXPECT_EQ(rfm_score(9, 1, 1, cuts).r, 4);
}

TEST(RfmScore, SeventyPercentOneTimeBuyersAllScoreOne) {
  // Sorted 1 x 7, 2, 2, 5: ranks 1.8, 3.6, 5.4, 7.2 hold 1, 1, 1, 2.
  const Values frequency = {1, 1, 1, 2, 1, 5, 1, 1, 2, 1};
  const RfmCuts cuts = calibrated(frequency, frequency, frequency);
  EXPECT_EQ(cuts.frequency.cuts, (Values{1, 1, 1, 2}));
  EXPECT_EQ(rfm_score(0, 1, 0, cuts).f, 1);
  EXPECT_EQ(rfm_score(0, 2, 0, cuts).f, 4);
  EXPECT_EQ(rfm_score(0, 5, 0, cuts).f, 5);
}

TEST(RfmScore, AmountsBelowOneAreToldApart) {
  const Values cents = {10, 29, 50, 99};  // quartiles 24.25, 39.5, 62.25
  RfmCalibration calibration;
  calibration.monetary = bins(4);
  const RfmCuts cuts = calibrated(cents, cents, cents, calibration);
  EXPECT_EQ(money_scores(cents, cuts), (Values{1, 2, 3, 4}));
}

TEST(RfmScore, OneCustomerScoresBestInRecencyAndLowestElsewhere) {
  const RfmCuts cuts = calibrated({12}, {3}, {500});
  EXPECT_EQ(cuts.recency.cuts, (Values{12, 12, 12, 12}));
  EXPECT_EQ(rfm_score(12, 3, 500, cuts), (Scores{5, 1, 1}));
  EXPECT_EQ(rfm_octant(12, 3, 500, cuts), 4);
}

TEST(RfmScore, FrozenCutsScoreCustomersThatWereNotInTheSample) {
  const RfmCuts cuts = calibrated({0, 10, 20, 30, 40}, {1, 2, 3, 4, 5}, {100, 200, 300, 400, 500});
  EXPECT_EQ(rfm_score(1000, 0, 0, cuts), (Scores{1, 1, 1}));
  EXPECT_EQ(rfm_score(0, 1000, std::numeric_limits<int64_t>::max(), cuts), (Scores{5, 5, 5}));
}

TEST(RfmOctant, SplitsByTheMean) {
  // Means 20, 2, 250: high recency is at or below, the others above.
  const RfmCuts cuts = calibrated({10, 30}, {1, 3}, {200, 300});
  EXPECT_EQ(rfm_octant(20, 3, 251, cuts), 7);
  EXPECT_EQ(rfm_octant(20, 3, 250, cuts), 6);
  EXPECT_EQ(rfm_octant(20, 2, 251, cuts), 5);
  EXPECT_EQ(rfm_octant(20, 2, 250, cuts), 4);
  EXPECT_EQ(rfm_octant(21, 3, 251, cuts), 3);
  EXPECT_EQ(rfm_octant(21, 3, 250, cuts), 2);
  EXPECT_EQ(rfm_octant(21, 2, 251, cuts), 1);
  EXPECT_EQ(rfm_octant(21, 2, 250, cuts), 0);
}

TEST(RfmOctant, SplitsByTheMedianOrAGivenValue) {
  RfmCalibration calibration;
  calibration.octant_split[0].kind = OctantSplit::Kind::kMedian;
  calibration.octant_split[1] = {OctantSplit::Kind::kValue, 1.5};
  calibration.octant_split[2] = {OctantSplit::Kind::kValue, 2.29};
  const RfmCuts cuts = calibrated({1, 2, 90}, {1, 1, 9}, {1, 1, 1}, calibration);
  EXPECT_EQ(cuts.recency.octant_split, 2);
  EXPECT_EQ(cuts.frequency.octant_split, 1);
  EXPECT_EQ(cuts.monetary.octant_split, 229);
}

TEST(RfmCalibrate, NeedsNoSampleWhereEveryCutAndSplitIsGiven) {
  RfmCalibration calibration;
  calibration.recency = calibration.frequency = calibration.monetary = fixed({1, 2});
  for (OctantSplit& split : calibration.octant_split) split = {OctantSplit::Kind::kValue, 1};
  const RfmCuts cuts = calibrated({}, {}, {}, calibration);
  EXPECT_EQ(cuts.monetary.cuts, (Values{100, 200}));
  EXPECT_EQ(cuts.customers, 0);
}

Status refused(const RfmCalibration& calibration, const Values& values = {1, 2, 3}) {
  return rfm_calibrate({values, values, values}, calibration).status();
}

TEST(RfmCalibrate, RefusesBinsOutside2To10) {
  RfmCalibration calibration;
  calibration.frequency.bins = 11;
  EXPECT_EQ(refused(calibration).code(), Code::kArgument);
  EXPECT_EQ(refused(calibration).message(), "frequency has 11 bins; bins (scores) must be 2 to 10");
  calibration.frequency.bins = 1;
  EXPECT_EQ(refused(calibration).code(), Code::kArgument);
  calibration.frequency.bins = 10;
  EXPECT_TRUE(refused(calibration).ok());
  calibration.frequency.bins = 2;
  EXPECT_TRUE(refused(calibration).ok());
}

TEST(RfmCalibrate, RefusesAScaleOutside0To9) {
  RfmCalibration calibration;
  calibration.scale = 10;
  EXPECT_EQ(refused(calibration).code(), Code::kArgument);
  EXPECT_EQ(refused(calibration).message(), "scale is 10; it must be 0 to 9");
  calibration.scale = -1;
  EXPECT_EQ(refused(calibration).code(), Code::kArgument);
}

TEST(RfmCalibrate, RefusesFixedCutsThatDecreaseOrAreTooFewOrNoNumbers) {
  RfmCalibration calibration;
  calibration.monetary = fixed({1, 3, 2});
  EXPECT_EQ(refused(calibration).code(), Code::kArgument);
  EXPECT_EQ(refused(calibration).message(),
            "monetary cut 3 is below the one before it; list cuts from low to high");
  calibration.monetary = fixed({1, 2});
  calibration.monetary.bins = 5;
  EXPECT_EQ(refused(calibration).message(), "monetary has 2 fixed cuts for 5 bins; give 4");
  calibration.monetary = fixed({1, std::nan("")});
  EXPECT_EQ(refused(calibration).message(), "monetary cut 2 is not a finite number; give a number");
  calibration.monetary = fixed({1, HUGE_VAL});
  EXPECT_EQ(refused(calibration).code(), Code::kArgument);
  calibration.monetary = fixed({1, 1e300});
  EXPECT_EQ(refused(calibration).message(),
            "monetary cut 2 is 1e+300, outside the range of 64-bit minor units");
}

TEST(RfmCalibrate, RefusesCutsOfAnAxisThatIsNotFixed) {
  RfmCalibration calibration;
  calibration.recency.cuts = {1, 2, 3, 4};
  EXPECT_EQ(refused(calibration).code(), Code::kArgument);
  EXPECT_NE(refused(calibration).message().find("recency has cuts of its own"), std::string::npos);
}

TEST(RfmCalibrate, RefusesASplitThatIsNoNumber) {
  RfmCalibration calibration;
  calibration.octant_split[1] = {OctantSplit::Kind::kValue, std::nan("")};
  EXPECT_EQ(refused(calibration).message(),
            "frequency octant split is not a finite number; give a number");
}

TEST(RfmCalibrate, RefusesASampleWithoutCustomersOrOfDifferentLengths) {
  EXPECT_EQ(refused({}, {}).code(), Code::kEmpty);
  EXPECT_NE(refused({}, {}).message().find("recency cannot be calibrated"), std::string::npos);
  const Values one = {1}, two = {1, 2};
  EXPECT_EQ(rfm_calibrate({one, two, one}, {}).status().code(), Code::kLength);
  EXPECT_EQ(rfm_calibrate({one, one, two}, {}).status().code(), Code::kLength);
}

}  // namespace
}  // namespace patron
