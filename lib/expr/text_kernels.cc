// Texts: predicates by bytes, size by code points, and conversions from text.
#include <array>

#include "lib/expr/kernel.h"
#include "lib/expr/program.h"
#include "lib/expr/texts.h"

namespace patron::internal {
namespace {

struct StartsWith {
  static bool apply(std::string_view a, std::string_view b) { return a.starts_with(b); }
};
struct EndsWith {
  static bool apply(std::string_view a, std::string_view b) { return a.ends_with(b); }
};
struct Contains {
  static bool apply(std::string_view a, std::string_view b) {
    return a.find(b) != std::string_view::npos;
  }
};

template <typename F>
struct Predicate {
  static void run(const KernelArgs& k) {
    const auto* a = k.a.as<std::string_view>();
    const auto* b = k.b.as<std::string_view>();
    auto* out = k.out.as<uint8_t>();
    for (int64_t i = 0; i < k.n; ++i) out[i] = F::apply(a[i], b[i]);
    false_from_true(out, k.out.known, k.a.known, k.b.known, k.n);
  }
};

struct Size {
  static void run(const KernelArgs& k) {
    const auto* a = k.a.as<std::string_view>();
    auto* out = k.out.as<int64_t>();
    for (int64_t i = 0; i < k.n; ++i) out[i] = code_points(a[i]);
    if (k.out.known != nullptr) both_known(k.out.known, k.a.known, nullptr, k.n);
  }
};

template <typename T, FromText<T> (*kRead)(std::string_view)>
struct Convert {
  static void run(const KernelArgs& k) {
    const auto* a = k.a.as<std::string_view>();
    for (int64_t i = 0; i < k.n; ++i) {
      const FromText<T> read = kRead(a[i]);
      k.out.as<T>()[i] = read.value;
      k.out.known[i] = read.ok() && (k.a.known == nullptr || k.a.known[i] != 0);
    }
  }
};
struct ToBool {
  static void run(const KernelArgs& k) {
    const auto* a = k.a.as<std::string_view>();
    for (int64_t i = 0; i < k.n; ++i) {
      const FromText<bool> read = text_to_bool(a[i]);
      const bool known = read.ok() && (k.a.known == nullptr || k.a.known[i] != 0);
      k.out.as<uint8_t>()[i] = known && read.value;
      k.out.known[i] = known && !read.value;
    }
  }
};

// Codes of a dictionary: b holds the answers, true and false, by code. What stands at an unknown
// row may be no code.
template <typename C>
struct Lookup {
  static void run(const KernelArgs& k) {
    const C* codes = k.a.as<const C>();
    const auto* is_true = k.b.as<const uint8_t>();
    const uint8_t* is_false = k.b.known;
    auto* out = k.out.as<uint8_t>();
    for (int64_t i = 0; i < k.n; ++i) {
      const bool known = k.a.known == nullptr || k.a.known[i] != 0;
      const auto code = known ? static_cast<size_t>(codes[i]) : 0;
      out[i] = known ? is_true[code] : 0;
      if (k.out.known != nullptr) k.out.known[i] = known ? is_false[code] : 0;
    }
  }
};

// The same for up to 32 codes: bit sets, one for true and one for false.
template <typename C>
struct LookupBits {
  PATRON_SIMD_INLINE static void run(const KernelArgs& k) {
    const C* codes = k.a.as<const C>();
    const auto yes = static_cast<uint32_t>(k.integer);
    const auto no = static_cast<uint32_t>(static_cast<uint64_t>(k.integer) >> 32);
    auto* out = k.out.as<uint8_t>();
    for (int64_t i = 0; i < k.n; ++i) {
      out[i] = static_cast<uint8_t>(yes >> (static_cast<uint32_t>(codes[i]) & 31) & 1);
    }
    if (k.out.known != nullptr) {
      for (int64_t i = 0; i < k.n; ++i) {
        k.out.known[i] = static_cast<uint8_t>(no >> (static_cast<uint32_t>(codes[i]) & 31) & 1);
      }
    }
    if (k.a.known == nullptr) return;
    for (int64_t i = 0; i < k.n; ++i) out[i] &= k.a.known[i];
    if (k.out.known != nullptr) {
      for (int64_t i = 0; i < k.n; ++i) k.out.known[i] &= k.a.known[i];
    }
  }
};

constexpr std::array<KernelSet, 7> kLookup{
    plain_kernel_set<Lookup<int8_t>>(),  plain_kernel_set<Lookup<int16_t>>(),
    plain_kernel_set<Lookup<int32_t>>(), plain_kernel_set<Lookup<int64_t>>(),
    plain_kernel_set<Lookup<uint8_t>>(), plain_kernel_set<Lookup<uint16_t>>(),
    plain_kernel_set<Lookup<uint32_t>>()};
constexpr std::array<KernelSet, 7> kLookupBits{
    kernel_set<LookupBits<int8_t>>(),  kernel_set<LookupBits<int16_t>>(),
    kernel_set<LookupBits<int32_t>>(), kernel_set<LookupBits<int64_t>>(),
    kernel_set<LookupBits<uint8_t>>(), kernel_set<LookupBits<uint16_t>>(),
    kernel_set<LookupBits<uint32_t>>()};

constexpr KernelSet kStartsWith = plain_kernel_set<Predicate<StartsWith>>();
constexpr KernelSet kEndsWith = plain_kernel_set<Predicate<EndsWith>>();
constexpr KernelSet kContains = plain_kernel_set<Predicate<Contains>>();
constexpr KernelSet kSize = plain_kernel_set<Size>();
constexpr KernelSet kToBool = plain_kernel_set<ToBool>();
constexpr KernelSet kToInt = plain_kernel_set<Convert<int64_t, text_to_int>>();
constexpr KernelSet kToDouble = plain_kernel_set<Convert<double, text_to_double>>();
constexpr KernelSet kToTime = plain_kernel_set<Convert<int64_t, text_to_time>>();
constexpr KernelSet kToDuration = plain_kernel_set<Convert<int64_t, text_to_duration>>();
constexpr KernelSet kToDate = plain_kernel_set<Convert<int64_t, text_to_date>>();

}  // namespace

const KernelSet* text_kernel(const Node& node) {
  switch (node.op) {
    case Op::kStartsWith:
      return &kStartsWith;
    case Op::kEndsWith:
      return &kEndsWith;
    case Op::kContains:
      return &kContains;
    case Op::kSize:
      return &kSize;
    case Op::kTextToBool:
      return &kToBool;
    case Op::kTextToInt:
      return &kToInt;
    case Op::kTextToDouble:
      return &kToDouble;
    case Op::kTextToTime:
      return &kToTime;
    case Op::kTextToDuration:
      return &kToDuration;
    case Op::kTextToDate:
      return &kToDate;
    default:
      return nullptr;
  }
}

const KernelSet& lookup_kernel(Width width, bool small) {
  return (small ? kLookupBits : kLookup)[static_cast<size_t>(width)];
}

const KernelSet& kernel_of(const Graph&, const Node& node) {
  for (const auto find : {bool_kernel, compare_kernel, number_kernel, time_kernel, text_kernel}) {
    if (const KernelSet* found = find(node)) return *found;
  }
  static constexpr KernelSet kNone{};
  return kNone;
}

}  // namespace patron::internal
