// The words for where a value comes from: "attribute", "metric", ..., as in patron_policy_tags.
//
// Thread class: pure.
#pragma once

#include <array>
#include <string_view>

#include "patron/policy.h"

namespace patron::internal {

inline std::string_view tag_source_name(TagSource source) {
  static constexpr std::array<std::string_view, 8> kNames{
      "attribute", "metric", "expression",     "scorecard",
      "plain_ltv", "model",  "classification", "history"};
  return kNames[static_cast<size_t>(source)];
}

}  // namespace patron::internal
