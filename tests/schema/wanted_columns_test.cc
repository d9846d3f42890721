#include "lib/schema/wanted_columns.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace patron::internal {
namespace {

TEST(WantedColumns, EveryKindHasItsWords) {
  std::set<std::string> all;
  for (const Kind kind :
       {Kind::kBool, Kind::kInt64, Kind::kDouble, Kind::kMoney, Kind::kString, Kind::kEnum,
        Kind::kEnumSet, Kind::kDate, Kind::kTimestamp, Kind::kDuration}) {
    all.insert(wanted_columns(kind));
  }
  EXPECT_EQ(all.size(), 9u) << "texts and enums are read from the same";
  EXPECT_EQ(all.count(""), 0u);
  EXPECT_STREQ(wanted_columns(Kind::kBool), "bool");
}

}  // namespace
}  // namespace patron::internal
