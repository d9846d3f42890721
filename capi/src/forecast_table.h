// Changes that will come, as a table for callers of the C interface: its columns are written from
// what is kept of each, on several threads.
//
//   const Table table = forecast_table(ahead, Kind::kInt64, {.because = false});
//
// Thread class: pure.
#pragma once

#include <string_view>

#include "patron/engine.h"
#include "patron/table.h"

namespace patron::capi {

struct ForecastTableOptions {
  std::string_view classification;  ///< only its changes; empty: all
  bool because = true;  ///< whether there is that column, whose words take most of the time
  int threads = 1;      ///< 0: one for each core; the same comes out
};

/// The columns of patron_engine_forecast. `customer` is the kind of ids. The table has copies of
/// all texts. Throws std::bad_alloc.
Table forecast_table(const Forecasts& forecast, Kind customer, const ForecastTableOptions& options);

}  // namespace patron::capi
