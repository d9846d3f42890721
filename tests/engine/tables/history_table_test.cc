// Tags of what a customer's way through a classification was: hand cases, and the law that they say
// what her transitions say.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "patron/engine.h"
#include "tests/engine/shop.h"

namespace patron {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): the shop's words

// The shop with audiences that read the way through its tiers.
std::string club_text() {
  std::string text = shop_text();
  const std::string_view end = "]}]}";
  text.resize(text.size() - end.size());
  return text + R"json(,
        {"name": "regular", "enter": "tier.time_in >= days(30) && tier != 'guest'"},
        {"name": "fallen", "enter": "tier.previous == 'gold' && tier.moves >= 3"},
        {"name": "former", "enter": "tier.highest == 'gold' && tier != 'gold'"},
        {"name": "newer", "enter": "tier.since >= timestamp('2026-03-01T00:00:00Z')"}]},
      {"name": "size", "kind": "bands", "of": "spend", "cuts": [100, 500],
       "classes": ["small", "middle", "large"]}]})json";
}

// A cell of a table as text; empty where it is null.
std::string cell(const Table& table, const std::string& name, int64_t row) {
  const int column = table.find(name);
  EXPECT_GE(column, 0) << name;
  const Chunk& chunk = table.chunks(column)[0];
  if (!chunk.valid(row)) return "";
  if (chunk.bytes == nullptr) {
    return std::to_string(static_cast<const int64_t*>(chunk.values)[chunk.offset + row]);
  }
  const auto* ends = static_cast<const int64_t*>(chunk.offsets) + chunk.offset + row;
  return {reinterpret_cast<const char*>(chunk.bytes) + ends[0],
          static_cast<size_t>(ends[1] - ends[0])};
}

std::string value_text(const ProfileValue& value) {
  if (!value.known) return "";
  return value.kind == Kind::kEnum ? value.text : std::to_string(value.integer);
}

const std::vector<std::string> kTags{".previous", ".since", ".time_in", ".highest", ".moves"};

TEST(HistoryTags, AreReadByLaterClassesAtTheExactInstant) {
  Engine engine = *Engine::open(checked_policy(club_text()));
  // Silver on 10 January, gold on 5 March; 300 leave on 10 April, 1,200 on 3 June, and grace ends
  // on 3 July.
  expect_ok(engine.ingest(
      "orders", orders({{1, at("2026-01-10"), 300, "a"}, {1, at("2026-03-05"), 1200, "b"}})));
  expect_ok(engine.advance(at("2026-12-31")));
  std::vector<std::string> moves;
  for (const std::string& move : said(engine.transitions())) {
    if (move.find("size") == std::string::npos && move.find("sleepers") == std::string::npos) {
      moves.push_back(move);
    }
  }
  EXPECT_EQ(moves,
            (std::vector<std::string>{"1 tier:  -> silver at 2026-01-10T00:00:00Z, event",
                                      "1 audience:  -> regular at 2026-02-09T00:00:00Z, time",
                                      "1 tier: silver -> gold at 2026-03-05T00:00:00Z, event",
                                      "1 audience: regular ->  at 2026-03-05T00:00:00Z, event",
                                      "1 audience:  -> newer at 2026-03-05T00:00:00Z, event",
                                      "1 audience:  -> regular at 2026-04-04T00:00:00Z, time",
                                      "1 tier: gold -> guest at 2026-07-03T00:00:00Z, time",
                                      "1 audience: regular ->  at 2026-07-03T00:00:00Z, time",
                                      "1 audience:  -> fallen at 2026-07-03T00:00:00Z, time",
                                      "1 audience:  -> former at 2026-07-03T00:00:00Z, time"}));
}

TEST(HistoryTags, AreColumnsOfATable) {
  Engine engine = *Engine::open(checked_policy(club_text()));
  expect_ok(engine.ingest("orders", orders({{1, at("2026-01-10"), 300, "a"},
                                            {1, at("2026-03-05"), 1200, "b"},
                                            {2, at("2026-03-06"), 5, "c"}})));
  expect_ok(engine.advance(at("2026-03-07")));
  const Table table = *engine.history_table();
  ASSERT_EQ(table.columns(), 11) << "two classifications; flags have none";
  const auto row = [&](const std::string& name, int64_t at) {
    std::vector<std::string> out;
    for (const std::string& tag : kTags) out.push_back(cell(table, name + tag, at));
    return out;
  };
  using Row = std::vector<std::string>;
  const auto micros = [](Micros t) { return std::to_string(t); };
  const std::string since = micros(at("2026-03-05"));
  EXPECT_EQ(row("tier", 0), (Row{"silver", since, micros(2 * kDay), "gold", "2"}));
  EXPECT_EQ(row("size", 0), (Row{"middle", since, micros(2 * kDay), "large", "2"}));
  EXPECT_EQ(row("tier", 1), (Row{"", micros(at("2026-03-06")), micros(kDay), "guest", "1"}));
  EXPECT_EQ(row("size", 1), (Row{"", micros(at("2026-03-06")), micros(kDay), "small", "1"}));
}

// A second way: from the transitions, as a reader of them would tell it.
TEST(HistoryTags, SayWhatTheTransitionsSayInTablesAndProfiles) {
  const Policy policy = checked_policy(club_text());
  for (uint64_t seed = 1; seed <= 12; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    Engine engine = *Engine::open(policy);
    live(engine, random_lives(random, 6, 60));
    expect_ok(engine.advance(at("2026-02-01") + static_cast<Micros>(random() % 300) * kDay));
    if (seed % 2 == 0) {
      Override pin;
      pin.classification = "tier", pin.to = "gold";
      const Status pinned = engine.set_override(id(static_cast<int64_t>(random() % 6)), pin);
      if (pinned.ok()) expect_ok(engine.advance(engine.clock() + 10 * kDay));
    }
    ProfilesOptions options;
    for (const std::string& tag : kTags) {
      options.tags.push_back("tier" + tag), options.tags.push_back("size" + tag);
    }
    const Table table = *engine.history_table(), profiles = *engine.profiles(options);
    ASSERT_EQ(table.rows(), engine.customers());
    const auto* ids = static_cast<const int64_t*>(table.chunks(0)[0].values);
    for (int64_t row = 0; row < table.rows(); ++row) {
      const Profile profile = *engine.profile(id(ids[row]));
      for (const std::string& name : {std::string("tier"), std::string("size")}) {
        const std::vector<std::string> best_first =
            name == "tier" ? std::vector<std::string>{"gold", "silver", "guest"}
                           : std::vector<std::string>{"large", "middle", "small"};
        std::string previous;
        size_t best = best_first.size() - 1;
        Micros since = 0;
        int64_t moves = 0;
        for (const Transition& t : engine.history(id(ids[row]))) {
          if (t.classification != name) continue;
          previous = t.from, since = t.at, ++moves;
          const auto to = std::find(best_first.begin(), best_first.end(), t.to);
          best = std::min(best, static_cast<size_t>(to - best_first.begin()));
        }
        if (moves == 0) continue;  // none of her facts has taken effect
        const std::vector<std::string> want{previous, std::to_string(since),
                                            std::to_string(engine.clock() - since),
                                            best_first[best], std::to_string(moves)};
        for (size_t i = 0; i < kTags.size(); ++i) {
          EXPECT_EQ(cell(table, name + kTags[i], row), want[i]) << name << kTags[i];
          EXPECT_EQ(cell(profiles, name + kTags[i], row), want[i]) << name << kTags[i];
          bool found = false;
          for (const ProfileValue& value : profile.values) {
            if (value.name != name + kTags[i]) continue;
            found = true;
            EXPECT_EQ(value_text(value), want[i]) << value.name;
            EXPECT_EQ(value.source, TagSource::kHistory);
          }
          EXPECT_TRUE(found);
        }
      }
    }
  }
}

TEST(HistoryTags, ManyStepsOfTheClockAreOne) {
  const Policy policy = checked_policy(club_text());
  for (uint64_t seed = 1; seed <= 6; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    const Lives lives = random_lives(random, 4, 40);
    Engine one = *Engine::open(policy), steps = *Engine::open(policy);
    live(one, lives), live(steps, lives);
    expect_ok(one.advance(at("2027-01-01")));
    for (Micros t = at("2026-01-01"); t <= at("2027-01-01"); t += 31 * kMicrosPerHour) {
      expect_ok(steps.advance(t));
    }
    expect_ok(steps.advance(at("2027-01-01")));
    EXPECT_EQ(said(one.transitions()), said(steps.transitions()));
    EXPECT_EQ(one.state_hash(), steps.state_hash());
  }
}

TEST(HistoryTags, OfLinkedCustomersAreTheSurvivors) {
  Engine engine = *Engine::open(checked_policy(club_text()));
  expect_ok(engine.ingest("orders", orders({{1, at("2026-01-10"), 5, "a"},
                                            {2, at("2026-01-10"), 5, "b"},
                                            {2, at("2026-01-20"), 1200, "c"}})));
  expect_ok(engine.advance(at("2026-02-01")));
  ASSERT_TRUE(engine.link(id(1), id(2)).ok());
  expect_ok(engine.advance(at("2026-02-02")));
  // The merge made her gold, from guest: two moves of her own.
  const Table table = *engine.history_table();
  ASSERT_EQ(table.rows(), 1);
  EXPECT_EQ(cell(table, "tier.previous", 0), "guest");
  EXPECT_EQ(cell(table, "tier.highest", 0), "gold");
  EXPECT_EQ(cell(table, "tier.moves", 0), "2");
  ASSERT_TRUE(engine.forget(id(1)));
  EXPECT_EQ(engine.history_table()->rows(), 0);
}

TEST(HistoryTags, AreLeftOutOfWhatAPolicyListsUnlessItReadsThem) {
  const auto lists = [](const Policy& policy, std::string_view name) {
    bool found = false;
    for (const PolicyTag& tag : policy.tags()) found = found || tag.name == name;
    return found;
  };
  EXPECT_FALSE(lists(shop(), "tier.since"));
  const Policy club = checked_policy(club_text());
  EXPECT_TRUE(lists(club, "tier.since"));
  EXPECT_TRUE(lists(club, "tier.time_in"));
  EXPECT_FALSE(lists(club, "size.moves"));
  Engine engine = *Engine::open(shop());
  expect_ok(engine.ingest("orders", orders({{1, at("2026-01-10"), 300, "a"}})));
  expect_ok(engine.advance(at("2026-01-11")));
  EXPECT_LT(engine.profiles()->find("tier.since"), 0);
}

TEST(HistoryTags, OfAClassificationThatItDecidesWouldBeACircle) {
  const auto first_error = [](const std::string& enter) {
    const CheckedPolicy checked = Policy::check(
        R"json({"patron": 1, "name": "p", "streams": {"orders": {}},
            "tags": [{"name": "n", "metric": {"count": "orders"}}],
            "classifications": [{"name": "tier", "kind": "ladder", "classes": [
              {"name": "gold", "enter": ")json" +
        enter + R"json("}, {"name": "rest"}]},
             {"name": "audience", "kind": "flags", "classes": [
              {"name": "many", "enter": "n > 5"}]}]})json");
    for (const PolicyFinding& finding : checked.findings) {
      if (finding.severity == Severity::kError) return finding.code;
    }
    return std::string();
  };
  EXPECT_EQ(first_error("n > 1"), "");
  EXPECT_EQ(first_error("n > 1 && tier.moves < 3"), "cycle");
  EXPECT_EQ(first_error("n > 1 && audience.moves < 3"), "expression.type")
      << "flags have no history";
}

// Silver by herself since 10 January; people say guest in February. What she is seen to be she is
// since the last transition.
TEST(HistoryTags, AfterAnOverrideSheIsInHerClassSinceItWasSeen) {
  Engine engine = *Engine::open(shop());
  expect_ok(engine.ingest("orders", orders({{1, at("2026-01-10"), 300, "a"}})));
  expect_ok(engine.advance(at("2026-02-01")));
  Override pin;
  pin.classification = "tier", pin.to = "guest", pin.until = at("2026-03-01");
  expect_ok(engine.set_override(id(1), pin));
  expect_ok(engine.advance(at("2026-03-11")));
  const std::string march = std::to_string(at("2026-03-01"));
  EXPECT_EQ(cell(*engine.classes(), "tier", 0), "silver");
  EXPECT_EQ(cell(*engine.classes(), "tier_since", 0), march);
  const Table table = *engine.history_table();
  EXPECT_EQ(cell(table, "tier.since", 0), march);
  EXPECT_EQ(cell(table, "tier.time_in", 0), std::to_string(10 * kDay));
  EXPECT_EQ(cell(table, "tier.previous", 0), "guest");
  EXPECT_EQ(cell(table, "tier.moves", 0), "3");
  EXPECT_EQ(engine.explain(id(1), "tier")->since, at("2026-03-01"));
}

// A class that comes with a link comes with its own since, and what a link did goes with it.
TEST(HistoryTags, AreGivenBackByAnUnlink) {
  Engine engine = *Engine::open(shop());
  expect_ok(engine.ingest(
      "orders", orders({{1, at("2026-01-10"), 300, "a"}, {2, at("2026-01-20"), 1500, "b"}})));
  expect_ok(engine.advance(at("2026-02-01")));
  ASSERT_TRUE(engine.link(id(1), id(2)).ok());
  expect_ok(engine.advance(at("2026-02-10")));
  Table table = *engine.history_table();
  EXPECT_EQ(cell(*engine.classes(), "tier", 0), "gold");
  EXPECT_EQ(cell(table, "tier.since", 0), std::to_string(at("2026-01-20")));
  EXPECT_EQ(cell(table, "tier.previous", 0), "silver");
  EXPECT_EQ(cell(table, "tier.moves", 0), "2");
  expect_ok(engine.unlink(id(1), id(2)));
  const Engine restarted = *Engine::load(engine.save());
  EXPECT_EQ(restarted.state_hash(), engine.state_hash());
  expect_ok(engine.advance(at("2026-02-20")));
  table = *engine.history_table();
  const std::vector<std::string> classes{"silver", "gold"};
  const std::vector<Micros> since{at("2026-01-10"), at("2026-01-20")};
  for (int64_t row = 0; row < 2; ++row) {
    const auto at_row = static_cast<size_t>(row);
    EXPECT_EQ(cell(*engine.classes(), "tier", row), classes[at_row]);
    EXPECT_EQ(cell(table, "tier.since", row), std::to_string(since[at_row]));
    EXPECT_EQ(cell(table, "tier.previous", row), "");
    EXPECT_EQ(cell(table, "tier.highest", row), classes[at_row]);
    EXPECT_EQ(cell(table, "tier.moves", row), "1");
  }
  EXPECT_EQ(said(engine.transitions(2)),
            (std::vector<std::string>{"1 tier: silver -> gold at 2026-02-01T00:00:00Z, merge",
                                      "1 tier: gold -> silver at 2026-02-10T00:00:00Z, merge"}))
      << "what was seen stays seen";
}

}  // namespace
}  // namespace patron
