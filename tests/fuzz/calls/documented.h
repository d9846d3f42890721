// Which statuses each function of the C API may return: read from the header's own comments.
//
//   documented().allows("patron_zone_check", PATRON_E_ZONE)   // true
#pragma once

#include <map>
#include <set>
#include <string>

#include "patron/patron.h"

namespace patron::fuzz {

class Documented {
 public:
  /// Reads the header; ends the program where it cannot.
  explicit Documented(const std::string& header);
  bool allows(const std::string& function, patron_status status) const;
  /// Every exported function.
  const std::set<std::string>& functions() const { return functions_; }

 private:
  std::set<std::string> functions_;
  std::map<std::string, std::set<patron_status>> errors_;
};

/// That of the header this program was compiled with.
const Documented& documented();

}  // namespace patron::fuzz
