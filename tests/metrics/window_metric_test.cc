// Metrics that look at their window alone beside the plain ones: value, next change, and the time
// of the newest fact.
#include "lib/metrics/window_metric.h"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <vector>

#include "patron/table.h"
#include "tests/metrics/page_world.h"

namespace patron::internal {
namespace {

class MetricOfAWindow : public ::testing::Test {
 protected:
  void open(const PageWorldOptions& options) {
    world = std::make_unique<PageWorld>(options);
    for (const PageMetricStream& from : world->streams()) {
      readers.push_back(std::make_unique<LogReader>(world->state(), from.log.index));
      streams.push_back({from.name, from.schema, from.columns, from.rules, readers.back().get()});
    }
  }
  // Of everybody, at several instants.
  void compare(const MetricSpec& spec) {
    ASSERT_TRUE(WindowMetric::takes(spec, streams));
    WindowMetric windowed(spec, streams, world->zone());
    MetricEvaluator plain(spec, streams, world->zone());
    const PageAnchors anchors = world->anchors();
    for (uint32_t row = 0; row < world->state().customers; ++row) {
      for (const int64_t back : {0, 17, 430}) {
        const Micros now = world->now() - back * kMicrosPerDay;
        const Anchors hers = anchors.of(spec.window, row);
        const MetricValue a = windowed.evaluate(row, now, hers);
        const MetricValue b = plain.evaluate(row, now, hers);
        ASSERT_EQ(a.cell.known, b.cell.known) << row;
        ASSERT_EQ(a.cell.integer, b.cell.integer) << row;
        ASSERT_EQ(a.next_change, b.next_change) << row << " at " << format_time(now);
        ASSERT_EQ(a.as_of, b.as_of) << row;
        ASSERT_EQ(a.overflow, b.overflow) << row;
      }
    }
  }
  std::unique_ptr<PageWorld> world;
  std::vector<std::unique_ptr<LogReader>> readers;
  std::vector<MetricStream> streams;
};

TEST_F(MetricOfAWindow, AreThePlainOnes) {
  open({});
  std::vector<Window> windows(6);
  windows[1].kind = windows[2].kind = Window::Kind::kRolling;
  windows[1].length = *parse_period("90d");
  windows[2].length = *parse_period("12mo");
  windows[3].kind = Window::Kind::kSinceJoin;
  windows[4].kind = Window::Kind::kSinceClass;
  windows[4].class_name = "tier";
  windows[5].kind = Window::Kind::kFixed;
  windows[5].to = world->zone().local_day(world->now()) - 100;
  for (const Window& window : windows) {
    for (const int stream : {kSales, kTalks}) {
      for (const char* where : {"", "size == 'small'", "has(took) && pieces > 2"}) {
        MetricSpec spec;
        spec.stream = stream;
        spec.window = window;
        if (*where != '\0') spec.where = world->where(where);
        compare(spec);
        for (const Verb verb : {Verb::kSum, Verb::kFirst, Verb::kLast}) {
          for (const int column : {kAmountOf, kMarginOf, kTookOf, kNothingOf}) {
            spec.verb = verb;
            spec.column = column;
            compare(spec);
          }
        }
        spec.verb = Verb::kLast;
        spec.column = kTimeAt;
        compare(spec);
      }
    }
  }
}

TEST_F(MetricOfAWindow, OfSumsThatLeave64Bits) {
  PageWorldOptions options;
  options.huge_amounts = true;
  options.customers = 100;
  open(options);
  MetricSpec spec;
  spec.verb = Verb::kSum;
  spec.stream = kSales;
  spec.column = kAmountOf;
  compare(spec);
}

TEST_F(MetricOfAWindow, LeaveWhatIsNotSimpleToThePlainWay) {
  open({});
  MetricSpec spec;
  spec.stream = kSales;
  spec.window.kind = Window::Kind::kCalendar;
  EXPECT_FALSE(WindowMetric::takes(spec, streams));
  spec.window.kind = Window::Kind::kRolling;
  spec.window.length = *parse_period("90d");
  EXPECT_TRUE(WindowMetric::takes(spec, streams));
  spec.window.offset = *parse_period("1d");
  EXPECT_FALSE(WindowMetric::takes(spec, streams));
  spec.window.offset.reset();
  spec.verb = Verb::kSum;
  spec.column = kRatioOf;
  EXPECT_FALSE(WindowMetric::takes(spec, streams)) << "doubles are added up in their order";
  spec.column = kAmountOf;
  EXPECT_TRUE(WindowMetric::takes(spec, streams));
  spec.followed_by.emplace();
  EXPECT_FALSE(WindowMetric::takes(spec, streams));
}

// One customer with thousands of events, which come late, are corrected and deleted.
class MetricOfALongLog : public ::testing::Test {
 protected:
  static constexpr uint64_t kDays = 400;

  static BookColumn column(const char* name, Kind kind) {
    BookColumn out;
    out.field.name = name;
    out.field.kind = kind;
    return out;
  }
  static BookSpec spec() {
    BookSpec out;
    out.customer = Kind::kInt64;
    BookStream orders;
    orders.name = "orders";
    orders.key = "id";
    orders.columns = {column("amount", Kind::kMoney), column("took", Kind::kDuration),
                      column("nothing", Kind::kInt64), column("huge", Kind::kInt64),
                      column("id", Kind::kInt64)};
    out.streams = {orders};
    return out;
  }
  static std::vector<std::string> names() {
    return {"amount", "took", "nothing", "huge", "id", "time"};
  }

  uint64_t below(uint64_t n) { return random_() % n; }
  // Refunds, orders of nothing, nulls; for some days nothing but refunds, and no `took`.
  void add(int64_t id) {
    const uint64_t day = below(kDays);
    const bool dull = day / 100 == 1;
    std::vector<BookValue> cells(5);
    cells[0] = dull ? -static_cast<int64_t>(below(50)) : static_cast<int64_t>(below(60)) - 20;
    if (below(9) == 0) cells[0] = std::monostate();
    if (!dull && below(3) > 0) cells[1] = static_cast<int64_t>(below(1000)) - 100;
    if (below(3) == 0) cells[3] = static_cast<int64_t>(random_());
    cells[4] = id;
    BookEvent event;
    event.customer.number = 7;
    event.time = static_cast<Micros>(day) * kMicrosPerDay + static_cast<Micros>(below(40));
    event.values = cells;
    BookReport report;
    ASSERT_TRUE(book_.add(0, {&event, 1}, {}, &report).ok());
    ASSERT_EQ(report.refused_rows, 0);
  }
  void change() {
    const auto known = static_cast<int64_t>(below(static_cast<uint64_t>(next_id_)));
    switch (below(10)) {
      case 0:
        return add(known);
      case 1: {
        BookReport report;
        const Table keys = *TableBuilder().int64("customer", {7}).int64("id", {known}).finish();
        ASSERT_TRUE(book_.remove("orders", keys, {}, &report).ok());
        return;
      }
      default:
        return add(next_id_++);
    }
  }

  void compare(const BookState& state, const MetricSpec& spec, bool refunds, bool zeros) {
    LogReader reader(state, 0);
    StreamRules rules;
    rules.refunds = refunds;
    rules.count_zero_amounts = zeros;
    std::vector<FieldSpec> fields;
    for (const BookColumn& one : book_.layout().spec().streams[0].columns) {
      fields.push_back(one.field);
    }
    const Schema schema = *Schema::make(std::move(fields), zone_);
    const std::vector<MetricStream> streams{{"orders", schema, names(), rules, &reader}};
    ASSERT_TRUE(WindowMetric::takes(spec, streams));
    WindowMetric windowed(spec, streams, zone_);
    MetricEvaluator plain(spec, streams, zone_);
    for (const uint64_t day : {kDays, below(kDays), below(kDays)}) {
      const Micros now = static_cast<Micros>(day) * kMicrosPerDay + static_cast<Micros>(below(40));
      const MetricValue a = windowed.evaluate(0, now, {});
      const MetricValue b = plain.evaluate(0, now, {});
      ASSERT_EQ(a.cell.known, b.cell.known) << day;
      ASSERT_EQ(a.cell.integer, b.cell.integer) << day;
      ASSERT_EQ(a.next_change, b.next_change) << day;
      ASSERT_EQ(a.as_of, b.as_of) << day;
      ASSERT_EQ(a.overflow, b.overflow) << day;
    }
  }
  void compare_all(const BookState& state) {
    for (const char* length : {"", "30d", "1y"}) {
      MetricSpec spec;
      spec.stream = 0;
      if (*length != '\0') {
        spec.window.kind = Window::Kind::kRolling;
        spec.window.length = *parse_period(length);
      }
      for (const bool refunds : {false, true}) {
        const bool zeros = below(2) == 0;
        spec.verb = Verb::kCount;
        spec.column = -1;
        compare(state, spec, refunds, zeros);
        for (const Verb verb : {Verb::kSum, Verb::kFirst, Verb::kLast}) {
          for (spec.column = 0; spec.column < 4; ++spec.column) {
            spec.verb = verb;
            compare(state, spec, refunds, zeros);
          }
        }
      }
    }
  }

  const TimeZone zone_;
  std::mt19937_64 random_{5};
  Book book_{*BookLayout::make(spec())};
  int64_t next_id_ = 1;
};

TEST_F(MetricOfALongLog, IsThePlainOneWhateverBecomesOfTheLog) {
  std::vector<BookSnapshot> held;
  for (int round = 0; round < 12; ++round) {
    for (int k = 0; k < 600; ++k) change();
    compare_all(book_.state());
    for (const BookSnapshot& snapshot : held) compare_all(snapshot.state());
    if (round % 3 == 1) held.push_back(book_.snapshot());
  }
  LogReader reader(book_.state(), 0);
  ASSERT_GT(reader.read(0).runs().size(), 4U) << "it is kept in chunks";
  const Result<Book> loaded = Book::load(book_.layout(), book_.save());
  ASSERT_TRUE(loaded.ok()) << loaded.status().message();
  compare_all(loaded->state());
}

}  // namespace
}  // namespace patron::internal
