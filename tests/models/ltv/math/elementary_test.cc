#include "lib/models/ltv/math/elementary.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "tests/models/ltv/math/reference.h"

namespace patron::internal::ltv {
namespace {

using test::cases;
using test::reference_rows;
using test::ReferenceRow;
using test::ulp_of;

uint64_t bits(double x) { return std::bit_cast<uint64_t>(x); }

double call(const std::string& name, double x) {
  if (name == "exp") return exp(x);
  if (name == "expm1") return expm1(x);
  if (name == "log") return log(x);
  return log1p(x);
}

// The third number of a row is what the rounded value lacks, in its units of the last place.
TEST(Elementary, IsWithinAUnitOfTheLastPlaceOfMpmath) {
  std::map<std::string, double> worst;
  for (const ReferenceRow& row : reference_rows("elementary.txt")) {
    const double x = row.values[0], want = row.values[1];
    const double error = std::fabs((call(row.name, x) - want) / ulp_of(want) - row.values[2]);
    worst[row.name] = std::max(worst[row.name], error);
    EXPECT_LT(error, row.name == "expm1" || row.name == "log1p" ? 1.0 : 0.75)
        << row.name << "(" << x << ") = " << call(row.name, x);
  }
  EXPECT_EQ(worst.size(), 4u);
  for (const auto& [name, error] : worst) RecordProperty(name, std::to_string(error));
}

double draw_argument(std::mt19937_64& random) {
  const double size = std::exp2(std::uniform_real_distribution<>(-70, 10)(random));
  return random() % 2 == 0 ? size : -size;
}

// The C library's functions are within 1 unit (glibc manual, "Errors in Math Functions").
TEST(Elementary, IsWithinTwoUnitsOfTheCLibrary) {
  std::mt19937_64 random(11);
  for (int i = 0; i < cases(20'000); i++) {
    const double x = draw_argument(random);
    const auto near = [&](double got, double want, const char* name) {
      if (std::isinf(want)) {
        EXPECT_EQ(got, want) << name << "(" << x << ")";
      } else {
        EXPECT_LE(std::fabs(got - want), 2 * ulp_of(want)) << name << "(" << x << ")";
      }
    };
    near(exp(x), std::exp(x), "exp");
    near(expm1(x), std::expm1(x), "expm1");
    near(log(std::fabs(x)), std::log(std::fabs(x)), "log");
    if (x > -1) near(log1p(x), std::log1p(x), "log1p");
  }
}

TEST(Elementary, HasTheEdgesOfAnnexF) {
  EXPECT_EQ(exp(0), 1);
  EXPECT_EQ(exp(-0.0), 1);
  EXPECT_EQ(exp(kInfinity), kInfinity);
  EXPECT_EQ(exp(-kInfinity), 0);
  EXPECT_TRUE(std::isnan(exp(kNaN)));
  EXPECT_LT(exp(709.782712893384), kInfinity);  // the largest with a finite value
  EXPECT_EQ(exp(709.7827128933841), kInfinity);
  EXPECT_EQ(exp(-745.1332191019411), 0x1p-1074);  // the smallest with a value
  EXPECT_EQ(exp(-745.1332191019412), 0);
  EXPECT_EQ(exp(1e300), kInfinity);
  EXPECT_EQ(exp(-1e300), 0);

  EXPECT_EQ(bits(expm1(0.0)), bits(0.0));
  EXPECT_EQ(bits(expm1(-0.0)), bits(-0.0));
  EXPECT_EQ(expm1(kInfinity), kInfinity);
  EXPECT_EQ(expm1(-kInfinity), -1);
  EXPECT_EQ(expm1(-1e300), -1);
  EXPECT_EQ(expm1(710), kInfinity);
  EXPECT_LT(expm1(709.782712893384), kInfinity);
  EXPECT_EQ(expm1(0x1p-1074), 0x1p-1074);
  EXPECT_TRUE(std::isnan(expm1(kNaN)));

  EXPECT_EQ(bits(log(1)), bits(0.0));
  EXPECT_EQ(log(0.0), -kInfinity);
  EXPECT_EQ(log(-0.0), -kInfinity);
  EXPECT_EQ(log(kInfinity), kInfinity);
  EXPECT_TRUE(std::isnan(log(-1)));
  EXPECT_TRUE(std::isnan(log(-kInfinity)));
  EXPECT_TRUE(std::isnan(log(kNaN)));
  EXPECT_NEAR(log(0x1p-1074), -1074 * kLn2, 1e-12);

  EXPECT_EQ(bits(log1p(0.0)), bits(0.0));
  EXPECT_EQ(bits(log1p(-0.0)), bits(-0.0));
  EXPECT_EQ(log1p(-1), -kInfinity);
  EXPECT_EQ(log1p(kInfinity), kInfinity);
  EXPECT_TRUE(std::isnan(log1p(-1.5)));
  EXPECT_TRUE(std::isnan(log1p(kNaN)));
  EXPECT_EQ(log1p(0x1p-1074), 0x1p-1074);
}

TEST(LogAddExp, AddsProbabilitiesThatAreTooSmallForDoubles) {
  EXPECT_DOUBLE_EQ(log_add_exp(-5000, -5000), -5000 + kLn2);
  EXPECT_DOUBLE_EQ(log_add_exp(-5000, -5001), -5000 + std::log1p(std::exp(-1)));
  EXPECT_EQ(log_add_exp(-5001, -5000), log_add_exp(-5000, -5001));
  EXPECT_EQ(log_add_exp(-3, -kInfinity), -3);
  EXPECT_EQ(log_add_exp(-kInfinity, -3), -3);
  EXPECT_EQ(log_add_exp(-kInfinity, -kInfinity), -kInfinity);
  EXPECT_EQ(log_add_exp(kInfinity, 3), kInfinity);
  EXPECT_EQ(log_add_exp(kInfinity, kInfinity), kInfinity);
  EXPECT_TRUE(std::isnan(log_add_exp(kNaN, 3)));
  EXPECT_TRUE(std::isnan(log_add_exp(3, kNaN)));
}

TEST(LogDiffExp, TakesOneProbabilityFromAnother) {
  // ln(1 - e^-x) = ln x - x / 2 + ... for small x, -e^-x for large.
  EXPECT_NEAR(log1m_exp(-1e-20), std::log(1e-20), 1e-14);
  EXPECT_NEAR(log1m_exp(-50) / -std::exp(-50), 1, 1e-15);
  EXPECT_EQ(log1m_exp(-kInfinity), 0);
  EXPECT_EQ(log1m_exp(0), -kInfinity);
  EXPECT_TRUE(std::isnan(log1m_exp(1)));
  EXPECT_DOUBLE_EQ(log_diff_exp(-5000, -5001), -5000 + std::log(1 - std::exp(-1)));
  EXPECT_EQ(log_diff_exp(-5, -kInfinity), -5);
  EXPECT_EQ(log_diff_exp(-5, -5), -kInfinity);
  EXPECT_EQ(log_diff_exp(-kInfinity, -kInfinity), -kInfinity);
}

// Every function over a column, in Packs; always inlined, so that it is compiled as its caller is.
struct AllFunctions {
  const std::vector<double>& x;
  const std::vector<double>& y;
  std::vector<double>* out;

  static constexpr size_t kFunctions = 7;
  PATRON_SIMD_INLINE void operator()() const {
    double* to = out->data();
    for (size_t i = 0; i < x.size(); i += kPackLanes) {
      const Pack a = load(x.data() + i), b = load(y.data() + i);
      for (const Pack result : {exp(a), expm1(a), log(a), log1p(a), log1m_exp(a), log_add_exp(a, b),
                                log_diff_exp(a, b)}) {
        store(result, to);
        to += kPackLanes;
      }
    }
  }
};

struct Columns {
  std::vector<double> x, y;

  explicit Columns(uint64_t seed) {
    std::mt19937_64 random(seed);
    const std::vector<double> edges = {0.0,   -0.0,      1.0,    -1.0,    kInfinity, -kInfinity,
                                       kNaN,  0x1p-1074, 5e-310, -5e-310, 709.9,     -745.5,
                                       1e308, -1e308,    0.5,    2.0,     -kLn2,     kLn2};
    for (int i = 0; i < cases(40'000) / kPackLanes * kPackLanes; i++) {
      for (std::vector<double>* column : {&x, &y})
        column->push_back(random() % 8 == 0 ? edges[random() % edges.size()]
                                            : draw_argument(random));
    }
  }
};

// A NaN's sign and payload mean nothing and depend on the order of operands.
bool same(double a, double b) { return bits(a) == bits(b) || (std::isnan(a) && std::isnan(b)); }

TEST(Elementary, GivesALaneOfFourTheBitsOfADoubleAlone) {
  const Columns columns(21);
  std::vector<double> packs(columns.x.size() * AllFunctions::kFunctions);
  const AllFunctions all{columns.x, columns.y, &packs};
  run_with_best_simd(all);
  for (size_t i = 0; i < columns.x.size(); i++) {
    const double a = columns.x[i], b = columns.y[i];
    const double alone[] = {
        exp(a), expm1(a), log(a), log1p(a), log1m_exp(a), log_add_exp(a, b), log_diff_exp(a, b)};
    for (size_t f = 0; f < AllFunctions::kFunctions; f++) {
      const double lane =
          packs[(i / kPackLanes * AllFunctions::kFunctions + f) * kPackLanes + i % kPackLanes];
      ASSERT_TRUE(same(lane, alone[f])) << "function " << f << " of " << a << ", " << b << ": "
                                        << lane << " in a pack, alone " << alone[f];
    }
  }
}

TEST(Elementary, GivesTheSameBitsWithAvx2AndWithout) {
#ifdef PATRON_HAS_AVX2
  if (!__builtin_cpu_supports("avx2")) GTEST_SKIP() << "this processor has no AVX2";
  const Columns columns(22);
  std::vector<double> plain(columns.x.size() * AllFunctions::kFunctions), fast(plain.size());
  const AllFunctions with{columns.x, columns.y, &fast}, without{columns.x, columns.y, &plain};
  run_with_avx2(with);
  without();
  for (size_t i = 0; i < plain.size(); i++) ASSERT_TRUE(same(plain[i], fast[i])) << "value " << i;
#else
  GTEST_SKIP() << "built for the baseline alone";
#endif
}

TEST(Lanes, LoadAndStorePartsOfAPack) {
  const double values[] = {1, 2, 3};
  double out[4] = {9, 9, 9, 9};
  store_part(load_part(values, 3, 7.0) + 1.0, 3, out);
  EXPECT_EQ(out[2], 4);
  EXPECT_EQ(out[3], 9);
  store(load_part(values, 2, 7.0), out);
  EXPECT_EQ(out[1], 2);
  EXPECT_EQ(out[3], 7);
}

TEST(Lanes, KnowWhatRoundingTookAway) {
  const Exact<double> sum = sum_of(1.0, 0x1p53 + 2);
  EXPECT_EQ(sum.value, 0x1p53 + 4);  // a tie, to even
  EXPECT_EQ(sum.rest, -1);
  const Exact<double> product = product_of(1 + 0x1p-52, 1 - 0x1p-53);
  EXPECT_EQ(product.value, 1.0);
  EXPECT_EQ(product.rest, 0x1p-53 - 0x1p-105);
}

}  // namespace
}  // namespace patron::internal::ltv
