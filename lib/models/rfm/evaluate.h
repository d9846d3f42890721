// Evaluate: the last step of RFM, measures and cuts to scores, codes, segments and octants.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/parallel.h"
#include "lib/base/table_data.h"
#include "lib/models/rfm/measure.h"
#include "patron/rfm.h"

namespace patron::internal {

/// What evaluation adds to the measures of each customer.
struct Evaluation {
  Buffer monetary;            ///< double
  std::array<Buffer, 3> rfm;  ///< int8
  Buffer code;                ///< int32
  Buffer segment;             ///< int8 index into segment_names
  Buffer segment_validity;    ///< empty where every customer has a segment
  int64_t segment_nulls = 0;
  std::vector<std::string> segment_names;
  Buffer octant;  ///< int8, 0 to 7
};

/// Checks that a segment table can name customers: as many bins as the cuts, and no gaps or
/// overlaps unless the options allow them. Code::kArgument, kDocument with a cell that shows it.
Status check_segment_table(const SegmentTable& table, const RfmCuts& cuts, OnGap on_gap,
                           OnOverlap on_overlap);

/// Thread class: pure. Cost: linear.
Result<Evaluation> evaluate(const CustomerColumns& customers, const RfmCuts& cuts,
                            const RfmOptions& options, Watch* watch);

}  // namespace patron::internal
