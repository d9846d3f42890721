#include "lib/expr/atoms.h"

#include <algorithm>
#include <array>
#include <utility>

#include "lib/base/money_block.h"
#include "lib/expr/value_text.h"

namespace patron::internal {
namespace {

// What only joins conditions, so that its parts are atoms.
bool joins(const Node& node) {
  switch (node.op) {
    case Op::kNot:
    case Op::kAnd:
    case Op::kOr:
      return true;
    case Op::kSelect:
    case Op::kOrElse:
      return node.type.base == Base::kBool;
    default:
      return false;
  }
}

bool is_comparison(Op op) {
  return op == Op::kCompare || op == Op::kCompareIntDouble || op == Op::kCompareRank;
}

bool reads_field(Op op) { return op == Op::kField || op == Op::kHas || op == Op::kIsNull; }

Kleene negation(Kleene a) {
  return a == Kleene::kUnknown ? a : a == Kleene::kTrue ? Kleene::kFalse : Kleene::kTrue;
}

Kleene joined(Op op, Kleene a, Kleene b) {
  const Kleene decides = op == Op::kOr ? Kleene::kTrue : Kleene::kFalse;
  if (a == decides || b == decides) return decides;
  return a == Kleene::kUnknown || b == Kleene::kUnknown ? Kleene::kUnknown : negation(decides);
}

template <typename T>
void add_once(std::vector<T>& list, const T& item) {
  if (std::find(list.begin(), list.end(), item) == list.end()) list.push_back(item);
}

std::optional<double> number_in(const ExprType& type, const Cell& cell) {
  const auto whole = static_cast<double>(cell.integer);
  switch (type.base) {
    case Base::kInt64:
    case Base::kDate:
      return whole;
    case Base::kDouble:
      return cell.number;
    case Base::kMoney:
      return whole / kPowersOfTen[static_cast<size_t>(type.unit.scale)];
    case Base::kTimestamp:
    case Base::kDuration:
      return whole / static_cast<double>(kMicrosPerSecond);
    default:
      return std::nullopt;
  }
}

}  // namespace

Kleene kleene_of(const Cell& cell) {
  return !cell.known ? Kleene::kUnknown : cell.integer != 0 ? Kleene::kTrue : Kleene::kFalse;
}

std::optional<double> distance_between(const ExprType& a, const Cell& left, const ExprType& b,
                                       const Cell& right) {
  if (!left.known || !right.known) return std::nullopt;
  const std::optional<double> x = number_in(a, left), y = number_in(b, right);
  if (!x || !y) return std::nullopt;
  // Whole numbers are taken apart before they are rounded.
  if (a.base == b.base && a.base != Base::kDouble) {
    int64_t apart = 0;
    if (!__builtin_sub_overflow(right.integer, left.integer, &apart)) {
      return number_in(a, Cell::of(apart));
    }
  }
  return *y - *x;
}

Atoms::Atoms(const CompiledExpression& compiled)
    : graph_(compiled.graph), schema_(compiled.schema), text_(compiled.text) {
  find_nodes();
  for (const AtomShape& atom : atoms_) fields_.push_back(fields_below(atom.node));
  program_.emplace(graph_, schema_, roots_);
}

// Joints in order, atoms, and what is to be computed.
void Atoms::find_nodes() {
  std::vector<uint8_t> wanted(graph_.nodes.size(), 0);
  wanted[static_cast<size_t>(graph_.root)] = 1;
  const bool is_bool = graph_.at(graph_.root).type.base == Base::kBool;
  for (int32_t i = graph_.root; is_bool && i >= 0; --i) {
    if (wanted[static_cast<size_t>(i)] == 0) continue;
    const Node& node = graph_.at(i);
    if (joins(node)) {
      joints_.push_back(i);
      for (int a = 0; a < node.arg_count(); ++a) {
        wanted[static_cast<size_t>(node.args[static_cast<size_t>(a)])] = 1;
      }
    } else if (node.op != Op::kConst) {
      AtomShape& atom = atoms_.emplace_back();
      atom.node = i;
      atom.span = node.span;
      atom.comparison = is_comparison(node.op);
      if (!atom.comparison) continue;
      atom.cmp = node.cmp;
      atom.left = node.args[0], atom.right = node.args[1];
      if (graph_.at(atom.left).op == Op::kConst) {
        std::swap(atom.left, atom.right);
        atom.cmp = mirrored(atom.cmp);
      }
    }
  }
  std::reverse(joints_.begin(), joints_.end());
  std::sort(atoms_.begin(), atoms_.end(), [](const AtomShape& a, const AtomShape& b) {
    return std::pair(a.span.begin, a.node) < std::pair(b.span.begin, b.node);
  });
  roots_ = {graph_.root};
  for (const AtomShape& atom : atoms_) {
    place_.push_back(roots_.size());
    roots_.push_back(atom.node);
    if (!atom.comparison) continue;
    roots_.push_back(atom.left);
    roots_.push_back(atom.right);
  }
}

std::string_view Atoms::text(size_t i) const {
  const Span span = atoms_[i].span;
  return text_.substr(static_cast<size_t>(span.begin), static_cast<size_t>(span.end - span.begin));
}

int Atoms::field(size_t i) const {
  const Node& node = graph_.at(atoms_[i].node);
  return node.op == Op::kField ? node.index : -1;
}

Status Atoms::evaluate(std::span<const Cell> row, Micros now, AtomValues& out) const {
  out.cells.resize(roots_.size());
  return program_->run_row(row, now, out.cells);
}

std::vector<Kleene> Atoms::truths(const AtomValues& values) const {
  std::vector<Kleene> out;
  for (size_t i = 0; i < atoms_.size(); ++i) out.push_back(kleene_of(value(values, i)));
  return out;
}

// `of_nodes`: room for each, of which those of atoms and of what joins them are written.
Kleene Atoms::walk(std::span<const Kleene> truths, std::span<Kleene> of_nodes) const {
  of_nodes[static_cast<size_t>(graph_.root)] = Kleene::kUnknown;
  for (size_t i = 0; i < atoms_.size(); ++i) {
    of_nodes[static_cast<size_t>(atoms_[i].node)] = truths[i];
  }
  const auto of = [&](int32_t node) {
    const Node& what = graph_.at(node);
    if (what.op != Op::kConst) return of_nodes[static_cast<size_t>(node)];
    return !what.known ? Kleene::kUnknown : what.integer != 0 ? Kleene::kTrue : Kleene::kFalse;
  };
  if (graph_.at(graph_.root).op == Op::kConst) return of(graph_.root);
  for (const int32_t index : joints_) {
    const Node& node = graph_.at(index);
    Kleene value = Kleene::kUnknown;
    const Kleene a = of(node.args[0]);
    if (node.op == Op::kNot) {
      value = negation(a);
    } else if (node.op == Op::kAnd || node.op == Op::kOr) {
      value = joined(node.op, a, of(node.args[1]));
    } else if (node.op == Op::kOrElse) {
      value = a == Kleene::kUnknown ? of(node.args[1]) : a;
    } else if (a != Kleene::kUnknown) {
      value = of(node.args[a == Kleene::kTrue ? 1 : 2]);
    }
    of_nodes[static_cast<size_t>(index)] = value;
  }
  return of_nodes[static_cast<size_t>(graph_.root)];
}

Kleene Atoms::whole_with(std::span<const Kleene> truths) const {
  constexpr size_t kOnStack = 128;
  std::array<Kleene, kOnStack> few;
  if (graph_.nodes.size() <= kOnStack) return walk(truths, few);
  std::vector<Kleene> many(graph_.nodes.size());
  return walk(truths, many);
}

// From the whole down to what made it so.
std::vector<size_t> Atoms::deciding(std::span<const Kleene> truths) const {
  std::vector<Kleene> of_nodes(graph_.nodes.size(), Kleene::kUnknown);
  walk(truths, of_nodes);
  for (const int32_t index : joints_) {  // constants below joints
    for (const int32_t arg : graph_.at(index).args) {
      if (arg < 0 || graph_.at(arg).op != Op::kConst) continue;
      const Node& what = graph_.at(arg);
      of_nodes[static_cast<size_t>(arg)] = !what.known         ? Kleene::kUnknown
                                           : what.integer != 0 ? Kleene::kTrue
                                                               : Kleene::kFalse;
    }
  }
  std::vector<uint8_t> marked(graph_.nodes.size(), 0);
  marked[static_cast<size_t>(graph_.root)] = 1;
  for (size_t j = joints_.size(); j-- > 0;) {
    const Node& node = graph_.at(joints_[j]);
    if (marked[static_cast<size_t>(joints_[j])] == 0) continue;
    const Kleene value = of_nodes[static_cast<size_t>(joints_[j])];
    const auto of = [&](size_t a) { return of_nodes[static_cast<size_t>(node.args[a])]; };
    const auto mark = [&](size_t a) { marked[static_cast<size_t>(node.args[a])] = 1; };
    if (node.op == Op::kNot) {
      mark(0);
    } else if (node.op == Op::kAnd || node.op == Op::kOr) {
      const bool both = value == (node.op == Op::kAnd ? Kleene::kTrue : Kleene::kFalse);
      for (size_t a = 0; a < 2; ++a) {
        if (both || of(a) == value) mark(a);
      }
    } else if (node.op == Op::kOrElse) {
      mark(0);
      if (of(0) == Kleene::kUnknown) mark(1);
    } else {
      mark(0);
      if (of(0) != Kleene::kUnknown) mark(of(0) == Kleene::kTrue ? 1 : 2);
    }
  }
  std::vector<size_t> out;
  for (size_t i = 0; i < atoms_.size(); ++i) {
    if (marked[static_cast<size_t>(atoms_[i].node)] != 0) out.push_back(i);
  }
  return out;
}

std::vector<int> Atoms::fields_below(int32_t from) const {
  std::vector<uint8_t> below(graph_.nodes.size(), 0);
  below[static_cast<size_t>(from)] = 1;
  std::vector<int> found;
  for (int32_t i = from; i >= 0; --i) {
    if (below[static_cast<size_t>(i)] == 0) continue;
    const Node& node = graph_.at(i);
    for (int a = 0; a < node.arg_count(); ++a) {
      below[static_cast<size_t>(node.args[static_cast<size_t>(a)])] = 1;
    }
    if (reads_field(node.op)) found.push_back(node.index);
  }
  std::reverse(found.begin(), found.end());
  std::vector<int> out;
  for (const int field : found) add_once(out, field);
  return out;
}

std::vector<std::string> Atoms::unknown_of(const std::vector<int>& fields,
                                           std::span<const Cell> row) const {
  std::vector<std::string> names;
  for (const int field : fields) {
    const auto f = static_cast<size_t>(field);
    if (!row[f].known) add_once(names, schema_.fields()[f].name);
  }
  return names;
}

Atom Atoms::describe(const AtomValues& values, std::span<const Cell> row, size_t i) const {
  const bool sides = atoms_[i].comparison;
  Atom atom = describe(i, kleene_of(value(values, i)), sides ? left(values, i) : Cell(),
                       sides ? right(values, i) : Cell());
  atom.unknown = unknown_in(i, row);
  return atom;
}

Atom Atoms::describe(size_t i, Kleene truth, const Cell& left, const Cell& right) const {
  const AtomShape& shape = atoms_[i];
  Atom atom;
  atom.begin = shape.span.begin;
  atom.end = shape.span.end;
  if (truth != Kleene::kUnknown) atom.value = truth == Kleene::kTrue;
  if (!shape.comparison) return atom;
  const ExprType& a = graph_.at(shape.left).type;
  const ExprType& b = graph_.at(shape.right).type;
  atom.left = value_text(a, left);
  atom.op = cmp_text(shape.cmp);
  atom.right = value_text(b, right);
  atom.distance = distance_between(a, left, b, right);
  return atom;
}

}  // namespace patron::internal
