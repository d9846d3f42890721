// What a policy's conditions can never do, or do to more customers than was meant: findings beyond
// what makes it sound. Exact within a budget, "not decided" beyond it; never a guess.
//
//   Knowledge knowledge(data);
//   analyse_classes(data, knowledge);      // {unreachable /classifications/0/classes/2 ...}, ...
//
// docs/policy.md lists the codes.
#pragma once

#include <vector>

#include "lib/policy/knowledge.h"
#include "lib/policy/policy_data.h"
#include "patron/policy.h"

namespace patron::internal::policy {

/// Of classes by conditions: which can be entered and left, by whom, in which order; bands whose
/// hysteresis swallows one. Thread class: pure. Cost: at most some tens of millions of comparisons
/// of conditions for the whole policy.
std::vector<PolicyFinding> analyse_classes(const PolicyData& data, Knowledge& knowledge);

/// Of every expression by itself: fractions that are lost, `!=` beside null, comparisons whose
/// instants cannot be computed, conditions that are always or never true. Thread class: pure.
std::vector<PolicyFinding> analyse_texts(const std::vector<PlacedText>& texts,
                                         Knowledge& knowledge);

}  // namespace patron::internal::policy
