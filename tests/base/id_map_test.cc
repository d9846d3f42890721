#include "lib/base/id_map.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

#include "tests/base/fail_alloc.h"

namespace patron::internal {
namespace {

using test::FailAllocation;

std::vector<int64_t> random_ids(std::mt19937_64& random, size_t count, int64_t distinct) {
  std::vector<int64_t> ids(count);
  for (int64_t& id : ids) {
    id = static_cast<int64_t>(random() % static_cast<uint64_t>(distinct));
    if (random() % 4 == 0) id = -id * 0x100000001;
    if (random() % 64 == 0) id = random() % 2 == 0 ? INT64_MIN : INT64_MAX;
  }
  return ids;
}

std::string text_of(int64_t id) {
  const size_t length = static_cast<size_t>(static_cast<uint64_t>(id) % 40);
  return std::to_string(id) + std::string(length, static_cast<char>('a' + length % 26));
}

// resolve(), or what comes to the same: find() and then those that are missing.
template <typename Map, typename Id>
Status resolve(Map& map, const std::vector<Id>& ids, std::vector<uint32_t>& rows, bool in_steps) {
  if (!in_steps) return map.resolve(ids, rows);
  map.find(ids, rows);
  return map.resolve_missing(ids, rows);
}

TEST(IntIdMap, RowsAreGivenInTheOrderOfFirstSight) {
  IntIdMap map;
  EXPECT_EQ(map.find(5), kNoRow);
  EXPECT_EQ(map.find_or_insert(5), 0U);
  EXPECT_EQ(map.find_or_insert(-1), 1U);
  EXPECT_EQ(map.find_or_insert(5), 0U);
  EXPECT_EQ(map.find_or_insert(0), 2U);
  EXPECT_EQ(map.find(-1), 1U);
  EXPECT_EQ(map.find(6), kNoRow);
  EXPECT_EQ(map.size(), 3U);
  EXPECT_EQ(std::vector<int64_t>(map.ids().begin(), map.ids().end()),
            (std::vector<int64_t>{5, -1, 0}));
}

// A plain twin: the standard's map, one id at a time.
TEST(IntIdMap, AgreesWithTheStandardMapOnRandomIds) {
  for (uint64_t seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    const auto distinct = static_cast<int64_t>(1 + random() % 5000);
    IntIdMap map;
    std::unordered_map<int64_t, uint32_t> plain;
    for (int round = 0; round < 4; ++round) {
      const std::vector<int64_t> ids = random_ids(random, random() % 3000, distinct);
      std::vector<uint32_t> rows(ids.size());
      ASSERT_TRUE(resolve(map, ids, rows, seed % 2 == 0).ok());
      for (size_t i = 0; i < ids.size(); ++i) {
        const auto next = static_cast<uint32_t>(plain.size());
        ASSERT_EQ(rows[i], plain.emplace(ids[i], next).first->second) << "id " << ids[i];
      }
      const std::vector<int64_t> asked = random_ids(random, 500, distinct * 2);
      rows.resize(asked.size());
      map.find(asked, rows);
      for (size_t i = 0; i < asked.size(); ++i) {
        const auto found = plain.find(asked[i]);
        ASSERT_EQ(rows[i], found == plain.end() ? kNoRow : found->second) << "id " << asked[i];
        ASSERT_EQ(map.find(asked[i]), rows[i]);
      }
      const auto keep = static_cast<uint32_t>(random() % (map.size() + 1));
      if (round % 2 == 1) {
        map.truncate(keep);
        std::erase_if(plain, [&](const auto& entry) { return entry.second >= keep; });
      }
      ASSERT_EQ(map.size(), plain.size());
    }
  }
}

TEST(StringIdMap, AgreesWithTheStandardMapOnRandomIds) {
  for (uint64_t seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    const auto distinct = static_cast<int64_t>(1 + random() % 3000);
    StringIdMap map;
    std::unordered_map<std::string, uint32_t> plain;
    for (int round = 0; round < 4; ++round) {
      std::vector<std::string> texts;
      for (const int64_t id : random_ids(random, random() % 2000, distinct)) {
        texts.push_back(text_of(id));
      }
      if (random() % 2 == 0) texts.emplace_back();
      const std::vector<std::string_view> ids(texts.begin(), texts.end());
      std::vector<uint32_t> rows(ids.size());
      ASSERT_TRUE(resolve(map, ids, rows, seed % 2 == 0).ok());
      for (size_t i = 0; i < ids.size(); ++i) {
        const auto next = static_cast<uint32_t>(plain.size());
        ASSERT_EQ(rows[i], plain.emplace(texts[i], next).first->second) << "id " << texts[i];
        ASSERT_EQ(map.id(rows[i]), ids[i]);
      }
      map.find(ids, rows);
      for (size_t i = 0; i < ids.size(); ++i) ASSERT_EQ(rows[i], plain.at(texts[i]));
      ASSERT_EQ(map.find("no such id"), kNoRow);
      const auto keep = static_cast<uint32_t>(random() % (map.size() + 1));
      if (round % 2 == 1) {
        map.truncate(keep);
        std::erase_if(plain, [&](const auto& entry) { return entry.second >= keep; });
      }
      ASSERT_EQ(map.size(), plain.size());
    }
  }
}

TEST(StringIdMap, IdsOfEveryLengthAndWithZeroBytesAreToldApart) {
  StringIdMap map;
  std::vector<std::string> ids;
  for (size_t length = 0; length < 70; ++length) {
    for (size_t at = 0; at < std::max<size_t>(length, 1); ++at) {
      std::string id(length, '\0');
      if (length > 0) id[at] = 'x';
      ids.push_back(id);
    }
    if (length > 0) ids.emplace_back(length, '\0');
  }
  for (size_t i = 0; i < ids.size(); ++i) ASSERT_EQ(map.find_or_insert(ids[i]), i);
  for (size_t i = 0; i < ids.size(); ++i) ASSERT_EQ(map.find(ids[i]), i);
}

TEST(StringIdMap, ViewsOfIdsHoldWhileTheMapGrows) {
  StringIdMap map;
  map.find_or_insert("first");
  const std::string_view first = map.id(0);
  for (int i = 0; i < 100000; ++i) map.find_or_insert("customer " + std::to_string(i));
  EXPECT_EQ(first, "first");
  EXPECT_EQ(map.id(0).data(), first.data());
}

TEST(StringIdMap, ALongIdGetsABlockOfItsOwn) {
  StringIdMap map;
  const std::string big(20'000'000, 'z');
  EXPECT_EQ(map.find_or_insert("a"), 0U);
  EXPECT_EQ(map.find_or_insert(big), 1U);
  EXPECT_EQ(map.find_or_insert("b"), 2U);
  EXPECT_EQ(map.id(1), big);
  map.truncate(1);
  EXPECT_EQ(map.find(big), kNoRow);
  EXPECT_EQ(map.find_or_insert("c"), 1U);
  EXPECT_EQ(map.id(0), "a");
}

// Beside resolve(), with and without a larger table that is filled before it is needed.
TEST(IntIdMap, IdsThatAreKnownToBeNewGetTheNextRows) {
  std::mt19937_64 random(7);
  IntIdMap map, want;
  int64_t next = -50;
  for (int step = 0; step < 60; ++step) {
    std::vector<int64_t> ids(random() % 4000);
    for (int64_t& id : ids) id = next += 1 + static_cast<int64_t>(random() % 3);
    std::vector<uint32_t> rows(ids.size());
    ASSERT_TRUE((step % 3 == 0 ? map.resolve(ids, rows) : map.append_new(ids)).ok());
    ASSERT_TRUE(want.resolve(ids, rows).ok());
    ASSERT_EQ(map.size(), want.size());
  }
  for (int64_t id = -60; id <= next; ++id) ASSERT_EQ(map.find(id), want.find(id)) << id;
  IntIdMap small(10);
  EXPECT_TRUE(small.append_new(std::vector<int64_t>{1, 2, 3, 4, 5, 6}).ok());
  EXPECT_EQ(small.append_new(std::vector<int64_t>{7, 8, 9, 10, 11}).code(), Code::kLimit);
  EXPECT_EQ(small.size(), 6U);
  EXPECT_EQ(small.find(7), kNoRow);
}

TEST(IntIdMap, AFullMapRefusesTheBatchAndStaysAsItWas) {
  IntIdMap map(3);
  std::vector<uint32_t> rows(3);
  ASSERT_TRUE(map.resolve(std::vector<int64_t>{10, 20, 10}, rows).ok());
  for (const bool in_steps : {false, true}) {
    const Status status = resolve(map, std::vector<int64_t>{10, 30, 40}, rows, in_steps);
    EXPECT_EQ(status.code(), Code::kLimit);
    EXPECT_NE(status.message().find("more than 3 "), std::string::npos);
    EXPECT_EQ(map.size(), 2U);
  }
  EXPECT_EQ(map.find(30), kNoRow);
  EXPECT_EQ(map.find_or_insert(30), 2U);
  EXPECT_EQ(map.find_or_insert(40), kNoRow);
  EXPECT_EQ(map.find_or_insert(20), 1U);
}

TEST(StringIdMap, AFullMapRefusesTheBatchAndStaysAsItWas) {
  StringIdMap map(2);
  std::vector<uint32_t> rows(3);
  const std::vector<std::string_view> ids{"a", "b", "c"};
  for (const bool in_steps : {false, true}) {
    EXPECT_EQ(resolve(map, ids, rows, in_steps).code(), Code::kLimit);
    EXPECT_EQ(map.size(), 0U);
  }
  EXPECT_EQ(map.find("a"), kNoRow);
  EXPECT_EQ(map.find_or_insert("b"), 0U);
}

// The failing allocation is counted within one batch; `batch` says which.
template <typename Map, typename Id>
void survives_failures_in(const std::vector<std::vector<Id>>& batches, size_t batch,
                          bool in_steps) {
  int failures = 0;
  for (int64_t k = 0;; ++k) {
    Map map;
    std::vector<uint32_t> rows;
    for (size_t i = 0; i < batch; ++i) {
      rows.resize(batches[i].size());
      ASSERT_TRUE(map.resolve(batches[i], rows).ok());
    }
    const uint32_t before = map.size();
    rows.resize(batches[batch].size());
    bool thrown = false;
    {
      const FailAllocation failing(k);
      try {
        (void)resolve(map, batches[batch], rows, in_steps);
      } catch (const std::bad_alloc&) {
        thrown = true;
      }
    }
    if (!thrown) break;
    ++failures;
    ASSERT_EQ(map.size(), before) << "allocation " << k;
    for (size_t i = 0; i < batch; ++i) {
      for (const Id& id : batches[i]) ASSERT_LT(map.find(id), before);
    }
    // Whatever it went through, it goes on like a map that nothing happened to.
    ASSERT_TRUE(map.resolve(batches[batch], rows).ok());
    Map untouched;
    std::vector<uint32_t> expected;
    for (size_t i = 0; i <= batch; ++i) {
      expected.resize(batches[i].size());
      ASSERT_TRUE(untouched.resolve(batches[i], expected).ok());
    }
    ASSERT_EQ(rows, expected);
  }
  EXPECT_GT(failures, 0) << "batch " << batch << " allocates nothing";
}

TEST(IntIdMap, AFailedAllocationLeavesItAsItWas) {
  std::vector<std::vector<int64_t>> batches(3);
  for (int64_t i = 0; i < 900; ++i) batches[static_cast<size_t>(i / 300)].push_back(i * 389 % 700);
  for (size_t batch = 0; batch < batches.size(); ++batch) {
    for (const bool in_steps : {false, true}) {
      survives_failures_in<IntIdMap>(batches, batch, in_steps);
    }
  }
}

TEST(StringIdMap, AFailedAllocationLeavesItAsItWas) {
  std::vector<std::string> texts;
  for (int64_t i = 0; i < 2400; ++i) texts.push_back(text_of(i * 389 % 2399));
  std::vector<std::vector<std::string_view>> batches(3);
  for (size_t i = 0; i < texts.size(); ++i) batches[i * 3 / texts.size()].push_back(texts[i]);
  for (size_t batch = 0; batch < batches.size(); ++batch) {
    for (const bool in_steps : {false, true}) {
      survives_failures_in<StringIdMap>(batches, batch, in_steps);
    }
  }
}

TEST(IntIdMap, ReservedRowsTakeNoFurtherMemory) {
  IntIdMap map;
  map.reserve(1000);
  const size_t memory = map.memory();
  EXPECT_GE(memory, 1000 * (8 + 16));
  const FailAllocation failing(0, true);
  for (int64_t i = 0; i < 1000; ++i) map.find_or_insert(i);
  EXPECT_EQ(map.memory(), memory);
}

// The larger table is half filled when rows go, and when ids are erased.
TEST(IntIdMap, ATableThatIsPreparedFollowsWhatIsTakenBackAndErased) {
  std::mt19937_64 random(3);
  IntIdMap map;
  std::vector<int64_t> ids;
  const auto grow = [&](size_t to) {
    while (ids.size() < to) {
      ids.push_back(static_cast<int64_t>(random()));
      ASSERT_EQ(map.find_or_insert(ids.back()), ids.size() - 1);
    }
  };
  const auto shrink = [&](size_t to) {
    map.truncate(static_cast<uint32_t>(to));
    for (size_t row = to; row < ids.size(); ++row) ASSERT_EQ(map.find(ids[row]), kNoRow);
    ids.resize(to);
  };
  // 2^17 slots: prepared from 65,536 rows on, needed from 81,920 on.
  grow(80'000);
  const size_t prepared = map.memory();
  shrink(30'000);
  EXPECT_LT(map.memory(), prepared);
  grow(70'000);
  shrink(66'000);
  grow(79'000);
  map.erase(5);
  EXPECT_LT(map.memory(), prepared);
  grow(170'000);
  for (size_t row = 0; row < ids.size(); ++row) {
    ASSERT_EQ(map.find(ids[row]), row == 5 ? kNoRow : static_cast<uint32_t>(row));
  }
  EXPECT_LT(map.longest_probe(), 200U);
}

TEST(IntIdMap, AnEmptyMapHoldsNoMemory) {
  EXPECT_EQ(IntIdMap().memory(), 0U);
  EXPECT_EQ(StringIdMap().memory(), 0U);
}

// Ids that agree in what a table of this size would take of them under plain hashes: the identity,
// the upper or lower bits, a multiplication by a published constant. A chain through 2^17 of them
// would take 8e9 steps.
TEST(IntIdMap, IdsCraftedToCollideUnderPlainHashesAreAsFastAsOthers) {
  constexpr int64_t kCount = 1 << 17;
  constexpr uint64_t kInverse = 0xF1DE83E19937733D;  // of 0x9E3779B97F4A7C15 modulo 2^64
  ASSERT_EQ(kInverse * 0x9E3779B97F4A7C15u, 1U);
  const auto crafted = [](int64_t i, int kind) {
    const auto n = static_cast<uint64_t>(i);
    switch (kind) {
      case 0:
        return static_cast<int64_t>(n << 40);
      case 1:
        return static_cast<int64_t>((n << 40) * kInverse);
      case 2:
        return static_cast<int64_t>(n * kInverse);
      default:
        return static_cast<int64_t>(n << 32 | n);
    }
  };
  for (int kind = 0; kind < 4; ++kind) {
    IntIdMap map;
    std::vector<int64_t> ids;
    for (int64_t i = 0; i < kCount; ++i) ids.push_back(crafted(i, kind));
    std::vector<uint32_t> rows(ids.size());
    ASSERT_TRUE(map.resolve(ids, rows).ok());
    EXPECT_EQ(map.size(), kCount);
    EXPECT_LT(map.longest_probe(), 200U) << "kind " << kind;
  }
}

TEST(StringIdMap, IdsCraftedToCollideUnderPlainHashesAreAsFastAsOthers) {
  StringIdMap map;
  // "Aa" and "BB" collide under the multiply-by-31 hash, and so does every mixture of them.
  for (uint32_t n = 0; n < 1U << 16; ++n) {
    std::string id;
    for (uint32_t bit = 0; bit < 16; ++bit) id += (n >> bit & 1) != 0 ? "Aa" : "BB";
    map.find_or_insert(id);
  }
  EXPECT_EQ(map.size(), 1U << 16);
  EXPECT_LT(map.longest_probe(), 200U);
}

// Ids that are erased, come back and go with the newest, against the standard's map.
template <typename Map, typename Id, typename IdOf>
void check_erasing(const IdOf& id_of) {
  std::mt19937_64 random(17);
  for (int round = 0; round < 30; ++round) {
    Map map;
    std::unordered_map<Id, uint32_t> rows;
    std::vector<Id> by_row;
    for (int step = 0; step < 400; ++step) {
      const Id id = id_of(random() % 60);
      const auto known = rows.find(id);
      switch (random() % 4) {
        case 0:
          if (known == rows.end()) break;
          map.erase(known->second);
          ASSERT_TRUE(map.erased(known->second));
          ASSERT_EQ(map.id(known->second), Id());
          rows.erase(known);
          break;
        case 1: {
          const auto kept = map.size() - static_cast<uint32_t>(random() % (map.size() / 8 + 1));
          map.truncate(kept);
          by_row.resize(kept);
          std::erase_if(rows, [&](const auto& entry) { return entry.second >= kept; });
          break;
        }
        default: {
          const uint32_t want = known == rows.end() ? map.size() : known->second;
          ASSERT_EQ(map.find_or_insert(id), want);
          if (known == rows.end()) by_row.push_back(id);
          rows[id] = want;
        }
      }
      for (uint64_t i = 0; i < 60; ++i) {
        const auto found = rows.find(id_of(i));
        ASSERT_EQ(map.find(id_of(i)), found == rows.end() ? kNoRow : found->second);
      }
    }
    for (const auto& [id, row] : rows) ASSERT_EQ(map.id(row), id);
    ASSERT_GE(map.longest_probe(), rows.empty() ? 0U : 1U);
  }
}

TEST(IntIdMap, ErasedIdsAreGoneAndComeBackAsNewRows) {
  check_erasing<IntIdMap, int64_t>([](uint64_t i) { return static_cast<int64_t>(i) - 20; });
}

TEST(StringIdMap, ErasedIdsAreGoneAndComeBackAsNewRows) {
  check_erasing<StringIdMap, std::string>(
      [](uint64_t i) { return text_of(static_cast<int64_t>(i)); });
}

TEST(StringIdMap, TheBytesOfAnErasedIdAreGone) {
  StringIdMap map;
  map.find_or_insert("somebody's name");
  const std::string_view bytes = map.id(0);
  map.erase(0);
  EXPECT_EQ(bytes, std::string_view("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 15));
}

TEST(HashSeed, TwoMapsDoNotShareASeed) {
  const HashSeed a = HashSeed::unpredictable();
  const HashSeed b = HashSeed::unpredictable();
  EXPECT_NE(a.a, b.a);
  EXPECT_NE(hash_id(1, a), hash_id(1, b));
}

// Flipping one bit of the id should flip each bit of the hash half of the time.
TEST(HashId, EveryBitOfTheIdReachesEveryBitOfTheHash) {
  const HashSeed seed{0x243F6A8885A308D3, 0x13198A2E03707345, 0xA4093822299F31D1};  // digits of pi
  std::mt19937_64 random(1);
  std::vector<int> flips(64 * 64, 0);
  constexpr int kTrials = 2000;
  for (int trial = 0; trial < kTrials; ++trial) {
    const auto id = static_cast<int64_t>(random());
    for (int in = 0; in < 64; ++in) {
      const auto other = static_cast<int64_t>(static_cast<uint64_t>(id) ^ uint64_t{1} << in);
      const uint64_t changed = hash_id(id, seed) ^ hash_id(other, seed);
      for (int out = 0; out < 64; ++out)
        flips[static_cast<size_t>(in * 64 + out)] += changed >> out & 1;
    }
  }
  // Six standard deviations of a fair coin: sqrt(2000) / 2 = 22.4.
  for (const int count : flips) EXPECT_NEAR(count, kTrials / 2, 135);
}

// Whatever is there, and however it came.
TEST(IdMap, WhatMoreIdsWillTakeIsKnownBefore) {
  std::mt19937_64 random(3);
  for (int round = 0; round < 40; ++round) {
    IntIdMap ints;
    StringIdMap texts;
    size_t next = 0;
    for (int step = 0; step < 12; ++step) {
      const size_t more = random() % (size_t{1} << random() % 15);
      std::vector<int64_t> numbers;
      std::vector<std::string> names;
      size_t bytes = 0, longest = 0;
      for (size_t i = 0; i < more; ++i, ++next) {
        numbers.push_back(static_cast<int64_t>(next));
        names.push_back(std::to_string(next) + std::string(random() % 40, 'x'));
        bytes += names.back().size(), longest = std::max(longest, names.back().size());
      }
      const size_t want = ints.memory_with(more), wanted = texts.memory_with(more, bytes, longest);
      std::vector<uint32_t> rows(more);
      ASSERT_TRUE(ints.resolve(numbers, rows).ok());
      const std::vector<std::string_view> views(names.begin(), names.end());
      ASSERT_TRUE(texts.resolve(views, rows).ok());
      ASSERT_LE(ints.memory(), want) << "with " << next;
      ASSERT_LE(texts.memory(), wanted) << "with " << next;
      ASSERT_LE(want, 4 * ints.memory() + 1024) << "with " << next;
      ASSERT_LE(wanted, 4 * texts.memory() + 1024) << "with " << next;
    }
  }
}

}  // namespace
}  // namespace patron::internal
