#include "lib/models/rfm/evaluate.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/models/rfm/random_log.h"

namespace patron::internal {
namespace {

using Values = std::vector<int64_t>;

Buffer buffer_of(const Values& values) {
  Buffer buffer(values.size() * 8);
  std::copy(values.begin(), values.end(), buffer.as<int64_t>());
  return buffer;
}

struct Person {
  int64_t recency, frequency, minor, orders = 1;
};

CustomerColumns columns(const std::vector<Person>& people) {
  Values recency, frequency, minor, orders;
  for (const Person& person : people) {
    recency.push_back(person.recency), frequency.push_back(person.frequency);
    minor.push_back(person.minor), orders.push_back(person.orders);
  }
  CustomerColumns result;
  result.customers = static_cast<int64_t>(people.size());
  result.recency_days = buffer_of(recency), result.frequency = buffer_of(frequency);
  result.monetary_minor = buffer_of(minor), result.orders = buffer_of(orders);
  return result;
}

RfmCuts cuts_of(const Values& recency, const Values& frequency, const Values& monetary) {
  RfmCuts cuts;
  cuts.recency.cuts = recency, cuts.frequency.cuts = frequency, cuts.monetary.cuts = monetary;
  return cuts;
}

Evaluation evaluated(const std::vector<Person>& people, const RfmCuts& cuts,
                     const RfmOptions& options = {}) {
  const Control control;
  Watch watch(control);
  Result<Evaluation> result = evaluate(columns(people), cuts, options, &watch);
  EXPECT_TRUE(result.ok()) << result.status().message();
  return *std::move(result);
}

SegmentRow row(const char* name, std::optional<ScoreRange> r) {
  SegmentRow result;
  result.name = name;
  result.label_zh = result.name + "名";
  result.r = r;
  return result;
}

TEST(Evaluate, AgreesWithTheScoresAndOctantsOfOneCustomer) {
  test::Random random(1);
  for (int round = 0; round < 40; round++) {
    RfmCuts cuts;
    for (RfmAxisCuts* axis : {&cuts.recency, &cuts.frequency, &cuts.monetary}) {
      for (int64_t i = random.between(1, 9); i > 0; i--) axis->cuts.push_back(random.below(50));
      std::sort(axis->cuts.begin(), axis->cuts.end());
      axis->octant_split = random.below(50);
    }
    std::vector<Person> people;
    for (int64_t i = random.between(1, round == 0 ? 40'000 : 70); i > 0; i--)
      people.push_back(
          {random.below(52), random.below(52), random.between(-5, 52), random.below(4)});
    const Evaluation result = evaluated(people, cuts);
    const bool wide =
        std::max({cuts.recency.bins(), cuts.frequency.bins(), cuts.monetary.bins()}) == 10;
    for (size_t i = 0; i < people.size(); i++) {
      const Person& p = people[i];
      Scores expected = rfm_score(p.recency, p.frequency, p.minor, cuts);
      if (p.orders == 0) expected = {0, 0, 0};
      const Scores found = {result.rfm[0].as<int8_t>()[i], result.rfm[1].as<int8_t>()[i],
                            result.rfm[2].as<int8_t>()[i]};
      ASSERT_EQ(found, expected);
      ASSERT_EQ(result.octant.as<int8_t>()[i], rfm_octant(p.recency, p.frequency, p.minor, cuts));
      const std::string format = wide ? "%d%02d%02d" : "%d%d%d";
      char code[16];
      std::snprintf(code, sizeof code, format.c_str(), found.r, found.f, found.m);
      ASSERT_EQ(result.code.as<int32_t>()[i], std::stoi(code));
      ASSERT_EQ(result.monetary.as<double>()[i], static_cast<double>(p.minor) / 100);
    }
  }
}

TEST(Evaluate, ASegmentIsTheRowThatHoldsTheScoresOrNull) {
  RfmOptions options;
  options.table = *SegmentTable::make({row("Recent", ScoreRange{2, 2})}, 2);
  options.on_gap = OnGap::kNull;
  const Evaluation result =
      evaluated({{1, 1, 1}, {99, 1, 1}, {1, 0, -5, 0}}, cuts_of({10}, {1}, {1}), options);
  EXPECT_EQ(result.segment_names, (std::vector<std::string>{"Recent", "prospect"}));
  EXPECT_EQ(result.segment_nulls, 1);
  EXPECT_EQ(result.segment_validity.data()[0], 0b101);
  EXPECT_EQ(result.segment.as<int8_t>()[0], 0);
  EXPECT_EQ(result.segment.as<int8_t>()[2], 1);
  options.chinese = true;
  EXPECT_EQ(evaluated({{1, 1, 1}}, cuts_of({10}, {1}, {1}), options).segment_names,
            (std::vector<std::string>{"Recent名", "潜在客户"}));
}

TEST(Evaluate, EveryCustomerHasTheBitOfHerOwnSegment) {
  // More than one task takes at a time, and no multiple of the eight bits of a byte.
  std::vector<Person> people;
  for (int64_t i = 0; i < 40'003; i++) people.push_back({i % 3 == 0 ? 1 : 99, 1, 1});
  RfmOptions options;
  options.table = *SegmentTable::make({row("Recent", ScoreRange{2, 2})}, 2);
  options.on_gap = OnGap::kNull;
  const Evaluation result = evaluated(people, cuts_of({10}, {1}, {1}), options);
  EXPECT_EQ(result.segment_nulls, 40'003 - (40'003 + 2) / 3);
  const uint8_t* bits = result.segment_validity.data();
  for (size_t i = 0; i < people.size(); i++) ASSERT_EQ(bits[i / 8] >> (i % 8) & 1, i % 3 == 0) << i;
}

TEST(Evaluate, WithoutATableOnlyProspectsAreNamed) {
  const Evaluation result = evaluated({{1, 1, 1}, {0, 0, 0, 0}}, cuts_of({10}, {1}, {1}));
  EXPECT_EQ(result.segment_nulls, 1);
  EXPECT_EQ(result.segment_validity.data()[0], 0b10);
  const Evaluation all = evaluated({{0, 0, 0, 0}}, cuts_of({10}, {1}, {1}));
  EXPECT_EQ(all.segment_validity.size(), 0u);
}

TEST(Evaluate, ThreadsGiveTheSameBytes) {
  test::Random random(2);
  std::vector<Person> people;
  for (int i = 0; i < 100'000; i++)
    people.push_back({random.below(60), random.below(60), random.below(60), random.below(9)});
  RfmOptions options;
  options.table = *SegmentTable::named("eleven");
  const RfmCuts cuts = cuts_of({10, 20, 30, 40}, {10, 20, 30, 40}, {10, 20, 30, 40});
  const Evaluation one = evaluated(people, cuts, options);
  options.threads = 3;
  const Evaluation three = evaluated(people, cuts, options);
  const auto same = [](const Buffer& a, const Buffer& b) {
    return a.size() == b.size() && std::equal(a.data(), a.data() + a.size(), b.data());
  };
  EXPECT_TRUE(same(one.code, three.code));
  EXPECT_TRUE(same(one.segment, three.segment));
  EXPECT_TRUE(same(one.segment_validity, three.segment_validity));
  EXPECT_TRUE(same(one.octant, three.octant));
  EXPECT_EQ(one.segment_nulls, three.segment_nulls);
}

TEST(CheckSegmentTable, WantsAsManyBinsOnEveryAxis) {
  const SegmentTable table = *SegmentTable::named("eleven");
  const auto check = [&](const RfmCuts& cuts) {
    return check_segment_table(table, cuts, OnGap::kError, OnOverlap::kError);
  };
  const Values five = {1, 2, 3, 4}, four = {1, 2, 3};
  EXPECT_TRUE(check(cuts_of(five, five, five)).ok());
  EXPECT_EQ(check(cuts_of(four, five, five)).code(), Code::kArgument);
  EXPECT_EQ(check(cuts_of(five, four, five)).code(), Code::kArgument);
  EXPECT_NE(check(cuts_of(five, five, four)).message().find("but monetary has 4"),
            std::string::npos);
}

TEST(CheckSegmentTable, AllowsAtMost126Rows) {
  std::vector<SegmentRow> rows;
  for (int i = 0; i < 127; i++) {
    rows.push_back({});
    rows.back().name = "row " + std::to_string(i);
    rows.back().codes = {{1 + i / 36, 1 + i / 6 % 6, 1 + i % 6}};
  }
  const Values six = {1, 2, 3, 4, 5};
  const auto check = [&] {
    return check_segment_table(*SegmentTable::make(rows, 6), cuts_of(six, six, six), OnGap::kNull,
                               OnOverlap::kFirst);
  };
  EXPECT_EQ(check().code(), Code::kLimit);
  rows.pop_back();
  ASSERT_TRUE(check().ok());
  // And the last of them, and the prospects behind it, are named.
  RfmOptions options;
  options.table = *SegmentTable::make(rows, 6);
  options.on_gap = OnGap::kNull;
  // Row 125 is R 4, F 3, M 6: two recency cuts below, two of frequency, all of money.
  const Evaluation result = evaluated({{3, 3, 99}, {0, 0, 0, 0}}, cuts_of(six, six, six), options);
  EXPECT_EQ(result.segment.as<int8_t>()[0], 125);
  EXPECT_EQ(result.segment.as<int8_t>()[1], 126);
  EXPECT_EQ(result.segment_names.back(), "prospect");
}

TEST(CheckSegmentTable, CountsGapsAndOverlapsAndShowsOne) {
  const Values two = {1};
  const RfmCuts cuts = cuts_of(two, two, two);
  const SegmentTable gaps = *SegmentTable::make({row("Recent", ScoreRange{2, 2})}, 2);
  Status status = check_segment_table(gaps, cuts, OnGap::kError, OnOverlap::kFirst);
  EXPECT_EQ(status.code(), Code::kDocument);
  EXPECT_NE(status.message().find("leaves 2 of 4 cells without a segment (r = 1, f = 1)"),
            std::string::npos)
      << status.message();
  EXPECT_TRUE(check_segment_table(gaps, cuts, OnGap::kNull, OnOverlap::kError).ok());
  const SegmentTable twice =
      *SegmentTable::make({row("All", ScoreRange{1, 2}), row("Recent", ScoreRange{2, 2})}, 2);
  status = check_segment_table(twice, cuts, OnGap::kNull, OnOverlap::kError);
  EXPECT_EQ(status.code(), Code::kDocument);
  EXPECT_NE(status.message().find("2 of 4 cells are claimed twice (r = 2, f = 1 by \"All\" and "
                                  "\"Recent\")"),
            std::string::npos)
      << status.message();
  EXPECT_TRUE(check_segment_table(twice, cuts, OnGap::kError, OnOverlap::kFirst).ok());
}

}  // namespace
}  // namespace patron::internal
