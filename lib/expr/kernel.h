// Kernels: what an operation does to a run of rows, and to one.
//
// Every operation is written once, as a struct with an inline run(). From it come four functions:
// for one row, for the baseline, for AVX2 and for AVX-512; so a row alone and a row among a million
// have the same bytes, on every processor. One row of a condition that only compares fields with
// numbers has steps besides (Program::run_condition), which the tests hold against these.
//
//   struct Not { PATRON_SIMD_INLINE static void run(const KernelArgs& k) { ... } };
//   constexpr KernelSet kNot = kernel_set<Not>();
//
// What a lane holds where it is not known is anything at all, so a kernel computes on it without
// undefined behaviour and says unknown.
//
// Thread class of everything here: pure.
#pragma once

#include <cstdint>
#include <string_view>

#include "lib/base/simd.h"
#include "lib/expr/graph.h"
#include "lib/expr/wide.h"

namespace patron::internal {

/// The rows that a kernel takes at once.
inline constexpr int64_t kChunkRows = 2048;

/// The values of one operation for a run of rows. kBool: `values` is the plane "certainly true" and
/// `known` the plane "certainly false", bytes 0 or 1. Others: int64, double or string_view, and the
/// plane "known". A null plane means: all are known (kBool: false is what is not true).
struct Lane {
  void* values = nullptr;
  uint8_t* known = nullptr;

  template <typename T>
  T* as() const {
    return static_cast<T*>(values);
  }
};

/// How the values of a field lie in memory.
enum class Width : uint8_t { kI8, kI16, kI32, kI64, kU8, kU16, kU32, kF32, kF64, kBits, kText };
inline constexpr int kWidths = 11;

/// Events of an evaluation.
struct EvaluationCounts {
  int64_t overflows = 0;
  int64_t divisions = 0;
};

struct KernelArgs {
  int64_t n = 0;
  Lane out;
  Lane a, b, c;
  const Node* node = nullptr;
  const Graph* graph = nullptr;
  EvaluationCounts* counts = nullptr;
  int64_t integer = 0;  ///< the constant of a comparison with one
  double number = 0;
  int64_t bit_offset = 0;  ///< Width::kBits: of the first value
};

using Kernel = void (*)(const KernelArgs&);

struct KernelSet {
  Kernel row = nullptr;
  Kernel column[3] = {nullptr, nullptr, nullptr};  ///< by SimdLevel
};

template <typename K>
void run_row(const KernelArgs& k) {
  KernelArgs one = k;
  one.n = 1;
  K::run(one);
}
// The arguments are copied: bytes that a kernel writes could be those of `k`, for all that the
// compiler knows, and then no loop would be vectorised.
template <typename K>
[[gnu::noinline]] void run_baseline(const KernelArgs& k) {
  const KernelArgs own = k;
  K::run(own);
}
#ifdef PATRON_HAS_AVX2
// A kernel may have a form of its own for a level (lib/expr/wide.h).
template <typename K>
[[gnu::target("avx2"), gnu::noinline]] void run_avx2(const KernelArgs& k) {
  const KernelArgs own = k;
  if constexpr (requires { K::run_in_avx2(own); }) {
    K::run_in_avx2(own);
  } else {
    K::run(own);
  }
}
template <typename K>
[[gnu::target(PATRON_TARGET_AVX512), gnu::noinline]] void run_avx512(const KernelArgs& k) {
  const KernelArgs own = k;
  if constexpr (requires { K::run_in_avx512(own); }) {
    K::run_in_avx512(own);
  } else {
    K::run(own);
  }
}
#endif

/// The four functions of a kernel that gains from wide registers.
template <typename K>
constexpr KernelSet kernel_set() {
#ifdef PATRON_HAS_AVX2
  return {run_row<K>, {run_baseline<K>, run_avx2<K>, run_avx512<K>}};
#else
  return {run_row<K>, {run_baseline<K>, run_baseline<K>, run_baseline<K>}};
#endif
}

/// The same for one that does not.
template <typename K>
constexpr KernelSet plain_kernel_set() {
  return {run_row<K>, {run_baseline<K>, run_baseline<K>, run_baseline<K>}};
}

// -- Planes ---------------------------------------------------------------------------------------

/// out = a and b, where a null plane is all ones.
PATRON_SIMD_INLINE void both_known(uint8_t* out, const uint8_t* a, const uint8_t* b, int64_t n) {
  if (a != nullptr && b != nullptr) {
    for (int64_t i = 0; i < n; ++i) out[i] = a[i] & b[i];
  } else if (a != nullptr || b != nullptr) {
    const uint8_t* one = a != nullptr ? a : b;
    for (int64_t i = 0; i < n; ++i) out[i] = one[i];
  } else {
    for (int64_t i = 0; i < n; ++i) out[i] = 1;
  }
}

/// The plane of false from the plane of true and what is known.
PATRON_SIMD_INLINE void false_from_true(uint8_t* is_true, uint8_t* is_false, const uint8_t* a,
                                        const uint8_t* b, int64_t n) {
  if (is_false == nullptr) return;
  if (a == nullptr && b == nullptr) {
    for (int64_t i = 0; i < n; ++i) is_false[i] = is_true[i] ^ 1;
    return;
  }
  if (a == nullptr) a = b;
  if (b == nullptr) b = a;
  for (int64_t i = 0; i < n; ++i) {
    const auto known = static_cast<uint8_t>(a[i] & b[i]);
    is_false[i] = known & (is_true[i] ^ 1);
    is_true[i] = known & is_true[i];
  }
}

/// Ends a kernel whose out.known says which rows it could compute: takes out those whose operands
/// are unknown, and counts those that became unknown here.
PATRON_SIMD_INLINE void settle_checked(const KernelArgs& k, const uint8_t* a, const uint8_t* b,
                                       int64_t EvaluationCounts::*count) {
  uint8_t* out = k.out.known;
  uint8_t all = 1;
  for (int64_t i = 0; i < k.n; ++i) all &= out[i];
  if (all == 0 && k.counts != nullptr) {
    int64_t lost = 0;
    for (int64_t i = 0; i < k.n; ++i) {
      lost += (out[i] == 0) & (a == nullptr || a[i] != 0) & (b == nullptr || b[i] != 0);
    }
    k.counts->*count += lost;
  }
  if (a != nullptr) {
    for (int64_t i = 0; i < k.n; ++i) out[i] &= a[i];
  }
  if (b != nullptr) {
    for (int64_t i = 0; i < k.n; ++i) out[i] &= b[i];
  }
}

/// The kernel of an operation on whole numbers that may have no result: F::apply(a, b, out) says
/// whether it has one. Where it has none for known operands that counts as an overflow.
template <typename F>
struct CheckedInt {
  PATRON_SIMD_INLINE static void run(const KernelArgs& k) {
    const auto* a = k.a.as<int64_t>();
    const auto* b = k.b.as<int64_t>();
    auto* out = k.out.as<int64_t>();
    for (int64_t i = 0; i < k.n; ++i) k.out.known[i] = F::apply(a[i], b[i], out[i]);
    settle_checked(k, k.a.known, k.b.known, &EvaluationCounts::overflows);
  }
};

// -- The tables -----------------------------------------------------------------------------------

/// The kernels of a node, by its operation, lane and comparison; none for kConst, kField, kNow,
/// kHas and kIsNull. Divided by what they work on.
const KernelSet& kernel_of(const Graph& graph, const Node& node);
const KernelSet* bool_kernel(const Node& node);
const KernelSet* compare_kernel(const Node& node);
const KernelSet* number_kernel(const Node& node);
const KernelSet* time_kernel(const Node& node);
const KernelSet* text_kernel(const Node& node);

/// A comparison of values of a width with a constant (KernelArgs::integer or number).
const KernelSet& compare_const_kernel(Width width, Cmp cmp);
/// Values of a width as the canonical ones of its lane: int64, double, planes of bool.
const KernelSet& load_kernel(Width width);

}  // namespace patron::internal
