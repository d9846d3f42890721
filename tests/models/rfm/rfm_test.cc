// RFM from orders to segments, on orders that a reader can follow.
#include "patron/rfm.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/models/rfm/table_lines.h"

namespace patron {
namespace {

using test::Lines;
using test::lines;

Micros at(const char* text) { return *parse_time(text, TimeZone()); }

RfmOptions options() {
  RfmOptions o;
  o.customer = "customer", o.time = "time", o.amount = "amount";
  return o;
}

struct Row {
  int64_t customer;
  const char* time;
  double amount;
  int64_t order = 0;
};

Table orders(const std::vector<Row>& rows) {
  std::vector<int64_t> customers, times, order_ids;
  std::vector<double> amounts;
  for (const Row& row : rows) {
    customers.push_back(row.customer), times.push_back(at(row.time));
    amounts.push_back(row.amount), order_ids.push_back(row.order);
  }
  return *TableBuilder()
              .int64("customer", customers)
              .timestamps("time", times, "UTC")
              .doubles("amount", amounts)
              .int64("order", order_ids)
              .finish();
}

RfmResult scored(const std::vector<Row>& rows, const RfmOptions& o) {
  Result<RfmResult> result = rfm(orders(rows), o);
  EXPECT_TRUE(result.ok()) << result.status().message();
  return result.ok() ? *std::move(result) : RfmResult();
}

/// Five customers whose measures all differ, from best to worst.
const std::vector<Row> kFive = {
    {1, "2026-01-31", 50}, {1, "2026-01-30", 50}, {1, "2026-01-29", 50}, {1, "2026-01-28", 50},
    {1, "2026-01-27", 50}, {2, "2026-01-21", 30}, {2, "2026-01-20", 30}, {2, "2026-01-19", 30},
    {2, "2026-01-18", 30}, {3, "2026-01-11", 20}, {3, "2026-01-10", 20}, {3, "2026-01-09", 20},
    {4, "2026-01-05", 15}, {4, "2026-01-04", 15}, {5, "2026-01-01", 5},
};

TEST(Rfm, FiveCustomersGetTheFiveScores) {
  RfmOptions o = options();
  o.table = *SegmentTable::named("eleven");
  const RfmResult result = scored(kFive, o);
  EXPECT_EQ(lines(result.table, {"customer", "orders", "order_days", "recency_days", "frequency",
                                 "monetary", "monetary_minor", "r", "f", "m", "code"}),
            Lines({"1 5 5 0 5 250 25000 5 5 5 555", "2 4 4 10 4 120 12000 4 4 4 444",
                   "3 3 3 20 3 60 6000 3 3 3 333", "4 2 2 26 2 30 3000 2 2 2 222",
                   "5 1 1 30 1 5 500 1 1 1 111"}));
  const Lines segments = lines(result.table, {"segment"});
  EXPECT_EQ(segments[0], "Champions");
  EXPECT_EQ(segments[4], "Lost");
  EXPECT_EQ(result.rows, 15);
  EXPECT_EQ(result.as_of, at("2026-01-31"));
  EXPECT_EQ(result.cuts.customers, 5);
  EXPECT_EQ(result.cuts.timezone, "UTC");
}

TEST(Rfm, TheColumnsAreThoseOfTheHeaderInItsOrder) {
  RfmOptions o = options();
  o.timezone = "Asia/Shanghai";
  const Table table = scored(kFive, o).table;
  std::string types;
  for (int i = 0; i < table.columns(); i++)
    types += table.field(i).name + ' ' + type_name(table.field(i).type) + '\n';
  EXPECT_EQ(types,
            "customer int64\nfirst_order timestamp[us, tz=Asia/Shanghai]\n"
            "last_order timestamp[us, tz=Asia/Shanghai]\norders int64\norder_days int64\n"
            "recency_days int64\nfrequency int64\nmonetary double\nmonetary_minor int64\nr int8\n"
            "f int8\nm int8\ncode int32\nsegment dictionary<int8, utf8>\n"
            "octant dictionary<int8, utf8>\n");
}

TEST(Rfm, OrdersOfOneDayAreOneOrderDay) {
  const RfmResult result =
      scored({{1, "2026-01-01T09:00", 1}, {1, "2026-01-01T23:59", 1}, {1, "2026-01-02T00:00", 1}},
             options());
  EXPECT_EQ(lines(result.table, {"orders", "order_days", "frequency"}), Lines({"3 2 2"}));
}

TEST(Rfm, DaysAreThoseOfTheZone) {
  RfmOptions o = options();
  o.timezone = "Asia/Shanghai";
  o.as_of = at("2026-01-02T16:00");  // midnight there, of the third
  const RfmResult result = scored({{1, "2026-01-01T15:59", 1}, {1, "2026-01-01T16:00", 1}}, o);
  EXPECT_EQ(lines(result.table, {"order_days", "recency_days"}), Lines({"2 1"}));
}

TEST(Rfm, RowsOfOneOrderIdAreOneOrder) {
  RfmOptions o = options();
  o.order = "order";
  const RfmResult result =
      scored({{1, "2026-01-03", 10, 8}, {1, "2026-01-01", 5, 8}, {2, "2026-01-02", 1, 8}}, o);
  EXPECT_EQ(lines(result.table, {"customer", "orders", "first_order", "last_order", "monetary"}),
            Lines({"1 1 " + std::to_string(at("2026-01-01")) + ' ' +
                       std::to_string(at("2026-01-01")) + " 15",
                   "2 1 " + std::to_string(at("2026-01-02")) + ' ' +
                       std::to_string(at("2026-01-02")) + " 1"}));
}

TEST(Rfm, ARefundNetsOnlyAtAnOrderOfItsOwnCustomer) {
  RfmOptions o = options();
  o.order = "order";
  o.as_of = at("2026-02-01");
  o.window = *parse_period("7d");
  // Order 8 of customer 1 is before the window; customer 2 has no order 8.
  const RfmResult result = scored({{1, "2026-01-01", 100, 8},
                                   {1, "2026-01-30", -40, 8},
                                   {2, "2026-01-30", 100, 9},
                                   {2, "2026-01-31", -40, 8}},
                                  o);
  EXPECT_EQ(lines(result.table, {"customer", "frequency", "monetary"}), Lines({"1 0 0", "2 1 60"}));
  EXPECT_EQ(result.refund_rows, 2);
}

TEST(Rfm, BoughtBeforeTheWindowOnlyHasHerTrueRecencyAndIsNotInTheSample) {
  RfmOptions o = options();
  o.as_of = at("2026-01-31");
  o.window = *parse_period("10d");
  o.recency.bins = o.frequency.bins = o.monetary.bins = 2;
  const RfmResult result =
      scored({{1, "2025-01-31", 999}, {2, "2026-01-30", 10}, {3, "2026-01-22", 20}}, o);
  EXPECT_EQ(result.cuts.customers, 2);
  // Sample recency 1 and 9, median 5; money 10 and 20, median 15.
  EXPECT_EQ(lines(result.table,
                  {"customer", "orders", "recency_days", "frequency", "monetary", "r", "f", "m"}),
            Lines({"1 1 365 0 0 1 1 1", "2 1 1 1 10 2 1 1", "3 1 9 1 20 1 1 2"}));
}

TEST(Rfm, AWindowIsOpenAtItsBeginningAndClosedAtItsEnd) {
  RfmOptions o = options();
  o.as_of = at("2026-01-31");
  o.window = *parse_period("1d");
  const RfmResult result =
      scored({{1, "2026-01-30", 1}, {2, "2026-01-30T00:00:00.000001", 1}, {3, "2026-01-31", 1}}, o);
  EXPECT_EQ(lines(result.table, {"frequency"}), Lines({"0", "1", "1"}));
}

TEST(Rfm, AWindowOfMonthsFollowsTheCalendar) {
  RfmOptions o = options();
  o.as_of = at("2026-03-31");
  o.window = *parse_period("1mo");
  // 2026-02-28 + 1 month is 2026-03-28, reached; 2026-03-01 + 1 month is 2026-04-01, not yet.
  const RfmResult result = scored({{1, "2026-02-28", 1}, {2, "2026-03-01", 1}}, o);
  EXPECT_EQ(lines(result.table, {"frequency"}), Lines({"0", "1"}));
}

TEST(Rfm, WhoNeverBoughtIsAProspect) {
  RfmOptions o = options();
  o.table = *SegmentTable::named("eleven");
  const RfmResult result =
      scored({{1, "2026-01-01", 10}, {2, "2026-01-02", -3}, {3, "2026-01-02", 0}}, o);
  EXPECT_EQ(
      lines(result.table, {"customer", "first_order", "last_order", "orders", "recency_days",
                           "frequency", "monetary", "r", "f", "m", "code", "segment", "octant"}),
      (Lines{"1 " + std::to_string(at("2026-01-01")) + ' ' + std::to_string(at("2026-01-01")) +
                 " 1 1 1 10 5 1 1 511 New / Recent General development",
             "2 null null 0 null 0 -3 0 0 0 0 prospect null",
             "3 null null 0 null 0 0 0 0 0 0 prospect null"}));
  EXPECT_EQ(result.zero_rows, 1);
  EXPECT_EQ(result.cuts.customers, 1);
}

TEST(Rfm, ZeroAmountsCountWhereAskedFor) {
  RfmOptions o = options();
  o.zero = ZeroAmounts::kCount;
  EXPECT_EQ(lines(scored({{1, "2026-01-01", 0}}, o).table, {"orders", "monetary"}), Lines({"1 0"}));
}

TEST(Rfm, WithoutATableTheSegmentIsNull) {
  EXPECT_EQ(lines(scored({{1, "2026-01-01", 2}}, options()).table, {"segment"}), Lines({"null"}));
}

TEST(Rfm, TenBinsTakeTwoDigitsOfTheCode) {
  RfmOptions o = options();
  o.recency.bins = 10;
  EXPECT_EQ(lines(scored({{1, "2026-01-01", 2}}, o).table, {"r", "f", "m", "code"}),
            Lines({"10 1 1 100101"}));
}

TEST(Rfm, NamesComeInChinese) {
  RfmOptions o = options();
  o.table = *SegmentTable::named("eleven");
  o.chinese = true;
  const Lines names =
      lines(scored({{1, "2026-01-01", 2}, {2, "2026-01-01", -2}}, o).table, {"segment", "octant"});
  EXPECT_EQ(names[1], "潜在客户 null");
  EXPECT_NE(names[0].find("一般发展"), std::string::npos) << names[0];
}

TEST(Rfm, RowsAfterAsOfWait) {
  RfmOptions o = options();
  o.as_of = at("2026-01-02");
  const RfmResult result = scored(
      {{1, "2026-01-02", 10}, {1, "2026-01-02T00:00:00.000001", 5}, {2, "2026-01-03", 5}}, o);
  EXPECT_EQ(lines(result.table, {"customer", "orders", "monetary"}), Lines({"1 1 10"}));
  EXPECT_EQ(result.waiting_rows, 2);
}

TEST(Rfm, FrozenCutsScoreOtherOrders) {
  RfmOptions o = options();
  const RfmCuts cuts = scored(kFive, o).cuts;
  o.cuts = cuts;
  o.frequency.bins = 99;  // not looked at
  o.as_of = at("2026-01-31");
  const RfmResult result = scored({{9, "2026-01-31", 1000}, {8, "2025-01-01", 0.01}}, o);
  EXPECT_EQ(lines(result.table, {"customer", "code"}), Lines({"8 111", "9 515"}));
  EXPECT_EQ(result.cuts, cuts);
}

TEST(Rfm, TextIdsComeInTheOrderOfTheirBytes) {
  const std::vector<std::string> ids = {"é",
                                        "b",
                                        "",
                                        "a customer id of more than sixteen bytes",
                                        "a customer id of",
                                        std::string("a\0", 2),
                                        "a"};
  const Table table = *TableBuilder()
                           .strings("customer", ids)
                           .dates("time", {1, 1, 1, 1, 1, 1, 1})
                           .doubles("amount", {1, 2, 3, 4, 5, 6, 7})
                           .finish();
  const Result<RfmResult> result = rfm(table, options());
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(lines(result->table, {"customer", "monetary"}),
            Lines({"\"\" 3", "\"a\" 7", std::string("\"a\0\" 6", 6), "\"a customer id of\" 5",
                   "\"a customer id of more than sixteen bytes\" 4", "\"b\" 2", "\"é\" 1"}));
}

TEST(Rfm, IdsThatAreAllEmptyAreOneCustomer) {
  // Text whose bytes are nowhere: Arrow allows a null pointer for no bytes.
  const std::vector<int32_t> offsets = {0, 0, 0}, days = {1, 2};
  const std::vector<double> amounts = {1, 2};
  std::vector<ColumnView> views(3);
  views[0].name = "customer", views[0].type.type = Type::kString;
  views[0].chunk.offsets = offsets.data();
  views[1].name = "time", views[1].type.type = Type::kDate32;
  views[1].chunk.values = days.data();
  views[2].name = "amount", views[2].type.type = Type::kDouble;
  views[2].chunk.values = amounts.data();
  for (ColumnView& view : views) view.chunk.length = 2;
  RfmOptions o = options();
  for (const bool order : {false, true}) {
    if (order) o.order = "customer";
    const Result<RfmResult> result = rfm(*make_table(views), o);
    ASSERT_TRUE(result.ok()) << result.status().message();
    EXPECT_EQ(lines(result->table, {"customer", "orders", "monetary"}),
              Lines({order ? "\"\" 1 3" : "\"\" 2 3"}));
  }
}

TEST(Rfm, ASumThatLeavesInt64AndComesBackIsFine) {
  const double most = 9e16;  // 9e18 minor units
  const RfmResult result = scored(
      {{1, "2026-01-01", most}, {1, "2026-01-02", most}, {1, "2026-01-03", -most}}, options());
  EXPECT_EQ(lines(result.table, {"monetary_minor"}), Lines({"9000000000000000000"}));
}

}  // namespace
}  // namespace patron
