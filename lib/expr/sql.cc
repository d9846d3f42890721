// The graph as SQL, whose NULL is patron's unknown.
#include <array>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "lib/base/number_text.h"
#include "lib/expr/compiled.h"
#include "lib/expr/texts.h"
#include "patron/expression.h"

namespace patron {
namespace internal {
namespace {

std::string in_quotes(std::string_view text, char quote) {
  std::string out(1, quote);
  for (const char c : text) {
    out.push_back(c);
    if (c == quote) out.push_back(c);
  }
  return out + quote;
}

class SqlWriter {
 public:
  SqlWriter(const CompiledExpression& compiled, SqlDialect dialect, std::optional<Micros> now)
      : compiled_(compiled),
        graph_(compiled.graph),
        duck_(dialect == SqlDialect::kDuckdb),
        now_(now) {}

  Result<std::string> run() {
    std::vector<uint8_t> wanted(graph_.nodes.size(), 0);
    wanted[static_cast<size_t>(graph_.root)] = 1;
    for (size_t i = graph_.nodes.size(); i-- > 0;) {
      if (wanted[i] == 0) continue;
      const Node& node = graph_.nodes[i];
      for (int a = 0; a < node.arg_count(); ++a) {
        wanted[static_cast<size_t>(node.args[static_cast<size_t>(a)])] = 1;
      }
    }
    texts_.resize(graph_.nodes.size());
    for (size_t i = 0; i < graph_.nodes.size(); ++i) {
      if (wanted[i] == 0) continue;
      std::optional<std::string> text = write(graph_.nodes[i]);
      if (!text) {
        const Span span = graph_.nodes[i].span;
        const std::string source = compiled_.text.substr(span.begin, span.end - span.begin);
        return Status(Code::kUnsupported, source + " has no counterpart in SQL: " + why_, -1,
                      span.begin);
      }
      texts_[i] = *std::move(text);
      constexpr size_t kMostBytes = 1u << 20;
      if (texts_[i].size() > kMostBytes) {
        return Status(Code::kLimit, "the expression has more than a megabyte as SQL");
      }
    }
    return texts_[static_cast<size_t>(graph_.root)];
  }

 private:
  using Text = std::optional<std::string>;

  const std::string& arg(const Node& node, size_t i) const {
    return texts_[static_cast<size_t>(node.args[i])];
  }
  Text none(const char* why) {
    why_ = why;
    return std::nullopt;
  }
  Text infix(const Node& node, const char* op) const {
    return "(" + arg(node, 0) + " " + op + " " + arg(node, 1) + ")";
  }
  static std::string cast(const std::string& value, const char* type) {
    return "CAST(" + value + " AS " + type + ")";
  }
  std::string zoned(const Node& node, const std::string& value) const {
    const ZoneChoice& zone = graph_.zones[static_cast<size_t>(node.index)];
    return "(" + value + " AT TIME ZONE " + in_quotes(zone.name, '\'') + ")";
  }
  std::string field(int32_t index) const {
    return in_quotes(compiled_.schema.fields()[static_cast<size_t>(index)].name, '"');
  }

  static const char* sql_type(Base base) {
    switch (base) {
      case Base::kBool:
        return "BOOLEAN";
      case Base::kDouble:
        return "FLOAT8";
      case Base::kString:
      case Base::kEnum:
        return "VARCHAR";
      case Base::kDate:
        return "DATE";
      case Base::kTimestamp:
        return "TIMESTAMPTZ";
      case Base::kDuration:
        return "INTERVAL";
      case Base::kMoney:
        return "DECIMAL(19, 9)";
      default:
        return "BIGINT";
    }
  }

  Text literal(const ExprType& type, int64_t whole, double number, std::string_view text) {
    switch (type.base) {
      case Base::kBool:
        return std::string(whole != 0 ? "TRUE" : "FALSE");
      case Base::kDouble:
        return cast(number_text(number), "FLOAT8");
      case Base::kString:
      case Base::kEnum:
        if (text.find('\0') != std::string_view::npos) return none("a text with a NUL");
        return in_quotes(text, '\'');
      case Base::kDate:
        return "DATE '" + format_date(whole) + "'";
      case Base::kTimestamp: {
        std::string stamp = time_text(whole);
        stamp[10] = ' ';
        stamp.back() = '+';
        return "TIMESTAMPTZ '" + stamp + "00'";
      }
      case Base::kDuration:
        return "INTERVAL '" + std::to_string(whole) + " microseconds'";
      case Base::kMoney: {
        const std::string amount = format_money(whole, {type.unit.scale, {}});
        return whole < 0 ? "(" + amount + ")" : amount;
      }
      default:
        if (whole == INT64_MIN) return std::string("(-9223372036854775807 - 1)");
        return whole < 0 ? "(" + std::to_string(whole) + ")" : std::to_string(whole);
    }
  }

  Text constant(const Node& node) {
    if (!node.known) return cast("NULL", sql_type(node.type.base));
    return literal(node.type, node.integer, node.number,
                   node.index >= 0 ? graph_.text(node.index) : std::string_view());
  }

  Text compare(const Node& node) {
    const bool order = node.cmp != Cmp::kEq && node.cmp != Cmp::kNe;
    const std::string op(node.cmp == Cmp::kEq   ? "="
                         : node.cmp == Cmp::kNe ? "<>"
                                                : cmp_text(node.cmp));
    std::string left = arg(node, 0);
    // Code points, whatever the database's collation is.
    if (order && node.operand == LaneKind::kText && !duck_) left += " COLLATE \"C\"";
    return "(" + left + " " + op + " " + arg(node, 1) + ")";
  }

  Text compare_rank(const Node& node) {
    const auto place = [&](const std::string& text) {
      std::string out = "CASE " + text;
      for (size_t i = 0; i < node.domain->values.size(); ++i) {
        out += " WHEN " + in_quotes(node.domain->values[i], '\'') + " THEN " + std::to_string(i);
      }
      return out + " END";
    };
    return "(" + place(arg(node, 0)) + " " + std::string(cmp_text(node.cmp)) + " " +
           place(arg(node, 1)) + ")";
  }

  Text in_list(const Node& node) {
    std::string items;
    const auto add = [&](const Text& item) {
      if (!item) return false;
      items += (items.empty() ? "" : ", ") + *item;
      return true;
    };
    const ExprType& type = graph_.at(node.args[0]).type;
    const auto at = static_cast<size_t>(node.index);
    switch (node.operand) {
      case LaneKind::kBool:
        if ((node.integer & 1) != 0) add("FALSE");
        if ((node.integer & 2) != 0) add("TRUE");
        break;
      case LaneKind::kI64:
        for (const int64_t item : graph_.int_lists[at]) {
          if (!add(literal(type, item, 0, {}))) return std::nullopt;
        }
        break;
      case LaneKind::kF64:
        for (const double item : graph_.double_lists[at]) add(literal(type, 0, item, {}));
        break;
      case LaneKind::kText:
        for (const std::string_view item : graph_.text_lists[at]) {
          if (!add(literal(type, 0, 0, item))) return std::nullopt;
        }
        break;
    }
    if (items.empty()) return "CASE WHEN " + arg(node, 0) + " IS NOT NULL THEN FALSE END";
    return "(" + arg(node, 0) + " IN (" + items + "))";
  }

  Text least(const Node& node, const char* function) const {
    return "CASE WHEN " + arg(node, 0) + " IS NOT NULL AND " + arg(node, 1) + " IS NOT NULL THEN " +
           function + "(" + arg(node, 0) + ", " + arg(node, 1) + ") END";
  }

  Text arithmetic(const Node& node) {
    const bool real = node.lane() == LaneKind::kF64;
    switch (node.op) {
      case Op::kAdd:
      case Op::kTimeAdd:
      case Op::kDurationAdd:
        return infix(node, "+");
      case Op::kSub:
      case Op::kTimeSub:
      case Op::kTimeDiff:
      case Op::kDurationSub:
        return infix(node, "-");
      case Op::kMul:
      case Op::kDurationMul:
        return infix(node, "*");
      case Op::kDiv:
        return "(" + arg(node, 0) + (duck_ && !real ? " // " : " / ") + "NULLIF(" + arg(node, 1) +
               ", 0))";
      case Op::kMod:
        return "(" + arg(node, 0) + " % NULLIF(" + arg(node, 1) + ", 0))";
      case Op::kNeg:
      case Op::kDurationNeg:
        return "(-" + arg(node, 0) + ")";
      case Op::kAbs:
        return "abs(" + arg(node, 0) + ")";
      case Op::kMin:
        return least(node, "LEAST");
      case Op::kMax:
        return least(node, "GREATEST");
      case Op::kMoneyRatio:
        return "(" + cast(arg(node, 0), "FLOAT8") + " / NULLIF(" + cast(arg(node, 1), "FLOAT8") +
               ", 0))";
      case Op::kMoneyToDouble:
      case Op::kIntToDouble:
        return cast(arg(node, 0), "FLOAT8");
      case Op::kDoubleToInt:
        return cast("trunc(" + arg(node, 0) + ")", "BIGINT");
      case Op::kMoneyScale:
        return none("money is rounded half to even there, not here");
      default:
        return none("write it in another way");
    }
  }

  Text whole(const std::string& number) const { return cast("floor(" + number + ")", "BIGINT"); }

  Text calendar_part(CalendarPart part, const std::string& value) const {
    const auto extract = [&](const char* unit) {
      return cast("floor(EXTRACT(" + std::string(unit) + " FROM " + value + "))", "BIGINT");
    };
    switch (part) {
      case CalendarPart::kFullYear:
        return extract("YEAR");
      case CalendarPart::kMonth:
        return "(" + extract("MONTH") + " - 1)";
      case CalendarPart::kDate:
        return extract("DAY");
      case CalendarPart::kDayOfMonth:
        return "(" + extract("DAY") + " - 1)";
      case CalendarPart::kDayOfWeek:
        return extract("DOW");
      case CalendarPart::kDayOfYear:
        return "(" + extract("DOY") + " - 1)";
      case CalendarPart::kHours:
        return extract("HOUR");
      case CalendarPart::kMinutes:
        return extract("MINUTE");
      case CalendarPart::kSeconds:
        return extract("SECOND");
      case CalendarPart::kMilliseconds:
        return "(" + extract("MILLISECONDS") + " % 1000)";
    }
    return std::nullopt;
  }

  Text duration_part(const Node& node) {
    const char* length = node.part == CalendarPart::kHours     ? "3600"
                         : node.part == CalendarPart::kMinutes ? "60"
                         : node.part == CalendarPart::kSeconds ? "1"
                                                               : nullptr;
    if (length == nullptr) return none("milliseconds of a duration");
    return cast("trunc(EXTRACT(EPOCH FROM " + arg(node, 0) + ") / " + length + ")", "BIGINT");
  }

  // n months after a wall clock, which SQL would bring back to the last day of a month that is too
  // short: so they are added to the first of the month, where nothing is brought back, and what is
  // behind it after that; if that leaves the month, the first of the next one comes before it.
  std::string months_later(const Node& node, const std::string& wall) const {
    const std::string count = (node.integer > 0 ? "" : "-") + arg(node, 1);
    const auto months = [&](const std::string& n) {
      const std::string whole_number = cast(n, "INTEGER");
      return duck_ ? "to_months(" + whole_number + ")"
                   : "make_interval(months => " + whole_number + ")";
    };
    const std::string first = "date_trunc('month', " + wall + ")";
    return "LEAST(" + first + " + " + months(count) + " + (" + wall + " - " + first + "), " +
           first + " + " + months(count + " + 1") + ")";
  }

  Text time(const Node& node) {
    switch (node.op) {
      case Op::kDays:
        return "(" + arg(node, 0) + " * INTERVAL '24 hours')";
      case Op::kDateAddDays: {
        const Node& days = graph_.at(node.args[1]);
        std::string count;
        if (days.op == Op::kConst && days.known) {
          count = std::to_string(days.integer / kMicrosPerDay);
        } else if (days.op == Op::kDays) {
          count = arg(days, 0);
        } else {
          return none("write the days as days(n)");
        }
        return "(" + arg(node, 0) + (node.integer > 0 ? " + " : " - ") + cast(count, "INTEGER") +
               ")";
      }
      case Op::kMonths:
        return node.integer == 1 ? arg(node, 0)
                                 : "(" + arg(node, 0) + " * " + std::to_string(node.integer) + ")";
      case Op::kDateAddMonths:
        return cast(months_later(node, cast(arg(node, 0), "TIMESTAMP")), "DATE");
      case Op::kTimeAddMonths: {
        const ZoneChoice& zone = graph_.zones[static_cast<size_t>(node.index)];
        if (!zone.fixed || zone.offset != 0) {
          return none("a local time that the clock skips is another instant there");
        }
        return zoned(node, months_later(node, zoned(node, arg(node, 0))));
      }
      case Op::kDateToTime:
        return zoned(node, cast(arg(node, 0), "TIMESTAMP"));
      case Op::kTimeToDate:
        return cast(zoned(node, arg(node, 0)), "DATE");
      case Op::kTimeToInt:
        return whole("EXTRACT(EPOCH FROM " + arg(node, 0) + ")");
      case Op::kIntToTime:
        return "to_timestamp(" + arg(node, 0) + ")";
      case Op::kTimePart: {
        const ZoneChoice& zone = graph_.zones[static_cast<size_t>(node.index)];
        if (zone.fixed && zone.offset != 0) return none("an offset as a time zone");
        return calendar_part(node.part, zoned(node, arg(node, 0)));
      }
      case Op::kDatePart:
        return calendar_part(node.part, arg(node, 0));
      case Op::kDurationPart:
        return duration_part(node);
      default:
        return none("write it in another way");
    }
  }

  Text text(const Node& node) {
    switch (node.op) {
      case Op::kSize:
        return cast("length(" + arg(node, 0) + ")", "BIGINT");
      case Op::kStartsWith:
        return "starts_with(" + arg(node, 0) + ", " + arg(node, 1) + ")";
      case Op::kEndsWith:
        if (duck_) return "ends_with(" + arg(node, 0) + ", " + arg(node, 1) + ")";
        return "(right(" + arg(node, 0) + ", length(" + arg(node, 1) + ")) = " + arg(node, 1) + ")";
      case Op::kContains:
        return "(strpos(" + arg(node, 0) + ", " + arg(node, 1) + ") > 0)";
      default:
        return none("text that does not convert is an error there, not unknown");
    }
  }

  Text set(const Node& node) {
    if (node.op == Op::kSetHas) {
      const auto bit = static_cast<int64_t>(uint64_t{1} << node.integer);
      return "((" + arg(node, 0) + " & " + *literal(plain_type(Base::kInt64), bit, 0, {}) +
             ") <> 0)";
    }
    if (node.op == Op::kSetSize) {
      return cast(duck_ ? "bit_count(" + arg(node, 0) + ")"
                        : "bit_count(" + cast(arg(node, 0), "bit(64)") + ")",
                  "BIGINT");
    }
    return none("membership of a text from the row");
  }

  Text write(const Node& node) {
    switch (node.op) {
      case Op::kConst:
        return constant(node);
      case Op::kField:
        return field(node.index);
      case Op::kNow:
        if (!now_) return std::string("now()");
        return literal(plain_type(Base::kTimestamp), *now_, 0, {});
      case Op::kHas:
        return "(" + field(node.index) + " IS NOT NULL)";
      case Op::kIsNull:
        return "(" + field(node.index) + " IS NULL)";
      case Op::kNot:
        return "(NOT " + arg(node, 0) + ")";
      case Op::kAnd:
        return infix(node, "AND");
      case Op::kOr:
        return infix(node, "OR");
      case Op::kSelect:
        return "CASE WHEN " + arg(node, 0) + " THEN " + arg(node, 1) + " WHEN NOT " + arg(node, 0) +
               " THEN " + arg(node, 2) + " END";
      case Op::kOrElse:
        return "COALESCE(" + arg(node, 0) + ", " + arg(node, 1) + ")";
      case Op::kCompare:
        return compare(node);
      case Op::kCompareIntDouble:
        return none("whole numbers and doubles are compared as doubles there; write double(x)");
      case Op::kCompareRank:
        return compare_rank(node);
      case Op::kInList:
        return in_list(node);
      case Op::kSetHas:
      case Op::kSetHasText:
      case Op::kSetSize:
        return set(node);
      case Op::kSize:
      case Op::kStartsWith:
      case Op::kEndsWith:
      case Op::kContains:
      case Op::kTextToBool:
      case Op::kTextToInt:
      case Op::kTextToDouble:
      case Op::kTextToTime:
      case Op::kTextToDuration:
      case Op::kTextToDate:
        return text(node);
      case Op::kDays:
      case Op::kMonths:
      case Op::kTimeAddMonths:
      case Op::kDateAddMonths:
      case Op::kDateAddDays:
      case Op::kDateToTime:
      case Op::kTimeToDate:
      case Op::kTimeToInt:
      case Op::kIntToTime:
      case Op::kTimePart:
      case Op::kDatePart:
      case Op::kDurationPart:
        return time(node);
      default:
        return arithmetic(node);
    }
  }

  const CompiledExpression& compiled_;
  const Graph& graph_;
  bool duck_;
  std::optional<Micros> now_;
  std::vector<std::string> texts_;
  const char* why_ = "";
};

}  // namespace
}  // namespace internal

inline namespace v0 {

Result<std::string> Expression::to_sql(SqlDialect dialect, std::optional<Micros> now) const {
  if (dialect != SqlDialect::kDuckdb && dialect != SqlDialect::kPostgresql) {
    return Status(Code::kArgument, "the SQL dialect is " +
                                       std::to_string(static_cast<int>(dialect)) +
                                       "; want kDuckdb or kPostgresql");
  }
  if (now && (*now < kMinTime || *now >= kEndTime)) {
    return Status(Code::kArgument, "now is " + std::to_string(*now) +
                                       " microseconds, which lies outside the years 0001 to 9999");
  }
  return internal::SqlWriter(*compiled_, dialect, now).run();
}

}  // namespace v0
}  // namespace patron
