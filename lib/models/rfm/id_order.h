// Id order: customers that were partitioned by hash, brought into the order of their ids.
#pragma once

#include <vector>

#include "lib/models/rfm/aggregate.h"

namespace patron::internal {

/// Sorts by id: integers by value, text by bytes. Radix sort on 64 bits of the id at a time; of
/// text on those after the prefix that all ids share, then on the next ones where these are equal.
/// `watch` is asked as the sort goes on; once it is not ok its status is returned, and the order is
/// unspecified.
template <typename Key>
Status sort_by_id(std::vector<const Customer<Key>*>* customers, Watch* watch);

}  // namespace patron::internal
