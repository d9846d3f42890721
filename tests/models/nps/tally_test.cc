#include "lib/models/nps/tally.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "lib/models/nps/estimate.h"
#include "tests/models/nps/survey.h"

namespace patron::internal {
namespace {

/// A table of a score, a group and a kind, and the counts that a plain loop finds.
struct Survey {
  Survey(int64_t rows, uint64_t groups, uint64_t kinds, uint64_t seed) {
    std::mt19937_64 random(seed);
    for (int64_t i = 0; i < rows; i++) {
      score.push_back(static_cast<int64_t>(random() % 13) - 1);  // -1 and 11 are bad
      group.push_back(static_cast<int64_t>(random() % groups) * (random() % 2 == 0 ? 1 : -1));
      kind.push_back(static_cast<int64_t>(random() % kinds));
    }
    table = test::table_of({test::int64_view("score", score), test::int64_view("group", group),
                            test::int64_view("kind", kind)});
  }
  std::vector<int64_t> score, group, kind;
  Table table;
};

using Found = std::map<std::pair<int64_t, int64_t>, std::array<int64_t, 11>>;

int place_of(int64_t score, const NpsMethod& method) {
  if (method.question == Question::kCes) return static_cast<int>(score);
  if (method.question == Question::kNps) return score >= 9 ? 10 : score >= 7 ? 8 : 0;
  return score > 10 - method.scale.top_boxes ? 10 : 0;
}

class CountResponses : public testing::TestWithParam<Question> {
 protected:
  CountResponses() {
    method_.question = GetParam();
    method_.scale = {0, 10, 3};
  }
  Found count(const Survey& survey, bool kinds, int threads, std::vector<BadRow>* bad) {
    const ScoreReader scores = *ScoreReader::open(survey.table, 0, {0, 10, 3});
    const Labels groups = *Labels::open(survey.table, 1, false);
    const Labels kind_labels = *Labels::open(survey.table, 2, false);
    Tally tally;
    tally.scores = &scores;
    tally.labels = &groups;
    tally.groups = &groups;
    tally.kinds = kinds ? &kind_labels : nullptr;
    tally.method = method_;
    const Control control;
    Watch watch(control);
    const Result<TallyResult> result = count_responses(survey.table, tally, threads, &watch, bad);
    EXPECT_TRUE(result.ok()) << result.status().message();
    Found found;
    for (const Count& count : result->counts) {
      const int64_t kind = count.kind.null ? 0 : count.kind.number;
      EXPECT_TRUE(found.empty() || found.rbegin()->first < std::pair(kind, count.label.number));
      found[{kind, count.label.number}] = count.counts.of;
    }
    return found;
  }
  Found plain(const Survey& survey, bool kinds) const {
    Found found;
    for (size_t i = 0; i < survey.score.size(); i++) {
      if (survey.score[i] < 0 || survey.score[i] > 10) continue;
      std::array<int64_t, 11>& counts = found[{kinds ? survey.kind[i] : 0, survey.group[i]}];
      counts[static_cast<size_t>(place_of(survey.score[i], method_))]++;
    }
    return found;
  }
  NpsMethod method_;
};

TEST_P(CountResponses, AgreesWithAPlainLoopOnAnyNumberOfThreads) {
  for (const uint64_t groups : {uint64_t{1}, uint64_t{1000}, uint64_t{1} << 50}) {
    // More than one run of rows, so that several threads count.
    const Survey survey(groups < 1'000'000 ? 150'000 : 40'000, groups, 3, groups);
    std::vector<int64_t> bad_rows;
    for (size_t row = 0; row < survey.score.size(); row++) {
      if (survey.score[row] < 0 || survey.score[row] > 10)
        bad_rows.push_back(static_cast<int64_t>(row));
    }
    for (const bool kinds : {false, true}) {
      const Found expected = plain(survey, kinds);
      for (const int threads : {1, 2, 5}) {
        std::vector<BadRow> bad;
        ASSERT_TRUE(count(survey, kinds, threads, &bad) == expected)
            << groups << " " << kinds << " " << threads;
        std::vector<int64_t> found_bad;
        for (const BadRow& row : bad) {
          ASSERT_EQ(row.reason, ResponseRefusal::kScoreOutOfRange);
          found_bad.push_back(row.row);
        }
        ASSERT_EQ(found_bad, bad_rows);
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(EveryQuestion, CountResponses,
                         testing::Values(Question::kNps, Question::kCsat, Question::kCes));

TEST(CountResponses, LeavesOutWhatIsMarked) {
  const Survey survey(10'000, 5, 1, 1);
  const ScoreReader scores = *ScoreReader::open(survey.table, 0, {0, 10, 3});
  const Labels none;
  std::vector<uint8_t> left_out;
  int64_t expected = 0;
  for (int64_t i = 0; i < 10'000; i++) {
    left_out.push_back(static_cast<uint8_t>(i % 3));
    const int64_t score = survey.score[static_cast<size_t>(i)];
    expected += i % 3 == 0 && score >= 9 && score <= 10;
  }
  Tally tally;
  tally.scores = &scores;
  tally.labels = &none;
  tally.groups = &none;
  tally.left_out = left_out.data();
  const Control control;
  Watch watch(control);
  std::vector<BadRow> bad;
  const Result<TallyResult> result = count_responses(survey.table, tally, 2, &watch, &bad);
  ASSERT_TRUE(result.ok());
  ASSERT_EQ(result->counts.size(), 1U);
  EXPECT_EQ(result->counts[0].counts.of[10], expected);
  EXPECT_TRUE(bad.empty());
}

TEST(CountResponses, RefusesAKindColumnThatIsNone) {
  const Survey survey(10'000, 5, 1000, 1);
  const ScoreReader scores = *ScoreReader::open(survey.table, 0, {0, 10, 3});
  const Labels none, kinds = *Labels::open(survey.table, 2, false);
  Tally tally;
  tally.scores = &scores;
  tally.labels = &none;
  tally.groups = &none;
  tally.kinds = &kinds;
  const Control control;
  Watch watch(control);
  std::vector<BadRow> bad;
  const Result<TallyResult> result = count_responses(survey.table, tally, 1, &watch, &bad);
  EXPECT_EQ(result.status().code(), Code::kLimit);
  EXPECT_NE(result.status().message().find("more than 64 values"), std::string::npos);
}

// Labels beyond those that have a place for their counters would be counted as others.
TEST(CountResponses, RefusesMoreLabelsThanItCanCountOnAnyNumberOfThreads) {
  // The place of the last counter is the last of 32 bits: 4 counters a label, for CES 16.
  for (const Question question : {Question::kNps, Question::kCsat, Question::kCes}) {
    const uint64_t counters = question == Question::kCes ? 16 : 4;
    EXPECT_EQ((uint64_t{most_labels_of(question)} + 1) * counters, uint64_t{1} << 32);
  }
  const Survey survey(100'000, uint64_t{1} << 50, 1, 1);
  const ScoreReader scores = *ScoreReader::open(survey.table, 0, {0, 10, 3});
  const Labels groups = *Labels::open(survey.table, 1, false);
  Tally tally;
  tally.scores = &scores;
  tally.labels = &groups;
  tally.groups = &groups;
  const Control control;
  Watch watch(control);
  std::vector<BadRow> bad;
  const Result<TallyResult> all = count_responses(survey.table, tally, 1, &watch, &bad);
  ASSERT_TRUE(all.ok());
  // Groups of refused scores alone take a place, too.
  const std::set<int64_t> labels(survey.group.begin(), survey.group.end());
  ASSERT_LT(all->counts.size(), labels.size());
  for (const int threads : {1, 2, 5}) {
    tally.most_labels = static_cast<uint32_t>(labels.size());
    EXPECT_TRUE(count_responses(survey.table, tally, threads, &watch, &bad).ok()) << threads;
    tally.most_labels = static_cast<uint32_t>(all->counts.size()) - 1;
    const Result<TallyResult> fewer = count_responses(survey.table, tally, threads, &watch, &bad);
    EXPECT_EQ(fewer.status().code(), Code::kLimit) << threads;
    EXPECT_EQ(fewer.status().message(),
              "more than " + std::to_string(tally.most_labels) + " groups; split the responses");
  }
}

TEST(CutRuns, CoversEveryRowOnce) {
  const Survey survey(300'000, 5, 1, 1);
  int64_t next = 0;
  for (const internal::Run& run : cut_runs(survey.table, 3)) {
    EXPECT_EQ(run.first_row, next);
    EXPECT_EQ(run.begin, next);
    next += run.rows;
  }
  EXPECT_EQ(next, 300'000);
}

TEST(RefusalOf, NamesTheScoreFirst) {
  EXPECT_EQ(refusal_of(9, CellState::kOk, CellState::kOk), std::nullopt);
  EXPECT_EQ(refusal_of(kNullCode, CellState::kNull, CellState::kOk), ResponseRefusal::kNullScore);
  EXPECT_EQ(refusal_of(9, CellState::kNull, CellState::kOk), ResponseRefusal::kNullKind);
  EXPECT_EQ(refusal_of(9, CellState::kOverflow, CellState::kOk), ResponseRefusal::kKindOutOfRange);
  EXPECT_EQ(refusal_of(9, CellState::kOk, CellState::kNull), std::nullopt);
  EXPECT_EQ(refusal_of(9, CellState::kOk, CellState::kOverflow), ResponseRefusal::kGroupOutOfRange);
}

}  // namespace
}  // namespace patron::internal
