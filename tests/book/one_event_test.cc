// Events one by one, on the short way, beside a book with a limit of memory that nobody reaches:
// there every event goes the way of a batch.
#include "lib/book/one_event.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <sstream>

#include "lib/book/book_data.h"
#include "tests/base/fail_alloc.h"
#include "tests/book/book_oracle.h"

namespace patron::book_test {
namespace {

using internal::OneEvent;

constexpr int64_t kNobodysLimit = int64_t{1} << 40;

BookLayout wide(Kind customer, const std::string& key) {
  BookSpec spec;
  spec.customer = customer;
  spec.streams = {wide_stream(key)};
  return *BookLayout::make(spec);
}

std::string show(const Status& status, const BookReport& report) {
  std::ostringstream out;
  out << static_cast<int>(status.code()) << ' ' << status.message() << ' ' << status.row() << ' '
      << report.rows << ' ' << report.accepted << ' ' << report.duplicates << ' '
      << report.corrected << ' ' << report.refused_rows << ' ' << report.late << ' '
      << report.waiting;
  for (const BookRefusal& one : report.refused) {
    out << " (" << one.row << ' ' << one.column << ": " << one.reason << ')';
  }
  for (const BookEffect& one : report.effects) {
    out << " [" << one.customer << ' ' << one.at << ' ' << one.fact_time << ' ' << one.late
        << one.corrected << one.quiet << ']';
  }
  return out.str();
}

// What may be wrong with an event by itself, or unusual.
void spoil(std::mt19937_64& random, BookEvent& event, std::vector<BookValue>& values) {
  static const std::string kTooLong(65'536, 'x');
  static const std::string kLong(300, 'y');
  const size_t c = random() % values.size();
  switch (random() % 24) {
    case 0:
      event.time = kMinTime - 1;
      break;
    case 1:
      event.time = 150'001;
      break;
    case 2:
      event.customer = {std::numeric_limits<int64_t>::min(), std::string_view("\xFF", 1)};
      break;
    case 3:
      event.customer.text = {};
      break;
    case 4:
      event.customer.text = kTooLong;
      break;
    case 5:
      values[c] = std::monostate();
      break;
    case 6:
      values[c] = true;
      break;
    case 7:
      values[c] = std::numeric_limits<double>::quiet_NaN();
      break;
    case 8:
      values[c] = std::numeric_limits<int64_t>::min();
      break;
    case 9:
      values[c] = std::numeric_limits<int64_t>::max();
      break;
    case 10:
      values[c] = std::string_view(kTooLong);
      break;
    case 11:
      values[c] = std::string_view("\xC0\x80");
      break;
    case 12:
      values[c] = std::string_view();
      break;
    case 13:
      values[c] = std::string_view(kLong);
      break;
    case 14:
      event.values = std::span(values).first(values.size() - 1);
      break;
    case 15:
      values[c] = int64_t{1} << 62;
      break;
    default:
      break;
  }
}

struct Told {
  std::vector<BookValue> values;
  BookEvent event;
};

void tell(const Event& from, bool text, Told& out) {
  for (const Value& value : from.fact.values) {
    std::visit(
        [&](const auto& v) {
          if constexpr (std::is_same_v<std::decay_t<decltype(v)>, std::string>) {
            out.values.emplace_back(std::string_view(v));
          } else {
            out.values.emplace_back(v);
          }
        },
        value);
  }
  if (text) {
    out.event.customer.text = from.customer;
  } else {
    out.event.customer.number = std::stoll(from.customer);
  }
  out.event.time = from.fact.time;
  out.event.values = out.values;
}

TEST(OneEvent, DoesWhatABatchOfOneDoes) {
  int64_t good = 0, bad = 0;
  for (const Kind customer : {Kind::kInt64, Kind::kString}) {
    for (const char* key : {"", "number", "text"}) {
      const BookLayout layout = wide(customer, key);
      Book book(layout, {.memory_limit = 0, .refuse_after = 150'000});
      Book plain(layout, {.memory_limit = kNobodysLimit, .refuse_after = 150'000});
      RandomFacts facts(11, 600, 900);
      std::mt19937_64 random(12);
      BookReport report, plain_report;
      for (int i = 0; i < cases(4000); ++i) {
        const Event from = facts.event();
        Told told;
        tell(from, customer == Kind::kString, told);
        if (random() % 3 == 0) spoil(random, told.event, told.values);
        const AddOptions options{.clock = 60'000, .quiet = random() % 2 == 0};
        const std::span<const BookEvent> one(&told.event, 1);
        const Status status = book.add(0, one, options, &report);
        const Status want = plain.add(0, one, options, &plain_report);
        ASSERT_EQ(show(status, report), show(want, plain_report)) << key << ", event " << i;
        ++(report.accepted == 1 ? good : bad);
        if (i % 50 == 0) {
          static_cast<void>(book.snapshot());
          static_cast<void>(plain.snapshot());
        }
        if (i % 500 == 0) {
          ASSERT_EQ(book.state_hash(), plain.state_hash());
        }
      }
      ASSERT_EQ(book.state_hash(), plain.state_hash());
    }
  }
  EXPECT_GT(good, bad);
  EXPECT_GT(bad, cases(4000) / 2);
}

// A customer of thousands of events, whose log is apart and whose keys have an index.
TEST(OneEvent, GrowsIntoALongLog) {
  for (const char* key : {"", "number", "text"}) {
    Book book(wide(Kind::kInt64, key));
    Oracle oracle(book.layout().data().streams[0].key);
    RandomFacts facts(5, 2, 3000);
    BookReport report;
    for (int i = 0; i < 2500; ++i) {
      const Event event = facts.event();
      ASSERT_TRUE(give(book, 0, {event}, {}, report).ok());
      const int done = oracle.add(event);
      ASSERT_EQ(report.duplicates, done == 1 ? 1 : 0);
      ASSERT_EQ(report.corrected, done == 2 ? 1 : 0);
    }
    internal::LogReader reader(book.state(), 0);
    const internal::RowOrder order = book.state().streams[0].order(*book.state().ids);
    EXPECT_EQ(lines_of(reader.read(book.find(id_of(book, "0"))), reader.layout(), order),
              lines_of(oracle.log("0")));
  }
}

TEST(OneEvent, LeavesTheBookAsItWasWhereMemoryRunsOut) {
  int failures = 0;
  for (const Kind customer : {Kind::kInt64, Kind::kString}) {
    for (const char* key : {"", "text"}) {
      const BookLayout layout = wide(customer, key);
      Book book(layout), twin(layout);
      RandomFacts facts(21, 300, 400);
      BookReport report;
      for (int i = 0; i < 150; ++i) {
        Told told;
        const Event from = facts.event();
        tell(from, customer == Kind::kString, told);
        const std::span<const BookEvent> one(&told.event, 1);
        const std::string before = twin.state_hash();
        const BookSnapshot shared = (i % 4 == 0 ? book : twin).snapshot();
        for (int64_t k = 0;; ++k) {
          bool failed = false;
          try {
            const test::FailAllocation failing(k);
            ASSERT_TRUE(book.add(0, one, {}, &report).ok());
          } catch (const std::bad_alloc&) {
            failed = true;
          }
          if (!failed) break;
          ++failures;
          ASSERT_EQ(book.state_hash(), before) << "event " << i << ", allocation " << k;
          ASSERT_EQ(book.state().ids->size(), twin.state().ids->size()) << "event " << i;
        }
        ASSERT_TRUE(twin.add(0, one, {}, &report).ok());
        ASSERT_EQ(book.state_hash(), twin.state_hash());
      }
    }
  }
  EXPECT_GT(failures, 300);
}

// Which of them go the short way: those that a batch would have nothing to say about.
TEST(OneEvent, IsGoodWithNothingWrongByItself) {
  const BookLayout layout = wide(Kind::kInt64, "number");
  const internal::StreamLayout& stream = layout.data().streams[0];
  std::vector<BookValue> values(stream.columns.size());
  values[2] = int64_t{7};
  BookEvent event{{1, {}}, 5, values};
  const auto good = [&] { return OneEvent(event, stream).is_good(layout.data(), 10); };
  EXPECT_TRUE(good());
  values[1] = std::string_view("thirteen byte");
  OneEvent with_text(event, stream);
  EXPECT_TRUE(with_text.is_good(layout.data(), 10));
  EXPECT_EQ(with_text.heap(), 13U);
  EXPECT_EQ(with_text.given()[1], 1);
  EXPECT_EQ(with_text.given()[0], 0);
  event.time = 11;
  EXPECT_FALSE(good());
  event.time = 10;
  EXPECT_TRUE(good());
  values[2] = std::monostate();
  EXPECT_FALSE(good());
}

}  // namespace
}  // namespace patron::book_test
