#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <vector>

#include "tests/expr/world.h"

namespace patron::test {
namespace {

TEST(CompareKernels, WholeNumbersAndDoublesAreComparedExactly) {
  Row row = plain_row();
  row.set("i", (int64_t{1} << 53) + 1).set_double("d", 0x1p53);
  EXPECT_EQ(value_of("i > d", row), "1");
  EXPECT_EQ(value_of("d < i", row), "1");
  EXPECT_EQ(value_of("i == d", row), "0");
  row.set("i", INT64_MAX).set_double("d", 0x1p63);
  EXPECT_EQ(value_of("i < d", row), "1");
  row.set("i", INT64_MIN).set_double("d", -0x1p63);
  EXPECT_EQ(value_of("i == d", row), "1");
  row.set("i", -2).set_double("d", -2.5);
  EXPECT_EQ(value_of("i > d", row), "1");
  EXPECT_EQ(value_of("i <= -2.5", row), "0");
  EXPECT_EQ(value_of("i == -2.5", row), "0");
  EXPECT_EQ(value_of("i != -2.5", row), "1");
  EXPECT_EQ(value_of("i < 1e300", row), "1");
  EXPECT_EQ(value_of("i > -1e300", row), "1");
  row.set_double("d", 9007199254740992.0);
  EXPECT_EQ(value_of("d < 9007199254740993", row), "1");
}

// Every level against one row at a time, for every comparison and number of rows.
TEST(CompareKernels, DoublesAreComparedWithAConstantAlikeOnEveryProcessor) {
  const double inf = std::numeric_limits<double>::infinity();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::array<double, 10> values{0.0, -0.0, 1.5, -1.5, 5e-324, 1e308, inf, -inf, nan, 2.0};
  Dice dice(11);
  std::vector<double> a(200);
  for (double& x : a) x = values[static_cast<size_t>(dice.below(10))];
  for (const internal::Cmp cmp : {internal::Cmp::kEq, internal::Cmp::kNe, internal::Cmp::kLt,
                                  internal::Cmp::kLe, internal::Cmp::kGt, internal::Cmp::kGe}) {
    const internal::KernelSet& kernels = internal::compare_const_kernel(internal::Width::kF64, cmp);
    for (const double limit : values) {
      for (int64_t n = 0; n <= 200; n += n < 70 ? 1 : 13) {
        std::vector<uint8_t> expected(201, 7);
        for (int64_t i = 0; i < n; ++i) {
          internal::KernelArgs k;
          k.n = 1;
          k.a.values = &a[static_cast<size_t>(i)];
          k.out.values = &expected[static_cast<size_t>(i)];
          k.number = limit;
          kernels.row(k);
        }
        for (int level = 0; level <= static_cast<int>(internal::best_simd()); ++level) {
          std::vector<uint8_t> out(201, 7);
          internal::KernelArgs k;
          k.n = n;
          k.a.values = a.data();
          k.out.values = out.data();
          k.number = limit;
          kernels.column[level](k);
          ASSERT_EQ(out, expected) << limit << " level " << level << " rows " << n;
        }
      }
    }
  }
}

TEST(CompareKernels, TextsAreOrderedByCodePoint) {
  Row row = plain_row();
  row.set_text("s", "\xEF\xBF\xBD");  // U+FFFD, before U+1F600 although UTF-16 has it behind
  EXPECT_EQ(value_of("s < '\xF0\x9F\x98\x80'", row), "1");
  EXPECT_EQ(value_of("'a' < 'ab'", row), "1");
  EXPECT_EQ(value_of("'b' > 'ab'", row), "1");
  EXPECT_EQ(value_of("'' < 'a'", row), "1");
}

TEST(CompareKernels, OrderedEnumsGoByPlaceAndEqualOnesByText) {
  Row row = plain_row();
  row.set_text("e", "middle").set_text("g", "high");
  EXPECT_EQ(value_of("e < g", row), "1");  // by letters "middle" stands behind "high"
  EXPECT_EQ(value_of("e >= 'middle'", row), "1");
  EXPECT_EQ(value_of("'low' < e", row), "1");
  EXPECT_EQ(value_of("e == g", row), "0");
  row.set_text("e", "elsewhere");  // which is none of its values
  EXPECT_EQ(value_of("e < 'high'", row), "unknown");
  EXPECT_EQ(value_of("e == 'high'", row), "unknown");
  EXPECT_EQ(value_of("e != 'high'", row), "unknown");
  EXPECT_EQ(value_of("has(e)", row), "0");
  EXPECT_EQ(value_of("or_else(e, 'low') == 'low'", row), "1");
}

TEST(CompareKernels, MembersOfListsAndSets) {
  Row row = plain_row();
  row.set("i", 3).set("st", 0b101).set_text("e", "low").set_text("s", "c").set_double("d", 2);
  EXPECT_EQ(value_of("i in [1, 3.0, 2.5]", row), "1");
  EXPECT_EQ(value_of("i in []", row), "0");
  EXPECT_EQ(value_of("i in [1,2,4,5,6,7,8,9,10,11]", row), "0");
  EXPECT_EQ(value_of("i in [1,2,3,4,5,6,7,8,9,10,11]", row), "1");
  EXPECT_EQ(value_of("d in [2]", row), "1");
  EXPECT_EQ(value_of("k.x in [1]", row), "unknown");
  EXPECT_EQ(value_of("'a' in st", row), "1");
  EXPECT_EQ(value_of("'b' in st", row), "0");
  EXPECT_EQ(value_of("s in st", row), "1");
  EXPECT_EQ(value_of("e in st", row), "0");
  EXPECT_EQ(value_of("st.size()", row), "2");
  EXPECT_EQ(value_of("true in [false]"), "0");
  EXPECT_EQ(value_of("b in [true, false]"), "unknown");
  EXPECT_EQ(value_of("m in [1.5, 1.005]", row.set("m", 150)), "1");
}

TEST(CompareKernels, BoolsHaveAnOrder) {
  EXPECT_EQ(value_of("false < true"), "1");
  EXPECT_EQ(value_of("c >= true"), "0");
  EXPECT_EQ(value_of("b == c"), "unknown");
  EXPECT_EQ(value_of("b == c", plain_row().set("b", 0)), "1");
}

// Every width against a constant below, within and above it.
TEST(CompareKernels, ANarrowColumnKnowsWhatItCannotHold) {
  const std::vector<int8_t> values{-128, 0, 127};
  ColumnView view;
  view.name = "i";
  view.type.type = Type::kInt8;
  view.chunk.length = 3;
  view.chunk.values = values.data();
  const Table table = *make_table({&view, 1});
  const auto column = [&](const char* text) {
    std::string out;
    for (const std::string& v :
         value_texts(*Expression::parse(text, world())->evaluate(table), Kind::kBool)) {
      out += v;
    }
    return out;
  };
  EXPECT_EQ(column("i < 128"), "111");
  EXPECT_EQ(column("i <= -129"), "000");
  EXPECT_EQ(column("i > 1000"), "000");
  EXPECT_EQ(column("i >= -1000"), "111");
  EXPECT_EQ(column("i == 256"), "000");
  EXPECT_EQ(column("i != 256"), "111");
  EXPECT_EQ(column("i >= 0"), "011");
  EXPECT_EQ(column("0 > i"), "100");
}

}  // namespace
}  // namespace patron::test
