// Segment tables: which name a triple of scores gets, and what is wrong with a table.
//
// A segment table is a list of rows, tested in order: the first row that holds the scores names the
// customer. A row is a set of codes ("555", "554") or a box of ranges over R, F, M, or over R and
// the mean FM = (F + M) / 2. Tables found in print leave gaps, overlap, and hide rows; lint() finds
// that before a customer does.
//
//   patron::SegmentTable eleven = *patron::SegmentTable::named("eleven");
//   eleven.segment_of({5, 5, 4});                    // index of "Champions"
//   patron::SegmentLint lint = eleven.lint();        // 125 cells, 0 gaps, 0 overlaps
//
// Thread class of everything here: pure; a const SegmentTable is shared.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "patron/status.h"

namespace patron {
inline namespace v0 {

/// Scores of one customer; each 1 (worst) to the number of bins (best).
struct Scores {
  int r = 0;
  int f = 0;
  int m = 0;
  bool operator==(const Scores&) const = default;
};

/// A closed range of scores.
struct ScoreRange {
  double low = 1;
  double high = 1;
};

/// One row of a segment table: a name and the cells it claims. Where `codes` is not empty it is the
/// whole claim; else the claim is the box of the ranges that are given. A row that has neither
/// claims what the rows before it leave.
struct SegmentRow {
  std::string name;
  std::string label_zh;  ///< may be empty
  std::vector<Scores> codes;
  std::optional<ScoreRange> r, f, m;
  std::optional<ScoreRange> fm;  ///< over (F + M) / 2; not together with f or m
  std::string advice;            ///< what to do with these customers, in English; may be empty
  std::string advice_zh;
};

/// What a table's cells are: every (R, F, M); every R with every mean of F and M (which goes from
/// 1 to bins in halves; 9 values for 5 bins); or every (R, F).
enum class SegmentGrid : int32_t { kRFM = 0, kRxFM = 1, kRxF = 2 };

/// What lint() found. A cell is a gap where no row claims it, an overlap where two or more do.
struct SegmentLint {
  int cells = 0;
  int gaps = 0;
  int overlaps = 0;
  bool exact_partition() const { return gaps == 0 && overlaps == 0; }
  struct Finding {
    enum class Kind : int32_t { kGap = 0, kOverlap = 1, kUnreachable = 2 } kind;
    int row;         ///< kOverlap: the row that wins; kUnreachable: the hidden row; kGap: -1
    int other;       ///< kOverlap: the next row that claims the cell; kUnreachable: the earlier row
                     ///< that hides the most of it, -1 for a row without cells; kGap: -1
    Scores witness;  ///< a cell that shows it (for kRxF grids m is 0; for kRxFM, f and m that mean)
    double fm = 0;   ///< kRxFM: the mean of F and M of the witness
    int cells;       ///< how many cells: 1 for gaps and overlaps, the claim of an unreachable row
  };
  std::vector<Finding> findings;  ///< gaps, then overlaps, in cell order; then unreachable rows
};

/// What happens to a cell that no row claims.
enum class OnGap : int32_t {
  kError = 0,  ///< using the table to name customers is refused, Code::kDocument with a witness
  kNull = 1,   ///< the segment is null
};

/// What happens where two rows claim one cell.
enum class OnOverlap : int32_t {
  kError = 0,  ///< using the table to name customers is refused, Code::kDocument with a witness
  kFirst = 1,  ///< the first row wins
};

class SegmentTable {
 public:
  /// "eleven" (the exact partition of 125 codes), "putler" (R x FM ranges), "rfm_r_0_2" and
  /// "rfm_r_0_3" (the example tables of the R package rfm 0.2.2 and 0.3.0), "regex" (R and F only).
  /// Code::kDocument lists the names there are.
  static Result<SegmentTable> named(std::string_view name);
  static std::span<const std::string_view> names();
  /// A table of one's own for `bins` scores per axis (2 to 10; else Code::kArgument), of 1 to 1,000
  /// rows. Code::kDocument for an empty table, a name that is empty, comes twice or is "prospect"
  /// (who never bought), ranges turned round or outside [0, bins], codes outside 1..bins or twice
  /// in a row, a row with both codes and ranges, fm beside f or m, text that is no UTF-8; the
  /// message has the row and what would be right, and Status::row() its index.
  static Result<SegmentTable> make(std::vector<SegmentRow> rows, int bins = 5);
  /// From JSON: [{"name": "Champions", "codes": [555, 554]}, {"name": "Rest", "r": [1, 5], "f":
  /// 3}]. Keys: name, label_zh, codes, r, f, m, fm, advice, advice_zh. A code is a number or a
  /// string of three digits; of six, two for each score, where there are 10 bins. Code::kSyntax,
  /// kDocument (unknown and duplicate keys, wrong kinds, or as make()), each with the byte offset.
  static Result<SegmentTable> parse(std::string_view json, int bins = 5);
  std::string to_json() const;

  int bins() const;
  SegmentGrid grid() const;
  std::span<const SegmentRow> rows() const;
  /// The first row that claims the scores, or -1.
  int segment_of(const Scores& scores) const;
  SegmentLint lint() const;

 private:
  struct Data;
  explicit SegmentTable(std::shared_ptr<const Data> data);
  std::shared_ptr<const Data> data_;
};

/// The eight value octants: bit 2 = recency is high (recent), bit 1 = frequency, bit 0 = monetary.
enum class OctantNames : int32_t {
  kClassic = 0,  ///< 重要价值, 重要发展, 重要保持, 重要挽留, 一般价值, 一般发展, 一般保持, 一般挽留
  kVe = 1,  ///< 重要价值, 重要深耕, 重要唤回, 重要挽留, 潜力, 新客户, 一般维持, 流失
};

struct OctantName {
  std::string_view en;
  std::string_view zh;
};
/// The name of octant 0 to 7; empty names for any other number.
OctantName octant_name(OctantNames system, int octant);

}  // namespace v0
}  // namespace patron
