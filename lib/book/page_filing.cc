// Rows that are brought together by pages before they are filed, a page and a column at a time.
#include <algorithm>
#include <cstring>
#include <deque>

#include "lib/base/parallel.h"
#include "lib/book/batch_filler.h"
#include "lib/book/log_writer.h"
#include "lib/book/page_builder.h"
#include "lib/book/page_sort.h"

namespace patron::internal {

LogWriter::PageGroups LogWriter::sort_by_page(EventBatch& batch) {
  const PageSort sort(batch.customers);
  BatchVector<uint8_t> spare;
  spare.take_memory(batch.int_ids);
  sort.apply(batch.times, sizeof(Micros), spare);
  for (size_t c = 0; c < layout_->columns.size(); ++c) {
    if (!batch.columns[c].given) continue;
    const CellType type = layout_->columns[c].cell;
    if (type == CellType::kCode) {
      sort.apply(codes_[c], sizeof(uint32_t), spare);
    } else if (type == CellType::kText) {
      sort.apply(batch.columns[c].texts, sizeof(std::string_view), spare);
    } else {
      sort.apply(batch.columns[c].cells, batch_width(layout_->columns[c]), spare);
    }
  }
  sort.apply(batch.customers, sizeof(uint32_t), spare);
  batch.drop_ids();
  return {sort.ends(), sort.pages()};
}

// What a thread that makes pages has for itself.
struct LogWriter::PageMaker {
  PageMaker(const StreamLayout& layout, const std::shared_ptr<Meter>& meter)
      : builder(layout, meter) {}
  PageBuilder builder;
  std::vector<uint32_t> slots;
  std::vector<uint8_t> repeats;
  std::vector<BuiltColumn> columns;
};

std::vector<uint8_t> LogWriter::build_pages(const EventBatch& batch, const PageGroups& groups,
                                            LogState& log, const CustomerIds& ids, uint64_t epoch,
                                            int threads) {
  std::vector<uint8_t> built(groups.ends.size());
  if (layout_->referrer >= 0) return built;
  if (layout_->key >= 0 || layout_->attribute) draw_seed();
  make_page_table(log, ids);
  list_columns(batch);
  const auto tasks = static_cast<int64_t>(groups.ends.size());
  const auto used = static_cast<int>(std::clamp<int64_t>(tasks, 1, threads));
  std::deque<PageMaker> makers;
  for (int i = 0; i < used; ++i) makers.emplace_back(*layout_, meter_);
  // Without a watch there is nothing to report.
  (void)parallel_for(tasks, used, nullptr, [&](int64_t task, int worker) {
    const auto g = static_cast<size_t>(task);
    const size_t begin = g == 0 ? 0 : groups.ends[g - 1], end = groups.ends[g];
    if (begin == end) return;
    const bool made =
        build_group(batch, begin, end, static_cast<uint32_t>(g) * groups.pages, groups.pages, log,
                    ids, epoch, makers[static_cast<size_t>(worker)]);
    built[g] = made ? 1 : 0;
  });
  for (size_t g = 0; g < built.size(); ++g) {
    if (built[g] != 0) rows_ += groups.ends[g] - (g == 0 ? 0 : groups.ends[g - 1]);
  }
  return built;
}

// The `count` pages from `first` on, of the rows begin .. end - 1, which are all of theirs.
bool LogWriter::build_group(const EventBatch& batch, size_t begin, size_t end, uint32_t first,
                            uint32_t count, LogState& log, const CustomerIds& ids, uint64_t epoch,
                            PageMaker& maker) const {
  BuiltRows rows;
  rows.customers = {batch.customers.data() + begin, end - begin};
  if (!maker.builder.can_build(rows.customers, first, count, log)) return false;
  if ((layout_->key >= 0 || layout_->attribute) &&
      find_repeats(batch, begin, end, maker.slots, maker.repeats)) {
    return false;
  }
  maker.columns.clear();
  for (const Given& given : given_) {
    BuiltColumn& column = maker.columns.emplace_back();
    column.column = given.c;
    if (given.type == CellType::kText) {
      column.texts = given.texts + begin;
    } else {
      column.cells =
          given.cells + begin * batch_width(layout_->columns[static_cast<size_t>(given.c)]);
    }
  }
  rows.times = batch.times.data() + begin;
  rows.columns = maker.columns;
  maker.builder.build(rows, first, count, log, log.order(ids), epoch);
  return true;
}

// What append() does, a column at a time.
void LogWriter::append_run(const EventBatch& batch, size_t begin, size_t end, EventPage& page) {
  const size_t count = end - begin;
  const uint32_t row = page.append_tail({batch.customers.data() + begin, count},
                                        batch.times.data() + begin, wanted_.data());
  EventRows& tail = page.tail;
  for (const Given& given : given_) {
    const int c = given.c;
    switch (given.type) {
      case CellType::kCustomer:
        for (size_t i = 0; i < count; ++i) {
          tail.set_narrow(c, row + i, batch.customer_cell(c, begin + i));
        }
        break;
      case CellType::kText:
        for (size_t i = 0; i < count; ++i) {
          const std::string_view text = given.texts[begin + i];
          text.data() == nullptr ? tail.set_null(c, row + i) : tail.set_text(c, row + i, text);
        }
        break;
      default:
        std::memcpy(tail.own_cells<uint8_t>(c) + row * size_t{given.width},
                    given.cells + begin * given.width, count * given.width);
    }
  }
  rows_ += count;
}

bool LogWriter::file_new(const EventBatch& batch, size_t begin, size_t end, LogState& log) {
  if (any_repeat_ || layout_->referrer >= 0) return false;
  while (begin < end) {
    const uint32_t page = batch.customers[begin] / kPageCustomers;
    size_t next = begin + 1;
    while (next < end && batch.customers[next] / kPageCustomers == page) ++next;
    if (next == begin + 1) {
      append(batch, begin, *log.pages[page], batch.customers[begin] % kPageCustomers);
    } else {
      append_run(batch, begin, next, *log.pages[page]);
    }
    begin = next;
  }
  return true;
}

}  // namespace patron::internal
