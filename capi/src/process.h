// Which process this is, for a nanosecond: every check of a handle asks.
//
// getpid() is a call of the system. Instead the number lies in a page of memory that the system
// clears in the child of a fork (Linux 4.14, MADV_WIPEONFORK), however the child was made: fork(),
// a bare clone(), and a child of a child. Where the page finds nothing it asks once and remembers.
// Where the system knows no such pages, getpid() it is.
//
// Thread class: pure.
#pragma once

#include <cstdint>

namespace patron::capi {

/// The number of this process.
int64_t process_id();

}  // namespace patron::capi
