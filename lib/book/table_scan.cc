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
  std::vector<uint8_t> given;     // columns of which a cell is not null
  std::vector<uint64_t> largest;  // of each summed column
  std::vector<std::unique_ptr<WordCacheOf<kWordBits>>> words;
  std::array<uint32_t, kBlock> codes;
  LogState* add_to = nullptr;  // where new words are added; null: they are kept
  std::vector<NewWord> kept;   // in the order of the rows
};

bool TableScan::can_take(const TableColumns& columns) {
  const StreamLayout& stream = *columns.stream;
  if (stream.referrer >= 0 || columns.currency || !columns.time || !columns.customer) return false;
  return std::none_of(stream.columns.begin(), stream.columns.end(),
                      [](const CellColumn& column) { return column.cell == CellType::kCustomer; });
}

TableScan::TableScan(const Table& table, const TableColumns& columns, const LayoutData& layout,
                     Micros until)
    : columns_(columns), layout_(layout), until_(until), rows_(static_cast<size_t>(table.rows())) {
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

bool TableScan::look_at_ids(int threads) {
  const size_t tasks = (blocks_.size() + kTaskBlocks - 1) / kTaskBlocks;
  const auto used = static_cast<int>(std::clamp<size_t>(tasks, 1, static_cast<size_t>(threads)));
  std::deque<Worker> workers;
  for (int i = 0; i < used; ++i) workers.emplace_back(*columns_.stream);
  std::atomic<bool> bad{false};
  // Without a watch there is nothing to report.
  (void)parallel_for(static_cast<int64_t>(tasks), used, nullptr, [&](int64_t task, int w) {
    const size_t begin = static_cast<size_t>(task) * kTaskBlocks;
    const size_t end = std::min(begin + kTaskBlocks, blocks_.size());
    for (size_t b = begin; b < end && !bad.load(std::memory_order_relaxed); ++b) {
      if (!look_at_ids_of(b, workers[static_cast<size_t>(w)])) bad = true;
    }
  });
  for (const Worker& worker : workers) bounds_.add(worker.ids);
  return !bad;
}

bool TableScan::look_at_ids_of(size_t number, Worker& worker) {
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

bool TableScan::sort(std::span<const uint32_t> customers, EventBatch& batch, LogWriter& writer,
                     LogState& log, int threads, LogWriter::PageGroups& groups) {
  const StreamLayout& stream = *columns_.stream;
  make_room(batch, writer, log);
  // A run of blocks for each thread.
  const size_t ranges = std::clamp<size_t>(static_cast<size_t>(threads), 1,
                                           std::max<size_t>(blocks_.size() / kTaskBlocks, 1));
  const auto first_of = [&](size_t range) { return blocks_.size() * range / ranges; };
  std::vector<size_t> ends;
  std::deque<Worker> workers;
  for (size_t r = 1; r <= ranges; ++r) {
    ends.push_back(r == ranges ? rows_ : blocks_[first_of(r)].row);
    workers.emplace_back(stream);
  }
  if (ranges == 1) workers[0].add_to = &log;
  if (ranges > 1 && !teach_words(workers[0], writer, log)) return false;
  PagePlan plan(customers, ends, threads);
  std::atomic<bool> bad{false};
  (void)parallel_for(static_cast<int64_t>(ranges), threads, nullptr, [&](int64_t task, int) {
    const auto range = static_cast<size_t>(task);
    std::array<uint32_t, kBlock> places;
    for (size_t b = first_of(range); b < first_of(range + 1); ++b) {
      if (bad.load(std::memory_order_relaxed)) return;
      const Block& block = blocks_[b];
      const auto count = static_cast<size_t>(block.count);
      const std::span<const uint32_t> rows = customers.subspan(block.row, count);
      plan.place(range, rows, places.data());
      scatter_cells(reinterpret_cast<const uint8_t*>(rows.data()), {places.data(), count},
                    sizeof(uint32_t), reinterpret_cast<uint8_t*>(batch.customers.data()));
      if (!bring(block, {places.data(), count}, workers[range], batch, writer)) bad = true;
    }
  });
  if (bad) return false;
  groups = {plan.ends(), plan.pages()};
  return finish(workers, batch, writer, log);
}

// Memory for all columns of the table.
void TableScan::make_room(EventBatch& batch, LogWriter& writer, const LogState& log) const {
  const StreamLayout& stream = *columns_.stream;
  batch.clear(stream);
  batch.drop_ids();
  batch.times.resize(rows_);
  batch.customers.resize(rows_);
  for (size_t c = 0; c < stream.columns.size(); ++c) {
    if (!columns_.cells[c]) continue;
    const CellColumn& column = stream.columns[c];
    if (column.cell == CellType::kCode) {
      writer.open_words(c, log);
      writer.codes(c).resize(rows_);
    } else if (column.cell == CellType::kText) {
      batch.columns[c].texts.resize(rows_);
    } else {
      batch.columns[c].cells.resize(rows_ * batch_width(column));
    }
  }
}

// The words that come often, in the order of the rows, before several threads look for them.
bool TableScan::teach_words(Worker& worker, LogWriter& writer, LogState& log) const {
  worker.add_to = &log;
  for (size_t c = 0; c < columns_.stream->columns.size(); ++c) {
    if (columns_.stream->columns[c].cell != CellType::kCode || !columns_.cells[c]) continue;
    for (size_t b = 0; b < std::min(kTaught, blocks_.size()); ++b) {
      if (!code_words(blocks_[b], c, {}, worker, writer)) return false;
    }
  }
  worker.add_to = nullptr;
  return true;
}

// What all threads saw together: codes of words that came late, columns that are null, and sums.
bool TableScan::finish(const std::deque<Worker>& workers, EventBatch& batch, LogWriter& writer,
                       LogState& log) const {
  const StreamLayout& stream = *columns_.stream;
  // They get their codes in the order of the rows, whoever came across them first.
  for (const Worker& worker : workers) {
    for (const NewWord& kept : worker.kept) {
      const uint32_t known = writer.words(kept.column).find(kept.word);
      writer.codes(kept.column)[kept.place] =
          known != kNoRow ? known : writer.add_word(kept.column, kept.word, log);
    }
  }
  for (size_t c = 0; c < stream.columns.size(); ++c) {
    BatchColumn& column = batch.columns[c];
    column.given = std::any_of(workers.begin(), workers.end(),
                               [c](const Worker& worker) { return worker.given[c] != 0; });
    if (column.given) continue;
    column.cells.clear();
    column.texts.clear();
  }
  std::vector<uint64_t> largest(stream.summed.size());
  for (const Worker& worker : workers) {
    for (size_t s = 0; s < largest.size(); ++s) {
      largest[s] = std::max(largest[s], worker.largest[s]);
    }
  }
  return writer.sums().are_small(largest, writer.rows() + rows_);
}

// Looks at the cells of a block and brings them where they belong; false where one is not good.
bool TableScan::bring(const Block& block, std::span<const uint32_t> places, Worker& worker,
                      EventBatch& batch, LogWriter& writer) const {
  const StreamLayout& stream = *columns_.stream;
  if (!bring_times(block, places, worker, batch)) return false;
  for (size_t c = 0; c < stream.columns.size(); ++c) {
    if (!columns_.cells[c]) continue;
    bool good = true;
    if (stream.columns[c].cell == CellType::kCode) {
      good = code_words(block, c, places, worker, writer);
      scatter_cells(reinterpret_cast<const uint8_t*>(worker.codes.data()), places, sizeof(uint32_t),
                    reinterpret_cast<uint8_t*>(writer.codes(c).data()));
    } else if (stream.columns[c].cell == CellType::kText) {
      good = bring_texts(block, c, places, worker, batch.columns[c]);
    } else {
      good = bring_cells(block, c, places, worker, batch.columns[c]);
    }
    if (!good) return false;
  }
  return true;
}

bool TableScan::bring_times(const Block& block, std::span<const uint32_t> places, Worker& worker,
                            EventBatch& batch) const {
  const CellReader& reader = *columns_.time;
  IntBounds bounds;
  const uint8_t* cells = reader.direct(block.chunk, block.begin, block.count, &bounds);
  if (cells == nullptr) {
    reader.read(block.chunk, block.begin, block.count, worker.block);
    if (worker.block.any_reason) return false;
    cells = reinterpret_cast<const uint8_t*>(worker.block.cells.data());
    bounds = bounds_of({reinterpret_cast<const Micros*>(cells), places.size()});
  }
  if (!bounds.within(kMinTime, until_)) return false;
  scatter_cells(cells, places, sizeof(Micros), reinterpret_cast<uint8_t*>(batch.times.data()));
  return true;
}

bool TableScan::bring_texts(const Block& block, size_t c, std::span<const uint32_t> places,
                            Worker& worker, BatchColumn& to) const {
  columns_.cells[c]->read(block.chunk, block.begin, block.count, worker.block);
  if (worker.block.any_reason) return false;
  const std::string_view* texts = worker.block.texts.data();
  bool any = false, null = false;
  for (size_t i = 0; i < places.size(); ++i) texts[i].data() == nullptr ? null = true : any = true;
  scatter_cells(reinterpret_cast<const uint8_t*>(texts), places, sizeof(std::string_view),
                reinterpret_cast<uint8_t*>(to.texts.data()));
  return note_cells(c, any, null, worker);
}

bool TableScan::bring_cells(const Block& block, size_t c, std::span<const uint32_t> places,
                            Worker& worker, BatchColumn& to) const {
  const CellReader& reader = *columns_.cells[c];
  const CellColumn& column = columns_.stream->columns[c];
  const uint8_t* cells = reader.direct(block.chunk, block.begin, block.count);
  if (cells == nullptr) {
    reader.read(block.chunk, block.begin, block.count, worker.block);
    if (worker.block.any_reason) return false;
    cells = reinterpret_cast<const uint8_t*>(worker.block.cells.data());
  }
  if (column.sum >= 0) {
    uint64_t& largest = worker.largest[static_cast<size_t>(column.sum)];
    largest = std::max(largest,
                       largest_distance({reinterpret_cast<const int64_t*>(cells), places.size()}));
  }
  bool any = !reader.may_be_null(block.chunk), null = false;
  if (!any) {
    for (size_t i = 0; i < places.size(); ++i) {
      null_cell(column, cells, i) ? null = true : any = true;
    }
  }
  scatter_cells(cells, places, batch_width(column), to.cells.data());
  return note_cells(c, any, null, worker);
}

// The codes of a block's words come into the worker's.
bool TableScan::code_words(const Block& block, size_t c, std::span<const uint32_t> places,
                           Worker& worker, LogWriter& writer) const {
  if (worker.words[c] == nullptr) worker.words[c] = std::make_unique<WordCacheOf<kWordBits>>();
  if (const Chunk* plain = columns_.cells[c]->plain_texts(block.chunk); plain != nullptr) {
    return code_plain_words(*plain, block, c, places, worker, writer);
  }
  columns_.cells[c]->read(block.chunk, block.begin, block.count, worker.block);
  if (worker.block.any_reason) return false;
  bool any = false, null = false;
  for (size_t i = 0; i < static_cast<size_t>(block.count); ++i) {
    const std::string_view word = worker.block.texts[i];
    if (word.data() == nullptr) {
      worker.codes[i] = kNullEnum;
      null = true;
      continue;
    }
    any = true;
    worker.codes[i] = worker.words[c]->find(writer.words(c), word);
    if (worker.codes[i] == kNoRow && !take_new({c, word}, i, places, worker, writer)) return false;
  }
  return note_cells(c, any, null, worker);
}

// The same of words that stand one behind the other, where 16 bytes can be read of nearly each.
bool TableScan::code_plain_words(const Chunk& chunk, const Block& block, size_t c,
                                 std::span<const uint32_t> places, Worker& worker,
                                 LogWriter& writer) const {
  const auto* offsets = static_cast<const int32_t*>(chunk.offsets) + chunk.offset;
  const auto* bytes = reinterpret_cast<const char*>(chunk.bytes);
  const auto readable = static_cast<size_t>(offsets[chunk.length]);
  const StringIdMap& known = writer.words(c);
  WordCacheOf<kWordBits>& cache = *worker.words[c];
  offsets += block.begin;
  for (size_t i = 0; i < static_cast<size_t>(block.count); ++i) {
    const auto at = static_cast<size_t>(offsets[i]);
    const std::string_view word(bytes + at, static_cast<size_t>(offsets[i + 1]) - at);
    if (word.size() <= ShortWord::kMost && at + ShortWord::kMost <= readable) {
      worker.codes[i] = cache.find(known, word, ShortWord(word.data(), word.size()));
    } else if (word.size() <= kMaxTextBytes) {
      worker.codes[i] = cache.find(known, word);
    } else {
      return false;
    }
    if (worker.codes[i] == kNoRow && !take_new({c, word}, i, places, worker, writer)) return false;
  }
  worker.given[c] = 1;
  return true;
}

// A word that nobody knows, of row `i` of a block.
bool TableScan::take_new(const NewWord& word, size_t i, std::span<const uint32_t> places,
                         Worker& worker, LogWriter& writer) const {
  if (!columns_.stream->columns[word.column].values.empty()) return false;
  if (worker.add_to != nullptr) {
    worker.codes[i] = writer.add_word(word.column, word.word, *worker.add_to);
  } else {
    worker.kept.push_back({word.column, word.word, places[i]});
  }
  return true;
}

// Notes what a block was seen to have of a column: values, nulls. False where it must not have
// nulls.
bool TableScan::note_cells(size_t c, bool any, bool null, Worker& worker) const {
  const bool needed =
      !columns_.stream->columns[c].nullable || static_cast<int>(c) == columns_.stream->key;
  if (any) worker.given[c] = 1;
  return !null || !needed;
}

}  // namespace patron::internal
