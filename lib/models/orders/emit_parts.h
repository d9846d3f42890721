// Emit parts: customers in the order of their ids, in parts that threads write as columns.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include "lib/base/buffer.h"
#include "lib/models/orders/aggregate_all.h"

namespace patron::internal {

/// The ids of a result.
struct IdColumn {
  bool text = false;        ///< ids are text
  Buffer ids;               ///< int64 ids, or int32 or int64 offsets of the text
  Buffer id_bytes;          ///< the text
  bool large_text = false;  ///< offsets are int64
};

/// A part of the customers; a model that counts on the way adds what it counts.
struct EmitPart {
  int64_t begin = 0;     ///< the number of its first customer
  int64_t id_begin = 0;  ///< where her id's text goes
  int64_t id_bytes = 0;  ///< of the ids of all
};

/// Customers cut into parts that are worked on in parallel: partitions, or runs of `in_order`.
template <typename Customer, typename Part>
class EmitParts {
 public:
  explicit EmitParts(const AllCustomers<Customer>& customers) : customers_(customers) {
    if (customers.in_order.empty()) {
      int64_t next = 0;
      for (const KeptCustomers<Customer>& partition : customers.by_partition) {
        parts_.emplace_back().begin = next;
        next += static_cast<int64_t>(partition.count);
      }
    } else {
      for (int64_t begin = 0; begin < customers.count; begin += kBlock)
        parts_.emplace_back().begin = begin;
    }
  }

  /// Calls step(part, customer) for every customer, those of a part in order.
  template <typename Step>
  Status each(int threads, Watch* watch, Step step) {
    return parallel_for(
        static_cast<int64_t>(parts_.size()), threads, watch, [&](int64_t task, int) {
          const size_t p = static_cast<size_t>(task);
          Part part = parts_[p];
          if (customers_.in_order.empty()) {
            customers_.by_partition[p].each([&](const Customer& c) { step(&part, c); });
          } else {
            const int64_t first = static_cast<int64_t>(p) * kBlock;
            const int64_t end = std::min(customers_.count, first + kBlock);
            for (int64_t i = first; i < end; i++)
              step(&part, *customers_.in_order[static_cast<size_t>(i)]);
          }
          parts_[p] = part;
        });
  }
  std::vector<Part>& list() { return parts_; }

 private:
  static constexpr int64_t kBlock = 16'384;
  const AllCustomers<Customer>& customers_;
  std::vector<Part> parts_;
};

/// Makes room for the ids of so many customers; of text finds where those of each part go.
template <typename Customer, typename Part>
Status lay_out_ids(EmitParts<Customer, Part>* parts, int64_t count, int threads, Watch* watch,
                   IdColumn* column) {
  if constexpr (!Customer::KeyType::kText) {
    column->ids = Buffer(static_cast<size_t>(count) * sizeof(int64_t));
    return {};
  } else {
    Status status = parts->each(threads, watch, [](Part* part, const Customer& c) {
      part->id_bytes += static_cast<int64_t>(TextKey::text(c.key, c.code).size());
    });
    if (!status.ok()) return status;
    int64_t bytes = 0;
    for (Part& part : parts->list()) {
      part.id_begin = bytes;
      bytes += part.id_bytes;
    }
    column->text = true;
    column->large_text = bytes > std::numeric_limits<int32_t>::max();
    const size_t width = column->large_text ? sizeof(int64_t) : sizeof(int32_t);
    column->ids = Buffer((static_cast<size_t>(count) + 1) * width);
    std::fill_n(column->ids.data(), width, uint8_t{0});
    column->id_bytes = Buffer(static_cast<size_t>(bytes));
    return {};
  }
}

/// Writes the id of the i-th customer of the result, the next of a part; of text also in the
/// offsets where it ends.
template <typename Customer, typename Part>
void write_id(Part* part, int64_t i, const Customer& c, IdColumn* column) {
  if constexpr (!Customer::KeyType::kText) {
    column->ids.template as<int64_t>()[i] = c.key.value();
  } else {
    const std::string_view text = TextKey::text(c.key, c.code);
    std::copy(text.begin(), text.end(), column->id_bytes.data() + part->id_begin);
    part->id_begin += static_cast<int64_t>(text.size());
    if (column->large_text)
      column->ids.template as<int64_t>()[i + 1] = part->id_begin;
    else
      column->ids.template as<int32_t>()[i + 1] = static_cast<int32_t>(part->id_begin);
  }
}

}  // namespace patron::internal
