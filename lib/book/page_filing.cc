// Rows that are brought together by pages before they are filed, a page and a column at a time.
#include <algorithm>
#include <array>
#include <cstring>
#include <deque>
#include <utility>

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

std::vector<LogWriter::BuiltGroup> LogWriter::build_pages(const EventBatch& batch,
                                                          const PageGroups& groups, LogState& log,
                                                          const CustomerIds& ids, uint64_t epoch,
                                                          int threads) {
  std::vector<BuiltGroup> built(groups.ends.size());
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
    built[g] = build_group(batch, begin, end, static_cast<uint32_t>(g) * groups.pages, groups.pages,
                           log, ids, epoch, makers[static_cast<size_t>(worker)]);
  });
  for (size_t g = 0; g < built.size(); ++g) {
    if (built[g].built) rows_ += groups.ends[g] - (g == 0 ? 0 : groups.ends[g - 1]);
  }
  return built;
}

// The `count` pages from `first` on, of the rows begin .. end - 1, which are all of theirs.
LogWriter::BuiltGroup LogWriter::build_group(const EventBatch& batch, size_t begin, size_t end,
                                             uint32_t first, uint32_t count, LogState& log,
                                             const CustomerIds& ids, uint64_t epoch,
                                             PageMaker& maker) const {
  BuiltRows rows;
  rows.customers = {batch.customers.data() + begin, end - begin};
  if (!maker.builder.can_build(rows.customers, first, count, log)) return {};
  if ((layout_->key >= 0 || layout_->attribute) &&
      find_repeats(batch, begin, end, maker.slots, maker.repeats)) {
    return {};
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
  return {true, maker.builder.build(rows, first, count, log, log.order(ids), epoch)};
}

std::unique_ptr<FreshPages> LogWriter::fresh_pages(std::vector<uint8_t> wanted,
                                                   uint64_t epoch) const {
  return std::make_unique<FreshPages>(*layout_, meter_, std::move(wanted), epoch);
}

std::vector<LogWriter::BuiltGroup> LogWriter::settle_pages(FreshPages& fresh, EventBatch& batch,
                                                           PageGroups& groups, LogState& log,
                                                           const CustomerIds& ids, int threads) {
  std::vector<BuiltGroup> built(fresh.groups());
  make_page_table(log, ids);
  const auto tasks = static_cast<int64_t>(built.size());
  std::vector<FreshPages::Scratch> scratch(
      static_cast<size_t>(std::clamp<int64_t>(tasks, 1, threads)));
  const RowOrder order = log.order(ids);
  // Without a watch there is nothing to report.
  (void)parallel_for(tasks, static_cast<int>(scratch.size()), nullptr, [&](int64_t task, int w) {
    const auto g = static_cast<size_t>(task);
    if (fresh.rows_of(g) == 0) return;
    const std::optional<Micros> latest = fresh.settle(g, scratch[static_cast<size_t>(w)], order);
    if (!latest) return;
    built[g] = {true, *latest};
    fresh.give(g, log);
  });
  for (size_t g = 0; g < built.size(); ++g) {
    if (built[g].built) rows_ += fresh.rows_of(g);
  }
  leave_rows(fresh, built, batch, groups);
  return built;
}

// The rows of groups that were not built come into the batch, and leave the memory of their pages.
void LogWriter::leave_rows(FreshPages& fresh, const std::vector<BuiltGroup>& built,
                           EventBatch& batch, PageGroups& groups) {
  groups = {{}, fresh.pages()};
  size_t rows = 0;
  for (size_t g = 0; g < built.size(); ++g) {
    rows += built[g].built ? 0 : fresh.rows_of(g);
    groups.ends.push_back(rows);
  }
  batch.times.resize(rows);
  batch.customers.resize(rows);
  for (size_t g = 0; g < built.size(); ++g) {
    const size_t begin = g == 0 ? 0 : groups.ends[g - 1];
    if (begin == groups.ends[g]) continue;
    fresh.copy_customers(g, batch.customers.data() + begin);
    fresh.copy_cells(g, kTimesOfRows, reinterpret_cast<uint8_t*>(batch.times.data() + begin));
    for (size_t c = 0; c < layout_->columns.size(); ++c) {
      if (!batch.columns[c].given) continue;
      const size_t width = layout_->columns[c].width;
      const bool code = layout_->columns[c].cell == CellType::kCode;
      if (code) {
        codes_[c].resize(rows);
      } else {
        batch.columns[c].cells.resize(rows * width);
      }
      fresh.copy_cells(g, static_cast<int>(c),
                       code ? reinterpret_cast<uint8_t*>(codes_[c].data() + begin)
                            : batch.columns[c].cells.data() + begin * width);
    }
    fresh.drop(g);
  }
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

namespace {

// Rows of one page that follow each other are copied as a run from so many on.
constexpr size_t kShortRun = 8;

// Of shorter runs so many rows are placed before their cells are written.
constexpr size_t kMostNew = 256;

template <typename Cell, typename Rows>
void write_cells(const Rows& rows, int c, const uint8_t* cells) {
  const Cell* from = reinterpret_cast<const Cell*>(cells);
  for (const auto& one : rows) one.tail->template own_cells<Cell>(c)[one.row] = from[one.from];
}

// The same of rows that go one behind the other.
template <typename Cell>
void pick_cells(std::span<const uint32_t> rows, const uint8_t* cells, Cell* to) {
  const Cell* from = reinterpret_cast<const Cell*>(cells);
  for (const uint32_t row : rows) *to++ = from[row];
}

}  // namespace

// What append() does, of rows that have their places already.
void LogWriter::write_new(const EventBatch& batch, std::span<const NewRow> rows) const {
  for (const Given& given : given_) {
    if (given.type == CellType::kText) {
      for (const NewRow& one : rows) {
        const std::string_view text = given.texts[one.from];
        text.data() == nullptr ? one.tail->set_null(given.c, one.row)
                               : one.tail->set_text(given.c, one.row, text);
      }
    } else if (given.type == CellType::kCustomer) {
      for (const NewRow& one : rows) {
        one.tail->set_narrow(given.c, one.row, batch.customer_cell(given.c, one.from));
      }
    } else if (given.width == sizeof(uint64_t)) {
      write_cells<uint64_t>(rows, given.c, given.cells);
    } else if (given.width == sizeof(uint32_t)) {
      write_cells<uint32_t>(rows, given.c, given.cells);
    } else {
      write_cells<uint8_t>(rows, given.c, given.cells);
    }
  }
}

// What append() does with rows of one page, wherever they are in the batch, a column at a time.
void LogWriter::append_picked(const EventBatch& batch, std::span<const uint32_t> rows,
                              EventPage& page) {
  EventRows& tail = page.tail;
  const uint32_t row = tail.size();
  uint8_t* const locals = page.local_of.data() + row;
  Micros* const times = tail.own_times() + row;
  for (size_t k = 0; k < rows.size(); ++k) {
    const uint32_t local = batch.customers[rows[k]] % kPageCustomers;
    locals[k] = static_cast<uint8_t>(local);
    page.mask[local / 64] |= uint64_t{1} << (local % 64);
    times[k] = batch.times[rows[k]];
  }
  for (int c = 0; tail.column_count() > given_.size() && c < static_cast<int>(wanted_.size());
       ++c) {
    if (wanted_[static_cast<size_t>(c)] != 0 || !tail.has_column(c)) continue;
    for (size_t k = 0; k < rows.size(); ++k) tail.set_null(c, row + k);
  }
  tail.extend(static_cast<uint32_t>(rows.size()));
  for (const Given& given : given_) {
    if (given.type == CellType::kText) {
      for (size_t k = 0; k < rows.size(); ++k) {
        const std::string_view text = given.texts[rows[k]];
        text.data() == nullptr ? tail.set_null(given.c, row + k)
                               : tail.set_text(given.c, row + k, text);
      }
    } else if (given.type == CellType::kCustomer) {
      for (size_t k = 0; k < rows.size(); ++k) {
        tail.set_narrow(given.c, row + k, batch.customer_cell(given.c, rows[k]));
      }
    } else if (given.width == sizeof(uint64_t)) {
      pick_cells(rows, given.cells, tail.own_cells<uint64_t>(given.c) + row);
    } else if (given.width == sizeof(uint32_t)) {
      pick_cells(rows, given.cells, tail.own_cells<uint32_t>(given.c) + row);
    } else {
      pick_cells(rows, given.cells, tail.own_cells<uint8_t>(given.c) + row);
    }
  }
  rows_ += rows.size();
}

// What is pending of each page becomes the place behind its rows, which tidy() does not look at.
void LogWriter::file_by_page(const EventBatch& batch, size_t begin, size_t end, LogState& log) {
  const auto page_of = [&](uint32_t number) -> EventPage& { return *log.pages[number]; };
  uint32_t place = 0;
  for (const uint32_t number : touched_) {
    place += std::exchange(page_of(number).pending, place);
  }
  for (size_t i = begin; i < end; ++i) {
    by_page_[page_of(batch.customers[i] / kPageCustomers).pending++] = static_cast<uint32_t>(i);
  }
  const uint32_t* first = by_page_.data();
  for (const uint32_t number : touched_) {
    EventPage& page = page_of(number);
    const uint32_t* const last = by_page_.data() + page.pending;
    append_picked(batch, {first, last}, page);
    first = last;
  }
}

bool LogWriter::file_new(const EventBatch& batch, size_t begin, size_t end, LogState& log) {
  if (any_repeat_ || layout_->referrer >= 0) return false;
  if (!by_page_.empty()) {
    file_by_page(batch, begin, end, log);
    return true;
  }
  std::array<NewRow, kMostNew> block;
  size_t count = 0;
  const auto write_block = [&] { write_new(batch, {block.data(), std::exchange(count, 0)}); };
  const uint32_t* customers = batch.customers.data();
  while (begin < end) {
    EventPage& page = *log.pages[customers[begin] / kPageCustomers];
    size_t next = begin + 1;
    while (next < end && customers[next] / kPageCustomers == customers[begin] / kPageCustomers) {
      ++next;
    }
    if (next - begin >= kShortRun) {
      append_run(batch, begin, next, page);
      begin = next;
      continue;
    }
    for (; begin < next; ++begin) {
      if (count == kMostNew) write_block();
      const uint32_t row = page.append_tail(customers[begin] % kPageCustomers, batch.times[begin],
                                            wanted_.data(), given_.size());
      block[count++] = {&page.tail, row, static_cast<uint32_t>(begin)};
      ++rows_;
    }
  }
  write_block();
  return true;
}

}  // namespace patron::internal
