// What a book holds, by value: Book::state_hash.
//
// Bytes of everything go through SHA-256, numbers little-endian, texts behind their length:
//
//   the layout, as layout_words.h has it
//   each customer's id in the order of ids, and of each stream and attribute her own facts by time;
//   those of one instant in the order of their bytes
//   each group of links, its links in the order of making, groups in the order of their bytes
//   lines of identity keys and claims, in the order of their bytes
//
// No row, code or order of arrival is among them. A customer who is forgotten is an empty mark.
#include <algorithm>
#include <map>

#include "lib/base/sha256.h"
#include "lib/book/book_data.h"
#include "lib/book/log_view.h"
#include "lib/book/saved/bytes.h"
#include "lib/book/saved/layout_words.h"

namespace patron::internal {
namespace {

constexpr size_t kPiece = size_t{1} << 16;

void put_id(const CustomerIds& ids, uint32_t row, BookByteWriter& out) {
  const bool gone = ids.erased(row);
  out.put(static_cast<uint8_t>(gone ? 0 : 1));
  if (gone) return;
  const CustomerId id = ids.id_own(row);
  ids.text() ? out.put_text(id.text) : out.put(id.number);
}

void put_cell(const LogRun& run, int c, size_t i, const RowOrder& order, const CustomerIds& ids,
              BookByteWriter& out) {
  const bool null = run.null(c, i);
  out.put(static_cast<uint8_t>(null ? 0 : 1));
  if (null) return;
  switch (run.rows->layout().columns[static_cast<size_t>(c)].cell) {
    case CellType::kByte:
      return out.put(run.cells<uint8_t>(c)[i]);
    case CellType::kDay:
      return out.put(run.cells<int32_t>(c)[i]);
    case CellType::kCode:
      return out.put_text(order.enum_text(c, run.cells<uint32_t>(c)[i]));
    case CellType::kCustomer:
      return put_id(ids, run.cells<uint32_t>(c)[i], out);
    case CellType::kInt:
      return out.put(run.cells<int64_t>(c)[i]);
    case CellType::kDouble:
      return out.put(run.cells<double>(c)[i]);
    case CellType::kBits:
      return out.put(run.cells<uint64_t>(c)[i]);
    case CellType::kText:
      return out.put_text(run.text(c, i));
  }
}

// The facts of one log, instant by instant.
class LogBytes {
 public:
  LogBytes(const LogState& log, const CustomerIds& ids)
      : order_(log.order(ids)),
        columns_(static_cast<int>(log.layout->columns.size())),
        ids_(&ids) {}

  void put(LogView view, BookByteWriter& out) {
    out.put(static_cast<uint64_t>(view.size()));
    for (const LogRun& run : view) {
      for (size_t i = 0; i < run.size; ++i) {
        if (!facts_.empty() && run.times()[i] != time_) flush(out);
        time_ = run.times()[i];
        BookByteWriter fact;
        fact.put(time_);
        for (int c = 0; c < columns_; ++c) put_cell(run, c, i, order_, *ids_, fact);
        facts_.push_back(std::move(fact.bytes));
      }
    }
    flush(out);
  }

 private:
  void flush(BookByteWriter& out) {
    std::sort(facts_.begin(), facts_.end());
    for (const WipedString& fact : facts_) out.bytes.append(fact);
    facts_.clear();
  }

  RowOrder order_;
  int columns_;
  const CustomerIds* ids_;
  Micros time_ = 0;
  WipedVector<WipedString> facts_;
};

void put_sorted(WipedVector<WipedString> lines, BookByteWriter& out) {
  std::sort(lines.begin(), lines.end());
  out.put(static_cast<uint64_t>(lines.size()));
  for (const WipedString& line : lines) out.put_text(line);
}

WipedVector<WipedString> link_lines(const BookState& state) {
  std::map<uint32_t, BookByteWriter> groups;
  if (state.links != nullptr) {
    state.links->for_each_link([&](uint32_t first, uint32_t second, uint64_t token) {
      BookByteWriter& group = groups[state.links->survivor(first)];
      put_id(*state.ids, first, group);
      put_id(*state.ids, second, group);
      group.put(token);
    });
  }
  WipedVector<WipedString> lines;
  for (auto& [survivor, group] : groups) lines.push_back(std::move(group.bytes));
  return lines;
}

}  // namespace

WipedVector<WipedString> IdentityKeys::state_lines(const CustomerIds& ids) const {
  // Of each value who holds it, and who would hold it after her.
  std::vector<std::vector<uint32_t>> holders(holder_.size());
  for (const Holding& holding : held_) {
    std::vector<uint32_t>& rows = holders[holding.value];
    if (std::find(rows.begin(), rows.end(), holding.row) == rows.end()) rows.push_back(holding.row);
  }
  WipedVector<WipedString> lines;
  for (uint32_t value = 0; value < holder_.size(); ++value) {
    if (values_.erased(value)) continue;
    BookByteWriter line;
    line.put('v');
    line.put_text(values_.id(value));
    put_id(ids, holder_[value], line);
    for (const uint32_t row : holders[value]) put_id(ids, row, line);
    lines.push_back(std::move(line.bytes));
  }
  for (uint32_t key = 0; key < own_.size(); ++key) {
    for (uint32_t row = 0; row < own_[key].size(); ++row) {
      if (own_[key][row].value == kNoRow) continue;
      BookByteWriter line;
      line.put('n');
      put_id(ids, row, line);
      line.put_text(values_.id(own_[key][row].value));
      line.put(own_[key][row].time);
      lines.push_back(std::move(line.bytes));
    }
  }
  for (const KeyClaim& claim : waiting_) {
    BookByteWriter line;
    line.put('c');
    line.put(claim.time);
    line.put(claim.key);
    put_id(ids, claim.row, line);
    line.put_text(claim.value.view());
    lines.push_back(std::move(line.bytes));
  }
  return lines;
}

std::string BookData::state_hash() const {
  Sha256 sum;
  BookByteWriter out;
  put_layout(layout.spec(), out);
  // Each id by itself: links come apart.
  BookState own = state;
  own.links = nullptr;
  std::vector<uint32_t> rows;
  for (uint32_t row = 0; row < state.customers; ++row) {
    if (!state.ids->erased(row)) rows.push_back(row);
  }
  std::sort(rows.begin(), rows.end(),
            [&](uint32_t a, uint32_t b) { return state.ids->compare_own(a, b) < 0; });
  std::vector<LogReader> readers;
  std::vector<LogBytes> logs;
  for (size_t s = 0; s < own.streams.size(); ++s) {
    readers.emplace_back(own, static_cast<int>(s));
    logs.emplace_back(own.streams[s], *own.ids);
  }
  for (size_t a = 0; a < own.attributes.size(); ++a) {
    readers.push_back(LogReader::of_attribute(own, static_cast<int>(a)));
    logs.emplace_back(own.attributes[a], *own.ids);
  }
  out.put(static_cast<uint64_t>(rows.size()));
  for (const uint32_t row : rows) {
    put_id(*state.ids, row, out);
    for (size_t k = 0; k < readers.size(); ++k) logs[k].put(readers[k].read(row), out);
    if (out.bytes.size() < kPiece) continue;
    sum.update(out.bytes);
    out.bytes.clear();
  }
  put_sorted(link_lines(state), out);
  put_sorted(keys.state_lines(*state.ids), out);
  sum.update(out.bytes);
  return sum.hex();
}

}  // namespace patron::internal
