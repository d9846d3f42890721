#include <gtest/gtest.h>

#include <array>
#include <set>
#include <string>
#include <string_view>

#include "patron/segments.h"

namespace patron {
namespace {

constexpr int kR = 4, kF = 2, kM = 1;

// The published list, in its order: R F M high or low, first system, second system.
struct Octant {
  int bits;
  std::string_view classic, ve;
};
constexpr std::array<Octant, 8> kPublished{{{kR | kF | kM, "重要价值", "重要价值"},
                                            {kR | kM, "重要发展", "重要深耕"},
                                            {kF | kM, "重要保持", "重要唤回"},
                                            {kM, "重要挽留", "重要挽留"},
                                            {kR | kF, "一般价值", "潜力"},
                                            {kR, "一般发展", "新客户"},
                                            {kF, "一般保持", "一般维持"},
                                            {0, "一般挽留", "流失"}}};

TEST(Octants, TheChineseNamesAreThePublishedOnesInBothSystems) {
  for (const Octant& octant : kPublished) {
    EXPECT_EQ(octant_name(OctantNames::kClassic, octant.bits).zh, octant.classic) << octant.bits;
    EXPECT_EQ(octant_name(OctantNames::kVe, octant.bits).zh, octant.ve) << octant.bits;
  }
}

TEST(Octants, EnglishNamesSayImportantWhereMoneyIsHigh) {
  EXPECT_EQ(octant_name(OctantNames::kClassic, kR | kF | kM).en, "Important value");
  EXPECT_EQ(octant_name(OctantNames::kClassic, kM).en, "Important win-back");
  EXPECT_EQ(octant_name(OctantNames::kClassic, kR).en, "General development");
  EXPECT_EQ(octant_name(OctantNames::kVe, kR).en, "New");
  for (int octant = 0; octant < 8; ++octant) {
    const std::string_view name = octant_name(OctantNames::kClassic, octant).en;
    EXPECT_EQ(name.starts_with("Important"), (octant & kM) != 0) << name;
  }
}

TEST(Octants, EightNamesOfASystemAreEightNames) {
  for (OctantNames system : {OctantNames::kClassic, OctantNames::kVe}) {
    std::set<std::string_view> en, zh;
    for (int octant = 0; octant < 8; ++octant) {
      en.insert(octant_name(system, octant).en);
      zh.insert(octant_name(system, octant).zh);
    }
    EXPECT_EQ(en.size(), 8u);
    EXPECT_EQ(zh.size(), 8u);
  }
}

TEST(Octants, NoOtherNumberHasAName) {
  EXPECT_EQ(octant_name(OctantNames::kClassic, 8).en, "");
  EXPECT_EQ(octant_name(OctantNames::kVe, -1).zh, "");
}

}  // namespace
}  // namespace patron
