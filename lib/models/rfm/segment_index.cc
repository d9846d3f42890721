#include "lib/models/rfm/segment_index.h"

#include <string>

namespace patron::internal {
namespace {

std::string cell_text(const SegmentTable& table, const Scores& s) {
  std::string cell = "r = " + std::to_string(s.r) + ", f = " + std::to_string(s.f);
  if (table.grid() != SegmentGrid::kRxF) cell += ", m = " + std::to_string(s.m);
  return cell;
}

}  // namespace

Status refuse_gaps(const SegmentTable& table) {
  const SegmentLint lint = table.lint();
  if (lint.gaps == 0) return Status();
  return Status(Code::kDocument, "the segment table leaves " + std::to_string(lint.gaps) + " of " +
                                     std::to_string(lint.cells) + " cells without a segment (" +
                                     cell_text(table, lint.findings.front().witness) +
                                     "); add a last row that has only a name, or let gaps be null");
}

Status refuse_overlaps(const SegmentTable& table) {
  const SegmentLint lint = table.lint();
  for (const SegmentLint::Finding& finding : lint.findings) {
    if (finding.kind != SegmentLint::Finding::Kind::kOverlap) continue;
    const auto name = [&](int row) { return table.rows()[static_cast<size_t>(row)].name; };
    return Status(Code::kDocument,
                  "in the segment table " + std::to_string(lint.overlaps) + " of " +
                      std::to_string(lint.cells) + " cells are claimed twice (" +
                      cell_text(table, finding.witness) + " by \"" + name(finding.row) +
                      "\" and \"" + name(finding.other) +
                      "\"); make the rows exclude each other, or let the first one win");
  }
  return Status();
}

}  // namespace patron::internal
