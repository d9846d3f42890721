#include <gtest/gtest.h>

#include "lib/expr/program.h"
#include "tests/expr/world.h"

namespace patron::test {
namespace {

TEST(TextKernels, PredicatesAreByBytesAndSizeByCharacters) {
  const Row row = plain_row().set_text("s", "caf\xC3\xA9 \xF0\x9F\x98\x80");
  EXPECT_EQ(value_of("s.startsWith('caf')", row), "1");
  EXPECT_EQ(value_of("s.endsWith('\xF0\x9F\x98\x80')", row), "1");
  EXPECT_EQ(value_of("s.contains('\xC3\xA9 ')", row), "1");
  EXPECT_EQ(value_of("s.contains('')", row), "1");
  EXPECT_EQ(value_of("s.size()", row), "6");
  EXPECT_EQ(value_of("size(s)", row), "6");
  EXPECT_EQ(value_of("r.contains('x')", row), "unknown");
}

TEST(TextKernels, TextThatDoesNotConvertIsUnknown) {
  const auto of = [](const char* call, const char* text) {
    return value_of(std::string(call) + "(s)", plain_row().set_text("s", text));
  };
  EXPECT_EQ(of("int", "12"), "12");
  EXPECT_EQ(of("int", "12.5"), "unknown");
  EXPECT_EQ(of("double", "12.5"), "12.5");
  EXPECT_EQ(of("bool", "TRUE"), "1");
  EXPECT_EQ(of("bool", "False"), "0");
  EXPECT_EQ(of("bool", "yes"), "unknown");
  EXPECT_EQ(of("timestamp", "1970-01-01T00:00:01Z"), "1000000");
  EXPECT_EQ(of("duration", "2h"), "7200000000");
  EXPECT_EQ(of("date", "1970-01-03"), "2");
  EXPECT_EQ(of("date", "3 March"), "unknown");
}

// A code at an unknown row may be anything; the small and the large table agree.
TEST(TextKernels, LookupsAreTheAnswersOfTheCodes) {
  std::vector<uint8_t> yes(32), no(32), codes(300), known(300);
  uint64_t bits = 0;
  for (size_t i = 0; i < 32; ++i) {
    yes[i] = i % 3 == 0;
    no[i] = i % 3 == 1;
    bits |= uint64_t{yes[i]} << i | uint64_t{no[i]} << (32 + i);
  }
  for (size_t i = 0; i < 300; ++i) {
    known[i] = i % 7 != 0;
    codes[i] = static_cast<uint8_t>(known[i] != 0 ? i % 32 : 255);
  }
  for (const bool small : {false, true}) {
    for (int level = 0; level <= static_cast<int>(internal::best_simd()); ++level) {
      std::vector<uint8_t> t(300, 9), f(300, 9);
      internal::KernelArgs k;
      k.n = 300;
      k.a = {codes.data(), known.data()};
      k.b = {yes.data(), no.data()};
      k.integer = static_cast<int64_t>(bits);
      k.out = {t.data(), f.data()};
      internal::lookup_kernel(internal::Width::kU8, small).column[level](k);
      for (size_t i = 0; i < 300; ++i) {
        ASSERT_EQ(t[i], known[i] != 0 && i % 32 % 3 == 0) << i;
        ASSERT_EQ(f[i], known[i] != 0 && i % 32 % 3 == 1) << i;
      }
    }
  }
}

}  // namespace
}  // namespace patron::test
