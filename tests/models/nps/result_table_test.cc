#include "lib/models/nps/result_table.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/models/nps/survey.h"

namespace patron::internal {
namespace {

Label label_word(std::string_view text) {
  Label label;
  label.null = false;
  label.is_text = true;
  label.text = text;
  return label;
}

TEST(EstimatesTable, HasTheColumnsOfItsQuestion) {
  std::vector<Count> counts(3);
  counts[0].label = label_word("");
  counts[1].label = label_word("north");
  std::vector<Estimate> estimates(3);
  estimates[1].count = 7;
  estimates[1].promoters = 4;
  estimates[2].standard_error = NAN;
  NpsOptions options;
  options.group = "region";
  const Table nps = estimates_table(counts, estimates, options, true);
  ASSERT_EQ(nps.columns(), 9);
  EXPECT_EQ(nps.field(0).name, "group");
  EXPECT_EQ(nps.field(8).name, "high");
  EXPECT_EQ(test::texts_of(nps, "group"), (std::vector<std::string>{"", "north", "(null)"}));
  EXPECT_EQ(test::values_of<int64_t>(nps, "promoters"), (std::vector<int64_t>{0, 4, 0}));
  EXPECT_FALSE(nps.chunks(*nps.require("standard_error"))[0].valid(2));
  EXPECT_TRUE(nps.chunks(*nps.require("standard_error"))[0].valid(1));

  options.method.question = Question::kCsat;
  const Table csat = estimates_table(counts, estimates, options, true);
  EXPECT_EQ(csat.columns(), 7);
  EXPECT_EQ(csat.find("passives"), -1);
  EXPECT_EQ(test::values_of<int64_t>(csat, "satisfied"), (std::vector<int64_t>{0, 4, 0}));
  options.method.question = Question::kCes;
  options.group.reset();
  EXPECT_EQ(estimates_table(counts, estimates, options, false).columns(), 5);
}

TEST(EstimatesTable, HasNumbersOfGroupsAndNamesOfKinds) {
  std::vector<Count> counts(2);
  counts[0].label.null = false;
  counts[0].label.number = -4;
  counts[0].kind = label_word("relational");
  counts[1].kind.null = false;
  counts[1].kind.number = 12;
  NpsOptions options;
  options.group = "branch", options.kind = "survey";
  const Table table = estimates_table(counts, std::vector<Estimate>(2), options, false);
  EXPECT_EQ(test::texts_of(table, "kind"), (std::vector<std::string>{"relational", "12"}));
  EXPECT_EQ(test::values_of<int64_t>(table, "group")[0], -4);
  EXPECT_FALSE(table.chunks(1)[0].valid(1));
}

TEST(DriversTable, HasNullForWhatIsUnknown) {
  Driver driver;
  driver.topic = "price";
  driver.mentions = 3;
  driver.score_with = -50;
  const Table table = drivers_table({driver}, {});
  EXPECT_EQ(table.find("kind"), -1);
  EXPECT_EQ(test::texts_of(table, "topic"), std::vector<std::string>{"price"});
  for (const char* name : {"score_without", "effect", "low", "high"}) {
    EXPECT_FALSE(table.chunks(*table.require(name))[0].valid(0)) << name;
  }
}

TEST(RefusedTable, NamesRowColumnAndReason) {
  NpsOptions options;
  options.score = "s", options.kind = "k", options.group = "g", options.time = "t";
  options.customer = "c";
  const Control control;
  Watch watch(control);
  std::vector<BadRow> bad;
  for (int reason = 1; reason <= 12; reason++)
    bad.push_back({reason * 10, static_cast<ResponseRefusal>(reason)});
  const Result<Table> table = refused_table(bad, options, &watch);
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(test::values_of<int64_t>(*table, "row")[11], 120);
  EXPECT_EQ(test::texts_of(*table, "column"),
            (std::vector<std::string>{"s", "s", "s", "s", "k", "k", "g", "t", "t", "t", "c", "c"}));
  EXPECT_EQ(test::texts_of(*table, "reason")[3], "score is no whole number");
}

}  // namespace
}  // namespace patron::internal
