#include "lib/models/rfm/emit.h"

#include <algorithm>
#include <limits>

namespace patron::internal {
namespace {

constexpr int64_t kBlock = 16'384;

/// The columns, for writing customer by customer from many threads.
template <typename Key>
class Writer {
 public:
  Writer(const MeasureRules& rules, Day today, CustomerColumns* columns)
      : rules_(rules), today_(today) {
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

  struct Absent {
    int64_t never = 0;      ///< customers who never bought
    int64_t in_window = 0;  ///< customers without an order in the window, these included
  };

  void write(int64_t i, const Customer<Key>& c, Absent* absent) const {
    const bool buyer = c.first != kNever;
    if constexpr (!Key::kText) ids_[i] = c.key.value();
    first_[i] = buyer ? rules_.origin + static_cast<int64_t>(c.first) : 0;
    last_[i] = buyer ? rules_.origin + static_cast<int64_t>(c.last) : 0;
    // Never below 0, though where clocks go back over midnight `today` may be the day before.
    recency_[i] = buyer ? std::max<int64_t>(0, today_ - rules_.clock->day_of(last_[i])) : 0;
    orders_[i] = c.orders;
    order_days_[i] = c.order_days;
    frequency_[i] = c.frequency;
    money_[i] = c.money;
    absent->never += !buyer;
    absent->in_window += c.frequency == 0;
  }

 private:
  const MeasureRules& rules_;
  const Day today_;
  int64_t* ids_ = nullptr;
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

/// Calls step with every customer in the order of their ids, and asks the watch on the way.
template <typename Step>
Status each_in_order(const Customers<TextKey>& customers, Watch* watch, Step step) {
  for (size_t i = 0; i < customers.in_order.size(); i++) {
    if (i % kBlock == 0) {
      if (Status status = watch->poll(1); !status.ok()) return status;
    }
    step(*customers.in_order[i]);
  }
  return {};
}

template <typename Offset>
Status emit_text(const Customers<TextKey>& customers, size_t bytes, Watch* watch,
                 CustomerColumns* columns) {
  columns->ids = Buffer((customers.in_order.size() + 1) * sizeof(Offset));
  columns->id_bytes = Buffer(bytes);
  Offset* offsets = columns->ids.as<Offset>();
  Offset at = 0;
  *offsets++ = at;
  return each_in_order(customers, watch, [&](const Customer<TextKey>& c) {
    const std::string_view text = TextKey::text(c.key, c.code);
    std::copy(text.begin(), text.end(), columns->id_bytes.data() + at);
    at += static_cast<Offset>(text.size());
    *offsets++ = at;
  });
}

Status emit_text_ids(const Customers<TextKey>& customers, Watch* watch, CustomerColumns* columns) {
  size_t bytes = 0;
  Status status = each_in_order(customers, watch, [&](const Customer<TextKey>& c) {
    bytes += TextKey::text(c.key, c.code).size();
  });
  if (!status.ok()) return status;
  columns->text = true;
  columns->large_text = bytes > static_cast<size_t>(std::numeric_limits<int32_t>::max());
  return columns->large_text ? emit_text<int64_t>(customers, bytes, watch, columns)
                             : emit_text<int32_t>(customers, bytes, watch, columns);
}

}  // namespace

template <typename Key>
Result<CustomerColumns> emit(const Customers<Key>& customers, const MeasureRules& rules, Day today,
                             int threads, Watch* watch) {
  using Absent = typename Writer<Key>::Absent;
  CustomerColumns columns;
  columns.customers = customers.count;
  const Writer<Key> writer(rules, today, &columns);
  std::vector<Absent> absent;
  Status status;
  if (customers.in_order.empty()) {
    std::vector<int64_t> begins;  // where each partition's customers go
    int64_t next = 0;
    for (const std::span<const Customer<Key>> partition : customers.by_partition) {
      begins.push_back(next);
      next += static_cast<int64_t>(partition.size());
    }
    absent.resize(begins.size());
    status =
        parallel_for(static_cast<int64_t>(begins.size()), threads, watch, [&](int64_t task, int) {
          const size_t p = static_cast<size_t>(task);
          Absent mine;
          int64_t i = begins[p];
          for (const Customer<Key>& c : customers.by_partition[p]) writer.write(i++, c, &mine);
          absent[p] = mine;
        });
  } else {
    absent.resize(static_cast<size_t>((customers.count + kBlock - 1) / kBlock));
    status =
        parallel_for(static_cast<int64_t>(absent.size()), threads, watch, [&](int64_t task, int) {
          Absent mine;
          const int64_t end = std::min(customers.count, (task + 1) * kBlock);
          for (int64_t i = task * kBlock; i < end; i++)
            writer.write(i, *customers.in_order[static_cast<size_t>(i)], &mine);
          absent[static_cast<size_t>(task)] = mine;
        });
  }
  if (!status.ok()) return status;
  for (const Absent& part : absent) {
    columns.prospects += part.never;
    columns.without_frequency += part.in_window;
  }
  if (columns.prospects > 0) columns.bought = bought_bits(columns);
  if constexpr (Key::kText) status = emit_text_ids(customers, watch, &columns);
  if (!status.ok()) return status;
  return columns;
}

template Result<CustomerColumns> emit(const Customers<IntKey>& customers, const MeasureRules& rules,
                                      Day today, int threads, Watch* watch);
template Result<CustomerColumns> emit(const Customers<TextKey>& customers,
                                      const MeasureRules& rules, Day today, int threads,
                                      Watch* watch);

}  // namespace patron::internal
