#include "lib/book/saved/layout_words.h"

#include <gtest/gtest.h>

#include "tests/book/book_oracle.h"

namespace patron::internal {
namespace {

BookSpec shop() {
  BookSpec spec;
  spec.streams = {*built_in_stream("orders", spec), book_test::wide_stream("text")};
  BookAttribute region;
  region.field.name = "region";
  region.field.kind = Kind::kEnum;
  region.field.values = {"north", "south"};
  spec.attributes = {region};
  spec.keys = {{"phone", KeyForm::kPhone}};
  spec.country_code = "86";
  return spec;
}

Status compare(const BookSpec& there, const BookSpec& here) {
  BookByteWriter out;
  put_layout(there, out);
  return check_layout(BookByteReader(out.bytes), here, 12);
}

std::string difference(void (*change)(BookSpec&)) {
  BookSpec here = shop();
  change(here);
  const Status status = compare(shop(), here);
  EXPECT_EQ(status.code(), Code::kDocument);
  EXPECT_FALSE(compare(here, shop()).ok());
  const std::string head = "the book was saved with another layout: ";
  EXPECT_EQ(status.message().substr(0, head.size()), head);
  return status.message().substr(std::min(head.size(), status.message().size()));
}

TEST(LayoutWords, TheSameLayoutIsTheSame) {
  EXPECT_TRUE(compare(shop(), shop()).ok());
  BookSpec personal = shop();
  personal.streams[0].columns[0].personal = true;
  EXPECT_TRUE(compare(shop(), personal).ok());
}

TEST(LayoutWords, WhatDiffersIsNamed) {
  EXPECT_EQ(difference([](BookSpec& spec) { spec.customer = Kind::kInt64; }),
            "the ids of customers is \"string\" there and \"int64\" here");
  EXPECT_EQ(difference([](BookSpec& spec) { spec.zone = *TimeZone::load("Asia/Tokyo"); }),
            "the time zone is \"UTC\" there and \"Asia/Tokyo\" here");
  EXPECT_EQ(difference([](BookSpec& spec) { spec.money.scale = 3; }),
            "the money is \"money: money (scale 2)\" there and \"money: money (scale 3)\" here");
  EXPECT_EQ(difference([](BookSpec& spec) { spec.country_code = "49"; }),
            "the country code is \"86\" there and \"49\" here");
  EXPECT_EQ(difference([](BookSpec& spec) { spec.streams[0].name = "sales"; }),
            "stream 0 is \"orders\" there and \"sales\" here");
  EXPECT_EQ(difference([](BookSpec& spec) { spec.streams[1].key = "number"; }),
            "the event key of stream \"visits\" is \"text\" there and \"number\" here");
  EXPECT_EQ(difference([](BookSpec& spec) { spec.streams[1].columns[2].field.kind = Kind::kBool; }),
            "stream \"visits\", column 2 is \"number: int64\" there and \"number: bool\" here");
  EXPECT_EQ(difference([](BookSpec& spec) { spec.streams[0].columns[0].sums = true; }),
            "stream \"orders\", column 0 is \"amount: money (scale 2), needed\" there and "
            "\"amount: money (scale 2), needed, sums\" here");
  EXPECT_EQ(difference([](BookSpec& spec) { spec.streams[1].columns.pop_back(); }),
            "it has stream \"visits\", column 10 (\"marks: enum_set\") where this one has "
            "attribute 0 (\"region: enum\")");
  EXPECT_EQ(difference([](BookSpec& spec) { spec.attributes[0].field.values[1] = "east"; }),
            "attribute 0, value 1 is \"south\" there and \"east\" here");
  EXPECT_EQ(difference([](BookSpec& spec) { spec.keys.clear(); }),
            "identity key 0 is \"phone: phone\" there and \"not there\" here");
  EXPECT_EQ(difference([](BookSpec& spec) {
              spec.keys.push_back({"email", KeyForm::kEmail});
            }),
            "identity key 1 is \"not there\" there and \"email: email\" here");
}

TEST(LayoutWords, OtherBytesAreNone) {
  BookByteWriter out;
  put_layout(shop(), out);
  for (size_t size = 0; size < out.bytes.size(); ++size) {
    EXPECT_FALSE(
        check_layout(BookByteReader(std::string_view(out.bytes).substr(0, size)), shop(), 12).ok());
  }
  EXPECT_EQ(check_layout(BookByteReader(out.bytes + "x"), shop(), 12).code(), Code::kSyntax);
}

}  // namespace
}  // namespace patron::internal
