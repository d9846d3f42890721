// Conditions looked up in tables beside the same conditions evaluated comparison by comparison.
#include "lib/engine/quick/condition_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <limits>
#include <optional>
#include <random>
#include <vector>

namespace patron::internal {
namespace {

constexpr int64_t kMost = 12;  // values of the tests are 0 .. kMost

TableAtom whole(uint32_t value, Cmp cmp, int64_t number) {
  TableAtom out;
  out.value = value, out.cmp = cmp, out.number = number;
  return out;
}

// nullopt: unknown.
std::optional<bool> truth(const TableAtom& atom, const Cell& cell) {
  if (!cell.known) return std::nullopt;
  const auto compare = [&](const auto& a, const auto& b) {
    switch (atom.cmp) {
      case Cmp::kEq:
        return a == b;
      case Cmp::kNe:
        return a != b;
      case Cmp::kLt:
        return a < b;
      case Cmp::kLe:
        return a <= b;
      case Cmp::kGt:
        return a > b;
      default:
        return a >= b;
    }
  };
  if (atom.lane == TableAtom::Lane::kDouble) return compare(cell.number, atom.real);
  if (atom.lane == TableAtom::Lane::kText) return compare(cell.text, atom.text);
  return compare(cell.integer, atom.number);
}

std::optional<bool> truth(const std::vector<TableAtom>& clause, const std::vector<Cell>& cells) {
  std::optional<bool> all = true;
  for (const TableAtom& atom : clause) {
    const std::optional<bool> one = truth(atom, cells[atom.value]);
    if (one == false) return false;
    if (!one) all = std::nullopt;
  }
  return all;
}

std::optional<bool> truth(const TableClauses& condition, const std::vector<Cell>& cells) {
  std::optional<bool> any = false;
  for (const std::vector<TableAtom>& clause : condition) {
    const std::optional<bool> one = truth(clause, cells);
    if (one == true) return true;
    if (!one) any = std::nullopt;
  }
  return any;
}

// Values 0 and 1 are whole numbers, 2 is a double, 3 a text.
struct Drawn {
  explicit Drawn(uint64_t seed) : random(seed) {}
  int64_t below(int64_t n) { return static_cast<int64_t>(random() % static_cast<uint64_t>(n)); }
  TableAtom atom() {
    TableAtom out =
        whole(static_cast<uint32_t>(below(4)), static_cast<Cmp>(below(6)), 1 + below(kMost - 1));
    if (out.value == 2) {
      out.lane = TableAtom::Lane::kDouble;
      out.real = static_cast<double>(out.number) / 2;
    } else if (out.value == 3) {
      out.lane = TableAtom::Lane::kText;
      out.cmp = below(2) == 0 ? Cmp::kEq : Cmp::kNe;
      out.text = kWords[below(3)];
    }
    return out;
  }
  TableClauses condition() {
    TableClauses out(static_cast<size_t>(1 + below(3)));
    for (auto& clause : out) {
      for (int64_t left = 1 + below(3); left > 0; --left) clause.push_back(atom());
    }
    return out;
  }
  std::vector<Cell> cells() {
    std::vector<Cell> out(4);
    for (size_t i = 0; i < 4; ++i) {
      if (below(6) == 0) continue;
      out[i] = Cell::of(below(kMost + 1));
      if (i == 2) out[i] = Cell::of_double(static_cast<double>(below(2 * kMost)) / 4);
      if (i == 3) out[i] = Cell::of_text(kWords[below(4)]);
    }
    return out;
  }
  static constexpr const char* kWords[4] = {"red", "blue", "green", "none"};
  std::mt19937_64 random;
};

struct Standing {
  Standing(const ConditionTable& table, const std::vector<Cell>& cells) {
    for (const auto& one : table.tables()) {
      rows.push_back(&one.row(cells[one.value()]));
      holds &= rows.back()->holds, fails |= rows.back()->fails;
    }
  }
  std::vector<const ClauseRow*> rows;
  uint64_t holds = ~uint64_t{0}, fails = 0;
};

TEST(ConditionTable, SaysOfConditionsWhatTheirComparisonsSay) {
  int64_t seen[3] = {};
  for (uint64_t seed = 1; seed <= 300; ++seed) {
    Drawn drawn(seed);
    ConditionTable table;
    std::vector<TableClauses> conditions;
    std::vector<uint64_t> bits;
    for (int i = 0; i < 6; ++i) {
      conditions.push_back(drawn.condition());
      bits.push_back(table.add(conditions.back()));
      ASSERT_NE(bits.back(), 0u);
    }
    table.finish(4);
    for (int turn = 0; turn < 40; ++turn) {
      const std::vector<Cell> cells = drawn.cells();
      const Standing now(table, cells);
      for (size_t i = 0; i < conditions.size(); ++i) {
        const std::optional<bool> want = truth(conditions[i], cells);
        ASSERT_EQ((now.holds & bits[i]) != 0, want == true) << seed;
        ASSERT_EQ((now.fails & bits[i]) == bits[i], want == false) << seed;
        ++seen[!want ? 2 : *want ? 1 : 0];
      }
    }
  }
  for (const int64_t count : seen) EXPECT_GT(count, 1000);
}

TEST(ConditionTable, TheLeastAndTheGreatestNumberAreCutsToo) {
  constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();
  constexpr int64_t kGreatest = std::numeric_limits<int64_t>::max();
  ConditionTable table;
  const uint64_t more = table.add({{whole(0, Cmp::kGt, kLeast)}});
  const uint64_t all = table.add({{whole(0, Cmp::kGe, kGreatest)}});
  table.finish(1);
  for (const int64_t value : {kLeast, kLeast + 1, int64_t{0}, kGreatest - 1, kGreatest}) {
    const Standing now(table, {Cell::of(value)});
    EXPECT_EQ((now.holds & more) != 0, value > kLeast) << value;
    EXPECT_EQ((now.holds & all) != 0, value == kGreatest) << value;
  }
}

// Whether cuts are spread evenly, lie in heaps, or are few and far apart.
TEST(ConditionTable, FindsPlacesAmongCutsOfAnyKind) {
  std::mt19937_64 random(5);
  for (int turn = 0; turn < 200; ++turn) {
    ConditionTable table;
    std::vector<int64_t> cuts;
    const size_t count = 1 + random() % 40;
    for (size_t i = 0; i < count; ++i) {
      const auto near = static_cast<int64_t>(random() % 50), far = static_cast<int64_t>(random());
      cuts.push_back(turn % 3 == 0 ? near * 1000 : turn % 3 == 1 ? near : i % 2 == 0 ? near : far);
      ASSERT_NE(table.add({{whole(0, Cmp::kGe, cuts.back())}}), 0u);
    }
    table.finish(1);
    std::sort(cuts.begin(), cuts.end());
    cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
    const auto& of = table.tables()[0];
    const auto check = [&](int64_t value) {
      const auto at = std::lower_bound(cuts.begin(), cuts.end(), value);
      const auto below = static_cast<size_t>(at - cuts.begin());
      const bool is_cut = at != cuts.end() && *at == value;
      ASSERT_EQ(of.place_of(value), 2 * below + (is_cut ? 1 : 0)) << value << " " << turn;
    };
    for (const int64_t cut : cuts) {
      check(cut);
      if (cut > std::numeric_limits<int64_t>::min()) check(cut - 1);
      if (cut < std::numeric_limits<int64_t>::max()) check(cut + 1);
    }
    check(std::numeric_limits<int64_t>::min()), check(std::numeric_limits<int64_t>::max());
    for (int i = 0; i < 20; ++i) check(static_cast<int64_t>(random() % 60'000));
  }
}

// What the rows promise of other values is so.
TEST(ConditionTable, KnowsWhatStaysWhileAValueMoves) {
  int64_t below = 0, above = 0, needed = 0;
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    Drawn drawn(seed);
    ConditionTable table;
    uint64_t clauses = 0;
    for (int i = 0; i < 6; ++i) clauses |= table.add(drawn.condition());
    table.finish(4);
    const std::vector<Cell> cells = drawn.cells();
    const Standing now(table, cells);
    for (size_t t = 0; t < table.tables().size(); ++t) {
      const auto& of = table.tables()[t];
      if (!of.is_whole() || !cells[of.value()].known) continue;
      const ClauseRow& here = *now.rows[t];
      ASSERT_TRUE(here.range.has(cells[of.value()].integer));
      for (int64_t other = -1; other <= kMost + 1; ++other) {
        const ClauseRow& there = of.row(Cell::of(other));
        ASSERT_EQ(here.range.has(other), &here == &there);
        if (other <= here.range.high) {
          ASSERT_EQ(there.holds & here.below, 0u) << seed;
        }
        if (other >= here.range.low) {
          ASSERT_EQ(there.holds & here.above, 0u) << seed;
        }
      }
      below += std::popcount(here.below), above += std::popcount(here.above);
    }
    for (uint64_t left = now.holds & clauses; left != 0; left &= left - 1) {
      const int bit = std::countr_zero(left);
      for (const auto& need : table.needs(bit)) {
        if (need.range == ValueRange::none()) continue;
        ASSERT_TRUE(need.range.has(cells[need.value].integer)) << seed;
        const auto& of = table.tables()[static_cast<size_t>(table.place_of(need.value))];
        for (int64_t other = -1; other <= kMost + 1; ++other) {
          const bool holds = (of.row(Cell::of(other)).holds >> bit & 1) != 0;
          ASSERT_TRUE(holds || !need.range.has(other)) << seed;
        }
        ++needed;
      }
    }
  }
  EXPECT_GT(below, 100);
  EXPECT_GT(above, 100);
  EXPECT_GT(needed, 100);
}

TEST(ConditionTable, HasRoomForSixtyFourClauses) {
  ConditionTable table;
  const TableClauses one{{whole(0, Cmp::kGe, 3)}};
  for (int i = 0; i < 63; ++i) EXPECT_EQ(table.add(one), uint64_t{1} << i);
  EXPECT_EQ(table.add({one[0], one[0]}), 0u);
  EXPECT_EQ(table.add(one), uint64_t{1} << 63);
  EXPECT_EQ(table.add(one), 0u);
  table.finish(2);
  EXPECT_EQ(table.tables()[0].row(Cell::of(3)).fails, 0u);
  EXPECT_EQ(table.tables()[0].row(Cell::of(2)).holds, 0u);
  EXPECT_EQ(table.place_of(1), -1);
}

}  // namespace
}  // namespace patron::internal
