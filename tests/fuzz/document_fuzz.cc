// Segment tables, frozen cuts and lifetime value models as JSON: what is accepted survives being
// written and read again.
#include <limits>
#include <string>

#include "patron/ltv.h"
#include "patron/rfm.h"
#include "patron/segments.h"
#include "tests/fuzz/fuzz.h"

namespace {

void check_segments(std::string_view json, int bins) {
  const auto table = patron::SegmentTable::parse(json, bins);
  if (!table.ok()) {
    FUZZ_CHECK(!table.status().message().empty());
    return;
  }
  const auto again = patron::SegmentTable::parse(table->to_json(), bins);
  FUZZ_CHECK(again.ok() && again->to_json() == table->to_json());
  const patron::SegmentLint lint = table->lint(), same = again->lint();
  FUZZ_CHECK(lint.gaps == same.gaps && lint.overlaps == same.overlaps);
  FUZZ_CHECK(lint.gaps + lint.overlaps <= lint.cells);

  // A cell without a segment is a gap, and the other way round; on the full grid cell by cell.
  int unnamed = 0;
  for (int r = 1; r <= bins; r++) {
    for (int f = 1; f <= bins; f++) {
      for (int m = 1; m <= bins; m++) unnamed += table->segment_of({r, f, m}) < 0;
    }
  }
  FUZZ_CHECK((unnamed == 0) == (lint.gaps == 0));
  if (table->grid() == patron::SegmentGrid::kRFM) FUZZ_CHECK(unnamed == lint.gaps);
}

void check_cuts(std::string_view json) {
  const auto cuts = patron::RfmCuts::parse(json);
  if (!cuts.ok()) return;
  const auto again = patron::RfmCuts::parse(cuts->to_json());
  FUZZ_CHECK(again.ok() && *again == *cuts);
}

void check_model(std::string_view json) {
  FUZZ_CHECK(patron::parse_ltv_unit(json).ok() ==
             (patron::parse_ltv_unit(json).status().message() == ""));
  const auto model = patron::Ltv::parse(json);
  if (!model.ok()) {
    FUZZ_CHECK(!model.status().message().empty());
    return;
  }
  const auto again = patron::Ltv::parse(model->to_json());
  FUZZ_CHECK(again.ok() && again->to_json() == model->to_json());
  for (size_t i = 0; i < patron::ltv_parameter_names(model->model()).size(); i++)
    FUZZ_CHECK(model->parameters()[i] > 0 &&
               model->parameters()[i] <= std::numeric_limits<double>::max());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > 4096) return 0;
  Choices choices(data, size);
  const uint8_t first = choices.byte();
  if (first == 255) {
    check_model(choices.rest());
  } else if (first % 2 == 0) {
    check_segments(choices.rest(), 2 + first / 2 % 9);
  } else {
    check_cuts(choices.rest());
  }
  return 0;
}
