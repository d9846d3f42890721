// What the fuzzers share: a check that also stands in release builds, and bytes as choices.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

/// Ends the program with the line where the law is broken.
#define FUZZ_CHECK(condition)                                              \
  do {                                                                     \
    if (!(condition)) {                                                    \
      std::fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                        \
    }                                                                      \
  } while (false)

/// a x b and a + b without regard to overflow.
inline int64_t wrapping_product(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) * static_cast<uint64_t>(b));
}
inline int64_t wrapping_sum(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
}

/// Reads choices from the front of the input; when it is used up, every choice is 0.
class Choices {
 public:
  Choices(const uint8_t* data, size_t size) : data_(data), size_(size) {}

  uint8_t byte() {
    if (size_ == 0) return 0;
    size_--;
    return *data_++;
  }
  /// 0 to n - 1.
  size_t below(size_t n) { return byte() % n; }
  int64_t int64() {
    uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 8) value |= uint64_t{byte()} << shift;
    return static_cast<int64_t>(value);
  }
  /// 1 in n, and never once the input is used up.
  bool one_in(size_t n) { return below(n) == 1; }
  /// Mostly small; sometimes any number or one at the edge of its type.
  int64_t number() {
    static constexpr int64_t kEdges[] = {INT64_MIN, INT64_MAX, -1, INT64_MIN + 1};
    const uint8_t first = byte();
    if (first < 200) return first;
    if (first < 230) return -static_cast<int64_t>(byte()) * 257;
    return first < 250 ? int64() : kEdges[first % 4];
  }
  template <typename T, size_t n>
  T one_of(const T (&values)[n]) {
    return values[below(n)];
  }
  bool empty() const { return size_ == 0; }
  std::string_view rest() const { return {reinterpret_cast<const char*>(data_), size_}; }

 private:
  const uint8_t* data_;
  size_t size_;
};
