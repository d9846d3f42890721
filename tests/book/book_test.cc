#include "patron/book.h"

#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <thread>

#include "tests/book/book_oracle.h"

namespace patron::book_test {
namespace {

using internal::LogReader;
using internal::LogRun;

BookSpec shop() {
  BookSpec spec;
  spec.customer = Kind::kString;
  spec.streams = {*built_in_stream("orders", spec), *built_in_stream("referrals", spec)};
  spec.streams[0].columns.push_back(book_column("order_id", Kind::kString));
  spec.streams[0].key = "order_id";
  spec.streams[0].columns[0].sums = true;
  BookAttribute region, birth;
  region.field.name = "region";
  region.field.kind = Kind::kEnum;
  birth.field.name = "birth_date";
  birth.field.kind = Kind::kDate;
  spec.attributes = {region, birth};
  return spec;
}

Table orders(const std::vector<std::string>& customers, std::vector<Micros> times,
             std::vector<double> amounts, const std::vector<std::string>& ids) {
  return *TableBuilder()
              .strings("customer", customers)
              .timestamps("time", std::move(times), "UTC")
              .doubles("amount", std::move(amounts))
              .strings("order_id", ids)
              .finish();
}

Table referrals(const std::vector<std::string>& referrers, const std::vector<std::string>& referred,
                std::vector<Micros> times) {
  return *TableBuilder()
              .strings("referrer", referrers)
              .strings("referred", referred)
              .timestamps("time", std::move(times), "UTC")
              .finish();
}

class Books : public testing::Test {
 protected:
  Book book_{*BookLayout::make(shop())};
  BookReport report_;
};

TEST_F(Books, EffectsAreLateOrWait) {
  ASSERT_TRUE(book_
                  .add("orders",
                       orders({"ann", "bob", "ann", "ann", "bob"}, {10, 200, 5, 300, 200},
                              {1, 2, 3, 4, 5}, {"1", "2", "3", "4", "5"}),
                       {.clock = 100, .quiet = true}, &report_)
                  .ok());
  EXPECT_EQ(report_.accepted, 5);
  EXPECT_EQ(report_.late, 2);
  EXPECT_EQ(report_.waiting, 3);
  ASSERT_EQ(report_.effects.size(), 3u);
  const BookEffect& late = report_.effects[0];
  EXPECT_EQ(book_.id(late.customer).text, "ann");
  EXPECT_EQ(late.at, 100);
  EXPECT_EQ(late.fact_time, 5);
  EXPECT_TRUE(late.late && late.quiet);
  EXPECT_EQ(report_.effects[1].at, 200);
  EXPECT_EQ(book_.id(report_.effects[1].customer).text, "bob");
  EXPECT_EQ(report_.effects[2].at, 300);
}

TEST_F(Books, ACorrectionTouchesBothInstants) {
  ASSERT_TRUE(book_
                  .add("orders", orders({"ann"}, {500}, {1}, {"1"}), {.clock = 100, .quiet = false},
                       &report_)
                  .ok());
  ASSERT_TRUE(book_
                  .add("orders", orders({"ann", "ann"}, {50, 50}, {2, 2}, {"1", "1"}),
                       {.clock = 100, .quiet = false}, &report_)
                  .ok());
  EXPECT_EQ(report_.corrected, 1);
  EXPECT_EQ(report_.duplicates, 1);
  ASSERT_EQ(report_.effects.size(), 2u);
  EXPECT_EQ(report_.effects[0].fact_time, 50);
  EXPECT_FALSE(report_.effects[0].corrected) << "nobody saw what it was before";
  EXPECT_EQ(report_.effects[1].at, 500);
  EXPECT_TRUE(report_.effects[1].corrected) << "nothing happens there any more";
  LogReader reader(book_.state(), 0);
  EXPECT_EQ(reader.read(0).size(), 1u);
}

TEST_F(Books, DeletingAnUnknownKeyLeavesNothingBehind) {
  ASSERT_TRUE(book_.add("orders", orders({"ann"}, {5}, {1}, {"1"}), {}, &report_).ok());
  const std::vector<std::string> who{"ann", "ann", "zoe"};
  const std::vector<std::string> ids{"1", "2", "1"};
  const Table keys = *TableBuilder().strings("customer", who).strings("order_id", ids).finish();
  ASSERT_TRUE(book_.remove("orders", keys, {.clock = 9, .quiet = false}, &report_).ok());
  EXPECT_EQ(report_.deleted, 1);
  EXPECT_EQ(report_.unknown, 2);
  EXPECT_EQ(book_.customers(), 1u);
  EXPECT_EQ(book_.find({0, "zoe"}), kNoCustomer);
  ASSERT_EQ(report_.effects.size(), 1u);
  EXPECT_TRUE(report_.effects[0].corrected);
  EXPECT_EQ(book_.remove("referrals", keys, {}, &report_).code(), Code::kColumn);
}

TEST_F(Books, FactsOfOneInstantAreFoundByTheirKeysInALongLog) {
  constexpr size_t kFacts = 3000;
  const std::vector<std::string> who(kFacts, "ann");
  std::vector<std::string> ids;
  std::vector<double> first, then;
  std::vector<std::string> gone;
  for (size_t i = 0; i < kFacts; ++i) {
    // Some keys stand in their cells, others are longer.
    ids.push_back((i % 2 == 0 ? "" : "a key of some length, ") + std::to_string(i * 7919 % kFacts));
    first.push_back(static_cast<double>(i));
    then.push_back(static_cast<double>(i + (i % 7 == 0 ? 1 : 0)));
    if (i % 11 == 0) gone.push_back(ids.back());
  }
  const std::vector<Micros> times(kFacts, 5);
  ASSERT_TRUE(book_.add("orders", orders(who, times, first, ids), {}, &report_).ok());
  ASSERT_TRUE(book_.add("orders", orders(who, times, then, ids), {}, &report_).ok());
  EXPECT_EQ(report_.corrected, 429);
  EXPECT_EQ(report_.duplicates, 2571);
  const Table keys = *TableBuilder()
                          .strings("customer", std::vector<std::string>(gone.size(), "ann"))
                          .strings("order_id", gone)
                          .finish();
  ASSERT_TRUE(book_.remove("orders", keys, {.clock = 9, .quiet = false}, &report_).ok());
  EXPECT_EQ(report_.deleted, 273);
  EXPECT_EQ(report_.unknown, 0);
  ASSERT_TRUE(book_.add("orders", orders(who, times, then, ids), {}, &report_).ok());
  EXPECT_EQ(report_.accepted, 273);
  EXPECT_EQ(report_.duplicates, 2727);
  LogReader reader(book_.state(), 0);
  EXPECT_EQ(reader.read(0).size(), kFacts);
}

TEST_F(Books, AttributesHoldFromAnInstant) {
  const std::vector<std::string> who{"ann", "ann", "ann"};
  const std::vector<std::optional<std::string>> regions{"north", "south", std::nullopt};
  const std::vector<std::optional<std::string>> births{"1990-01-02", "soon", "1990-01-03"};
  const Table values = *TableBuilder()
                            .strings("customer", who)
                            .timestamps("time", {100, 50, 100}, "UTC")
                            .strings("region", regions)
                            .strings("birth_date", births)
                            .finish();
  ASSERT_TRUE(book_.set(values, {.clock = 70, .quiet = false}, &report_).ok());
  EXPECT_EQ(report_.rows, 5);
  EXPECT_EQ(report_.accepted, 3);
  EXPECT_EQ(report_.corrected, 1);  // the second birth date of one instant
  ASSERT_EQ(report_.refused.size(), 1u);
  EXPECT_EQ(report_.refused[0].row, 1);
  EXPECT_EQ(report_.refused[0].column, "birth_date");
  LogReader region = LogReader::of_attribute(book_.state(), 0);
  EXPECT_EQ(region.read(0).size(), 2u);
  const LogRun& run = region.read(0).until(70).runs().back();
  EXPECT_EQ(region.enum_text(0, run.cells<uint32_t>(0)[run.size - 1]), "south");
  LogReader birth = LogReader::of_attribute(book_.state(), 1);
  EXPECT_EQ(birth.read(0).runs()[0].cells<int32_t>(0)[0], 7307);  // 20 years, 5 leap days, 2 days
  EXPECT_EQ(book_
                .set(*TableBuilder().strings("customer", who).strings("regoin", who).finish(), {},
                     &report_)
                .message(),
            "there is no attribute \"regoin\"; did you mean \"region\"? The columns are "
            "\"customer\", \"time\", \"region\", \"birth_date\"");
}

TEST_F(Books, AWithdrawalIsAFactLikeAnother) {
  const auto region = [](std::optional<std::string> text, Micros time) {
    const std::vector<std::optional<std::string>> regions{std::move(text)};
    const std::vector<std::string> who{"ann"};
    return *TableBuilder()
                .strings("customer", who)
                .timestamps("time", {time}, "UTC")
                .strings("region", regions)
                .finish();
  };
  const AddOptions clear{.clock = 100, .nulls = AttributeNulls::kClear};
  ASSERT_TRUE(book_.set(region(std::nullopt, 50), {.clock = 100}, &report_).ok());
  EXPECT_EQ(book_.customers(), 0u) << "a null that says nothing names nobody";
  ASSERT_TRUE(book_.set(region("north", 50), clear, &report_).ok());
  const std::string held = book_.state_hash();
  ASSERT_TRUE(book_.set(region(std::nullopt, 80), clear, &report_).ok());
  EXPECT_EQ(report_.accepted, 1);
  EXPECT_EQ(report_.late, 1);
  ASSERT_EQ(report_.effects.size(), 1u);
  EXPECT_EQ(report_.effects[0].fact_time, 80);
  ASSERT_TRUE(book_.set(region(std::nullopt, 80), clear, &report_).ok());
  EXPECT_EQ(report_.duplicates, 1);
  ASSERT_TRUE(book_.set(region(std::nullopt, 120), clear, &report_).ok());
  EXPECT_EQ(report_.waiting, 1);
  EXPECT_NE(book_.state_hash(), held);
  EXPECT_EQ(book_.facts().values, 3);

  Book again = *Book::load(book_.layout(), book_.save());
  EXPECT_EQ(again.state_hash(), book_.state_hash());
  LogReader reader = LogReader::of_attribute(again.state(), 0);
  const LogRun run = reader.read(0).until(100).runs().back();
  ASSERT_EQ(run.size, 2u);
  EXPECT_FALSE(run.null(0, 0));
  EXPECT_TRUE(run.null(0, 1));

  ASSERT_TRUE(again.set(region("south", 80), clear, &report_).ok());
  EXPECT_EQ(report_.corrected, 1) << "a value from the same instant corrects the withdrawal";
  ASSERT_TRUE(again.set(region(std::nullopt, 80), clear, &report_).ok());
  EXPECT_EQ(report_.corrected, 1);
  EXPECT_EQ(again.state_hash(), book_.state_hash());
}

TEST(Referrals, OfNobodyAreRefusedWhateverTheColumnsSay) {
  BookSpec spec;
  spec.streams = {*built_in_stream("referrals", spec)};
  for (BookColumn& column : spec.streams[0].columns) column.field.nullable = true;
  Book book(*BookLayout::make(std::move(spec)));
  const std::vector<std::optional<std::string>> referrers{std::nullopt, "ann", "ann"};
  const std::vector<std::optional<std::string>> referred{"bob", "bob", std::nullopt};
  TableBuilder table;
  table.timestamps("time", {1, 2, 3}, "UTC").strings("referrer", referrers);
  BookReport report;
  ASSERT_TRUE(
      book.add("referrals", *table.strings("referred", referred).finish(), {}, &report).ok());
  EXPECT_EQ(report.accepted, 1);
  ASSERT_EQ(report.refused.size(), 2u);
  EXPECT_EQ(report.refused[0].row, 0);
  EXPECT_EQ(report.refused[0].reason, "null referrer");
  EXPECT_EQ(report.refused[1].row, 2);
  EXPECT_EQ(report.refused[1].reason, "null referred");
}

// Facts of one instant are in the order of their values, ids last: whoever is forgotten has been in
// her place, and leaves it to nobody.
TEST_F(Books, WhoIsForgottenLeavesTheOrderOfReferralsAsItWas) {
  ASSERT_TRUE(
      book_
          .add("referrals",
               referrals({"ann", "ann", "ann", "ann"}, {"zed", "bob", "cid", "abe"}, {7, 7, 7, 7}),
               {}, &report_)
          .ok());
  const auto named = [&] {
    LogReader reader(book_.state(), 1);
    std::vector<std::string> out;
    for (const LogRun& run : reader.read(book_.find({0, "ann"}))) {
      for (size_t i = 0; i < run.size; ++i) {
        const auto id = reader.customer(run.cells<uint32_t>(reader.layout().referred)[i]);
        out.emplace_back(id ? id->text : "nobody");
      }
    }
    return out;
  };
  using Ids = std::vector<std::string>;
  EXPECT_EQ(named(), (Ids{"abe", "bob", "cid", "zed"}));
  book_.forget({0, "cid"});
  EXPECT_EQ(named(), (Ids{"abe", "bob", "nobody", "zed"}));
  book_.forget({0, "zed"});
  EXPECT_EQ(named(), (Ids{"abe", "bob", "nobody", "nobody"}));
}

TEST_F(Books, AReferralIsAFactOfBoth) {
  ASSERT_TRUE(book_
                  .add("referrals",
                       referrals({"ann", "bob", "cid", "ann", "ann", "zoe"},
                                 {"bob", "cid", "ann", "ann", "bob", "cid"}, {1, 2, 3, 4, 5, 6}),
                       {.clock = 9, .quiet = false}, &report_)
                  .ok());
  EXPECT_EQ(report_.accepted, 2);
  EXPECT_EQ(report_.duplicates, 1);
  std::vector<std::string> reasons;
  for (const BookRefusal& refusal : report_.refused) reasons.push_back(refusal.reason);
  EXPECT_EQ(reasons, (std::vector<std::string>{"closes a circle of referrals", "refers herself",
                                               "has another referrer"}));
  LogReader reader(book_.state(), 1);
  EXPECT_EQ(reader.read(book_.find({0, "ann"})).size(), 1u);
  EXPECT_EQ(reader.read(book_.find({0, "bob"})).size(), 2u);
  EXPECT_EQ(reader.read(book_.find({0, "cid"})).size(), 1u);
  EXPECT_EQ(report_.effects.size(), 3u);
}

TEST_F(Books, ARefusedReferralLeavesNobodyBehind) {
  const auto refer = [&](const std::vector<std::string>& by, const std::vector<std::string>& who,
                         const std::vector<int64_t>& at) {
    return book_.add("referrals", referrals(by, who, at), {}, &report_).ok();
  };
  ASSERT_TRUE(refer({"ida"}, {"ida"}, {1}));
  EXPECT_EQ(report_.refused_rows, 1);
  EXPECT_EQ(book_.customers(), 0u);
  ASSERT_TRUE(refer({"ann"}, {"bob"}, {1}));
  // Of six rows two are good; of the new ids only those that these name are there afterwards.
  ASSERT_TRUE(refer({"eve", "cid", "cid", "dan", "dan", "fay"},
                    {"bob", "dan", "cid", "cid", "eve", "fay"}, {2, 3, 4, 5, 6, 7}));
  EXPECT_EQ(report_.accepted, 2);
  EXPECT_EQ(report_.refused_rows, 4);
  EXPECT_EQ(book_.customers(), 5u);
  EXPECT_EQ(book_.find({0, "fay"}), kNoCustomer);
  EXPECT_EQ(book_.id(2).text, "dan");
  LogReader reader(book_.state(), 1);
  EXPECT_EQ(reader.read(book_.find({0, "dan"})).size(), 2u);
  EXPECT_EQ(reader.read(book_.find({0, "eve"})).size(), 1u);
  ASSERT_TRUE(refer({"eve"}, {"cid"}, {8}));
  EXPECT_EQ(report_.refused[0].reason, "closes a circle of referrals");
}

TEST_F(Books, ABadTableChangesNothing) {
  EXPECT_EQ(book_.add("order", orders({"a"}, {1}, {1}, {"1"}), {}, &report_).message(),
            "there is no stream \"order\"; did you mean \"orders\"? The streams are \"orders\", "
            "\"referrals\"");
  EXPECT_EQ(book_.add("referrals", orders({"a"}, {1}, {1}, {"1"}), {}, &report_).code(),
            Code::kColumn);
  EXPECT_EQ(book_.customers(), 0u);
}

TEST_F(Books, TheMemoryLimitRefusesABatchWhole) {
  Book small(*BookLayout::make(shop()), {.memory_limit = 100'000, .refuse_after = kEndTime});
  std::vector<std::string> customers, ids;
  for (int i = 0; i < 2000; ++i) {
    customers.push_back("customer " + std::to_string(i));
    ids.push_back(std::to_string(i));
  }
  const Table table =
      orders(customers, std::vector<Micros>(2000, 1), std::vector<double>(2000, 1.0), ids);
  ASSERT_TRUE(small.add("orders", orders({"ann"}, {1}, {1}, {"1"}), {}, &report_).ok());
  const Status status = small.add("orders", table, {}, &report_);
  EXPECT_EQ(status.code(), Code::kLimit);
  EXPECT_NE(status.message().find("may hold 100000"), std::string::npos) << status.message();
  EXPECT_EQ(small.customers(), 1u);
  EXPECT_EQ(small.find({0, "customer 7"}), kNoCustomer);
  LogReader reader(small.state(), 0);
  EXPECT_EQ(reader.read(0).size(), 1u);
  ASSERT_TRUE(small.add("orders", orders({"bob"}, {1}, {1}, {"1"}), {}, &report_).ok());
}

// The first of everything, pages, blocks of ids, tails, is part of what is asked before.
TEST_F(Books, TheMemoryLimitIsNotPassedByWhatABatchBrings) {
  std::mt19937_64 random(7);
  constexpr int64_t kBeside = 4096;  // lists of pages, words of enums, indices of keys
  for (int64_t limit = 1'000; limit < 4'000'000; limit *= 2) {
    SCOPED_TRACE("limit " + std::to_string(limit));
    Book small(*BookLayout::make(shop()), {.memory_limit = limit, .refuse_after = kEndTime});
    int refused = 0;
    for (int call = 0, next = 0; call < 4000 && refused < 20; ++call) {
      const size_t rows = 1 + random() % (size_t{1} << random() % 9);
      std::vector<std::string> customers, ids;
      for (size_t i = 0; i < rows; ++i, ++next) {
        customers.push_back("customer " + std::to_string(random() % (next + 1)));
        ids.push_back("order number " + std::to_string(next));
      }
      const Status status = small.add(
          "orders",
          orders(customers, std::vector<Micros>(rows, 1), std::vector<double>(rows, 1.0), ids), {},
          &report_);
      refused += status.ok() ? 0 : 1;
      ASSERT_LE(small.memory().total, limit + kBeside + limit / 20) << "after " << call << " calls";
    }
    EXPECT_EQ(refused, 20);
  }
}

// L11, as far as the book is concerned: facts that came before, meanwhile and after go back to
// their ids.
TEST_F(Books, LinkedCustomersAreReadAsOneAndTakenApartAgain) {
  ASSERT_TRUE(book_
                  .add("orders",
                       orders({"ann", "bob", "ann", "cid"}, {10, 20, 30, 5}, {1, 2, 3, 4},
                              {"1", "a longer order number", "3", "4"}),
                       {}, &report_)
                  .ok());
  const auto times = [&](const char* who) {
    std::vector<Micros> all;
    LogReader reader(book_.state(), 0);
    for (const LogRun& run : reader.read(book_.find({0, who}))) {
      all.insert(all.end(), run.times(), run.times() + run.size);
    }
    return all;
  };
  const BookSnapshot apart = book_.snapshot();
  const Result<BookLink> made = book_.link({0, "bob"}, {0, "ann"}, 77);
  ASSERT_TRUE(made.ok() && made->done);
  EXPECT_EQ(made->survivor, book_.find({0, "bob"}));
  EXPECT_EQ(made->other, book_.find({0, "ann"}));
  EXPECT_FALSE(book_.link({0, "ann"}, {0, "bob"}, 78)->done);
  const std::vector<Micros> both{10, 20, 30};
  EXPECT_EQ(times("ann"), both);
  EXPECT_EQ(times("bob"), both);
  EXPECT_EQ(times("cid"), std::vector<Micros>{5});
  ASSERT_TRUE(
      book_
          .add("orders", orders({"ann"}, {15}, {9}, {"9"}), {.clock = 50, .quiet = false}, &report_)
          .ok());
  EXPECT_EQ(report_.effects[0].customer, book_.find({0, "ann"}));
  EXPECT_EQ(book_.survivor(report_.effects[0].customer), made->survivor);
  EXPECT_EQ(times("bob").size(), 4u);
  internal::PageReader pages(book_.state(), 0);
  const internal::LogPage page = pages.read(0);
  EXPECT_EQ(std::vector<uint16_t>(page.apart.begin(), page.apart.end()),
            (std::vector<uint16_t>{0, 1}));
  LogReader then(apart.state(), 0);
  EXPECT_EQ(then.read(0).size(), 2u);
  EXPECT_EQ(book_.unlink({0, "ann"}, {0, "cid"}).status().code(), Code::kState);
  const Result<BookSplit> split = book_.unlink({0, "ann"}, {0, "bob"});
  ASSERT_TRUE(split.ok());
  EXPECT_EQ(split->token, 77u);
  EXPECT_EQ(split->first, book_.find({0, "ann"}));
  EXPECT_EQ(times("ann"), (std::vector<Micros>{10, 15, 30}));
  EXPECT_EQ(times("bob"), std::vector<Micros>{20});
}

// L16: what is left is as if she had never been, but for the referral that now names nobody.
TEST_F(Books, ForgettingRemovesHerAndNobodyElse) {
  const std::string secret = "an order number that only she had";
  ASSERT_TRUE(book_
                  .add("orders",
                       orders({"ann", "bob", "ann2", "cid"}, {10, 20, 30, 40}, {1, 2, 3, 4},
                              {secret, "2", "3", "4"}),
                       {}, &report_)
                  .ok());
  ASSERT_TRUE(book_.add("referrals", referrals({"ann"}, {"bob"}, {7}), {}, &report_).ok());
  ASSERT_TRUE(book_.link({0, "ann"}, {0, "ann2"}, 5).ok());
  const BookSnapshot before = book_.snapshot();
  const std::vector<uint32_t> gone = book_.forget({0, "ann2"});
  EXPECT_EQ(gone.size(), 2u);
  EXPECT_TRUE(book_.forget({0, "ann"}).empty());
  EXPECT_EQ(book_.find({0, "ann"}), kNoCustomer);
  LogReader reader(book_.state(), 0);
  for (const uint32_t row : gone) {
    EXPECT_TRUE(reader.read(row).empty());
    EXPECT_EQ(book_.id(row).text, "");
    EXPECT_EQ(book_.survivor(row), row);
  }
  EXPECT_EQ(reader.read(book_.find({0, "bob"})).size(), 1u);
  EXPECT_EQ(reader.read(book_.find({0, "cid"})).size(), 1u);
  for (const auto& page : book_.state().streams[0].pages) {
    for (const internal::EventRows* rows :
         {&page->tail, page->base ? &page->base->rows : nullptr}) {
      if (rows == nullptr || rows->column(5) == nullptr) continue;
      for (size_t i = 0; i < rows->size(); ++i) EXPECT_NE(rows->text(5, i), secret);
    }
  }
  LogReader referred(book_.state(), 1);
  const LogRun run = referred.read(book_.find({0, "bob"})).runs()[0];
  EXPECT_EQ(book_.id(run.cells<uint32_t>(0)[0]).text, "");
  LogReader then(before.state(), 0);
  EXPECT_EQ(then.read(gone[0]).size(), 2u);
  // She comes back as somebody else.
  ASSERT_TRUE(book_.add("orders", orders({"ann"}, {50}, {1}, {secret}), {}, &report_).ok());
  EXPECT_EQ(report_.accepted, 1);
  EXPECT_EQ(reader.read(book_.find({0, "ann"})).size(), 1u);
  EXPECT_EQ(book_.find({0, "ann"}), 4u);
}

TEST_F(Books, ALongLogIsForgotten) {
  std::vector<std::string> who(3000, "ann"), ids;
  std::vector<Micros> times;
  for (int i = 0; i < 3000; ++i) {
    ids.push_back("number " + std::to_string(i));
    times.push_back(i);
  }
  ASSERT_TRUE(
      book_.add("orders", orders(who, times, std::vector<double>(3000, 1), ids), {}, &report_)
          .ok());
  ASSERT_TRUE(book_.add("orders", orders({"bob"}, {1}, {1}, {"1"}), {}, &report_).ok());
  EXPECT_GT(book_.memory().event_keys, 3000 * 16);
  ASSERT_EQ(book_.forget({0, "ann"}).size(), 1u);
  LogReader reader(book_.state(), 0);
  EXPECT_TRUE(reader.read(0).empty());
  EXPECT_EQ(reader.read(1).size(), 1u);
  EXPECT_LT(book_.memory().event_keys, 100);
}

TEST_F(Books, ALinkAddsIdsThatAreNotThereYet) {
  ASSERT_TRUE(book_.link({0, "web 7"}, {0, "till 9"}, 1).ok());
  EXPECT_EQ(book_.customers(), 2u);
  EXPECT_EQ(book_.survivor(book_.find({0, "till 9"})), book_.find({0, "web 7"}));
  EXPECT_EQ(book_.link({0, "web 7"}, {0, {}}, 1).status().code(), Code::kArgument);
  EXPECT_EQ(book_.link({0, "web 7"}, {0, "\xFF"}, 1).status().code(), Code::kArgument);
  EXPECT_EQ(book_.customers(), 2u);
}

// Every snapshot is whole: all events of a batch or none.
TEST_F(Books, SnapshotsAreReadByThreadsWhileTheBookGoesOn) {
  constexpr int kBatches = 150;
  std::atomic<bool> done{false};
  std::mutex mutex;
  BookSnapshot newest = book_.snapshot();
  const auto read = [&] {
    while (!done.load()) {
      BookSnapshot snapshot = [&] {
        const std::lock_guard lock(mutex);
        return newest;
      }();
      LogReader reader(snapshot.state(), 0);
      int64_t sum = 0;
      size_t events = 0;
      for (uint32_t row = 0; row < snapshot.customers(); ++row) {
        for (const LogRun& run : reader.read(row)) {
          events += run.size;
          for (size_t i = 0; i < run.size; ++i) sum += run.cells<int64_t>(0)[i];
        }
      }
      ASSERT_EQ(events % 20, 0u);
      ASSERT_EQ(sum, static_cast<int64_t>(events) * 100);
      if (snapshot.customers() > 0) {
        ASSERT_EQ(snapshot.state().ids->find({0, "c0"}), 0u);
      }
    }
  };
  std::thread first(read), second(read);
  for (int batch = 0; batch < kBatches; ++batch) {
    std::vector<std::string> customers, ids;
    for (int i = 0; i < 20; ++i) {
      customers.push_back("c" + std::to_string((batch * i) % 50));
      ids.push_back(std::to_string(batch * 20 + i));
    }
    ASSERT_TRUE(book_
                    .add("orders",
                         orders(customers, std::vector<Micros>(20, batch % 7),
                                std::vector<double>(20, 1.0), ids),
                         {}, &report_)
                    .ok());
    const std::lock_guard lock(mutex);
    newest = book_.snapshot();
  }
  done = true;
  first.join();
  second.join();
}

}  // namespace
}  // namespace patron::book_test
