#include "lib/book/saved/log_pages.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <span>

#include "lib/base/utf8.h"
#include "lib/book/saved/packed_cells.h"

namespace patron::internal {
namespace {

constexpr uint8_t kBaseBlock = 0;
constexpr uint8_t kLongBlock = 1;
// A row has at least a byte, so that the bytes of a book say how much memory it may take.
constexpr unsigned kLeastTimeBytes = 1;
const uint64_t kNullDoubleBits = std::bit_cast<uint64_t>(std::numeric_limits<double>::quiet_NaN());

// Calls with the type of a column's cells that are no texts, and what is null among them.
template <typename Body>
auto with_cell_type(CellType type, const Body& body) {
  switch (type) {
    case CellType::kByte:
      return body(kNullByte);
    case CellType::kDay:
      return body(kNullDay);
    case CellType::kCode:
      return body(kNullEnum);
    case CellType::kCustomer:
      return body(uint32_t{kNoCustomer});
    case CellType::kInt:
      return body(kNullInt);
    case CellType::kDouble:
      return body(kNullDoubleBits);
    case CellType::kBits:
    case CellType::kText:
      break;
  }
  return body(kNullBits);
}

void put_texts(const EventRows& rows, int c, size_t begin, size_t end, BookByteWriter& out) {
  std::vector<uint32_t> sizes;
  sizes.reserve(end - begin);
  const auto* cells = static_cast<const TextCell*>(rows.column(c));
  for (size_t i = begin; i < end; ++i) sizes.push_back(cells[i].size);
  pack_cells<uint32_t>(sizes, TextCell::kNull, 0, out);
  for (size_t i = begin; i < end; ++i) {
    if (cells[i].size != TextCell::kNull) out.bytes.append(rows.text(cells[i]));
  }
}

void put_rows(const EventRows& rows, size_t begin, size_t end, BookByteWriter& out) {
  const std::vector<CellColumn>& columns = rows.layout().columns;
  std::vector<uint8_t> there(columns.size());
  uint64_t heap = 0;
  for (size_t c = 0; c < columns.size(); ++c) {
    for (size_t i = begin; i < end && there[c] == 0; ++i) {
      there[c] = rows.null(static_cast<int>(c), i) ? 0 : 1;
    }
    out.put(there[c]);
    if (there[c] == 0 || columns[c].cell != CellType::kText) continue;
    const auto* cells = static_cast<const TextCell*>(rows.column(static_cast<int>(c)));
    for (size_t i = begin; i < end; ++i) heap += cells[i].is_long() ? cells[i].size : 0;
  }
  out.put(heap);
  pack_cells<int64_t>({rows.times() + begin, end - begin}, kNullInt, kLeastTimeBytes, out);
  for (size_t c = 0; c < columns.size(); ++c) {
    if (there[c] == 0) continue;
    const int column = static_cast<int>(c);
    if (columns[c].cell == CellType::kText) {
      put_texts(rows, column, begin, end, out);
      continue;
    }
    with_cell_type(columns[c].cell, [&](auto null) {
      using T = decltype(null);
      pack_cells<T>({static_cast<const T*>(rows.column(column)) + begin, end - begin}, null, 0,
                    out);
    });
  }
}

void put_page(const EventPage& page, uint32_t number, BookByteWriter& out) {
  if (page.base_rows() > 0) {
    out.put(number);
    out.put(kBaseBlock);
    out.put(uint8_t{0});
    out.put(page.base_rows());
    std::vector<uint32_t> counts;
    for (uint32_t local = 0; local < kPageCustomers; ++local) {
      counts.push_back(page.base_end(local) - page.base_begin(local));
    }
    pack_cells<uint32_t>(counts, kNoRow, 0, out);
    put_rows(page.base->rows, 0, page.base_rows(), out);
  }
  std::vector<const EventPage::Apart*> apart;
  for (const EventPage::Apart& log : page.apart) apart.push_back(&log);
  std::sort(apart.begin(), apart.end(),
            [](const auto* a, const auto* b) { return a->local < b->local; });
  for (const EventPage::Apart* log : apart) {
    for (const std::shared_ptr<LogChunk>& chunk : log->log->chunks) {
      out.put(number);
      out.put(kLongBlock);
      out.put(log->local);
      out.put(chunk->rows.size());
      put_rows(chunk->rows, 0, chunk->rows.size(), out);
    }
  }
}

// Whether all facts of its customers were deleted or forgotten.
bool is_empty(const EventPage& page) {
  return page.base_rows() == 0 && page.tail.size() == 0 &&
         std::all_of(page.apart.begin(), page.apart.end(),
                     [](const EventPage::Apart& log) { return log.log->chunks.empty(); });
}

uint64_t magnitude(int64_t value) {
  return value < 0 ? uint64_t{0} - static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
}

}  // namespace

void KeySet::add(const EventRows& rows, size_t begin, size_t end) {
  const int c = rows.layout().key;
  if (rows.layout().columns[static_cast<size_t>(c)].cell != CellType::kText) {
    const auto* cells = static_cast<const int64_t*>(rows.column(c));
    for (size_t i = begin; i < end; ++i) push({static_cast<uint64_t>(cells[i]), 0, {}});
    return;
  }
  const auto* cells = static_cast<const TextCell*>(rows.column(c));
  for (size_t i = begin; i < end; ++i) {
    Key key;
    std::memcpy(&key.first, &cells[i], sizeof key.first);
    if (cells[i].is_long()) {
      key.text = rows.text(cells[i]);
      std::memcpy(&key.last, key.text.data() + key.text.size() - sizeof key.last, sizeof key.last);
    } else {
      std::memcpy(&key.last, cells[i].tail, sizeof key.last);
    }
    push(key);
  }
}

void KeySet::push(const Key& key) {
  if (many_.empty() && count_ < kFew) {
    few_[count_++] = key;
    return;
  }
  if (many_.empty()) many_.assign(few_.begin(), few_.end());
  many_.push_back(key);
}

bool KeySet::any_twice() {
  const std::span<Key> keys = many_.empty() ? std::span(few_).first(count_) : std::span(many_);
  std::sort(keys.begin(), keys.end());
  return std::adjacent_find(keys.begin(), keys.end(),
                            [](const Key& a, const Key& b) { return !(a < b); }) != keys.end();
}

bool any_long_key_twice(const LogState& log) {
  if (log.layout->key < 0) return false;
  KeySet keys;
  for (const std::shared_ptr<EventPage>& page : log.pages) {
    if (page == nullptr) continue;
    for (const EventPage::Apart& apart : page->apart) {
      keys.clear();
      for (const auto& chunk : apart.log->chunks) keys.add(chunk->rows, 0, chunk->rows.size());
      if (keys.any_twice()) return true;
    }
  }
  return false;
}

Status save_log(const LogState& log, const CustomerIds& ids, SectionTag tag, uint32_t number,
                SectionWriter& out) {
  const RowOrder order = log.order(ids);
  bool begun = false;
  for (uint32_t p = 0; p < log.pages.size(); ++p) {
    const EventPage* page = log.pages[p].get();
    if (page == nullptr || is_empty(*page)) continue;
    if (!begun) out.body().put(number);
    begun = true;
    if (page->tail.size() == 0) {
      put_page(*page, p, out.body());
    } else {
      const uint64_t later = page->epoch + 1;
      const std::shared_ptr<EventPage> merged = page->copy(later);
      merged->merge(order, later);
      put_page(*merged, p, out.body());
    }
    if (!out.full()) continue;
    if (Status status = out.end_section(tag); !status.ok()) return status;
    begun = false;
  }
  return begun ? out.end_section(tag) : Status();
}

const char* LogLoader::take(BookByteReader& in) {
  while (in.left() > 0) {
    if (const char* wrong = take_block(in); wrong != nullptr) return wrong;
  }
  return nullptr;
}

const char* LogLoader::take_block(BookByteReader& in) {
  const auto number = in.take<uint32_t>();
  const auto kind = in.take<uint8_t>();
  const auto local = in.take<uint8_t>();
  const auto rows = in.take<uint32_t>();
  if (!in.sound()) return "a block of facts that ends too early";
  const uint32_t customers = ids_->size();
  const uint32_t pages = (customers + kPageCustomers - 1) / kPageCustomers;
  if (number >= pages) return "facts of a customer who is not there";
  if (rows == 0 || rows > in.left()) return "a block of facts with a wrong number of rows";
  if (kind > kLongBlock || number < page_) return "a block of facts that does not belong here";
  if (number > page_) local_ = -1;
  const bool first_of_page = number > page_;
  page_ = number;
  if (log_->pages.size() < pages) log_->pages.resize(pages);
  std::shared_ptr<EventPage>& page = log_->pages[number];
  if (page == nullptr) page = std::make_shared<EventPage>(*log_->layout, meter_, epoch_);
  const uint32_t first = number * kPageCustomers;
  if (kind == kLongBlock) return take_piece(in, *page, local, first + local, rows);
  return first_of_page ? take_base(in, *page, first, rows) : "two blocks of facts for one page";
}

const char* LogLoader::take_base(BookByteReader& in, EventPage& page, uint32_t first,
                                 uint32_t rows) {
  std::array<uint32_t, kPageCustomers> counts;
  if (!unpack_cells<uint32_t>(in, kNoRow, 0, counts)) return "counts of facts that are none";
  auto base = std::make_shared<PageBase>(*log_->layout, meter_, epoch_);
  uint64_t total = 0;
  for (uint32_t local = 0; local < kPageCustomers; ++local) {
    base->offsets[local] = static_cast<uint32_t>(total);
    if (counts[local] == 0) continue;
    if (first + local >= ids_->size() || ids_->erased(first + local)) {
      return "facts of a customer who is not there";
    }
    if (counts[local] >= kLongLogRows) return "a long log among short ones";
    total += counts[local];
  }
  base->offsets[kPageCustomers] = static_cast<uint32_t>(total);
  if (total != rows) return "counts of facts that do not add up";
  if (const char* wrong = take_rows(in, rows, base->rows); wrong != nullptr) return wrong;
  for (uint32_t local = 0; local < kPageCustomers; ++local) {
    const uint32_t begin = base->offsets[local];
    const uint32_t end = base->offsets[local + 1];
    if (begin == end) continue;
    const char* wrong = check_log(base->rows, begin, end, nullptr);
    if (wrong == nullptr) wrong = check_sums(base->rows, begin, end, false);
    if (wrong != nullptr) return wrong;
    if (log_->layout->key >= 0 && end - begin > 1) {
      keys_.clear();
      keys_.add(base->rows, begin, end);
      if (keys_.any_twice()) return "an event key that comes twice";
    }
  }
  page.base = std::move(base);
  page.note_base();
  return nullptr;
}

const char* LogLoader::take_piece(BookByteReader& in, EventPage& page, uint32_t local,
                                  uint32_t customer, uint32_t rows) {
  if (customer >= ids_->size() || ids_->erased(customer)) {
    return "facts of a customer who is not there";
  }
  if (static_cast<int64_t>(local) < local_ || rows > LongLog::kChunk ||
      page.base_begin(local) != page.base_end(local)) {
    return "a piece of a long log that does not belong here";
  }
  LongLog* log = page.long_log(local);
  const bool more = log != nullptr;
  local_ = local;
  auto chunk = std::make_shared<LogChunk>(*log_->layout, meter_, epoch_);
  if (const char* wrong = take_rows(in, rows, chunk->rows); wrong != nullptr) return wrong;
  const char* wrong = check_log(chunk->rows, 0, rows, more ? &log->chunks.back()->rows : nullptr);
  if (wrong == nullptr) wrong = check_sums(chunk->rows, 0, rows, more);
  if (wrong != nullptr) return wrong;
  chunk->count(0, rows);
  if (!more) {
    page.apart.push_back({static_cast<uint8_t>(local), std::make_shared<LongLog>(epoch_)});
    log = page.apart.back().log.get();
  }
  log->chunks.push_back(std::move(chunk));
  log->size += rows;
  return nullptr;
}

const char* LogLoader::take_rows(BookByteReader& in, uint32_t count, EventRows& rows) {
  const std::vector<CellColumn>& columns = log_->layout->columns;
  std::vector<uint8_t> there(columns.size());
  for (size_t c = 0; c < columns.size(); ++c) {
    there[c] = in.take<uint8_t>();
    if (there[c] > 1) return "a mark of a column that is none";
    const bool needed = !columns[c].nullable || static_cast<int>(c) == log_->layout->key;
    if (there[c] == 0 && needed) return "a column without values that needs them";
  }
  const auto heap = in.take<uint64_t>();
  if (!in.sound() || count > in.left() || heap > in.left()) return "more facts than bytes";
  rows.reserve(count, heap, there.data());
  rows.extend(count);
  if (!unpack_cells<int64_t>(in, kNullInt, kLeastTimeBytes, {rows.own_times(), count})) {
    return "times that are none";
  }
  for (size_t c = 0; c < columns.size(); ++c) {
    if (there[c] == 0) continue;
    const int column = static_cast<int>(c);
    const char* wrong = columns[c].cell == CellType::kText ? take_texts(in, column, rows)
                                                           : take_column(in, column, rows);
    if (wrong != nullptr) return wrong;
  }
  if (rows.heap_used() != heap) return "texts that are shorter than they say";
  writer_->count_loaded(rows);
  return nullptr;
}

const char* LogLoader::take_texts(BookByteReader& in, int c, EventRows& rows) {
  const size_t count = rows.size();
  const bool nullable =
      log_->layout->columns[static_cast<size_t>(c)].nullable && c != log_->layout->key;
  std::vector<uint32_t> sizes(count);
  if (!unpack_cells<uint32_t>(in, TextCell::kNull, 0, sizes)) return "sizes of texts that are none";
  for (size_t i = 0; i < count; ++i) {
    if (sizes[i] == TextCell::kNull) {
      if (!nullable) return "a null where a value is needed";
      rows.set_null(c, i);
      continue;
    }
    if (sizes[i] > kMaxTextBytes) return "a text of more than 65,535 bytes";
    const std::string_view text = in.take_bytes(sizes[i]);
    if (!in.sound()) return "texts that end too early";
    if (!is_utf8(text)) return "a text that is no UTF-8";
    if (TextCell::heap_bytes(text.size()) > rows.heap_bytes() - rows.heap_used()) {
      return "texts that are longer than they say";
    }
    rows.set_text(c, i, text.empty() ? std::string_view("", 0) : text);
  }
  return nullptr;
}

const char* LogLoader::take_column(BookByteReader& in, int c, EventRows& rows) {
  const CellColumn& column = log_->layout->columns[static_cast<size_t>(c)];
  const bool nullable = column.nullable && c != log_->layout->key;
  const size_t count = rows.size();
  const uint64_t codes =
      column.values.empty() ? log_->texts[static_cast<size_t>(c)].size() : column.values.size();
  const uint64_t customers = ids_->size();
  return with_cell_type(column.cell, [&](auto null) -> const char* {
    using T = decltype(null);
    T* cells = rows.own_cells<T>(c);
    if (!unpack_cells<T>(in, null, 0, {cells, count})) return "cells that are none of the column";
    bool good = true;
    bool nulls = false;
    for (size_t i = 0; i < count; ++i) {
      const T cell = cells[i];
      if (cell == null) {
        nulls = true;
      } else if (column.cell == CellType::kByte) {
        good &= cell <= 1;
      } else if (column.cell == CellType::kCode) {
        good &= static_cast<uint64_t>(cell) < codes;
      } else if (column.cell == CellType::kCustomer) {
        good &= static_cast<uint64_t>(cell) < customers;
      } else if (column.cell == CellType::kDouble) {
        good &= std::isfinite(std::bit_cast<double>(static_cast<uint64_t>(cell)));
      } else {
        good &= check_int_cell(column, static_cast<int64_t>(cell)) == nullptr;
      }
    }
    if (nulls && !nullable) return "a null where a value is needed";
    return good ? nullptr : "a value that the column cannot have";
  });
}

// Facts stand in order. Where a customer is gone to whom facts of one instant refer, their order
// was made when she was still there.
const char* LogLoader::check_log(const EventRows& rows, size_t begin, size_t end,
                                 const EventRows* before) const {
  const Micros* times = rows.times();
  const RowOrder order = log_->order(*ids_);
  if (times[begin] < kMinTime || times[end - 1] >= kEndTime) return "a time out of range";
  const auto sorted = [&](const EventRows& a, size_t i, size_t j) {
    if (a.times()[i] != times[j]) return a.times()[i] < times[j];
    if (log_->layout->attribute) return false;
    return order.compare(a, i, rows, j) <= 0 || ids_->any_erased();
  };
  bool good = before == nullptr || sorted(*before, before->size() - size_t{1}, begin);
  for (size_t i = begin + 1; i < end; ++i) good = good && sorted(rows, i - 1, i);
  return good ? nullptr : "facts that are not in order";
}

// No sum over a customer's events may leave int64.
const char* LogLoader::check_sums(const EventRows& rows, size_t begin, size_t end, bool more) {
  const std::vector<int>& summed = log_->layout->summed;
  if (!more) totals_.assign(summed.size(), 0);
  for (size_t s = 0; s < summed.size(); ++s) {
    const auto* cells = static_cast<const int64_t*>(rows.column(summed[s]));
    for (size_t i = begin; cells != nullptr && i < end; ++i) {
      if (cells[i] == kNullInt) continue;
      totals_[s] += magnitude(cells[i]);
      if (totals_[s] > static_cast<uint64_t>(INT64_MAX)) return "a sum that leaves int64";
    }
  }
  return nullptr;
}

}  // namespace patron::internal
