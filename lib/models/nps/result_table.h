// The tables of a feedback result: columns filled from estimates.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/parallel.h"
#include "lib/models/nps/tally.h"
#include "patron/nps.h"

namespace patron::internal {

/// One row of the drivers.
struct Driver {
  std::string kind, topic;
  int64_t mentions = 0;
  double score_with = 0;
  std::optional<double> score_without, effect, low, high;
};

/// NpsResult::table. `counts` and `estimates` go together.
Table estimates_table(const std::vector<Count>& counts, const std::vector<Estimate>& estimates,
                      const NpsOptions& options, bool text_groups);
/// NpsResult::drivers.
Table drivers_table(const std::vector<Driver>& drivers, const NpsOptions& options);
/// NpsResult::refused.
Result<Table> refused_table(const std::vector<BadRow>& bad, const NpsOptions& options,
                            Watch* watch);
/// The column that a refusal is about.
const std::string& refused_column(ResponseRefusal reason, const NpsOptions& options);

}  // namespace patron::internal
