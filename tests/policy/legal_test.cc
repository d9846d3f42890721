// Policies that use what docs/policy.md allows: a check refuses nothing of it, has no
// warning for what is meant, and what it lets pass is a fixed point with SQL and a schema.
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lib/policy/policy_data.h"
#include "patron/policy.h"

namespace patron {
namespace {

const std::map<std::string, std::string>& policies() {
  static const std::map<std::string, std::string> all{
      {"hotel", R"x({
  "$schema": "policy.schema.json", "patron": 1, "name": "hotel", "version": "2026-11", "timezone": "America/New_York",
  "label": {"en": "Hotel club", "fr": "Club"}, "money": {"currency": "USD", "scale": 2},
  "customer": {"id": "int64", "joined": "joined_on"},
  "streams": {"orders": {"key": "booking", "columns": {"nights": "int64", "category": {"type": "enum", "values": ["room", "spa", "dining"]}}},
              "stays": {"columns": {"nights": "int64", "city": "enum", "guest": {"type": "string", "personal": true}}}},
  "attributes": {"joined_on": {"type": "date"}, "invited": {"type": "bool", "on_null": "default", "default": false},
                 "birth_date": {"type": "date", "personal": true}},
  "tags": [
    {"name": "nights_year", "metric": {"sum": "stays.nights", "window": {"calendar": "year"}}},
    {"name": "nights_last_year", "metric": {"sum": "stays.nights", "window": {"calendar": "year", "previous": 1}}},
    {"name": "cities", "metric": {"distinct": "stays.city", "window": {"since": "join"}}},
    {"name": "favourite_cities", "metric": {"top": "stays.city", "n": 3}},
    {"name": "first_stay", "metric": {"first": "stays.time"}},
    {"name": "stay_streak", "metric": {"streak": "stays", "every": "1mo"}},
    {"name": "nights_in_tier", "metric": {"sum": "stays.nights", "window": {"since": {"class": "status"}}}},
    {"name": "summer", "metric": {"count": "stays", "window": {"from": "2026-06-01", "to": "2026-09-01"}}}],
  "classifications": [
    {"name": "status", "kind": "ladder", "on_unknown": "hold", "cap": {"moves": 1, "per": "1y"}, "classes": [
      {"name": "ambassador", "enter": "invited", "leave": {"at": "anniversary", "step": "one"}},
      {"name": "platinum", "enter": "nights_year >= 50 || nights_last_year >= 50", "keep": "nights_last_year >= 40",
       "leave": {"at": "year_end"}, "on_enter": ["gift"], "ahead": [{"lead": "30d", "action": "nudge"}]},
      {"name": "gold", "enter": "nights_year >= 20", "keep": "nights_last_year >= 20", "grace": "2mo", "leave": {"to": "member"},
       "on_stay": [{"after": "1y", "action": "gift"}], "on_leave": ["nudge"]},
      {"name": "silver", "enter": "nights_year >= 5", "min_dwell": "180d", "cool_down": "30d"},
      {"name": "member"}]}],
  "actions": {"gift": {"params": {"sku": 7}, "once": true, "delay": "1d", "priority": 5, "backfill": true},
              "nudge": {"control": 0.1, "cool_down": "60d"},
              "birthday": {"on_date": "birth_date", "every": "year", "lead": "7d", "where": "status != 'member'"},
              "check_in": {"on_date": "joined_on", "every": "3mo", "until": "2y"}}})x"},
      {"software", R"x({
  "patron": 1, "name": "software", "customer": {"id": "string"}, "money": {"currency": "EUR"},
  "streams": {"interactions": {"columns": {"feature": "enum", "ticket": "string"}}, "surveys": {}, "costs": {}},
  "attributes": {"plan": {"type": "enum", "values": ["free", "team", "enterprise"], "ordered": true},
                 "renews_on": {"type": "timestamp"}, "seats": {"type": "int64"}, "sla": {"type": "duration"},
                 "owners": {"type": "enum_set", "values": ["ann", "bob"]}},
  "tags": [
    {"name": "active_days", "metric": {"days_active": "interactions", "window": "28d"}},
    {"name": "active_days_before", "metric": {"days_active": "interactions", "window": "28d", "offset": "28d"}},
    {"name": "open_tickets", "metric": {"open": "interactions", "where": "kind == 'opened'", "closed_by": "kind == 'solved'", "key": "ticket"}},
    {"name": "funnel", "metric": {"funnel": [{"name": "trial", "stream": "interactions", "where": "kind == 'trial'"},
                                             {"name": "paid", "stream": "interactions", "where": "kind == 'paid'"}], "within": "30d"}},
    {"name": "trend", "metric": {"trend": "interactions", "every": "1w", "n": 8}},
    {"name": "csat", "metric": {"mean": "surveys.score", "where": "kind == 'csat'", "window": "1y"}},
    {"name": "cost", "metric": {"sum": "costs.amount", "window": "12mo"}},
    {"name": "path", "metric": {"path": "interactions.kind", "n": 4}},
    {"name": "health", "scorecard": [
      {"when": "plan >= 'team' && has(renews_on)", "points": 10, "reason": "pays"},
      {"stream": "interactions", "where": "feature == 'export'", "points": 2, "cap": 20, "half_life": "14d"},
      {"stream": "interactions", "where": "kind == 'complaint'", "points": -5, "cap": -25}]},
    {"name": "use", "metric": {"ratio": ["active_days", "active_days_before"]}},
    {"name": "renews_soon", "expression": "renews_on - days(60) <= now && now < renews_on"}],
  "models": {"nps": {"window": "1y"}, "fit": {"of": ["active_days", "csat", "health"], "weights": [3, 1, 2], "min_customers": 50}},
  "calibrate": {"every": "week", "min_customers": 100},
  "classifications": [
    {"name": "stage", "kind": "first_match", "on_unknown": "hold", "classes": [
      {"name": "at risk", "enter": "renews_soon && (health < 10.0 || open_tickets > 3)", "min_dwell": "7d"},
      {"name": "trial", "enter": "plan == 'free' || plan == null", "leave": "now"},
      {"name": "growing", "enter": "use > 1.2", "keep": "use > 1.0"}, {"name": "steady"}]},
    {"name": "grade", "kind": "bands", "of": "fit", "cuts": [0.25, 0.5, 0.75], "hysteresis": 0.1, "grace": "7d", "classes": ["D", "C", "B", {"name": "A", "label": "best"}]},
    {"name": "care", "kind": "rank", "by": "cost", "where": "plan == 'enterprise' && 'ann' in owners", "classes": [
      {"name": "desk", "top": 20, "min_dwell": "90d"}, {"name": "tenth", "top_percent": 10}, {"name": "rest"}]}]})x"},
      {"grocer", R"x({
  "patron": 1, "name": "grocer", "timezone": "Asia/Tokyo", "money": {"currency": "JPY", "scale": 0},
  "streams": {"orders": {"zero_amounts": "count", "columns": {"coupon": "bool"}}, "interactions": {}, "referrals": {}},
  "identities": {"keys": ["card", "phone"]},
  "tags": [
    {"name": "points", "metric": {"points": "orders", "each": "amount > 0 ? double(amount) / 100.0 : 0.0", "where": "category != 'tobacco' || category == null",
                                  "cap": {"points": 500, "per": "1mo"}, "expires": "1y", "inactivity": {"after": "90d", "lose": 0.25}}},
    {"name": "carts_left", "metric": {"count": "interactions", "where": "kind == 'cart'", "window": "30d",
                                      "not_followed_by": {"stream": "orders", "within": "24h", "same": "category"}}},
    {"name": "cycle", "metric": {"gap_median": "orders", "window": "1y"}}, {"name": "spread", "metric": {"gap_cv": "orders"}},
    {"name": "last_order", "metric": {"last": "orders.time", "where": "amount > 0"}},
    {"name": "coupon_share", "metric": {"share": "orders.amount", "where": "coupon", "window": "180d"}},
    {"name": "referred", "metric": {"count": "referrals"}},
    {"name": "spend", "metric": {"sum": "orders.amount", "window": "1y"}},
    {"name": "worth", "plain_ltv": {"annual_spend": "spend", "years": 3, "margin": 0.22}},
    {"name": "overdue", "expression": "has(cycle) && age(last_order) > cycle * 2"}],
  "models": {"rfm": {"window": "1y", "scores": 5, "method": "nearest_rank", "octant": "median"},
             "ltv": {"model": "pareto_nbd", "spend": "gamma_gamma", "unit": "day", "horizon": "90d"},
             "mix": {"of": ["points", "ltv.value"], "weights": {"ahp": [[1, 2], [0.5, 1]]}}},
  "classifications": [
    {"name": "segment", "kind": "grid", "table": "rfm.eleven", "classes": [{"name": "Champions", "on_enter": ["thank"]}]},
    {"name": "audience", "kind": "flags", "classes": [
      {"name": "coupon hunters", "enter": "coupon_share > 0.8", "keep": "coupon_share > 0.5", "grace": "1mo", "cool_down": "1mo"},
      {"name": "overdue", "enter": "overdue && rfm.segment in ['Loyal', 'Champions']"},
      {"name": "leaving", "enter": "ltv.p_alive < 0.3 && rfm.octant == '重要保持'"}]}],
  "actions": {"thank": {}}})x"},
      {"airline", R"x({
  "patron": 1, "name": "airline", "timezone": "Europe/London",
  "streams": {"flights": {"key": "ticket", "columns": {"miles": {"type": "int64"}, "cabin": {"type": "enum", "values": ["Y", "J", "F"], "ordered": true}}}},
  "attributes": {"lifetime_floor": {"type": "bool"}, "since": {"type": "timestamp"}},
  "tags": [
    {"name": "miles_12mo", "metric": {"sum": "flights.miles", "window": "12mo"}},
    {"name": "segments_12mo", "metric": {"count": "flights", "window": "12mo", "where": "cabin >= 'J' || miles > 500"}},
    {"name": "best_cabin", "metric": {"top": "flights.cabin"}},
    {"name": "longest", "metric": {"max": "flights.miles"}},
    {"name": "quiet", "metric": {"gap_last": "flights"}}],
  "classifications": [
    {"name": "tier", "kind": "ladder", "classes": [
      {"name": "gold", "enter": "miles_12mo >= 50000 || segments_12mo >= 50 || or_else(lifetime_floor, false)",
       "keep": "miles_12mo >= 40000 || segments_12mo >= 40 || or_else(lifetime_floor, false)", "grace": "3mo", "leave": {"at": "month_end", "step": "one"}},
      {"name": "silver", "enter": "miles_12mo >= 25000 || segments_12mo >= 25", "keep": "miles_12mo >= 20000 || segments_12mo >= 20",
       "leave": {"at": "class_anniversary"}},
      {"name": "blue"}]},
    {"name": "life", "kind": "first_match", "classes": [
      {"name": "new", "enter": "since + months(3) > now"}, {"name": "gone", "enter": "quiet > days(730)"},
      {"name": "gold flyers", "enter": "tier == 'gold'"}, {"name": "others"}]}]})x"},
      {"smallest", R"x({"patron": 1, "name": ""})x"}};
  return all;
}

TEST(LegalPolicies, AreSoundWithoutErrorsOrWarnings) {
  for (const auto& [name, text] : policies()) {
    const CheckedPolicy checked = Policy::check(text);
    std::vector<PolicyFinding> said;
    for (const PolicyFinding& one : checked.findings) {
      if (one.severity != Severity::kNote) said.push_back(one);
    }
    EXPECT_TRUE(checked.policy && said.empty()) << name << "\n"
                                                << format_findings(name, text, said);
  }
}

// On a customer of whom nothing is known, and on one of whom everything is: 1, or the first value.
void runs(const std::optional<Expression>& expression, const std::string& name) {
  if (!expression) return;
  const Micros now = *parse_time("2026-11-28", TimeZone());
  std::vector<Cell> nobody, somebody;
  for (const FieldSpec& field : expression->schema().fields()) {
    nobody.emplace_back();
    somebody.push_back(
        {true, 1, 1, field.values.empty() ? std::string_view("x") : field.values[0]});
  }
  for (const std::vector<Cell>& row : {nobody, somebody}) {
    const Result<Cell> value = expression->evaluate_row(row, now);
    EXPECT_TRUE(value.ok()) << name << ": " << expression->text();
    EXPECT_TRUE(expression->explain(row, now).ok()) << name;
    const Result<Breakpoints> times = expression->breakpoints(row, now);
    // A condition of which no time is said to be unsolved is solved.
    EXPECT_TRUE(times.ok() && (times->solved || expression->kind() != Kind::kBool))
        << name << ": " << expression->text();
  }
}

// What checks without an error does not fail later.
TEST(LegalPolicies, CanBeReadAgainAndEveryConditionRuns) {
  for (const auto& [name, text] : policies()) {
    const Policy policy = *Policy::parse(text);
    const Policy again = *Policy::parse(policy.to_json());
    EXPECT_EQ(again.hash(), policy.hash());
    for (const internal::PolicyClassificationData& all : policy.data().classifications) {
      for (const internal::PolicyClass& one : all.classes) {
        runs(one.enter, name + "/" + one.name);
        runs(one.keep, name + "/" + one.name);
      }
      runs(all.where, name);
    }
    for (const internal::PolicyValue& value : policy.data().values) {
      runs(value.expression, name + "/" + value.tag.name);
      for (const internal::PolicyScorecardRow& row : value.scorecard) runs(row.when, name);
    }
    for (const internal::PolicyAction& action : policy.data().actions) runs(action.where, name);
    for (const PolicyClassification& one : policy.classifications()) {
      const Result<std::string> sql = policy.to_sql(one.name, SqlDialect::kPostgresql);
      EXPECT_TRUE(sql.ok() || sql.status().code() == Code::kUnsupported) << one.name;
    }
  }
}

}  // namespace
}  // namespace patron
