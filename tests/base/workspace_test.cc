#include "lib/base/workspace.h"

#include <gtest/gtest.h>

#include <utility>

#include "patron/workspace.h"

namespace patron::internal {
namespace {

TEST(Workspace, LendsTheSameMemoryAgain) {
  Workspace workspace;
  EXPECT_EQ(workspace.bytes(), 0);
  const uint8_t* memory;
  {
    Loan loan(&workspace, 1000);
    memory = loan.as<uint8_t>();
    EXPECT_EQ(workspace.bytes(), 0);  // it is out
  }
  EXPECT_EQ(workspace.bytes(), 1000);
  {
    Loan less(&workspace, 10);
    EXPECT_EQ(less.as<uint8_t>(), memory);
    Loan meanwhile(&workspace, 500);
    EXPECT_NE(meanwhile.as<uint8_t>(), memory);
  }
  EXPECT_EQ(workspace.bytes(), 1000);  // the larger of the two
}

TEST(Workspace, TakesMoreWhereItHasTooLittle) {
  Workspace workspace;
  { const Loan loan(&workspace, 10); }
  { const Loan loan(&workspace, 20); }
  EXPECT_EQ(workspace.bytes(), 20);
}

TEST(Workspace, MovesWithItsMemoryAndLeavesOneThatKeepsNothing) {
  Workspace workspace;
  { const Loan loan(&workspace, 100); }
  Workspace moved(std::move(workspace));
  EXPECT_EQ(moved.bytes(), 100);
  EXPECT_EQ(workspace.bytes(), 0);  // NOLINT(bugprone-use-after-move): what this test is about
  {
    Loan loan(&workspace, 50);
    ASSERT_NE(loan.as<uint8_t>(), nullptr);
    loan.as<uint8_t>()[49] = 1;
  }
  EXPECT_EQ(workspace.bytes(), 0);
  workspace = std::move(moved);
  EXPECT_EQ(workspace.bytes(), 100);
}

TEST(Loan, MovesWithItsMemory) {
  Workspace workspace;
  Loan empty;
  {
    Loan loan(&workspace, 64);
    loan.as<uint8_t>()[63] = 7;
    Loan moved(std::move(loan));
    empty = std::move(moved);
    EXPECT_EQ(workspace.bytes(), 0);
  }
  EXPECT_EQ(workspace.bytes(), 0);
  EXPECT_EQ(empty.as<uint8_t>()[63], 7);
  empty = Loan();
  EXPECT_EQ(workspace.bytes(), 64);
}

TEST(Loan, OfNoWorkspaceIsMemoryOfItsOwn) {
  Loan loan(nullptr, 8);
  EXPECT_NE(loan.as<uint8_t>(), nullptr);
}

}  // namespace
}  // namespace patron::internal
