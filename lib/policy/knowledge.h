// What is known of the values that conditions read, whoever the customer is: where they lie,
// whether they can be null, and what they are made of.
//
//   Knowledge knowledge(data);
//   knowledge.domain("orders_12m");   // 0 and more, never null: a count
//   knowledge.inside("repeat_buyer"); // the expression orders_12m >= 2
//
// A default-constructed one knows nothing: names stand for themselves. Thread class: serial.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/policy/policy_data.h"

namespace patron::internal::policy {

/// Bounds that hold for every customer, both included; whole numbers and doubles alike.
struct Domain {
  std::optional<int64_t> low, high;
  bool nullable = true;
};

/// The values that a value is made of in the end; `many` where there are too many to follow.
struct Leaves {
  std::vector<int> ids;  ///< increasing
  bool many = false;
  std::vector<int> streams;  ///< whose events they are computed from, increasing
};

class Knowledge {
 public:
  Knowledge() = default;
  explicit Knowledge(const PolicyData& data);

  Domain domain(std::string_view name) const;
  /// The condition that a bool tag is, where it is one and is never anything else; else null.
  const Expression* inside(std::string_view name) const;
  const Leaves& leaves(std::string_view name);

 private:
  struct Known {
    const PolicyValue* value = nullptr;
    Domain domain;
    Leaves leaves;
  };
  Known& known(std::string_view name);

  std::map<std::string, Known, std::less<>> known_;
};

}  // namespace patron::internal::policy
