#include "lib/models/ltv/grid_values.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <random>
#include <vector>

namespace patron::internal::ltv {
namespace {

double value_of(double x, double T) { return 1000 * x + std::sqrt(T); }

/// Puts blocks of one frequency each through `known` and checks every value; returns how many were
/// asked for.
int64_t asked_of(GridValues* known, double x, const std::vector<double>& T) {
  int64_t asked = 0;
  for (size_t begin = 0; begin < T.size() && known->keeps(x); begin += 1000) {
    const auto n = std::min<int64_t>(1000, static_cast<int64_t>(T.size() - begin));
    std::vector<double> out(static_cast<size_t>(n), -1), values;
    const CustomerSpan fresh = known->look_up(x, T.data() + begin, n, out.data());
    for (int64_t i = 0; i < fresh.size; ++i) {
      EXPECT_EQ(fresh.frequency[i], x);
      values.push_back(value_of(x, fresh.T[i]));
    }
    known->take(x, values.data(), out.data());
    for (int64_t i = 0; i < n; ++i)
      EXPECT_EQ(out[static_cast<size_t>(i)], value_of(x, T[begin + static_cast<size_t>(i)]));
    asked += fresh.size;
  }
  return asked;
}

TEST(GridValues, AreAskedForOnce) {
  std::mt19937_64 random(1);
  GridValues known;
  for (const double x : {0.0, 3.0, 15.0}) {
    std::vector<double> T(1000);
    for (double& time : T) time = static_cast<double>(random() % 300) / 7;
    EXPECT_GT(asked_of(&known, x, T), 0);
    std::vector<double> again;
    for (int round = 0; round < 5; ++round) again.insert(again.end(), T.begin(), T.end());
    EXPECT_EQ(asked_of(&known, x, again), 0);
  }
  EXPECT_FALSE(known.keeps(16)) << "few customers buy so often";
}

TEST(GridValues, AreNoLongerKeptWhereTimesDoNotRepeat) {
  std::mt19937_64 random(2);
  GridValues known;
  std::vector<double> T(100'000);
  for (double& time : T) time = std::uniform_real_distribution<>(0, 40)(random);
  EXPECT_LT(asked_of(&known, 0, T), 5000);
  EXPECT_FALSE(known.keeps(0));
}

// Times whose keys fall on one place, by the inverse of the multiplier: not all of them are kept,
// no one gets another's value, and none is searched for long.
TEST(GridValues, TimesMadeToCollideKeepTheirValues) {
  constexpr uint64_t kMultiplier = 0x9e3779b97f4a7c15U;
  uint64_t inverse = 1;
  for (int i = 0; i < 6; ++i) inverse *= 2 - kMultiplier * inverse;
  ASSERT_EQ(kMultiplier * inverse, 1u);
  std::vector<double> T;
  for (uint64_t low = 1; T.size() < 400; ++low) {
    const double time = std::bit_cast<double>(low * inverse);
    if (time > 0 && std::isfinite(time)) T.push_back(time);
  }
  GridValues known;
  asked_of(&known, 2, T);
  EXPECT_GT(asked_of(&known, 2, T), 300);
  EXPECT_TRUE(known.keeps(2));
}

// A value that does not exist is asked for every time.
TEST(GridValues, NaNIsNotKept) {
  GridValues known;
  const double T = 5, none = NAN;
  double out = 0;
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(known.look_up(0, &T, 1, &out).size, 1);
    known.take(0, &none, &out);
    EXPECT_TRUE(std::isnan(out));
  }
}

}  // namespace
}  // namespace patron::internal::ltv
