// Verbs of pages by hand; page_metrics_test.cc compares all of them with the plain way.
#include "lib/metrics/page_verbs.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "patron/book.h"

namespace patron::internal {
namespace {

constexpr Micros kDay = kMicrosPerDay;

struct Row {
  int64_t customer;
  Micros time;
  int64_t amount;
  const char* category;
};

// Orders of three customers: the last has none, but an attribute of a stream beside.
class Verbs : public ::testing::Test {
 protected:
  void SetUp() override {
    BookSpec spec;
    spec.customer = Kind::kInt64;
    BookStream orders;
    orders.name = "orders";
    orders.columns.resize(2);
    orders.columns[0].field.name = "amount";
    orders.columns[0].field.kind = Kind::kMoney;
    orders.columns[1].field.name = "category";
    orders.columns[1].field.kind = Kind::kEnum;
    spec.streams.push_back(orders);
    book = std::make_unique<Book>(*BookLayout::make(std::move(spec)));
    for (const Row& row : std::vector<Row>{{1, 0, 100, "toys"},
                                           {1, 3 * kDay, 300, "art"},
                                           {1, 9 * kDay, -150, "art"},
                                           {1, 10 * kDay, 250, "toys"},
                                           {2, 2 * kDay, 999, "books"},
                                           {3, 90 * kDay, 1, "toys"}}) {
      const BookValue cells[] = {row.amount, std::string_view(row.category)};
      const BookEvent event{{row.customer, {}}, row.time, cells};
      BookReport report;
      ASSERT_TRUE(book->add(0, {&event, 1}, {}, &report).ok());
    }
    schema = *Schema::make({orders.columns[0].field, orders.columns[1].field});
    rules.refunds = true;
    stream = std::make_unique<PageStream>(book->state(), LogName{0, false}, schema, rules, zone);
    all = stream->add_selection(false, -1);
    sales = stream->add_selection(true, -1);
    window = stream->add_window({});
    stream->read(0, 12 * kDay, &anchors);
  }
  PageEvents events(int selection) { return {*stream, selection, window}; }
  std::vector<int64_t> integers() const {
    std::vector<int64_t> out;
    for (size_t i = 0; i < 3; ++i) out.push_back(block.known()[i] != 0 ? block.integers()[i] : -1);
    return out;
  }
  std::unique_ptr<Book> book;
  Schema schema;
  StreamRules rules;
  const TimeZone zone;
  const PageAnchors anchors;
  std::unique_ptr<PageStream> stream;
  int all = 0, sales = 0, window = 0;
  ValueBlock block;
};

using Integers = std::vector<int64_t>;

TEST_F(Verbs, CountsAndSums) {
  page_count(events(sales), block);
  EXPECT_EQ(integers(), (Integers{3, 1, 0}));
  block.reset(Shape::kInteger);
  page_sum(events(all), 0, block);
  EXPECT_EQ(integers(), (Integers{500, 999, 0}));
  block.reset(Shape::kInteger);
  page_mean(events(sales), 0, block);
  EXPECT_EQ(integers(), (Integers{217, 999, -1})) << "650 / 3 = 216.67";
  block.reset(Shape::kInteger);
  page_extreme(events(sales), 0, true, block);
  EXPECT_EQ(integers(), (Integers{300, 999, -1}));
}

TEST_F(Verbs, EdgesOfTimeAndText) {
  page_edge(events(sales), kTimeColumn, true, block);
  EXPECT_EQ(integers(), (Integers{10 * kDay, 2 * kDay, -1}));
  block.reset(Shape::kText);
  page_edge(events(sales), 1, false, block);
  EXPECT_EQ(block.at(0).text, "toys");
  EXPECT_EQ(block.at(1).text, "books");
  EXPECT_FALSE(block.at(2).known());
}

TEST_F(Verbs, GapsDaysAndStreaks) {
  page_days_active(events(sales), block);
  EXPECT_EQ(integers(), (Integers{3, 1, 0}));
  block.reset(Shape::kInteger);
  page_gap(events(sales), Verb::kGapMedian, block);
  EXPECT_EQ(integers(), (Integers{5 * kDay, -1, -1})) << "gaps of 3 and 7 days";
  block.reset(Shape::kInteger);
  page_streak(events(sales), CalendarGrid({0, 7 * kDay}, zone), block);
  // 1970-01-13 lies in the third week since the Monday 1969-12-29; the first order in the first.
  EXPECT_EQ(integers(), (Integers{2, 0, 0}));
}

TEST_F(Verbs, TopDistinctAndPath) {
  block.reset(Shape::kText);
  page_top(events(sales), 1, kTimeColumn, 1, block);
  EXPECT_EQ(block.at(0).text, "toys") << "two toys, one art";
  block.reset(Shape::kText);
  page_top(events(all), 1, 0, 1, block);
  EXPECT_EQ(block.at(0).text, "toys") << "350 against 300 - 150";
  block.reset(Shape::kSet);
  page_top(events(all), 1, 0, 2, block);
  EXPECT_EQ(block.at(0).set, (std::vector<std::string>{"toys", "art"}));
  block.reset(Shape::kInteger);
  page_distinct(events(sales), 1, block);
  EXPECT_EQ(integers(), (Integers{2, 1, 0}));
  block.reset(Shape::kText);
  page_path(events(sales), 1, 2, block);
  EXPECT_EQ(block.at(0).text, "art>toys");
}

TEST_F(Verbs, SharesTrendsAndPoints) {
  const Expression toys = *Expression::parse("category == 'toys'", schema);
  const int part = stream->add_selection(false, stream->add_condition(toys));
  block.reset(Shape::kNumber);
  page_share(events(part), events(all), 0, block);
  EXPECT_EQ(block.at(0).cell.number, 350.0 / 500);
  EXPECT_EQ(block.at(1).cell.number, 0);
  EXPECT_FALSE(block.at(2).known());
  block.reset(Shape::kNumber);
  page_trend(events(sales), kTimeColumn, CalendarGrid({0, 4 * kDay}, zone), 3, block);
  // Whole periods of four days since 1970-01-05: days 0-3, 4-7, 8-11 have 2, 0, 1 sales; now is in
  // the fourth. The slope is (1 - 2) / 2, the mean 1.
  EXPECT_EQ(block.at(0).cell.number, -0.5);
  const Expression each = *Expression::parse("double(amount) * 10.0", schema);
  block.reset(Shape::kNumber);
  page_points(events(sales), each, {}, block);
  EXPECT_EQ(block.at(0).cell.number, 65);
  EXPECT_EQ(block.at(2).cell.number, 0);
}

TEST_F(Verbs, SomeColumnsAreLeftToThePlainWay) {
  CellColumn column;
  column.cell = CellType::kText;
  EXPECT_FALSE(page_takes(column, Verb::kTop, false));
  EXPECT_TRUE(page_takes(column, Verb::kLast, false));
  EXPECT_FALSE(page_takes(column, Verb::kLast, true)) << "a text that is a set";
  column.cell = CellType::kCustomer;
  EXPECT_FALSE(page_takes(column, Verb::kDistinct, false));
  column.cell = CellType::kInt;
  EXPECT_FALSE(page_takes(column, Verb::kPath, false));
  EXPECT_TRUE(page_takes(column, Verb::kTop, false));
}

}  // namespace
}  // namespace patron::internal
