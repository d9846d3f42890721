#include "lib/models/ltv/bg_bb_predict.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "tests/models/ltv/donations.h"
#include "tests/models/ltv/math/reference.h"

namespace patron::internal::ltv {
namespace {

constexpr double kForEver = std::numeric_limits<double>::infinity();

const BgBbParameters kDonors{test::kDonationFit[0], test::kDonationFit[1], test::kDonationFit[2],
                             test::kDonationFit[3]};
/// As rounded in R's package BTYD's manual.
const BgBbParameters kManual{1.20, 0.75, 0.66, 2.78};
const BgBbAlive kNew{kDonors.alpha, kDonors.beta, kDonors.gamma, kDonors.delta};

double alive(const BgBbParameters& p, const BgBbHistory& h) {
  return 1 / (1 + std::exp(-bg_bb_log_odds_alive(p, h)));
}

double purchases(const BgBbParameters& p, const BgBbHistory& h, double horizon) {
  return alive(p, h) * bg_bb_purchases(bg_bb_alive(p, h), horizon);
}

double dert(const BgBbParameters& p, const BgBbHistory& h) {
  return alive(p, h) * bg_bb_discounted(bg_bb_alive(p, h), kForEver, std::log(1.1));
}

// Table 6 of the paper is for 2002, the seventh opportunity.
TEST(BgBbPredict, ChancesToBeAliveArePublished) {
  const auto in_2002 = [](double x, double t_x) {
    const BgBbHistory history{x, t_x, 6};
    return alive(kDonors, history) * std::exp(bg_bb_log_survival(bg_bb_alive(kDonors, history), 1));
  };
  EXPECT_NEAR(in_2002(0, 0), 0.11, 0.005);
  EXPECT_NEAR(in_2002(2, 4), 0.59, 0.005);
  EXPECT_NEAR(in_2002(6, 6), 0.93, 0.005);
  // BTYD 2.4.3, bgbb.PAlive, which is for the next opportunity too.
  const BgBbHistory history{3, 4, 6};
  EXPECT_NEAR(
      alive(kManual, history) * std::exp(bg_bb_log_survival(bg_bb_alive(kManual, history), 1)),
      0.4383438546, 5e-11);
  EXPECT_EQ(alive(kDonors, {6, 6, 6}), 1);
}

// 12884.2 in the sheet of Hardie's note 010, 12884.08 by BTYD.
TEST(BgBbPredict, FiveYearsOfAllDonationsArePublished) {
  double sum = 0;
  for (const test::Supporters& s : test::kDonations)
    sum += s.count * purchases(kDonors, {s.frequency, s.recency, 6}, 5);
  EXPECT_NEAR(sum, 12884.08, 0.005);
}

// BTYD's walkthrough (its own fit, so 2e-5) and manual (at the parameters given).
TEST(BgBbPredict, ConditionalExpectationsArePublished) {
  EXPECT_NEAR(purchases(kDonors, {0, 0, 6}, 10) / 0.1302169, 1, 2e-5);
  EXPECT_NEAR(purchases(kDonors, {4, 5, 6}, 10) / 3.627858, 1, 2e-5);
  EXPECT_NEAR(bg_bb_purchases(kNew, 10) / 3.179805, 1, 1e-5);
  EXPECT_NEAR(purchases(kManual, {3, 4, 6}, 10), 1.840812702, 5e-10);
}

// Hardie's note 010.
TEST(BgBbPredict, ExpectationsOfANewCustomerArePublished) {
  const double want[] = {.4985,  .9233,  1.2969, 1.6323, 1.9381, 2.2202,
                         2.4826, 2.7285, 2.9603, 3.1798, 3.3887};
  for (int n = 1; n <= 11; n++) EXPECT_NEAR(bg_bb_purchases(kNew, n), want[n - 1], 6e-5) << n;
}

TEST(BgBbPredict, DiscountedExpectationsArePublished) {
  EXPECT_NEAR(dert(kManual, {3, 4, 6}), 1.621379186, 5e-10);
  EXPECT_NEAR(dert(kDonors, {6, 6, 6}) / 5.909836569, 1, 1e-6);
  EXPECT_NEAR(dert(kDonors, {0, 0, 6}) / 0.1147528874, 1, 1e-5);
}

// Hardie's note 010: 3,454.9 supporters expected with no donation in six years, 1,253.1 with six.
TEST(BgBbPredict, CountsOfANewCustomerArePublished) {
  EXPECT_NEAR(11104 * std::exp(bg_bb_log_probability(kNew, 0, 6)), 3454.9, 0.05);
  EXPECT_NEAR(11104 * std::exp(bg_bb_log_probability(kNew, 6, 6)), 1253.1, 0.05);
}

/// All that happens in `left` more opportunities, step by step: counts of those alive and of those
/// gone, with the chances that the urns have then.
struct Future {
  std::vector<double> probability;  ///< of each count
  double discounted = 0, alive = 0;
  std::vector<double> first;  ///< of the first purchase at k

  Future(const BgBbAlive& s, int horizon, double discount)
      : probability(static_cast<size_t>(horizon) + 1), first(static_cast<size_t>(horizon) + 1) {
    go(s, 0, horizon, 0, 1, discount);
  }
  void go(BgBbAlive s, int k, int horizon, size_t count, double chance, double discount) {
    if (k == horizon) {
      probability[count] += chance;
      alive += chance;
      return;
    }
    const double stays = s.stay / (s.leave + s.stay);
    probability[count] += chance * (1 - stays);
    chance *= stays;
    s.stay += 1;
    const double buys = s.buy / (s.buy + s.pass);
    discounted += chance * buys * std::exp(-discount * (k + 1));
    if (count == 0) first[static_cast<size_t>(k) + 1] += chance * buys;
    BgBbAlive after = s;
    after.buy += 1;
    go(after, k + 1, horizon, count + 1, chance * buys, discount);
    after = s;
    after.pass += 1;
    go(after, k + 1, horizon, count, chance * (1 - buys), discount);
  }
};

TEST(BgBbPredict, EverythingAgreesWithFollowingEachStep) {
  std::mt19937_64 random(4);
  const auto draw = [&] {
    return std::pow(10, static_cast<double>(random() >> 11) * 0x1p-53 * 4 - 2);
  };
  for (int trial = 0; trial < 40; trial++) {
    const BgBbAlive s{draw(), draw(), draw(), draw()};
    const int horizon = 1 + trial % 9;
    const Future future(s, horizon, 0.1);
    EXPECT_NEAR(std::exp(bg_bb_log_survival(s, horizon)) / future.alive, 1, 1e-12);
    EXPECT_NEAR(bg_bb_discounted(s, horizon, 0.1) / future.discounted, 1, 1e-12);
    double mean = 0, at_least = 1;
    for (int k = 0; k <= horizon; k++) {
      const double p = future.probability[static_cast<size_t>(k)];
      EXPECT_NEAR(std::exp(bg_bb_log_probability(s, k, horizon)) / p, 1, 1e-12)
          << trial << " " << k;
      mean += k * p;
      if (k > 0) {
        EXPECT_NEAR(std::exp(bg_bb_log_at_least(s, k, horizon)), at_least, 1e-13);
      }
      at_least -= p;
    }
    EXPECT_NEAR(bg_bb_purchases(s, horizon) / mean, 1, 1e-12);
    EXPECT_EQ(bg_bb_log_probability(s, horizon + 1, horizon), -kForEver);

    // Where a step is too small to be told from rounding there is nothing to ask.
    double came = 0;
    for (int k = 1; k <= horizon; k++) {
      const double step = future.first[static_cast<size_t>(k)];
      came += step;
      if (step < 1e-6 * came) break;
      EXPECT_EQ(bg_bb_next_purchase(s, came - 1e-2 * step), k) << trial;
      EXPECT_GT(bg_bb_next_purchase(s, came * (1 + 1e-12)), k) << trial;
    }
  }
}

TEST(BgBbPredict, AgreesWithMpmathOverTwelveDecades) {
  for (const test::ReferenceRow& line : test::reference_rows("predict_bg_bb.txt")) {
    const std::vector<double>& v = line.values;
    const BgBbAlive s{v[0], v[1], v[2], v[3]};
    double got = 0;
    if (line.name == "odds") {
      got = bg_bb_log_odds_alive({v[0], v[1], v[2], v[3]}, {v[4], v[5], v[6]});
    } else if (line.name == "probability") {
      got = bg_bb_log_probability(s, v[4], v[5]);
    } else if (line.name == "at_least") {
      got = bg_bb_log_at_least(s, v[4], v[5]);
    } else if (line.name == "discounted") {
      got = bg_bb_discounted(s, v[4], v[5]);
    }
    const size_t at = v.size() - 1;
    const double absolute = line.name == "discounted" ? 0 : 1e-13;
    EXPECT_LE(std::fabs(got - v[at]), 1e-12 * std::fabs(v[at]) + absolute)
        << line.name << " " << v[0] << " " << v[1] << " " << v[2] << " " << v[3] << ": " << v[4]
        << " " << v[5] << " want " << v[at] << " got " << got;
  }
}

// The chance ever to buy again, leave = buy = 1/2: E[p] summed over who still stays. With leave =
// 0+ everybody comes back.
TEST(BgBbPredict, TheNextPurchaseMayNeverCome) {
  const BgBbAlive s{0.5, 1, 0.5, 1};
  const double ever = std::exp(bg_bb_log_at_least(s, 1, kForEver));
  EXPECT_LT(ever, 1);
  EXPECT_GT(ever, std::exp(bg_bb_log_at_least(s, 1, 1e6)));
  EXPECT_NEAR(ever, std::exp(bg_bb_log_at_least(s, 1, 1e15)), 1e-13);
  EXPECT_TRUE(std::isinf(bg_bb_next_purchase(s, ever * 1.0001)));
  const double late = bg_bb_next_purchase(s, ever * 0.999);
  EXPECT_GE(bg_bb_log_at_least(s, 1, late), std::log(ever * 0.999));
  EXPECT_LT(bg_bb_log_at_least(s, 1, late - 1), std::log(ever * 0.999));
}

TEST(BgBbPredict, ExpectationsThatAreInfiniteDoNotExist) {
  const BgBbAlive stays{1, 1, 0.9, 3};
  EXPECT_TRUE(std::isnan(bg_bb_purchases(stays, kForEver)));
  EXPECT_TRUE(std::isnan(bg_bb_discounted(stays, kForEver, -0.01)));
  EXPECT_TRUE(std::isfinite(bg_bb_discounted(stays, kForEver, 1e-12)));
  // E[theta-weighted life] = stay / (leave - 1), half of it purchases.
  EXPECT_DOUBLE_EQ(bg_bb_purchases({1, 1, 3, 4}, kForEver), 1);
}

TEST(BgBbPredict, IsFiniteForTenThousandPurchases) {
  for (const double p : {1e-6, 0.3, 1e6}) {
    for (const double q : {1e-6, 0.3, 1e6}) {
      const BgBbAlive s{p, q, q, p};
      for (const double horizon : {1e4, 1e6, 1e9}) {
        EXPECT_TRUE(std::isfinite(bg_bb_log_probability(s, 1e4, horizon))) << p << " " << q;
        EXPECT_TRUE(std::isfinite(bg_bb_log_at_least(s, 1e4, horizon))) << p << " " << q;
        EXPECT_TRUE(std::isfinite(bg_bb_purchases(s, horizon)));
      }
    }
  }
}

}  // namespace
}  // namespace patron::internal::ltv
