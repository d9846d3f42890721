// What a tag is instead of null: its "default", as a value of its kind.
//
//   const MetricValue value = default_value(policy.values[i], policy.zone);
//   value.cell.integer;            // of {"on_null": "default", "default": 12.5}, money: 1250
//
// Thread class: pure.
#pragma once

#include "lib/metrics/metric_value.h"
#include "lib/policy/policy_data.h"

namespace patron::internal {

/// The policy has checked that it is one. Dates and times without an offset are of the zone.
MetricValue default_value(const PolicyValue& value, const TimeZone& zone);

}  // namespace patron::internal
