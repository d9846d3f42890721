// Bad input to rfm(): the code, the message, and where.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "patron/rfm.h"
#include "tests/models/rfm/order_log.h"
#include "tests/models/rfm/table_lines.h"

namespace patron {
namespace {

using test::Lines;
using test::lines;

RfmOptions good_options() {
  RfmOptions o;
  o.customer = "customer", o.time = "time", o.amount = "amount";
  return o;
}

/// Orders of customer 1, 2, ... on days 20,000, 20,001, ...
Table orders(const std::vector<double>& amounts) {
  std::vector<int64_t> customers;
  std::vector<int32_t> days;
  for (size_t i = 0; i < amounts.size(); i++) {
    customers.push_back(static_cast<int64_t>(i) + 1);
    days.push_back(20'000 + static_cast<int32_t>(i));
  }
  return *TableBuilder()
              .int64("customer", customers)
              .dates("time", days)
              .doubles("amount", amounts)
              .finish();
}

Status failure(const Table& table, const RfmOptions& o) {
  const Result<RfmResult> result = rfm(table, o);
  EXPECT_FALSE(result.ok());
  return result.status();
}
Status failure(const RfmOptions& o) { return failure(orders({1, 2, 3}), o); }

void expect(const Status& status, Code code, const std::string& message, int64_t row = -1) {
  EXPECT_EQ(code_name(status.code()), std::string(code_name(code)));
  EXPECT_EQ(status.message(), message);
  EXPECT_EQ(status.row(), row);
}

TEST(RfmErrors, AnUnknownColumnNamesTheNearest) {
  RfmOptions o = good_options();
  o.amount = "amuont";
  expect(failure(o), Code::kColumn,
         "no column \"amuont\"; did you mean \"amount\"? The columns are \"customer\", \"time\", "
         "\"amount\"");
  o = good_options();
  o.order = "customr";
  EXPECT_NE(failure(o).message().find("did you mean \"customer\"?"), std::string::npos);
}

TEST(RfmErrors, EveryColumnMustBeNamed) {
  RfmOptions o = good_options();
  o.time.clear();
  expect(failure(o), Code::kArgument, "name the customer, time and amount columns");
}

TEST(RfmErrors, AColumnOfTheWrongTypeIsNamedWithWhatItMustBe) {
  RfmOptions o = good_options();
  o.customer = "amount";
  expect(failure(o), Code::kType, "column \"amount\" is double; ids must be integers or text");
  o = good_options();
  o.time = "amount";
  expect(failure(o), Code::kType,
         "column \"amount\" is double; it must be a date, a time stamp or ISO 8601 text");
  o = good_options();
  o.amount = "time";
  expect(failure(o), Code::kType,
         "column \"time\" is date32; it must be a number: an integer, a decimal or a double");
  o = good_options();
  o.order = "time";
  expect(failure(o), Code::kType, "column \"time\" is date32; ids must be integers or text");
}

TEST(RfmErrors, NoRowsAreRefused) {
  expect(failure(orders({}), good_options()), Code::kEmpty,
         "the orders have no rows; RFM needs at least one order");
}

TEST(RfmErrors, RowsThatAreAllRefusedSayWhyTheFirstWas) {
  expect(failure(orders({NAN, HUGE_VAL}), good_options()), Code::kEmpty,
         "all 2 rows were refused, row 0 first: amount is NaN or infinite", 0);
}

TEST(RfmErrors, CustomersWithoutAnOrderCannotBeScored) {
  const Status status = failure(orders({-1, 0}), good_options());
  EXPECT_EQ(status.code(), Code::kEmpty);
  EXPECT_EQ(status.message(),
            "no customer has an order in the window, so recency cannot be calibrated; widen the "
            "window, move as_of, or give fixed cuts");
}

/// One row of each Refusal, then a good one: in two tables, of integer and of text ids.
test::OrderLog every_refusal(bool text) {
  test::OrderLog log;
  log.options = good_options();
  log.options.order = "order";
  log.text_ids = log.text_orders = text;
  log.unsigned_ids = true;
  log.time = text ? test::TimeColumn::kText : test::TimeColumn::kInstants;
  for (int i = 1; i <= 13; i++) {
    const Refusal refusal = static_cast<Refusal>(i);
    const bool of_text = refusal == Refusal::kCustomerTooLong ||
                         refusal == Refusal::kOrderTooLong ||
                         refusal == Refusal::kTimeNotUnderstood;
    const bool of_integers = refusal == Refusal::kCustomerOutOfRange ||
                             refusal == Refusal::kOrderOutOfRange ||
                             refusal == Refusal::kTimeOutOfRange;
    if (text ? of_integers : of_text) continue;
    test::OrderLine line{test::Id(int64_t{i}), kMicrosPerDay, 100, test::Id(int64_t{i}), false, {}};
    if (text) line.customer = line.order = std::to_string(i);
    if (i <= 12) line.defect = refusal;
    log.lines.push_back(line);
  }
  return log;
}

TEST(RfmErrors, BadRowsAreRefusedWithColumnAndReasonWhileTheGoodGoOn) {
  Result<RfmResult> result = rfm(to_table(every_refusal(false)), every_refusal(false).options);
  ASSERT_TRUE(result.ok()) << result.status().message();
  EXPECT_EQ(lines(result->refused), Lines({
                                        "0 \"customer\" \"null customer\"",
                                        "1 \"time\" \"null time\"",
                                        "2 \"amount\" \"null amount\"",
                                        "3 \"amount\" \"amount is NaN or infinite\"",
                                        "4 \"amount\" \"amount exceeds 64-bit minor units\"",
                                        "5 \"time\" \"time outside the years 0001 to 9999\"",
                                        "6 \"customer\" \"customer id above 2^63 - 1\"",
                                        "7 \"order\" \"null order id\"",
                                        "8 \"order\" \"order id above 2^63 - 1\"",
                                    }));
  EXPECT_EQ(lines(result->table, {"customer", "monetary"}), Lines({"13 1"}));
  EXPECT_EQ(result->refused_rows, 9);
  EXPECT_EQ(result->rows, 10);

  result = rfm(to_table(every_refusal(true)), every_refusal(true).options);
  ASSERT_TRUE(result.ok()) << result.status().message();
  const Lines refused = lines(result->refused);
  ASSERT_EQ(refused.size(), 9u);
  EXPECT_EQ(refused[5], "5 \"time\" \"time is no ISO 8601 date or time\"");
  EXPECT_EQ(refused[7], "7 \"customer\" \"customer id longer than 65,535 bytes\"");
  EXPECT_EQ(refused[8], "8 \"order\" \"order id longer than 65,535 bytes\"");
  EXPECT_EQ(lines(result->table, {"customer", "monetary"}), Lines({"\"13\" 1"}));
}

TEST(RfmErrors, TheFirstBadRowFailsTheCallWhereAskedTo) {
  const std::pair<Refusal, Code> expected[] = {
      {Refusal::kNullCustomer, Code::kNull},       {Refusal::kNullTime, Code::kNull},
      {Refusal::kNullAmount, Code::kNull},         {Refusal::kAmountNotFinite, Code::kNumber},
      {Refusal::kAmountOverflow, Code::kOverflow}, {Refusal::kTimeOutOfRange, Code::kTime},
      {Refusal::kTimeNotUnderstood, Code::kTime},  {Refusal::kCustomerOutOfRange, Code::kOverflow},
      {Refusal::kNullOrder, Code::kNull},          {Refusal::kOrderOutOfRange, Code::kOverflow},
      {Refusal::kCustomerTooLong, Code::kLimit},   {Refusal::kOrderTooLong, Code::kLimit},
  };
  for (const bool text : {false, true}) {
    const test::OrderLog all = every_refusal(text);
    for (const auto& [refusal, code] : expected) {
      test::OrderLog log = all;
      std::erase_if(log.lines, [&, kind = refusal](const test::OrderLine& line) {
        return line.defect && line.defect != kind;
      });
      if (log.lines.size() != 2) continue;  // not a fault of these columns
      log.lines.insert(log.lines.begin(), 3, log.lines.back());
      log.options.refuse_bad_rows = false;
      expect(failure(to_table(log), log.options), code,
             "row 3: " + std::string(refusal_reason(refusal)) +
                 (refusal == Refusal::kTimeNotUnderstood ? ": \"yesterday\"" : ""),
             3);
    }
  }
}

TEST(RfmErrors, ATextThatIsNoTimeIsShown) {
  const std::vector<std::string> times = {"13/01/2026", "14/01/2026"};
  const Table orders = *TableBuilder()
                            .int64("customer", {1, 2})
                            .strings("time", times)
                            .doubles("amount", {1, 1})
                            .finish();
  RfmOptions o = good_options();
  EXPECT_EQ(failure(orders, o).message(),
            "all 2 rows were refused, row 0 first: time is no ISO 8601 date or time: "
            "\"13/01/2026\"");
  o.refuse_bad_rows = false;
  EXPECT_EQ(failure(orders, o).message(),
            "row 0: time is no ISO 8601 date or time: \"13/01/2026\"");
}

TEST(RfmErrors, ACustomersSumBeyondInt64NamesHer) {
  const Table ints = *TableBuilder()
                          .int64("customer", {5, -7, -7})
                          .dates("time", {1, 1, 2})
                          .doubles("amount", {1, 9e16, 9e16})
                          .finish();
  expect(
      failure(ints, good_options()), Code::kOverflow,
      "the money of customer -7 exceeds 64-bit minor units at scale 2; check her amounts, or use "
      "a smaller scale");
  const std::vector<std::string> ids = {"a\nb", "a\nb"};
  const Table texts = *TableBuilder()
                           .strings("customer", ids)
                           .dates("time", {1, 1})
                           .doubles("amount", {-9e16, -9e16})
                           .finish();
  EXPECT_EQ(failure(texts, good_options()).message().substr(0, 32),
            "the money of customer \"a?b\" exce");
  RfmOptions o = good_options();
  o.scale = 1;
  EXPECT_TRUE(rfm(ints, o).ok());
}

TEST(RfmErrors, AsOfBeforeTheFirstOrderSaysWhenThatWas) {
  RfmOptions o = good_options();
  o.as_of = 19'999 * kMicrosPerDay;
  expect(
      failure(o), Code::kTime,
      "as_of 2024-10-03T00:00:00Z is before the first order (2024-10-04T00:00:00Z); give a later "
      "as_of");
  // A refused row does not count as the first order.
  EXPECT_NE(failure(orders({NAN, 1}), o).message().find("(2024-10-05T00:00:00Z)"),
            std::string::npos);
  o.as_of = kEndTime;
  expect(failure(o), Code::kTime, "as_of is outside the years 0001 to 9999");
}

TEST(RfmErrors, AnUnknownZoneNamesTheNearest) {
  RfmOptions o = good_options();
  o.timezone = "Asia/Shangai";
  EXPECT_EQ(failure(o).code(), Code::kZone);
  EXPECT_NE(failure(o).message().find("Asia/Shanghai"), std::string::npos);
}

TEST(RfmErrors, NumbersOutsideTheirDomainAreRefused) {
  RfmOptions o = good_options();
  o.monetary.bins = 11;
  expect(failure(o), Code::kArgument, "monetary has 11 bins; bins (scores) must be 2 to 10");
  o = good_options();
  o.scale = 10;
  expect(failure(o), Code::kArgument, "scale is 10; it must be 0 to 9");
  o.scale = -1;
  expect(failure(o), Code::kArgument, "scale is -1; it must be 0 to 9");
  o = good_options();
  o.threads = -1;
  expect(failure(o), Code::kArgument,
         "threads is -1; give a number above zero, or 0 for one for each core");
  o = good_options();
  o.window = Period{};
  expect(failure(o), Code::kArgument, "the window has no length; write for one \"365d\"");
  for (const Period period : {Period{-1, 0}, Period{0, -1}, Period{-1, 5}, Period{5, -1}}) {
    o.window = period;
    EXPECT_EQ(failure(o).code(), Code::kArgument) << period.months << ' ' << period.micros;
  }
}

TEST(RfmErrors, NumbersAtTheEndsOfTheirDomainAreNot) {
  const auto accepted = [](auto change) {
    RfmOptions o = good_options();
    change(o);
    const Result<RfmResult> result = rfm(orders({1, 2, 3}), o);
    EXPECT_TRUE(result.ok()) << result.status().message();
  };
  accepted([](RfmOptions& o) { o.scale = 0; });
  accepted([](RfmOptions& o) { o.scale = 9; });
  accepted([](RfmOptions& o) { o.threads = 0; });
  accepted([](RfmOptions& o) { o.threads = 1; });
  accepted([](RfmOptions& o) { o.as_of = kEndTime - 1; });
  accepted([](RfmOptions& o) { o.monetary.bins = 10, o.recency.bins = 2; });
  accepted([](RfmOptions& o) { o.window = Period{100, 0}; });
  accepted([](RfmOptions& o) { o.window = Period{0, 100 * kMicrosPerDay}; });
  RfmOptions o = good_options();
  o.as_of = kMinTime;
  EXPECT_EQ(failure(o).code(), Code::kTime);
  EXPECT_NE(failure(o).message().find("is before the first order"), std::string::npos);
  o.as_of = kMinTime - 1;
  EXPECT_EQ(failure(o).message(), "as_of is outside the years 0001 to 9999");
  o.as_of = kEndTime;
  EXPECT_EQ(failure(o).message(), "as_of is outside the years 0001 to 9999");
}

TEST(RfmErrors, FixedCutsMustBeRightInNumberAndOrder) {
  RfmOptions o = good_options();
  o.monetary.method = RfmMethod::kFixed;
  o.monetary.cuts = {1, 2};
  expect(failure(o), Code::kArgument, "monetary has 2 fixed cuts for 5 bins; give 4");
  o.monetary.cuts = {1, 2, 4, 3};
  expect(failure(o), Code::kArgument,
         "monetary cut 4 is below the one before it; list cuts from low to high");
}

RfmCuts frozen() {
  Result<RfmResult> result = rfm(orders({1, 2, 3}), good_options());
  return result->cuts;
}

TEST(RfmErrors, FrozenCutsMustBeOfTheScaleOfTheCall) {
  RfmOptions o = good_options();
  o.cuts = frozen();
  o.scale = 3;
  expect(failure(o), Code::kArgument,
         "the cuts are of scale 2 and the call of scale 3; use the scale of the cuts");
}

TEST(RfmErrors, FrozenCutsThatNoCalibrationGivesAreRefused) {
  RfmOptions o = good_options();
  o.cuts = frozen();
  o.cuts->frequency.cuts = {3, 2};
  expect(failure(o), Code::kArgument,
         "the frozen frequency cuts decrease; list cuts from low to high");
  o.cuts = frozen();
  o.cuts->recency.cuts.clear();
  expect(failure(o), Code::kArgument, "the frozen recency cuts make 1 bins; bins must be 2 to 10");
  o.cuts->recency.cuts.assign(10, 1);
  expect(failure(o), Code::kArgument, "the frozen recency cuts make 11 bins; bins must be 2 to 10");
}

TEST(RfmErrors, ASegmentTableOfOtherBinsIsRefused) {
  RfmOptions o = good_options();
  o.table = *SegmentTable::named("eleven");
  o.recency.bins = 4;
  const Status status = failure(o);
  EXPECT_EQ(status.code(), Code::kArgument);
  EXPECT_EQ(status.message(),
            "the segment table is for 5 scores an axis, but recency has 4; score with as many "
            "bins as the table has, give a table of your own, or none");
}

SegmentRow row(const char* name, ScoreRange r) {
  SegmentRow result;
  result.name = name;
  result.r = r;
  return result;
}

TEST(RfmErrors, ASegmentTableWithGapsShowsOne) {
  RfmOptions o = good_options();
  o.table = *SegmentTable::make({row("Recent", {2, 5})});
  const Status status = failure(o);
  EXPECT_EQ(status.code(), Code::kDocument);
  EXPECT_NE(status.message().find("cells without a segment (r = 1, f = 1)"), std::string::npos)
      << status.message();
  o.on_gap = OnGap::kNull;
  EXPECT_TRUE(rfm(orders({1, 2, 3}), o).ok());
}

TEST(RfmErrors, ASegmentTableWithOverlapsShowsOne) {
  RfmOptions o = good_options();
  o.table = *SegmentTable::make({row("Recent", {4, 5}), row("Rest", {1, 4})});
  const Status status = failure(o);
  EXPECT_EQ(status.code(), Code::kDocument);
  EXPECT_NE(status.message().find("(r = 4, f = 1 by \"Recent\" and \"Rest\")"), std::string::npos)
      << status.message();
  o.on_overlap = OnOverlap::kFirst;
  EXPECT_TRUE(rfm(orders({1, 2, 3}), o).ok());
}

TEST(RfmErrors, ACancelledTokenStopsTheCallBeforeAndWhileItRuns) {
  CancelToken token;
  RfmOptions o = good_options();
  o.control.cancel = &token;
  token.cancel();
  expect(failure(o), Code::kCancelled, "the call was cancelled");
  token.reset();
  int calls = 0;
  o.control.progress = [&](double) {
    if (++calls == 3) token.cancel();
    return 0;
  };
  EXPECT_EQ(failure(o).code(), Code::kCancelled);
  EXPECT_EQ(calls, 3);
  token.reset();
  EXPECT_TRUE(rfm(orders({1, 2, 3}), o).ok());
}

TEST(RfmErrors, AProgressCallbackThatReturnsANumberStopsTheCall) {
  RfmOptions o = good_options();
  double last = -1;
  o.control.progress = [&](double share) {
    last = share;
    return share > 0.5 ? 17 : 0;
  };
  expect(failure(o), Code::kCallback, "the progress callback returned 17");
  EXPECT_LT(last, 1);
}

TEST(RfmErrors, ACallIsAskedOftenWhereOneCustomerHasAllTheRows) {
  // 300,000 orders to sort, in whatever order they come: one task, which alone would take too long.
  const size_t n = 300'000;
  std::vector<std::string> names(n);
  std::vector<int64_t> ids(n), times(n);
  for (size_t i = 0; i < n; i++) {
    ids[i] = static_cast<int64_t>(i * 7919 % n);
    names[i] = "order-" + std::to_string(ids[i]);
    times[i] = static_cast<int64_t>(i) * 1'000'000;
  }
  const Table table = *TableBuilder()
                           .int64("c", std::vector<int64_t>(n, 7))
                           .timestamps("t", times, "UTC")
                           .doubles("a", std::vector<double>(n, 1))
                           .int64("number", ids)
                           .strings("name", names)
                           .finish();
  for (const std::string order : {"number", "name"}) {
    RfmOptions o;
    o.customer = "c", o.time = "t", o.amount = "a", o.order = order;
    int asked = 0;
    o.control.progress = [&](double) { return ++asked, 0; };
    ASSERT_TRUE(rfm(table, o).ok());
    EXPECT_GT(asked, 60) << order;
    for (const int stop_at : {asked / 4, asked / 2, asked - 5}) {
      int calls = 0;
      o.control.progress = [&](double) { return ++calls == stop_at ? 3 : 0; };
      EXPECT_EQ(rfm(table, o).status().code(), Code::kCallback);
      EXPECT_EQ(calls, stop_at) << "it is not asked again";
    }
  }
}

TEST(RfmErrors, ProgressNeverDecreasesAndEndsAtOne) {
  RfmOptions o = good_options();
  std::vector<double> shares;
  o.control.progress = [&](double share) {
    shares.push_back(share);
    return 0;
  };
  ASSERT_TRUE(rfm(orders(std::vector<double>(200'000, 1)), o).ok());
  ASSERT_GT(shares.size(), 5u);
  EXPECT_TRUE(std::is_sorted(shares.begin(), shares.end()));
  EXPECT_GE(shares.front(), 0);
  EXPECT_EQ(shares.back(), 1);
  // Rows to partitions, these to customers, to columns, and the rest.
  for (const double end_of_phase : {0.5, 0.85, 0.93, 1.0})
    EXPECT_TRUE(std::binary_search(shares.begin(), shares.end(), end_of_phase)) << end_of_phase;
}

}  // namespace
}  // namespace patron
