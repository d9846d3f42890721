#include "lib/book/log_view.h"

#include <utility>

#include "lib/book/book_state.h"

namespace patron::internal {
namespace {

const LogState& log_of(const BookState& state, int stream, bool attribute) {
  return attribute ? state.attributes[static_cast<size_t>(stream)]
                   : state.streams[static_cast<size_t>(stream)];
}

struct RowRef {
  const EventRows* rows;
  size_t row;
};

}  // namespace

size_t LogView::size() const {
  size_t rows = 0;
  for (const LogRun& run : runs_) rows += run.size;
  return rows;
}

LogView LogView::until(Micros now) {
  size_t runs = runs_.size();
  if (runs > 0 && runs_[runs - 1].times()[runs_[runs - 1].size - 1] <= now) return *this;
  const auto behind = std::partition_point(
      runs_.begin(), runs_.end(), [&](const LogRun& run) { return run.times()[0] <= now; });
  runs = static_cast<size_t>(behind - runs_.begin());
  if (runs > 0) {
    LogRun& last = runs_[runs - 1];
    last.size = static_cast<size_t>(std::upper_bound(last.times(), last.times() + last.size, now) -
                                    last.times());
  }
  return LogView(runs_.first(runs));
}

LogView LogView::from(Micros start) {
  const auto first = std::partition_point(runs_.begin(), runs_.end(), [&](const LogRun& run) {
    return run.times()[run.size - 1] < start;
  });
  const std::span<LogRun> rest = runs_.subspan(static_cast<size_t>(first - runs_.begin()));
  if (!rest.empty()) {
    LogRun& run = rest.front();
    const auto skipped = static_cast<size_t>(
        std::lower_bound(run.times(), run.times() + run.size, start) - run.times());
    run.begin += skipped;
    run.size -= skipped;
  }
  return LogView(rest);
}

struct LogReader::Scratch {
  Scratch(const BookState& of, const LogState& from)
      : state(&of), log(&from), order(from.order(*of.ids)), merged(*from.layout, nullptr) {}

  void read_own(uint32_t customer);
  void add_tail(const EventPage& page, uint32_t local);
  void read_linked(uint32_t customer);
  void collect(uint32_t row, size_t& heap);
  void merge(size_t heap);

  const BookState* state;
  const LogState* log;
  RowOrder order;
  EventRows merged;
  std::vector<LogRun> runs;
  std::vector<uint32_t> tail;
  std::vector<RowRef> refs;
  std::vector<uint8_t> wanted;
  Micros last = kEndTime;  // of the facts that are there
  const EventRows* supposed = nullptr;
  std::span<const std::string> supposed_texts;
  void add_supposed();
};

// The facts of one row, nearly always without a copy.
void LogReader::Scratch::read_own(uint32_t customer) {
  const EventPage* page = log->page_of(customer);
  if (page == nullptr) return;
  const uint32_t local = customer % kPageCustomers;
  const uint32_t begin = page->base_begin(local);
  const uint32_t end = page->base_end(local);
  const LongLog* apart = page->apart.empty() ? nullptr : page->long_log(local);
  if (apart != nullptr) {
    for (const std::shared_ptr<LogChunk>& chunk : apart->chunks) {
      runs.push_back({&chunk->rows, 0, chunk->rows.size(), chunk->totals.data()});
    }
  } else if (end > begin) {
    runs.push_back({&page->base->rows, begin, end - begin});
  }
  if (page->in_tail(local)) add_tail(*page, local);
}

// The tail's facts as a run of their own where they come behind all others, else all in one.
void LogReader::Scratch::add_tail(const EventPage& page, uint32_t local) {
  tail.clear();
  page.tail_rows(local, tail);
  const auto less = [&](uint32_t a, uint32_t b) { return order.less(page.tail, a, page.tail, b); };
  if (!std::is_sorted(tail.begin(), tail.end(), less)) std::sort(tail.begin(), tail.end(), less);
  const bool behind = runs.empty() || !order.less(page.tail, tail.front(), *runs.back().rows,
                                                  runs.back().begin + runs.back().size - 1);
  refs.clear();
  size_t heap = page.tail.heap_used();
  wanted.assign(log->layout->columns.size(), 0);
  page.tail.mark_columns(wanted.data());
  if (!behind) {
    for (const LogRun& run : runs) {
      for (size_t i = 0; i < run.size; ++i) refs.push_back({run.rows, run.begin + i});
      run.rows->mark_columns(wanted.data());
      heap += run.rows->heap_used();
    }
    runs.clear();
  }
  const size_t first = refs.size();
  for (const uint32_t row : tail) refs.push_back({&page.tail, row});
  std::inplace_merge(
      refs.begin(), refs.begin() + static_cast<std::ptrdiff_t>(first), refs.end(),
      [&](const RowRef& a, const RowRef& b) { return order.less(*a.rows, a.row, *b.rows, b.row); });
  merge(heap);
}

// The facts that refs name, in their order, as one run.
void LogReader::Scratch::merge(size_t heap) {
  merged.clear();
  if (refs.empty()) return;
  merged.reserve(static_cast<uint32_t>(refs.size()), heap, wanted.data());
  for (const RowRef& ref : refs) merged.append(*ref.rows, ref.row, 1);
  runs.push_back({&merged, 0, merged.size()});
}

// The facts of one id, in any order.
void LogReader::Scratch::collect(uint32_t row, size_t& heap) {
  const EventPage* page = log->page_of(row);
  if (page == nullptr) return;
  const uint32_t local = row % kPageCustomers;
  const auto take = [&](const EventRows& rows, size_t begin, size_t end) {
    if (begin == end) return;
    rows.mark_columns(wanted.data());
    for (size_t i = begin; i < end; ++i) {
      refs.push_back({&rows, i});
      heap += rows.long_bytes(i);
    }
  };
  if (page->base != nullptr) take(page->base->rows, page->base_begin(local), page->base_end(local));
  if (const LongLog* apart = page->long_log(local); apart != nullptr) {
    for (const std::shared_ptr<LogChunk>& chunk : apart->chunks) {
      take(chunk->rows, 0, chunk->rows.size());
    }
  }
  tail.clear();
  page->tail_rows(local, tail);
  for (const uint32_t at : tail) take(page->tail, at, at + size_t{1});
}

void LogReader::Scratch::read_linked(uint32_t customer) {
  refs.clear();
  wanted.assign(log->layout->columns.size(), 0);
  size_t heap = 0;
  state->links->for_each(customer, [&](uint32_t row) { collect(row, heap); });
  std::sort(refs.begin(), refs.end(), [&](const RowRef& a, const RowRef& b) {
    return order.less(*a.rows, a.row, *b.rows, b.row);
  });
  merge(heap);
}

// Behind all rows that are not later.
void LogReader::Scratch::add_supposed() {
  const Micros t = supposed->times()[0];
  size_t at = runs.size();
  while (at > 0 && runs[at - 1].times()[0] > t) --at;
  if (at > 0) {
    LogRun& run = runs[at - 1];
    const auto early =
        static_cast<size_t>(std::upper_bound(run.times(), run.times() + run.size, t) - run.times());
    if (early < run.size) {
      LogRun late = run;
      late.begin += early;
      late.size -= early;
      run.size = early;
      runs.insert(runs.begin() + static_cast<std::ptrdiff_t>(at), late);
    }
  }
  runs.insert(runs.begin() + static_cast<std::ptrdiff_t>(at), {supposed, 0, supposed->size()});
}

LogReader::LogReader(const BookState& state, const StreamLayout&, int stream, bool attribute)
    : scratch_(std::make_unique<Scratch>(state, log_of(state, stream, attribute))) {}
LogReader::LogReader(const BookState& state, int stream)
    : scratch_(std::make_unique<Scratch>(state, log_of(state, stream, false))) {}
LogReader LogReader::of_attribute(const BookState& state, int attribute) {
  return {state, *log_of(state, attribute, true).layout, attribute, true};
}
LogReader::~LogReader() = default;
LogReader::LogReader(LogReader&&) noexcept = default;

const StreamLayout& LogReader::layout() const { return *scratch_->log->layout; }

LogView LogReader::read(uint32_t customer) {
  scratch_->runs.clear();
  if (scratch_->state->linked(customer)) {
    scratch_->read_linked(customer);
  } else {
    scratch_->read_own(customer);
  }
  if (scratch_->supposed != nullptr) scratch_->add_supposed();
  return LogView(scratch_->runs).until(scratch_->last);
}

void LogReader::let_go() {
  scratch_->merged.let_go();
  scratch_->runs.clear();
  scratch_->refs.clear();
}

void LogReader::suppose(const EventRows* rows, std::span<const std::string> texts) {
  scratch_->supposed = rows;
  scratch_->supposed_texts = texts;
}

void LogReader::hide_after(Micros last) { scratch_->last = last; }

std::string_view LogReader::enum_text(int column, uint32_t code) const {
  if (code >= kSupposedCode && code - kSupposedCode < scratch_->supposed_texts.size()) {
    return scratch_->supposed_texts[code - kSupposedCode];
  }
  return scratch_->order.enum_text(column, code);
}

bool LogReader::same_customer(uint32_t a, uint32_t b) const {
  return a == b || scratch_->state->survivor(a) == scratch_->state->survivor(b);
}

std::optional<CustomerId> LogReader::customer(uint32_t row) const {
  return scratch_->state->ids->named(row);
}

struct PageReader::Scratch {
  Scratch(const BookState& of, const LogState& from)
      : state(&of), log(&from), order(from.order(*of.ids)) {}
  const BookState* state;
  const LogState* log;
  RowOrder order;
  std::shared_ptr<PageBase> merged;
  std::vector<uint16_t> apart;
  std::array<uint32_t, kPageCustomers + 1> none{};
};

PageReader::PageReader(const BookState& state, const StreamLayout&, int stream, bool attribute)
    : scratch_(std::make_unique<Scratch>(state, log_of(state, stream, attribute))) {}
PageReader::PageReader(const BookState& state, int stream)
    : scratch_(std::make_unique<Scratch>(state, log_of(state, stream, false))) {}
PageReader PageReader::of_attribute(const BookState& state, int attribute) {
  return {state, *log_of(state, attribute, true).layout, attribute, true};
}
PageReader::~PageReader() = default;
PageReader::PageReader(PageReader&&) noexcept = default;

uint32_t PageReader::pages() const {
  return (scratch_->state->customers + kPageCustomers - 1) / kPageCustomers;
}

LogPage PageReader::read(uint32_t number) {
  Scratch& scratch = *scratch_;
  LogPage page;
  page.first = number * kPageCustomers;
  const uint32_t customers = std::min(kPageCustomers, scratch.state->customers - page.first);
  const EventPage* stored = scratch.log->page_of(page.first);
  scratch.apart.clear();
  if (stored != nullptr) {
    for (const EventPage::Apart& apart : stored->apart) scratch.apart.push_back(apart.local);
  }
  if (scratch.state->links != nullptr) {
    for (uint32_t i = 0; i < customers; ++i) {
      if (scratch.state->linked(page.first + i)) scratch.apart.push_back(static_cast<uint16_t>(i));
    }
  }
  std::sort(scratch.apart.begin(), scratch.apart.end());
  scratch.apart.erase(std::unique(scratch.apart.begin(), scratch.apart.end()), scratch.apart.end());
  page.apart = scratch.apart;
  const PageBase* base = stored == nullptr ? nullptr : stored->base.get();
  if (stored != nullptr && stored->tail.size() > 0) {
    scratch.merged = merged_base(*stored, scratch.order, nullptr, 0);
    base = scratch.merged.get();
  }
  if (base == nullptr) {
    page.offsets = std::span(scratch.none).first(customers + size_t{1});
    return page;
  }
  page.offsets = std::span(base->offsets).first(customers + size_t{1});
  page.run = {&base->rows, 0, base->rows.size()};
  return page;
}

}  // namespace patron::internal
