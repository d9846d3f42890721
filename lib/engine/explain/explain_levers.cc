// What facts can move: by which facts at the clock a condition comes true, and how much of them is
// missing (docs/explain.md).
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "lib/base/number_text.h"
#include "lib/engine/explain/explain.h"
#include "lib/expr/compare.h"
#include "lib/expr/value_text.h"

namespace patron::internal {
namespace {

bool is_whole(Kind kind) {
  return kind == Kind::kInt64 || kind == Kind::kMoney || kind == Kind::kDuration ||
         kind == Kind::kTimestamp || kind == Kind::kDate;
}

// How much more brings `have` to where it stands in that relation with `threshold`; a value that
// only grows can do so for >=, > and ==. Absent where it cannot, or more than can be said.
std::optional<int64_t> more_whole(Cmp cmp, const Cell& have, const Cell& threshold) {
  int64_t more = 0;
  const int64_t from = have.known ? have.integer : 0;
  if (__builtin_sub_overflow(threshold.integer, from, &more)) return std::nullopt;
  if (cmp == Cmp::kGt && __builtin_add_overflow(more, 1, &more)) return std::nullopt;
  const bool grows = cmp == Cmp::kGe || cmp == Cmp::kGt || cmp == Cmp::kEq;
  return grows && more > 0 ? std::optional(more) : std::nullopt;
}

std::optional<double> more_real(Cmp cmp, const Cell& have, const Cell& threshold) {
  const double from = have.known ? have.number : 0;
  double to = threshold.number;
  if (cmp == Cmp::kGt) to = std::nextafter(to, std::numeric_limits<double>::infinity());
  const bool grows = cmp == Cmp::kGe || cmp == Cmp::kGt || cmp == Cmp::kEq;
  double more = to - from;
  if (from + more < to) more = std::nextafter(more, std::numeric_limits<double>::infinity());
  return grows && more > 0 ? std::optional(more) : std::nullopt;
}

void put(Supposed::Cells& cells, int column, const Cell& cell, bool replace) {
  for (auto& [at, there] : cells) {
    if (at != column) continue;
    if (replace) there = cell;
    return;
  }
  cells.emplace_back(column, cell);
}

// The cells that the comparisons of a filter ask for, one by one.
void add_wishes(const Atoms& atoms, const StreamLayout& layout, bool replace,
                Supposed::Cells& cells) {
  const Graph& graph = atoms.graph();
  const auto column_of = [&](int32_t node) {
    const Node& field = graph.at(node);
    if (field.op != Op::kField) return -1;
    return layout.find(atoms.schema().fields()[static_cast<size_t>(field.index)].name);
  };
  for (const AtomShape& atom : atoms.atoms()) {
    const Node& node = graph.at(atom.node);
    if (node.op == Op::kField && column_of(atom.node) >= 0) {
      put(cells, column_of(atom.node), Cell::of(1), replace);
    } else if (node.op == Op::kInList && column_of(node.args[0]) >= 0) {
      const auto list = static_cast<size_t>(node.index);
      const int column = column_of(node.args[0]);
      if (node.operand == LaneKind::kText && !graph.text_lists[list].empty()) {
        put(cells, column, Cell::of_text(graph.text_lists[list].front()), replace);
      } else if (node.operand == LaneKind::kI64 && !graph.int_lists[list].empty()) {
        put(cells, column, Cell::of(graph.int_lists[list].front()), replace);
      }
    } else if (atom.comparison && graph.at(atom.right).op == Op::kConst &&
               column_of(atom.left) >= 0) {
      const Node& right = graph.at(atom.right);
      const int column = column_of(atom.left);
      if (right.lane() == LaneKind::kText) {
        if (atom.cmp == Cmp::kEq)
          put(cells, column, Cell::of_text(graph.text(right.index)), replace);
      } else if (right.lane() == LaneKind::kF64) {
        const double apart = atom.cmp == Cmp::kGt ? 1 : atom.cmp == Cmp::kLt ? -1 : 0;
        put(cells, column, Cell::of_double(right.number + apart), replace);
      } else if (right.lane() == LaneKind::kI64) {
        const int64_t apart = atom.cmp == Cmp::kGt   ? 1
                              : atom.cmp == Cmp::kLt ? -1
                              : atom.cmp == Cmp::kNe ? 1
                                                     : 0;
        put(cells, column, Cell::of(right.integer + apart), replace);
      }
    }
  }
}

}  // namespace

// The value on one side of a comparison with a constant, or a condition that is a value itself.
void ClassExplainer::find_lever(const Atoms& atoms, const AtomValues& values,
                                const std::vector<size_t>& reads, Leaf& leaf) const {
  const AtomShape& shape = atoms.atoms()[leaf.atom];
  const Graph& graph = atoms.graph();
  const auto value_at = [&](int32_t node) {
    const Node& field = graph.at(node);
    return field.op == Op::kField ? reads[static_cast<size_t>(field.index)] : SIZE_MAX;
  };
  bool only_time = true;  // whether it reads nothing but classes, their history, and the clock
  for (const int field : atoms.fields(leaf.atom)) {
    const size_t value = reads[static_cast<size_t>(field)];
    if (value >= policy_.values.size()) continue;
    const TagSource source = policy_.values[value].tag.source;
    only_time =
        only_time && (source == TagSource::kClassification || source == TagSource::kHistory);
  }
  leaf.up = leaf.down = only_time ? Lever::kNone : Lever::kUnsure;
  if (!shape.comparison) {
    leaf.value = value_at(shape.node);
    leaf.have = atoms.value(values, leaf.atom);
    leaf.threshold = Cell::of(1);
    leaf.cmp = Cmp::kEq;
    if (leaf.value < policy_.values.size()) judge_lever(leaf);
    return;
  }
  if (graph.at(shape.right).op != Op::kConst) return;
  leaf.cmp = shape.cmp;
  leaf.threshold = atoms.right(values, leaf.atom);
  leaf.text = std::string(leaf.threshold.text);
  leaf.value = value_at(shape.left);
  leaf.have = atoms.left(values, leaf.atom);
  leaf.have.text = {};
  const Node& left = graph.at(shape.left);
  if (left.op == Op::kTimeDiff && graph.at(left.args[0]).op == Op::kNow) {
    leaf.value = value_at(left.args[1]);
    leaf.newest = true;
  }
  if (leaf.value < policy_.values.size()) judge_lever(leaf);
}

// Facts at the clock make counts and sums grow, and set attributes; the clock alone makes ages grow
// and takes events out of windows.
void ClassExplainer::judge_lever(Leaf& leaf) const {
  const PolicyValue& value = policy_.values[leaf.value];
  leaf.up = leaf.down = Lever::kUnsure;
  if (value.tag.source == TagSource::kClassification || value.tag.source == TagSource::kHistory) {
    leaf.up = leaf.down = Lever::kNone;
    return;
  }
  if (value.tag.source == TagSource::kAttribute) {
    leaf.up = leaf.down = leaf.newest ? Lever::kUnsure : Lever::kFacts;
    return;
  }
  if (!value.metric) return;
  const Verb verb = value.metric->verb;
  // One referrer is all that anybody has, perhaps before the window.
  const bool brought = value.metric->side == ReferralSide::kReferred;
  const bool grows_only = verb == Verb::kCount || verb == Verb::kDistinct ||
                          verb == Verb::kDaysActive || verb == Verb::kFirst;
  const auto judge = [&](Cmp cmp) {
    const bool up = cmp == Cmp::kGe || cmp == Cmp::kGt || cmp == Cmp::kEq;
    if (leaf.newest) {
      if (verb == Verb::kFirst) return Lever::kNone;  // the first stays the first
      const bool recent = cmp == Cmp::kLt || cmp == Cmp::kLe;
      if (recent && brought) return Lever::kUnsure;
      return verb == Verb::kLast ? recent ? Lever::kFacts : Lever::kNone : Lever::kUnsure;
    }
    if (up && brought) return Lever::kUnsure;
    if (up && (verb == Verb::kCount || verb == Verb::kSum)) return Lever::kFacts;
    return !up && cmp != Cmp::kNe && grows_only ? Lever::kNone : Lever::kUnsure;
  };
  leaf.up = judge(leaf.cmp);
  leaf.down = judge(negated(leaf.cmp));
  // A count that is to be what it has passed only falls.
  if (leaf.cmp == Cmp::kEq && grows_only && verb != Verb::kFirst && leaf.have.known &&
      leaf.have.integer > leaf.threshold.integer) {
    leaf.up = Lever::kNone;
  }
}

// Fills what the filter of a metric asks of an event; false where that is not found.
bool ClassExplainer::fits(const MetricSpec& metric, Supposed::Cells& cells) const {
  const StreamLayout& layout = parts_.readers[static_cast<size_t>(metric.stream)].layout();
  const std::string& stream = policy_.streams[static_cast<size_t>(metric.stream)].name;
  const bool needs_amount = stream == "orders" || stream == "costs";
  if (metric.followed_by) return false;
  const auto holds = [&] {
    if (!metric.where) return true;
    const Atoms& atoms = parts_.atoms.of(*metric.where);
    std::vector<Cell> row(atoms.schema().fields().size());
    for (const auto& [column, cell] : cells) {
      const int field = column < 0 ? -1 : atoms.schema().find(layout.columns[size_t(column)].name);
      if (field >= 0) row[static_cast<size_t>(field)] = cell;
    }
    const Result<Cell> answer = metric.where->evaluate_row(row);
    return answer.ok() && answer->known && answer->integer != 0;
  };
  const Supposed::Cells own = cells;
  for (const bool replace : {false, true}) {
    cells = own;
    if (metric.where) add_wishes(parts_.atoms.of(*metric.where), layout, replace, cells);
    const int amount = layout.find("amount");
    if (needs_amount && amount >= 0) put(cells, amount, Cell::of(1), false);
    if (holds()) return refers(layout, cells);
  }
  return false;
}

// A referral is one that she makes, of somebody who is nobody yet; not one of somebody in
// particular.
bool ClassExplainer::refers(const StreamLayout& layout, Supposed::Cells& cells) const {
  if (layout.referrer < 0) return true;
  for (const auto& [column, cell] : cells) {
    if (column == layout.referrer || column == layout.referred) return false;
  }
  cells.emplace_back(layout.referrer, Cell::of(row_));
  cells.emplace_back(layout.referred, Cell::of(kNoCustomer));
  return true;
}

std::optional<ClassExplainer::Facts> ClassExplainer::facts_for(const Change& change) const {
  const Leaf& leaf = leaves_[change.leaf];
  const Lever lever = change.wanted ? leaf.up : leaf.down;
  if (lever != Lever::kFacts || leaf.value >= policy_.values.size()) return std::nullopt;
  const PolicyValue& value = policy_.values[leaf.value];
  const Cmp cmp = change.wanted ? leaf.cmp : negated(leaf.cmp);
  Facts facts;
  Cell threshold = leaf.threshold;
  threshold.text = leaf.text;
  if (value.tag.source == TagSource::kAttribute) {
    facts.attribute = true;
    facts.number = parts_.attribute_of[leaf.value];
    if (value.tag.kind == Kind::kBool) {
      facts.cells = {{0, Cell::of((cmp == Cmp::kEq) == (threshold.integer != 0) ? 1 : 0)}};
      return facts;
    }
    const bool whole = is_whole(value.tag.kind);
    if (cmp == Cmp::kNe || value.tag.kind == Kind::kEnumSet) return std::nullopt;
    if (cmp == Cmp::kGt || cmp == Cmp::kLt) {
      if (!whole) return std::nullopt;
      threshold.integer += cmp == Cmp::kGt ? 1 : -1;
    }
    facts.cells = {{0, threshold}};
    return facts;
  }
  const MetricSpec& metric = *value.metric;
  facts.number = metric.stream;
  if (leaf.newest) {
    if (metric.column >= 0 && policy_.streams[static_cast<size_t>(metric.stream)]
                                      .columns[size_t(metric.column)]
                                      .field.name != "time") {
      return std::nullopt;
    }
    return fits(metric, facts.cells) ? std::optional(facts) : std::nullopt;
  }
  if (metric.verb == Verb::kCount) {
    const std::optional<int64_t> more = more_whole(cmp, leaf.have, threshold);
    if (!more) return std::nullopt;
    facts.count = *more;
    return fits(metric, facts.cells) ? std::optional(facts) : std::nullopt;
  }
  const auto& columns = policy_.streams[static_cast<size_t>(metric.stream)].columns;
  const StreamLayout& layout = parts_.readers[static_cast<size_t>(metric.stream)].layout();
  const int column = layout.find(columns[static_cast<size_t>(metric.column)].field.name);
  if (value.tag.kind == Kind::kDouble) {
    const std::optional<double> more = more_real(cmp, leaf.have, threshold);
    if (!more) return std::nullopt;
    facts.cells = {{column, Cell::of_double(*more)}};
  } else {
    const std::optional<int64_t> more = more_whole(cmp, leaf.have, threshold);
    if (!more) return std::nullopt;
    facts.cells = {{column, Cell::of(*more)}};
  }
  return fits(metric, facts.cells) ? std::optional(facts) : std::nullopt;
}

MissingCondition ClassExplainer::missing_of(const Change& change,
                                            const std::optional<Facts>& facts) const {
  const Leaf& leaf = leaves_[change.leaf];
  MissingCondition out;
  out.condition = leaf.reason;
  out.wanted = change.wanted;
  const bool named = leaf.value < policy_.values.size();
  const bool personal = named && policy_.values[leaf.value].personal;
  if (named && !leaf.newest && policy_.values[leaf.value].metric && !personal) {
    const PolicyValue& value = policy_.values[leaf.value];
    const Cmp cmp = change.wanted ? leaf.cmp : negated(leaf.cmp);
    if (value.tag.kind == Kind::kDouble) {
      if (const auto more = more_real(cmp, leaf.have, leaf.threshold))
        out.more = number_text(*more);
    } else if (is_whole(value.tag.kind)) {
      const auto more = more_whole(cmp, leaf.have, leaf.threshold);
      if (more) out.more = words_of(Cell::of(*more), value);
    }
  }
  // How many are missing of a personal count would say how many there are.
  if (!facts || (personal && facts->count != 1)) return out;
  MissingFact fact;
  fact.attribute = facts->attribute;
  fact.count = facts->count;
  const auto& readers = facts->attribute ? parts_.attributes : parts_.readers;
  const StreamLayout& layout = readers[static_cast<size_t>(facts->number)].layout();
  fact.name = layout.name;
  fact.columns.reserve(facts->cells.size());
  fact.values.reserve(facts->cells.size());
  for (const auto& [column, cell] : facts->cells) {
    if (column < 0) continue;
    const CellColumn& what = layout.columns[static_cast<size_t>(column)];
    if (what.cell == CellType::kCustomer) continue;  // she, and whomever she likes
    ExprType type = plain_type(base_of(what.kind));
    type.unit = what.unit;
    fact.columns.push_back(what.name);
    const bool text = what.kind == Kind::kEnum || what.kind == Kind::kString;
    fact.values.push_back(personal || what.personal ? "(personal)"
                          : text                    ? std::string(cell.text)
                                                    : value_text(type, cell));
  }
  out.facts.push_back(std::move(fact));
  return out;
}

}  // namespace patron::internal
