#include "lib/base/radix_sort.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace patron::internal {
namespace {

struct Numbered {
  uint64_t number;
  uint32_t place;
  bool operator==(const Numbered&) const = default;
};

const auto kNumber = [](const Numbered& one) { return one.number; };

// Beside a sort that compares and keeps the order of what is equal.
TEST(RadixSort, SortsAsAStableSortDoes) {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    std::mt19937_64 random(seed);
    const uint64_t bits = random() % 64 + 1, low = random() % bits;
    const uint64_t differing = (~uint64_t{0} >> (64 - bits)) & ~((uint64_t{1} << low) - 1);
    const uint64_t same = random() & ~differing;
    std::vector<Numbered> values(random() % 300);
    for (uint32_t i = 0; i < values.size(); ++i) values[i] = {(random() & differing) | same, i};
    std::vector<Numbered> expected = values, scratch(values.size());
    std::stable_sort(expected.begin(), expected.end(),
                     [](const Numbered& a, const Numbered& b) { return a.number < b.number; });
    radix_sort(std::span(values), std::span(scratch), kNumber);
    ASSERT_EQ(values, expected) << "seed " << seed;
  }
}

TEST(RadixSort, LeavesWhatIsInOrderAsItIs) {
  std::vector<Numbered> values = {{1, 0}, {1, 1}, {5, 2}, {uint64_t{1} << 60, 3}};
  const std::vector<Numbered> before = values;
  std::vector<Numbered> scratch(values.size(), {7, 7});
  radix_sort(std::span(values), std::span(scratch), kNumber);
  EXPECT_EQ(values, before);
  EXPECT_EQ(scratch, std::vector<Numbered>(values.size(), {7, 7}));
  radix_sort(std::span<Numbered>(), std::span<Numbered>(), kNumber);
}

}  // namespace
}  // namespace patron::internal
