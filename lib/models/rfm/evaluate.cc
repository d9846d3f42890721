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

/// The number of the segment of every score, flattened; -1 where there is none. Scores of 0 are
/// those of who never bought.
class SegmentCells {
 public:
  SegmentCells(const SegmentTable* table, int8_t prospect) : cells_(kSide * kSide * kSide, -1) {
    cells_[0] = prospect;
    if (table == nullptr) return;
    const SegmentIndex index(*table);
    for (int r = 1; r <= table->bins(); r++) {
      for (int f = 1; f <= table->bins(); f++) {
        for (int m = 1; m <= table->bins(); m++)
          cells_[at(r, f, m)] = static_cast<int8_t>(index(r, f, m));
      }
    }
  }
  int8_t operator()(int r, int f, int m) const { return cells_[at(r, f, m)]; }

 private:
  static constexpr int kSide = 11;  // scores 0 to 10
  static size_t at(int r, int f, int m) { return static_cast<size_t>((r * kSide + f) * kSide + m); }
  std::vector<int8_t> cells_;
};

/// Scores runs of customers into the columns of an Evaluation.
class Scorer {
 public:
  Scorer(const CustomerColumns& customers, const RfmCuts& cuts, const SegmentTable* table,
         int8_t prospect, Evaluation* out)
      : recency_(customers.recency_days.as<int64_t>()),
        frequency_(customers.frequency.as<int64_t>()),
        minor_(customers.monetary_minor.as<int64_t>()),
        orders_(customers.orders.as<int64_t>()),
        cuts_(cuts),
        cells_(table, prospect),
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
    const int64_t n = end - begin;
    run_with_best_simd([&] {
      count_below(cuts_.recency.cuts, recency_ + begin, n, r_ + begin);
      count_below(cuts_.frequency.cuts, frequency_ + begin, n, f_ + begin);
      count_below(cuts_.monetary.cuts, minor_ + begin, n, m_ + begin);
      combine(begin, end);
    });
    doubles_from_minor(minor_ + begin, n, cuts_.scale, monetary_ + begin);
    return name(begin, end);
  }

 private:
  /// From how many cuts are below each value: scores, codes and octants.
  PATRON_SIMD_INLINE void combine(int64_t begin, int64_t end) const {
    const int8_t best_r = static_cast<int8_t>(cuts_.recency.bins());
    for (int64_t i = begin; i < end; i++) {
      const int8_t bought = static_cast<int8_t>(orders_[i] > 0 ? -1 : 0);  // all bits, or none
      r_[i] = static_cast<int8_t>((best_r - r_[i]) & bought);
      f_[i] = static_cast<int8_t>((1 + f_[i]) & bought);
      m_[i] = static_cast<int8_t>((1 + m_[i]) & bought);
    }
    const int32_t digit = digit_;
    for (int64_t i = begin; i < end; i++) code_[i] = (r_[i] * digit + f_[i]) * digit + m_[i];
    const int64_t r = cuts_.recency.octant_split, f = cuts_.frequency.octant_split,
                  m = cuts_.monetary.octant_split;
    for (int64_t i = begin; i < end; i++)  // as rfm_octant()
      octant_[i] = static_cast<int8_t>((recency_[i] <= r ? 4 : 0) | (frequency_[i] > f ? 2 : 0) |
                                       (minor_[i] > m ? 1 : 0));
  }

  /// Segments and their validity bits, eight customers at a time.
  int64_t name(int64_t begin, int64_t end) const {
    int64_t nulls = 0;
    for (int64_t first = begin; first < end; first += 8) {
      const int64_t last = std::min(end, first + 8);
      unsigned bits = 0;
      for (int64_t i = first; i < last; i++) {
        const int8_t segment = cells_(r_[i], f_[i], m_[i]);
        const bool named = segment >= 0;
        segment_[i] = named ? segment : int8_t{0};
        bits |= (named ? 1u : 0u) << (i - first);
        nulls += !named;
      }
      named_[first / 8] = static_cast<uint8_t>(bits);
    }
    return nulls;
  }

  const int64_t* const recency_;
  const int64_t* const frequency_;
  const int64_t* const minor_;
  const int64_t* const orders_;
  const RfmCuts& cuts_;
  const SegmentCells cells_;
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
  if (options.table) {
    Status status = check_segment_table(*options.table, cuts, options.on_gap, options.on_overlap);
    if (!status.ok()) return status;
  }
  const int64_t n = customers.customers;
  Evaluation result = allocate(n);
  result.segment_names = segment_names(options);
  const int8_t prospect = static_cast<int8_t>(result.segment_names.size() - 1);
  const Scorer scorer(customers, cuts, options.table ? &*options.table : nullptr, prospect,
                      &result);
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
