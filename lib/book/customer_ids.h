// CustomerIds: the ids of a book's customers, int64 or text, and their rows.
//
// Rows are given in the order of arrival, to the first of many whole numbers in that of the ids. A
// book and its snapshots share one: rows never change, so a snapshot reads it while the book adds.
//
// Thread class: find(), id() and named() are shared, and any-time beside one thread that changes
// it; changing is serial. `own` spares the lock of the one thread that changes it.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <set>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>

#include "lib/base/id_map.h"
#include "lib/base/wiped.h"
#include "lib/book/id_runs.h"
#include "patron/book.h"
#include "patron/status.h"

namespace patron::internal {

class CustomerIds {
 public:
  explicit CustomerIds(bool text) : text_(text) {}

  bool text() const { return text_; }
  uint32_t size() const { return text_ ? texts_.size() : ints_.size(); }
  uint32_t find(CustomerId id) const;
  /// The text is good as long as the customer is not forgotten.
  CustomerId id(uint32_t row) const;

  /// The same; absent where the customer was forgotten.
  std::optional<CustomerId> named(uint32_t row) const;

  uint32_t find_own(CustomerId id) const {
    return text_ ? texts_.find(id.text) : ints_.find(id.number);
  }
  CustomerId id_own(uint32_t row) const {
    return text_ ? CustomerId{0, texts_.id(row)} : CustomerId{ints_.id(row), {}};
  }
  /// Brings what id_own() looks at into the cache.
  void fetch_own(uint32_t row) const { text_ ? texts_.fetch(row) : ints_.fetch(row); }
  /// -1, 0, 1: by the ids' values.
  int compare_own(uint32_t a, uint32_t b) const;

  /// Ids that are not there yet.
  struct Newcomers {
    WipedVector<int64_t> numbers;
    WipedVector<std::string_view> texts;
    size_t size() const { return numbers.size() + texts.size(); }
  };
  /// Adds those of these ids that are not there yet. Serial.
  void list_new(std::span<const int64_t> ids, Newcomers& out) const;
  void list_new(std::span<const std::string_view> ids, Newcomers& out) const;
  /// memory() once they have been added, at most; keeps each of them once.
  size_t memory_with(Newcomers& more) const;
  /// Rows of many ids, new ones for those that are not there. All or nothing, as IntIdMap::resolve.
  Status resolve(std::span<const int64_t> ids, std::span<uint32_t> rows);
  Status resolve(std::span<const std::string_view> ids, std::span<uint32_t> rows);
  /// The same of a large table's; new ids of a book that has some get rows in the order of arrival.
  Status resolve(const IdRuns& ids, std::span<uint32_t> rows, int threads);
  /// The same, with new rows in the order of the span whatever their number.
  Status append(std::span<const int64_t> ids, std::span<uint32_t> rows);
  Status append(std::span<const std::string_view> ids, std::span<uint32_t> rows);
  void truncate(uint32_t rows);
  /// Forgets ids; their rows stay taken. Takes the nodes of the set, and so does not fail.
  void erase(std::set<uint32_t>& rows);
  bool erased(uint32_t row) const { return text_ ? texts_.erased(row) : ints_.erased(row); }
  bool any_erased() const { return text_ ? texts_.any_erased() : ints_.any_erased(); }
  /// A row whose id is forgotten; kNoRow where no row is left. As erase().
  uint32_t append_erased();
  void reserve(uint32_t rows);
  size_t memory() const { return text_ ? texts_.memory() : ints_.memory(); }

 private:
  bool text_;
  IntIdMap ints_;
  StringIdMap texts_;
  mutable std::shared_mutex mutex_;
};

}  // namespace patron::internal
