// The checked expression: a graph of typed operations, each of which stands behind what it reads.
//
//   "nps_score == null || nps_score >= 9"  ->  [is_null nps_score] [field nps_score] [const 9]
//                                              [compare >= 1 2] [or 0 3]
//
// Equal operations are one node, so what two rules share is computed once. Every later step (the
// program, SQL, breakpoints) is a loop over the nodes.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "lib/expr/ast.h"
#include "patron/schema.h"

namespace patron::internal {

/// The kinds of values, and what only stands in a text on the way to one.
enum class Base : uint8_t {
  kError,   ///< already reported
  kNull,    ///< the literal
  kList,    ///< a literal list, right of `in`
  kPeriod,  ///< months(n), years(n): only added to a date or time
  kBool,
  kInt64,
  kDouble,
  kString,
  kEnum,
  kEnumSet,
  kDate,
  kTimestamp,
  kDuration,
  kMoney,
};

struct ExprType {
  Base base = Base::kError;
  bool whole_days = false;            ///< kDuration made by days(): a date stays one beside it
  const FieldSpec* domain = nullptr;  ///< kEnum, kEnumSet: the field whose values it has
  MoneyUnit unit{};                   ///< kMoney

  bool operator==(const ExprType&) const = default;
};

inline ExprType plain_type(Base base) {
  ExprType type;
  type.base = base;
  return type;
}

/// "int64", "money (CNY, scale 2)": as it stands in messages.
std::string type_text(const ExprType& type);
Base base_of(Kind kind);
/// Of the kinds that a value can have.
Kind kind_of(Base base);

/// How a value lies in memory while a program runs.
enum class LaneKind : uint8_t {
  kBool,  ///< two planes of bytes: certainly true, certainly false
  kI64,   ///< int64, and a plane of bytes: known
  kF64,   ///< double, known
  kText,  ///< string_view, known
};
LaneKind lane_of(Base base);

enum class Cmp : uint8_t { kEq, kNe, kLt, kLe, kGt, kGe };
std::string_view cmp_text(Cmp cmp);
/// What b ? a is where a cmp b is known.
Cmp mirrored(Cmp cmp);

/// Parts of a time, a date or a duration.
enum class CalendarPart : uint8_t {
  kFullYear,
  kMonth,
  kDate,
  kDayOfMonth,
  kDayOfWeek,
  kDayOfYear,
  kHours,
  kMinutes,
  kSeconds,
  kMilliseconds,
};

enum class Op : uint8_t {
  kConst,  ///< payload by lane; known
  kField,  ///< index: of the field
  kNow,
  kHas,     ///< index: of the field
  kIsNull,  ///< index: of the field
  kNot,
  kAnd,
  kOr,
  kSelect,            ///< condition, then, else
  kOrElse,            ///< a where it is known, else b
  kCompare,           ///< of one lane; cmp
  kCompareIntDouble,  ///< exact; cmp
  kCompareRank,       ///< texts by their place among the values of the domain; cmp
  kInList,            ///< index: of the list of a's lane, sorted
  kSetHas,            ///< a: the set; integer: the bit
  kSetHasText,        ///< a: text, b: the set
  kSetSize,
  kAdd,
  kSub,
  kMul,
  kDiv,
  kMod,
  kNeg,
  kAbs,
  kMin,
  kMax,  ///< int64 and money, or double
  kTimeAdd,
  kTimeSub,   ///< time, duration
  kTimeDiff,  ///< time, time
  kDurationAdd,
  kDurationSub,
  kDurationMul,
  kDurationNeg,
  kDurationAbs,
  kDays,           ///< int64 to duration
  kMonths,         ///< int64 to period; integer: months in one
  kTimeAddMonths,  ///< time, period; integer: 1 or -1
  kDateAddMonths,
  kDateAddDays,  ///< date, duration of whole days; integer: 1 or -1
  kDateToTime,
  kTimeToDate,
  kMoneyScale,  ///< money, double
  kMoneyRatio,  ///< money, money
  kMoneyToDouble,
  kIntToDouble,
  kDoubleToInt,
  kTimeToInt,
  kIntToTime,
  kTextToBool,
  kTextToInt,
  kTextToDouble,
  kTextToTime,
  kTextToDuration,
  kTextToDate,
  kSize,
  kStartsWith,
  kEndsWith,
  kContains,
  kTimePart,  ///< part; index: of the zone
  kDatePart,
  kDurationPart,
};

/// A time zone of CEL: a named one, or a fixed offset.
struct ZoneChoice {
  std::string name;
  TimeZone zone;
  bool fixed = false;
  int64_t offset = 0;  ///< fixed: microseconds east of UTC

  int64_t to_wall(Micros t) const { return fixed ? t + offset : zone.to_wall(t); }
};

struct Node {
  Op op = Op::kConst;
  Cmp cmp = Cmp::kEq;
  CalendarPart part = CalendarPart::kFullYear;
  LaneKind operand = LaneKind::kBool;  ///< the lane of args[0], or of args[1] for kSelect
  bool total = false;                  ///< never unknown
  bool uses_now = false;
  bool known = true;  ///< kConst
  ExprType type;
  Span span;
  std::array<int32_t, 3> args{-1, -1, -1};
  int32_t index = -1;                 ///< of a field, text, list or zone
  int64_t integer = 0;                ///< kConst: bool, I64; see Op
  double number = 0;                  ///< kConst: F64
  const FieldSpec* domain = nullptr;  ///< kCompareRank, kSetHasText

  LaneKind lane() const { return lane_of(type.base); }
  int arg_count() const { return args[0] < 0 ? 0 : args[1] < 0 ? 1 : args[2] < 0 ? 2 : 3; }
};

/// Whether the operation is never unknown where its operands are known; also of kField, kHas and
/// kIsNull, which have none.
bool keeps_known(const Node& node);

struct Graph {
  std::vector<Node> nodes;
  int32_t root = -1;
  std::deque<std::string> texts;  ///< of constants; never moves
  std::vector<std::vector<int64_t>> int_lists;
  std::vector<std::vector<double>> double_lists;
  std::vector<std::vector<std::string_view>> text_lists;  ///< into texts
  std::vector<ZoneChoice> zones;

  const Node& at(int32_t i) const { return nodes[static_cast<size_t>(i)]; }
  std::string_view text(int32_t i) const { return texts[static_cast<size_t>(i)]; }
};

}  // namespace patron::internal
