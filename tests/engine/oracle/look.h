// Look: one customer at one instant. Every name is worked out when it is asked for,
// classifications by their step, so that whoever reads one sees the class of this instant.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/engine/oracle/oracle.h"

namespace patron::oracle {

/// Her orders as RFM has them.
struct RfmMeasures {
  std::optional<Day> last_day;
  int64_t frequency = 0, money = 0;
};

class Oracle::Look : public Names {
 public:
  /// With facts that took effect until then. Where she `moves` her classes are stepped, else they
  /// are those that she was last seen in.
  Look(const Oracle& oracle, const std::string& id, Customer& customer, Micros t, bool moves,
       Micros until, const Frozen& frozen);

  Value value(const std::string& name) override;
  /// Of a rank: whether she takes part; where she does not say so, she does.
  bool takes_part(const Rules::Classification& rank);
  RfmMeasures rfm(const Rules::Model& model) const;
  std::optional<int64_t> answer(const Rules::Model& nps) const;
  ReferralFacts referral(const Rules::Model& model);
  /// A number as combined scores see it, money in major units.
  std::optional<double> number(const std::string& name);

  std::set<Micros> later;
  /// Of each machine that changed: whether it would not have without the change of an override.
  std::map<size_t, std::vector<bool>> by_override;

 private:
  template <typename InForce>
  int overridden(size_t c, size_t m, int own, const InForce& in_force) const;
  void net_refunds();
  Value work_out(const std::string& name);
  Value attribute(const std::string& name) const;
  Value joined() const;
  Value metric(const Metric& metric);
  Value score(const std::vector<Rules::ScoreRow>& rows);
  bool counts_of(const Rules::ScoreRow& row, const Event& event) const;
  Value kept(const std::string& name, const Value& found);
  Value of_model(const Rules::Model& model, const std::string& name);
  Value of_ltv(const Rules::Model& model, const std::string& output);
  Value of_referrals(const std::string& output) const;
  Value combined(const Rules::Model& model, bool coverage);
  std::array<int, 3> scores(const RfmMeasures& her);
  int grid_class(const Rules::Classification& grid);
  int rank_class(size_t c);
  Value class_of(size_t c);
  void step_machine(size_t c);
  void announce(size_t c, size_t m);
  Truth holds(const Rules::Classification& what, const MachineRules& rules, int k, bool keep);

  const Rules& rules_;
  const std::string id_;
  const std::set<std::string> ids_;  ///< all of hers
  Customer& customer_;
  const Frozen& frozen_;
  std::vector<std::vector<Shown>> before_;
  bool moves_;
  std::vector<const Event*> events_;
  std::deque<Event> netted_;  ///< refunds, at the times of their orders
  std::vector<const AttributeValue*> values_;
  Anchors anchors_;
  std::map<std::string, Value> memo_;
  std::vector<bool> stepped_;
};

}  // namespace patron::oracle
