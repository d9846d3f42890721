// Condition: an expression of a policy, read by recursive descent and walked as it stands: the
// oracle's own, which shares nothing with lib/expr.
//
//   Condition rule = Condition::read("spend >= 1000 && age(last_order) <= days(90)");
//   Value holds = rule.value(names);   // names: what each name is, and what time it is
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "patron/time.h"
#include "tests/engine/oracle/value.h"

namespace patron::oracle {

/// What a condition sees.
class Names {
 public:
  virtual ~Names() = default;
  virtual Value value(const std::string& name) = 0;

  Micros now = 0;
  const TimeZone* zone = nullptr;
  int scale = 2;
  /// Instants at which a comparison with something that moves may come out otherwise.
  std::set<Micros>* flips = nullptr;
};

class Condition {
 public:
  Condition() = default;
  /// Throws std::runtime_error for what the oracle does not know.
  static Condition read(std::string_view text);
  bool empty() const { return op_.empty(); }
  Value value(Names& names) const;
  /// All names in it.
  void names(std::set<std::string>& out) const;

 private:
  friend class ConditionReader;
  std::string op_;  ///< "name", "literal", "list", a function, or an operator
  std::vector<Condition> parts_;
  std::string name_;
  Value literal_;
};

}  // namespace patron::oracle
