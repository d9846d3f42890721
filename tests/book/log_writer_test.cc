#include "lib/book/log_writer.h"

#include <gtest/gtest.h>

#include "tests/book/book_oracle.h"

namespace patron::book_test {
namespace {

BookSpec keyed(const std::string& key) {
  BookSpec spec;
  spec.customer = Kind::kInt64;
  spec.streams = {wide_stream(key)};
  return spec;
}

// A customer with thousands of events, whose keys are found by an index, is corrected and emptied.
TEST(LogWriter, FindsKeysInLongLogs) {
  for (const char* key : {"number", "text"}) {
    Book book(*BookLayout::make(keyed(key)));
    const int column = book.layout().data().streams[0].key;
    Oracle oracle(column);
    RandomFacts random(9, 1, 4000);
    BookReport report;
    for (int batch = 0; batch < 60; ++batch) {
      std::vector<Event> events(150);
      for (Event& event : events) event = random.event();
      ASSERT_TRUE(give(book, 0, events, {}, report).ok());
      int64_t counts[3] = {};
      for (const Event& event : events) ++counts[oracle.add(event)];
      ASSERT_EQ(report.corrected, counts[2]) << key << " " << batch;
      ASSERT_EQ(report.duplicates, counts[1]);
      if (batch % 7 == 0) static_cast<void>(book.snapshot());
    }
    internal::LogReader reader(book.state(), 0);
    const internal::RowOrder order = book.state().streams[0].order(*book.state().ids);
    const std::vector<Fact> facts = oracle.log("0");
    ASSERT_GT(facts.size(), size_t{internal::kLongLogRows} * 3);
    EXPECT_EQ(lines_of(reader.read(0), reader.layout(), order), lines_of(facts));
    // Every second one is deleted.
    std::vector<int64_t> customers, numbers;
    std::vector<std::string> texts;
    for (size_t i = 0; i < facts.size(); i += 2) {
      customers.push_back(0);
      numbers.push_back(std::get<int64_t>(facts[i].values[2]));
      texts.push_back(std::get<std::string>(facts[i].values[1]));
      oracle.remove("0", facts[i].values[static_cast<size_t>(column)]);
    }
    TableBuilder keys;
    keys.int64("customer", customers);
    key[0] == 'n' ? keys.int64("number", numbers) : keys.strings("text", texts);
    ASSERT_TRUE(book.remove("visits", *keys.finish(), {}, &report).ok());
    EXPECT_EQ(report.deleted, static_cast<int64_t>(customers.size()));
    EXPECT_EQ(report.unknown, 0);
    EXPECT_EQ(lines_of(reader.read(0), reader.layout(), order), lines_of(oracle.log("0")));
  }
}

// In batches and one by one, with snapshots in between, and short tails again at the end.
TEST(LogWriter, LongTailsHoldWhatShortOnesHold) {
  for (const char* key : {"", "number"}) {
    Book plain(*BookLayout::make(keyed(key))), patient(*BookLayout::make(keyed(key)));
    patient.keep_long_tails(true);
    RandomFacts random(3, 300, 4000);
    int longer = 0;  // how often a tail is longer than others may be
    for (int batch = 0; batch < 300; ++batch) {
      std::vector<Event> events(static_cast<size_t>(1 + batch % 40));
      for (Event& event : events) event = random.event();
      BookReport want, report;
      ASSERT_TRUE(give(plain, 0, events, {}, want).ok());
      ASSERT_TRUE(give(patient, 0, events, {}, report).ok());
      ASSERT_EQ(report.accepted, want.accepted) << key << " " << batch;
      ASSERT_EQ(report.corrected, want.corrected);
      const internal::EventPage& page = *patient.state().streams[0].pages[0];
      longer += page.tail.size() > std::max(internal::kFullTail, page.base_rows() / 2) ? 1 : 0;
      if (batch == 250) patient.keep_long_tails(false);
      if (batch % 29 == 0) {
        static_cast<void>(plain.snapshot());
        static_cast<void>(patient.snapshot());
      }
    }
    EXPECT_GT(longer, 50) << key;
    EXPECT_EQ(patient.state_hash(), plain.state_hash()) << key;
  }
}

}  // namespace
}  // namespace patron::book_test
