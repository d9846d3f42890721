#include "lib/book/book_data.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <set>
#include <string>
#include <utility>

#include "lib/base/parallel.h"
#include "lib/base/prefetch.h"
#include "lib/base/utf8.h"
#include "lib/book/key_forms.h"
#include "lib/book/referral_pages.h"

namespace patron::internal {
namespace {

// Rows that are filed together: few enough that what they touch stays in the cache.
// What follows them is sorted by pages first.
constexpr size_t kSlice = 4096;
constexpr size_t kMostInSlice = 4 * kSlice;
constexpr size_t kAhead = 12;

const char* referral_reason(ReferralVerdict verdict) {
  switch (verdict) {
    case ReferralVerdict::kSelf:
      return "refers herself";
    case ReferralVerdict::kOther:
      return "has another referrer";
    case ReferralVerdict::kCircle:
      return "closes a circle of referrals";
    default:
      return "";
  }
}

void mark(uint32_t customer, BookReport& report) {
  report.late_rows[customer / 64] |= uint64_t{1} << customer % 64;
}

// A bit for each of 64 customers whose rows begin at these offsets: whether she has any.
uint64_t bits_of(const uint32_t* offsets) {
  uint64_t bits = 0;
  for (uint32_t i = 0; i < 64; ++i) bits |= uint64_t{offsets[i] != offsets[i + 1]} << i;
  return bits;
}

}  // namespace

BookData::BookData(BookLayout of, BookOptions with)
    : layout(std::move(of)), options(with), keys(layout.spec().keys.size()) {
  const LayoutData& data = layout.data();
  state.layout = layout.shared();
  state.ids = std::make_shared<CustomerIds>(data.text_customers);
  state.streams.reserve(data.streams.size());
  streams.reserve(data.streams.size());
  for (const StreamLayout& stream : data.streams) {
    state.streams.emplace_back(stream);
    streams.emplace_back(stream, meter);
  }
  state.attributes.reserve(data.attributes.size());
  attributes.reserve(data.attributes.size());
  for (const StreamLayout& attribute : data.attributes) {
    state.attributes.emplace_back(attribute);
    attributes.emplace_back(attribute, meter);
  }
}

int64_t BookData::held() const {
  size_t words = 0;
  for (const LogWriter& writer : streams) words += writer.word_memory();
  for (const LogWriter& writer : attributes) words += writer.word_memory();
  return meter->bytes() + static_cast<int64_t>(words) +
         static_cast<int64_t>(state.ids->memory() + referrals.memory() +
                              (links_ == nullptr ? 0 : links_->memory()) + keys.memory());
}

void BookData::keep_long_tails(bool long_tails) {
  for (LogWriter& writer : streams) writer.keep_long_tails(long_tails);
}

StagedBatch& BookData::stage(size_t k, int stream, bool attribute) {
  if (staged_.size() <= k) staged_.resize(k + 1);
  StagedBatch& staged = staged_[k];
  const auto s = static_cast<size_t>(stream);
  staged.groups = {};
  staged.fresh.reset();
  staged.log = attribute ? &state.attributes[s] : &state.streams[s];
  staged.writer = attribute ? &attributes[s] : &streams[s];
  return staged;
}

Status BookData::resolve_customers(EventBatch& batch) {
  batch.customers.resize(batch.size());
  if (state.ids->text()) return state.ids->resolve(batch.text_ids, batch.customers);
  return state.ids->resolve(batch.int_ids, batch.customers);
}

// Ids in a column become rows, which stand in its cells as int64.
Status BookData::resolve_column(EventBatch& batch, size_t c) {
  BatchColumn& column = batch.columns[c];
  if (!column.given) return {};
  const size_t size = batch.size();
  WipedVector<int64_t> cells(size, int64_t{kNoCustomer});
  std::vector<uint8_t> there(size);
  WipedVector<int64_t> numbers;
  BatchVector<std::string_view> texts;
  for (size_t i = 0; i < size; ++i) {
    if (state.ids->text()) {
      there[i] = column.texts[i].data() != nullptr;
      if (there[i] != 0) texts.push_back(column.texts[i]);
      continue;
    }
    int64_t id = 0;
    std::memcpy(&id, column.cells.data() + i * sizeof id, sizeof id);
    there[i] = id != kNullInt;
    if (there[i] != 0) numbers.push_back(id);
  }
  std::vector<uint32_t> rows(std::max(numbers.size(), texts.size()));
  Status status =
      state.ids->text() ? state.ids->resolve(texts, rows) : state.ids->resolve(numbers, rows);
  if (!status.ok()) return status;
  size_t next = 0;
  for (size_t i = 0; i < size; ++i) {
    if (there[i] != 0) cells[i] = rows[next++];
  }
  column.cells.resize(size * sizeof(int64_t));
  if (size > 0) std::memcpy(column.cells.data(), cells.data(), column.cells.size());
  return {};
}

Status BookData::resolve_ids(EventBatch& batch) {
  if (Status status = resolve_customers(batch); !status.ok()) return status;
  for (size_t c = 0; c < batch.layout->columns.size(); ++c) {
    if (batch.layout->columns[c].cell != CellType::kCustomer) continue;
    if (Status status = resolve_column(batch, c); !status.ok()) return status;
  }
  return {};
}

// Who is to be judged has to have a row; and who is only named by what is refused is to leave none.
// So where one is refused, those that are left are resolved once more without them.
Status BookData::resolve_referrals(EventBatch& batch, BookReport& report) {
  const uint32_t before = state.ids->size();
  EventBatch judged = batch;
  if (Status status = resolve_ids(judged); !status.ok()) return status;
  const bool any = refuse_referrals(judged, report);
  if (!any || state.ids->size() == before) {
    if (any) judged.leave_out(marked_);
    batch = std::move(judged);
    return {};
  }
  take_referrals_back();
  state.ids->truncate(before);
  batch.leave_out(marked_);
  if (Status status = resolve_ids(batch); !status.ok()) return status;
  for (size_t i = 0; i < batch.size(); ++i) {
    referrals.add(batch.customers[i], batch.customer_cell(batch.layout->referrer, i));
    new_referrals_.push_back(batch.customers[i]);
  }
  return {};
}

// Marks the rows that are refused, or known; whether there are any. All others are in the forest.
bool BookData::refuse_referrals(const EventBatch& batch, BookReport& report) {
  referrals.reserve(state.ids->size());
  new_referrals_.reserve(batch.size());
  marked_.assign(batch.size(), 0);
  RefusalList refusals(report);
  bool any = false;
  for (size_t i = 0; i < batch.size(); ++i) {
    const uint32_t referrer = batch.customer_cell(batch.layout->referrer, i);
    const ReferralVerdict verdict = referrals.add(batch.customers[i], referrer);
    if (verdict == ReferralVerdict::kNew) {
      new_referrals_.push_back(batch.customers[i]);
      continue;
    }
    any = true;
    marked_[i] = 1;
    if (verdict == ReferralVerdict::kKnown) {
      ++report.duplicates;
    } else {
      refusals.add(batch.source_of(i), "referrer", referral_reason(verdict));
    }
  }
  return any;
}

void BookData::take_referrals_back() {
  for (const uint32_t referred : new_referrals_) referrals.remove(referred);
  new_referrals_.clear();
}

void BookData::refuse_sums(StagedBatch& staged, BookReport& report) {
  EventBatch& batch = staged.batch;
  if (batch.layout->summed.empty() ||
      staged.writer->sums().are_small(batch, staged.writer->rows())) {
    return;
  }
  marked_.assign(batch.size(), 0);
  std::vector<int> column(batch.size(), -1);
  if (!staged.writer->mark_large(batch, *staged.log, marked_, column)) return;
  RefusalList refusals(report);
  for (size_t i = 0; i < batch.size(); ++i) {
    if (marked_[i] == 0) continue;
    const std::string& name = batch.layout->columns[static_cast<size_t>(column[i])].name;
    refusals.add(batch.source_of(i), name,
                 "with this " + name + " a sum over the customer's events could overflow");
  }
  batch.leave_out(marked_);
}

// Nothing that was prepared is seen by anybody; ids and texts that only this call brought go.
void BookData::undo(size_t count, uint32_t customers) {
  in_order_ = 0;
  for (size_t k = 0; k < count; ++k) {
    staged_[k].writer->abandon(*staged_[k].log);
    staged_[k].writer->undo_codes(*staged_[k].log);
  }
  take_referrals_back();
  state.ids->truncate(customers);
}

void BookData::note(uint32_t customer, Micros time, bool corrected, const AddOptions& with,
                    BookReport& report) {
  std::vector<BookEffect>& effects = report.effects;
  if (time > with.clock) {
    effects.push_back({customer, time, time, false, corrected, with.quiet});
    return;
  }
  if (effect_of_[customer] != 0) {
    const uint32_t slot = effect_of_[customer] - 1;
    effects[slot].fact_time = std::min(effects[slot].fact_time, time);
    effects[slot].corrected |= corrected;
    return;
  }
  effects.push_back({customer, with.clock, time, true, corrected, with.quiet});
  effect_of_[customer] = static_cast<uint32_t>(effects.size());
}

// The next call has effects of its own.
void BookData::forget_effects(const BookReport& report) {
  for (const BookEffect& effect : report.effects) {
    if (effect.late) effect_of_[effect.customer] = 0;
  }
}

Links& BookData::own_links() {
  if (links_ == nullptr) {
    links_ = std::make_shared<Links>();
    links_epoch_ = epoch;
  } else if (links_epoch_ != epoch) {
    links_ = std::make_shared<Links>(*links_);
    links_epoch_ = epoch;
  }
  links_->reserve(state.ids->size());
  state.links = links_;
  return *links_;
}

Result<BookLink> BookData::link(CustomerId first, CustomerId second, uint64_t token) {
  for (const CustomerId& id : {first, second}) {
    const bool text = state.ids->text();
    if (text ? id.text.data() == nullptr || id.text.size() > kMaxTextBytes || !is_utf8(id.text)
             : id.number == kNullInt) {
      return Status(Code::kArgument, "a customer's id is null, too long or no UTF-8");
    }
  }
  const uint32_t before = state.ids->size();
  uint32_t rows[2] = {};
  try {
    const std::string_view texts[2] = {first.text, second.text};
    const int64_t numbers[2] = {first.number, second.number};
    Status status =
        state.ids->text() ? state.ids->resolve(texts, rows) : state.ids->resolve(numbers, rows);
    if (!status.ok()) return status;
    own_links();
    effect_of_.resize(state.ids->size());
  } catch (...) {
    state.ids->truncate(before);
    throw;
  }
  state.customers = state.ids->size();
  BookLink made;
  made.other = links_->survivor(rows[1]);
  made.done = links_->link(rows[0], rows[1], token);
  made.survivor = links_->survivor(rows[0]);
  if (made.done) keys.joined(made.survivor, made.other);
  return made;
}

Result<BookSplit> BookData::unlink(CustomerId first, CustomerId second) {
  const uint32_t a = state.ids->find_own(first);
  const uint32_t b = state.ids->find_own(second);
  const Status none(Code::kState, "no link was made between these two ids");
  if (a == kNoCustomer || b == kNoCustomer || !state.linked(a) || !state.linked(b)) return none;
  const std::optional<Links::Split> split = own_links().unlink(a, b);
  if (!split) return none;
  keys.parted(split->first, *links_);
  keys.parted(split->second, *links_);
  return BookSplit{split->first, split->second, split->token};
}

Status BookData::add_claims(const Table& table, const AddOptions& with, BookReport& report) {
  EventBatch batch;
  Status status =
      read_claims(table, layout.data(), with.clock, options.refuse_after, batch, report);
  if (!status.ok()) return status;
  const std::vector<BookKey>& declared = layout.spec().keys;
  RefusalList refusals(report);
  std::vector<KeyClaim> claims;
  std::vector<size_t> from;
  for (size_t i = 0; i < batch.size(); ++i) {
    for (size_t k = 0; k < declared.size(); ++k) {
      if (!batch.columns[k].given || batch.columns[k].texts[i].data() == nullptr) continue;
      std::optional<WipedText> value =
          normal_key(declared[k].form, batch.columns[k].texts[i], layout.spec().country_code);
      if (!value) {
        refusals.add(batch.source_of(i), declared[k].name,
                     declared[k].name + ": " +
                         key_reason(declared[k].form, batch.columns[k].texts[i],
                                    layout.spec().country_code));
        continue;
      }
      claims.push_back({batch.times[i], static_cast<uint32_t>(k), 0, *std::move(value)});
      from.push_back(i);
    }
  }
  const uint32_t before = state.ids->size();
  try {
    if (status = resolve_customers(batch); !status.ok()) return status;
    effect_of_.resize(state.ids->size());
    for (size_t c = 0; c < claims.size(); ++c) claims[c].row = batch.customers[from[c]];
    const auto count = static_cast<int64_t>(claims.size());
    const auto late = std::count_if(claims.begin(), claims.end(), [&](const KeyClaim& claim) {
      return claim.time <= with.clock;
    });
    keys.add(claims);
    report.accepted = count;
    report.late = late;
    report.waiting = count - late;
  } catch (...) {
    state.ids->truncate(before);
    throw;
  }
  state.customers = state.ids->size();
  return {};
}

Status BookData::settle_keys(Micros now, uint64_t first_token, std::vector<BookKeyLink>& met) {
  if (keys.waiting() == 0) return {};
  keys.settle(now, state.customers, *state.ids, own_links(), first_token, met);
  return {};
}

std::vector<uint32_t> BookData::forget(CustomerId id) {
  std::vector<uint32_t> rows;
  const uint32_t found = state.ids->find_own(id);
  if (found == kNoCustomer) return rows;
  if (state.linked(found)) {
    own_links().for_each(found, [&](uint32_t row) { rows.push_back(row); });
    std::sort(rows.begin(), rows.end());
  } else {
    rows.push_back(found);
  }
  std::set<uint32_t> erased(rows.begin(), rows.end()), values;
  for (const uint32_t row : rows) keys.values_of(row, values);
  for (size_t s = 0; s < streams.size(); ++s) {
    streams[s].order_naming(rows, state.streams[s], *state.ids, epoch);
  }
  for (const uint32_t row : rows) {
    for (size_t s = 0; s < streams.size(); ++s) {
      streams[s].own_for_forget(row, state.streams[s], epoch);
    }
    for (size_t a = 0; a < attributes.size(); ++a) {
      attributes[a].own_for_forget(row, state.attributes[a], epoch);
    }
  }
  // Everything that may fail has been done.
  for (const uint32_t row : rows) {
    for (size_t s = 0; s < streams.size(); ++s) streams[s].forget(row, state.streams[s]);
    for (size_t a = 0; a < attributes.size(); ++a) attributes[a].forget(row, state.attributes[a]);
    referrals.remove(row);
  }
  keys.forget(rows, values);
  if (links_ != nullptr) links_->dissolve(found);
  state.ids->erase(erased);
  staged_.clear();
  return rows;
}

void order_effects(std::vector<BookEffect>& effects) {
  const auto sooner = [](const BookEffect& a, const BookEffect& b) {
    return a.at != b.at ? a.at < b.at : a.customer < b.customer;
  };
  const auto late = [](const BookEffect& effect) { return effect.late; };
  auto waits = std::find_if_not(effects.begin(), effects.end(), late);
  const auto out_of_order = [&](const BookEffect& a, const BookEffect& b) {
    return b.late || !sooner(a, b);
  };
  if (std::adjacent_find(waits, effects.end(), out_of_order) == effects.end()) return;
  if (std::any_of(waits, effects.end(), late)) {
    waits = std::stable_partition(waits, effects.end(), late);
  }
  if (!std::is_sorted(waits, effects.end(), sooner)) std::sort(waits, effects.end(), sooner);
  const auto same = [](BookEffect& a, const BookEffect& b) {
    if (a.at != b.at || a.customer != b.customer) return false;
    a.corrected |= b.corrected;
    return true;
  };
  auto last = waits;
  for (auto next = waits; next != effects.end(); ++next) {
    if (next == last) continue;
    if (!same(*last, *next)) *++last = *next;
  }
  if (waits != effects.end()) effects.erase(last + 1, effects.end());
}

// Those whom a column of ids names.
void BookData::list_named(const EventBatch& batch, CustomerIds::Newcomers& out) const {
  for (size_t c = 0; c < batch.layout->columns.size(); ++c) {
    const BatchColumn& column = batch.columns[c];
    if (batch.layout->columns[c].cell != CellType::kCustomer || !column.given) continue;
    WipedVector<int64_t> numbers;
    WipedVector<std::string_view> texts;
    for (size_t i = 0; i < batch.size(); ++i) {
      if (state.ids->text()) {
        if (column.texts[i].data() != nullptr) texts.push_back(column.texts[i]);
        continue;
      }
      int64_t id = 0;
      std::memcpy(&id, column.cells.data() + i * sizeof id, sizeof id);
      if (id != kNullInt) numbers.push_back(id);
    }
    state.ids->list_new(numbers, out);
    state.ids->list_new(texts, out);
  }
}

// Before any memory is taken: what the staged batches need at most.
Status BookData::check_limit(size_t count) const {
  if (options.memory_limit <= 0) return {};
  CustomerIds::Newcomers newcomers;
  for (size_t k = 0; k < count; ++k) {
    const EventBatch& batch = staged_[k].batch;
    state.ids->list_new(batch.int_ids, newcomers);
    state.ids->list_new(batch.text_ids, newcomers);
    list_named(batch, newcomers);
  }
  auto more = static_cast<int64_t>(state.ids->memory_with(newcomers) - state.ids->memory());
  for (size_t k = 0; k < count; ++k) {
    more += staged_[k].writer->expected_bytes(staged_[k].batch, *staged_[k].log, *state.ids,
                                              newcomers.size());
  }
  if (held() + more <= options.memory_limit) return {};
  return {Code::kLimit, "the book holds " + std::to_string(held()) + " bytes and may hold " +
                            std::to_string(options.memory_limit) + "; this batch needs up to " +
                            std::to_string(more) + " more"};
}

Status BookData::resolve(size_t count, BookReport& report) {
  if (Status status = check_limit(count); !status.ok()) return status;
  size_t rows = 0;
  for (size_t k = 0; k < count; ++k) {
    EventBatch& batch = staged_[k].batch;
    const StreamLayout& stream = *batch.layout;
    Status status = stream.referrer >= 0 ? resolve_referrals(batch, report) : resolve_ids(batch);
    if (!status.ok()) return status;
    refuse_sums(staged_[k], report);
    rows += batch.size() * (stream.referrer >= 0 ? 2 : 1);
  }
  effect_of_.resize(state.ids->size());
  if (rows <= kSlice) report.effects.reserve(rows * 2);
  for (size_t k = 0; k < count; ++k) {
    staged_[k].writer->resolve_codes(staged_[k].batch, *staged_[k].log);
  }
  return {};
}

Status BookData::add_staged(size_t count, const AddOptions& with, BookReport& report) {
  const uint32_t before = state.ids->size();
  new_referrals_.clear();
  for (size_t k = 0; k < count; ++k) staged_[k].writer->begin(*staged_[k].log);
  try {
    if (Status status = resolve(count, report); !status.ok()) {
      undo(count, before);
      return status;
    }
    size_t rows = 0;
    for (size_t k = 0; k < count; ++k) rows += staged_[k].batch.size();
    if (rows <= kSlice) {
      file_whole(count, with, report);
    } else {
      file_in_slices(count, with, report);
    }
  } catch (...) {
    undo(count, before);
    throw;
  }
  finish(report);
  return {};
}

void BookData::finish(BookReport& report) {
  state.customers = state.ids->size();
  // None of them is late: nothing is to be forgotten, nothing to be put in order.
  if (std::exchange(in_order_, 0) == report.effects.size()) return;
  forget_effects(report);
  if (report.waiting > 0 || report.corrected > 0) order_effects(report.effects);
}

// All that may fail comes first.
void BookData::file_whole(size_t count, const AddOptions& with, BookReport& report) {
  for (size_t k = 0; k < count; ++k) {
    StagedBatch& staged = staged_[k];
    staged.writer->prepare(staged.batch, 0, staged.batch.size(), *staged.log, *state.ids, epoch);
  }
  for (size_t k = 0; k < count; ++k) {
    StagedBatch& staged = staged_[k];
    const EventBatch& batch = staged.batch;
    if (staged.writer->file_new(batch, 0, batch.size(), *staged.log)) {
      note_new(batch, 0, batch.size(), with, report);
    } else {
      file(staged, 0, batch.size(), with, report);
    }
    staged.writer->tidy(*staged.log, *state.ids, epoch);
  }
}

// What fails on the way is undone by going back to a copy of the logs, which shares their pages.
void BookData::file_in_slices(size_t count, const AddOptions& with, BookReport& report) {
  std::vector<LogState> saved;
  std::vector<uint64_t> rows;
  saved.reserve(count);
  rows.reserve(count);
  for (size_t k = 0; k < count; ++k) {
    saved.push_back(*staged_[k].log);
    rows.push_back(staged_[k].writer->rows());
  }
  ++epoch;
  try {
    for (size_t k = 0; k < count; ++k) file_sorted(staged_[k], with, report);
    for (size_t k = 0; k < count; ++k) {
      staged_[k].writer->merge_all(*staged_[k].log, *state.ids, epoch);
    }
  } catch (...) {
    for (size_t k = 0; k < count; ++k) {
      staged_[k].writer->abandon(*staged_[k].log);
      std::swap(*staged_[k].log, saved[k]);
      staged_[k].writer->set_rows(rows[k]);
    }
    forget_effects(report);
    throw;
  }
  // A batch that is so large may be the only one that ever is.
  for (size_t k = 0; k < count; ++k) staged_[k].writer->drop_codes();
  staged_.clear();
}

// Pages of customers who had no facts are made of theirs alone; all others are filed in slices.
void BookData::file_sorted(StagedBatch& staged, const AddOptions& with, BookReport& report) {
  LogWriter& writer = *staged.writer;
  const int threads = thread_count(with.threads);
  const std::unique_ptr<FreshPages> both_sides =
      staged.fresh != nullptr ? nullptr : referral_pages(staged.batch, writer, *staged.log, epoch);
  FreshPages* const fresh = both_sides != nullptr ? both_sides.get() : staged.fresh.get();
  if (fresh == nullptr && staged.groups.ends.empty()) {
    staged.groups = writer.sort_by_page(staged.batch);
  }
  const LogWriter::PageGroups& groups = staged.groups;
  const size_t rows = fresh == nullptr ? staged.batch.size() : fresh->rows_of_all();
  const int64_t accepted = report.accepted, late = report.late, waiting = report.waiting;
  const std::vector<LogWriter::BuiltGroup> built =
      fresh == nullptr
          ? writer.build_pages(staged.batch, groups, *staged.log, *state.ids, epoch, threads)
          : writer.settle_pages(*fresh, staged.batch, staged.groups, *staged.log, *state.ids,
                                threads);
  if (with.mark_late) {
    report.late_rows.resize((state.ids->size() + size_t{63}) / 64);
  } else {
    reserve_effects(std::min<size_t>(rows, state.ids->size()), report);
  }
  size_t begin = 0, end = 0;  // of what is still to be filed; of the group before
  for (size_t g = 0; g < groups.ends.size(); ++g) {
    const size_t from = std::exchange(end, groups.ends[g]);
    if (from == end && !built[g].built) continue;
    const auto first = static_cast<uint32_t>(g) * groups.pages;
    if (built[g].built) {
      file_slice(staged, begin, from, with, report);
      if (with.mark_late && built[g].latest <= with.clock) {
        mark_pages(*staged.log, first, groups.pages, report);
      } else {
        note_pages(*staged.log, first, groups.pages, with, report);
      }
      begin = end;
    } else if (end - begin > kSlice) {
      file_slice(staged, begin, end, with, report);
      begin = end;
    }
  }
  file_slice(staged, begin, end, with, report);
  if (both_sides == nullptr) return;
  // Each stands with two customers, and was counted twice.
  const auto halve = [](int64_t& now, int64_t before) { now -= (now - before) / 2; };
  halve(report.accepted, accepted);
  halve(report.late, late);
  halve(report.waiting, waiting);
}

void BookData::file_slice(StagedBatch& staged, size_t first, size_t last, const AddOptions& with,
                          BookReport& report) {
  for (size_t begin = first, end = first; begin < last; begin = end) {
    end = std::min(begin + kMostInSlice, last);
    reserve_effects((end - begin) * (staged.batch.layout->referrer >= 0 ? 4 : 2), report);
    staged.writer->prepare(staged.batch, begin, end, *staged.log, *state.ids, epoch);
    if (staged.writer->file_new(staged.batch, begin, end, *staged.log)) {
      note_new(staged.batch, begin, end, with, report);
    } else {
      file(staged, begin, end, with, report);
    }
    staged.writer->tidy(*staged.log, *state.ids, epoch);
  }
}

// Of pages that have just been made, the facts of a customer that are late have one effect, or are
// marked.
void BookData::note_pages(const LogState& log, uint32_t first, uint32_t count,
                          const AddOptions& with, BookReport& report) {
  for (uint32_t number = first; number < first + count && number < log.pages.size(); ++number) {
    if (log.pages[number] == nullptr) continue;
    const PageBase& base = *log.pages[number]->base;
    const Micros* times = base.rows.times();
    report.accepted += base.rows.size();
    for (uint32_t local = 0; local < kPageCustomers; ++local) {
      const Micros* const begin = times + base.offsets[local];
      const Micros* const end = times + base.offsets[local + size_t{1}];
      if (begin == end) continue;
      const uint32_t customer = number * kPageCustomers + local;
      const Micros* const waiting =
          end[-1] <= with.clock ? end : std::upper_bound(begin, end, with.clock);
      report.late += waiting - begin;
      report.waiting += end - waiting;
      const bool is_late = begin < waiting;
      if (is_late && with.mark_late) mark(customer, report);
      const bool is_listed = is_late && !with.mark_late;
      reserve_effects(static_cast<size_t>(end - waiting) + (is_listed ? 1 : 0), report);
      if (is_listed) note(customer, *begin, false, with, report);
      for (const Micros* at = waiting; at < end; ++at) note(customer, *at, false, with, report);
    }
  }
}

// The same of pages all of whose facts are late, where their customers are to be marked: without a
// look at a fact.
void BookData::mark_pages(const LogState& log, uint32_t first, uint32_t count, BookReport& report) {
  for (uint32_t number = first; number < first + count && number < log.pages.size(); ++number) {
    if (log.pages[number] == nullptr) continue;
    const PageBase& base = *log.pages[number]->base;
    report.accepted += base.rows.size();
    report.late += base.rows.size();
    for (uint32_t local = 0; local < kPageCustomers; local += 64) {
      const uint64_t bits = bits_of(base.offsets.data() + local);
      if (bits != 0) report.late_rows[(number * kPageCustomers + local) / 64] |= bits;
    }
  }
}

void BookData::reserve_effects(size_t more, BookReport& report) {
  std::vector<BookEffect>& effects = report.effects;
  if (effects.capacity() - effects.size() >= more) return;
  effects.reserve(std::max(effects.size() + more, effects.capacity() + effects.capacity() / 2));
}

// What file() does with rows that are all new, once they are filed. Nearly always all of them wait,
// each longer than the one before.
void BookData::note_new(const EventBatch& batch, size_t begin, size_t end, const AddOptions& with,
                        BookReport& report) {
  if (begin == end) return;
  report.accepted += static_cast<int64_t>(end - begin);
  const uint32_t* customers = batch.customers.data();
  const Micros* times = batch.times.data();
  const Micros clock = with.clock;
  const auto waits = [clock](Micros time) { return time > clock; };
  const bool ascend =
      std::adjacent_find(times + begin, times + end, std::greater_equal<>()) == times + end;
  if (ascend ? waits(times[begin]) : std::all_of(times + begin, times + end, waits)) {
    std::vector<BookEffect>& effects = report.effects;
    const bool follow = effects.empty() || effects.back().at < times[begin];
    if (ascend && follow && in_order_ == effects.size()) in_order_ += end - begin;
    report.waiting += static_cast<int64_t>(end - begin);
    effects.resize(effects.size() + end - begin);
    BookEffect* to = effects.data() + effects.size() - (end - begin);
    for (size_t i = begin; i < end; ++i) {
      *to++ = {customers[i], times[i], times[i], false, false, with.quiet};
    }
    return;
  }
  for (size_t i = begin; i < end; ++i) {
    const size_t ahead = i + kAhead;
    if (ahead < end && times[ahead] <= clock) {
      fetch_line_to_write(effect_of_.data() + customers[ahead]);
    }
    if (times[i] > clock) {
      ++report.waiting;
      report.effects.push_back({customers[i], times[i], times[i], false, false, with.quiet});
    } else {
      ++report.late;
      note(customers[i], times[i], false, with, report);
    }
  }
}

void BookData::file(StagedBatch& staged, size_t begin, size_t end, const AddOptions& with,
                    BookReport& report) {
  const EventBatch& batch = staged.batch;
  const int pair = batch.layout->referrer;
  for (size_t i = begin; i < end; ++i) {
    if (i + kAhead < end) {
      if (batch.times[i + kAhead] <= with.clock) {
        fetch_line_to_write(effect_of_.data() + batch.customers[i + kAhead]);
      }
      staged.writer->prefetch(batch, i + kAhead, *staged.log);
    }
    if (i + 2 * kAhead < end) staged.writer->prefetch_page(batch, i + 2 * kAhead, *staged.log);
    const Micros time = batch.times[i];
    Micros old = 0;
    const Filed filed =
        staged.writer->file(batch, i, batch.customers[i], *staged.log, *state.ids, old);
    if (filed == Filed::kDuplicate) {
      ++report.duplicates;
      continue;
    }
    const bool corrected = filed == Filed::kCorrected;
    ++(corrected ? report.corrected : report.accepted);
    ++(time > with.clock ? report.waiting : report.late);
    // What never took effect is put right before anybody saw it.
    const bool mends = corrected && old <= with.clock;
    note(batch.customers[i], time, mends, with, report);
    if (corrected && old != time) note(batch.customers[i], old, true, with, report);
    if (pair >= 0) {
      const uint32_t referrer = batch.customer_cell(pair, i);
      staged.writer->file(batch, i, referrer, *staged.log, *state.ids, old);
      note(referrer, time, false, with, report);
    }
  }
}

Status BookData::remove_staged(const AddOptions& with, BookReport& report) {
  EventBatch& batch = staged_[0].batch;
  LogState& log = *staged_[0].log;
  LogWriter& writer = *staged_[0].writer;
  batch.customers.resize(batch.size());
  for (size_t i = 0; i < batch.size(); ++i) {
    batch.customers[i] = state.ids->text() ? state.ids->find_own({0, batch.text_ids[i]})
                                           : state.ids->find_own({batch.int_ids[i], {}});
  }
  effect_of_.resize(state.ids->size());
  report.effects.reserve(batch.size());
  for (size_t i = 0; i < batch.size(); ++i) writer.own_for_erase(batch, i, log, epoch);
  for (size_t i = 0; i < batch.size(); ++i) {
    Micros old = 0;
    if (!writer.erase(batch, i, log, old)) {
      ++report.unknown;
      continue;
    }
    ++report.deleted;
    note(batch.customers[i], old, true, with, report);
  }
  forget_effects(report);
  order_effects(report.effects);
  return {};
}

}  // namespace patron::internal
