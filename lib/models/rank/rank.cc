#include "patron/rank.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "lib/base/bitmap.h"
#include "lib/base/exact_sum.h"
#include "lib/base/number_text.h"
#include "lib/base/table_data.h"
#include "lib/base/utf8.h"
#include "lib/models/rank/rank_options.h"
#include "lib/models/rank/rank_values.h"

namespace patron {
inline namespace v0 {
namespace {

using internal::Buffer;
using internal::Decimal;
using internal::Entry;
using internal::ExactSum;
using internal::Magnitude;
using internal::OwnedColumn;
using internal::RankedValues;
using internal::ScaledDouble;

// The three columns of the result, filled row by row.
class RankColumns {
 public:
  RankColumns(int64_t rows, int64_t ranked)
      : rows_(rows),
        rank_(column("rank", Type::kInt64, 8, rows - ranked)),
        share_(column("cumulative_share", Type::kDouble, 8, rows - ranked)),
        class_(column("class", Type::kInt8, 1, rows - ranked)) {}

  void set(int64_t row, int64_t rank, double share, int8_t in_class) {
    rank_.values.as<int64_t>()[row] = rank;
    share_.values.as<double>()[row] = share;
    class_.values.as<int8_t>()[row] = in_class;
    if (rank_.null_count == 0) return;
    for (OwnedColumn* column : {&rank_, &share_, &class_}) {
      internal::set_bit(column->validity.data(), row);
    }
  }

  void forget_shares() {
    share_.validity = zeros(static_cast<size_t>(rows_ + 7) / 8);
    std::fill_n(share_.values.as<double>(), rows_, 0.0);
    share_.null_count = rows_;
  }

  Table finish() {
    std::vector<OwnedColumn> columns;
    columns.push_back(std::move(rank_));
    columns.push_back(std::move(share_));
    columns.push_back(std::move(class_));
    return internal::make_owned_table(std::move(columns));
  }

 private:
  static Buffer zeros(size_t bytes) {
    Buffer buffer(bytes);
    std::fill_n(buffer.data(), bytes, uint8_t{0});
    return buffer;
  }

  OwnedColumn column(std::string name, Type type, size_t width, int64_t nulls) const {
    const auto rows = static_cast<size_t>(rows_);
    OwnedColumn out;
    out.field.name = std::move(name);
    out.field.type.type = type;
    out.length = rows_;
    out.null_count = nulls;
    out.values = nulls == 0 ? Buffer(rows * width) : zeros(rows * width);
    if (nulls != 0) out.validity = zeros((rows + 7) / 8);
    return out;
  }

  int64_t rows_;
  OwnedColumn rank_, share_, class_;
};

// Values that are equal, as places [begin, end) from the top.
struct Group {
  int64_t begin, end;
};

template <typename Keys>
Group group_at(const RankedValues<Keys>& values, int64_t begin) {
  const Entry<Keys>* entries = values.entries();
  int64_t end = begin + 1;
  while (end < values.count && entries[end].key == entries[begin].key) ++end;
  return {begin, end};
}

// The value of a group times its members, added to the sum or taken from it.
template <typename Keys, size_t N>
void move(ExactSum<N>& sum, const Magnitude& value, int64_t members) {
  const auto times = static_cast<uint64_t>(members);
  const auto part = [&](uint64_t digits, unsigned shift) {
    const internal::Uint128 product = static_cast<internal::Uint128>(digits) * times;
    value.negative ? sum.subtract(product, shift) : sum.add(product, shift);
  };
  part(static_cast<uint64_t>(value.digits), value.shift);
  if (value.digits >> 64 != 0) part(static_cast<uint64_t>(value.digits >> 64), value.shift + 64);
}

// What the whole column adds up to, without rounding.
template <size_t N>
struct Total {
  ExactSum<N> sum;        ///< where positive
  bool positive = false;  ///< whether the sum is above zero
};

template <typename Keys>
Total<Keys::kLimbs> total_of(const RankedValues<Keys>& values) {
  ExactSum<Keys::kLimbs> gains, losses;
  for (int64_t at = 0; at < values.count;) {
    const Group group = group_at(values, at);
    Magnitude value = values.keys.magnitude(values.entries()[at].key);
    ExactSum<Keys::kLimbs>& sum = value.negative ? losses : gains;
    value.negative = false;
    move<Keys>(sum, value, group.end - group.begin);
    at = group.end;
  }
  Total<Keys::kLimbs> total;
  total.positive = losses < gains;
  total.sum = gains;
  if (total.positive) total.sum.subtract(losses);
  return total;
}

// Decides the class of each group, from the top. A group is inside a class when the boundary was
// not reached before it, so whoever crosses the boundary is inside and nobody after.
template <size_t N>
class Boundaries {
 public:
  Boundaries(const RankOptions& options, const ExactSum<N>& total, int64_t ranked)
      : seats_(options.top) {
    for (double share : options.shares) {
      ends_.push_back(internal::reached_from(total, internal::shortest_decimal(share)));
    }
    ExactSum<N> people;
    people.add(static_cast<uint64_t>(ranked), 0);
    for (double percent : options.top_percents) {
      Decimal share = internal::shortest_decimal(percent);
      share.places += 2;
      ends_.push_back(internal::reached_from(people, share));
    }
    by_people_ = !options.top_percents.empty();
  }

  size_t classes() const { return seats_ ? 2 : ends_.size() + 1; }

  /// `sum`: of the values before the group.
  size_t class_of(const Group& group, const ExactSum<N>& sum) {
    if (seats_) {
      if (group.end > *seats_) current_ = 1;
      return current_;
    }
    if (by_people_) {
      ExactSum<N> people;
      people.add(static_cast<uint64_t>(group.begin), 0);
      return advance(people);
    }
    return advance(sum);
  }

 private:
  size_t advance(const ExactSum<N>& reached) {
    while (current_ < ends_.size() && !(reached < ends_[current_])) ++current_;
    return current_;
  }

  std::optional<int64_t> seats_;
  std::vector<ExactSum<N>> ends_;
  bool by_people_ = false;
  size_t current_ = 0;
};

template <typename Keys>
Status refuse_negative(const RankedValues<Keys>& values, std::string_view column) {
  const Entry<Keys>* entries = values.entries();
  if (!values.keys.magnitude(entries[values.count - 1].key).negative) return Status();
  // The first row that is negative, not the lowest value: the one that a reader finds first.
  Entry<Keys> first = entries[values.count - 1];
  for (int64_t i = values.count; i-- > 0 && values.keys.magnitude(entries[i].key).negative;) {
    if (entries[i].row < first.row) first = entries[i];
  }
  return Status(Code::kArgument,
                "column " + internal::quoted(column) + ", row " + std::to_string(first.row) + ": " +
                    internal::number_text(values.keys.as_double(first.key)) +
                    " is negative; shares of a total need values of 0 or more, so leave it out, or "
                    "cut by top_percents or top",
                first.row);
}

template <typename Keys>
Result<RankResult> rank_values(const RankedValues<Keys>& values, int64_t rows,
                               std::string_view column, const RankOptions& options) {
  if (!options.shares.empty()) {
    if (Status status = refuse_negative(values, column); !status.ok()) return status;
  }
  const auto total = total_of(values);
  const ScaledDouble whole = total.sum.rounded();
  Boundaries<Keys::kLimbs> boundaries(options, total.sum, values.count);
  RankResult result;
  result.ranked = values.count;
  result.members.assign(boundaries.classes(), 0);
  result.cuts.assign(boundaries.classes() - 1, std::numeric_limits<double>::infinity());

  RankColumns columns(rows, values.count);
  ExactSum<Keys::kLimbs> sum;
  const Entry<Keys>* entries = values.entries();
  for (int64_t at = 0; at < values.count;) {
    const Group group = group_at(values, at);
    const size_t in_class = boundaries.class_of(group, sum);
    double share = 0;
    if (total.positive) {
      move<Keys>(sum, values.keys.magnitude(entries[at].key), group.end - group.begin);
      share = ratio(sum.rounded(), whole);
    }
    for (int64_t i = group.begin; i < group.end; ++i) {
      columns.set(entries[i].row, group.begin + 1, share, static_cast<int8_t>(in_class));
    }
    result.members[in_class] += group.end - group.begin;
    if (in_class < result.cuts.size())
      result.cuts[in_class] = values.keys.as_double(entries[at].key);
    at = group.end;
  }
  // A class that admits nobody ends where the one before it does.
  for (size_t i = 1; i < result.cuts.size(); ++i) {
    if (result.members[i] == 0) result.cuts[i] = result.cuts[i - 1];
  }
  if (!total.positive) columns.forget_shares();
  result.table = columns.finish();
  return result;
}

}  // namespace

Result<RankResult> rank(const Table& table, std::string_view column, const RankOptions& options) {
  if (Status status = internal::check_rank_options(options); !status.ok()) return status;
  Result<int> index = table.require(column);
  if (!index.ok()) return index.status();
  Result<internal::AnyRankedValues> values = internal::ranked_values(table, *index);
  if (!values.ok()) return values.status();
  return std::visit(
      [&](const auto& ranked) { return rank_values(ranked, table.rows(), column, options); },
      *values);
}

}  // namespace v0
}  // namespace patron
