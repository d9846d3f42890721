#include "patron/nps.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <random>

#include "tests/models/nps/survey.h"

namespace patron::test {
namespace {

NpsOptions named(const char* score = "score") {
  NpsOptions options;
  options.score = score;
  return options;
}

NpsResult nps_of(const Table& table, const NpsOptions& options) {
  Result<NpsResult> result = nps(table, options);
  EXPECT_TRUE(result.ok()) << result.status().message();
  return result.ok() ? *std::move(result) : NpsResult();
}

Status refused(const Table& table, const NpsOptions& options) {
  const Result<NpsResult> result = nps(table, options);
  EXPECT_FALSE(result.ok());
  return result.status();
}

Table simple() {
  return *TableBuilder()
              .int64("score", {10, 9, 9, 8, 7, 3, 10, 0, 9, 5})
              .strings("team",
                       std::vector<std::string>{"b", "a", "a", "b", "b", "a", "b", "b", "a", "a"})
              .finish();
}

TEST(Nps, IsPromotersLessDetractors) {
  const NpsResult result = nps_of(simple(), named());
  ASSERT_EQ(result.overall.size(), 1U);
  const Estimate& e = result.overall[0].estimate;
  EXPECT_EQ(e.count, 10);
  EXPECT_EQ(e.promoters, 5);
  EXPECT_EQ(e.passives, 2);
  EXPECT_EQ(e.detractors, 3);
  EXPECT_DOUBLE_EQ(e.score, 20);
  EXPECT_EQ(result.table.rows(), 1);
  EXPECT_EQ(result.table.find("group"), -1);
  EXPECT_EQ(result.rows, 10);
  EXPECT_EQ(result.refused_rows, 0);
  EXPECT_EQ(result.drivers.rows(), 0);
  EXPECT_EQ(result.method.interval, Interval::kAdjustedWald);
}

TEST(Nps, HasOneRowForEachGroupInOrder) {
  NpsOptions options = named();
  options.group = "team";
  const NpsResult result = nps_of(simple(), options);
  EXPECT_EQ(texts_of(result.table, "group"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(values_of<int64_t>(result.table, "promoters"), (std::vector<int64_t>{3, 2}));
  EXPECT_EQ(values_of<int64_t>(result.table, "detractors"), (std::vector<int64_t>{2, 1}));
  EXPECT_DOUBLE_EQ(values_of<double>(result.table, "score")[0], 20);
  // Each row is what the counts alone give.
  Counts counts;
  counts.of[10] = 2, counts.of[8] = 2, counts.of[0] = 1;
  const Estimate b = *nps_estimate(counts, {});
  EXPECT_EQ(values_of<double>(result.table, "low")[1], b.low);
  EXPECT_EQ(values_of<double>(result.table, "standard_error")[1], b.standard_error);
}

TEST(Nps, KeepsResponsesWithoutAGroupInARowOfTheirOwn) {
  const std::vector<std::optional<std::string>> teams{"x", std::nullopt, "y"};
  const Table table = *TableBuilder().int64("score", {9, 2, 8}).strings("team", teams).finish();
  NpsOptions options = named();
  options.group = "team";
  const NpsResult result = nps_of(table, options);
  EXPECT_EQ(texts_of(result.table, "group"), (std::vector<std::string>{"x", "y", "(null)"}));
  EXPECT_EQ(result.overall[0].estimate.count, 3);
}

TEST(Nps, RefusesBadRowsAndGoesOnWithTheOthers) {
  const Table table = *TableBuilder().doubles("score", {9, NAN, 11, -1, 8.5, 0, INFINITY}).finish();
  const NpsResult result = nps_of(table, named());
  EXPECT_EQ(result.overall[0].estimate.count, 2);
  EXPECT_EQ(result.refused_rows, 5);
  EXPECT_EQ(values_of<int64_t>(result.refused, "row"), (std::vector<int64_t>{1, 2, 3, 4, 6}));
  EXPECT_EQ(texts_of(result.refused, "reason"),
            (std::vector<std::string>{"score is NaN or infinite", "score outside the scale",
                                      "score outside the scale", "score is no whole number",
                                      "score is NaN or infinite"}));
  EXPECT_EQ(texts_of(result.refused, "column")[0], "score");
}

TEST(Nps, FailsAtTheFirstBadRowWhereAsked) {
  NpsOptions options = named();
  options.refuse_bad_rows = false;
  const Status outside = refused(*TableBuilder().int64("score", {9, 8, 12, -4}).finish(), options);
  EXPECT_EQ(outside.code(), Code::kArgument);
  EXPECT_EQ(outside.row(), 2);
  EXPECT_EQ(outside.message(),
            "column \"score\", row 2: score outside the scale; it goes from 0 to 10");
  const Status number = refused(*TableBuilder().doubles("score", {9, NAN}).finish(), options);
  EXPECT_EQ(number.code(), Code::kNumber);
  std::vector<uint8_t> bits;
  const std::vector<int64_t> scores{1, 2};
  ColumnView view = int64_view("score", scores);
  set_nulls({1}, &bits, &view);
  EXPECT_EQ(refused(table_of({view}), options).code(), Code::kNull);
}

// Customer 1 gives the same score twice at one instant, about "price" and about "speed": one of the
// two counts, and which one must not depend on the order of rows.
TEST(Nps, OneOfTwoLikeResponsesAtOneInstantCountsInAnyOrderOfRows) {
  const std::vector<int64_t> customers{1, 1, 2, 3}, scores{9, 9, 0, 10}, times{5, 5, 5, 5};
  const std::vector<std::string> topics{"price", "speed", "price", "speed"};
  NpsOptions options = named();
  options.customer = "customer", options.time = "time", options.topics = {"topic"};
  for (const std::vector<size_t>& order :
       {std::vector<size_t>{0, 1, 2, 3}, std::vector<size_t>{3, 2, 1, 0}}) {
    std::vector<int64_t> customer, score, time;
    std::vector<std::string> topic;
    for (const size_t row : order) {
      customer.push_back(customers[row]), score.push_back(scores[row]);
      time.push_back(times[row]), topic.push_back(topics[row]);
    }
    const NpsResult result = nps_of(*TableBuilder()
                                         .int64("customer", customer)
                                         .int64("score", score)
                                         .timestamps("time", time, "UTC")
                                         .strings("topic", topic)
                                         .finish(),
                                    options);
    EXPECT_EQ(result.superseded_rows, 1);
    // The first by its bytes: "price" has two responses and "speed" one.
    EXPECT_EQ(texts_of(result.drivers, "topic"), (std::vector<std::string>{"price", "speed"}));
    EXPECT_EQ(values_of<int64_t>(result.drivers, "mentions"), (std::vector<int64_t>{2, 1}));
  }
}

TEST(Nps, FailsWithTheCodeOfWhatIsWrong) {
  const std::vector<int64_t> scores{9, 8};
  const std::vector<uint64_t> ids{1, ~uint64_t{0}};  // beyond int64
  const std::vector<int64_t> times{0, INT64_MAX};
  ColumnView time = view_of("time", Type::kTimestamp, times);
  time.type.zone = "UTC";
  const std::vector<int64_t> earlier{0, 1};
  ColumnView good_time = view_of("good time", Type::kTimestamp, earlier);
  good_time.type.zone = "UTC";
  const Table table =
      table_of({int64_view("score", scores), view_of("id", Type::kUint64, ids), time, good_time});
  NpsOptions options = named();
  options.refuse_bad_rows = false;
  const auto expect = [&](Code code, const char* message) {
    const Status status = refused(table, options);
    EXPECT_EQ(status.code(), code) << message;
    EXPECT_EQ(status.row(), 1) << message;
    EXPECT_EQ(status.message(), message);
  };
  options.group = "id";
  expect(Code::kOverflow, "column \"id\", row 1: group above 2^63 - 1");
  options.group.reset();
  options.kind = "id";
  expect(Code::kOverflow, "column \"id\", row 1: kind above 2^63 - 1");
  options.kind.reset();
  options.customer = "id";
  options.time = "good time";
  expect(Code::kOverflow, "column \"id\", row 1: customer id above 2^63 - 1");
  options.customer.reset();
  options.time = "time";
  expect(Code::kTime, "column \"time\", row 1: time outside the years 0001 to 9999");
}

TEST(Nps, ShowsATextThatIsNoTime) {
  const std::vector<std::string> times = {"2026-01-01", "13/01/2026"};
  const Table table = *TableBuilder().int64("score", {9, 8}).strings("when", times).finish();
  NpsOptions options = named();
  options.time = "when";
  EXPECT_EQ(nps_of(table, options).refused_rows, 1);
  options.refuse_bad_rows = false;
  EXPECT_EQ(refused(table, options).message(),
            "column \"when\", row 1: time is no ISO 8601 date or time: \"13/01/2026\"");
  const std::vector<std::string> never = {"soon"};
  options.refuse_bad_rows = true;
  EXPECT_EQ(refused(*TableBuilder().int64("score", {9}).strings("when", never).finish(), options)
                .message(),
            "all 1 rows were refused, row 0 first: time is no ISO 8601 date or time: \"soon\"");
}

TEST(Nps, SaysWhyNothingIsLeft) {
  EXPECT_EQ(refused(*TableBuilder().int64("score", {}).finish(), named()).code(), Code::kEmpty);
  const Status all = refused(*TableBuilder().int64("score", {11, 12}).finish(), named());
  EXPECT_EQ(all.code(), Code::kEmpty);
  EXPECT_EQ(all.row(), 0);
  EXPECT_EQ(all.message(), "all 2 rows were refused, row 0 first: score outside the scale");
}

Table kinds() {
  return *TableBuilder()
              .int64("score", {10, 9, 2, 3, 9})
              .strings("survey",
                       std::vector<std::string>{"transactional", "relational", "transactional",
                                                "transactional", "relational"})
              .int64("team", {1, 1, 1, 2, 2})
              .finish();
}

TEST(Nps, NeverMixesKinds) {
  NpsOptions options = named();
  options.kind = "survey", options.group = "team";
  const NpsResult result = nps_of(kinds(), options);
  ASSERT_EQ(result.overall.size(), 2U);
  EXPECT_EQ(result.overall[0].kind, "relational");
  EXPECT_EQ(result.overall[0].estimate.score, 100);
  EXPECT_NEAR(result.overall[1].estimate.score, -100.0 / 3, 1e-12);
  EXPECT_EQ(
      texts_of(result.table, "kind"),
      (std::vector<std::string>{"relational", "relational", "transactional", "transactional"}));
  EXPECT_EQ(values_of<int64_t>(result.table, "group"), (std::vector<int64_t>{1, 2, 1, 2}));
  options.only = "relational";
  const NpsResult one = nps_of(kinds(), options);
  EXPECT_EQ(one.overall.size(), 1U);
  EXPECT_EQ(one.other_rows, 3);
  options.only = "relation";
  EXPECT_EQ(refused(kinds(), options).message(),
            "no response is of the kind \"relation\"; 5 are of others");
}

TEST(Nps, CountsOnlyTheKindsOfResponsesThatCount) {
  std::vector<int64_t> scores, times, surveys;
  for (int64_t i = 0; i < 200; i++) {
    scores.push_back(i % 100 < 64 ? 9 : 11);
    times.push_back(i % 100 < 2 ? 1000 : 0);
    surveys.push_back(i % 100 * 1'000'003);
  }
  ColumnView time = view_of("when", Type::kTimestamp, times);
  time.type.unit = TimeUnit::kMicro;
  const std::vector<ColumnView> views{int64_view("score", scores), int64_view("survey", surveys),
                                      time};
  NpsOptions options = named();
  options.kind = "survey";
  EXPECT_EQ(nps_of(table_of(views), options).overall.size(), 64U);
  options.time = "when", options.window = Period{0, 10};
  EXPECT_EQ(nps_of(table_of(views), options).overall.size(), 2U);
  scores.assign(200, 9);
  EXPECT_EQ(nps_of(table_of(views), options).overall.size(), 2U);
  options.window = std::nullopt, options.customer = "survey";
  EXPECT_EQ(refused(table_of(views), options).code(), Code::kLimit);
}

TEST(Nps, UsesThePopulationOfOneScore) {
  NpsOptions options = named();
  options.population = 10;
  const NpsResult census = nps_of(simple(), options);
  EXPECT_EQ(census.overall[0].estimate.low, census.overall[0].estimate.score);
  EXPECT_EQ(values_of<double>(census.table, "high")[0], census.overall[0].estimate.score);
  options.population = 9;
  EXPECT_EQ(refused(simple(), options).code(), Code::kArgument);
  options.population = 100;
  options.kind = "survey";
  EXPECT_NE(refused(kinds(), options).message().find("2 kinds"), std::string::npos);
  options.kind.reset();
  options.group = "team";
  EXPECT_NE(refused(simple(), options).message().find("not of a group"), std::string::npos);
}

TEST(Nps, CountsTheLastResponseOfEachCustomerInTheWindow) {
  const Table table = *TableBuilder()
                           .int64("score", {2, 9, 10, 0, 9})
                           .strings("customer", std::vector<std::string>{"u", "u", "v", "w", "v"})
                           .dates("day", {20454, 20460, 20455, 20400, 20499})
                           .finish();
  NpsOptions options = named();
  options.customer = "customer", options.time = "day";
  options.as_of = 20470 * kMicrosPerDay;
  options.window = Period{0, 30 * kMicrosPerDay};
  const NpsResult result = nps_of(table, options);
  EXPECT_EQ(result.overall[0].estimate.count, 2);  // u: 9, v: 10
  EXPECT_EQ(result.overall[0].estimate.score, 100);
  EXPECT_EQ(result.waiting_rows, 1);
  EXPECT_EQ(result.old_rows, 1);
  EXPECT_EQ(result.superseded_rows, 1);
  EXPECT_EQ(result.as_of, 20470 * kMicrosPerDay);
  options.as_of = 20000 * kMicrosPerDay;
  EXPECT_EQ(refused(table, options).message(),
            "no response lies in the window: 5 are after as_of and 0 before it begins");
}

TEST(Nps, TellsWhatEachTopicDoesToTheScore) {
  // Everybody: two promoters and two detractors of five, so 0.
  const std::vector<std::optional<std::string>> topics{"slow", "slow", "price", std::nullopt,
                                                       "price"};
  const Table table =
      *TableBuilder().int64("score", {0, 3, 9, 10, 8}).strings("topic", topics).finish();
  NpsOptions options = named();
  options.topics = {"topic"};
  const NpsResult result = nps_of(table, options);
  EXPECT_EQ(texts_of(result.drivers, "topic"), (std::vector<std::string>{"price", "slow"}));
  EXPECT_EQ(values_of<int64_t>(result.drivers, "mentions"), (std::vector<int64_t>{2, 2}));
  // price: with it 50, without it (10; 0, 3) -100/3; slow: -100 and 200/3.
  EXPECT_NEAR(values_of<double>(result.drivers, "score_with")[0], 50, 1e-12);
  EXPECT_NEAR(values_of<double>(result.drivers, "score_without")[0], -100.0 / 3, 1e-12);
  EXPECT_NEAR(values_of<double>(result.drivers, "effect")[0], 0 + 100.0 / 3, 1e-12);
  EXPECT_NEAR(values_of<double>(result.drivers, "effect")[1], 0 - 200.0 / 3, 1e-12);
  // The interval is that of the difference, times the share of two in five.
  Counts with, without;
  with.of[0] = 2;
  without.of[10] = 2, without.of[8] = 1;
  const Change change = *nps_difference(with, without, {});
  EXPECT_NEAR(values_of<double>(result.drivers, "low")[1], 0.4 * change.low, 1e-12);
  EXPECT_NEAR(values_of<double>(result.drivers, "high")[1], 0.4 * change.high, 1e-12);
}

TEST(Nps, ResponsesOfGroupsBeyondInt64HaveNoPartInTopics) {
  constexpr uint64_t kBeyond = uint64_t{1} << 63;
  const std::vector<int64_t> scores{10, 0, 9, 3, 0}, surveys{1, 1, 1, 2, 1}, topics{7, 8, 7, 7, 9};
  const std::vector<uint64_t> teams{1, 2, kBeyond, kBeyond, 2};
  NpsOptions options = named();
  options.kind = "survey", options.group = "team", options.topics = {"topic"};
  const NpsResult result =
      nps_of(table_of({int64_view("score", scores), view_of("team", Type::kUint64, teams),
                       int64_view("survey", surveys), int64_view("topic", topics)}),
             options);
  EXPECT_EQ(result.refused_rows, 2);
  EXPECT_EQ(texts_of(result.drivers, "kind"), (std::vector<std::string>{"1", "1", "1"}));
  EXPECT_EQ(texts_of(result.drivers, "topic"), (std::vector<std::string>{"7", "8", "9"}));
  EXPECT_EQ(values_of<int64_t>(result.drivers, "mentions"), (std::vector<int64_t>{1, 1, 1}));
}

TEST(Nps, TakesFlagsAsTopicsNamedByTheirColumn) {
  const std::vector<int64_t> scores{0, 3, 9, 10, 8};
  const std::vector<uint8_t> late{0b00011}, all{0b11111};
  ColumnView flag = view_of("late", Type::kBool, late),
             everybody = view_of("all", Type::kBool, all);
  flag.chunk.length = everybody.chunk.length = 5;
  const Table table = table_of({int64_view("score", scores), flag, everybody});
  NpsOptions options = named();
  options.topics = {"late", "all"};
  const NpsResult result = nps_of(table, options);
  EXPECT_EQ(texts_of(result.drivers, "topic"), (std::vector<std::string>{"late", "all"}));
  EXPECT_NEAR(values_of<double>(result.drivers, "effect")[0], -200.0 / 3, 1e-12);
  const Chunk& effect = result.drivers.chunks(*result.drivers.require("effect"))[0];
  EXPECT_TRUE(effect.valid(0));
  EXPECT_FALSE(effect.valid(1));  // without anybody there is no score
}

TEST(Nps, TheEffectOfATopicIsTheScoreLessTheScoreWithoutIt) {
  std::mt19937_64 random(9);
  for (const Question question : {Question::kNps, Question::kCsat, Question::kCes}) {
    std::vector<int64_t> scores, topics;
    for (int i = 0; i < 500; i++) {
      scores.push_back(static_cast<int64_t>(1 + random() % 7));
      topics.push_back(static_cast<int64_t>(random() % 20));
    }
    NpsOptions options = named();
    options.method.question = question;
    options.method.scale = {1, 7, 2};
    options.topics = {"topic"};
    const Table table = table_of({int64_view("score", scores), int64_view("topic", topics)});
    const NpsResult result = nps_of(table, options);
    ASSERT_EQ(result.drivers.rows(), 20);
    for (size_t i = 0; i < 20; i++) {
      EXPECT_NEAR(
          values_of<double>(result.drivers, "effect")[i],
          result.overall[0].estimate.score - values_of<double>(result.drivers, "score_without")[i],
          1e-10);
    }
  }
}

TEST(Nps, CountsSatisfactionAndEffortOnTheirScales) {
  const Table table = *TableBuilder().int64("score", {1, 5, 4, 4, 2, 6}).finish();
  NpsOptions options = named();
  options.method.question = Question::kCsat;
  const NpsResult csat = nps_of(table, options);
  EXPECT_EQ(csat.overall[0].estimate.score, 60);
  EXPECT_EQ(csat.refused_rows, 1);
  EXPECT_EQ(values_of<int64_t>(csat.table, "satisfied"), std::vector<int64_t>{3});
  options.method.question = Question::kCes;
  options.method.scale = {1, 7, 1};
  const NpsResult ces = nps_of(table, options);
  EXPECT_NEAR(ces.overall[0].estimate.score, 22.0 / 6, 1e-12);
  EXPECT_EQ(ces.table.find("satisfied"), -1);
}

/// A table with everything in it, its rows in this order.
Table everything(const std::vector<size_t>& order) {
  std::mt19937_64 random(77);
  std::vector<int64_t> score, team, kind, customer, time, topic;
  for (size_t i = 0; i < order.size(); i++) {
    score.push_back(static_cast<int64_t>(random() % 12));
    team.push_back(static_cast<int64_t>(random() % 500) * 7919);
    kind.push_back(static_cast<int64_t>(random() % 3));
    customer.push_back(static_cast<int64_t>(random() % (order.size() / 3)));
    time.push_back(static_cast<int64_t>(random() % 100) * kMicrosPerDay);
    topic.push_back(static_cast<int64_t>(random() % 7));
  }
  const auto ordered = [&](const std::vector<int64_t>& values) {
    std::vector<int64_t> out;
    for (const size_t i : order) out.push_back(values[i]);
    return out;
  };
  return *TableBuilder()
              .int64("score", ordered(score))
              .int64("team", ordered(team))
              .int64("kind", ordered(kind))
              .int64("customer", ordered(customer))
              .timestamps("time", ordered(time), "UTC")
              .int64("topic", ordered(topic))
              .finish();
}

TEST(Nps, IsTheSameBytesOnAnyNumberOfThreadsAndInAnyOrderOfRows) {
  std::vector<size_t> order(100'000);
  std::iota(order.begin(), order.end(), size_t{0});
  std::string expected;
  std::mt19937_64 random(5);
  for (int round = 0; round < 3; round++) {
    const Table table = everything(order);
    for (const bool last : {false, true}) {
      NpsOptions options = named();
      options.group = "team", options.kind = "kind";
      options.topics = {"topic"};
      if (last) options.customer = "customer", options.time = "time";
      std::string bytes;
      for (const int threads : {1, 2, 7}) {
        options.threads = threads;
        const NpsResult result = nps_of(table, options);
        const std::string found = bytes_of(result.table) + bytes_of(result.drivers) +
                                  std::to_string(result.refused_rows) + "/" +
                                  std::to_string(result.superseded_rows);
        if (bytes.empty()) bytes = found;
        ASSERT_EQ(found, bytes) << threads;
      }
      if (round == 0) expected += bytes;
      ASSERT_NE(expected.find(bytes), std::string::npos) << "rows in another order";
    }
    std::shuffle(order.begin(), order.end(), random);
  }
}

TEST(Nps, CanBeStoppedAndTellsItsProgress) {
  std::vector<int64_t> scores(2'000'000, 9);
  const Table table = table_of({int64_view("score", scores)});
  NpsOptions options = named();
  CancelToken token;
  token.cancel();
  options.control.cancel = &token;
  EXPECT_EQ(refused(table, options).code(), Code::kCancelled);
  options.control.cancel = nullptr;
  double last = 0;
  options.control.progress = [&](double share) {
    EXPECT_GE(share, last);
    last = share;
    return 0;
  };
  nps_of(table, options);
  EXPECT_EQ(last, 1);
  options.control.progress = [](double) { return 42; };
  const Status stopped = refused(table, options);
  EXPECT_EQ(stopped.code(), Code::kCallback);
  EXPECT_NE(stopped.message().find("42"), std::string::npos);
}

TEST(Nps, IsTheSameBytesWithThreadsOfTheCaller) {
  std::vector<int64_t> scores, teams;
  for (int64_t i = 0; i < 500'000; i++) scores.push_back(i % 11), teams.push_back(i * i % 997);
  const Table table = table_of({int64_view("score", scores), int64_view("team", teams)});
  NpsOptions options = named();
  options.group = "team";
  const std::string one = bytes_of(nps_of(table, options).table);
  options.threads = 4;
  EXPECT_EQ(bytes_of(nps_of(table, options).table), one);
}

TEST(Nps, RefusesOptionsThatSayNothing) {
  const Table table = kinds();
  const auto message = [&](auto change, Code code = Code::kArgument) {
    NpsOptions options = named();
    change(options);
    const Status status = refused(table, options);
    EXPECT_EQ(status.code(), code) << status.message();
    return status.message();
  };
  EXPECT_EQ(message([](NpsOptions& o) { o.score = ""; }), "name the score column");
  EXPECT_NE(message([](NpsOptions& o) { o.threads = -1; }).find("threads is -1"),
            std::string::npos);
  EXPECT_NE(message([](NpsOptions& o) { o.only = "x"; }).find("kind column"), std::string::npos);
  EXPECT_NE(message([](NpsOptions& o) { o.customer = "team"; }).find("customer needs"),
            std::string::npos);
  EXPECT_NE(message([](NpsOptions& o) {
              o.window = Period{1, 0};
            }).find("window needs"),
            std::string::npos);
  EXPECT_NE(message([](NpsOptions& o) { o.as_of = 5; }).find("as_of needs"), std::string::npos);
  EXPECT_NE(message([](NpsOptions& o) { o.time = "team", o.window = Period(); }).find("no length"),
            std::string::npos);
  message([](NpsOptions& o) { o.time = "team", o.as_of = INT64_MAX; }, Code::kTime);
  message([](NpsOptions& o) { o.timezone = "Nowhere/Land"; }, Code::kZone);
  message([](NpsOptions& o) { o.method.confidence = 95; });
  EXPECT_NE(message([](NpsOptions& o) { o.score = "scores"; }, Code::kColumn).find("score"),
            std::string::npos);
  message([](NpsOptions& o) { o.group = "x"; }, Code::kColumn);
  message([](NpsOptions& o) { o.kind = "x"; }, Code::kColumn);
  message([](NpsOptions& o) { o.topics = {"x"}; }, Code::kColumn);
  message([](NpsOptions& o) { o.time = "x"; }, Code::kColumn);
  message([](NpsOptions& o) { o.time = "team"; }, Code::kType);
  message([](NpsOptions& o) { o.score = "survey"; }, Code::kType);
}

TEST(Nps, RefusesCustomersThatAreNoIds) {
  const Table table =
      *TableBuilder().int64("score", {9}).doubles("customer", {1.5}).dates("day", {20000}).finish();
  NpsOptions options = named();
  options.customer = "customer", options.time = "day";
  EXPECT_EQ(refused(table, options).code(), Code::kType);
  options.customer = "id";
  EXPECT_EQ(refused(table, options).code(), Code::kColumn);
}

}  // namespace
}  // namespace patron::test
