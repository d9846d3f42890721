#include "lib/engine/policy_versions.h"

#include <gtest/gtest.h>

namespace patron::internal {
namespace {

// Under the first policy a tier of three classes and an audience of one; under the second the tier
// is called otherwise and stands behind a new one, its middle class is gone and the audience too;
// under the third the tier's two classes change places.
std::vector<PolicyVersion> three() {
  const Policy policy = *Policy::parse(R"({"patron": 1, "name": "x"})");
  return {{policy, kMinTime, {}},
          {policy, 100, {{1, {0, kNoClass, 1}}, {-1, {kNoClass}}}},
          {policy, 200, {{0, {0}}, {1, {1, 0}}}}};
}

TEST(PolicyVersions, CarryAClassThroughAllThatFollowed) {
  const auto versions = three();
  EXPECT_EQ(carried(versions, 1, 1, {0, 1}), (ClassPlace{0, 1}));
  EXPECT_EQ(carried(versions, 1, 2, {0, 2}), (ClassPlace{1, 1}));
  EXPECT_EQ(carried(versions, 1, 3, {0, 2}), (ClassPlace{1, 0}));
  EXPECT_EQ(carried(versions, 1, 3, {0, 0}), (ClassPlace{1, 1}));
  EXPECT_EQ(carried(versions, 2, 3, {0, 0}), (ClassPlace{0, 0}));
}

TEST(PolicyVersions, AClassOrAClassificationMayEnd) {
  const auto versions = three();
  EXPECT_EQ(carried(versions, 1, 3, {0, 1}), (ClassPlace{1, kNoClass}));
  EXPECT_EQ(carried(versions, 1, 2, {1, 0}), (ClassPlace{-1, kNoClass}));
  EXPECT_EQ(carried(versions, 1, 3, {1, 0}), (ClassPlace{-1, kNoClass}));
  EXPECT_EQ(carried(versions, 1, 3, {0, kNoClass}), (ClassPlace{1, kNoClass}));
}

TEST(PolicyVersions, SayWhatAClassificationWas) {
  const auto versions = three();
  EXPECT_EQ(came_from(versions, 1, 3, 1), 0);
  EXPECT_EQ(came_from(versions, 2, 3, 0), 0);
  EXPECT_EQ(came_from(versions, 1, 3, 0), -1);
  EXPECT_EQ(came_from(versions, 3, 3, 1), 1);
}

TEST(PolicyVersions, AreInForceFromTheirInstantOn) {
  const auto versions = three();
  EXPECT_EQ(version_at(versions, kMinTime), 1);
  EXPECT_EQ(version_at(versions, 99), 1);
  EXPECT_EQ(version_at(versions, 100), 2);
  EXPECT_EQ(version_at(versions, 199), 2);
  EXPECT_EQ(version_at(versions, 200), 3);
}

}  // namespace
}  // namespace patron::internal
