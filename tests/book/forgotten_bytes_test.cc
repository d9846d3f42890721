// Who is forgotten leaves no byte in memory (docs/identities.md): every block that a book gives
// back or still holds is searched for what was hers.
#include <gtest/gtest.h>

#include <cstring>
#include <deque>
#include <string>
#include <vector>

#include "tests/base/fail_alloc.h"
#include "tests/book/book_oracle.h"

namespace patron::book_test {
namespace {

using test::WatchMemory;

// Parts of texts that only she has: in ids, keys, notes short and long.
const std::vector<std::string> kHers{"zilpha", "17155500011"};

// Tables over memory that was there before anybody watched.
class StillTables {
 public:
  Table table(const std::vector<std::string>& names,
              const std::vector<std::vector<std::string>>& columns,
              const std::vector<Micros>& times) {
    std::vector<ColumnView> views;
    for (size_t c = 0; c < names.size(); ++c) {
      std::string& bytes = bytes_.emplace_back();
      std::vector<int64_t>& ends = ends_.emplace_back(1);
      for (const std::string& text : columns[c]) {
        bytes += text;
        ends.push_back(static_cast<int64_t>(bytes.size()));
      }
      ColumnView& view = views.emplace_back();
      view.name = names[c];
      view.type.type = Type::kLargeString;
      view.chunk.length = static_cast<int64_t>(columns[c].size());
      view.chunk.offsets = ends.data();
      view.chunk.bytes = reinterpret_cast<const uint8_t*>(bytes.data());
    }
    ColumnView& time = views.emplace_back();
    time.name = "time";
    time.type.type = Type::kTimestamp;
    time.type.zone = "UTC";
    time.chunk.length = static_cast<int64_t>(times.size());
    time.chunk.values = ends_.emplace_back(times.begin(), times.end()).data();
    return *make_table(views);
  }

 private:
  std::deque<std::string> bytes_;
  std::deque<std::vector<int64_t>> ends_;
};

BookSpec spec_of_notes() {
  BookSpec spec;
  spec.streams = {{"notes",
                   {book_column("ticket", Kind::kString), book_column("note", Kind::kString)},
                   "ticket"},
                  *built_in_stream("referrals", spec)};
  BookAttribute mail;
  mail.field.name = "mail";
  mail.field.kind = Kind::kString;
  spec.attributes = {mail};
  spec.keys = {{"member", KeyForm::kExact}, {"phone", KeyForm::kPhone}, {"email", KeyForm::kEmail}};
  spec.country_code = "49";
  return spec;
}

// Everything that is done with her facts, and with others' beside them.
struct Life {
  Life() {
    for (int round = 0; round < 3; ++round) {
      std::vector<std::string> who, tickets, texts;
      std::vector<Micros> times;
      for (int i = 0; i < (round == 1 ? 5000 : 900); ++i) {
        const bool hers = i % 3 == 0;
        const std::string other = "somebody else, number " + std::to_string(i % 40);
        who.push_back(!hers        ? other
                      : i % 2 == 0 ? "zilpha"
                                   : "zilpha of the till, and her long id");
        tickets.push_back((i % 2 == 0 ? "t" : "a ticket with a long number ") +
                          std::to_string(i % 700) + (hers ? "zilpha" : ""));
        texts.push_back(!hers        ? "nothing"
                        : i % 2 == 0 ? "zilpha"
                                     : "a note about zilpha that is long");
        times.push_back((i * 7919 + round) % 5000);
      }
      notes.push_back(still.table({"customer", "ticket", "note"}, {who, tickets, texts}, times));
    }
    const std::vector<std::string> her{"zilpha", "zilpha of the till, and her long id"};
    mails = still.table(
        {"customer", "mail"},
        {{her[0], her[0], her[1]}, {"z@zilpha.de", "zilpha.quark@example.com", "zilpha@b.de"}},
        {5, 50, 500});
    claims = still.table({"customer", "member", "phone", "email"},
                         {{her[0], her[1], "somebody else, number 3"},
                          {"M-zilpha", "M-zilpha", "M-7"},
                          {"0171 55500011", "+49 (171) 555-00011", "0171 55500012"},
                          {"Zilpha.Quark.zilpha@Example.com", "zilpha@B.de", "else@b.de"}},
                         {10, 20, 30});
    later =
        still.table({"customer", "member", "phone", "email"},
                    {{her[1]}, {"another zilpha"}, {"017155500011"}, {"late.zilpha@b.de"}}, {900});
    referrals = still.table(
        {"referrer", "referred"},
        {{her[0], "somebody else, number 4"}, {"somebody else, number 2", her[1]}}, {60, 70});
    gone =
        still.table({"customer", "ticket"}, {{her[0], her[0]}, {"t0zilpha", "t6zilpha"}}, {0, 0});
  }
  void live(Book& book) const {
    BookReport report;
    const AddOptions options{.clock = 400};
    for (const Table& batch : notes) ASSERT_TRUE(book.add("notes", batch, options, &report).ok());
    ASSERT_TRUE(book.set(mails, options, &report).ok());
    ASSERT_TRUE(book.claim(claims, options, &report).ok());
    std::vector<BookKeyLink> met;
    ASSERT_TRUE(book.settle_keys(100, 1, &met).ok());
    ASSERT_TRUE(book.claim(later, options, &report).ok());
    ASSERT_TRUE(book.add("referrals", referrals, options, &report).ok());
    ASSERT_EQ(report.refused_rows, 0);
    const BookSnapshot seen = book.snapshot();
    ASSERT_TRUE(book.add("notes", notes[0], options, &report).ok());
    for (uint32_t row = 0; row < book.customers(); ++row) {
      internal::LogReader reader(book.state(), 0);
      ASSERT_LE(reader.read(row).size(), 5000u);
    }
    ASSERT_EQ(book.state_hash().size(), 64u);
    ASSERT_TRUE(book.save([](std::string_view) { return Status(); }).ok());
  }

  StillTables still;
  std::vector<Table> notes;
  Table mails, claims, later, referrals, gone;
};

TEST(ForgottenBytes, NoneIsLeftOfWhoIsForgotten) {
  const Life life;
  const BookLayout layout = *BookLayout::make(spec_of_notes());
  const WatchMemory watch(kHers);
  Book book(layout);
  life.live(book);
  EXPECT_FALSE(watch.found().empty()) << "or nothing is looked for";
  ASSERT_EQ(book.forget({0, "zilpha"}).size(), 2u);
  EXPECT_EQ(watch.found(), std::vector<std::string>{});
  EXPECT_EQ(book.find({0, "zilpha"}), kNoCustomer);
}

TEST(ForgottenBytes, NoneIsLeftOfALoadedBook) {
  const Life life;
  const BookLayout layout = *BookLayout::make(spec_of_notes());
  Book first(layout);
  life.live(first);
  const std::string saved = first.save();
  const WatchMemory watch(kHers);
  Book book = *Book::load(layout, saved);
  ASSERT_EQ(book.forget({0, "zilpha"}).size(), 2u);
  EXPECT_EQ(watch.found(), std::vector<std::string>{});
}

// A batch that is refused as a whole brought ids that nobody has then.
TEST(ForgottenBytes, NoneIsLeftOfABatchThatFailed) {
  const Life life;
  const BookLayout layout = *BookLayout::make(spec_of_notes());
  for (int64_t k = 0; k < 60; ++k) {
    const WatchMemory watch(kHers);
    Book book(layout);
    BookReport report;
    try {
      const test::FailAllocation failing(k);
      (void)book.add("notes", life.notes[k % 3], {}, &report);
    } catch (const std::bad_alloc&) {
      EXPECT_EQ(book.customers(), 0u);
      EXPECT_EQ(watch.found(), std::vector<std::string>{}) << k;
    }
  }
}

// Ids that are numbers: eight bytes that nothing else has.
TEST(ForgottenBytes, NoneIsLeftOfANumber) {
  constexpr int64_t kHerNumber = 0x5A17'4A3B'6C8D'1E2F;
  std::string bytes(sizeof kHerNumber, '\0');
  std::memcpy(bytes.data(), &kHerNumber, sizeof kHerNumber);
  BookSpec spec;
  spec.customer = Kind::kInt64;
  spec.streams = {*built_in_stream("orders", spec), *built_in_stream("referrals", spec)};
  const BookLayout layout = *BookLayout::make(std::move(spec));
  std::vector<int64_t> who, others, times, amounts;
  for (int i = 0; i < 6000; ++i) {
    who.push_back(i % 5 == 0 ? kHerNumber : i);
    others.push_back(i + 10'000);
    times.push_back(i);
    amounts.push_back(i % 7);
  }
  const auto table = [&](const char* first, const std::vector<int64_t>& a, const char* second,
                         const std::vector<int64_t>& b) {
    std::vector<ColumnView> views(3);
    const char* const names[] = {first, second, "time"};
    const std::vector<int64_t>* const cells[] = {&a, &b, &times};
    for (size_t c = 0; c < 3; ++c) {
      views[c].name = names[c];
      views[c].type.type = c < 2 ? Type::kInt64 : Type::kTimestamp;
      views[c].chunk.length = static_cast<int64_t>(times.size());
      views[c].chunk.values = cells[c]->data();
    }
    views[2].type.zone = "UTC";
    return *make_table(views);
  };
  const Table orders = table("customer", who, "amount", amounts);
  const Table referrals = table("referrer", who, "referred", others);
  const WatchMemory watch({bytes});
  BookOptions limited;
  limited.memory_limit = int64_t{64} << 20;
  Book book(layout, limited);
  BookReport report;
  ASSERT_TRUE(book.add("orders", orders, {}, &report).ok());
  ASSERT_TRUE(book.add("referrals", referrals, {}, &report).ok());
  ASSERT_EQ(report.refused_rows, 0);
  EXPECT_FALSE(watch.found().empty());
  ASSERT_EQ(book.state_hash().size(), 64u);
  ASSERT_TRUE(book.save([](std::string_view) { return Status(); }).ok());
  ASSERT_EQ(book.forget({kHerNumber, {}}).size(), 1u);
  EXPECT_EQ(watch.found(), std::vector<std::string>{});
}

}  // namespace
}  // namespace patron::book_test
