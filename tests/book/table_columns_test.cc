#include "lib/book/table_columns.h"

#include <gtest/gtest.h>

#include "tests/book/batch_reading.h"

namespace patron::book_test {
namespace {

TEST_F(Batches, ColumnsAreChecked) {
  const auto said = [&](TableBuilder& builder, size_t stream = 0) {
    const Status status = read(*builder.finish(), stream);
    EXPECT_EQ(status.code(), Code::kColumn);
    return status.message();
  };
  EXPECT_EQ(said(TableBuilder().int64("customer", {}).doubles("amuont", {})),
            "stream \"orders\" has no column \"amuont\"; did you mean \"amount\"? The columns are "
            "\"time\", \"customer\", \"amount\", \"margin\", \"quantity\", \"category\", "
            "\"channel\", \"id\"; declare it under streams.orders.columns, or leave it out");
  EXPECT_EQ(said(TableBuilder().int64("customer", {}).doubles("amount", {})),
            "the table has no column \"time\", which stream \"orders\" needs");
  EXPECT_EQ(said(TableBuilder().timestamps("time", {}, "UTC")),
            "the table has no column \"customer\", which stream \"orders\" needs");
  EXPECT_EQ(said(TableBuilder().int64("customer", {}).timestamps("time", {}, "UTC")),
            "the table has no column \"amount\", which stream \"orders\" needs");
  EXPECT_EQ(said(TableBuilder().int64("customer", {}), 1),
            "stream \"referrals\" has no column \"customer\"; the columns are \"time\", "
            "\"referrer\", \"referred\", \"channel\"; declare it under streams.referrals.columns, "
            "or leave it out");
}

}  // namespace
}  // namespace patron::book_test
