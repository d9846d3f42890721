#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "patron/rfm.h"

namespace patron {
namespace {

constexpr std::string_view kText =
    R"({"patron_rfm_cuts": 1, "timezone": "Europe/Berlin", "customers": 2357, "scale": 2, )"
    R"("recency": {"method": "quantile", "cuts": [30, 61, 90, 120], "octant_split": 75}, )"
    R"("frequency": {"method": "nearest_rank", "cuts": [1, 1, 2], "octant_split": 1}, )"
    R"("monetary": {"method": "fixed", "cuts": [-50, 9007199254740993], "octant_split": 4999}})";

RfmCuts example() {
  RfmCuts cuts;
  cuts.timezone = "Europe/Berlin";
  cuts.customers = 2357;
  cuts.recency = {RfmMethod::kQuantile, {30, 61, 90, 120}, 75};
  cuts.frequency = {RfmMethod::kNearestRank, {1, 1, 2}, 1};
  cuts.monetary = {RfmMethod::kFixed, {-50, 9007199254740993}, 4999};  // 2^53 + 1: no double
  return cuts;
}

std::string with(std::string_view what, std::string_view other) {
  std::string text(kText);
  const size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), other);
}

TEST(CutsJson, TheTextIsTheDocumentedOne) { EXPECT_EQ(example().to_json(), kText); }

TEST(CutsJson, TheTextIsReadExactly) {
  const auto cuts = RfmCuts::parse(kText);
  ASSERT_TRUE(cuts.ok()) << cuts.status().message();
  EXPECT_EQ(*cuts, example());
}

TEST(CutsJson, AnyCutsSurviveTheRoundTrip) {
  const char* asked = std::getenv("PATRON_CASES");
  const int cases = 300 * (asked == nullptr ? 1 : std::atoi(asked));
  for (int seed = 0; seed < cases; ++seed) {
    std::mt19937_64 random(static_cast<uint64_t>(seed));
    const auto axis = [&random] {
      RfmAxisCuts out;
      out.method = static_cast<RfmMethod>(random() % 3);
      out.cuts.resize(1 + random() % 9);
      for (int64_t& cut : out.cuts) cut = static_cast<int64_t>(random()) >> (random() % 64);
      std::sort(out.cuts.begin(), out.cuts.end());
      out.octant_split = static_cast<int64_t>(random());
      return out;
    };
    RfmCuts cuts;
    cuts.recency = axis(), cuts.frequency = axis(), cuts.monetary = axis();
    cuts.scale = static_cast<int>(random() % 10);
    cuts.customers = static_cast<int64_t>(random() % 4294967295);
    cuts.timezone = "Zone/\"" + std::to_string(random()) + "\"";
    const auto again = RfmCuts::parse(cuts.to_json());
    ASSERT_TRUE(again.ok()) << "seed " << seed << ": " << again.status().message();
    ASSERT_EQ(*again, cuts) << "seed " << seed;
  }
}

TEST(CutsJson, TextThatIsNoJsonIsASyntaxErrorWithItsByte) {
  const auto cuts = RfmCuts::parse("{\"scale\": }");
  EXPECT_EQ(cuts.status().code(), Code::kSyntax);
  EXPECT_EQ(cuts.status().byte_offset(), 10);
}

struct Bad {
  std::string_view what, other, message;
};

TEST(CutsJson, EachMistakeIsNamedWithItsPlaceAndRemedy) {
  const std::vector<Bad> cases{
      {"\"patron_rfm_cuts\": 1", "\"patron_rfm_cuts\": 2",
       "patron_rfm_cuts: 2 is a version that this library does not read; it reads 1"},
      {"\"patron_rfm_cuts\": 1, ", "", "RFM cuts: the key patron_rfm_cuts is missing"},
      {"\"scale\": 2, ", "", "RFM cuts: the key scale is missing"},
      {"\"scale\"", "\"scala\"", "RFM cuts: \"scala\" is no key here; did you mean \"scale\"?"},
      {"\"scale\": 2", "\"scale\": 10", "scale: 10 is no scale; money has 0 to 9 decimal digits"},
      {"\"scale\": 2", "\"scale\": 2.0", "scale: 2.0 is no whole number"},
      {"2357", "4294967295",
       "customers: 4294967295 is no number of customers; it goes from 0 to 4294967294"},
      {"2357", "-1", "customers: -1 is no number of customers; it goes from 0 to 4294967294"},
      {"\"Europe/Berlin\"", "\"\"",
       "timezone: \"\" is no name of a time zone; write one such as \"Europe/Berlin\""},
      {"\"octant_split\": 75", "\"octant_split\": 75, \"bins\": 5",
       "recency: \"bins\" is no key here; the keys are method, cuts, octant_split"},
      {"\"nearest_rank\"", "\"nearest\"",
       "frequency/method: \"nearest\" is no method; there are quantile, nearest_rank, fixed"},
      {"[30, 61, 90, 120]", "[30, 61, 60, 120]",
       "recency/cuts/2: 60 comes after 61; write the cuts in rising order"},
      {"[30, 61, 90, 120]", "[]", "recency/cuts: 0 cuts; 2 to 10 bins have 1 to 9"},
      {"[30, 61, 90, 120]", "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]",
       "recency/cuts: 10 cuts; 2 to 10 bins have 1 to 9"},
      {"[30, 61, 90, 120]", "30", "recency/cuts: 30 is a whole number where an array belongs"},
      {"-50", "12.34", "monetary/cuts/0: 12.34 is no whole number of minor units"},
      {"4999", "null", "monetary/octant_split: null is no whole number of minor units"},
      {", \"octant_split\": 75", "", "recency: the key octant_split is missing"},
  };
  for (const Bad& bad : cases) {
    const auto cuts = RfmCuts::parse(with(bad.what, bad.other));
    ASSERT_FALSE(cuts.ok()) << bad.message;
    EXPECT_EQ(cuts.status().code(), Code::kDocument) << bad.message;
    EXPECT_EQ(cuts.status().message(), bad.message);
    EXPECT_GE(cuts.status().byte_offset(), 0) << bad.message;
  }
}

TEST(CutsJson, TheByteIsThatOfTheCut) {
  const std::string text = with("61, 90", "61, 60");
  EXPECT_EQ(RfmCuts::parse(text).status().byte_offset(),
            static_cast<int64_t>(text.find("60, 120")));
}

TEST(CutsJson, AnotherVersionIsNamedBeforeItsUnknownKeys) {
  EXPECT_EQ(RfmCuts::parse(R"({"patron_rfm_cuts": 2, "axes": []})").status().message(),
            "patron_rfm_cuts: 2 is a version that this library does not read; it reads 1");
}

TEST(CutsJson, ADuplicateKeyIsRefused) {
  EXPECT_EQ(RfmCuts::parse(with("\"scale\": 2", "\"scale\": 2, \"scale\": 2")).status().code(),
            Code::kDocument);
}

}  // namespace
}  // namespace patron
