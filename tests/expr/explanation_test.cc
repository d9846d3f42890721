#include <gtest/gtest.h>

#include "tests/expr/world.h"

namespace patron::test {
namespace {

Explanation explain(const std::string& text, const Row& row) {
  const Result<Explanation> out = Expression::parse(text, world())->explain(row.cells, kWorldNow);
  EXPECT_TRUE(out.ok()) << out.status().message();
  return *out;
}

// "0+ 1-": which atoms would have to become true or false; sets divided by bars.
std::string missing(const std::string& text, const Row& row) {
  std::string out;
  for (const auto& set : explain(text, row).missing) {
    if (!out.empty()) out += " | ";
    for (const AtomChange& change : set) {
      out += (out.empty() || out.back() == ' ' ? "" : " ") + std::to_string(change.atom) +
             (change.wanted ? "+" : "-");
    }
  }
  return out;
}

TEST(Explain, GivesTheAtomsWithValueThresholdAndDistance) {
  const Row row = plain_row().set("m", 76'000).set("i", 7).set("t", kWorldNow - 3 * kMicrosPerDay);
  const Explanation out = explain("2000 <= m && i > 9 && age(t) <= days(2) && e == 'low'", row);
  EXPECT_EQ(out.value, "false");
  ASSERT_EQ(out.atoms.size(), 4u);
  EXPECT_EQ(out.atoms[0].begin, 0);
  EXPECT_EQ(out.atoms[0].end, 9);
  EXPECT_EQ(out.atoms[0].left, "760.00 CNY");
  EXPECT_EQ(out.atoms[0].op, ">=");
  EXPECT_EQ(out.atoms[0].right, "2000.00 CNY");
  EXPECT_EQ(out.atoms[0].distance, 1240);
  EXPECT_EQ(out.atoms[0].value, false);
  EXPECT_EQ(out.atoms[1].distance, 2);
  EXPECT_EQ(out.atoms[2].left, "3d");
  EXPECT_EQ(out.atoms[2].distance, -86'400);
  EXPECT_FALSE(out.atoms[3].value);
  EXPECT_EQ(out.atoms[3].left, "unknown");
  EXPECT_EQ(out.unknown, std::vector<std::string>{"e"});
}

TEST(Explain, FindsTheSmallestSetsThatWouldMakeItTrue) {
  const Row row = plain_row().set("i", 0).set("b", 1).set_double("d", 5);
  // Atoms: 0: i > 1, 1: i > 2, 2: b, 3: d < 3.
  EXPECT_EQ(missing("i > 1 || i > 2 && b", row), "0+ | 1+");
  EXPECT_EQ(missing("i > 1 && i > 2 && b", row), "0+ 1+");
  EXPECT_EQ(missing("i > 1 && i > 2 || !b && d < 3", row), "0+ 1+ | 2- 3+");
  EXPECT_EQ(missing("b", row), "");
  EXPECT_EQ(missing("k.x > 1", row), "0+");
  EXPECT_EQ(missing("!(k.x > 1)", row), "0-");
  EXPECT_EQ(missing("or_else(k.x > 1, i > 1)", row), "0+ | 1+");
  EXPECT_EQ(missing("k.x > 1 ? i > 1 : d < 3", row), "0+ 1+ | 0- 2+");
}

TEST(Explain, DoesNotDecideBeyondTwelve) {
  std::string text = "i > 1";
  for (int k = 2; k <= 12; ++k) text += " && i > " + std::to_string(k);
  EXPECT_TRUE(explain(text, plain_row().set("i", 0)).decided);
  EXPECT_EQ(explain(text, plain_row().set("i", 0)).missing.front().size(), 12u);
  const Explanation more = explain(text + " && i > 13", plain_row().set("i", 0));
  EXPECT_FALSE(more.decided);
  EXPECT_TRUE(more.missing.empty());
  EXPECT_EQ(more.atoms.size(), 13u);
}

// What is proposed, applied to atoms that are bare fields, gives true; nothing smaller does.
TEST(Explain, WhatItProposesIsTrueAndLeast) {
  const char* names[] = {"b", "c", "st", "e"};
  const char* atoms[] = {"b", "c", "'a' in st", "e == 'low'"};
  const auto apply = [&](Row& row, size_t which, bool value) {
    if (which == 2) {
      row.set("st", value);
    } else if (which == 3) {
      row.set_text("e", value ? "low" : "high");
    } else {
      row.set(names[which], value);
    }
  };
  Dice dice(9);
  for (int n = 0; n < cases(300); ++n) {
    std::string text = atoms[dice.below(4)];
    for (int64_t k = dice.below(6); k >= 0; --k) {
      const std::string next =
          (dice.one_in(2) ? "" : "!") + std::string("(") + atoms[dice.below(4)] + ")";
      text = "(" + text + (dice.one_in(2) ? " && " : " || ") + next + ")";
    }
    Row row = plain_row();
    for (size_t k = 0; k < 4; ++k) {
      if (k == 1 || !dice.one_in(3)) apply(row, k, dice.one_in(2));
    }
    const Explanation out = explain(text, row);
    ASSERT_TRUE(out.decided);
    if (out.value == "true") continue;
    // By trying everything: the least number of facts that must change.
    size_t least = 99;
    for (int bits = 0; bits < 256; ++bits) {  // two bits a fact: leave, set false, set true
      Row tried = row;
      size_t changed = 0;
      for (size_t k = 0; k < 4; ++k) {
        const int what = bits >> (2 * k) & 3;
        if (what >= 2) apply(tried, k, what == 3), ++changed;
      }
      if (value_of(text, tried) == "1") least = std::min(least, changed);
    }
    if (out.missing.empty()) {
      ASSERT_EQ(least, 99u) << text;
      continue;
    }
    ASSERT_EQ(out.missing.front().size(), least) << text;
    for (const auto& set : out.missing) {
      Row tried = row;
      for (const AtomChange& change : set) {
        const Atom& atom = out.atoms[change.atom];
        const std::string source = text.substr(static_cast<size_t>(atom.begin),
                                               static_cast<size_t>(atom.end - atom.begin));
        for (size_t k = 0; k < 4; ++k) {
          if (source == atoms[k]) apply(tried, k, change.wanted);
        }
      }
      ASSERT_EQ(value_of(text, tried), "1") << text;
    }
  }
}

}  // namespace
}  // namespace patron::test
