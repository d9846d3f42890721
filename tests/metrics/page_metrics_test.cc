// Whole pages beside one customer at a time: the same bytes for every verb, column, window and
// filter.
#include "lib/metrics/page_metrics.h"

#include <gtest/gtest.h>

#include <bit>
#include <cstdlib>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "tests/metrics/page_world.h"

namespace patron::internal {
namespace {

std::string said_value(const MetricValue& value) {
  if (value.is_set) {
    std::string out = "{";
    for (const std::string& member : value.set) out += member + ";";
    return out + "}";
  }
  if (!value.cell.known) return "unknown";
  return std::to_string(value.cell.integer) + " " +
         std::to_string(std::bit_cast<uint64_t>(value.cell.number)) + " '" + value.text + "'";
}

Window rolling(std::string_view length, std::string_view offset = "") {
  Window window;
  window.kind = Window::Kind::kRolling;
  window.length = *parse_period(length);
  if (!offset.empty()) window.offset = *parse_period(offset);
  return window;
}

std::vector<Window> all_windows(const TimeZone& zone, Micros now) {
  std::vector<Window> out(1);
  for (const char* length : {"365d", "30d", "12mo", "1mo", "36h"}) out.push_back(rolling(length));
  out.push_back(rolling("90d", "30d"));
  out.push_back(rolling("3mo", "1mo"));
  for (const auto calendar :
       {Window::Calendar::kMonth, Window::Calendar::kQuarter, Window::Calendar::kYear}) {
    Window window;
    window.kind = Window::Kind::kCalendar;
    window.calendar = calendar;
    out.push_back(window);
    window.previous = 1;
    out.push_back(window);
  }
  Window join;
  join.kind = Window::Kind::kSinceJoin;
  out.push_back(join);
  for (const char* name : {"tier", "stages"}) {
    Window since;
    since.kind = Window::Kind::kSinceClass;
    since.class_name = name;
    out.push_back(since);
  }
  Window fixed;
  fixed.kind = Window::Kind::kFixed;
  fixed.from = zone.local_day(now) - 400;
  out.push_back(fixed);
  fixed.to = zone.local_day(now) - 100;
  out.push_back(fixed);
  fixed.from.reset();
  out.push_back(fixed);
  return out;
}

// Conditions over columns of every kind, among them some that are unknown of every event.
std::vector<std::string> all_conditions() {
  return {"amount > 0",
          "amount < 1",
          "word == 'tea' || word == 'milk'",
          "size != 'small'",
          "'kind' in traits || size == 'large'",
          "note.startsWith('a')",
          "gift && due >= date('2020-01-01')",
          "!gift || ratio * 2.0 > 10.0",
          "has(took) && took > duration('300s')",
          "seen < time",
          "pieces % 2 == 0",
          "nothing > 5",
          "has(friend)",
          "themes == 'slow'"};
}

std::vector<int> columns_of(Verb verb) {
  switch (verb) {
    case Verb::kSum:
    case Verb::kMean:
      return {kAmountOf, kMarginOf, kRatioOf, kPiecesOf, kTookOf, kNothingOf};
    case Verb::kShare:
      return {kAmountOf, kMarginOf, kRatioOf, kPiecesOf, kTookOf};
    case Verb::kMin:
    case Verb::kMax:
      return {kTimeAt, kAmountOf, kRatioOf, kPiecesOf, kDueOf, kSeenOf, kTookOf, kNothingOf};
    case Verb::kFirst:
    case Verb::kLast:
    case Verb::kDistinct:
    case Verb::kTop:
    case Verb::kPath: {
      std::vector<int> all;
      for (int c = 0; c < kPageColumns; ++c) all.push_back(c);
      return all;
    }
    case Verb::kTrend:
      return {-1, kAmountOf, kRatioOf, kPiecesOf};
    default:
      return {-1};
  }
}

// Specs of one verb, drawn so that each column, window and condition comes up.
class Specs {
 public:
  Specs(const PageWorld& world, uint64_t seed)
      : world_(world), windows_(all_windows(world.zone(), world.now())), random_(seed) {}

  MetricSpec draw(Verb verb, int column) {
    MetricSpec spec;
    spec.verb = verb;
    spec.stream = static_cast<int>(random_() % 2);
    spec.column = column;
    const bool windowless = verb == Verb::kTrend;
    if (!windowless) spec.window = windows_[random_() % windows_.size()];
    const std::vector<std::string> conditions = all_conditions();
    if (verb == Verb::kShare || random_() % 2 == 0) {
      spec.where = world_.where(conditions[random_() % conditions.size()]);
    }
    if (verb == Verb::kTop || verb == Verb::kPath || verb == Verb::kTrend) {
      spec.n = verb == Verb::kTrend ? 6 : static_cast<int64_t>(1 + random_() % 3);
    }
    if (verb == Verb::kTop && random_() % 2 == 0) {
      constexpr int kBy[] = {kAmountOf, kRatioOf, kPiecesOf, kMarginOf};
      spec.by = kBy[random_() % 4];
    }
    if (verb == Verb::kStreak || verb == Verb::kTrend) {
      constexpr const char* kEvery[] = {"1d", "7d", "1mo", "3mo"};
      spec.every = *parse_period(kEvery[random_() % 4]);
    }
    if (verb == Verb::kPoints) {
      constexpr const char* kEach[] = {"double(amount) * 0.1", "pieces - 2", "ratio"};
      spec.each = world_.where(kEach[random_() % 3]);
      if (random_() % 2 == 0) spec.cap = 20, spec.cap_per = *parse_period("1mo");
      if (random_() % 2 == 0) spec.expires = *parse_period("6mo");
      if (random_() % 2 == 0)
        spec.inactive_after = *parse_period("90d"), spec.inactive_share = 0.25;
    }
    if (verb == Verb::kOpen) {
      spec.where = world_.where("size == 'small'");
      spec.closed_by = world_.where("size == 'large'");
      spec.key = kWordOf;
    }
    if (verb == Verb::kFunnel) {
      spec.stream = -1;
      spec.steps = {{"seen", kTalks, world_.where("word == 'tea'")}, {"bought", kSales, {}}};
    }
    if (verb <= Verb::kDaysActive && random_() % 5 == 0) {
      Follower follower;
      follower.stream = static_cast<int>(random_() % 2);
      follower.within = *parse_period("40d");
      follower.wanted = random_() % 2 == 0;
      if (random_() % 2 == 0) follower.same = "word";
      spec.followed_by = std::move(follower);
    }
    return spec;
  }

 private:
  const PageWorld& world_;
  std::vector<Window> windows_;
  std::mt19937_64 random_;
};

constexpr Verb kVerbs[] = {
    Verb::kCount,   Verb::kSum,      Verb::kMean,       Verb::kMin,   Verb::kMax,   Verb::kFirst,
    Verb::kLast,    Verb::kDistinct, Verb::kDaysActive, Verb::kShare, Verb::kTop,   Verb::kStreak,
    Verb::kGapLast, Verb::kGapMean,  Verb::kGapMedian,  Verb::kGapCv, Verb::kTrend, Verb::kOpen,
    Verb::kFunnel,  Verb::kPath,     Verb::kPoints};

// What the plain way says of one customer.
class PlainMetrics {
 public:
  explicit PlainMetrics(const PageWorld& world) : world_(world) {
    for (const PageMetricStream& from : world.streams()) {
      readers_.push_back(std::make_unique<LogReader>(world.state(), from.log.index));
      streams_.push_back({from.name, from.schema, from.columns, from.rules, readers_.back().get()});
    }
  }
  std::vector<std::string> all(const MetricSpec& spec) {
    MetricEvaluator evaluator(spec, streams_, world_.zone());
    std::vector<std::string> out;
    const PageAnchors anchors = world_.anchors();
    for (uint32_t row = 0; row < world_.state().customers; ++row) {
      out.push_back(
          said_value(evaluator.evaluate(row, world_.now(), anchors.of(spec.window, row))));
    }
    return out;
  }

 private:
  const PageWorld& world_;
  std::vector<std::unique_ptr<LogReader>> readers_;
  std::vector<MetricStream> streams_;
};

std::vector<std::string> by_page(const PageWorld& world, std::span<const MetricSpec* const> specs,
                                 size_t metric) {
  PageMetrics metrics(specs, world.streams(), world.state(), world.zone());
  std::vector<std::string> out;
  ValueBlock block;
  const PageAnchors anchors = world.anchors();
  for (uint32_t page = 0; page < metrics.pages(); ++page) {
    metrics.read(page, world.now(), anchors);
    metrics.evaluate(metric, block);
    for (uint32_t i = 0; i < metrics.customers(); ++i) out.push_back(said_value(block.at(i)));
  }
  return out;
}

void compare(const PageWorldOptions& options, int rounds) {
  const PageWorld world(options);
  PlainMetrics plain(world);
  Specs specs(world, options.seed + 1);
  for (const Verb verb : kVerbs) {
    for (const int column : columns_of(verb)) {
      for (int round = 0; round < rounds; ++round) {
        const MetricSpec spec = specs.draw(verb, column);
        const std::vector<std::string> wanted = plain.all(spec);
        const MetricSpec* const one[] = {&spec};
        const std::vector<std::string> got = by_page(world, one, 0);
        ASSERT_EQ(got.size(), wanted.size());
        for (size_t row = 0; row < got.size(); ++row) {
          ASSERT_EQ(got[row], wanted[row])
              << "seed " << options.seed << ", verb " << static_cast<int>(verb) << ", column "
              << column << ", window " << static_cast<int>(spec.window.kind) << ", where "
              << (spec.where ? spec.where->text() : "") << ", by " << spec.by << ", n " << spec.n
              << ", customer " << row;
        }
      }
    }
  }
}

int rounds() {
  const char* cases = std::getenv("PATRON_CASES");
  return std::max(1, static_cast<int>(3 * (cases == nullptr ? 1.0 : std::atof(cases))));
}

TEST(PageMetrics, AreThoseOfEachCustomerAlone) { compare({}, rounds()); }

TEST(PageMetrics, OfTextIdsWithoutLinksInUtc) {
  PageWorldOptions options;
  options.seed = 2;
  options.zone = "UTC";
  options.text_ids = true;
  options.links = false;
  options.customers = 300;
  compare(options, 1);
}

TEST(PageMetrics, OfSumsThatLeave64Bits) {
  PageWorldOptions options;
  options.seed = 3;
  options.huge_amounts = true;
  options.customers = 300;
  compare(options, 1);
}

// Customers who referred one another at random, some of them linked: on either side of a referral
// a page has the events that the plain way has.
TEST(PageMetrics, OfReferralsOnEitherSide) {
  BookSpec spec;
  spec.customer = Kind::kInt64;
  BookStream stream;
  stream.name = "referrals";
  for (const char* name : {"referrer", "referred"}) {
    BookColumn& column = stream.columns.emplace_back();
    column.field.name = name;
    column.field.kind = Kind::kInt64;
    column.field.nullable = false;
    column.customer = true;
  }
  spec.streams = {stream};
  Book book(*BookLayout::make(std::move(spec)));
  constexpr Micros kBegin = 1'640'995'200'000'000;  // 2022-01-01
  std::mt19937_64 random(8);
  for (int64_t who = 1; who < 700; ++who) {
    if (random() % 3 == 0) continue;
    // Most are referred by somebody near them, many by one.
    const auto by = random() % 4 == 0 ? who / 50 * 25 : static_cast<int64_t>(random()) % who;
    const BookValue cells[] = {std::max<int64_t>(by, 0), who};
    const BookEvent event{
        {who, {}}, kBegin + static_cast<Micros>(random() % 700) * kMicrosPerDay, cells};
    BookReport report;
    ASSERT_TRUE(book.add(0, {&event, 1}, {}, &report).ok());
  }
  for (int64_t who = 30; who < 600; who += 60) {
    ASSERT_TRUE(book.link({who, {}}, {who + 1, {}}, 1).ok());
  }
  PageMetricStream from;
  from.log = {0, false};
  from.name = "referrals";
  from.columns = {"time", "referrer", "referred"};
  from.schema = *Schema::make({stream.columns[0].field, stream.columns[1].field});
  LogReader reader(book.state(), 0);
  const MetricStream plain[] = {{from.name, from.schema, from.columns, from.rules, &reader}};
  const TimeZone zone;
  const PageAnchors nobody;
  const Micros now = kBegin + 650 * kMicrosPerDay;
  const Expression low = *Expression::parse("referrer < 300", from.schema);
  for (const ReferralSide side : {ReferralSide::kReferrer, ReferralSide::kReferred}) {
    for (const Verb verb : {Verb::kCount, Verb::kLast, Verb::kDaysActive, Verb::kGapMedian}) {
      for (const bool narrow : {false, true}) {
        MetricSpec metric;
        metric.verb = verb;
        metric.stream = 0;
        metric.column = verb == Verb::kLast ? 0 : -1;
        metric.side = side;
        if (narrow) metric.window = rolling("365d"), metric.where = low;
        const MetricSpec* const one[] = {&metric};
        PageMetrics pages(one, {&from, 1}, book.state(), zone);
        MetricEvaluator evaluator(metric, plain, zone);
        ValueBlock block;
        int known = 0;
        for (uint32_t page = 0; page < pages.pages(); ++page) {
          pages.read(page, now, nobody);
          pages.evaluate(0, block);
          for (uint32_t i = 0; i < pages.customers(); ++i) {
            const MetricValue wanted = evaluator.evaluate(page * kPageCustomers + i, now, {});
            ASSERT_EQ(said_value(block.at(i)), said_value(wanted))
                << "verb " << static_cast<int>(verb) << ", side " << static_cast<int>(side)
                << ", customer " << page * kPageCustomers + i;
            known += wanted.known() && wanted.cell.integer > 0 ? 1 : 0;
          }
        }
        const bool gaps_of_one = verb == Verb::kGapMedian && side == ReferralSide::kReferred;
        EXPECT_GT(known, gaps_of_one ? -1 : 10);
      }
    }
  }
}

TEST(PageMetrics, ManyAtOnceAreTheSameAsEachAlone) {
  const PageWorld world({});
  Specs drawn(world, 5);
  std::vector<MetricSpec> specs;
  for (const Verb verb : kVerbs) {
    for (const int column : columns_of(verb)) specs.push_back(drawn.draw(verb, column));
  }
  std::vector<const MetricSpec*> all;
  for (const MetricSpec& spec : specs) all.push_back(&spec);
  PageMetrics metrics(all, world.streams(), world.state(), world.zone());
  ValueBlock block;
  const PageAnchors anchors = world.anchors();
  std::vector<std::vector<std::string>> together(specs.size());
  for (uint32_t page = 0; page < metrics.pages(); ++page) {
    metrics.read(page, world.now(), anchors);
    for (size_t m = 0; m < specs.size(); ++m) {
      metrics.evaluate(m, block);
      for (uint32_t i = 0; i < metrics.customers(); ++i) {
        together[m].push_back(said_value(block.at(i)));
      }
    }
  }
  for (size_t m = 0; m < specs.size(); ++m) {
    const MetricSpec* const one[] = {&specs[m]};
    EXPECT_EQ(together[m], by_page(world, one, 0)) << m;
  }
}

TEST(PageMetrics, ThreadsReadOneSnapshotSideBySide) {
  const PageWorld world({});
  Specs drawn(world, 6);
  std::vector<MetricSpec> specs;
  for (const Verb verb : kVerbs) specs.push_back(drawn.draw(verb, columns_of(verb).front()));
  std::vector<const MetricSpec*> all;
  for (const MetricSpec& spec : specs) all.push_back(&spec);
  std::vector<std::vector<std::string>> alone;
  for (size_t m = 0; m < specs.size(); ++m) alone.push_back(by_page(world, all, m));
  for (const size_t threads : {2, 4}) {
    std::vector<std::vector<std::vector<std::string>>> got(threads);
    std::vector<std::thread> workers;
    for (size_t t = 0; t < threads; ++t) {
      workers.emplace_back([&, t] {
        for (size_t m = 0; m < specs.size(); ++m) got[t].push_back(by_page(world, all, m));
      });
    }
    for (std::thread& worker : workers) worker.join();
    for (size_t t = 0; t < threads; ++t) EXPECT_EQ(got[t], alone) << t;
  }
}

}  // namespace
}  // namespace patron::internal
