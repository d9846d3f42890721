// Sharded: the customers of a case in several engines, each with a part of them, as a host with
// many machines has them: it lets all of them go to the same instants, merges what a calibration
// needs, and gives every engine the constants (docs/calibration.md).
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/engine/oracle/drive.h"

namespace patron::oracle {

class Sharded {
 public:
  /// Whoever is ever linked with whom is in one part.
  Sharded(const Policy& policy, const Rules& rules, const std::vector<Call>& calls, size_t parts);

  void hand(const Call& call);
  /// Throws where the parts together are not what the whole is.
  void compare(const Driver& whole) const;

 private:
  Driver& of(const std::string& id);
  void forget_elsewhere(const std::string& id);
  void advance(Micros to);
  void all_to(Micros t);
  void calibrate(const std::vector<Driver*>& parts);

  /// The next microsecond is one at which the policy calibrates: a shard cannot tell whether a
  /// summary is for then or for now.
  bool ambiguous_ = false;
  std::map<std::string, size_t> part_of_;
  std::vector<std::unique_ptr<Driver>> parts_;
};

}  // namespace patron::oracle
