#include <cmath>
#include <cstring>

#include "tests/capi/world.h"

namespace patron::test {
namespace {

class RankCompute : public testing::Test {
 protected:
  Rank rank(const patron_rank_options& options) {
    const Table table = make_table({column("spent", PATRON_TYPE_DOUBLE, spent_)});
    patron_error error = PATRON_ERROR_INIT;
    patron_rank* out = nullptr;
    EXPECT_EQ(patron_rank_compute(table.get(), "spent", 5, &options, &out, &error), PATRON_OK)
        << error.message;
    return Rank(out);
  }
  patron_status refused(const patron_rank_options* options, const char* name = "spent") {
    const Table table = make_table({column("spent", PATRON_TYPE_DOUBLE, spent_)});
    patron_rank* out = reinterpret_cast<patron_rank*>(-1);
    error_ = PATRON_ERROR_INIT;
    const patron_status status = patron_rank_compute(
        table.get(), name, std::string_view(name).size(), options, &out, &error_);
    EXPECT_EQ(out, nullptr);
    return status;
  }
  std::vector<int64_t> members(const Rank& rank) {
    patron_rank_summary summary = PATRON_RANK_SUMMARY_INIT;
    EXPECT_EQ(patron_rank_describe(rank.get(), &summary, nullptr), PATRON_OK);
    return {summary.members, summary.members + summary.class_count};
  }
  std::vector<double> spent_{50, 1000, 300, 40, 110};
  patron_error error_ = PATRON_ERROR_INIT;
};

// Of 1500 the first has 66.7 %; the second crosses 80 % and is A. 110 makes 94 %; 50 crosses 95 %.
TEST_F(RankCompute, ClassifiesByShares) {
  const double shares[2] = {0.8, 0.95};
  patron_rank_options options = PATRON_RANK_OPTIONS_INIT;
  options.shares = shares;
  options.share_count = 2;
  const Rank got = rank(options);
  EXPECT_EQ(members(got), (std::vector<int64_t>{2, 2, 1}));
  patron_rank_summary summary = PATRON_RANK_SUMMARY_INIT;
  ASSERT_EQ(patron_rank_describe(got.get(), &summary, nullptr), PATRON_OK);
  EXPECT_EQ(summary.ranked, 5);
  ASSERT_EQ(summary.cut_count, 2U);
  EXPECT_EQ(summary.cuts[0], 300);
  EXPECT_EQ(summary.cuts[1], 50);

  patron_table* table = nullptr;
  ASSERT_EQ(patron_rank_table(got.get(), &table, nullptr), PATRON_OK);
  EXPECT_EQ(values_of<int64_t>(table, "rank"), (std::vector<int64_t>{4, 1, 2, 5, 3}));
  EXPECT_EQ(values_of<int8_t>(table, "class"), (std::vector<int8_t>{1, 0, 0, 2, 1}));
  EXPECT_DOUBLE_EQ(values_of<double>(table, "cumulative_share")[1], 1000.0 / 1500);
  patron_table_close(table);
  EXPECT_EQ(patron_rank_table(got.get(), nullptr, nullptr), PATRON_E_ARGUMENT);
}

TEST_F(RankCompute, ClassifiesByPercentAndSeats) {
  const double percents[1] = {40};
  patron_rank_options options = PATRON_RANK_OPTIONS_INIT;
  options.top_percents = percents;
  options.top_percent_count = 1;
  EXPECT_EQ(members(rank(options)), (std::vector<int64_t>{2, 3}));
  const int64_t seats = 3;
  options = PATRON_RANK_OPTIONS_INIT;
  options.top = &seats;
  EXPECT_EQ(members(rank(options)), (std::vector<int64_t>{3, 2}));
}

TEST_F(RankCompute, WantsExactlyOneKindOfClass) {
  const double shares[1] = {0.8};
  const int64_t seats = 3;
  patron_rank_options options = PATRON_RANK_OPTIONS_INIT;
  EXPECT_EQ(refused(&options), PATRON_E_ARGUMENT);
  options.shares = shares;
  options.share_count = 1;
  options.top = &seats;
  EXPECT_EQ(refused(&options), PATRON_E_ARGUMENT);
  options = PATRON_RANK_OPTIONS_INIT;
  options.share_count = 1;
  EXPECT_EQ(refused(&options), PATRON_E_ARGUMENT);
  EXPECT_NE(std::strstr(error_.message, "options.shares is NULL"), nullptr) << error_.message;
  options = PATRON_RANK_OPTIONS_INIT;
  options.top_percent_count = 1;
  EXPECT_EQ(refused(&options), PATRON_E_ARGUMENT);
  EXPECT_NE(std::strstr(error_.message, "options.top_percents"), nullptr) << error_.message;
  EXPECT_EQ(refused(nullptr), PATRON_E_ARGUMENT);
}

TEST_F(RankCompute, RefusesColumnsAndValuesThatCannotBeRanked) {
  const double shares[1] = {0.8};
  patron_rank_options options = PATRON_RANK_OPTIONS_INIT;
  options.shares = shares;
  options.share_count = 1;
  EXPECT_EQ(refused(&options, "spend"), PATRON_E_COLUMN);
  EXPECT_EQ(refused(&options, "\xFF"), PATRON_E_UTF8);
  spent_[3] = -1;
  EXPECT_EQ(refused(&options), PATRON_E_ARGUMENT);
  EXPECT_EQ(error_.row, 3);
  spent_[2] = NAN;
  EXPECT_EQ(refused(&options), PATRON_E_NUMBER);
  spent_.clear();
  EXPECT_EQ(refused(&options), PATRON_E_EMPTY);
  const World world;
  EXPECT_EQ(patron_rank_compute(world.table.get(), "day", 3, &options, nullptr, nullptr),
            PATRON_E_ARGUMENT);
}

}  // namespace
}  // namespace patron::test
