#include "lib/engine/calibration/calibration_names.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace patron {
namespace {

TEST(CalibrationNames, CanBeTakenOutAndNothingElse) {
  const auto whole = std::make_shared<internal::CalibrationData>();
  internal::RankConstants rank;
  rank.classes.resize(2);
  rank.classes[0].seats = {{0, {}}, {0, {}}};
  rank.classes[0].seats[0].text = "ann", rank.classes[0].seats[1].text = "zoe";
  whole->models["rank"].of = rank;
  internal::ReferralConstants referral;
  referral.ids.resize(3), referral.values.resize(3);
  const char* names[] = {"ann", "eve", "zoe"};
  for (size_t i = 0; i < 3; ++i) {
    referral.ids[i].text = names[i], referral.values[i].value = static_cast<int64_t>(10 * i);
  }
  whole->models["referral"].of = referral;

  const CustomerId stranger{0, "an"}, ann{0, "ann"}, zoe{0, "zoe"};
  EXPECT_EQ(internal::without(whole, std::vector{stranger}), whole);
  const auto found = internal::without(whole, std::vector{zoe, stranger, ann});
  EXPECT_TRUE(found->find<internal::RankConstants>("rank")->classes[0].seats.empty());
  const auto* left = found->find<internal::ReferralConstants>("referral");
  ASSERT_EQ(left->ids.size(), 1U);
  ASSERT_EQ(left->values.size(), 1U);
  EXPECT_EQ(left->find({0, "eve"})->value, 10);
  EXPECT_EQ(whole->find<internal::ReferralConstants>("referral")->ids.size(), 3U);
  // Parts that have forgotten somebody still go together, and are not the same.
  EXPECT_EQ(internal::calibration_basis(*found), internal::calibration_basis(*whole));
  EXPECT_NE(internal::calibration_hash(*found), internal::calibration_hash(*whole));
}

}  // namespace
}  // namespace patron
