#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "patron/weights.h"

namespace patron {
namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();

using Weights = std::vector<double>;

Weights manual(const Weights& given) {
  Result<Weights> weights = manual_weights(given);
  EXPECT_TRUE(weights.ok()) << weights.status().message();
  return *std::move(weights);
}

TEST(ManualWeights, AreDividedByTheirSum) {
  EXPECT_EQ(manual({50, 30, 20}), (Weights{0.5, 0.3, 0.2}));
  EXPECT_EQ(manual({2, 1, 1}), (Weights{0.5, 0.25, 0.25}));
  EXPECT_EQ(manual({7}), (Weights{1}));
  EXPECT_EQ(manual({0, 3, 0}), (Weights{0, 1, 0}));
}

// Added from left to right ten times 0.1 is 0.9999999999999999; the exact sum of the ten doubles is
// 1 + 5.55e-17.
TEST(ManualWeights, ThatAddUpToOneComeBackAsTheyAre) {
  for (const Weights& given : {Weights(10, 0.1), Weights{0.5, 0.3, 0.2}, Weights{0.7, 0.2, 0.1},
                               Weights{1.0 / 3, 1.0 / 3, 1.0 / 3}, Weights{1, 0}}) {
    EXPECT_EQ(manual(given), given);
  }
}

TEST(ManualWeights, ThatMissOneByMoreAreDivided) {
  const Weights given{0.5, 0.5 + 0x1p-50};
  EXPECT_NE(manual(given), given);
  EXPECT_EQ(manual({0.25, 0.25}), (Weights{0.5, 0.5}));
}

TEST(ManualWeights, NormalisedTwiceDoNotChange) {
  std::mt19937_64 random(20);
  for (int round = 0; round < 2000; ++round) {
    Weights given(1 + random() % 40);
    for (double& weight : given) {
      weight =
          std::ldexp(static_cast<double>(random() >> 11), static_cast<int>(random() % 60) - 80);
    }
    given[0] += 1;
    const Weights once = manual(given);
    EXPECT_EQ(manual(once), once) << "seed 20, round " << round;
    long double sum = 0;  // the second method: 64 bits of fraction
    for (double weight : given) sum += weight;
    for (size_t i = 0; i < given.size(); ++i) {
      EXPECT_NEAR(once[i], static_cast<double>(given[i] / sum), once[i] * 0x1p-51);
    }
  }
}

TEST(ManualWeights, BeyondTheRangeOfASumAreRight) {
  const Weights great = manual({1e308, 1e308, 2e307});
  EXPECT_NEAR(great[0], 5.0 / 11, 1e-16);
  EXPECT_NEAR(great[2], 1.0 / 11, 1e-16);
  EXPECT_EQ(manual({5e-324, 5e-324}), (Weights{0.5, 0.5}));
  EXPECT_EQ(manual({1e300, 1e-300}), (Weights{1, 0}));
}

TEST(ManualWeights, OfMinusZeroAreZero) {
  EXPECT_FALSE(std::signbit(manual({-0.0, 1})[0]));
  EXPECT_FALSE(std::signbit(manual({-0.0, 2})[0]));
}

TEST(ManualWeights, RefuseWhatIsNoWeightWithItsNumber) {
  const Weights negative{0.5, -0.25}, nan{1, 2, std::nan("")}, infinite{kInfinite};
  Status status = manual_weights(negative).status();
  EXPECT_EQ(status.code(), Code::kArgument);
  EXPECT_EQ(status.row(), 1);
  EXPECT_EQ(status.message(), "weights/1: -0.25 is no weight; give numbers of 0 or more");
  status = manual_weights(nan).status();
  EXPECT_EQ(status.code(), Code::kNumber);
  EXPECT_EQ(status.row(), 2);
  EXPECT_EQ(manual_weights(infinite).status().code(), Code::kNumber);
}

TEST(ManualWeights, RefuseNothingAndAllZero) {
  EXPECT_EQ(manual_weights({}).status().code(), Code::kEmpty);
  const Status status = manual_weights(Weights{0, 0}).status();
  EXPECT_EQ(status.code(), Code::kArgument);
  EXPECT_EQ(status.message(), "weights: all are zero; give at least one above zero");
}

}  // namespace
}  // namespace patron
