// Id order: customers brought into the order of their ids, integers by value, text by bytes.
//
// A customer is any type with `KeyType`, `key` and, where that is text, its length `code`.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <functional>
#include <numeric>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/buffer.h"
#include "lib/base/parallel.h"
#include "lib/models/orders/splitter.h"

namespace patron::internal {

/// A customer, and 64 bits of her id in whose order most of the sorting is done.
template <typename Customer>
struct IdEntry {
  uint64_t key;
  const Customer* customer;
};

/// Sorts the customers of one ordered partition after the other; keeps its memory. They are spread
/// over a range of sort keys much like their rank, so one pass of distribution leaves short runs
/// for insertion sort; where they are not, other sorts whose cost does not depend on the ids.
template <typename Customer>
class IdSorter {
 public:
  IdSorter(const Splitter& splitter, const Pause& pause) : splitter_(splitter), pause_(pause) {}
  /// The customers in order. Holds until the next call; means nothing once `pause` says stop.
  std::span<const IdEntry<Customer>> sort(std::span<const Customer> customers);

 private:
  bool distribute();

  const Splitter& splitter_;
  const Pause pause_;
  std::vector<IdEntry<Customer>> entries_;
  std::vector<IdEntry<Customer>> sorted_;
  std::vector<uint32_t> begins_;
};

/// Sorts customers that were partitioned by hash. Radix sort on 64 bits of the id at a time; of
/// text on those after the prefix that all ids share, then on the next ones where these are equal.
/// `watch` is asked as the sort goes on; once it is not ok its status is returned, and the order is
/// unspecified.
template <typename Customer>
Status sort_by_id(std::vector<const Customer*>* customers, Watch* watch);

namespace id_order {

/// Asked as a sort goes on: whether to give up.
using Stop = std::function<bool()>;

template <typename Customer>
std::string_view text_of(const Customer& c) {
  return TextKey::text(c.key, c.code);
}

template <typename Customer>
bool less_id(const IdEntry<Customer>& a, const IdEntry<Customer>& b) {
  if constexpr (Customer::KeyType::kText)
    return a.key != b.key ? a.key < b.key : text_of(*a.customer) < text_of(*b.customer);
  else
    return a.key < b.key;
}

/// Calls step(i) for 0 .. n-1; false where it was told to stop on the way.
template <typename Step>
bool each(size_t n, const Stop& stop, Step step) {
  constexpr size_t kBlock = 1 << 16;
  for (size_t begin = 0; begin < n; begin += kBlock) {
    const size_t end = std::min(n, begin + kBlock);
    for (size_t i = begin; i < end; i++) step(i);
    if (stop()) return false;
  }
  return true;
}

/// Sorts by key: least significant byte first, leaving out the bytes that are the same in all.
/// False where it was told to stop.
template <typename Customer>
bool radix_sort(std::span<IdEntry<Customer>> entries, Buffer* scratch, const Stop& stop) {
  std::array<std::array<uint32_t, 256>, 8> counts{};
  bool going = each(entries.size(), stop, [&](size_t i) {
    uint64_t key = entries[i].key;
    for (std::array<uint32_t, 256>& count : counts) {
      count[key & 255]++;
      key >>= 8;
    }
  });
  if (scratch->size() < entries.size_bytes()) *scratch = Buffer(entries.size_bytes());
  IdEntry<Customer>* from = entries.data();
  IdEntry<Customer>* to = scratch->as<IdEntry<Customer>>();
  for (size_t byte = 0; byte < 8 && going; byte++) {
    std::array<uint32_t, 256>& count = counts[byte];
    if (*std::max_element(count.begin(), count.end()) == entries.size()) continue;
    uint32_t next = 0;
    for (uint32_t& c : count) next += std::exchange(c, next);
    going = each(entries.size(), stop,
                 [&](size_t i) { to[count[from[i].key >> (8 * byte) & 255]++] = from[i]; });
    std::swap(from, to);
  }
  if (from != entries.data()) std::copy_n(from, entries.size(), entries.data());
  return going;
}

/// Sorts text that is equal up to some byte: the runs that have equal keys, by the bytes behind.
template <typename Customer>
class TextSorter {
 public:
  TextSorter(std::span<IdEntry<Customer>> entries, const Stop& stop)
      : entries_(entries), stop_(stop) {}

  /// Once it was told to stop, the order is unspecified.
  void sort(size_t skip) {
    runs_.push_back({0, entries_.size(), skip});
    while (!runs_.empty()) {
      const Run run = runs_.back();
      runs_.pop_back();
      if (!sort_run(run)) return;
    }
  }

 private:
  struct Run {
    size_t begin, end;
    size_t skip;  ///< bytes that are known to be equal
  };
  static constexpr size_t kSmall = 256;

  static void sort_small(std::span<IdEntry<Customer>> entries) {
    std::sort(entries.begin(), entries.end(),
              [](const IdEntry<Customer>& a, const IdEntry<Customer>& b) {
                return text_of(*a.customer) < text_of(*b.customer);
              });
  }

  /// False where it was told to stop.
  bool sort_run(const Run& run) {
    const std::span<IdEntry<Customer>> entries = entries_.subspan(run.begin, run.end - run.begin);
    size_t longest = 0;
    const bool going = each(entries.size(), stop_, [&](size_t i) {
      const std::string_view text = text_of(*entries[i].customer);
      longest = std::max(longest, text.size());
      entries[i].key = eight_bytes(text, run.skip);
    });
    if (!going) return false;
    // Behind its longest text a run differs only in zeros at the end: the shorter comes first.
    if (entries.size() <= kSmall || longest <= run.skip) {
      sort_small(entries);
      return true;
    }
    if (!radix_sort(entries, &scratch_, stop_)) return false;
    size_t sorted = 0;  // since the last question
    for (size_t begin = 0, end = 0; begin < entries.size(); begin = end) {
      while (end < entries.size() && entries[end].key == entries[begin].key) end++;
      if (end - begin > kSmall)
        runs_.push_back({run.begin + begin, run.begin + end, run.skip + 8});
      else
        sort_small(entries.subspan(begin, end - begin));
      // Sorting a small run looks at each of its ids some eight times.
      if ((sorted += end - begin) < Pause::kRows / 8) continue;
      if (stop_()) return false;
      sorted = 0;
    }
    return true;
  }

  const std::span<IdEntry<Customer>> entries_;
  const Stop& stop_;
  std::vector<Run> runs_;
  Buffer scratch_;
};

/// The length of the prefix that all ids share.
template <typename Customer>
size_t shared_id_prefix(std::span<const IdEntry<Customer>> entries, const Stop& stop) {
  const std::string_view first = text_of(*entries[0].customer);
  size_t length = first.size();
  each(entries.size(), stop, [&](size_t i) {
    const std::string_view text = text_of(*entries[i].customer);
    length = std::min(length, text.size());
    if (std::memcmp(text.data(), first.data(), length) == 0) return;
    size_t same = 0;
    while (text[same] == first[same]) same++;
    length = same;
  });
  return length;
}

/// Sorts whatever the ids are.
template <typename Customer>
void sort_entries(std::span<IdEntry<Customer>> entries, const Stop& stop) {
  if constexpr (Customer::KeyType::kText) {
    const size_t prefix = shared_id_prefix(std::span<const IdEntry<Customer>>(entries), stop);
    TextSorter<Customer>(entries, stop).sort(prefix);
  } else {
    Buffer scratch;
    radix_sort(entries, &scratch, stop);
  }
}

}  // namespace id_order

template <typename Customer>
std::span<const IdEntry<Customer>> IdSorter<Customer>::sort(std::span<const Customer> customers) {
  entries_.clear();
  for (const Customer& c : customers) {
    if constexpr (Customer::KeyType::kText)
      entries_.push_back({splitter_.sort_key(id_order::text_of(c)), &c});
    else
      entries_.push_back({c.key.id, &c});
  }
  if (entries_.size() < 2) return entries_;
  if (distribute()) return sorted_;
  id_order::sort_entries(std::span(entries_), [this] { return pause_.stop(); });
  return entries_;
}

/// Spreads entries_ by their keys into sorted_; false where many would share a place.
template <typename Customer>
bool IdSorter<Customer>::distribute() {
  const size_t n = entries_.size();
  uint64_t low = ~uint64_t{0}, high = 0;
  for (const IdEntry<Customer>& entry : entries_) {
    low = std::min(low, entry.key);
    high = std::max(high, entry.key);
  }
  const int width = static_cast<int>(std::bit_width(high - low));
  const int shift = std::max(0, width - static_cast<int>(std::bit_width(n)) - 1);
  begins_.assign(((high - low) >> shift) + 2, 0);
  for (const IdEntry<Customer>& entry : entries_) begins_[((entry.key - low) >> shift) + 1]++;
  if (*std::max_element(begins_.begin(), begins_.end()) > 32) return false;
  std::partial_sum(begins_.begin(), begins_.end(), begins_.begin());
  sorted_.resize(n);
  IdEntry<Customer>* const sorted = sorted_.data();
  for (const IdEntry<Customer>& entry : entries_)
    sorted[begins_[(entry.key - low) >> shift]++] = entry;
  for (size_t i = 1; i < n; i++) {  // insertion sort: nothing stands far from its place
    if (!id_order::less_id(sorted[i], sorted[i - 1])) continue;
    const IdEntry<Customer> entry = sorted[i];
    size_t at = i;
    for (; at > 0 && id_order::less_id(entry, sorted[at - 1]); at--) sorted[at] = sorted[at - 1];
    sorted[at] = entry;
  }
  return true;
}

template <typename Customer>
Status sort_by_id(std::vector<const Customer*>* customers, Watch* watch) {
  if (customers->size() < 2) return {};
  Status status;
  const id_order::Stop stop = [&status, watch] {
    status = watch->poll(1);
    return !status.ok();
  };
  std::vector<IdEntry<Customer>> entries(customers->size());
  const bool going = id_order::each(entries.size(), stop, [&](size_t i) {
    const Customer* const c = (*customers)[i];
    entries[i].customer = c;
    if constexpr (!Customer::KeyType::kText) entries[i].key = c->key.id;  // text gets them later
  });
  if (going) id_order::sort_entries(std::span(entries), stop);
  if (!status.ok()) return status;
  id_order::each(entries.size(), stop, [&](size_t i) { (*customers)[i] = entries[i].customer; });
  return status;
}

}  // namespace patron::internal
