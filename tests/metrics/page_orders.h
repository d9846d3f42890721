// A page of three customers and their orders, for tests of page verbs.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/metrics/page_verbs.h"
#include "patron/book.h"
#include "patron/time.h"

namespace patron::internal {

struct PageOrder {
  int64_t customer;
  Micros time;
  int64_t amount;
  const char* category;
};

// Orders of three customers: the last has none, but an attribute of a stream beside.
class PageOrders : public ::testing::Test {
 protected:
  void SetUp() override {
    BookSpec spec;
    spec.customer = Kind::kInt64;
    BookStream orders;
    orders.name = "orders";
    orders.columns.resize(2);
    orders.columns[0].field.name = "amount";
    orders.columns[0].field.kind = Kind::kMoney;
    orders.columns[1].field.name = "category";
    orders.columns[1].field.kind = Kind::kEnum;
    spec.streams.push_back(orders);
    book = std::make_unique<Book>(*BookLayout::make(std::move(spec)));
    for (const PageOrder& row : std::vector<PageOrder>{{1, 0, 100, "toys"},
                                                       {1, 3 * kMicrosPerDay, 300, "art"},
                                                       {1, 9 * kMicrosPerDay, -150, "art"},
                                                       {1, 10 * kMicrosPerDay, 250, "toys"},
                                                       {2, 2 * kMicrosPerDay, 999, "books"},
                                                       {3, 90 * kMicrosPerDay, 1, "toys"}}) {
      const BookValue cells[] = {row.amount, std::string_view(row.category)};
      const BookEvent event{{row.customer, {}}, row.time, cells};
      BookReport report;
      ASSERT_TRUE(book->add(0, {&event, 1}, {}, &report).ok());
    }
    schema = *Schema::make({orders.columns[0].field, orders.columns[1].field});
    rules.refunds = true;
    stream = std::make_unique<PageStream>(book->state(), LogName{0, false}, schema, rules, zone);
    all = stream->add_selection(false, -1);
    sales = stream->add_selection(true, -1);
    window = stream->add_window({});
    stream->read(0, 12 * kMicrosPerDay, &anchors);
  }
  PageEvents events(int selection) { return {*stream, selection, window}; }
  std::vector<int64_t> integers() const {
    std::vector<int64_t> out;
    for (size_t i = 0; i < 3; ++i) out.push_back(block.known()[i] != 0 ? block.integers()[i] : -1);
    return out;
  }
  std::unique_ptr<Book> book;
  Schema schema;
  StreamRules rules;
  const TimeZone zone{};
  const PageAnchors anchors{};
  std::unique_ptr<PageStream> stream;
  int all = 0, sales = 0, window = 0;
  ValueBlock block;
};

using Integers = std::vector<int64_t>;

}  // namespace patron::internal
