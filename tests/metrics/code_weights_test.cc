#include "lib/metrics/code_weights.h"

#include <gtest/gtest.h>

namespace patron::internal {
namespace {

std::vector<uint32_t> codes_of(CodeWeights& weights) {
  const std::span<const uint32_t> codes = weights.order();
  return {codes.begin(), codes.end()};
}

TEST(CodeWeights, TheHeaviestStandsFirstAndOfEqualsTheLessByItsBytes) {
  CodeWeights weights({"pear", "apple", "fig", "plum"});
  weights.add(0, 3, 0);
  weights.add(2, 1, 0);
  weights.add(1, 2, 0);
  weights.add(1, 1, 0);
  EXPECT_EQ(weights.size(), 3u);
  EXPECT_EQ(weights.text(weights.best()), "apple") << "as heavy as pear, and less by its bytes";
  EXPECT_EQ(codes_of(weights), (std::vector<uint32_t>{1, 0, 2}));
}

TEST(CodeWeights, DoublesWeighToo) {
  CodeWeights weights({"a", "b"});
  weights.add(0, 0, 0.25);
  weights.add(1, 0, 0.5);
  EXPECT_EQ(weights.text(weights.best()), "b");
}

TEST(CodeWeights, SumsDoNotLeaveTheirRange) {
  CodeWeights weights({"a", "b"});
  for (int i = 0; i < 4; ++i) weights.add(0, INT64_MAX, 0);
  weights.add(1, INT64_MAX, 0);
  EXPECT_EQ(weights.text(weights.best()), "a");
}

TEST(CodeWeights, NothingIsLeftOfTheCustomerBefore) {
  CodeWeights weights({"a", "b"});
  weights.add(0, 7, 0.5);
  weights.clear();
  EXPECT_EQ(weights.size(), 0u);
  weights.add(0, 1, 0);
  weights.add(1, 2, 0);
  EXPECT_EQ(weights.text(weights.best()), "b");
}

}  // namespace
}  // namespace patron::internal
