#include "lib/models/rfm/emit.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace patron::internal {
namespace {

constexpr Micros kMonday = 1'767'571'200'000'000;  // 2026-01-05T00:00:00Z

template <typename Key>
Customer<Key> bought(Key key, uint64_t first_day, uint64_t last_day, int64_t money,
                     uint32_t frequency) {
  Customer<Key> c;
  c.key = key;
  c.code = 0;
  c.first = first_day * kMicrosPerDay;
  c.last = last_day * kMicrosPerDay + 5;
  c.money = money;
  c.orders = 7;
  c.order_days = 4;
  c.frequency = frequency;
  return c;
}

/// A partition of these customers, in two runs.
template <typename Key>
KeptCustomers<Customer<Key>> kept(const std::vector<Customer<Key>>& customers) {
  const std::span<const Customer<Key>> all(customers);
  KeptCustomers<Customer<Key>> result;
  result.count = all.size();
  result.runs = {all.first(all.size() / 2), all.subspan(all.size() / 2)};
  return result;
}

class Emit : public testing::Test {
 protected:
  Emit() : clock_(TimeZone(), kMonday, kMonday + 30 * kMicrosPerDay) {
    rules_.clock = &clock_;
    rules_.origin = kMonday;
  }
  template <typename Key>
  CustomerColumns emitted(const Customers<Key>& customers) {
    const Control control;
    Watch watch(control);
    Result<CustomerColumns> columns = emit(customers, rules_, 20458 + 10, 2, &watch);
    EXPECT_TRUE(columns.ok());
    return *std::move(columns);
  }
  static std::vector<int64_t> values(const Buffer& buffer, int64_t n) {
    return {buffer.as<int64_t>(), buffer.as<int64_t>() + n};
  }

  DayClock clock_;
  MeasureRules rules_;
};

TEST_F(Emit, OrderedPartitionsComeOneAfterTheOther) {
  const std::vector<Customer<IntKey>> low = {bought(IntKey::of(-3), 0, 1, 250, 4),
                                             bought(IntKey::of(2), 2, 9, -50, 0)};
  const std::vector<Customer<IntKey>> high = {bought(IntKey::of(40), 3, 10, 7, 1)};
  Customers<IntKey> customers;
  customers.by_partition = {kept(low), {}, kept(high)};
  customers.count = 3;
  const CustomerColumns columns = emitted(customers);
  EXPECT_EQ(columns.customers, 3);
  EXPECT_FALSE(columns.text);
  EXPECT_EQ(values(columns.ids, 3), (std::vector<int64_t>{-3, 2, 40}));
  EXPECT_EQ(
      values(columns.first_order, 3),
      (std::vector<int64_t>{kMonday, kMonday + 2 * kMicrosPerDay, kMonday + 3 * kMicrosPerDay}));
  EXPECT_EQ(values(columns.recency_days, 3), (std::vector<int64_t>{9, 1, 0}));
  EXPECT_EQ(values(columns.monetary_minor, 3), (std::vector<int64_t>{250, -50, 7}));
  EXPECT_EQ(values(columns.frequency, 3), (std::vector<int64_t>{4, 0, 1}));
  EXPECT_EQ(columns.prospects, 0);
  EXPECT_EQ(columns.without_frequency, 1);
  EXPECT_EQ(columns.bought.size(), 0u);
}

TEST_F(Emit, WhoNeverBoughtHasNoBitAndNoTimes) {
  std::vector<Customer<IntKey>> all;
  for (int64_t i = 0; i < 70; i++) {
    all.push_back(bought(IntKey::of(i), 0, 1, 1, 1));
    if (i % 9 != 0) continue;
    all.back() = Customer<IntKey>();
    all.back().key = IntKey::of(i);
  }
  Customers<IntKey> customers;
  customers.by_partition = {kept(all)};
  customers.count = 70;
  const CustomerColumns columns = emitted(customers);
  EXPECT_EQ(columns.prospects, 8);
  EXPECT_EQ(columns.without_frequency, 8);
  for (size_t i = 0; i < 70; i++) {
    EXPECT_EQ(columns.bought.data()[i / 8] >> (i % 8) & 1, i % 9 != 0) << i;
    if (i % 9 != 0) continue;
    for (const Buffer* days : {&columns.recency_days, &columns.first_order, &columns.last_order})
      EXPECT_EQ(days->as<int64_t>()[i], 0) << i;
  }
  EXPECT_EQ(columns.bought.size(), 16u);  // whole words of 64 bits
  EXPECT_EQ(columns.bought.as<uint64_t>()[1] >> (70 - 64), 0u);
}

/// Customers with these ids.
std::vector<Customer<TextKey>> named(std::span<const std::string> texts) {
  std::vector<Customer<TextKey>> all;
  for (const std::string& text : texts) {
    uint32_t code;
    all.push_back(bought(TextKey::of(text, &code), 0, 1, 1, 1));
    all.back().code = static_cast<uint8_t>(code);
  }
  return all;
}

TEST_F(Emit, TextIdsOfOrderedPartitionsComeOneAfterTheOther) {
  const std::string texts[] = {"", "a", "a rather long customer id", "b"};
  const std::vector<Customer<TextKey>> low = named(std::span(texts).first(3)),
                                       high = named(std::span(texts).last(1));
  Customers<TextKey> customers;
  customers.by_partition = {kept(low), {}, kept(high)};
  customers.count = 4;
  const CustomerColumns columns = emitted(customers);
  const int32_t* offsets = columns.ids.as<int32_t>();
  EXPECT_EQ(std::vector<int32_t>(offsets, offsets + 5), (std::vector<int32_t>{0, 0, 1, 26, 27}));
  EXPECT_EQ(std::string(columns.id_bytes.as<char>(), 27), "aa rather long customer idb");
  EXPECT_EQ(columns.ids.size(), 5 * sizeof(int32_t));
  EXPECT_EQ(columns.id_bytes.size(), 27u);
}

TEST_F(Emit, OffsetsOfVeryMuchTextHave64Bits) {
  const std::string texts[] = {"ab", "a rather long customer id"};
  const std::vector<Customer<TextKey>> all = named(texts);
  IdColumn column;
  column.large_text = true;
  column.ids = Buffer(4 * sizeof(int64_t));
  std::fill_n(column.ids.as<int64_t>(), 4, int64_t{-1});
  column.id_bytes = Buffer(40);
  EmitPart part;
  part.id_begin = 7;
  write_id(&part, 0, all[0], &column);
  write_id(&part, 1, all[1], &column);
  EXPECT_EQ(values(column.ids, 4), (std::vector<int64_t>{-1, 9, 34, -1}));
  EXPECT_EQ(std::string(column.id_bytes.as<char>() + 7, 27), "aba rather long customer id");
}

TEST_F(Emit, TextIdsComeInTheOrderGiven) {
  const std::string texts[] = {"b", "a rather long customer id", ""};
  const std::vector<Customer<TextKey>> all = named(texts);
  Customers<TextKey> customers;
  customers.by_partition = {kept(all)};
  customers.in_order = {&all[2], &all[1], &all[0]};
  customers.count = 3;
  const CustomerColumns columns = emitted(customers);
  EXPECT_TRUE(columns.text);
  EXPECT_FALSE(columns.large_text);
  const int32_t* offsets = columns.ids.as<int32_t>();
  EXPECT_EQ(std::vector<int32_t>(offsets, offsets + 4), (std::vector<int32_t>{0, 0, 25, 26}));
  EXPECT_EQ(std::string(columns.id_bytes.as<char>(), 26), "a rather long customer idb");
}

}  // namespace
}  // namespace patron::internal
