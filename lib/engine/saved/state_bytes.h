// StateWriter and StateReader: what an engine remembers as bytes, both ways by one description.
//
//   template <typename Archive, Of<TierState> State>
//   void fields(Archive& archive, State& state) {
//     auto& [current, since, false_since, cool_until, downs] = state;   // all there are, or it
//     archive(current, since, false_since, cool_until, downs);          // does not compile
//   }
//   StateWriter out;  out(state);
//   StateReader in(bytes);  in(state);  in.done();
//
// Whole numbers are LEB128 as in byte_code.h, doubles eight bytes, lists stand behind their length,
// what may be absent behind 0 or 1. A reader takes any bytes: what does not fit leaves the rest as
// it was made, and done() is false. A list takes memory only as its members are read, each of which
// has at least a byte.
//
// Thread class: serial.
#pragma once

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "lib/base/small_vector.h"
#include "lib/base/utf8.h"
#include "lib/engine/calibration/byte_code.h"

namespace patron::internal {

/// T, const or not.
template <typename T, typename Plain>
concept Of = std::same_as<std::remove_const_t<T>, Plain>;

class StateWriter {
 public:
  template <typename... T>
  void operator()(const T&... values) {
    (put(values), ...);
  }
  size_t size() const { return bytes_.bytes().size(); }
  std::string take() { return bytes_.take(); }

 private:
  template <typename T>
  void put(const T& value) {
    if constexpr (std::is_enum_v<T>) {
      bytes_.number(static_cast<uint64_t>(value));
    } else if constexpr (std::is_unsigned_v<T>) {
      bytes_.number(value);
    } else if constexpr (std::is_integral_v<T>) {
      bytes_.whole(value);
    } else if constexpr (std::is_base_of_v<std::string, T>) {
      put(static_cast<const std::string&>(value));
    } else {
      fields(*this, value);
    }
  }
  void put(const std::string& text) { bytes_.text(text); }
  void put(double value) {
    const auto bits = std::bit_cast<uint64_t>(value);
    bytes_.raw({reinterpret_cast<const char*>(&bits), sizeof bits});
  }
  template <typename T>
  void put(const std::optional<T>& value) {
    put(value.has_value());
    if (value) put(*value);
  }
  template <typename T>
  void put(const std::vector<T>& list) {
    put_list(list);
  }
  template <typename T, size_t N>
  void put(const SmallVector<T, N>& list) {
    put_list(list);
  }
  template <typename List>
  void put_list(const List& list) {
    bytes_.number(list.size());
    for (const auto& value : list) put(value);
  }
  template <typename T, size_t N>
  void put(const T (&list)[N]) {
    for (const T& value : list) put(value);
  }

  ByteWriter bytes_;
};

/// The greatest number of an enumeration: the last that there is.
template <typename T>
struct LastOf;

class StateReader {
 public:
  explicit StateReader(std::string_view bytes) : bytes_(bytes) {}

  template <typename... T>
  void operator()(T&... values) {
    (take(values), ...);
  }
  /// Whether all that was taken was there.
  bool sound() const { return sound_; }
  bool at_end() const { return !sound_ || bytes_.at_end(); }
  /// Sound, and nothing is left.
  bool done() const { return sound_ && bytes_.at_end(); }

 private:
  template <typename T>
  void take(T& value) {
    if constexpr (std::is_enum_v<T>) {
      uint64_t number = 0;
      if (!take_number(number, static_cast<uint64_t>(LastOf<T>::kValue))) return;
      value = static_cast<T>(number);
    } else if constexpr (std::is_unsigned_v<T>) {
      uint64_t number = 0;
      if (take_number(number, std::numeric_limits<T>::max())) value = static_cast<T>(number);
    } else if constexpr (std::is_integral_v<T>) {
      int64_t whole = 0;
      if (!sound_) return;
      sound_ = bytes_.whole(whole) && whole >= std::numeric_limits<T>::min() &&
               whole <= std::numeric_limits<T>::max();
      if (sound_) value = static_cast<T>(whole);
    } else if constexpr (std::is_base_of_v<std::string, T>) {
      take(static_cast<std::string&>(value));
    } else {
      fields(*this, value);
    }
  }
  bool take_number(uint64_t& number, uint64_t most) {
    sound_ = sound_ && bytes_.number(number) && number <= most;
    return sound_;
  }
  void take(std::string& text) {
    std::string_view there;
    if (!sound_) return;
    sound_ = bytes_.text(there) && is_utf8(there);
    if (sound_) text = there;
  }
  void take(double& value) {
    uint64_t bits = 0;
    if (!sound_) return;
    sound_ = bytes_.raw(&bits, sizeof bits);
    if (sound_) value = std::bit_cast<double>(bits);
  }
  template <typename T>
  void take(std::optional<T>& value) {
    bool there = false;
    take(there);
    if (sound_ && there) take(value.emplace());
  }
  template <typename T>
  void take(std::vector<T>& list) {
    take_list(list);
  }
  template <typename T, size_t N>
  void take(SmallVector<T, N>& list) {
    take_list(list);
  }
  template <typename List>
  void take_list(List& list) {
    constexpr uint64_t kAtOnce = 64;
    uint64_t count = 0;
    if (!take_number(count, bytes_.left())) return;
    list.reserve(std::min(count, kAtOnce));
    for (; count > 0 && sound_; --count) take(list.emplace_back());
  }
  template <typename T, size_t N>
  void take(T (&list)[N]) {
    for (T& value : list) take(value);
  }

  ByteReader bytes_;
  bool sound_ = true;
};

}  // namespace patron::internal
