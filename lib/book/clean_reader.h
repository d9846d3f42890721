// CleanReader: events with nothing wrong in them, as nearly all are, read straight into a batch,
// whatever form a host has them in.
//
//   CleanReader<MyEvents> reader(events, into);   // both are kept by reference
//   if (!reader.read()) ...                       // nothing is read: read them one by one
//
// MyEvents can be copied, and has
//
//   size_t size() const;
//   bool sound(size_t i) const;              // it can be read, and has a value for each column
//   Micros time(size_t i) const;
//   int64_t number(size_t i) const;          // of its customer, where ids are numbers
//   std::string_view text(size_t i) const;   // where they are texts; data() null: none
//   const Cell* cells(size_t i) const;       // its values
//   void fetch(size_t i) const;              // brings what reading it looks at into the cache
//   static int known(const Cell& cell);      // 1; 0: null; else it cannot be read
//   static bool take(const Cell& cell, T& out);   // int64_t, double, bool, std::string_view
//
// A few events at a time are read a column at a time: they stay in the first cache from column to
// column, and what is to be known of a column is asked once for all of them.
//
// Thread class: serial.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "lib/book/event_batch.h"
#include "lib/book/word_cache.h"

namespace patron::internal {

/// A batch to read into, and what its rows are to be.
struct CleanInto {
  const StreamLayout& stream;
  const LayoutData& layout;
  Micros until;  ///< the last instant that is good
  EventBatch& batch;
  /// Of each column, or empty: the words that are known, if any are. Words of a column that has
  /// them are read as codes.
  std::span<const std::unique_ptr<WordCodes>> words;
};

template <typename Source>
class CleanReader {
 public:
  CleanReader(const Source& source, const CleanInto& into)
      : source_(source), to_(into), size_(source.size()) {}

  /// False, and the batch is empty, where there is something to be said of an event, and where they
  /// name customers in columns.
  bool read() {
    to_.batch.clear(to_.stream);
    if (to_.stream.referrer < 0 && read_all()) {
      to_.batch.marked.assign(size_, 0);
      return true;
    }
    to_.batch.clear(to_.stream);
    return false;
  }

 private:
  using Cell = std::remove_cvref_t<decltype(*std::declval<const Source&>().cells(0))>;
  // Events of a block; while one is read, the next is fetched.
  static constexpr size_t kBlock = 16;

  bool read_all() {
    to_.batch.times.resize(size_);
    const bool text = to_.layout.text_customers;
    text ? to_.batch.text_ids.resize(size_) : to_.batch.int_ids.resize(size_);
    fetch_block(0);
    for (begin_ = 0; begin_ < size_; begin_ += kBlock) {
      count_ = std::min(kBlock, size_ - begin_);
      fetch_block(begin_ + kBlock);
      if (!read_heads() || !(text ? read_texts() : read_numbers())) return false;
      for (size_t c = 0; c < to_.stream.columns.size(); ++c) {
        if (!read_column(c)) return false;
      }
    }
    return true;
  }

  // The events of the block that begins there, as far as there are any.
  void fetch_block(size_t begin) const {
    const Source source = source_;
    const size_t end = std::min(begin + kBlock, size_);
    for (size_t i = begin; i < end; ++i) source.fetch(i);
  }

  // What is asked of an event by itself. Stores may alias the members, for all that the compiler
  // knows: what the loop reads is copied first.
  bool read_heads() {
    const Source source = source_;
    Micros* const times = to_.batch.times.data() + begin_;
    const Cell** const cells = cells_.data();
    const size_t begin = begin_, count = count_;
    const Micros until = to_.until;
    bool good = true;
    for (size_t i = 0; i < count; ++i) {
      if (!source.sound(begin + i)) return false;
      cells[i] = source.cells(begin + i);
      const Micros time = source.time(begin + i);
      times[i] = time;
      good &= time >= kMinTime && time <= until;
    }
    return good;
  }

  bool read_numbers() {
    int64_t* ids = to_.batch.int_ids.data() + begin_;
    bool good = true;
    for (size_t i = 0; i < count_; ++i) {
      ids[i] = source_.number(begin_ + i);
      good &= ids[i] != kNullInt;
    }
    return good;
  }

  bool read_texts() {
    std::string_view* ids = to_.batch.text_ids.data() + begin_;
    for (size_t i = 0; i < count_; ++i) {
      ids[i] = source_.text(begin_ + i);
      if (ids[i].data() == nullptr || !is_text(ids[i])) return false;
    }
    return true;
  }

  static bool is_text(std::string_view text) {
    return text.size() <= kMaxTextBytes && is_utf8_word(text);
  }

  bool read_column(size_t c) {
    const CellColumn& column = to_.stream.columns[c];
    switch (column.cell) {
      case CellType::kInt:
        return read_whole(c, kNullInt);
      case CellType::kDay:
        return read_whole(c, kNullDay);
      case CellType::kBits:
        return read_whole(c, kNullBits);
      case CellType::kDouble:
        return read_fixed(c, std::numeric_limits<double>::quiet_NaN(),
                          [](const Cell& cell, double& out) {
                            return Source::take(cell, out) && std::isfinite(out);
                          });
      case CellType::kByte:
        return read_fixed(c, kNullByte, [](const Cell& cell, uint8_t& out) {
          bool flag = false;
          if (!Source::take(cell, flag)) return false;
          out = flag ? 1 : 0;
          return true;
        });
      case CellType::kCode:
        return can_code(c) ? read_codes(c) : read_words(c);
      case CellType::kText:
        return read_words(c);
      case CellType::kCustomer:
        break;
    }
    return false;
  }

  template <typename T>
  bool read_whole(size_t c, T null) {
    const CellColumn& column = to_.stream.columns[c];
    // Money and int64 have the whole range but the null.
    const bool is_wide = column.kind == Kind::kMoney || column.kind == Kind::kInt64;
    return read_fixed(c, null, [&column, is_wide](const Cell& cell, T& out) {
      int64_t number = 0;
      if (!Source::take(cell, number)) return false;
      out = static_cast<T>(number);
      return is_wide ? number != kNullInt : is_int_cell(column, number);
    });
  }

  bool read_words(size_t c) {
    const std::vector<std::string>& known = to_.stream.columns[c].values;
    return read_cells<std::string_view>(
        c, {},
        [&](const Cell& cell, std::string_view& out) {
          return Source::take(cell, out) && is_text(out) &&
                 (known.empty() || std::find(known.begin(), known.end(), out) != known.end());
        },
        [](BatchColumn & to) -> auto& { return to.texts; });
  }

  bool can_code(size_t c) const {
    return !to_.words.empty() && to_.words[c] != nullptr && size_ < BatchColumn::kNewWord &&
           to_.words[c]->map.size() < BatchColumn::kNewWord;
  }

  // Words that are known are good.
  bool read_codes(size_t c) {
    WordCodes& words = *to_.words[c];
    BatchColumn& to = to_.batch.columns[c];
    const bool any_word = to_.stream.columns[c].values.empty();
    const auto code_of = [&](const Cell& cell, uint32_t& out) {
      std::string_view text;
      if (!Source::take(cell, text) || text.size() > kMaxTextBytes) return false;
      out = words.find(text);
      if (out != kNoRow) return true;
      if (!any_word || !is_utf8_word(text)) return false;
      out = BatchColumn::kNewWord | static_cast<uint32_t>(to.new_words.size());
      to.new_words.push_back(text);
      return true;
    };
    if (!read_fixed(c, kNullEnum, code_of)) return false;
    to.coded = to.given;
    return true;
  }

  // Cells of fixed width.
  template <typename T, typename Take>
  bool read_fixed(size_t c, T null, const Take& take) {
    return read_cells<T>(
        c, null, take, [](BatchColumn & to) -> auto& { return to.cells; });
  }

  // The cells of a column of the block; `take` makes one of a value and says whether it could.
  // Whether all could, and nulls may be. A column stays empty until it has a value.
  template <typename T, typename Take, typename In>
  bool read_cells(size_t c, T null, const Take& take, const In& in) {
    BatchColumn& to = to_.batch.columns[c];
    const Cell* const* const rows = cells_.data();
    const size_t count = count_;
    bool any_null = false;
    if (!to.given) {
      any_null = begin_ > 0;
      if (all_null(c)) return may_be_null(c);
      start(to, in(to), null);
    }
    T* const out = reinterpret_cast<T*>(in(to).data()) + begin_;
    for (size_t i = 0; i < count; ++i) {
      const Cell& cell = rows[i][c];
      const int known = Source::known(cell);
      if (known == 0) {
        any_null = true;
        out[i] = null;
      } else if (known != 1 || !take(cell, out[i])) {
        return false;
      }
    }
    return !any_null || may_be_null(c);
  }

  bool may_be_null(size_t c) const {
    return to_.stream.columns[c].nullable && static_cast<int>(c) != to_.stream.key;
  }

  // In the block. Columns that a host never gives come here with each: of a whole block the loop
  // is unrolled.
  bool all_null(size_t c) const {
    const Cell* const* const rows = cells_.data();
    int known = 0;
    if (count_ == kBlock) {
      for (size_t i = 0; i < kBlock; ++i) known |= Source::known(rows[i][c]);
    } else {
      for (size_t i = 0, count = count_; i < count; ++i) known |= Source::known(rows[i][c]);
    }
    return known == 0;
  }

  // Nulls for the blocks before the first value of a column.
  template <typename T, typename Vector>
  void start(BatchColumn& to, Vector& cells, T null) {
    to.given = true;
    cells.resize(size_ * sizeof(T) / sizeof(cells[0]));
    std::fill_n(reinterpret_cast<T*>(cells.data()), begin_, null);
  }

  const Source& source_;
  const CleanInto& to_;
  size_t size_;
  size_t begin_ = 0, count_ = 0;             // the block that is read
  std::array<const Cell*, kBlock> cells_{};  // of its events
};

/// Events as C++ has them.
bool read_clean(std::span<const BookEvent> events, const CleanInto& into);

}  // namespace patron::internal
