#include "lib/models/ltv/math/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "lib/models/ltv/math/deviance.h"
#include "lib/models/ltv/negative_binomial.h"
#include "lib/models/ltv/power_integral.h"

namespace patron::internal::ltv {
namespace {

// The vectors of Random123, the authors' own implementation (kat_vectors, philox4x32 10).
TEST(Philox, HasTheKnownAnswers) {
  using Words = std::array<uint32_t, 4>;
  EXPECT_EQ(philox({0, 0, 0, 0}, {0, 0}), (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}),
            (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

// The word order is a promise: bits() is two words, the lower first, of counter (block, stream,
// item).
TEST(RandomStream, IsTheCipherOfItsCounter) {
  RandomStream random(0x299f31d0'a4093822, 0x85a308d3, 0x03707344'13198a2e);
  for (uint32_t block = 0; block < 3; block++) {
    const auto words =
        philox({block, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0});
    EXPECT_EQ(random.bits(), words[0] | uint64_t{words[1]} << 32);
    EXPECT_EQ(random.bits(), words[2] | uint64_t{words[3]} << 32);
  }
}

TEST(RandomStream, GivesEveryItemAndPurposeNumbersOfItsOwn) {
  std::vector<uint64_t> first;
  for (uint64_t item = 0; item < 40; item++)
    for (uint32_t stream = 0; stream < 5; stream++)
      for (uint64_t seed = 0; seed < 5; seed++)
        first.push_back(RandomStream(seed, stream, item).bits());
  std::sort(first.begin(), first.end());
  EXPECT_EQ(std::adjacent_find(first.begin(), first.end()), first.end());
}

constexpr int kDraws = 20'000;

template <typename Draw>
std::vector<double> drawn(uint64_t seed, const Draw& draw) {
  std::vector<double> values;
  for (int i = 0; i < kDraws; i++) {
    RandomStream random(seed, 1, static_cast<uint64_t>(i));
    values.push_back(draw(random));
  }
  std::sort(values.begin(), values.end());
  return values;
}

/// Kolmogorov's statistic sqrt(n) D for a continuous distribution. It exceeds 2.3 with probability
/// 2 exp(-2 * 2.3^2) = 5e-5 if the distribution is right (Kolmogorov 1933); seeds are fixed.
constexpr double kKolmogorov = 2.3;
template <typename Cdf>
double kolmogorov(const std::vector<double>& sorted, const Cdf& cdf) {
  double worst = 0;
  const auto n = static_cast<double>(sorted.size());
  for (size_t i = 0; i < sorted.size(); i++) {
    const double p = cdf(sorted[i]), at = static_cast<double>(i);
    worst = std::max({worst, p - at / n, (at + 1) / n - p});
  }
  return worst * std::sqrt(n);
}

TEST(RandomVariates, OfContinuousDistributionsFollowTheirDistributionFunctions) {
  EXPECT_LT(
      kolmogorov(drawn(1, [](RandomStream& r) { return r.uniform(); }), [](double x) { return x; }),
      kKolmogorov);
  EXPECT_LT(kolmogorov(drawn(2, [](RandomStream& r) { return r.exponential(); }),
                       [](double x) { return -std::expm1(-x); }),
            kKolmogorov);
  EXPECT_LT(kolmogorov(drawn(3, [](RandomStream& r) { return r.normal(); }),
                       [](double x) { return std::erfc(-x / std::numbers::sqrt2) / 2; }),
            kKolmogorov);
  EXPECT_LT(kolmogorov(drawn(4, [](RandomStream& r) { return r.weibull(0.7, 3); }),
                       [](double x) { return -std::expm1(-std::pow(x / 3, 0.7)); }),
            kKolmogorov);
}

/// The incomplete gamma function, and the incomplete beta function: NB(b) is at least a.
double gamma_cdf(double shape, double x) {
  if (x == 0) return 0;
  const PowerIntegral below = power_integral({.c = shape, .D = 1}, x);
  return std::min(std::exp(log_gamma_kernel(shape, below.at)) * below.area, 1.0);
}
double beta_cdf(double a, double b, double x) {
  return x == 1 ? 1 : std::exp(NegativeBinomial{b, 1 - x}.log_at_least(a, x));
}

/// The value of chi-squared that is exceeded with probability 1e-5.
double chi_squared_quantile(double freedom) {
  double low = freedom, high = freedom + 100 + 20 * std::sqrt(freedom);
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (gamma_cdf(freedom / 2, middle / 2) < 1 - 1e-5 ? low : high) = middle;
  }
  return high;
}

TEST(RandomVariates, OfGammaAndBetaFollowTheirDistributionFunctions) {
  for (const double shape : {0.01, 0.243, 0.999, 1.0, 4.4, 250.0}) {
    EXPECT_LT(kolmogorov(drawn(5, [=](RandomStream& r) { return r.gamma(shape); }),
                         [=](double x) { return gamma_cdf(shape, x); }),
              kKolmogorov)
        << shape;
    EXPECT_LT(kolmogorov(drawn(6, [=](RandomStream& r) { return r.log_gamma(shape); }),
                         [=](double x) { return gamma_cdf(shape, std::exp(x)); }),
              kKolmogorov)
        << shape;
  }
  for (const auto& [a, b] :
       {std::pair{0.793, 2.426}, {0.02, 3.0}, {1.0, 1.0}, {60.0, 0.5}, {300.0, 200.0}}) {
    EXPECT_LT(kolmogorov(drawn(7, [=](RandomStream& r) { return r.beta(a, b).value; }),
                         [=](double x) { return beta_cdf(a, b, x); }),
              kKolmogorov)
        << a << " " << b;
  }
}

// Shapes of 1e-6: a fair coin between 0 and 1, each with its complement, never 0 / 0.
TEST(RandomVariates, OfBetaWithTinyShapesAreACoin) {
  int ones = 0;
  for (int i = 0; i < 1'000; i++) {
    RandomStream random(8, 1, static_cast<uint64_t>(i));
    const UnitPoint p = random.beta(1e-6, 1e-6);
    EXPECT_LT(std::min(p.value, p.complement), 1e-9);  // with probability 0.99996 each
    EXPECT_EQ(p.value + p.complement, 1);
    ones += p.value > 0.5;
  }
  EXPECT_NEAR(ones, 500, 5 * std::sqrt(250.0));  // 5 deviations: 6e-7
  RandomStream random(9, 1, 1);
  EXPECT_LT(random.log_gamma(1e-6), -100);
}

/// Pearson's chi-squared over the cells of a count, those expected below 10 put together; against
/// the quantile of 1 - 1e-5.
template <typename LogPmf>
void expect_counts(const std::vector<double>& sorted, const LogPmf& log_pmf,
                   const std::string& what) {
  double statistic = 0, expected = 0, observed = 0, left = kDraws;
  int cells = 0;
  size_t at = 0;
  for (double n = sorted.front() > 100 ? sorted.front() - 1 : 0; left > 0 && n < 1e7; n++) {
    expected += kDraws * std::exp(log_pmf(n));
    while (at < sorted.size() && sorted[at] <= n) {
      at++;
      observed++;
    }
    if (expected < 10 && at < sorted.size()) continue;
    if (at == sorted.size()) {
      expected = left;  // the last cell has the tail
    }
    statistic += (observed - expected) * (observed - expected) / expected;
    left -= expected;
    cells++;
    expected = observed = 0;
    if (at == sorted.size()) break;
  }
  ASSERT_GT(cells, 2) << what;
  const double quantile = chi_squared_quantile(cells - 1);
  EXPECT_LT(statistic, quantile) << what << ", " << cells << " cells";
}

TEST(RandomVariates, OfCountsFollowTheirProbabilities) {
  for (const double mean : {0.3, 4.0, 9.99, 10.0, 37.0, 1000.0}) {
    expect_counts(
        drawn(10, [=](RandomStream& r) { return r.poisson(mean); }),
        [=](double n) { return log_poisson(n, mean); }, "Poisson " + std::to_string(mean));
  }
  for (const double p : {0.9, 0.3, 0.02}) {
    expect_counts(
        drawn(11,
              [=](RandomStream& r) {
                return r.geometric({p, 1 - p});
              }),
        [=](double n) { return std::log(p) + n * std::log1p(-p); },
        "geometric " + std::to_string(p));
  }
}

// A large Poisson number is normal: mean and variance within 5 deviations (6e-7 each).
TEST(RandomVariates, OfPoissonWithALargeMeanHaveItsMoments) {
  const double mean = 3e8;
  double sum = 0, squares = 0;
  for (const double n : drawn(12, [=](RandomStream& r) { return r.poisson(mean); })) {
    sum += (n - mean) / std::sqrt(mean);
    squares += (n - mean) * (n - mean) / mean;
  }
  EXPECT_NEAR(sum / kDraws, 0, 5 / std::sqrt(kDraws));
  EXPECT_NEAR(squares / kDraws, 1, 5 * std::sqrt(2.0 / kDraws));
}

TEST(RandomVariates, HaveTheirEdges) {
  RandomStream random(1, 1, 1);
  EXPECT_EQ(random.poisson(0), 0);
  EXPECT_TRUE(std::isnan(random.poisson(-1)));
  EXPECT_EQ(random.geometric({1, 0}), 0);
}

// From the first known answer: 0xe169c58d6627e8d5 is the uniform 0.88051...; its logarithm by
// mpmath.
TEST(RandomVariates, AreFunctionsOfTheBits) {
  RandomStream uniform(0, 0, 0), exponential(0, 0, 0), weibull(0, 0, 0);
  EXPECT_EQ(uniform.uniform(), 0x1.c2d38b1acc4fdp-1);
  EXPECT_DOUBLE_EQ(exponential.exponential(), -std::log(0x1.c2d38b1acc4fdp-1));
  EXPECT_DOUBLE_EQ(weibull.weibull(0.5, 2), 2 * std::pow(std::log(0x1.c2d38b1acc4fdp-1), 2));
}

}  // namespace
}  // namespace patron::internal::ltv
