// Arithmetic: whole numbers and money with every overflow seen, doubles, and conversions.
#include <array>
#include <cmath>
#include <limits>

#include "lib/base/money_block.h"
#include "lib/expr/kernel.h"
#include "patron/money.h"

namespace patron::internal {
namespace {

// Each apply() says whether there is a result, and writes one in any case. All are defined for
// every pair of values; unsigned arithmetic wraps.
struct AddInt {
  PATRON_SIMD_INLINE static bool apply(int64_t a, int64_t b, int64_t& out) {
    const uint64_t ua = static_cast<uint64_t>(a), ub = static_cast<uint64_t>(b), sum = ua + ub;
    out = static_cast<int64_t>(sum);
    return ((ua ^ sum) & (ub ^ sum)) >> 63 == 0;
  }
};
struct SubInt {
  PATRON_SIMD_INLINE static bool apply(int64_t a, int64_t b, int64_t& out) {
    const uint64_t ua = static_cast<uint64_t>(a), ub = static_cast<uint64_t>(b), rest = ua - ub;
    out = static_cast<int64_t>(rest);
    return ((ua ^ ub) & (ua ^ rest)) >> 63 == 0;
  }
};
struct MulInt {
  PATRON_SIMD_INLINE static bool apply(int64_t a, int64_t b, int64_t& out) {
    return !__builtin_mul_overflow(a, b, &out);
  }
};
struct DivInt {
  PATRON_SIMD_INLINE static bool apply(int64_t a, int64_t b, int64_t& out) {
    const bool good = b != 0 && !(b == -1 && a == INT64_MIN);
    out = good ? a / b : 0;
    return good;
  }
};
struct ModInt {
  PATRON_SIMD_INLINE static bool apply(int64_t a, int64_t b, int64_t& out) {
    out = b != 0 && b != -1 ? a % b : 0;
    return b != 0;
  }
};
struct MinInt {
  PATRON_SIMD_INLINE static int64_t apply(int64_t a, int64_t b) { return a < b ? a : b; }
};
struct MaxInt {
  PATRON_SIMD_INLINE static int64_t apply(int64_t a, int64_t b) { return a > b ? a : b; }
};

// Of a quotient: a zero below is counted by itself.
template <typename F>
struct DividedInt {
  static void run(const KernelArgs& k) {
    const auto* a = k.a.as<int64_t>();
    const auto* b = k.b.as<int64_t>();
    auto* out = k.out.as<int64_t>();
    for (int64_t i = 0; i < k.n; ++i) {
      const bool known = (k.a.known == nullptr || k.a.known[i] != 0) &&
                         (k.b.known == nullptr || k.b.known[i] != 0);
      const bool good = F::apply(a[i], b[i], out[i]);
      k.out.known[i] = known && good;
      if (known && !good && k.counts != nullptr) {
        ++(b[i] == 0 ? k.counts->divisions : k.counts->overflows);
      }
    }
  }
};

template <typename F, typename T>
struct Pick {
  PATRON_SIMD_INLINE static void run(const KernelArgs& k) {
    const T* a = k.a.as<T>();
    const T* b = k.b.as<T>();
    T* out = k.out.as<T>();
    for (int64_t i = 0; i < k.n; ++i) out[i] = F::apply(a[i], b[i]);
    if (k.out.known != nullptr) both_known(k.out.known, k.a.known, k.b.known, k.n);
  }
};

struct NegInt {
  PATRON_SIMD_INLINE static void run(const KernelArgs& k) {
    const auto* a = k.a.as<int64_t>();
    auto* out = k.out.as<int64_t>();
    for (int64_t i = 0; i < k.n; ++i) {
      out[i] = static_cast<int64_t>(0 - static_cast<uint64_t>(a[i]));
      k.out.known[i] = a[i] != INT64_MIN;
    }
    settle_checked(k, k.a.known, nullptr, &EvaluationCounts::overflows);
  }
};
struct AbsInt {
  PATRON_SIMD_INLINE static void run(const KernelArgs& k) {
    const auto* a = k.a.as<int64_t>();
    auto* out = k.out.as<int64_t>();
    for (int64_t i = 0; i < k.n; ++i) {
      out[i] = a[i] < 0 ? static_cast<int64_t>(0 - static_cast<uint64_t>(a[i])) : a[i];
      k.out.known[i] = a[i] != INT64_MIN;
    }
    settle_checked(k, k.a.known, nullptr, &EvaluationCounts::overflows);
  }
};

// Doubles: what is not finite is unknown.
struct AddDouble {
  PATRON_SIMD_INLINE static double apply(double a, double b) { return a + b; }
};
struct SubDouble {
  PATRON_SIMD_INLINE static double apply(double a, double b) { return a - b; }
};
struct MulDouble {
  PATRON_SIMD_INLINE static double apply(double a, double b) { return a * b; }
};
struct DivDouble {
  PATRON_SIMD_INLINE static double apply(double a, double b) { return a / b; }
};
struct MinDouble {
  PATRON_SIMD_INLINE static double apply(double a, double b) { return b < a ? b : a; }
};
struct MaxDouble {
  PATRON_SIMD_INLINE static double apply(double a, double b) { return a < b ? b : a; }
};

PATRON_SIMD_INLINE bool finite(double x) {
  return std::fabs(x) <= std::numeric_limits<double>::max();
}

template <typename F>
struct CheckedDouble {
  PATRON_SIMD_INLINE static void run(const KernelArgs& k) {
    const auto* a = k.a.as<double>();
    const auto* b = k.b.as<double>();
    auto* out = k.out.as<double>();
    for (int64_t i = 0; i < k.n; ++i) {
      out[i] = F::apply(a[i], b[i]);
      k.out.known[i] = finite(out[i]);
    }
    settle_checked(k, k.a.known, k.b.known, &EvaluationCounts::overflows);
  }
};
struct NegDouble {
  PATRON_SIMD_INLINE static void run(const KernelArgs& k) {
    const auto* a = k.a.as<double>();
    auto* out = k.out.as<double>();
    for (int64_t i = 0; i < k.n; ++i) out[i] = -a[i];
    if (k.out.known != nullptr) both_known(k.out.known, k.a.known, nullptr, k.n);
  }
};
struct AbsDouble {
  PATRON_SIMD_INLINE static void run(const KernelArgs& k) {
    const auto* a = k.a.as<double>();
    auto* out = k.out.as<double>();
    for (int64_t i = 0; i < k.n; ++i) out[i] = std::fabs(a[i]);
    if (k.out.known != nullptr) both_known(k.out.known, k.a.known, nullptr, k.n);
  }
};

struct IntToDouble {
  PATRON_SIMD_INLINE static void run(const KernelArgs& k) {
    const auto* a = k.a.as<int64_t>();
    auto* out = k.out.as<double>();
    for (int64_t i = 0; i < k.n; ++i) out[i] = static_cast<double>(a[i]);
    if (k.out.known != nullptr) both_known(k.out.known, k.a.known, nullptr, k.n);
  }
};
// Towards zero; CEL leaves out both ends of int64.
struct DoubleToInt {
  static void run(const KernelArgs& k) {
    const auto* a = k.a.as<double>();
    auto* out = k.out.as<int64_t>();
    for (int64_t i = 0; i < k.n; ++i) {
      const bool good = a[i] > -0x1p63 && a[i] < 0x1p63;
      out[i] = good ? static_cast<int64_t>(a[i]) : 0;
      k.out.known[i] = good;
    }
    settle_checked(k, k.a.known, nullptr, &EvaluationCounts::overflows);
  }
};
struct MoneyToDouble {
  static void run(const KernelArgs& k) {
    doubles_from_minor(k.a.as<int64_t>(), k.n, static_cast<int>(k.node->integer),
                       k.out.as<double>());
    if (k.out.known != nullptr) both_known(k.out.known, k.a.known, nullptr, k.n);
  }
};
struct MoneyScale {
  static void run(const KernelArgs& k) {
    const auto* a = k.a.as<int64_t>();
    const auto* b = k.b.as<double>();
    auto* out = k.out.as<int64_t>();
    for (int64_t i = 0; i < k.n; ++i) {
      out[i] = 0;
      const bool known = (k.a.known == nullptr || k.a.known[i] != 0) &&
                         (k.b.known == nullptr || k.b.known[i] != 0);
      k.out.known[i] = 0;
      if (!known) continue;
      const Result<int64_t> product = money_scale_by(a[i], b[i]);
      if (product.ok()) {
        out[i] = *product;
        k.out.known[i] = 1;
      } else if (k.counts != nullptr) {
        ++k.counts->overflows;
      }
    }
  }
};
struct MoneyRatio {
  PATRON_SIMD_INLINE static void run(const KernelArgs& k) {
    const auto* a = k.a.as<int64_t>();
    const auto* b = k.b.as<int64_t>();
    auto* out = k.out.as<double>();
    for (int64_t i = 0; i < k.n; ++i) {
      out[i] = static_cast<double>(a[i]) / static_cast<double>(b[i]);
      k.out.known[i] = b[i] != 0;
    }
    settle_checked(k, k.a.known, k.b.known, &EvaluationCounts::divisions);
  }
};

constexpr KernelSet kAddInt = kernel_set<CheckedInt<AddInt>>();
constexpr KernelSet kSubInt = kernel_set<CheckedInt<SubInt>>();
constexpr KernelSet kMulInt = plain_kernel_set<CheckedInt<MulInt>>();
constexpr KernelSet kDivInt = plain_kernel_set<DividedInt<DivInt>>();
constexpr KernelSet kModInt = plain_kernel_set<DividedInt<ModInt>>();
constexpr KernelSet kNegInt = kernel_set<NegInt>();
constexpr KernelSet kAbsInt = kernel_set<AbsInt>();
constexpr KernelSet kMinInt = kernel_set<Pick<MinInt, int64_t>>();
constexpr KernelSet kMaxInt = kernel_set<Pick<MaxInt, int64_t>>();
constexpr KernelSet kAddDouble = kernel_set<CheckedDouble<AddDouble>>();
constexpr KernelSet kSubDouble = kernel_set<CheckedDouble<SubDouble>>();
constexpr KernelSet kMulDouble = kernel_set<CheckedDouble<MulDouble>>();
constexpr KernelSet kDivDouble = kernel_set<CheckedDouble<DivDouble>>();
constexpr KernelSet kNegDouble = kernel_set<NegDouble>();
constexpr KernelSet kAbsDouble = kernel_set<AbsDouble>();
constexpr KernelSet kMinDouble = kernel_set<Pick<MinDouble, double>>();
constexpr KernelSet kMaxDouble = kernel_set<Pick<MaxDouble, double>>();
constexpr KernelSet kIntToDouble = kernel_set<IntToDouble>();
constexpr KernelSet kDoubleToInt = plain_kernel_set<DoubleToInt>();
constexpr KernelSet kMoneyToDouble = plain_kernel_set<MoneyToDouble>();
constexpr KernelSet kMoneyScale = plain_kernel_set<MoneyScale>();
constexpr KernelSet kMoneyRatio = kernel_set<MoneyRatio>();

}  // namespace

const KernelSet* number_kernel(const Node& node) {
  const bool f64 = node.lane() == LaneKind::kF64;
  switch (node.op) {
    case Op::kAdd:
      return f64 ? &kAddDouble : &kAddInt;
    case Op::kSub:
      return f64 ? &kSubDouble : &kSubInt;
    case Op::kMul:
      return f64 ? &kMulDouble : &kMulInt;
    case Op::kDiv:
      return f64 ? &kDivDouble : &kDivInt;
    case Op::kMod:
      return &kModInt;
    case Op::kNeg:
      return f64 ? &kNegDouble : &kNegInt;
    case Op::kAbs:
      return f64 ? &kAbsDouble : &kAbsInt;
    case Op::kMin:
      return f64 ? &kMinDouble : &kMinInt;
    case Op::kMax:
      return f64 ? &kMaxDouble : &kMaxInt;
    case Op::kIntToDouble:
      return &kIntToDouble;
    case Op::kDoubleToInt:
      return &kDoubleToInt;
    case Op::kMoneyToDouble:
      return &kMoneyToDouble;
    case Op::kMoneyScale:
      return &kMoneyScale;
    case Op::kMoneyRatio:
      return &kMoneyRatio;
    default:
      return nullptr;
  }
}

}  // namespace patron::internal
