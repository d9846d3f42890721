#include "lib/metrics/window_metric.h"

#include <algorithm>
#include <limits>

namespace patron::internal {
namespace {

EventSource source_of(const MetricSpec& spec, std::span<const MetricStream> streams) {
  const MetricStream& from = streams[static_cast<size_t>(spec.stream)];
  return {from.schema, *from.reader, from.rules};
}

int column_of(const MetricSpec& spec, std::span<const MetricStream> streams) {
  if (spec.column < 0) return kTimeColumn;
  const MetricStream& from = streams[static_cast<size_t>(spec.stream)];
  return source_of(spec, streams).column(from.columns[static_cast<size_t>(spec.column)]);
}

const CellColumn* cells_of(const MetricSpec& spec, std::span<const MetricStream> streams) {
  const int column = column_of(spec, streams);
  if (column == kTimeColumn) return nullptr;
  const MetricStream& from = streams[static_cast<size_t>(spec.stream)];
  return &from.reader->layout().columns[static_cast<size_t>(column)];
}

}  // namespace

bool nets_refunds(const MetricSpec& spec, std::span<const MetricStream> streams) {
  if (spec.verb != Verb::kSum) return false;
  const CellColumn* cells = cells_of(spec, streams);
  return cells != nullptr && cells->kind == Kind::kMoney &&
         !streams[static_cast<size_t>(spec.stream)].rules.refund_of.empty();
}

bool WindowMetric::takes(const MetricSpec& spec, std::span<const MetricStream> streams) {
  return takes_without_refunds(spec, streams) && !nets_refunds(spec, streams);
}

bool WindowMetric::takes_without_refunds(const MetricSpec& spec,
                                         std::span<const MetricStream> streams) {
  if (spec.stream < 0 || spec.followed_by || spec.window.offset) return false;
  if (spec.window.kind == Window::Kind::kCalendar) return false;
  if (streams[static_cast<size_t>(spec.stream)].reader->layout().referrer >= 0) return false;
  const CellColumn* cells = spec.verb == Verb::kCount ? nullptr : cells_of(spec, streams);
  switch (spec.verb) {
    case Verb::kCount:
      return true;
    case Verb::kSum:
      return cells != nullptr && cells->cell == CellType::kInt;
    case Verb::kFirst:
    case Verb::kLast:
      return cells == nullptr || cells->cell == CellType::kInt;
    default:
      return false;
  }
}

WindowMetric::WindowMetric(const MetricSpec& spec, std::span<const MetricStream> streams,
                           const TimeZone& zone)
    : spec_(spec),
      reader_(streams[static_cast<size_t>(spec.stream)].reader),
      zone_(zone),
      source_(source_of(spec, streams)),
      column_(spec.verb == Verb::kCount ? kTimeColumn : column_of(spec, streams)) {
  // Refunds enter sums of money only.
  const StreamRules& rules = streams[static_cast<size_t>(spec.stream)].rules;
  sales_ = rules.refunds && !(spec.verb == Verb::kSum && source_.kind(column_) == Kind::kMoney);
  if (!sales_) return;
  amount_ = reader_->layout().find("amount");
  least_sale_ = rules.count_zero_amounts ? 0 : 1;
}

// As EventSource::is_sale: null is less than every amount.
bool WindowMetric::is_sale(const LogRun& run, size_t row) const {
  const auto* amounts = run.cells<int64_t>(amount_);
  return amounts != nullptr && amounts[row] >= least_sale_;
}

bool WindowMetric::counts(const LogRun& run, size_t row) {
  if (sales_ && !is_sale(run, row)) return false;
  return !spec_.where || source_.holds(spec_.where, {run, static_cast<uint32_t>(row), 0});
}

const CellTotals* WindowMetric::total(const LogRun& run, int column) const {
  return run.total(reader_->layout().columns[static_cast<size_t>(column)]);
}

int64_t WindowMetric::sales(const LogRun& run) const {
  const auto* amounts = run.cells<int64_t>(amount_);
  if (amounts == nullptr) return 0;
  if (const CellTotals* all = total(run, amount_); all != nullptr) {
    return int64_t{all->positive} + (least_sale_ == 0 ? all->zero : 0);
  }
  return std::count_if(amounts, amounts + run.size,
                       [this](int64_t amount) { return amount >= least_sale_; });
}

void WindowMetric::add_cells(const LogRun& run, Tally& out) const {
  const auto* cells = run.cells<int64_t>(column_);
  if (cells == nullptr) return;
  if (const CellTotals* all = total(run, column_); all != nullptr) {
    out.cells += all->known;
    out.sum += all->sum;
    return;
  }
  for (size_t row = 0; row < run.size; ++row) {
    if (cells[row] == kNullInt) continue;
    ++out.cells;
    out.sum += cells[row];
  }
}

// What a run adds, where that is one sum over it; nothing where each row has to be asked first
// whether it counts.
std::optional<WindowMetric::Tally> WindowMetric::tally(const LogRun& run) const {
  const bool sum = spec_.verb == Verb::kSum;
  if (spec_.where || (sum && sales_)) return std::nullopt;
  Tally out;
  out.events = sales_ ? sales(run) : static_cast<int64_t>(run.size);
  if (sum) add_cells(run, out);
  return out;
}

void WindowMetric::add_up(const LogView& log, MetricValue& out, std::optional<Micros>& first) {
  Tally all;
  const LogRun* newest = nullptr;  // of runs with rows that count
  for (const LogRun& run : log) {
    if (const std::optional<Tally> whole = tally(run); whole) {
      if (whole->events == 0) continue;
      all.events += whole->events;
      all.cells += whole->cells;
      all.sum += whole->sum;
      if (!first) first = first_time(run);
      newest = &run;
      continue;
    }
    const auto* values = column_ == kTimeColumn ? nullptr : run.cells<int64_t>(column_);
    for (size_t row = 0; row < run.size; ++row) {
      if (!counts(run, row)) continue;
      ++all.events;
      if (!first) first = run.times()[row];
      out.as_of = run.times()[row];
      if (values == nullptr || values[row] == kNullInt) continue;
      ++all.cells;
      all.sum += values[row];
    }
  }
  if (newest != nullptr) out.as_of = last_time(*newest);
  if (spec_.verb == Verb::kCount) {
    out.cell = Cell::of(all.events);
  } else if (all.cells > 0 || all.events == 0) {
    constexpr Int128 kMin = std::numeric_limits<int64_t>::min();
    constexpr Int128 kMax = std::numeric_limits<int64_t>::max();
    out.overflow = all.sum < kMin || all.sum > kMax;
    if (!out.overflow) out.cell = Cell::of(static_cast<int64_t>(all.sum));
  }
}

// Whether a run has no sale, or no cell that is known, as far as its totals say.
bool WindowMetric::no_sales(const LogRun& run) const {
  return sales_ && total(run, amount_) != nullptr && sales(run) == 0;
}

bool WindowMetric::no_cells(const LogRun& run) const {
  if (column_ == kTimeColumn) return false;
  const CellTotals* all = total(run, column_);
  return run.cells<int64_t>(column_) == nullptr || (all != nullptr && all->known == 0);
}

std::optional<Micros> WindowMetric::first_time(const LogRun& run) {
  if (no_sales(run)) return std::nullopt;
  for (size_t row = 0; row < run.size; ++row) {
    if (counts(run, row)) return run.times()[row];
  }
  return std::nullopt;
}

std::optional<Micros> WindowMetric::last_time(const LogRun& run) {
  if (no_sales(run)) return std::nullopt;
  for (size_t row = run.size; row-- > 0;) {
    if (counts(run, row)) return run.times()[row];
  }
  return std::nullopt;
}

// From the newest or the oldest on: the first that counts and is known.
void WindowMetric::find_edge(const LogView& log, MetricValue& out) {
  const bool last = spec_.verb == Verb::kLast;
  const auto runs = log.runs();
  for (size_t r = runs.size(); r-- > 0 && !out.as_of;) out.as_of = last_time(runs[r]);
  if (!out.as_of) return;
  for (size_t r = 0; r < runs.size() && !out.cell.known; ++r) {
    const LogRun& run = runs[last ? runs.size() - 1 - r : r];
    if (no_sales(run) || no_cells(run)) continue;
    for (size_t i = 0; i < run.size && !out.cell.known; ++i) {
      const size_t row = last ? run.size - 1 - i : i;
      if (counts(run, row)) out.cell = source_.cell({run, static_cast<uint32_t>(row), 0}, column_);
    }
  }
}

MetricValue WindowMetric::evaluate(uint32_t customer, Micros now, const Anchors& anchors,
                                   bool timed) {
  MetricValue out;
  const TimeRange inside = range(spec_.window, zone_, now, anchors);
  LogView log = reader_->read(customer);
  LogView seen = inside.empty() ? LogView() : log.until(inside.end - 1);
  if (inside.begin > kMinTime) seen = seen.from(inside.begin);
  std::optional<Micros> first;
  if (spec_.verb == Verb::kCount || spec_.verb == Verb::kSum) {
    add_up(seen, out, first);
  } else {
    find_edge(seen, out);
    if (timed && moves_with_time(spec_.window)) {
      for (size_t r = 0; r < seen.runs().size() && !first; ++r) first = first_time(seen.runs()[r]);
    }
  }
  if (timed && moves_with_time(spec_.window) && first) {
    out.next_change = presence(spec_.window, zone_, *first, anchors).end;
  }
  return out;
}

}  // namespace patron::internal
