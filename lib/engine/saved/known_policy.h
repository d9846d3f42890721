// A policy that the host has, in the place of the one that a saved engine has in its bytes.
//
//   if (same_document(saved, known.data().document)) versions.push_back(known);   // not read again
//   Status status = check_known_policy(versions.back().policy, known);
//
// The order of the keys of a document is that of an event's values, so policies with one hash may
// still lay out their facts in two ways: the documents have to be the same but for blanks.
//
// Thread class of everything here: pure.
#pragma once

#include <string_view>

#include "patron/policy.h"
#include "patron/status.h"

namespace patron::internal {

/// Whether two JSON documents, one of which is sound, differ in nothing but blanks between tokens.
/// Cost: linear.
bool same_document(std::string_view a, std::string_view b);

/// Whether the policy that was in force when an engine was saved is the one that the host has.
/// Code::kArgument, which names both.
Status check_known_policy(const Policy& saved, const Policy& known);

}  // namespace patron::internal
