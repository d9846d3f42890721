// Order logs for tests: rows whose truth is known, and the tables that carry them.
//
//   OrderLog log;
//   log.lines = {{int64_t{1}, micros, 1999}, {int64_t{2}, micros, 500}};
//   Table table = to_table(log);          // in the types, chunks and slices that the log asks for
//
// A line says what its row means (customer, instant, minor units) or, with `defect`, what is wrong
// with it. The table is laid out by hand, in memory of its own for each chunk, with values before
// the first row that must never be read.
#pragma once

#include <cmath>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "lib/base/int128.h"
#include "lib/base/table_data.h"
#include "patron/rfm.h"

namespace patron::test {

using Id = std::variant<int64_t, std::string>;

struct OrderLine {
  Id customer;
  Micros time = 0;
  int64_t minor = 0;
  Id order;
  bool rounded = false;  ///< the amount is 0.3 minor units above a whole one
  std::optional<Refusal> defect;
};

enum class TimeColumn { kInstants, kWalls, kText };
enum class AmountColumn { kDoubles, kDecimals };

struct OrderLog {
  uint64_t seed = 0;
  RfmOptions options;
  std::vector<OrderLine> lines;
  bool text_ids = false, text_orders = false;
  bool unsigned_ids = false;  ///< integer ids as uint64
  TimeColumn time = TimeColumn::kInstants;
  AmountColumn amount = AmountColumn::kDoubles;
  std::vector<int64_t> chunk_rows;  ///< lengths of the chunks, again and again; empty: one chunk
  /// Fixed cuts and given splits of recency, frequency, monetary: in quarters of the axis's unit.
  std::array<std::vector<int64_t>, 3> cut_quarters;
  std::array<int64_t, 3> split_quarters{};
};

template <typename T>
using Cells = std::vector<std::optional<T>>;

inline DataType data_type(Type type) {
  DataType result;
  result.type = type;
  return result;
}

/// The memory of one chunk.
struct ChunkMemory {
  std::vector<uint8_t> validity, values, offsets, bytes;
};

/// Lays out cells [begin, begin + n) as a chunk, behind `lead` other values.
class ChunkWriter {
 public:
  ChunkWriter(size_t begin, size_t n, size_t lead) : begin_(begin), n_(n), lead_(lead) {}

  template <typename T>
  Chunk fixed(const Cells<T>& cells) {
    Chunk chunk = start(cells);
    memory_->values.assign((lead_ + n_) * sizeof(T), 0x5b);
    for (size_t i = 0; i < n_; i++) {
      if (const auto& cell = cells[begin_ + i])
        std::memcpy(memory_->values.data() + (lead_ + i) * sizeof(T), &*cell, sizeof(T));
    }
    chunk.values = memory_->values.data();
    return chunk;
  }
  Chunk text(const Cells<std::string>& cells) {
    Chunk chunk = start(cells);
    std::vector<int32_t> offsets(lead_ + 1, 0);
    for (size_t i = 0; i < n_; i++) {
      if (const auto& cell = cells[begin_ + i])
        memory_->bytes.insert(memory_->bytes.end(), cell->begin(), cell->end());
      offsets.push_back(static_cast<int32_t>(memory_->bytes.size()));
    }
    memory_->offsets.resize(offsets.size() * 4);
    std::memcpy(memory_->offsets.data(), offsets.data(), memory_->offsets.size());
    chunk.offsets = memory_->offsets.data();
    chunk.bytes = memory_->bytes.data();
    return chunk;
  }
  std::shared_ptr<ChunkMemory> memory() const { return memory_; }

 private:
  template <typename T>
  Chunk start(const Cells<T>& cells) {
    Chunk chunk;
    chunk.length = static_cast<int64_t>(n_);
    chunk.offset = static_cast<int64_t>(lead_);
    memory_->validity.assign((lead_ + n_ + 7) / 8, 0);
    for (size_t i = 0; i < n_; i++) {
      const size_t at = lead_ + i;
      if (cells[begin_ + i])
        memory_->validity[at / 8] = static_cast<uint8_t>(memory_->validity[at / 8] | 1 << (at % 8));
      else
        chunk.null_count++;
    }
    // Every other chunk without nulls has no bitmap.
    if (chunk.null_count > 0 || begin_ % 2 == 1) chunk.validity = memory_->validity.data();
    return chunk;
  }

  const size_t begin_, n_, lead_;
  std::shared_ptr<ChunkMemory> memory_ = std::make_shared<ChunkMemory>();
};

/// Builds a table of columns cut into chunks.
class ChunkedTable {
 public:
  ChunkedTable(size_t rows, const std::vector<int64_t>& chunk_rows) {
    data_->rows = static_cast<int64_t>(rows);
    for (size_t begin = 0, k = 0; begin < rows; k++) {
      size_t n = rows - begin;
      if (!chunk_rows.empty())
        n = std::min(n, static_cast<size_t>(chunk_rows[k % chunk_rows.size()]));
      spans_.emplace_back(begin, n);
      begin += n;
    }
  }
  template <typename T>
  void add(std::string name, DataType type, const Cells<T>& cells) {
    data_->fields.push_back({std::move(name), std::move(type)});
    data_->chunks.emplace_back();
    for (const auto& [begin, n] : spans_) {
      ChunkWriter writer(begin, n, spans_.size() > 1 ? (begin + data_->fields.size()) % 11 : 0);
      if constexpr (std::is_same_v<T, std::string>)
        data_->chunks.back().push_back(writer.text(cells));
      else
        data_->chunks.back().push_back(writer.template fixed<T>(cells));
      data_->owners.push_back(writer.memory());
    }
  }
  Table finish() { return Table(data_); }

 private:
  std::vector<std::pair<size_t, size_t>> spans_;
  std::shared_ptr<internal::TableData> data_ = std::make_shared<internal::TableData>();
};

inline double power_of_ten(int scale) { return std::pow(10.0, scale); }

namespace log_columns {

inline void add_ids(ChunkedTable* table, const char* name, const OrderLog& log, bool text,
                    Id OrderLine::*id, Refusal null, Refusal range, Refusal too_long) {
  Cells<std::string> texts;
  Cells<int64_t> ints;
  for (const OrderLine& line : log.lines) {
    if (text) {
      texts.emplace_back(std::get<std::string>(line.*id));
      if (line.defect == null) texts.back().reset();
      if (line.defect == too_long) texts.back() = std::string(65'536, 'x');
    } else {
      ints.emplace_back(std::get<int64_t>(line.*id));
      if (line.defect == null) ints.back().reset();
      if (line.defect == range) ints.back() = INT64_MIN + 5;
    }
  }
  if (text)
    table->add(name, data_type(Type::kString), texts);
  else
    table->add(name, data_type(log.unsigned_ids ? Type::kUint64 : Type::kInt64), ints);
}

inline void add_times(ChunkedTable* table, const OrderLog& log) {
  const TimeZone zone = *TimeZone::load(log.options.timezone);
  DataType type = data_type(Type::kTimestamp);
  if (log.time == TimeColumn::kInstants) type.zone = "UTC";
  Cells<int64_t> values;
  Cells<std::string> texts;
  for (const OrderLine& line : log.lines) {
    values.emplace_back(log.time == TimeColumn::kWalls ? zone.to_wall(line.time) : line.time);
    texts.emplace_back(format_time(line.time));
    if (line.defect == Refusal::kNullTime) values.back().reset(), texts.back().reset();
    if (line.defect == Refusal::kTimeNotUnderstood) texts.back() = "yesterday";
    if (line.defect == Refusal::kTimeOutOfRange)
      values.back() = line.minor % 2 == 0 ? kEndTime + 2 * kMicrosPerDay : INT64_MIN;
  }
  if (log.time == TimeColumn::kText)
    table->add("time", data_type(Type::kString), texts);
  else
    table->add("time", type, values);
}

inline void add_amounts(ChunkedTable* table, const OrderLog& log) {
  DataType decimal = data_type(Type::kDecimal128);
  decimal.precision = 38, decimal.scale = log.options.scale + 1;
  const double power = power_of_ten(log.options.scale);
  Cells<double> doubles;
  Cells<internal::Int128> decimals;
  for (const OrderLine& line : log.lines) {
    doubles.emplace_back((static_cast<double>(line.minor) + (line.rounded ? 0.3 : 0)) / power);
    decimals.emplace_back(static_cast<internal::Int128>(line.minor) * 10 + (line.rounded ? 3 : 0));
    if (line.defect == Refusal::kNullAmount) doubles.back().reset(), decimals.back().reset();
    if (line.defect == Refusal::kAmountNotFinite)
      doubles.back() = line.minor % 2 == 0 ? NAN : -INFINITY;
    if (line.defect == Refusal::kAmountOverflow) {
      doubles.back() = -1e40;
      decimals.back() = static_cast<internal::Int128>(INT64_MAX) * 10 + 5;  // half a unit too much
    }
  }
  if (log.amount == AmountColumn::kDoubles)
    table->add("amount", data_type(Type::kDouble), doubles);
  else
    table->add("amount", decimal, decimals);
}

}  // namespace log_columns

inline Table to_table(const OrderLog& log) {
  ChunkedTable table(log.lines.size(), log.chunk_rows);
  log_columns::add_amounts(&table, log);
  log_columns::add_ids(&table, "customer", log, log.text_ids, &OrderLine::customer,
                       Refusal::kNullCustomer, Refusal::kCustomerOutOfRange,
                       Refusal::kCustomerTooLong);
  if (log.options.order)
    log_columns::add_ids(&table, "order", log, log.text_orders, &OrderLine::order,
                         Refusal::kNullOrder, Refusal::kOrderOutOfRange, Refusal::kOrderTooLong);
  log_columns::add_times(&table, log);
  return table.finish();
}

inline std::string id_text(const Id& id) {
  if (const int64_t* number = std::get_if<int64_t>(&id)) return std::to_string(*number);
  return '"' + std::get<std::string>(id) + '"';
}

}  // namespace patron::test
