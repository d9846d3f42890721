// Pages of a log as they are saved and loaded: columns stay columns.
//
// A section holds blocks of one log. A block is the base of a page (256 customers back to back) or
// a piece of one customer's long log:
//
//   page uint32, kind uint8 (0 base, 1 long), customer in the page uint8, rows uint32
//   of a base: 256 packed counts; then a byte for each column, whether it is there; the bytes of
//   long texts uint64; packed times; packed cells of each column that is there, texts as packed
//   sizes and then their bytes
//
// Thread class: serial.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "lib/base/wiped.h"
#include "lib/book/book_state.h"
#include "lib/book/log_writer.h"
#include "lib/book/saved/bytes.h"
#include "lib/book/saved/sections.h"

namespace patron::internal {

/// Writes all pages of a log into sections that begin with its number.
Status save_log(const LogState& log, const CustomerIds& ids, SectionTag tag, uint32_t number,
                SectionWriter& out);

/// Event keys of one customer and log, which are unique. A few take no memory of their own.
class KeySet {
 public:
  KeySet() = default;
  KeySet(const KeySet&) = default;
  KeySet& operator=(const KeySet&) = default;
  ~KeySet() { wipe_bytes(few_.data(), sizeof few_); }
  void clear() {
    count_ = 0;
    many_.clear();
  }
  /// Adds the keys of rows, whose stream has some. They are kept by reference.
  void add(const EventRows& rows, size_t begin, size_t end);
  /// Whether one comes twice. Cost: n log n.
  bool any_twice();

 private:
  struct Key {
    uint64_t first = 0, last = 0;  ///< the number; or the size and the first bytes, and the last
    std::string_view text;         ///< of long ones
    bool operator<(const Key& other) const {
      if (first != other.first) return first < other.first;
      return last != other.last ? last < other.last : text < other.text;
    }
  };
  void push(const Key& key);

  static constexpr size_t kFew = 32;
  std::array<Key, kFew> few_;
  size_t count_ = 0;       ///< in few_
  WipedVector<Key> many_;  ///< all, where there are more
};

/// Whether a customer with a long log has an event key twice.
bool any_long_key_twice(const LogState& log);

/// Takes the blocks of one log, section after section.
class LogLoader {
 public:
  /// `ids` and the texts of the log's enums are complete.
  LogLoader(LogState& log, LogWriter& writer, const CustomerIds& ids, std::shared_ptr<Meter> meter,
            uint64_t epoch)
      : log_(&log), writer_(&writer), ids_(&ids), meter_(std::move(meter)), epoch_(epoch) {}
  /// What is wrong with the blocks of a section, or null.
  const char* take(BookByteReader& in);

 private:
  const char* take_block(BookByteReader& in);
  const char* take_base(BookByteReader& in, EventPage& page, uint32_t first, uint32_t rows);
  const char* take_piece(BookByteReader& in, EventPage& page, uint32_t local, uint32_t customer,
                         uint32_t rows);
  const char* take_rows(BookByteReader& in, uint32_t count, EventRows& rows);
  const char* take_column(BookByteReader& in, int c, EventRows& rows);
  const char* take_texts(BookByteReader& in, int c, EventRows& rows);
  const char* check_log(const EventRows& rows, size_t begin, size_t end,
                        const EventRows* before) const;
  const char* check_sums(const EventRows& rows, size_t begin, size_t end, bool more);

  LogState* log_;
  LogWriter* writer_;
  const CustomerIds* ids_;
  std::shared_ptr<Meter> meter_;
  uint64_t epoch_;
  int64_t page_ = -1;             ///< of the last block
  int64_t local_ = -1;            ///< the last long log of that page
  std::vector<uint64_t> totals_;  ///< of the long log, of each summed column
  KeySet keys_;                   ///< of one customer
};

}  // namespace patron::internal
