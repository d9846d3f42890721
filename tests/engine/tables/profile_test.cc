// Profiles: values with where they come from and how new the facts behind them are.
#include "lib/engine/tables/profile.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "patron/engine.h"
#include "patron/time.h"

namespace patron::internal {
namespace {

constexpr std::string_view kShop = R"json({"patron": 1, "name": "shop", "version": "7",
  "money": {"scale": 2}, "customer": {"id": "int64"},
  "streams": {"orders": {"columns": {"category": "enum"}}, "interactions": {}, "surveys": {}},
  "attributes": {"city": {"type": "string", "category": "basic", "label": "Town"}},
  "tags": [
    {"name": "spend", "category": "value", "metric": {"sum": "orders.amount", "window": "30d"}},
    {"name": "toys", "metric": {"count": "orders", "where": "category == 'toys'"}},
    {"name": "views", "metric": {"count": "interactions"}},
    {"name": "part", "metric": {"ratio": ["toys", "spend"]}},
    {"name": "busy", "expression": "views > 0 || spend > 5"},
    {"name": "card", "scorecard": [{"when": "has(city)", "points": 1},
      {"stream": "orders", "where": "category == 'toys'", "points": 2}]}],
  "models": {"rfm": {}, "nps": {"window": "365d"},
             "score": {"of": ["views", "spend"], "weights": "entropy"}},
  "classifications": [
    {"name": "segment", "kind": "grid", "table": "rfm.eleven"},
    {"name": "tier", "kind": "ladder", "classes": [{"name": "gold", "enter": "spend > 5"}, {"name": "rest"}]}]
})json";

class Profiles : public ::testing::Test {
 protected:
  void SetUp() override {
    const CheckedPolicy checked = Policy::check(kShop);
    for (const PolicyFinding& finding : checked.findings) {
      ASSERT_NE(finding.severity, Severity::kError) << finding.pointer << ": " << finding.message;
    }
    policy.emplace(*checked.policy);
    engine.emplace(*Engine::open(*policy));
    using Texts = std::vector<std::string>;
    TableBuilder orders;
    orders.int64("customer", {1, 1, 1})
        .timestamps("time", {10 * kMicrosPerDay, 20 * kMicrosPerDay, 99 * kMicrosPerDay}, "UTC");
    orders.doubles("amount", {10, 20, 30}).strings("category", Texts{"toys", "art", "art"});
    ASSERT_TRUE(engine->ingest("orders", *orders.finish()).ok());
    TableBuilder city;
    city.int64("customer", {1, 2})
        .timestamps("time", {5 * kMicrosPerDay, 6 * kMicrosPerDay}, "UTC");
    ASSERT_TRUE(engine->set_attributes(*city.strings("city", Texts{"Ulm", "Bonn"}).finish()).ok());
    ASSERT_TRUE(engine->advance(30 * kMicrosPerDay).ok());
  }
  const ProfileValue& value(std::string_view name, int64_t customer = 1) {
    const Result<Profile> read = engine->profile({customer, {}});
    EXPECT_TRUE(read.ok());
    profile = *read;
    size_t i = 0;
    while (profile.values[i].name != name) ++i;
    return profile.values[i];
  }
  std::optional<Policy> policy;
  std::optional<Engine> engine;
  Profile profile;
};

using Names = std::vector<std::string_view>;

TEST_F(Profiles, AMetricRestsOnTheNewestEventThatCounts) {
  EXPECT_EQ(value("spend").integer, 3000);
  EXPECT_EQ(value("spend").as_of, 20 * kMicrosPerDay) << "the order of day 99 waits";
  EXPECT_EQ(value("spend").from, Names{"orders"});
  EXPECT_EQ(value("spend").category, "value");
  EXPECT_EQ(value("toys").as_of, 10 * kMicrosPerDay) << "the order of day 20 does not count";
  EXPECT_EQ(value("views").integer, 0);
  EXPECT_TRUE(value("views").known);
  EXPECT_FALSE(value("views").as_of) << "a count of nothing rests on nothing";
}

TEST_F(Profiles, AnAttributeSaysSinceWhenItHolds) {
  const ProfileValue& city = value("city");
  EXPECT_EQ(city.text, "Ulm");
  EXPECT_EQ(city.label, "Town");
  EXPECT_EQ(city.from, Names{"city"});
  EXPECT_EQ(city.source, TagSource::kAttribute);
  EXPECT_EQ(city.as_of, 5 * kMicrosPerDay);
}

TEST_F(Profiles, AWithdrawnAttributeIsUnknownSinceThen) {
  const std::vector<std::optional<std::string>> none{std::nullopt};
  const auto city_at = [&](Micros time) {
    return *TableBuilder()
                .int64("customer", {1})
                .timestamps("time", {time}, "UTC")
                .strings("city", none)
                .finish();
  };
  ASSERT_TRUE(engine->set_attributes(city_at(7 * kMicrosPerDay)).ok());
  ASSERT_TRUE(engine->advance(31 * kMicrosPerDay).ok());
  EXPECT_EQ(value("city").text, "Ulm") << "a null says nothing by itself";
  const IngestOptions clear{.nulls = AttributeNulls::kClear};
  IngestReport report;
  ASSERT_TRUE(engine->set_attributes(city_at(4 * kMicrosPerDay), clear, &report).ok());
  EXPECT_EQ(report.accepted, 1);
  ASSERT_TRUE(engine->advance(32 * kMicrosPerDay).ok());
  EXPECT_EQ(value("city").text, "Ulm") << "it was withdrawn before it was set";
  ASSERT_TRUE(engine->set_attributes(city_at(40 * kMicrosPerDay), clear).ok());
  ASSERT_TRUE(engine->advance(39 * kMicrosPerDay).ok());
  EXPECT_TRUE(value("city").known) << "the withdrawal waits";
  EXPECT_EQ(value("card").number, 3);
  ASSERT_TRUE(engine->advance(40 * kMicrosPerDay).ok());
  EXPECT_FALSE(value("city").known);
  EXPECT_FALSE(value("city").as_of) << "what is unknown rests on nothing";
  EXPECT_EQ(value("card").number, 2) << "has(city) is false";
  EXPECT_EQ(value("city", 2).text, "Bonn");
}

TEST_F(Profiles, WhatIsMadeOfOthersIsAsNewAsTheNewest) {
  EXPECT_EQ(value("part").from, (Names{"toys", "spend"}));
  EXPECT_EQ(value("part").as_of, 20 * kMicrosPerDay);
  EXPECT_EQ(value("busy").from, (Names{"views", "spend"}));
  EXPECT_EQ(value("busy").as_of, 20 * kMicrosPerDay);
  EXPECT_EQ(value("card").from, (Names{"orders", "city"}));
  EXPECT_EQ(value("card").as_of, 10 * kMicrosPerDay);
  EXPECT_EQ(value("tier").text, "gold");
  EXPECT_EQ(value("tier").as_of, 20 * kMicrosPerDay);
  EXPECT_EQ(value("card", 2).as_of, 6 * kMicrosPerDay);
  EXPECT_FALSE(value("part", 2).known);
  EXPECT_FALSE(value("part", 2).as_of);
}

TEST_F(Profiles, OutputsOfModelsRestOnTheStreamThatTheModelReads) {
  const ProfileSources sources(policy->data());
  const auto names = [&](std::string_view name) {
    size_t i = 0;
    while (policy->data().values[i].tag.name != name) ++i;
    return Names(sources.names(i).begin(), sources.names(i).end());
  };
  EXPECT_EQ(names("rfm.f"), Names{"orders"});
  EXPECT_EQ(names("segment"), Names{"orders"});
  EXPECT_EQ(names("nps.class"), Names{"surveys"});
  EXPECT_EQ(names("score"), (Names{"views", "spend"}));
  EXPECT_EQ(names("score.coverage"), (Names{"views", "spend"}));
  const std::vector<MetricValue> none(policy->data().values.size());
  const auto as_of = sources.as_of(none, [](int stream) -> std::optional<Micros> {
    return stream == 0 ? std::optional<Micros>(7) : std::nullopt;
  });
  for (size_t i = 0; i < none.size(); ++i) {
    const std::string& name = policy->data().values[i].tag.name;
    EXPECT_EQ(as_of[i].has_value(), name.starts_with("rfm.") || name.starts_with("segment"))
        << name;
  }
}

TEST_F(Profiles, SayOfWhichCustomerPolicyAndInstantTheyAre) {
  value("spend");
  EXPECT_EQ(profile.customer.number, 1);
  EXPECT_EQ(profile.at, 30 * kMicrosPerDay);
  EXPECT_EQ(profile.policy, "shop");
  EXPECT_EQ(profile.version, "7");
  ASSERT_GT(profile.values.size(), policy->tags().size());
  for (size_t i = 0; i < profile.values.size(); ++i) {
    if (i < policy->tags().size()) {
      EXPECT_EQ(profile.values[i].name, policy->tags()[i].name);
    } else {
      EXPECT_EQ(profile.values[i].source, TagSource::kHistory);
    }
  }
  const Result<Profile> nobody = engine->profile({77, {}});
  ASSERT_FALSE(nobody.ok());
  EXPECT_EQ(nobody.status().code(), Code::kArgument);
  EXPECT_EQ(nobody.status().message(), "there is no customer 77");
}

}  // namespace
}  // namespace patron::internal
