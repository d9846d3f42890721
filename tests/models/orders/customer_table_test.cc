#include "lib/models/orders/customer_table.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <vector>

#include "lib/models/rfm/aggregate.h"
#include "tests/models/rfm/crafted_ids.h"

namespace patron::internal {
namespace {

using Row = PlainRow<IntKey>;
using GroupedTable = CustomerTable<Row, Customer<IntKey>>;

Row row_of(int64_t id) { return {IntKey::of(id), When::pack(0, 0), 1}; }

/// 1 + the index of a row's customer, who is added where she is new; 0 where the table gave up.
uint32_t index_of(GroupedTable* customers, GroupedTable::Lookup* table, const Row& row) {
  uint64_t at;
  const uint32_t index = table->find(row, &at);
  return index != 0 ? index : customers->insert(row, at, table);
}

TEST(CustomerTable, KnowsEveryCustomerAgainHoweverManyThereAre) {
  GroupedTable customers;
  EXPECT_EQ(customers.size(), 0u);
  EXPECT_TRUE(customers.customers().empty());
  std::mt19937_64 random(1);
  for (const int count : {0, 1, 40, 5000, 300}) {  // smaller after larger: memory is used again
    customers.start(2 * count, 3);
    EXPECT_EQ(customers.size(), 0u);
    GroupedTable::Lookup table = customers.lookup();
    std::map<int64_t, uint32_t> expected;
    for (int i = 0; i < 4 * count; i++) {
      const auto id = static_cast<int64_t>(random() % static_cast<uint64_t>(count)) * 7919 - 500;
      const auto next = static_cast<uint32_t>(expected.size() + 1);
      const uint32_t index = index_of(&customers, &table, row_of(id));
      ASSERT_EQ(index, expected.try_emplace(id, next).first->second);
      uint64_t* const state = table.state + (index - 1) * 3;
      if (index == next) {
        EXPECT_EQ(state[0] | state[1] | state[2], 0u);
        EXPECT_EQ(customers.customers()[index - 1], Measures());
      }
      for (size_t word = 0; word < 3; word++) state[word] = static_cast<uint64_t>(id) + word;
      table.customers[index - 1].money = id;
    }
    EXPECT_FALSE(table.gave_up());
    ASSERT_EQ(customers.size(), expected.size());
    for (const auto& [id, index] : expected) {
      const Customer<IntKey>& customer = customers.customers()[index - 1];
      EXPECT_EQ(customer.key.value(), id);
      EXPECT_EQ(customer.money, id);
      for (size_t word = 0; word < 3; word++)
        EXPECT_EQ(customers.state(index - 1)[word], static_cast<uint64_t>(id) + word);
    }
  }
}

TEST(CustomerTable, HasTextOfOneKeyAndTwoLengthsTwice) {
  using TextRow = PlainRow<TextKey>;
  CustomerTable<TextRow, Customer<TextKey>> customers;
  customers.start(10, 0);
  auto table = customers.lookup();
  uint32_t number = 0;
  const std::vector<std::string> texts = {"ab", std::string("ab\0", 3), "more than sixteen bytes"};
  for (const std::string& text : texts) {
    uint32_t code;
    TextRow row{TextKey::of(text, &code), 0, 1};
    row.when = When::pack(77, code);
    uint64_t at;
    EXPECT_EQ(table.find(row, &at), 0u);
    EXPECT_EQ(customers.insert(row, at, &table), ++number);
    row.when = When::pack(78, code);
    EXPECT_EQ(table.find(row, &at), number);
    const Customer<TextKey>& customer = customers.customers()[number - 1];
    EXPECT_EQ(TextKey::text(customer.key, customer.code), text);
  }
}

TEST(CustomerTable, NeedsFewProbesForIdsThatNobodyCrafted) {
  GroupedTable customers;
  customers.start(30'000, 0);
  GroupedTable::Lookup table = customers.lookup();
  for (int64_t id = 0; id < 10'000; id++) index_of(&customers, &table, row_of(id));
  for (int64_t id = 0; id < 10'000; id++) index_of(&customers, &table, row_of(id));
  EXPECT_FALSE(table.gave_up());
  EXPECT_LT(table.probes, 30'000);
}

// Customers of one slot: the n-th takes n - 1 probes, 64 of them 2016; when the 33rd comes the
// table of 64 slots is half full and they all move, which takes 528.
constexpr int64_t kOfOneSlot = 64, kProbes = 2016 + 528;

TEST(CustomerTable, GivesUpBehindSixteenProbesARowAnd1024) {
  GroupedTable customers;
  customers.start((kProbes - 1024) / 16, 0);
  GroupedTable::Lookup table = customers.lookup();
  for (uint64_t n = 0; n < kOfOneSlot; n++)
    ASSERT_EQ(index_of(&customers, &table, row_of(test::colliding_id(n))), n + 1);
  EXPECT_EQ(table.probes, kProbes);
  EXPECT_FALSE(table.gave_up());
  uint64_t at;
  EXPECT_EQ(table.find(row_of(test::colliding_id(0)), &at), 1u);  // no probe
  EXPECT_EQ(table.find(row_of(test::colliding_id(1)), &at), 0u);  // one
  EXPECT_TRUE(table.gave_up());
  EXPECT_EQ(customers.insert(row_of(test::colliding_id(1)), at, &table), 0u);
}

TEST(CustomerTable, GivesUpWhileItGrows) {
  for (const int64_t rows : {2, 1}) {  // 1056 probes are allowed, or 1040
    GroupedTable customers;
    customers.start(rows, 0);
    GroupedTable::Lookup table = customers.lookup();
    for (uint64_t n = 0; n < 32; n++)
      ASSERT_EQ(index_of(&customers, &table, row_of(test::colliding_id(n))), n + 1);
    EXPECT_EQ(index_of(&customers, &table, row_of(test::colliding_id(32))), rows == 2 ? 33u : 0u);
    EXPECT_EQ(table.gave_up(), rows == 1);
  }
}

TEST(CustomerTable, CountsTheProbesOfAnEarlierPartOfTheRows) {
  GroupedTable customers;
  customers.start(0, 0);
  EXPECT_FALSE(customers.lookup(1024).gave_up());
  EXPECT_TRUE(customers.lookup(1025).gave_up());
  EXPECT_EQ(customers.lookup().probes, 0);
}

}  // namespace
}  // namespace patron::internal
