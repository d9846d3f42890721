// The order logs that benchmarks read, by kind of ids: 10 rows a customer, three years.
#pragma once

#include <patron/table.h>
#include <patron/time.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "lib/models/orders/splitter.h"
#include "tests/models/rfm/crafted_ids.h"

namespace patron::bench {

inline constexpr int64_t kBegin = 1'672'531'200'000'000;  // 2023-01-01
inline constexpr int64_t kSpan = 1096 * patron::kMicrosPerDay;
inline constexpr int64_t kRowsPerCustomer = 10;

enum class Ids {
  kHashed,
  kDense,
  kText,
  kLongText,
  kSkewed,           ///< hashed, but every other row is of one customer
  kSkewedText,       ///< the same in text
  kColliding,        ///< integers that choose one slot of the hash table
  kCrowdingText,     ///< text of 12 bytes that chooses a 64th of it
  kCollidingText,    ///< text of 33 bytes with one hash
  kHiddenColliding,  ///< as kColliding, out of sight of the sample that partitions are cut by
};

/// The columns of an order log, and a table that reads them in place.
class OrderLog {
 public:
  OrderLog(int64_t rows, Ids ids, bool sorted, bool orders) {
    std::mt19937_64 random(42);
    const uint64_t customers = static_cast<uint64_t>(rows / kRowsPerCustomer);
    const bool skewed = ids == Ids::kSkewed || ids == Ids::kSkewedText;
    const patron::internal::SampledRows sampled(rows);
    int64_t next_sampled = 0;
    for (int64_t i = 0; i < rows; i++) {
      const uint64_t customer = skewed && i % 2 == 0 ? 1 : random() % customers;
      const bool in_sample = i == sampled[next_sampled];
      next_sampled += in_sample;
      ids_.push_back(id_of(ids, customer, in_sample));
      times_.push_back(kBegin + static_cast<int64_t>(random() % kSpan));
      amounts_.push_back(static_cast<double>(random() % 20'000) / 100);
      orders_.push_back(i / 3);
    }
    if (sorted) std::sort(times_.begin(), times_.end());
    views_ = {view("customer", patron::Type::kInt64, ids_.data()),
              view("time", patron::Type::kTimestamp, times_.data()),
              view("amount", patron::Type::kDouble, amounts_.data())};
    switch (ids) {
      case Ids::kText:
      case Ids::kSkewedText:
        text_ids([](int64_t id) { return digits("cu_", id, 13); });
        break;
      case Ids::kLongText:
        text_ids([](int64_t id) { return digits("customer of the long name: ", id, 6); });
        break;
      case Ids::kCrowdingText: {
        const auto crowd = patron::test::crowding_texts(customers, 14);
        text_ids([&](int64_t id) { return crowd[static_cast<size_t>(id)]; });
        break;
      }
      case Ids::kCollidingText:
        text_ids(
            [](int64_t id) { return patron::test::colliding_text(static_cast<uint64_t>(id)); });
        break;
      default:
        break;
    }
    if (orders) views_.push_back(view("order", patron::Type::kInt64, orders_.data()));
    table_ = *patron::make_table(views_);
  }

  const patron::Table& table() const { return table_; }
  bool has_orders() const { return views_.size() > 3; }
  int64_t bytes() const {
    const int64_t columns = static_cast<int64_t>(views_.size());
    return table_.rows() * 8 * columns + static_cast<int64_t>(text_.size()) / 2;
  }

 private:
  template <typename T>
  patron::ColumnView view(const char* name, patron::Type type, const T* values) {
    patron::ColumnView column;
    column.name = name;
    column.type.type = type;
    column.chunk.length = static_cast<int64_t>(times_.size());
    column.chunk.values = values;
    return column;
  }

  static int64_t id_of(Ids ids, uint64_t customer, bool sampled) {
    switch (ids) {
      case Ids::kColliding:
        return patron::test::colliding_id(customer);
      case Ids::kHiddenColliding:
        return sampled ? INT64_MIN + static_cast<int64_t>(customer << 40)  // far away
                       : patron::test::colliding_id(customer);
      case Ids::kDense:
      case Ids::kLongText:
      case Ids::kCrowdingText:
      case Ids::kCollidingText:
        return static_cast<int64_t>(customer);
      default:
        return static_cast<int64_t>((customer * 0x9e3779b97f4a7c15u) >> 1);
    }
  }

  static std::string digits(const char* before, int64_t id, size_t count) {
    const std::string text = std::to_string(static_cast<uint64_t>(id) % 10'000'000'000'000u);
    return before + std::string(count - std::min(count, text.size()), '0') + text;
  }

  /// Ids that are texts.
  template <typename Text>
  void text_ids(const Text& text) {
    offsets_.push_back(0);
    for (const int64_t id : ids_) {
      text_ += text(id);
      offsets_.push_back(static_cast<int32_t>(text_.size()));
    }
    patron::ColumnView& column = views_[0];
    column.type.type = patron::Type::kString;
    column.chunk.values = nullptr;
    column.chunk.offsets = offsets_.data();
    column.chunk.bytes = reinterpret_cast<const uint8_t*>(text_.data());
  }

  std::vector<int64_t> ids_, times_, orders_;
  std::vector<double> amounts_;
  std::string text_;
  std::vector<int32_t> offsets_;
  std::vector<patron::ColumnView> views_;
  patron::Table table_;
};

}  // namespace patron::bench
