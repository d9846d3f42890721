// Book::save and Book::load: the same book afterwards.
#include <gtest/gtest.h>

#include "lib/base/crc32c.h"
#include "lib/book/book_data.h"
#include "tests/base/fail_alloc.h"
#include "tests/book/random_calls.h"

namespace patron::book_test {
namespace {

Book loaded(const Book& book, const std::string& bytes) {
  Result<Book> again = Book::load(book.layout(), bytes);
  EXPECT_TRUE(again.ok()) << again.status().message();
  return again.ok() ? *std::move(again) : Book(book.layout());
}

struct Case {
  const char* key;
  Kind customer;
  int customers;
};
constexpr Case kCases[] = {{"number", Kind::kInt64, 12},
                           {"text", Kind::kString, 12},
                           {"", Kind::kString, 12},
                           {"text", Kind::kInt64, 700},
                           {"number", Kind::kString, 700}};

// Calls before and after: a book that was saved and loaded again on the way gives the same.
TEST(SavedBooks, GoOnAsTheyWouldHave) {
  for (int round = 0; round < cases(40); ++round) {
    const Case& one = kCases[static_cast<size_t>(round) % std::size(kCases)];
    std::mt19937_64 random(static_cast<uint64_t>(round) + 1);
    Book book(*BookLayout::make(full_spec(one.customer, one.key)));
    for (size_t calls = random() % 40; calls > 0; --calls) {
      RandomCall(random(), one.customers).apply(book);
    }
    const std::string bytes = book.save();
    Book again = loaded(book, bytes);
    ASSERT_EQ(show_book(again), show_book(book)) << "round " << round;
    ASSERT_EQ(again.save(), bytes) << "round " << round;
    for (int call = 0; call < 30; ++call) {
      RandomCall next(random(), one.customers);
      ASSERT_EQ(next.apply(again), next.apply(book)) << "round " << round << ", call " << call;
    }
    ASSERT_EQ(show_book(again), show_book(book)) << "round " << round;
  }
}

TEST(SavedBooks, AnEmptyBookIsSavedToo) {
  Book book(*BookLayout::make(full_spec(Kind::kString, "")));
  Book again = loaded(book, book.save());
  EXPECT_EQ(again.customers(), 0u);
  EXPECT_EQ(again.save(), book.save());
}

TEST(SavedBooks, APageThatWasForgottenLeavesNothingBehind) {
  Book book(*BookLayout::make(full_spec(Kind::kInt64, "")));
  BookReport report;
  RandomFacts facts(1, 1, 1);
  ASSERT_TRUE(give(book, 0, {facts.event()}, {}, report).ok());
  ASSERT_EQ(report.accepted, 1);
  ASSERT_FALSE(book.forget(book.id(0)).empty());
  EXPECT_EQ(loaded(book, book.save()).save(), book.save());
}

TEST(SavedBooks, TakeAsMuchMemoryAsBefore) {
  std::mt19937_64 random(3);
  Book book(*BookLayout::make(full_spec(Kind::kString, "text")));
  BookReport report;
  RandomFacts facts(9, 3000, 100'000);
  std::vector<Event> events;
  events.reserve(60'000);
  for (int i = 0; i < 60'000; ++i) events.push_back(facts.event());
  ASSERT_TRUE(give(book, 0, events, {}, report).ok());
  const Book again = loaded(book, book.save());
  EXPECT_LT(again.memory().total, book.memory().total * 103 / 100);
  EXPECT_LT(book.save().size(), static_cast<size_t>(book.memory().total) * 6 / 10);
}

TEST(SavedBooks, AnotherLayoutIsRefused) {
  const Book book(*BookLayout::make(full_spec(Kind::kString, "text")));
  const Status status =
      Book::load(*BookLayout::make(full_spec(Kind::kString, "number")), book.save()).status();
  EXPECT_EQ(status.code(), Code::kDocument);
  EXPECT_EQ(status.message(),
            "the book was saved with another layout: the event key of stream \"visits\" is "
            "\"text\" there and \"number\" here");
}

std::string small_book() {
  Book book(*BookLayout::make(full_spec(Kind::kString, "text")));
  std::mt19937_64 random(8);
  for (int call = 0; call < 30; ++call) RandomCall(random(), 6).apply(book);
  return book.save();
}

// Every section gets the checksum that its changed bytes have, so that what is behind the checksum
// is tried.
void mend_checksums(std::string& bytes) {
  for (size_t at = 12; at + 16 <= bytes.size();) {
    uint64_t size = 0;
    std::memcpy(&size, bytes.data() + at + 8, sizeof size);
    if (size > bytes.size() - at - 16) return;
    const std::string head = bytes.substr(at, 4) + bytes.substr(at + 8, 8);
    const uint32_t sum =
        internal::crc32c(std::string_view(bytes).substr(at + 16, size), internal::crc32c(head));
    std::memcpy(bytes.data() + at + 4, &sum, sizeof sum);
    at += 16 + size;
  }
}

TEST(SavedBooks, DamageIsFoundOrMakesAnotherSoundBook) {
  const std::string bytes = small_book();
  const BookLayout layout = *BookLayout::make(full_spec(Kind::kString, "text"));
  std::mt19937_64 random(2);
  int refused = 0;
  for (int round = 0; round < cases(1500); ++round) {
    std::string other = bytes;
    other[random() % other.size()] = static_cast<char>(random());
    if (round % 10 == 0) {
      const Result<Book> found = Book::load(layout, other);
      EXPECT_EQ(found.ok(), other == bytes) << round;
      continue;
    }
    mend_checksums(other);
    Result<Book> found = Book::load(layout, other);
    if (!found.ok()) {
      ++refused;
      EXPECT_GE(found.status().byte_offset(), -1);
      continue;
    }
    // It can be used, and saved again.
    for (int call = 0; call < 3; ++call) RandomCall(random(), 6).apply(*found);
    EXPECT_TRUE(Book::load(layout, found->save()).ok()) << round;
  }
  EXPECT_GT(refused, cases(1500) / 15);
}

// A book whose bytes say one event key twice; with more than 512 events it is a long log.
TEST(SavedBooks, AnEventKeyThatComesTwiceIsRefused) {
  for (const std::string& key : {std::string("key-0007"), std::string("a-longer-key-0007")}) {
    for (const int events : {20, 3000}) {
      BookSpec spec;
      spec.customer = Kind::kInt64;
      spec.streams = {{"sales", {book_column("number", Kind::kString)}, "number"}};
      Book book(*BookLayout::make(spec));
      for (int i = 0; i < events; ++i) {
        const std::string number = key.substr(0, key.size() - 4) + std::to_string(1000 + i);
        const BookValue values[] = {std::string_view(number)};
        BookEvent event;
        event.customer.number = 7, event.time = i, event.values = values;
        BookReport report;
        ASSERT_TRUE(book.add(0, {&event, 1}, {}, &report).ok());
        ASSERT_EQ(report.accepted, 1);
      }
      std::string bytes = book.save();
      ASSERT_TRUE(Book::load(book.layout(), bytes).ok());
      const std::string last = key.substr(0, key.size() - 4) + std::to_string(1000 + events - 1);
      const std::string first = key.substr(0, key.size() - 4) + "1000";
      ASSERT_NE(bytes.find(last), std::string::npos);
      bytes.replace(bytes.find(last), last.size(), first);
      mend_checksums(bytes);
      const Status status = Book::load(book.layout(), bytes).status();
      EXPECT_EQ(status.code(), Code::kSyntax);
      EXPECT_NE(status.message().find("an event key that comes twice"), std::string::npos)
          << status.message();
    }
  }
}

TEST(SavedBooks, TheMemoryLimitHolds) {
  const BookLayout layout = *BookLayout::make(full_spec(Kind::kString, "text"));
  const Status status =
      Book::load(layout, small_book(), {.memory_limit = 1000, .refuse_after = kEndTime}).status();
  EXPECT_EQ(status.code(), Code::kLimit);
  EXPECT_EQ(status.message(), "the saved book takes more than the 1000 bytes it may hold");
}

TEST(SavedBooks, AFullSinkEndsTheSave) {
  Book book(*BookLayout::make(full_spec(Kind::kString, "text")));
  int pieces = 0;
  const Status status = book.save([&](std::string_view) {
    return ++pieces == 3 ? Status(Code::kIo, "the disk is full") : Status();
  });
  EXPECT_EQ(status.message(), "the disk is full");
  EXPECT_EQ(pieces, 3);
}

TEST(SavedBooks, WhatRunsOutOfMemoryLeavesNothing) {
  const std::string bytes = small_book();
  const BookLayout layout = *BookLayout::make(full_spec(Kind::kString, "text"));
  const Book book = *Book::load(layout, bytes);
  int failures = 0;
  for (int64_t k = 0;; ++k) {
    const test::FailAllocation failing(k);
    try {
      ASSERT_TRUE(Book::load(layout, bytes).ok());
      break;
    } catch (const std::bad_alloc&) {
      ++failures;
    }
  }
  for (int64_t k = 0;; ++k) {
    const test::FailAllocation failing(k);
    try {
      ASSERT_EQ(book.save(), bytes);
      break;
    } catch (const std::bad_alloc&) {
      ++failures;
    }
  }
  EXPECT_GT(failures, 100);
  EXPECT_EQ(book.save(), bytes);
}

}  // namespace
}  // namespace patron::book_test
