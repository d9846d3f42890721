// The conditions of an expression: which they are, what they are, and which of them decide.
#include "lib/expr/atoms.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "patron/expression.h"

namespace patron::internal {
namespace {

Schema fields() {
  return *Schema::from_json(R"({"money": {"currency": "EUR", "scale": 2},
    "fields": {"spend": "money", "orders": "int64", "vip": "bool", "blocked": "bool"}})");
}

Expression checked(const std::string& text) { return *Expression::parse(text, fields()); }

// Of a row: the texts of the atoms that decide.
std::vector<std::string> deciding(const std::string& text, const std::vector<Cell>& row) {
  const Expression expression = checked(text);
  const Atoms atoms(expression.compiled());
  AtomValues values;
  EXPECT_TRUE(atoms.evaluate(row, 0, values).ok());
  const std::vector<Kleene> truths = atoms.truths(values);
  EXPECT_EQ(atoms.whole_with(truths), kleene_of(atoms.whole(values)));
  std::vector<std::string> out;
  for (const size_t i : atoms.deciding(truths)) out.emplace_back(atoms.text(i));
  return out;
}

using Texts = std::vector<std::string>;
const Cell kNo = Cell::of(0), kYes = Cell::of(1), kNull;

TEST(Atoms, AllOfATrueAndDecideAndOfAFalseOneThoseThatAreFalse) {
  const std::string text = "spend >= 100 && orders > 2 && vip";
  EXPECT_EQ(deciding(text, {Cell::of(10000), Cell::of(3), kYes, kNull}),
            (Texts{"spend >= 100", "orders > 2", "vip"}));
  EXPECT_EQ(deciding(text, {Cell::of(9999), Cell::of(3), kNo, kNull}),
            (Texts{"spend >= 100", "vip"}));
  EXPECT_EQ(deciding(text, {Cell::of(10000), kNull, kYes, kNull}), Texts{"orders > 2"});
  EXPECT_EQ(deciding(text, {Cell::of(1), kNull, kYes, kNull}), Texts{"spend >= 100"})
      << "what is unknown does not make it false";
}

TEST(Atoms, OfAnOrItIsTheOtherWayRound) {
  const std::string text = "spend >= 100 || vip";
  EXPECT_EQ(deciding(text, {Cell::of(1), kNull, kYes, kNull}), Texts{"vip"});
  EXPECT_EQ(deciding(text, {Cell::of(1), kNull, kNo, kNull}), (Texts{"spend >= 100", "vip"}));
}

TEST(Atoms, OfADefaultAndOfATernaryOnlyTheTakenSide) {
  EXPECT_EQ(deciding("!or_else(blocked, false)", {kNull, kNull, kNull, kNull}), Texts{"blocked"});
  const std::string text = "vip ? orders > 2 : spend >= 100";
  EXPECT_EQ(deciding(text, {Cell::of(1), Cell::of(5), kYes, kNull}), (Texts{"vip", "orders > 2"}));
  EXPECT_EQ(deciding(text, {Cell::of(1), Cell::of(5), kNo, kNull}), (Texts{"vip", "spend >= 100"}));
  EXPECT_EQ(deciding(text, {Cell::of(1), Cell::of(5), kNull, kNull}), Texts{"vip"});
}

TEST(Atoms, AreDescribedWithTheConstantOnTheRight) {
  const Expression expression = checked("100 <= spend && vip");
  const Atoms atoms(expression.compiled());
  const std::vector<Cell> row{Cell::of(4000), kNull, kNull, kNull};
  AtomValues values;
  ASSERT_TRUE(atoms.evaluate(row, 0, values).ok());
  const Atom spend = atoms.describe(values, row, 0);
  EXPECT_EQ(spend.left, "40.00 EUR");
  EXPECT_EQ(spend.op, ">=");
  EXPECT_EQ(spend.right, "100.00 EUR");
  EXPECT_EQ(spend.distance, 60);
  const Atom vip = atoms.describe(values, row, 1);
  EXPECT_FALSE(vip.value.has_value());
  EXPECT_EQ(vip.unknown, std::vector<std::string>{"vip"});
  EXPECT_EQ(atoms.field(1), 2);
  EXPECT_EQ(atoms.field(0), -1);
}

}  // namespace
}  // namespace patron::internal
