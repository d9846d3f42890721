#include "lib/metrics/page_metrics.h"

#include <algorithm>
#include <utility>

#include "lib/metrics/page_verbs.h"

namespace patron::internal {

// What of a metric is worked out once.
struct PageMetrics::Plan {
  const MetricSpec* spec = nullptr;
  std::optional<MetricEvaluator> plain;
  bool kernel = false;
  Shape shape = Shape::kInteger;
  int column = kTimeColumn, by = kTimeColumn;
  int selection = -1, whole = -1, window = -1;  ///< whole: of a share
  std::optional<CalendarGrid> grid;
  PointsRule points;
};

PageMetrics::PageMetrics(std::span<const MetricSpec* const> specs,
                         std::span<const PageMetricStream> streams, const BookState& state,
                         const TimeZone& zone)
    : specs_(streams), state_(&state), zone_(zone), streams_(streams.size()) {
  for (const PageMetricStream& from : streams) {
    readers_.push_back(std::make_unique<LogReader>(
        from.log.attribute ? LogReader::of_attribute(state, from.log.index)
                           : LogReader(state, from.log.index)));
    MetricStream& made = plain_.emplace_back();
    made.name = from.name;
    made.schema = from.schema;
    made.columns = from.columns;
    made.rules = from.rules;
    made.reader = readers_.back().get();
  }
  for (const MetricSpec* spec : specs) {
    plans_.push_back(std::make_unique<Plan>());
    plan(*spec, *plans_.back());
  }
}

PageMetrics::~PageMetrics() = default;

PageStream& PageMetrics::stream(int index) {
  const auto at = static_cast<size_t>(index);
  if (streams_[at] == nullptr) {
    const PageMetricStream& from = specs_[at];
    streams_[at] = std::make_unique<PageStream>(*state_, from.log, from.schema, from.rules, zone_);
  }
  return *streams_[at];
}

void PageMetrics::plan(const MetricSpec& spec, Plan& out) {
  out.spec = &spec;
  out.plain.emplace(spec, plain_, zone_);
  for (const FunnelStep& step : spec.steps) stream(step.stream);
  if (spec.followed_by) stream(spec.followed_by->stream);
  if (spec.stream >= 0) {
    PageStream& main = stream(spec.stream);
    const std::vector<std::string>& names = specs_[static_cast<size_t>(spec.stream)].columns;
    const auto place = [&](int column) {
      return column < 0 ? kTimeColumn : main.columns().find(names[static_cast<size_t>(column)]);
    };
    out.column = place(spec.column);
    out.by = place(spec.by);
  }
  out.kernel = has_kernel(spec, out);
  out.shape = shape(spec, out);
  if (!out.kernel) return;
  PageStream& main = stream(spec.stream);
  const bool sums = spec.verb == Verb::kSum || spec.verb == Verb::kShare ||
                    (spec.verb == Verb::kTrend && spec.column >= 0);
  const bool sales = !(sums && out.column != kTimeColumn &&
                       main.columns().layout(out.column).kind == Kind::kMoney);
  const int condition = spec.where ? main.add_condition(*spec.where) : -1;
  out.selection = main.add_selection(sales, condition, spec.side);
  if (spec.verb == Verb::kShare) out.whole = main.add_selection(sales, -1, spec.side);
  out.window = main.add_window(spec.window);
  if (spec.every) out.grid.emplace(*spec.every, zone_);
  out.points = {spec.cap, spec.cap_per, spec.expires, spec.inactive_after, spec.inactive_share};
}

bool PageMetrics::has_kernel(const MetricSpec& spec, const Plan& plan) const {
  if (spec.followed_by || spec.stream < 0) return false;
  switch (spec.verb) {
    case Verb::kOpen:
    case Verb::kFunnel:
    case Verb::kRatio:
      return false;
    default:
      break;
  }
  const PageMetricStream& from = specs_[static_cast<size_t>(spec.stream)];
  const StreamLayout& layout = readers_[static_cast<size_t>(spec.stream)]->layout();
  const auto takes = [&](int column) {
    if (column == kTimeColumn) return spec.verb != Verb::kPath;
    const CellColumn& what = layout.columns[static_cast<size_t>(column)];
    const bool open = std::find(from.rules.open_sets.begin(), from.rules.open_sets.end(),
                                what.name) != from.rules.open_sets.end();
    // Refunds, which only sums of money see, count at the time of their orders.
    const bool moves = what.kind == Kind::kMoney && !from.rules.refund_of.empty();
    return !moves && page_takes(what, spec.verb, open);
  };
  if (!takes(plan.column)) return false;
  // The n first of values that are no texts are told as texts.
  const bool coded = plan.column != kTimeColumn &&
                     (layout.columns[static_cast<size_t>(plan.column)].cell == CellType::kCode ||
                      layout.columns[static_cast<size_t>(plan.column)].cell == CellType::kBits);
  return spec.verb != Verb::kTop || spec.n == 1 || coded;
}

Shape PageMetrics::shape(const MetricSpec& spec, const Plan& plan) const {
  const auto of_column = [&](bool one_member) {
    if (plan.column == kTimeColumn) return Shape::kInteger;
    const PageMetricStream& from = specs_[static_cast<size_t>(spec.stream)];
    const EventSource source(from.schema, *readers_[static_cast<size_t>(spec.stream)], from.rules);
    if (source.of_sets(plan.column)) return one_member ? Shape::kText : Shape::kSet;
    return shape_of(source.kind(plan.column));
  };
  switch (spec.verb) {
    case Verb::kSum:
    case Verb::kMin:
    case Verb::kMax:
    case Verb::kFirst:
    case Verb::kLast:
      return of_column(false);
    case Verb::kTop:
      return spec.n == 1 ? of_column(true) : Shape::kSet;
    case Verb::kMean: {
      const bool of_whole =
          plan.column != kTimeColumn && readers_[static_cast<size_t>(spec.stream)]
                                                ->layout()
                                                .columns[static_cast<size_t>(plan.column)]
                                                .kind == Kind::kInt64;
      return of_whole ? Shape::kNumber : of_column(false);
    }
    case Verb::kShare:
    case Verb::kGapCv:
    case Verb::kTrend:
    case Verb::kRatio:
    case Verb::kPoints:
      return Shape::kNumber;
    case Verb::kFunnel:
    case Verb::kPath:
      return Shape::kText;
    default:
      return Shape::kInteger;
  }
}

uint32_t PageMetrics::pages() const {
  return (state_->customers + kPageCustomers - 1) / kPageCustomers;
}

void PageMetrics::read(uint32_t page, Micros now, const PageAnchors& anchors) {
  now_ = now;
  anchors_ = &anchors;
  first_ = page * kPageCustomers;
  customers_ = std::min(kPageCustomers, state_->customers - first_);
  for (const auto& one : streams_) {
    if (one != nullptr) one->read(page, now, &anchors);
  }
}

// Which customers may have events that the metric could look at, as bytes of 0 or 1: nobody else
// is asked about.
void PageMetrics::mark_events(const MetricSpec& spec) {
  std::fill_n(any_events_.data(), customers_, 0);
  const auto mark = [&](int index) {
    const LogPage& page = stream(index).page();
    const uint32_t* const offsets = page.offsets.data();
    for (uint32_t i = 0; i < customers_; ++i) {
      any_events_[i] |= static_cast<uint8_t>(offsets[i] != offsets[i + 1]);
    }
    for (const uint16_t i : page.apart) any_events_[i] = 1;
  };
  if (spec.stream >= 0) return mark(spec.stream);
  for (const FunnelStep& step : spec.steps) mark(step.stream);
}

void PageMetrics::plainly(Plan& plan, uint32_t i, ValueBlock& out) {
  const uint32_t customer = first_ + i;
  out.put(i, plan.plain->evaluate(customer, now_, anchors_->of(plan.spec->window, customer)));
}

void PageMetrics::kernel(const Plan& plan, ValueBlock& out) {
  const MetricSpec& spec = *plan.spec;
  PageStream& main = stream(spec.stream);
  const PageEvents events{main, plan.selection, plan.window};
  switch (spec.verb) {
    case Verb::kCount:
      return page_count(events, out);
    case Verb::kSum:
      return page_sum(events, plan.column, out);
    case Verb::kMean:
      return page_mean(events, plan.column, out);
    case Verb::kMin:
    case Verb::kMax:
      return page_extreme(events, plan.column, spec.verb == Verb::kMax, out);
    case Verb::kFirst:
    case Verb::kLast:
      return page_edge(events, plan.column, spec.verb == Verb::kLast, out);
    case Verb::kDistinct:
      return page_distinct(events, plan.column, out);
    case Verb::kDaysActive:
      return page_days_active(events, out);
    case Verb::kShare:
      return page_share(events, {main, plan.whole, plan.window}, plan.column, out);
    case Verb::kTop:
      return page_top(events, plan.column, plan.by, spec.n, out);
    case Verb::kStreak:
      return page_streak(events, *plan.grid, out);
    case Verb::kGapLast:
    case Verb::kGapMean:
    case Verb::kGapMedian:
    case Verb::kGapCv:
      return page_gap(events, spec.verb, out);
    case Verb::kTrend:
      return page_trend(events, plan.column, *plan.grid, spec.n, out);
    case Verb::kPath:
      return page_path(events, plan.column, spec.n, out);
    case Verb::kPoints:
      return page_points(events, *spec.each, plan.points, out);
    case Verb::kRatio:
    case Verb::kOpen:
    case Verb::kFunnel:
      break;
  }
}

void PageMetrics::evaluate(size_t metric, ValueBlock& out) {
  Plan& plan = *plans_[metric];
  const MetricSpec& spec = *plan.spec;
  out.reset(plan.shape);
  if (plan.kernel) {
    kernel(plan, out);
    for (const uint16_t i : stream(spec.stream).page().apart) plainly(plan, i, out);
    return;
  }
  const bool zero = spec.verb == Verb::kCount || spec.verb == Verb::kSum ||
                    spec.verb == Verb::kDistinct || spec.verb == Verb::kDaysActive ||
                    spec.verb == Verb::kOpen;
  mark_events(spec);
  for (uint32_t i = 0; i < customers_; ++i) {
    if (any_events_[i] != 0) {
      plainly(plan, i, out);
    } else if (zero) {
      plan.shape == Shape::kNumber ? out.set(i, 0.0) : out.set(i, int64_t{0});
    }
  }
}

}  // namespace patron::internal
