// A segment table: its checks, and the cells of its rows.

#include "patron/segments.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "lib/base/number_text.h"
#include "lib/base/utf8.h"
#include "lib/models/rfm/segment_data.h"

namespace patron {
inline namespace v0 {

namespace {

using internal::cell_of;
using internal::CellSet;
using internal::number_text;
using internal::quoted;
using internal::row_prefix;

struct Axis {
  const char* name;
  std::optional<ScoreRange> SegmentRow::*range;
};
constexpr auto kAxes = std::to_array<Axis>(
    {{"r", &SegmentRow::r}, {"f", &SegmentRow::f}, {"m", &SegmentRow::m}, {"fm", &SegmentRow::fm}});

std::string code_text(const Scores& s, int bins) {
  const std::string separator = bins > 9 ? "-" : "";
  return std::to_string(s.r) + separator + std::to_string(s.f) + separator + std::to_string(s.m);
}

bool has_ranges(const SegmentRow& row) { return row.r || row.f || row.m || row.fm; }

std::string scores_go(int bins) { return "; scores go from 1 to " + std::to_string(bins); }

// What is wrong with the texts of a row, or nothing.
std::string text_mistake(const SegmentRow& row) {
  if (row.name.empty()) return "the name is empty; give the segment a name";
  const std::array<std::pair<const char*, const std::string*>, 4> texts{
      {{"name", &row.name},
       {"label_zh", &row.label_zh},
       {"advice", &row.advice},
       {"advice_zh", &row.advice_zh}}};
  for (const auto& [key, text] : texts) {
    if (!internal::is_utf8(*text)) return std::string(key) + " holds bytes that are no UTF-8";
  }
  if (row.name == "prospect") {
    return "this is the name of customers who never bought; choose another";
  }
  return {};
}

std::string code_mistake(const SegmentRow& row, int bins) {
  CellSet seen;
  for (const Scores& code : row.codes) {
    const std::array<std::pair<char, int>, 3> scores{{{'r', code.r}, {'f', code.f}, {'m', code.m}}};
    for (const auto& [axis, score] : scores) {
      if (score >= 1 && score <= bins) continue;
      return "code " + code_text(code, bins) + " has " + axis + " = " + std::to_string(score) +
             scores_go(bins);
    }
    const size_t cell = cell_of(bins, code);
    if (seen[cell]) return "code " + code_text(code, bins) + " comes twice; keep one";
    seen.set(cell);
  }
  return {};
}

std::string range_mistake(const SegmentRow& row, int bins) {
  for (const Axis& axis : kAxes) {
    const std::optional<ScoreRange>& range = row.*axis.range;
    if (!range) continue;
    const std::string claim = std::string(axis.name) + " is " + number_text(range->low) + " to " +
                              number_text(range->high);
    if (range->low > range->high) return claim + "; write the lower bound first";
    if (!(range->low >= 0 && range->high <= bins)) return claim + scores_go(bins);
  }
  if (row.fm && (row.f || row.m)) {
    return std::string("fm stands beside ") + (row.f ? "f" : "m") +
           "; fm is the mean of f and m, so keep one of them";
  }
  return {};
}

std::string row_mistake(const SegmentRow& row, int bins) {
  if (std::string mistake = text_mistake(row); !mistake.empty()) return mistake;
  if (!row.codes.empty() && has_ranges(row)) {
    return "codes and ranges stand side by side; keep one of them";
  }
  if (std::string mistake = code_mistake(row, bins); !mistake.empty()) return mistake;
  return range_mistake(row, bins);
}

// The row that has the same name or Chinese label as an earlier one, as a message; or nothing.
std::string repeated_name(const std::vector<SegmentRow>& rows, size_t i) {
  for (size_t k = 0; k < i; ++k) {
    if (rows[k].name == rows[i].name) {
      return "row " + std::to_string(k) +
             " has this name too; give one row all the codes, or another name";
    }
    if (!rows[i].label_zh.empty() && rows[k].label_zh == rows[i].label_zh) {
      return "label_zh " + quoted(rows[i].label_zh) + " is that of row " + std::to_string(k) +
             " too; choose another";
    }
  }
  return {};
}

SegmentGrid grid_of(const std::vector<SegmentRow>& rows) {
  const auto any = [&rows](auto has) { return std::any_of(rows.begin(), rows.end(), has); };
  const bool all_three =
      any([](const SegmentRow& row) { return !row.codes.empty() || row.m.has_value(); });
  const bool frequency = any([](const SegmentRow& row) { return row.f.has_value(); });
  const bool mean = any([](const SegmentRow& row) { return row.fm.has_value(); });
  if (all_three || (mean && frequency)) return SegmentGrid::kRFM;
  return mean ? SegmentGrid::kRxFM : SegmentGrid::kRxF;
}

bool inside(const std::optional<ScoreRange>& range, double score) {
  return !range || (range->low <= score && score <= range->high);
}

CellSet claim_of(const SegmentRow& row, int bins, const CellSet& taken) {
  CellSet claim;
  if (!row.codes.empty()) {
    for (const Scores& code : row.codes) claim.set(cell_of(bins, code));
    return claim;
  }
  for (int r = 1; r <= bins; ++r) {
    for (int f = 1; f <= bins; ++f) {
      for (int m = 1; m <= bins; ++m) {
        const size_t cell = cell_of(bins, {r, f, m});
        if (has_ranges(row)) {
          claim[cell] = inside(row.r, r) && inside(row.f, f) && inside(row.m, m) &&
                        inside(row.fm, (f + m) / 2.0);
        } else {
          claim[cell] = !taken[cell];
        }
      }
    }
  }
  return claim;
}

}  // namespace

SegmentTable::SegmentTable(std::shared_ptr<const Data> data) : data_(std::move(data)) {}

Result<SegmentTable> SegmentTable::make(std::vector<SegmentRow> rows, int bins) {
  if (bins < 2 || bins > internal::kMaxSegmentBins) {
    return Status(Code::kArgument, "bins is " + std::to_string(bins) + "; it can be 2 to 10");
  }
  if (rows.empty()) return Status(Code::kDocument, "a segment table needs at least one row");
  if (rows.size() > internal::kMaxSegmentRows) {
    return Status(Code::kDocument, "the segment table has " + std::to_string(rows.size()) +
                                       " rows; it can have 1 to " +
                                       std::to_string(internal::kMaxSegmentRows));
  }
  for (size_t i = 0; i < rows.size(); ++i) {
    std::string mistake = row_mistake(rows[i], bins);
    if (mistake.empty()) mistake = repeated_name(rows, i);
    if (!mistake.empty()) {
      return Status(Code::kDocument, row_prefix(i, rows[i]) + mistake, static_cast<int64_t>(i));
    }
  }

  auto data = std::make_shared<Data>();
  data->bins = bins;
  data->grid = grid_of(rows);
  const size_t side = static_cast<size_t>(bins);
  data->first.assign(side * side * side, -1);
  CellSet taken;
  for (size_t i = 0; i < rows.size(); ++i) {
    const CellSet claim = claim_of(rows[i], bins, taken);
    for (size_t cell = 0; cell < data->first.size(); ++cell) {
      if (claim[cell] && !taken[cell]) data->first[cell] = static_cast<int16_t>(i);
    }
    taken |= claim;
    data->claims.push_back(claim);
  }
  data->rows = std::move(rows);
  return SegmentTable(std::move(data));
}

int SegmentTable::bins() const { return data_->bins; }
SegmentGrid SegmentTable::grid() const { return data_->grid; }
std::span<const SegmentRow> SegmentTable::rows() const { return data_->rows; }

int SegmentTable::segment_of(const Scores& scores) const {
  const auto known = [this](int score) { return score >= 1 && score <= data_->bins; };
  if (!known(scores.r) || !known(scores.f) || !known(scores.m)) return -1;
  return data_->first[cell_of(data_->bins, scores)];
}

}  // namespace v0

namespace internal {

std::string row_prefix(size_t row, const SegmentRow& content) {
  std::string prefix = "row " + std::to_string(row);
  if (!content.name.empty()) prefix += " " + quoted(content.name);
  return prefix + ": ";
}

}  // namespace internal
}  // namespace patron
