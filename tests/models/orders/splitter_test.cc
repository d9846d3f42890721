#include "lib/models/orders/splitter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/models/rfm/measure.h"
#include "tests/models/rfm/random_log.h"

namespace patron::internal {
namespace {

using Keys = std::vector<uint64_t>;

Keys spread_keys(size_t n, uint64_t low, uint64_t step, uint64_t seed = 1) {
  std::mt19937_64 random(seed);
  Keys keys;
  for (size_t i = 0; i < n; i++) keys.push_back(low + random() % 1'000'000 * step);
  return keys;
}

Splitter ordered(const Keys& keys, int log2_partitions) {
  std::vector<SampledId> sample;
  for (const uint64_t key : keys) sample.push_back({key, key});
  return Splitter::ordered(std::move(sample), log2_partitions);
}

/// The partition of a sort key, or of a hash.
uint32_t place_of(const Splitter& splitter, uint64_t key) {
  const Splitter::Place place(splitter);
  return splitter.is_ordered() ? place.of_sort_key(key) : place.of_hash(key);
}

/// How many of the keys each partition gets.
std::vector<int64_t> shares(const Splitter& splitter, const Keys& keys) {
  std::vector<int64_t> counts(static_cast<size_t>(splitter.partitions()), 0);
  for (const uint64_t key : keys) counts.at(place_of(splitter, key))++;
  return counts;
}

void expect_ascending(const Splitter& splitter, Keys keys) {
  std::sort(keys.begin(), keys.end());
  uint32_t before = 0;
  for (const uint64_t key : keys) {
    const uint32_t now = place_of(splitter, key);
    ASSERT_GE(now, before) << key;
    ASSERT_LT(now, static_cast<uint32_t>(splitter.partitions()));
    before = now;
  }
}

TEST(Splitter, PartitionsFollowTheOrderOfKeysAndGetEqualShares) {
  for (const uint64_t step : {uint64_t{1}, uint64_t{1} << 40, uint64_t{18'000'000'000'000}}) {
    const Splitter splitter = ordered(spread_keys(16'000, 12'345, step), 6);
    ASSERT_TRUE(splitter.is_ordered());
    const Keys keys = spread_keys(64'000, 12'345, step, 2);
    expect_ascending(splitter, keys);
    for (const int64_t share : shares(splitter, keys)) {
      EXPECT_GT(share, 500) << step;
      EXPECT_LT(share, 2000) << step;
    }
  }
}

TEST(Splitter, AFewOutliersDoNotStretchTheRange) {
  Keys sample = spread_keys(16'000, uint64_t{1} << 63, 1);
  for (int i = 0; i < 20; i++) sample.insert(sample.end(), {0, ~uint64_t{0}});
  const Splitter splitter = ordered(sample, 5);
  ASSERT_TRUE(splitter.is_ordered());
  expect_ascending(splitter, sample);
  for (const int64_t share : shares(splitter, spread_keys(32'000, uint64_t{1} << 63, 1, 2)))
    EXPECT_LT(share, 2000);
}

TEST(Splitter, KeysOutsideTheSampleGoToTheEnds) {
  const Splitter splitter = ordered(spread_keys(16'000, 1'000'000'000, 1000), 5);
  EXPECT_EQ(place_of(splitter, 0), 0u);
  EXPECT_EQ(place_of(splitter, ~uint64_t{0}), 31u);
}

TEST(Splitter, KeysInTwoFarClustersGoByHash) {
  Keys sample = spread_keys(8000, 0, 1);
  const Keys other = spread_keys(8000, ~uint64_t{0} - 2'000'000, 1);
  sample.insert(sample.end(), other.begin(), other.end());
  const Splitter splitter = ordered(sample, 5);
  EXPECT_FALSE(splitter.is_ordered());
  std::sort(sample.begin(), sample.end());
  sample.erase(std::unique(sample.begin(), sample.end()), sample.end());
  for (uint64_t& key : sample) key = fold_product(key, 0x9e3779b97f4a7c15u);
  for (const int64_t share : shares(splitter, sample)) {
    EXPECT_GT(share, 250);
    EXPECT_LT(share, 1000);
  }
}

TEST(Splitter, KeysBelowTheRangeComeBeforeManyAtItsBegin) {
  // So many of the sample lie in the first of the 2^13 ranges that the next begins the second
  // partition; keys below them all must not go there.
  Keys keys = spread_keys(13'000, 0, 1000);
  for (uint64_t i = 0; i < 3000; i++) keys.push_back(1000 + i);
  keys.insert(keys.end(), {1, 2, 3});
  const Splitter splitter = ordered(keys, 3);
  ASSERT_TRUE(splitter.is_ordered());
  keys.push_back(0);
  expect_ascending(splitter, keys);
}

TEST(Splitter, OnePartitionTakesEverything) {
  for (const Splitter& splitter : {Splitter::hashed(0), ordered({}, 0), ordered({5, 9}, 0)}) {
    EXPECT_EQ(splitter.partitions(), 1);
    EXPECT_EQ(place_of(splitter, 0), 0u);
    EXPECT_EQ(place_of(splitter, ~uint64_t{0}), 0u);
  }
}

TEST(Splitter, ACustomerWithHalfOfTheRowsLeavesTheOthersInOrder) {
  Keys sample = spread_keys(8000, 0, 1000);
  sample.insert(sample.end(), 8000, 500'000'123);
  const Splitter splitter = ordered(sample, 6);
  ASSERT_TRUE(splitter.is_ordered());
  expect_ascending(splitter, sample);
}

TEST(Splitter, ASampleOfOneKeyIsAnsweredForEveryKey) {
  const Splitter splitter = ordered(Keys(1000, 77), 3);
  for (const uint64_t key : {uint64_t{0}, uint64_t{77}, ~uint64_t{0}})
    EXPECT_LT(place_of(splitter, key), 8u);
}

test::OrderLog log_of(const std::vector<std::string>& ids) {
  test::OrderLog log;
  log.options.customer = "customer", log.options.time = "time", log.options.amount = "amount";
  log.text_ids = true;
  for (const std::string& id : ids) log.lines.push_back({id, 0, 1, int64_t{0}, false, {}});
  return log;
}

/// The splitter of a log and the partition of each of its rows.
struct Placed {
  explicit Placed(const test::OrderLog& log)
      : table(to_table(log)),
        source(*RowSource::open(table, order_columns(log.options), TimeZone())) {
    const std::vector<Batch> batches = cut_batches(table, 0, 1000);
    splitter = Splitter::choose(source, batches, 4);
    if (source.text_customers)
      find<TextKey>(batches);
    else
      find<IntKey>(batches);
  }
  template <typename Key>
  void find(const std::vector<Batch>& batches) {
    PlaceFinder<Key> finder(source, splitter);
    for (const Batch& batch : batches) {
      for (const Segment& s : batch.segments) {
        uint16_t found[1000];
        finder.find(s.chunk, s.begin, s.rows, found);
        places.insert(places.end(), found, found + s.rows);
      }
    }
  }

  Table table;
  RowSource source;
  Splitter splitter = Splitter::hashed(0);
  std::vector<uint16_t> places;
};

/// That texts in ascending order are in ascending partitions, all of them used.
void expect_text_order(std::vector<std::string> ids) {
  std::sort(ids.begin(), ids.end());
  const Placed placed(log_of(ids));
  ASSERT_TRUE(placed.splitter.is_ordered());
  EXPECT_TRUE(std::is_sorted(placed.places.begin(), placed.places.end()));
  EXPECT_EQ(placed.places.front(), 0);
  EXPECT_EQ(placed.places.back(), 15);
}

TEST(SampledRows, AreOneOfEverySoManyAtNoRegularDistance) {
  const SampledRows sampled(4096 * 1000);  // one of 256
  std::vector<int> residues(256, 0);
  for (int64_t i = 0; i < 16'000; i++) {
    ASSERT_EQ(sampled[i] / 256, i);
    residues[static_cast<size_t>(sampled[i] % 256)]++;
  }
  EXPECT_GT(*std::min_element(residues.begin(), residues.end()), 30);  // of 62.5
  EXPECT_EQ(SampledRows(5)[3], 3);
  // From 2048 rows up to 16,384, one of 256 between.
  EXPECT_EQ(SampledRows(2048 * 256)[2000] / 256, 2000);
  EXPECT_EQ(SampledRows(2048 * 16)[2000] / 16, 2000);
  EXPECT_EQ(SampledRows(16'384 * 1000)[16'000] / 1000, 16'000);
}

TEST(Splitter, ACustomerOfEveryOtherRowDoesNotHideTheOthers) {
  test::OrderLog log = log_of({});
  log.text_ids = false;
  std::mt19937_64 random(9);
  for (int64_t i = 0; i < 100'000; i++) {
    const int64_t id = i % 2 == 0 ? 500'000 : static_cast<int64_t>(random() % 1'000'000);
    log.lines.push_back({id, 0, 1, int64_t{0}, false, {}});
  }
  const Placed placed(log);
  std::vector<int> shares(16, 0);
  for (size_t i = 1; i < placed.places.size(); i += 2) shares.at(placed.places[i])++;
  EXPECT_LT(*std::max_element(shares.begin(), shares.end()), 15'000);
}

TEST(Splitter, PartitionsFollowTheOrderOfText) {
  std::mt19937_64 random(4);
  for (const std::string prefix : {"", "c", "customer", "customer-", "customer-of-2023-",
                                   "a prefix of more than sixteen bytes: "}) {
    std::vector<std::string> ids;
    ids.reserve(20'000);
    for (int i = 0; i < 20'000; i++) ids.push_back(prefix + std::to_string(random()));
    expect_text_order(ids);
    // Some that are shorter, or begin with something else.
    for (const char* odd : {"", "\xff", "a", "b", "customer", "customer-o", "customer.", "zz",
                            "customer-of-2023-\xff\xff\xff\xff\xff\xff\xff\xff"})
      ids.emplace_back(odd);
    expect_text_order(ids);
  }
}

/// The sort key by its definition: the eight bytes behind the prefix; of text that does not begin
/// with it less than all of these, or more.
uint64_t sort_key_of(const std::string& text, const std::string& prefix) {
  if (!text.starts_with(prefix)) return text < prefix ? 0 : ~uint64_t{0};
  uint64_t key = 0;
  for (size_t i = prefix.size(); i < prefix.size() + 8; i++)
    key = key << 8 | (i < text.size() ? static_cast<uint8_t>(text[i]) : 0);
  return key;
}

TEST(Splitter, TheSortKeyOfTextIsWhatStandsBehindThePrefix) {
  std::mt19937_64 random(11);
  for (size_t size = 0; size <= 20; size++) {
    for (int round = 0; round < 6; round++) {
      std::string prefix;
      for (size_t i = 0; i < size; i++) prefix += round == 0 ? 'a' : "abcz"[random() % 2];
      if (round == 1 && size > 0) prefix[size - 1] = 'b';
      if (round == 2) prefix.assign(size, 'z');
      if (round == 3) prefix.assign(size, '\xff');
      if (round == 4 && size > 0) prefix = std::string(size - 1, '\0') + 'b';
      std::vector<std::string> ids;
      for (int i = 0; i < 290 + 3 * round; i++)
        ids.push_back(prefix + (i % 2 == 0 ? "k" : "m") + "........");
      const Placed placed(log_of(ids));
      ASSERT_EQ(placed.splitter.skipped_bytes(), size);
      for (int i = 0; i < 2000; i++) {
        // Much like the prefix: the same with some letters changed, and more or less of it.
        std::string text = prefix + std::string(12, 'a');
        for (int changes = static_cast<int>(random() % 3); changes > 0; changes--)
          text[random() % text.size()] = std::string_view("ab\0z\xff", 5)[random() % 5];
        if (i % 3 == 0) std::rotate(text.begin(), text.begin() + 1, text.end());
        text.resize(text.size() - random() % (i % 2 == 0 ? text.size() : 4));
        ASSERT_EQ(placed.splitter.sort_key(text), sort_key_of(text, prefix))
            << text << " of " << prefix;
      }
    }
  }
}

TEST(EightBytes, AreInTheOrderOfBytesWithZerosBehindTheEnd) {
  EXPECT_EQ(eight_bytes("abcdefghijk", 0), 0x6162636465666768u);
  EXPECT_EQ(eight_bytes("abcdefghijk", 2), 0x636465666768696au);
  EXPECT_EQ(eight_bytes("abcdefghijk", 3), 0x6465666768696a6bu);
  EXPECT_EQ(eight_bytes("abcdefghijk", 4), 0x65666768696a6b00u);
  EXPECT_EQ(eight_bytes("abcdefghijk", 10), 0x6b00000000000000u);
  EXPECT_EQ(eight_bytes("abcdefghijk", 11), 0u);
  EXPECT_EQ(eight_bytes("abcdefghijk", 12), 0u);
}

TEST(Splitter, TextThatSharesFarMoreThanEightBytesInEveryClusterGoesByHash) {
  std::vector<std::string> ids;
  for (int i = 0; i < 20'000; i++)
    ids.push_back((i % 2 == 0 ? "left-of-the-road-" : "right-of-the-road-") + std::to_string(i));
  const Placed placed(log_of(ids));
  EXPECT_FALSE(placed.splitter.is_ordered());
  std::vector<int> shares(16, 0);
  for (const uint16_t place : placed.places) shares.at(place)++;
  EXPECT_GT(*std::min_element(shares.begin(), shares.end()), 600);
}

TEST(PlaceFinder, SendsRowsWithoutAReadableCustomerBehindTheLastPartition) {
  for (const bool text : {false, true}) {
    test::OrderLog log = log_of({});
    log.text_ids = text;
    for (int64_t i = 0; i < 500; i++) {
      test::OrderLine line{i, 0, 1, int64_t{0}, false, {}};
      if (text) line.customer = std::to_string(i);
      if (i % 7 == 0) line.defect = Refusal::kNullCustomer;
      log.lines.push_back(line);
    }
    const Placed placed(log);
    for (size_t i = 0; i < 500; i++) EXPECT_EQ(placed.places[i] == 16, i % 7 == 0) << i;
  }
}

template <typename Key>
void expect_places_of_the_rows_asked_for(const Placed& placed) {
  // Both ways of choosing, rows with bad cells among them and without.
  for (const Splitter& splitter : {placed.splitter, Splitter::hashed(4)}) {
    PlaceFinder<Key> finder(placed.source, splitter);
    uint16_t found[12];
    for (const auto& [begin, n] : {std::pair<int64_t, int64_t>{0, 9}, {1, 6}, {0, 8}}) {
      std::fill_n(found, 12, uint16_t{999});
      finder.find(0, begin, n, found);
      for (int64_t i = 0; i < 12; i++) EXPECT_EQ(found[i] == 999, i >= n) << i;
      for (int64_t i = 0; i < n; i++) EXPECT_EQ(found[i] == 16, (begin + i) % 4 == 0) << i;
    }
  }
}

TEST(PlaceFinder, TouchesNoPlaceBehindTheRows) {
  for (const bool text : {false, true}) {
    test::OrderLog log = log_of({});
    log.text_ids = text;
    for (int64_t i = 0; i < 500; i++) {
      test::OrderLine line{i * 1000, 0, 1, int64_t{0}, false, {}};
      if (text) line.customer = std::to_string(i * 7919);
      if (i % 4 == 0) line.defect = Refusal::kNullCustomer;
      log.lines.push_back(line);
    }
    const Placed placed(log);
    ASSERT_TRUE(placed.splitter.is_ordered());
    if (text)
      expect_places_of_the_rows_asked_for<TextKey>(placed);
    else
      expect_places_of_the_rows_asked_for<IntKey>(placed);
  }
}

}  // namespace
}  // namespace patron::internal
