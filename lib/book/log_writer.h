// LogWriter: adds to, corrects and deletes from the logs of one stream.
//
// What a batch does has two halves. prepare() takes all the memory and may fail; until then the
// facts are as they were, wherever it stopped. file() changes the facts and cannot fail. tidy()
// brings pages in order afterwards; it may run out of memory without harm.
//
//   writer.prepare(batch, log, ids, epoch);
//   writer.file(batch, i, log, ids, found);   // for each row
//   writer.tidy(log, ids, epoch);
//
// Thread class: serial.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lib/base/id_map.h"
#include "lib/book/book_state.h"
#include "lib/book/event_batch.h"
#include "lib/book/event_probe.h"
#include "lib/book/fresh_pages.h"
#include "lib/book/key_index.h"
#include "lib/book/one_event.h"
#include "lib/book/sum_guard.h"
#include "lib/book/word_cache.h"

namespace patron::internal {

/// What became of a row.
enum class Filed : uint8_t { kNew, kDuplicate, kCorrected };

class LogWriter {
 public:
  LogWriter(const StreamLayout& layout, std::shared_ptr<Meter> meter);

  /// Before a batch: undo_codes() goes back to here.
  void begin(const LogState& log);
  /// The codes of the batch's enums; new texts are added to the log's, until undo_codes() takes
  /// them back. Takes the memory of columns that were read as codes.
  void resolve_codes(EventBatch& batch, LogState& log);
  void undo_codes(LogState& log);
  /// The same word by word, of a table that is read where it stands: words of a column of enums are
  /// looked for in words(), on any number of threads, and added one after the other; codes() is
  /// where sorted ones go.
  void open_words(size_t c, const LogState& log);
  const StringIdMap& words(size_t c) const { return code_maps_[c]->map; }
  uint32_t add_word(size_t c, std::string_view word, LogState& log);
  BatchVector<uint32_t>& codes(size_t c) { return codes_[c]; }
  /// Of each column, if it has enums at all: the words that it knows; null until it has some.
  std::span<const std::unique_ptr<WordCodes>> known_words() const { return code_maps_; }
  /// Gives back the memory of what it knows of a batch.
  void drop_codes();

  /// Keeps sums over a customer's events within int64.
  SumGuard& sums() { return sums_; }
  /// SumGuard::mark_large of a batch whose customers are known.
  bool mark_large(const EventBatch& batch, const LogState& log, std::vector<uint8_t>& marked,
                  std::vector<int>& column) const;

  /// Brings the rows of a batch whose customers and codes are known together by pages, and what it
  /// knows of them; ids and `source` are dropped. Gives the groups of pages; see page_sort.h. Cost:
  /// linear.
  struct PageGroups {
    std::vector<size_t> ends;
    uint32_t pages = 1;
  };
  PageGroups sort_by_page(EventBatch& batch);
  /// What became of a group. Not built: its rows go by prepare(), file() and tidy().
  struct BuiltGroup {
    bool built = false;
    Micros latest = kMinTime;  ///< the latest time of its facts
  };
  /// Makes the pages of groups of a batch that is sorted, on several threads: without prepare(),
  /// file() and tidy(). Of a group that is not built nothing is done. Where it fails, some pages
  /// are made.
  std::vector<BuiltGroup> build_pages(const EventBatch& batch, const PageGroups& groups,
                                      LogState& log, const CustomerIds& ids, uint64_t epoch,
                                      int threads);

  /// Empty pages for a table of the columns that `wanted` marks.
  std::unique_ptr<FreshPages> fresh_pages(std::vector<uint8_t> wanted, uint64_t epoch) const;
  /// What build_pages() does of a batch, of pages that its rows have been brought to. Groups that
  /// are not built come into the batch, which has no other rows, and `groups` gets their ends.
  std::vector<BuiltGroup> settle_pages(FreshPages& fresh, EventBatch& batch, PageGroups& groups,
                                       LogState& log, const CustomerIds& ids, int threads);

  /// Memory for the rows begin .. end - 1 of the batch, whose customers' rows are known, and for
  /// the other customer of a referral.
  void prepare(const EventBatch& batch, size_t begin, size_t end, LogState& log,
               const CustomerIds& ids, uint64_t epoch);
  /// Bytes that a batch takes at most, once it is filed, of whose customers so many are new: for
  /// its rows, and for room beside them.
  int64_t expected_bytes(const EventBatch& batch, const LogState& log, const CustomerIds& ids,
                         size_t newcomers) const;
  /// After prepare() failed.
  void abandon(LogState& log);

  /// Fetches what filing row `i` will need, while the rows before it are filed: first the page,
  /// then what it leads to.
  void prefetch_page(const EventBatch& batch, size_t i, const LogState& log) const;
  void prefetch(const EventBatch& batch, size_t i, const LogState& log) const;
  /// Files row `i`, of those that were prepared, with a customer; `old_time` is that of the fact
  /// that it corrects.
  Filed file(const EventBatch& batch, size_t i, uint32_t customer, LogState& log,
             const CustomerIds& ids, Micros& old_time);
  /// Files all rows that were prepared, where each of them is new and of one customer only: as
  /// file(), what follows each other in one page together. Else false, and nothing is done.
  bool file_new(const EventBatch& batch, size_t begin, size_t end, LogState& log);
  void tidy(LogState& log, const CustomerIds& ids, uint64_t epoch);

  /// The short way of an event that is good by itself; one_event.cc. Whether its sums stay small
  /// and its words are known: nothing more can be wrong with it.
  bool can_take(OneEvent& one);
  /// Memory for its row, whose customer is known: false where its key is known already. Strong
  /// guarantee.
  bool make_room(const OneEvent& one, uint32_t customer, LogState& log, const CustomerIds& ids,
                 uint64_t epoch);
  /// Files it and tidies up. Does not fail.
  void take(const OneEvent& one, uint32_t customer, LogState& log, const CustomerIds& ids,
            uint64_t epoch);

  /// Whether tails are merged later from now on: where nobody looks at the facts of one customer at
  /// a time, merging costs more than what is not in order.
  void keep_long_tails(bool long_tails) { long_tails_ = long_tails; }

  /// Merges all tails of pages that are the book's own; as tidy().
  void merge_all(LogState& log, const CustomerIds& ids, uint64_t epoch);

  /// The event of this key, taken out of the log; false where there is none. The page must have
  /// been prepared with own_for_erase().
  bool erase(const EventBatch& batch, size_t i, LogState& log, Micros& old_time);
  void own_for_erase(const EventBatch& batch, size_t i, LogState& log, uint64_t epoch);

  /// Brings facts that name one of these ids in order while the ids are still known. Where it
  /// fails, some of them are. Cost: linear in the pages.
  void order_naming(std::span<const uint32_t> named, LogState& log, const CustomerIds& ids,
                    uint64_t epoch);
  /// Memory for forget(). Strong guarantee.
  void own_for_forget(uint32_t customer, LogState& log, uint64_t epoch);
  /// Removes all facts of an id, every byte of them. Does not fail.
  void forget(uint32_t customer, LogState& log);

  /// Rows that were put into the log's pages without file().
  void count_loaded(const EventRows& rows);
  /// Indices of the keys of all long logs.
  void index_long_logs(const LogState& log);

  uint64_t rows() const { return rows_; }
  /// Back to an earlier number, where the log has been set back.
  void set_rows(uint64_t rows) { rows_ = rows; }
  size_t memory() const;
  /// Of that, the words of enums.
  size_t word_memory() const;

 private:
  enum class Where : uint8_t { kNowhere, kBase, kTail, kApart };
  struct Found {
    Where where = Where::kNowhere;
    uint32_t row = 0;
    size_t chunk = 0;
  };

  // A column that a batch gives: its cells, or its texts.
  struct Given {
    int c;
    CellType type;
    uint8_t width;  // of cells in the log
    const uint8_t* cells;
    const std::string_view* texts;
  };

  // A row of a batch, and the place that it has been given.
  struct NewRow {
    EventRows* tail;
    uint32_t row;
    uint32_t from;  // of the batch
  };

  static void fetch_base(const EventPage& page, uint32_t customer);
  void fetch_keys(const EventPage& page, uint32_t customer) const;
  bool find_repeats(const EventBatch& batch, size_t begin, size_t end, std::vector<uint32_t>& slots,
                    std::vector<uint8_t>& repeats) const;
  struct PageMaker;
  BuiltGroup build_group(const EventBatch& batch, size_t begin, size_t end, uint32_t first,
                         uint32_t count, LogState& log, const CustomerIds& ids, uint64_t epoch,
                         PageMaker& maker) const;
  void leave_rows(FreshPages& fresh, const std::vector<BuiltGroup>& built, EventBatch& batch,
                  PageGroups& groups);
  void own_corrected(const EventBatch& batch, size_t begin, size_t end, LogState& log,
                     uint64_t epoch);
  EventPage& own_page(LogState& log, uint32_t page, uint64_t epoch);
  Found find(const EventPage& page, uint32_t customer, const EventProbe& probe,
             uint32_t tail_end) const;
  bool find_apart(const LongLog& log, uint32_t customer, const EventProbe& probe,
                  Found& found) const;
  static const EventRows* rows_of(const EventPage& page, uint32_t local, const Found& found);
  void own_found(EventPage& page, uint32_t local, const Found& found, uint64_t epoch);
  void take_out(EventPage& page, uint32_t local, const Found& found);
  uint32_t append(const EventBatch& batch, size_t i, EventPage& page, uint32_t local);
  void append_run(const EventBatch& batch, size_t begin, size_t end, EventPage& page);
  void file_by_page(const EventBatch& batch, size_t begin, size_t end, LogState& log);
  void append_picked(const EventBatch& batch, std::span<const uint32_t> rows, EventPage& page);
  void write_new(const EventBatch& batch, std::span<const NewRow> rows) const;
  void list_columns(const EventBatch& batch);
  void fetch_end(const EventRows& tail, const uint8_t* locals) const;
  uint32_t code_of(size_t c, std::string_view word, LogState& log);
  void add_new_words(size_t c, const BatchColumn& column, LogState& log);
  void make_page_table(LogState& log, const CustomerIds& ids) const;
  void draw_seed();
  bool is_full(EventPage& page) const;
  bool find_room(const OneEvent& one, uint32_t customer, LogState& log, const CustomerIds& ids,
                 uint64_t epoch);
  void index_tail(const EventPage& page, uint32_t first_customer);
  uint64_t key_hash(const EventRows& rows, size_t row) const;

  const StreamLayout* layout_;
  std::shared_ptr<Meter> meter_;
  HashSeed seed_;
  bool seeded_ = false;
  bool long_tails_ = false;
  uint64_t rows_ = 0;
  SumGuard sums_;
  std::vector<size_t> enums_;                          ///< the columns that are enums
  std::vector<std::unique_ptr<WordCodes>> code_maps_;  ///< of each enum column, once it is used
  std::vector<BatchVector<uint32_t>> codes_;           ///< of the batch
  std::vector<uint32_t> codes_before_;
  std::vector<uint32_t> touched_;
  size_t first_ = 0;              ///< the first row that is prepared
  std::vector<uint8_t> repeats_;  ///< of each: who else may have her customer and key, or 0
  bool any_repeat_ = false;
  std::vector<uint32_t> slots_;
  std::vector<uint32_t> by_page_;  ///< the rows that are prepared, by pages; empty: as they came
  std::vector<uint8_t> wanted_;    ///< the columns that the batch gives, marked
  std::vector<Given> given_;       ///< and listed
  std::unordered_map<uint32_t, KeyIndex> indices_;  ///< of customers with long logs
};

}  // namespace patron::internal
