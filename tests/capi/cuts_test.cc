#include <cstring>

#include "tests/capi/world.h"

namespace patron::test {
namespace {

constexpr std::string_view kTwoBins =
    R"({"patron_rfm_cuts": 1, "timezone": "Asia/Tokyo", "customers": 12, "scale": 2,
        "recency": {"method": "quantile", "cuts": [10], "octant_split": 10},
        "frequency": {"method": "nearest_rank", "cuts": [1], "octant_split": 3},
        "monetary": {"method": "fixed", "cuts": [5000], "octant_split": 4000}})";

Cuts parse(std::string_view json) {
  patron_error error = PATRON_ERROR_INIT;
  patron_cuts* cuts = nullptr;
  EXPECT_EQ(patron_cuts_parse(json.data(), json.size(), &cuts, &error), PATRON_OK) << error.message;
  return Cuts(cuts);
}

std::string json_of(const patron_cuts* cuts) {
  patron_buffer* json = nullptr;
  EXPECT_EQ(patron_cuts_to_json(cuts, &json, nullptr), PATRON_OK);
  std::string out = text(patron_buffer_text(json));
  patron_buffer_close(json);
  return out;
}

TEST(Cuts, AreReadFromJson) {
  const Cuts cuts = parse(kTwoBins);
  patron_cuts_info info = PATRON_CUTS_INFO_INIT;
  ASSERT_EQ(patron_cuts_describe(cuts.get(), &info, nullptr), PATRON_OK);
  EXPECT_EQ(info.scale, 2);
  EXPECT_EQ(info.customers, 12);
  EXPECT_EQ(text(info.timezone), "Asia/Tokyo");
  struct Known {
    int32_t axis, method;
    int64_t cut, split;
  };
  for (const Known& known : {Known{PATRON_AXIS_RECENCY, PATRON_METHOD_QUANTILE, 10, 10},
                             Known{PATRON_AXIS_FREQUENCY, PATRON_METHOD_NEAREST_RANK, 1, 3},
                             Known{PATRON_AXIS_MONETARY, PATRON_METHOD_FIXED, 5000, 4000}}) {
    patron_axis_cuts axis = PATRON_AXIS_CUTS_INIT;
    ASSERT_EQ(patron_cuts_axis(cuts.get(), known.axis, &axis, nullptr), PATRON_OK);
    EXPECT_EQ(axis.method, known.method);
    ASSERT_EQ(axis.count, 1U);
    EXPECT_EQ(axis.cuts[0], known.cut);
    EXPECT_EQ(axis.octant_split, known.split);
  }
  patron_axis_cuts axis = PATRON_AXIS_CUTS_INIT;
  for (const int32_t wrong : {-1, 3}) {
    EXPECT_EQ(patron_cuts_axis(cuts.get(), wrong, &axis, nullptr), PATRON_E_ARGUMENT);
  }
}

TEST(Cuts, GoThroughJsonUnchanged) {
  const std::string json = json_of(parse(kTwoBins).get());
  EXPECT_EQ(json_of(parse(json).get()), json);
  const World world;
  EXPECT_EQ(patron_cuts_to_json(world.cuts.get(), nullptr, nullptr), PATRON_E_ARGUMENT);
}

TEST(Cuts, RefuseWhatIsNone) {
  patron_cuts* cuts = nullptr;
  patron_error error = PATRON_ERROR_INIT;
  const auto refused = [&](std::string_view json) {
    return patron_cuts_parse(json.data(), json.size(), &cuts, &error);
  };
  EXPECT_EQ(refused("{\"patron_rfm_cuts\": 1,"), PATRON_E_SYNTAX);
  EXPECT_GE(error.byte_offset, 22);
  EXPECT_EQ(refused("{}"), PATRON_E_DOCUMENT);
  EXPECT_EQ(refused("\"\xFF\""), PATRON_E_UTF8);
  EXPECT_EQ(refused(""), PATRON_E_SYNTAX);
  EXPECT_EQ(patron_cuts_parse("{}", 2, nullptr, nullptr), PATRON_E_ARGUMENT);
  EXPECT_EQ(cuts, nullptr);
}

// Rule 26: a score is 1 + the cuts strictly below the value; for recency bins - that number.
TEST(Cuts, ScoreOneCustomer) {
  const Cuts cuts = parse(kTwoBins);
  patron_scores scores = PATRON_SCORES_INIT;
  ASSERT_EQ(patron_cuts_score(cuts.get(), 10, 1, 5000, &scores, nullptr), PATRON_OK);
  EXPECT_EQ(scores.r, 2);
  EXPECT_EQ(scores.f, 1);
  EXPECT_EQ(scores.m, 1);
  EXPECT_EQ(scores.octant, 0b101) << "recent, rare, high: 5000 is above 4000";
  ASSERT_EQ(patron_cuts_score(cuts.get(), 11, 4, 5001, &scores, nullptr), PATRON_OK);
  EXPECT_EQ(scores.r, 1);
  EXPECT_EQ(scores.f, 2);
  EXPECT_EQ(scores.m, 2);
  EXPECT_EQ(scores.octant, 0b011);
}

}  // namespace
}  // namespace patron::test
