#include "lib/models/rfm/id_order.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <string_view>

namespace patron::internal {
namespace {

template <typename Key>
struct Entry {
  uint64_t key;
  const Customer<Key>* customer;
};

std::string_view text_of(const Customer<TextKey>& c) { return TextKey::text(c.key, c.code); }

/// The length of the prefix that all ids share.
size_t shared_prefix(const std::vector<const Customer<TextKey>*>& customers) {
  const std::string_view first = text_of(*customers[0]);
  size_t length = first.size();
  for (const Customer<TextKey>* c : customers) {
    const std::string_view text = text_of(*c);
    length = std::min(length, text.size());
    if (std::memcmp(text.data(), first.data(), length) == 0) continue;
    size_t same = 0;
    while (text[same] == first[same]) same++;
    length = same;
  }
  return length;
}

/// Up to eight bytes from `skip` on, so that unsigned order is the order of bytes.
uint64_t eight_bytes(std::string_view text, size_t skip) {
  uint64_t bytes = 0;
  const size_t n = std::min<size_t>(8, text.size() - skip);
  std::memcpy(&bytes, text.data() + skip, n);
  if constexpr (std::endian::native == std::endian::little) bytes = __builtin_bswap64(bytes);
  return bytes;
}

template <typename Key>
void radix_sort(std::vector<Entry<Key>>* entries) {
  std::vector<std::array<uint32_t, 256>> counts(8);
  for (std::array<uint32_t, 256>& count : counts) count.fill(0);
  for (const Entry<Key>& e : *entries) {
    for (size_t byte = 0; byte < 8; byte++) counts[byte][e.key >> (8 * byte) & 255]++;
  }
  std::vector<Entry<Key>> other(entries->size());
  for (size_t byte = 0; byte < 8; byte++) {
    std::array<uint32_t, 256>& count = counts[byte];
    if (*std::max_element(count.begin(), count.end()) == entries->size()) continue;
    uint32_t next = 0;
    for (uint32_t& c : count) next += std::exchange(c, next);
    for (const Entry<Key>& e : *entries) other[count[e.key >> (8 * byte) & 255]++] = e;
    entries->swap(other);
  }
}

}  // namespace

template <typename Key>
void sort_by_id(std::vector<const Customer<Key>*>* customers) {
  if (customers->size() < 2) return;
  std::vector<Entry<Key>> entries;
  entries.reserve(customers->size());
  if constexpr (Key::kText) {
    const size_t skip = shared_prefix(*customers);
    for (const Customer<Key>* c : *customers)
      entries.push_back({eight_bytes(text_of(*c), skip), c});
  } else {
    for (const Customer<Key>* c : *customers) entries.push_back({c->key.id, c});
  }
  radix_sort(&entries);
  if constexpr (Key::kText) {
    for (size_t begin = 0, end; begin < entries.size(); begin = end) {
      for (end = begin + 1; end < entries.size() && entries[end].key == entries[begin].key;) end++;
      if (end - begin == 1) continue;
      std::sort(entries.begin() + static_cast<ptrdiff_t>(begin),
                entries.begin() + static_cast<ptrdiff_t>(end),
                [](const Entry<Key>& a, const Entry<Key>& b) {
                  return text_of(*a.customer) < text_of(*b.customer);
                });
    }
  }
  for (size_t i = 0; i < entries.size(); i++) (*customers)[i] = entries[i].customer;
}

template void sort_by_id(std::vector<const Customer<IntKey>*>* customers);
template void sort_by_id(std::vector<const Customer<TextKey>*>* customers);

}  // namespace patron::internal
