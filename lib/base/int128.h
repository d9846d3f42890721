// 128-bit integers, for exact products and sums of 64-bit ones. GCC and Clang have them on every
// 64-bit target; they are no part of ISO C++, hence the marks.
#pragma once

namespace patron::internal {

__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 Uint128;

}  // namespace patron::internal
