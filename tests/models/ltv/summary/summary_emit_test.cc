#include "lib/models/ltv/summary/summary_emit.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace patron::internal {
namespace {

template <typename Key>
SummaryCustomer<Key> customer(Key key, uint32_t code, int64_t first, int64_t last, uint32_t periods,
                              int64_t money) {
  SummaryCustomer<Key> c;
  c.key = key, c.code = static_cast<uint8_t>(code);
  c.first = first, c.last = last, c.periods = periods, c.money = money;
  c.holdout_periods = 2, c.holdout_money = 501;
  return c;
}

template <typename T>
std::vector<T> values(const Buffer& buffer, int64_t n) {
  return {buffer.as<T>(), buffer.as<T>() + n};
}

class EmitSummary : public testing::Test {
 protected:
  EmitSummary() {
    shape_.grid = &grid_;
    shape_.end = 28, shape_.observation_end = 42;
    for (int64_t i = 0; i < 3; i++)
      list_.push_back(customer(IntKey::of(i - 1), 0, 7 * i, 7 * i + 7 * (i % 2), 1 + i % 2, 1000));
  }
  SummaryColumns emitted() {
    AllCustomers<SummaryCustomer<IntKey>> all;
    for (const auto& c : list_) all.in_order.push_back(&c);
    all.count = 3;
    const Control control;
    Watch watch(control);
    Result<SummaryColumns> columns = emit_summary(all, shape_, 2, &watch);
    EXPECT_TRUE(columns.ok());
    return *std::move(columns);
  }

  PeriodGrid grid_{TimeZone(), LtvUnit::kWeek, LtvCollapse::kDay};
  SummaryShape shape_;
  std::vector<SummaryCustomer<IntKey>> list_;
};

TEST_F(EmitSummary, WritesTimesInUnitsAndTheMeanOfTheRepeats) {
  const SummaryColumns columns = emitted();
  EXPECT_EQ(values<int64_t>(columns.ids, 3), (std::vector<int64_t>{-1, 0, 1}));
  EXPECT_EQ(values<int64_t>(columns.frequency, 3), (std::vector<int64_t>{0, 1, 0}));
  EXPECT_EQ(values<double>(columns.recency, 3), (std::vector<double>{0, 1, 0}));
  EXPECT_EQ(values<double>(columns.T, 3), (std::vector<double>{4, 3, 2}));
  EXPECT_EQ(values<double>(columns.monetary, 3), (std::vector<double>{0, 10, 0}));
  EXPECT_EQ(columns.frequency_holdout.size(), 0u);
}

TEST_F(EmitSummary, TIsNeverBelowRecency) {
  list_[1].last = 35;  // a day that was over and came again, where clocks go back over midnight
  const SummaryColumns columns = emitted();
  EXPECT_EQ(values<double>(columns.recency, 3)[1], 4);
  EXPECT_EQ(values<double>(columns.T, 3)[1], 4);
}

TEST_F(EmitSummary, KeepsTheFirstPeriodWhereItIsToldTo) {
  shape_.keep_first = true;
  EXPECT_EQ(values<double>(emitted().monetary, 3), (std::vector<double>{10, 5, 10}));
  shape_.total = true;
  EXPECT_EQ(values<double>(emitted().monetary, 3), (std::vector<double>{10, 10, 10}));
}

TEST_F(EmitSummary, WritesTheHoldoutAsTheCalibration) {
  shape_.has_holdout = true;
  SummaryColumns columns = emitted();
  EXPECT_EQ(values<int64_t>(columns.frequency_holdout, 3), (std::vector<int64_t>{2, 2, 2}));
  EXPECT_EQ(values<double>(columns.monetary_holdout, 3), (std::vector<double>(3, 501 / 200.0)));
  EXPECT_EQ(values<double>(columns.duration_holdout, 3), (std::vector<double>{2, 2, 2}));
  shape_.has_money = false;
  columns = emitted();
  EXPECT_EQ(columns.monetary.size() + columns.monetary_holdout.size(), 0u);
}

TEST_F(EmitSummary, TextIdsComeWithTheirOffsets) {
  const std::vector<std::string> texts = {"ann", "", "a name of more than sixteen bytes"};
  std::vector<SummaryCustomer<TextKey>> list;
  for (const std::string& text : texts) {
    uint32_t code;
    const TextKey key = TextKey::of(text, &code);
    list.push_back(customer(key, code, 0, 0, 1, 0));
  }
  AllCustomers<SummaryCustomer<TextKey>> all;
  all.by_partition.resize(2);
  all.by_partition[0] = {1, {std::span(list).first(1)}, {}};
  all.by_partition[1] = {2, {std::span(list).subspan(1)}, {}};
  all.count = 3;
  const Control control;
  Watch watch(control);
  const Result<SummaryColumns> columns = emit_summary(all, shape_, 1, &watch);
  ASSERT_TRUE(columns.ok());
  EXPECT_TRUE(columns->text);
  EXPECT_EQ(values<int32_t>(columns->ids, 4), (std::vector<int32_t>{0, 3, 3, 36}));
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(columns->id_bytes.data()), 36),
            texts[0] + texts[1] + texts[2]);
}

}  // namespace
}  // namespace patron::internal
