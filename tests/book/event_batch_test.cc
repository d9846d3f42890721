#include "lib/book/event_batch.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/book/batch_reading.h"

namespace patron::book_test {
namespace {

TEST_F(Batches, AReferralIsAFactOfWhoIsReferred) {
  ASSERT_TRUE(read(*TableBuilder()
                        .int64("referrer", {1, 2})
                        .int64("referred", {3, 4})
                        .timestamps("time", {5, 6}, "UTC")
                        .finish(),
                   1)
                  .ok());
  EXPECT_EQ(plain(batch_.int_ids), (std::vector<int64_t>{3, 4}));
}

TEST_F(Batches, AnAttributeHasRowsWhereItHasValues) {
  report_ = {};
  ASSERT_TRUE(internal::read_values(
                  *TableBuilder().int64("customer", {1, 2}).int64("size", {7, 8}).finish(),
                  layout_.data().attributes[0], layout_.data(), {.clock = 99}, kEndTime, batch_,
                  report_)
                  .ok());
  EXPECT_EQ(plain(batch_.times), (std::vector<Micros>{99, 99}));
  EXPECT_EQ(ints(0), (std::vector<int64_t>{7, 8}));
  EXPECT_EQ(report_.rows, 2);
}

TEST_F(Batches, ANullOfAnAttributeIsARowWhereItWithdraws) {
  const int64_t sizes[] = {7, 0}, customers[] = {1, 2};
  const uint8_t first = 1;
  std::vector<ColumnView> views(2);
  views[0].name = "customer";
  views[1].name = "size";
  views[0].type.type = views[1].type.type = Type::kInt64;
  views[0].chunk.length = views[1].chunk.length = 2;
  views[0].chunk.values = customers;
  views[1].chunk.values = sizes;
  views[1].chunk.validity = &first;
  views[1].chunk.null_count = 1;
  const Table table = *make_table(views);
  const auto read_with = [&](AttributeNulls nulls) {
    report_ = {};
    return internal::read_values(table, layout_.data().attributes[0], layout_.data(),
                                 {.clock = 99, .nulls = nulls}, kEndTime, batch_, report_);
  };
  ASSERT_TRUE(read_with(AttributeNulls::kIgnore).ok());
  EXPECT_EQ(plain(batch_.int_ids), std::vector<int64_t>{1});
  EXPECT_EQ(report_.rows, 1);
  ASSERT_TRUE(read_with(AttributeNulls::kClear).ok());
  EXPECT_EQ(plain(batch_.int_ids), (std::vector<int64_t>{1, 2}));
  EXPECT_EQ(ints(0), (std::vector<int64_t>{7, internal::kNullInt}));
  EXPECT_EQ(report_.rows, 2);
}

TEST_F(Batches, KeysToDeleteNeedNothingElse) {
  const std::vector<std::string> ids{"a", "b"};
  const Table keys = *TableBuilder().int64("customer", {1, 2}).strings("id", ids).finish();
  ASSERT_TRUE(
      internal::read_keys(keys, layout_.data().streams[0], layout_.data(), batch_, report_).ok());
  EXPECT_EQ(plain(batch_.columns[5].texts), (std::vector<std::string_view>{"a", "b"}));
  EXPECT_EQ(internal::read_keys(
                *TableBuilder().int64("customer", {1, 2}).int64("amount", {1, 2}).finish(),
                layout_.data().streams[0], layout_.data(), batch_, report_)
                .code(),
            Code::kColumn);
}

}  // namespace
}  // namespace patron::book_test
