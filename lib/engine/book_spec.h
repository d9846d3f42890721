// What a policy needs of a book: its streams, attributes and identity keys.
#pragma once

#include "lib/policy/policy_data.h"
#include "patron/book.h"

namespace patron::internal {

/// Whether a set has members that the policy does not list. A book keeps it as text.
bool is_open_set(Kind kind, const std::vector<std::string>& values);

/// Streams and attributes in the order of the policy, so that both number them alike. Thread class:
/// pure.
BookSpec book_spec(const PolicyData& policy);

}  // namespace patron::internal
