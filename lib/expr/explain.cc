// Reasons: the conditions of an expression for one row, and the least that would make it true.
#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "lib/base/money_block.h"
#include "lib/expr/compiled.h"
#include "lib/expr/value_text.h"
#include "patron/expression.h"

namespace patron {
namespace internal {
namespace {

constexpr size_t kMostAtoms = 12;

enum class Kleene : uint8_t { kFalse, kTrue, kUnknown };

Kleene of(const Cell& cell) {
  return !cell.known ? Kleene::kUnknown : cell.integer != 0 ? Kleene::kTrue : Kleene::kFalse;
}
Kleene negation(Kleene a) {
  return a == Kleene::kUnknown ? a : a == Kleene::kTrue ? Kleene::kFalse : Kleene::kTrue;
}

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

class Explainer {
 public:
  Explainer(const CompiledExpression& compiled, std::span<const Cell> cells)
      : graph_(compiled.graph), schema_(compiled.schema), cells_(cells) {}

  Status run(Micros now, Explanation& out) {
    find_nodes();
    const Program program(graph_, schema_, roots_);
    std::vector<Cell> values(roots_.size());
    Status status = program.run_row(cells_, now, values);
    if (!status.ok()) return status;
    value_.resize(graph_.nodes.size());
    for (size_t i = 0; i < roots_.size(); ++i) value_[static_cast<size_t>(roots_[i])] = values[i];
    const Cell& result = value_of(graph_.root);
    out.value = value_text(graph_.at(graph_.root).type, result);
    out.known = result.known;
    for (const int32_t atom : atoms_) out.atoms.push_back(describe(atom));
    for (const Atom& atom : out.atoms) {
      for (const std::string& name : atom.unknown) add_once(out.unknown, name);
    }
    if (atoms_.empty()) unknown_fields(graph_.root, out.unknown);
    if (graph_.at(graph_.root).type.base == Base::kBool) search(result, out);
    return {};
  }

 private:
  const Cell& value_of(int32_t node) const { return value_[static_cast<size_t>(node)]; }

  static void add_once(std::vector<std::string>& names, const std::string& name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }

  // Joints in order, atoms, and what is to be computed.
  void find_nodes() {
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
        atoms_.push_back(i);
      }
    }
    std::reverse(joints_.begin(), joints_.end());
    std::sort(atoms_.begin(), atoms_.end(), [&](int32_t a, int32_t b) {
      return std::pair(graph_.at(a).span.begin, a) < std::pair(graph_.at(b).span.begin, b);
    });
    roots_ = {graph_.root};
    for (const int32_t atom : atoms_) {
      roots_.push_back(atom);
      if (!is_comparison(graph_.at(atom).op)) continue;
      roots_.push_back(graph_.at(atom).args[0]);
      roots_.push_back(graph_.at(atom).args[1]);
    }
  }

  // The fields below a node that are null, in the order in which they are read.
  void unknown_fields(int32_t from, std::vector<std::string>& names) const {
    std::vector<uint8_t> below(graph_.nodes.size(), 0);
    below[static_cast<size_t>(from)] = 1;
    std::vector<std::string> found;
    for (int32_t i = from; i >= 0; --i) {
      if (below[static_cast<size_t>(i)] == 0) continue;
      const Node& node = graph_.at(i);
      for (int a = 0; a < node.arg_count(); ++a) {
        below[static_cast<size_t>(node.args[static_cast<size_t>(a)])] = 1;
      }
      if (node.op != Op::kField && node.op != Op::kHas && node.op != Op::kIsNull) continue;
      const auto field = static_cast<size_t>(node.index);
      if (!cells_[field].known) found.push_back(schema_.fields()[field].name);
    }
    for (size_t i = found.size(); i-- > 0;) add_once(names, found[i]);
  }

  std::optional<double> distance(const ExprType& a, const Cell& left, const ExprType& b,
                                 const Cell& right) const {
    if (!left.known || !right.known) return std::nullopt;
    const auto number = [](const ExprType& type, const Cell& cell) -> std::optional<double> {
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
    };
    const std::optional<double> x = number(a, left), y = number(b, right);
    if (!x || !y) return std::nullopt;
    // Whole numbers are taken apart before they are rounded.
    if (a.base == b.base && a.base != Base::kDouble) {
      int64_t apart = 0;
      if (!__builtin_sub_overflow(right.integer, left.integer, &apart)) {
        return number(a, Cell::of(apart));
      }
    }
    return *y - *x;
  }

  Atom describe(int32_t index) const {
    const Node& node = graph_.at(index);
    Atom atom;
    atom.begin = node.span.begin;
    atom.end = node.span.end;
    if (value_of(index).known) atom.value = value_of(index).integer != 0;
    unknown_fields(index, atom.unknown);
    if (!is_comparison(node.op)) return atom;
    int32_t left = node.args[0], right = node.args[1];
    Cmp cmp = node.cmp;
    if (graph_.at(left).op == Op::kConst) {  // the constant is the threshold
      std::swap(left, right);
      cmp = mirrored(cmp);
    }
    const Node& a = graph_.at(left);
    const Node& b = graph_.at(right);
    atom.left = value_text(a.type, value_of(left));
    atom.op = cmp_text(cmp);
    atom.right = value_text(b.type, value_of(right));
    atom.distance = distance(a.type, value_of(left), b.type, value_of(right));
    return atom;
  }

  // The root, with these values of the atoms.
  Kleene root_with(std::span<const Kleene> atoms) {
    for (size_t i = 0; i < atoms_.size(); ++i) {
      kleene_[static_cast<size_t>(atoms_[i])] = atoms[i];
    }
    for (const int32_t index : joints_) {
      const Node& node = graph_.at(index);
      const auto arg = [&](size_t i) {
        const Node& child = graph_.at(node.args[i]);
        if (child.op != Op::kConst) return kleene_[static_cast<size_t>(node.args[i])];
        return !child.known         ? Kleene::kUnknown
               : child.integer != 0 ? Kleene::kTrue
                                    : Kleene::kFalse;
      };
      Kleene value = Kleene::kUnknown;
      const Kleene a = arg(0);
      if (node.op == Op::kNot) {
        value = negation(a);
      } else if (node.op == Op::kAnd || node.op == Op::kOr) {
        const Kleene decides = node.op == Op::kOr ? Kleene::kTrue : Kleene::kFalse;
        const Kleene b = arg(1);
        value = a == decides || b == decides                     ? decides
                : a == Kleene::kUnknown || b == Kleene::kUnknown ? Kleene::kUnknown
                                                                 : negation(decides);
      } else if (node.op == Op::kOrElse) {
        value = a == Kleene::kUnknown ? arg(1) : a;
      } else if (a != Kleene::kUnknown) {
        value = a == Kleene::kTrue ? arg(1) : arg(2);
      }
      kleene_[static_cast<size_t>(index)] = value;
    }
    return kleene_[static_cast<size_t>(graph_.root)];
  }

  // Sets of atoms by growing size; those of the first size at which there are some.
  void search(const Cell& result, Explanation& out) {
    out.decided = atoms_.size() <= kMostAtoms;
    if (!out.decided || atoms_.empty() || (result.known && result.integer != 0)) return;
    kleene_.assign(graph_.nodes.size(), Kleene::kUnknown);
    std::vector<Kleene> now;
    for (const int32_t atom : atoms_) now.push_back(of(value_of(atom)));
    for (size_t size = 1; size <= atoms_.size() && out.missing.empty(); ++size) {
      std::vector<AtomChange> chosen;
      choose(now, now, 0, size, chosen, out.missing);
    }
  }

  // At most kMostAtoms deep.
  void choose(const std::vector<Kleene>& now, std::vector<Kleene> values, size_t from, size_t left,
              std::vector<AtomChange>& chosen, std::vector<std::vector<AtomChange>>& found) {
    if (left == 0) {
      if (root_with(values) == Kleene::kTrue) found.push_back(chosen);
      return;
    }
    for (size_t i = from; i + left <= atoms_.size(); ++i) {
      for (const Kleene wanted : {Kleene::kTrue, Kleene::kFalse}) {
        if (now[i] == wanted) continue;
        values[i] = wanted;
        chosen.push_back({i, wanted == Kleene::kTrue});
        choose(now, values, i + 1, left - 1, chosen, found);
        chosen.pop_back();
      }
      values[i] = now[i];
    }
  }

  const Graph& graph_;
  const Schema& schema_;
  std::span<const Cell> cells_;
  std::vector<int32_t> joints_, atoms_, roots_;
  std::vector<Cell> value_;     // of the nodes among roots_
  std::vector<Kleene> kleene_;  // of atoms and joints
};

}  // namespace
}  // namespace internal

inline namespace v0 {

Result<Explanation> Expression::explain(std::span<const Cell> cells,
                                        std::optional<Micros> now) const {
  Status status = internal::check_row(*compiled_, cells.size(), now);
  if (!status.ok()) return status;
  Explanation out;
  status = internal::Explainer(*compiled_, cells).run(now.value_or(0), out);
  if (!status.ok()) return status;
  return out;
}

}  // namespace v0
}  // namespace patron
