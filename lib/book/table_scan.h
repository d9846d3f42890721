// TableScan: a large table of events that is filed from where it stands.
//
// A batch holds a copy of a table's cells; of millions of rows, copying them is most of what
// loading takes. Where nothing is to be said of any row no copy is needed: the table is read once
// to see that, which also gives the ids and the codes of words, and once more to bring its cells
// where they belong, sorted by pages.
//
//   TableScan scan(table, columns, layout, until);
//   if (!scan.look(writer, log, threads)) ...    // read_batch() says what is wrong with which row
//   ids.resolve(scan.ids(), customers, threads);
//   PageGroups groups = scan.sort(customers, batch, writer, threads);
//
// Several threads read runs of rows; what comes out is the same for any number of them.
//
// Thread class: serial.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "lib/book/event_batch.h"
#include "lib/book/id_runs.h"
#include "lib/book/log_writer.h"
#include "lib/book/table_columns.h"

namespace patron::internal {

class TableScan {
 public:
  /// Of open columns. Whether a table with these columns can be filed so: what is left are
  /// referrals, ids of other customers, and money in other currencies.
  static bool can_take(const TableColumns& columns);

  TableScan(const Table& table, const TableColumns& columns, const LayoutData& layout,
            Micros until);

  /// Whether all rows are good. New words are in the log and its writer then, as after
  /// resolve_codes(); undo_codes() takes them back.
  bool look(LogWriter& writer, LogState& log, int threads);
  /// What look() saw.
  IdRuns ids() const { return {runs_, bounds_}; }
  std::span<const std::string_view> text_ids() const {
    return {text_ids_.begin(), text_ids_.end()};
  }

  /// Brings the cells into a batch, and the codes into the writer, sorted by the customers' pages:
  /// as read_batch(), resolve_codes() and sort_by_page() would.
  LogWriter::PageGroups sort(std::span<const uint32_t> customers, EventBatch& batch,
                             LogWriter& writer, int threads);

 private:
  struct Block {
    int chunk;
    int64_t begin, count;  ///< of the chunk
    size_t row;            ///< of the table
  };
  struct Worker;
  enum class Seen : uint8_t { kGood, kBad, kNewWords };

  Seen look_at(size_t number, Worker& worker, LogWriter& writer, LogState* add_to);
  bool look_at_times(const Block& block, Worker& worker) const;
  bool look_at_ids(size_t number, Worker& worker);
  bool look_at_cells(const Block& block, size_t c, Worker& worker) const;
  Seen look_at_words(const Block& block, size_t c, Worker& worker, LogWriter& writer,
                     LogState* add_to);
  void bring(const Block& block, std::span<const uint32_t> places, Worker& worker,
             EventBatch& batch, LogWriter& writer);

  const TableColumns& columns_;
  const LayoutData& layout_;
  Micros until_;
  size_t rows_;
  std::vector<Block> blocks_;
  std::vector<uint8_t> given_;                  ///< columns of which a cell is not null
  std::vector<std::span<const int64_t>> runs_;  ///< the ids of each block
  IntBounds bounds_;                            ///< of them
  BatchVector<int64_t> int_ids_;                ///< where they do not stand in the table
  BatchVector<std::string_view> text_ids_;
  std::vector<BatchVector<uint32_t>> codes_;  ///< of enum columns, in the table's order
};

}  // namespace patron::internal
