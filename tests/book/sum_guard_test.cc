#include "lib/book/sum_guard.h"

#include <gtest/gtest.h>

#include "tests/book/book_oracle.h"

namespace patron::book_test {
namespace {

BookSpec spec_of_visits() {
  BookSpec spec;
  spec.customer = Kind::kInt64;
  spec.streams = {wide_stream("")};
  return spec;
}

// Sums of absolute amounts stay within int64, to the last unit.
TEST(SumGuard, RefusesWhatWouldOverflowASum) {
  Book book(*BookLayout::make(spec_of_visits()));
  BookReport report;
  const auto event = [](int customer, int64_t amount) {
    Event made;
    made.customer = std::to_string(customer);
    made.fact.values.resize(11);
    made.fact.values[0] = amount;
    made.fact.values[2] = int64_t{1};
    return made;
  };
  constexpr int64_t kHalf = INT64_MAX / 2;  // INT64_MAX = 2 kHalf + 1
  ASSERT_TRUE(
      give(book, 0,
           {event(1, kHalf), event(1, -kHalf), event(1, 2), event(1, 1), event(2, 5), event(1, 1)},
           {}, report)
          .ok());
  EXPECT_EQ(report.accepted, 4);
  ASSERT_EQ(report.refused.size(), 2u);
  EXPECT_EQ(report.refused[0].row, 2);
  EXPECT_EQ(report.refused[1].row, 5);
  EXPECT_EQ(report.refused[1].reason,
            "with this amount a sum over the customer's events could overflow");
  ASSERT_TRUE(give(book, 0, {event(1, -1), event(2, kHalf)}, {}, report).ok());
  EXPECT_EQ(report.accepted, 1);
  EXPECT_EQ(report.refused[0].row, 0);
}

}  // namespace
}  // namespace patron::book_test
