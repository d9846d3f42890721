#include "lib/book/customer_ids.h"

#include <algorithm>
#include <utility>
#include <vector>

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
void list_unknown(const Map& map, std::span<const Id> ids, WipedVector<Id>& out) {
  for (const Id id : ids) {
    if (map.find(id) == kNoRow) out.push_back(id);
  }
}

template <typename Id>
void keep_each_once(WipedVector<Id>& ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
}

}  // namespace

void CustomerIds::list_new(std::span<const int64_t> ids, Newcomers& out) const {
  list_unknown(ints_, ids, out.numbers);
}
void CustomerIds::list_new(std::span<const std::string_view> ids, Newcomers& out) const {
  list_unknown(texts_, ids, out.texts);
}

size_t CustomerIds::memory_with(Newcomers& more) const {
  keep_each_once(more.numbers);
  keep_each_once(more.texts);
  if (!text_) return ints_.memory_with(more.numbers.size());
  size_t bytes = 0, longest = 0;
  for (const std::string_view text : more.texts) {
    bytes += text.size();
    longest = std::max(longest, text.size());
  }
  return texts_.memory_with(more.texts.size(), bytes, longest);
}

namespace {

// From so many rows on the first customers of a book get rows in the order of their ids, so that
// what is read of everybody comes out in order.
constexpr size_t kManyFirst = 4096;

}  // namespace

// Most batches speak of customers who are known: then nothing is changed, and nobody waits.
Status CustomerIds::resolve(std::span<const int64_t> ids, std::span<uint32_t> rows) {
  if (ints_.size() == 0 && ids.size() >= kManyFirst) {
    return resolve({std::span(&ids, 1), bounds_of(ids)}, rows, 1);
  }
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

Status CustomerIds::resolve(const IdRuns& ids, std::span<uint32_t> rows, int threads) {
  if (ints_.size() == 0) {
    PassingMap first;
    Status status = number_first(ids, rows, threads, first.map);
    if (!status.ok()) return status;
    const std::unique_lock lock(mutex_);
    std::swap(ints_, first.map);
    return {};
  }
  if (find_runs(ids, rows, threads, ints_)) return {};
  const std::unique_lock lock(mutex_);
  return add_missing(ids, rows, ints_);
}

Status CustomerIds::append(std::span<const int64_t> ids, std::span<uint32_t> rows) {
  const std::unique_lock lock(mutex_);
  return ints_.resolve(ids, rows);
}
Status CustomerIds::append(std::span<const std::string_view> ids, std::span<uint32_t> rows) {
  const std::unique_lock lock(mutex_);
  return texts_.resolve(ids, rows);
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
