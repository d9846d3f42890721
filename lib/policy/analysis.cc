#include "lib/policy/analysis.h"

#include <string>
#include <utility>

#include "lib/expr/compiled.h"
#include "lib/policy/search.h"
#include "lib/policy/terrain.h"

namespace patron::internal::policy {
namespace {

constexpr int64_t kBudget = 200'000;

class Analysis {
 public:
  explicit Analysis(const PolicyData& data) : data_(data) {}

  std::vector<PolicyFinding> run() {
    for (size_t i = 0; i < data_.classifications.size(); ++i) {
      const PolicyClassificationData& all = data_.classifications[i];
      const bool by_order = all.seen.kind == ClassificationKind::kLadder ||
                            all.seen.kind == ClassificationKind::kFirstMatch;
      if (!by_order && all.seen.kind != ClassificationKind::kFlags) continue;
      place_ = "/classifications/" + std::to_string(i) + "/classes/";
      look_at(all, by_order);
    }
    for (const PolicyValue& value : data_.values) {
      if (!value.expression) continue;
      look_at_texts(*value.expression, value.pointer + "/expression", value.tag.name);
    }
    return std::move(found_);
  }

 private:
  void warn(const PolicyClass& one, const char* part, const char* code, std::string message) {
    PolicyFinding finding;
    finding.code = code;
    finding.severity = Severity::kWarning;
    finding.pointer = place_ + std::to_string(one.position) + part;
    finding.message = '"' + one.name + "\" " + std::move(message);
    found_.push_back(std::move(finding));
  }

  void look_at(const PolicyClassificationData& all, bool by_order) {
    Terrain terrain;
    std::vector<int> enter, keep;
    std::vector<const PolicyClass*> classes;
    for (const PolicyClass& one : all.classes) {
      if (!one.enter) continue;
      classes.push_back(&one);
      enter.push_back(terrain.add(*one.enter));
      keep.push_back(one.keep ? terrain.add(*one.keep) : -1);
      look_at_texts(*one.enter, place_ + std::to_string(one.position) + "/enter", one.name);
    }
    if (classes.empty()) return;
    if (!terrain.settle()) {
      warn(
          *classes[0], "", "not_decided",
          "and the classes beside it look at one thing with more than 63 thresholds; what they can "
          "reach is not decided");
      return;
    }
    Search search(terrain, kBudget);
    std::vector<bool> dead(classes.size(), false);
    for (size_t i = 0; i < classes.size(); ++i) {
      dead[i] = !look_at_one(*classes[i], terrain, search, enter[i], keep[i]);
    }
    if (by_order) look_at_order(all, classes, terrain, search, enter, dead);
  }

  // Conditions that are always or never true, and stays that do not cover their own entry.
  bool look_at_one(const PolicyClass& one, const Terrain& terrain, Search& search, int enter,
                   int keep) {
    if (search.find({{enter, kTrue}}) == Answer::kNone) {
      warn(one, "/enter", "always_false", "can never be entered: its condition is never true");
      return false;
    }
    if (search.find({{enter, kNotTrue}}) == Answer::kNone) {
      warn(one, "/enter", "always_true", "takes everybody: its condition is always true");
    }
    if (keep < 0) return true;
    if (search.find({{keep, kTrue}}) == Answer::kNone) {
      warn(one, "/keep", "always_false", "keeps nobody: its condition to stay is never true");
      return true;
    }
    const Answer answer = search.find({{enter, kTrue}, {keep, kNotTrue}});
    if (answer == Answer::kFound && terrain.exact(enter) && terrain.exact(keep)) {
      warn(one, "/keep", "keep_not_implied",
           "is entered by some whom \"keep\" alone would not hold (" +
               terrain.witness(search.region(), {enter, keep}) +
               "); they stay as long as \"enter\" holds, and leave at once when it does not");
    }
    if (search.find({{keep, kTrue}, {enter, kNotTrue}}) == Answer::kNone) {
      warn(
          one, "/keep", "flapping",
          "has a \"keep\" that holds nobody whom \"enter\" does not; make it weaker, so that small "
          "changes do not move customers back and forth");
    }
    return true;
  }

  void look_at_order(const PolicyClassificationData& all,
                     const std::vector<const PolicyClass*>& classes, const Terrain& terrain,
                     Search& search, const std::vector<int>& enter, const std::vector<bool>& dead) {
    const Search::Reach reach = search.first_match(enter);
    if (reach.answer == Answer::kNotDecided) {
      warn(*classes[0], "", "not_decided",
           "and the classes beside it are too many for the budget; which can be reached is not "
           "decided");
      return;
    }
    for (size_t i = 0; i < classes.size(); ++i) {
      if (reach.reached[i] || dead[i]) continue;
      warn(*classes[i], "/enter", "unreachable",
           "can never be entered: whoever meets its condition meets that of an earlier class" +
               hidden_by(classes, search, enter, i));
    }
    const bool rest = !all.classes.back().enter;
    bool exact = true;
    for (const int one : enter) exact = exact && terrain.exact(one);
    if (!rest && reach.gap && exact) {
      warn(*classes.back(), "", "gap",
           "is the last class, and some match none (" + terrain.witness(reach.gap_region, enter) +
               "); add a class without \"enter\"");
    }
    if (all.seen.kind != ClassificationKind::kLadder) return;
    for (size_t i = 0; i + 1 < classes.size(); ++i) {
      if (dead[i] || dead[i + 1] || !reach.reached[i] || !reach.reached[i + 1]) continue;
      // A better tier that asks for less than the one below it.
      if (search.find({{enter[i + 1], kTrue}, {enter[i], kNotTrue}}) == Answer::kNone) {
        warn(*classes[i], "/enter", "order",
             "asks for no more than \"" + classes[i + 1]->name + "\", which is listed as less");
      }
    }
  }

  // The one class that alone hides another, where there is one.
  std::string hidden_by(const std::vector<const PolicyClass*>& classes, Search& search,
                        const std::vector<int>& enter, size_t hidden) {
    for (size_t i = 0; i < hidden; ++i) {
      if (search.find({{enter[hidden], kTrue}, {enter[i], kNotTrue}}) == Answer::kNone) {
        return ", \"" + classes[i]->name + '"';
      }
    }
    return "";
  }

  // Whether the expression asks somewhere if what the comparison reads is there.
  static bool guarded(const Graph& graph, const Node& comparison) {
    for (const int32_t arg : {comparison.args[0], comparison.args[1]}) {
      if (graph.at(arg).op != Op::kField) continue;
      bool asked = false;
      for (const Node& node : graph.nodes) {
        asked |=
            (node.op == Op::kHas || node.op == Op::kIsNull) && node.index == graph.at(arg).index;
      }
      if (!asked) return false;
    }
    return true;
  }

  // What a single expression does that is rarely meant.
  void look_at_texts(const Expression& expression, const std::string& pointer,
                     const std::string& name) {
    const CompiledExpression& compiled = expression.compiled();
    for (const Node& node : compiled.graph.nodes) {
      const char* code = nullptr;
      std::string message;
      if (node.op == Op::kDiv && node.type.base == Base::kInt64) {
        code = "whole_division";
        message =
            "this division of whole numbers drops the fraction; write double(...) / double(...) "
            "where it is meant to stay";
      }
      if ((node.op == Op::kCompare || node.op == Op::kCompareRank) && node.cmp == Cmp::kNe &&
          !node.total && !guarded(compiled.graph, node)) {
        code = "unguarded_null";
        message =
            "\"!=\" is unknown, not true, where a side is null; say what null means: has(x) && "
            "..., or or_else(x, ...)";
      }
      if (code == nullptr) continue;
      PolicyFinding finding;
      finding.code = code;
      finding.severity = Severity::kWarning;
      finding.pointer = pointer;
      finding.begin = node.span.begin;
      finding.end = node.span.end;
      finding.message = '"' + name + "\": " + message;
      found_.push_back(std::move(finding));
    }
  }

  const PolicyData& data_;
  std::string place_;
  std::vector<PolicyFinding> found_;
};

}  // namespace

std::vector<PolicyFinding> analyse(const PolicyData& data) { return Analysis(data).run(); }

}  // namespace patron::internal::policy
