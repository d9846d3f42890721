// Comparisons: of lanes, of a field with a constant in the field's own width, of whole numbers with
// doubles, and membership in lists and sets.
#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "lib/expr/kernel.h"

namespace patron::internal {
namespace {

template <Cmp kCmp, typename T>
PATRON_SIMD_INLINE bool compare(const T& a, const T& b) {
  if constexpr (kCmp == Cmp::kEq) return a == b;
  if constexpr (kCmp == Cmp::kNe) return a != b;
  if constexpr (kCmp == Cmp::kLt) return a < b;
  if constexpr (kCmp == Cmp::kLe) return a <= b;
  if constexpr (kCmp == Cmp::kGt) return a > b;
  if constexpr (kCmp == Cmp::kGe) return a >= b;
}

template <Cmp kCmp, typename T>
struct Compare {
  PATRON_SIMD_INLINE static void run(const KernelArgs& k) {
    const T* a = k.a.as<T>();
    const T* b = k.b.as<T>();
    auto* out = k.out.as<uint8_t>();
    for (int64_t i = 0; i < k.n; ++i) out[i] = compare<kCmp, T>(a[i], b[i]);
    false_from_true(out, k.out.known, k.a.known, k.b.known, k.n);
  }
};

// Of two texts both of which are always valid views, empty where unknown.
template <Cmp kCmp>
struct CompareBool {
  PATRON_SIMD_INLINE static void run(const KernelArgs& k) {
    const auto* a = k.a.as<uint8_t>();
    const auto* b = k.b.as<uint8_t>();
    auto* out = k.out.as<uint8_t>();
    for (int64_t i = 0; i < k.n; ++i) {
      const bool known = (a[i] | (k.a.known == nullptr ? 1 : k.a.known[i])) != 0 &&
                         (b[i] | (k.b.known == nullptr ? 1 : k.b.known[i])) != 0;
      const bool holds = compare<kCmp, uint8_t>(a[i], b[i]);
      out[i] = known && holds;
      if (k.out.known != nullptr) k.out.known[i] = known && !holds;
    }
  }
};

template <Cmp kCmp, typename T>
struct CompareConst {
  PATRON_SIMD_INLINE static void run(const KernelArgs& k) {
    const T* a = k.a.as<const T>();
    auto* out = k.out.as<uint8_t>();
    T c;
    if constexpr (std::is_floating_point_v<T>) {
      c = static_cast<T>(k.number);
    } else {
      c = static_cast<T>(k.integer);
    }
    for (int64_t i = 0; i < k.n; ++i) out[i] = compare<kCmp, T>(a[i], c);
    false_from_true(out, k.out.known, k.a.known, nullptr, k.n);
  }
};

template <Cmp kCmp>
struct CompareConst<kCmp, double> {
  PATRON_SIMD_INLINE static void run(const KernelArgs& k) { rest(k, 0); }
#ifdef PATRON_HAS_AVX2
  [[gnu::target("avx2"), gnu::always_inline]] static inline void run_in_avx2(const KernelArgs& k) {
    rest(k, compare_doubles_avx2<kCmp>(k.a.as<const double>(), k.number, k.n, k.out.as<uint8_t>()));
  }
  [[gnu::target(PATRON_TARGET_AVX512), gnu::always_inline]] static inline void run_in_avx512(
      const KernelArgs& k) {
    rest(k,
         compare_doubles_avx512<kCmp>(k.a.as<const double>(), k.number, k.n, k.out.as<uint8_t>()));
  }
#endif

 private:
  // Row `done` and those behind it; then what is false.
  PATRON_SIMD_INLINE static void rest(const KernelArgs& k, int64_t done) {
    const auto* a = k.a.as<const double>();
    auto* out = k.out.as<uint8_t>();
    const double c = k.number;
    for (int64_t i = done; i < k.n; ++i) out[i] = compare<kCmp, double>(a[i], c);
    false_from_true(out, k.out.known, k.a.known, nullptr, k.n);
  }
};

// Floats are compared as doubles: a constant need not be a float.
template <Cmp kCmp>
struct CompareConst<kCmp, float> {
  PATRON_SIMD_INLINE static void run(const KernelArgs& k) {
    const auto* a = k.a.as<const float>();
    auto* out = k.out.as<uint8_t>();
    const double c = k.number;
    for (int64_t i = 0; i < k.n; ++i) out[i] = compare<kCmp, double>(a[i], c);
    false_from_true(out, k.out.known, k.a.known, nullptr, k.n);
  }
};

// -1, 0 or 1 as the whole number stands to the finite double, exactly.
int order_int_double(int64_t a, double b) {
  if (b >= 0x1p63) return -1;
  if (b < -0x1p63) return 1;
  const auto whole = static_cast<int64_t>(b);  // towards zero
  if (a != whole) return a < whole ? -1 : 1;
  const double rest = b - static_cast<double>(whole);
  return rest > 0 ? -1 : rest < 0 ? 1 : 0;
}

template <Cmp kCmp>
struct CompareIntDouble {
  static void run(const KernelArgs& k) {
    const auto* a = k.a.as<int64_t>();
    const auto* b = k.b.as<double>();
    auto* out = k.out.as<uint8_t>();
    for (int64_t i = 0; i < k.n; ++i) {
      const bool known = k.b.known == nullptr || k.b.known[i] != 0;
      out[i] = compare<kCmp, int>(order_int_double(a[i], known ? b[i] : 0.0), 0);
    }
    false_from_true(out, k.out.known, k.a.known, k.b.known, k.n);
  }
};

int64_t place_of(const FieldSpec& domain, std::string_view text) {
  const auto found = std::find(domain.values.begin(), domain.values.end(), text);
  return found == domain.values.end() ? -1 : found - domain.values.begin();
}

// By place among the values; a text that is none of them has no place, and is unknown.
template <Cmp kCmp>
struct CompareRank {
  static void run(const KernelArgs& k) {
    const auto* a = k.a.as<std::string_view>();
    const auto* b = k.b.as<std::string_view>();
    auto* out = k.out.as<uint8_t>();
    for (int64_t i = 0; i < k.n; ++i) {
      const int64_t place_a = place_of(*k.node->domain, a[i]);
      const int64_t place_b = place_of(*k.node->domain, b[i]);
      const bool known = (k.a.known == nullptr || k.a.known[i] != 0) &&
                         (k.b.known == nullptr || k.b.known[i] != 0) && place_a >= 0 &&
                         place_b >= 0;
      const bool holds = compare<kCmp, int64_t>(place_a, place_b);
      out[i] = known && holds;
      if (k.out.known != nullptr) k.out.known[i] = known && !holds;
    }
  }
};

template <typename T, typename Lists>
PATRON_SIMD_INLINE void in_list(const KernelArgs& k, const Lists& lists) {
  const auto& list = lists[static_cast<size_t>(k.node->index)];
  const T* a = k.a.as<T>();
  auto* out = k.out.as<uint8_t>();
  constexpr size_t kShort = 8;
  if (list.size() <= kShort) {
    for (int64_t i = 0; i < k.n; ++i) {
      bool found = false;
      for (const auto& item : list) found |= a[i] == item;
      out[i] = found;
    }
  } else {
    for (int64_t i = 0; i < k.n; ++i) out[i] = std::binary_search(list.begin(), list.end(), a[i]);
  }
  false_from_true(out, k.out.known, k.a.known, nullptr, k.n);
}

struct InInts {
  static void run(const KernelArgs& k) { in_list<int64_t>(k, k.graph->int_lists); }
};
struct InDoubles {
  static void run(const KernelArgs& k) { in_list<double>(k, k.graph->double_lists); }
};
struct InTexts {
  static void run(const KernelArgs& k) { in_list<std::string_view>(k, k.graph->text_lists); }
};
// A list of bools: bit 0 says that false is in it, bit 1 that true is.
struct InBools {
  static void run(const KernelArgs& k) {
    const int64_t bits = k.node->integer;
    const auto* t = k.a.as<uint8_t>();
    auto* out = k.out.as<uint8_t>();
    for (int64_t i = 0; i < k.n; ++i) {
      const bool f = (k.a.known == nullptr ? t[i] ^ 1 : k.a.known[i]) != 0;
      const bool holds = (t[i] != 0 && (bits & 2) != 0) || (f && (bits & 1) != 0);
      const bool fails = (t[i] != 0 && (bits & 2) == 0) || (f && (bits & 1) == 0);
      out[i] = holds;
      if (k.out.known != nullptr) k.out.known[i] = fails;
    }
  }
};

struct SetHas {
  PATRON_SIMD_INLINE static void run(const KernelArgs& k) {
    const auto* set = k.a.as<int64_t>();
    const int64_t bit = k.node->integer;
    auto* out = k.out.as<uint8_t>();
    for (int64_t i = 0; i < k.n; ++i) {
      out[i] = static_cast<uint8_t>(static_cast<uint64_t>(set[i]) >> bit & 1);
    }
    false_from_true(out, k.out.known, k.a.known, nullptr, k.n);
  }
};

struct SetHasText {
  static void run(const KernelArgs& k) {
    const auto* text = k.a.as<std::string_view>();
    const auto* set = k.b.as<int64_t>();
    auto* out = k.out.as<uint8_t>();
    for (int64_t i = 0; i < k.n; ++i) {
      const int64_t place = place_of(*k.node->domain, text[i]);
      out[i] = place >= 0 && (static_cast<uint64_t>(set[i]) >> place & 1) != 0;
    }
    false_from_true(out, k.out.known, k.a.known, k.b.known, k.n);
  }
};

struct SetSize {
  static void run(const KernelArgs& k) {
    const auto* set = k.a.as<int64_t>();
    auto* out = k.out.as<int64_t>();
    for (int64_t i = 0; i < k.n; ++i) out[i] = std::popcount(static_cast<uint64_t>(set[i]));
    if (k.out.known != nullptr) both_known(k.out.known, k.a.known, nullptr, k.n);
  }
};

using ByCmp = std::array<KernelSet, 6>;

template <template <Cmp> typename K>
constexpr ByCmp plain_by_cmp() {
  return {plain_kernel_set<K<Cmp::kEq>>(), plain_kernel_set<K<Cmp::kNe>>(),
          plain_kernel_set<K<Cmp::kLt>>(), plain_kernel_set<K<Cmp::kLe>>(),
          plain_kernel_set<K<Cmp::kGt>>(), plain_kernel_set<K<Cmp::kGe>>()};
}
template <template <Cmp, typename> typename K, typename T>
constexpr ByCmp by_cmp() {
  return {kernel_set<K<Cmp::kEq, T>>(), kernel_set<K<Cmp::kNe, T>>(), kernel_set<K<Cmp::kLt, T>>(),
          kernel_set<K<Cmp::kLe, T>>(), kernel_set<K<Cmp::kGt, T>>(), kernel_set<K<Cmp::kGe, T>>()};
}
template <template <Cmp, typename> typename K, typename T>
constexpr ByCmp plain_by_cmp_of() {
  return {plain_kernel_set<K<Cmp::kEq, T>>(), plain_kernel_set<K<Cmp::kNe, T>>(),
          plain_kernel_set<K<Cmp::kLt, T>>(), plain_kernel_set<K<Cmp::kLe, T>>(),
          plain_kernel_set<K<Cmp::kGt, T>>(), plain_kernel_set<K<Cmp::kGe, T>>()};
}

constexpr std::array<ByCmp, 4> kCompare{plain_by_cmp<CompareBool>(), by_cmp<Compare, int64_t>(),
                                        by_cmp<Compare, double>(),
                                        plain_by_cmp_of<Compare, std::string_view>()};
constexpr ByCmp kCompareIntDouble = plain_by_cmp<CompareIntDouble>();
constexpr ByCmp kCompareRank = plain_by_cmp<CompareRank>();
constexpr std::array<KernelSet, 4> kInList{plain_kernel_set<InBools>(), plain_kernel_set<InInts>(),
                                           plain_kernel_set<InDoubles>(),
                                           plain_kernel_set<InTexts>()};
constexpr KernelSet kSetHas = kernel_set<SetHas>();
constexpr KernelSet kSetHasText = plain_kernel_set<SetHasText>();
constexpr KernelSet kSetSize = plain_kernel_set<SetSize>();
constexpr std::array<ByCmp, 9> kCompareConst{
    by_cmp<CompareConst, int8_t>(),   by_cmp<CompareConst, int16_t>(),
    by_cmp<CompareConst, int32_t>(),  by_cmp<CompareConst, int64_t>(),
    by_cmp<CompareConst, uint8_t>(),  by_cmp<CompareConst, uint16_t>(),
    by_cmp<CompareConst, uint32_t>(), by_cmp<CompareConst, float>(),
    by_cmp<CompareConst, double>()};

}  // namespace

const KernelSet* compare_kernel(const Node& node) {
  const auto cmp = static_cast<size_t>(node.cmp);
  const auto lane = static_cast<size_t>(node.operand);
  switch (node.op) {
    case Op::kCompare:
      return &kCompare[lane][cmp];
    case Op::kCompareIntDouble:
      return &kCompareIntDouble[cmp];
    case Op::kCompareRank:
      return &kCompareRank[cmp];
    case Op::kInList:
      return &kInList[lane];
    case Op::kSetHas:
      return &kSetHas;
    case Op::kSetHasText:
      return &kSetHasText;
    case Op::kSetSize:
      return &kSetSize;
    default:
      return nullptr;
  }
}

const KernelSet& compare_const_kernel(Width width, Cmp cmp) {
  return kCompareConst[static_cast<size_t>(width)][static_cast<size_t>(cmp)];
}

}  // namespace patron::internal
