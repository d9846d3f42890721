#include "lib/book/long_log.h"

#include <algorithm>

namespace patron::internal {
namespace {

constexpr uint32_t kFirstChunk = 64;

std::shared_ptr<LogChunk> new_chunk(const EventRows& like, uint32_t rows, size_t heap,
                                    const uint8_t* wanted, uint64_t now) {
  auto made = std::make_shared<LogChunk>(like.layout(), like.meter(), now);
  made->rows.reserve(rows, heap, wanted);
  return made;
}

std::vector<uint8_t> columns_of(const EventRows& a, const EventRows& b) {
  std::vector<uint8_t> wanted(a.layout().columns.size());
  a.mark_columns(wanted.data());
  b.mark_columns(wanted.data());
  return wanted;
}

std::shared_ptr<LogChunk> part_of(const LogChunk& chunk, size_t begin, size_t count, uint32_t room,
                                  uint64_t now) {
  const std::vector<uint8_t> wanted = columns_of(chunk.rows, chunk.rows);
  auto made = new_chunk(chunk.rows, room, chunk.rows.heap_used(), wanted.data(), now);
  made->rows.append(chunk.rows, begin, count);
  made->count(0, count);
  return made;
}

}  // namespace

void LogChunk::count(size_t begin, size_t end) {
  const std::vector<CellColumn>& columns = rows.layout().columns;
  for (size_t c = 0; c < columns.size(); ++c) {
    if (columns[c].whole < 0) continue;
    CellTotals& own = totals[static_cast<size_t>(columns[c].whole)];
    const auto* cells = static_cast<const int64_t*>(rows.column(static_cast<int>(c)));
    for (size_t i = begin; cells != nullptr && i < end; ++i) own.add(cells[i]);
  }
}

void LogChunk::discount(size_t row) {
  const std::vector<CellColumn>& columns = rows.layout().columns;
  for (size_t c = 0; c < columns.size(); ++c) {
    if (columns[c].whole < 0) continue;
    const auto* cells = static_cast<const int64_t*>(rows.column(static_cast<int>(c)));
    if (cells != nullptr) totals[static_cast<size_t>(columns[c].whole)].take_away(cells[row]);
  }
}

void LongLog::own(size_t chunk, uint64_t now) {
  if (chunks[chunk]->epoch == now) return;
  const LogChunk& old = *chunks[chunk];
  chunks[chunk] = part_of(old, 0, old.rows.size(), old.rows.capacity(), now);
}

void LongLog::insert(const EventRows& from, size_t i, const RowOrder& order, uint64_t now) {
  const auto behind = std::partition_point(chunks.begin(), chunks.end(),
                                           [&](const std::shared_ptr<LogChunk>& chunk) {
                                             return order.compare(chunk->rows, 0, from, i) <= 0;
                                           });
  size_t at = behind == chunks.begin() ? 0 : static_cast<size_t>(behind - chunks.begin()) - 1;
  const size_t heap = from.long_bytes(i);
  // No chunk is empty, not where memory runs out either: a new one comes with its first row.
  const auto begin_chunk = [&](const std::vector<uint8_t>& wanted) {
    std::shared_ptr<LogChunk> made = new_chunk(from, kFirstChunk, heap, wanted.data(), now);
    made->rows.append(from, i, 1);
    made->count(0, 1);
    chunks.push_back(std::move(made));
    ++this->size;
  };
  if (chunks.empty()) return begin_chunk(columns_of(from, from));
  if (chunks[at]->rows.size() >= kChunk) {
    const LogChunk& full = *chunks[at];
    const std::vector<uint8_t> wanted = columns_of(full.rows, from);
    if (at + 1 == chunks.size() && order.compare(full.rows, kChunk - 1, from, i) <= 0) {
      return begin_chunk(wanted);
    }
    const uint32_t half = kChunk / 2;
    auto left = part_of(full, 0, half, half + half / 2, now);
    auto right = part_of(full, half, full.rows.size() - half, half + half / 2, now);
    const bool goes_right = order.compare(right->rows, 0, from, i) <= 0;
    chunks.insert(chunks.begin() + static_cast<std::ptrdiff_t>(at) + 1, std::move(right));
    chunks[at] = std::move(left);
    at += goes_right ? 1 : 0;
  }
  own(at, now);
  LogChunk& chunk = *chunks[at];
  const std::vector<uint8_t> wanted = columns_of(chunk.rows, from);
  const uint32_t rows = chunk.rows.size();
  const uint32_t room = rows < chunk.rows.capacity()
                            ? chunk.rows.capacity()
                            : std::min(kChunk, std::max(rows * 2, kFirstChunk));
  chunk.rows.reserve(room, heap, wanted.data());
  // From here on nothing fails.
  size_t low = 0;
  for (size_t high = rows; low < high;) {
    const size_t middle = (low + high) / 2;
    if (order.compare(chunk.rows, middle, from, i) <= 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  chunk.rows.append(from, i, 1);
  chunk.count(rows, rows + size_t{1});
  chunk.rows.move_last_to(low);
  ++this->size;
}

void LongLog::append(const EventRows& from, size_t begin, size_t count, uint64_t now) {
  std::vector<std::shared_ptr<LogChunk>> made;
  const std::vector<uint8_t> wanted = columns_of(from, from);
  for (size_t at = begin; at < begin + count; at += kChunk) {
    const size_t rows = std::min<size_t>(kChunk, begin + count - at);
    size_t heap = 0;
    for (size_t i = at; i < at + rows; ++i) heap += from.long_bytes(i);
    made.push_back(new_chunk(from, static_cast<uint32_t>(rows), heap, wanted.data(), now));
    LogChunk& chunk = *made.back();
    chunk.rows.append(from, at, rows);
    chunk.count(0, rows);
  }
  chunks.insert(chunks.end(), made.begin(), made.end());
  size += count;
}

void LongLog::erase(size_t chunk, size_t row) {
  LogChunk& rows = *chunks[chunk];
  rows.discount(row);
  rows.rows.erase(row);
  if (rows.rows.size() == 0) chunks.erase(chunks.begin() + static_cast<std::ptrdiff_t>(chunk));
  --size;
}

}  // namespace patron::internal
