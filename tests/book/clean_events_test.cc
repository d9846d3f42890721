// Events that are read a column at a time beside the same ones read one by one.
#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "lib/book/batch_filler.h"
#include "lib/book/book_data.h"
#include "lib/book/clean_reader.h"
#include "tests/book/book_oracle.h"

namespace patron::book_test {
namespace {

using internal::BatchColumn;
using internal::BatchFiller;
using internal::EventBatch;
using internal::read_clean;

constexpr Micros kUntil = 1'000'000;

struct Told {
  std::vector<Event> events;
  std::vector<std::vector<BookValue>> values;
  std::vector<BookEvent> given;
};

void tell(RandomFacts& facts, std::mt19937_64& random, bool text, size_t count, Told& out) {
  for (size_t i = 0; i < count; ++i) out.events.push_back(facts.event());
  const size_t columns = out.events[0].fact.values.size();
  // A column of nulls, now and then, or of nulls up to some row.
  const size_t empty = random() % (2 * columns);
  const size_t nulls = random() % 2 == 0 ? count : random() % count;
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
    if (empty < columns && out.values.size() <= nulls) row[empty] = std::monostate();
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
        BookReport plain_report;
        BatchFiller plain_filler(stream, layout.data(), kUntil, want, plain_report);
        const Status status = plain_filler.read_events(told.given);
        if (status.ok()) plain_filler.finish();
        if (!read_clean(told.given, {stream, layout.data(), kUntil, batch, {}})) {
          ++unclean;
          EXPECT_TRUE(!status.ok() || plain_report.refused_rows > 0) << round;
          EXPECT_EQ(batch.size(), 0U);
          EXPECT_TRUE(batch.marked.empty());
          continue;
        }
        ++clean;
        ASSERT_TRUE(status.ok());
        EXPECT_EQ(plain_report.refused_rows, 0);
        expect_same(batch, want);
      }
    }
  }
  EXPECT_GT(clean, cases(150) * 2);
  EXPECT_GT(unclean, cases(150));
}

// Of one stream: what a batch's words become, and which words there are then.
struct Coder {
  explicit Coder(const internal::StreamLayout& stream) : log(stream), writer(stream, nullptr) {
    writer.begin(log);
  }
  std::vector<std::vector<uint32_t>> codes(EventBatch& batch) {
    writer.resolve_codes(batch, log);
    std::vector<std::vector<uint32_t>> out;
    for (size_t c = 0; c < batch.columns.size(); ++c) {
      if (batch.layout->columns[c].cell != internal::CellType::kCode) continue;
      out.emplace_back();
      if (batch.columns[c].given) out.back() = plain(writer.codes(c));
    }
    return out;
  }
  internal::LogState log;
  internal::LogWriter writer;
};

BookLayout wide_layout() {
  BookSpec spec;
  spec.customer = Kind::kInt64;
  spec.streams = {wide_stream("")};
  return *BookLayout::make(spec);
}

// Some words are known, some new, some come twice, and rows that bring new ones are left out.
TEST(CleanEvents, HaveTheirWordsLookedUpAsTheyAreRead) {
  const BookLayout layout = wide_layout();
  const internal::StreamLayout& stream = layout.data().streams[0];
  const auto open = static_cast<size_t>(stream.find("open"));
  std::mt19937_64 random(33);
  int coded = 0, brought = 0;
  for (int world = 0; world < cases(20); ++world) {
    RandomFacts facts(random(), 50, 1000);
    Coder quick(stream), slow(stream);
    EventBatch batch, want;
    for (int round = 0; round < 12; ++round) {
      Told told;
      tell(facts, random, false, 1 + random() % 60, told);
      std::vector<std::string> words;
      for (size_t i = 0; i < told.given.size(); ++i) {
        words.push_back("word " + std::to_string(random() % 40) + std::string(random() % 20, '-'));
      }
      for (size_t i = 0; i < told.given.size(); ++i) {
        if (random() % 4 == 0) told.values[i][open] = std::string_view(words[i]);
      }
      ASSERT_TRUE(read_clean(told.given,
                             {stream, layout.data(), kUntil, batch, quick.writer.known_words()}));
      ASSERT_TRUE(read_clean(told.given, {stream, layout.data(), kUntil, want, {}}));
      coded += batch.columns[open].coded ? 1 : 0;
      brought += batch.columns[open].new_words.empty() ? 0 : 1;
      if (random() % 2 == 0) {
        std::vector<uint8_t> out(told.given.size());
        for (uint8_t& mark : out) mark = random() % 3 == 0 ? 1 : 0;
        batch.leave_out(out);
        want.leave_out(out);
      }
      ASSERT_EQ(quick.codes(batch), slow.codes(want)) << world << ' ' << round;
      ASSERT_EQ(quick.log.texts[open].size(), slow.log.texts[open].size());
      for (uint32_t code = 0; code < quick.log.texts[open].size(); ++code) {
        ASSERT_EQ(quick.log.texts[open].text(code), slow.log.texts[open].text(code));
      }
    }
  }
  EXPECT_GT(coded, cases(20) * 9);
  EXPECT_GT(brought, cases(20) * 4);
}

// A word is as good as it is where it is looked up later.
TEST(CleanEvents, RefuseWordsThatAreNoneThoughOthersAreKnown) {
  const BookLayout layout = wide_layout();
  const internal::StreamLayout& stream = layout.data().streams[0];
  RandomFacts facts(34, 50, 1000);
  std::mt19937_64 random(35);
  const std::string long_word(65'536, 'x');
  Coder coder(stream);
  EventBatch batch;
  for (const auto& [name, word, good] :
       {std::tuple<const char*, std::string_view, bool>{"open", "tea", true},
        {"closed", "ant", true},
        {"open", "\xC0\x80", false},
        {"open", long_word, false},
        {"closed", "tea", false},
        {"open", "", true}}) {
    Told told;
    tell(facts, random, false, 20, told);
    for (std::vector<BookValue>& row : told.values) {
      row[static_cast<size_t>(stream.find("open"))] = std::string_view("cups");
      row[static_cast<size_t>(stream.find("closed"))] = std::string_view("zebra");
    }
    told.values[13][static_cast<size_t>(stream.find(name))] = word;
    EXPECT_EQ(
        read_clean(told.given, {stream, layout.data(), kUntil, batch, coder.writer.known_words()}),
        good)
        << name << ' ' << word.substr(0, 9);
    if (good) coder.codes(batch);
  }
}

}  // namespace
}  // namespace patron::book_test
