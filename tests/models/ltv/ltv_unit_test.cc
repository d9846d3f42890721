#include "patron/ltv_unit.h"

#include <gtest/gtest.h>

#include <string>

namespace {

using patron::Code;
using patron::LtvUnit;

TEST(LtvUnit, NamesReadBackAsTheUnit) {
  for (int i = 0; i < 6; ++i) {
    const auto unit = static_cast<LtvUnit>(i);
    EXPECT_EQ(*patron::parse_ltv_unit(patron::ltv_unit_name(unit)), unit);
  }
}

TEST(LtvUnit, TheMeanGregorianYearHas146097DaysIn400Years) {
  EXPECT_DOUBLE_EQ(patron::ltv_units_per_year(LtvUnit::kDay), 146097.0 / 400);
  EXPECT_DOUBLE_EQ(patron::ltv_units_per_year(LtvUnit::kHour), 146097.0 / 400 * 24);
  EXPECT_DOUBLE_EQ(patron::ltv_units_per_year(LtvUnit::kWeek), 146097.0 / 400 / 7);
  EXPECT_EQ(patron::ltv_units_per_year(LtvUnit::kMonth), 12);
  EXPECT_EQ(patron::ltv_units_per_year(LtvUnit::kQuarter), 4);
  EXPECT_EQ(patron::ltv_units_per_year(LtvUnit::kYear), 1);
}

TEST(LtvUnit, AnUnknownNameSaysWhichThereAre) {
  const auto unit = patron::parse_ltv_unit("fortnight");
  ASSERT_FALSE(unit.ok());
  EXPECT_EQ(unit.status().code(), Code::kArgument);
  EXPECT_NE(unit.status().message().find("fortnight"), std::string::npos);
  EXPECT_NE(unit.status().message().find("quarter"), std::string::npos);
}

}  // namespace
