#include "lib/models/rfm/evaluate.h"

#include <algorithm>

#include "lib/base/money_block.h"
#include "lib/base/simd.h"
#include "lib/models/rfm/segment_index.h"

namespace patron::internal {
namespace {

constexpr int64_t kBlock = 16'384;
constexpr char kProspect[] = "prospect";
constexpr char kProspectZh[] = "潜在客户";

/// How many cuts are strictly below each value.
PATRON_SIMD_INLINE void count_below(const std::vector<int64_t>& cuts, const int64_t* values,
                                    int64_t n, int8_t* out) {
  std::fill_n(out, n, int8_t{0});
  for (const int64_t cut : cuts) {
    for (int64_t i = 0; i < n; i++) out[i] = static_cast<int8_t>(out[i] + (cut < values[i]));
  }
}

/// Scores runs of customers into the columns of an Evaluation.
class Scorer {
 public:
  Scorer(const CustomerColumns& customers, const RfmCuts& cuts, const SegmentIndex* index,
         int8_t prospect, Evaluation* out)
      : recency_(customers.recency_days.as<int64_t>()),
        frequency_(customers.frequency.as<int64_t>()),
        minor_(customers.monetary_minor.as<int64_t>()),
        orders_(customers.orders.as<int64_t>()),
        cuts_(cuts),
        index_(index),
        prospect_(prospect),
        digit_(std::max({cuts.recency.bins(), cuts.frequency.bins(), cuts.monetary.bins()}) < 10
                   ? 10
                   : 100),
        r_(out->rfm[0].as<int8_t>()),
        f_(out->rfm[1].as<int8_t>()),
        m_(out->rfm[2].as<int8_t>()),
        monetary_(out->monetary.as<double>()),
        code_(out->code.as<int32_t>()),
        segment_(out->segment.as<int8_t>()),
        named_(out->segment_validity.data()),
        octant_(out->octant.as<int8_t>()) {}

  /// Customers begin .. end, begin a multiple of 8; returns how many have no segment.
  int64_t score(int64_t begin, int64_t end) const {
    run_with_best_simd([&] {
      count_below(cuts_.recency.cuts, recency_ + begin, end - begin, r_ + begin);
      count_below(cuts_.frequency.cuts, frequency_ + begin, end - begin, f_ + begin);
      count_below(cuts_.monetary.cuts, minor_ + begin, end - begin, m_ + begin);
    });
    doubles_from_minor(minor_ + begin, end - begin, cuts_.scale, monetary_ + begin);
    const int best_r = cuts_.recency.bins();
    int64_t nulls = 0;
    for (int64_t i = begin; i < end; i++) {
      const bool bought = orders_[i] > 0;
      const int r = bought ? best_r - r_[i] : 0;
      const int f = bought ? 1 + f_[i] : 0;
      const int m = bought ? 1 + m_[i] : 0;
      r_[i] = static_cast<int8_t>(r);
      f_[i] = static_cast<int8_t>(f);
      m_[i] = static_cast<int8_t>(m);
      code_[i] = (r * digit_ + f) * digit_ + m;
      octant_[i] = static_cast<int8_t>(rfm_octant(recency_[i], frequency_[i], minor_[i], cuts_));
      int segment = prospect_;
      if (bought) segment = index_ != nullptr ? (*index_)(r, f, m) : -1;
      const bool named = segment >= 0;
      segment_[i] = static_cast<int8_t>(named ? segment : 0);
      named_[i / 8] = static_cast<uint8_t>(named_[i / 8] | (named ? 1 : 0) << (i % 8));
      nulls += !named;
    }
    return nulls;
  }

 private:
  const int64_t* const recency_;
  const int64_t* const frequency_;
  const int64_t* const minor_;
  const int64_t* const orders_;
  const RfmCuts& cuts_;
  const SegmentIndex* const index_;
  const int8_t prospect_;
  const int32_t digit_;
  int8_t* const r_;
  int8_t* const f_;
  int8_t* const m_;
  double* const monetary_;
  int32_t* const code_;
  int8_t* const segment_;
  uint8_t* const named_;
  int8_t* const octant_;
};

/// Columns for n customers; the validity bits are all zero.
Evaluation allocate(int64_t customers) {
  const size_t n = static_cast<size_t>(customers);
  Evaluation result;
  result.monetary = Buffer(n * sizeof(double));
  for (Buffer& scores : result.rfm) scores = Buffer(n);
  result.code = Buffer(n * sizeof(int32_t));
  result.segment = Buffer(n);
  result.segment_validity = Buffer((n + 63) / 64 * 8);
  std::fill_n(result.segment_validity.data(), result.segment_validity.size(), uint8_t{0});
  result.octant = Buffer(n);
  return result;
}

/// The names a segment can have, in the order of the table, and that of who never bought.
std::vector<std::string> segment_names(const RfmOptions& options) {
  std::vector<std::string> names;
  if (options.table) {
    for (const SegmentRow& row : options.table->rows())
      names.push_back(options.chinese && !row.label_zh.empty() ? row.label_zh : row.name);
  }
  names.push_back(options.chinese ? kProspectZh : kProspect);
  return names;
}

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
  std::optional<SegmentIndex> index;
  if (options.table) {
    Status status = check_segment_table(*options.table, cuts, options.on_gap, options.on_overlap);
    if (!status.ok()) return status;
    index.emplace(*options.table);
  }
  const int64_t n = customers.customers;
  Evaluation result = allocate(n);
  result.segment_names = segment_names(options);
  const int8_t prospect = static_cast<int8_t>(result.segment_names.size() - 1);
  const Scorer scorer(customers, cuts, index ? &*index : nullptr, prospect, &result);
  const int64_t tasks = (n + kBlock - 1) / kBlock;
  std::vector<int64_t> nulls(static_cast<size_t>(tasks), 0);
  Status status = parallel_for(tasks, thread_count(options.threads), watch, [&](int64_t task, int) {
    const int64_t begin = task * kBlock;
    nulls[static_cast<size_t>(task)] = scorer.score(begin, std::min(n, begin + kBlock));
  });
  if (!status.ok()) return status;
  for (const int64_t count : nulls) result.segment_nulls += count;
  if (result.segment_nulls == 0) result.segment_validity = Buffer();
  return result;
}

}  // namespace patron::internal
