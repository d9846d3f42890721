#include "lib/models/ltv/row_scores.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <vector>

namespace patron::internal::ltv {
namespace {

/// T plus the frequency, and null for who never came back.
class SumScorer : public BlockScorer {
 public:
  void score(const CustomerSpan& customers, double* const* out) override {
    EXPECT_LE(customers.size, kCustomerRows);
    for (int64_t i = 0; i < customers.size; ++i) {
      out[0][i] = customers.T[i] + customers.frequency[i];
      out[1][i] = customers.frequency[i] == 0 ? NAN : 1;
    }
  }
};

class RowScoresTest : public testing::Test {
 protected:
  Result<LtvPredictions> scored(const std::vector<double>& x, int64_t task_rows, int threads,
                                bool refuse = true) {
    std::vector<double> T(x.size());
    std::iota(T.begin(), T.end(), 100.0);
    const Table table = *TableBuilder().doubles("x", x).doubles("T", T).finish();
    const CustomerReader reader =
        *CustomerReader::open(table, LtvModel::kNbd, columns_, CustomerUse::kPredict);
    RowScores scores;
    scores.readers = {&reader};
    scores.names = {"sum", "again"};
    scores.make_scorer = [] { return std::make_unique<SumScorer>(); };
    scores.task_rows = task_rows;
    scores.columns = &columns_;
    scores.refuse_bad_rows = refuse;
    scores.threads = threads;
    scores.control = &control_;
    return score_rows(table, scores);
  }

  LtvColumns columns_{.frequency = "x", .T = "T"};
  Control control_;
};

TEST_F(RowScoresTest, RowsKeepTheirPlacesAroundBadOnes) {
  std::vector<double> x(5000);
  for (size_t i = 0; i < x.size(); ++i) x[i] = i % 7 == 3 ? -1 : static_cast<double>(i % 5);
  for (int64_t task_rows : {128, 1000, 100000}) {
    const auto result = scored(x, task_rows, 2);
    ASSERT_TRUE(result.ok());
    ASSERT_EQ(result->table.rows(), 5000);
    const Chunk& sum = result->table.chunks(0)[0];
    const Chunk& again = result->table.chunks(1)[0];
    int64_t refused = 0;
    for (int64_t i = 0; i < 5000; ++i) {
      const bool bad = i % 7 == 3;
      refused += bad;
      ASSERT_EQ(sum.valid(i), !bad) << i;
      ASSERT_EQ(again.valid(i), !bad && i % 5 != 0) << i;
      if (!bad) {
        ASSERT_EQ(static_cast<const double*>(sum.values)[i], static_cast<double>(100 + i + i % 5));
      }
    }
    ASSERT_EQ(result->refused.rows(), refused);
    const auto* rows = static_cast<const int64_t*>(result->refused.chunks(0)[0].values);
    for (int64_t k = 0; k < refused; ++k) ASSERT_EQ(rows[k], 7 * k + 3);
  }
}

TEST_F(RowScoresTest, TheFirstBadRowFailsACallThatWantsNone) {
  std::vector<double> x(4000, 1.0);
  x[3000] = -1, x[2500] = 0.5;
  const auto result = scored(x, 128, 3, false);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.status().row(), 2500);
  EXPECT_EQ(result.status().code(), Code::kArgument);
}

TEST_F(RowScoresTest, ProgressReachesTheCaller) {
  double last = 0;
  control_.progress = [&](double share) {
    EXPECT_GE(share, last);
    last = share;
    return 0;
  };
  ASSERT_TRUE(scored(std::vector<double>(20000, 1.0), 128, 1).ok());
  EXPECT_GT(last, 0.5);
  control_.progress = [](double) { return 7; };
  EXPECT_EQ(scored(std::vector<double>(20000, 1.0), 128, 1).status().code(), Code::kCallback);
}

}  // namespace
}  // namespace patron::internal::ltv
