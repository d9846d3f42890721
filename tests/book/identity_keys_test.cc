#include "lib/book/identity_keys.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/book/book_oracle.h"

namespace patron::book_test {
namespace {

BookSpec spec() {
  BookSpec spec;
  spec.customer = Kind::kInt64;
  spec.keys = {
      {"member_no", KeyForm::kExact}, {"phone", KeyForm::kPhone}, {"email", KeyForm::kEmail}};
  spec.country_code = "49";
  return spec;
}

using Cell = std::optional<std::string>;
struct Row {
  int64_t customer;
  Micros time;
  Cell member, phone, email;
};

Status claim(Book& book, const std::vector<Row>& rows, Micros clock, BookReport& report) {
  std::vector<int64_t> customers, times;
  std::vector<Cell> members, phones, emails;
  for (const Row& row : rows) {
    customers.push_back(row.customer);
    times.push_back(row.time);
    members.push_back(row.member);
    phones.push_back(row.phone);
    emails.push_back(row.email);
  }
  const Table table = *TableBuilder()
                           .int64("customer", customers)
                           .timestamps("time", times, "UTC")
                           .strings("member_no", members)
                           .strings("phone", phones)
                           .strings("email", emails)
                           .finish();
  return book.claim(table, {.clock = clock, .quiet = false}, &report);
}

class Keys : public testing::Test {
 protected:
  void give(const std::vector<Row>& rows) { ASSERT_TRUE(claim(book_, rows, 100, report_).ok()); }
  uint32_t row(int64_t id) const { return book_.find({id, {}}); }
  int64_t survivor(int64_t id) const { return book_.id(book_.survivor(row(id))).number; }
  Book book_{*BookLayout::make(spec())};
  BookReport report_;
  std::vector<BookKeyLink> met_;
};

TEST_F(Keys, TheSameValueInAnyFormJoins) {
  give({{9, 1, {}, "0171 1234567", {}},
        {4, 2, {}, "+49 (171) 123-4567", {}},
        {6, 3, {}, {}, "A@b.de"},
        {5, 3, {}, "no phone", "a@B.de "}});
  ASSERT_EQ(report_.refused.size(), 1u);
  EXPECT_EQ(report_.refused[0].row, 3);
  EXPECT_EQ(report_.refused[0].column, "phone");
  EXPECT_EQ(report_.refused[0].reason, "phone: no phone number: it has no digits");
  EXPECT_EQ(report_.accepted, 4);
  EXPECT_EQ(survivor(9), 9) << "nobody is joined before it is settled";
  ASSERT_TRUE(book_.settle_keys(100, 40, &met_).ok());
  ASSERT_EQ(met_.size(), 2u);
  EXPECT_EQ(survivor(9), 4);
  EXPECT_EQ(survivor(6), 5);
  EXPECT_EQ(met_[0].token, 40u);
  EXPECT_EQ(met_[1].token, 41u);
  EXPECT_EQ(met_[0].key, 1);
  EXPECT_EQ(book_.unlink({9, {}}, {4, {}})->token, 40u);
  EXPECT_EQ(survivor(9), 9);
}

TEST_F(Keys, AWeakerKeyDoesNotJoinWhomAStrongerOneTellsApart) {
  give({{1, 1, "m1", {}, "family@b.de"},
        {2, 1, "m2", {}, "family@b.de"},
        {3, 1, {}, {}, "family@b.de"}});
  ASSERT_TRUE(book_.settle_keys(100, 0, &met_).ok());
  ASSERT_EQ(met_.size(), 2u);
  EXPECT_FALSE(met_[0].done);
  EXPECT_EQ(met_[0].key, 2);
  EXPECT_EQ(met_[0].stronger, 0);
  EXPECT_TRUE(met_[1].done);
  EXPECT_EQ(survivor(2), 2);
  EXPECT_EQ(survivor(3), 1);
  // A stronger key joins in spite of weaker ones that differ.
  give({{2, 5, {}, "0171 1234567", {}}, {7, 6, "m2", "0172 1234567", {}}});
  ASSERT_TRUE(book_.settle_keys(100, 0, &met_).ok());
  EXPECT_EQ(survivor(7), 2);
}

TEST_F(Keys, ClaimsWaitForTheirInstant) {
  give({{1, 50, "m", {}, {}}, {2, 500, "m", {}, {}}});
  EXPECT_EQ(report_.late, 1);
  EXPECT_EQ(report_.waiting, 1);
  ASSERT_TRUE(book_.settle_keys(499, 0, &met_).ok());
  EXPECT_TRUE(met_.empty());
  ASSERT_TRUE(book_.settle_keys(500, 0, &met_).ok());
  EXPECT_EQ(survivor(2), 1);
}

// L12: between two settlings the order of arrival makes no difference.
TEST_F(Keys, AnyOrderOfArrivalJoinsTheSame) {
  std::mt19937_64 random(3);
  for (int round = 0; round < cases(60); ++round) {
    std::vector<Row> rows;
    for (int i = 0; i < 40; ++i) {
      const auto some = [&](const char* stem, uint64_t values, const char* end) {
        return random() % 2 == 0 ? Cell() : Cell(stem + std::to_string(random() % values) + end);
      };
      rows.push_back({static_cast<int64_t>(random() % 15), static_cast<Micros>(random() % 4),
                      some("m", 5, ""), some("017112345", 6, "0"), some("e", 6, "@b.de")});
    }
    std::vector<int64_t> first;
    for (int order = 0; order < 3; ++order) {
      Book book(*BookLayout::make(spec()));
      for (size_t at = 0; at < rows.size(); at += 8) {
        ASSERT_TRUE(claim(book,
                          {rows.begin() + static_cast<std::ptrdiff_t>(at),
                           rows.begin() + static_cast<std::ptrdiff_t>(at) + 8},
                          100, report_)
                        .ok());
      }
      ASSERT_TRUE(book.settle_keys(100, 0, &met_).ok());
      std::vector<int64_t> survivors;
      for (int64_t id = 0; id < 15; ++id) {
        const uint32_t row = book.find({id, {}});
        survivors.push_back(row == kNoCustomer ? -1 : book.id(book.survivor(row)).number);
      }
      if (order == 0) first = survivors;
      ASSERT_EQ(survivors, first) << "round " << round;
      std::shuffle(rows.begin(), rows.end(), random);
    }
  }
}

TEST_F(Keys, ForgottenValuesAreNobodysUnlessAnotherHasThem) {
  give({{1, 1, "m1", {}, "a@b.de"}, {2, 2, "m2", {}, "a@b.de"}});
  ASSERT_TRUE(book_.settle_keys(100, 0, &met_).ok());
  book_.forget({1, {}});
  give({{3, 3, {}, {}, "a@b.de"}, {4, 3, "m1", {}, {}}});
  ASSERT_TRUE(book_.settle_keys(100, 0, &met_).ok());
  EXPECT_EQ(survivor(3), 2) << "2 has the address too";
  EXPECT_EQ(survivor(4), 4) << "nobody has the number any more";
}

TEST_F(Keys, UnknownKeysAreNamed) {
  EXPECT_EQ(book_
                .claim(*TableBuilder()
                            .int64("customer", {1})
                            .strings("phnoe", std::vector<std::string>{"1"})
                            .finish(),
                       {}, &report_)
                .message(),
            "there is no identity key \"phnoe\"; did you mean \"phone\"? The columns are "
            "\"customer\", \"time\", \"member_no\", \"phone\", \"email\"; name it under "
            "identities.keys of the policy");
}

}  // namespace
}  // namespace patron::book_test
