// TextColumn: a column of texts as it grows page by page, each worker at places of its own, and as
// Arrow has it.
//
//   TextColumn column(rows, pages, in_runs);
//   column.put(page, block, places, store);         // of one page, by any thread
//   column.finish(out);                             // offsets and bytes
//
// Where the rows of a table nearly all follow each other as they do in the book, the texts of a run
// of them are written one behind the other, as they will lie, and the runs are brought together at
// the end; names stay codes until then. Else each row has a view of its own.
//
// Thread class: put() of different pages may run side by side, with a store for each thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "lib/base/buffer.h"
#include "lib/base/table_data.h"
#include "lib/engine/tables/table_places.h"
#include "lib/metrics/value_block.h"

namespace patron::internal {

/// Bytes that stay where they are.
class TextStore {
 public:
  /// Room for so many bytes, good until the next call; of these take() keeps the first.
  uint8_t* room(size_t bytes);
  void take(size_t bytes) { next_ += bytes, left_ -= bytes; }

 private:
  static constexpr size_t kFirst = size_t{1} << 16, kLargest = size_t{4} << 20;
  std::vector<Buffer> blocks_;
  uint8_t* next_ = nullptr;
  size_t left_ = 0;
};

class TextColumn {
 public:
  /// Throws std::bad_alloc, as does all that follows.
  TextColumn(size_t rows, size_t pages, bool in_runs);

  /// The texts of a page, or its sets with commas between the members; no bytes of what is unknown.
  /// The store and the block's names must outlive finish().
  void put(uint32_t page, const ValueBlock& block, const TablePlaces& places, TextStore& store);
  void finish(OwnedColumn& out);

 private:
  /// The texts of rows that follow each other.
  struct Run {
    const NameTable::Slot* slots = nullptr;  ///< of names
    const uint8_t* bytes = nullptr;          ///< of others
    size_t size = 0;
    size_t first = 0, rows = 0;  ///< of the table
  };
  /// Those of a page, which mostly is one.
  struct Runs {
    Run first;
    std::vector<Run> others;
  };
  void put_names(const ValueBlock& block, const TablePlaces& places, Run& run);
  void put_runs(const ValueBlock& block, const TablePlaces& places, TextStore& store, Runs& runs);
  void put_views(const ValueBlock& block, const TablePlaces& places, TextStore& store);
  void finish_runs(OwnedColumn& out);
  static void write_names(const Run& run, uint8_t* to, size_t before, int64_t* ends);
  static void write_texts(const Run& run, uint8_t* to, size_t before, int64_t* ends);

  /// In runs: behind each row where it ends within its run, or of a name its code and 1, or 0.
  Buffer offsets_;
  std::vector<Runs> runs_;  ///< in runs: of each page
  Buffer views_;            ///< else: of each row
};

/// Texts one behind the other, and where each ends.
void set_texts(std::span<const std::string_view> texts, OwnedColumn& out);

}  // namespace patron::internal
