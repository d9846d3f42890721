// Rows that are brought together by pages before they are filed, a page and a column at a time.
#include <cstring>

#include "lib/book/batch_filler.h"
#include "lib/book/log_writer.h"
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

bool LogWriter::build_pages(const EventBatch& batch, size_t begin, size_t end, uint32_t first,
                            uint32_t count, LogState& log, const CustomerIds& ids, uint64_t epoch) {
  if (layout_->referrer >= 0) return false;
  if (builder_ == nullptr) builder_ = std::make_unique<PageBuilder>(*layout_, meter_);
  BuiltRows rows;
  rows.customers = {batch.customers.data() + begin, end - begin};
  if (!builder_->can_build(rows.customers, first, count, log)) return false;
  if (layout_->key >= 0 || layout_->attribute) {
    draw_seed();
    any_repeat_ = false;
    mark_repeats(batch, begin, end);
    if (any_repeat_) return false;
  }
  make_page_table(log, ids);
  list_columns(batch);
  std::vector<BuiltColumn> columns;
  columns.reserve(given_.size());
  for (const int c : given_) {
    const auto k = static_cast<size_t>(c);
    const CellColumn& of = layout_->columns[k];
    const BatchColumn& from = batch.columns[k];
    BuiltColumn& column = columns.emplace_back();
    column.column = c;
    if (of.cell == CellType::kCode) {
      column.cells = reinterpret_cast<const uint8_t*>(codes_[k].data() + begin);
    } else if (of.cell == CellType::kText) {
      column.texts = from.texts.data() + begin;
    } else {
      column.cells = from.cells.data() + begin * batch_width(of);
    }
  }
  rows.times = batch.times.data() + begin;
  rows.columns = columns;
  builder_->build(rows, first, count, log, log.order(ids), epoch);
  rows_ += end - begin;
  return true;
}

// What append() does, a column at a time.
void LogWriter::append_run(const EventBatch& batch, size_t begin, size_t end, EventPage& page) {
  const size_t count = end - begin;
  const uint32_t row = page.append_tail({batch.customers.data() + begin, count},
                                        batch.times.data() + begin, wanted_.data());
  EventRows& tail = page.tail;
  for (const int c : given_) {
    const auto k = static_cast<size_t>(c);
    const BatchColumn& column = batch.columns[k];
    switch (layout_->columns[k].cell) {
      case CellType::kCode:
        std::memcpy(tail.own_cells<uint32_t>(c) + row, codes_[k].data() + begin,
                    count * sizeof(uint32_t));
        break;
      case CellType::kCustomer:
        for (size_t i = 0; i < count; ++i) {
          tail.set_narrow(c, row + i, batch.customer_cell(c, begin + i));
        }
        break;
      case CellType::kText:
        for (size_t i = 0; i < count; ++i) {
          const std::string_view text = column.texts[begin + i];
          text.data() == nullptr ? tail.set_null(c, row + i) : tail.set_text(c, row + i, text);
        }
        break;
      default: {
        const size_t width = layout_->columns[k].width;
        std::memcpy(tail.own_cells<uint8_t>(c) + row * width, column.cells.data() + begin * width,
                    count * width);
      }
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
    append_run(batch, begin, next, *log.pages[page]);
    begin = next;
  }
  return true;
}

}  // namespace patron::internal
