#include "lib/engine/calibration/multiset.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <random>

namespace patron::internal {
namespace {

TEST(Multiset, CountsEqualRowsWhateverTheirOrder) {
  Multiset days(1);
  for (const int64_t day : {30, 12, 30, -4, 12, 30}) days.add({day});
  days.seal();
  ASSERT_EQ(days.size(), 3u);
  EXPECT_EQ(days.row(0)[0], -4);
  EXPECT_EQ(days.count(2), 3);
  EXPECT_EQ(days.total(), 6);
  EXPECT_EQ(days.values(), (std::vector<int64_t>{-4, 12, 12, 30, 30, 30}));
  days.add({12});
  days.seal();
  EXPECT_EQ(days.count(1), 3);
}

TEST(Multiset, ManyNumbersOfAnySizeAreSorted) {
  std::mt19937_64 random(7);
  for (const int bits : {1, 9, 17, 40, 64}) {
    Multiset numbers(1);
    std::vector<int64_t> sorted{std::numeric_limits<int64_t>::min(), -1, 0,
                                std::numeric_limits<int64_t>::max()};
    for (int i = 0; i < 3000; ++i) {
      sorted.push_back(static_cast<int64_t>(random() >> (64 - bits)) - (int64_t{1} << (bits / 2)));
    }
    for (const int64_t number : sorted) numbers.add({number});
    numbers.seal();
    std::sort(sorted.begin(), sorted.end());
    ASSERT_EQ(numbers.values(), sorted) << bits;
    EXPECT_EQ(numbers.total(), static_cast<int64_t>(sorted.size()));
  }
}

TEST(Multiset, PartsMergeToTheWholeInAnyOrder) {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    std::mt19937_64 random(seed);
    const size_t width = 1 + random() % 4;
    std::map<std::array<int64_t, 4>, int64_t> oracle;
    std::vector<Multiset> parts(1 + random() % 4, Multiset(width));
    for (int i = 0; i < 200; ++i) {
      std::array<int64_t, 4> row{};
      for (size_t c = 0; c < width; ++c) row[c] = static_cast<int64_t>(random() % 4) - 2;
      ++oracle[row];
      Multiset& part = parts[random() % parts.size()];
      switch (width) {
        case 1:
          part.add({row[0]});
          break;
        case 2:
          part.add({row[0], row[1]});
          break;
        case 3:
          part.add({row[0], row[1], row[2]});
          break;
        default:
          part.add({row[0], row[1], row[2], row[3]});
      }
    }
    for (Multiset& part : parts) part.seal();
    std::shuffle(parts.begin(), parts.end(), random);
    Multiset all(width);
    for (const Multiset& part : parts) all.merge(part);
    ASSERT_EQ(all.size(), oracle.size()) << "seed " << seed;
    size_t i = 0;
    for (const auto& [row, count] : oracle) {
      ASSERT_TRUE(std::equal(all.row(i).begin(), all.row(i).end(), row.begin())) << "seed " << seed;
      ASSERT_EQ(all.count(i++), count) << "seed " << seed;
    }
  }
}

TEST(Multiset, AppendsOnlyWhatComesBehind) {
  Multiset rows(2);
  const std::array<int64_t, 2> low{1, 5}, high{2, 0};
  EXPECT_TRUE(rows.append(high, 2));
  EXPECT_FALSE(rows.append(low, 1));
  EXPECT_FALSE(rows.append(high, 0));
  EXPECT_TRUE(rows.append(high, 1));
  EXPECT_EQ(rows.count(0), 3);
  EXPECT_FALSE(rows.append(high, std::numeric_limits<int64_t>::max()));
}

TEST(OrderKey, IsInTheOrderOfTheDoublesAndComesBack) {
  const std::vector<double> ascending{-std::numeric_limits<double>::infinity(),
                                      -1e300,
                                      -1.5,
                                      -std::numeric_limits<double>::denorm_min(),
                                      0,
                                      std::numeric_limits<double>::denorm_min(),
                                      0.1,
                                      1e300,
                                      std::numeric_limits<double>::infinity()};
  for (size_t i = 0; i < ascending.size(); ++i) {
    EXPECT_EQ(from_order_key(order_key(ascending[i])), ascending[i]);
    if (i > 0) {
      EXPECT_LT(order_key(ascending[i - 1]), order_key(ascending[i]));
    }
  }
  EXPECT_EQ(order_key(-0.0), order_key(0.0));
}

}  // namespace
}  // namespace patron::internal
