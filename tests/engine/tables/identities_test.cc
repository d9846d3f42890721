// Which customer each id is now: hand cases, every link and unlink again from the list of links,
// and the law that the customers of the table are those of the classes.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "patron/engine.h"
#include "patron/engine_snapshot.h"
#include "tests/engine/random_engine_calls.h"
#include "tests/engine/shop.h"

namespace patron {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): the shop's words

std::string cell(const Table& table, int column, int64_t row) {
  const Chunk& chunk = table.chunks(column)[0];
  if (!chunk.valid(row)) return "(null)";
  if (table.field(column).type.type == Type::kInt64) {
    return std::to_string(static_cast<const int64_t*>(chunk.values)[chunk.offset + row]);
  }
  const auto* ends = static_cast<const int64_t*>(chunk.offsets) + chunk.offset + row;
  return {reinterpret_cast<const char*>(chunk.bytes) + ends[0],
          static_cast<size_t>(ends[1] - ends[0])};
}

using Rows = std::vector<std::pair<std::string, std::string>>;

Rows rows_of(const Result<Table>& table) {
  EXPECT_TRUE(table.ok()) << table.status().message();
  EXPECT_EQ(table->columns(), 2);
  EXPECT_EQ(table->field(0).name, "id");
  EXPECT_EQ(table->field(1).name, "customer");
  Rows rows;
  for (int64_t row = 0; row < table->rows(); ++row) {
    rows.emplace_back(cell(*table, 0, row), cell(*table, 1, row));
  }
  return rows;
}

std::set<std::string> customers_of(const Rows& rows) {
  std::set<std::string> out;
  for (const auto& [id, customer] : rows) out.insert(customer);
  return out;
}

std::set<std::string> customers_of_classes(const Table& classes) {
  std::set<std::string> out;
  for (int64_t row = 0; row < classes.rows(); ++row) out.insert(cell(classes, 0, row));
  return out;
}

CustomerId named(std::string_view text) { return {0, text}; }

Policy text_shop(const std::string& identity = {}) {
  std::string text = shop_text(identity);
  const std::string number = R"("id": "int64")";
  text.replace(text.find(number), number.size(), R"("id": "string")");
  return checked_policy(text);
}

Table text_visits(const std::vector<std::string>& customers) {
  TableBuilder builder;
  const std::vector<Micros> times(customers.size(), at("2026-01-02"));
  return *builder.strings("customer", customers).timestamps("time", times, "UTC").finish();
}

TEST(Identities, EachIdIsTheCustomerWhoStandsForIt) {
  Engine engine = *Engine::open(text_shop());
  expect_ok(engine.ingest("interactions", text_visits({"web:anna", "card:17", "app:3"})));
  EXPECT_EQ(rows_of(engine.identities()),
            (Rows{{"app:3", "app:3"}, {"card:17", "card:17"}, {"web:anna", "web:anna"}}));
  ASSERT_TRUE(engine.link(named("web:anna"), named("card:17")).ok());
  ASSERT_TRUE(engine.link(named("card:17"), named("shop:9")).ok());  // never sent before
  EXPECT_EQ(rows_of(engine.identities()), (Rows{{"app:3", "app:3"},
                                                {"card:17", "web:anna"},
                                                {"shop:9", "web:anna"},
                                                {"web:anna", "web:anna"}}));
  EXPECT_EQ(engine.customer_of(named("shop:9"))->text, "web:anna");
  expect_ok(engine.unlink(named("card:17"), named("web:anna")));
  EXPECT_EQ(engine.customer_of(named("shop:9"))->text, "card:17");
  EXPECT_EQ(engine.customer_of(named("web:anna"))->text, "web:anna");
  EXPECT_FALSE(engine.customer_of(named("web:ben"))) << "nobody sent it";
}

TEST(Identities, OfSomeIdsThereIsARowForEachInTheirOrder) {
  Engine engine = *Engine::open(text_shop());
  expect_ok(engine.ingest("interactions", text_visits({"a", "b", "c"})));
  ASSERT_TRUE(engine.link(named("c"), named("a")).ok());
  ASSERT_TRUE(engine.forget(named("b")));
  const std::vector<CustomerId> asked{named("c"), named("x"), named("a"), named("b"), named("a")};
  EXPECT_EQ(rows_of(engine.identities(asked)),
            (Rows{{"c", "c"}, {"x", "(null)"}, {"a", "c"}, {"b", "(null)"}, {"a", "c"}}));
  EXPECT_EQ(rows_of(engine.identities(std::vector<CustomerId>{})), Rows());
  EXPECT_EQ(rows_of(engine.identities()), (Rows{{"a", "c"}, {"c", "c"}}));
}

TEST(Identities, OfAnEngineWithoutCustomersAreNone) {
  const Engine engine = *Engine::open(shop());
  EXPECT_EQ(rows_of(engine.identities()), Rows());
  EXPECT_FALSE(engine.customer_of(id(1)));
  EXPECT_EQ(rows_of(engine.snapshot().identities()), Rows());
}

// Two with one phone are one from the instant on at which the second has it.
TEST(Identities, OfAKeyThatTwoHaveAreOneFromItsInstantOn) {
  Engine engine = *Engine::open(text_shop(R"("identities": {"keys": ["phone"]},)"));
  expect_ok(engine.ingest("interactions", text_visits({"b", "a"})));
  TableBuilder builder;
  builder.strings("customer", std::vector<std::string>{"a", "b"});
  builder.timestamps("time", std::vector<Micros>{at("2026-01-03"), at("2026-01-05")}, "UTC");
  builder.strings("phone", std::vector<std::string>{"+49 30 1234567", "0049301234567"});
  expect_ok(engine.claim(*builder.finish()));
  expect_ok(engine.advance(at("2026-01-04")));
  EXPECT_EQ(rows_of(engine.identities()), (Rows{{"a", "a"}, {"b", "b"}}));
  expect_ok(engine.advance(at("2026-01-05")));
  EXPECT_EQ(rows_of(engine.identities()), (Rows{{"a", "a"}, {"b", "a"}}));
}

// The one who was forgotten may come again, as somebody new; a snapshot still has the other.
TEST(Identities, OfASnapshotStayAsTheyWere) {
  Engine engine = *Engine::open(text_shop());
  expect_ok(engine.ingest("interactions", text_visits({"b", "a", "c"})));
  ASSERT_TRUE(engine.link(named("b"), named("a")).ok());
  const EngineSnapshot before = engine.snapshot();
  ASSERT_TRUE(engine.forget(named("a")));
  expect_ok(engine.ingest("interactions", text_visits({"a", "aa"})));
  const std::vector<CustomerId> asked{named("a"), named("aa"), named("b")};
  EXPECT_EQ(rows_of(before.identities()), (Rows{{"a", "b"}, {"b", "b"}, {"c", "c"}}));
  EXPECT_EQ(rows_of(before.identities(asked)), (Rows{{"a", "b"}, {"aa", "(null)"}, {"b", "b"}}));
  EXPECT_EQ(before.customer_of(named("a"))->text, "b");
  EXPECT_FALSE(before.customer_of(named("aa")));
  EXPECT_EQ(rows_of(engine.identities()), (Rows{{"a", "a"}, {"aa", "aa"}, {"c", "c"}}));
  EXPECT_EQ(rows_of(engine.identities(asked)), (Rows{{"a", "a"}, {"aa", "aa"}, {"b", "(null)"}}));
}

// The plain way: every question goes through the list of links in the order in which they were
// made, and relabels everybody.
class ListOfLinks {
 public:
  void send(int64_t id) { ids_.insert(id); }
  std::map<int64_t, int64_t> customers() const {
    std::map<int64_t, int64_t> out;
    for (const int64_t id : ids_) out[id] = id;
    for (const auto& [first, second] : links_) {
      const int64_t gone = out[second], stays = out[first];
      for (auto& [id, customer] : out) customer = customer == gone ? stays : customer;
    }
    return out;
  }
  void link(int64_t first, int64_t second) {
    send(first), send(second);
    const auto now = customers();
    if (now.at(first) != now.at(second)) links_.emplace_back(first, second);
  }
  bool unlink(int64_t a, int64_t b) {
    return std::erase(links_, std::pair(a, b)) + std::erase(links_, std::pair(b, a)) > 0;
  }
  bool forget(int64_t id) {
    const auto now = customers();
    const auto found = now.find(id);
    if (found == now.end()) return false;
    const int64_t gone = found->second;
    for (const auto& [one, customer] : now) {
      if (customer == gone) ids_.erase(one);
    }
    std::erase_if(links_, [&](const auto& link) { return ids_.count(link.first) == 0; });
    return true;
  }
  Rows rows() const {
    Rows out;
    for (const auto& [id, customer] : customers()) {
      out.emplace_back(std::to_string(id), std::to_string(customer));
    }
    return out;
  }
  std::pair<int64_t, int64_t> some_link(uint64_t which) const {
    return links_.empty() ? std::pair<int64_t, int64_t>{0, 1} : links_[which % links_.size()];
  }

 private:
  std::set<int64_t> ids_;
  std::vector<std::pair<int64_t, int64_t>> links_;
};

TEST(Identities, AreWhatTheListOfLinksSaysAfterAnyCalls) {
  const Policy policy = shop();
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    const auto somebody = [&] { return static_cast<int64_t>(random() % 30) - 5; };
    Engine engine = *Engine::open(policy);
    ListOfLinks plain;
    for (int call = 0; call < 80; ++call) {
      const int64_t a = somebody(), b = somebody();
      switch (random() % 8) {
        case 0:
        case 1:
          expect_ok(engine.ingest("interactions", visits({{a, at("2026-01-02")}})));
          plain.send(a);
          break;
        case 2:
        case 3:
        case 4:
          if (a == b) break;
          ASSERT_TRUE(engine.link(id(a), id(b)).ok());
          plain.link(a, b);
          break;
        case 5: {
          const auto [first, second] = plain.some_link(random());
          const bool turned = random() % 2 == 0;
          ASSERT_EQ(engine.unlink(id(turned ? second : first), id(turned ? first : second)).ok(),
                    plain.unlink(first, second));
          break;
        }
        case 6:
          if (random() % 3 != 0) break;
          ASSERT_EQ(engine.forget(id(a)), plain.forget(a));
          break;
        default:
          expect_ok(engine.advance(std::max(engine.clock(), at("2026-01-01")) + kDay));
      }
      ASSERT_EQ(rows_of(engine.identities()), plain.rows()) << "after call " << call;
      const auto now = plain.customers();
      const std::optional<CustomerId> found = engine.customer_of(id(b));
      ASSERT_EQ(found.has_value(), now.count(b) == 1);
      if (found) {
        ASSERT_EQ(found->number, now.at(b));
      }
    }
    ASSERT_EQ(rows_of(engine.snapshot().identities()), plain.rows());
    ASSERT_EQ(rows_of(Engine::load(engine.save())->identities()), plain.rows());
  }
}

TEST(Identities, HaveTheCustomersOfTheClassesAndOfTheProfiles) {
  const Policy policy = checked_policy(full_shop_text());
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    Engine engine = *Engine::open(policy);
    for (int call = 0; call < 60; ++call) {
      RandomEngineCall(random(), 12).apply(engine);
      if (call % 10 != 9) continue;
      const Rows rows = rows_of(engine.identities());
      EXPECT_TRUE(std::is_sorted(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
        return std::stoll(a.first) < std::stoll(b.first);
      }));
      EXPECT_EQ(customers_of(rows), customers_of_classes(*engine.classes()));
      EXPECT_EQ(rows_of(engine.snapshot().identities()), rows);
      for (const auto& [one, customer] : rows) {
        const Result<Profile> profile = engine.profile(id(std::stoll(one)));
        ASSERT_TRUE(profile.ok());
        EXPECT_EQ(std::to_string(profile->customer.number), customer);
      }
    }
  }
}

}  // namespace
}  // namespace patron
