// Kleene's logic on two planes, choices, defaults, and the loading of fields.
#include <array>
#include <cstring>

#include "lib/expr/kernel.h"

namespace patron::internal {
namespace {

struct Not {
  PATRON_SIMD_INLINE static void run(const KernelArgs& k) {
    const auto* t = k.a.as<uint8_t>();
    auto* out = k.out.as<uint8_t>();
    const uint8_t* f = k.a.known;
    if (f == nullptr) {
      for (int64_t i = 0; i < k.n; ++i) out[i] = t[i] ^ 1;
      if (k.out.known != nullptr) {
        for (int64_t i = 0; i < k.n; ++i) k.out.known[i] = t[i];
      }
      return;
    }
    for (int64_t i = 0; i < k.n; ++i) {
      const uint8_t was_true = t[i];
      out[i] = f[i];
      k.out.known[i] = was_true;
    }
  }
};

// and: true where both are, false where one is. or is the same with the planes swapped.
PATRON_SIMD_INLINE void meet(const uint8_t* at, const uint8_t* bt, uint8_t* out, int64_t n) {
  for (int64_t i = 0; i < n; ++i) out[i] = at[i] & bt[i];
}
PATRON_SIMD_INLINE void join(const uint8_t* at, const uint8_t* bt, uint8_t* out, int64_t n) {
  for (int64_t i = 0; i < n; ++i) out[i] = at[i] | bt[i];
}
// out = a | !b_true, where b has no plane of false.
PATRON_SIMD_INLINE void join_not(const uint8_t* a, const uint8_t* bt, uint8_t* out, int64_t n) {
  for (int64_t i = 0; i < n; ++i) out[i] = a[i] | (bt[i] ^ 1);
}
PATRON_SIMD_INLINE void meet_not(const uint8_t* a, const uint8_t* bt, uint8_t* out, int64_t n) {
  for (int64_t i = 0; i < n; ++i) out[i] = a[i] & (bt[i] ^ 1);
}

struct And {
  PATRON_SIMD_INLINE static void run(const KernelArgs& k) {
    const auto* at = k.a.as<uint8_t>();
    const auto* bt = k.b.as<uint8_t>();
    if (k.out.known != nullptr) {  // before the values: out may be a
      if (k.a.known != nullptr && k.b.known != nullptr) {
        join(k.a.known, k.b.known, k.out.known, k.n);
      } else if (k.a.known != nullptr) {
        join_not(k.a.known, bt, k.out.known, k.n);
      } else if (k.b.known != nullptr) {
        join_not(k.b.known, at, k.out.known, k.n);
      } else {
        for (int64_t i = 0; i < k.n; ++i) k.out.known[i] = (at[i] & bt[i]) ^ 1;
      }
    }
    meet(at, bt, k.out.as<uint8_t>(), k.n);
  }
};

struct Or {
  PATRON_SIMD_INLINE static void run(const KernelArgs& k) {
    const auto* at = k.a.as<uint8_t>();
    const auto* bt = k.b.as<uint8_t>();
    if (k.out.known != nullptr) {
      if (k.a.known != nullptr && k.b.known != nullptr) {
        meet(k.a.known, k.b.known, k.out.known, k.n);
      } else if (k.a.known != nullptr) {
        meet_not(k.a.known, bt, k.out.known, k.n);
      } else if (k.b.known != nullptr) {
        meet_not(k.b.known, at, k.out.known, k.n);
      } else {
        for (int64_t i = 0; i < k.n; ++i) k.out.known[i] = (at[i] | bt[i]) ^ 1;
      }
    }
    join(at, bt, k.out.as<uint8_t>(), k.n);
  }
};

// The plane of false of a bool lane, for one row.
PATRON_SIMD_INLINE uint8_t is_false(const Lane& lane, int64_t i) {
  return lane.known != nullptr ? lane.known[i] : lane.as<uint8_t>()[i] ^ 1;
}

struct SelectBool {
  PATRON_SIMD_INLINE static void run(const KernelArgs& k) {
    const auto* t = k.a.as<uint8_t>();
    const auto* yes = k.b.as<uint8_t>();
    const auto* no = k.c.as<uint8_t>();
    auto* out = k.out.as<uint8_t>();
    for (int64_t i = 0; i < k.n; ++i) {
      const uint8_t f = is_false(k.a, i);
      const auto value = static_cast<uint8_t>((t[i] & yes[i]) | (f & no[i]));
      const auto no_value =
          static_cast<uint8_t>((t[i] & is_false(k.b, i)) | (f & is_false(k.c, i)));
      out[i] = value;
      if (k.out.known != nullptr) k.out.known[i] = no_value;
    }
  }
};

template <typename T>
struct Select {
  PATRON_SIMD_INLINE static void run(const KernelArgs& k) {
    const auto* t = k.a.as<uint8_t>();
    const T* yes = k.b.as<T>();
    const T* no = k.c.as<T>();
    T* out = k.out.as<T>();
    if (k.out.known != nullptr) {
      for (int64_t i = 0; i < k.n; ++i) {
        const uint8_t b = k.b.known == nullptr ? 1 : k.b.known[i];
        const uint8_t c = k.c.known == nullptr ? 1 : k.c.known[i];
        k.out.known[i] = static_cast<uint8_t>((t[i] & b) | (is_false(k.a, i) & c));
      }
    }
    for (int64_t i = 0; i < k.n; ++i) out[i] = t[i] != 0 ? yes[i] : no[i];
  }
};

struct OrElseBool {
  PATRON_SIMD_INLINE static void run(const KernelArgs& k) {
    const auto* at = k.a.as<uint8_t>();
    const auto* bt = k.b.as<uint8_t>();
    auto* out = k.out.as<uint8_t>();
    for (int64_t i = 0; i < k.n; ++i) {
      const uint8_t af = is_false(k.a, i);
      const auto unknown = static_cast<uint8_t>((at[i] | af) ^ 1);
      const auto no_value = static_cast<uint8_t>(af | (unknown & is_false(k.b, i)));
      out[i] = static_cast<uint8_t>(at[i] | (unknown & bt[i]));
      if (k.out.known != nullptr) k.out.known[i] = no_value;
    }
  }
};

template <typename T>
struct OrElse {
  PATRON_SIMD_INLINE static void run(const KernelArgs& k) {
    const T* a = k.a.as<T>();
    const T* b = k.b.as<T>();
    T* out = k.out.as<T>();
    for (int64_t i = 0; i < k.n; ++i) {
      const bool known = k.a.known == nullptr || k.a.known[i] != 0;
      out[i] = known ? a[i] : b[i];
      if (k.out.known != nullptr) {
        k.out.known[i] = known || k.b.known == nullptr ? 1 : k.b.known[i];
      }
    }
  }
};

template <typename From, typename To>
struct Load {
  PATRON_SIMD_INLINE static void run(const KernelArgs& k) {
    const From* in = k.a.as<const From>();
    To* out = k.out.as<To>();
    for (int64_t i = 0; i < k.n; ++i) out[i] = static_cast<To>(in[i]);
    if (k.out.known != nullptr) both_known(k.out.known, k.a.known, nullptr, k.n);
  }
};

// Bits, eight of them a byte, to the two planes.
struct LoadBits {
  PATRON_SIMD_INLINE static void run(const KernelArgs& k) { rest(k, 0); }
#ifdef PATRON_HAS_AVX2
  [[gnu::target("avx2"), gnu::always_inline]] static inline void run_in_avx2(const KernelArgs& k) {
    const bool aligned = (k.bit_offset & 7) == 0;
    const auto* bytes = k.a.as<const uint8_t>() + (k.bit_offset >> 3);
    rest(k, aligned ? bits_to_bytes_avx2(bytes, k.n, k.out.as<uint8_t>()) : 0);
  }
  [[gnu::target(PATRON_TARGET_AVX512), gnu::always_inline]] static inline void run_in_avx512(
      const KernelArgs& k) {
    run_in_avx2(k);
  }
#endif

 private:
  PATRON_SIMD_INLINE static void rest(const KernelArgs& k, int64_t done) {
    const auto* bits = k.a.as<const uint8_t>();
    auto* out = k.out.as<uint8_t>();
    const int64_t offset = k.bit_offset;
    int64_t i = done;
    if ((offset & 7) == 0) {
      const uint8_t* bytes = bits + (offset >> 3);
      for (; i + 8 <= k.n; i += 8) {
        // The eight bits spread over eight bytes, each brought to 0 or 1.
        const uint64_t spread =
            (bytes[i >> 3] * 0x0101010101010101ull & 0x8040201008040201ull) + 0x7F7F7F7F7F7F7F7Full;
        const uint64_t ones = (spread >> 7 & 0x0101010101010101ull);
        std::memcpy(out + i, &ones, sizeof ones);
      }
    }
    for (; i < k.n; ++i) {
      out[i] = bits[(offset + i) >> 3] >> ((offset + i) & 7) & 1;
    }
    false_from_true(out, k.out.known, k.a.known, nullptr, k.n);
  }
};

constexpr KernelSet kNot = kernel_set<Not>();
constexpr KernelSet kAnd = kernel_set<And>();
constexpr KernelSet kOr = kernel_set<Or>();
constexpr std::array<KernelSet, 4> kSelect{kernel_set<SelectBool>(), kernel_set<Select<int64_t>>(),
                                           kernel_set<Select<double>>(),
                                           plain_kernel_set<Select<std::string_view>>()};
constexpr std::array<KernelSet, 4> kOrElse{kernel_set<OrElseBool>(), kernel_set<OrElse<int64_t>>(),
                                           kernel_set<OrElse<double>>(),
                                           plain_kernel_set<OrElse<std::string_view>>()};
constexpr std::array<KernelSet, kWidths> kLoad{
    kernel_set<Load<int8_t, int64_t>>(),
    kernel_set<Load<int16_t, int64_t>>(),
    kernel_set<Load<int32_t, int64_t>>(),
    kernel_set<Load<int64_t, int64_t>>(),
    kernel_set<Load<uint8_t, int64_t>>(),
    kernel_set<Load<uint16_t, int64_t>>(),
    kernel_set<Load<uint32_t, int64_t>>(),
    kernel_set<Load<float, double>>(),
    kernel_set<Load<double, double>>(),
    kernel_set<LoadBits>(),
    plain_kernel_set<Load<std::string_view, std::string_view>>()};

}  // namespace

const KernelSet* bool_kernel(const Node& node) {
  const auto lane = static_cast<size_t>(node.lane());
  switch (node.op) {
    case Op::kNot:
      return &kNot;
    case Op::kAnd:
      return &kAnd;
    case Op::kOr:
      return &kOr;
    case Op::kSelect:
      return &kSelect[lane];
    case Op::kOrElse:
      return &kOrElse[lane];
    default:
      return nullptr;
  }
}

const KernelSet& load_kernel(Width width) { return kLoad[static_cast<size_t>(width)]; }

}  // namespace patron::internal
