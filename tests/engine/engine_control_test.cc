// Advances and forecasts that are watched and stopped, events one by one, and what an engine says
// of itself.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "patron/control.h"
#include "patron/engine.h"
#include "patron/money.h"
#include "tests/engine/population.h"

namespace patron {
namespace {

using population::at;
using population::expect_ok;
using population::random_sales;
using population::said;
using population::Sale;
using population::shop;
using population::table_of;

Policy ranked() {
  return shop(R"("tags": [{"name": "spend", "metric": {"sum": "orders.amount", "window": "90d"}}],
    "classifications": [
      {"name": "abc", "kind": "rank", "by": "spend", "classes": [
        {"name": "A", "share": 0.8}, {"name": "B", "share": 0.95}, {"name": "C"}]},
      {"name": "tier", "kind": "ladder", "classes": [
        {"name": "gold", "enter": "spend >= 100", "grace": "7d"}, {"name": "guest"}]}],
    "calibrate": {"every": "month", "min_customers": 1})");
}

// L2 for whoever is stopped: a stopped advance is a smaller step.
TEST(EngineAdvance, ThatIsStoppedAgainAndAgainGivesWhatOneGives) {
  const std::vector<Sale> sales = random_sales(7, 300, at("2026-01-01"), 200);
  const Micros end = at("2026-09-01");
  Engine whole = *Engine::open(ranked());
  expect_ok(whole.ingest("orders", table_of(sales)));
  expect_ok(whole.advance(end));

  Engine engine = *Engine::open(ranked());
  expect_ok(engine.ingest("orders", table_of(sales)));
  int stops = 0;
  Micros clock = engine.clock();
  double share = 0;
  for (;;) {
    int calls = 0;
    const Control control{nullptr, [&](double done) {
                            EXPECT_GE(done, calls == 0 ? 0 : share);
                            share = done;
                            return ++calls == 2 ? 1 : 0;
                          }};
    const Status status = engine.advance(end, control);
    EXPECT_GE(engine.clock(), clock);
    clock = engine.clock();
    if (status.ok()) break;
    ASSERT_EQ(status.code(), Code::kCallback);
    ASSERT_LT(++stops, 100'000);
  }
  EXPECT_GT(stops, 10) << "or nothing was tested";
  EXPECT_EQ(said(engine.transitions()), said(whole.transitions()));
  EXPECT_EQ(engine.state_hash(), whole.state_hash());
  ASSERT_EQ(engine.calibrations().size(), whole.calibrations().size());
  for (size_t i = 0; i < whole.calibrations().size(); ++i) {
    EXPECT_EQ(engine.calibrations()[i].moved, whole.calibrations()[i].moved);
  }
}

TEST(EngineAdvance, WithATokenThatIsSetDoesNotBegin) {
  Engine engine = *Engine::open(ranked());
  CancelToken token;
  token.cancel();
  EXPECT_EQ(engine.advance(at("2026-01-01"), {&token, {}}).code(), Code::kCancelled);
  EXPECT_EQ(engine.clock(), kMinTime);
  expect_ok(engine.ingest("orders", table_of(std::vector<Sale>{{1, at("2026-01-02"), 5}})));
  expect_ok(engine.advance(at("2026-01-03")));
  EXPECT_EQ(engine.forecast(at("2026-12-01"), {&token, {}}).status().code(), Code::kCancelled);
}

TEST(Engine, TakesEventsOneByOneAndSaysWhenItIsDue) {
  const std::vector<Sale> sales = random_sales(3, 20, at("2026-01-01"), 60);
  Engine batch = *Engine::open(ranked()), single = *Engine::open(ranked());
  expect_ok(batch.ingest("orders", table_of(sales)));
  const BookStream& stream = single.layout().spec().streams[0];
  EXPECT_EQ(single.next_due(), kEndTime);
  Micros first = kEndTime;
  for (const Sale& sale : sales) {
    std::vector<BookValue> values(stream.columns.size());
    for (size_t c = 0; c < values.size(); ++c) {
      if (stream.columns[c].field.name == "amount") {
        values[c] = (*money_from_double(sale.amount, 2)).minor;
      }
    }
    BookEvent event;
    event.customer.number = sale.customer, event.time = sale.time, event.values = values;
    expect_ok(single.ingest(0, {&event, 1}));
    first = std::min(first, sale.time);
    EXPECT_EQ(single.next_due(), first);
  }
  EXPECT_EQ(single.facts().events, static_cast<int64_t>(sales.size()));
  EXPECT_EQ(batch.facts().events, static_cast<int64_t>(sales.size()));
  EXPECT_EQ(batch.facts().values, 0);
  for (Engine* engine : {&batch, &single}) expect_ok(engine->advance(at("2026-04-01")));
  EXPECT_EQ(single.state_hash(), batch.state_hash());
  EXPECT_GT(single.next_due(), single.clock());
  const EngineMemory held = batch.memory();
  EXPECT_EQ(held.total, held.book.total + held.classes + held.waiting + held.transitions);
  EXPECT_GT(held.transitions, 0);
}

TEST(Engine, ClassesOfSomeAreTheirRowsOfAll) {
  Engine engine = *Engine::open(ranked());
  expect_ok(engine.ingest(
      "orders", table_of(std::vector<Sale>{{4, at("2026-01-02"), 500}, {7, at("2026-01-02"), 5}})));
  expect_ok(engine.advance(at("2026-02-01")));
  const std::vector<CustomerId> some{{7, {}}, {99, {}}, {7, {}}};
  const population::Cells classes(*engine.classes(some));
  EXPECT_EQ(classes.rows().size(), 1u);
  EXPECT_EQ(classes.text(7, "tier"), "guest");
}

}  // namespace
}  // namespace patron
