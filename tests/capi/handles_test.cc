// Handles: wrong ones are told, every one stands alone, and none is used after fork().
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>

#include "tests/capi/world.h"

namespace patron::test {
namespace {

TEST(Handle, OfNoKindIsRefusedByEveryCall) {
  for (const Call& call : calls()) {
    if (call.kind == Kind::kNone) continue;
    patron_error error = PATRON_ERROR_INIT;
    EXPECT_EQ(call.run(nullptr, &error), PATRON_E_HANDLE) << call.name;
    EXPECT_NE(std::strstr(error.message, "is NULL"), nullptr) << error.message;
  }
}

TEST(Handle, OfAnotherTypeIsRefusedByEveryCall) {
  const World world;
  for (const Call& call : calls()) {
    if (call.kind == Kind::kNone) continue;
    for (const Kind other : {Kind::kBuffer, Kind::kTable, Kind::kCancel, Kind::kWorkspace,
                             Kind::kSegments, Kind::kCuts, Kind::kRfm, Kind::kRank, Kind::kNps}) {
      if (other == call.kind) continue;
      patron_error error = PATRON_ERROR_INIT;
      EXPECT_EQ(call.run(world.handle(other), &error), PATRON_E_HANDLE) << call.name;
      EXPECT_NE(std::strstr(error.message, "no handle of this type"), nullptr) << error.message;
    }
  }
}

TEST(Handle, OfAnotherTypeGivesNoValue) {
  const World world;
  for (void* wrong : {static_cast<void*>(nullptr), static_cast<void*>(world.rank.get())}) {
    EXPECT_EQ(patron_buffer_text(static_cast<patron_buffer*>(wrong)).data, nullptr);
    EXPECT_EQ(patron_table_rows(static_cast<patron_table*>(wrong)), -1);
    EXPECT_EQ(patron_table_columns(static_cast<patron_table*>(wrong)), -1);
    EXPECT_EQ(patron_table_chunks(static_cast<patron_table*>(wrong)), -1);
    EXPECT_EQ(patron_cancel_requested(static_cast<patron_cancel*>(wrong)), -1);
    EXPECT_EQ(patron_workspace_bytes(static_cast<patron_workspace*>(wrong)), -1);
    EXPECT_EQ(patron_segments_bins(static_cast<patron_segments*>(wrong)), -1);
    EXPECT_EQ(patron_segments_grid(static_cast<patron_segments*>(wrong)), -1);
    EXPECT_EQ(patron_segments_rows(static_cast<patron_segments*>(wrong)), -1);
    patron_cancel_request(static_cast<patron_cancel*>(wrong));
    patron_cancel_reset(static_cast<patron_cancel*>(wrong));
  }
}

TEST(Handle, CloseTakesNull) {
  patron_buffer_close(nullptr);
  patron_table_close(nullptr);
  patron_cancel_close(nullptr);
  patron_segments_close(nullptr);
  patron_cuts_close(nullptr);
  patron_rfm_close(nullptr);
  patron_rank_close(nullptr);
  patron_arrow_close(PATRON_ARROW_STREAM, nullptr);
}

TEST(Handle, CloseLeavesAHandleOfAnotherTypeAlone) {
  const World world;
  patron_table_close(static_cast<patron_table*>(world.handle(Kind::kCuts)));
  patron_cuts_info info = PATRON_CUTS_INFO_INIT;
  EXPECT_EQ(patron_cuts_describe(world.cuts.get(), &info, nullptr), PATRON_OK);
}

// Closes the parent before it looks at what came out of it.
TEST(Handle, StandsAloneWhenWhatItCameFromIsClosed) {
  World world;
  patron_table* customers = nullptr;
  patron_table* ranked = nullptr;
  patron_table* day = nullptr;
  const patron_str names[1] = {patron_str_of("day")};
  ASSERT_EQ(patron_rfm_table(world.rfm.get(), &customers, nullptr), PATRON_OK);
  ASSERT_EQ(patron_rank_table(world.rank.get(), &ranked, nullptr), PATRON_OK);
  ASSERT_EQ(patron_table_select(world.table.get(), names, 1, &day, nullptr), PATRON_OK);
  ArrowArrayStream stream{};
  ASSERT_EQ(patron_table_export_stream(customers, &stream, nullptr), PATRON_OK);
  world.rfm.reset();
  world.rank.reset();
  world.table.reset();

  EXPECT_EQ(values_of<int64_t>(customers, "customer"), (std::vector<int64_t>{1, 2, 3}));
  EXPECT_EQ(patron_table_rows(ranked), 6);
  EXPECT_EQ(values_of<int32_t>(day, "day"), world.orders.day);
  patron_table_close(ranked);
  patron_table_close(day);
  patron_table_close(customers);

  patron_table* again = nullptr;
  ASSERT_EQ(patron_table_import_stream(&stream, &again, nullptr), PATRON_OK);
  EXPECT_EQ(values_of<int64_t>(again, "customer"), (std::vector<int64_t>{1, 2, 3}));
  patron_table_close(again);
}

// In the child: the place of the first call that does not say STATE, from 1; or 0.
int first_call_that_works_after_fork(const World& world) {
  int place = 0;
  for (const Call& call : calls()) {
    ++place;
    if (call.kind == Kind::kNone) continue;
    patron_error error = PATRON_ERROR_INIT;
    const bool refused = call.run(world.handle(call.kind), &error) == PATRON_E_STATE;
    const std::string parent = "belongs to process " + std::to_string(getppid());
    if (!refused || std::strstr(error.message, parent.c_str()) == nullptr) return place;
  }
  const bool values = patron_buffer_text(world.buffer.get()).data == nullptr &&
                      patron_table_rows(world.table.get()) == -1 &&
                      patron_cancel_requested(world.cancel.get()) == -1 &&
                      patron_workspace_bytes(world.workspace.get()) == -1 &&
                      patron_segments_bins(world.segments.get()) == -1;
  return values ? 0 : place + 1;
}

TEST(Handle, CanOnlyBeClosedAfterFork) {
  auto* world = new World;
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const int place = first_call_that_works_after_fork(*world);
    delete world;  // closes every handle
    _exit(place);
  }
  int outcome = -1;
  ASSERT_EQ(waitpid(child, &outcome, 0), child);
  ASSERT_TRUE(WIFEXITED(outcome));
  const int place = WEXITSTATUS(outcome);
  EXPECT_EQ(place, 0) << (place <= static_cast<int>(calls().size()) && place > 0
                              ? calls()[static_cast<size_t>(place - 1)].name
                              : "a function without a status");
  EXPECT_EQ(patron_table_rows(world->table.get()), 6);  // the parent goes on
  delete world;
}

TEST(Handle, MadeAfterForkWorksInTheChild) {
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const World world;
    _exit(patron_table_rows(world.table.get()) == 6 ? 0 : 1);
  }
  int outcome = -1;
  ASSERT_EQ(waitpid(child, &outcome, 0), child);
  EXPECT_TRUE(WIFEXITED(outcome) && WEXITSTATUS(outcome) == 0);
}

TEST(Handle, OfOptionsIsChecked) {
  const World world;
  patron_rfm* rfm = nullptr;
  for (int which = 0; which < 4; ++which) {
    patron_rfm_options options = orders_options();
    if (which == 0) options.cuts = static_cast<patron_cuts*>(world.handle(Kind::kTable));
    if (which == 1) options.segments = static_cast<patron_segments*>(world.handle(Kind::kTable));
    if (which == 2) options.cancel = static_cast<patron_cancel*>(world.handle(Kind::kTable));
    if (which == 3) options.workspace = static_cast<patron_workspace*>(world.handle(Kind::kTable));
    const char* names[] = {"options.cuts", "options.segments", "options.cancel",
                           "options.workspace"};
    patron_error error = PATRON_ERROR_INIT;
    EXPECT_EQ(patron_rfm_compute(world.table.get(), &options, &rfm, &error), PATRON_E_HANDLE);
    EXPECT_EQ(std::string(error.message).rfind(names[which], 0), 0U) << error.message;
  }
}

}  // namespace
}  // namespace patron::test
