// The words of the C interface for what a policy is made of.
#pragma once

#include <array>

#include "patron/policy.h"

namespace patron::capi {

/// "attribute", "metric", ...: as in patron_policy_tags. Thread class: pure.
inline const char* tag_source_name(TagSource source) {
  static constexpr std::array<const char*, 8> kNames{"attribute",      "metric",    "expression",
                                                     "scorecard",      "plain_ltv", "model",
                                                     "classification", "history"};
  return kNames[static_cast<size_t>(source)];
}

}  // namespace patron::capi
