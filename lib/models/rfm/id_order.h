// Id order: customers that were partitioned by hash, brought into the order of their ids.
#pragma once

#include <vector>

#include "lib/models/rfm/aggregate.h"

namespace patron::internal {

/// Sorts by id: integers by value, text by bytes. Radix sort (LSD) on 64 bits of the id, of text
/// those after the prefix that all ids share; what is still equal is compared whole.
template <typename Key>
void sort_by_id(std::vector<const Customer<Key>*>* customers);

}  // namespace patron::internal
