#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "lib/models/ltv/likelihoods.h"
#include "tests/models/ltv/discrete_optimum.h"
#include "tests/models/ltv/donations.h"
#include "tests/models/ltv/likelihood_checks.h"
#include "tests/models/ltv/math/reference.h"

namespace patron::internal::ltv {
namespace {

UniqueRows donations() {
  std::vector<TestRow> rows;
  for (const test::Supporters& s : test::kDonations)
    rows.push_back({s.frequency, s.recency, test::kDonationYears, s.count});
  return rows_of(rows);
}

LtvParameters donation_fit() {
  const double* p = test::kDonationFit;
  return logs_of({p[0], p[1], p[2], p[3]});
}

/// The chance of each history by urns: a customer of n opportunities stays and buys by the shares
/// of what happened so far; every time of leaving is followed.
class Urns {
 public:
  Urns(double alpha, double beta, double gamma, double delta)
      : alpha_(alpha), beta_(beta), gamma_(gamma), delta_(delta) {}

  /// `bought[k]`: whether opportunity k was taken.
  double chance(const std::vector<bool>& bought) const {
    double total = 0;
    double alive = 1;  // and everything so far
    double x = 0;
    const size_t n = bought.size();
    for (size_t k = 0; k < n; k++) {
      const double j = static_cast<double>(k);
      bool more = false;
      for (size_t i = k; i < n; i++) more |= bought[i];
      if (!more) total += alive * gamma_ / (gamma_ + delta_ + j);
      alive *= (delta_ + j) / (gamma_ + delta_ + j);
      alive *= (bought[k] ? alpha_ + x : beta_ + j - x) / (alpha_ + beta_ + j);
      x += bought[k] ? 1 : 0;
    }
    return total + alive;
  }

 private:
  double alpha_, beta_, gamma_, delta_;
};

// Fader, Hardie and Shang (2010): LL = -33,225.6; BTYD: -33,225.58127.
TEST(BgBb, LogLikelihoodOfTheDonationsIsThePublishedOne) {
  const Derivatives d = derivatives_at(make_bg_bb, donations(), donation_fit());
  EXPECT_NEAR(d.value, -33225.58127, 5e-6);
  // Close to the maximum hardly anything pulls.
  for (const double g : d.gradient) EXPECT_NEAR(g, 0, 0.02);
}

// The paper: 1.204, 0.750, 0.657, 2.783; BTYD's optimizer stops 6e-5 before the maximum.
TEST(BgBb, FitOfTheDonationsIsThePublishedOne) {
  std::vector<double> x, t_x, n, count;
  for (const test::Supporters& s : test::kDonations) {
    x.push_back(s.frequency);
    t_x.push_back(s.recency);
    n.push_back(test::kDonationYears);
    count.push_back(s.count);
  }
  const Table table = *TableBuilder()
                           .doubles("x", x)
                           .doubles("t", t_x)
                           .doubles("n", n)
                           .doubles("count", count)
                           .finish();
  LtvFitOptions options;
  options.columns = {.frequency = "x", .recency = "t", .T = "n", .weight = "count"};
  options.unit = LtvUnit::kYear;
  const Result<Ltv> model = Ltv::fit(table, LtvModel::kBgBb, options);
  test::expect_optimum(model, "donations_bg_bb");
  EXPECT_NEAR(model->fit()->log_likelihood, -33225.58127, 6e-6);
  EXPECT_EQ(model->fit()->customers, 11104);
  for (size_t i = 0; i < 4; i++)
    EXPECT_NEAR(model->parameters()[i] / test::kDonationFit[i], 1, 1e-4) << i;
}

TEST(BgBb, EveryHistoryHasTheChanceThatUrnsGiveIt) {
  std::mt19937_64 random(20);
  for (int trial = 0; trial < 40; trial++) {
    double p[4];
    for (double& value : p) value = std::pow(10, static_cast<double>(random() % 5000) / 1000 - 2.5);
    const Urns urns(p[0], p[1], p[2], p[3]);
    const int n = 1 + trial % 8;
    double total = 0;
    for (int code = 0; code < 1 << n; code++) {
      std::vector<bool> bought;
      double x = 0, t_x = 0;
      for (int k = 0; k < n; k++) {
        bought.push_back((code >> k & 1) != 0);
        if (bought.back()) x++, t_x = k + 1;
      }
      const double got = derivatives_at(make_bg_bb, rows_of({{x, t_x, static_cast<double>(n)}}),
                                        logs_of({p[0], p[1], p[2], p[3]}))
                             .value;
      const double want = urns.chance(bought);
      EXPECT_NEAR(std::exp(got) / want, 1, 1e-12) << trial << " history " << code;
      total += std::exp(got);
    }
    EXPECT_NEAR(total, 1, 1e-12);
  }
}

// One opportunity: she buys with (delta / (gamma + delta)) (alpha / (alpha + beta)).
TEST(BgBb, OneOpportunityIsSimple) {
  const LtvParameters at = logs_of({1, 3, 2, 6});
  EXPECT_DOUBLE_EQ(std::exp(derivatives_at(make_bg_bb, rows_of({{1, 1, 1}}), at).value),
                   0.75 * 0.25);
  EXPECT_DOUBLE_EQ(std::exp(derivatives_at(make_bg_bb, rows_of({{0, 0, 1}}), at).value),
                   1 - 0.75 * 0.25);
  EXPECT_EQ(derivatives_at(make_bg_bb, rows_of({{0, 0, 0}}), at).value, 0);
}

TEST(BgBb, AgreesWithMpmathOverTwelveDecades) {
  double worst = 0;
  for (const test::ReferenceRow& line : test::reference_rows("likelihood_bg_bb.txt")) {
    const std::vector<double>& v = line.values;
    const double got =
        derivatives_at(make_bg_bb, rows_of({{v[4], v[5], v[6]}}), logs_of({v[0], v[1], v[2], v[3]}))
            .value;
    // The logarithms of the parameters are rounded, which moves the value by its sensitivity.
    const double allowed = 1e-12 * std::fabs(v[7]) + 16 * 0x1p-52 * v[8];
    EXPECT_LE(std::fabs(got - v[7]), allowed)
        << v[0] << " " << v[1] << " " << v[2] << " " << v[3] << ": " << v[4] << " " << v[5] << " "
        << v[6] << " want " << v[7];
    worst = std::max(worst, std::fabs(got - v[7]) / allowed);
  }
  RecordProperty("worst", std::to_string(worst));
}

TEST(BgBb, DerivativesAreSlopes) {
  expect_derivatives_fit(make_bg_bb, donations(), donation_fit(), 1e-9);
  std::mt19937_64 random(7);
  const auto draw = [&](double low, double high) {
    return low + (high - low) * static_cast<double>(random() >> 11) * 0x1p-53;
  };
  for (int trial = 0; trial < 60; trial++) {
    const double n = std::floor(draw(1, trial % 4 == 0 ? 300 : 12));
    const double t_x = std::floor(draw(0, n + 1));
    const double x = t_x == 0 ? 0 : std::floor(draw(1, t_x + 1));
    const LtvParameters at{draw(-7, 7), draw(-7, 7), draw(-7, 7), draw(-7, 7)};
    SCOPED_TRACE(trial);
    expect_derivatives_fit(make_bg_bb, rows_of({{x, t_x, n}}), at, 1e-8);
  }
}

TEST(BgBb, ManyRowsAreTheSumOfEach) {
  std::vector<TestRow> rows;
  for (int x = 0; x < 5; x++) {
    for (int t_x = x; t_x < (x == 0 ? 1 : 9); t_x++) {
      for (int n = t_x; n < 12; n += 3)
        rows.push_back({1.0 * x, 1.0 * t_x, 1.0 * n, 1 + x + n / 4.0});
    }
  }
  const LtvParameters at = logs_of({0.8, 1.7, 0.4, 5});
  const Derivatives sum = derivatives_at(make_bg_bb, rows_of(rows), at);
  Derivatives each;
  for (const TestRow& row : rows) {
    const Derivatives d = derivatives_at(make_bg_bb, rows_of({row}), at);
    each.value += d.value;
    for (size_t i = 0; i < d.gradient.size(); i++) each.gradient[i] += d.gradient[i];
    for (size_t i = 0; i < d.hessian.size(); i++) each.hessian[i] += d.hessian[i];
  }
  EXPECT_NEAR(sum.value / each.value, 1, 1e-14);
  for (size_t i = 0; i < 4; i++) EXPECT_NEAR(sum.gradient[i] / each.gradient[i], 1, 1e-12);
  for (size_t i = 0; i < 10; i++) EXPECT_NEAR(sum.hessian[i] / each.hessian[i], 1, 1e-12);
}

// Long silence after many purchases: what comes after the first hundreds of opportunities does not
// show, so the chance is that of a shorter history but for the one who is still there.
TEST(BgBb, LongSilenceHasTheValueOfItsFirstPart) {
  const LtvParameters at = logs_of({1.2, 0.75, 0.66, 2.8});
  const Derivatives longer = derivatives_at(make_bg_bb, rows_of({{400, 500, 20'000}}), at);
  const Derivatives shorter = derivatives_at(make_bg_bb, rows_of({{400, 500, 700}}), at);
  EXPECT_NEAR(longer.value / shorter.value, 1, 1e-15);
  for (int i = 0; i < 4; i++) {
    EXPECT_NEAR(longer.gradient[static_cast<size_t>(i)] / shorter.gradient[static_cast<size_t>(i)],
                1, 1e-13);
    for (int j = 0; j <= i; j++) EXPECT_NEAR(longer.at(i, j), shorter.at(i, j), 1e-11);
  }
}

// 2,000 opportunities, and every parameter from e^-40 to e^40.
TEST(BgBb, IsFiniteAtTheEdgesOfItsDomain) {
  const UniqueRows rows = rows_of({{0, 0, 1},
                                   {0, 0, 2000},
                                   {1, 1, 2000},
                                   {1, 2000, 2000},
                                   {1000, 1000, 2000},
                                   {1000, 1500, 2000},
                                   {2000, 2000, 2000}});
  const std::vector<double> logs{-40, -3, 0, 3, 40};
  for (int k = 0; k < 625; k++) {
    const auto at = [&](int i) { return logs[static_cast<size_t>(i % 5)]; };
    const LtvParameters theta{at(k), at(k / 5), at(k / 25), at(k / 125)};
    EXPECT_TRUE(all_finite(derivatives_at(make_bg_bb, rows, theta)))
        << theta[0] << " " << theta[1] << " " << theta[2] << " " << theta[3];
  }
}

}  // namespace
}  // namespace patron::internal::ltv
