// Large tables that are filed from where they stand, beside the same rows in small batches.
#include <gtest/gtest.h>

#include <cstring>
#include <new>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "lib/book/book_data.h"
#include "tests/base/fail_alloc.h"
#include "tests/book/book_oracle.h"

namespace patron::book_test {
namespace {

using internal::BookData;

constexpr size_t kRows = 100'000;

BookSpec wide(const std::string& key, Kind customer = Kind::kInt64) {
  BookSpec spec;
  spec.customer = customer;
  spec.streams = {wide_stream(key)};
  return spec;
}

// How the facts of a table are made up.
struct Kinds {
  size_t rows = kRows;
  uint64_t customers = 20'000;
  int64_t first = 5;
  bool hashed = false;    // their ids
  bool text = false;      // the same as texts
  bool disorder = false;  // times
  size_t words = 40;
  bool plain = false;  // words of many lengths, none of them null
  size_t keys = 1'000'000'000;
  bool narrow = false;   // without a column of texts: its cells go to pages from where they stand
  size_t favourite = 0;  // each so many rows are of one customer
};

// Columns of all kinds that a table has, some of them with nulls.
class WideTable {
 public:
  WideTable(uint64_t seed, const Kinds& kinds) : kinds_(kinds) {
    std::mt19937_64 random(seed);
    for (size_t i = 0; i < kinds.rows; ++i) {
      auto who = static_cast<int64_t>(random() % kinds.customers);
      if (kinds.favourite > 0 && i % kinds.favourite == 0) who = 7;
      ids_.push_back(
          kinds.hashed ? static_cast<int64_t>(static_cast<uint64_t>(who) * 0x9e3779b97f4a7c15U >> 1)
                       : who + kinds.first);
      texts_.push_back("customer " + std::to_string(who));
      times_.push_back(static_cast<int64_t>(kinds.disorder ? random() % 5000 : i / 3));
      amounts_.push_back(static_cast<double>(random() % 20'000) - 100);
      numbers_.push_back(static_cast<int64_t>(random() % kinds.keys));
      const bool null = !kinds.plain && random() % 9 == 0;
      words_.push_back(null ? std::optional<std::string>() : word(random() % kinds.words));
      closed_.push_back(random() % 2 == 0 ? "ant" : "zebra");
      comments_.push_back(random() % 5 == 0 ? "a text that is longer than a cell" : "short");
      shares_.push_back(static_cast<double>(random() % 8) / 4);
      days_.push_back(static_cast<int32_t>(random() % 9));
      took_.push_back(static_cast<int64_t>(random() % 600));
      // A new word late in the table.
      if (i + 5 == kinds.rows) words_.back() = "late";
    }
  }
  std::vector<double>& amounts() { return amounts_; }
  std::vector<int64_t>& times() { return times_; }

  Table table(size_t begin, size_t end) const {
    const auto part = [&](const auto& values) {
      return std::decay_t<decltype(values)>(values.begin() + static_cast<std::ptrdiff_t>(begin),
                                            values.begin() + static_cast<std::ptrdiff_t>(end));
    };
    TableBuilder out;
    kinds_.text ? out.strings("customer", part(texts_)) : out.int64("customer", part(ids_));
    out.timestamps("time", part(times_), "UTC").doubles("amount", part(amounts_));
    out.int64("number", part(numbers_)).strings("open", part(words_));
    out.strings("closed", part(closed_));
    if (!kinds_.narrow) out.strings("text", part(comments_));
    out.doubles("share", part(shares_)).dates("day", part(days_));
    out.timestamps("seen", part(took_), "UTC");
    return *out.finish();
  }
  Table table() const { return table(0, kinds_.rows); }

 private:
  std::string word(size_t number) const {
    if (!kinds_.plain) return "word " + std::to_string(number);
    return std::string(number % 19, 'w') + (number < 19 ? "" : std::to_string(number));
  }

  Kinds kinds_;
  std::vector<int64_t> ids_, times_, numbers_, took_;
  std::vector<double> amounts_, shares_;
  std::vector<std::optional<std::string>> words_;
  std::vector<std::string> texts_, closed_, comments_;
  std::vector<int32_t> days_;
};

AddOptions at(Micros clock, int threads = 1) {
  AddOptions options;
  options.clock = clock;
  options.threads = threads;
  return options;
}

// The way of a batch.
void add_batch(BookData& book, const Table& table, const AddOptions& options, BookReport& report) {
  report = {};
  internal::StagedBatch& staged = book.stage(0, 0, false);
  ASSERT_TRUE(internal::read_batch(table, *staged.log->layout, book.layout.data(),
                                   book.options.refuse_after, staged.batch, report)
                  .ok());
  ASSERT_TRUE(book.add_staged(1, options, report).ok());
}

// The way of a large table, or where it is not one of a batch.
void add_any(BookData& book, const Table& table, const AddOptions& options, BookReport& report) {
  report = {};
  if (!book.add_table(0, table, options, report)) add_batch(book, table, options, report);
}

std::string saved(const BookData& book) {
  std::string bytes;
  EXPECT_TRUE(book.save([&](std::string_view piece) {
                    bytes += piece;
                    return Status();
                  })
                  .ok());
  return bytes;
}

TEST(TableFiling, HoldsWhatBatchesHoldThreads) {
  const BookLayout int_layout = *BookLayout::make(wide(""));
  const BookLayout keyed = *BookLayout::make(wide("number"));
  const BookLayout texts = *BookLayout::make(wide("", Kind::kString));
  struct Case {
    const BookLayout* layout;
    Kinds kinds;
  };
  for (const Case& one :
       {Case{&int_layout, {}}, Case{&int_layout, {.hashed = true, .disorder = true}},
        Case{&int_layout, {.customers = 300, .words = 5000}},
        Case{&int_layout, {.words = 900, .plain = true}}, Case{&keyed, {.hashed = true}},
        Case{&keyed, {.keys = 50}}, Case{&texts, {.text = true}},
        Case{&int_layout, {.narrow = true}},
        Case{&int_layout, {.hashed = true, .disorder = true, .narrow = true}},
        Case{&int_layout, {.customers = 300, .words = 5000, .narrow = true}},
        Case{&int_layout, {.disorder = true, .narrow = true, .favourite = 50}},
        Case{&int_layout, {.customers = 120, .words = 900, .plain = true, .narrow = true}},
        Case{&texts, {.text = true, .narrow = true, .favourite = 150}}}) {
    const WideTable first(1, one.kinds), second(2, one.kinds);
    BookData small(*one.layout, {});
    BookReport report;
    int64_t accepted = 0, late = 0, waiting = 0;
    for (size_t begin = 0; begin < one.kinds.rows; begin += 4000) {
      add_batch(small, first.table(begin, begin + 4000), at(40'000), report);
      accepted += report.accepted, late += report.late, waiting += report.waiting;
    }
    const std::string hash = small.state_hash();
    add_batch(small, second.table(), at(40'000), report);
    const std::string both = small.state_hash();
    std::string bytes;
    std::vector<uint32_t> effects;
    for (const int threads : {1, 2, 4}) {
      BookData large(*one.layout, {});
      report = {};
      ASSERT_TRUE(large.add_table(0, first.table(), at(40'000, threads), report));
      EXPECT_EQ(report.rows, static_cast<int64_t>(one.kinds.rows));
      EXPECT_EQ(report.accepted, accepted);
      EXPECT_EQ(report.late, late);
      EXPECT_EQ(report.waiting, waiting);
      EXPECT_EQ(large.state_hash(), hash) << threads;
      std::vector<uint32_t> noted;
      for (const BookEffect& effect : report.effects) noted.push_back(effect.customer);
      if (threads == 1) effects = noted;
      EXPECT_EQ(noted, effects) << threads;
      if (threads == 1) bytes = saved(large);
      EXPECT_EQ(saved(large), bytes) << threads;
      // Once more on top of what is there.
      report = {};
      ASSERT_TRUE(large.add_table(0, second.table(), at(40'000, threads), report));
      EXPECT_EQ(large.state_hash(), both) << threads;
    }
  }
}

// So many customers that two pages make a group, and one of them has been there before.
TEST(TableFiling, PagesBesideThoseOfATableAreNotFiledAgain) {
  const BookLayout layout = *BookLayout::make(wide(""));
  const Table old = WideTable(3, {.rows = 6000, .customers = 256, .narrow = true}).table();
  const WideTable many(4, {.customers = 300'000, .first = 1000, .narrow = true});
  BookData large(layout, {}), small(layout, {});
  BookReport report, part;
  add_batch(large, old, at(0), report);
  add_batch(small, old, at(0), report);
  ASSERT_EQ(large.state.ids->size(), internal::kPageCustomers);
  add_any(large, many.table(), at(40'000), report);
  ASSERT_GT(large.state.ids->size(), 66'000U);
  EXPECT_EQ(report.accepted, static_cast<int64_t>(kRows));
  int64_t late = 0, waiting = 0;
  std::set<uint32_t> concerned, all;
  for (const BookEffect& effect : report.effects) concerned.insert(effect.customer);
  for (size_t begin = 0; begin < kRows; begin += 4000) {
    add_batch(small, many.table(begin, begin + 4000), at(40'000), part);
    late += part.late, waiting += part.waiting;
    for (const BookEffect& effect : part.effects) all.insert(effect.customer);
  }
  EXPECT_EQ(report.late, late);
  EXPECT_EQ(report.waiting, waiting);
  EXPECT_EQ(concerned, all);
  EXPECT_EQ(large.state_hash(), small.state_hash());
}

TEST(TableFiling, ATableWithABadRowGoesAnotherWay) {
  const BookLayout layout = *BookLayout::make(wide(""));
  for (const auto& [bad, narrow] : {std::pair(size_t{0}, false), std::pair(kRows / 2, true),
                                    std::pair(kRows - 1, false), std::pair(kRows - 1, true)}) {
    WideTable facts(3, {.narrow = narrow});
    facts.amounts()[bad] = std::numeric_limits<double>::quiet_NaN();
    BookData book(layout, {});
    const std::string empty = book.state_hash();
    BookReport report;
    EXPECT_FALSE(book.add_table(0, facts.table(), at(0, 2), report));
    EXPECT_EQ(book.state_hash(), empty);
    EXPECT_EQ(book.state.ids->size(), 0U);
    EXPECT_EQ(book.state.streams[0].texts[3].size(), 0U);
    facts.amounts()[bad] = 1;
    facts.times()[bad] = kEndTime;
    EXPECT_FALSE(book.add_table(0, facts.table(), at(0, 2), report));
    EXPECT_EQ(book.state_hash(), empty);
    // Sums that could overflow are looked at one by one.
    facts.times()[bad] = 1;
    facts.amounts()[bad] = 1e14;
    EXPECT_FALSE(book.add_table(0, facts.table(), at(0, 2), report));
  }
}

TEST(TableFiling, SmallTablesAndUnknownColumnsGoAnotherWay) {
  const BookLayout layout = *BookLayout::make(wide(""));
  BookData book(layout, {});
  BookReport report;
  EXPECT_FALSE(book.add_table(0, WideTable(4, {.rows = 3000}).table(), at(0), report));
  book.large_table = 1000;
  EXPECT_TRUE(book.add_table(0, WideTable(4, {.rows = 3000}).table(), at(0), report));
  const Table odd = *TableBuilder()
                         .int64("customer", std::vector<int64_t>(2000, 1))
                         .timestamps("time", std::vector<int64_t>(2000, 1), "UTC")
                         .int64("weight", std::vector<int64_t>(2000, 1))
                         .finish();
  EXPECT_FALSE(book.add_table(0, odd, at(0), report));
}

// Whose late facts are marked has the effect that is listed otherwise: with all facts late, with
// some that wait, and where there are facts already, and a batch is sorted.
TEST(TableFiling, MarkedRowsAreThoseWithLateEffects) {
  const BookLayout layout = *BookLayout::make(wide(""));
  for (const auto& [large, narrow] :
       {std::pair(1000, false), std::pair(1000, true), std::pair(1'000'000, false)}) {
    BookData book(layout, {}), want(layout, {});
    book.large_table = want.large_table = large;
    size_t marked = 0, listed = 0;
    for (const uint64_t seed : {1, 2}) {
      for (const Micros clock : {Micros{kRows}, Micros{2500}}) {
        SCOPED_TRACE(testing::Message()
                     << large << ", " << narrow << ", " << seed << ", " << clock);
        const int64_t first = clock == 2500 ? 2005 : 5;  // others
        const Table table = WideTable(seed, {.rows = 9000,
                                             .customers = 1500,
                                             .first = first,
                                             .disorder = true,
                                             .narrow = narrow,
                                             .favourite = narrow ? size_t{10} : 0})
                                .table();
        AddOptions marks = at(clock);
        marks.mark_late = true;
        BookReport report, plain;
        add_any(book, table, marks, report);
        add_any(want, table, at(clock), plain);
        EXPECT_EQ(report.accepted, plain.accepted);
        EXPECT_EQ(report.late, plain.late);
        EXPECT_EQ(report.waiting, plain.waiting);
        std::set<std::tuple<uint32_t, Micros, Micros, bool>> effects, all;
        const auto line = [](const BookEffect& effect) {
          return std::tuple(effect.customer, effect.at, effect.fact_time, effect.late);
        };
        for (const BookEffect& effect : plain.effects) all.insert(line(effect));
        for (const BookEffect& effect : report.effects) effects.insert(line(effect));
        listed += report.effects.size();
        for (uint32_t row = 0; row < report.late_rows.size() * 64; ++row) {
          if ((report.late_rows[row / 64] >> row % 64 & 1) == 0) continue;
          const internal::EventPage* page = book.state.streams[0].page_of(row);
          effects.insert({row, clock, page->first_time(row % internal::kPageCustomers), true});
          ++marked;
        }
        EXPECT_EQ(effects, all);
      }
    }
    EXPECT_GT(marked, 2000U);
    EXPECT_GT(listed, 2000U);
  }
}

TEST(TableFiling, UnderALimitOfMemoryItGoesTheWayOfABatch) {
  const BookLayout layout = *BookLayout::make(wide(""));
  BookOptions options;
  options.memory_limit = int64_t{64} << 20;
  BookData book(layout, options);
  book.large_table = 1000;
  BookReport report;
  EXPECT_FALSE(book.add_table(0, WideTable(5, {}).table(), at(0), report));
  EXPECT_EQ(book.state.ids->size(), 0U);
}

void expect_nothing_where_memory_runs_out(const Kinds& kinds) {
  const Table first = WideTable(6, kinds).table(), second = WideTable(7, kinds).table();
  const BookLayout layout = *BookLayout::make(wide(""));
  BookData book(layout, {}), want(layout, {});
  book.large_table = want.large_table = 1000;
  BookReport report;
  for (const Table* table : {&first, &second}) {
    const std::string before = want.state_hash();
    for (int64_t k = 0;; k += 1 + k / 40) {
      bool failed = false;
      try {
        const test::FailAllocation failing(k);
        ASSERT_TRUE(book.add_table(0, *table, at(2500), report));
        failed = failing.happened();
      } catch (const std::bad_alloc&) {
        failed = true;
        ASSERT_EQ(book.state_hash(), before) << k;
      }
      if (!failed) break;
      // Tidying up may do without.
      if (book.state_hash() != before) break;
    }
    ASSERT_TRUE(want.add_table(0, *table, at(2500), report));
    EXPECT_EQ(book.state_hash(), want.state_hash());
  }
}

TEST(TableFiling, NothingIsFiledWhereMemoryRunsOut) {
  const Kinds kinds{.rows = 6000, .customers = 900, .hashed = true, .disorder = true};
  expect_nothing_where_memory_runs_out(kinds);
}

TEST(TableFiling, NothingIsFiledWhereMemoryForPagesRunsOut) {
  const Kinds kinds{.rows = 6000,
                    .customers = 900,
                    .hashed = true,
                    .disorder = true,
                    .narrow = true,
                    .favourite = 10};
  expect_nothing_where_memory_runs_out(kinds);
}

}  // namespace
}  // namespace patron::book_test
