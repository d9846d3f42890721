// The maximum of a likelihood over unique rows: from a scan of starting points by climbs on samples
// to one on all rows.
//
//   Result<Climb> best = find_maximum(LtvModel::kBgNbd, rows, settings, &watch);
//
// Samples are systematic, so that the climb on all rows begins where two or three steps are left.
// Wherever it ends, the other starts are tried too before anything but an optimum is reported, and
// the highest wins. What is found depends on the rows alone.
#pragma once

#include "lib/base/parallel.h"
#include "lib/models/ltv/newton.h"

namespace patron::internal::ltv {

struct MaximumSettings {
  double penalty = 0;
  LtvParameters centre{};  ///< log parameters that are not punished
  int max_iterations = 200;
  int threads = 1;
};

/// `rows` are scaled so that the mean time or money is near 1. Code::kCancelled, kCallback.
Result<Climb> find_maximum(LtvModel model, const UniqueRows& rows, const MaximumSettings& settings,
                           Watch* watch);

}  // namespace patron::internal::ltv
