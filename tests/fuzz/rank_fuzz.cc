// rank() against its definition: exact sums in 128 bits, groups of equal values, one boundary after
// the other. docs/rfm.md has the rules.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/int128.h"
#include "patron/rank.h"
#include "patron/table.h"
#include "tests/fuzz/fuzz.h"

namespace {

using patron::internal::Int128;

/// A column as whole numbers of quarters, absent where null, and how it stands in the table.
struct Input {
  std::vector<std::optional<int64_t>> quarters;
  bool doubles = false;
};

struct Expected {
  std::vector<int64_t> rank, in_class;  ///< of each row; 0 where null
  std::vector<double> share;            ///< NaN where there is none
  std::vector<int64_t> members;
};

/// Whether `part` of `whole` is `level` thousandths of it or more.
bool reaches(Int128 part, Int128 whole, int64_t level) { return part * 1000 >= whole * level; }

/// Levels are thousandths, of the total or of the ranked rows.
Expected oracle(const Input& input, const std::vector<int64_t>& levels, bool by_share,
                std::optional<int64_t> seats) {
  const size_t n = input.quarters.size();
  Expected out;
  out.rank.assign(n, 0), out.in_class.assign(n, 0);
  out.share.assign(n, std::numeric_limits<double>::quiet_NaN());
  std::vector<size_t> order;
  Int128 total = 0;
  for (size_t i = 0; i < n; i++) {
    if (!input.quarters[i]) continue;
    order.push_back(i);
    total += *input.quarters[i];
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return *input.quarters[a] > *input.quarters[b]; });
  const auto ranked = static_cast<int64_t>(order.size());
  out.members.assign(seats ? 2 : levels.size() + 1, 0);
  Int128 before = 0;
  size_t in_class = 0;
  for (size_t begin = 0; begin < order.size();) {
    size_t end = begin;
    Int128 sum = before;
    while (end < order.size() && input.quarters[order[end]] == input.quarters[order[begin]]) {
      sum += *input.quarters[order[end++]];
    }
    // The first class whose boundary was not yet reached in front of this group.
    if (seats) {
      if (in_class == 0 && static_cast<int64_t>(end) > *seats) in_class = 1;
    } else {
      const Int128 reached = by_share ? before : static_cast<Int128>(begin);
      const Int128 whole = by_share ? total : static_cast<Int128>(ranked);
      while (in_class < levels.size() && reaches(reached, whole, levels[in_class])) in_class++;
    }
    for (size_t k = begin; k < end; k++) {
      out.rank[order[k]] = static_cast<int64_t>(begin) + 1;
      out.in_class[order[k]] = static_cast<int64_t>(in_class);
      if (total > 0) {
        out.share[order[k]] = static_cast<double>(sum) / static_cast<double>(total);
      }
      out.members[in_class]++;
    }
    before = sum;
    begin = end;
  }
  return out;
}

patron::Table table_of(const Input& input) {
  std::vector<patron::ColumnView> columns(1);
  static std::vector<double> doubles;
  static std::vector<int64_t> whole;
  static std::vector<uint8_t> bits;
  const size_t n = input.quarters.size();
  doubles.assign(n, 0), whole.assign(n, 7), bits.assign(n / 8 + 1, 0);
  for (size_t i = 0; i < n; i++) {
    if (!input.quarters[i]) continue;
    whole[i] = *input.quarters[i];
    doubles[i] = static_cast<double>(*input.quarters[i]) / 4;
    bits[i / 8] = static_cast<uint8_t>(bits[i / 8] | 1 << (i % 8));
  }
  columns[0].name = "x";
  columns[0].type.type = input.doubles ? patron::Type::kDouble : patron::Type::kInt64;
  columns[0].chunk.length = static_cast<int64_t>(n);
  columns[0].chunk.values = input.doubles ? static_cast<const void*>(doubles.data()) : whole.data();
  columns[0].chunk.validity = bits.data();
  return *patron::make_table(columns);
}

template <typename T>
T cell(const patron::Table& table, const char* name, size_t row) {
  const patron::Chunk& chunk = table.chunks(table.find(name))[0];
  return static_cast<const T*>(chunk.values)[chunk.offset + static_cast<int64_t>(row)];
}

void compare(const patron::RankResult& found, const Expected& expected, const Input& input) {
  FUZZ_CHECK(found.members == expected.members);
  for (size_t i = 0; i < input.quarters.size(); i++) {
    const patron::Chunk& ranks = found.table.chunks(found.table.find("rank"))[0];
    FUZZ_CHECK(ranks.valid(static_cast<int64_t>(i)) == input.quarters[i].has_value());
    if (!input.quarters[i]) continue;
    FUZZ_CHECK(cell<int64_t>(found.table, "rank", i) == expected.rank[i]);
    FUZZ_CHECK(cell<int8_t>(found.table, "class", i) == expected.in_class[i]);
    const patron::Chunk& shares = found.table.chunks(found.table.find("cumulative_share"))[0];
    const bool known = !std::isnan(expected.share[i]);
    FUZZ_CHECK(shares.valid(static_cast<int64_t>(i)) == known);
    const double share = known ? cell<double>(found.table, "cumulative_share", i) : 0;
    // The oracle rounds sum, total and quotient.
    if (known) FUZZ_CHECK(std::fabs(share - expected.share[i]) <= 1e-15 * std::fabs(share) * 4);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > 1024) return 0;
  Choices choices(data, size);
  Input input;
  input.doubles = choices.one_in(2);
  const size_t kind = choices.below(3);
  const bool few = choices.one_in(2);
  const size_t rows = choices.byte() % 60;
  std::vector<int64_t> levels;
  int64_t level = 0;
  for (size_t i = 1 + choices.below(3); i > 0; i--) {
    level += 1 + static_cast<int64_t>(choices.byte()) * 4 / 3;
    levels.push_back(std::min<int64_t>(level, 1000 - static_cast<int64_t>(i) + 1));
  }
  const int64_t seats = 1 + choices.byte();
  for (size_t i = 0; i < rows; i++) {
    // Doubles are exact up to 2^53 quarters; shares take no negative values.
    int64_t value = few ? static_cast<int64_t>(choices.below(6)) : choices.number();
    if (input.doubles) value %= int64_t{1} << 52;
    if (kind == 0 && value < 0) value = value == INT64_MIN ? 0 : -value;
    input.quarters.emplace_back(value);
    if (choices.byte() == 255) input.quarters.back().reset();
  }
  patron::RankOptions options;
  for (const int64_t at : levels) {
    if (kind == 0) options.shares.push_back(static_cast<double>(at) / 1000);
    if (kind == 1) options.top_percents.push_back(static_cast<double>(at) / 10);
  }
  if (kind == 2) options.top = seats;
  const auto found = patron::rank(table_of(input), "x", options);
  const bool any = std::any_of(input.quarters.begin(), input.quarters.end(),
                               [](const auto& value) { return value.has_value(); });
  FUZZ_CHECK(found.ok() == any);
  if (!any) {
    FUZZ_CHECK(found.status().code() == patron::Code::kEmpty);
    return 0;
  }
  compare(*found, oracle(input, levels, kind == 0, kind == 2 ? std::optional(seats) : std::nullopt),
          input);
  return 0;
}
