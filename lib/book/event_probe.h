// EventProbe: what a row's event key, or for an attribute its valid-from, is looked for by.
//
//   const EventProbe probe(batch, i);
//   probe.matches(page.tail, row);                  // the same key, or the same instant
//
// Thread class: pure.
#pragma once

#include <algorithm>
#include <cstring>
#include <string_view>
#include <variant>
#include <vector>

#include "lib/base/hash.h"
#include "lib/book/event_batch.h"
#include "lib/book/event_rows.h"

namespace patron::internal {

/// A text as a cell; of a long one its size and first bytes alone.
inline TextCell inline_cell(std::string_view text) {
  TextCell cell;
  cell.size = static_cast<uint32_t>(text.size());
  std::memcpy(cell.head, text.data(), std::min(text.size(), sizeof cell.head));
  if (!cell.is_long() && text.size() > sizeof cell.head) {
    std::memcpy(cell.tail, text.data() + sizeof cell.head, text.size() - sizeof cell.head);
  }
  return cell;
}

/// Size and first four bytes of a cell, in one word.
inline uint64_t cell_head(const TextCell& cell) {
  uint64_t word = 0;
  std::memcpy(&word, &cell, sizeof word);
  return word;
}

/// The text of a value that is one. Empty ones may have no address, which stands for null.
inline std::string_view text_of(const BookValue& value) {
  const std::string_view text = *std::get_if<std::string_view>(&value);
  return text.data() == nullptr ? std::string_view("") : text;
}

struct EventProbe {
  int key = -1;  ///< the column; -1: the time
  bool text = false;
  Micros time = 0;
  int64_t number = 0;
  TextCell cell;
  std::string_view long_text;

  EventProbe(const EventBatch& batch, size_t i) : key(batch.layout->key) {
    time = batch.times[i];
    if (key < 0) return;
    const BatchColumn& column = batch.columns[static_cast<size_t>(key)];
    text = batch.layout->columns[static_cast<size_t>(key)].cell == CellType::kText;
    if (text) {
      long_text = column.texts[i];
      cell = inline_cell(long_text);
    } else {
      std::memcpy(&number, column.cells.data() + i * sizeof number, sizeof number);
    }
  }

  /// Of an event with a key, which stands in the column `of`.
  EventProbe(const BookEvent& event, int of, const std::vector<CellColumn>& columns)
      : key(of), text(columns[static_cast<size_t>(of)].cell == CellType::kText), time(event.time) {
    const BookValue& value = event.values[static_cast<size_t>(of)];
    if (text) {
      long_text = text_of(value);
      cell = inline_cell(long_text);
    } else {
      number = *std::get_if<int64_t>(&value);
    }
  }

  uint64_t hash(const HashSeed& seed) const {
    if (key < 0) return hash_id(time, seed);
    if (!text) return hash_id(number, seed);
    return hash_bytes(reinterpret_cast<const uint8_t*>(long_text.data()), long_text.size(), seed);
  }
  bool same_key(const EventProbe& other) const {
    return key < 0 ? time == other.time
           : text  ? long_text == other.long_text
                   : number == other.number;
  }

  /// Whether a row of the same instant comes before it in RowOrder: by their keys, nulls first
  /// (kNullInt is the least number), texts by their bytes.
  bool is_behind(const EventRows& rows, size_t row) const {
    if (key < 0) return false;
    const void* cells = rows.column(key);
    if (cells == nullptr) return true;  // nulls come first
    if (!text) return static_cast<const int64_t*>(cells)[row] < number;
    return rows.null(key, row) || rows.text(key, row) < long_text;
  }
  bool matches(const EventRows& rows, size_t row) const {
    if (key < 0) return rows.times()[row] == time;
    const void* cells = rows.column(key);
    if (cells == nullptr) return false;
    if (!text) return static_cast<const int64_t*>(cells)[row] == number;
    const TextCell& other = static_cast<const TextCell*>(cells)[row];
    if (cell_head(other) != cell_head(cell)) return false;
    return cell.is_long() ? rows.text(other) == long_text
                          : std::memcmp(other.tail, cell.tail, sizeof cell.tail) == 0;
  }
};

}  // namespace patron::internal
