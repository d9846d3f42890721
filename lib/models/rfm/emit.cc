#include "lib/models/rfm/emit.h"

#include <algorithm>

namespace patron::internal {
namespace {

/// What a part of the customers comes to.
struct Part : EmitPart {
  int64_t never = 0;      ///< customers who never bought
  int64_t in_window = 0;  ///< customers without an order in the window, these included
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
    write_id(part, i, c, &columns_);
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
  const MeasureRules& rules_;
  const Day today_;
  CustomerColumns& columns_;
  int64_t* first_;
  int64_t* last_;
  int64_t* recency_;
  int64_t* orders_;
  int64_t* order_days_;
  int64_t* frequency_;
  int64_t* money_;
};

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
  EmitParts<Customer<Key>, Part> parts(customers);
  Status status = lay_out_ids(&parts, customers.count, threads, watch, &columns);
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
