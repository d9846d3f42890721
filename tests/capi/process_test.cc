#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "tests/capi/world.h"

namespace patron::test {
namespace {

TEST(Process, ThatInheritedAHandleIsToldWhoseItIs) {
  const World world;
  const std::string parent = "belongs to process " + std::to_string(getpid()) + ";";
  std::fflush(nullptr);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    patron_error error = PATRON_ERROR_INIT;
    int32_t index = -7;
    const patron_status status = patron_table_find(world.table.get(), "day", 3, &index, &error);
    const bool told = status == PATRON_E_STATE && index == -7 &&
                      std::strstr(error.message, parent.c_str()) != nullptr;
    std::exit(told ? 0 : 1);  // not _exit: coverage counts what a process did when it exits
  }
  int outcome = -1;
  ASSERT_EQ(waitpid(child, &outcome, 0), child);
  EXPECT_TRUE(WIFEXITED(outcome) && WEXITSTATUS(outcome) == 0) << outcome;
}

}  // namespace
}  // namespace patron::test
