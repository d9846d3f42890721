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
    uint8_t bytes[8];
    for (uint8_t& b : bytes) b = byte();
    int64_t value;
    std::memcpy(&value, bytes, sizeof(value));
    return value;
  }
  std::string_view rest() const { return {reinterpret_cast<const char*>(data_), size_}; }

 private:
  const uint8_t* data_;
  size_t size_;
};
