#include "lib/models/ltv/opportunity_sum.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "lib/models/ltv/beta_survival.h"
#include "lib/models/ltv/bg_bb_predict.h"

namespace patron::internal::ltv {
namespace {

constexpr double kForEver = std::numeric_limits<double>::infinity();

/// Each term from the one before, in extended precision and scaled by the largest.
double one_by_one(const Passes& p, double last) {
  long double term = 1, sum = 1, log_scale = 0;
  for (long double m = 0; m < last; m += 1) {
    term *= (p.pass + m) / (p.buy + p.pass + m) * ((p.stay + m) / (p.leave + p.stay + m)) *
            ((p.y + 1 + m) / (1 + m));
    sum += term;
    if (term > 1e1000L) {
      term /= 1e1000L;
      sum /= 1e1000L;
      log_scale += 1000 * std::log(10.0L);
    }
  }
  return static_cast<double>(std::log(sum) + log_scale);
}

TEST(OpportunitySum, AgreesWithAddingOneByOne) {
  std::mt19937_64 random(11);
  const auto decades = [&](double low, double high) {
    return std::pow(10, std::uniform_real_distribution<>(low, high)(random));
  };
  for (int trial = 0; trial < 60; ++trial) {
    const double y = trial % 4 == 0 ? 0 : std::floor(decades(0, 7)), excess = decades(-4, 4);
    const Passes p{y,
                   y + excess,
                   excess,
                   decades(-4, trial % 3 == 0 ? 7 : 2),
                   decades(-4, 4),
                   y + decades(-4, trial % 5 == 0 ? 7 : 2),
                   0};
    Passes passes = p;
    passes.fall = p.excess + p.leave;
    const double last = std::floor(decades(0, 6));
    const double want = one_by_one(passes, last);
    EXPECT_NEAR(log_sum_of_passes(passes, last), want, 1e-11 + 1e-13 * std::fabs(want))
        << y << " " << p.excess << " " << p.pass << " " << p.leave << " " << p.stay << ": " << last;
  }
}

double at_least(const BgBbAlive& state, double count, double horizon) {
  return std::exp(bg_bb_log_at_least(state, count, horizon));
}

// Who never leaves, of all chances to buy alike: each number of purchases is as likely. With
// chances that are Beta(2, 1), P(N = n) is proportional to n + 1.
TEST(OpportunitySum, ManyPurchasesOfWhoNeverLeaves) {
  for (double h : {1e3, 1e6, 1e9, 1e12, 1e15}) {
    for (double share : {0.01, 0.5, 0.99, 1.0}) {
      const double y = std::round(share * h), left = h + 1 - y;
      EXPECT_NEAR(at_least({1, 1, 1e-30, 1}, y, h) / (left / (h + 1)), 1, 1e-10) << h << " " << y;
      const double more = left * (h + 2 + y) / ((h + 1) * (h + 2));
      EXPECT_NEAR(at_least({2, 1, 1e-30, 1}, y, h) / more, 1, 1e-10) << h << " " << y;
      // Beta(1, 171): the product of (h - i) / (171 + h - i) over i < y.
      const double rare = log_beta_survival(171, h - y + 1, y);
      EXPECT_NEAR(bg_bb_log_at_least({1, 171, 1e-30, 1}, y, h), rare, 1e-10 + 1e-12 * -rare)
          << h << " " << y;
    }
  }
}

// Who always buys: as many as she stays for.
TEST(OpportunitySum, ManyPurchasesOfWhoAlwaysBuys) {
  for (double y : {10.0, 1e6, 1e15}) {
    EXPECT_NEAR(bg_bb_log_at_least({3, 1e-30, 0.7, 2}, y, kForEver), log_beta_survival(0.7, 2, y),
                1e-12);
  }
}

// All four 1: alive for k opportunities with chance 1 / ((k + 1)(k + 2)), and of these any number
// is bought alike: 1 - y psi'(y + 1), that is 1 / (2 y) - 1 / (6 y^2) + O(y^-4).
TEST(OpportunitySum, ManyPurchasesOfWhoMayLeave) {
  for (double y : {1e4, 1e6, 1e9, 1e12, 1e15}) {
    EXPECT_NEAR(at_least({1, 1, 1, 1}, y, kForEver) / (1 / (2 * y) - 1 / (6 * y * y)), 1, 1e-11)
        << y;
  }
}

}  // namespace
}  // namespace patron::internal::ltv
