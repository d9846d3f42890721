#include "lib/models/orders/row_source.h"

#include <algorithm>
#include <string>

#include "lib/base/simd.h"

namespace patron::internal {
namespace {

Status not_an_id(const Table& table, int column) {
  const Field& field = table.field(column);
  return {Code::kType, "column \"" + field.name + "\" is " + type_name(field.type) +
                           "; ids must be integers or text"};
}

/// Opens an id column as integers or text; says which.
Result<bool> open_ids(const Table& table, int column, IntReader* ints, TextReader* texts) {
  const DataType& type = table.field(column).type;
  if (TextReader::reads(type)) {
    Result<TextReader> reader = TextReader::open(table, column);
    if (!reader.ok()) return reader.status();
    *texts = *reader;
    return true;
  }
  if (!IntReader::reads(type)) return not_an_id(table, column);
  Result<IntReader> reader = IntReader::open(table, column);
  if (!reader.ok()) return reader.status();
  *ints = *reader;
  return false;
}

/// Reads texts as ids; marks those that are too long for one.
bool read_ids(const TextReader& reader, int chunk, int64_t begin, int64_t n,
              std::string_view* texts, CellState* states) {
  bool clean = reader.read(chunk, begin, n, texts, states);
  for (int64_t i = 0; i < n; i++) {
    if (texts[i].size() <= TextRef::kMaxBytes) [[likely]]
      continue;
    texts[i] = {};
    states[i] = CellState::kTooLong;
    clean = false;
  }
  return clean;
}

PATRON_SIMD_INLINE TimeBlock::Range range_of(const Micros* times, int64_t n) {
  Micros low = times[0], high = times[0];
  int64_t descents = 0;
  for (int64_t i = 0; i < n; i++) {
    low = times[i] < low ? times[i] : low;
    high = times[i] > high ? times[i] : high;
  }
  for (int64_t i = 1; i < n; i++) descents += times[i] < times[i - 1];
  return {low, high, descents == 0};
}

}  // namespace

std::vector<Batch> cut_batches(const Table& table, int column, int64_t target) {
  std::vector<Batch> batches;
  int64_t row = 0;
  int index = 0;
  for (const Chunk& chunk : table.chunks(column)) {
    for (int64_t begin = 0; begin < chunk.length; begin += target) {
      const int64_t rows = std::min(target, chunk.length - begin);
      if (batches.empty() || batches.back().rows + rows > target) batches.emplace_back();
      batches.back().segments.push_back({index, begin, rows, row + begin});
      batches.back().rows += rows;
    }
    row += chunk.length;
    index++;
  }
  return batches;
}

Result<RowSource> RowSource::open(const Table& orders, const OrderColumns& columns,
                                  const TimeZone& zone) {
  RowSource source;
  Result<int> customer = orders.require(columns.customer);
  if (!customer.ok()) return customer.status();
  Result<int> time = orders.require(columns.time);
  if (!time.ok()) return time.status();
  source.has_amount = columns.amount.has_value();
  Result<int> amount = source.has_amount ? orders.require(*columns.amount) : Result<int>(0);
  if (!amount.ok()) return amount.status();

  Result<bool> text = open_ids(orders, *customer, &source.int_customer, &source.text_customer);
  if (!text.ok()) return text.status();
  source.text_customers = *text;
  Result<TimeReader> times = TimeReader::open(orders, *time, zone);
  if (!times.ok()) return times.status();
  source.time = *times;
  if (TextReader::reads(orders.field(*time).type)) {
    source.text_time = *TextReader::open(orders, *time);
  }
  if (source.has_amount) {
    Result<AmountReader> amounts = AmountReader::open(orders, *amount, columns.scale);
    if (!amounts.ok()) return amounts.status();
    source.amount = *amounts;
  }
  if (columns.margin) {
    Result<int> margin = orders.require(*columns.margin);
    if (!margin.ok()) return margin.status();
    Result<AmountReader> margins = AmountReader::open(orders, *margin, columns.scale);
    if (!margins.ok()) return margins.status();
    source.has_margin = true;
    source.margin = *margins;
  }

  if (!columns.order) return source;
  Result<int> order = orders.require(*columns.order);
  if (!order.ok()) return order.status();
  source.has_order = true;
  text = open_ids(orders, *order, &source.int_order, &source.text_order);
  if (!text.ok()) return text.status();
  source.text_orders = *text;
  return source;
}

bool KeyBlock<IntKey>::read(const RowSource& source, int chunk, int64_t begin, int64_t n,
                            CellState* states) {
  if (const int64_t* ids = source.int_customer.direct(chunk)) {
    ids_ = ids + begin;
    std::fill_n(states, n, CellState::kOk);
    return true;
  }
  ids_ = buffer_;
  return source.int_customer.read(chunk, begin, n, buffer_, states);
}

bool KeyBlock<TextKey>::read_texts(const RowSource& source, int chunk, int64_t begin, int64_t n,
                                   CellState* states) {
  return read_ids(source.text_customer, chunk, begin, n, texts_, states);
}

bool KeyBlock<TextKey>::read(const RowSource& source, int chunk, int64_t begin, int64_t n,
                             CellState* states) {
  const bool clean = read_texts(source, chunk, begin, n, states);
  for (int64_t i = 0; i < n; i++) keys_[i] = TextKey::of(texts_[i], codes_ + i);
  return clean;
}

bool TimeBlock::read(const RowSource& source, int chunk, int64_t begin, int64_t n,
                     CellState* states) {
  const Micros* direct = source.time.direct(chunk);
  times_ = direct != nullptr ? direct + begin : buffer_;
  bool clean = true;
  if (direct == nullptr)
    clean = source.time.read(chunk, begin, n, buffer_, states);
  else
    std::fill_n(states, n, CellState::kOk);
  range_ = run_with_best_simd([this, n] { return range_of(times_, n); });
  if (direct == nullptr || (range_.low >= kMinTime && range_.high < kEndTime)) return clean;
  for (int64_t i = 0; i < n; i++) {
    if (times_[i] < kMinTime || times_[i] >= kEndTime) states[i] = CellState::kRange;
  }
  return false;
}

bool read_orders(const RowSource& source, int chunk, int64_t begin, int64_t n, uint64_t* orders,
                 CellState* states) {
  if (!source.text_orders)
    return source.int_order.read(chunk, begin, n, reinterpret_cast<int64_t*>(orders), states);
  std::string_view texts[kBlockRows];
  const bool clean = read_ids(source.text_order, chunk, begin, n, texts, states);
  for (int64_t i = 0; i < n; i++) orders[i] = TextRef::pack(texts[i]);
  return clean;
}

}  // namespace patron::internal
