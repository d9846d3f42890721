#include "lib/models/ltv/frequency_order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace patron::internal::ltv {
namespace {

TEST(FrequencyOrder, BringsEqualFrequenciesTogetherAndValuesBack) {
  std::mt19937_64 random(1);
  FrequencyOrder order;
  for (const int64_t n : {int64_t{0}, int64_t{1}, int64_t{7}, kCustomerRows}) {
    std::vector<double> x, t, T;
    for (int64_t i = 0; i < n; ++i) {
      x.push_back(
          static_cast<double>(random() % 5 == 0 ? random() % 1'000'000'000'000 : random() % 90));
      t.push_back(static_cast<double>(i));
      T.push_back(static_cast<double>(2 * i));
    }
    const CustomerSpan sorted = order.sort({n, x.data(), t.data(), T.data(), nullptr});
    ASSERT_EQ(sorted.size, n);
    std::vector<double> values(static_cast<size_t>(n));
    for (int64_t i = 0; i < n; ++i) {
      const double place = std::min(sorted.frequency[i], kOrderedFrequencies - 1.0);
      if (i > 0) {
        const double before = std::min(sorted.frequency[i - 1], kOrderedFrequencies - 1.0);
        ASSERT_LE(before, place);
        ASSERT_TRUE(before < place || sorted.recency[i - 1] < sorted.recency[i]) << "as they came";
      }
      const auto was = static_cast<size_t>(sorted.recency[i]);
      ASSERT_EQ(sorted.frequency[i], x[was]);
      ASSERT_EQ(sorted.T[i], T[was]);
      values[static_cast<size_t>(i)] = 10 * sorted.recency[i];
    }
    std::vector<double> back(static_cast<size_t>(n), -1);
    order.restore(values.data(), n, back.data());
    for (int64_t i = 0; i < n; ++i)
      ASSERT_EQ(back[static_cast<size_t>(i)], 10 * static_cast<double>(i));
  }
}

}  // namespace
}  // namespace patron::internal::ltv
