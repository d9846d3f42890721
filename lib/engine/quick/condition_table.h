// ConditionTable: which conditions hold, looked up by where each value stands among the numbers
// that it is compared with.
//
//   ConditionTable table;
//   uint64_t gold = table.add({{{spend >= 1000}, {visits >= 3}}, {{vip}}});   // (a && b) || c
//   table.finish(policy.values.size());
//   for (const ConditionTable::OfValue& of : table.tables()) {
//     const ClauseRow& row = of.row(cells[of.value()]);
//     holds &= row.holds, fails |= row.fails;
//   }
//   (holds & gold) != 0;                                 // true
//   (fails & gold) == gold;                              // false; else unknown
//
// A condition is a disjunction of clauses, a clause a conjunction of comparisons of one value with
// a number or a word; each clause is a bit. The numbers cut the range of a value into stretches,
// and each stretch has a row that says what is true of all clauses there, as far as this value has
// a part in them: what all of them are is the `and` of one row of each value. In Kleene's logic
// conjunctions and disjunctions distribute, so that nothing is lost.
//
// The rows also say what keeps a clause as it is while values move: `below` are those that are not
// true here, nor for any lesser value.
//
// Thread class: const is shared.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "lib/expr/graph.h"
#include "lib/metrics/value_range.h"
#include "patron/expression.h"

namespace patron::internal {

/// A comparison of a value with a constant, in the lane of that value.
struct TableAtom {
  enum class Lane : uint8_t { kWhole, kDouble, kText };
  uint32_t value = 0;
  Lane lane = Lane::kWhole;
  Cmp cmp = Cmp::kEq;  ///< of a text kEq or kNe
  int64_t number = 0;
  double real = 0;
  std::string_view text;
  TableAtom negated() const;
};
/// Of one condition the clauses, of each clause the comparisons.
using TableClauses = std::vector<std::vector<TableAtom>>;

/// A stretch of a value's range.
struct ClauseRow {
  uint64_t holds = ~uint64_t{0};  ///< clauses all of whose comparisons with the value are true
  uint64_t fails = 0;             ///< clauses one of whose comparisons with it is false
  // Of whole numbers: clauses that do not hold here, and for no lesser value; and for no greater
  // one; and which values these are.
  uint64_t below = 0, above = 0;
  ValueRange range;
};

class ConditionTable {
 public:
  static constexpr size_t kMostClauses = 64;
  static constexpr size_t kMostAtoms = 10'000;  // a place takes two bytes

  class OfValue {
   public:
    /// Which of its rows is that of a value.
    size_t place(const Cell& cell) const {
      if (!cell.known) return rows_.size() - 1;
      return lane_ == TableAtom::Lane::kWhole ? place_of(cell.integer) : other(cell);
    }
    /// Of a whole number; is_whole().
    size_t place_of(int64_t value) const {
      // Row 2k is what lies below cut k and above the one before, row 2k + 1 is cut k.
      const size_t below = guide_.empty() ? below_by_halves(value) : below_by_guide(value);
      return 2 * below + (below < cuts_.size() && cuts_[below] == value ? 1u : 0u);
    }
    const ClauseRow& at(size_t place) const { return rows_[place]; }
    size_t rows() const { return rows_.size(); }
    const ClauseRow& row(const Cell& cell) const { return rows_[place(cell)]; }
    uint32_t value() const { return value_; }
    bool is_whole() const { return lane_ == TableAtom::Lane::kWhole; }

   private:
    friend class ConditionTable;
    // How many cuts are less.
    size_t below_by_guide(int64_t value) const {
      if (value > cuts_.back()) return cuts_.size();
      if (value <= cuts_.front()) return 0;
      const uint64_t from_first =
          static_cast<uint64_t>(value) - static_cast<uint64_t>(cuts_.front());
      size_t below = guide_[from_first >> guide_shift_];
      while (cuts_[below] < value) ++below;
      return below;
    }
    size_t below_by_halves(int64_t value) const;
    void make_guide();
    size_t other(const Cell& cell) const;

    uint32_t value_ = 0;
    TableAtom::Lane lane_ = TableAtom::Lane::kWhole;
    std::vector<int64_t> cuts_;
    // From the first cut to the last in steps of 2^guide_shift_: how many cuts are less than the
    // first number of each. Empty where some step has many cuts.
    std::vector<uint16_t> guide_;
    int guide_shift_ = 0;
    std::vector<double> reals_;
    std::vector<std::string_view> words_;
    std::vector<ClauseRow> rows_;  // the last: it is not known
  };

  /// What a clause that holds needs of a value: `none()` where that is no range of whole numbers.
  struct Need {
    uint32_t value = 0;
    ValueRange range;
  };

  /// The bits of a condition; 0 where there is no room for them. No clause, and none of them, is
  /// empty.
  uint64_t add(const TableClauses& clauses);
  /// Once all are there. `values`: as many as the policy has.
  void finish(size_t values);

  /// Where a value stands among tables(); -1: nothing is compared with it.
  int place_of(size_t value) const { return places_[value]; }
  std::span<const OfValue> tables() const { return tables_; }
  /// How many bits there are.
  int clauses() const { return static_cast<int>(clauses_.size()); }
  /// What the clause of that bit needs of each value that it reads.
  std::span<const Need> needs(int bit) const { return needs_[static_cast<size_t>(bit)]; }

 private:
  void make(OfValue& table);

  std::vector<std::vector<TableAtom>> clauses_;  // of each bit
  size_t atoms_ = 0;
  std::vector<std::vector<Need>> needs_;
  std::vector<OfValue> tables_;
  std::vector<int> places_;
};

}  // namespace patron::internal
