#include "lib/policy/classifications.h"

#include "tests/policy/said.h"

namespace patron {
namespace {

using test::Said;
using test::said_of_class;

TEST(Classifications, KeysGoWithTheirKind) {
  // docs/classifications.md: leave is of ladders and first matches, cap of ladders alone.
  EXPECT_EQ(said_of_class(R"({"name": "c", "kind": "ladder", "cap": {"moves": 1, "per": "90d"},
      "classes": [{"name": "a", "enter": "vip", "leave": {"at": "year_end"}}, {"name": "r"}]})"),
            Said{});
  EXPECT_EQ(said_of_class(R"({"name": "c", "kind": "first_match", "cap": {"moves": 1, "per": "90d"},
      "classes": [{"name": "a", "enter": "vip"}, {"name": "r"}]})"),
            Said{"key_not_allowed /classifications/0/cap"});
  EXPECT_EQ(said_of_class(R"({"name": "c", "kind": "rank", "by": "n", "classes": [
      {"name": "a", "share": 0.5, "enter": "vip"}, {"name": "r"}]})"),
            Said{"key_not_allowed /classifications/0/classes/0/enter"});
}

TEST(Classifications, AWayToLeaveIsOneOfThree) {
  const auto leave = [](const std::string& way) {
    return said_of_class(
        R"({"name": "c", "kind": "ladder", "classes": [{"name": "a", "enter": "vip",
        "grace": "9d", "leave": )" +
        way + R"(}, {"name": "b", "enter": "n > 1"}, {"name": "r"}]})");
  };
  EXPECT_EQ(leave(R"("now")"), Said{});
  EXPECT_EQ(leave(R"({"to": "r"})"), Said{});
  EXPECT_EQ(leave(R"({"at": "month_end", "step": "one"})"), Said{});
  EXPECT_EQ(leave(R"({"to": "r", "step": "one"})"),
            Said{"value /classifications/0/classes/0/leave"});
  EXPECT_EQ(leave("{}"), Said{"value /classifications/0/classes/0/leave"});
}

TEST(Classifications, KindsHaveTheirNames) {
  EXPECT_EQ(classification_kind_name(ClassificationKind::kFirstMatch), "first_match");
  EXPECT_EQ(classification_kind_name(ClassificationKind::kFlags), "flags");
}

TEST(Classifications, NoTwoGiveColumnsOfOneName) {
  const auto named = [](const char* first, const char* second, std::string* messages = nullptr) {
    const auto one = [](const std::string& name) {
      return R"({"name": ")" + name +
             R"(", "kind": "ladder", "classes": [{"name": "a", "enter": "n > 1"}, {"name": "b"}]})";
    };
    return test::said_of_class(one(first) + ", " + one(second), messages);
  };
  std::string said;
  EXPECT_EQ(named("x", "x_since", &said), test::Said{"name /classifications/1/name"});
  EXPECT_NE(said.find("\"x\" and \"x_since\" cannot both be classifications"), std::string::npos)
      << said;
  EXPECT_NE(said.find("rename one of the two"), std::string::npos) << said;
  EXPECT_EQ(named("x_since", "x"), test::Said{"name /classifications/1/name"});
  EXPECT_EQ(named("x", "y_since"), test::Said{});
  EXPECT_EQ(named("x", "x_since_then"), test::Said{});
}

}  // namespace
}  // namespace patron
