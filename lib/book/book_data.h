// BookData: what stands behind patron::Book. The state that readers see, and what only the one who
// writes needs: code maps, indices of keys, scratch.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "lib/book/book_state.h"
#include "lib/book/event_batch.h"
#include "lib/book/identity_keys.h"
#include "lib/book/log_writer.h"
#include "lib/book/meter.h"
#include "lib/book/referral_forest.h"
#include "patron/book.h"

namespace patron::internal {

class SectionWriter;
class BookLoader;
class TableScan;

/// Rows on their way into one log. What only depends on the row has been refused before.
struct StagedBatch {
  EventBatch batch;
  LogState* log = nullptr;
  LogWriter* writer = nullptr;
  LogWriter::PageGroups groups;       ///< of a batch that came sorted; else none
  std::unique_ptr<FreshPages> fresh;  ///< where the rows are instead of in the batch; else null
};

class BookData {
 public:
  BookData(BookLayout layout, BookOptions options);

  /// A batch for a stream or an attribute, the k-th of a call.
  StagedBatch& stage(size_t k, int stream, bool attribute);
  const StagedBatch& staged(size_t k) const { return staged_[k]; }
  /// Files the first `count` staged batches, all or none.
  Status add_staged(size_t count, const AddOptions& options, BookReport& report);
  /// Files a large table where it stands, without a batch that copies it: table_filing.cc. False,
  /// and nothing is done, where it has to go the way of a batch.
  bool add_table(int stream, const Table& events, const AddOptions& options, BookReport& report);
  /// Files an event of a stream by the short way of one_event.h, and gives its customer's row;
  /// kNoCustomer, and nothing is done, where it has to go the way of a batch. Strong guarantee.
  uint32_t add_one(int stream, const BookEvent& event);
  /// The same with a report; whether it was filed.
  bool add_one(int stream, const BookEvent& event, const AddOptions& options, BookReport& report);
  /// Book::keep_long_tails, of the streams.
  void keep_long_tails(bool long_tails);
  /// Deletes the events whose keys the first staged batch has.
  Status remove_staged(const AddOptions& options, BookReport& report);
  Result<BookLink> link(CustomerId first, CustomerId second, uint64_t token);
  Result<BookSplit> unlink(CustomerId first, CustomerId second);
  Status add_claims(const Table& keys, const AddOptions& options, BookReport& report);
  Status settle_keys(Micros now, uint64_t first_token, std::vector<BookKeyLink>& met);
  /// The rows that were hers; empty where there is no such customer.
  std::vector<uint32_t> forget(CustomerId id);
  /// Book::save and Book::load; loading goes into a book that is empty, and where it fails the
  /// book is none. saved/saved_book.cc.
  Status save(const BookSink& sink) const;
  Status load_saved(std::string_view bytes);
  /// Book::relaid; log_relayer.cc.
  Result<std::unique_ptr<BookData>> relaid(BookLayout next) const;
  /// Book::state_hash; saved/state_hash.cc.
  std::string state_hash() const;
  /// Links that no snapshot shares, with room for one more. Strong guarantee.
  Links& own_links();
  /// Bytes held, counted quickly; and by part. Cost: nothing; all pages.
  int64_t held() const;
  BookMemory memory() const;
  BookFacts facts() const;

  BookLayout layout;
  BookOptions options;
  std::shared_ptr<Meter> meter = std::make_shared<Meter>();
  BookState state;
  std::vector<LogWriter> streams, attributes;
  ReferralForest referrals;
  IdentityKeys keys;
  uint64_t epoch = 1;
  /// Tables of so many rows are filed from where they stand: what a batch of fewer takes is soon
  /// handed back.
  int64_t large_table = int64_t{1} << 16;

 private:
  friend class BookLoader;
  Status save_enums(SectionWriter& out) const;
  Status save_logs(SectionWriter& out) const;
  const char* load_referrals();
  const char* copy_identities(const BookData& from, bool with_keys);
  Status check_limit(size_t count) const;
  void list_named(const EventBatch& batch, CustomerIds::Newcomers& out) const;
  Status resolve(size_t count, BookReport& report);
  void file_whole(size_t count, const AddOptions& options, BookReport& report);
  void file_in_slices(size_t count, const AddOptions& options, BookReport& report);
  void file(StagedBatch& staged, size_t begin, size_t end, const AddOptions& options,
            BookReport& report);
  void file_sorted(StagedBatch& staged, const AddOptions& options, BookReport& report);
  void file_slice(StagedBatch& staged, size_t begin, size_t end, const AddOptions& options,
                  BookReport& report);
  void reserve_effects(size_t more, BookReport& report);
  void note_pages(const LogState& log, uint32_t first, uint32_t count, const AddOptions& options,
                  BookReport& report);
  static void mark_pages(const LogState& log, uint32_t first, uint32_t count, BookReport& report);
  void note_new(const EventBatch& batch, size_t begin, size_t end, const AddOptions& options,
                BookReport& report);
  bool sort_table(StagedBatch& staged, const Table& events, int threads);
  bool resolve_table(TableScan& scan, std::span<uint32_t> customers, int threads);
  void finish(BookReport& report);
  uint32_t add_customer(CustomerId id);
  Status resolve_customers(EventBatch& batch);
  Status resolve_column(EventBatch& batch, size_t c);
  Status resolve_ids(EventBatch& batch);
  Status resolve_referrals(EventBatch& batch, BookReport& report);
  bool refuse_referrals(const EventBatch& batch, BookReport& report);
  void take_referrals_back();
  void refuse_sums(StagedBatch& staged, BookReport& report);
  void undo(size_t count, uint32_t customers);
  void note(uint32_t customer, Micros time, bool corrected, const AddOptions& options,
            BookReport& report);
  void forget_effects(const BookReport& report);

  std::shared_ptr<Links> links_;  ///< the same as state.links
  uint64_t links_epoch_ = 0;
  std::vector<StagedBatch> staged_;
  std::vector<uint32_t> new_referrals_;
  /// How many of the call's effects, from the first on, are known to wait, each longer than the one
  /// before.
  size_t in_order_ = 0;
  std::vector<uint32_t> effect_of_;  ///< during a call: 1 + the late effect of a customer
  std::vector<uint8_t> marked_;
};

/// Brings the effects of facts that wait in (at, row) order, one for a customer and instant.
void order_effects(std::vector<BookEffect>& effects);

}  // namespace patron::internal
