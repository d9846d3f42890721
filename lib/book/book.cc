#include "patron/book.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "lib/base/nearest.h"
#include "lib/base/utf8.h"
#include "lib/book/book_data.h"
#include "lib/book/event_feed.h"

namespace patron {
inline namespace v0 {

using internal::BookData;
using internal::LogState;
using internal::StreamLayout;

namespace {

Status unknown_stream(std::string_view name, const internal::LayoutData& layout) {
  std::vector<std::string_view> known;
  for (const StreamLayout& stream : layout.streams) known.push_back(stream.name);
  return {Code::kColumn, "there is no stream " + internal::quoted(name) +
                             internal::known_names(name, "streams", known)};
}

Status unknown_attribute(std::string_view name, const internal::LayoutData& layout) {
  std::vector<std::string_view> known{"customer", "time"};
  for (const StreamLayout& attribute : layout.attributes) known.push_back(attribute.name);
  return {Code::kColumn, "there is no attribute " + internal::quoted(name) +
                             internal::known_names(name, "columns", known)};
}

// What lies in the vectors goes, their memory stays for the next call.
void clear(BookReport& report) {
  report.rows = report.accepted = report.duplicates = report.corrected = report.deleted = 0;
  report.unknown = report.refused_rows = report.late = report.waiting = 0;
  report.refused.clear();
  report.effects.clear();
  report.late_rows.clear();
}

}  // namespace

uint32_t BookSnapshot::customers() const { return state_->customers; }

Book::Book(BookLayout layout, BookOptions options)
    : data_(std::make_unique<BookData>(std::move(layout), options)) {}
Book::Book(std::unique_ptr<BookData> data) : data_(std::move(data)) {}
Book::~Book() = default;
Book::Book(Book&&) noexcept = default;
Book& Book::operator=(Book&&) noexcept = default;

const BookLayout& Book::layout() const { return data_->layout; }

Status Book::add(std::string_view stream, const Table& events, const AddOptions& options,
                 BookReport* report) {
  clear(*report);
  const int s = data_->layout.find_stream(stream);
  if (s < 0) return unknown_stream(stream, data_->layout.data());
  if (data_->add_table(s, events, options, *report)) return {};
  internal::StagedBatch& staged = data_->stage(0, s, false);
  Status status = internal::read_batch(events, *staged.log->layout, data_->layout.data(),
                                       data_->options.refuse_after, staged.batch, *report);
  if (!status.ok()) return status;
  return data_->add_staged(1, options, *report);
}

Status Book::add(int stream, std::span<const BookEvent> events, const AddOptions& options,
                 BookReport* report) {
  clear(*report);
  if (stream < 0 || static_cast<size_t>(stream) >= data_->state.streams.size()) {
    return {Code::kColumn, "there is no stream number " + std::to_string(stream)};
  }
  if (events.size() == 1 && data_->add_one(stream, events[0], options, *report)) return {};
  internal::StagedBatch& staged = data_->stage(0, stream, false);
  Status status = internal::read_batch(events, *staged.log->layout, data_->layout.data(),
                                       data_->options.refuse_after, staged.batch, *report,
                                       staged.writer->known_words());
  if (!status.ok()) return status;
  return data_->add_staged(1, options, *report);
}

bool Book::read(int stream, const internal::EventFeed& events) {
  if (stream < 0 || static_cast<size_t>(stream) >= data_->state.streams.size()) return false;
  internal::StagedBatch& staged = data_->stage(0, stream, false);
  const Micros until = std::min(data_->options.refuse_after, kEndTime - 1);
  return events.read_clean({*staged.log->layout, data_->layout.data(), until, staged.batch,
                            staged.writer->known_words()});
}

Status Book::add_read(const AddOptions& options, BookReport* report) {
  clear(*report);
  report->rows = static_cast<int64_t>(data_->staged(0).batch.size());
  return data_->add_staged(1, options, *report);
}

uint32_t Book::add_one(int stream, const BookEvent& event) {
  if (stream < 0 || static_cast<size_t>(stream) >= data_->state.streams.size()) return kNoCustomer;
  return data_->add_one(stream, event);
}

void Book::keep_long_tails(bool long_tails) { data_->keep_long_tails(long_tails); }

Status Book::remove(std::string_view stream, const Table& keys, const AddOptions& options,
                    BookReport* report) {
  clear(*report);
  const int s = data_->layout.find_stream(stream);
  if (s < 0) return unknown_stream(stream, data_->layout.data());
  internal::StagedBatch& staged = data_->stage(0, s, false);
  const StreamLayout& layout = *staged.log->layout;
  if (layout.key < 0) {
    return {Code::kColumn, "stream " + internal::quoted(stream) +
                               " has no event keys, by which its events could be deleted"};
  }
  Status status = internal::read_keys(keys, layout, data_->layout.data(), staged.batch, *report);
  if (!status.ok()) return status;
  return data_->remove_staged(options, *report);
}

Status Book::set(const Table& values, const AddOptions& options, BookReport* report) {
  clear(*report);
  size_t count = 0;
  for (int i = 0; i < values.columns(); ++i) {
    const std::string& name = values.field(i).name;
    const int attribute = data_->layout.find_attribute(name);
    if (attribute < 0) {
      if (name == "customer" || name == "time") continue;
      return unknown_attribute(name, data_->layout.data());
    }
    internal::StagedBatch& staged = data_->stage(count++, attribute, true);
    Status status =
        internal::read_values(values, *staged.log->layout, data_->layout.data(), options,
                              data_->options.refuse_after, staged.batch, *report);
    if (!status.ok()) return status;
  }
  return data_->add_staged(count, options, *report);
}

Result<BookLink> Book::link(CustomerId first, CustomerId second, uint64_t token) {
  return data_->link(first, second, token);
}
Result<BookSplit> Book::unlink(CustomerId first, CustomerId second) {
  return data_->unlink(first, second);
}
Status Book::claim(const Table& keys, const AddOptions& options, BookReport* report) {
  clear(*report);
  return data_->add_claims(keys, options, *report);
}
Status Book::settle_keys(Micros now, uint64_t first_token, std::vector<BookKeyLink>* met) {
  met->clear();
  return data_->settle_keys(now, first_token, *met);
}
Micros Book::next_claim() const { return data_->keys.next_claim(); }
std::vector<std::pair<uint32_t, Micros>> Book::meetings_ahead(Micros now) const {
  return data_->keys.meetings_ahead(now, *data_->state.ids);
}
std::vector<uint32_t> Book::forget(CustomerId id) { return data_->forget(id); }
uint32_t Book::survivor(uint32_t row) const { return data_->state.survivor(row); }

uint32_t Book::find(CustomerId id) const { return data_->state.ids->find_own(id); }
CustomerId Book::id(uint32_t row) const { return data_->state.ids->id_own(row); }
uint32_t Book::customers() const { return data_->state.customers; }

Status Book::save(const BookSink& sink) const { return data_->save(sink); }

std::string Book::save() const {
  internal::WipedString bytes;  // only what is handed out stays
  // A sink that never refuses: there is nothing to report.
  (void)data_->save([&](std::string_view piece) {
    bytes.append(piece);
    return Status();
  });
  return std::string(bytes);
}

Result<Book> Book::load(BookLayout layout, std::string_view bytes, BookOptions options) {
  auto data = std::make_unique<BookData>(std::move(layout), options);
  if (Status status = data->load_saved(bytes); !status.ok()) return status;
  return Book(std::move(data));
}

std::string Book::state_hash() const { return data_->state_hash(); }

BookSnapshot Book::snapshot() {
  auto state = std::make_shared<const internal::BookState>(data_->state);
  ++data_->epoch;
  return BookSnapshot(std::move(state));
}

BookMemory Book::memory() const { return data_->memory(); }
BookFacts Book::facts() const { return data_->facts(); }

const internal::BookState& Book::state() const { return data_->state; }

}  // namespace v0
}  // namespace patron
