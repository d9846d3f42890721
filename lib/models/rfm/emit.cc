#include "lib/models/rfm/emit.h"

#include <algorithm>
#include <limits>

namespace patron::internal {
namespace {

constexpr int64_t kBlock = 16'384;

/// What a part of the customers comes to.
struct Part {
  int64_t begin = 0;      ///< the number of its first customer
  int64_t id_begin = 0;   ///< where her id's text goes
  int64_t id_bytes = 0;   ///< of the ids of all
  int64_t never = 0;      ///< customers who never bought
  int64_t in_window = 0;  ///< customers without an order in the window, these included
};

/// Customers cut into parts that are worked on in parallel: partitions, or runs of `in_order`.
template <typename Key>
class Parts {
 public:
  explicit Parts(const Customers<Key>& customers) : customers_(customers) {
    if (customers.in_order.empty()) {
      int64_t next = 0;
      for (const KeptCustomers<Key>& partition : customers.by_partition) {
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
            customers_.by_partition[p].each([&](const Customer<Key>& c) { step(&part, c); });
          } else {
            const int64_t end = std::min(customers_.count, part.begin + kBlock);
            for (int64_t i = part.begin; i < end; i++)
              step(&part, *customers_.in_order[static_cast<size_t>(i)]);
          }
          parts_[p] = part;
        });
  }
  std::vector<Part>& list() { return parts_; }

 private:
  const Customers<Key>& customers_;
  std::vector<Part> parts_;
};

/// The columns, for writing customer by customer from many threads.
template <typename Key>
class Writer {
 public:
  Writer(const MeasureRules& rules, Day today, CustomerColumns* columns)
      : rules_(rules), today_(today), columns_(*columns) {
    const size_t bytes = static_cast<size_t>(columns->customers) * sizeof(int64_t);
    const auto allocate = [bytes](Buffer* buffer) {
      *buffer = Buffer(bytes);
      return buffer->as<int64_t>();
    };
    if constexpr (!Key::kText) ids_ = allocate(&columns->ids);
    first_ = allocate(&columns->first_order);
    last_ = allocate(&columns->last_order);
    recency_ = allocate(&columns->recency_days);
    orders_ = allocate(&columns->orders);
    order_days_ = allocate(&columns->order_days);
    frequency_ = allocate(&columns->frequency);
    money_ = allocate(&columns->monetary_minor);
  }

  /// Writes the next customer of a part.
  void write(Part* part, const Customer<Key>& c) const {
    const int64_t i = part->begin++;
    const bool buyer = c.first != kNever;
    if constexpr (Key::kText)
      write_text(part, i, c);
    else
      ids_[i] = c.key.value();
    first_[i] = buyer ? rules_.origin + static_cast<int64_t>(c.first) : 0;
    last_[i] = buyer ? rules_.origin + static_cast<int64_t>(c.last) : 0;
    // Never below 0, though where clocks go back over midnight `today` may be the day before.
    recency_[i] = buyer ? std::max<int64_t>(0, today_ - rules_.clock->day_of(last_[i])) : 0;
    orders_[i] = c.orders;
    order_days_[i] = c.order_days;
    frequency_[i] = c.frequency;
    money_[i] = c.money;
    part->never += !buyer;
    part->in_window += c.frequency == 0;
  }

 private:
  /// The id, and in the offsets where it ends.
  void write_text(Part* part, int64_t i, const Customer<Key>& c) const {
    const std::string_view text = TextKey::text(c.key, c.code);
    std::copy(text.begin(), text.end(), columns_.id_bytes.data() + part->id_begin);
    part->id_begin += static_cast<int64_t>(text.size());
    if (columns_.large_text)
      columns_.ids.template as<int64_t>()[i + 1] = part->id_begin;
    else
      columns_.ids.template as<int32_t>()[i + 1] = static_cast<int32_t>(part->id_begin);
  }

  const MeasureRules& rules_;
  const Day today_;
  CustomerColumns& columns_;
  int64_t* ids_ = nullptr;
  int64_t* first_;
  int64_t* last_;
  int64_t* recency_;
  int64_t* orders_;
  int64_t* order_days_;
  int64_t* frequency_;
  int64_t* money_;
};

/// Makes room for the ids: finds where those of each part go.
Status lay_out_text(Parts<TextKey>* parts, int threads, Watch* watch, CustomerColumns* columns) {
  Status status = parts->each(threads, watch, [](Part* part, const Customer<TextKey>& c) {
    part->id_bytes += static_cast<int64_t>(TextKey::text(c.key, c.code).size());
  });
  if (!status.ok()) return status;
  int64_t bytes = 0;
  for (Part& part : parts->list()) {
    part.id_begin = bytes;
    bytes += part.id_bytes;
  }
  columns->text = true;
  columns->large_text = bytes > std::numeric_limits<int32_t>::max();
  const size_t width = columns->large_text ? sizeof(int64_t) : sizeof(int32_t);
  columns->ids = Buffer((static_cast<size_t>(columns->customers) + 1) * width);
  std::fill_n(columns->ids.data(), width, uint8_t{0});
  columns->id_bytes = Buffer(static_cast<size_t>(bytes));
  return {};
}

/// The bits of who bought.
Buffer bought_bits(const CustomerColumns& columns) {
  const size_t n = static_cast<size_t>(columns.customers);
  Buffer bits((n + 63) / 64 * 8);
  std::fill_n(bits.data(), bits.size(), uint8_t{0});
  const int64_t* orders = columns.orders.as<int64_t>();
  for (size_t i = 0; i < n; i++)
    bits.data()[i / 8] = static_cast<uint8_t>(bits.data()[i / 8] | (orders[i] > 0) << (i % 8));
  return bits;
}

}  // namespace

template <typename Key>
Result<CustomerColumns> emit(const Customers<Key>& customers, const MeasureRules& rules, Day today,
                             int threads, Watch* watch) {
  CustomerColumns columns;
  columns.customers = customers.count;
  Parts<Key> parts(customers);
  Status status;
  if constexpr (Key::kText) status = lay_out_text(&parts, threads, watch, &columns);
  if (!status.ok()) return status;
  const Writer<Key> writer(rules, today, &columns);
  status = parts.each(threads, watch,
                      [&](Part* part, const Customer<Key>& c) { writer.write(part, c); });
  if (!status.ok()) return status;
  for (const Part& part : parts.list()) {
    columns.prospects += part.never;
    columns.without_frequency += part.in_window;
  }
  if (columns.prospects > 0) columns.bought = bought_bits(columns);
  return columns;
}

template Result<CustomerColumns> emit(const Customers<IntKey>& customers, const MeasureRules& rules,
                                      Day today, int threads, Watch* watch);
template Result<CustomerColumns> emit(const Customers<TextKey>& customers,
                                      const MeasureRules& rules, Day today, int threads,
                                      Watch* watch);

}  // namespace patron::internal
