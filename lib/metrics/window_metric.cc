#include "lib/metrics/window_metric.h"

#include <algorithm>
#include <limits>

#include "lib/base/int128.h"

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
  sales_ = streams[static_cast<size_t>(spec.stream)].rules.refunds &&
           !(spec.verb == Verb::kSum && source_.kind(column_) == Kind::kMoney);
}

bool WindowMetric::counts(const LogRun& run, size_t row) {
  const EventRef event(run, static_cast<uint32_t>(row), 0);
  return (!sales_ || source_.is_sale(event)) && source_.holds(spec_.where, event);
}

void WindowMetric::add_up(const LogView& log, MetricValue& out, std::optional<Micros>& first) {
  int64_t events = 0, cells = 0;
  Int128 sum = 0;
  for (const LogRun& run : log) {
    const auto* values = column_ == kTimeColumn ? nullptr : run.cells<int64_t>(column_);
    for (size_t row = 0; row < run.size; ++row) {
      if (!counts(run, row)) continue;
      ++events;
      if (!first) first = run.times()[row];
      out.as_of = run.times()[row];
      if (values == nullptr || values[row] == kNullInt) continue;
      ++cells;
      sum += values[row];
    }
  }
  if (spec_.verb == Verb::kCount) {
    out.cell = Cell::of(events);
  } else if (cells > 0 || events == 0) {
    constexpr Int128 kMin = std::numeric_limits<int64_t>::min();
    constexpr Int128 kMax = std::numeric_limits<int64_t>::max();
    out.overflow = sum < kMin || sum > kMax;
    if (!out.overflow) out.cell = Cell::of(static_cast<int64_t>(sum));
  }
}

std::optional<Micros> WindowMetric::first_time(const LogView& log) {
  for (const LogRun& run : log) {
    for (size_t row = 0; row < run.size; ++row) {
      if (counts(run, row)) return run.times()[row];
    }
  }
  return std::nullopt;
}

void WindowMetric::find_edge(const LogView& log, MetricValue& out) {
  const bool last = spec_.verb == Verb::kLast;
  const auto runs = log.runs();
  // From the newest on: the first that counts says how new the value is.
  for (size_t r = runs.size(); r-- > 0 && (!out.as_of || (last && !out.cell.known));) {
    for (size_t row = runs[r].size; row-- > 0 && (!out.as_of || (last && !out.cell.known));) {
      if (!counts(runs[r], row)) continue;
      if (!out.as_of) out.as_of = runs[r].times()[row];
      if (last) out.cell = source_.cell({runs[r], static_cast<uint32_t>(row), 0}, column_);
    }
  }
  if (last || !out.as_of) return;
  for (const LogRun& run : runs) {
    for (size_t row = 0; row < run.size && !out.cell.known; ++row) {
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
    if (timed && moves_with_time(spec_.window)) first = first_time(seen);
  }
  if (timed && moves_with_time(spec_.window) && first) {
    out.next_change = presence(spec_.window, zone_, *first, anchors).end;
  }
  return out;
}

}  // namespace patron::internal
