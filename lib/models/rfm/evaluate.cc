#include "lib/models/rfm/evaluate.h"

#include <algorithm>

#include "lib/base/simd.h"
#include "lib/models/rfm/segment_index.h"
#include "patron/money.h"

namespace patron::internal {
namespace {

constexpr int64_t kBlock = 16'384;
constexpr char kProspect[] = "prospect";
constexpr char kProspectZh[] = "潜在客户";

/// The cuts of one axis with ends, for branch-free counting.
class Counter {
 public:
  explicit Counter(const RfmAxisCuts& axis) : cuts_(axis.cuts) {}
  /// How many cuts are strictly below each value.
  void count(const int64_t* values, int64_t n, int8_t* out) const {
    run_with_best_simd([&] { count_below(values, n, out); });
  }

 private:
  PATRON_SIMD_INLINE void count_below(const int64_t* values, int64_t n, int8_t* out) const {
    std::fill_n(out, n, int8_t{0});
    for (const int64_t cut : cuts_) {
      for (int64_t i = 0; i < n; i++) out[i] = static_cast<int8_t>(out[i] + (cut < values[i]));
    }
  }

  const std::vector<int64_t>& cuts_;
};

}  // namespace

Status check_segment_table(const SegmentTable& table, const RfmCuts& cuts, OnGap on_gap,
                           OnOverlap on_overlap) {
  for (const auto& [axis, name] :
       {std::pair(&cuts.recency, "recency"), std::pair(&cuts.frequency, "frequency"),
        std::pair(&cuts.monetary, "monetary")}) {
    if (axis->bins() == table.bins()) continue;
    return {Code::kArgument,
            "the segment table is for " + std::to_string(table.bins()) + " scores an axis, but " +
                name + " has " + std::to_string(axis->bins()) +
                "; score with as many bins as the table has, give a table of your own, or none"};
  }
  if (table.rows().size() > 126)
    return {Code::kLimit, "the segment table has " + std::to_string(table.rows().size()) +
                              " rows; to name customers it may have 126"};
  Status status;
  if (on_gap == OnGap::kError) status = refuse_gaps(table);
  if (status.ok() && on_overlap == OnOverlap::kError) status = refuse_overlaps(table);
  return status;
}

Result<Evaluation> evaluate(const CustomerColumns& customers, const RfmCuts& cuts,
                            const RfmOptions& options, Watch* watch) {
  const int64_t n = customers.customers;
  const size_t size = static_cast<size_t>(n);
  Evaluation result;
  result.monetary = Buffer(size * 8);
  for (Buffer& scores : result.rfm) scores = Buffer(size);
  result.code = Buffer(size * 4);
  result.segment = Buffer(size);
  result.segment_validity = Buffer((size + 63) / 64 * 8);
  result.octant = Buffer(size);

  std::optional<SegmentIndex> index;
  if (options.table) {
    if (Status status =
            check_segment_table(*options.table, cuts, options.on_gap, options.on_overlap);
        !status.ok())
      return status;
    index.emplace(*options.table);
    for (const SegmentRow& row : options.table->rows())
      result.segment_names.push_back(options.chinese && !row.label_zh.empty() ? row.label_zh
                                                                              : row.name);
  }
  result.segment_names.push_back(options.chinese ? kProspectZh : kProspect);
  const int8_t prospect = static_cast<int8_t>(result.segment_names.size() - 1);
  const bool wide =
      std::max({cuts.recency.bins(), cuts.frequency.bins(), cuts.monetary.bins()}) >= 10;
  const int32_t digit = wide ? 100 : 10;

  const int64_t* const recency = customers.recency_days.as<int64_t>();
  const int64_t* const frequency = customers.frequency.as<int64_t>();
  const int64_t* const minor = customers.monetary_minor.as<int64_t>();
  const int64_t* const orders = customers.orders.as<int64_t>();
  int8_t* const r = result.rfm[0].as<int8_t>();
  int8_t* const f = result.rfm[1].as<int8_t>();
  int8_t* const m = result.rfm[2].as<int8_t>();
  double* const monetary = result.monetary.as<double>();
  int32_t* const code = result.code.as<int32_t>();
  int8_t* const segment = result.segment.as<int8_t>();
  int8_t* const octant = result.octant.as<int8_t>();
  uint8_t* const named = result.segment_validity.data();
  std::fill_n(named, result.segment_validity.size(), uint8_t{0});
  const Counter count_r(cuts.recency), count_f(cuts.frequency), count_m(cuts.monetary);
  const int8_t best_r = static_cast<int8_t>(cuts.recency.bins());

  const int64_t tasks = (n + kBlock - 1) / kBlock;
  std::vector<int64_t> nulls(static_cast<size_t>(tasks), 0);
  const auto body = [&](int64_t task, int) {
    const int64_t begin = task * kBlock, end = std::min(n, begin + kBlock);
    count_r.count(recency + begin, end - begin, r + begin);
    count_f.count(frequency + begin, end - begin, f + begin);
    count_m.count(minor + begin, end - begin, m + begin);
    for (int64_t i = begin; i < end; i++) {
      monetary[i] = money_to_double(minor[i], cuts.scale);
      octant[i] = static_cast<int8_t>((recency[i] <= cuts.recency.octant_split ? 4 : 0) |
                                      (frequency[i] > cuts.frequency.octant_split ? 2 : 0) |
                                      (minor[i] > cuts.monetary.octant_split ? 1 : 0));
      const bool bought = orders[i] > 0;
      r[i] = bought ? static_cast<int8_t>(best_r - r[i]) : int8_t{0};
      f[i] = bought ? static_cast<int8_t>(1 + f[i]) : int8_t{0};
      m[i] = bought ? static_cast<int8_t>(1 + m[i]) : int8_t{0};
      code[i] = (r[i] * digit + f[i]) * digit + m[i];
      int8_t name = prospect;
      if (bought) name = index ? static_cast<int8_t>((*index)(r[i], f[i], m[i])) : int8_t{-1};
      const bool has_name = name >= 0;
      segment[i] = has_name ? name : int8_t{0};
      named[i / 8] = static_cast<uint8_t>(named[i / 8] | (has_name ? 1 : 0) << (i % 8));
      nulls[static_cast<size_t>(task)] += !has_name;
    }
  };
  Status status = parallel_for(tasks, thread_count(options.threads), watch, body);
  if (!status.ok()) return status;
  for (const int64_t count : nulls) result.segment_nulls += count;
  if (result.segment_nulls == 0) result.segment_validity = Buffer();
  return result;
}

}  // namespace patron::internal
