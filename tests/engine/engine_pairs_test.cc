// Links and unlinks by tables: what single calls in the order of the rows would do.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "patron/engine.h"
#include "tests/engine/shop.h"

namespace patron {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): the shop's words

Table pairs(const std::vector<int64_t>& first, const std::vector<int64_t>& second) {
  TableBuilder builder;
  return *builder.int64("first", first).int64("second", second).finish();
}

Engine living_pairs() {
  Engine engine = *Engine::open(shop());
  expect_ok(engine.ingest("orders", orders({{1, at("2026-01-10"), 300, "a"},
                                            {2, at("2026-01-20"), 1200, "b"},
                                            {3, at("2026-01-21"), 20, "c"}})));
  expect_ok(engine.advance(at("2026-02-01")));
  return engine;
}

TEST(EnginePairs, ATableDoesWhatItsRowsWouldDoOneByOne) {
  Engine by_table = living_pairs(), one_by_one = living_pairs();
  IngestReport report;
  expect_ok(by_table.link(pairs({1, 2, 2}, {2, 3, 1}), &report));
  EXPECT_EQ(report.rows, 3);
  EXPECT_EQ(report.accepted, 2);
  EXPECT_EQ(report.duplicates, 1) << "1 and 2 are one already";
  EXPECT_EQ(report.refused_rows, 0);
  ASSERT_TRUE(one_by_one.link(id(1), id(2)).ok());
  ASSERT_TRUE(one_by_one.link(id(2), id(3)).ok());
  expect_ok(by_table.advance(at("2026-02-02")));
  expect_ok(one_by_one.advance(at("2026-02-02")));
  EXPECT_EQ(by_table.customers(), 1);
  EXPECT_EQ(by_table.state_hash(), one_by_one.state_hash());
  expect_ok(by_table.unlink(pairs({3, 1}, {2, 2}), &report));
  EXPECT_EQ(report.deleted, 2);
  EXPECT_EQ(by_table.customers(), 3);
}

TEST(EnginePairs, ARowThatCannotBeIsRefusedAndHarmsNoOther) {
  Engine engine = living_pairs();
  TableBuilder builder;
  const std::vector<std::string> texts{"1"};
  IngestReport report;
  EXPECT_EQ(engine.link(*builder.int64("first", {1}).strings("second", texts).finish()).code(),
            Code::kType);
  EXPECT_EQ(engine.link(orders({}), &report).code(), Code::kColumn);
  EXPECT_EQ(engine.customers(), 3);
  expect_ok(engine.link(pairs({1}, {2})));
  expect_ok(engine.unlink(pairs({1, 1}, {3, 2}), &report));
  EXPECT_EQ(report.rows, 2);
  EXPECT_EQ(report.deleted, 1);
  ASSERT_EQ(report.refused.size(), 1u);
  EXPECT_EQ(report.refused[0].row, 0);
  EXPECT_EQ(report.refused[0].column, "");
  EXPECT_EQ(report.refused[0].reason, "no link was made between these two ids");
}

TEST(EnginePairs, AnIdThatIsMissingIsNamedByItsColumn) {
  Engine engine = living_pairs();
  const int64_t ids[] = {1, 2};
  const uint8_t known = 0b10;
  ColumnView views[2];
  views[0].name = "first", views[1].name = "second";
  for (ColumnView& view : views) {
    view.type.type = Type::kInt64;
    view.chunk.length = 2;
    view.chunk.values = ids;
  }
  views[1].chunk.validity = &known;
  views[1].chunk.null_count = 1;
  IngestReport report;
  expect_ok(engine.link(*make_table(views), &report));
  EXPECT_EQ(report.rows, 2);
  EXPECT_EQ(report.duplicates, 1) << "2 and 2";
  ASSERT_EQ(report.refused.size(), 1u);
  EXPECT_EQ(report.refused[0].column, "second");
  EXPECT_EQ(report.refused[0].reason, "null second");
}

}  // namespace
}  // namespace patron
