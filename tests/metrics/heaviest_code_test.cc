// The heaviest codes of customers with few rows beside those that are added up row by row.
#include "lib/metrics/heaviest_code.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "tests/metrics/page_orders.h"
#include "tests/metrics/page_world.h"

namespace patron::internal {
namespace {

Window last_days(const char* length) {
  Window window;
  window.kind = Window::Kind::kRolling;
  window.length = *parse_period(length);
  return window;
}

TEST(HeaviestCodes, OfFewRowsAreThoseThatAreAddedUp) {
  std::array<int, 10> of_rows{};
  for (const uint64_t seed : {1, 2, 3}) {
    PageWorldOptions options;
    options.seed = seed;
    options.links = false;
    const PageWorld world(options);
    const PageMetricStream& orders = world.streams()[kSales];
    PageStream stream(world.state(), orders.log, orders.schema, orders.rules, world.zone());
    const Expression few = world.where("pieces % 2 == 0");
    const int selections[] = {stream.add_selection(false, -1), stream.add_selection(true, -1),
                              stream.add_selection(false, stream.add_condition(few))};
    const int windows[] = {stream.add_window({}), stream.add_window(last_days("365d")),
                           stream.add_window(last_days("30d"))};
    const PageAnchors anchors = world.anchors();
    const int word = stream.columns().find("word");
    for (uint32_t page = 0; page < stream.columns().pages(); ++page) {
      stream.read(page, world.now(), &anchors);
      const CodeWeights& texts = stream.weights(word);
      for (const char* by : {"", "amount", "margin", "pieces"}) {
        const int column = stream.columns().find(by);
        const int64_t* const weights = column < 0 ? nullptr : stream.columns().ints(column);
        for (const int selection : selections) {
          for (const int window : windows) {
            const Walk walk(PageEvents{stream, selection, window});
            std::array<uint32_t, kPageCustomers> got, wanted;
            const uint32_t* const codes = stream.columns().codes(word);
            heaviest_codes(walk, codes, weights, texts, got.data());
            heaviest_codes_one_by_one(walk, codes, weights, texts, wanted.data());
            for (uint32_t i = 0; i < walk.customers; ++i) {
              const uint32_t rows = walk.rows.end[i] - walk.rows.begin[i];
              ASSERT_EQ(got[i], wanted[i]) << "seed " << seed << ", page " << page << ", by " << by
                                           << ", rows " << rows << ", customer " << i;
              ++of_rows[std::min(rows, 9U)];
            }
          }
        }
      }
    }
  }
  for (const int count : of_rows) EXPECT_GT(count, 100);
}

// By hand: the categories are toys, art, art, toys of the first customer, books of the second and
// toys of the third, whose order comes after now.
using Orders = PageOrders;

TEST_F(Orders, TheGreatestSumIsTheHeaviest) {
  const Walk walk(events(all));
  const CodeWeights& texts = stream->weights(1);
  std::array<uint32_t, kPageCustomers> codes;
  heaviest_codes(walk, stream->columns().codes(1), stream->columns().ints(0), texts, codes.data());
  EXPECT_EQ(texts.text(codes[0]), "toys") << "100 + 250 against 300 - 150";
  EXPECT_EQ(texts.text(codes[1]), "books");
  EXPECT_EQ(codes[2], kNullEnum);
  heaviest_codes(walk, stream->columns().codes(1), nullptr, texts, codes.data());
  EXPECT_EQ(texts.text(codes[0]), "art") << "two of each, and less by its bytes";
}

}  // namespace
}  // namespace patron::internal
