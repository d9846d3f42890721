// Breakpoints: the instants at which one row's value changes with the clock alone.
//
// Every comparison that reads the clock is solved for it. Where the difference of its sides only
// grows or only falls with time (ages, deadlines, midnights), the instant at which it crosses zero
// is found by bisection, to the microsecond. Where it depends on the local day alone (the month,
// the day of the week), the local midnights of the next four years are tried. Then the expression
// is evaluated at each of these instants, and those at which it differs from before are kept.
#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "lib/base/civil.h"
#include "lib/base/int128.h"
#include "lib/expr/compiled.h"
#include "lib/expr/texts.h"
#include "patron/expression.h"

namespace patron {
namespace internal {
namespace {

constexpr Int128 kFar = Int128{1} << 100;
constexpr int kMostDays = 4 * 366;
/// The most operations of one comparison that is solved; it is walked by recursion.
constexpr uint32_t kMostNodes = 256;

// How a value moves as time passes.
enum class Motion : uint8_t { kNone, kUp, kDown, kOther };

Motion reversed(Motion m) {
  return m == Motion::kUp ? Motion::kDown : m == Motion::kDown ? Motion::kUp : m;
}
Motion together(Motion a, Motion b) {
  if (a == Motion::kNone) return b;
  if (b == Motion::kNone || a == b) return a;
  return Motion::kOther;
}

class Solver {
 public:
  Solver(const CompiledExpression& compiled, std::span<const Cell> cells, Micros now)
      : compiled_(compiled), graph_(compiled.graph), cells_(cells), now_(now) {}

  Status run(Breakpoints& out) {
    Status status = read_constants();
    if (!status.ok()) return status;
    measure();
    until_ = kEndTime;
    if (!visit_all(out)) return {};
    add_midnights();
    return keep_changes(out);
  }

  /// Only whether it could: `out` has the reason where not.
  Status ask(Breakpoints& out) {
    Status status = read_constants();
    if (!status.ok()) return status;
    measure();
    asking_ = true;
    out.solved = visit_all(out);
    return {};
  }

 private:
  // Whether comparing the value with one that stands still would be solved.
  bool follows(int32_t i) { return motion(i) != Motion::kOther || by_day(i); }

  const Node& at(int32_t i) const { return graph_.at(i); }
  bool moving(int32_t i) const { return at(i).uses_now; }
  const Cell& constant(int32_t i) const { return constants_[static_cast<size_t>(i)]; }

  // What does not read the clock is computed once.
  Status read_constants() {
    std::vector<uint8_t> needed(graph_.nodes.size(), 0);
    needed[static_cast<size_t>(graph_.root)] = 1;
    std::vector<int32_t> roots;
    for (int32_t i = graph_.root; i >= 0; --i) {
      if (needed[static_cast<size_t>(i)] == 0) continue;
      if (!moving(i)) {
        roots.push_back(i);
        continue;
      }
      for (int a = 0; a < at(i).arg_count(); ++a) {
        needed[static_cast<size_t>(at(i).args[static_cast<size_t>(a)])] = 1;
      }
    }
    std::reverse(roots.begin(), roots.end());
    std::vector<Cell> values(roots.size());
    const Program program(graph_, compiled_.schema, roots);
    Status status = program.run_row(cells_, now_, values);
    constants_.resize(graph_.nodes.size());
    for (size_t i = 0; i < roots.size(); ++i) constants_[static_cast<size_t>(roots[i])] = values[i];
    return status;
  }

  // The operations below each node, as often as they are read.
  void measure() {
    size_.assign(graph_.nodes.size(), 1);
    for (size_t i = 0; i < graph_.nodes.size(); ++i) {
      const Node& node = graph_.nodes[i];
      for (int a = 0; a < node.arg_count(); ++a) {
        size_[i] =
            std::min(size_[i] + size_[static_cast<size_t>(node.args[static_cast<size_t>(a)])],
                     kMostNodes + 1);
      }
    }
  }

  // From the root to the comparisons; false where one cannot be solved.
  bool visit_all(Breakpoints& out) {
    std::vector<uint8_t> wanted(graph_.nodes.size(), 0);
    wanted[static_cast<size_t>(graph_.root)] = 1;
    for (int32_t i = graph_.root; i >= 0; --i) {
      if (wanted[static_cast<size_t>(i)] == 0 || !moving(i)) continue;
      const Node& node = at(i);
      if (passes_on(node)) {
        for (int a = 0; a < node.arg_count(); ++a) {
          wanted[static_cast<size_t>(node.args[static_cast<size_t>(a)])] = 1;
        }
      } else if (size_[static_cast<size_t>(i)] > kMostNodes ||
                 (!solve(node) && !by_day(i) && !(asking_ && i == graph_.root && follows(i)))) {
        out.reason = reason_for(i);
        out.begin = node.span.begin;
        out.end = node.span.end;
        return false;
      }
    }
    return true;
  }

  // Whose value changes only when that of an argument does, arguments that stand still included.
  static bool passes_on(const Node& node) {
    switch (node.op) {
      case Op::kNot:
      case Op::kAnd:
      case Op::kOr:
      case Op::kSelect:
      case Op::kOrElse:
        return true;
      default:
        return node.operand == LaneKind::kBool && node.arg_count() > 0;
    }
  }

  std::string reason_for(int32_t index) const {
    const Node& node = at(index);
    if (size_[static_cast<size_t>(index)] > kMostNodes) {
      return "this comparison has more than 256 operations; divide it into tags of their own";
    }
    if (node.type.base != Base::kBool) {
      return "the value itself changes as time passes; compare it with a threshold";
    }
    return "this depends on the clock in a way that is not solved: write it as a comparison of "
           "age(t) or of now with a time, such as age(t) > days(30) or t + months(6) <= now";
  }

  // -- Values that only rise or only fall ---------------------------------------------------------

  Motion motion(int32_t i) const {
    if (!moving(i)) return Motion::kNone;
    const Node& node = at(i);
    const auto arg = [&](size_t k) { return motion(node.args[k]); };
    switch (node.op) {
      case Op::kNow:
        return Motion::kUp;
      case Op::kTimeAdd:
      case Op::kDurationAdd:
      case Op::kMin:
      case Op::kMax:
        return node.lane() == LaneKind::kI64 ? together(arg(0), arg(1)) : Motion::kOther;
      case Op::kTimeSub:
      case Op::kTimeDiff:
      case Op::kDurationSub:
        return together(arg(0), reversed(arg(1)));
      case Op::kDurationNeg:
        return reversed(arg(0));
      case Op::kDurationMul: {
        if (moving(node.args[1])) return Motion::kOther;
        const int64_t factor = constant(node.args[1]).integer;
        return factor == 0 ? Motion::kNone : factor > 0 ? arg(0) : reversed(arg(0));
      }
      case Op::kTimeAddMonths:
      case Op::kDateAddMonths:
      case Op::kDateAddDays:
        return moving(node.args[1]) ? Motion::kOther : arg(0);
      case Op::kDateToTime:
      case Op::kTimeToDate:
      case Op::kTimeToInt:
        return arg(0);
      case Op::kDurationPart:
        return node.part == CalendarPart::kMilliseconds ? Motion::kOther : arg(0);
      default:
        return Motion::kOther;
    }
  }

  // Whether everything below that stands still is known.
  bool grounded(int32_t i) const {
    if (!moving(i)) return constant(i).known;
    for (int a = 0; a < at(i).arg_count(); ++a) {
      if (!grounded(at(i).args[static_cast<size_t>(a)])) return false;
    }
    return true;
  }

  // The value at t without the bounds of its type.
  Int128 raw(int32_t i, Int128 t) const {
    if (!moving(i)) return constant(i).integer;
    const Node& node = at(i);
    if (node.op == Op::kNow) return t;
    const Int128 a = raw(node.args[0], t);
    const Int128 b = node.args[1] >= 0 ? raw(node.args[1], t) : 0;
    switch (node.op) {
      case Op::kTimeAdd:
      case Op::kDurationAdd:
        return bounded(a + b);
      case Op::kTimeSub:
      case Op::kTimeDiff:
      case Op::kDurationSub:
        return bounded(a - b);
      case Op::kDurationNeg:
        return -a;
      case Op::kMin:
        return a < b ? a : b;
      case Op::kMax:
        return a > b ? a : b;
      case Op::kDurationMul:
        return a > Int128{INT64_MAX} || a < Int128{INT64_MIN} ? bounded(a) * (b < 0 ? -1 : 1)
                                                              : bounded(a * b);
      default:
        return by_kernel(node, a, b);
    }
  }
  static Int128 bounded(Int128 x) { return x > kFar ? kFar : x < -kFar ? -kFar : x; }

  // Operations on the calendar; beyond where it reaches they are as far as can be.
  Int128 by_kernel(const Node& node, Int128 a, Int128 b) const {
    const Int128 beyond = a < 0 ? -kFar : kFar;
    if (a > Int128{INT64_MAX} || a < Int128{INT64_MIN}) return beyond;
    int64_t x = static_cast<int64_t>(a), y = static_cast<int64_t>(b), out = 0;
    uint8_t yes = 1, known = 0;
    KernelArgs k;
    k.n = 1;
    k.node = &node;
    k.graph = &graph_;
    k.a = {&x, &yes};
    k.b = {&y, &yes};
    k.out = {&out, &known};
    kernel_of(graph_, node).row(k);
    return known != 0 ? Int128{out} : beyond;
  }

  // The first instant after now at which the value, rising, is `least` or more.
  std::optional<Micros> first_at(int32_t i, int32_t j, Motion way, Int128 least) const {
    const auto reached = [&](Int128 t) {
      const Int128 apart = raw(i, t) - (j >= 0 ? raw(j, t) : 0);
      return way == Motion::kDown ? -apart >= least : apart >= least;
    };
    Int128 low = now_, high = kEndTime - 1;
    if (low >= high || reached(low) || !reached(high)) return std::nullopt;
    while (high - low > 1) {
      const Int128 middle = low + (high - low) / 2;
      (reached(middle) ? high : low) = middle;
    }
    return static_cast<Micros>(high);
  }

  void add(std::optional<Micros> t) {
    if (t) candidates_.push_back(*t);
  }
  void end_at(std::optional<Micros> t) {
    if (t) until_ = std::min(until_, *t);
  }

  // The list is complete only as long as nothing below leaves or enters its type's range.
  void bound_below(int32_t i) {
    if (!moving(i) || at(i).op == Op::kNow) return;
    for (int a = 0; a < at(i).arg_count(); ++a) bound_below(at(i).args[static_cast<size_t>(a)]);
    Int128 low = INT64_MIN, high = INT64_MAX;
    switch (at(i).type.base) {
      case Base::kTimestamp:
        low = kFirstTime, high = kPastTime - 1;
        break;
      case Base::kDuration:
        low = -Int128{kMaxDuration}, high = kMaxDuration;
        break;
      case Base::kDate:
        low = kFirstDay, high = kLastDay;
        break;
      default:
        break;
    }
    const Motion way = motion(i);
    if (way == Motion::kUp) {
      end_at(first_at(i, -1, way, low));
      end_at(first_at(i, -1, way, high + 1));
    } else if (way == Motion::kDown) {
      end_at(first_at(i, -1, way, -high));
      end_at(first_at(i, -1, way, -low + 1));
    }
  }

  // a ? b is decided by the sign of a - b: when it becomes 0, and when it leaves it.
  bool solve(const Node& node) {
    if (node.operand != LaneKind::kI64) return false;
    const int32_t a = node.args[0];
    if (node.op == Op::kCompare) {
      const int32_t b = node.args[1];
      const Motion way = together(motion(a), reversed(motion(b)));
      if (way == Motion::kOther) return false;
      if (asking_ || !grounded(a) || !grounded(b) || way == Motion::kNone) return true;
      add(first_at(a, b, way, 0));
      add(first_at(a, b, way, 1));
      bound_below(a);
      bound_below(b);
      return true;
    }
    if (node.op != Op::kInList) return false;
    const Motion way = motion(a);
    if (way == Motion::kOther) return false;
    if (asking_ || !grounded(a) || way == Motion::kNone) return true;
    for (const int64_t item : graph_.int_lists[static_cast<size_t>(node.index)]) {
      const Int128 level = way == Motion::kUp ? Int128{item} : -Int128{item};
      add(first_at(a, -1, way, level));
      add(first_at(a, -1, way, level + 1));
    }
    bound_below(a);
    return true;
  }

  // -- Values of the local day --------------------------------------------------------------------

  // Whether it depends on the clock through local days alone; collects their zones.
  bool by_day(int32_t i) {
    if (!moving(i)) return true;
    const Node& node = at(i);
    const bool of_day = (node.op == Op::kTimePart && node.part < CalendarPart::kHours) ||
                        node.op == Op::kTimeToDate;
    if (of_day && at(node.args[0]).op == Op::kNow) {
      zones_.push_back(node.index);
      return true;
    }
    if (node.arg_count() == 0) return false;
    for (int a = 0; a < node.arg_count(); ++a) {
      if (!by_day(node.args[static_cast<size_t>(a)])) return false;
    }
    return true;
  }

  void add_midnights() {
    for (const int32_t index : zones_) {
      const ZoneChoice& zone = graph_.zones[static_cast<size_t>(index)];
      const Day today = floor_div(zone.to_wall(now_), kMicrosPerDay);
      for (int n = 1; n <= kMostDays; ++n) {
        const Micros t = zone.fixed ? (today + n) * kMicrosPerDay - zone.offset
                                    : zone.zone.start_of_day(today + n);
        if (n == kMostDays) {
          until_ = std::min(until_, t);
        } else if (t > now_ && t < kEndTime) {
          candidates_.push_back(t);
        }
      }
    }
  }

  Status keep_changes(Breakpoints& out) {
    std::sort(candidates_.begin(), candidates_.end());
    candidates_.erase(std::unique(candidates_.begin(), candidates_.end()), candidates_.end());
    Cell before;
    Status status = compiled_.program->run_row(cells_, now_, {&before, 1});
    for (const Micros t : candidates_) {
      if (t >= until_ || !status.ok()) break;
      Cell value;
      status = compiled_.program->run_row(cells_, t, {&value, 1});
      const bool same = value.known == before.known && value.integer == before.integer &&
                        value.number == before.number && value.text == before.text;
      if (!same) out.instants.push_back(t);
      before = value;
    }
    out.solved = true;
    out.until = until_;
    return status;
  }

  const CompiledExpression& compiled_;
  const Graph& graph_;
  std::span<const Cell> cells_;
  Micros now_;
  Micros until_ = kEndTime;
  bool asking_ = false;
  std::vector<Cell> constants_;
  std::vector<uint32_t> size_;
  std::vector<Micros> candidates_;
  std::vector<int32_t> zones_;
};

// A row of which everything is known: 1, or -1, since the sign of a factor turns time around.
std::vector<Cell> row_of(const Schema& schema, int64_t sign) {
  std::vector<Cell> row;
  for (const FieldSpec& field : schema.fields()) {
    row.push_back({true, field.kind == Kind::kBool || field.kind == Kind::kEnumSet ? 1 : sign,
                   static_cast<double>(sign), "1"});
  }
  return row;
}

}  // namespace

std::optional<Breakpoints> unsolved_time(const CompiledExpression& compiled) {
  if (!compiled.root().uses_now) return std::nullopt;
  for (const int64_t sign : {1, -1}) {
    const std::vector<Cell> row = row_of(compiled.schema, sign);
    Breakpoints out;
    if (!Solver(compiled, row, 0).ask(out).ok()) continue;
    if (!out.solved) return out;
  }
  return std::nullopt;
}

}  // namespace internal

inline namespace v0 {

Result<Breakpoints> Expression::breakpoints(std::span<const Cell> cells, Micros now) const {
  Status status = internal::check_row(*compiled_, cells.size(), now);
  if (!status.ok()) return status;
  Breakpoints out;
  status = internal::Solver(*compiled_, cells, now).run(out);
  if (!status.ok()) return status;
  return out;
}

}  // namespace v0
}  // namespace patron
