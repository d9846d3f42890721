// What a single expression does that is rarely meant.
#include <string>
#include <utility>

#include "lib/expr/compiled.h"
#include "lib/policy/analysis.h"
#include "lib/policy/search.h"

namespace patron::internal::policy {
namespace {

/// Comparisons for one condition, and for all of a policy.
constexpr int64_t kMostOfOne = 200'000;
constexpr int64_t kBudget = 10'000'000;

class TextAnalysis {
 public:
  TextAnalysis(Knowledge& knowledge, std::vector<PolicyFinding>& found)
      : knowledge_(knowledge), found_(found) {}

  void run(const PlacedText& text) {
    text_ = &text;
    const CompiledExpression& compiled = text.expression.compiled();
    for (const Node& node : compiled.graph.nodes) look_at(node, compiled.graph);
    look_at_time();
    // Classes are compared with one another, and say so there.
    const bool of_class = text.pointer.starts_with("/classifications/") &&
                          (text.pointer.ends_with("/enter") || text.pointer.ends_with("/keep"));
    if (text.expression.kind() == Kind::kBool && !of_class) look_at_truth();
  }

 private:
  void warn(const char* code, Span span, std::string message) {
    PolicyFinding finding;
    finding.code = code;
    finding.severity = Severity::kWarning;
    finding.pointer = text_->pointer;
    finding.offset = text_->offset;
    finding.begin = span.begin;
    finding.end = span.end;
    finding.message = std::move(message);
    found_.push_back(std::move(finding));
  }

  bool nullable(const Node& field) const {
    const FieldSpec& spec = text_->expression.schema().fields()[static_cast<size_t>(field.index)];
    return spec.nullable && (!text_->of_profile || knowledge_.domain(spec.name).nullable);
  }

  // Whether what the comparison reads is never null, or the expression asks somewhere if it is
  // there.
  bool guarded(const Graph& graph, const Node& comparison) const {
    for (const int32_t arg : {comparison.args[0], comparison.args[1]}) {
      const Node& side = graph.at(arg);
      if (side.op != Op::kField || !nullable(side)) continue;
      bool asked = false;
      for (const Node& node : graph.nodes) {
        asked |= (node.op == Op::kHas || node.op == Op::kIsNull) && node.index == side.index;
      }
      if (!asked) return false;
    }
    return true;
  }

  void look_at(const Node& node, const Graph& graph) {
    if (node.op == Op::kDiv && node.type.base == Base::kInt64) {
      warn("whole_division", node.span,
           "this division of whole numbers drops the fraction; write double(...) / double(...) "
           "where it is meant to stay");
    }
    const bool compares = node.op == Op::kCompare || node.op == Op::kCompareRank;
    if (compares && node.cmp == Cmp::kNe && !node.total && !guarded(graph, node)) {
      warn("unguarded_null", node.span,
           "\"!=\" is unknown, not true, where a side is null; say what null means: has(x) && "
           "..., or or_else(x, ...)");
    }
  }

  void look_at_time() {
    if (!text_->of_profile) return;
    const std::optional<Breakpoints> unsolved = unsolved_time(text_->expression.compiled());
    if (!unsolved) return;
    Span span;
    span.begin = static_cast<uint32_t>(unsolved->begin);
    span.end = static_cast<uint32_t>(unsolved->end);
    warn("unsolved_time", span,
         unsolved->reason + "; as it is, it is looked at again at each local midnight only");
  }

  void look_at_truth() {
    const Expression& expression = text_->expression;
    if (expression.fields().empty() || left_ <= 0) return;
    Knowledge nothing;
    Terrain terrain(text_->of_profile ? knowledge_ : nothing);
    const int condition = terrain.add(expression);
    terrain.settle();
    Search search(terrain, kMostOfOne);
    const CompiledExpression& compiled = expression.compiled();
    const Span whole = compiled.root().span;
    if (search.find({{condition, true}}) == Answer::kNone) {
      warn("always_false", whole, "this is never true; look at its thresholds");
    } else if (search.find({{condition, false}}) == Answer::kNone) {
      warn("always_true", whole, "this is always true; leave it out, or look at its thresholds");
    }
    left_ -= kMostOfOne - search.left();
  }

  Knowledge& knowledge_;
  std::vector<PolicyFinding>& found_;
  const PlacedText* text_ = nullptr;
  int64_t left_ = kBudget;
};

}  // namespace

std::vector<PolicyFinding> analyse_texts(const std::vector<PlacedText>& texts,
                                         Knowledge& knowledge) {
  std::vector<PolicyFinding> found;
  TextAnalysis analysis(knowledge, found);
  for (const PlacedText& text : texts) analysis.run(text);
  return found;
}

}  // namespace patron::internal::policy
