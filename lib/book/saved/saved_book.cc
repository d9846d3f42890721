// A book as bytes: Book::save and Book::load.
//
// The sections of sections.h, in the order of their tags:
//
//   layout   layout_words.h                      enums   attribute uint8, number uint32, column
//   customers, links   identities.h                      uint32, first uint32, count uint32, texts
//   events, attributes   number of the log uint32, blocks of log_pages.h
//   keys and claims    saved_keys.cc
#include <algorithm>
#include <optional>
#include <utility>

#include "lib/book/book_data.h"
#include "lib/book/saved/identities.h"
#include "lib/book/saved/layout_words.h"
#include "lib/book/saved/log_pages.h"
#include "lib/book/saved/sections.h"

namespace patron::internal {

Status BookData::save_enums(SectionWriter& out) const {
  for (const bool attribute : {false, true}) {
    const std::vector<LogState>& logs = attribute ? state.attributes : state.streams;
    for (size_t number = 0; number < logs.size(); ++number) {
      for (size_t column = 0; column < logs[number].texts.size(); ++column) {
        const EnumTexts& texts = logs[number].texts[column];
        if (texts.size() == 0) continue;
        std::vector<std::string_view> all;
        for (uint32_t code = 0; code < texts.size(); ++code) all.push_back(texts.text(code));
        BookByteWriter& body = out.body();
        body.put(static_cast<uint8_t>(attribute ? 1 : 0));
        body.put(static_cast<uint32_t>(number));
        body.put(static_cast<uint32_t>(column));
        body.put(texts.size());
        put_text_column(all, body);
        if (Status status = out.end_section(SectionTag::kEnums); !status.ok()) return status;
      }
    }
  }
  return {};
}

Status BookData::save_logs(SectionWriter& out) const {
  for (const bool attribute : {false, true}) {
    const std::vector<LogState>& logs = attribute ? state.attributes : state.streams;
    const SectionTag tag = attribute ? SectionTag::kAttributes : SectionTag::kEvents;
    for (size_t number = 0; number < logs.size(); ++number) {
      Status status = save_log(logs[number], *state.ids, tag, static_cast<uint32_t>(number), out);
      if (!status.ok()) return status;
    }
  }
  return {};
}

Status BookData::save(const BookSink& sink) const {
  SectionWriter out(sink);
  if (Status status = out.begin(); !status.ok()) return status;
  put_layout(layout.spec(), out.body());
  if (Status status = out.end_section(SectionTag::kLayout); !status.ok()) return status;
  if (Status status = save_customers(*state.ids, out); !status.ok()) return status;
  if (state.links != nullptr) {
    if (Status status = save_links(*state.links, out); !status.ok()) return status;
  }
  if (Status status = save_enums(out); !status.ok()) return status;
  if (Status status = save_logs(out); !status.ok()) return status;
  if (Status status = keys.save(out); !status.ok()) return status;
  return out.end();
}

// Loads section by section into an empty book.
class BookLoader {
 public:
  BookLoader(BookData& data, uint64_t most) : data_(&data), most_(most) {}

  /// What is wrong, or null.
  const char* take(const Section& section) {
    BookByteReader in(section.payload);
    const char* wrong = take_tag(section.tag, in);
    if (wrong != nullptr) return wrong;
    return in.done() ? nullptr : "bytes that belong to nothing";
  }
  const char* finish();

 private:
  const char* take_tag(SectionTag tag, BookByteReader& in) {
    BookState& state = data_->state;
    if (tag > SectionTag::kCustomers && state.ids->size() != customers_) {
      return "customers are missing before it";
    }
    switch (tag) {
      case SectionTag::kCustomers: {
        const char* wrong = load_customers(in, most_, *state.ids, customers_);
        state.customers = state.ids->size();
        return wrong;
      }
      case SectionTag::kLinks:
        return load_links(in, *state.ids, data_->own_links());
      case SectionTag::kEnums:
        return take_enums(in);
      case SectionTag::kEvents:
      case SectionTag::kAttributes:
        return take_log(tag == SectionTag::kAttributes, in);
      case SectionTag::kKeyValues:
        return data_->keys.load_values(in, *state.ids);
      case SectionTag::kKeyHolders:
        return data_->keys.load_holders(in, *state.ids);
      case SectionTag::kKeyNewest:
        return data_->keys.load_newest(in, *state.ids);
      case SectionTag::kClaims:
        return data_->keys.load_claims(in, *state.ids);
      case SectionTag::kLayout:
      case SectionTag::kEnd:
        break;
    }
    return "a second layout";
  }

  const char* take_enums(BookByteReader& in);
  const char* take_log(bool attribute, BookByteReader& in);

  BookData* data_;
  uint64_t most_;
  uint32_t customers_ = 0;
  std::optional<LogLoader> log_;
  int64_t number_ = -1;  ///< of the log that comes; attributes come behind all streams
};

const char* BookLoader::take_enums(BookByteReader& in) {
  const auto attribute = in.take<uint8_t>();
  const auto number = in.take<uint32_t>();
  const auto column = in.take<uint32_t>();
  const auto count = in.take<uint32_t>();
  BookState& state = data_->state;
  std::vector<LogState>& logs = attribute != 0 ? state.attributes : state.streams;
  if (!in.sound() || attribute > 1 || number >= logs.size() ||
      column >= logs[number].texts.size()) {
    return "texts of a column that is not there";
  }
  const CellColumn& cells = logs[number].layout->columns[column];
  EnumTexts& texts = logs[number].texts[column];
  if (cells.cell != CellType::kCode || !cells.values.empty() || texts.size() > 0 ||
      count > in.left()) {
    return "texts of a column that has none, or has them already";
  }
  std::vector<std::string_view> all(count);
  if (!take_text_column(in, kMaxTextBytes, all)) return "texts that are none";
  for (const std::string_view text : all) texts.add(text);
  std::sort(all.begin(), all.end());
  if (std::adjacent_find(all.begin(), all.end()) != all.end()) return "a text that comes twice";
  return nullptr;
}

const char* BookLoader::take_log(bool attribute, BookByteReader& in) {
  const auto number = in.take<uint32_t>();
  BookState& state = data_->state;
  std::vector<LogState>& logs = attribute ? state.attributes : state.streams;
  if (!in.sound() || number >= logs.size()) return "facts of a log that is not there";
  const int64_t at = number + (attribute ? static_cast<int64_t>(state.streams.size()) : 0);
  if (at < number_) return "facts that do not belong here";
  if (at > number_) {
    log_.emplace(logs[number], (attribute ? data_->attributes : data_->streams)[number], *state.ids,
                 data_->meter, data_->epoch);
    number_ = at;
  }
  return log_->take(in);
}

const char* BookLoader::finish() {
  if (data_->state.ids->size() != customers_) return "customers are missing";
  for (size_t s = 0; s < data_->streams.size(); ++s) {
    if (any_long_key_twice(data_->state.streams[s])) return "an event key that comes twice";
    data_->streams[s].index_long_logs(data_->state.streams[s]);
  }
  data_->effect_of_.resize(customers_);
  if (const char* wrong = data_->load_referrals(); wrong != nullptr) return wrong;
  return data_->keys.finish_loading(data_->links_.get());
}

namespace {

// Who was referred by whom stands in the facts of who was referred.
const char* add_referrals(const EventRows& rows, size_t begin, size_t end, uint32_t customer,
                          ReferralForest& forest) {
  const StreamLayout& layout = rows.layout();
  const auto* referred = static_cast<const uint32_t*>(rows.column(layout.referred));
  const auto* referrer = static_cast<const uint32_t*>(rows.column(layout.referrer));
  if (referred == nullptr || referrer == nullptr) return "a referral that names nobody";
  for (size_t i = begin; i < end; ++i) {
    if (referred[i] == kNoCustomer || referrer[i] == kNoCustomer) {
      return "a referral that names nobody";
    }
    if (referred[i] != customer) continue;
    if (forest.add(customer, referrer[i]) != ReferralVerdict::kNew) {
      return "a referral that cannot be";
    }
  }
  return nullptr;
}

}  // namespace

const char* BookData::load_referrals() {
  for (const LogState& log : state.streams) {
    if (log.layout->referrer < 0 || log.pages.empty()) continue;
    referrals.reserve(state.customers);
    for (size_t number = 0; number < log.pages.size(); ++number) {
      const EventPage* page = log.pages[number].get();
      if (page == nullptr) continue;
      const auto first = static_cast<uint32_t>(number) * kPageCustomers;
      for (uint32_t local = 0; page->base != nullptr && local < kPageCustomers; ++local) {
        if (page->base_begin(local) == page->base_end(local)) continue;
        const char* wrong = add_referrals(page->base->rows, page->base_begin(local),
                                          page->base_end(local), first + local, referrals);
        if (wrong != nullptr) return wrong;
      }
      for (const EventPage::Apart& apart : page->apart) {
        for (const std::shared_ptr<LogChunk>& chunk : apart.log->chunks) {
          const char* wrong =
              add_referrals(chunk->rows, 0, chunk->rows.size(), first + apart.local, referrals);
          if (wrong != nullptr) return wrong;
        }
      }
    }
  }
  return nullptr;
}

Status BookData::load_saved(std::string_view bytes) {
  Result<SectionReader> opened = SectionReader::open(bytes);
  if (!opened.ok()) return std::move(opened).status();
  SectionReader reader = *std::move(opened);
  Result<Section> section = reader.next();
  if (!section.ok()) return std::move(section).status();
  if (section->tag != SectionTag::kLayout) {
    return damaged(section->offset, "it does not begin with a layout");
  }
  Status same = check_layout(BookByteReader(section->payload), layout.spec(), section->offset);
  if (!same.ok()) return same;
  BookLoader loader(*this, bytes.size());
  for (;;) {
    section = reader.next();
    if (!section.ok()) return std::move(section).status();
    if (section->tag == SectionTag::kEnd) break;
    if (const char* wrong = loader.take(*section); wrong != nullptr) {
      return damaged(section->offset, wrong);
    }
    if (options.memory_limit > 0 && held() > options.memory_limit) {
      return {Code::kLimit, "the saved book takes more than the " +
                                std::to_string(options.memory_limit) + " bytes it may hold"};
    }
  }
  if (const char* wrong = loader.finish(); wrong != nullptr) {
    return damaged(section->offset, wrong);
  }
  return {};
}

}  // namespace patron::internal
