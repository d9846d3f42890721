#include "lib/models/rfm/segment_index.h"

#include <string>

namespace patron::internal {

Status refuse_gaps(const SegmentTable& table) {
  const SegmentLint lint = table.lint();
  if (lint.gaps == 0) return Status();
  const Scores& s = lint.findings.front().witness;
  std::string cell = "r = " + std::to_string(s.r) + ", f = " + std::to_string(s.f);
  if (table.grid() != SegmentGrid::kRxF) cell += ", m = " + std::to_string(s.m);
  return Status(Code::kDocument, "the segment table leaves " + std::to_string(lint.gaps) + " of " +
                                     std::to_string(lint.cells) + " cells without a segment (" +
                                     cell +
                                     "); add a last row that has only a name, or let gaps be null");
}

}  // namespace patron::internal
