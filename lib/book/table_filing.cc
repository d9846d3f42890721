// Large tables that are filed from where they stand.
#include <algorithm>

#include "lib/base/parallel.h"
#include "lib/book/book_data.h"
#include "lib/book/table_scan.h"

namespace patron::internal {

bool BookData::resolve_table(TableScan& scan, std::span<uint32_t> customers, int threads) {
  const Status status = state.ids->text() ? state.ids->resolve(scan.text_ids(), customers)
                                          : state.ids->resolve(scan.ids(), customers, threads);
  return status.ok();
}

// The staged batch gets the rows of the table, sorted; false where there is something to be said of
// one.
bool BookData::sort_table(StagedBatch& staged, const Table& events, int threads) {
  TableColumns columns(*staged.log->layout, layout.data());
  if (!open_columns(events, columns, layout.data()).ok() || !TableScan::can_take(columns)) {
    return false;
  }
  TableScan scan(events, columns, layout.data(), std::min(options.refuse_after, kEndTime - 1));
  if (!scan.look_at_ids(threads)) return false;
  BatchVector<uint32_t> customers(static_cast<size_t>(events.rows()));
  const std::span<uint32_t> rows(customers.data(), customers.size());
  if (!resolve_table(scan, rows, threads)) return false;
  effect_of_.resize(state.ids->size());
  // The epoch is that which file_in_slices() begins.
  staged.fresh = scan.open_pages(rows, *staged.writer, *staged.log, threads, epoch + 1);
  if (staged.fresh == nullptr) {
    return scan.sort(rows, staged.batch, *staged.writer, *staged.log, threads, staged.groups);
  }
  return scan.fill(rows, *staged.fresh, staged.batch, *staged.writer, *staged.log, threads);
}

bool BookData::add_table(int stream, const Table& events, const AddOptions& with,
                         BookReport& report) {
  if (events.rows() < large_table || events.rows() >= int64_t{kMaxRows}) return false;
  if (options.memory_limit > 0) return false;  // what a batch needs is counted before
  StagedBatch& staged = stage(0, stream, false);
  AddOptions options_of_call = with;
  options_of_call.threads = thread_count(with.threads);
  const uint32_t before = state.ids->size();
  new_referrals_.clear();
  staged.writer->begin(*staged.log);
  try {
    if (!sort_table(staged, events, options_of_call.threads)) {
      undo(1, before);
      staged.groups = {};
      staged.fresh.reset();
      return false;
    }
    report.rows = events.rows();
    file_in_slices(1, options_of_call, report);
  } catch (...) {
    undo(1, before);
    staged.groups = {};
    staged.fresh.reset();
    throw;
  }
  finish(report);
  return true;
}

}  // namespace patron::internal
