// SettleParts: what settling needs of a policy and a book, made once for both, and the memory of a
// look at one customer, which is kept for the next.
//
//   SettleParts parts(policy.data(), book.state());
//   parts.matters[parts.value_index("spend")];      // whether a class depends on it
//   SettlePass(parts, customer, state, t, true, SettleExtent::kClasses).run();
//   parts.out.moves;
//
// Thread class: serial.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lib/book/log_view.h"
#include "lib/engine/settle/decision.h"
#include "lib/engine/settle/held_classes.h"
#include "lib/engine/settle/model_values.h"
#include "lib/engine/settle/settle.h"
#include "lib/metrics/evaluator.h"
#include "lib/metrics/window_metric.h"

namespace patron::internal {

class ProfileFrame;

struct SettleParts {
  struct Machine {
    TierRules rules;
    size_t state = 0;  ///< in CustomerState::machines
  };

  /// Both are kept by reference.
  SettleParts(const PolicyData& of, const BookState& in);

  /// The value of that name; as many as there are: none.
  size_t value_index(std::string_view name) const;
  /// The values on which that classification depends, itself included, in their order.
  const std::vector<size_t>& scope_of(size_t classification);
  /// Of each field of the schema of an expression the value of that name.
  const std::vector<size_t>& reads(const Expression& expression);

  const PolicyData& policy;
  const BookState& book;
  const HeldClasses held;
  const Schema no_fields;  ///< attributes have no conditions
  std::vector<LogReader> readers, attributes;
  std::vector<MetricStream> streams;
  std::vector<int> attribute_of;  ///< of each value
  std::vector<bool> attribute_is_open_set;
  std::unordered_map<std::string_view, size_t> places;  ///< of values by their names
  std::vector<std::unique_ptr<MetricEvaluator>> metrics;
  std::vector<std::unique_ptr<WindowMetric>> window_metrics;  ///< null: not of those it takes
  std::vector<std::vector<Machine>> machines;                 ///< of each classification
  std::vector<size_t> value_of;                               ///< of each classification
  std::vector<size_t> classification_of;                      ///< of each value that is one
  std::vector<MachineName> names;                             ///< of each machine
  std::unique_ptr<ModelValues> models;
  std::vector<bool> matters;  ///< of each value: whether a class depends on it
  std::vector<bool> daily;  ///< of each value: it grows with the clock, and no condition solves it
  std::vector<bool> calibrated;  ///< of each value: constants of a calibration have a part in it
  bool models_matter = false, joining_matters = false;
  bool joining_is_read = false;  ///< by some value
  /// Where it is set, what alone is looked at of what matters.
  const std::vector<size_t>* scope = nullptr;
  /// Where it is set, what decided a move of this classification is said whatever the extent.
  std::optional<int> told_of;
  std::vector<size_t>
      entries_matter;  ///< machines in whose class something that matters is counted
  bool keeps = false;  ///< whether `on_null` keeps a value

  // The memory of a pass, kept from one to the next.
  TierCalendar calendar;              ///< the policy's zone, and when the customer joined
  SmallVector<ShownClass, 1> before;  ///< of each machine
  std::vector<Cell> cells;            ///< of each value
  std::vector<Cell> seen;             ///< by the schema of an expression
  std::vector<Truth>
      answers;  ///< of the conditions of a machine, `enter` then `keep` of each class
  std::vector<bool> asked;
  AtomCache atoms;  ///< of the conditions of classes that somebody moved by
  std::shared_ptr<const ProfileFrame> profile;  ///< made when it is first used
  Settled out;

 private:
  size_t machine(int flag);
  std::vector<bool> what_reads(const std::vector<std::string_view>& wanted) const;
  void find_what_matters();
  void find_daily();
  void find_calibrated();

  std::vector<std::vector<size_t>> scopes_;  ///< of each classification, once it was asked for
  std::unordered_map<const CompiledExpression*, std::vector<size_t>> reads_of_;
  struct Reads {
    const CompiledExpression* of = nullptr;
    const std::vector<size_t>* values = nullptr;
  };
  std::vector<Reads> reads_lately_;  ///< of reads_of_, by the address of the expression
};

/// What a condition says.
Truth truth_of(const Cell& cell);
/// The first fact of a log that is later than t; TimeRange::kNever: none.
Micros first_after(LogReader& reader, uint32_t customer, Micros t);

}  // namespace patron::internal
