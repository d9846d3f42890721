// Classifications that are made of conditions alone: what a customer is called who has no history.
//
//   Result<const PolicyClassificationData*> tier = classification_by_conditions(policy, "tier");
//
// Thread class: pure.
#pragma once

#include <string_view>

#include "lib/policy/policy_data.h"
#include "patron/status.h"

namespace patron::internal::policy {

/// A ladder, a first match or flags of that name. Code::kArgument where the policy has none,
/// kUnsupported where it is of another kind.
Result<const PolicyClassificationData*> classification_by_conditions(const PolicyData& policy,
                                                                     std::string_view name);

}  // namespace patron::internal::policy
