// TableScan: a large table of events that is filed from where it stands.
//
// A batch holds a copy of a table's cells; of millions of rows, copying them is most of what
// loading takes. Where nothing is to be said of any row no copy is needed: the ids are read first,
// and once the customers are known the table is read once more, to look at its cells and to bring
// them where they belong, sorted by pages, or to pages that are made for them (open_pages()).
//
//   TableScan scan(table, columns, layout, until);
//   if (!scan.look_at_ids(threads)) ...          // read_batch() says what is wrong with which row
//   ids.resolve(scan.ids(), customers, threads);
//   if (!scan.sort(customers, batch, writer, log, threads, groups)) ...   // the same
//
// Several threads read runs of rows; what comes out is the same for any number of them.
//
// Thread class: serial.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "lib/book/event_batch.h"
#include "lib/book/id_runs.h"
#include "lib/book/log_writer.h"
#include "lib/book/page_sort.h"
#include "lib/book/table_columns.h"

namespace patron::internal {

class TableScan {
 public:
  /// Of open columns. Whether a table with these columns can be filed so: what is left are
  /// referrals, ids of other customers, and money in other currencies.
  static bool can_take(const TableColumns& columns);

  TableScan(const Table& table, const TableColumns& columns, const LayoutData& layout,
            Micros until);

  /// Whether every row has an id that can be one.
  bool look_at_ids(int threads);
  /// What look_at_ids() saw.
  IdRuns ids() const { return {runs_, bounds_}; }
  std::span<const std::string_view> text_ids() const {
    return {text_ids_.begin(), text_ids_.end()};
  }

  /// Brings the cells into a batch, and the codes into the writer, sorted by the customers' pages:
  /// as read_batch(), resolve_codes() and sort_by_page() would. False where not all rows are good:
  /// then the batch means nothing. New words are in the log and its writer in both cases;
  /// undo_codes() takes them back.
  bool sort(std::span<const uint32_t> customers, EventBatch& batch, LogWriter& writer,
            LogState& log, int threads, LogWriter::PageGroups& groups);

  /// Pages of the epoch that the cells can come into instead; null where they have to be sorted.
  std::unique_ptr<FreshPages> open_pages(std::span<const uint32_t> customers,
                                         const LogWriter& writer, const LogState& log, int threads,
                                         uint64_t epoch) const;
  /// sort() into such pages, of the same number of threads, for LogWriter::settle_pages().
  bool fill(std::span<const uint32_t> customers, FreshPages& fresh, EventBatch& batch,
            LogWriter& writer, LogState& log, int threads);

 private:
  struct Block {
    int chunk;
    int64_t begin, count;  ///< of the chunk
    size_t row;            ///< of the table
  };
  // A word that has no code yet.
  struct NewWord {
    size_t column;
    std::string_view word;
    size_t row = 0;           ///< of its block
    uint8_t* code = nullptr;  ///< where that goes
  };
  // What the cells come into: the columns of a batch, by a plan, or pages.
  struct Target {
    EventBatch& batch;
    LogWriter& writer;
    LogState& log;
    PagePlan* plan;
    FreshPages* fresh;
  };
  struct Worker;
  class Places;

  bool look_at_ids_of(size_t number, Worker& worker);
  void make_room(EventBatch& batch, LogWriter& writer) const;
  std::vector<size_t> ranges_of(int threads) const;
  std::vector<size_t> ends_of(std::span<const size_t> ranges) const;
  bool bring_all(std::span<const uint32_t> customers, std::span<const size_t> ranges, int threads,
                 const Target& target);
  bool can_fill_pages(std::vector<uint8_t>& wanted) const;
  bool has_value(size_t c) const;
  void open_words(LogWriter& writer, const LogState& log) const;
  bool teach_words(Worker& worker, LogWriter& writer, LogState& log) const;
  bool finish(const std::deque<Worker>& workers, EventBatch& batch, LogWriter& writer,
              LogState& log) const;
  bool bring(const Block& block, Places& places, Worker& worker, LogWriter& writer) const;
  bool bring_times(const Block& block, Places& places, Worker& worker) const;
  bool bring_texts(const Block& block, size_t c, Places& places, Worker& worker) const;
  bool bring_cells(const Block& block, size_t c, Places& places, Worker& worker) const;
  bool code_words(const Block& block, size_t c, Worker& worker, LogWriter& writer) const;
  bool code_plain_words(const Chunk& chunk, const Block& block, size_t c, Worker& worker,
                        LogWriter& writer) const;
  bool take_new(size_t c, std::string_view word, size_t i, Worker& worker, LogWriter& writer) const;
  bool note_cells(size_t c, bool any, bool null, Worker& worker) const;

  const TableColumns& columns_;
  const LayoutData& layout_;
  Micros until_;
  size_t rows_;
  std::vector<Block> blocks_;
  std::vector<std::span<const int64_t>> runs_;  ///< the ids of each block
  IntBounds bounds_;                            ///< of them
  BatchVector<int64_t> int_ids_;                ///< where they do not stand in the table
  BatchVector<std::string_view> text_ids_;
};

}  // namespace patron::internal
