#include "lib/book/customer_ids.h"

#include <algorithm>

#include "lib/base/wiped.h"

namespace patron::internal {

uint32_t CustomerIds::find(CustomerId id) const {
  const std::shared_lock lock(mutex_);
  return find_own(id);
}

CustomerId CustomerIds::id(uint32_t row) const {
  const std::shared_lock lock(mutex_);
  return id_own(row);
}

std::optional<CustomerId> CustomerIds::named(uint32_t row) const {
  const std::shared_lock lock(mutex_);
  if (erased(row)) return std::nullopt;
  return id_own(row);
}

int CustomerIds::compare_own(uint32_t a, uint32_t b) const {
  if (text_) {
    const int order = texts_.id(a).compare(texts_.id(b));
    return order < 0 ? -1 : order > 0 ? 1 : 0;
  }
  const int64_t x = ints_.id(a);
  const int64_t y = ints_.id(b);
  return x < y ? -1 : x > y ? 1 : 0;
}

namespace {

// Ids of which find() leaves the slots in the cache.
constexpr size_t kFew = 4096;

template <typename Map, typename Id>
size_t count_unknown(const Map& map, std::span<const Id> ids) {
  WipedVector<Id> unknown;
  for (const Id id : ids) {
    if (map.find(id) == kNoRow) unknown.push_back(id);
  }
  std::sort(unknown.begin(), unknown.end());
  return static_cast<size_t>(std::unique(unknown.begin(), unknown.end()) - unknown.begin());
}

}  // namespace

size_t CustomerIds::count_new(std::span<const int64_t> ids) const {
  return count_unknown(ints_, ids);
}
size_t CustomerIds::count_new(std::span<const std::string_view> ids) const {
  return count_unknown(texts_, ids);
}

// Most batches speak of customers who are known: then nothing is changed, and nobody waits.
Status CustomerIds::resolve(std::span<const int64_t> ids, std::span<uint32_t> rows) {
  ints_.find(ids, rows);
  bool known = true;
  for (const uint32_t row : rows) known &= row != kNoRow;
  if (known) return {};
  const std::unique_lock lock(mutex_);
  return ids.size() > kFew ? ints_.resolve(ids, rows) : ints_.resolve_missing(ids, rows);
}

Status CustomerIds::resolve(std::span<const std::string_view> ids, std::span<uint32_t> rows) {
  texts_.find(ids, rows);
  bool known = true;
  for (const uint32_t row : rows) known &= row != kNoRow;
  if (known) return {};
  const std::unique_lock lock(mutex_);
  return ids.size() > kFew ? texts_.resolve(ids, rows) : texts_.resolve_missing(ids, rows);
}

void CustomerIds::truncate(uint32_t rows) {
  const std::unique_lock lock(mutex_);
  text_ ? texts_.truncate(rows) : ints_.truncate(rows);
}

void CustomerIds::erase(std::set<uint32_t>& rows) {
  const std::unique_lock lock(mutex_);
  text_ ? texts_.erase(rows) : ints_.erase(rows);
}

uint32_t CustomerIds::append_erased() {
  const std::unique_lock lock(mutex_);
  return text_ ? texts_.append_erased() : ints_.append_erased();
}

void CustomerIds::reserve(uint32_t rows) {
  const std::unique_lock lock(mutex_);
  text_ ? texts_.reserve(rows) : ints_.reserve(rows);
}

}  // namespace patron::internal
