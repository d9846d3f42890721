// Id order: customers brought into the order of their ids, integers by value, text by bytes.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lib/base/parallel.h"
#include "lib/models/rfm/splitter.h"

namespace patron::internal {

template <typename Key>
struct Customer;

/// A customer, and 64 bits of her id in whose order most of the sorting is done.
template <typename Key>
struct IdEntry {
  uint64_t key;
  const Customer<Key>* customer;
};

/// Sorts the customers of one ordered partition after the other; keeps its memory. They are spread
/// over a range of sort keys much like their rank, so one pass of distribution leaves short runs
/// for insertion sort; where they are not, other sorts whose cost does not depend on the ids.
template <typename Key>
class IdSorter {
 public:
  IdSorter(const Splitter& splitter, const Pause& pause) : splitter_(splitter), pause_(pause) {}
  /// The customers in order. Holds until the next call; means nothing once `pause` says stop.
  std::span<const IdEntry<Key>> sort(std::span<const Customer<Key>> customers);

 private:
  bool distribute();

  const Splitter& splitter_;
  const Pause pause_;
  std::vector<IdEntry<Key>> entries_;
  std::vector<IdEntry<Key>> sorted_;
  std::vector<uint32_t> begins_;
};

/// Sorts customers that were partitioned by hash. Radix sort on 64 bits of the id at a time; of
/// text on those after the prefix that all ids share, then on the next ones where these are equal.
/// `watch` is asked as the sort goes on; once it is not ok its status is returned, and the order is
/// unspecified.
template <typename Key>
Status sort_by_id(std::vector<const Customer<Key>*>* customers, Watch* watch);

}  // namespace patron::internal
