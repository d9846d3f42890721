// Who is forgotten leaves no byte in memory (docs/identities.md): every block that an engine gives
// back or still holds is searched for what was hers.
#include <gtest/gtest.h>

#include <cstring>
#include <deque>
#include <string>
#include <vector>

#include "lib/book/event_page.h"
#include "lib/engine/calibration/calibration_data.h"
#include "patron/engine.h"
#include "tests/base/fail_alloc.h"
#include "tests/engine/shop.h"

namespace patron::internal {
namespace {

using test::at;
using test::kDay;
using test::WatchMemory;

// Tables over memory that was there before anybody watched.
class KeptTables {
 public:
  Table table(const std::vector<std::string>& names,
              const std::vector<std::vector<std::string>>& columns,
              const std::vector<Micros>& times, const std::vector<double>& amounts = {}) {
    std::vector<ColumnView> views;
    const auto view = [&](const std::string& name, Type type, size_t length) -> ColumnView& {
      ColumnView& made = views.emplace_back();
      made.name = name;
      made.type.type = type;
      made.chunk.length = static_cast<int64_t>(length);
      return made;
    };
    for (size_t c = 0; c < names.size(); ++c) {
      std::string& bytes = bytes_.emplace_back();
      std::vector<int64_t>& ends = numbers_.emplace_back(1);
      for (const std::string& text : columns[c]) {
        bytes += text;
        ends.push_back(static_cast<int64_t>(bytes.size()));
      }
      ColumnView& made = view(names[c], Type::kLargeString, columns[c].size());
      made.chunk.offsets = ends.data();
      made.chunk.bytes = reinterpret_cast<const uint8_t*>(bytes.data());
    }
    ColumnView& time = view("time", Type::kTimestamp, times.size());
    time.type.zone = "UTC";
    time.chunk.values = numbers_.emplace_back(times.begin(), times.end()).data();
    if (!amounts.empty()) {
      view("amount", Type::kDouble, amounts.size()).chunk.values =
          doubles_.emplace_back(amounts).data();
    }
    return *make_table(views);
  }

 private:
  std::deque<std::string> bytes_;
  std::deque<std::vector<int64_t>> numbers_;
  std::deque<std::vector<double>> doubles_;
};

Policy noting_shop() {
  return test::checked_policy(R"json({"patron": 1, "name": "notes", "money": {"scale": 2},
    "streams": {"orders": {"key": "ticket", "columns": {"ticket": "string"}},
                "surveys": {"columns": {"comment": "string"}}},
    "attributes": {"mail": {"type": "string", "on_null": "keep"}},
    "identities": {"keys": ["member", "phone", "email"]},
    "tags": [
      {"name": "spend", "metric": {"sum": "orders.amount", "window": "90d"}},
      {"name": "said", "on_null": "keep", "metric": {"last": "surveys.comment", "window": "30d"}},
      {"name": "first_ticket", "metric": {"first": "orders.ticket"}},
      {"name": "words", "expression": "spend > 5 ? said : mail"}],
    "models": {"rfm": {}},
    "classifications": [
      {"name": "tier", "kind": "ladder", "classes": [
        {"name": "gold", "enter": "spend >= 500", "grace": "10d"}, {"name": "rest"}]},
      {"name": "visited", "kind": "rank", "by": "spend", "classes": [
        {"name": "first", "top": 3}, {"name": "rest"}]},
      {"name": "reach", "kind": "flags", "classes": [
        {"name": "mail", "enter": "has(mail) && mail != 'none'"}]}]})json");
}

TEST(ForgottenByEngines, NoByteIsLeft) {
  const std::string her = "zilpha", till = "zilpha of the till, and her long id";
  KeptTables kept;
  std::vector<std::string> who, tickets, comments;
  std::vector<Micros> times;
  std::vector<double> amounts;
  for (int i = 0; i < 1500; ++i) {
    const bool hers = i % 3 == 0;
    who.push_back(hers ? (i % 2 == 0 ? her : till) : "somebody " + std::to_string(i % 50));
    tickets.push_back((hers ? "zilpha's ticket, number " : "t") + std::to_string(i));
    comments.push_back(hers ? (i % 4 == 0 ? "zilpha" : "what zilpha said, at some length")
                            : "fine");
    times.push_back(at("2026-01-01") + i * kDay / 10);
    amounts.push_back(i % 9);
  }
  const Table orders = kept.table({"customer", "ticket"}, {who, tickets}, times, amounts);
  const Table surveys = kept.table({"customer", "comment"}, {who, comments}, times);
  const Table mails =
      kept.table({"customer", "mail"}, {{her, till}, {"zilpha.quark@example.com", "z@zilpha.de"}},
                 {at("2026-01-03"), at("2026-02-03")});
  const Table claims = kept.table({"customer", "member", "phone", "email"},
                                  {{her, till},
                                   {"M-zilpha", "M-zilpha"},
                                   {"+49 171 55500011", "+49 171 55500011"},
                                   {"Zilpha.Quark@Example.com", "zilpha.later@example.com"}},
                                  {at("2026-01-20"), at("2026-03-01")});
  const Policy policy = noting_shop();

  const WatchMemory watch({"zilpha", "17155500011"});
  Engine engine = *Engine::open(policy);
  IngestReport report;
  ASSERT_TRUE(engine.ingest("orders", orders, {}, &report).ok());
  ASSERT_EQ(report.refused_rows, 0);
  ASSERT_TRUE(engine.ingest("surveys", surveys).ok());
  ASSERT_TRUE(engine.set_attributes(mails).ok());
  ASSERT_TRUE(engine.claim(claims).ok());
  for (const char* day : {"2026-01-15", "2026-02-15", "2026-03-15", "2026-04-15"}) {
    ASSERT_TRUE(engine.advance(at(day)).ok());
  }
  ASSERT_TRUE(engine.calibrate().ok());
  ASSERT_NE(engine.calibration().data().find<RankConstants>("visited")->classes[0].seats.size(),
            0u);
  ASSERT_TRUE(engine.forecast(at("2026-08-01")).ok());
  ASSERT_EQ(engine.state_hash().size(), 64u);
  EXPECT_FALSE(watch.found().empty()) << "or nothing is looked for";
  ASSERT_TRUE(engine.forget({0, her}));
  EXPECT_EQ(watch.found(), std::vector<std::string>{});
  ASSERT_TRUE(engine.advance(at("2026-05-15")).ok());
  EXPECT_EQ(watch.found(), std::vector<std::string>{});
}

TEST(ForgottenByEngines, NoIdThatIsANumberIsLeft) {
  const std::string_view bytes = "zilpha#7";
  int64_t her = 0;
  std::memcpy(&her, bytes.data(), sizeof her);
  const Policy policy = test::checked_policy(R"json({"patron": 1, "name": "numbers",
    "money": {"scale": 2}, "customer": {"id": "int64"}, "streams": {"orders": {}},
    "models": {"rfm": {}},
    "classifications": [{"name": "segment", "kind": "grid", "table": "rfm.eleven"},
      {"name": "tier", "kind": "ladder", "classes": [
        {"name": "gold", "enter": "rfm.frequency >= 300"}, {"name": "rest"}]}]})json");
  const Engine empty = *Engine::open(policy);
  std::vector<BookValue> paid(empty.layout().spec().streams[0].columns.size());
  for (size_t c = 0; c < paid.size(); ++c) {
    const bool amount = empty.layout().spec().streams[0].columns[c].field.name == "amount";
    if (amount) paid[c] = int64_t{500};
  }
  std::vector<BookEvent> events(2 * kLongLogRows);
  for (size_t i = 0; i < events.size(); ++i) {
    events[i].customer.number = i % 2 == 0 ? her : static_cast<int64_t>(i);
    events[i].time = at("2026-01-01") + static_cast<Micros>(i) * kDay / 4;
    events[i].values = paid;
  }
  const WatchMemory watch({std::string(bytes)});
  Engine engine = *Engine::open(policy);
  ASSERT_TRUE(engine.ingest(0, events).ok());
  ASSERT_TRUE(engine.advance(events[events.size() - 2].time).ok());
  ASSERT_TRUE(engine.calibrate().ok());
  ASSERT_TRUE(engine.advance(engine.clock() + kDay).ok());
  EXPECT_FALSE(watch.found().empty()) << "or nothing is looked for";
  ASSERT_TRUE(engine.forget({her, {}}));
  EXPECT_EQ(watch.found(), std::vector<std::string>{});
}

}  // namespace
}  // namespace patron::internal
