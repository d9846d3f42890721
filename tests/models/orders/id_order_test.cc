#include "lib/models/orders/id_order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "lib/models/rfm/aggregate.h"

namespace patron::internal {
namespace {

template <typename Key>
void sort_unwatched(std::vector<const Customer<Key>*>* customers) {
  const Control control;
  Watch watch(control);
  ASSERT_TRUE(sort_by_id(customers, &watch).ok());
}

std::vector<int64_t> sorted_ints(const std::vector<int64_t>& ids) {
  std::vector<Customer<IntKey>> customers(ids.size());
  std::vector<const Customer<IntKey>*> order;
  for (size_t i = 0; i < ids.size(); i++) {
    customers[i].key = IntKey::of(ids[i]);
    order.push_back(&customers[i]);
  }
  sort_unwatched(&order);
  std::vector<int64_t> result;
  result.reserve(order.size());
  for (const auto* customer : order) result.push_back(customer->key.value());
  return result;
}

std::vector<std::string> sorted_texts(const std::vector<std::string>& ids) {
  std::vector<Customer<TextKey>> customers(ids.size());
  std::vector<const Customer<TextKey>*> order;
  for (size_t i = 0; i < ids.size(); i++) {
    uint32_t code;
    customers[i].key = TextKey::of(ids[i], &code);
    customers[i].code = static_cast<uint8_t>(code);
    order.push_back(&customers[i]);
  }
  sort_unwatched(&order);
  std::vector<std::string> result;
  result.reserve(order.size());
  for (const auto* customer : order)
    result.emplace_back(TextKey::text(customer->key, customer->code));
  return result;
}

TEST(IdOrder, IntegersComeByValue) {
  std::mt19937_64 random(1);
  std::vector<int64_t> ids = {
      0,   -1,  1, std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max(),
      256, -256};
  for (int i = 0; i < 500; i++) ids.push_back(static_cast<int64_t>(random()) >> (i % 64));
  std::vector<int64_t> expected = ids;
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(sorted_ints(ids), expected);
}

TEST(IdOrder, TextComesByItsBytes) {
  std::mt19937_64 random(2);
  for (const std::string prefix : {"", "c", "customer", "customer-0000000000000"}) {
    std::vector<std::string> ids = {prefix, prefix + std::string(1, '\0'),
                                    prefix + std::string(2, '\0'), prefix + "\xff"};
    for (int i = 0; i < 500; i++) {
      std::string id = prefix;
      for (size_t length = random() % 25; length > 0; length--)
        id += static_cast<char>(random() % 3 == 0 ? random() : random() % 2);
      ids.push_back(id);
    }
    std::vector<std::string> expected = ids;
    std::sort(expected.begin(), expected.end());
    EXPECT_EQ(sorted_texts(ids), expected);
  }
}

TEST(IdOrder, TextThatDiffersOnlyFarBehindIsComparedWhole) {
  const std::string same(40, 'x');
  EXPECT_EQ(sorted_texts({same + "b", same + "a", "x", same}),
            (std::vector<std::string>{"x", same, same + "a", same + "b"}));
}

TEST(IdOrder, LongRunsThatAreEqualSoFarAreSortedByWhatFollows) {
  // Thousands share eight bytes, and of these thousands sixteen; one id keeps all from sharing
  // more.
  std::vector<std::string> ids = {"x"};
  for (int i = 0; i < 2000; i++) {
    ids.push_back("customer" + std::to_string(i * 7919 % 2000));
    ids.push_back("customer-number-" + std::to_string(i * 7919 % 2000));
    ids.push_back("customer-number-" + std::string(static_cast<size_t>(i), '\0'));
  }
  std::vector<std::string> expected = ids;
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(sorted_texts(ids), expected);
}

TEST(IdOrder, ACancelledSortSaysSo) {
  std::vector<Customer<IntKey>> customers(1000);
  std::vector<const Customer<IntKey>*> order;
  for (size_t i = 0; i < customers.size(); i++) {
    customers[i].key = IntKey::of(static_cast<int64_t>(i * 7919 % 1000));
    order.push_back(&customers[i]);
  }
  CancelToken token;
  token.cancel();
  Control control;
  control.cancel = &token;
  Watch watch(control);
  EXPECT_EQ(sort_by_id(&order, &watch).code(), Code::kCancelled);
}

TEST(IdOrder, ManySmallRunsAreSortedInManyParts) {
  // Eight bytes leave runs of 200 ids, each of which is sorted by itself.
  std::vector<Customer<TextKey>> customers(100'000);
  std::vector<const Customer<TextKey>*> order;
  for (size_t i = 0; i < customers.size(); i++) {
    std::string id = std::to_string(10'000'000 + i / 200 * 7919) + std::to_string(i % 200);
    id[0] = static_cast<char>('a' + i % 2);
    uint32_t code;
    customers[i].key = TextKey::of(id, &code);
    customers[i].code = static_cast<uint8_t>(code);
    order.push_back(&customers[i]);
  }
  int asked = 0;
  const Control control{nullptr, [&](double share) { return asked += share >= 1, 0; }};
  Watch watch(control);
  ASSERT_TRUE(sort_by_id(&order, &watch).ok());
  // Two for each of the 13 passes over the ids: to begin with, over the prefix, over the next eight
  // bytes, to count these, to sort by each of them, and at the end. Between them one behind every
  // 82 runs of 200, which are 16,384 ids or more.
  EXPECT_EQ(asked, 2 * 13 + 500 / 82);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end(), [](const auto* a, const auto* b) {
    return TextKey::text(a->key, a->code) < TextKey::text(b->key, b->code);
  }));
}

/// The ids of a partition of customers with these texts, sorted.
std::vector<std::string> sorted_partition(const std::vector<std::string>& ids) {
  std::vector<Customer<TextKey>> customers(ids.size());
  for (size_t i = 0; i < ids.size(); i++) {
    uint32_t code;
    customers[i].key = TextKey::of(ids[i], &code);
    customers[i].code = static_cast<uint8_t>(code);
  }
  const Splitter splitter = Splitter::hashed(0);
  IdSorter<Customer<TextKey>> sorter(splitter, Pause());
  std::vector<std::string> result;
  for (const IdEntry<Customer<TextKey>>& entry : sorter.sort(customers))
    result.emplace_back(TextKey::text(entry.customer->key, entry.customer->code));
  return result;
}

std::vector<int64_t> sorted_partition(const std::vector<int64_t>& ids) {
  std::vector<Customer<IntKey>> customers(ids.size());
  for (size_t i = 0; i < ids.size(); i++) customers[i].key = IntKey::of(ids[i]);
  const Splitter splitter = Splitter::hashed(0);
  IdSorter<Customer<IntKey>> sorter(splitter, Pause());
  std::vector<int64_t> result;
  for (const IdEntry<Customer<IntKey>>& entry : sorter.sort(customers))
    result.push_back(entry.customer->key.value());
  return result;
}

template <typename Id>
void expect_sorted_partition(const std::vector<Id>& ids) {
  std::vector<Id> expected = ids;
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(sorted_partition(ids), expected);
}

TEST(IdSorter, SortsIdsThatAreSpreadEvenly) {
  std::mt19937_64 random(6);
  std::vector<int64_t> ids;
  std::vector<std::string> texts;
  for (int i = 0; i < 3000; i++) {
    ids.push_back(static_cast<int64_t>(random()));
    texts.push_back(std::to_string(random()));
  }
  expect_sorted_partition(ids);
  expect_sorted_partition(texts);
}

TEST(IdSorter, SortsIdsInClusters) {
  std::vector<int64_t> ids = {std::numeric_limits<int64_t>::min(),
                              std::numeric_limits<int64_t>::max()};
  std::vector<std::string> texts = {"", "\xff", std::string("1234567\0", 8), "1234567"};
  for (int i = 0; i < 3000; i++) {
    ids.push_back(i * 7919 % 3001);
    texts.push_back("12345678" + std::to_string(i * 7919 % 3001));  // eight bytes tell nothing
  }
  expect_sorted_partition(ids);
  expect_sorted_partition(texts);
}

TEST(IdSorter, SortsNothingAndOneAndSome) {
  for (const size_t n : {0u, 1u, 2u, 31u}) {
    std::vector<int64_t> ids;
    for (size_t i = 0; i < n; i++) ids.push_back(static_cast<int64_t>(i * 77 % 32) - 5);
    expect_sorted_partition(ids);
  }
  expect_sorted_partition(std::vector<std::string>{"b", std::string("a\0", 2), "a"});
}

TEST(IdOrder, IntegersOfAnyNumberOfBytesComeByValue) {
  for (const int bytes : {1, 2, 3, 4, 5, 6, 7}) {  // an even number of passes and an odd one
    std::vector<int64_t> ids;
    for (int64_t i = 0; i < 256; i++) {
      int64_t id = 0;
      for (int byte = 0; byte < bytes; byte++) id |= ((i * 77 + 13 * byte) % 256) << (8 * byte);
      ids.push_back(id);
    }
    std::vector<int64_t> expected = ids;
    std::sort(expected.begin(), expected.end());
    EXPECT_EQ(sorted_ints(ids), expected) << bytes;
  }
}

TEST(IdOrder, ManyTextsOfTwoFirstLettersShareNoPrefix) {
  std::vector<std::string> ids;
  for (int i = 0; i < 1000; i++)
    ids.push_back((i % 2 == 0 ? "a0" : "b0") + std::to_string(100'000 + i * 7919 % 100'000));
  std::vector<std::string> expected = ids;
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(sorted_texts(ids), expected);
}

TEST(IdOrder, TwoAreSortedToo) {
  EXPECT_EQ(sorted_ints({2, 1}), (std::vector<int64_t>{1, 2}));
  EXPECT_EQ(sorted_texts({"b", "a"}), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(sorted_partition(std::vector<int64_t>{2, 1}), (std::vector<int64_t>{1, 2}));
  EXPECT_EQ(sorted_partition(std::vector<int64_t>{3, 2, 1}), (std::vector<int64_t>{1, 2, 3}));
}

TEST(IdOrder, NothingAndOneAreInOrder) {
  EXPECT_EQ(sorted_texts({}), std::vector<std::string>());
  EXPECT_EQ(sorted_texts({"only"}), std::vector<std::string>{"only"});
  EXPECT_EQ(sorted_ints({7}), std::vector<int64_t>{7});
}

}  // namespace
}  // namespace patron::internal
