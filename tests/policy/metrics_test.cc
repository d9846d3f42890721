#include "tests/policy/said.h"

namespace patron {
namespace {

using test::Said;
using test::said_of_tag;

Said metric(const std::string& text) {
  return said_of_tag(R"x({"name": "t", "metric": )x" + text + "}");
}

TEST(Metrics, EveryVerbHasAFormThatIsSound) {
  for (
      const char* text :
      {R"({"count": "orders", "followed_by": {"stream": "interactions", "within": "24h", "same": "category"}})",
       R"({"sum": "orders.amount", "window": "90d", "offset": "90d"})",
       R"({"mean": "orders.quantity"})",
       R"({"min": "orders.time"})",
       R"({"max": "orders.amount"})",
       R"({"first": "orders.channel"})",
       R"({"last": "orders.time", "where": "amount > 0"})",
       R"({"distinct": "orders.category"})",
       R"({"days_active": "interactions"})",
       R"({"share": "orders.amount", "where": "category == 'own'"})",
       R"({"top": "orders.category", "by": "orders.amount", "n": 3})",
       R"({"streak": "orders", "every": "1mo"})",
       R"({"gap_last": "orders"})",
       R"({"gap_mean": "orders"})",
       R"({"gap_median": "orders"})",
       R"({"gap_cv": "orders"})",
       R"({"trend": "orders.amount", "every": "1mo", "n": 12})",
       R"({"ratio": ["a", "a"]})",
       R"({"open": "interactions", "where": "kind == 'cart'", "closed_by": "kind == 'paid'", "key": "category"})",
       R"({"funnel": [{"name": "seen", "stream": "interactions"}, {"name": "bought", "stream": "orders"}]})",
       R"({"path": "interactions.kind", "n": 4})",
       R"x({"points": "orders", "each": "double(amount) / 10.0", "cap": {"points": 100, "per": "1mo"},
             "expires": "1y", "inactivity": {"after": "30d", "lose": 0.25}})x"}) {
    EXPECT_EQ(metric(text), Said{}) << text;
  }
}

TEST(Metrics, RefusesWhatAVerbCannotDo) {
  EXPECT_EQ(metric(R"({"min": "orders.category"})"), Said{"type /tags/0/metric/min"});
  EXPECT_EQ(metric(R"({"count": "orders.amount"})"), Said{"value /tags/0/metric/count"});
  EXPECT_EQ(metric(R"({"streak": "orders"})"), Said{"missing_key /tags/0/metric"});
  EXPECT_EQ(metric(R"({"ratio": ["a"]})"), Said{"value /tags/0/metric/ratio"});
  EXPECT_EQ(metric(R"({"points": "orders", "each": "amount"})"), Said{"type /tags/0/metric/each"});
  const auto idle = [](const std::string& after, const std::string& lose) {
    return metric(
        R"json({"points": "orders", "each": "double(amount)", "inactivity": {"after": ")json" +
        after + R"(", "lose": )" + lose + "}}");
  };
  EXPECT_EQ(idle("23h", "0.5"), Said{"value /tags/0/metric/inactivity/after"});
  EXPECT_EQ(idle("24h", "0.5"), Said{});
  EXPECT_EQ(idle("1d", "1.5"), Said{"value /tags/0/metric/inactivity/lose"});
  EXPECT_EQ(metric(R"({"top": "orders.category", "by": "interactions.duration"})"),
            Said{"value /tags/0/metric/by"});
  EXPECT_EQ(metric(R"({"last": "orders.time", "where": "time < now"})").size(), 1U);
}

TEST(Metrics, OfReferralsSayOnWhichSideSheIs) {
  const auto referrals = [](const std::string& text) {
    return test::said_of(
        R"("streams": {"orders": {}, "referrals": {}}, "tags": [{"name": "t", "metric": )" + text +
        "}]");
  };
  EXPECT_EQ(referrals(R"({"count": "referrals", "side": "referrer"})"), Said{});
  EXPECT_EQ(referrals(R"({"first": "referrals.referrer", "side": "referred"})"), Said{});
  EXPECT_EQ(referrals(R"({"count": "referrals", "side": "both"})"),
            Said{"value /tags/0/metric/side"});
  EXPECT_EQ(referrals(R"({"count": "orders", "side": "referred"})"),
            Said{"key_not_allowed /tags/0/metric/side"});
}

}  // namespace
}  // namespace patron
