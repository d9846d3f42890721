// What a policy says, as far as the oracle knows the language.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/engine/oracle/machine.h"
#include "tests/engine/oracle/metric.h"

namespace patron::oracle {

struct Rules {
  /// Throws std::runtime_error for what the oracle does not know.
  explicit Rules(const Tree& policy);

  struct Tag {
    std::string name;
    std::optional<Metric> metric;
    Condition expression;
    std::optional<Value> instead;  ///< of null
  };
  struct Attribute {
    Is kind = Is::kUnknown;
    std::optional<Value> instead;
  };
  struct Classification {
    std::string name, kind;
    std::vector<MachineRules> machines;  ///< of flags one each
    std::string of;                      ///< bands
    double hysteresis = 0;
    /// The number of a class in its machine; of flags the number of the flag.
    int number_of(const std::string& name) const;
  };

  TimeZone zone;
  int scale = 2;
  bool number_ids = false;
  std::string joined;
  std::map<std::string, Attribute> attributes;
  std::map<std::string, Tag> tags;
  std::vector<Classification> classifications;
};

}  // namespace patron::oracle
