#include "lib/models/rfm/id_order.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <span>
#include <string_view>
#include <utility>

#include "lib/base/buffer.h"

namespace patron::internal {
namespace {

template <typename Key>
struct Entry {
  uint64_t key;
  const Customer<Key>* customer;
};

std::string_view text_of(const Customer<TextKey>& c) { return TextKey::text(c.key, c.code); }

/// The eight bytes from `skip` on, with zeros behind the end, so that unsigned order is the order
/// of bytes.
uint64_t eight_bytes(std::string_view text, size_t skip) {
  uint64_t bytes = 0;
  if (skip >= text.size()) return bytes;
  std::memcpy(&bytes, text.data() + skip, std::min<size_t>(8, text.size() - skip));
  if constexpr (std::endian::native == std::endian::little) bytes = __builtin_bswap64(bytes);
  return bytes;
}

/// Calls step(i) for 0 .. n-1, and asks the watch on the way.
template <typename Step>
Status watched(size_t n, Watch* watch, Step step) {
  constexpr size_t kBlock = 1 << 16;
  for (size_t begin = 0; begin < n; begin += kBlock) {
    const size_t end = std::min(n, begin + kBlock);
    for (size_t i = begin; i < end; i++) step(i);
    if (Status status = watch->poll(1); !status.ok()) return status;
  }
  return {};
}

/// Finds the length of the prefix that all ids share.
Status find_shared_prefix(const std::vector<const Customer<TextKey>*>& customers, Watch* watch,
                          size_t* length) {
  const std::string_view first = text_of(*customers[0]);
  *length = first.size();
  return watched(customers.size(), watch, [&](size_t i) {
    const std::string_view text = text_of(*customers[i]);
    *length = std::min(*length, text.size());
    if (std::memcmp(text.data(), first.data(), *length) == 0) return;
    size_t same = 0;
    while (text[same] == first[same]) same++;
    *length = same;
  });
}

/// Sorts by key: least significant byte first, leaving out the bytes that are the same in all.
template <typename Key>
Status radix_sort(std::span<Entry<Key>> entries, Buffer* scratch, Watch* watch) {
  std::array<std::array<uint32_t, 256>, 8> counts{};
  Status status = watched(entries.size(), watch, [&](size_t i) {
    for (size_t byte = 0; byte < 8; byte++) counts[byte][entries[i].key >> (8 * byte) & 255]++;
  });
  if (scratch->size() < entries.size_bytes()) *scratch = Buffer(entries.size_bytes());
  Entry<Key>* from = entries.data();
  Entry<Key>* to = scratch->as<Entry<Key>>();
  for (size_t byte = 0; byte < 8 && status.ok(); byte++) {
    std::array<uint32_t, 256>& count = counts[byte];
    if (*std::max_element(count.begin(), count.end()) == entries.size()) continue;
    uint32_t next = 0;
    for (uint32_t& c : count) next += std::exchange(c, next);
    status = watched(entries.size(), watch,
                     [&](size_t i) { to[count[from[i].key >> (8 * byte) & 255]++] = from[i]; });
    std::swap(from, to);
  }
  if (from != entries.data()) std::copy_n(from, entries.size(), entries.data());
  return status;
}

/// Sorts text that is equal up to some byte: the runs that have equal keys, by the bytes behind.
class TextSorter {
 public:
  TextSorter(std::vector<Entry<TextKey>>* entries, Watch* watch)
      : entries_(*entries), watch_(watch) {}

  Status sort(size_t skip) {
    runs_.push_back({0, entries_.size(), skip});
    while (!runs_.empty()) {
      const Run run = runs_.back();
      runs_.pop_back();
      if (Status status = sort_run(run); !status.ok()) return status;
    }
    return {};
  }

 private:
  struct Run {
    size_t begin, end;
    size_t skip;  ///< bytes that are known to be equal
  };
  static constexpr size_t kSmall = 256;
  static constexpr size_t kUnasked = size_t{1} << 14;  ///< ids in small runs between two polls

  static void sort_small(std::span<Entry<TextKey>> entries) {
    std::sort(entries.begin(), entries.end(), [](const Entry<TextKey>& a, const Entry<TextKey>& b) {
      return text_of(*a.customer) < text_of(*b.customer);
    });
  }

  Status sort_run(const Run& run) {
    const std::span<Entry<TextKey>> entries(entries_.data() + run.begin, run.end - run.begin);
    size_t longest = 0;
    Status status = watched(entries.size(), watch_, [&](size_t i) {
      const std::string_view text = text_of(*entries[i].customer);
      longest = std::max(longest, text.size());
      entries[i].key = eight_bytes(text, run.skip);
    });
    if (!status.ok()) return status;
    // Behind its longest text a run differs only in zeros at the end: the shorter comes first.
    if (entries.size() <= kSmall || longest <= run.skip) {
      sort_small(entries);
      return {};
    }
    if (status = radix_sort(entries, &scratch_, watch_); !status.ok()) return status;
    size_t sorted = 0;  // since the watch was asked
    for (size_t begin = 0, end; begin < entries.size(); begin = end) {
      for (end = begin + 1; end < entries.size() && entries[end].key == entries[begin].key;) end++;
      if (end - begin > kSmall)
        runs_.push_back({run.begin + begin, run.begin + end, run.skip + 8});
      else if (end - begin > 1)
        sort_small(entries.subspan(begin, end - begin));
      if ((sorted += end - begin) < kUnasked) continue;
      if (status = watch_->poll(1); !status.ok()) return status;
      sorted = 0;
    }
    return {};
  }

  std::vector<Entry<TextKey>>& entries_;
  Watch* watch_;
  std::vector<Run> runs_;
  Buffer scratch_;
};

}  // namespace

template <typename Key>
Status sort_by_id(std::vector<const Customer<Key>*>* customers, Watch* watch) {
  if (customers->size() < 2) return {};
  std::vector<Entry<Key>> entries;
  entries.reserve(customers->size());
  Status status = watched(customers->size(), watch, [&](size_t i) {
    const Customer<Key>* const c = (*customers)[i];
    if constexpr (Key::kText)
      entries.push_back({0, c});
    else
      entries.push_back({c->key.id, c});
  });
  if constexpr (Key::kText) {
    size_t prefix = 0;
    if (status.ok()) status = find_shared_prefix(*customers, watch, &prefix);
    if (status.ok()) status = TextSorter(&entries, watch).sort(prefix);
  } else {
    Buffer scratch;
    if (status.ok()) status = radix_sort(std::span(entries), &scratch, watch);
  }
  if (!status.ok()) return status;
  return watched(entries.size(), watch, [&](size_t i) { (*customers)[i] = entries[i].customer; });
}

template Status sort_by_id(std::vector<const Customer<IntKey>*>* customers, Watch* watch);
template Status sort_by_id(std::vector<const Customer<TextKey>*>* customers, Watch* watch);

}  // namespace patron::internal
