// Ids of large tables, beside those of a map that takes them one by one.
#include "lib/book/id_runs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <random>
#include <vector>

namespace patron::internal {
namespace {

constexpr int64_t kLeast = std::numeric_limits<int64_t>::min() + 1;
constexpr int64_t kMost = std::numeric_limits<int64_t>::max();

// Ids in runs of all lengths, as the chunks of a table give them.
class Runs {
 public:
  Runs(const std::vector<int64_t>& ids, uint64_t seed) {
    std::mt19937_64 random(seed);
    for (size_t begin = 0; begin < ids.size();) {
      const size_t count = std::min<size_t>(1 + random() % 700, ids.size() - begin);
      runs_.emplace_back(ids.data() + begin, count);
      begin += count;
    }
    bounds_ = bounds_of(ids);
  }
  IdRuns ids() const { return {runs_, bounds_}; }

 private:
  std::vector<std::span<const int64_t>> runs_;
  IntBounds bounds_;
};

std::vector<int64_t> close_ids(uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<int64_t> ids(20'000);
  for (int64_t& id : ids) id = static_cast<int64_t>(random() % 3000) - 1000;
  return ids;
}

std::vector<int64_t> far_ids(uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<int64_t> ids(20'000);
  for (int64_t& id : ids) id = static_cast<int64_t>(random() % 3000 * 0x9e3779b97f4a7c15U >> 1);
  ids[7] = kLeast;
  ids[8] = kMost;
  return ids;
}

TEST(IdRuns, TheFirstGetRowsInTheOrderOfIdsThreads) {
  for (const std::vector<int64_t>& ids : {close_ids(1), far_ids(2)}) {
    std::map<int64_t, uint32_t> want;
    for (const int64_t id : ids) want[id] = 0;
    uint32_t next = 0;
    for (auto& [id, row] : want) row = next++;
    for (const int threads : {1, 2, 4}) {
      const Runs runs(ids, 3);
      std::vector<uint32_t> rows(ids.size());
      IntIdMap map;
      ASSERT_TRUE(number_first(runs.ids(), rows, threads, map).ok());
      ASSERT_EQ(map.size(), want.size());
      for (size_t i = 0; i < ids.size(); ++i) {
        ASSERT_EQ(rows[i], want[ids[i]]) << threads << " " << i;
        ASSERT_EQ(map.find(ids[i]), rows[i]);
        ASSERT_EQ(map.id(rows[i]), ids[i]);
      }
    }
  }
}

TEST(IdRuns, ThatArriveInOrderKeepIt) {
  std::vector<int64_t> ids;
  for (int64_t i = 0; i < 5000; ++i) ids.push_back(i / 2 * 1'000'000'007);
  std::vector<uint32_t> rows(ids.size());
  IntIdMap map;
  ASSERT_TRUE(number_first(Runs(ids, 1).ids(), rows, 1, map).ok());
  for (size_t i = 0; i < ids.size(); ++i) ASSERT_EQ(rows[i], i / 2);
}

// Some are known, one of them was forgotten; the others come behind them as they arrive.
TEST(IdRuns, ThatAreMissingComeBehindAsTheyArriveThreads) {
  for (const bool far : {false, true}) {
    const std::vector<int64_t> known = far ? far_ids(4) : close_ids(4);
    std::vector<int64_t> ids = far ? far_ids(5) : close_ids(5);
    for (size_t i = 0; i < ids.size(); i += 11) ids[i] += 7;
    const auto begin = [&](IntIdMap& map) {
      for (size_t i = 0; i < 900; ++i) map.find_or_insert(known[i]);
      map.erase(17);
      map.erase(map.find(known[30]));
    };
    IntIdMap plain;
    begin(plain);
    std::vector<uint32_t> want(ids.size());
    for (size_t i = 0; i < ids.size(); ++i) want[i] = plain.find_or_insert(ids[i]);
    for (const int threads : {1, 2, 4}) {
      const Runs runs(ids, 6);
      IntIdMap map;
      begin(map);
      std::vector<uint32_t> rows(ids.size());
      ASSERT_FALSE(find_runs(runs.ids(), rows, threads, map));
      ASSERT_TRUE(add_missing(runs.ids(), rows, map).ok());
      ASSERT_EQ(rows, want) << far << " " << threads;
      ASSERT_TRUE(find_runs(runs.ids(), rows, threads, map));
      ASSERT_EQ(rows, want) << far << " " << threads;
      ASSERT_EQ(map.size(), plain.size());
    }
  }
}

TEST(IdRuns, AMapThatIsFullStaysAsItWas) {
  const std::vector<int64_t> ids = close_ids(8);
  IntIdMap map(2000);
  map.find_or_insert(ids[0]);
  std::vector<uint32_t> rows(ids.size());
  ASSERT_FALSE(find_runs(Runs(ids, 1).ids(), rows, 1, map));
  const Runs runs(ids, 1);
  EXPECT_EQ(add_missing(runs.ids(), rows, map).code(), Code::kLimit);
  EXPECT_EQ(map.size(), 1U);
}

}  // namespace
}  // namespace patron::internal
