#include "tests/policy/said.h"

namespace patron {
namespace {

using test::Said;
using test::said_of_tag;

Said window(const std::string& text) {
  return said_of_tag(R"({"name": "t", "metric": {"count": "orders", "window": )" + text + "}}");
}

TEST(Windows, AreRollingCalendarSinceOrFixed) {
  for (const char* text :
       {R"("12mo")", R"({"calendar": "quarter"})", R"({"calendar": "year", "previous": 1})",
        R"({"since": "join"})", R"({"from": "2026-01-01"})",
        R"({"from": "2026-01-01", "to": "2026-07-01"})"}) {
    EXPECT_EQ(window(text), Said{}) << text;
  }
}

TEST(Windows, RefusesWhatIsNone) {
  EXPECT_EQ(window("90"), Said{"type /tags/0/metric/window"});
  EXPECT_EQ(window(R"("ninety days")"), Said{"period /tags/0/metric/window"});
  EXPECT_EQ(window("{}"), Said{"value /tags/0/metric/window"});
  EXPECT_EQ(window(R"({"since": "birth"})"), Said{"value /tags/0/metric/window/since"});
  EXPECT_EQ(window(R"({"calendar": "year", "previous": 0})"),
            Said{"value /tags/0/metric/window/previous"});
  EXPECT_EQ(window(R"({"from": "2026-1-1"})"), Said{"date /tags/0/metric/window/from"});
}

}  // namespace
}  // namespace patron
