#include "lib/models/orders/row_grouper.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "lib/models/rfm/aggregate.h"
#include "tests/models/rfm/crafted_ids.h"

namespace patron::internal {
namespace {

constexpr int64_t kMany = 1 << 18;  // rows between two questions

TEST(RowPause, AsksOnceSoManyRowsWentBy) {
  int asked = 0;
  const Control control{nullptr, [&](double) { return asked++, 0; }};
  Watch watch(control);
  RowPause pause{Pause{&watch, 0}};
  EXPECT_FALSE(pause.stop_after(kMany - 1));
  EXPECT_EQ(asked, 0);
  EXPECT_FALSE(pause.stop_after(1));
  EXPECT_EQ(asked, 1);
  EXPECT_FALSE(pause.stop_after(kMany - 1));  // counted anew
  EXPECT_EQ(asked, 1);
  EXPECT_FALSE(pause.stop_after(1));
  EXPECT_EQ(asked, 2);
  EXPECT_FALSE(pause.stop_after(3 * kMany));
  EXPECT_EQ(asked, 3);
}

TEST(RowPause, OnceToldToStopSaysSo) {
  CancelToken token;
  Control control;
  control.cancel = &token;
  Watch watch(control);
  RowPause pause{Pause{&watch, 0}};
  EXPECT_FALSE(pause.stop_after(kMany));
  token.cancel();
  EXPECT_FALSE(pause.stop_after(0));
  EXPECT_FALSE(pause.stopped());
  EXPECT_TRUE(pause.stop_after(kMany));
  EXPECT_TRUE(pause.stop_after(1));
  EXPECT_TRUE(pause.stopped());
  RowPause other{Pause{}};
  EXPECT_FALSE(other.stopped());
  other.stop_if(false);
  EXPECT_FALSE(other.stopped());
  other.stop_if(true);
  other.stop_if(false);
  EXPECT_TRUE(other.stopped());
}

/// Rows in two runs and what a grouper makes of them.
template <typename Row>
struct Grouped {
  using Key = typename Row::KeyType;
  using Mine = CustomerRowOf<Row>;

  bool group(std::vector<Row> rows, RowPause* pause) {
    const size_t half = rows.size() / 3;
    const std::vector<RowRun<Row>> runs = {{rows.data(), rows.data() + half},
                                           {rows.data() + half, rows.data() + rows.size()}};
    return grouper.each_customer(
        runs, static_cast<int64_t>(rows.size()), &table, pause, &kinds,
        [&](const Customer<Key>& c, std::span<Mine> mine) {
          std::string id;
          if constexpr (Key::kText)
            id = TextKey::text(c.key, c.code);
          else
            id = std::to_string(c.key.value());
          EXPECT_TRUE(found.try_emplace(id, mine.begin(), mine.end()).second) << id;
        });
  }

  RowGrouper<Row, Customer<Key>> grouper{false};
  CustomerTable<Row, Customer<Key>> table;
  RowKinds kinds;
  std::map<std::string, std::vector<Mine>> found;
};

template <typename Id>
void expect_grouped(const std::vector<Id>& ids) {
  using Key = std::conditional_t<std::is_same_v<Id, int64_t>, IntKey, TextKey>;
  using Row = WithMargin<OrderRow<Key>>;
  std::vector<Row> rows;
  std::map<std::string, std::vector<std::tuple<uint64_t, int64_t, uint64_t, int64_t>>> expected;
  int64_t zero = 0, refund = 0;
  for (size_t i = 0; i < ids.size(); i++) {
    Row row{};
    uint32_t code = 0;
    std::string id;
    if constexpr (Key::kText)
      row.key = TextKey::of(ids[i], &code), id = ids[i];
    else
      row.key = IntKey::of(ids[i]), id = std::to_string(ids[i]);
    row.when = When::pack(1000 + i, code);
    row.minor = static_cast<int64_t>(i % 7) - 2;
    row.order = i * i;
    row.margin = -static_cast<int64_t>(i);
    zero += row.minor == 0;
    refund += row.minor < 0;
    expected[id].emplace_back(1000 + i, row.minor, row.order, row.margin);
    rows.push_back(row);
  }
  Grouped<Row> grouped;
  RowPause pause{Pause{}};
  for (int time = 0; time < 2; time++) {  // its memory is used again
    grouped.found.clear();
    grouped.kinds = {};
    ASSERT_TRUE(grouped.group(rows, &pause));
    EXPECT_EQ(grouped.kinds.zero, zero);
    EXPECT_EQ(grouped.kinds.refund, refund);
    EXPECT_EQ(grouped.table.size(), expected.size());
    ASSERT_EQ(grouped.found.size(), expected.size());
    for (const auto& [id, mine] : grouped.found) {
      ASSERT_EQ(mine.size(), expected[id].size()) << id;
      for (size_t i = 0; i < mine.size(); i++)
        EXPECT_EQ(std::tuple(mine[i].time, mine[i].minor, mine[i].order, mine[i].margin),
                  expected[id][i]);
    }
  }
}

TEST(RowGrouper, GivesEveryCustomerHerRowsInInputOrder) {
  std::mt19937_64 random(3);
  std::vector<int64_t> ids;
  std::vector<std::string> texts;
  for (int i = 0; i < 5000; i++) {
    ids.push_back(static_cast<int64_t>(random() % 700) - 350);
    texts.push_back("a customer: " + std::to_string(random() % 1200));  // of 13 to 16 bytes
  }
  expect_grouped(ids);
  expect_grouped(texts);
  expect_grouped(std::vector<int64_t>{});
  expect_grouped(std::vector<int64_t>{7});
}

TEST(RowGrouper, GroupsIdsThatCollideToo) {
  std::vector<int64_t> ids;
  std::vector<std::string> texts;
  for (uint64_t i = 0; i < 3000; i++) {
    ids.push_back(test::colliding_id(i * 7 % 1000));
    texts.push_back(test::colliding_text(i * 7 % 1000));
  }
  expect_grouped(ids);
  expect_grouped(texts);
}

TEST(RowGrouper, NumbersTheOrdersOfACustomerThatAreText) {
  using Row = OrderRow<IntKey>;
  const int64_t count = 150'000;  // more than between two questions
  std::vector<std::string> orders;
  for (int64_t i = 0; i < count; i++)
    orders.push_back("order " + std::to_string(i * 7919 % count / 3));
  orders[5] = "";
  std::vector<Row> rows;
  std::map<std::string, int64_t> sums;
  for (int64_t i = 0; i < count; i++) {
    const std::string& order = orders[static_cast<size_t>(i)];
    rows.push_back({{IntKey::of(1)}, 0, i, TextRef::pack(order)});
    sums[order] += i;
  }
  RowGrouper<Row, Customer<IntKey>> grouper(true);
  CustomerTable<Row, Customer<IntKey>> table;
  RowPause pause{Pause{}};
  RowKinds kinds;
  std::map<uint64_t, int64_t> found;
  ASSERT_TRUE(grouper.each_customer({{rows.data(), rows.data() + rows.size()}}, count, &table,
                                    &pause, &kinds,
                                    [&](const Customer<IntKey>&, std::span<CustomerRow> mine) {
                                      for (const CustomerRow& row : mine)
                                        found[row.order] += row.minor;
                                    }));
  std::vector<int64_t> by_number, by_text;  // numbers go up in the order of the text
  for (const auto& [number, sum] : found) by_number.push_back(sum);
  for (const auto& [text, sum] : sums) by_text.push_back(sum);
  EXPECT_EQ(by_number, by_text);
}

/// Groups so many rows of two customers, and stops at the n-th question; whether it was done.
bool done_when_stopped_at(int n, int* asked) {
  std::vector<PlainRow<IntKey>> rows;
  for (int64_t i = 0; i < 2 * kMany; i++) rows.push_back({IntKey::of(i % 2), 0, 1});
  int calls = 0;
  const Control control{nullptr, [&](double) { return ++calls == n ? 9 : 0; }};
  Watch watch(control);
  RowPause pause{Pause{&watch, 0}};
  Grouped<PlainRow<IntKey>> grouped;
  const bool done = grouped.group(std::move(rows), &pause);
  EXPECT_EQ(pause.stopped(), !done);
  *asked = calls;
  return done;
}

TEST(RowGrouper, StopsInEachOfItsPasses) {
  int asked = 0;
  ASSERT_TRUE(done_when_stopped_at(0, &asked));
  // Runs of a third and two thirds of 2^19 rows, twice, then 2^18 rows of each customer.
  ASSERT_EQ(asked, 4);
  for (int n = 1; n <= 4; n++) {
    EXPECT_FALSE(done_when_stopped_at(n, &asked)) << n;
    EXPECT_EQ(asked, n) << "it is not asked again";
  }
}

}  // namespace
}  // namespace patron::internal
