#include "lib/book/log_relayer.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "lib/base/utf8.h"
#include "lib/book/book_data.h"
#include "lib/book/saved/identities.h"
#include "lib/book/saved/layout_words.h"
#include "lib/book/saved/sections.h"

namespace patron {
namespace internal {
namespace {

bool same_kind(const CellColumn& a, const CellColumn& b) {
  return a.kind == b.kind && a.cell == b.cell && a.unit.scale == b.unit.scale &&
         a.unit.currency == b.unit.currency;
}

bool same_keys(const std::vector<BookKey>& a, const std::vector<BookKey>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const BookKey& x, const BookKey& y) {
    return x.name == y.name && x.form == y.form;
  });
}

// "int64", "money in EUR of scale 2"
std::string type_of(const CellColumn& column) {
  if (column.cell == CellType::kCustomer) return "ids of customers";
  if (column.kind != Kind::kMoney) return kind_name(column.kind);
  const MoneyUnit& unit = column.unit;
  const std::string in = unit.currency[0] == 0 ? "" : " in " + std::string(unit.currency.data(), 3);
  return "money" + in + " of scale " + std::to_string(unit.scale);
}

template <typename T>
std::string some(T count, const char* what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

}  // namespace

LogRelayer::LogRelayer(const BookState& own, const LogState& log, LogReader reader, LogState& into)
    : own_(own),
      log_(log),
      reader_(std::move(reader)),
      into_(into),
      columns_(log.layout->columns.size()),
      wanted_(into.layout->columns.size()) {
  for (size_t c = 0; c < columns_.size(); ++c) {
    const CellColumn& here = log.layout->columns[c];
    const int to = into.layout->find(here.name);
    if (to < 0 || !same_kind(here, into.layout->columns[static_cast<size_t>(to)])) continue;
    columns_[c].to = to;
    wanted_[static_cast<size_t>(to)] = 1;
    if (here.cell == CellType::kCode || here.cell == CellType::kBits) match_words(c);
  }
}

void LogRelayer::match_words(size_t column) {
  Column& out = columns_[column];
  const CellColumn& here = log_.layout->columns[column];
  const CellColumn& there = into_.layout->columns[static_cast<size_t>(out.to)];
  const auto place = [&](std::string_view word) {
    const auto found = std::find(there.values.begin(), there.values.end(), word);
    return found == there.values.end() ? -1 : static_cast<int>(found - there.values.begin());
  };
  out.same = here.values == there.values;
  if (here.cell == CellType::kBits) {
    for (const std::string& word : here.values) out.bits.push_back(place(word));
    return;
  }
  const EnumTexts& texts = log_.texts[column];
  if (out.same && here.values.empty()) {
    into_.texts[static_cast<size_t>(out.to)] = texts;
    return;
  }
  const size_t words = here.values.empty() ? texts.size() : here.values.size();
  for (uint32_t code = 0; code < words; ++code) {
    const std::string_view word = here.values.empty() ? texts.text(code) : here.values[code];
    if (there.values.empty()) {
      out.codes.push_back(into_.texts[static_cast<size_t>(out.to)].add(word));
    } else {
      const int found = place(word);
      out.codes.push_back(found < 0 ? kNullEnum : static_cast<uint32_t>(found));
    }
  }
}

template <typename Each>
void LogRelayer::for_each_run(uint32_t page, const Each& each) {
  if (page >= log_.pages.size() || log_.pages[page] == nullptr) return;
  for (uint32_t local = 0; local < kPageCustomers; ++local) {
    const uint32_t row = page * kPageCustomers + local;
    if (row >= own_.customers) return;
    for (const LogRun& run : reader_.read(row)) each(run, local);
  }
}

void LogRelayer::count(const LogRun& run, size_t column) {
  Column& out = columns_[column];
  const int c = static_cast<int>(column);
  const CellType cell = log_.layout->columns[column].cell;
  for (size_t i = 0; i < run.size; ++i) {
    if (run.null(c, i)) continue;
    ++out.values;
    bool home = out.to >= 0;
    if (home && !out.codes.empty()) {
      home = out.codes[run.cells<uint32_t>(c)[i]] != kNullEnum;
    } else if (home && cell == CellType::kBits && !out.same) {
      uint64_t set = run.cells<uint64_t>(c)[i];
      for (; set != 0; set &= set - 1)
        home = home && out.bits[static_cast<size_t>(std::countr_zero(set))] >= 0;
    }
    out.homeless += home ? 0 : 1;
  }
}

std::string LogRelayer::mistake() {
  int64_t rows = 0;
  for (uint32_t page = 0; page < log_.pages.size(); ++page) {
    for_each_run(page, [&](const LogRun& run, uint32_t) {
      rows += static_cast<int64_t>(run.size);
      for (size_t c = 0; c < columns_.size(); ++c) count(run, c);
    });
  }
  if (rows == 0) return {};
  const StreamLayout& here = *log_.layout;
  const StreamLayout& there = *into_.layout;
  const std::string what = (here.attribute ? "attribute " : "stream ") + quoted(here.name);
  const auto key_of = [](const StreamLayout& of) {
    return of.key < 0 ? std::string("none") : quoted(of.columns[static_cast<size_t>(of.key)].name);
  };
  if (key_of(here) != key_of(there)) {
    return what + " holds " + some(rows, "fact") + " with the event key " + key_of(here) +
           ", and would have " + key_of(there);
  }
  for (size_t c = 0; c < columns_.size(); ++c) {
    if (columns_[c].homeless == 0) continue;
    const std::string name =
        here.attribute ? what : "column " + quoted(here.columns[c].name) + " of " + what;
    const int to = there.find(here.columns[c].name);
    std::string why = " that would have no place; keep it in the policy, or take a new engine";
    if (columns_[c].to >= 0) {
      why = " that would not be among its values any more";
    } else if (to >= 0) {
      why = " of " + type_of(here.columns[c]) + ", and would be of " +
            type_of(there.columns[static_cast<size_t>(to)]) + "; that takes a new engine";
    }
    return name + " holds " + some(columns_[c].homeless, "value") + why;
  }
  for (size_t c = 0; c < there.columns.size(); ++c) {
    const bool needed = !there.columns[c].nullable || static_cast<int>(c) == there.key;
    int64_t values = 0;
    for (const Column& column : columns_) {
      if (column.to == static_cast<int>(c)) values = column.values;
    }
    if (needed && values < rows) {
      return "column " + quoted(there.columns[c].name) + " of " + what +
             " would need a value, and " + some(rows - values, "fact") + " would have none";
    }
  }
  return {};
}

size_t LogRelayer::long_bytes(const LogRun& run) const {
  size_t bytes = 0;
  for (size_t c = 0; c < columns_.size(); ++c) {
    const int column = static_cast<int>(c);
    if (log_.layout->columns[c].cell != CellType::kText || columns_[c].to < 0) continue;
    for (size_t i = 0; i < run.size; ++i) {
      if (!run.null(column, i)) bytes += TextCell::heap_bytes(run.text(column, i).size());
    }
  }
  return bytes;
}

void LogRelayer::copy(const LogRun& run, EventPage& page, uint32_t local) {
  for (size_t i = 0; i < run.size; ++i) {
    const uint32_t row = page.append_tail(local, run.times()[i]);
    for (size_t c = 0; c < columns_.size(); ++c) {
      const Column& column = columns_[c];
      const int from = static_cast<int>(c);
      if (column.to < 0 || run.null(from, i)) continue;
      const CellColumn& what = log_.layout->columns[c];
      if (what.cell == CellType::kText) {
        page.tail.set_text(column.to, row, run.text(from, i));
      } else if (!column.codes.empty()) {
        page.tail.set_narrow(column.to, row, column.codes[run.cells<uint32_t>(from)[i]]);
      } else if (what.cell == CellType::kBits && !column.same) {
        uint64_t bits = 0;
        for (uint64_t set = run.cells<uint64_t>(from)[i]; set != 0; set &= set - 1) {
          bits |= uint64_t{1} << column.bits[static_cast<size_t>(std::countr_zero(set))];
        }
        page.tail.set_wide(column.to, row, bits);
      } else {
        const auto* cells = static_cast<const char*>(run.rows->column(from));
        page.tail.set(column.to, row, cells + (run.begin + i) * what.width);
      }
    }
  }
}

void LogRelayer::run(LogWriter& writer, std::shared_ptr<Meter> meter, uint64_t epoch) {
  const RowOrder order = into_.order(*own_.ids);
  into_.pages.resize(log_.pages.size());
  for (uint32_t page = 0; page < log_.pages.size(); ++page) {
    uint32_t rows = 0;
    size_t heap = 0;
    for_each_run(page, [&](const LogRun& run, uint32_t) {
      rows += static_cast<uint32_t>(run.size);
      heap += long_bytes(run);
    });
    if (rows == 0) continue;
    auto made = std::make_shared<EventPage>(*into_.layout, meter, epoch);
    made->reserve_tail(rows, heap, wanted_.data());
    for_each_run(page, [&](const LogRun& run, uint32_t local) { copy(run, *made, local); });
    writer.count_loaded(made->tail);
    made->merge(order, epoch);
    into_.pages[page] = std::move(made);
  }
  writer.index_long_logs(into_);
}

// By the bytes in which they are saved.
const char* BookData::copy_identities(const BookData& from, bool with_keys) {
  std::string bytes;
  const BookSink sink = [&bytes](std::string_view piece) {
    bytes.append(piece);
    return Status();
  };
  const char* const failed = "its ids cannot be copied";
  SectionWriter out(sink);
  if (!out.begin().ok() || !save_customers(*from.state.ids, out).ok()) return failed;
  if (with_keys && !from.keys.save(out).ok()) return failed;
  if (!out.end().ok()) return failed;
  Result<SectionReader> reader = SectionReader::open(bytes);
  if (!reader.ok()) return failed;
  CustomerIds& ids = *state.ids;
  uint32_t all = 0;
  for (;;) {
    const Result<Section> section = reader->next();
    if (!section.ok()) return failed;
    BookByteReader in(section->payload);
    const char* wrong = nullptr;
    switch (section->tag) {
      case SectionTag::kCustomers:
        wrong = load_customers(in, kMaxRows, ids, all);
        break;
      case SectionTag::kKeyValues:
        wrong = keys.load_values(in, ids);
        break;
      case SectionTag::kKeyHolders:
        wrong = keys.load_holders(in, ids);
        break;
      case SectionTag::kKeyNewest:
        wrong = keys.load_newest(in, ids);
        break;
      case SectionTag::kClaims:
        wrong = keys.load_claims(in, ids);
        break;
      default:
        state.customers = ids.size();
        return with_keys ? keys.finish_loading(from.links_.get()) : nullptr;
    }
    if (wrong != nullptr) return wrong;
  }
}

Result<std::unique_ptr<BookData>> BookData::relaid(BookLayout next) const {
  const BookSpec& here = layout.spec();
  const BookSpec& there = next.spec();
  const auto wrong = [](const std::string& what) {
    return Status(Code::kDocument, "the book cannot take this layout: " + what);
  };
  if (here.customer != there.customer && state.customers > 0) {
    return wrong(std::string("ids of customers are ") + kind_name(here.customer) +
                 ", and would be " + kind_name(there.customer) + "; that takes a new engine");
  }
  auto out = std::make_unique<BookData>(std::move(next), options);
  if (state.customers == 0) return out;
  const bool with_keys = same_keys(here.keys, there.keys);
  if (!with_keys && !keys.state_lines(*state.ids).empty()) {
    return wrong("there are values of identity keys, which would be others");
  }
  if (const char* mistake = out->copy_identities(*this, with_keys); mistake != nullptr) {
    return wrong(mistake);
  }
  if (links_ != nullptr) {
    out->links_ = std::make_shared<Links>(*links_);
    out->links_epoch_ = out->epoch;
    out->state.links = out->links_;
  }
  out->effect_of_.resize(state.customers);
  BookState own = state;
  own.links = nullptr;
  for (const bool attribute : {false, true}) {
    const std::vector<LogState>& logs = attribute ? own.attributes : own.streams;
    std::vector<LogState>& into = attribute ? out->state.attributes : out->state.streams;
    std::vector<LogWriter>& writers = attribute ? out->attributes : out->streams;
    for (size_t l = 0; l < logs.size(); ++l) {
      LogReader reader = attribute ? LogReader::of_attribute(own, static_cast<int>(l))
                                   : LogReader(own, static_cast<int>(l));
      const std::string& name = logs[l].layout->name;
      const auto found = std::find_if(
          into.begin(), into.end(), [&](const LogState& log) { return log.layout->name == name; });
      if (found == into.end()) {
        const uint64_t facts = (attribute ? attributes : streams)[l].rows();
        if (facts == 0) continue;
        return wrong(std::string(attribute ? "attribute " : "stream ") + quoted(name) + " holds " +
                     some(facts, "fact") + ", and would be gone");
      }
      LogRelayer relay(own, logs[l], std::move(reader), *found);
      if (const std::string mistake = relay.mistake(); !mistake.empty()) return wrong(mistake);
      relay.run(writers[static_cast<size_t>(found - into.begin())], out->meter, out->epoch);
    }
  }
  if (const char* mistake = out->load_referrals(); mistake != nullptr) return wrong(mistake);
  return out;
}

}  // namespace internal

inline namespace v0 {

bool Book::has_layout(const BookLayout& layout) const {
  const auto mine = internal::words_of(data_->layout.spec());
  const auto other = internal::words_of(layout.spec());
  return std::equal(
      mine.begin(), mine.end(), other.begin(), other.end(),
      [](const auto& a, const auto& b) { return a.thing == b.thing && a.value == b.value; });
}

Result<Book> Book::relaid(BookLayout layout) const {
  Result<std::unique_ptr<internal::BookData>> data = data_->relaid(std::move(layout));
  if (!data.ok()) return std::move(data).status();
  return Book(*std::move(data));
}

}  // namespace v0
}  // namespace patron
