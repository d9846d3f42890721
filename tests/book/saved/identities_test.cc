#include "lib/book/saved/identities.h"

#include <gtest/gtest.h>

#include <set>

#include "lib/book/layout.h"
#include "lib/book/saved/packed_cells.h"

namespace patron::internal {
namespace {

// The payloads of the sections that `save` writes.
template <typename Save>
std::vector<std::string> payloads(const Save& save) {
  std::vector<std::string> pieces;
  const BookSink sink = [&](std::string_view piece) {
    pieces.emplace_back(piece);
    return Status();
  };
  SectionWriter out(sink);
  EXPECT_TRUE(save(out).ok());
  std::vector<std::string> all;
  for (size_t i = 1; i < pieces.size(); i += 2) all.push_back(pieces[i]);
  return all;
}

CustomerIds* texts(CustomerIds& ids, std::vector<std::string_view> all) {
  std::vector<uint32_t> rows(all.size());
  EXPECT_TRUE(ids.resolve(all, rows).ok());
  return &ids;
}

void erase(CustomerIds& ids, uint32_t row) {
  std::set<uint32_t> rows{row};
  ids.erase(rows);
}

TEST(SavedIdentities, IdsKeepTheirRowsAndForgottenOnesTheirPlaces) {
  CustomerIds ids(true);
  texts(ids, {"ann", "", "cid", "a customer with a long id"});
  erase(ids, 2);
  const auto saved = payloads([&](SectionWriter& out) { return save_customers(ids, out); });
  ASSERT_EQ(saved.size(), 1u);
  CustomerIds again(true);
  uint32_t all = 0;
  BookByteReader in(saved[0]);
  EXPECT_EQ(load_customers(in, 100, again, all), nullptr);
  EXPECT_TRUE(in.done());
  EXPECT_EQ(all, 4u);
  EXPECT_EQ(again.size(), 4u);
  EXPECT_EQ(again.find_own({0, "ann"}), 0u);
  EXPECT_EQ(again.find_own({0, ""}), 1u);
  EXPECT_EQ(again.find_own({0, "cid"}), kNoCustomer);
  EXPECT_TRUE(again.erased(2));
  EXPECT_EQ(again.id_own(3).text, "a customer with a long id");
}

TEST(SavedIdentities, ManyIdsComeInSeveralSections) {
  CustomerIds ids(false);
  std::vector<int64_t> numbers;
  for (int64_t i = 0; i < 140'000; ++i)
    numbers.push_back(i % 2 == 0 ? i * i - 5000 : -i * i - 5001);
  std::vector<uint32_t> rows(numbers.size());
  ASSERT_TRUE(ids.append(numbers, rows).ok());
  for (uint32_t row = 0; row < rows.size(); ++row) ASSERT_EQ(rows[row], row);
  erase(ids, 70'000);
  const auto saved = payloads([&](SectionWriter& out) { return save_customers(ids, out); });
  ASSERT_EQ(saved.size(), 3u);
  CustomerIds again(false);
  uint32_t all = 0;
  for (const std::string& payload : saved) {
    BookByteReader in(payload);
    ASSERT_EQ(load_customers(in, 1 << 20, again, all), nullptr);
  }
  for (uint32_t row = 0; row < ids.size(); ++row) {
    ASSERT_EQ(again.id_own(row).number, ids.id_own(row).number);
    ASSERT_EQ(again.erased(row), row == 70'000);
  }
  // A section that is missing, or comes twice.
  CustomerIds other(false);
  all = 0;
  BookByteReader second(saved[1]);
  EXPECT_STREQ(load_customers(second, 1 << 20, other, all), "customers that do not belong here");
  BookByteReader few(saved[0]);
  EXPECT_STREQ(load_customers(few, 1000, other, all), "a wrong number of customers");
}

TEST(SavedIdentities, AnIdThatComesTwiceIsRefused) {
  BookByteWriter out;
  for (const uint32_t number : {3u, 0u, 3u}) out.put(number);
  pack_cells<uint8_t>(std::vector<uint8_t>{0, 0, 0}, uint8_t{0xFF}, 0, out);
  pack_cells<int64_t>(std::vector<int64_t>{5, 6, 5}, kNullInt, 1, out);
  CustomerIds ids(false);
  uint32_t all = 0;
  BookByteReader in(out.bytes);
  EXPECT_STREQ(load_customers(in, 100, ids, all), "an id that comes twice");
}

TEST(SavedIdentities, LinksComeBackInTheirOrder) {
  CustomerIds ids(true);
  texts(ids, {"a", "b", "c", "d", "e"});
  Links links;
  const auto link = [&](uint32_t a, uint32_t b, uint64_t token) {
    links.reserve(5);
    ASSERT_TRUE(links.link(a, b, token));
  };
  link(3, 4, 1);
  link(1, 0, ~uint64_t{0});
  link(3, 1, 3);
  link(2, 4, 4);
  ASSERT_TRUE(links.unlink(2, 4));
  const auto saved = payloads([&](SectionWriter& out) { return save_links(links, out); });
  ASSERT_EQ(saved.size(), 1u);
  Links again;
  BookByteReader in(saved[0]);
  ASSERT_EQ(load_links(in, ids, again), nullptr);
  EXPECT_EQ(again.survivor(0), 3u);
  EXPECT_FALSE(again.linked(2));
  std::vector<uint64_t> tokens;
  again.for_each_link([&](uint32_t, uint32_t, uint64_t token) { tokens.push_back(token); });
  EXPECT_EQ(tokens, (std::vector<uint64_t>{1, ~uint64_t{0}, 3}));
  EXPECT_EQ(again.unlink(3, 1)->second, 1u);
  BookByteReader twice(saved[0]);
  EXPECT_STREQ(load_links(twice, ids, again), "a link between two who are one");
  erase(ids, 0);
  Links other;
  BookByteReader gone(saved[0]);
  EXPECT_STREQ(load_links(gone, ids, other), "a link of a customer who is not there");
}

}  // namespace
}  // namespace patron::internal
