// Customers are settled in the order of time, whoever shares an instant in the order of ids, and a
// pass that is stopped goes on where it was.
#include <gtest/gtest.h>
#include <patron/engine.h>

#include <string>
#include <vector>

namespace patron {
namespace {

constexpr Micros kBegin = 1'704'067'200'000'000;  // 2024-01-01
constexpr Micros day(int64_t n) { return kBegin + n * kMicrosPerDay; }

// Hot for ten days after each order.
constexpr const char* kHot = R"json({"patron": 1, "name": "hot", "money": {"scale": 2},
  "customer": {"id": "int64"}, "streams": {"orders": {}},
  "tags": [{"name": "orders", "metric": {"count": "orders", "window": "10d"}}],
  "classifications": [{"name": "tier", "kind": "ladder", "classes": [
    {"name": "hot", "enter": "orders >= 1"}, {"name": "cold"}]}]})json";

class Shop {
 public:
  Shop() : engine(*Engine::open(*Policy::parse(kHot))) {}

  void order(int64_t customer, Micros at) {
    const int s = engine.layout().find_stream("orders");
    const auto& columns = engine.layout().spec().streams[static_cast<size_t>(s)].columns;
    std::vector<BookValue> cells(columns.size());
    for (size_t c = 0; c < columns.size(); ++c) {
      if (columns[c].field.name == "amount") cells[c] = int64_t{100};
    }
    BookEvent event;
    event.customer.number = customer;
    event.time = at;
    event.values = cells;
    ASSERT_TRUE(engine.ingest(s, {&event, 1}, {}, nullptr).ok());
  }
  std::string moves() const {
    std::string out;
    for (const Transition& one : engine.transitions(0, 100'000)) {
      out += std::to_string((one.at - kBegin) / kMicrosPerDay) + ":" +
             std::to_string(one.customer.number) + (one.to == "hot" ? "+ " : "- ");
    }
    return out;
  }
  Engine engine;
};

TEST(EngineSettle, TakesInstantsInTheirOrderAndIdsWithinThem) {
  Shop shop;
  shop.order(9, day(3));
  shop.order(7, day(1));
  shop.order(8, day(3));
  shop.order(2, day(4));
  ASSERT_TRUE(shop.engine.advance(day(60)).ok());
  EXPECT_EQ(shop.moves(), "1:7+ 3:8+ 3:9+ 4:2+ 11:7- 13:8- 13:9- 14:2- ");
}

// Ids whose first eight bytes are the same, of different lengths, negative numbers among the
// others.
TEST(EngineSettle, IdsOfOneInstantAreInTheirOrder) {
  std::string text_policy = kHot;
  text_policy.replace(text_policy.find("int64"), 5, "string");
  const auto order_of = [](Engine engine, const std::vector<CustomerId>& ids) {
    std::vector<BookEvent> events;
    const int s = engine.layout().find_stream("orders");
    const auto& columns = engine.layout().spec().streams[static_cast<size_t>(s)].columns;
    std::vector<BookValue> cells(columns.size());
    for (size_t c = 0; c < columns.size(); ++c) {
      if (columns[c].field.name == "amount") cells[c] = int64_t{100};
    }
    for (const CustomerId id : ids) {
      BookEvent& event = events.emplace_back();
      event.customer = id, event.time = day(1), event.values = cells;
    }
    EXPECT_TRUE(engine.ingest(s, events, {}, nullptr).ok());
    EXPECT_TRUE(engine.advance(day(60)).ok());
    std::string out;
    for (const Transition& one : engine.transitions(0, 100)) {
      out += (one.customer.text.empty() ? std::to_string(one.customer.number)
                                        : std::string(one.customer.text)) +
             (one.to == "hot" ? "+ " : "- ");
    }
    return out;
  };
  std::vector<CustomerId> texts, numbers;
  for (const char* text :
       {"customer-2", "customer-10", "customer", "d", "customer-1", "\xc3\xa9"}) {
    texts.emplace_back().text = text;
  }
  EXPECT_EQ(order_of(*Engine::open(*Policy::parse(text_policy)), texts),
            "customer+ customer-1+ customer-10+ customer-2+ d+ \xc3\xa9+ "
            "customer- customer-1- customer-10- customer-2- d- \xc3\xa9- ");
  for (const int64_t number : {5, -3, 0, 256, -256}) numbers.emplace_back().number = number;
  EXPECT_EQ(order_of(*Engine::open(*Policy::parse(kHot)), numbers),
            "-256+ -3+ 0+ 5+ 256+ -256- -3- 0- 5- 256- ");
}

TEST(EngineSettle, WhatComesAsSomethingLeavesIsOneLook) {
  Shop shop;
  shop.order(1, day(0));
  shop.order(1, day(10));  // as the first leaves: she stays
  shop.order(2, day(10));
  shop.order(3, day(20));  // as both others leave
  ASSERT_TRUE(shop.engine.advance(day(60)).ok());
  EXPECT_EQ(shop.moves(), "0:1+ 10:2+ 20:1- 20:2- 20:3+ 30:3- ");
}

TEST(EngineSettle, GoesOnWhereItWasStopped) {
  Shop whole, parts;
  for (Shop* shop : {&whole, &parts}) {
    for (int64_t i = 0; i < 500; ++i) shop->order(i % 90, day(i % 37) + i * 1000);
  }
  ASSERT_TRUE(whole.engine.advance(day(80)).ok());
  int asked = 0, stops = 0;
  Control control;
  // A call is stopped the third time that it asks: it came no further than some customers.
  control.progress = [&asked](double) { return ++asked % 3 == 0 ? 1 : 0; };
  while (!parts.engine.advance(day(80), control).ok()) {
    asked = 0;
    ASSERT_LT(++stops, 1000);
    ASSERT_LT(parts.engine.clock(), day(80));
  }
  EXPECT_GT(stops, 1);
  EXPECT_EQ(parts.moves(), whole.moves());
  EXPECT_EQ(parts.engine.state_hash(), whole.engine.state_hash());
}

}  // namespace
}  // namespace patron
