#include "lib/book/layout.h"

#include <gtest/gtest.h>

#include <string>

namespace patron::internal {
namespace {

BookColumn column(const std::string& name, Kind kind) {
  BookColumn made;
  made.field.name = name;
  made.field.kind = kind;
  return made;
}

BookSpec spec_of(std::vector<BookColumn> columns, const std::string& key = "") {
  BookSpec spec;
  spec.streams = {{"visits", std::move(columns), key}};
  return spec;
}

std::string said(const BookSpec& spec) {
  const Result<BookLayout> layout = BookLayout::make(spec);
  EXPECT_FALSE(layout.ok());
  return layout.status().message();
}

TEST(BookLayout, KnowsTheCellsOfEveryKind) {
  BookSpec spec =
      spec_of({column("a", Kind::kBool), column("b", Kind::kInt64), column("c", Kind::kDouble),
               column("d", Kind::kString), column("e", Kind::kEnum), column("f", Kind::kDate),
               column("g", Kind::kTimestamp), column("h", Kind::kMoney)},
              "d");
  spec.streams[0].columns[7].sums = true;
  spec.attributes = {{column("birth_date", Kind::kDate).field, true}};
  const Result<BookLayout> layout = BookLayout::make(spec);
  ASSERT_TRUE(layout.ok()) << layout.status().message();
  const StreamLayout& visits = layout->data().streams[0];
  std::vector<int> widths;
  for (const CellColumn& cell : visits.columns) widths.push_back(cell.width);
  EXPECT_EQ(widths, (std::vector<int>{1, 8, 8, 16, 4, 4, 8, 8}));
  EXPECT_EQ(visits.key, 3);
  EXPECT_EQ(visits.summed, std::vector<int>{7});
  EXPECT_EQ(visits.columns[7].sum, 0);
  EXPECT_EQ(visits.whole, 3);
  EXPECT_EQ(visits.columns[6].whole, 1);
  EXPECT_EQ(visits.columns[2].whole, -1);
  EXPECT_EQ(layout->find_stream("visits"), 0);
  EXPECT_EQ(layout->find_stream("visit"), -1);
  EXPECT_EQ(layout->find_attribute("birth_date"), 0);
  EXPECT_TRUE(layout->data().attributes[0].attribute);
  EXPECT_TRUE(layout->data().attributes[0].columns[0].personal);
}

TEST(BookLayout, HasTheBuiltInStreams) {
  BookSpec spec;
  spec.customer = Kind::kInt64;
  spec.money = {0, {'J', 'P', 'Y'}};
  for (const char* name : {"orders", "interactions", "surveys", "referrals", "costs"}) {
    const Result<BookStream> stream = built_in_stream(name, spec);
    ASSERT_TRUE(stream.ok()) << name;
    spec.streams.push_back(*stream);
  }
  const Result<BookLayout> layout = BookLayout::make(spec);
  ASSERT_TRUE(layout.ok()) << layout.status().message();
  EXPECT_EQ(layout->data().streams[0].columns[0].unit.scale, 0);
  EXPECT_FALSE(layout->data().streams[0].columns[0].nullable);
  EXPECT_EQ(layout->data().streams[3].referrer, 0);
  EXPECT_EQ(layout->data().streams[3].referred, 1);
  EXPECT_EQ(layout->data().streams[3].columns[0].cell, CellType::kCustomer);
  EXPECT_EQ(built_in_stream("order", spec).status().code(), Code::kColumn);
}

TEST(BookLayout, RefusesWhatMeansNothing) {
  EXPECT_EQ(said(spec_of({column("time", Kind::kInt64)})),
            "visits.time is there without being declared");
  EXPECT_EQ(said(spec_of({}, "id")), "stream \"visits\" has no column \"id\" for its key");
  EXPECT_EQ(said(spec_of({column("id", Kind::kDouble)}, "id")),
            "stream \"visits\" has keys of double; event keys are string or int64");
  EXPECT_NE(said(spec_of({column("a", Kind::kBool), column("a", Kind::kBool)})).find("twice"),
            std::string::npos);
  BookSpec sums = spec_of({column("a", Kind::kDouble)});
  sums.streams[0].columns[0].sums = true;
  EXPECT_EQ(said(sums),
            "visits.a is double; only sums of int64, money and duration can be guarded");
  BookSpec ids = spec_of({column("a", Kind::kInt64)});
  ids.streams[0].columns[0].customer = true;
  EXPECT_EQ(said(ids), "visits.a holds ids of customers, which are string in this book, not int64");
  BookSpec twice = spec_of({});
  twice.streams.push_back(twice.streams[0]);
  EXPECT_EQ(said(twice), "stream \"visits\" comes twice");
  BookSpec code = spec_of({});
  code.country_code = "+86";
  EXPECT_EQ(said(code), "country code \"+86\" is not 1 to 3 digits, such as 86");
  BookSpec customer = spec_of({});
  customer.customer = Kind::kDouble;
  EXPECT_EQ(said(customer), "customer ids are string or int64, not double");
  BookSpec referrals;
  referrals.streams = {{"referrals", {}, ""}};
  EXPECT_NE(said(referrals).find("needs the columns referrer and referred"), std::string::npos);
}

TEST(BookLayout, NamesAreChecked) {
  BookSpec stream = spec_of({});
  stream.streams[0].name = "for";
  EXPECT_EQ(BookLayout::make(stream).status().code(), Code::kDocument);
  BookSpec attribute = spec_of({});
  attribute.attributes = {{column("time", Kind::kDate).field, false}};
  EXPECT_EQ(said(attribute), "attribute \"time\" has a name that every table has; choose another");
  BookSpec key = spec_of({});
  key.keys = {{"phone", KeyForm::kPhone}, {"phone", KeyForm::kExact}};
  EXPECT_EQ(said(key), "identity key \"phone\" comes twice");
}

}  // namespace
}  // namespace patron::internal
