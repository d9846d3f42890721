// What a policy needs of a book, its streams, attributes and identity keys, and how metrics read
// its streams from there.
//
//   Book book(*BookLayout::make(book_spec(policy.data())));
//   stream.rules = stream_rules(policy.data().streams[i]);
//
// Thread class of everything here: pure.
#pragma once

#include "lib/metrics/event_source.h"
#include "lib/policy/policy_data.h"
#include "patron/book.h"

namespace patron::internal {

/// Whether a set has members that the policy does not list. A book keeps it as text.
bool is_open_set(Kind kind, const std::vector<std::string>& values);

/// Streams and attributes in the order of the policy, so that both number them alike.
BookSpec book_spec(const PolicyData& policy);

/// What a sale is in this stream, how refunds name it, and which columns are open sets.
StreamRules stream_rules(const PolicyStream& stream);

}  // namespace patron::internal
