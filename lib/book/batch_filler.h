// BatchFiller: fills a batch with the rows of a table or with events, and refuses what is no good
// row.
//
//   BatchFiller filler(stream, layout, until, batch, report);
//   filler.reserve(rows, columns);
//   filler.read(columns, chunk, begin, n);   // block by block
//   filler.finish();                                    // the batch has the good rows
//
// Thread class: serial.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "lib/book/cell_reader.h"
#include "lib/book/event_batch.h"
#include "lib/book/table_columns.h"

namespace patron::internal {

/// Bytes of a cell of a batch.
size_t batch_width(const CellColumn& column);
/// Whether a cell of a batch, or of a block of a CellReader, that is no text is null.
bool null_cell(const CellColumn& column, const uint8_t* cells, size_t i);

class BatchFiller {
 public:
  BatchFiller(const StreamLayout& stream, const LayoutData& layout, Micros until, EventBatch& batch,
              BookReport& report);

  /// Memory for the rows of a table.
  void reserve(size_t rows, const TableColumns& columns);
  /// The rows begin .. begin + n - 1 of a chunk, which follow those that were read before.
  void read(const TableColumns& columns, int chunk, int64_t begin, int64_t n);
  /// Events one by one. Code::kLength where one has another number of values, kType.
  Status read_events(std::span<const BookEvent> events);

  /// The time of rows of tables that have none.
  void set_default_time(Micros time) { default_time_ = time; }
  /// Rows without a value of the only column are none, good or bad.
  void skip_nulls();
  int64_t skipped() const { return skipped_; }

  /// Leaves out the rows that are refused, and columns of which nothing is given.
  void finish();
  /// The same of keys that are to be deleted: columns stay.
  void finish_keys();

 private:
  void refuse(size_t row, std::string_view column, std::string_view reason);
  void refuse_null(size_t row, std::string_view column);
  void take_reasons(std::string_view column, const CellReader& reader, int chunk, int64_t begin,
                    int64_t n, size_t base);
  void check_times(size_t base, int64_t n);
  void read_customers(const CellReader& reader, int chunk, int64_t begin, int64_t n, size_t base);
  void add_id(size_t row, CustomerId id);
  void read_column(size_t c, const CellReader& reader, int chunk, int64_t begin, int64_t n,
                   size_t base);
  void check_enum(size_t c, size_t base, int64_t n);
  void convert(const TableColumns& columns, int chunk, int64_t begin, int64_t n, size_t base);
  void convert_cell(size_t c, size_t row, double rate);
  void add_value(size_t row, size_t c, const BookValue& value);
  void start_column(size_t row, size_t c);
  void name_referred();

  const StreamLayout* stream_;
  const LayoutData* layout_;
  Micros until_;
  EventBatch* batch_;
  BookReport* report_;
  RefusalList refusals_;
  std::vector<uint8_t>& marked_;
  bool any_marked_ = false;
  Micros default_time_ = 0;
  int64_t skipped_ = 0;
  Status bad_value_;
  CellBlock block_;
};

}  // namespace patron::internal
