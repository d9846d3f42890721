// What a policy's conditions can never do, or do to more customers than was meant: findings beyond
// what makes it sound. Exact within a budget, "not decided" beyond it; never a guess.
#pragma once

#include <vector>

#include "lib/policy/policy_data.h"
#include "patron/policy.h"

namespace patron::internal::policy {

/// Warnings, each with the pointer of its place; offsets are left to the caller. Thread class:
/// pure. Cost: at most some 200,000 steps for each classification.
std::vector<PolicyFinding> analyse(const PolicyData& data);

}  // namespace patron::internal::policy
