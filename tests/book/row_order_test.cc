#include "lib/book/row_order.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/book/small_rows.h"

namespace patron::book_test {
namespace {

using internal::EventRows;

TEST(RowOrder, GoesByTimeKeyAndValues) {
  const SmallStream small;
  EventRows rows = small.rows();
  small.add(rows, 1, 9, "z");
  small.add(rows, 2, 9, "a");
  small.add(rows, 2, 1, "b");
  small.add(rows, 2, 2, "b");
  small.add(rows, 2, 2, "b and more than twelve bytes");
  small.add(rows, 2, 2, "b and more than twelve bytez");
  const internal::RowOrder order = small.order();
  for (size_t i = 0; i < rows.size(); ++i) {
    for (size_t j = 0; j < rows.size(); ++j) {
      EXPECT_EQ(order.compare(rows, i, rows, j), i < j ? -1 : i > j ? 1 : 0) << i << " " << j;
    }
  }
}

TEST(RowOrder, EnumsGoByTextNotByCode) {
  SmallStream small;
  small.texts[2].add("zebra");
  small.texts[2].add("ant");
  EventRows rows = small.rows();
  const std::vector<uint8_t> kind{0, 0, 1, 0};
  rows.reserve(3, 0, kind.data());
  for (uint32_t code : {1u, 0u}) {
    rows.append(5);
    rows.set(2, rows.size() - size_t{1}, &code);
  }
  rows.append(5);
  EXPECT_EQ(small.order().compare(rows, 0, rows, 1), -1);
  EXPECT_EQ(small.order().compare(rows, 2, rows, 0), -1) << "null comes first";
  EXPECT_EQ(small.order().compare(rows, 0, rows, 2), 1);
  EXPECT_EQ(small.order().compare(rows, 2, rows, 2), 0);
  EXPECT_EQ(small.order().enum_text(2, 0), "zebra");
}

TEST(RowOrder, TwoZerosAreTwoValues) {
  BookSpec spec;
  spec.streams = {{"s", {book_column("x", Kind::kDouble)}, ""}};
  const BookLayout layout = *BookLayout::make(spec);
  const internal::StreamLayout& stream = layout.data().streams[0];
  const std::vector<internal::EnumTexts> texts(1);
  const internal::CustomerIds ids(false);
  EventRows rows(stream, nullptr);
  const uint8_t wanted = 1;
  rows.reserve(3, 0, &wanted);
  for (const double x : {-0.0, 0.0, 0.5}) {
    rows.append(0);
    rows.set(0, rows.size() - size_t{1}, &x);
  }
  const internal::RowOrder order(stream, texts, ids);
  EXPECT_EQ(order.compare(rows, 0, rows, 1), -1);
  EXPECT_EQ(order.compare(rows, 1, rows, 0), 1);
  EXPECT_EQ(order.compare(rows, 1, rows, 2), -1);
}

TEST(RowOrder, IdsOfCustomersGoByTheirValues) {
  BookSpec spec;
  spec.customer = Kind::kInt64;
  BookColumn friend_of = book_column("friend", Kind::kInt64);
  friend_of.customer = true;
  spec.streams = {{"s", {friend_of}, ""}};
  const BookLayout layout = *BookLayout::make(spec);
  const internal::StreamLayout& stream = layout.data().streams[0];
  const std::vector<internal::EnumTexts> texts(1);
  internal::CustomerIds ids(false);
  const std::vector<int64_t> given{30, 4};
  std::vector<uint32_t> numbers(2);
  ASSERT_TRUE(ids.resolve(given, numbers).ok());
  EventRows rows(stream, nullptr);
  const uint8_t wanted = 1;
  rows.reserve(2, 0, &wanted);
  for (const uint32_t number : numbers) {
    rows.append(0);
    rows.set(0, rows.size() - size_t{1}, &number);
  }
  EXPECT_EQ(internal::RowOrder(stream, texts, ids).compare(rows, 0, rows, 1), 1);
}

}  // namespace
}  // namespace patron::book_test
