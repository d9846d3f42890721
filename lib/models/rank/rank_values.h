// A column of numbers as sort keys: the values of a rank, from the top.
//
// Each value that is not null becomes a key whose ascending order is the values' descending order,
// and whose unit is exact: whole numbers and decimals count their minor unit, doubles count
// 2^-1074.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "lib/base/buffer.h"
#include "lib/base/exact_sum.h"
#include "lib/base/int128.h"
#include "patron/status.h"
#include "patron/table.h"

namespace patron::internal {

/// Whole numbers and decimals that fit int64.
struct Int64Keys {
  using Key = uint64_t;
  static constexpr size_t kLimbs = 4;
  int scale = 0;  ///< the value is the number / 10^scale

  static Key key(int64_t value) { return ~(static_cast<uint64_t>(value) ^ (uint64_t{1} << 63)); }
  static int64_t value(Key key) { return static_cast<int64_t>(~key ^ (uint64_t{1} << 63)); }
  Magnitude magnitude(Key key) const;
  double as_double(Key key) const;
};

/// Whole numbers and decimals beyond int64.
struct Int128Keys {
  using Key = Uint128;
  static constexpr size_t kLimbs = 5;
  int scale = 0;

  static Key key(Int128 value) { return ~(static_cast<Uint128>(value) ^ (Uint128{1} << 127)); }
  static Int128 value(Key key) { return static_cast<Int128>(~key ^ (Uint128{1} << 127)); }
  Magnitude magnitude(Key key) const;
  double as_double(Key key) const;
};

/// Finite doubles; -0 is 0.
struct DoubleKeys {
  using Key = uint64_t;
  static constexpr size_t kLimbs = 36;  // 2,098 bits, and 64 for the count, and 57 for the share

  static Key key(double value);
  static double value(Key key);
  Magnitude magnitude(Key key) const;
  double as_double(Key key) const { return value(key); }
};

template <typename Keys>
struct Entry {
  typename Keys::Key key;
  int64_t row;
};

/// The values that are not null, the highest first.
template <typename Keys>
struct RankedValues {
  Keys keys;
  int64_t count = 0;
  Buffer memory;
  const Entry<Keys>* entries() const { return memory.as<Entry<Keys>>(); }
};

using AnyRankedValues =
    std::variant<RankedValues<Int64Keys>, RankedValues<Int128Keys>, RankedValues<DoubleKeys>>;

/// Reads and sorts. Code::kType for a column that is not of numbers, kNumber with the row for NaN
/// and infinity, kEmpty where nothing is left. Cost: a radix sort by the bytes that differ; 32
/// bytes of scratch a value.
Result<AnyRankedValues> ranked_values(const Table& table, int column);

}  // namespace patron::internal
