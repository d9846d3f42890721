#include "lib/engine/calibration/rank_fit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "lib/engine/calibration/calibration_gather.h"
#include "lib/engine/calibration/rank_keys.h"
#include "patron/rank.h"

namespace patron::internal {
namespace {

PolicyClassificationData shares(std::vector<double> of) {
  PolicyClassificationData rank;
  for (const double share : of) rank.classes.emplace_back().share = share;
  rank.classes.emplace_back();
  return rank;
}

Multiset keys_of(const std::vector<int64_t>& values) {
  Multiset out(1);
  for (const int64_t value : values) out.add({value});
  out.seal();
  return out;
}

TEST(RankFit, CutsAdmitWhomTheModelAdmits) {
  for (uint64_t seed = 0; seed < 60; ++seed) {
    std::mt19937_64 random(seed);
    std::vector<int64_t> values;
    for (size_t i = 0; i < 1 + seed; ++i) values.push_back(static_cast<int64_t>(random() % 40));
    const PolicyClassificationData rank = shares({0.5, 0.8, 0.95});
    const RankConstants found = *fit_rank(rank, keys_of(values), {}, false);
    RankOptions options;
    options.shares = {0.5, 0.8, 0.95};
    const RankResult expected =
        *patron::rank(*TableBuilder().int64("v", values).finish(), "v", options);
    const auto* classes = static_cast<const int8_t*>(expected.table.chunks(2)[0].values);
    std::vector<int64_t> bins(4, 0);
    for (size_t i = 0; i < values.size(); ++i) {
      int8_t in = 0;
      while (in < 3 && !(found.classes[static_cast<size_t>(in)].cut &&
                         values[i] >= *found.classes[static_cast<size_t>(in)].cut)) {
        ++in;
      }
      ASSERT_EQ(in, classes[i]) << "seed " << seed << " value " << values[i];
      ++bins[static_cast<size_t>(3 - in)];
    }
    ASSERT_EQ(found.bins, bins) << "seed " << seed;
  }
}

TEST(RankFit, RefundsThatMakeASumNegativeAddNothingToTheTotal) {
  // Of 10: 8 and then 10; the 2 crosses nothing that the 8 did not reach.
  const RankConstants found = *fit_rank(shares({0.8}), keys_of({-500, 2, 8}), {}, false);
  EXPECT_EQ(found.classes[0].cut, 8);
  EXPECT_EQ(fit_rank(shares({0.8}), keys_of({-5, -2}), {}, false)->classes[0].cut, std::nullopt)
      << "nothing is shared out";
}

TEST(RankFit, DoublesAreCutByTheirValue) {
  PolicyClassificationData rank;
  rank.classes.emplace_back().top_percent = 50;
  rank.classes.emplace_back();
  const RankConstants found = *fit_rank(
      rank, keys_of({order_key(-0.5), order_key(0.25), order_key(-3), order_key(7.5)}), {}, true);
  EXPECT_EQ(from_order_key(*found.classes[0].cut), 0.25);
}

RollEntry entry(int64_t id, int64_t key, int64_t dwells) {
  RollEntry out;
  out.id.number = id;
  out.facts[kRollKey] = key;
  out.facts[kRollClaim] = dwells;
  return out;
}

std::vector<int64_t> seats_of(const RankConstants& found, size_t c) {
  std::vector<int64_t> out;
  for (const CalibrationId& id : found.classes[c].seats) out.push_back(id.number);
  return out;
}

TEST(RankFit, WhoDwellsKeepsHerSeatUnlessABetterOneIsHers) {
  PolicyClassificationData rank;
  rank.classes.emplace_back().top = 1;
  rank.classes.emplace_back().top = 2;
  rank.classes.emplace_back();
  // 3 dwells in the second class and is now the best; 4 dwells there and is the last.
  const CalibrationRoll roll{entry(1, 50, -1), entry(2, 40, -1), entry(3, 90, 1), entry(4, 1, 1)};
  const RankConstants found = *fit_rank(rank, keys_of({50, 40, 90, 1}), roll, false);
  EXPECT_EQ(seats_of(found, 0), std::vector<int64_t>{3});
  EXPECT_EQ(seats_of(found, 1), (std::vector<int64_t>{1, 4}));
  EXPECT_TRUE(has_seat(found.classes[1], {4, {}}));
  EXPECT_FALSE(has_seat(found.classes[1], {2, {}}));
}

TEST(RankFit, WhomAnOverrideKeepsHasHerSeatBeforeAll) {
  PolicyClassificationData rank;
  rank.classes.emplace_back().top = 2;
  rank.classes.emplace_back().top = 1;
  // 4 and 5 are kept in the first class, 5 though she is not eligible any more; 3 dwells there; 1
  // is kept in the second, and is the best.
  const CalibrationRoll roll{entry(1, 90, kPinned | 1), entry(2, 80, -1), entry(3, 70, 0),
                             entry(4, 1, kPinned), entry(5, kNoRollKey, kPinned)};
  const RankConstants found = *fit_rank(rank, keys_of({90, 80, 70, 1}), roll, false);
  EXPECT_EQ(seats_of(found, 0), (std::vector<int64_t>{4, 5}));
  EXPECT_EQ(seats_of(found, 1), std::vector<int64_t>{1});
  rank.classes[0].top = 3;
  EXPECT_EQ(seats_of(*fit_rank(rank, keys_of({90, 80, 70, 1}), roll, false), 0),
            (std::vector<int64_t>{3, 4, 5}));
}

TEST(RankFit, NeverGivesMoreSeatsThanThereAre) {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    std::mt19937_64 random(seed);
    PolicyClassificationData rank;
    rank.classes.emplace_back().top = static_cast<int64_t>(1 + random() % 4);
    rank.classes.emplace_back().top = static_cast<int64_t>(1 + random() % 4);
    CalibrationRoll roll;
    std::vector<int64_t> values;
    for (int64_t id = 0; id < 12; ++id) {
      values.push_back(static_cast<int64_t>(random() % 6));
      roll.push_back(entry(id, values.back(), static_cast<int64_t>(random() % 3) - 1));
    }
    const RankConstants found = *fit_rank(rank, keys_of(values), roll, false);
    std::vector<int64_t> all = seats_of(found, 0);
    for (const int64_t id : seats_of(found, 1)) all.push_back(id);
    for (size_t c = 0; c < 2; ++c) {
      ASSERT_LE(static_cast<int64_t>(found.classes[c].seats.size()), *rank.classes[c].top) << seed;
    }
    std::sort(all.begin(), all.end());
    ASSERT_EQ(std::adjacent_find(all.begin(), all.end()), all.end()) << seed << ": two seats";
  }
}

}  // namespace
}  // namespace patron::internal
