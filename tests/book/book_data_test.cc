// The book against the oracle: random facts in random batches, corrected and deleted, while
// snapshots are kept.
#include "lib/book/book_data.h"

#include <gtest/gtest.h>

#include <optional>
#include <set>

#include "tests/book/book_oracle.h"

namespace patron::book_test {
namespace {

using internal::BookState;
using internal::LogPage;
using internal::LogReader;
using internal::PageReader;

Book make_book(BookStream stream, Kind customer) {
  BookSpec spec;
  spec.customer = customer;
  spec.streams = {std::move(stream)};
  Result<BookLayout> layout = BookLayout::make(spec);
  EXPECT_TRUE(layout.ok()) << layout.status().message();
  return Book(*layout);
}

void check_state(const Book& book, const BookState& state, const Oracle& oracle) {
  LogReader reader(state, 0);
  const internal::RowOrder order = state.streams[0].order(*state.ids);
  std::set<uint32_t> seen;
  size_t facts = 0;
  for (const auto& [customer, unsorted] : oracle.facts()) {
    const uint32_t row = state.ids->find(id_of(book, customer));
    if (row == kNoCustomer || row >= state.customers) {
      ASSERT_TRUE(unsorted.empty()) << customer;
      continue;
    }
    facts += unsorted.size();
    ASSERT_EQ(lines_of(reader.read(row), reader.layout(), order), lines_of(oracle.log(customer)))
        << "customer " << customer;
  }
  PageReader pages(state, 0);
  size_t in_pages = 0;
  for (uint32_t p = 0; p < pages.pages(); ++p) {
    const LogPage page = pages.read(p);
    const std::set<uint16_t> apart(page.apart.begin(), page.apart.end());
    for (uint32_t i = 0; i + 1 < page.offsets.size(); ++i) {
      const uint32_t row = page.first + i;
      if (apart.count(static_cast<uint16_t>(i)) != 0) {
        in_pages += reader.read(row).size();
        continue;
      }
      internal::LogRun run = page.run;
      run.begin = page.offsets[i];
      run.size = page.offsets[i + 1] - page.offsets[i];
      in_pages += run.size;
      if (run.size == 0) continue;
      std::vector<internal::LogRun> one{run};
      ASSERT_EQ(lines_of(internal::LogView(one), reader.layout(), order),
                lines_of(reader.read(row), reader.layout(), order));
    }
  }
  ASSERT_EQ(in_pages, facts);
}

struct Way {
  const char* key;
  Kind customer;
};

void PrintTo(const Way& way, std::ostream* out) { *out << "key " << way.key; }

class BookOracle : public testing::TestWithParam<Way> {};

TEST_P(BookOracle, AgreesAfterEveryBatchAndInEverySnapshot) {
  for (int round = 0; round < cases(12); ++round) {
    const auto seed = static_cast<uint64_t>(round) + 1;
    SCOPED_TRACE("seed " + std::to_string(seed));
    const BookStream stream = wide_stream(GetParam().key);
    Book book = make_book(stream, GetParam().customer);
    const int key = book.layout().data().streams[0].key;
    RandomFacts random(seed, round % 2 == 0 ? 5 : 700, round % 3 == 0 ? 40 : 3000);
    Oracle oracle(key);
    std::vector<std::pair<BookSnapshot, Oracle>> kept;
    BookReport report;
    for (int batch = 0; batch < 30; ++batch) {
      // Now and then one that is sorted by pages and filed in slices.
      std::vector<Event> events(batch == 20 && round % 4 == 0 ? 4097 + random.below(4000)
                                                              : random.below(200));
      if (events.size() <= 200 && random.below(4) == 0) events.resize(1);
      for (Event& event : events) event = random.event();
      const Micros clock = static_cast<Micros>(random.below(200)) * 1000;
      ASSERT_TRUE(give(book, 0, events, {.clock = clock, .quiet = false}, report).ok());
      int64_t counts[3] = {};
      int64_t late = 0;
      for (const Event& event : events) {
        const int filed = oracle.add(event);
        ++counts[filed];
        late += filed != 1 && event.fact.time <= clock;
      }
      ASSERT_EQ(report.accepted, counts[0]);
      ASSERT_EQ(report.duplicates, counts[1]);
      ASSERT_EQ(report.corrected, counts[2]);
      ASSERT_EQ(report.late, late);
      ASSERT_EQ(report.waiting, counts[0] + counts[2] - late);
      if (random.below(3) == 0) check_state(book, book.state(), oracle);
      if (HasFatalFailure()) return;
      if (random.below(5) == 0) kept.emplace_back(book.snapshot(), oracle);
    }
    check_state(book, book.state(), oracle);
    for (const auto& [snapshot, then] : kept) check_state(book, snapshot.state(), then);
    if (HasFatalFailure()) return;
  }
}

// L1 and L12: the same facts in another order and other batches lie in the same order.
TEST_P(BookOracle, AnyOrderOfArrivalGivesTheSameLogs) {
  for (int round = 0; round < cases(6); ++round) {
    const auto seed = static_cast<uint64_t>(round) + 100;
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomFacts random(seed, 40, 1'000'000'000);
    std::vector<Event> events(2000);
    std::set<Value> keys;
    for (Event& event : events) {
      do event = random.event();
      while (!keys.insert(event.fact.values[2]).second);
    }
    std::vector<std::vector<std::string>> first;
    for (int order = 0; order < 3; ++order) {
      Book book = make_book(wide_stream(GetParam().key), GetParam().customer);
      BookReport report;
      for (size_t at = 0; at < events.size();) {
        const size_t n = std::min(events.size() - at, 1 + random.below(order == 0 ? 2000 : 90));
        const std::vector<Event> part(events.begin() + static_cast<std::ptrdiff_t>(at),
                                      events.begin() + static_cast<std::ptrdiff_t>(at + n));
        ASSERT_TRUE(give(book, 0, part, {}, report).ok());
        at += n;
      }
      std::vector<std::vector<std::string>> logs;
      LogReader reader(book.state(), 0);
      for (int customer = 0; customer < 40; ++customer) {
        const uint32_t row = book.find(id_of(book, std::to_string(customer * 7)));
        logs.push_back(lines_of(reader.read(row), reader.layout(),
                                book.state().streams[0].order(*book.state().ids)));
      }
      if (order == 0) first = logs;
      ASSERT_EQ(logs, first);
      for (size_t i = events.size(); i > 1; --i) std::swap(events[i - 1], events[random.below(i)]);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Ways, BookOracle,
                         testing::Values(Way{"", Kind::kInt64}, Way{"number", Kind::kString},
                                         Way{"text", Kind::kInt64}));

TEST(BookEffects, AreOneForACustomerAndInstant) {
  std::vector<BookEffect> effects;
  effects.push_back({2, 50, 50, false, false, false});
  effects.push_back({7, 10, 3, true, false, false});
  effects.push_back({1, 50, 50, false, false, false});
  effects.push_back({2, 50, 50, false, true, false});
  internal::order_effects(effects);
  ASSERT_EQ(effects.size(), 3u);
  EXPECT_EQ(effects[0].customer, 7u);
  EXPECT_EQ(effects[1].customer, 1u);
  EXPECT_EQ(effects[2].customer, 2u);
  EXPECT_TRUE(effects[2].corrected);
}

// Late ones first, of each customer one; then those that wait, in the order of time and rows.
void expect_effects(const std::vector<std::pair<int64_t, Micros>>& facts, Micros clock,
                    const Book& book, const std::vector<BookEffect>& effects) {
  std::set<uint32_t> late, seen;
  std::set<std::pair<Micros, uint32_t>> waiting;
  for (const auto& [customer, time] : facts) {
    const uint32_t row = book.find({customer, {}});
    time > clock ? void(waiting.emplace(time, row)) : void(late.insert(row));
  }
  ASSERT_EQ(effects.size(), late.size() + waiting.size());
  for (size_t i = 0; i < late.size(); ++i) {
    EXPECT_TRUE(effects[i].late);
    seen.insert(effects[i].customer);
  }
  EXPECT_EQ(seen, late);
  size_t next = late.size();
  for (const auto& [at, row] : waiting) {
    EXPECT_FALSE(effects[next].late);
    ASSERT_EQ(std::pair(effects[next].at, effects[next].customer), std::pair(at, row));
    ++next;
  }
}

// However a batch came: in the order of time, with some as old as each other, in any order, late in
// part; of few rows and of as many as are filed in slices.
TEST(BookEffects, OfABatchAreInOrder) {
  Book book = make_book(*built_in_stream("orders", BookSpec()), Kind::kInt64);
  std::vector<BookValue> order(book.layout().spec().streams[0].columns.size());
  order[0] = int64_t{1};
  RandomFacts random(1, 1, 1);
  for (int round = 0; round < 60; ++round) {
    const Micros clock = 10'000 + round % 4 * 100;
    const size_t count = round % 9 == 8 ? 20'000 : 1 + random.below(300);
    std::vector<std::pair<int64_t, Micros>> facts;
    Micros time = clock + (round % 3 == 0 ? -50 : 1);
    for (size_t i = 0; i < count; ++i) {
      const auto customer = static_cast<int64_t>(random.below(2 * internal::kPageCustomers));
      const size_t step = round % 5 < 3 ? 1 : random.below(3);
      time += static_cast<Micros>(step);
      const bool back = round % 7 == 0 && random.below(50) == 0;
      facts.emplace_back(customer, back ? time - static_cast<Micros>(random.below(60)) : time);
    }
    std::vector<BookEvent> events;
    for (const auto& [customer, at] : facts) events.push_back({{customer, {}}, at, order});
    BookReport report;
    ASSERT_TRUE(book.add(0, events, {.clock = clock}, &report).ok());
    ASSERT_EQ(report.accepted, static_cast<int64_t>(count));
    expect_effects(facts, clock, book, report.effects);
  }
}

}  // namespace
}  // namespace patron::book_test
