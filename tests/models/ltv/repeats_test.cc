#include "lib/models/ltv/repeats.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace patron::internal::ltv {
namespace {

/// Two numbers that tell every key apart.
double first(double a, double b, double c) { return a + 1e3 * b + 1e6 * c; }
double second(double a, double b, double c) { return a * b - c; }

/// Runs blocks through compute_distinct and checks each answer; returns how many rows were asked.
int64_t asked_of(Repeats* repeats, const std::vector<std::array<double, 3>>& rows) {
  int64_t asked = 0;
  std::array<std::vector<double>, 3> columns;
  for (const auto& row : rows) {
    for (size_t k = 0; k < 3; ++k) columns[k].push_back(row[k]);
  }
  std::vector<double> one(rows.size(), -1), two(rows.size(), -1);
  for (size_t begin = 0; begin < rows.size(); begin += 1000) {
    const auto n = static_cast<int64_t>(std::min<size_t>(1000, rows.size() - begin));
    compute_distinct(repeats, {&columns[0][begin], &columns[1][begin], &columns[2][begin]}, n,
                     {&one[begin], &two[begin]},
                     [&](const RepeatKeys& keys, int64_t count, const RepeatOutputs& out) {
                       asked += count;
                       for (int64_t i = 0; i < count; ++i) {
                         out[0][i] = first(keys[0][i], keys[1][i], keys[2][i]);
                         out[1][i] = second(keys[0][i], keys[1][i], keys[2][i]);
                       }
                     });
  }
  for (size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(one[i], first(rows[i][0], rows[i][1], rows[i][2])) << i;
    EXPECT_EQ(two[i], second(rows[i][0], rows[i][1], rows[i][2])) << i;
  }
  return asked;
}

TEST(Repeats, EachDistinctRowIsAskedOnce) {
  std::mt19937 random(1);
  std::vector<std::array<double, 3>> rows(20000);
  for (auto& row : rows) row = {double(random() % 4), double(random() % 5), double(random() % 6)};
  Repeats repeats(2);
  EXPECT_EQ(asked_of(&repeats, rows), 4 * 5 * 6);
  EXPECT_TRUE(repeats.searching());
}

// More distinct rows than there are slots: some are asked again, none gets another's answer.
TEST(Repeats, RowsThatShareASlotKeepTheirAnswers) {
  std::mt19937 random(2);
  std::vector<std::array<double, 3>> rows(400000);
  for (auto& row : rows) row = {double(random() % 500), double(random() % 300), 1};
  Repeats repeats(2);
  EXPECT_GE(asked_of(&repeats, rows), 140000);
}

TEST(Repeats, TheSearchIsGivenUpWhereRowsDoNotRepeat) {
  std::vector<std::array<double, 3>> rows(30000);
  for (size_t i = 0; i < rows.size(); ++i) rows[i] = {double(i), 0.5, 2};
  Repeats repeats(2);
  EXPECT_EQ(asked_of(&repeats, rows), 30000);
  EXPECT_FALSE(repeats.searching());
}

TEST(Repeats, WithoutATableAllAreAsked) {
  const std::vector<std::array<double, 3>> rows(10, {1, 2, 3});
  EXPECT_EQ(asked_of(nullptr, rows), 10);
}

}  // namespace
}  // namespace patron::internal::ltv
