#include "lib/metrics/event_source.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/metrics/metric_world.h"

namespace patron::internal {
namespace {

class Source : public ::testing::Test {
 protected:
  void SetUp() override {
    world.add(kOrders, {10, 500, 20, 0.5, "toys", 0b101});
    world.add(kOrders, {20, -300, {}, {}, "", {}});
    world.add(kOrders, {30, 0, {}, {}, "", {}});
    world.add(kOrders, {40, 700, {}, {}, "", {}});
  }
  EventSource open(StreamRules rules) {
    reader.emplace(world.reader(kOrders));
    return {schema, *reader, rules};
  }
  MetricWorld world;
  const Schema schema = MetricWorld::schema();
  std::optional<LogReader> reader;
};

TEST_F(Source, ReadsWhatIsThereUntilNow) {
  EventSource source = open({});
  const std::vector<EventRef> events = source.read(world.row(1), 30);
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[0].time(), 10);
  EXPECT_EQ(events[2].place, 2u);
  EXPECT_TRUE(source.read(world.row(1), 9).empty());
  EXPECT_TRUE(source.read(kNoCustomer, 30).empty());
}

TEST_F(Source, CellsAreOfTheirKind) {
  EventSource source = open({});
  const std::vector<EventRef> events = source.read(world.row(1), 30);
  EXPECT_EQ(source.cell(events[0], kTimeColumn).integer, 10);
  EXPECT_EQ(source.cell(events[0], source.column("amount")).integer, 500);
  EXPECT_EQ(source.cell(events[0], source.column("quantity")).number, 0.5);
  EXPECT_EQ(source.cell(events[0], source.column("category")).text, "toys");
  EXPECT_EQ(source.cell(events[0], source.column("words")).integer, 0b101);
  for (const char* column : {"margin", "quantity", "category", "words"}) {
    EXPECT_FALSE(source.cell(events[1], source.column(column)).known) << column;
  }
  EXPECT_EQ(source.kind(source.column("amount")), Kind::kMoney);
  EXPECT_EQ(source.kind(kTimeColumn), Kind::kTimestamp);
}

TEST_F(Source, ConditionsThatAreUnknownDoNotHold) {
  EventSource source = open({});
  const std::vector<EventRef> events = source.read(world.row(1), 40);
  const std::optional<Expression> toys = MetricWorld::where("category == 'toys'");
  const std::optional<Expression> others = MetricWorld::where("category != 'toys'");
  EXPECT_TRUE(source.holds(toys, events[0]));
  EXPECT_FALSE(source.holds(others, events[0]));
  EXPECT_FALSE(source.holds(toys, events[1]));
  EXPECT_FALSE(source.holds(others, events[1]));
  EXPECT_TRUE(source.holds({}, events[1]));
}

TEST_F(Source, SalesAreAboveZeroUnlessZeroCounts) {
  for (const bool zero : {false, true}) {
    StreamRules rules;
    rules.refunds = true;
    rules.count_zero_amounts = zero;
    EventSource source = open(rules);
    std::vector<bool> sales;
    for (const EventRef& event : source.read(world.row(1), 40))
      sales.push_back(source.is_sale(event));
    EXPECT_EQ(sales, (std::vector<bool>{true, false, zero, true}));
  }
  EventSource visits = open({});
  EXPECT_TRUE(visits.is_sale(visits.read(world.row(1), 40)[1])) << "no refunds elsewhere";
}

// The category stands in for the key of the order, and for that which a refund names.
TEST(RefundSource, StandsAtTheTimeOfItsOrderFromItsOwnTimeOn) {
  MetricWorld world;
  world.add(kOrders, {10, 500, {}, {}, "a", {}});
  world.add(kOrders, {20, 900, {}, {}, "b", {}});
  world.add(kOrders, {30, -300, {}, {}, "a", {}});
  world.add(kOrders, {40, -100, {}, {}, "nobody's", {}});
  world.add(kOrders, {50, -100, {}, {}, "", {}});
  LogReader reader = world.reader(kOrders);
  const Schema schema = MetricWorld::schema();
  StreamRules rules;
  rules.refunds = true;
  rules.key = rules.refund_of = "category";
  EventSource source(schema, reader, rules);
  const auto amounts = [&](Micros now) {
    std::vector<std::pair<Micros, int64_t>> out;
    for (const EventRef& event : source.read(world.row(1), now)) {
      out.emplace_back(event.time(), source.cell(event, source.column("amount")).integer);
      EXPECT_LE(event.time(), event.own_time());
    }
    return out;
  };
  using Seen = std::vector<std::pair<Micros, int64_t>>;
  EXPECT_EQ(amounts(29), (Seen{{10, 500}, {20, 900}}));
  EXPECT_EQ(amounts(50), (Seen{{10, 500}, {10, -300}, {20, 900}, {40, -100}, {50, -100}}));
}

TEST_F(Source, SetsHaveMembers) {
  StreamRules rules;
  rules.open_sets = {"category"};
  world.add(kVisits, {10, 0, {}, {}, "late, friendly,late,,", 0b110});
  reader.emplace(world.reader(kVisits));
  EventSource source(schema, *reader, rules);
  const EventRef event = source.read(world.row(1), 10)[0];
  const int words = source.column("words"), open = source.column("category");
  EXPECT_TRUE(source.of_sets(words) && source.of_sets(open));
  EXPECT_FALSE(source.of_sets(source.column("amount")) || source.of_sets(kTimeColumn));
  EXPECT_EQ(source.members(source.cell(event, words), words),
            (std::vector<std::string>{"kind", "late"}));
  EXPECT_EQ(source.members(source.cell(event, open), open),
            (std::vector<std::string>{"late", "friendly"}));
}

// Whose referrals are whose, by the definition: she refers, or is referred, and the other is
// somebody else.
TEST(Sides, OfAReferralAreTheReferrersAndTheReferreds) {
  BookSpec spec;
  spec.customer = Kind::kInt64;
  spec.streams = {*built_in_stream("referrals", spec)};
  Book book(*BookLayout::make(std::move(spec)));
  const auto refer = [&](int64_t referrer, int64_t referred, Micros time) {
    const BookValue values[] = {referrer, referred, BookValue()};
    BookEvent row;
    row.time = time;
    row.values = values;
    BookReport report;
    ASSERT_TRUE(book.add(0, std::span(&row, 1), {}, &report).ok());
    ASSERT_EQ(report.accepted, 1);
  };
  refer(1, 2, 10);
  refer(2, 3, 20);
  refer(2, 4, 30);
  const auto times = [&](int64_t who, ReferralSide side) {
    LogReader reader(book.state(), 0);
    EventSource source(Schema(), reader, {});
    std::vector<Micros> out;
    for (const EventRef& event : source.read(book.find({who, {}}), 99)) {
      if (source.on_side(event, side)) out.push_back(event.time());
    }
    return out;
  };
  using Times = std::vector<Micros>;
  constexpr ReferralSide kSent = ReferralSide::kReferrer, kCame = ReferralSide::kReferred;
  EXPECT_EQ(times(1, kSent), Times{10});
  EXPECT_EQ(times(1, kCame), Times{});
  EXPECT_EQ(times(2, kSent), (Times{20, 30}));
  EXPECT_EQ(times(2, kCame), Times{10});
  EXPECT_EQ(times(3, kSent), Times{});
  EXPECT_EQ(times(3, kCame), Times{20});
  // One customer with two ids: what one referred to the other is no referral any more.
  ASSERT_TRUE(book.link({2, {}}, {4, {}}, 7).ok());
  EXPECT_EQ(times(4, kSent), Times{20});
  EXPECT_EQ(times(2, kCame), Times{10});
  // Whoever is forgotten was somebody else.
  book.forget({1, {}});
  book.forget({3, {}});
  EXPECT_EQ(times(2, kSent), Times{20});
  EXPECT_EQ(times(2, kCame), Times{10});
}

}  // namespace
}  // namespace patron::internal
