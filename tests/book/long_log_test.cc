#include "lib/book/long_log.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/book/small_rows.h"

namespace patron::book_test {
namespace {

using internal::CellTotals;
using internal::EventRows;
using internal::LogChunk;
using internal::LongLog;

// Of amounts and numbers.
void expect_totals(const LogChunk& chunk) {
  ASSERT_EQ(chunk.totals.size(), 2u);
  for (const size_t k : {0, 1}) {
    const auto* cells = static_cast<const int64_t*>(chunk.rows.column(k == 0 ? 0 : 3));
    int64_t sum = 0;
    uint32_t positive = 0, zero = 0;
    for (size_t i = 0; i < chunk.rows.size(); ++i) {
      sum += cells[i];
      positive += cells[i] > 0 ? 1 : 0;
      zero += cells[i] == 0 ? 1 : 0;
    }
    const CellTotals& totals = chunk.totals[k];
    EXPECT_TRUE(totals.sum == sum);
    EXPECT_EQ(totals.known, chunk.rows.size());
    EXPECT_EQ(totals.positive, positive);
    EXPECT_EQ(totals.zero, zero);
  }
}

std::vector<std::string> lines_of_log(const LongLog& log) {
  std::vector<std::string> all;
  for (const auto& chunk : log.chunks) {
    EXPECT_GT(chunk->rows.size(), 0u);
    EXPECT_LE(chunk->rows.size(), LongLog::kChunk);
    for (const std::string& line : SmallStream::lines(chunk->rows)) all.push_back(line);
    expect_totals(*chunk);
  }
  EXPECT_EQ(all.size(), log.size);
  return all;
}

std::string key_of(int i) { return i % 2 == 0 ? "k" : "a key longer than a cell holds"; }

// Rows in random order, then the same rows sorted.
class LongLogs : public testing::Test {
 protected:
  void fill(int rows, uint64_t seed) {
    RandomFacts random(seed, 1, 1);
    for (int i = 0; i < rows; ++i) {
      small_.add(from_, static_cast<Micros>(random.below(500)),
                 static_cast<int64_t>(random.below(9)), key_of(i) + std::to_string(i));
    }
    std::vector<size_t> rank(from_.size());
    for (size_t i = 0; i < rank.size(); ++i) rank[i] = i;
    std::sort(rank.begin(), rank.end(),
              [&](size_t a, size_t b) { return small_.order().less(from_, a, from_, b); });
    for (const size_t i : rank) want_.push_back(SmallStream::line(from_, i));
  }

  const SmallStream small_;
  EventRows from_ = small_.rows();
  std::vector<std::string> want_;
};

TEST_F(LongLogs, KeepsRandomInsertionsInOrder) {
  fill(6000, 1);
  LongLog log(1);
  for (size_t i = 0; i < from_.size(); ++i) log.insert(from_, i, small_.order(), 1);
  EXPECT_EQ(lines_of_log(log), want_);
  EXPECT_GT(log.chunks.size(), 5u);
}

TEST_F(LongLogs, ChunksStayFullWhenFactsComeInOrder) {
  LongLog log(1);
  EventRows row = small_.rows();
  for (int i = 0; i < 5000; ++i) {
    row.clear();
    small_.add(row, i, 1, "k");
    log.insert(row, 0, small_.order(), 1);
  }
  EXPECT_EQ(log.chunks.size(), 5u);
}

TEST_F(LongLogs, ErasesAndFinds) {
  fill(3000, 2);
  LongLog log(1);
  for (size_t i = 0; i < from_.size(); ++i) log.insert(from_, i, small_.order(), 1);
  RandomFacts random(3, 1, 1);
  while (log.size > 0) {
    const auto time = static_cast<Micros>(random.below(500));
    const LongLog::Place place = log.partition_point(
        [time](const EventRows& rows, size_t row) { return rows.times()[row] < time; });
    const auto before = std::find_if(want_.begin(), want_.end(), [&](const std::string& line) {
      return std::stoll(line) >= time;
    });
    if (before == want_.end()) {
      ASSERT_EQ(place.chunk, log.chunks.size());
      continue;
    }
    ASSERT_EQ(SmallStream::line(log.chunks[place.chunk]->rows, place.row), *before);
    want_.erase(before);
    log.erase(place.chunk, place.row);
    if (log.size % 500 == 0) {
      ASSERT_EQ(lines_of_log(log), want_);
    }
  }
}

TEST_F(LongLogs, AnEarlierEpochIsNotTouched) {
  fill(2500, 4);
  LongLog log(1);
  for (size_t i = 0; i < 2000; ++i) log.insert(from_, i, small_.order(), 1);
  const std::vector<std::string> then = lines_of_log(log);
  LongLog later(log, 2);
  for (size_t i = 2000; i < 2500; ++i) later.insert(from_, i, small_.order(), 2);
  later.own(0, 2);
  later.erase(0, 0);
  EXPECT_EQ(lines_of_log(log), then);
  want_.erase(want_.begin());
  EXPECT_EQ(lines_of_log(later), want_);
}

TEST_F(LongLogs, AppendsRowsInChunks) {
  fill(2500, 5);
  EventRows sorted = small_.rows();
  const std::vector<uint8_t> wanted{1, 1, 1, 1};
  sorted.reserve(from_.size() + 1, 2 * from_.heap_used(), wanted.data());
  sorted.append(from_, 0, 1);
  for (const std::string& line : want_) {
    for (uint32_t i = 0; i < from_.size(); ++i) {
      if (SmallStream::line(from_, i) == line) sorted.append(from_, i, 1);
    }
  }
  LongLog log(1);
  log.append(sorted, 1, from_.size(), 1);
  EXPECT_EQ(lines_of_log(log), want_);
  EXPECT_EQ(log.chunks.size(), 3u);
}

}  // namespace
}  // namespace patron::book_test
