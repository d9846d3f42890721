#include "lib/engine/quick/condition_table.h"

#include <algorithm>
#include <limits>

#include "lib/expr/compare.h"

namespace patron::internal {
namespace {

// What an atom of whole numbers leaves; none() where that is no range.
ValueRange range_of(const TableAtom& atom) {
  ValueRange out;
  constexpr ValueRange kAll;
  switch (atom.cmp) {
    case Cmp::kEq:
      return {atom.number, atom.number};
    case Cmp::kNe:
      return ValueRange::none();
    case Cmp::kLt:
      if (atom.number == kAll.low) return ValueRange::none();
      out.high = atom.number - 1;
      break;
    case Cmp::kLe:
      out.high = atom.number;
      break;
    case Cmp::kGt:
      if (atom.number == kAll.high) return ValueRange::none();
      out.low = atom.number + 1;
      break;
    case Cmp::kGe:
      out.low = atom.number;
      break;
  }
  return out;
}

template <typename T>
void put(std::vector<T>& sorted, T what) {
  const auto at = std::lower_bound(sorted.begin(), sorted.end(), what);
  if (at == sorted.end() || *at != what) sorted.insert(at, what);
}

// The row of a cut or of what lies between two, among sorted cuts.
template <typename T>
size_t place_among(const std::vector<T>& cuts, T value) {
  const auto at = std::lower_bound(cuts.begin(), cuts.end(), value);
  const auto below = static_cast<size_t>(at - cuts.begin());
  return 2 * below + (at != cuts.end() && *at == value ? 1 : 0);
}

// Whether a comparison with cut `at` of a sorted list is true in a row of that list.
bool compares_in(size_t row, Cmp cmp, size_t at) { return compares(row, cmp, 2 * at + 1); }

template <typename T>
size_t index_in(const std::vector<T>& sorted, T what) {
  return static_cast<size_t>(std::lower_bound(sorted.begin(), sorted.end(), what) - sorted.begin());
}

}  // namespace

TableAtom TableAtom::negated() const {
  TableAtom out = *this;
  out.cmp = internal::negated(cmp);
  return out;
}

uint64_t ConditionTable::add(const TableClauses& clauses) {
  size_t atoms = atoms_;
  for (const std::vector<TableAtom>& clause : clauses) atoms += clause.size();
  if (clauses_.size() + clauses.size() > kMostClauses || atoms > kMostAtoms) return 0;
  atoms_ = atoms;
  uint64_t bits = 0;
  for (const std::vector<TableAtom>& clause : clauses) {
    bits |= uint64_t{1} << clauses_.size();
    clauses_.push_back(clause);
  }
  return bits;
}

void ConditionTable::finish(size_t values) {
  places_.assign(values, -1);
  for (const std::vector<TableAtom>& clause : clauses_) {
    std::vector<Need>& needs = needs_.emplace_back();
    for (const TableAtom& atom : clause) {
      int& place = places_[atom.value];
      if (place < 0) {
        place = static_cast<int>(tables_.size());
        OfValue& made = tables_.emplace_back();
        made.value_ = atom.value;
        made.lane_ = atom.lane;
      }
      OfValue& table = tables_[static_cast<size_t>(place)];
      switch (atom.lane) {
        case TableAtom::Lane::kWhole:
          put(table.cuts_, atom.number);
          break;
        case TableAtom::Lane::kDouble:
          put(table.reals_, atom.real);
          break;
        case TableAtom::Lane::kText:
          put(table.words_, atom.text);
          break;
      }
      auto need = std::find_if(needs.begin(), needs.end(),
                               [&](const Need& one) { return one.value == atom.value; });
      if (need == needs.end()) need = needs.insert(needs.end(), Need{atom.value, {}});
      need->range.cut(atom.lane == TableAtom::Lane::kWhole ? range_of(atom) : ValueRange::none());
    }
  }
  for (OfValue& table : tables_) make(table);
}

void ConditionTable::make(OfValue& table) {
  const bool texts = table.lane_ == TableAtom::Lane::kText;
  const size_t cuts = std::max(table.cuts_.size(), table.reals_.size());
  // Of texts each word has a row, and all others one.
  const size_t rows = texts ? table.words_.size() + 1 : 2 * cuts + 1;
  table.rows_.resize(rows + 1);
  ClauseRow& unknown = table.rows_.back();
  for (size_t bit = 0; bit < clauses_.size(); ++bit) {
    const uint64_t mask = uint64_t{1} << bit;
    for (const TableAtom& atom : clauses_[bit]) {
      if (atom.value != table.value_) continue;
      unknown.holds &= ~mask;
      for (size_t row = 0; row < rows; ++row) {
        bool holds = false;
        if (texts) {
          holds = (index_in(table.words_, atom.text) == row) == (atom.cmp == Cmp::kEq);
        } else {
          const size_t at = atom.lane == TableAtom::Lane::kWhole
                                ? index_in(table.cuts_, atom.number)
                                : index_in(table.reals_, atom.real);
          holds = compares_in(row, atom.cmp, at);
        }
        if (!holds) table.rows_[row].holds &= ~mask, table.rows_[row].fails |= mask;
      }
    }
  }
  if (!table.is_whole()) return;
  table.make_guide();
  for (size_t row = 0; row < rows; ++row) {
    ClauseRow& made = table.rows_[row];
    made.below = row == 0 ? ~made.holds : table.rows_[row - 1].below & ~made.holds;
    const size_t cut = row / 2;
    if (row % 2 == 1) {
      made.range = {table.cuts_[cut], table.cuts_[cut]};
    } else {
      // Nothing lies beyond the least and the greatest number: such a row is never looked up.
      constexpr auto kLeast = std::numeric_limits<int64_t>::min();
      constexpr auto kGreatest = std::numeric_limits<int64_t>::max();
      if (cut > 0 && table.cuts_[cut - 1] < kGreatest) made.range.low = table.cuts_[cut - 1] + 1;
      if (cut < cuts && table.cuts_[cut] > kLeast) made.range.high = table.cuts_[cut] - 1;
    }
  }
  for (size_t row = rows; row-- > 0;) {
    ClauseRow& made = table.rows_[row];
    made.above = row + 1 == rows ? ~made.holds : table.rows_[row + 1].above & ~made.holds;
  }
}

// Some steps for each cut, so that nearly all have none or one.
void ConditionTable::OfValue::make_guide() {
  constexpr uint64_t kStepsOfCut = 4;
  constexpr size_t kMostOfStep = 4;
  const auto first = static_cast<uint64_t>(cuts_.front());
  const uint64_t length = static_cast<uint64_t>(cuts_.back()) - first;
  while (length >> guide_shift_ >= kStepsOfCut * cuts_.size()) ++guide_shift_;
  guide_.resize((length >> guide_shift_) + 1);
  size_t below = 0, most = 0;
  for (uint64_t step = 0; step < guide_.size(); ++step) {
    const size_t before = below;
    while (static_cast<uint64_t>(cuts_[below]) - first < step << guide_shift_) ++below;
    most = std::max(most, below - before);
    guide_[step] = static_cast<uint16_t>(below);
  }
  if (std::max(most, cuts_.size() - below) > kMostOfStep) guide_.clear();
}

size_t ConditionTable::OfValue::below_by_halves(int64_t value) const {
  const int64_t* cut = cuts_.data();
  for (size_t left = cuts_.size(); left > 1;) {
    const size_t half = left / 2;
    cut += half * (cut[half - 1] < value ? 1u : 0u);  // without a branch
    left -= half;
  }
  return static_cast<size_t>(cut - cuts_.data()) + (*cut < value ? 1u : 0u);
}

size_t ConditionTable::OfValue::other(const Cell& cell) const {
  if (lane_ == TableAtom::Lane::kDouble) return place_among(reals_, cell.number);
  const auto at = std::lower_bound(words_.begin(), words_.end(), cell.text);
  const bool is_word = at != words_.end() && *at == cell.text;
  return is_word ? static_cast<size_t>(at - words_.begin()) : words_.size();
}

}  // namespace patron::internal
