#include "lib/book/saved/packed_cells.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <type_traits>

namespace patron::internal {
namespace {

constexpr uint8_t kNullFlag = 0x10;
constexpr uint8_t kWidthMask = 0x0F;
constexpr unsigned kPlainWidth = 8;

// How numbers become codes.
struct Packing {
  unsigned width = kPlainWidth;
  bool nulls = false;
  uint64_t base = 0, step = 1;
};

unsigned bytes_of(uint64_t code) {
  unsigned width = 0;
  for (; code != 0; code >>= 8) ++width;
  return width;
}

template <typename T>
Packing find_packing(std::span<const T> cells, T null, unsigned least) {
  int64_t low = std::numeric_limits<int64_t>::max();
  int64_t high = std::numeric_limits<int64_t>::min();
  bool nulls = false;
  for (const T cell : cells) {
    if (cell == null) {
      nulls = true;
      continue;
    }
    low = std::min(low, static_cast<int64_t>(cell));
    high = std::max(high, static_cast<int64_t>(cell));
  }
  Packing packing;
  packing.nulls = nulls;
  if (low > high) {  // nothing but nulls
    packing.width = least;
    return packing;
  }
  packing.base = static_cast<uint64_t>(low);
  uint64_t step = static_cast<uint64_t>(high) - packing.base;
  for (size_t i = 0; i < cells.size() && step > 1; ++i) {
    if (cells[i] == null) continue;
    const uint64_t distance = static_cast<uint64_t>(static_cast<int64_t>(cells[i])) - packing.base;
    if (distance % step != 0) step = std::gcd(step, distance);
  }
  packing.step = std::max<uint64_t>(step, 1);
  const uint64_t most = (static_cast<uint64_t>(high) - packing.base) / packing.step;
  const unsigned width =
      most == std::numeric_limits<uint64_t>::max() ? kPlainWidth : bytes_of(most + (nulls ? 1 : 0));
  packing.width = std::max(width, least);
  if (packing.width >= kPlainWidth) packing = Packing();
  return packing;
}

template <unsigned width>
uint64_t load_code(const char* at) {
  uint64_t code = 0;
  if constexpr (width > 0) std::memcpy(&code, at, width);
  return code;
}

// Each width has a loop of its own.
template <typename Body>
void with_width(unsigned width, const Body& body) {
  switch (width) {
    case 1:
      return body(std::integral_constant<unsigned, 1>());
    case 2:
      return body(std::integral_constant<unsigned, 2>());
    case 3:
      return body(std::integral_constant<unsigned, 3>());
    case 4:
      return body(std::integral_constant<unsigned, 4>());
    case 5:
      return body(std::integral_constant<unsigned, 5>());
    case 6:
      return body(std::integral_constant<unsigned, 6>());
    case 7:
      return body(std::integral_constant<unsigned, 7>());
    default:
      return body(std::integral_constant<unsigned, 0>());
  }
}

// Whether a number is one of T.
template <typename T>
bool fits(uint64_t value) {
  return sizeof(T) == sizeof value ||
         static_cast<uint64_t>(static_cast<int64_t>(static_cast<T>(value))) == value;
}

}  // namespace

template <typename T>
void pack_cells(std::span<const T> cells, T null, unsigned least, BookByteWriter& out) {
  const Packing packing = find_packing(cells, null, least);
  out.put(static_cast<uint8_t>(packing.width | (packing.nulls ? kNullFlag : 0)));
  if (packing.width == kPlainWidth) {
    for (const T cell : cells) out.put(static_cast<int64_t>(cell));
    return;
  }
  out.put(packing.base);
  out.put(packing.step);
  const size_t begin = out.bytes.size();
  out.bytes.resize(begin + cells.size() * packing.width);
  char* to = out.bytes.data() + begin;
  with_width(packing.width, [&](auto width) {
    for (const T cell : cells) {
      uint64_t code = 0;
      if (cell != null || !packing.nulls) {
        const uint64_t distance = static_cast<uint64_t>(static_cast<int64_t>(cell)) - packing.base;
        code = (packing.step == 1 ? distance : distance / packing.step) + (packing.nulls ? 1 : 0);
      }
      if constexpr (width() > 0) std::memcpy(to, &code, width());
      to += width();
    }
  });
}

template <typename T>
bool unpack_cells(BookByteReader& in, T null, unsigned least, std::span<T> cells) {
  const auto head = in.take<uint8_t>();
  const unsigned width = head & kWidthMask;
  const bool nulls = (head & kNullFlag) != 0;
  if (width > kPlainWidth || width < least || (head & ~(kWidthMask | kNullFlag)) != 0) return false;
  if (width == kPlainWidth && nulls) return false;
  const uint64_t base = width < kPlainWidth ? in.take<uint64_t>() : 0;
  const uint64_t step = width < kPlainWidth ? in.take<uint64_t>() : 1;
  const std::string_view codes = in.take_bytes(uint64_t{cells.size()} * width);
  if (!in.sound()) return false;
  bool good = true;
  const char* at = codes.data();
  if (width == kPlainWidth) {
    for (T& cell : cells) {
      const auto value = load_code<kPlainWidth>(at);
      good &= fits<T>(value);
      cell = static_cast<T>(value);
      at += kPlainWidth;
    }
    return good;
  }
  if (width == 0) {  // all are the same
    std::fill(cells.begin(), cells.end(), nulls ? null : static_cast<T>(base));
    return nulls || fits<T>(base);
  }
  with_width(width, [&](auto bytes) {
    const uint64_t first = nulls ? base - step : base;
    for (T& cell : cells) {
      const auto code = load_code<decltype(bytes)::value>(at);
      const uint64_t value = first + step * code;
      good &= fits<T>(value) || (nulls && code == 0);
      cell = nulls && code == 0 ? null : static_cast<T>(value);
      at += bytes();
    }
  });
  return good;
}

template void pack_cells(std::span<const uint8_t>, uint8_t, unsigned, BookByteWriter&);
template void pack_cells(std::span<const int32_t>, int32_t, unsigned, BookByteWriter&);
template void pack_cells(std::span<const uint32_t>, uint32_t, unsigned, BookByteWriter&);
template void pack_cells(std::span<const int64_t>, int64_t, unsigned, BookByteWriter&);
template void pack_cells(std::span<const uint64_t>, uint64_t, unsigned, BookByteWriter&);
template bool unpack_cells(BookByteReader&, uint8_t, unsigned, std::span<uint8_t>);
template bool unpack_cells(BookByteReader&, int32_t, unsigned, std::span<int32_t>);
template bool unpack_cells(BookByteReader&, uint32_t, unsigned, std::span<uint32_t>);
template bool unpack_cells(BookByteReader&, int64_t, unsigned, std::span<int64_t>);
template bool unpack_cells(BookByteReader&, uint64_t, unsigned, std::span<uint64_t>);

}  // namespace patron::internal
