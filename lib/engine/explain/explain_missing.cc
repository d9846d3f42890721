// The least that is missing for a better class: found among the conditions, realised as facts at
// the clock, and proved on a copy of the customer (docs/explain.md).
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "lib/base/number_text.h"
#include "lib/engine/explain/explain.h"
#include "lib/engine/settle/decision.h"
#include "lib/engine/settle/tier_rules.h"
#include "lib/engine/settle/tier_steps.h"
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

// -- What facts can move -------------------------------------------------------------------------

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

// -- Sets of conditions --------------------------------------------------------------------------

void ClassExplainer::choose(int tree, std::span<const size_t> leaves, std::vector<Kleene>& truths,
                            size_t from, size_t left, std::vector<Change>& chosen,
                            std::vector<std::vector<Change>>& found) const {
  if (left == 0) {
    if (whole(tree, truths) == Kleene::kTrue) found.push_back(chosen);
    return;
  }
  for (size_t i = from; i + left <= leaves.size(); ++i) {
    const Kleene now = leaves_[leaves[i]].now;
    for (const Kleene wanted : {Kleene::kTrue, Kleene::kFalse}) {
      if (now == wanted) continue;
      truths[leaves[i]] = wanted;
      chosen.push_back({leaves[i], wanted == Kleene::kTrue});
      choose(tree, leaves, truths, i + 1, left - 1, chosen, found);
      chosen.pop_back();
    }
    truths[leaves[i]] = now;
  }
}

double ClassExplainer::cost(const std::vector<Change>& changes) const {
  double sum = 0;
  for (const Change& change : changes) {
    const Leaf& leaf = leaves_[change.leaf];
    if (!leaf.reason.distance) {
      sum += 1;
      continue;
    }
    double scale = std::abs(leaf.threshold.known && leaf.threshold.number != 0
                                ? leaf.threshold.number
                                : static_cast<double>(leaf.threshold.integer));
    const PolicyValue* value =
        leaf.value < policy_.values.size() ? &policy_.values[leaf.value] : nullptr;
    for (int i = 0; value != nullptr && value->tag.kind == Kind::kMoney && i < value->unit.scale;
         ++i) {
      scale /= 10;
    }
    sum += std::abs(*leaf.reason.distance) / std::max(scale, 1.0);
  }
  return sum;
}

// Sets by growing size, those of one size by their relative distances; at first of the first size
// at which there are some.
std::vector<std::vector<ClassExplainer::Change>> ClassExplainer::smallest(
    int tree, std::span<const size_t> leaves) const {
  std::vector<Kleene> truths = truths_now();
  std::vector<std::vector<Change>> all;
  std::vector<Change> chosen;
  for (size_t size = 1; size <= leaves.size() && all.empty(); ++size) {
    choose(tree, leaves, truths, 0, size, chosen, all);
  }
  if (all.size() < 2) return all;
  std::stable_sort(all.begin(), all.end(),
                   [this](const auto& a, const auto& b) { return cost(a) < cost(b); });
  return all;
}

// -- Proofs --------------------------------------------------------------------------------------

// The facts of a proposal at an instant, seen until they are withdrawn; false where they cannot be.
bool ClassExplainer::suppose(const Proposal& proposal, Micros t) {
  supposed_.clear();
  for (const std::optional<Facts>& facts : proposal.facts) {
    if (!facts) continue;
    const bool added = facts->attribute
                           ? supposed_.attribute(facts->number, t, facts->cells.front().second)
                           : supposed_.events(facts->number, t, facts->count, facts->cells);
    if (!added) return false;
  }
  supposed_.apply();
  return true;
}

bool ClassExplainer::reaches(const Proposal& proposal, const CustomerState& from, Micros t,
                             size_t machine, int machine_class) {
  if (!suppose(proposal, t)) return false;
  trial_ = from;
  data_.settler.try_move(row_, trial_, t);
  supposed_.withdraw();
  const int now = trial_.machines[machine].current;
  return now != kNoClass && now <= machine_class;
}

// Realises each condition of the set by facts, as few of them as are enough.
bool ClassExplainer::prove(Proposal& proposal, size_t machine, int machine_class) {
  proposal.facts.reserve(proposal.changes.size());
  for (const Change& change : proposal.changes) {
    proposal.facts.push_back(facts_for(change));
    if (!proposal.facts.back()) return false;
  }
  if (!reaches(proposal, state_, now_, machine, machine_class)) return false;
  for (std::optional<Facts>& facts : proposal.facts) {
    if (proposal.changes.size() == 1) break;
    std::optional<Facts> kept;
    std::swap(kept, facts);
    if (!reaches(proposal, state_, now_, machine, machine_class)) std::swap(kept, facts);
  }
  return true;
}

// The first instant at which the same facts are not enough any more.
void ClassExplainer::find_end(const Proposal& proposal, size_t machine, int machine_class,
                              BetterClass& out) {
  for (size_t i = 0; i < stops_.size(); ++i) {
    const Stop& stop = stops_[i];
    bool enough = reaches(proposal, stop.before, stop.at, machine, machine_class);
    // Where she has changed a class by then, she may not be let in again, or what counted since she
    // entered it counts no more.
    bool moved = false;
    for (size_t m = 0; m < stop.classes.size(); ++m) {
      moved = moved || stop.before.machines[m].current != stop.classes[m];
    }
    if (enough && moved) {
      const CustomerState& after = i + 1 < stops_.size() ? stops_[i + 1].before : last_;
      enough = reaches(proposal, after, stop.at, machine, machine_class);
    }
    if (enough) continue;
    out.before = std::max(stop.at, now_ + 1);  // they were enough at now_
    return;
  }
}

// Until when the class takes nobody like her, whatever her facts are.
Micros ClassExplainer::blocked_until(const SettleParts::Machine& machine, int machine_class) const {
  const TierState& own = state_.machines[machine.state];
  if (own.current == kNoClass) return kMinTime;
  return std::max(tier_steps::cooled(own, machine_class),
                  tier_steps::cap_ends(machine.rules, own, calendar_));
}

void ClassExplainer::name_blocked(const SettleParts::Machine& machine, int machine_class,
                                  BetterClass& out) const {
  const Micros until = blocked_until(machine, machine_class);
  const bool bounded = out.how == Attainable::kNotBefore;
  if ((out.how != Attainable::kNotDecided && !bounded) || until <= now_) return;
  if (until == kEndTime) {
    out.how = Attainable::kNotAttainable;
    out.at.reset();
    return;
  }
  out.how = Attainable::kNotBefore;
  out.at = bounded ? std::max(*out.at, until) : until;
}

// What no fact brings: the first instant at which time has brought each of them.
void ClassExplainer::by_time(const std::vector<Change>& changes, size_t machine, int machine_class,
                             BetterClass& out) {
  for (const Stop& stop : stops_) {
    const int now = stop.classes[machine];
    if (now == kNoClass || now > machine_class) continue;
    out.how = Attainable::kByTime;
    out.at = stop.at;
    return;
  }
  std::optional<Micros> latest;
  bool sure = true, never = false;
  for (size_t i = 0; i < changes.size(); ++i) {
    const Leaf& leaf = leaves_[changes[i].leaf];
    const Lever lever = changes[i].wanted ? leaf.up : leaf.down;
    sure = sure && lever != Lever::kUnsure;
    if (lever != Lever::kNone) continue;
    follow_leaves();
    const Kleene wanted = changes[i].wanted ? Kleene::kTrue : Kleene::kFalse;
    const auto stop = std::find_if(stops_.begin(), stops_.end(), [&](const Stop& one) {
      return one.leaves[changes[i].leaf] == wanted;
    });
    if (stop == stops_.end()) {
      never = true;
      continue;
    }
    out.missing[i].not_before = stop->at;
    latest = std::max(latest.value_or(stop->at), stop->at);
  }
  if (never) {
    out.how = sure && out_.looked_until == kEndTime ? Attainable::kNotAttainable
                                                    : Attainable::kNotDecided;
  } else if (latest) {
    out.how = Attainable::kNotBefore;
    out.at = latest;
  }
}

void ClassExplainer::bring(const SettleParts::Machine& of, int machine_class, int tree,
                           BetterClass& out) {
  const size_t machine = of.state;
  std::vector<size_t> leaves;
  leaves.reserve(leaves_.size());
  collect_leaves(tree, leaves);
  std::sort(leaves.begin(), leaves.end());
  leaves.erase(std::unique(leaves.begin(), leaves.end()), leaves.end());
  const Kleene now = whole(tree, truths_now());
  // It would take her, and something holds her back.
  if (now == Kleene::kTrue) {
    by_time({}, machine, machine_class, out);
    return name_blocked(of, machine_class, out);
  }
  const bool decided = leaves.size() <= kMostLeaves;
  const std::vector<std::vector<Change>> sets =
      decided ? smallest(tree, leaves) : std::vector<std::vector<Change>>();
  for (size_t i = 0; i < sets.size() && i < kMostTries; ++i) {
    Proposal proposal{sets[i], {}};
    if (!prove(proposal, machine, machine_class)) continue;
    out.how = Attainable::kByFacts;
    out.missing.reserve(proposal.changes.size());
    for (size_t k = 0; k < proposal.changes.size(); ++k) {
      out.missing.push_back(missing_of(proposal.changes[k], proposal.facts[k]));
    }
    find_end(proposal, machine, machine_class, out);
    return;
  }
  if (sets.empty()) {
    for (const size_t leaf : leaves) {
      if (leaves_[leaf].now != Kleene::kTrue) out.missing.push_back(missing_of({leaf, true}, {}));
    }
    by_time({}, machine, machine_class, out);
    return name_blocked(of, machine_class, out);
  }
  // The set of which most can be had.
  const auto open = [this](const std::vector<Change>& set) {
    return std::count_if(set.begin(), set.end(), [this](const Change& change) {
      return (change.wanted ? leaves_[change.leaf].up : leaves_[change.leaf].down) == Lever::kNone;
    });
  };
  const auto best = std::min_element(
      sets.begin(), sets.end(), [&](const auto& a, const auto& b) { return open(a) < open(b); });
  for (const Change& change : *best) out.missing.push_back(missing_of(change, {}));
  by_time(*best, machine, machine_class, out);
  if (out.how == Attainable::kNotBefore && sets.size() > 1) {
    out.how = Attainable::kNotDecided;
    out.at.reset();
  }
  name_blocked(of, machine_class, out);
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
