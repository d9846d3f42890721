#include "lib/book/log_writer.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <map>
#include <new>

#include "lib/base/prefetch.h"

namespace patron::internal {
namespace {

// Rows whose memory is fetched ahead of their turn.
constexpr size_t kAhead = 8;
// Rows of each page that a batch touches, from which on they are brought together.
constexpr size_t kManyOfPage = 4;
// The rows of a long tail that is merged: as many as its base has, within these bounds.
constexpr uint32_t kShortestLongTail = 4 * kFullTail;
constexpr uint32_t kLongestTail = 4096;
// Why a row may not be new.
constexpr uint8_t kKnownInBatch = 1;
constexpr uint8_t kKnownBefore = 2;

// The rows of a tail that are a customer's, until one is found; whether one was.
template <typename Found>
bool for_each_row_of(const uint8_t* locals, uint32_t local, uint32_t end, const Found& found) {
  for (const uint8_t* at = locals; at < locals + end; ++at) {
    at = static_cast<const uint8_t*>(
        std::memchr(at, static_cast<int>(local), static_cast<size_t>(locals + end - at)));
    if (at == nullptr) return false;
    if (found(static_cast<uint32_t>(at - locals))) return true;
  }
  return false;
}

}  // namespace

LogWriter::LogWriter(const StreamLayout& layout, std::shared_ptr<Meter> meter)
    : layout_(&layout), meter_(std::move(meter)), sums_(layout) {
  for (size_t c = 0; c < layout.columns.size(); ++c) {
    if (layout.columns[c].cell == CellType::kCode) enums_.push_back(c);
  }
  // Ten thousand empty books are to be small: most logs have no enum.
  if (enums_.empty()) return;
  code_maps_.resize(layout.columns.size());
  codes_.resize(layout.columns.size());
  codes_before_.resize(layout.columns.size());
}

void LogWriter::begin(const LogState& log) {
  touched_.clear();
  for (const size_t c : enums_) codes_before_[c] = log.texts[c].size();
}

void LogWriter::open_words(size_t c, const LogState& log) {
  if (code_maps_[c] != nullptr) return;
  auto words = std::make_unique<WordCodes>();
  for (const std::string& value : layout_->columns[c].values) words->map.find_or_insert(value);
  for (uint32_t code = 0; code < log.texts[c].size(); ++code) {
    words->map.find_or_insert(log.texts[c].text(code));
  }
  code_maps_[c] = std::move(words);
}

uint32_t LogWriter::add_word(size_t c, std::string_view word, LogState& log) {
  log.texts[c].add(word);
  return code_maps_[c]->map.find_or_insert(word);
}

void LogWriter::resolve_codes(EventBatch& batch, LogState& log) {
  for (const size_t c : enums_) {
    BatchColumn& column = batch.columns[c];
    if (!column.given) continue;
    if (column.coded) {
      codes_[c].take_memory(column.cells);
      codes_[c].resize(batch.size());
      if (!column.new_words.empty()) add_new_words(c, column, log);
      continue;
    }
    open_words(c, log);
    codes_[c].resize(batch.size());
    const std::string_view* texts = column.texts.data();
    uint32_t* codes = codes_[c].data();
    for (size_t i = 0; i < batch.size(); ++i) {
      codes[i] = texts[i].data() == nullptr ? kNullEnum : code_of(c, texts[i], log);
    }
  }
}

uint32_t LogWriter::code_of(size_t c, std::string_view word, LogState& log) {
  const uint32_t known = code_maps_[c]->find(word);
  return known != kNoRow ? known : add_word(c, word, log);
}

// Of the rows that are left, in their order.
void LogWriter::add_new_words(size_t c, const BatchColumn& column, LogState& log) {
  for (uint32_t& code : codes_[c]) {
    if (code == kNullEnum || (code & BatchColumn::kNewWord) == 0) continue;
    code = code_of(c, column.new_words[code & ~BatchColumn::kNewWord], log);
  }
}

void LogWriter::undo_codes(LogState& log) {
  for (const size_t c : enums_) {
    if (!layout_->columns[c].values.empty()) continue;
    log.texts[c].truncate(codes_before_[c]);
    if (code_maps_[c] == nullptr) continue;
    code_maps_[c]->map.truncate(codes_before_[c]);
    code_maps_[c]->cache.clear();
  }
}

void LogWriter::drop_codes() {
  for (BatchVector<uint32_t>& codes : codes_) codes = {};
}

EventPage& LogWriter::own_page(LogState& log, uint32_t page, uint64_t epoch) {
  std::shared_ptr<EventPage>& at = log.pages[page];
  if (at == nullptr) {
    at = std::make_shared<EventPage>(*layout_, meter_, epoch);
  } else if (at->epoch != epoch) {
    at = at->copy(epoch);
  }
  return *at;
}

int64_t LogWriter::expected_bytes(const EventBatch& batch, const LogState& log,
                                  const CustomerIds& ids, size_t newcomers) const {
  size_t row = sizeof(Micros) + 1;
  size_t texts = 0, first = 0;  // first: what the first word of a column brings
  for (size_t c = 0; c < layout_->columns.size(); ++c) {
    if (!batch.columns[c].given) continue;
    row += layout_->columns[c].width;
    if (layout_->columns[c].cell == CellType::kCode && code_maps_[c] == nullptr) {
      first += sizeof(WordCache) + StringIdMap().memory_with(1, 1, 1);
    }
    if (layout_->columns[c].cell != CellType::kText) continue;
    for (const std::string_view text : batch.columns[c].texts) {
      texts += TextCell::heap_bytes(text.size());
    }
  }
  const size_t times = layout_->referrer >= 0 ? 2 : 1;  // how often a row stands somewhere
  // The rows of each page, of which those of newcomers begin behind the last customer.
  std::map<uint32_t, uint32_t> touched;
  for (size_t i = 0; i < batch.size(); ++i) {
    const uint32_t known =
        ids.text() ? ids.find_own({0, batch.text_ids[i]}) : ids.find_own({batch.int_ids[i], {}});
    ++touched[(known == kNoRow ? ids.size() : known) / kPageCustomers];
  }
  size_t room = 0;
  size_t pages = (ids.size() % kPageCustomers + newcomers) / kPageCustomers;  // behind that one
  for (const auto& [number, rows] : touched) {
    const EventPage* page = number < log.pages.size() ? log.pages[number].get() : nullptr;
    if (page == nullptr) {
      ++pages;
      continue;
    }
    const uint32_t wanted = page->tail.size() + rows;
    const uint32_t made = EventPage::tail_room(wanted, page->tail.capacity(), page->full);
    room += made - std::min(made, std::max(wanted, page->tail.capacity()));
    pages += wanted >= page->full && page->base == nullptr ? 1 : 0;
  }
  const size_t least = EventPage::tail_room(1, 0, kFullTail);
  const size_t rows = row * (batch.size() + room + pages * least) + texts;
  return static_cast<int64_t>(times * (rows + pages * (sizeof(EventPage) + sizeof(PageBase))) +
                              first);
}

void LogWriter::make_page_table(LogState& log, const CustomerIds& ids) const {
  const size_t pages = (ids.size() + kPageCustomers - 1) / kPageCustomers;
  if (log.pages.size() < pages) log.pages.resize(pages);
}

void LogWriter::list_columns(const EventBatch& batch) {
  wanted_.assign(layout_->columns.size(), 0);
  given_.clear();
  for (size_t c = 0; c < layout_->columns.size(); ++c) {
    const BatchColumn& from = batch.columns[c];
    wanted_[c] = from.given ? 1 : 0;
    if (wanted_[c] == 0) continue;
    const CellColumn& of = layout_->columns[c];
    const bool code = of.cell == CellType::kCode;
    const auto* cells =
        code ? reinterpret_cast<const uint8_t*>(codes_[c].data()) : from.cells.data();
    given_.push_back({static_cast<int>(c), of.cell, of.width, cells, from.texts.data()});
  }
}

void LogWriter::prepare(const EventBatch& batch, size_t begin, size_t end, LogState& log,
                        const CustomerIds& ids, uint64_t epoch) {
  touched_.clear();
  first_ = begin;
  any_repeat_ = false;
  if (begin == end) return;
  const bool keyed = layout_->key >= 0 || layout_->attribute;
  if (keyed) draw_seed();
  make_page_table(log, ids);
  list_columns(batch);
  bool texts = false;
  for (const Given& given : given_) texts |= given.type == CellType::kText;
  const bool pairs = layout_->referrer >= 0;
  touched_.reserve(std::min((end - begin) * (pairs ? 2 : 1), log.pages.size()));
  const auto count = [&](size_t i, uint32_t customer) {
    EventPage* found = log.pages[customer / kPageCustomers].get();
    const bool own = found != nullptr && found->epoch == epoch;
    EventPage& page = own ? *found : own_page(log, customer / kPageCustomers, epoch);
    if (page.pending++ == 0) {
      touched_.push_back(customer / kPageCustomers);
      page.tail_before = page.tail.size();
    }
    for (size_t c = 0; texts && c < layout_->columns.size(); ++c) {
      if (wanted_[c] == 0 || layout_->columns[c].cell != CellType::kText) continue;
      page.pending_heap += TextCell::heap_bytes(batch.columns[c].texts[i].size());
    }
  };
  const auto fetch = [&](size_t i) {
    if (i >= end) return;
    const EventPage* page = log.pages[batch.customers[i] / kPageCustomers].get();
    if (page != nullptr) page->fetch();
  };
  for (size_t i = begin; i < begin + 2 * kAhead; ++i) fetch(i);
  for (size_t i = begin; i < end; ++i) {
    fetch(i + 2 * kAhead);
    count(i, batch.customers[i]);
    if (pairs) count(i, batch.customer_cell(layout_->referrer, i));
  }
  for (size_t k = 0; k < touched_.size(); ++k) {
    if (k + kAhead < touched_.size()) log.pages[touched_[k + kAhead]]->tail.fetch_places();
    EventPage& own = *log.pages[touched_[k]];
    own.reserve_tail(own.tail.size() + own.pending, own.pending_heap, wanted_.data());
    fetch_end(own.tail, own.locals());
  }
  const bool many_of_page = !pairs && end - begin >= kManyOfPage * touched_.size();
  by_page_.resize(many_of_page ? end - begin : 0);
  if (!keyed) return;
  any_repeat_ = find_repeats(batch, begin, end, slots_, repeats_);
  own_corrected(batch, begin, end, log, epoch);
}

// Keys of one batch are looked for in a table of its rows, so that a key that is new there need
// only be looked for among the facts from before.
bool LogWriter::find_repeats(const EventBatch& batch, size_t begin, size_t end,
                             std::vector<uint32_t>& table, std::vector<uint8_t>& repeats) const {
  const size_t slots = std::bit_ceil((end - begin) * 2);
  table.assign(slots, kNoRow);
  repeats.assign(end - begin, 0);
  bool any = false;
  for (size_t i = begin; i < end; ++i) {
    const EventProbe probe(batch, i);
    size_t slot = (probe.hash(seed_) ^ hash_id(batch.customers[i], seed_)) & (slots - 1);
    for (; table[slot] != kNoRow; slot = (slot + 1) & (slots - 1)) {
      const size_t other = begin + table[slot];
      if (batch.customers[other] != batch.customers[i]) continue;
      if (!EventProbe(batch, other).same_key(probe)) continue;
      repeats[i - begin] = kKnownInBatch;
      any = true;
      break;
    }
    table[slot] = static_cast<uint32_t>(i - begin);
  }
  return any;
}

void LogWriter::fetch_base(const EventPage& page, uint32_t customer) {
  const PageBase* base = page.base.get();
  if (base == nullptr) return;
  const auto* rows = reinterpret_cast<const char*>(&base->rows);
  for (size_t at = 0; at < sizeof base->rows; at += 64) fetch_line(rows + at);
  fetch_line(&base->offsets[customer % kPageCustomers]);
}

// What find() compares: the keys of her facts in the base, and in the tail.
void LogWriter::fetch_keys(const EventPage& page, uint32_t customer) const {
  if (layout_->key < 0) return;
  const uint32_t local = customer % kPageCustomers;
  const size_t width = layout_->columns[static_cast<size_t>(layout_->key)].width;
  if (page.base != nullptr) {
    const auto* keys = static_cast<const uint8_t*>(page.base->rows.column(layout_->key));
    const size_t row = page.base->offsets[local];
    if (keys != nullptr) {
      fetch_line(keys + row * width);
      fetch_line(keys + row * width + 64);
    }
  }
  const auto* keys = static_cast<const uint8_t*>(page.tail.column(layout_->key));
  if (keys == nullptr || !page.in_tail(local)) return;
  for_each_row_of(page.locals(), local, page.tail_before, [&](uint32_t row) {
    fetch_line(keys + row * width);
    return false;
  });
}

// Facts that the batch may correct are erased from memory that is the book's own.
void LogWriter::own_corrected(const EventBatch& batch, size_t begin, size_t end, LogState& log,
                              uint64_t epoch) {
  const auto page_of = [&](size_t i) {
    return log.pages[batch.customers[i] / kPageCustomers].get();
  };
  for (size_t i = begin; i < end; ++i) {
    // Three steps ahead of each other: the base, where its columns are, the keys.
    if (i + 3 * kAhead < end) fetch_base(*page_of(i + 3 * kAhead), batch.customers[i + 3 * kAhead]);
    if (i + 2 * kAhead < end) {
      const EventPage& page = *page_of(i + 2 * kAhead);
      if (page.base != nullptr) page.base->rows.fetch_places();
      page.tail.fetch_places();
    }
    if (i + kAhead < end) fetch_keys(*page_of(i + kAhead), batch.customers[i + kAhead]);
    EventPage& page = *page_of(i);
    const Found found = find(page, batch.customers[i], EventProbe(batch, i), page.tail_before);
    if (found.where == Where::kNowhere) continue;
    repeats_[i - begin] |= kKnownBefore;
    any_repeat_ = true;
    own_found(page, batch.customers[i] % kPageCustomers, found, epoch);
  }
}

void LogWriter::prefetch_page(const EventBatch& batch, size_t i, const LogState& log) const {
  const EventPage* page = log.pages[batch.customers[i] / kPageCustomers].get();
  page->fetch();
}

void LogWriter::prefetch(const EventBatch& batch, size_t i, const LogState& log) const {
  const EventPage* page = log.pages[batch.customers[i] / kPageCustomers].get();
  fetch_end(page->tail, page->locals());
}

// Where the next row of a tail goes, which has room for it.
void LogWriter::fetch_end(const EventRows& tail, const uint8_t* locals) const {
  fetch_line_to_write(tail.times() + tail.size());
  fetch_line_to_write(locals + tail.size());
  for (const Given& given : given_) {
    const auto* cells = static_cast<const uint8_t*>(tail.column(given.c));
    fetch_line_to_write(cells + tail.size() * given.width);
  }
}

void LogWriter::abandon(LogState& log) {
  for (const uint32_t page : touched_) {
    log.pages[page]->pending = 0;
    log.pages[page]->pending_heap = 0;
  }
  touched_.clear();
}

LogWriter::Found LogWriter::find(const EventPage& page, uint32_t customer, const EventProbe& probe,
                                 uint32_t tail_end) const {
  const uint32_t local = customer % kPageCustomers;
  Found found;
  const uint32_t end = page.base_end(local);
  for (uint32_t row = page.base_begin(local); row < end; ++row) {
    if (probe.matches(page.base->rows, row)) return {Where::kBase, row, 0};
  }
  if (page.in_tail(local)) {
    const bool there = for_each_row_of(page.locals(), local, tail_end, [&](uint32_t row) {
      found.row = row;
      return probe.matches(page.tail, row);
    });
    if (there) return {Where::kTail, found.row, 0};
  }
  if (!page.apart.empty()) {
    const LongLog* log = page.long_log(local);
    if (log != nullptr && find_apart(*log, customer, probe, found)) return found;
  }
  return found;
}

bool LogWriter::find_apart(const LongLog& log, uint32_t customer, const EventProbe& probe,
                           Found& found) const {
  const auto look_at = [&](Micros time) {
    // Rows of one instant are in the order of their keys (RowOrder).
    const LongLog::Place place = log.partition_point([&](const EventRows& rows, size_t row) {
      return rows.times()[row] != time ? rows.times()[row] < time : probe.is_behind(rows, row);
    });
    if (place.chunk == log.chunks.size()) return false;
    const EventRows& rows = log.chunks[place.chunk]->rows;
    if (rows.times()[place.row] != time || !probe.matches(rows, place.row)) return false;
    found = {Where::kApart, static_cast<uint32_t>(place.row), place.chunk};
    return true;
  };
  if (probe.key < 0) return look_at(probe.time);
  const auto index = indices_.find(customer);
  if (index != indices_.end()) {
    return index->second.find(probe.hash(seed_), look_at);
  }
  for (size_t chunk = 0; chunk < log.chunks.size(); ++chunk) {
    const EventRows& rows = log.chunks[chunk]->rows;
    for (uint32_t row = 0; row < rows.size(); ++row) {
      if (!probe.matches(rows, row)) continue;
      found = {Where::kApart, row, chunk};
      return true;
    }
  }
  return false;
}

// Where it was found; null: nowhere.
const EventRows* LogWriter::rows_of(const EventPage& page, uint32_t local, const Found& found) {
  switch (found.where) {
    case Where::kBase:
      return &page.base->rows;
    case Where::kTail:
      return &page.tail;
    case Where::kApart:
      return &page.long_log(local)->chunks[found.chunk]->rows;
    case Where::kNowhere:
      break;
  }
  return nullptr;
}

bool LogWriter::mark_large(const EventBatch& batch, const LogState& log,
                           std::vector<uint8_t>& marked, std::vector<int>& column) const {
  const auto known = [&](size_t i) -> SumGuard::Known {
    const uint32_t customer = batch.customers[i];
    const EventPage* page = log.page_of(customer);
    if (page == nullptr) return {};
    const Found found = find(*page, customer, EventProbe(batch, i), page->tail.size());
    return {rows_of(*page, customer % kPageCustomers, found), found.row};
  };
  return sums_.mark_large(batch, log, known, marked, column);
}

void LogWriter::own_found(EventPage& page, uint32_t local, const Found& found, uint64_t epoch) {
  if (found.where == Where::kBase) page.own_base(epoch);
  if (found.where != Where::kApart) return;
  page.own_long_log(local, epoch);
  page.long_log(local)->own(found.chunk, epoch);
}

void LogWriter::take_out(EventPage& page, uint32_t local, const Found& found) {
  switch (found.where) {
    case Where::kBase:
      page.erase_base(local, found.row);
      break;
    case Where::kTail:
      page.erase_tail(found.row);
      break;
    case Where::kApart:
      page.long_log(local)->erase(found.chunk, found.row);
      break;
    case Where::kNowhere:
      return;
  }
  --rows_;
}

uint32_t LogWriter::append(const EventBatch& batch, size_t i, EventPage& page, uint32_t local) {
  EventRows& tail = page.tail;
  const uint32_t row = page.append_tail(local, batch.times[i], wanted_.data(), given_.size());
  for (const Given& given : given_) {
    switch (given.type) {
      case CellType::kInt:
      case CellType::kDouble:
      case CellType::kBits:
        tail.set_wide(given.c, row, reinterpret_cast<const uint64_t*>(given.cells)[i]);
        break;
      case CellType::kCode:
      case CellType::kDay:
        tail.set_narrow(given.c, row, reinterpret_cast<const uint32_t*>(given.cells)[i]);
        break;
      case CellType::kByte:
        tail.own_cells<uint8_t>(given.c)[row] = given.cells[i];
        break;
      case CellType::kCustomer:
        tail.set_narrow(given.c, row, batch.customer_cell(given.c, i));
        break;
      case CellType::kText: {
        const std::string_view text = given.texts[i];
        text.data() == nullptr ? tail.set_null(given.c, row) : tail.set_text(given.c, row, text);
      }
    }
  }
  ++rows_;
  return row;
}

Filed LogWriter::file(const EventBatch& batch, size_t i, uint32_t customer, LogState& log,
                      const CustomerIds& ids, Micros& old_time) {
  EventPage& page = *log.pages[customer / kPageCustomers];
  const uint32_t local = customer % kPageCustomers;
  const uint32_t row = append(batch, i, page, local);
  if (layout_->key < 0 && !layout_->attribute) return Filed::kNew;
  // prepare() has looked for it among the facts from before, and in the batch.
  if (repeats_[i - first_] == 0) return Filed::kNew;
  const Found found = find(page, customer, EventProbe(batch, i), row);
  if (found.where == Where::kNowhere) return Filed::kNew;
  const EventRows& rows = *rows_of(page, local, found);
  old_time = rows.times()[found.row];
  if (log.order(ids).compare(rows, found.row, page.tail, row) == 0) {
    page.erase_tail(row);
    --rows_;
    return Filed::kDuplicate;
  }
  take_out(page, local, found);
  return Filed::kCorrected;
}

void LogWriter::own_for_erase(const EventBatch& batch, size_t i, LogState& log, uint64_t epoch) {
  const uint32_t customer = batch.customers[i];
  if (customer == kNoCustomer || log.page_of(customer) == nullptr) return;
  EventPage& page = own_page(log, customer / kPageCustomers, epoch);
  own_found(page, customer % kPageCustomers,
            find(page, customer, EventProbe(batch, i), page.tail.size()), epoch);
}

bool LogWriter::erase(const EventBatch& batch, size_t i, LogState& log, Micros& old_time) {
  const uint32_t customer = batch.customers[i];
  if (customer == kNoCustomer || log.page_of(customer) == nullptr) return false;
  EventPage& page = *log.pages[customer / kPageCustomers];
  const uint32_t local = customer % kPageCustomers;
  const Found found = find(page, customer, EventProbe(batch, i), page.tail.size());
  if (found.where == Where::kNowhere) return false;
  old_time = rows_of(page, local, found)->times()[found.row];
  take_out(page, local, found);
  return true;
}

void LogWriter::order_naming(std::span<const uint32_t> named, LogState& log, const CustomerIds& ids,
                             uint64_t epoch) {
  const auto names_one = [&](const EventRows& rows, int column) {
    const auto* cells = static_cast<const uint32_t*>(rows.column(column));
    return cells != nullptr && std::any_of(cells, cells + rows.size(), [&](uint32_t cell) {
             return std::find(named.begin(), named.end(), cell) != named.end();
           });
  };
  const RowOrder order = log.order(ids);
  for (int c = 0; c < static_cast<int>(layout_->columns.size()); ++c) {
    if (layout_->columns[static_cast<size_t>(c)].cell != CellType::kCustomer) continue;
    for (uint32_t number = 0; number < log.pages.size(); ++number) {
      if (log.pages[number] == nullptr || !names_one(log.pages[number]->tail, c)) continue;
      EventPage& page = own_page(log, number, epoch);
      page.merge(order, epoch);
      index_tail(page, number * kPageCustomers);
    }
  }
}

void LogWriter::own_for_forget(uint32_t customer, LogState& log, uint64_t epoch) {
  if (log.page_of(customer) != nullptr)
    own_page(log, customer / kPageCustomers, epoch).own_base(epoch);
}

void LogWriter::forget(uint32_t customer, LogState& log) {
  if (log.page_of(customer) == nullptr) return;
  EventPage& page = *log.pages[customer / kPageCustomers];
  const uint32_t local = customer % kPageCustomers;
  while (page.base_end(local) > page.base_begin(local)) {
    page.erase_base(local, page.base_end(local) - 1);
    --rows_;
  }
  for (uint32_t row = page.tail.size(); row-- > 0;) {
    if (page.locals()[row] != local) continue;
    page.erase_tail(row);
    --rows_;
  }
  for (const EventPage::Apart& apart : page.apart) {
    if (apart.local == local) rows_ -= apart.log->size;
  }
  std::erase_if(page.apart, [&](const EventPage::Apart& apart) { return apart.local == local; });
  const auto index = indices_.find(customer);
  if (index == indices_.end()) return;
  index->second.wipe_all();
  indices_.erase(index);
}

uint64_t LogWriter::key_hash(const EventRows& rows, size_t row) const {
  const void* cells = rows.column(layout_->key);
  if (layout_->columns[static_cast<size_t>(layout_->key)].cell == CellType::kText) {
    const std::string_view text = rows.text(static_cast<const TextCell*>(cells)[row]);
    return hash_bytes(reinterpret_cast<const uint8_t*>(text.data()), text.size(), seed_);
  }
  return hash_id(static_cast<const int64_t*>(cells)[row], seed_);
}

void LogWriter::draw_seed() {
  if (!seeded_) seed_ = HashSeed::unpredictable();
  seeded_ = true;
}

void LogWriter::count_loaded(const EventRows& rows) {
  rows_ += rows.size();
  sums_.see(rows);
}

void LogWriter::index_long_logs(const LogState& log) {
  if (layout_->key < 0) return;
  draw_seed();
  for (size_t number = 0; number < log.pages.size(); ++number) {
    const EventPage* page = log.pages[number].get();
    if (page != nullptr && !page->apart.empty()) {
      index_tail(*page, static_cast<uint32_t>(number) * kPageCustomers);
    }
  }
}

// The keys of the tail's rows with long logs go into their indices; a long log that has none gets
// one.
void LogWriter::index_tail(const EventPage& page, uint32_t first_customer) {
  if (layout_->key < 0) return;
  std::vector<uint32_t> rows;
  for (const EventPage::Apart& apart : page.apart) {
    const uint32_t customer = first_customer + apart.local;
    auto found = indices_.find(customer);
    rows.clear();
    page.tail_rows(apart.local, rows);
    if (found == indices_.end() || found->second.worn()) {
      KeyIndex index;
      for (const std::shared_ptr<LogChunk>& chunk : apart.log->chunks) {
        for (uint32_t row = 0; row < chunk->rows.size(); ++row) {
          index.add(key_hash(chunk->rows, row), chunk->rows.times()[row]);
        }
      }
      found = indices_.insert_or_assign(customer, std::move(index)).first;
    }
    for (const uint32_t row : rows) {
      found->second.add(key_hash(page.tail, row), page.tail.times()[row]);
    }
  }
}

// Whether its tail is to be merged. A page that is to have a longer one learns it here, where its
// tail has become as long as others'.
bool LogWriter::is_full(EventPage& page) const {
  if (!page.tail_is_full()) return false;
  if (long_tails_) {
    const uint32_t wanted = std::clamp(page.base_rows(), kShortestLongTail, kLongestTail);
    page.full = std::max(page.full, wanted);
  }
  return page.tail_is_full();
}

void LogWriter::tidy(LogState& log, const CustomerIds& ids, uint64_t epoch) {
  const RowOrder order = log.order(ids);
  size_t to_do = 0;
  for (size_t k = 0; k < touched_.size(); ++k) {
    EventPage& page = *log.pages[touched_[k]];
    page.pending = 0;
    page.pending_heap = 0;
    if (!page.apart.empty() || is_full(page)) touched_[to_do++] = touched_[k];
  }
  touched_.resize(to_do);
  try {
    for (const uint32_t number : touched_) {
      EventPage& page = *log.pages[number];
      if (!page.apart.empty()) {
        index_tail(page, number * kPageCustomers);
        page.absorb(order, epoch);
      }
      if (!page.tail_is_full()) continue;
      const size_t before = page.apart.size();
      page.merge(order, epoch);
      if (page.apart.size() > before) index_tail(page, number * kPageCustomers);
    }
  } catch (const std::bad_alloc&) {
    // The facts are where they are; the next batch brings them in order.
  }
  touched_.clear();
}

void LogWriter::merge_all(LogState& log, const CustomerIds& ids, uint64_t epoch) {
  const RowOrder order = log.order(ids);
  try {
    for (uint32_t number = 0; number < log.pages.size(); ++number) {
      EventPage* page = log.pages[number].get();
      if (page == nullptr || page->epoch != epoch || page->tail.size() == 0) continue;
      page->merge(order, epoch);
      index_tail(*page, number * kPageCustomers);
    }
  } catch (const std::bad_alloc&) {
    // As in tidy().
  }
}

size_t LogWriter::memory() const {
  size_t bytes = 0;
  for (const auto& [customer, index] : indices_) bytes += index.memory();
  return bytes + word_memory();
}

size_t LogWriter::word_memory() const {
  size_t bytes = 0;
  for (const auto& words : code_maps_) {
    bytes += words == nullptr ? 0 : sizeof(WordCache) + words->map.memory();
  }
  return bytes;
}

}  // namespace patron::internal
