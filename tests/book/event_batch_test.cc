#include "lib/book/event_batch.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "tests/book/book_oracle.h"

namespace patron::book_test {
namespace {

using internal::EventBatch;

BookSpec orders_spec() {
  BookSpec spec;
  spec.customer = Kind::kInt64;
  spec.money = {2, {'E', 'U', 'R'}};
  spec.streams = {*built_in_stream("orders", spec), *built_in_stream("referrals", spec)};
  spec.streams[0].columns.push_back(book_column("id", Kind::kString));
  spec.streams[0].columns[3].field.values = {"tea", "coffee"};
  spec.streams[0].key = "id";
  BookAttribute size;
  size.field.name = "size";
  size.field.kind = Kind::kInt64;
  spec.attributes = {size};
  return spec;
}

class Batches : public testing::Test {
 protected:
  std::vector<std::string> refusals() const {
    std::vector<std::string> all;
    for (const BookRefusal& refusal : report_.refused) {
      all.push_back(std::to_string(refusal.row) + " " + refusal.column + ": " + refusal.reason);
    }
    return all;
  }
  Status read(const Table& table, size_t stream = 0, Micros until = kEndTime) {
    report_ = {};
    return internal::read_batch(table, layout_.data().streams[stream], layout_.data(), until,
                                batch_, report_);
  }
  std::vector<int64_t> ints(size_t column) const {
    std::vector<int64_t> values(batch_.size());
    std::memcpy(values.data(), batch_.columns[column].cells.data(), values.size() * 8);
    return values;
  }
  BookLayout layout_ = *BookLayout::make(orders_spec());
  EventBatch batch_;
  BookReport report_;
};

TEST_F(Batches, BadRowsAreListedAndGoodOnesStay) {
  const std::vector<std::optional<std::string>> ids{"a", "b", std::nullopt, "d", "e"};
  const std::vector<std::optional<std::string>> categories{"tea", "milk", "tea", std::nullopt,
                                                           "coffee"};
  const Table table = *TableBuilder()
                           .int64("customer", {1, 2, 3, 4, 5})
                           .timestamps("time", {10, 20, 30, 400, 50}, "UTC")
                           .doubles("amount", {1.5, 2, 3, 4, std::nan("")})
                           .strings("category", categories)
                           .strings("id", ids)
                           .finish();
  ASSERT_TRUE(read(table, 0, 300).ok());
  EXPECT_EQ(refusals(), (std::vector<std::string>{"3 time: time after 1970-01-01T00:00:00.000300Z",
                                                  "4 amount: amount: NaN or infinite",
                                                  "1 category: category: none of its values",
                                                  "2 id: null id"}));
  EXPECT_EQ(report_.rows, 5);
  EXPECT_EQ(report_.refused_rows, 4);
  EXPECT_EQ(batch_.source, std::vector<int64_t>{0});
  EXPECT_EQ(batch_.times, std::vector<Micros>{10});
  EXPECT_EQ(ints(0), std::vector<int64_t>{150});
  EXPECT_FALSE(batch_.columns[1].given);
}

TEST_F(Batches, ForeignCurrenciesNeedARate) {
  const std::vector<std::optional<std::string>> currencies{"EUR", "USD", "USD", std::nullopt,
                                                           "USD"};
  const std::vector<std::string> ids{"a", "b", "c", "d", "e"};
  const Table table = *TableBuilder()
                           .int64("customer", {1, 1, 1, 1, 1})
                           .timestamps("time", {1, 2, 3, 4, 5}, "UTC")
                           .doubles("amount", {1, 1.01, 1, 1, 1})
                           .strings("currency", currencies)
                           .doubles("rate", {9, 0.5, -1, 9, 0.25})
                           .strings("id", ids)
                           .finish();
  ASSERT_TRUE(read(table).ok());
  // 101 x 0.5 = 50.5, half to even.
  EXPECT_EQ(ints(0), (std::vector<int64_t>{100, 50, 100, 25}));
  EXPECT_EQ(refusals(), std::vector<std::string>{"2 rate: a foreign currency without a rate"});
}

TEST_F(Batches, ColumnsAreChecked) {
  const auto said = [&](TableBuilder& builder, size_t stream = 0) {
    const Status status = read(*builder.finish(), stream);
    EXPECT_EQ(status.code(), Code::kColumn);
    return status.message();
  };
  EXPECT_EQ(said(TableBuilder().int64("customer", {}).doubles("amuont", {})),
            "stream \"orders\" has no column \"amuont\"; did you mean \"amount\"?");
  EXPECT_EQ(said(TableBuilder().int64("customer", {}).doubles("amount", {})),
            "the table has no column \"time\", which stream \"orders\" needs");
  EXPECT_EQ(said(TableBuilder().timestamps("time", {}, "UTC")),
            "the table has no column \"customer\", which stream \"orders\" needs");
  EXPECT_EQ(said(TableBuilder().int64("customer", {}).timestamps("time", {}, "UTC")),
            "the table has no column \"amount\", which stream \"orders\" needs");
  EXPECT_EQ(said(TableBuilder().int64("customer", {}), 1),
            "stream \"referrals\" has no column \"customer\"");
}

TEST_F(Batches, AReferralIsAFactOfWhoIsReferred) {
  ASSERT_TRUE(read(*TableBuilder()
                        .int64("referrer", {1, 2})
                        .int64("referred", {3, 4})
                        .timestamps("time", {5, 6}, "UTC")
                        .finish(),
                   1)
                  .ok());
  EXPECT_EQ(batch_.int_ids, (std::vector<int64_t>{3, 4}));
}

TEST_F(Batches, AnAttributeHasRowsWhereItHasValues) {
  report_ = {};
  ASSERT_TRUE(internal::read_values(
                  *TableBuilder().int64("customer", {1, 2}).int64("size", {7, 8}).finish(),
                  layout_.data().attributes[0], layout_.data(), {.clock = 99}, kEndTime, batch_,
                  report_)
                  .ok());
  EXPECT_EQ(batch_.times, (std::vector<Micros>{99, 99}));
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
  EXPECT_EQ(batch_.int_ids, std::vector<int64_t>{1});
  EXPECT_EQ(report_.rows, 1);
  ASSERT_TRUE(read_with(AttributeNulls::kClear).ok());
  EXPECT_EQ(batch_.int_ids, (std::vector<int64_t>{1, 2}));
  EXPECT_EQ(ints(0), (std::vector<int64_t>{7, internal::kNullInt}));
  EXPECT_EQ(report_.rows, 2);
}

TEST_F(Batches, KeysToDeleteNeedNothingElse) {
  const std::vector<std::string> ids{"a", "b"};
  const Table keys = *TableBuilder().int64("customer", {1, 2}).strings("id", ids).finish();
  ASSERT_TRUE(
      internal::read_keys(keys, layout_.data().streams[0], layout_.data(), batch_, report_).ok());
  EXPECT_EQ(batch_.columns[5].texts, (std::vector<std::string_view>{"a", "b"}));
  EXPECT_EQ(internal::read_keys(
                *TableBuilder().int64("customer", {1, 2}).int64("amount", {1, 2}).finish(),
                layout_.data().streams[0], layout_.data(), batch_, report_)
                .code(),
            Code::kColumn);
}

TEST_F(Batches, EventsOneByOneAreCheckedAsTablesAre) {
  std::vector<BookValue> good{
      int64_t{5}, {}, 1.5, std::string_view("tea"), {}, std::string_view("key")};
  std::vector<BookValue> bad_enum = good;
  std::vector<BookValue> no_key = good;
  std::vector<BookValue> infinite = good;
  bad_enum[3] = std::string_view("milk");
  no_key[5] = {};
  infinite[2] = std::numeric_limits<double>::infinity();
  std::vector<BookEvent> events;
  for (const std::vector<BookValue>* values : {&good, &bad_enum, &no_key, &infinite, &good}) {
    events.push_back({{7, {}}, 3, *values});
  }
  events.back().time = kEndTime;
  report_ = {};
  const internal::StreamLayout& stream = layout_.data().streams[0];
  ASSERT_TRUE(internal::read_batch(events, stream, layout_.data(), kEndTime, batch_, report_).ok());
  EXPECT_EQ(refusals(), (std::vector<std::string>{
                            "1 category: category: none of its values", "2 id: null id",
                            "3 quantity: quantity: NaN or infinite", "4 time: time out of range"}));
  EXPECT_EQ(batch_.int_ids, std::vector<int64_t>{7});
  EXPECT_EQ(batch_.columns[5].texts, std::vector<std::string_view>{"key"});
  std::vector<BookValue> wrong = good;
  wrong[0] = 5.0;
  events = {{{7, {}}, 3, wrong}};
  EXPECT_EQ(internal::read_batch(events, stream, layout_.data(), kEndTime, batch_, report_).code(),
            Code::kType);
  events = {{{7, {}}, 3, std::span(good).first(2)}};
  EXPECT_EQ(internal::read_batch(events, stream, layout_.data(), kEndTime, batch_, report_).code(),
            Code::kLength);
}

}  // namespace
}  // namespace patron::book_test
