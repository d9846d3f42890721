// PolicyMaker: makes up a sound policy that the oracle understands; what a name is, as far as
// conditions over it have to know.
#pragma once

#include <string>
#include <vector>

#include "tests/engine/oracle/case.h"

namespace patron::oracle {

using Texts = std::vector<std::string>;

struct Named {
  std::string name;
  Is kind = Is::kUnknown;
  Texts values;  ///< classes of a classification, values of a closed enum
};

class PolicyMaker {
 public:
  explicit PolicyMaker(Dice& dice);
  Tree make();

 private:
  std::string period();
  Tree streams();
  void rfm(Tree& models);
  void models(Tree& out);
  void score(Tree& models, const Texts& numbers);
  void referral(Tree& models);
  void ltv(Tree& models);
  Tree comparisons(size_t size);
  Tree attributes(bool joined);
  void window(Tree& metric);
  void where(Tree& metric, const std::string& stream);
  void follower(Tree& metric);
  void metric(Tree& tags);
  void scorecard(Tree& tags);
  void sequence(Tree& tags, Named made);
  void referral_metric(Tree& tags, Named made);
  void points(Tree& metric);
  void expression(Tree& tags);
  Texts of_kind(Is kind) const;
  Texts numeric() const;
  std::string days();
  std::string relation();
  std::string atom();
  std::string condition(int depth);
  void timers(Tree& what);
  void leave(Tree& what, const Texts& later);
  void classification(Tree& all, size_t number);
  void bands(Tree& out, Named& made, const std::string& of);
  void rank(Tree& out, Named& made, const std::string& by);
  Tree classes(const Named& made, bool flags);

  Dice& dice_;
  static constexpr uint32_t kFlags = 5;
  Texts periods_;
  std::vector<uint32_t> kinds_;  ///< of each classification
  Texts single_;                 ///< classifications that are one class at a time
  std::vector<Named> names_;
  int tags_ = 0;
  bool models_ = false;  ///< calibrations too
  bool rfm_ = false;
  bool referrals_ = false;
  bool ltv_ = false;  ///< which is not calibrated: its constants are handed over
  Texts scores_;
  const Texts kTables{"eleven", "putler", "rfm_r_0_2", "rfm_r_0_3", "regex"};
};

}  // namespace patron::oracle
