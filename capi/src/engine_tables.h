// What an engine says, as tables for callers of the C interface, and ids of customers from them.
//
// Thread class of everything here: pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "patron/engine.h"
#include "patron/status.h"
#include "patron/table.h"

namespace patron::capi {

/// row, column, reason.
Table refused_table(std::span<const BookRefusal> refused);

/// name, kind, key, personal, customer.
Table columns_table(const BookStream& stream);

/// The columns of patron_engine_transitions. `customer` is the kind of ids.
Table transitions_table(std::span<const Transition> transitions, Kind customer);

/// The columns of patron_calibration_report.
Table model_reports_table(std::span<const ModelReport> reports);

/// The columns of patron_engine_calibrations.
Table calibrations_table(std::span<const CalibrationNote> notes);

/// class, customers.
Table distribution_table(std::span<const ClassCount> counts);

/// The columns of patron_engine_key_meetings.
Table meetings_table(std::span<const KeyMeeting> meetings, Kind customer);

/// The columns of patron_engine_overrides.
Table overrides_table(std::span<const OverrideView> overrides);

/// What to do with what cannot be an id, and so is nobody's.
enum class Impossible : uint8_t { kLeftOut, kRefused };

/// The ids in the column `customer`; text borrows from the table. Code::kColumn, kType, kNull with
/// the row, kArgument with that of a refused one.
Result<std::vector<CustomerId>> read_customers(const Table& table, Kind customer,
                                               Impossible what = Impossible::kLeftOut);

}  // namespace patron::capi
