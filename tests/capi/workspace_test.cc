// A workspace keeps the memory of a call for the next, and changes nothing else.
#include <thread>

#include "tests/capi/world.h"

namespace patron::test {
namespace {

/// The money of every customer.
std::vector<int64_t> scored(const patron_table* orders, patron_workspace* workspace) {
  patron_rfm_options options = orders_options();
  options.workspace = workspace;
  patron_rfm* out = nullptr;
  EXPECT_EQ(patron_rfm_compute(orders, &options, &out, nullptr), PATRON_OK);
  const Rfm rfm(out);
  patron_table* table = nullptr;
  EXPECT_EQ(patron_rfm_table(out, &table, nullptr), PATRON_OK);
  return values_of<int64_t>(Table(table).get(), "monetary_minor");
}

TEST(Workspace, KeepsWhatTheLargestCallTook) {
  const World world;
  EXPECT_EQ(patron_workspace_bytes(world.workspace.get()), 0);
  const std::vector<int64_t> expected = scored(world.table.get(), nullptr);
  EXPECT_EQ(scored(world.table.get(), world.workspace.get()), expected);
  const int64_t small = patron_workspace_bytes(world.workspace.get());
  EXPECT_GT(small, 0);

  Orders many;
  for (int64_t i = 0; i < 10'000; ++i) {
    many.customer.push_back(i % 97);
    many.day.push_back(20'000);
    many.amount.push_back(1);
  }
  const Table table = many.table();
  EXPECT_EQ(scored(table.get(), world.workspace.get()).size(), scored(table.get(), nullptr).size());
  const int64_t large = patron_workspace_bytes(world.workspace.get());
  EXPECT_GE(large, 10'000 * 24);
  EXPECT_EQ(scored(world.table.get(), world.workspace.get()), expected);
  EXPECT_EQ(patron_workspace_bytes(world.workspace.get()), large);
}

TEST(Workspace, ThreadsMayShareIt) {
  const World world;
  const std::vector<int64_t> expected = scored(world.table.get(), nullptr);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 50; ++round) {
        EXPECT_EQ(scored(world.table.get(), world.workspace.get()), expected);
        EXPECT_GE(patron_workspace_bytes(world.workspace.get()), 0);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_GT(patron_workspace_bytes(world.workspace.get()), 0);
}

TEST(Workspace, NeedsAPlaceToGo) {
  EXPECT_EQ(patron_workspace_create(nullptr, nullptr), PATRON_E_ARGUMENT);
  patron_workspace_close(nullptr);
}

}  // namespace
}  // namespace patron::test
