// SettlePlan: how a customer of a policy is settled quickly.
//
//   const SettlePlan plan(policy, streams, matters, reads);
//   plan.whole;                          // false: the policy needs the plain way
//   plan.values[i].way;                  // how each value comes about
//   plan.conditions[c][k].enter.clauses;  // a condition, as bits of plan.table
//
// A condition that is made of comparisons of one value with a number or a word is looked up in a
// table (condition_table.h), which also knows between which values it stays what it is, so that
// time need not be stopped in between. What is no such comparison is evaluated as it stands, and
// makes every change of what it reads count.
//
// Thread class: a const plan is shared.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "lib/engine/quick/condition_table.h"
#include "lib/expr/program.h"
#include "lib/metrics/glance_metric.h"
#include "lib/policy/policy_data.h"

namespace patron::internal {

/// A node of a condition.
struct PlanTerm {
  enum class Kind : uint8_t {
    kAnd,  ///< of two terms
    kOr,
    kNot,
    kCompare,  ///< value cmp number
    kDouble,   ///< value cmp real
    kText,     ///< value == text, or !=
    kTruth,    ///< of a value that is a bool
    kProgram,  ///< anything else that does not read the clock
  };
  Kind kind = Kind::kTruth;
  Cmp cmp = Cmp::kEq;
  int32_t a = -1, b = -1;  ///< terms; kProgram: of SettlePlan::programs
  size_t value = 0;
  int64_t number = 0;
  double real = 0;
  std::string_view text;
};

/// A condition, or the expression of a tag that is a bool.
struct PlanCondition {
  const Expression* expression = nullptr;  ///< null: there is none
  uint64_t clauses = 0;                    ///< of SettlePlan::table; 0: it is not there
  int32_t term = -1;  ///< -1: it reads the clock, and is evaluated as it stands
};

struct PlanValue {
  enum class Way : uint8_t {
    kIdle,       ///< no class depends on it
    kGlance,     ///< a metric from a glance at the log
    kCondition,  ///< a bool expression
    kFormula,    ///< any other expression that does not read the clock, but texts and sets
    kTiers,      ///< a ladder, a first match or bands
    kFlags,
    kPlain,  ///< as the plain way computes it
  };
  Way way = Way::kIdle;
  PlanCondition condition;
  size_t program = 0;  ///< kFormula: of SettlePlan::programs
  /// Every change of it counts.
  bool always = false;
  /// Numbers that conditions which are in no table compare it with, ascending: it counts when it
  /// comes to another side of one.
  std::vector<int64_t> cuts;
  // While time passes: it stays as it is; and it never becomes greater.
  bool still = false, falls = false;
};

class SettlePlan {
 public:
  using ReadsOf = std::function<const std::vector<size_t>&(const Expression&)>;
  struct ClassConditions {
    PlanCondition enter, keep;
  };

  /// `matters`: of each value, whether a class depends on it; `reads`: of each field of an
  /// expression's schema the value of that name. All is kept by reference but those two.
  SettlePlan(const PolicyData& policy, std::span<const MetricStream> streams,
             const std::vector<bool>& matters, const ReadsOf& reads);

  /// False where what a settling does depends on the one before it: windows that begin with a
  /// class, values that are kept, and the history of a class.
  bool whole = true;
  std::vector<PlanValue> values;                         ///< of each value of the policy
  std::vector<std::vector<ClassConditions>> conditions;  ///< of each classification and class
  std::vector<PlanTerm> terms;
  struct SubProgram {
    std::unique_ptr<Program> program;
    const std::vector<size_t>* reads;  ///< of each field of its schema
    size_t fields = 0;                 ///< of its schema
  };
  std::vector<SubProgram> programs;
  ConditionTable table;
  std::vector<uint32_t> order;  ///< the values that matter
  /// The values that an expression reads.
  const std::vector<size_t>& reads(const Expression& expression) const {
    return reads_(expression);
  }

 private:
  class Maker;
  ReadsOf reads_;
};

}  // namespace patron::internal
