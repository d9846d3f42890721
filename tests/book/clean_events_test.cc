// Events that are read a column at a time beside the same ones read one by one.
#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "lib/book/batch_filler.h"
#include "lib/book/book_data.h"
#include "tests/book/book_oracle.h"

namespace patron::book_test {
namespace {

using internal::BatchColumn;
using internal::BatchFiller;
using internal::EventBatch;

constexpr Micros kUntil = 1'000'000;

struct Told {
  std::vector<Event> events;
  std::vector<std::vector<BookValue>> values;
  std::vector<BookEvent> given;
};

void tell(RandomFacts& facts, std::mt19937_64& random, bool text, size_t count, Told& out) {
  for (size_t i = 0; i < count; ++i) out.events.push_back(facts.event());
  const size_t columns = out.events[0].fact.values.size();
  const size_t empty = random() % (2 * columns);  // a column of nulls, now and then
  for (const Event& event : out.events) {
    std::vector<BookValue>& row = out.values.emplace_back();
    for (const Value& value : event.fact.values) {
      std::visit(
          [&](const auto& v) {
            if constexpr (std::is_same_v<std::decay_t<decltype(v)>, std::string>) {
              row.emplace_back(std::string_view(v));
            } else {
              row.emplace_back(v);
            }
          },
          value);
    }
    if (empty < columns) row[empty] = std::monostate();
    BookEvent& given = out.given.emplace_back();
    text ? void(given.customer.text = event.customer)
         : void(given.customer.number = std::stoll(event.customer));
    given.time = event.fact.time;
  }
  for (size_t i = 0; i < count; ++i) out.given[i].values = out.values[i];
}

// Something that a batch has to say about one of them.
void spoil(std::mt19937_64& random, Told& told) {
  static const std::string kTooLong(65'536, 'x');
  const size_t i = random() % told.given.size();
  const size_t c = random() % told.values[i].size();
  BookEvent& event = told.given[i];
  BookValue& value = told.values[i][c];
  switch (random() % 10) {
    case 0:
      event.time = random() % 2 == 0 ? kUntil + 1 : kMinTime - 1;
      break;
    case 1:
      event.customer = {std::numeric_limits<int64_t>::min(), {}};
      break;
    case 2:
      event.customer.text = std::string_view("\xFF", 1);
      break;
    case 3:
      value = true;
      break;
    case 4:
      value = std::numeric_limits<double>::infinity();
      break;
    case 5:
      value = std::numeric_limits<int64_t>::min();
      break;
    case 6:
      value = std::string_view(kTooLong);
      break;
    case 7:
      value = std::string_view("\xC0\x80");
      break;
    case 8:
      event.values = event.values.first(c);
      break;
    default:
      value = std::string_view();
  }
}

template <typename T>
std::vector<T> plain(const internal::BatchVector<T>& values) {
  return {values.begin(), values.end()};
}

void expect_same(const EventBatch& a, const EventBatch& b) {
  EXPECT_EQ(plain(a.times), plain(b.times));
  EXPECT_EQ(plain(a.int_ids), plain(b.int_ids));
  EXPECT_EQ(plain(a.text_ids), plain(b.text_ids));
  EXPECT_EQ(a.marked, b.marked);
  ASSERT_EQ(a.columns.size(), b.columns.size());
  for (size_t c = 0; c < a.columns.size(); ++c) {
    const BatchColumn &x = a.columns[c], &y = b.columns[c];
    EXPECT_EQ(x.given, y.given) << c;
    EXPECT_EQ(plain(x.cells), plain(y.cells)) << c;
    ASSERT_EQ(x.texts.size(), y.texts.size()) << c;
    for (size_t i = 0; i < x.texts.size(); ++i) {
      EXPECT_EQ(x.texts[i], y.texts[i]);
      EXPECT_EQ(x.texts[i].data() == nullptr, y.texts[i].data() == nullptr);
    }
  }
}

TEST(CleanEvents, AreReadAsOneByOne) {
  int clean = 0, unclean = 0;
  for (const Kind customer : {Kind::kInt64, Kind::kString}) {
    for (const char* key : {"", "number", "text"}) {
      BookSpec spec;
      spec.customer = customer;
      spec.streams = {wide_stream(key)};
      const BookLayout layout = *BookLayout::make(spec);
      const internal::StreamLayout& stream = layout.data().streams[0];
      RandomFacts facts(31, 50, 1000);
      std::mt19937_64 random(32);
      EventBatch batch, want;  // memory and what lies in it stay from one to the next
      for (int round = 0; round < cases(150); ++round) {
        Told told;
        tell(facts, random, customer == Kind::kString, 1 + random() % 60, told);
        if (random() % 2 == 0) spoil(random, told);
        BookReport report, plain_report;
        BatchFiller plain_filler(stream, layout.data(), kUntil, want, plain_report);
        const Status status = plain_filler.read_events(told.given);
        if (status.ok()) plain_filler.finish();
        BatchFiller filler(stream, layout.data(), kUntil, batch, report);
        if (!filler.take_clean(told.given)) {
          ++unclean;
          EXPECT_TRUE(!status.ok() || plain_report.refused_rows > 0) << round;
          EXPECT_EQ(batch.size(), 0U);
          EXPECT_TRUE(batch.marked.empty());
          continue;
        }
        ++clean;
        filler.finish();
        ASSERT_TRUE(status.ok());
        EXPECT_EQ(plain_report.refused_rows, 0);
        expect_same(batch, want);
      }
    }
  }
  EXPECT_GT(clean, cases(150) * 2);
  EXPECT_GT(unclean, cases(150));
}

}  // namespace
}  // namespace patron::book_test
