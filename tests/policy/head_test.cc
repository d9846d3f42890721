#include "tests/policy/said.h"

namespace patron {
namespace {

using test::Said;
using test::said_of;
using test::said_of_text;

TEST(PolicyHead, WantsAFormatAndAName) {
  EXPECT_EQ(said_of_text("{}"), (Said{"missing_key ", "missing_key "}));
  EXPECT_EQ(said_of_text(R"({"patron": 1, "name": "x"})"), Said{});
  EXPECT_EQ(said_of_text("[]"), Said{"type "});
}

TEST(PolicyHead, TheDateOfJoiningIsAnAttribute) {
  const auto joined = [](const std::string& type) {
    return said_of_text(R"({"patron": 1, "name": "x", "customer": {"id": "string", "joined": "j"},
        "attributes": {"j": {"type": ")" +
                        type + R"("}}})");
  };
  EXPECT_EQ(joined("date"), Said{});
  EXPECT_EQ(joined("int64"), Said{"type /customer/joined"});
}

TEST(PolicyHead, CalibrationCountsCustomers) {
  const std::string calibrate = R"("calibrate": {"every": "week", "min_customers": 500})";
  EXPECT_EQ(said_of(calibrate + R"(, "streams": {"orders": {}}, "models": {"rfm": {}})"), Said{});
  EXPECT_EQ(said_of(calibrate), Said{"unused_calibrate /calibrate"}) << "what should be?";
  EXPECT_EQ(said_of(R"("calibrate": {"every": "week", "min_customers": 0})"),
            Said{"value /calibrate/min_customers"});
}

TEST(PolicyHead, IdentityKeysAreNamesThatNoTableHas) {
  std::string said;
  EXPECT_EQ(
      test::said_of(R"("identities": {"keys": ["phone", "time", "customer", "e-mail"]})", &said),
      (test::Said{"name /identities/keys/1", "name /identities/keys/2",
                  "name /identities/keys/3"}));
  EXPECT_NE(said.find("\"time\" is a column of every table"), std::string::npos) << said;
}

}  // namespace
}  // namespace patron
