// Many numbers at once beside the same ones by one.
#include "lib/engine/calibration/number_counts.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

namespace patron::internal {
namespace {

TEST(NumberCounts, ManyAtOnceAreAsManyOneByOne) {
  std::mt19937_64 random(11);
  for (int round = 0; round < 90; ++round) {
    Multiset one(1), all(1);
    NumberCounts counts;
    counts.reserve(1000);
    for (int part = 0; part < 6; ++part) {
      std::vector<int64_t> numbers(random() % 700);
      for (int64_t& number : numbers) {
        number = static_cast<int64_t>(random() % 5000) - (round % 3 == 0 ? 10 : 0);
        if (part % 3 == 1) number *= int64_t{1} << (round % 2 == 0 ? 12 : 40);
        if (round % 5 == 4 && random() % 50 == 0) {
          number = random() % 2 == 0 ? std::numeric_limits<int64_t>::min()
                                     : std::numeric_limits<int64_t>::max();
        }
      }
      for (const int64_t number : numbers) one.add({number});
      if (part == 0) {
        for (const int64_t number : numbers) all.add({number});  // before, one by one
        continue;
      }
      counts.add(numbers);
      if (random() % 3 == 0) counts.into(all);
    }
    one.seal();
    counts.into(all);
    ASSERT_EQ(all, one) << round;
    ASSERT_EQ(all.total(), one.total());
  }
}

}  // namespace
}  // namespace patron::internal
