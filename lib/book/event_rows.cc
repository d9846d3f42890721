#include "lib/book/event_rows.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "lib/base/wiped.h"

namespace patron::internal {
namespace {

constexpr size_t kCellAlignment = 8;

size_t aligned(size_t bytes) { return (bytes + kCellAlignment - 1) & ~(kCellAlignment - 1); }

template <typename T>
void fill_cells(uint8_t* column, size_t begin, size_t count, T value) {
  std::fill_n(reinterpret_cast<T*>(column) + begin, count, value);
}

template <typename T>
bool is_cell(const void* column, size_t row, T value) {
  return static_cast<const T*>(column)[row] == value;
}

// Calls run(from, to, count) for what comes next of the base, rows `from` on, and one(row, to) for
// each of the others.
template <typename Run, typename One>
void for_each_place(uint32_t base, std::span<const RowPlace> places, const Run& run,
                    const One& one) {
  uint32_t from = 0, to = 0;
  const auto run_until = [&](uint32_t until) {
    if (until == from) return;
    run(from, to, until - from);
    to += until - from;
    from = until;
  };
  for (const RowPlace& place : places) {
    run_until(place.until);
    one(place.row, to++);
  }
  run_until(base);
}

template <typename T>
void merge_cells(uint8_t* to, const void* base, uint32_t base_rows, const void* more,
                 std::span<const RowPlace> places) {
  T* out = reinterpret_cast<T*>(to);
  const T* runs = static_cast<const T*>(base);
  const T* others = static_cast<const T*>(more);
  // Nearly all runs are short, or empty, at random: a step is copied of each without looking how
  // long it is, as long as both sides have so many cells, and what goes beyond its end is written
  // afterwards.
  constexpr uint32_t kStep = 64 / sizeof(T);
  const auto copy_step = [](T* at, const T* from) { std::memcpy(at, from, kStep * sizeof(T)); };
  const uint32_t steps = base_rows - std::min(base_rows, kStep);
  uint32_t from = 0;
  for (const RowPlace& place : places) {
    const uint32_t count = place.until - from;
    if (place.until < steps) {
      copy_step(out, runs + from);
      for (uint32_t i = kStep; i < count; i += kStep) copy_step(out + i, runs + from + i);
    } else {
      std::copy_n(runs + from, count, out);
    }
    out += count;
    *out++ = others[place.row];
    from = place.until;
  }
  std::copy_n(runs + from, base_rows - from, out);
}

}  // namespace

EventRows::EventRows(EventRows&& other) noexcept
    : layout_(other.layout_),
      meter_(other.meter_),  // NOLINT: what is left is counted too
      offsets_(std::move(other.offsets_)),
      columns_(std::exchange(other.columns_, 0)),
      size_(std::exchange(other.size_, 0)),
      capacity_(std::exchange(other.capacity_, 0)),
      cells_(std::move(other.cells_)),
      heap_(std::move(other.heap_)),
      heap_used_(std::exchange(other.heap_used_, 0)) {}

EventRows& EventRows::operator=(EventRows&& other) noexcept {
  std::swap(layout_, other.layout_);
  std::swap(meter_, other.meter_);
  std::swap(offsets_, other.offsets_);
  std::swap(columns_, other.columns_);
  std::swap(size_, other.size_);
  std::swap(capacity_, other.capacity_);
  std::swap(cells_, other.cells_);
  std::swap(heap_, other.heap_);
  std::swap(heap_used_, other.heap_used_);
  return *this;
}

void EventRows::give_back() {
  if (meter_ != nullptr) meter_->add(-static_cast<int64_t>(cells_.size() + heap_.size()));
  wipe_buffer(cells_);
  wipe_buffer(heap_);
}

void EventRows::let_go() {
  give_back();
  Buffer cells, heap;
  std::swap(cells_, cells);
  std::swap(heap_, heap);
  std::fill(offsets_.begin(), offsets_.end(), 0);
  size_ = capacity_ = columns_ = 0;
  heap_used_ = 0;
}

EventRows EventRows::copy(uint32_t rows) const {
  EventRows made(*layout_, meter_);
  std::vector<uint8_t> wanted(layout_->columns.size());
  mark_columns(wanted.data());
  made.reserve(std::max(rows, size_), heap_used_, wanted.data());
  made.append(*this, 0, size_);
  return made;
}

void EventRows::mark_columns(uint8_t* wanted) const {
  for (size_t c = 0; c < offsets_.size(); ++c) {
    if (offsets_[c] != 0) wanted[c] = 1;
  }
}

bool EventRows::null(int c, size_t row) const {
  const void* cells = column(c);
  if (cells == nullptr) return true;
  switch (layout_->columns[static_cast<size_t>(c)].cell) {
    case CellType::kByte:
      return is_cell(cells, row, kNullByte);
    case CellType::kDay:
      return is_cell(cells, row, kNullDay);
    case CellType::kCode:
      return is_cell(cells, row, kNullEnum);
    case CellType::kCustomer:
      return is_cell(cells, row, kNoCustomer);
    case CellType::kInt:
      return is_cell(cells, row, kNullInt);
    case CellType::kDouble: {
      const double value = static_cast<const double*>(cells)[row];
      return value != value;
    }
    case CellType::kBits:
      return is_cell(cells, row, kNullBits);
    case CellType::kText:
      break;
  }
  return static_cast<const TextCell*>(cells)[row].size == TextCell::kNull;
}

size_t EventRows::long_bytes(size_t row) const {
  size_t bytes = 0;
  for (size_t c = 0; c < offsets_.size(); ++c) {
    if (layout_->columns[c].cell != CellType::kText || offsets_[c] == 0) continue;
    const TextCell& cell = static_cast<const TextCell*>(column(static_cast<int>(c)))[row];
    if (cell.is_long()) bytes += cell.size;
  }
  return bytes;
}

size_t EventRows::row_bytes() const {
  size_t bytes = sizeof(Micros);
  for (size_t c = 0; c < offsets_.size(); ++c) {
    if (offsets_[c] != 0) bytes += layout_->columns[c].width;
  }
  return bytes;
}

bool EventRows::has_room(uint32_t rows, size_t heap, const uint8_t* wanted) const {
  if (rows > capacity_ || heap_used_ + heap > heap_.size()) return false;
  if (wanted == nullptr) return true;
  const size_t* offsets = offsets_.data();
  const size_t columns = offsets_.size();
  for (size_t c = 0; c < columns; ++c) {
    if (wanted[c] != 0 && offsets[c] == 0) return false;
  }
  return true;
}

// Where each column would begin; the bytes of all.
size_t EventRows::place(uint32_t rows, const uint8_t* wanted, std::vector<size_t>& offsets) const {
  size_t bytes = rows * sizeof(Micros);
  for (size_t c = 0; c < offsets_.size(); ++c) {
    if (offsets_[c] == 0 && (wanted == nullptr || wanted[c] == 0)) continue;
    offsets[c] = bytes;
    bytes += aligned(size_t{rows} * layout_->columns[c].width);
  }
  return bytes;
}

void EventRows::reserve(uint32_t rows, size_t heap, const uint8_t* wanted) {
  if (has_room(rows, heap, wanted)) return;
  Buffer larger_heap;
  if (heap_used_ + heap > heap_.size()) {
    larger_heap = Buffer(std::max(heap_used_ + heap, heap_used_ + heap_used_ / 2));
  }
  if (!has_room(rows, 0, wanted)) {
    const uint32_t capacity = std::max(rows, capacity_);
    std::vector<size_t> offsets(offsets_.size());
    const size_t bytes = place(std::max(capacity, 1U), wanted, offsets);
    Buffer larger(bytes);
    if (size_ > 0) std::memcpy(larger.data(), cells_.data(), size_ * sizeof(Micros));
    std::swap(offsets, offsets_);
    std::swap(larger, cells_);
    columns_ = 0;
    for (size_t c = 0; c < offsets_.size(); ++c) {
      if (offsets_[c] == 0) continue;
      ++columns_;
      if (offsets[c] == 0) {
        fill_null(c, 0, size_);
      } else if (size_ > 0) {
        std::memcpy(cells_.data() + offsets_[c], larger.data() + offsets[c],
                    size_t{size_} * layout_->columns[c].width);
      }
    }
    capacity_ = std::max(capacity, 1U);
    if (meter_ != nullptr) {
      meter_->add(static_cast<int64_t>(cells_.size()) - static_cast<int64_t>(larger.size()));
    }
    wipe_buffer(larger);
  }
  if (larger_heap.size() > 0) {
    if (heap_used_ > 0) std::memcpy(larger_heap.data(), heap_.data(), heap_used_);
    if (meter_ != nullptr) {
      meter_->add(static_cast<int64_t>(larger_heap.size()) - static_cast<int64_t>(heap_.size()));
    }
    std::swap(heap_, larger_heap);
    wipe_buffer(larger_heap);
  }
}

void EventRows::fill_null(size_t c, size_t begin, size_t count) {
  uint8_t* cells = cells_.data() + offsets_[c];
  switch (layout_->columns[c].cell) {
    case CellType::kByte:
      return fill_cells(cells, begin, count, kNullByte);
    case CellType::kDay:
      return fill_cells(cells, begin, count, kNullDay);
    case CellType::kCode:
      return fill_cells(cells, begin, count, kNullEnum);
    case CellType::kCustomer:
      return fill_cells(cells, begin, count, kNoCustomer);
    case CellType::kInt:
      return fill_cells(cells, begin, count, kNullInt);
    case CellType::kDouble:
      return fill_cells(cells, begin, count, std::numeric_limits<double>::quiet_NaN());
    case CellType::kBits:
      return fill_cells(cells, begin, count, kNullBits);
    case CellType::kText:
      return fill_cells(cells, begin, count, TextCell());
  }
}

// Of the row behind the last, in the columns that are not marked.
void EventRows::fill_nulls(const uint8_t* set_next) {
  for (size_t c = 0; c < offsets_.size(); ++c) {
    if (offsets_[c] != 0 && (set_next == nullptr || set_next[c] == 0)) fill_null(c, size_, 1);
  }
}

void EventRows::append(const Micros* times, size_t count, const uint8_t* set_next) {
  std::memcpy(cells_.as<Micros>() + size_, times, count * sizeof(Micros));
  for (size_t c = 0; c < offsets_.size(); ++c) {
    if (offsets_[c] != 0 && set_next[c] == 0) fill_null(c, size_, count);
  }
  size_ += static_cast<uint32_t>(count);
}

void EventRows::set_text(int c, size_t row, std::string_view text) {
  TextCell cell;
  cell.size = static_cast<uint32_t>(text.size());
  if (!cell.is_long()) {
    std::memcpy(cell.head, text.data(), std::min(text.size(), sizeof cell.head));
    if (text.size() > sizeof cell.head) {
      std::memcpy(cell.tail, text.data() + sizeof cell.head, text.size() - sizeof cell.head);
    }
  } else {
    std::memcpy(cell.head, text.data(), sizeof cell.head);
    cell.offset = heap_used_;
    std::memcpy(heap_.data() + heap_used_, text.data(), text.size());
    heap_used_ += text.size();
  }
  set(c, row, &cell);
}

// Long texts of cells that were copied from other rows move into this heap.
void EventRows::copy_texts(size_t c, size_t begin, size_t count, const EventRows& from) {
  auto* cells = reinterpret_cast<TextCell*>(cells_.data() + offsets_[c]);
  for (size_t i = begin; i < begin + count; ++i) {
    if (!cells[i].is_long()) continue;
    std::memcpy(heap_.data() + heap_used_, from.heap_.data() + cells[i].offset, cells[i].size);
    cells[i].offset = heap_used_;
    heap_used_ += cells[i].size;
  }
}

// Cells of a column of other rows, from `begin` on, or nulls where they have none.
void EventRows::copy_cells(size_t c, size_t begin, size_t count, const EventRows& from, size_t at) {
  const size_t width = layout_->columns[c].width;
  const auto* cells = static_cast<const uint8_t*>(from.column(static_cast<int>(c)));
  if (cells == nullptr) return fill_null(c, at, count);
  std::memcpy(cells_.data() + offsets_[c] + at * width, cells + begin * width, count * width);
  if (layout_->columns[c].cell == CellType::kText) copy_texts(c, at, count, from);
}

void EventRows::append(const EventRows& from, size_t begin, size_t count) {
  if (count == 0) return;
  std::memcpy(cells_.as<Micros>() + size_, from.times() + begin, count * sizeof(Micros));
  for (size_t c = 0; c < offsets_.size(); ++c) {
    if (offsets_[c] != 0) copy_cells(c, begin, count, from, size_);
  }
  size_ += static_cast<uint32_t>(count);
}

void EventRows::merge(const EventRows& base, const EventRows& more,
                      std::span<const RowPlace> places) {
  merge_cells<Micros>(cells_.data() + size_ * sizeof(Micros), base.times(), base.size(),
                      more.times(), places);
  for (size_t c = 0; c < offsets_.size(); ++c) {
    if (offsets_[c] == 0) continue;
    const CellColumn& column = layout_->columns[c];
    const void* cells[2] = {base.column(static_cast<int>(c)), more.column(static_cast<int>(c))};
    const bool whole = (cells[0] != nullptr || base.size() == 0) && cells[1] != nullptr;
    uint8_t* to = cells_.data() + offsets_[c] + size_t{size_} * column.width;
    if (!whole || column.cell == CellType::kText) {
      for_each_place(
          base.size(), places,
          [&](uint32_t from, uint32_t at, uint32_t count) {
            copy_cells(c, from, count, base, size_t{size_} + at);
          },
          [&](uint32_t row, uint32_t at) { copy_cells(c, row, 1, more, size_t{size_} + at); });
    } else if (column.width == sizeof(uint64_t)) {
      merge_cells<uint64_t>(to, cells[0], base.size(), cells[1], places);
    } else if (column.width == sizeof(uint32_t)) {
      merge_cells<uint32_t>(to, cells[0], base.size(), cells[1], places);
    } else {
      merge_cells<uint8_t>(to, cells[0], base.size(), cells[1], places);
    }
  }
  size_ += base.size() + static_cast<uint32_t>(places.size());
}

void EventRows::reorder(size_t begin, std::span<const uint32_t> picks) {
  alignas(TextCell) uint8_t kept[kMostReordered * sizeof(TextCell)];
  const auto pick = [&]<typename T>(uint8_t* column, T* of) {
    T* cells = reinterpret_cast<T*>(column);
    for (size_t i = 0; i < picks.size(); ++i) of[i] = cells[picks[i]];
    std::memcpy(cells + begin, of, picks.size() * sizeof(T));
  };
  pick(cells_.data(), reinterpret_cast<Micros*>(kept));
  for (size_t c = 0; c < offsets_.size(); ++c) {
    if (offsets_[c] == 0) continue;
    uint8_t* cells = cells_.data() + offsets_[c];
    switch (layout_->columns[c].width) {
      case sizeof(TextCell):
        pick(cells, reinterpret_cast<TextCell*>(kept));
        break;
      case sizeof(uint64_t):
        pick(cells, reinterpret_cast<uint64_t*>(kept));
        break;
      case sizeof(uint32_t):
        pick(cells, reinterpret_cast<uint32_t*>(kept));
        break;
      default:
        pick(cells, kept);
    }
  }
  wipe_bytes(kept, picks.size() * sizeof(TextCell));
}

void EventRows::move_last_to(size_t at) {
  const size_t last = size_ - size_t{1};
  if (at >= last) return;
  const auto shift = [&](uint8_t* cells, size_t width) {
    uint8_t kept[sizeof(TextCell)];
    std::memcpy(kept, cells + last * width, width);
    std::memmove(cells + (at + 1) * width, cells + at * width, (last - at) * width);
    std::memcpy(cells + at * width, kept, width);
  };
  shift(cells_.data(), sizeof(Micros));
  for (size_t c = 0; c < offsets_.size(); ++c) {
    if (offsets_[c] != 0) shift(cells_.data() + offsets_[c], layout_->columns[c].width);
  }
}

// Zeroes the long texts of a row that is about to go.
void EventRows::wipe_texts(size_t row) {
  for (size_t c = 0; c < offsets_.size(); ++c) {
    if (layout_->columns[c].cell != CellType::kText || offsets_[c] == 0) continue;
    const TextCell& cell = static_cast<const TextCell*>(column(static_cast<int>(c)))[row];
    if (cell.is_long()) std::memset(heap_.data() + cell.offset, 0, cell.size);
  }
}

void EventRows::erase(size_t at) {
  wipe_texts(at);
  const size_t behind = size_ - at - 1;
  const auto shift = [&](uint8_t* cells, size_t width) {
    std::memmove(cells + at * width, cells + (at + 1) * width, behind * width);
    std::memset(cells + (size_ - size_t{1}) * width, 0, width);
  };
  shift(cells_.data(), sizeof(Micros));
  for (size_t c = 0; c < offsets_.size(); ++c) {
    if (offsets_[c] != 0) shift(cells_.data() + offsets_[c], layout_->columns[c].width);
  }
  --size_;
}

void EventRows::drop(size_t at) {
  wipe_texts(at);
  const size_t last = size_ - size_t{1};
  const auto move = [&](uint8_t* cells, size_t width) {
    if (at != last) std::memcpy(cells + at * width, cells + last * width, width);
    std::memset(cells + last * width, 0, width);
  };
  move(cells_.data(), sizeof(Micros));
  for (size_t c = 0; c < offsets_.size(); ++c) {
    if (offsets_[c] != 0) move(cells_.data() + offsets_[c], layout_->columns[c].width);
  }
  --size_;
}

}  // namespace patron::internal
