#include "lib/engine/settle/scorecard.h"

#include <gtest/gtest.h>

#include <memory>

#include "lib/engine/book_spec.h"
#include "patron/policy.h"
#include "patron/time.h"

namespace patron::internal {
namespace {

// A customer with an order on day 0 and on day 50, and a refund on day 55; local days are UTC's.
class Scorecard : public ::testing::Test {
 protected:
  Scorecard()
      : policy(*Policy::check(R"({"patron": 1, "name": "test", "money": {"scale": 2},
            "customer": {"id": "int64"}, "streams": {"orders": {}}, "tags": [{"name": "card",
            "scorecard": [{"stream": "orders", "points": 4}]}]})")
                    .policy),
        book(*BookLayout::make(book_spec(policy.data()))) {
    const Table orders =
        *TableBuilder()
             .int64("customer", {1, 1, 1})
             .timestamps("time", {0, 50 * kMicrosPerDay, 55 * kMicrosPerDay}, "UTC")
             .doubles("amount", {100, 300, -20})
             .finish();
    BookReport report;
    EXPECT_TRUE(book.add("orders", orders, {}, &report).ok());
    row.stream = 0;
    row.points = 4;
  }
  ScorecardSum at(Micros now) {
    const PolicyStream& stream = policy.data().streams[0];
    LogReader reader(book.state(), 0);
    EventSource source(stream.schema, reader, stream_rules(stream));
    return scorecard_sum(row, source, book.find({1, {}}), now, policy.data().zone);
  }
  Policy policy;
  Book book;
  PolicyScorecardRow row;
};

TEST_F(Scorecard, EverySaleGivesItsPointsAndARefundNone) {
  EXPECT_EQ(at(49 * kMicrosPerDay).points, 4);
  const ScorecardSum sum = at(60 * kMicrosPerDay);
  EXPECT_EQ(sum.points, 8);
  EXPECT_EQ(sum.as_of, 50 * kMicrosPerDay);
  EXPECT_EQ(sum.next_change, TimeRange::kNever);
}

TEST_F(Scorecard, PointsAreHalvedInEachHalfLifeAndStepAtMidnight) {
  row.half_life = Period{0, 10 * kMicrosPerDay};
  const ScorecardSum sum = at(60 * kMicrosPerDay + 7);
  EXPECT_NEAR(sum.points, 4.0 / 64 + 4.0 / 2, 1e-14) << "60 days are six half-lives, 10 are one";
  EXPECT_EQ(sum.next_change, 61 * kMicrosPerDay);
}

TEST_F(Scorecard, ACapHoldsAwayFromZero) {
  row.cap = 5;
  EXPECT_EQ(at(60 * kMicrosPerDay).points, 5);
  row.points = -4, row.cap = -5;
  EXPECT_EQ(at(60 * kMicrosPerDay).points, -5);
  row.points = -1;
  EXPECT_EQ(at(60 * kMicrosPerDay).points, -2) << "it is not reached";
}

}  // namespace
}  // namespace patron::internal
