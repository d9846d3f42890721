#include "lib/engine/coming_moves.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <tuple>
#include <vector>

namespace patron::internal {
namespace {

ComingMove move_of(uint32_t customer, Micros at, int to) {
  ComingMove out;
  out.customer = customer;
  out.at = at;
  out.move.to = to;
  return out;
}

TEST(ComingMoves, IdsHaveRanksInTheirOrder) {
  EXPECT_LT(rank_of(int64_t{-5}), rank_of(int64_t{0}));
  EXPECT_LT(rank_of(int64_t{0}), rank_of(int64_t{7}));
  for (const int64_t id : {int64_t{-5}, int64_t{7}, INT64_MIN})
    EXPECT_EQ(number_of(rank_of(id)), id);
  EXPECT_LT(rank_of(""), rank_of("a"));
  EXPECT_LT(rank_of("a"), rank_of("ab"));
  EXPECT_LT(rank_of("z"), rank_of("\xC3\xA9"));  // bytes are compared as numbers without a sign
  // What differs behind its first eight bytes is left to who compares ids.
  EXPECT_EQ(rank_of("customer1"), rank_of("customer2"));
}

TEST(ComingMoves, NothingIsInOrder) {
  ComingMoves none(3);
  none.put_in_order([](uint32_t, uint32_t) { return false; });
  EXPECT_EQ(none.size(), 0u);
}

TEST(ComingMoves, OfOneInstantHaveAnyRanks) {
  for (const size_t count : {2u, 3u, 1023u, 1025u}) {
    ComingMoves coming(2);
    for (size_t i = 0; i < count; ++i) {
      const uint64_t rank = i % 2 == 0 ? ~uint64_t{0} - i : i;
      coming.add(i % 2, move_of(static_cast<uint32_t>(i), 7, 1), rank, "");
    }
    coming.put_in_order([](uint32_t, uint32_t) { return false; });
    ASSERT_EQ(coming.size(), count);
    for (size_t i = 1; i < count; ++i) EXPECT_LT(coming.rank(i - 1), coming.rank(i));
  }
}

TEST(ComingMoves, AreOrderedByTimeThenIdThenAsTheyWereFound) {
  // Customer 1 has the lower id of the same rank; class 2 of customer 0 was found before class 1.
  ComingMoves coming(2);
  coming.add(1, move_of(1, 20, 5), 9, "second");
  coming.add(0, move_of(0, 20, 2), 9, "third");
  coming.add(0, move_of(0, 20, 1), 9, "fourth");
  coming.add(0, move_of(2, 10, 3), 9, "first");
  coming.add(1, move_of(3, 20, 4), 10, "last");
  coming.put_in_order([](uint32_t a, uint32_t b) { return a > b; });
  ASSERT_EQ(coming.size(), 5u);
  const char* const expected[] = {"first", "second", "third", "fourth", "last"};
  const int to[] = {3, 5, 2, 1, 4};
  for (size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(coming.because(i), expected[i]);
    EXPECT_EQ(coming.move(i).move.to, to[i]);
  }
}

// Against a plain sort, with times close together, far apart and all the same.
TEST(ComingMoves, AnyTimesAreOrderedForAnyNumberOfWorkers) {
  for (const Micros apart : {Micros{1}, Micros{3}, kMicrosPerDay, Micros{1} << 52}) {
    for (const size_t workers : {size_t{1}, size_t{2}, size_t{5}}) {
      std::mt19937_64 random(workers);
      ComingMoves coming(workers);
      std::vector<std::tuple<Micros, uint64_t, int>> plain;
      for (uint32_t row = 0; row < 700; ++row) {
        const Micros at = static_cast<Micros>(random() % 50) * (apart - 1) - kMicrosPerDay;
        const auto worker = static_cast<size_t>(random() % workers);
        const uint64_t rank = random() % 100000 * 1000 + row;
        for (int k = 0; k < 2; ++k) coming.add(worker, move_of(row, at, k), rank, "");
        for (int k = 0; k < 2; ++k) plain.emplace_back(at, rank, k);
      }
      coming.put_in_order([](uint32_t, uint32_t) {
        ADD_FAILURE() << "ranks say it";
        return false;
      });
      std::sort(plain.begin(), plain.end());
      ASSERT_EQ(coming.size(), plain.size());
      for (size_t i = 0; i < plain.size(); ++i) {
        const ComingMove found = coming.move(i);
        ASSERT_EQ(found.at, std::get<0>(plain[i])) << "apart " << apart << ", place " << i;
        ASSERT_EQ(found.customer, std::get<1>(plain[i]) % 1000);
        ASSERT_EQ(found.move.to, std::get<2>(plain[i]));
      }
    }
  }
}

// As many as are shared out among threads: at a few instants, at nearly one, and with ranks that
// say little.
TEST(ComingMoves, ManyAreOrderedForAnyNumberOfWorkers) {
  for (const size_t workers : {size_t{1}, size_t{2}, size_t{4}}) {
    for (const uint64_t seed : {1, 2, 3, 4, 5}) {
      std::mt19937_64 random(seed);
      const auto time = [&]() -> Micros {
        if (seed == 1) return 7;
        if (seed == 2) return random() % 5000 == 0 ? -kMicrosPerDay : 7;
        if (seed == 3) return Micros{1} << random() % 50;
        return static_cast<Micros>(random() % static_cast<uint64_t>(kMicrosPerDay));
      };
      ComingMoves coming(workers, 100);
      std::vector<std::tuple<Micros, uint64_t, uint32_t, int>> plain;
      for (uint32_t row = 0; row < 9000; ++row) {
        const auto worker = static_cast<size_t>(random() % workers);
        const uint64_t rank = seed == 5 ? 3 : random() >> random() % 64;
        for (int k = 0; k < 2; ++k) {
          const Micros at = time();
          coming.add(worker, move_of(row, at, k), rank, std::to_string(row));
          plain.emplace_back(at, rank, row, k);
        }
      }
      coming.put_in_order([](uint32_t a, uint32_t b) { return a < b; });
      std::sort(plain.begin(), plain.end());
      ASSERT_EQ(coming.size(), plain.size());
      for (size_t i = 0; i < plain.size(); ++i) {
        const ComingMove found = coming.move(i);
        ASSERT_EQ(std::tuple(found.at, coming.rank(i), found.customer, found.move.to), plain[i])
            << "seed " << seed << ", place " << i;
        ASSERT_EQ(coming.because(i), std::to_string(found.customer));
      }
    }
  }
}

TEST(ComingMoves, ReasonsMayBeLong) {
  ComingMoves coming;
  const std::string texts[] = {std::string(65'535, 'a'), std::string(65'536, 'b'), "",
                               std::string(3'000'000, 'c')};
  for (uint32_t i = 0; i < 4; ++i) coming.add(0, move_of(i, Micros{i}, 0), i, texts[i]);
  coming.put_in_order([](uint32_t, uint32_t) { return false; });
  for (size_t i = 0; i < 4; ++i) EXPECT_EQ(coming.because(i), texts[i]) << i;
}

TEST(ComingMoves, ThoseOfALogKeepItsOrder) {
  MoveLog log;
  log.ready(3, 3);
  for (uint32_t i = 0; i < 3; ++i) {
    MoveFacts move;
    move.customer = i;
    move.at = 10 - Micros{i};
    log.push(move, std::string(1, static_cast<char>('a' + i)));
  }
  const ComingMoves coming(log, 1, [](uint32_t row) { return uint64_t{row} + 7; });
  ASSERT_EQ(coming.size(), 2u);
  EXPECT_EQ(coming.move(0).customer, 1u);
  EXPECT_EQ(coming.rank(0), 8u);
  EXPECT_EQ(coming.because(1), "c");
}

}  // namespace
}  // namespace patron::internal
