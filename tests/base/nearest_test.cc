#include "lib/base/nearest.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace patron::internal {
namespace {

constexpr std::array<std::string_view, 3> kColumns{"customer", "time", "amount"};

TEST(Nearest, OneSwapOneMissingAndOneExtraLetterAreFound) {
  EXPECT_EQ(nearest_name("amuont", kColumns), "amount");
  EXPECT_EQ(nearest_name("custmer", kColumns), "customer");
  EXPECT_EQ(nearest_name("timee", kColumns), "time");
}

TEST(Nearest, CaseIsFree) { EXPECT_EQ(nearest_name("CUSTOMER", kColumns), "customer"); }

TEST(Nearest, ANameUnlikeAllOthersHasNoNeighbour) {
  EXPECT_EQ(nearest_name("price", kColumns), "");
  EXPECT_EQ(nearest_name("warehouse_region", kColumns), "");
  EXPECT_EQ(nearest_name("amount", {}), "");
}

TEST(Nearest, TheFirstOfTwoEquallyNearWins) {
  constexpr std::array<std::string_view, 2> both{"cat", "car"};
  EXPECT_EQ(nearest_name("cab", both), "cat");
}

TEST(Nearest, OnlyTheFirst64BytesCount) {
  const std::string base(64, 'a');
  const std::string known = base + "xyz";
  const std::array<std::string_view, 1> names{known};
  EXPECT_EQ(nearest_name(base + "qrstuvw", names), known);
}

TEST(Nearest, TheMessagePartReadsAsAQuestion) {
  EXPECT_EQ(did_you_mean("amuont", kColumns), "; did you mean \"amount\"?");
  EXPECT_EQ(did_you_mean("zzzzzz", kColumns), "");
}

TEST(Nearest, WhatThereIsIsListed) {
  EXPECT_EQ(known_names("amuont", "columns", kColumns),
            "; did you mean \"amount\"? The columns are \"customer\", \"time\", \"amount\"");
  EXPECT_EQ(known_names("zzzzzz", "columns", kColumns),
            "; the columns are \"customer\", \"time\", \"amount\"");
  EXPECT_EQ(known_names("amuont", "classes", {}), "; there are no classes");
}

TEST(Nearest, OfManyTheNearestAreListed) {
  std::vector<std::string> names;
  for (int i = 0; i < 100; ++i) names.push_back("column " + std::string(40, 'x'));
  names[40] = "city", names[70] = "cities";
  const std::vector<std::string_view> known(names.begin(), names.end());
  const std::string out = known_names("citty", "columns", known);
  EXPECT_EQ(out.find("; did you mean \"city\"? The columns are \"city\", \"cities\", \"column"), 0U)
      << out;
  EXPECT_NE(out.find(" and 80 more"), std::string::npos) << out;
}

}  // namespace
}  // namespace patron::internal
