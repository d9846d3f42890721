#include "lib/models/nps/distribution.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace patron::internal {
namespace {

// Abramowitz and Stegun, table 26.5, and to all digits Python's statistics.NormalDist.
TEST(NormalQuantile, IsThatOfTheTables) {
  EXPECT_NEAR(normal_quantile(0.5), 0.6744897501960817, 1e-14);
  EXPECT_NEAR(normal_quantile(0.9), 1.6448536269514722, 1e-14);
  EXPECT_NEAR(normal_quantile(0.95), 1.959963984540054, 1e-14);
  EXPECT_NEAR(normal_quantile(0.99), 2.5758293035489004, 1e-14);
  EXPECT_NEAR(normal_quantile(1 - 1e-9), 6.109410204869, 1e-6);
}

TEST(NormalQuantile, IsTheInverseOfTheTail) {
  for (int thousandths = 1; thousandths < 1000; thousandths += 7) {
    const double confidence = thousandths / 1000.0;
    EXPECT_NEAR(1 - normal_tail(normal_quantile(confidence)), confidence, 1e-14);
  }
  EXPECT_DOUBLE_EQ(normal_tail(-1.5), normal_tail(1.5));
  EXPECT_EQ(normal_tail(0), 1);
}

// With 1 degree of freedom T is Cauchy's; with 2 and 4 the tail is algebraic (Abramowitz and Stegun
// 26.7.3 and 26.7.4).
TEST(StudentTail, IsExactWhereAFormulaIsKnown) {
  for (const double t : {0.0, 1e-6, 0.3, 1.0, 2.5, 12.0, 400.0, 1e6}) {
    EXPECT_NEAR(student_tail(t, 1), 2 / std::numbers::pi * std::atan2(1, t), 1e-13) << t;
    const double of_two = 2 / ((2 + t * t) * (1 + t / std::sqrt(2 + t * t)));
    EXPECT_NEAR(student_tail(t, 2) / of_two, 1, 1e-11) << t;
    const double sine = t / std::sqrt(4 + t * t);
    const double square_of_cosine = 4 / (4 + t * t);
    EXPECT_NEAR(student_tail(t, 4), 1 - sine * (1 + square_of_cosine / 2), 1e-13) << t;
    EXPECT_EQ(student_tail(-t, 7), student_tail(t, 7));
  }
  EXPECT_EQ(student_tail(INFINITY, 3), 0);
}

// The trapezoid rule on the density is a second method.
TEST(StudentTail, IsTheIntegralOfTheDensity) {
  for (const double degrees : {2.5, 7.3, 41.9}) {
    const auto density = [&](double t) {
      return std::exp(std::lgamma((degrees + 1) / 2) - std::lgamma(degrees / 2)) /
             std::sqrt(degrees * std::numbers::pi) *
             std::pow(1 + t * t / degrees, -(degrees + 1) / 2);
    };
    constexpr double kStep = 1e-4;
    double inside = 0;
    for (int i = 0; i < 20'000; i++)
      inside += kStep * (density(i * kStep) + density((i + 1) * kStep));
    EXPECT_NEAR(student_tail(2, degrees), 1 - inside, 1e-8) << degrees;
  }
}

// Abramowitz and Stegun, table 26.10; more digits by R's qt().
TEST(StudentQuantile, IsThatOfTheTables) {
  EXPECT_NEAR(student_quantile(0.95, 1), 12.706204736432095, 1e-8);
  EXPECT_NEAR(student_quantile(0.95, 2), 4.302652729911275, 1e-9);
  EXPECT_NEAR(student_quantile(0.95, 9), 2.262157162740992, 1e-10);
  EXPECT_NEAR(student_quantile(0.95, 30), 2.042272456301238, 1e-10);
  EXPECT_NEAR(student_quantile(0.95, 120), 1.979930405052777, 1e-10);
  EXPECT_NEAR(student_quantile(0.99, 3), 5.840909309733355, 1e-9);
  EXPECT_NEAR(student_quantile(0.99, 1), 63.65674116287399, 1e-7);
}

TEST(StudentQuantile, IsExactForOneAndTwoDegreesHoweverSmallTheTail) {
  for (const double confidence : {0.01, 0.5, 0.9, 0.999, 0.999999}) {
    const double of_one = std::tan(std::numbers::pi / 2 * confidence);
    EXPECT_NEAR(student_quantile(confidence, 1) / of_one, 1, 1e-9) << confidence;
    const double of_two = confidence * std::sqrt(2 / ((1 - confidence) * (1 + confidence)));
    EXPECT_NEAR(student_quantile(confidence, 2) / of_two, 1, 1e-9) << confidence;
  }
}

// The expansions take over at 1e5 degrees of freedom without a step, and end at the normal.
TEST(StudentQuantile, GoesOverIntoTheNormalOne) {
  const double below = student_quantile(0.95, 99'999), above = student_quantile(0.95, 100'001);
  EXPECT_NEAR(below, above, 1e-9);
  EXPECT_GT(below, above);
  EXPECT_NEAR(student_tail(2.5, 99'999), student_tail(2.5, 100'001), 1e-9);
  EXPECT_NEAR(student_quantile(0.95, 1e15), normal_quantile(0.95), 1e-12);
}

}  // namespace
}  // namespace patron::internal
