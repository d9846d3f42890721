#include "lib/models/ltv/pareto_moments.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <random>

#include "tests/models/ltv/math/reference.h"

namespace patron::internal::ltv {
namespace {

constexpr size_t kFields = sizeof(LeavingSums<double>) / sizeof(double);
using Fields = std::array<double, kFields>;

Fields fields_of(const LeavingSums<double>& sums) {
  Fields fields;
  std::memcpy(fields.data(), &sums, sizeof fields);
  return fields;
}

Fields by_rule(const LeavingDensity& d, double t, double T) {
  LeavingSums<double> first;
  run_with_best_simd([&]() PATRON_SIMD_LAMBDA {
    const Pack from = all_lanes<Pack>(t), to = all_lanes<Pack>(T);
    const double la = log1p((T - t) / (d.alpha + t)), lb = log1p((T - t) / (d.beta + t));
    const double width = d.alpha <= d.beta ? la : lb;
    const LeavingSums<Pack> sums = leaving_sums_by_rule(d, from, to, all_lanes<Pack>(width),
                                                        nodes_for(width, d.c * la + d.s * lb));
    const auto* packs = reinterpret_cast<const Pack*>(&sums);
    auto* values = reinterpret_cast<double*>(&first);
    for (size_t k = 0; k < kFields; ++k) values[k] = packs[k][0];
  });
  return fields_of(first);
}

TEST(LeavingSums, ByOneRuleAreThoseByPanelsWhereverTheRuleIsUsed) {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> unit(0, 1);
  const auto log_uniform = [&](double low, double high) {
    return exp(low + (high - low) * unit(random));
  };
  double worst = 0;
  for (int k = 0; k < test::cases(20000); ++k) {
    LeavingDensity d;
    d.alpha = log_uniform(-12, 12);
    d.beta = unit(random) < 0.1 ? d.alpha : log_uniform(-12, 12);
    const double t = unit(random) < 0.3 ? 0 : log_uniform(-8, 4);
    const double width = kWidestRange * unit(random) * unit(random);
    const double T = t + (std::min(d.alpha, d.beta) + t) * expm1(width);
    const double growth = kLargestGrowth * unit(random) * unit(random), share = unit(random);
    d.c = growth * share / log1p((T - t) / (d.alpha + t));
    d.s = growth * (1 - share) / log1p((T - t) / (d.beta + t));
    const Fields fast = by_rule(d, t, T), slow = fields_of(leaving_sums_by_panels(d, t, T));
    for (size_t i = 0; i < kFields; ++i) {
      const double error = std::abs(fast[i] - slow[i]) / std::max(std::abs(slow[i]), 1e-290);
      worst = std::max(worst, error);
      ASSERT_LE(error, 1e-13) << "case " << k << " field " << i << ": " << d.c << " " << d.alpha
                              << " " << d.s << " " << d.beta << " " << t << " " << T;
    }
  }
  RecordProperty("worst", std::to_string(worst));
}

TEST(LeavingSums, TheTwoIntegralsAndTheEndAddUpToOne) {
  std::mt19937_64 random(8);
  std::uniform_real_distribution<double> log_of(-14, 14), unit(0, 1);
  for (int k = 0; k < test::cases(5000); ++k) {
    const LeavingDensity d{exp(log_of(random)), exp(log_of(random)), exp(log_of(random)),
                           exp(log_of(random))};
    const double T = exp(log_of(random)), t = T * unit(random);
    const LeavingSums<double> sums = leaving_sums_by_panels(d, t, T);
    const double end =
        exp(-d.c * log1p((T - t) / (d.alpha + t)) - d.s * log1p((T - t) / (d.beta + t)));
    EXPECT_NEAR(sums.left + sums.bought + end, 1, 1e-13)
        << d.c << " " << d.alpha << " " << d.s << " " << d.beta << " " << t << " " << T;
  }
}

}  // namespace
}  // namespace patron::internal::ltv
