// Tables of values: places, types, threads.
#include "lib/engine/tables/value_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include "lib/base/table_data.h"
#include "lib/engine/tables/value_pages.h"
#include "tests/engine/engine_world.h"

namespace patron::internal {
namespace {

const CustomerState kNewcomer;
const std::shared_ptr<const CalibrationData> kNothingCalibrated;
const StateOf kNewcomers = [](uint32_t) -> const CustomerState& { return kNewcomer; };

// The bytes of each cell of a column.
std::vector<std::string> cells_of(const Table& table, int column) {
  std::vector<std::string> out;
  const DataType& type = table.field(column).type;
  for (const Chunk& chunk : table.chunks(column)) {
    for (int64_t i = 0; i < chunk.length; ++i) {
      std::string& cell = out.emplace_back();
      if (!chunk.valid(i)) {
        cell = "null";
      } else if (type.type == Type::kLargeString) {
        const auto* offsets = static_cast<const int64_t*>(chunk.offsets);
        cell.assign(reinterpret_cast<const char*>(chunk.bytes) + offsets[i],
                    static_cast<size_t>(offsets[i + 1] - offsets[i]));
      } else if (type.type == Type::kBool) {
        cell = (static_cast<const uint8_t*>(chunk.values)[i / 8] >> i % 8 & 1) != 0 ? "1" : "0";
      } else {
        const auto width = static_cast<size_t>(byte_width(type.type));
        cell.assign(static_cast<const char*>(chunk.values) + static_cast<size_t>(i) * width, width);
      }
    }
  }
  return out;
}

TEST(ValueTable, IsTheSameOnAnyNumberOfThreads) {
  const Policy policy = shipped_policy("retail");
  const EngineWorld world(policy, 1, 6000);
  const Micros now = EngineWorld::kBegin + 600 * kMicrosPerDay;
  const ValueTableInput input{policy.data(), world.book.state(), kNewcomers, kNothingCalibrated,
                              now};
  const std::vector<uint32_t> rows = rows_by_id(world.book.state(), world.book.customers());
  const Table one = *value_table(input, rows, {}, 1, {});
  for (const int threads : {2, 4}) {
    const Table many = *value_table(input, rows, {}, threads, {});
    ASSERT_EQ(many.columns(), one.columns());
    for (int c = 0; c < one.columns(); ++c) {
      ASSERT_EQ(cells_of(many, c), cells_of(one, c)) << one.field(c).name;
    }
  }
}

TEST(ValueTable, ARowIsOfTheCustomerThatWasAskedFor) {
  const Policy policy = shipped_policy("ecommerce");
  const EngineWorld world(policy, 2, 700);
  const Micros now = EngineWorld::kBegin + 600 * kMicrosPerDay;
  const ValueTableInput input{policy.data(), world.book.state(), kNewcomers, kNothingCalibrated,
                              now};
  const auto last = static_cast<uint32_t>(world.book.state().ids->size() - 1);
  ASSERT_GT(last, uint32_t{2 * kPageCustomers});
  const std::vector<uint32_t> rows{300, 5, last};
  const Table table = *value_table(input, rows, {}, 1, {});
  ASSERT_EQ(table.rows(), 3);
  ValuePages pages(policy.data(), world.book.state(), nullptr);
  for (size_t k = 0; k < rows.size(); ++k) {
    pages.read(rows[k] / kPageCustomers, now, kNewcomers);
    for (size_t i = 0; i < policy.data().values.size(); ++i) {
      const auto column = static_cast<int>(i) + 1;
      EXPECT_EQ(table.field(column).name, policy.data().values[i].tag.name);
      EXPECT_EQ(table.chunks(column)[0].valid(static_cast<int64_t>(k)),
                pages.value(i).known()[rows[k] % kPageCustomers] != 0);
    }
  }
}

// Pages whose rows follow each other are put as a whole, others row by row.
TEST(ValueTable, TheOrderOfRowsChangesNothingElse) {
  const Policy policy = shipped_policy("retail");
  const EngineWorld world(policy, 4, 1500);
  const Micros now = EngineWorld::kBegin + 600 * kMicrosPerDay;
  const ValueTableInput input{policy.data(), world.book.state(), kNewcomers, kNothingCalibrated,
                              now};
  std::vector<uint32_t> rows(world.book.customers());
  std::iota(rows.begin(), rows.end(), 0U);
  const Table whole = *value_table(input, rows, {}, 1, {});
  std::vector<uint32_t> back(rows.rbegin(), rows.rend());
  std::erase_if(back, [](uint32_t row) { return row % 11 == 3; });
  const Table some = *value_table(input, back, {}, 1, {});
  for (int c = 0; c < whole.columns(); ++c) {
    const std::vector<std::string> cells = cells_of(whole, c);
    std::vector<std::string> turned;
    for (const uint32_t row : back) turned.push_back(cells[row]);
    ASSERT_EQ(cells_of(some, c), turned) << whole.field(c).name;
  }
}

TEST(ValueTable, HasTheColumnsThatAreWanted) {
  const Policy policy = shipped_policy("retail");
  const EngineWorld world(policy, 3);
  const ValueTableInput input{policy.data(), world.book.state(), kNewcomers, kNothingCalibrated, 0};
  const std::vector<size_t> wanted{7, 5};
  const std::vector<uint32_t> rows{1, 0};
  const Table table = *value_table(input, rows, wanted, 1, {});
  ASSERT_EQ(table.columns(), 3);
  EXPECT_EQ(table.field(1).name, policy.data().values[5].tag.name);
  EXPECT_EQ(table.field(2).name, policy.data().values[7].tag.name);
}

TEST(ValueTable, RowsAreOrderedByIds) {
  for (const bool text : {false, true}) {
    BookSpec spec;
    spec.customer = text ? Kind::kString : Kind::kInt64;
    BookStream stream;
    stream.name = "events";
    spec.streams.push_back(stream);
    Book book(*BookLayout::make(std::move(spec)));
    const std::vector<std::string> texts{"b", "abcdefghz", "abcdefgh", "", "abcdefgha", "\xC3\xA4"};
    for (size_t i = 0; i < texts.size(); ++i) {
      BookEvent event;
      event.customer.number = static_cast<int64_t>(i * 7 % 5) - 2 + static_cast<int64_t>(i) * 100;
      event.customer.text = texts[i];
      BookReport report;
      ASSERT_TRUE(book.add(0, {&event, 1}, {}, &report).ok());
    }
    const std::vector<uint32_t> rows = rows_by_id(book.state(), book.customers());
    ASSERT_EQ(rows.size(), book.customers());
    for (size_t i = 1; i < rows.size(); ++i) {
      const CustomerId a = book.id(rows[i - 1]), b = book.id(rows[i]);
      EXPECT_TRUE(text ? a.text < b.text : a.number < b.number);
    }
  }
}

}  // namespace
}  // namespace patron::internal
