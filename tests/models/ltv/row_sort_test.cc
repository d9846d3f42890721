#include "lib/models/ltv/row_sort.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <tuple>
#include <vector>

#include "lib/models/ltv/rows.h"

namespace patron::internal::ltv {
namespace {

using Tuple = std::tuple<double, double, double, double>;

std::vector<Tuple> tuples_of(const std::vector<WeightedRow>& rows) {
  std::vector<Tuple> tuples;
  for (const WeightedRow& row : rows)
    tuples.emplace_back(row.first, row.second, row.third, row.weight);
  return tuples;
}

enum class Kind { kGrid, kStamps, kWideCounts, kFractions, kHugeCounts, kAllEqual, kWideTimes };

std::vector<WeightedRow> random_rows(Kind kind, size_t count) {
  std::mt19937_64 random(11);
  std::uniform_real_distribution<double> unit(0, 1);
  std::vector<WeightedRow> rows;
  for (size_t i = 0; i < count; ++i) {
    WeightedRow row;
    const double u = unit(random);
    row.first = std::floor(kind == Kind::kWideCounts   ? std::exp(13 * u)
                           : kind == Kind::kHugeCounts ? std::exp(36 * u)
                                                       : 4 * u * u);
    if (kind == Kind::kFractions) row.first = u;
    row.third = 20 + 20 * unit(random);
    if (kind == Kind::kWideTimes) row.third = std::exp(400 * unit(random) - 200);
    row.second = row.first >= 1 ? row.third * unit(random) : 0;
    if (kind == Kind::kGrid) row.second = std::floor(row.second), row.third = std::floor(row.third);
    if (kind == Kind::kAllEqual) row = {3, 4, 5, 1};
    row.weight = 1.0 + static_cast<double>(random() % 3);
    rows.push_back(row);
  }
  return rows;
}

TEST(SortRows, IsTheComparisonSort) {
  for (const Kind kind : {Kind::kGrid, Kind::kStamps, Kind::kWideCounts, Kind::kFractions,
                          Kind::kHugeCounts, Kind::kAllEqual, Kind::kWideTimes}) {
    for (const size_t count : {size_t{0}, size_t{1}, size_t{100}, size_t{50000}}) {
      std::vector<WeightedRow> rows = random_rows(kind, count);
      std::vector<Tuple> want = tuples_of(rows);
      std::sort(want.begin(), want.end());
      sort_rows(&rows);
      EXPECT_EQ(tuples_of(rows), want) << static_cast<int>(kind) << " " << count;
    }
  }
}

TEST(MergePlan, GivesAllRowsInOrderAndNoCustomerInTwoRanges) {
  for (const Kind kind : {Kind::kGrid, Kind::kStamps, Kind::kAllEqual}) {
    for (const size_t runs : {size_t{0}, size_t{1}, size_t{2}, size_t{5}}) {
      std::vector<WeightedRow> all = random_rows(kind, 100000);
      std::vector<std::vector<WeightedRow>> parts(runs);
      for (size_t i = 0; i < all.size() && runs > 0; ++i) parts[i * i % runs].push_back(all[i]);
      for (auto& part : parts) sort_rows(&part);
      const MergePlan plan(parts);
      std::vector<WeightedRow> merged;
      for (int64_t k = 0; k < plan.ranges(); ++k) {
        const std::vector<WeightedRow> range = plan.merge(k, Pause{});
        const bool both = !range.empty() && !merged.empty();
        EXPECT_FALSE(both && same_customer(merged.back(), range.front()));
        merged.insert(merged.end(), range.begin(), range.end());
      }
      if (runs == 0) all.clear();
      std::vector<Tuple> want = tuples_of(all);
      std::sort(want.begin(), want.end());
      EXPECT_EQ(tuples_of(merged), want) << static_cast<int>(kind) << " " << runs;
    }
  }
}

}  // namespace
}  // namespace patron::internal::ltv
