// The heap of this test program, made to fail: every allocation of the process goes through it,
// those inside libpatron.so too.
//
//   heap::begin({.fail_at = 3});             // the fourth allocation from here on gives nothing
//   status = patron_cuts_parse(...);
//   heap::end();
//   EXPECT_EQ(heap::failures(), 1);
//   EXPECT_EQ(heap::alive(), 0);             // what the call allocated, it has freed
//
// malloc, calloc, realloc and the rest are replaced, so nothing that the C or C++ library allocates
// on the call's behalf escapes. Under a sanitizer, which must keep malloc for itself, operator new
// is replaced instead: most of the failures, and the sanitizer sees what each of them does.
// pthread_create is replaced too; what it allocates for itself is not counted.
#pragma once

#include <cstdint>

namespace patron::test::heap {

struct Plan {
  int64_t fail_at = -1;       ///< the allocation that fails, counted from 0; -1: none
  bool lasting = false;       ///< and every one after it
  bool workers_only = false;  ///< only those of other threads than the one that called begin()
  bool strange = false;       ///< operator new throws an int, which no code expects
  /// The thread that cannot be started, counted from 0, and with `lasting` every one after it.
  int64_t fail_thread_at = -1;
};

/// From here on allocations are counted, remembered, and fail as planned. What was remembered
/// before is forgotten.
void begin(const Plan& plan);
/// From here on nothing fails; what is freed is still crossed off.
void end();

/// Allocations asked for between begin() and end(), those that failed included.
int64_t allocations();
/// How many of them failed.
int64_t failures();
/// Threads asked for between begin() and end(), those included that could not be started.
int64_t threads();
/// Blocks allocated between begin() and end() that are not freed yet.
int64_t alive();
/// Bytes of the largest one asked for.
uint64_t largest();

/// Whether malloc itself is replaced, or operator new alone.
bool is_complete();

}  // namespace patron::test::heap
