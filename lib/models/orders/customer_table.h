// Customer table: which customer a row belongs to, in a hash table that stays in cache.
//
// The customers of one partition at a time, in an open-addressing table. It gives up where keys
// collide so often that sorting would be faster, at more than 16 probes a row and 1024 beside, so
// ids crafted to collide cost no more than n log n: whoever uses it then goes by RowGrouper, which
// sorts.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "lib/models/orders/order_row.h"

namespace patron::internal {

/// A Customer is what a model keeps of one of them: it has `KeyType`, a `Measures` type that it
/// derives from, `key`, and `code`, the length code of a text key. Beside each customer stand some
/// words of state, zero at first, for models that need more while they add up.
template <typename Row, typename Customer>
class CustomerTable {
 public:
  /// The table for a loop: local copies of its parts, or every store of the loop would reload them.
  struct Lookup {
    uint32_t* slots;
    uint64_t mask;
    Customer* customers;
    uint64_t* state;
    int64_t probes;
    int64_t limit;

    /// 1 + the index of the row's customer, or 0; `at` is her slot, or the one that is free for
    /// her. Also 0 once the limit of probes is reached: then insert() gives up.
    uint32_t find(const Row& row, uint64_t* at) {
      uint64_t slot = (hash_of(row) >> 20) & mask;
      uint32_t index;
      while ((index = slots[slot]) != 0 &&
             !same_customer(row, customers[index - 1].key, customers[index - 1].code)) {
        slot = (slot + 1) & mask;
        if (++probes > limit) {
          index = 0;
          break;
        }
      }
      *at = slot;
      return index;
    }
    bool gave_up() const { return probes > limit; }
  };

  /// Empties the table, for so many rows.
  void start(int64_t rows, size_t state_words) {
    const size_t capacity = std::bit_ceil(static_cast<uint64_t>(std::max<int64_t>(rows / 3, 64)));
    slots_.assign(capacity, 0);
    mask_ = capacity - 1;
    probe_limit_ = 16 * rows + 1024;
    clear(state_words);
  }
  /// Empties the table, for customers who are only added.
  void clear(size_t state_words = 0) {
    count_ = 0;
    words_ = state_words;
    state_.resize(customers_.size() * words_);
  }

  Lookup lookup(int64_t probes = 0) {
    return {slots_.data(), mask_, customers_.data(), state_.data(), probes, probe_limit_};
  }

  /// 1 + the index of a new customer, that of the row, at the free slot that find() named; 0 where
  /// the table gives up.
  uint32_t insert(const Row& row, uint64_t at, Lookup* table) {
    const uint32_t index = add(row);
    slots_[at] = index;
    if (table->gave_up()) return 0;
    if (count_ * 2 > slots_.size() && !grow(&table->probes)) return 0;
    *table = lookup(table->probes);
    return index;
  }

  /// 1 + the index of a new customer: that of the row. She has no slot.
  uint32_t add(const Row& row) {
    if (count_ == customers_.size()) {
      customers_.resize(std::max<size_t>(2 * count_, 256));
      state_.resize(customers_.size() * words_);
    }
    Customer& customer = customers_[count_];
    using Measures = typename Customer::Measures;
    static_cast<Measures&>(customer) = Measures();
    customer.code = static_cast<uint8_t>(When::code(row.when));
    customer.key = row.key;
    std::fill_n(state_.data() + count_ * words_, words_, uint64_t{0});
    return static_cast<uint32_t>(++count_);
  }

  std::span<Customer> customers() { return {customers_.data(), count_}; }
  size_t size() const { return count_; }
  /// The words beside a customer.
  const uint64_t* state(size_t index) const { return state_.data() + index * words_; }

 private:
  bool grow(int64_t* probes) {
    slots_.assign(slots_.size() * 2, 0);
    mask_ = slots_.size() - 1;
    for (size_t i = 0; i < count_; i++) {
      Row row{};
      row.key = customers_[i].key;
      row.when = customers_[i].code;
      uint64_t at = (hash_of(row) >> 20) & mask_;
      for (; slots_[at] != 0; at = (at + 1) & mask_) ++*probes;
      if (*probes > probe_limit_) return false;
      slots_[at] = static_cast<uint32_t>(i + 1);
    }
    return true;
  }

  std::vector<uint32_t> slots_;  ///< 1 + index in customers_, or 0
  uint64_t mask_ = 0;
  int64_t probe_limit_ = 0;
  size_t words_ = 0;                 ///< of state for each customer
  size_t count_ = 0;                 ///< customers
  std::vector<Customer> customers_;  ///< count_ of them, and room
  std::vector<uint64_t> state_;      ///< words_ for each of customers_
};

}  // namespace patron::internal
