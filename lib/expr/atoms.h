// Atoms: the conditions that a bool expression is made of (what stands between its `&&`, `||`, `!`
// and `?:`), their values in one row, and which of them decide the whole.
//
//   Atoms atoms(expression.compiled());                 // made once, used for many rows
//   AtomValues row;
//   Status status = atoms.evaluate(cells, now, row);
//   for (size_t i : atoms.deciding(row)) atoms.describe(row, cells, i).op ...
//
// `spend >= 1000 && (vip || age(last) < days(30))` has three atoms. Where it is false because
// spend is 900, that one decides; where all are false, all three do.
//
// Thread class: shared.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lib/expr/compiled.h"

namespace patron::internal {

enum class Kleene : uint8_t { kFalse, kTrue, kUnknown };

/// A known cell of a bool.
Kleene kleene_of(const Cell& cell);

/// The values of atoms, and of their sides, in one row; text borrows from the row or the
/// expression.
struct AtomValues {
  std::vector<Cell> cells;
};

/// One atom as it stands in the expression.
struct AtomShape {
  int32_t node = -1;
  Span span;
  bool comparison = false;
  Cmp cmp = Cmp::kEq;
  int32_t left = -1, right = -1;  ///< nodes of a comparison; a constant stands right
};

class Atoms {
 public:
  /// Of any kind: what is no bool has no atoms. The expression is kept by reference.
  explicit Atoms(const CompiledExpression& compiled);

  std::span<const AtomShape> atoms() const { return atoms_; }
  const Graph& graph() const { return graph_; }
  const Schema& schema() const { return schema_; }
  /// The bytes of an atom.
  std::string_view text(size_t i) const;
  /// Of an atom that is nothing but a field: the field; else -1.
  int field(size_t i) const;

  /// Computes them. Errors as those of Expression::evaluate_row.
  Status evaluate(std::span<const Cell> row, Micros now, AtomValues& out) const;
  const Cell& whole(const AtomValues& values) const { return values.cells[0]; }
  const Cell& value(const AtomValues& values, size_t i) const { return values.cells[place_[i]]; }
  /// The sides of a comparison.
  const Cell& left(const AtomValues& values, size_t i) const { return values.cells[place_[i] + 1]; }
  const Cell& right(const AtomValues& values, size_t i) const {
    return values.cells[place_[i] + 2];
  }
  /// What each of them is.
  std::vector<Kleene> truths(const AtomValues& values) const;
  /// The whole where the atoms were these.
  Kleene whole_with(std::span<const Kleene> truths) const;
  /// The atoms that make the whole what it is where they are these, in the order of the text: all
  /// of a true `&&`, of a false one those that are false.
  std::vector<size_t> deciding(std::span<const Kleene> truths) const;

  /// An atom in words, with what it compares and how far apart that is.
  Atom describe(const AtomValues& values, std::span<const Cell> row, size_t i) const;
  /// The same of values that are given; `unknown` is left empty.
  Atom describe(size_t i, Kleene truth, const Cell& left, const Cell& right) const;
  /// The fields that an atom, or the whole, reads and that are null in the row, each once, in the
  /// order of reading.
  std::vector<std::string> unknown_in(size_t i, std::span<const Cell> row) const {
    return unknown_of(fields_[i], row);
  }
  std::vector<std::string> unknown_in_whole(std::span<const Cell> row) const {
    return unknown_of(fields_below(graph_.root), row);
  }
  /// The fields that an atom reads, each once, in the order of reading.
  const std::vector<int>& fields(size_t i) const { return fields_[i]; }

 private:
  void find_nodes();
  std::vector<int> fields_below(int32_t node) const;
  std::vector<std::string> unknown_of(const std::vector<int>& fields,
                                      std::span<const Cell> row) const;
  Kleene walk(std::span<const Kleene> truths, std::span<Kleene> of_nodes) const;

  const Graph& graph_;
  const Schema& schema_;
  std::string_view text_;
  std::vector<int32_t> joints_;  ///< in the order of nodes
  std::vector<AtomShape> atoms_;
  std::vector<std::vector<int>> fields_;  ///< of each atom
  std::vector<size_t> place_;             ///< of each atom among the results
  std::vector<int32_t> roots_;
  std::optional<Program> program_;
};

/// right - left, in the units of Atom::distance; absent where they are no numbers or times.
std::optional<double> distance_between(const ExprType& a, const Cell& left, const ExprType& b,
                                       const Cell& right);

}  // namespace patron::internal
