// When an engine looks at a customer again: at the first instant at which a condition that can move
// her changes, and at no other. The instants follow from the days of her facts.
#include <gtest/gtest.h>
#include <patron/engine.h>

#include <string>
#include <vector>

namespace patron {
namespace {

constexpr Micros kBegin = 1'704'067'200'000'000;  // 2024-01-01, a midnight
constexpr Micros day(int64_t n) { return kBegin + n * kMicrosPerDay; }

class Shop {
 public:
  explicit Shop(const std::string& rest)
      : engine(*Engine::open(*Policy::parse(R"json({"patron": 1, "name": "p",
          "money": {"scale": 0}, "customer": {"id": "int64"},
          "streams": {"orders": {}, "interactions": {}}, )json" +
                                            rest + "}"))) {}

  void order(int64_t at, int64_t amount) { add("orders", at, "amount", amount); }
  void view(int64_t at) { add("interactions", at, "kind", std::string_view("view")); }
  void advance(int64_t to) { ASSERT_TRUE(engine.advance(day(to)).ok()); }
  /// Days from the begin; -1: never.
  int64_t next() const {
    const Micros due = engine.next_due();
    return due >= kEndTime ? -1 : (due - kBegin) / kMicrosPerDay;
  }
  std::string held() const {
    std::string out;
    for (const Transition& one : engine.transitions(0, 1000)) out += std::string(one.to) + " ";
    return out;
  }
  Engine engine;

 private:
  void add(const char* stream, int64_t at, const char* column, BookValue value) {
    const int s = engine.layout().find_stream(stream);
    const auto& columns = engine.layout().spec().streams[static_cast<size_t>(s)].columns;
    std::vector<BookValue> cells(columns.size());
    for (size_t c = 0; c < columns.size(); ++c) {
      if (columns[c].field.name == column) cells[c] = value;
    }
    BookEvent event;
    event.customer.number = 1;
    event.time = day(at);
    event.values = cells;
    ASSERT_TRUE(engine.ingest(s, {&event, 1}, {}, nullptr).ok());
  }
};

constexpr const char* kSpend = R"json(
  "tags": [{"name": "spend", "metric": {"sum": "orders.amount", "window": "30d"}}],
  "classifications": [{"name": "tier", "kind": "ladder", "classes": [
    {"name": "gold", "enter": "spend >= 100", "keep": "spend >= 50"},
    {"name": "guest"}]}])json";

TEST(QuickNext, WhoStaysIsLookedAtWhenWhatSheStaysForEnds) {
  Shop shop(kSpend);
  shop.order(0, 60);
  shop.order(10, 60);
  shop.order(20, 10);
  shop.advance(20);
  // On day 30 she has 70, no more than enough to stay; on day 40 she has 10.
  EXPECT_EQ(shop.held(), "guest gold ");
  EXPECT_EQ(shop.next(), 40);
  shop.advance(100);
  EXPECT_EQ(shop.held(), "guest gold guest ");
  EXPECT_EQ(shop.next(), -1);
}

TEST(QuickNext, WhatComesBackMayBringHerUp) {
  Shop shop(kSpend);
  shop.order(0, -80);
  shop.order(5, 120);
  shop.advance(5);
  // On day 30 what she gave back is forgotten: 120. On day 35 there is nothing.
  EXPECT_EQ(shop.held(), "guest ");
  EXPECT_EQ(shop.next(), 30);
  shop.advance(100);
  EXPECT_EQ(shop.held(), "guest gold guest ");
}

TEST(QuickNext, ACountThatIsTooSmallNeedsNoLook) {
  Shop shop(R"json("tags": [{"name": "often", "metric": {"count": "orders", "window": "30d"}}],
    "classifications": [{"name": "tier", "kind": "ladder", "classes": [
      {"name": "gold", "enter": "often >= 3"}, {"name": "guest"}]}])json");
  shop.order(0, 5);
  shop.order(1, 5);
  shop.advance(2);
  EXPECT_EQ(shop.next(), -1);
  shop.order(3, 5);
  shop.advance(3);
  EXPECT_EQ(shop.next(), 30) << "the first leaves";
}

TEST(QuickNext, OfAConjunctionOnePartThatCannotChangeIsEnough) {
  const char* const browses = R"json("tags": [
      {"name": "views", "metric": {"count": "interactions", "window": "90d"}},
      {"name": "often", "metric": {"count": "orders", "window": "30d"}},
      {"name": "browses", "expression": "views >= 2 && often == 0"}],
    "classifications": [{"name": "marks", "kind": "flags", "classes": [
      {"name": "browses", "enter": "browses"}]}])json";
  Shop shop(browses);
  shop.order(0, 5);
  shop.advance(0);
  EXPECT_EQ(shop.next(), -1) << "without views nothing comes of no orders";
  shop.view(1);
  shop.view(2);
  shop.advance(2);
  EXPECT_EQ(shop.next(), 30) << "the order leaves";
  shop.advance(30);
  EXPECT_EQ(shop.held(), "browses ");
  EXPECT_EQ(shop.next(), 91) << "the first view leaves";
  shop.advance(200);
  EXPECT_EQ(shop.held(), "browses  ");
}

TEST(QuickNext, AFormulaIsLookedAtOnlyWhereItDecides) {
  Shop shop(R"json("tags": [
      {"name": "views", "metric": {"count": "interactions", "window": "90d"}},
      {"name": "often", "metric": {"count": "orders", "window": "30d"}},
      {"name": "rate", "expression": "double(views) / double(often)"}],
    "classifications": [{"name": "marks", "kind": "flags", "classes": [
      {"name": "much", "enter": "rate > 0.9 && views >= 2"}]}])json");
  shop.order(0, 5);
  shop.order(1, 5);
  shop.order(2, 5);
  shop.advance(3);
  EXPECT_EQ(shop.next(), -1);
  shop.view(4);
  shop.view(4);
  shop.advance(4);
  EXPECT_EQ(shop.next(), 30) << "two views of three orders, then of two";
  shop.advance(30);
  EXPECT_EQ(shop.held(), "much ");
}

TEST(QuickNext, AFormulaThatDecidedNothingIsFoundOnceItDoes) {
  Shop shop(R"json("tags": [
      {"name": "views", "metric": {"count": "interactions", "window": "10d"}},
      {"name": "often", "metric": {"count": "orders", "window": "30d"}},
      {"name": "ever", "metric": {"count": "orders"}},
      {"name": "share", "expression": "double(often) / double(ever)"}],
    "classifications": [{"name": "marks", "kind": "flags", "classes": [
      {"name": "high", "enter": "share > 0.5 && views >= 1"}]}])json");
  shop.order(0, 80);
  shop.order(1, 60);
  shop.advance(1);
  EXPECT_EQ(shop.held(), "");
  EXPECT_EQ(shop.next(), -1) << "without views no share counts";
  shop.view(3);  // the orders are those of before
  shop.advance(3);
  EXPECT_EQ(shop.held(), "high ");
  EXPECT_EQ(shop.next(), 13) << "the view leaves";
  shop.advance(13);
  EXPECT_EQ(shop.held(), "high  ");
  EXPECT_EQ(shop.next(), -1);
}

TEST(QuickNext, FactsOfOneStreamLeaveWhatIsKnownOfAnother) {
  Shop shop(R"json("tags": [
      {"name": "views", "metric": {"count": "interactions", "window": "10d"}},
      {"name": "often", "metric": {"count": "orders", "window": "30d"}}],
    "classifications": [{"name": "marks", "kind": "flags", "classes": [
      {"name": "both", "enter": "views >= 1 && often >= 1"},
      {"name": "views", "enter": "views >= 2"}]}])json");
  shop.view(0);
  shop.advance(0);
  shop.order(3, 5);
  shop.advance(3);
  EXPECT_EQ(shop.held(), "both ");
  EXPECT_EQ(shop.next(), 10);
  shop.view(5);
  shop.advance(5);
  EXPECT_EQ(shop.held(), "both views ");
  shop.order(6, 5);
  shop.advance(6);
  EXPECT_EQ(shop.next(), 10) << "the first view leaves";
  shop.advance(14);
  EXPECT_EQ(shop.held(), "both views  ");
  EXPECT_EQ(shop.next(), 15) << "the second";
}

}  // namespace
}  // namespace patron
