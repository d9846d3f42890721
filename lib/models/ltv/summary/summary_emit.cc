#include "lib/models/ltv/summary/summary_emit.h"

#include "lib/base/quotient.h"
#include "patron/money.h"

namespace patron::internal {
namespace {

/// The columns, for writing customer by customer from many threads.
class SummaryWriter {
 public:
  SummaryWriter(const SummaryShape& shape, SummaryColumns* columns)
      : shape_(shape), columns_(*columns) {
    const size_t bytes = static_cast<size_t>(columns->customers) * sizeof(int64_t);
    const auto allocate = [bytes]<typename T>(Buffer* buffer, T** values) {
      *buffer = Buffer(bytes);
      *values = buffer->template as<T>();
    };
    allocate(&columns->frequency, &frequency_);
    allocate(&columns->recency, &recency_);
    allocate(&columns->T, &age_);
    if (shape.has_money) allocate(&columns->monetary, &monetary_);
    if (shape.has_holdout) {
      allocate(&columns->frequency_holdout, &frequency_holdout_);
      allocate(&columns->duration_holdout, &duration_holdout_);
      if (shape.has_money) allocate(&columns->monetary_holdout, &monetary_holdout_);
      duration_ = shape.grid->span(shape.end, std::max(shape.end, shape.observation_end));
    }
    for (int i = 0; i < shape.scale; i++) power_ *= 10;
  }

  /// Writes the next customer of a part.
  template <typename Customer>
  void write(EmitPart* part, const Customer& c) const {
    const int64_t i = part->begin++;
    write_id(part, i, c, &columns_);
    const int64_t repeats = int64_t{c.periods} - 1;
    frequency_[i] = repeats;
    recency_[i] = repeats == 0 ? 0 : shape_.grid->span(c.first, c.last);
    // Never below recency, though where clocks go back over midnight the end may be the day before.
    age_[i] = shape_.grid->span(c.first, std::max(shape_.end, c.last));
    if (shape_.has_money) monetary_[i] = money(c.money, repeats + (shape_.keep_first ? 1 : 0));
    if (!shape_.has_holdout) return;
    frequency_holdout_[i] = c.holdout_periods;
    duration_holdout_[i] = duration_;
    if (shape_.has_money) monetary_holdout_[i] = money(c.holdout_money, c.holdout_periods);
  }

 private:
  /// Of so many periods.
  double money(int64_t minor, int64_t periods) const {
    if (periods == 0) return 0;
    if (shape_.total) return money_to_double(minor, shape_.scale);
    return nearest_quotient(minor, periods * power_);
  }

  const SummaryShape& shape_;
  SummaryColumns& columns_;
  int64_t power_ = 1;
  double duration_ = 0;
  int64_t* frequency_ = nullptr;
  double* recency_ = nullptr;
  double* age_ = nullptr;
  double* monetary_ = nullptr;
  int64_t* frequency_holdout_ = nullptr;
  double* monetary_holdout_ = nullptr;
  double* duration_holdout_ = nullptr;
};

}  // namespace

template <typename Key>
Result<SummaryColumns> emit_summary(const AllCustomers<SummaryCustomer<Key>>& customers,
                                    const SummaryShape& shape, int threads, Watch* watch) {
  SummaryColumns columns;
  columns.customers = customers.count;
  EmitParts<SummaryCustomer<Key>, EmitPart> parts(customers);
  Status status = lay_out_ids(&parts, customers.count, threads, watch, &columns);
  if (!status.ok()) return status;
  const SummaryWriter writer(shape, &columns);
  status = parts.each(threads, watch, [&](EmitPart* part, const SummaryCustomer<Key>& c) {
    writer.write(part, c);
  });
  if (!status.ok()) return status;
  return columns;
}

template Result<SummaryColumns> emit_summary(const AllCustomers<SummaryCustomer<IntKey>>& customers,
                                             const SummaryShape& shape, int threads, Watch* watch);
template Result<SummaryColumns> emit_summary(
    const AllCustomers<SummaryCustomer<TextKey>>& customers, const SummaryShape& shape, int threads,
    Watch* watch);

}  // namespace patron::internal
