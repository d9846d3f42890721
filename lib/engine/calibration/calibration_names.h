// What a calibration says of customers by name, its seats and referrers: how it is hashed with them
// and without them, and how somebody who is forgotten goes out of it.
//
//   std::shared_ptr<const CalibrationData> rest = without(data, forgotten);
//   calibration_basis(*rest) == calibration_basis(*data);      // what it is apart from names
//
// Thread class of everything here: pure.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "lib/engine/calibration/calibration_data.h"

namespace patron::internal {

/// The same without what it says of these customers by name: their seats stay empty, what they are
/// worth as referrers is not there. The same object where it names none of them.
std::shared_ptr<const CalibrationData> without(const std::shared_ptr<const CalibrationData>& data,
                                               std::span<const CustomerId> customers);

/// 64 hexadecimal digits, others for every other calibration.
std::string calibration_hash(const CalibrationData& data);

/// SHA-256 of its document without names: parts of one population, one of which has forgotten
/// somebody, still have the same.
std::string calibration_basis(const CalibrationData& data);

}  // namespace patron::internal
