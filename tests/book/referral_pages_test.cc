// Large batches of referrals that are brought to fresh pages, beside the same ones in small
// batches.
#include "lib/book/referral_pages.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <numeric>
#include <random>
#include <set>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "lib/book/book_data.h"
#include "tests/book/book_oracle.h"

namespace patron::book_test {
namespace {

using internal::BookData;

constexpr size_t kReferrals = 9000;
constexpr Micros kClock = 2500;

BookLayout referral_layout(bool texts) {
  BookSpec spec;
  spec.customer = Kind::kInt64;
  spec.streams = {*built_in_stream("referrals", spec)};
  std::vector<BookColumn>& columns = spec.streams[0].columns;
  columns.push_back(book_column("open", Kind::kEnum));
  columns.push_back(book_column("share", Kind::kDouble));
  columns.push_back(book_column("day", Kind::kDate));
  if (texts) columns.push_back(book_column("text", Kind::kString));
  return *BookLayout::make(std::move(spec));
}

// How the referrals of a table are made up.
struct Referrals {
  int64_t first = 5;     // customer
  size_t favourite = 0;  // each so many are by one customer
  bool refused = false;  // some close a circle, or come twice
  bool texts = false;
};

Table referral_table(const Referrals& kinds, size_t begin, size_t end) {
  std::mt19937_64 random(17);
  std::vector<int64_t> referred(2 * kReferrals), by, times;
  std::iota(referred.begin(), referred.end(), kinds.first + 1);
  std::shuffle(referred.begin(), referred.end(), random);
  referred.resize(kReferrals);
  std::vector<std::string> words, texts;
  std::vector<double> shares;
  std::vector<int32_t> days;
  for (size_t i = 0; i < kReferrals; ++i) {
    const int64_t range = referred[i] - kinds.first;
    by.push_back(kinds.first + static_cast<int64_t>(random() % static_cast<uint64_t>(range)));
    if (kinds.favourite > 0 && i % kinds.favourite == 0) by.back() = kinds.first;
    if (kinds.refused && i % 50 == 49) referred[i] = referred[i - 30];
    if (kinds.refused && i % 70 == 69) std::swap(referred[i], by[i]);
    if (kinds.refused && i % 90 == 89) referred[i] = referred[i - 1], by[i] = by[i - 1];
    times.push_back(static_cast<int64_t>(random() % 5000));
    words.push_back("word " + std::to_string(random() % 40));
    shares.push_back(static_cast<double>(random() % 8) / 4);
    days.push_back(static_cast<int32_t>(random() % 9));
    texts.push_back("a text that is longer than a cell");
  }
  const auto part = [&](const auto& values) {
    return std::decay_t<decltype(values)>(values.begin() + static_cast<std::ptrdiff_t>(begin),
                                          values.begin() + static_cast<std::ptrdiff_t>(end));
  };
  TableBuilder out;
  out.int64("referrer", part(by)).int64("referred", part(referred));
  out.timestamps("time", part(times), "UTC").strings("open", part(words));
  out.doubles("share", part(shares)).dates("day", part(days));
  if (kinds.texts) out.strings("text", part(texts));
  return *out.finish();
}

void add(BookData& book, const Table& table, const AddOptions& options, BookReport& report) {
  internal::StagedBatch& staged = book.stage(0, 0, false);
  ASSERT_TRUE(internal::read_batch(table, *staged.log->layout, book.layout.data(),
                                   book.options.refuse_after, staged.batch, report)
                  .ok());
  ASSERT_TRUE(book.add_staged(1, options, report).ok());
}

AddOptions options_at(Micros clock, bool mark_late) {
  AddOptions options;
  options.clock = clock;
  options.mark_late = mark_late;
  return options;
}

// Customers whose facts are late, and the others' with their times.
std::set<std::pair<int64_t, Micros>> effects_of(const BookData& book, const BookReport& report,
                                                std::set<int64_t>& late) {
  std::set<std::pair<int64_t, Micros>> waiting;
  for (const BookEffect& effect : report.effects) {
    const int64_t id = book.state.ids->id(effect.customer).number;
    effect.late ? void(late.insert(id)) : void(waiting.emplace(id, effect.at));
  }
  for (uint32_t row = 0; row < report.late_rows.size() * 64; ++row) {
    if ((report.late_rows[row / 64] >> row % 64 & 1) == 0) continue;
    late.insert(book.state.ids->id(row).number);
  }
  return waiting;
}

void expect_what_small_batches_hold(const Referrals& kinds, bool mark_late, Micros clock) {
  const BookLayout layout = referral_layout(kinds.texts);
  BookData large(layout, {}), small(layout, {});
  // Twice: on top of what is there pages are not fresh.
  for (const int64_t more : {int64_t{0}, int64_t{500}}) {
    Referrals those = kinds;
    those.first += more * 40;
    BookReport got, want;
    add(large, referral_table(those, 0, kReferrals), options_at(clock, mark_late), got);
    std::set<int64_t> got_late, want_late;
    std::set<std::pair<int64_t, Micros>> want_waiting;
    for (size_t begin = 0; begin < kReferrals; begin += 1000) {
      BookReport report;
      add(small, referral_table(those, begin, begin + 1000), options_at(clock, false), report);
      want.accepted += report.accepted, want.late += report.late;
      want.waiting += report.waiting, want.duplicates += report.duplicates;
      want.refused_rows += report.refused_rows;
      want_waiting.merge(effects_of(small, report, want_late));
    }
    EXPECT_EQ(effects_of(large, got, got_late), want_waiting);
    EXPECT_EQ(got_late, want_late);
    EXPECT_EQ(got.accepted, want.accepted);
    EXPECT_EQ(got.late, want.late);
    EXPECT_EQ(got.waiting, want.waiting);
    EXPECT_EQ(got.duplicates, want.duplicates);
    EXPECT_EQ(got.refused_rows, want.refused_rows);
    EXPECT_EQ(large.state_hash(), small.state_hash());
    EXPECT_EQ(large.streams[0].rows(), small.streams[0].rows());
  }
}

TEST(ReferralPages, HoldWhatSmallBatchesHold) {
  for (const bool mark_late : {false, true}) {
    for (const Micros clock : {Micros{0}, kClock, Micros{6000}}) {
      for (const Referrals& kinds :
           {Referrals{}, Referrals{.favourite = 40}, Referrals{.favourite = 10},
            Referrals{.refused = true}, Referrals{.texts = true}}) {
        SCOPED_TRACE(testing::Message() << mark_late << " " << clock << " " << kinds.favourite
                                        << " " << kinds.refused << " " << kinds.texts);
        expect_what_small_batches_hold(kinds, mark_late, clock);
      }
    }
  }
}

// Where they are not taken, the plain way is.
TEST(ReferralPages, AreMadeWhereNoLogGetsLongAndThereAreNoTexts) {
  const auto are_made = [](const Referrals& kinds) {
    BookData book(referral_layout(kinds.texts), {});
    internal::StagedBatch& staged = book.stage(0, 0, false);
    BookReport report;
    const Table table = referral_table(kinds, 0, kReferrals);  // the batch has texts of it
    EXPECT_TRUE(internal::read_batch(table, *staged.log->layout, book.layout.data(),
                                     book.options.refuse_after, staged.batch, report)
                    .ok());
    internal::EventBatch& batch = staged.batch;
    staged.writer->begin(*staged.log);
    batch.customers.resize(batch.size());
    for (size_t i = 0; i < batch.size(); ++i) {
      int64_t referred = 0;
      std::memcpy(&referred,
                  batch.columns[static_cast<size_t>(batch.layout->referred)].cells.data() +
                      i * sizeof referred,
                  sizeof referred);
      batch.customers[i] = static_cast<uint32_t>(referred);
    }
    staged.writer->resolve_codes(batch, *staged.log);
    return internal::referral_pages(batch, *staged.writer, *staged.log, 1) != nullptr;
  };
  EXPECT_TRUE(are_made({}));
  EXPECT_TRUE(are_made({.favourite = 40}));
  EXPECT_FALSE(are_made({.favourite = 10}));
  EXPECT_FALSE(are_made({.texts = true}));
}

}  // namespace
}  // namespace patron::book_test
