// What the generated calls are made of: memory for structs of any size, Arrow structs, outcomes.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstring>
#include <string>

#include "tests/abi/call.h"

namespace patron::test {

inline constexpr size_t kSpare = 64;  ///< bytes behind a struct
inline constexpr char kCanary = 0x5A;

/// A number in digits, in any locale.
template <typename T>
std::string shown(T value) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof(text), value).ptr};
}

/// Whether the bend is about this struct.
inline bool concerns(const Bend& bend, int param, int place) {
  const bool size = bend.how == Bend::How::kSize || bend.how == Bend::How::kDefaults;
  return size && bend.param == param && bend.place == place;
}

/// A struct that patron reads, with room behind it. Bytes that a smaller struct_size leaves out are
/// garbage, those that a larger one adds are zero but for the stained one.
template <typename T>
class ReadStruct {
 public:
  explicit ReadStruct(const T& initial) : initial_(initial), value(initial) {}

  /// Call it when the fields are set.
  const T* at(const Bend& bend, int param, int place) {
    std::memcpy(bytes_, &value, sizeof(T));
    if (concerns(bend, param, place)) {
      const size_t from = std::min<size_t>(bend.size, sizeof(T));
      if (bend.how == Bend::How::kDefaults) {
        std::memcpy(bytes_ + from, reinterpret_cast<const char*>(&initial_) + from,
                    sizeof(T) - from);
      } else {
        std::memset(bytes_ + from, kCanary, sizeof(T) - from);
        std::memcpy(bytes_, &bend.size, sizeof(bend.size));
        if (bend.stain >= 0) bytes_[bend.stain] = 1;
      }
    }
    std::memcpy(before_, bytes_, sizeof(bytes_));
    return reinterpret_cast<const T*>(bytes_);
  }
  bool unchanged() const { return std::memcmp(bytes_, before_, sizeof(bytes_)) == 0; }

 private:
  T initial_;
  alignas(16) char bytes_[sizeof(T) + kSpare] = {};
  char before_[sizeof(T) + kSpare] = {};

 public:
  T value;
};

/// A struct that patron writes, with canaries behind what it may write.
template <typename T>
class WrittenStruct {
 public:
  explicit WrittenStruct(const T& initial) { std::memcpy(bytes_, &initial, sizeof(T)); }

  T* at(const Bend& bend, int param, int place) {
    size_ = concerns(bend, param, place) ? bend.size : sizeof(T);
    std::memcpy(bytes_, &size_, sizeof(size_));
    const size_t end = std::min<size_t>(size_, sizeof(bytes_));
    std::memset(bytes_ + std::min(end, sizeof(T)), kCanary,
                sizeof(bytes_) - std::min(end, sizeof(T)));
    std::memcpy(before_, bytes_, sizeof(bytes_));
    return reinterpret_cast<T*>(bytes_);
  }
  bool unchanged() const { return std::memcmp(bytes_, before_, sizeof(bytes_)) == 0; }

  /// What is wrong with what was written; call it after success.
  std::string fault() const {
    if (std::memcmp(bytes_, &size_, sizeof(size_)) != 0) return "struct_size has changed";
    const size_t end = std::min<size_t>(size_, sizeof(bytes_));
    for (size_t i = sizeof(T); i < end; ++i) {
      if (bytes_[i] != 0) return "byte " + std::to_string(i) + ", unknown to patron, is not zero";
    }
    for (size_t i = end; i < sizeof(bytes_); ++i) {
      if (bytes_[i] != kCanary) return "byte " + std::to_string(i) + " was written";
    }
    return "";
  }
  /// The fields that the size leaves out are zero.
  T value() const {
    T out{};
    std::memcpy(static_cast<void*>(&out), bytes_, std::min<size_t>(size_, sizeof(T)));
    return out;
  }

 private:
  uint32_t size_ = 0;
  alignas(16) char bytes_[sizeof(T) + kSpare] = {};
  char before_[sizeof(T) + kSpare] = {};
};

/// Numbers that patron writes, with one more behind them that it must not.
template <typename T, size_t count>
class WrittenNumbers {
 public:
  WrittenNumbers() { std::fill_n(values_, count + 1, kBefore); }
  T* at() { return values_; }
  bool overrun() const { return values_[count] != kBefore; }
  bool unchanged() const {
    return std::all_of(values_, values_ + count, [](T value) { return value == kBefore; });
  }
  std::string text() const {
    std::string out;
    for (size_t i = 0; i < count; ++i) out += shown(values_[i]) + " ";
    return out;
  }

 private:
  static constexpr T kBefore = 77;
  T values_[count + 1];
};

/// Arrow structs that are full of the table of a world, or empty; what nobody consumed is released.
class ArrowStructs {
 public:
  ~ArrowStructs();
  ArrowArrayStream* full_stream(const World& world);
  ArrowArray* full_array(const World& world);    ///< the schema is filled too
  ArrowSchema* full_schema(const World& world);  ///< call full_array() first
  ArrowArrayStream* empty_stream() { return &stream_; }
  /// An Arrow struct that patron_arrow_create made.
  void* owned(int32_t kind);
  /// What a call has exported, read again.
  std::string describe_stream(const World& world);

 private:
  ArrowArrayStream stream_{};
  ArrowArray array_{};
  ArrowSchema schema_{};
};

/// Picks the arguments of one call, and looks at what came of it.
class Arguments {
 public:
  Arguments(const World& world, const Bend& bend) : world_(world), bend_(bend) {}

  template <typename T>
  T* pointer(int param, T* sensible) const {
    return bend_.how == Bend::How::kNull && bend_.param == param ? nullptr : sensible;
  }
  bool is_null(int param) const { return pointer(param, this) == nullptr; }
  template <typename Handle>
  Handle* handle(int param, Handle* sensible) const {
    const bool bent = bend_.how == Bend::How::kHandle && bend_.param == param;
    return bent ? static_cast<Handle*>(bend_.handle) : pointer(param, sensible);
  }
  template <typename Handle>
  Handle* field_handle(int param, int place, Handle* sensible) const {
    const bool bent =
        bend_.how == Bend::How::kFieldHandle && bend_.param == param && bend_.place == place;
    return bent ? static_cast<Handle*>(bend_.handle) : sensible;
  }

  void fault(const char* name, const std::string& what) {
    outcome.faults += std::string(name) + ": " + what + "; ";
  }
  void add(const char* name, const std::string& value) {
    outcome.text += std::string(name) + "=" + value + "\n";
  }
  template <typename T>
  void returned(T value) {
    outcome.nothing = value == static_cast<T>(-1);
    add("returned", shown(value));
  }
  void returned(patron_str value) {
    outcome.nothing = value.data == nullptr;
    add("returned", text(value));
  }
  void returned(const char* value) {
    outcome.nothing = value == nullptr;
    add("returned", value == nullptr ? "" : value);
  }

  bool ok() const { return outcome.status == PATRON_OK; }
  template <typename Numbers>
  void numbers(const char* name, const Numbers& out, bool may_change_on_failure) {
    if (out.overrun()) fault(name, "more was written than there is room for");
    if (!ok() && !may_change_on_failure && !out.unchanged()) fault(name, "changed by a failure");
    if (ok()) add(name, out.text());
  }
  template <typename Struct>
  void written(const char* name, const Struct& out) {
    const std::string what = ok() ? out.fault() : "";
    if (!what.empty()) fault(name, what);
    if (!ok() && !out.unchanged()) fault(name, "changed by a failure");
  }
  template <typename Struct>
  void read(const char* name, const Struct& in) {
    if (!in.unchanged()) fault(name, "what patron only reads was written");
  }
  /// A handle that the call hands out: there on success, NULL on failure, closed here.
  template <typename Handle>
  void handed_out(const char* name, int param, Handle* handle, void (*close)(Handle*)) {
    if (is_null(param)) return;
    if (handle == unset<Handle>()) return fault(name, "was not set");
    if ((handle != nullptr) != ok()) {
      return fault(name, ok() ? "is NULL after success" : "is not NULL after a failure");
    }
    if (handle == nullptr) return;
    add(name, describe(world_, static_cast<const Handle*>(handle)));
    close(handle);
  }
  template <typename Handle>
  static Handle* unset() {
    return reinterpret_cast<Handle*>(-1);
  }

  Outcome outcome;

 private:
  const World& world_;
  const Bend& bend_;
};

}  // namespace patron::test
