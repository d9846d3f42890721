#include "lib/metrics/event_source.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "lib/expr/compare.h"
#include "lib/expr/compiled.h"

namespace patron::internal {

EventSource::EventSource(const Schema& schema, LogReader& reader, StreamRules rules)
    : reader_(reader), rules_(std::move(rules)) {
  for (const FieldSpec& field : schema.fields()) fields_.push_back(column(field.name));
  cells_.resize(fields_.size());
  if (rules_.refunds) amount_ = column("amount");
  if (rules_.refund_of.empty()) return;
  key_ = column(rules_.key);
  refund_of_ = column(rules_.refund_of);
}

std::vector<EventRef> EventSource::read(uint32_t customer, Micros now) {
  customer_ = customer;
  LogView log = reader_.read(customer);
  const LogView seen = log.until(now);
  runs_.assign(seen.begin(), seen.end());
  std::vector<EventRef> events;
  events.reserve(seen.size());
  for (const LogRun& run : runs_) {
    for (size_t i = 0; i < run.size; ++i) {
      events.emplace_back(run, static_cast<uint32_t>(i), static_cast<uint32_t>(events.size()));
    }
  }
  if (refund_of_ != kTimeColumn) net_refunds(events);
  return events;
}

// A key is unique for an id, not for a customer who has several: her first order of that key.
void EventSource::net_refunds(std::vector<EventRef>& events) const {
  const auto is_refund = [this](const EventRef& event) {
    const Cell amount = cell(event, amount_);
    return amount.known && amount.integer < 0;
  };
  // What refunds name, and when the order was; nearly always there are few, or none.
  std::map<std::pair<std::string_view, int64_t>, std::optional<Micros>> named;
  for (const EventRef& event : events) {
    if (!is_refund(event)) continue;
    const Cell key = cell(event, refund_of_);
    if (key.known) named.try_emplace({key.text, key.integer});
  }
  if (named.empty()) return;
  for (const EventRef& event : events) {
    if (is_refund(event)) continue;
    const Cell key = cell(event, key_);
    const auto order = key.known ? named.find({key.text, key.integer}) : named.end();
    if (order != named.end() && !order->second) order->second = event.time();
  }
  bool moved = false;
  for (EventRef& event : events) {
    if (!is_refund(event)) continue;
    const Cell key = cell(event, refund_of_);
    const auto order = key.known ? named.find({key.text, key.integer}) : named.end();
    if (order == named.end() || !order->second) continue;
    event.counts_at = *order->second;
    moved = true;
  }
  if (!moved) return;
  std::stable_sort(events.begin(), events.end(),
                   [](const EventRef& a, const EventRef& b) { return a.counts_at < b.counts_at; });
}

int EventSource::column(std::string_view name) const {
  return name == "time" ? kTimeColumn : reader_.layout().find(name);
}

Kind EventSource::kind(int column) const {
  if (column == kTimeColumn) return Kind::kTimestamp;
  return reader_.layout().columns[static_cast<size_t>(column)].kind;
}

bool EventSource::of_sets(int column) const {
  if (column == kTimeColumn) return false;
  const CellColumn& what = reader_.layout().columns[static_cast<size_t>(column)];
  return what.kind == Kind::kEnumSet || std::find(rules_.open_sets.begin(), rules_.open_sets.end(),
                                                  what.name) != rules_.open_sets.end();
}

std::vector<std::string> EventSource::members(const Cell& cell, int column) const {
  std::vector<std::string> out;
  const CellColumn& what = reader_.layout().columns[static_cast<size_t>(column)];
  if (what.kind == Kind::kEnumSet) {
    for (size_t bit = 0; bit < what.values.size(); ++bit) {
      if ((static_cast<uint64_t>(cell.integer) >> bit & 1) != 0) out.push_back(what.values[bit]);
    }
    return out;
  }
  for (size_t begin = 0; begin <= cell.text.size();) {
    const size_t end = std::min(cell.text.find(',', begin), cell.text.size());
    std::string_view member = cell.text.substr(begin, end - begin);
    while (!member.empty() && member.front() == ' ') member.remove_prefix(1);
    while (!member.empty() && member.back() == ' ') member.remove_suffix(1);
    const bool there = std::find(out.begin(), out.end(), member) != out.end();
    if (!member.empty() && !there) out.emplace_back(member);
    begin = end + 1;
  }
  return out;
}

// By her id, never by her row. Somebody who was forgotten is nobody known, yet somebody of her own:
// `number`, which an id leaves alone, tells her from others.
Cell EventSource::customer(uint32_t row, int column) const {
  const std::optional<CustomerId> id = reader_.customer(row);
  Cell cell = Cell::of(id ? id->number : 0);
  if (kind(column) == Kind::kString) cell = Cell::of_text(id ? id->text : std::string_view());
  if (!id) cell.number = row + 1.0;
  return cell;
}

Cell EventSource::cell(const EventRef& event, int column) const {
  const LogRun& run = *event.run;
  if (column == kTimeColumn) return Cell::of(event.time());
  if (run.null(column, event.row)) return {};
  switch (reader_.layout().columns[static_cast<size_t>(column)].cell) {
    case CellType::kByte:
      return Cell::of(run.cells<uint8_t>(column)[event.row]);
    case CellType::kDay:
      return Cell::of(run.cells<int32_t>(column)[event.row]);
    case CellType::kCode:
      return Cell::of_text(reader_.enum_text(column, run.cells<uint32_t>(column)[event.row]));
    case CellType::kCustomer:
      return customer(run.cells<uint32_t>(column)[event.row], column);
    case CellType::kInt:
      return Cell::of(run.cells<int64_t>(column)[event.row]);
    case CellType::kDouble:
      return Cell::of_double(run.cells<double>(column)[event.row]);
    case CellType::kBits:
      return Cell::of(static_cast<int64_t>(run.cells<uint64_t>(column)[event.row]));
    case CellType::kText:
      return Cell::of_text(run.text(column, event.row));
  }
  return {};
}

Cell EventSource::value(const Expression& expression, const EventRef& event) {
  for (const int field : expression.fields()) {
    const auto f = static_cast<size_t>(field);
    cells_[f] = cell(event, fields_[f]);
  }
  const Result<Cell> value = expression.evaluate_row(cells_);
  return value.ok() ? *value : Cell();
}

namespace {

// Whether a comparison of a column with a number or a text is true; absent where that is not what
// the node is. `cell` gives that of a field.
template <typename CellOf>
std::optional<bool> is_true(const Graph& graph, const Node& node, const Schema& schema,
                            const CellOf& cell) {
  if (node.op != Op::kCompare) return std::nullopt;
  const bool swapped = graph.at(node.args[0]).op == Op::kConst;
  const Node& field = graph.at(node.args[swapped ? 1 : 0]);
  const Node& constant = graph.at(node.args[swapped ? 0 : 1]);
  if (field.op != Op::kField || constant.op != Op::kConst || !constant.known) return std::nullopt;
  const Kind kind = schema.fields()[static_cast<size_t>(field.index)].kind;
  const Cmp cmp = swapped ? mirrored(node.cmp) : node.cmp;
  if ((kind == Kind::kInt64 || kind == Kind::kMoney) && node.operand == LaneKind::kI64) {
    const Cell value = cell(field.index);
    return value.known && compares(value.integer, cmp, constant.integer);
  }
  if (kind != Kind::kEnum || cmp != Cmp::kEq || constant.index < 0) return std::nullopt;
  const Cell value = cell(field.index);
  return value.known && value.text == graph.text(constant.index);
}

}  // namespace

// Most conditions are such comparisons, which are looked at where they stand: all have to be true.
bool EventSource::holds(const std::optional<Expression>& where, const EventRef& event) {
  if (!where) return true;
  const Graph& graph = where->compiled().graph;
  const auto cell_of = [&](int32_t field) {
    return cell(event, fields_[static_cast<size_t>(field)]);
  };
  constexpr size_t kMost = 8;
  std::array<int32_t, kMost> open{graph.root};
  for (size_t left = 1; left > 0;) {
    const Node& node = graph.at(open[--left]);
    if (node.op == Op::kAnd && left + 2 <= kMost) {
      open[left++] = node.args[1];
      open[left++] = node.args[0];
      continue;
    }
    const std::optional<bool> one = is_true(graph, node, where->schema(), cell_of);
    if (!one) break;
    if (!*one) return false;
    if (left == 0) return true;
  }
  const Cell answer = value(*where, event);
  return answer.known && answer.integer != 0;
}

bool EventSource::is_sale(const EventRef& event) const {
  if (!rules_.refunds) return true;
  const Cell amount = cell(event, amount_);
  return amount.known && (amount.integer > 0 || (amount.integer == 0 && rules_.count_zero_amounts));
}

bool EventSource::on_side(const EventRef& event, ReferralSide side) const {
  const StreamLayout& layout = reader_.layout();
  if (layout.referrer < 0) return true;
  const auto hers = [&](int column) {
    return reader_.same_customer(event.run->cells<uint32_t>(column)[event.row], customer_);
  };
  const bool refers = hers(layout.referrer), is_referred = hers(layout.referred);
  return refers != is_referred && refers == (side == ReferralSide::kReferrer);
}

}  // namespace patron::internal
