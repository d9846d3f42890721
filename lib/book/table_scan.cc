#include "lib/book/table_scan.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <deque>
#include <memory>
#include <optional>
#include <utility>

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
  size_t placed = 0;           // those of them that have a place
};

// Where the rows of a range go, a block after the other: sorted to the columns of a batch, or to
// fresh pages.
class TableScan::Places {
 public:
  /// The batch's where there are no pages.
  Places(size_t range, const Target& target) : range_(range), target_(target) {
    if (target.fresh != nullptr) {
      fresh_.emplace(*target.fresh, range);
      return;
    }
    EventBatch& batch = target.batch;
    columns_.push_back(reinterpret_cast<uint8_t*>(batch.times.data()));
    for (size_t c = 0; c < batch.columns.size(); ++c) {
      columns_.push_back(batch.columns[c].cells.data());
      const CellType cell = batch.layout->columns[c].cell;
      if (cell == CellType::kCode) {
        columns_.back() = reinterpret_cast<uint8_t*>(target.writer.codes(c).data());
      } else if (cell == CellType::kText) {
        columns_.back() = reinterpret_cast<uint8_t*>(batch.columns[c].texts.data());
      }
    }
  }

  /// The next rows are those of these customers.
  void begin(std::span<const uint32_t> customers) {
    customers_ = customers;
    if (fresh_) return;
    target_.plan->place(range_, customers, rows_.data());
    scatter_cells(reinterpret_cast<const uint8_t*>(customers.data()), places(), sizeof(uint32_t),
                  reinterpret_cast<uint8_t*>(target_.batch.customers.data()));
  }
  /// Their cells of a column, of this width.
  void put(int column, const uint8_t* cells, size_t width) {
    if (fresh_) return fresh_->set(column, cells, customers_.size());
    scatter_cells(cells, places(), width, column_at(column));
  }
  /// All of them have been put. With `keep_places`, code() says where.
  void end(bool keep_places) {
    if (fresh_) fresh_->move(customers_, keep_places);
  }
  /// Where the code of the i-th of them is.
  uint8_t* code(int column, size_t i) const {
    return fresh_ ? fresh_->cell(column, i) : column_at(column) + rows_[i] * sizeof(uint32_t);
  }

 private:
  std::span<const uint32_t> places() const { return {rows_.data(), customers_.size()}; }
  uint8_t* column_at(int column) const { return columns_[static_cast<size_t>(column) + 1]; }

  size_t range_;
  const Target& target_;
  std::span<const uint32_t> customers_;
  std::optional<FreshPages::Range> fresh_;
  std::array<uint32_t, kBlock> rows_;  // of the batch
  std::vector<uint8_t*> columns_;      // of the batch: times and columns
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

// A run of blocks for each thread: where it begins, and the end of all.
std::vector<size_t> TableScan::ranges_of(int threads) const {
  const size_t count = std::clamp<size_t>(static_cast<size_t>(threads), 1,
                                          std::max<size_t>(blocks_.size() / kTaskBlocks, 1));
  std::vector<size_t> ranges;
  for (size_t r = 0; r <= count; ++r) ranges.push_back(blocks_.size() * r / count);
  return ranges;
}

// The rows at which they end.
std::vector<size_t> TableScan::ends_of(std::span<const size_t> ranges) const {
  std::vector<size_t> ends;
  for (size_t r = 1; r < ranges.size(); ++r) {
    ends.push_back(ranges[r] == blocks_.size() ? rows_ : blocks_[ranges[r]].row);
  }
  return ends;
}

bool TableScan::sort(std::span<const uint32_t> customers, EventBatch& batch, LogWriter& writer,
                     LogState& log, int threads, LogWriter::PageGroups& groups) {
  make_room(batch, writer);
  const std::vector<size_t> ranges = ranges_of(threads);
  PagePlan plan(customers, ends_of(ranges), threads);
  if (!bring_all(customers, ranges, threads, {batch, writer, log, &plan, nullptr})) return false;
  groups = {plan.ends(), plan.pages()};
  return true;
}

std::unique_ptr<FreshPages> TableScan::open_pages(std::span<const uint32_t> customers,
                                                  const LogWriter& writer, const LogState& log,
                                                  int threads, uint64_t epoch) const {
  std::vector<uint8_t> wanted;
  if (!can_fill_pages(wanted)) return nullptr;
  std::unique_ptr<FreshPages> fresh = writer.fresh_pages(std::move(wanted), epoch);
  if (!fresh->open(customers, ends_of(ranges_of(threads)), threads, log)) return nullptr;
  return fresh;
}

bool TableScan::fill(std::span<const uint32_t> customers, FreshPages& fresh, EventBatch& batch,
                     LogWriter& writer, LogState& log, int threads) {
  batch.clear(*columns_.stream);
  batch.drop_ids();
  return bring_all(customers, ranges_of(threads), threads, {batch, writer, log, nullptr, &fresh});
}

bool TableScan::bring_all(std::span<const uint32_t> customers, std::span<const size_t> ranges,
                          int threads, const Target& target) {
  std::deque<Worker> workers;
  for (size_t r = 1; r < ranges.size(); ++r) workers.emplace_back(*columns_.stream);
  open_words(target.writer, target.log);
  if (workers.size() == 1) workers[0].add_to = &target.log;
  if (workers.size() > 1 && !teach_words(workers[0], target.writer, target.log)) return false;
  std::atomic<bool> bad{false};
  (void)parallel_for(static_cast<int64_t>(workers.size()), threads, nullptr,
                     [&](int64_t task, int) {
                       const auto range = static_cast<size_t>(task);
                       Places places(range, target);
                       for (size_t b = ranges[range]; b < ranges[range + 1]; ++b) {
                         if (bad.load(std::memory_order_relaxed)) return;
                         const Block& block = blocks_[b];
                         const auto count = static_cast<size_t>(block.count);
                         places.begin(customers.subspan(block.row, count));
                         if (!bring(block, places, workers[range], target.writer)) bad = true;
                       }
                     });
  return !bad && finish(workers, target.batch, target.writer, target.log);
}

// Whether all cells of the table are as wide in the log, and no row is looked for there. Marks the
// columns, each of which has a value.
bool TableScan::can_fill_pages(std::vector<uint8_t>& wanted) const {
  const StreamLayout& stream = *columns_.stream;
  if (stream.key >= 0 || stream.attribute || blocks_.empty()) return false;
  wanted.assign(stream.columns.size(), 0);
  for (size_t c = 0; c < stream.columns.size(); ++c) {
    if (!columns_.cells[c]) continue;
    if (stream.columns[c].cell == CellType::kText || !has_value(c)) return false;
    wanted[c] = 1;
  }
  return true;
}

// Whether one of the first cells of a column is not null.
bool TableScan::has_value(size_t c) const {
  const CellReader& reader = *columns_.cells[c];
  const CellColumn& column = columns_.stream->columns[c];
  const Block& first = blocks_.front();
  if (!reader.may_be_null(first.chunk)) return true;
  CellBlock block;
  block.make_room();
  reader.read(first.chunk, first.begin, first.count, block);
  for (size_t i = 0; i < static_cast<size_t>(first.count); ++i) {
    const bool null =
        column.cell == CellType::kCode
            ? block.texts[i].data() == nullptr
            : null_cell(column, reinterpret_cast<const uint8_t*>(block.cells.data()), i);
    if (!null) return true;
  }
  return false;
}

void TableScan::open_words(LogWriter& writer, const LogState& log) const {
  for (size_t c = 0; c < columns_.cells.size(); ++c) {
    const bool code = columns_.stream->columns[c].cell == CellType::kCode;
    if (columns_.cells[c] && code) writer.open_words(c, log);
  }
}

// Memory for all columns of the table.
void TableScan::make_room(EventBatch& batch, LogWriter& writer) const {
  const StreamLayout& stream = *columns_.stream;
  batch.clear(stream);
  batch.drop_ids();
  batch.times.resize(rows_);
  batch.customers.resize(rows_);
  for (size_t c = 0; c < stream.columns.size(); ++c) {
    if (!columns_.cells[c]) continue;
    const CellColumn& column = stream.columns[c];
    if (column.cell == CellType::kCode) {
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
      if (!code_words(blocks_[b], c, worker, writer)) return false;
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
      uint32_t code = writer.words(kept.column).find(kept.word);
      if (code == kNoRow) code = writer.add_word(kept.column, kept.word, log);
      std::memcpy(kept.code, &code, sizeof code);
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
bool TableScan::bring(const Block& block, Places& places, Worker& worker, LogWriter& writer) const {
  const StreamLayout& stream = *columns_.stream;
  if (!bring_times(block, places, worker)) return false;
  for (size_t c = 0; c < stream.columns.size(); ++c) {
    if (!columns_.cells[c]) continue;
    bool good = true;
    if (stream.columns[c].cell == CellType::kCode) {
      good = code_words(block, c, worker, writer);
      places.put(static_cast<int>(c), reinterpret_cast<const uint8_t*>(worker.codes.data()),
                 sizeof(uint32_t));
    } else if (stream.columns[c].cell == CellType::kText) {
      good = bring_texts(block, c, places, worker);
    } else {
      good = bring_cells(block, c, places, worker);
    }
    if (!good) return false;
  }
  places.end(worker.placed < worker.kept.size());
  for (; worker.placed < worker.kept.size(); ++worker.placed) {
    NewWord& word = worker.kept[worker.placed];
    word.code = places.code(static_cast<int>(word.column), word.row);
  }
  return true;
}

bool TableScan::bring_times(const Block& block, Places& places, Worker& worker) const {
  const CellReader& reader = *columns_.time;
  IntBounds bounds;
  const uint8_t* cells = reader.direct(block.chunk, block.begin, block.count, &bounds);
  if (cells == nullptr) {
    reader.read(block.chunk, block.begin, block.count, worker.block);
    if (worker.block.any_reason) return false;
    cells = reinterpret_cast<const uint8_t*>(worker.block.cells.data());
    bounds = bounds_of({reinterpret_cast<const Micros*>(cells), static_cast<size_t>(block.count)});
  }
  if (!bounds.within(kMinTime, until_)) return false;
  places.put(kTimesOfRows, cells, sizeof(Micros));
  return true;
}

bool TableScan::bring_texts(const Block& block, size_t c, Places& places, Worker& worker) const {
  columns_.cells[c]->read(block.chunk, block.begin, block.count, worker.block);
  if (worker.block.any_reason) return false;
  const std::string_view* texts = worker.block.texts.data();
  bool any = false, null = false;
  for (int64_t i = 0; i < block.count; ++i) texts[i].data() == nullptr ? null = true : any = true;
  places.put(static_cast<int>(c), reinterpret_cast<const uint8_t*>(texts),
             sizeof(std::string_view));
  return note_cells(c, any, null, worker);
}

bool TableScan::bring_cells(const Block& block, size_t c, Places& places, Worker& worker) const {
  const CellReader& reader = *columns_.cells[c];
  const CellColumn& column = columns_.stream->columns[c];
  const auto count = static_cast<size_t>(block.count);
  const uint8_t* cells = reader.direct(block.chunk, block.begin, block.count);
  if (cells == nullptr) {
    reader.read(block.chunk, block.begin, block.count, worker.block);
    if (worker.block.any_reason) return false;
    cells = reinterpret_cast<const uint8_t*>(worker.block.cells.data());
  }
  if (column.sum >= 0) {
    uint64_t& largest = worker.largest[static_cast<size_t>(column.sum)];
    largest = std::max(largest, largest_distance({reinterpret_cast<const int64_t*>(cells), count}));
  }
  bool any = !reader.may_be_null(block.chunk), null = false;
  if (!any) {
    for (size_t i = 0; i < count; ++i) null_cell(column, cells, i) ? null = true : any = true;
  }
  places.put(static_cast<int>(c), cells, batch_width(column));
  return note_cells(c, any, null, worker);
}

// The codes of a block's words come into the worker's.
bool TableScan::code_words(const Block& block, size_t c, Worker& worker, LogWriter& writer) const {
  if (worker.words[c] == nullptr) worker.words[c] = std::make_unique<WordCacheOf<kWordBits>>();
  if (const Chunk* plain = columns_.cells[c]->plain_texts(block.chunk); plain != nullptr) {
    return code_plain_words(*plain, block, c, worker, writer);
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
    if (worker.codes[i] == kNoRow && !take_new(c, word, i, worker, writer)) return false;
  }
  return note_cells(c, any, null, worker);
}

// The same of words that stand one behind the other, where 16 bytes can be read of each in nearly
// all blocks.
bool TableScan::code_plain_words(const Chunk& chunk, const Block& block, size_t c, Worker& worker,
                                 LogWriter& writer) const {
  const auto* offsets = static_cast<const int32_t*>(chunk.offsets) + chunk.offset;
  const auto* bytes = reinterpret_cast<const char*>(chunk.bytes);
  const auto readable = static_cast<size_t>(offsets[chunk.length]);
  const StringIdMap& known = writer.words(c);
  WordCacheOf<kWordBits>& cache = *worker.words[c];
  offsets += block.begin;
  const auto count = static_cast<size_t>(block.count);
  const bool all_readable = static_cast<size_t>(offsets[count - 1]) + ShortWord::kMost <= readable;
  for (size_t i = 0; i < count; ++i) {
    const auto at = static_cast<size_t>(offsets[i]);
    const std::string_view word(bytes + at, static_cast<size_t>(offsets[i + 1]) - at);
    if (word.size() <= ShortWord::kMost && all_readable) {
      worker.codes[i] = cache.find(known, word, ShortWord(word.data(), word.size()));
    } else if (word.size() <= kMaxTextBytes) {
      worker.codes[i] = cache.find(known, word);
    } else {
      return false;
    }
    if (worker.codes[i] == kNoRow && !take_new(c, word, i, worker, writer)) return false;
  }
  worker.given[c] = 1;
  return true;
}

// A word that nobody knows, of row `i` of a block.
bool TableScan::take_new(size_t c, std::string_view word, size_t i, Worker& worker,
                         LogWriter& writer) const {
  if (!columns_.stream->columns[c].values.empty()) return false;
  if (worker.add_to != nullptr) {
    worker.codes[i] = writer.add_word(c, word, *worker.add_to);
  } else {
    worker.kept.push_back({c, word, i});
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
