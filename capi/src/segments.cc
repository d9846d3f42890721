#include "patron/segments.h"

#include <algorithm>

#include "capi/src/guard.h"
#include "capi/src/handles.h"

using namespace patron::capi;  // NOLINT
using patron::Result;
using patron::SegmentLint;
using patron::SegmentTable;
using patron::Status;

namespace {

static_assert(PATRON_GRID_R_F_M == static_cast<int32_t>(patron::SegmentGrid::kRFM));
static_assert(PATRON_GRID_R_FM == static_cast<int32_t>(patron::SegmentGrid::kRxFM));
static_assert(PATRON_GRID_R_F == static_cast<int32_t>(patron::SegmentGrid::kRxF));

using FindingKind = SegmentLint::Finding::Kind;

// In the order of FindingKind.
constexpr const char* kKindNames[] = {"gap", "overlap", "unreachable"};

std::optional<std::string> row_name(const SegmentTable& table, int row) {
  if (row < 0) return std::nullopt;
  return table.rows()[static_cast<size_t>(row)].name;
}

// The findings as a table, one row each.
Result<patron::Table> findings_table(const SegmentTable& table, const SegmentLint& lint) {
  std::vector<std::string> kind;
  std::vector<std::optional<std::string>> segment, other;
  std::vector<int64_t> row, other_row, r, f, m, cells;
  std::vector<double> fm;
  for (const SegmentLint::Finding& finding : lint.findings) {
    kind.emplace_back(kKindNames[static_cast<size_t>(finding.kind)]);
    segment.push_back(row_name(table, finding.row));
    row.push_back(finding.row);
    other.push_back(row_name(table, finding.other));
    other_row.push_back(finding.other);
    r.push_back(finding.witness.r);
    f.push_back(finding.witness.f);
    m.push_back(finding.witness.m);
    fm.push_back(finding.fm);
    cells.push_back(finding.cells);
  }
  patron::TableBuilder builder;
  builder.strings("kind", kind).strings("segment", segment).int64("row", std::move(row));
  builder.strings("other", other).int64("other_row", std::move(other_row));
  builder.int64("r", std::move(r)).int64("f", std::move(f)).int64("m", std::move(m));
  builder.doubles("fm", std::move(fm)).int64("cells", std::move(cells));
  return builder.finish();
}

patron_lint_counts lint_counts(const SegmentLint& lint) {
  patron_lint_counts counts = PATRON_LINT_COUNTS_INIT;
  counts.cells = lint.cells;
  counts.gaps = lint.gaps;
  counts.overlaps = lint.overlaps;
  counts.unreachable = static_cast<int32_t>(
      std::count_if(lint.findings.begin(), lint.findings.end(),
                    [](const auto& finding) { return finding.kind == FindingKind::kUnreachable; }));
  return counts;
}

Status hand_out_segments(Result<SegmentTable> table, patron_segments** out) {
  if (!table.ok()) return table.status();
  return hand_out(*std::move(table), out);
}

}  // namespace

int32_t patron_segments_named_count() noexcept {
  return static_cast<int32_t>(SegmentTable::names().size());
}

patron_str patron_segments_named_name(int32_t index) noexcept {
  const auto names = SegmentTable::names();
  if (index < 0 || static_cast<size_t>(index) >= names.size()) return {nullptr, 0};
  return view(names[static_cast<size_t>(index)]);
}

patron_status patron_segments_named(const char* name, uint64_t name_size,
                                    patron_segments** segments, patron_error* error) noexcept {
  clear(segments);
  return guard(error, [&]() -> Status {
    Status status = require(segments, "segments");
    if (!status.ok()) return status;
    const Result<std::string_view> text = read_text(name, name_size, "name");
    if (!text.ok()) return text.status();
    return hand_out_segments(SegmentTable::named(*text), segments);
  });
}

patron_status patron_segments_parse(const char* json, uint64_t json_size, int32_t bins,
                                    patron_segments** segments, patron_error* error) noexcept {
  clear(segments);
  return guard(error, [&]() -> Status {
    Status status = require(segments, "segments");
    if (!status.ok()) return status;
    const Result<std::string_view> text = read_text(json, json_size, "json");
    if (!text.ok()) return text.status();
    return hand_out_segments(SegmentTable::parse(*text, bins), segments);
  });
}

patron_status patron_segments_to_json(const patron_segments* segments, patron_buffer** json,
                                      patron_error* error) noexcept {
  clear(json);
  return guard(error, [&]() -> Status {
    Status status = first_error({check_handle(segments, "segments"), require(json, "json")});
    if (!status.ok()) return status;
    return hand_out_text(segments->table.to_json(), json);
  });
}

int32_t patron_segments_bins(const patron_segments* segments) noexcept {
  return usable_handle(segments) ? segments->table.bins() : -1;
}

int32_t patron_segments_grid(const patron_segments* segments) noexcept {
  return usable_handle(segments) ? static_cast<int32_t>(segments->table.grid()) : -1;
}

int32_t patron_segments_rows(const patron_segments* segments) noexcept {
  return usable_handle(segments) ? static_cast<int32_t>(segments->table.rows().size()) : -1;
}

patron_status patron_segments_row(const patron_segments* segments, int32_t index,
                                  patron_segment_row* row, patron_error* error) noexcept {
  return guard(error, [&]() -> Status {
    Status status = first_error({check_handle(segments, "segments"), check_output(row, "row")});
    if (!status.ok()) return status;
    const auto rows = segments->table.rows();
    status = require_index(index, static_cast<int64_t>(rows.size()), "index");
    if (!status.ok()) return status;
    const patron::SegmentRow& found = rows[static_cast<size_t>(index)];
    patron_segment_row value = PATRON_SEGMENT_ROW_INIT;
    value.name = view(found.name);
    value.label_zh = view(found.label_zh);
    value.advice = view(found.advice);
    value.advice_zh = view(found.advice_zh);
    write_struct(value, row);
    return {};
  });
}

patron_status patron_segments_find(const patron_segments* segments, int32_t r, int32_t f, int32_t m,
                                   int32_t* row, patron_error* error) noexcept {
  return guard(error, [&]() -> Status {
    Status status = first_error({check_handle(segments, "segments"), require(row, "row")});
    if (!status.ok()) return status;
    const int bins = segments->table.bins();
    for (const int32_t score : {r, f, m}) {
      if (score >= 1 && score <= bins) continue;
      return {patron::Code::kArgument, "a score is " + std::to_string(score) + "; want 1 to " +
                                           std::to_string(bins) + ", the bins of the table"};
    }
    *row = segments->table.segment_of({r, f, m});
    return {};
  });
}

patron_status patron_segments_lint(const patron_segments* segments, patron_lint_counts* counts,
                                   patron_table** findings, patron_error* error) noexcept {
  clear(findings);
  return guard(error, [&]() -> Status {
    Status status = check_handle(segments, "segments");
    if (status.ok() && counts != nullptr) status = check_output(counts, "counts");
    if (!status.ok()) return status;
    const SegmentLint lint = segments->table.lint();
    if (findings != nullptr) {
      Result<patron::Table> table = findings_table(segments->table, lint);
      if (!table.ok()) return table.status();
      status = hand_out(*std::move(table), findings);
    }
    if (counts != nullptr) write_struct(lint_counts(lint), counts);
    return status;
  });
}

void patron_segments_close(patron_segments* segments) noexcept { close(segments); }

patron_str patron_octant_name(int32_t names, int32_t octant, int32_t language) noexcept {
  const bool known = names >= PATRON_OCTANTS_CLASSIC && names <= PATRON_OCTANTS_VE && octant >= 0 &&
                     octant < 8 && language >= PATRON_LANGUAGE_EN && language <= PATRON_LANGUAGE_ZH;
  if (!known) return {nullptr, 0};
  const patron::OctantName name =
      patron::octant_name(static_cast<patron::OctantNames>(names), octant);
  return view(language == PATRON_LANGUAGE_ZH ? name.zh : name.en);
}
