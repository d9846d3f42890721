#include "lib/metrics/glance_metric.h"

#include <algorithm>
#include <limits>

#include "lib/base/int128.h"
#include "lib/expr/compare.h"
#include "lib/expr/compiled.h"
#include "lib/metrics/window_metric.h"

namespace patron::internal {
namespace {

constexpr size_t kFew = 16;  // rows that are looked through rather than searched

int column_named(const MetricStream& from, const std::string& name) {
  return name == "time" ? kTimeColumn : from.reader->layout().find(name);
}

// Where a column stands in a list, to which it is added.
size_t place_of(int column, std::vector<int>& columns) {
  const auto at = std::find(columns.begin(), columns.end(), column) - columns.begin();
  if (static_cast<size_t>(at) == columns.size()) columns.push_back(column);
  return static_cast<size_t>(at);
}

int value_column(const MetricSpec& spec, const MetricStream& from) {
  if (spec.column < 0 || spec.verb == Verb::kCount) return kTimeColumn;
  return column_named(from, from.columns[static_cast<size_t>(spec.column)]);
}

}  // namespace

// The comparisons that have to be true of an event together; nothing where there is more to it.
std::optional<std::vector<GlanceMetric::Test>> GlanceMetric::tests_of(const MetricSpec& spec,
                                                                      const MetricStream& from,
                                                                      std::vector<int>* columns) {
  std::vector<Test> out;
  if (!spec.where) return out;
  const Graph& graph = spec.where->compiled().graph;
  std::vector<int32_t> open{graph.root};
  while (!open.empty()) {
    const Node& node = graph.at(open.back());
    open.pop_back();
    if (node.op == Op::kAnd) {
      open.push_back(node.args[0]);
      open.push_back(node.args[1]);
      continue;
    }
    if (node.op != Op::kCompare) return std::nullopt;
    const bool swapped = graph.at(node.args[0]).op == Op::kConst;
    const Node& field = graph.at(node.args[swapped ? 1 : 0]);
    const Node& constant = graph.at(node.args[swapped ? 0 : 1]);
    if (field.op != Op::kField || constant.op != Op::kConst || !constant.known) return std::nullopt;
    const FieldSpec& what = spec.where->schema().fields()[static_cast<size_t>(field.index)];
    Test& test = out.emplace_back();
    const int column = column_named(from, what.name);
    test.cmp = swapped ? mirrored(node.cmp) : node.cmp;
    if (column == kTimeColumn) return std::nullopt;
    if (columns != nullptr) test.at = place_of(column, *columns);
    if (what.kind == Kind::kEnum && test.cmp == Cmp::kEq && constant.index >= 0) {
      test.is_text = true;
      test.text = graph.text(constant.index);
    } else if (what.kind == Kind::kInt64 || what.kind == Kind::kMoney) {
      test.number = constant.integer;
    } else {
      return std::nullopt;
    }
  }
  return out;
}

bool GlanceMetric::takes(const MetricSpec& spec, std::span<const MetricStream> streams) {
  if (!WindowMetric::takes_without_refunds(spec, streams)) return false;
  return tests_of(spec, streams[static_cast<size_t>(spec.stream)], nullptr).has_value();
}

GlanceMetric::GlanceMetric(const MetricSpec& spec, std::span<const MetricStream> streams,
                           const TimeZone& zone)
    : spec_(spec), zone_(zone) {
  const MetricStream& from = streams[static_cast<size_t>(spec.stream)];
  const int column = value_column(spec, from);
  if (column != kTimeColumn) value_at_ = place_of(column, columns_);
  tests_ = *tests_of(spec, from, &columns_);
  // Refunds enter sums of money only.
  const StreamLayout& layout = from.reader->layout();
  const bool sums =
      spec.verb == Verb::kSum && layout.columns[static_cast<size_t>(column)].kind == Kind::kMoney;
  if (from.rules.refunds && !sums) amount_at_ = place_of(layout.find("amount"), columns_);
  least_sale_ = from.rules.count_zero_amounts ? 0 : 1;
  if (nets_refunds(spec, streams)) nets_at_ = place_of(layout.find("amount"), columns_);
  moves_ = moves_with_time(spec.window);
  const bool rolling = spec.window.kind == Window::Kind::kRolling;
  if (rolling && spec.window.length.months == 0) length_ = spec.window.length.micros;
}

// As range() says.
TimeRange GlanceMetric::window(Micros now, const Anchors& anchors) const {
  if (length_ > 0 && now - kMinTime >= length_) return {now + 1 - length_, now + 1};
  return range(spec_.window, zone_, now, anchors);
}

Micros GlanceMetric::reads_from(Micros now, const Anchors& anchors) const {
  if (nets_at_ != kNone) return kMinTime;
  const TimeRange inside = window(now, anchors);
  return inside.empty() ? now : inside.begin;
}

void GlanceMetric::look_among(std::span<const int> columns) {
  const auto move = [&](size_t& at) {
    if (at == kNone) return;
    at = static_cast<size_t>(std::find(columns.begin(), columns.end(), columns_[at]) -
                             columns.begin());
  };
  move(value_at_);
  move(amount_at_);
  move(nets_at_);
  for (Test& test : tests_) move(test.at);
  columns_.assign(columns.begin(), columns.end());
}

void GlanceMetric::let_go() {
  std::fill(copied_.begin(), copied_.end(), int64_t{0});
  found_ = 0;
}

bool GlanceMetric::passes(const LogGlance& log, size_t row) {
  for (Test& test : tests_) {
    if (test.is_text) {
      const auto* codes = log.cells<uint32_t>(test.at);
      if (codes == nullptr || !log.is_text(test.at, codes[row], test.text, test.code)) return false;
      continue;
    }
    const auto* cells = log.cells<int64_t>(test.at);
    if (cells == nullptr || cells[row] == kNullInt) return false;
    if (!compares(cells[row], test.cmp, test.number)) return false;
  }
  return true;
}

// Rows begin to end - 1 are copied as far as they count, where some do not.
void GlanceMetric::filter(const LogGlance& log, size_t begin, size_t end) {
  const auto* amounts = amount_at_ == kNone ? nullptr : log.cells<int64_t>(amount_at_);
  const auto counts = [&](size_t row) {
    // Null is less than every amount.
    if (amount_at_ != kNone && (amounts == nullptr || amounts[row] < least_sale_)) return false;
    return tests_.empty() || passes(log, row);
  };
  size_t row = begin;
  while (row < end && counts(row)) ++row;
  if (row == end) return;
  const size_t room = end - begin;
  if (copied_.size() < 2 * room) copied_.resize(2 * room);
  Micros* times = copied_.data();
  int64_t* values = copied_.data() + room;
  const bool with_values = values_ != nullptr;
  size_t found = row - begin;
  std::copy_n(times_, found, times);
  if (with_values) std::copy_n(values_, found, values);
  for (++row; row < end; ++row) {
    if (!counts(row)) continue;
    times[found] = times_[row - begin];
    if (with_values) values[found] = values_[row - begin];
    ++found;
  }
  times_ = times;
  if (with_values) values_ = values;
  found_ = found;
}

// What counts of the rows of a window.
void GlanceMetric::count(const LogGlance& log, const TimeRange& inside) {
  const Micros* times = log.times();
  size_t begin = 0, end = log.size();
  if (end > kFew) {
    begin = static_cast<size_t>(std::lower_bound(times, times + end, inside.begin) - times);
  } else {
    while (begin < end && times[begin] < inside.begin) ++begin;
  }
  while (begin < end && times[end - 1] >= inside.end) --end;
  found_ = end - begin;
  nulls_ = false;
  values_ = nullptr;
  if (found_ == 0) return;
  times_ = times + begin;
  if (value_at_ != kNone) {
    const auto* cells = log.cells<int64_t>(value_at_);
    nulls_ = cells == nullptr;
    if (!nulls_) values_ = cells + begin;
  } else if (spec_.verb != Verb::kCount) {
    values_ = times_;
  }
  if (amount_at_ != kNone || !tests_.empty()) filter(log, begin, end);
}

Micros GlanceMetric::leaves(Micros time, const Anchors& anchors) const {
  if (length_ > 0 && time < kEndTime - length_) return time + length_;
  return presence(spec_.window, zone_, time, anchors).end;
}

// A sum that does not fit is not known.
void GlanceMetric::add_up(Cell& out) {
  if (spec_.verb == Verb::kCount) {
    out = Cell::of(static_cast<int64_t>(found_));
    return;
  }
  Int128 sum = 0;
  size_t known = 0;
  for (size_t i = 0; i < found_ && !nulls_; ++i) {
    if (values_[i] == kNullInt) continue;
    sum += values_[i];
    ++known;
  }
  constexpr Int128 kMin = std::numeric_limits<int64_t>::min();
  constexpr Int128 kMax = std::numeric_limits<int64_t>::max();
  nulls_ = known < found_;
  if (sum < kMin || sum > kMax) return;
  if (known > 0 || found_ == 0) out = Cell::of(static_cast<int64_t>(sum));
}

// The oldest leave first; what is left is looked at once for each instant.
Micros GlanceMetric::leaves_range(int64_t value, const ValueRange& range,
                                  const Anchors& anchors) const {
  if (!moves_ || found_ == 0) return TimeRange::kNever;
  // Whatever leaves may leave nothing but nulls.
  if (nulls_) return leaves(times_[0], anchors);
  const Int128 low = range.low, high = range.high;
  Int128 sum = value;
  for (size_t i = 0; i < found_; ++i) {
    sum -= values_ == nullptr ? 1 : values_[i];
    if (sum >= low && sum <= high) continue;
    if (i + 1 < found_ && times_[i + 1] == times_[i]) continue;
    return leaves(times_[i], anchors);
  }
  return TimeRange::kNever;
}

bool has_refunds(const LogGlance& log, size_t amount_at) {
  const auto* amounts = log.cells<int64_t>(amount_at);
  bool any = false;
  for (size_t i = 0; amounts != nullptr && i < log.size(); ++i) {
    any |= amounts[i] < 0 && amounts[i] != kNullInt;
  }
  return any;
}

// The place of the first or the last cell that is known; as many as there are: none.
size_t GlanceMetric::edge() const {
  const size_t n = found_;
  for (size_t k = 0; k < n; ++k) {
    const size_t i = spec_.verb == Verb::kLast ? n - 1 - k : k;
    if (values_ != nullptr && values_[i] != kNullInt) return i;
  }
  return n;
}

bool GlanceMetric::measure(const LogGlance& log, Micros now, const Anchors& anchors,
                           GlanceValue& out) {
  if (nets_at_ != kNone && has_refunds(log, nets_at_)) return false;
  count(log, window(now, anchors));
  out = GlanceValue();
  if (adds_up()) {
    add_up(out.cell);
    if (moves_ && found_ > 0) out.next_change = leaves(times_[0], anchors);
    return true;
  }
  const size_t i = edge(), n = found_;
  if (i == n) return true;
  const bool tied =
      (i > 0 && times_[i - 1] == times_[i]) || (i + 1 < n && times_[i + 1] == times_[i]);
  if (tied && value_at_ != kNone) return false;
  out.cell = Cell::of(values_[i]);
  if (moves_) out.next_change = leaves(times_[i], anchors);
  return true;
}

}  // namespace patron::internal
