#include "lib/book/table_scan.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <deque>
#include <memory>

#include "lib/base/parallel.h"
#include "lib/base/wiped.h"
#include "lib/book/batch_filler.h"
#include "lib/book/page_sort.h"
#include "lib/book/word_cache.h"

namespace patron::internal {
namespace {

constexpr auto kBlock = static_cast<size_t>(CellBlock::kMost);
// Blocks that are looked at one after the other, and teach the words that come often.
constexpr size_t kTaught = 16;
constexpr size_t kTaskBlocks = 64;
constexpr int kWordBits = 8;

}  // namespace

// What a thread has for itself.
struct TableScan::Worker {
  explicit Worker(const StreamLayout& stream)
      : given(stream.columns.size()), largest(stream.summed.size()), words(stream.columns.size()) {
    block.make_room();
  }
  ~Worker() { wipe_bytes(&ids, sizeof ids); }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  CellBlock block;
  IntBounds ids;
  std::vector<uint8_t> given;
  std::vector<uint64_t> largest;  // of each summed column
  std::vector<std::unique_ptr<WordCacheOf<kWordBits>>> words;
  std::vector<size_t> again;  // blocks with new words
};

bool TableScan::can_take(const TableColumns& columns) {
  const StreamLayout& stream = *columns.stream;
  if (stream.referrer >= 0 || columns.currency || !columns.time || !columns.customer) return false;
  return std::none_of(stream.columns.begin(), stream.columns.end(),
                      [](const CellColumn& column) { return column.cell == CellType::kCustomer; });
}

TableScan::TableScan(const Table& table, const TableColumns& columns, const LayoutData& layout,
                     Micros until)
    : columns_(columns),
      layout_(layout),
      until_(until),
      rows_(static_cast<size_t>(table.rows())),
      given_(columns.stream->columns.size()),
      codes_(columns.stream->columns.size()) {
  const std::span<const Chunk> chunks = table.chunks(0);
  size_t row = 0;
  bool direct = true;
  for (size_t k = 0; k < chunks.size(); ++k) {
    const auto chunk = static_cast<int>(k);
    for (int64_t begin = 0; begin < chunks[k].length; begin += CellBlock::kMost) {
      const int64_t count = std::min(CellBlock::kMost, chunks[k].length - begin);
      blocks_.push_back({chunk, begin, count, row});
      row += static_cast<size_t>(count);
    }
    direct &= columns.customer->direct(chunk, 0, 0) != nullptr;
  }
  if (layout.text_customers) {
    text_ids_.resize(rows_);
    return;
  }
  runs_.resize(blocks_.size());
  if (!direct) int_ids_.resize(rows_);
}

bool TableScan::look(LogWriter& writer, LogState& log, int threads) {
  const StreamLayout& stream = *columns_.stream;
  for (size_t c = 0; c < stream.columns.size(); ++c) {
    if (stream.columns[c].cell != CellType::kCode || !columns_.cells[c]) continue;
    writer.open_words(c, log);
    codes_[c].resize(rows_);
  }
  const size_t taught = std::min(kTaught, blocks_.size());
  const size_t tasks = (blocks_.size() - taught + kTaskBlocks - 1) / kTaskBlocks;
  const auto used = static_cast<int>(std::clamp<size_t>(tasks, 1, static_cast<size_t>(threads)));
  std::deque<Worker> workers;
  for (int i = 0; i < used; ++i) workers.emplace_back(stream);
  for (size_t b = 0; b < taught; ++b) {
    if (look_at(b, workers[0], writer, &log) == Seen::kBad) return false;
  }
  std::atomic<bool> bad{false};
  LogState* const add_to = used == 1 ? &log : nullptr;
  // Without a watch there is nothing to report.
  (void)parallel_for(static_cast<int64_t>(tasks), used, nullptr, [&](int64_t task, int w) {
    Worker& mine = workers[static_cast<size_t>(w)];
    const size_t begin = taught + static_cast<size_t>(task) * kTaskBlocks;
    const size_t end = std::min(begin + kTaskBlocks, blocks_.size());
    for (size_t b = begin; b < end && !bad.load(std::memory_order_relaxed); ++b) {
      const Seen seen = look_at(b, mine, writer, add_to);
      if (seen == Seen::kBad) bad.store(true, std::memory_order_relaxed);
      if (seen == Seen::kNewWords) mine.again.push_back(b);
    }
  });
  if (bad) return false;
  // New words get their codes in the order of the rows, whoever came across them first.
  std::vector<size_t> again;
  for (const Worker& worker : workers) {
    again.insert(again.end(), worker.again.begin(), worker.again.end());
  }
  std::sort(again.begin(), again.end());
  for (const size_t b : again) {
    if (look_at(b, workers[0], writer, &log) != Seen::kGood) return false;
  }
  Worker all(stream);
  for (const Worker& worker : workers) {
    all.ids.add(worker.ids);
    for (size_t c = 0; c < given_.size(); ++c) given_[c] |= worker.given[c];
    for (size_t s = 0; s < all.largest.size(); ++s) {
      all.largest[s] = std::max(all.largest[s], worker.largest[s]);
    }
  }
  bounds_ = all.ids;
  return writer.sums().are_small(all.largest, writer.rows() + rows_);
}

TableScan::Seen TableScan::look_at(size_t number, Worker& worker, LogWriter& writer,
                                   LogState* add_to) {
  const Block& block = blocks_[number];
  if (!look_at_times(block, worker) || !look_at_ids(number, worker)) return Seen::kBad;
  const StreamLayout& stream = *columns_.stream;
  Seen seen = Seen::kGood;
  for (size_t c = 0; c < stream.columns.size(); ++c) {
    if (!columns_.cells[c]) continue;
    if (stream.columns[c].cell != CellType::kCode) {
      if (!look_at_cells(block, c, worker)) return Seen::kBad;
      continue;
    }
    const Seen words = look_at_words(block, c, worker, writer, add_to);
    if (words == Seen::kBad) return words;
    if (words == Seen::kNewWords) seen = words;
  }
  return seen;
}

bool TableScan::look_at_times(const Block& block, Worker& worker) const {
  const CellReader& reader = *columns_.time;
  IntBounds bounds;
  if (reader.direct(block.chunk, block.begin, block.count, &bounds) == nullptr) {
    reader.read(block.chunk, block.begin, block.count, worker.block);
    if (worker.block.any_reason) return false;
    bounds = bounds_of({reinterpret_cast<const Micros*>(worker.block.cells.data()),
                        static_cast<size_t>(block.count)});
  }
  return bounds.within(kMinTime, until_);
}

bool TableScan::look_at_ids(size_t number, Worker& worker) {
  const Block& block = blocks_[number];
  const CellReader& reader = *columns_.customer;
  const auto count = static_cast<size_t>(block.count);
  if (layout_.text_customers) {
    reader.read(block.chunk, block.begin, block.count, worker.block);
    std::copy_n(worker.block.texts.begin(), count, text_ids_.begin() + block.row);
    const bool null =
        std::any_of(worker.block.texts.begin(), worker.block.texts.begin() + block.count,
                    [](std::string_view text) { return text.data() == nullptr; });
    return !null && !worker.block.any_reason;
  }
  IntBounds bounds;
  const auto* ids = reinterpret_cast<const int64_t*>(
      reader.direct(block.chunk, block.begin, block.count, &bounds));
  if (ids == nullptr) {
    // Where they could stand in the table, one is out of range.
    if (int_ids_.empty()) return false;
    reader.read(block.chunk, block.begin, block.count, worker.block);
    if (worker.block.any_reason) return false;
    std::memcpy(int_ids_.data() + block.row, worker.block.cells.data(), count * sizeof(int64_t));
    ids = int_ids_.data() + block.row;
    bounds = bounds_of({ids, count});
  }
  runs_[number] = {ids, count};
  worker.ids.add(bounds);
  return bounds.least != kNullInt;
}

bool TableScan::look_at_cells(const Block& block, size_t c, Worker& worker) const {
  const CellReader& reader = *columns_.cells[c];
  const StreamLayout& stream = *columns_.stream;
  const CellColumn& column = stream.columns[c];
  const uint8_t* cells = reader.direct(block.chunk, block.begin, block.count);
  if (cells == nullptr) {
    reader.read(block.chunk, block.begin, block.count, worker.block);
    if (worker.block.any_reason) return false;
    cells = reinterpret_cast<const uint8_t*>(worker.block.cells.data());
  }
  if (column.sum >= 0) {
    uint64_t& largest = worker.largest[static_cast<size_t>(column.sum)];
    largest = std::max(largest, largest_distance({reinterpret_cast<const int64_t*>(cells),
                                                  static_cast<size_t>(block.count)}));
  }
  const bool needed = !column.nullable || static_cast<int>(c) == stream.key;
  if (!reader.may_be_null(block.chunk)) {
    worker.given[c] = 1;
    return true;
  }
  bool any = false, null = false;
  for (int64_t i = 0; i < block.count; ++i) {
    const auto k = static_cast<size_t>(i);
    const bool missing = column.cell == CellType::kText ? worker.block.texts[k].data() == nullptr
                                                        : null_cell(column, cells, k);
    missing ? null = true : any = true;
  }
  if (any) worker.given[c] = 1;
  return !null || !needed;
}

TableScan::Seen TableScan::look_at_words(const Block& block, size_t c, Worker& worker,
                                         LogWriter& writer, LogState* add_to) {
  const CellColumn& column = columns_.stream->columns[c];
  columns_.cells[c]->read(block.chunk, block.begin, block.count, worker.block);
  if (worker.block.any_reason) return Seen::kBad;
  if (worker.words[c] == nullptr) worker.words[c] = std::make_unique<WordCacheOf<kWordBits>>();
  WordCacheOf<kWordBits>& cache = *worker.words[c];
  const StringIdMap& known = writer.words(c);
  const std::string_view* texts = worker.block.texts.data();
  uint32_t* codes = codes_[c].data() + block.row;
  bool any = false, null = false, unknown = false;
  for (int64_t i = 0; i < block.count; ++i) {
    if (texts[i].data() == nullptr) {
      codes[i] = kNullEnum;
      null = true;
      continue;
    }
    any = true;
    codes[i] = cache.find(known, texts[i]);
    if (codes[i] != kNoRow) continue;
    if (!column.values.empty()) return Seen::kBad;
    unknown = true;
    if (add_to != nullptr) codes[i] = writer.add_word(c, texts[i], *add_to);
  }
  if (any) worker.given[c] = 1;
  const bool needed = !column.nullable || static_cast<int>(c) == columns_.stream->key;
  if (null && needed) return Seen::kBad;
  return unknown && add_to == nullptr ? Seen::kNewWords : Seen::kGood;
}

LogWriter::PageGroups TableScan::sort(std::span<const uint32_t> customers, EventBatch& batch,
                                      LogWriter& writer, int threads) {
  const StreamLayout& stream = *columns_.stream;
  batch.clear(stream);
  batch.drop_ids();
  batch.times.resize(rows_);
  batch.customers.resize(rows_);
  for (size_t c = 0; c < stream.columns.size(); ++c) {
    const CellColumn& column = stream.columns[c];
    batch.columns[c].given = given_[c] != 0;
    if (given_[c] == 0) continue;
    if (column.cell == CellType::kCode) {
      writer.codes(c).resize(rows_);
    } else if (column.cell == CellType::kText) {
      batch.columns[c].texts.resize(rows_);
    } else {
      batch.columns[c].cells.resize(rows_ * batch_width(column));
    }
  }
  // A run of blocks for each thread.
  const size_t ranges = std::clamp<size_t>(static_cast<size_t>(threads), 1,
                                           std::max<size_t>(blocks_.size() / kTaskBlocks, 1));
  const auto first_of = [&](size_t range) { return blocks_.size() * range / ranges; };
  std::vector<size_t> ends;
  for (size_t r = 1; r <= ranges; ++r) {
    ends.push_back(r == ranges ? rows_ : blocks_[first_of(r)].row);
  }
  PagePlan plan(customers, ends, threads);
  (void)parallel_for(static_cast<int64_t>(ranges), threads, nullptr, [&](int64_t task, int) {
    const auto range = static_cast<size_t>(task);
    Worker worker(stream);
    std::array<uint32_t, kBlock> places;
    for (size_t b = first_of(range); b < first_of(range + 1); ++b) {
      const Block& block = blocks_[b];
      const auto count = static_cast<size_t>(block.count);
      const std::span<const uint32_t> rows = customers.subspan(block.row, count);
      plan.place(range, rows, places.data());
      scatter_cells(reinterpret_cast<const uint8_t*>(rows.data()), {places.data(), count},
                    sizeof(uint32_t), reinterpret_cast<uint8_t*>(batch.customers.data()));
      bring(block, {places.data(), count}, worker, batch, writer);
    }
  });
  for (BatchVector<uint32_t>& codes : codes_) codes = {};
  return {plan.ends(), plan.pages()};
}

// The cells of a block that was seen to be good.
void TableScan::bring(const Block& block, std::span<const uint32_t> places, Worker& worker,
                      EventBatch& batch, LogWriter& writer) {
  const auto cells_of = [&](const CellReader& reader) {
    const uint8_t* cells = reader.direct(block.chunk, block.begin, block.count);
    if (cells != nullptr) return cells;
    reader.read(block.chunk, block.begin, block.count, worker.block);
    return reinterpret_cast<const uint8_t*>(worker.block.cells.data());
  };
  scatter_cells(cells_of(*columns_.time), places, sizeof(Micros),
                reinterpret_cast<uint8_t*>(batch.times.data()));
  for (size_t c = 0; c < given_.size(); ++c) {
    if (given_[c] == 0) continue;
    const CellColumn& column = columns_.stream->columns[c];
    if (column.cell == CellType::kCode) {
      scatter_cells(reinterpret_cast<const uint8_t*>(codes_[c].data() + block.row), places,
                    sizeof(uint32_t), reinterpret_cast<uint8_t*>(writer.codes(c).data()));
    } else if (column.cell == CellType::kText) {
      columns_.cells[c]->read(block.chunk, block.begin, block.count, worker.block);
      scatter_cells(reinterpret_cast<const uint8_t*>(worker.block.texts.data()), places,
                    sizeof(std::string_view),
                    reinterpret_cast<uint8_t*>(batch.columns[c].texts.data()));
    } else {
      scatter_cells(cells_of(*columns_.cells[c]), places, batch_width(column),
                    batch.columns[c].cells.data());
    }
  }
}

}  // namespace patron::internal
