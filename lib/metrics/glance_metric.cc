#include "lib/metrics/glance_metric.h"

#include <limits>

#include "lib/base/int128.h"
#include "lib/expr/compiled.h"
#include "lib/metrics/quick_metric.h"

namespace patron::internal {
namespace {

bool compares(int64_t a, Cmp cmp, int64_t b) {
  switch (cmp) {
    case Cmp::kEq:
      return a == b;
    case Cmp::kNe:
      return a != b;
    case Cmp::kLt:
      return a < b;
    case Cmp::kLe:
      return a <= b;
    case Cmp::kGt:
      return a > b;
    case Cmp::kGe:
      break;
  }
  return a >= b;
}

int column_named(const MetricStream& from, const std::string& name) {
  return name == "time" ? kTimeColumn : from.reader->layout().find(name);
}

int value_column(const MetricSpec& spec, const MetricStream& from) {
  if (spec.column < 0 || spec.verb == Verb::kCount) return kTimeColumn;
  return column_named(from, from.columns[static_cast<size_t>(spec.column)]);
}

}  // namespace

// The comparisons that have to be true of an event together; nothing where there is more to it.
std::optional<std::vector<GlanceMetric::Test>> GlanceMetric::tests_of(const MetricSpec& spec,
                                                                      const MetricStream& from) {
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
    test.column = column_named(from, what.name);
    test.cmp = swapped ? mirrored(node.cmp) : node.cmp;
    if (test.column == kTimeColumn) return std::nullopt;
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
  if (!QuickMetric::takes(spec, streams)) return false;
  return tests_of(spec, streams[static_cast<size_t>(spec.stream)]).has_value();
}

GlanceMetric::GlanceMetric(const MetricSpec& spec, std::span<const MetricStream> streams,
                           const TimeZone& zone)
    : spec_(spec), zone_(zone) {
  const MetricStream& from = streams[static_cast<size_t>(spec.stream)];
  column_ = value_column(spec, from);
  tests_ = *tests_of(spec, from);
  // Refunds enter sums of money only.
  const StreamLayout& layout = from.reader->layout();
  const bool sums =
      spec.verb == Verb::kSum && layout.columns[static_cast<size_t>(column_)].kind == Kind::kMoney;
  if (from.rules.refunds && !sums) amount_ = layout.find("amount");
  zero_is_sale_ = from.rules.count_zero_amounts;
  filters_ = amount_ != kTimeColumn || !tests_.empty();
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
  const TimeRange inside = window(now, anchors);
  return inside.empty() ? now : inside.begin;
}

bool GlanceMetric::holds(const LogGlance& log, const LogGlance::Row& row) {
  if (amount_ != kTimeColumn) {
    const auto* amounts = row.cells<int64_t>(amount_);
    if (amounts == nullptr || amounts[row.row] == kNullInt) return false;
    if (amounts[row.row] < 0 || (amounts[row.row] == 0 && !zero_is_sale_)) return false;
  }
  for (Test& test : tests_) {
    if (test.is_text) {
      const auto* codes = row.cells<uint32_t>(test.column);
      if (codes == nullptr || !log.is_text(test.column, codes[row.row], test.text, test.code)) {
        return false;
      }
      continue;
    }
    const auto* cells = row.cells<int64_t>(test.column);
    if (cells == nullptr || cells[row.row] == kNullInt) return false;
    if (!compares(cells[row.row], test.cmp, test.number)) return false;
  }
  return true;
}

void GlanceMetric::count(const LogGlance& log, const TimeRange& inside) {
  counted_.clear();
  for (const LogGlance::Row& row : log.rows()) {
    if (row.time < inside.begin) continue;
    if (row.time >= inside.end) break;
    if (filters_ && !holds(log, row)) continue;
    int64_t value = row.time;
    if (column_ != kTimeColumn) {
      const auto* cells = row.cells<int64_t>(column_);
      value = cells == nullptr ? kNullInt : cells[row.row];
    }
    counted_.push_back({row.time, value});
  }
}

Micros GlanceMetric::leaves(Micros time, const Anchors& anchors) const {
  if (length_ > 0 && time < kEndTime - length_) return time + length_;
  return presence(spec_.window, zone_, time, anchors).end;
}

// Counts and sums. The oldest leave first; what is left is looked at once for each instant.
GlanceValue GlanceMetric::total(const Anchors& anchors, const Levels& levels) const {
  GlanceValue out;
  const bool counts = spec_.verb == Verb::kCount;
  Int128 sum = 0;
  size_t cells = 0;
  for (const Counted& one : counted_) {
    if (one.value == kNullInt) continue;
    ++cells;
    sum += counts ? 1 : one.value;
  }
  constexpr Int128 kMin = std::numeric_limits<int64_t>::min();
  constexpr Int128 kMax = std::numeric_limits<int64_t>::max();
  const bool fits = sum >= kMin && sum <= kMax;
  if (fits && (cells > 0 || counted_.empty())) out.cell = Cell::of(static_cast<int64_t>(sum));
  if (!moves_ || counted_.empty()) return out;
  // Where something is unknown, or may be on the way, every event that leaves is looked at.
  if (!fits || cells < counted_.size()) {
    out.next_change = leaves(counted_.front().time, anchors);
    return out;
  }
  const Levels::Range same = levels.around(out.cell.integer);
  for (size_t i = 0; i < counted_.size(); ++i) {
    sum -= counts ? 1 : counted_[i].value;
    const bool last_of_instant =
        i + 1 == counted_.size() || counted_[i + 1].time != counted_[i].time;
    if (!last_of_instant) continue;
    if (sum >= same.low && sum <= same.high) continue;
    out.next_change = leaves(counted_[i].time, anchors);
    return out;
  }
  return out;
}

// The place of the first or the last cell that is known; as many as there are: none.
size_t GlanceMetric::edge() const {
  const size_t n = counted_.size();
  for (size_t k = 0; k < n; ++k) {
    const size_t i = spec_.verb == Verb::kLast ? n - 1 - k : k;
    if (counted_[i].value != kNullInt) return i;
  }
  return n;
}

bool GlanceMetric::evaluate(const LogGlance& log, Micros now, const Anchors& anchors,
                            const Levels& levels, GlanceValue& out) {
  count(log, window(now, anchors));
  if (spec_.verb == Verb::kCount || spec_.verb == Verb::kSum) {
    out = total(anchors, levels);
    return true;
  }
  out = GlanceValue();
  const size_t i = edge(), n = counted_.size();
  if (i == n) return true;
  const bool tied = (i > 0 && counted_[i - 1].time == counted_[i].time) ||
                    (i + 1 < n && counted_[i + 1].time == counted_[i].time);
  if (tied && column_ != kTimeColumn) return false;
  out.cell = Cell::of(counted_[i].value);
  if (moves_) out.next_change = leaves(counted_[i].time, anchors);
  return true;
}

}  // namespace patron::internal
