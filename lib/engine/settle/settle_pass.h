// SettlePass: one customer at one instant, the plain way: every value from every fact.
//
//   SettlePass(parts, customer, state, t, true, SettleExtent::kClasses).run();
//   parts.out.moves;
//
// Thread class: serial, as the parts are.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "lib/engine/settle/settle_parts.h"
#include "lib/expr/atoms.h"

namespace patron::internal {

/// How much of a customer is looked at.
enum class SettleExtent : uint8_t {
  kAll,      ///< every value
  kValues,   ///< the same with the classes that she has, and not when any of them changes
  kClasses,  ///< what her classes depend on
  kTimes,    ///< the same, and not what decided it where SettleParts::told_of does not ask
  /// As kTimes, where the pass before was hers, at no later an instant, and no fact has taken
  /// effect since: what it found is not computed again before it changes by itself.
  kLater,
  kOutcome,  ///< as kClasses, and neither when anything changes nor what decided it
};

class SettlePass {
 public:
  /// With `moving` her machines are stepped; else they are only looked at. All is kept by
  /// reference.
  SettlePass(SettleParts& parts, uint32_t customer, CustomerState& state, Micros t, bool moving,
             SettleExtent extent);
  /// The outcome is in SettleParts::out.
  void run();

 private:
  friend class QuickPass;
  friend class SumsPass;
  friend class ScoresPass;
  friend class ClassExplainer;

  void sooner(Micros t) { out_.next = std::min(out_.next, std::max(t, t_ + 1)); }
  void look_at(size_t i);
  void show(size_t i);
  bool stands(size_t i) const;
  std::span<const Cell> cells_of(const Expression& expression);
  Cell evaluate(const Expression& expression);
  Micros next_midnight() const;
  MetricValue attribute(int index);
  std::optional<Micros> joined();
  Anchors anchors_of(const MetricSpec& metric) const;
  void compute(size_t i);
  std::optional<double> number(std::string_view name) const;
  MetricValue ratio(const MetricSpec& metric) const;
  MetricValue plain_ltv(const PolicyPlainLtv& plain) const;
  MetricValue scorecard(const PolicyValue& value);
  void heed_null(size_t i);
  void classify(size_t i);
  void hold(size_t classification, MetricValue& out) const;
  void take(int index, int to, MetricValue& out);
  int rank_class(size_t index);
  void lose_seat(size_t machine, int64_t calibration);
  Truth answer(size_t condition, const Expression& expression);
  void forget_answers(size_t classes);
  int move(const SettleParts::Machine& machine, const TierConditions& conditions);
  std::string decided(size_t machine, int from, int to);
  void write_band_cut(const PolicyClassificationData& bands, int from, int to,
                      std::string& out) const;
  void write_rank_cut(const PolicyClassificationData& rank, int from, int to,
                      std::string& out) const;
  void write_scores(const PolicyClassificationData& grid, std::string& out) const;
  static void note_move(ShownClass& shown, int to);
  int announce(size_t machine);
  void tiers(int index, MetricValue& out);
  void flags(int index, MetricValue& out);

  SettleParts& parts_;
  uint32_t customer_;
  CustomerState& state_;
  Micros t_;
  bool moving_;
  bool all_, timed_, told_;
  bool later_;
  TierCalendar& calendar_;
  std::vector<Cell>& cells_;  ///< of each value
  std::vector<Cell>& seen_;   ///< by the schema of an expression
  Settled& out_;
};

}  // namespace patron::internal
