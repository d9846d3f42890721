#include "lib/engine/settle/settle_plan.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "lib/expr/compiled.h"

namespace patron::internal {

class SettlePlan::Maker {
 public:
  Maker(SettlePlan& out, const PolicyData& policy, const ReadsOf& reads)
      : out_(out), policy_(policy), reads_(reads) {
    for (size_t i = 0; i < policy.values.size(); ++i) places_[policy.values[i].tag.name] = i;
  }

  PlanCondition condition(const std::optional<Expression>& expression) {
    PlanCondition made;
    if (!expression) return made;
    made.expression = &*expression;
    // Where a field may not be null the whole expression fails, which its parts do not know of.
    for (const int field : expression->fields()) {
      const bool nullable = expression->schema().fields()[static_cast<size_t>(field)].nullable;
      out_.whole = out_.whole && nullable;
    }
    if (!expression->uses_now()) {
      const CompiledExpression& compiled = expression->compiled();
      made.term = term(*expression, compiled.graph.root);
      const std::optional<TableClauses> clauses = clauses_of(made.term, false);
      if (clauses) made.clauses = out_.table.add(*clauses);
    }
    if (made.clauses == 0) {
      made.term < 0 ? every(*expression) : sides(made.term);
    }
    return made;
  }

  size_t formula(const Expression& expression) {
    return static_cast<size_t>(
        out_.terms[static_cast<size_t>(program(expression, expression.compiled().graph.root))].a);
  }

  // Of a condition that is in no table: what is compared counts when it comes to another side.
  void sides(int32_t index) {
    const PlanTerm& term = out_.terms[static_cast<size_t>(index)];
    switch (term.kind) {
      case PlanTerm::Kind::kAnd:
      case PlanTerm::Kind::kOr:
        sides(term.a);
        sides(term.b);
        break;
      case PlanTerm::Kind::kNot:
        sides(term.a);
        break;
      case PlanTerm::Kind::kCompare: {
        std::vector<int64_t>& cuts = out_.values[term.value].cuts;
        const auto at = std::lower_bound(cuts.begin(), cuts.end(), term.number);
        if (at == cuts.end() || *at != term.number) cuts.insert(at, term.number);
        break;
      }
      case PlanTerm::Kind::kProgram: {
        const SubProgram& sub = out_.programs[static_cast<size_t>(term.a)];
        for (const FieldSlot& slot : sub.program->fields()) {
          every((*sub.reads)[static_cast<size_t>(slot.field)]);
        }
        break;
      }
      default:
        every(term.value);
        break;
    }
  }

  // Every change of what it reads counts.
  void every(const Expression& expression) {
    const std::vector<size_t>& reads = reads_(expression);
    for (const int field : expression.fields()) every(reads[static_cast<size_t>(field)]);
  }
  void every(std::string_view name) {
    const auto place = places_.find(name);
    if (place != places_.end()) every(place->second);
  }
  void every(size_t value) {
    if (value < out_.values.size()) out_.values[value].always = true;
  }

 private:
  // A condition, or its opposite, as a disjunction of conjunctions; nothing where it is no such.
  std::optional<TableClauses> clauses_of(int32_t index, bool negated) {
    if (index < 0) return std::nullopt;
    const PlanTerm& term = out_.terms[static_cast<size_t>(index)];
    const bool all = (term.kind == PlanTerm::Kind::kAnd) != negated;
    switch (term.kind) {
      case PlanTerm::Kind::kAnd:
      case PlanTerm::Kind::kOr: {
        const auto a = clauses_of(term.a, negated), b = clauses_of(term.b, negated);
        if (!a || !b) return std::nullopt;
        return all ? both(*a, *b) : either(*a, *b);
      }
      case PlanTerm::Kind::kNot:
        return clauses_of(term.a, !negated);
      case PlanTerm::Kind::kCompare:
      case PlanTerm::Kind::kDouble:
      case PlanTerm::Kind::kText:
        return atom_of(term, negated);
      case PlanTerm::Kind::kTruth: {
        const PlanValue& of = out_.values[term.value];
        const bool inside = of.way == PlanValue::Way::kCondition && of.condition.clauses != 0;
        if (inside) return clauses_of(of.condition.term, negated);
        PlanTerm is_true = term;
        is_true.kind = PlanTerm::Kind::kCompare;
        is_true.number = 1;
        return atom_of(is_true, negated);
      }
      case PlanTerm::Kind::kProgram:
        break;
    }
    return std::nullopt;
  }

  static TableClauses atom_of(const PlanTerm& term, bool negated) {
    TableAtom atom;
    atom.value = static_cast<uint32_t>(term.value);
    atom.cmp = term.cmp;
    atom.number = term.number, atom.real = term.real, atom.text = term.text;
    if (term.kind == PlanTerm::Kind::kDouble) atom.lane = TableAtom::Lane::kDouble;
    if (term.kind == PlanTerm::Kind::kText) atom.lane = TableAtom::Lane::kText;
    return {{negated ? atom.negated() : atom}};
  }

  static std::optional<TableClauses> both(const TableClauses& a, const TableClauses& b) {
    if (a.size() * b.size() > kMostOfOne) return std::nullopt;
    TableClauses out;
    for (const auto& first : a) {
      for (const auto& second : b) {
        out.push_back(first);
        out.back().insert(out.back().end(), second.begin(), second.end());
      }
    }
    return out;
  }

  static std::optional<TableClauses> either(TableClauses a, const TableClauses& b) {
    if (a.size() + b.size() > kMostOfOne) return std::nullopt;
    a.insert(a.end(), b.begin(), b.end());
    return a;
  }

  int32_t add(const PlanTerm& made) {
    out_.terms.push_back(made);
    return static_cast<int32_t>(out_.terms.size()) - 1;
  }

  int32_t term(const Expression& expression, int32_t index) {
    const Graph& graph = expression.compiled().graph;
    const Node& node = graph.at(index);
    PlanTerm made;
    switch (node.op) {
      case Op::kAnd:
      case Op::kOr:
        made.kind = node.op == Op::kAnd ? PlanTerm::Kind::kAnd : PlanTerm::Kind::kOr;
        made.a = term(expression, node.args[0]);
        made.b = term(expression, node.args[1]);
        return add(made);
      case Op::kNot:
        made.kind = PlanTerm::Kind::kNot;
        made.a = term(expression, node.args[0]);
        return add(made);
      case Op::kField:
        if (node.lane() != LaneKind::kBool) break;
        made.kind = PlanTerm::Kind::kTruth;
        made.value = value_of(expression, node);
        return add(made);
      case Op::kCompare:
        if (const auto compared = comparison(expression, node)) return add(*compared);
        break;
      default:
        break;
    }
    return program(expression, index);
  }

  size_t value_of(const Expression& expression, const Node& field) {
    return reads_(expression)[static_cast<size_t>(field.index)];
  }

  // A number compared with another, or an enum's word with another; nothing where it is something
  // else.
  std::optional<PlanTerm> comparison(const Expression& expression, const Node& node) {
    const Graph& graph = expression.compiled().graph;
    const bool swapped = graph.at(node.args[0]).op == Op::kConst;
    const Node& field = graph.at(node.args[swapped ? 1 : 0]);
    const Node& constant = graph.at(node.args[swapped ? 0 : 1]);
    if (field.op != Op::kField || constant.op != Op::kConst || !constant.known) return std::nullopt;
    const Base base = field.type.base;
    PlanTerm made;
    made.cmp = swapped ? mirrored(node.cmp) : node.cmp;
    made.value = value_of(expression, field);
    if (base == Base::kInt64 || base == Base::kMoney) {
      made.kind = PlanTerm::Kind::kCompare;
      made.number = constant.integer;
      return made;
    }
    if (base == Base::kDouble && constant.type.base == Base::kDouble) {
      made.kind = PlanTerm::Kind::kDouble;
      made.real = constant.number;
      return made;
    }
    const bool equality = made.cmp == Cmp::kEq || made.cmp == Cmp::kNe;
    if (base != Base::kEnum || !equality || constant.index < 0) return std::nullopt;
    made.kind = PlanTerm::Kind::kText;
    made.text = graph.text(constant.index);
    return made;
  }

  int32_t program(const Expression& expression, int32_t root) {
    const CompiledExpression& compiled = expression.compiled();
    PlanTerm made;
    made.kind = PlanTerm::Kind::kProgram;
    made.a = static_cast<int32_t>(out_.programs.size());
    SubProgram& sub = out_.programs.emplace_back();
    sub.program = std::make_unique<Program>(compiled.graph, compiled.schema, std::array{root});
    sub.reads = &reads_(expression);
    sub.fields = compiled.schema.fields().size();
    return add(made);
  }

  static constexpr size_t kMostOfOne = 16;  // clauses of a condition

  SettlePlan& out_;
  const PolicyData& policy_;
  const ReadsOf& reads_;
  std::unordered_map<std::string_view, size_t> places_;
};

namespace {

PlanValue::Way way_of(const PolicyData& policy, const PolicyValue& value,
                      std::span<const MetricStream> streams) {
  using Way = PlanValue::Way;
  if (value.tag.source == TagSource::kClassification) {
    for (const PolicyClassificationData& one : policy.classifications) {
      if (one.seen.name != value.tag.name) continue;
      if (one.seen.kind == ClassificationKind::kFlags) return Way::kFlags;
      const bool tiers = one.seen.kind == ClassificationKind::kLadder ||
                         one.seen.kind == ClassificationKind::kFirstMatch ||
                         one.seen.kind == ClassificationKind::kBands;
      return tiers ? Way::kTiers : Way::kPlain;
    }
  }
  if (value.on_null != OnNull::kClear) return Way::kPlain;
  if (value.metric && value.metric->verb != Verb::kRatio) {
    return GlanceMetric::takes(*value.metric, streams) ? Way::kGlance : Way::kPlain;
  }
  if (!value.expression) return Way::kPlain;
  switch (value.tag.kind) {
    case Kind::kBool:
      return Way::kCondition;
    case Kind::kString:
    case Kind::kEnum:
    case Kind::kEnumSet:
      return Way::kPlain;
    default:
      return value.expression->uses_now() ? Way::kPlain : Way::kFormula;
  }
}

}  // namespace

SettlePlan::SettlePlan(const PolicyData& policy, std::span<const MetricStream> streams,
                       const std::vector<bool>& matters, const ReadsOf& reads)
    : values(policy.values.size()), reads_(reads) {
  Maker maker(*this, policy, reads_);
  for (size_t i = 0; i < policy.values.size(); ++i) {
    if (!matters[i]) continue;
    order.push_back(static_cast<uint32_t>(i));
    const PolicyValue& value = policy.values[i];
    values[i].way = way_of(policy, value, streams);
    values[i].still =
        value.tag.source == TagSource::kClassification || value.tag.source == TagSource::kAttribute;
    values[i].falls =
        values[i].way == PlanValue::Way::kGlance && value.metric->verb == Verb::kCount;
    const bool since_class = value.metric && value.metric->window.kind == Window::Kind::kSinceClass;
    if (since_class || value.history || value.on_null == OnNull::kKeep) whole = false;
    if (values[i].way == PlanValue::Way::kCondition) {
      values[i].condition = maker.condition(value.expression);
    } else if (values[i].way == PlanValue::Way::kFormula) {
      values[i].program = maker.formula(*value.expression);
    } else if (value.expression) {
      maker.every(*value.expression);
    }
    if (value.metric && value.metric->verb == Verb::kRatio) {
      for (const std::string& part : value.metric->parts) maker.every(part);
    }
    if (value.plain_ltv) maker.every(value.plain_ltv->annual_spend);
    for (const PolicyScorecardRow& row : value.scorecard) {
      if (row.when) maker.every(*row.when);
    }
  }
  for (const PolicyModel& model : policy.models) {
    for (const std::string& name : model.of) maker.every(name);
  }
  for (const PolicyClassificationData& one : policy.classifications) {
    std::vector<ClassConditions>& made = conditions.emplace_back();
    for (const PolicyClass& of : one.classes) {
      made.push_back({maker.condition(of.enter), maker.condition(of.keep)});
    }
    if (one.where) maker.every(*one.where);
    maker.every(one.by);
    maker.every(one.of);
  }
  // So does every change of what they are made of; values stand behind what they read.
  for (size_t k = order.size(); k-- > 0;) {
    const PlanValue& value = values[order[k]];
    const bool made =
        value.way == PlanValue::Way::kCondition || value.way == PlanValue::Way::kFormula;
    if (made && value.always) maker.every(*policy.values[order[k]].expression);
  }
  table.finish(values.size());
}

}  // namespace patron::internal
