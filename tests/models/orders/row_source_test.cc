#include "lib/models/orders/row_source.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "lib/models/rfm/measure.h"
#include "tests/models/rfm/order_log.h"

namespace patron::internal {
namespace {

using test::OrderLog;

OrderLog log_of(std::vector<test::OrderLine> lines) {
  OrderLog log;
  log.options.customer = "customer", log.options.time = "time", log.options.amount = "amount";
  log.lines = std::move(lines);
  return log;
}

RowSource open(const Table& table, const OrderLog& log) {
  Result<RowSource> source = RowSource::open(table, order_columns(log.options), TimeZone());
  EXPECT_TRUE(source.ok()) << source.status().message();
  return *source;
}

TEST(CutBatches, CoverEveryRowOnceWithinTheChunks) {
  OrderLog log =
      log_of(std::vector<test::OrderLine>(23, {int64_t{1}, 0, 1, int64_t{0}, false, {}}));
  log.chunk_rows = {10, 3};  // chunks of 10, 3, 10
  const Table table = to_table(log);
  const auto described = [&table](int64_t target) {
    std::string text;
    for (const Batch& batch : cut_batches(table, 0, target)) {
      int64_t rows = 0;
      for (const Segment& s : batch.segments) {
        text += std::to_string(s.chunk) + ':' + std::to_string(s.begin) + '+' +
                std::to_string(s.rows) + '@' + std::to_string(s.first_row) + ' ';
        rows += s.rows;
      }
      EXPECT_EQ(batch.rows, rows);
      text += "| ";
    }
    return text;
  };
  EXPECT_EQ(described(4),
            "0:0+4@0 | 0:4+4@4 | 0:8+2@8 | 1:0+3@10 | 2:0+4@13 | 2:4+4@17 | 2:8+2@21 | ");
  EXPECT_EQ(described(5), "0:0+5@0 | 0:5+5@5 | 1:0+3@10 | 2:0+5@13 | 2:5+5@18 | ");
  EXPECT_EQ(described(13), "0:0+10@0 1:0+3@10 | 2:0+10@13 | ");
  EXPECT_EQ(described(1000), "0:0+10@0 1:0+3@10 2:0+10@13 | ");
  EXPECT_EQ(cut_batches(to_table(log_of({})), 0, 10).size(), 0u);
}

TEST(RowSource, KnowsWhichIdsAreText) {
  OrderLog log = log_of({{int64_t{1}, 0, 1, int64_t{0}, false, {}}});
  RowSource source = open(to_table(log), log);
  EXPECT_FALSE(source.text_customers);
  EXPECT_FALSE(source.has_order);
  log.options.order = "order";
  EXPECT_TRUE(open(to_table(log), log).has_order);
  EXPECT_FALSE(open(to_table(log), log).text_orders);
  log = log_of({{"a", 0, 1, "b", false, {}}});
  log.text_ids = log.text_orders = true;
  log.options.order = "order";
  source = open(to_table(log), log);
  EXPECT_TRUE(source.text_customers);
  EXPECT_TRUE(source.text_orders);
}

/// Rows of two texts, a time and two sums of money.
Table margins() {
  const std::vector<std::string> ids = {"a", "b"};
  return *TableBuilder()
              .strings("who", ids)
              .timestamps("when", std::vector<int64_t>{5, 6}, "UTC")
              .doubles("paid", std::vector<double>{1.25, 2})
              .doubles("earned", std::vector<double>{0.5, -0.25})
              .finish();
}

TEST(RowSource, HasTheColumnsThatWereNamedAndNoOthers) {
  const Table table = margins();
  OrderColumns columns;
  columns.customer = "who", columns.time = "when";
  RowSource source = *RowSource::open(table, columns, TimeZone());
  EXPECT_FALSE(source.has_amount);
  EXPECT_FALSE(source.has_margin);
  EXPECT_FALSE(source.has_order);
  EXPECT_FALSE(source.text_orders);
  columns.amount = "paid", columns.margin = "earned";
  source = *RowSource::open(table, columns, TimeZone());
  EXPECT_TRUE(source.has_amount);
  EXPECT_TRUE(source.has_margin);
  EXPECT_FALSE(source.has_order);
  int64_t minors[2];
  CellState states[2];
  EXPECT_TRUE(source.amount.read(0, 0, 2, minors, states));
  EXPECT_EQ(minors[0], 125);  // two decimal digits, as nobody said otherwise
  EXPECT_TRUE(source.margin.read(0, 0, 2, minors, states));
  EXPECT_EQ(minors[0], 50);
  EXPECT_EQ(minors[1], -25);
}

TEST(RowSource, SaysWhichColumnItCannotUse) {
  const auto failure = [](const OrderColumns& columns) {
    return RowSource::open(margins(), columns, TimeZone()).status();
  };
  OrderColumns good;
  good.customer = "who", good.time = "when", good.amount = "paid", good.margin = "earned";
  good.order = "who";
  EXPECT_TRUE(failure(good).ok());
  for (std::string OrderColumns::*name : {&OrderColumns::customer, &OrderColumns::time}) {
    OrderColumns columns = good;
    columns.*name = "gone";
    EXPECT_EQ(failure(columns).code(), Code::kColumn);
    columns.*name = "paid";
    EXPECT_EQ(failure(columns).code(), Code::kType);
  }
  for (std::optional<std::string> OrderColumns::*name :
       {&OrderColumns::amount, &OrderColumns::margin, &OrderColumns::order}) {
    OrderColumns columns = good;
    columns.*name = "gone";
    EXPECT_EQ(failure(columns).code(), Code::kColumn);
    columns.*name = "when";
    EXPECT_EQ(failure(columns).code(), Code::kType);
  }
}

TEST(KeyBlock, GivesIntegersFromAnyPlaceInAChunk) {
  OrderLog log = log_of({});
  for (int64_t i = 0; i < 6; i++) log.lines.push_back({i - 3, 0, 1, int64_t{0}, false, {}});
  for (const bool with_null : {false, true}) {
    if (with_null) log.lines[5].defect = Refusal::kNullCustomer;
    const Table table = to_table(log);
    const RowSource source = open(table, log);
    KeyBlock<IntKey> block;
    CellState states[4];
    EXPECT_EQ(block.read(source, 0, 2, 4, states), !with_null);
    for (int64_t i = 0; i < 3; i++) {
      EXPECT_EQ(block.view().key(i).value(), i - 1);
      EXPECT_EQ(states[i], CellState::kOk);
    }
    EXPECT_EQ(states[3], with_null ? CellState::kNull : CellState::kOk);
  }
}

TEST(KeyBlock, GivesTextOfAnyLength) {
  OrderLog log = log_of({});
  log.text_ids = true;
  std::vector<std::string> texts = {"",
                                    "a",
                                    std::string("a\0", 2),
                                    "12345678",
                                    "123456789",
                                    "1234567890123456",
                                    "12345678901234567",
                                    std::string(65'535, 'z')};
  for (const std::string& text : texts) log.lines.push_back({text, 0, 1, int64_t{0}, false, {}});
  log.lines.push_back({"", 0, 1, int64_t{0}, false, Refusal::kCustomerTooLong});
  log.lines.push_back({"", 0, 1, int64_t{0}, false, Refusal::kNullCustomer});
  const Table table = to_table(log);
  const RowSource source = open(table, log);
  KeyBlock<TextKey> block;
  CellState states[10];
  EXPECT_FALSE(block.read(source, 0, 0, 10, states));
  for (int64_t i = 0; i < 8; i++) {
    EXPECT_EQ(states[i], CellState::kOk);
    const TextKey key = block.view().key(i);
    EXPECT_EQ(TextKey::text(key, block.view().code(i)), texts[static_cast<size_t>(i)]);
  }
  EXPECT_EQ(states[8], CellState::kTooLong);
  EXPECT_EQ(states[9], CellState::kNull);
}

TEST(KeyBlock, IsNotCleanWhereOneTextIsTooLong) {
  OrderLog log = log_of({{"", 0, 1, int64_t{0}, false, Refusal::kCustomerTooLong},
                         {"b", 0, 1, int64_t{0}, false, {}}});
  log.text_ids = true;
  const Table table = to_table(log);
  const RowSource source = open(table, log);
  KeyBlock<TextKey> block;
  CellState states[2];
  EXPECT_FALSE(block.read(source, 0, 0, 2, states));
  EXPECT_EQ(states[0], CellState::kTooLong);
  EXPECT_EQ(block.text(0), "");
  EXPECT_TRUE(block.read(source, 0, 1, 1, states));
  EXPECT_EQ(block.text(0), "b");
}

TEST(TextKey, TextsAreTheSameOnlyWhereAllBytesAre) {
  // The same 16 bytes and padding tell nothing apart that the length code does not.
  const std::vector<std::string> texts = {"",
                                          std::string(1, '\0'),
                                          std::string(8, '\0'),
                                          "ab",
                                          std::string("ab\0", 3),
                                          "sixteen bytes...",
                                          "sixteen bytes...!",
                                          "sixteen bytes...?"};
  for (const std::string& a : texts) {
    for (const std::string& b : texts) {
      const std::string copy = b;
      uint32_t code_a, code_b;
      const TextKey key_a = TextKey::of(a, &code_a), key_b = TextKey::of(copy, &code_b);
      EXPECT_EQ(code_a == code_b && key_a.same(key_b, code_a), a == b) << a << " and " << b;
    }
  }
}

TEST(TextKey, TextWithoutMemoryIsEmpty) {
  uint32_t code = 9;
  const TextKey key = TextKey::of(std::string_view(), &code);
  EXPECT_EQ(code, 0u);
  EXPECT_EQ(TextKey::text(key, code), "");
}

TEST(IntKey, UnsignedOrderIsTheOrderOfIds) {
  const std::vector<int64_t> ids = {INT64_MIN, -1, 0, 1, INT64_MAX};
  for (size_t i = 0; i < ids.size(); i++) {
    EXPECT_EQ(IntKey::of(ids[i]).value(), ids[i]);
    if (i > 0) {
      EXPECT_LT(IntKey::of(ids[i - 1]).id, IntKey::of(ids[i]).id);
    }
  }
}

TEST(When, KeepsTheWholeSpanOfTimesBesideTheCode) {
  const uint64_t span = static_cast<uint64_t>(kEndTime - kMinTime);
  for (const uint32_t code : {0u, 16u, 31u}) {
    EXPECT_EQ(When::micros(When::pack(span, code)), span);
    EXPECT_EQ(When::code(When::pack(span, code)), code);
  }
}

TEST(TimeBlock, FindsTheRangeAndWhetherTimesAscend) {
  const auto range_of = [](const std::vector<Micros>& times) {
    OrderLog log = log_of({});
    for (const Micros time : times)
      log.lines.push_back({int64_t{1}, time, 1, int64_t{0}, false, {}});
    const Table table = to_table(log);
    const RowSource source = open(table, log);
    TimeBlock block;
    CellState states[kBlockRows];
    EXPECT_TRUE(block.read(source, 0, 0, static_cast<int64_t>(times.size()), states));
    for (size_t i = 0; i < times.size(); i++) EXPECT_EQ(block[static_cast<int64_t>(i)], times[i]);
    return block.range();
  };
  const TimeBlock::Range up = range_of({-5, -5, 0, 7, 7, 9, 20, 21, 22});
  EXPECT_EQ(up.low, -5);
  EXPECT_EQ(up.high, 22);
  EXPECT_TRUE(up.sorted);
  EXPECT_TRUE(range_of({3}).sorted);
  const TimeBlock::Range down = range_of({1, 2, 3, 4, 5, 6, 7, 8, -9});
  EXPECT_EQ(down.low, -9);
  EXPECT_EQ(down.high, 8);
  EXPECT_FALSE(down.sorted);
  EXPECT_FALSE(range_of({2, 1}).sorted);
}

TEST(TimeBlock, LooksAtTheRowsAskedForAlone) {
  OrderLog log = log_of({});
  for (const Micros time : {100, 5, 6, 4, 200})
    log.lines.push_back({int64_t{1}, time, 1, int64_t{0}, false, {}});
  const Table table = to_table(log);
  const RowSource source = open(table, log);
  TimeBlock block;
  CellState states[5];
  const auto range = [&](int64_t begin, int64_t n) {
    EXPECT_TRUE(block.read(source, 0, begin, n, states));
    return block.range();
  };
  EXPECT_EQ(range(1, 2).low, 5);
  EXPECT_EQ(range(1, 2).high, 6);
  EXPECT_TRUE(range(1, 2).sorted);  // before them 100, behind them 4
  EXPECT_EQ(range(2, 1).low, 6);
  EXPECT_EQ(range(2, 1).high, 6);
  EXPECT_EQ(range(3, 1).high, 4);
  EXPECT_TRUE(range(2, 1).sorted);
  EXPECT_TRUE(range(3, 2).sorted);
  EXPECT_FALSE(range(0, 5).sorted);
}

TEST(TimeBlock, MarksTimesOutOfRangeInAColumnReadInPlace) {
  OrderLog log = log_of({{int64_t{1}, 5, 1, int64_t{0}, false, {}},
                         {int64_t{1}, 6, 2, int64_t{0}, false, Refusal::kTimeOutOfRange},
                         {int64_t{1}, 7, 3, int64_t{0}, false, Refusal::kTimeOutOfRange}});
  const Table table = to_table(log);
  const RowSource source = open(table, log);
  TimeBlock block;
  CellState states[3];
  EXPECT_FALSE(block.read(source, 0, 0, 3, states));
  EXPECT_EQ(states[0], CellState::kOk);
  EXPECT_EQ(states[1], CellState::kRange);
  EXPECT_EQ(states[2], CellState::kRange);

  const std::vector<int64_t> ends{kMinTime, kEndTime - 1, kEndTime, kMinTime - 1}, ids{1, 1, 1, 1};
  const Table edges = *TableBuilder().int64("who", ids).timestamps("when", ends, "UTC").finish();
  OrderColumns columns;
  columns.customer = "who", columns.time = "when";
  const RowSource direct = *RowSource::open(edges, columns, TimeZone());
  const auto state_of = [&](int64_t row) {
    CellState one[2] = {CellState::kOk, CellState::kText};
    EXPECT_EQ(block.read(direct, 0, row, 1, one), row < 2);
    EXPECT_EQ(one[1], CellState::kText) << "of the row behind";
    return one[0];
  };
  EXPECT_EQ(state_of(0), CellState::kOk);
  EXPECT_EQ(state_of(1), CellState::kOk);
  EXPECT_EQ(state_of(2), CellState::kRange);
  EXPECT_EQ(state_of(3), CellState::kRange);
  CellState all[4];
  EXPECT_FALSE(block.read(direct, 0, 0, 4, all));
  EXPECT_EQ(std::vector<CellState>(all, all + 4),
            (std::vector<CellState>{CellState::kOk, CellState::kOk, CellState::kRange,
                                    CellState::kRange}));
}

TEST(ReadOrders, GivesIntegersOrReferencesToText) {
  OrderLog log = log_of({{int64_t{1}, 0, 1, int64_t{-4}, false, {}}});
  log.options.order = "order";
  const Table ints = to_table(log);
  uint64_t orders[2];
  CellState states[2];
  EXPECT_TRUE(read_orders(open(ints, log), 0, 0, 1, orders, states));
  EXPECT_EQ(static_cast<int64_t>(orders[0]), -4);
  log = log_of({{int64_t{1}, 0, 1, "a long order id, 24 bytes", false, {}},
                {int64_t{1}, 0, 1, "", false, Refusal::kOrderTooLong}});
  log.options.order = "order";
  log.text_orders = true;
  const Table texts = to_table(log);
  orders[1] = 77;
  EXPECT_TRUE(read_orders(open(texts, log), 0, 0, 1, orders, states));
  EXPECT_EQ(orders[1], 77u) << "of the row behind";
  EXPECT_FALSE(read_orders(open(texts, log), 0, 0, 2, orders, states));
  EXPECT_EQ(TextRef::unpack(orders[0]), "a long order id, 24 bytes");
  EXPECT_EQ(states[1], CellState::kTooLong);
}

}  // namespace
}  // namespace patron::internal
